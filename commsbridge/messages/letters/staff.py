"""Mails for staff: an invitation, a new password, and who has waited for good news. Nobody answers these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commsbridge.foundation.language import N_, Language, say, say_many
from commsbridge.foundation.reo_dates import list_of
from commsbridge.messages.letters.layout import Block, Letter, Paragraph, lay_out
from commsbridge.messages.letters.parts import School

HELLO_STAFF = N_("Kia ora %(name)s,")
NEW_PASSWORD = N_("Choose a new password")
ASKED = N_("Somebody asked for a new password for your sign-in to commsbridge.")
WITHIN_MINUTES = N_("The link works once, within %(minutes)s minutes.")
NOT_YOU = N_("If it was not you, do nothing: your password stays as it is.")
INVITED = N_("An invitation to commsbridge")
INVITES = N_("%(inviter)s invites you to join %(school)s on commsbridge, where staff send good news home.")
FIRST_PASSWORD = N_("Choose your password and sign in")
LOOK = N_("See how sending goes")
SAFETY = N_("Somebody wrote to the school: please read it now")
SAFETY_SAYS = N_("A message came in that may be about somebody’s safety. This mail says nothing of it.")
SAFETY_OPEN = N_("Open it")
SAFETY_NEXT = N_("If nobody opens it, the next person is told. If somebody is in danger, ring 111.")
ONCE = N_("You get this mail once. The page says when it is over.")
WITHIN_DAYS = N_("The link works once, within %(days)s days.")

WHO_SHONE = N_("Did you see %(children)s shine?")
WAITED = N_("Good news has not reached these homes for a while. If you saw something good, a line is enough.")
PRAISE_ONE = N_("Praise %(name)s")
CAME_LATE = N_("This comes late: we could not ask at the time you chose.")
FEWER = N_("Nothing came of the last two weeks, so we now ask you less often. Would another time suit you better?")
NOT_NOW = N_("Nothing to say today? That is an answer too")
OWN_TIMES = N_("You chose when these mails come. On that page you can change it, or end it.")

REPORT = N_("Is every family hearing good news? %(first)s to %(last)s")
OPEN_REPORT = N_("Open the report")
FOR_BOARD = N_("For the board: good news home from %(first)s to %(last)s")
ON_PAPER = N_("The same on paper, with how each is counted")
PASS_ON = N_("Nothing here is about one child, one family or one teacher: pass it on to the board.")
NO_NAMES = N_("This mail names no child. Who waits for good news, and what helps, stands behind your sign-in.")
STOP_REPORT = N_("Change how often this comes, or stop it")

OPEN_REPLIES = N_("Open the replies")
OPEN_SLOWED = N_("Read what came, and decide what helps")
SLOWED_WHY = N_(
    "The school named you for somebody who writes very much, or threatens. Their teachers are not told of it. "
    "If anybody is in danger, ring 111."
)
OWED_WHY = N_("They are in the order they came. If one needs no answer, say so with one press.")


def report_mail(
    language: Language,
    *,
    name: str,
    days: tuple[str, str],
    sentences: Sequence[str],
    report: str,
    stop: str,
    for_board: bool = False,
) -> Letter:
    """The mail that tells a leader in sentences how some days went; it names no child and holds no table.

    ``for_board``: it may be passed on, since nothing personal is in it. ``days`` are the first and the last in words;
    ``report`` and ``stop`` are pages behind a sign-in.
    """
    first, last = days
    return _letter(
        language,
        say(language, FOR_BOARD if for_board else REPORT, first=first, last=last),
        Paragraph(say(language, HELLO_STAFF, name=name)),
        *(Paragraph(sentence) for sentence in sentences),
        Paragraph(say(language, ON_PAPER if for_board else OPEN_REPORT), link=report),
        Paragraph(say(language, PASS_ON if for_board else NO_NAMES)),
        Paragraph(say(language, STOP_REPORT), link=stop),
    )


def owed_mail(language: Language, *, name: str, number: int, late: bool, replies: str) -> Letter:
    """The mail that reminds somebody of questions they hold, or tells a leader of those nobody answered in time.

    ``number`` alone is said: who asks what stands on the page.
    """
    heading = _owed_late(language, number) if late else _owed(language, number)
    return _letter(
        language,
        heading,
        Paragraph(say(language, HELLO_STAFF, name=name)),
        Paragraph(f"{heading}."),
        Paragraph(say(language, OPEN_REPLIES), link=replies),
        Paragraph(say(language, OWED_WHY)),
    )


def _owed(language: Language, number: int) -> str:
    return say_many(
        language,
        "A question from home waits for your answer",
        "%(num)s questions from home wait for your answer",
        number,
    )


def _owed_late(language: Language, number: int) -> str:
    return say_many(
        language,
        "A question from home was not answered in time",
        "%(num)s questions from home were not answered in time",
        number,
    )


def slowed_mail(language: Language, *, name: str, number: int, page: str) -> Letter:
    """The mail to whoever reads for the others what comes from somebody who is slowed: how many, and no word of it."""
    heading = say_many(
        language,
        "A message came in that you read for the others",
        "%(num)s messages came in that you read for the others",
        number,
    )
    return _letter(
        language,
        heading,
        Paragraph(say(language, HELLO_STAFF, name=name)),
        Paragraph(f"{heading}."),
        Paragraph(say(language, OPEN_SLOWED), link=page),
        Paragraph(say(language, SLOWED_WHY)),
    )


@dataclass(frozen=True, slots=True)
class Noticing:
    """One thing to notice in a child: a sentence of ours, after it somebody's own ``words`` ("": none).

    ``language`` is what these are in, None where nobody is sure.
    """

    says: str
    words: str = ""
    language: Language | None = None

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{self.says} “{self.words}”" if self.words else self.says


NO_IDEAS: Mapping[str, Noticing] = {}


def prompt_mail(
    language: Language,
    *,
    name: str,
    children: Sequence[tuple[str, str]],
    today: str,
    times: str,
    ideas: Mapping[str, Noticing] = NO_IDEAS,
    late: bool = False,
    tired: bool = False,
) -> Letter:
    """The mail that asks a teacher about children: (first name, link to praise them) of each.

    ``ideas`` say what to notice in them, by their link.

    ``today`` takes any other answer, ``times`` is where they chose when to be asked. First names alone: why somebody
    waits stands on the page. ``late`` and ``tired`` say so in a sentence each.
    """
    heading = say(language, WHO_SHONE, children=list_of([child for child, _ in children], language, "or"))
    return _letter(
        language,
        heading,
        Paragraph(say(language, HELLO_STAFF, name=name)),
        *([Paragraph(say(language, CAME_LATE))] if late else []),
        Paragraph(say(language, WAITED)),
        *(each for child, link in children for each in _asked_about(language, child, link, ideas.get(link))),
        Paragraph(say(language, NOT_NOW), link=today),
        *([Paragraph(say(language, FEWER), link=times)] if tired else []),
        Paragraph(say(language, OWN_TIMES), size="small", link=times),
    )


def _asked_about(language: Language, child: str, link: str, idea: Noticing | None) -> Iterator[Paragraph]:
    """The link to praise a child, and what to notice in them."""
    yield Paragraph(say(language, PRAISE_ONE, name=child), link=link)
    if idea is not None:
        yield Paragraph(idea.says, size="small")
        if idea.words:
            yield Paragraph(f"“{idea.words}”", size="small", typed=True, typed_in=idea.language)


def reset_mail(language: Language, *, name: str, link: str, minutes: int) -> Letter:
    """The mail behind "forgot password": ``link`` opens the page, for ``minutes`` (more than one)."""
    return _letter(
        language,
        say(language, NEW_PASSWORD),
        Paragraph(say(language, HELLO_STAFF, name=name)),
        Paragraph(say(language, ASKED)),
        Paragraph(say(language, NEW_PASSWORD), link=link),
        Paragraph(say(language, WITHIN_MINUTES, minutes=minutes)),
        Paragraph(say(language, NOT_YOU)),
    )


def invitation_mail(language: Language, school: School, *, name: str, inviter: str, link: str, days: int) -> Letter:
    """The mail that invites somebody to a school's staff: ``link`` opens the page, for ``days`` (more than one)."""
    return _letter(
        language,
        say(language, INVITED),
        Paragraph(say(language, HELLO_STAFF, name=name)),
        Paragraph(say(language, INVITES, inviter=inviter, school=school.name(language))),
        Paragraph(say(language, FIRST_PASSWORD), link=link),
        Paragraph(say(language, WITHIN_DAYS, days=days)),
    )


def alarm_mail(language: Language, *, subject: str, name: str, says: str, link: str) -> Letter:
    """The mail that tells a leader once that something about sending needs a look; ``link`` opens the page."""
    return _letter(
        language,
        subject,
        Paragraph(say(language, HELLO_STAFF, name=name)),
        Paragraph(says),
        Paragraph(say(language, LOOK), link=link),
        Paragraph(say(language, ONCE)),
    )


def safety_mail(language: Language, *, name: str, link: str) -> Letter:
    """The mail that asks a named person to read something now: no child, no writer, no word of it."""
    return _letter(
        language,
        say(language, SAFETY),
        Paragraph(say(language, HELLO_STAFF, name=name)),
        Paragraph(say(language, SAFETY_SAYS)),
        Paragraph(say(language, SAFETY_OPEN), link=link),
        Paragraph(say(language, SAFETY_NEXT)),
    )


def _letter(language: Language, heading: str, *paragraphs: Paragraph) -> Letter:
    return lay_out(heading, (Block(language, heading, paragraphs),), answerable=False)
