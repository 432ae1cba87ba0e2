"""Five school weeks of what went to and fro: the stories told on purpose, and ordinary days drawn with dice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from commsbridge import books, conversations, messages, partnership, pulse, schools, students, tasks
from commsbridge.books import Holds, Rhythm, Typed
from commsbridge.demo import people, stories
from commsbridge.demo.hui import Gatherings
from commsbridge.demo.learning import Together
from commsbridge.demo.past import Past
from commsbridge.demo.people import Adult, Child, Colleague
from commsbridge.demo.roll import SHORT_CODE, SmallSchool
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.messages import Draft, Phrase
from commsbridge.neighbourhood import MailProgram, PhoneState
from commsbridge.partnership import Moment
from commsbridge.students import Student
from commsbridge.whanau import Asked, Channel

HISTORY_DAYS = 25
SCHOOL_WEEK = 5
ZONE = ZoneInfo("Pacific/Auckland")
# Two questions of the term went out between these days, were answered on the next one and told ten school days later.
ASKED_BACK, TOLD_AFTER = range(21, 25), 10
# How many of those asked answered each question, and the weights of "not yet" to "yes".
SAYS_YES = 0.8
VOICES = ((0.7, (1, 3, 9, 8)), (0.6, (2, 5, 8, 4)))
# What came in on the last days still waits for somebody to read it.
UNREAD_DAYS = 3

# Ordinary days: how many praises each teacher writes, and how often families without a story answer.
ORDINARY = (
    (people.WALSH, people.ROOM_7, (1, 3)),
    (people.SINGH, people.ROOM_3, (1, 3)),
    (people.WIKAIRA, people.TE_PUNA, (0, 1)),
)
NEVER_PRAISED = 2
ANSWERED = 0.25
OWN_WORDS = ("Read the whole page aloud.", "Two new friends in one day.", "The whole table noticed.")
ANSWERS = {
    "mi": ("Ngā mihi nui!", "Ka pai! Ngā mihi, e te kaiako.", "He rongo pai tēnei. Ngā mihi.", "Ka rawe!"),
    "en": ("Thank you!", "That made my day, thanks", "Awesome, we told Nana too", "Great to hear, thanks"),
    "both": ("Ka pai! Thank you", "Ngā mihi, great to hear"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened at a moment (aware UTC)."""

    at: datetime
    happen: partial[None]


class Story:
    """Gathers what happens at one school on these school ``days``; ``others`` are the children without a story."""

    def __init__(
        self, past: Past, small: SmallSchool, others: Sequence[Child], days: Sequence[date], dice: Random
    ) -> None:
        self.past = past
        self.small = small
        self.others = others
        self.days = days
        self.dice = dice
        self.happenings: list[Happening] = []

    def at(self, days_back: int, clock: str, happen: partial[None]) -> None:
        """Note that something happened so many school days back, at this time of the school's clock."""
        moment = datetime.combine(self.days[-days_back], time.fromisoformat(clock), tzinfo=ZONE)
        self.happenings.append(Happening(moment.astimezone(UTC), happen))

    # what staff do

    def praise(self, by: Colleague, child: Child, phrase_key: str, words: str) -> None:
        """Good news with a phrase of the bank (drawn among those not used yet when none is named)."""
        with self.past.work(self.small.staff[by.name].id) as work:
            student = self.small.students[child.name]
            phrase = messages.phrase_by_key(work, phrase_key) if phrase_key else self._drawn(work, student)
            draft = Draft(phrase.id if phrase else None, words, Language.EN if words else None)
            messages.send_praise(work, student, draft, links=self.past.runtime.links)

    def _drawn(self, work: Work, student: Student) -> Phrase:
        return self.dice.choice([each for each in messages.offered_phrases(work, student) if each.setting != "online"])

    def take_back(self, by: Colleague, child: Child) -> None:
        """A praise for the wrong child, undone in time."""
        staff_id, student = self.small.staff[by.name].id, self.small.students[child.name]
        with self.past.work(staff_id) as work:
            draft = Draft(words="A great day in the garden.", words_language=Language.EN)
            message_id = messages.send_praise(work, student, draft, links=self.past.runtime.links).id
        self.past.clock.now += timedelta(seconds=5)
        with self.past.work(staff_id) as work:
            messages.undo_message(work, message_id)

    def talk(self, by: Colleague, child: Child, adult: Adult | None, moment: Moment, words: str) -> None:
        """A talk at the gate, a phone call or a note, written down at once."""
        with self.past.work(self.small.staff[by.name].id) as work:
            partnership.write_korero(
                work,
                student_id=self.small.students[child.name].id,
                moment=moment,
                words=words,
                happened_at=work.now - timedelta(minutes=5),
                contact_id=self.small.contacts[adult.name].id if adult else None,
            )

    def pause(self, by: Colleague, child: Child) -> None:
        """The family asks for a quiet time, with no end yet."""
        with self.past.work(self.small.staff[by.name].id) as work:
            messages.pause(work, student_id=self.small.students[child.name].id, by_family=True)

    def tell_family(self, by: Colleague, child: Child) -> None:
        """A teacher tells a family themselves what no carrier can bring, and ticks it off."""
        staff_id = self.small.staff[by.name].id
        with self.past.work(staff_id) as work:
            for task in tasks.open_tasks(work, staff_id=staff_id, roles=[]):
                if task.student_id == self.small.students[child.name].id:
                    messages.close_by_hand(work, task.id, told=True)

    def read_replies(self, by: Colleague) -> None:
        """A teacher reads what families wrote about the children they teach."""
        staff_id = self.small.staff[by.name].id
        with self.past.work(staff_id) as work:
            viewer = schools.viewer_for(work, staff_id)
            taught = students.students_taught_by(work, viewer, schools.today(work))
            for reply, about in conversations.replies_about(work, [each.id for each in taught], waiting=True):
                conversations.see_reply(work, reply.id, about.student_id)

    def begin_book(self, by: Colleague, child: Child, adult: Adult) -> None:
        """A teacher begins a child's communication book, and both sides say yes to how it is kept."""
        with self.past.work(self.small.staff[by.name].id) as work:
            template = books.template_named(work, "school_day")
            book = books.begin_book(work, self.small.students[child.name], template, rhythm=Rhythm.DAILY)
            books.set_agreement(work, book, stories.AGREEMENT)
            books.sign_agreement(work, book)
            books.sign_agreement(work, book, contact_id=self.small.contacts[adult.name].id)

    def write_page(self, by: Colleague, child: Child, good: str, tonight: str) -> None:
        """The page of a day is written and goes home."""
        student = self.small.students[child.name]
        with self.past.work(self.small.staff[by.name].id) as work:
            (book,) = books.books_of(work, [student.id])
            page = books.begin_page(work, book, schools.today(work))
            sections = [each for each in books.sections_of(work, book) if each.holds is Holds.WORDS]
            typed = [Typed(sections[0].id, 0, good), Typed(sections[-1].id, 0, tonight)]
            books.save(work, book, page, [each for each in typed if each.words])
            books.send_home(work, book, page, student, links=self.past.runtime.links)

    def ask_homes(self, by: Colleague, closes_on: date) -> None:
        """The two questions of the term: most first adults said yes to being asked, and they are asked."""
        dice = Random("asked")  # of its own: what else is drawn stays as it was
        with self.past.work(self.small.staff[by.name].id) as work:
            for contact_id in self._first_adults():
                if dice.random() < SAYS_YES:
                    messages.set_wishes(work, contact_id, Asked(questions=True), evidence="staff")
            if pulse.standing_of(work).going is not None:
                pulse.begin(work)
            term = schools.calendar_of(work).term_of(schools.today(work))
            if term is None:
                raise RuntimeError("history is told of school days alone")
            pulse.ask(work, pulse.Going(term, work.now, closes_on), links=self.past.runtime.links)

    def answer_questions(self) -> None:
        """Families say on their own pages how they find it; which of them said what is kept nowhere."""
        dice = Random("answered")
        with self.past.runtime.work(self.past.school_id) as work:
            for contact_id in self._first_adults():
                asked = pulse.open_for(work, contact_id)
                if asked is None:
                    continue
                told = zip(asked.questions, VOICES, strict=False)
                drawn = {key: dice.choices((1, 2, 3, 4), each[1])[0] for key, each in told if dice.random() < each[0]}
                pulse.answer(work, contact_id, drawn)

    def _first_adults(self) -> list[uuid.UUID]:
        theirs = (child.adults[0].name for child in (*people.WITH_A_STORY, *self.others) if child.adults)
        return [self.small.contacts[name].id for name in dict.fromkeys(theirs)]

    # what families do

    def text(self, number: str, words: str) -> None:
        """A phone answers the school."""
        self.past.text(number, SHORT_CODE, words)

    def answer_mail(self, adult: Adult, words: str, program: MailProgram) -> None:
        """A mailbox answers its newest letter."""
        self.past.answer_mail(adult.ways[0][1] or "", words, program)


def tell_history(story: Story, *, tell: Callable[[str], None]) -> None:
    """Let everything happen, oldest first; ``tell`` hears of each school week that has passed."""
    weeks, told = len(story.days) // SCHOOL_WEEK, 0
    for happening in happenings(story):
        story.past.until(happening.at)
        happening.happen()
        gone = story.days.index(happening.at.astimezone(ZONE).date()) // SCHOOL_WEEK
        if gone > told:
            told = gone
            tell(f"School week {told} of {weeks} has passed")
    tell(f"School week {weeks} of {weeks} has passed")


def happenings(story: Story) -> list[Happening]:
    """Everything that is to happen, oldest first, drawn with the story's dice."""
    _stories(story)
    _ordinary_days(story)
    _mornings(story)
    _voices(story)
    return sorted(story.happenings, key=lambda each: each.at)


def _stories(story: Story) -> None:
    for back, clock, by, child, phrase, words in stories.PRAISED:
        story.at(back, clock, partial(story.praise, by, child, phrase, words))
    for back, clock, number, words in stories.TEXTED:
        story.at(back, clock, partial(story.text, number, words))
    for back, clock, adult, words, program in stories.MAILED:
        story.at(back, clock, partial(story.answer_mail, adult, words, program))
    for back, clock, by, child, whom, moment, words in stories.TALKED:
        story.at(back, clock, partial(story.talk, by, child, whom, moment, words))
    for back, clock, by, child in stories.TOLD:
        story.at(back, clock, partial(story.tell_family, by, child))
    back, clock, by, child, adult = stories.BOOK_BEGUN
    story.at(back, clock, partial(story.begin_book, by, child, adult))
    for back, clock, by, child, good, tonight in stories.PAGES:
        story.at(back, clock, partial(story.write_page, by, child, good, tonight))
    for back, clock, happen in Together(story.past, story.small).happens():
        story.at(back, clock, happen)
    for back, clock, happen in Gatherings(story.past, story.small, story.days).happens():
        story.at(back, clock, happen)
    back, clock, by, child = stories.PAUSED
    story.at(back, clock, partial(story.pause, by, child))
    back, clock, by, child = stories.TAKEN_BACK
    story.at(back, clock, partial(story.take_back, by, child))
    days_back, o_clock, number = stories.OUT_OF_SERVICE
    story.at(days_back, o_clock, partial(story.past.town.set_phone, number, PhoneState.GONE))


def _ordinary_days(story: Story) -> None:
    """Children without a story hear good news now and then, some of them seldom, two of them never yet."""
    dice = story.dice
    rooms = {room: [child for child in story.others if child.room == room] for room in people.SIZES}
    rooms[people.ROOM_7] = rooms[people.ROOM_7][NEVER_PRAISED:]
    for back in range(len(story.days), 0, -1):
        for teacher, room, (fewest, most) in ORDINARY:
            chosen = dice.choices(rooms[room], range(1, len(rooms[room]) + 1), k=dice.randint(fewest, most))
            for child in dict.fromkeys(chosen):
                by = people.MATIU if teacher is people.WALSH and dice.random() < 0.2 else teacher
                _ordinary_praise(story, back, by, child)


def _ordinary_praise(story: Story, back: int, by: Colleague, child: Child) -> None:
    dice = story.dice
    minute = dice.randrange(9 * 60 + 20, 14 * 60 + 50)
    words = dice.choice(OWN_WORDS) if dice.random() < 0.2 else ""
    story.at(back, _clock(minute), partial(story.praise, by, child, "", words))
    adult = child.adults[0]
    channel, address = adult.ways[0]
    if channel is Channel.TEXT and address and dice.random() < ANSWERED:
        answer = partial(story.text, address, dice.choice(ANSWERS[adult.language]))
        story.at(back, _clock(minute + dice.randrange(5, 300)), answer)


def _mornings(story: Story) -> None:
    """Teachers read what came in, before the bell."""
    for back in range(len(story.days), UNREAD_DAYS, -1):
        for teacher, _room, _often in ORDINARY:
            story.at(back, "08:40", partial(story.read_replies, teacher))


def _voices(story: Story) -> None:
    """A round of whānau voice that is over, asked and answered on two school days of one term."""
    with story.past.runtime.work(story.past.school_id) as work:
        calendar = schools.calendar_of(work)
    for back in ASKED_BACK:
        term = calendar.term_of(story.days[-back])
        if term is not None and term == calendar.term_of(story.days[1 - back]):
            closes_on = min(story.days[TOLD_AFTER - back], term.last_on)
            story.at(back, "16:00", partial(story.ask_homes, people.WIKAIRA, closes_on))
            story.at(back - 1, "19:30", partial(story.answer_questions))
            return


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
