"""What a report says in words: its measures with their definitions, and three sentences made by rules."""

from __future__ import annotations

from dataclasses import dataclass

from commsbridge.foundation.language import N_, Language, say, say_many
from commsbridge.foundation.reo_dates import short_date
from commsbridge.messages import PULSE_QUESTIONS
from commsbridge.reports.report import Report
from commsbridge.reports.rules import Aims
from commsbridge.reports.summary import SMALLEST_GROUP, Summary

# With fewer students than this one child changes a share by more than five in a hundred.
FEW = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A measure as a page tells it: its name, and how it is counted."""

    title: str
    how: str


MEASURES = {
    "heard": Told(
        N_("Heard good news in the last ten school days"),
        N_(
            "A student counts when praise arrived at home on one of the ten school days up to the last day. Sent "
            "is not enough. Students with a quiet time, or whose people asked for no messages, are left out."
        ),
    ),
    "steady": Told(
        N_("Heard good news steadily, week after week"),
        N_(
            "A student counts when each school week of theirs met the target: good news on so many of the ten school "
            "days up to the week’s end. The target is their own where one was set, else the school’s, which is "
            "%(book)s with a communication book and %(usual)s without one. Whoever has just come is asked for as much "
            "less. Holidays are left out, and so is whoever asked for quiet or for no messages."
        ),
    ),
    "reached": Told(
        N_("Home was reached"),
        N_(
            "A student counts when at least one message of praise written in this time arrived at one of their "
            "people. Where whānau asked for no messages, that is their wish: they are left out."
        ),
    ),
    "reo": Told(
        N_("Te reo Māori, where it was asked for"),
        N_(
            "Of students whose whānau asked for te reo Māori and got a message: those where every message came in "
            "it. For whoever asked for both languages both must stand there."
        ),
    ),
    "other": Told(
        N_("Another language, told by a person"),
        N_(
            "Of students whose whānau asked for a language we do not write: those who were always told by a "
            "person or an interpreter."
        ),
    ),
    "timely": Told(
        N_("Good news came home within a day"),
        N_(
            "Of students to whose home praise arrived: those where each message arrived within 24 hours of the moment "
            "it was written. Praise written to go later counts from when it was written."
        ),
    ),
    "checked": Told(
        N_("Te reo Māori that a person has checked"),
        N_(
            "Of students to whose home te reo Māori came by text or mail: those where each phrase had been approved by "
            "a named person when it was written. A teacher’s own words count as checked only where a speaker wrote "
            "their te reo Māori. The greeting and the last lines are not looked at here."
        ),
    ),
    "answered": Told(
        N_("Questions were answered as promised"),
        N_(
            "Of students whose people asked something: those where no answer came later than the school promised and "
            "none is overdue. Only school hours count. What still may wait, or needed no answer, is left out. A "
            "question that a person opens again counts as open."
        ),
    ),
    "wrote": Told(
        N_("Home wrote to school"),
        N_(
            "Of students to whose home something came that costs nothing to answer: those whose people wrote at "
            "least once. It says how open the door is. Silence says nothing about a family."
        ),
    ),
    "replied": Told(
        N_("Home answered a message"),
        N_(
            "Of students to whose home something came that costs nothing to answer: those whose people answered at "
            "least one message. Silence says nothing about a family."
        ),
    ),
    "begun": Told(
        N_("Home wrote first"),
        N_(
            "Of students to whose home something came that costs nothing to answer: those whose people wrote at least "
            "once without answering a message. Silence says nothing about a family."
        ),
    ),
    "balanced": Told(
        N_("Good news beside a concern"),
        N_(
            "Of students with a concern in this time: those praised at least %(guide)s times for each concern. It "
            "is a guide from classrooms, not a pass mark, and a concern told in time lowers nothing."
        ),
    ),
    "phrase": Told(
        N_("Praise by a phrase alone"),
        N_("Of students who were praised in this time: those with at least one praise that was a phrase alone."),
    ),
    "own_words": Told(
        N_("Praise in a teacher’s own words"),
        N_("A student counts when at least one praise had words of its own beside the phrase."),
    ),
    "spoken": Told(
        N_("A talk at the gate or a call"),
        N_("A student counts when at least one talk at the gate or one call was written into the log."),
    ),
    "page": Told(
        N_("A page of the book went home"),
        N_("Of students with a communication book: those with at least one page that was sent home in this time."),
    ),
    "hui": Told(
        N_("A hui was held"),
        N_("A student counts when at least one hui about them was held, as whoever led it wrote down."),
    ),
    "hui_chosen": Told(
        N_("The family chose when to meet, and with whom"),
        N_(
            "Of students with a hui: those where the family chose among two times or more, and said yes or no to "
            "everybody the school proposed, before each hui began. What they told the school by phone counts."
        ),
    ),
    "hui_voiced": Told(
        N_("A voice from home or of the student was there before a hui"),
        N_(
            "Of students with a hui: those where the student or the family had said something before it began, each "
            "time. A student who was asked and chose to say nothing counts too. What a student wants heard at home "
            "alone is not counted."
        ),
    ),
    "hui_steps": Told(
        N_("Next steps of hui were done by their day"),
        N_(
            "Of students with a next step whose day came: those where each was done by that day. One that was not done "
            "is not counted as done, also where somebody said why; how many those are stands among the numbers."
        ),
    ),
    "prompted": Told(
        N_("A teacher was asked about them"),
        N_("A student counts when a teacher who chose to be asked who shone was asked about them at least once."),
    ),
    "helped": Told(
        N_("Being asked led to good news"),
        N_(
            "Of students a teacher was asked about: those where praise by anybody, or a talk at the gate, followed "
            "within three days at least once."
        ),
    ),
}


# How whatever else a report shows is counted.
FIGURES = {
    "weeks": N_(
        "A school week of a student met the target when good news reached home on so many of the ten school days up to "
        "its end. Each student’s own target counts, as under “steadily, week after week”. Two on a day are one."
    ),
    "gaps": N_(
        "A student’s longest wait is the most school days in a row without good news at home, within these days and "
        "since the student came. The middle one is the wait that half of the students do not exceed. From one good "
        "news to the next: the middle of each student’s own steps, and then the student in the middle."
    ),
    "took": N_(
        "A question is a message from home that asks something. Its time runs in school hours, from when it came to "
        "when somebody answered, or rang. Nine of ten: the time within which at least nine of ten answers came. "
        "Nothing is told of fewer than %(smallest)s answers."
    ),
    "spread": N_(
        "Of the students of each group: those who heard good news in the last ten school days. Groups of fewer than "
        "%(smallest)s are not shown, nor the next smallest when they could be worked out from the rest."
    ),
    "counts": N_(
        "These count messages, talks and questions, each once for every student it is about. “Sent” means that it left "
        "school, “arrived” that a carrier or a person said so. Neither means read."
    ),
}
EACH_COUNTS = N_("Each counts students, never messages or teachers. None of them is a mark.")
AS_OF = N_(
    "It stands as of the end of %(day)s. What a carrier tells us later about an earlier moment still changes it."
)
IN_PART = N_("Children whom you do not see as staff are left out of every number here.")
FOR_BOARD_IN_PART = N_("Children whom whoever took this away does not see as staff are left out of every number here.")
VOICE_HOW = N_(
    "Of the people who answered this question: how many said mostly or yes. Only people who said yes to being asked "
    "are asked, one at each phone or mail address. What fewer than five answered is not shown, and nothing is shown "
    "before the last day is over. Silence says nothing about a family."
)


def title(language: Language, name: str) -> str:
    """A measure's name."""
    return say(language, MEASURES[name].title)


def how(language: Language, name: str, aims: Aims) -> str:
    """How a measure is counted, in a few sentences; ``aims`` are the school's own targets and guide."""
    return say(language, MEASURES[name].how, guide=aims.guide, usual=aims.usual, book=aims.book)


def how_figure(language: Language, name: str) -> str:
    """How one of FIGURES is counted."""
    return say(language, FIGURES[name], smallest=SMALLEST_GROUP)


def told_of(language: Language, report: Report, *, for_board: bool = False) -> list[str]:
    """What must be said of a report: as of which day it stands, and that its reader does not see all children."""
    day = short_date(report.period.last_on, language, report.calendar.day_names)
    said = [say(language, AS_OF, day=day)]
    return [*said, say(language, FOR_BOARD_IN_PART if for_board else IN_PART)] if report.in_part else said


def asked(language: Language, question: str) -> str:
    """A question of the term as homes read it."""
    return say(language, PULSE_QUESTIONS[question])


def voice_how(language: Language) -> str:
    """How what homes said is counted."""
    return say(language, VOICE_HOW)


def three_sentences(language: Language, now: Summary, before: Summary | None, *, for_board: bool = False) -> list[str]:
    """What stands first: who heard and what changed, who waits, and the one other thing that deserves attention.

    Made by rules: nobody is blamed, and the effect of small numbers is said. ``for_board``: of fewer students than
    SMALLEST_GROUP nothing is told.
    """
    if not now.students:
        return [say(language, N_("There are no students on the roll in this time, so there is nothing to count."))]
    if for_board and now.students < SMALLEST_GROUP:
        return [say(language, N_("These are so few students that no numbers are told outside the school."))]
    sentences = [_heard(language, now, before), _waits(language, now), _attention(language, now)]
    if now.students < FEW:
        sentences.append(say(language, N_("These are few students: one child changes the numbers a lot.")))
    return sentences


def _heard(language: Language, now: Summary, before: Summary | None) -> str:
    heard = now.shares["heard"]
    first = say(
        language, N_("Good news reached home for %(count)s of %(of)s students in the last ten school days."),
        count=heard.count, of=heard.of,
    )  # fmt: skip
    then = before.shares["heard"].percent if before else None
    if then is None or heard.percent is None:
        return first
    change = heard.percent - then
    if change == 0:
        said = N_("That is the same share as before.")
    elif change > 0:
        said = N_("That is %(change)s in a hundred more than before.")
    else:
        said = N_("That is %(change)s in a hundred fewer than before.")
    return f"{first} {say(language, said, change=abs(change))}"


def _waits(language: Language, now: Summary) -> str:
    if not now.waits:
        return say(language, N_("Nobody has waited ten school days."))
    return say_many(
        language,
        "%(num)s student has not heard good news for ten school days or longer.",
        "%(num)s students have not heard good news for ten school days or longer.",
        now.waits,
    )


def _attention(language: Language, now: Summary) -> str:
    """Whichever of reach, te reo and answers falls shortest, in students; nothing is said of a small group."""
    shares = {
        name: share
        for name in ("reached", "reo", "answered")
        for share in [now.shares[name]]
        if share.of >= SMALLEST_GROUP or (share.of and name == "reached")
    }
    if not shares:
        return say(language, N_("Every family asked for no messages, which is their wish."))
    worst = min(shares, key=lambda name: (shares[name].count / shares[name].of, name != "reached"))
    share = shares[worst]
    if share.count == share.of:
        return say(language, N_("At least one message arrived at every home."))
    if worst == "reo":
        return say(
            language,
            N_("Te reo Māori came each time to %(count)s of the %(of)s students whose whānau asked for it."),
            count=share.count, of=share.of,
        )  # fmt: skip
    if worst == "answered":
        return say(
            language,
            N_(
                "Questions were answered as promised for %(count)s of the %(of)s students whose people asked. "
                "Overdue questions: %(overdue)s."
            ),
            count=share.count,
            of=share.of,
            overdue=now.answers.overdue,
        )
    if 2 * now.unpraised > share.of - share.count:
        return say(
            language,
            N_(
                "Students about whom nobody has written praise in this time: %(count)s. Time to write may help: "
                "cover can be offered."
            ),
            count=now.unpraised,
        )
    return say(
        language,
        N_(
            "Students at whose home nothing has arrived yet: %(count)s. A number may need mending, or a call may "
            "do better."
        ),
        count=share.of - share.count,
    )
