"""Plans, what a specialist may read, requests for support: how some of the demo's families decide with school."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from commsbridge import books, meetings, partnership, plans, schools, specialists, support
from commsbridge.books import Holds, Rhythm, Typed
from commsbridge.demo import people
from commsbridge.demo.past import Past
from commsbridge.demo.people import Adult, Child
from commsbridge.demo.roll import SmallSchool
from commsbridge.foundation.work import Work
from commsbridge.partnership import Moment
from commsbridge.plans import Around, Item, Part, Place
from commsbridge.specialists import Offer, SharedPart
from commsbridge.support import Asking, Consent, ConsentHow, News, SupportState

REVIEWED_AFTER, GOAL_BY, SHARED_FOR = timedelta(days=63), timedelta(days=49), timedelta(days=42)
_NEW = uuid.UUID(int=0)
# What Ruth Tan wrote down of each plan when home and school had sat together.
MERES = (
    Item(_NEW, Part.HOPES, "Mere knows every shell of the bay by name.", said_by="Mere"),
    Item(_NEW, Part.NOW, "Mere speaks with two friends. In front of the class she points or draws."),
    Item(_NEW, Part.GOAL, "Mere tells her group one thing of her own each week, in te reo or English."),
    Item(_NEW, Part.ADJUSTMENT, "She is asked last, and knows it beforehand.", around=Around.ROUTINE),
    Item(_NEW, Part.ADJUSTMENT, "A drawing counts as an answer.", around=Around.TASK),
    Item(_NEW, Part.RESOURCE, "The picture cards, and ten minutes with Matua Matiu on Wednesdays."),
    Item(_NEW, Part.STRATEGY, "Wait for ten breaths before asking again.", Place.CLASS, "Ms Walsh"),
    Item(_NEW, Part.STRATEGY, "Let her choose the game.", Place.PLAYGROUND, "Whoever is on duty"),
    Item(_NEW, Part.STRATEGY, "Kōrero mō ngā anga i te wā kai.", Place.HOME, "Hone"),
)
HEMIS = (
    Item(_NEW, Part.NOW, "Loud rooms wear Hēmi out. After ten quiet minutes he joins in again."),
    Item(_NEW, Part.GOAL, "Hēmi shows his card when he needs a quiet place."),
    Item(_NEW, Part.ADJUSTMENT, "A seat by the window.", around=Around.ENVIRONMENT),
    Item(_NEW, Part.RESOURCE, "A card for a break, the same one everywhere."),
    Item(_NEW, Part.STRATEGY, "See the card, nod, and let him go.", Place.CLASS, "Ms Walsh"),
    Item(_NEW, Part.STRATEGY, "The bench under the rimu is his when he wants it.", Place.PLAYGROUND),
)
SPECIALISTS = {
    people.MERE.name: (
        "Ana Tupou",
        "Speech-language therapist",
        "She would hear how Mere speaks with her friends, and show us what helps.",
        (SharedPart.NOW, SharedPart.GOALS),
    ),
    people.HEMI.name: (
        "Sam Reid",
        "Occupational therapist",
        "He would look at the room with Hēmi: light, noise, where to sit.",
        (SharedPart.PROFILE, SharedPart.GOALS, SharedPart.DOING),
    ),
}
# How the goal of Hēmi's book went: school days back, and the step it was on.
WENT = ((6, 0), (5, 1), (4, 1), (3, 2), (2, 2), (1, 3))
MELE, PARE = "Mele Tupou of the RTLB", "Whaea Pare, Kaitakawaenga"
# Requests, from asked to a plan: school days back, time, child, who said yes, state, words for whānau, who has it.
ASKED = (
    (16, "15:15", people.TAMA, people.HINEWAI, "kaitakawaenga", "Somebody beside the whānau at the next hui."),
    (14, "15:10", people.LIAM, people.SHAUNA, "rtlb", "Ways for Liam to begin a page of writing."),
)
BECAME = (
    (13, "15:45", people.TAMA, SupportState.REACHED_OUT, "Whaea Pare has rung Hinewai.", PARE),
    (10, "15:15", people.LIAM, SupportState.RECEIVED, "They have it, and meet on Thursday.", "the RTLB cluster"),
    (5, "15:15", people.TAMA, SupportState.PLAN, "They have met, and she comes to the hui.", PARE),
    (3, "15:15", people.LIAM, SupportState.REACHED_OUT, "Mele rings Shauna tonight.", MELE),
)
# The school's own form for the hui about a plan: its title and its headings.
FORM = ("Our IEP hui", "Tā mātou hui IEP")
HEADINGS = (
    ("What they love and do well", "Ngā mea e arohaina ana, e pai ana i a ia"),
    ("What whānau hope for", "Ngā tūmanako o te whānau"),
    ("One or two goals for this term", "Kia kotahi, kia rua rānei ngā whāinga mō tēnei wāhanga"),
    ("Who does what, by when", "Ko wai hei mahi i te aha, āhea oti ai"),
)
ASKED_AT_HOME = "He aha ngā mea hei āwhina i a Hēmi kia moe pai ai ia i te pō?"

Happens = tuple[int, str, partial[None]]


@dataclass(frozen=True, slots=True)
class Together:
    """What some families and Ruth Tan, who leads learning support, decided at the demo's school."""

    past: Past
    small: SmallSchool

    def happens(self) -> Iterator[Happens]:
        """Everything of this kind: school days back, the time of the school's clock, and what happened."""
        yield 22, "15:00", partial(self.make_form)
        yield 13, "15:05", partial(self.begin_plan, people.MERE, MERES)
        yield 12, "15:20", partial(self.write, people.MERE, people.HONE, Part.GOAL, "Kia pānui ia ki tōna kuia.")
        yield 12, "15:25", partial(self.agree, people.MERE, people.HONE)
        yield 11, "15:30", partial(self.offer, people.MERE)
        yield 10, "16:00", partial(self.share, people.MERE, people.HONE)
        yield 3, "14:10", partial(self.tag, people.MERE)
        yield 9, "09:30", partial(self.begin_goals, people.HEMI)
        yield 8, "15:40", partial(self.begin_plan, people.HEMI, HEMIS)
        yield 8, "16:10", partial(self.write, people.HEMI, people.NGAIRE, Part.HOPES, "He pai ki a ia te eke hōiho.")
        yield 7, "16:20", partial(self.write, people.HEMI, people.DAVE, Part.GOAL, "Hēmi plays a whole half of rugby.")
        yield 7, "16:30", partial(self.agree, people.HEMI, people.NGAIRE)
        yield 6, "15:30", partial(self.agree_again, people.HEMI)
        yield 2, "15:35", partial(self.offer, people.HEMI)
        yield 2, "15:50", partial(self.ask_at_home, people.HEMI, people.NGAIRE)
        for back, step in WENT:
            yield back, "14:20", partial(self.rate, people.HEMI, step)
        for back, clock, child, adult, service, words in ASKED:
            yield back, clock, partial(self.ask, child, adult, service, words)
        for back, clock, child, state, words, waiting_with in BECAME:
            yield back, clock, partial(self.tell, child, state, words, waiting_with)

    # what Ruth Tan does

    def make_form(self) -> None:
        """Write the school's own form for the hui about a plan."""
        with self._ruth() as work:
            meetings.make_form(work, FORM, HEADINGS)

    def begin_plan(self, child: Child, items: Sequence[Item]) -> None:
        """Write down what was said at the table, a goal with its time, and agree for the school."""
        student = self.small.students[child.name]
        with self._ruth() as work:
            today = schools.today(work)
            plan = plans.begin_plan(work, student, review_on=today + REVIEWED_AFTER)
            for seen, each in enumerate(items, start=1):
                new = replace(each, id=uuid.uuid4())
                if each.part is Part.GOAL:
                    new = replace(new, by_on=today + GOAL_BY, goal_id=self._goal(work, student.id))
                plans.keep_item(work, plan, new, seen=seen)
            plans.agree_for_school(work, plan, number=len(items) + 1, links=self.past.runtime.links)

    def agree_again(self, child: Child) -> None:
        """Agree to what whānau have written since; whoever has not agreed is told."""
        with self._ruth() as work:
            plan = plans.plan_of(work, self.small.students[child.name].id)
            if plan is None:
                raise RuntimeError("a plan is begun before it is agreed to")
            number = plans.standing_of(work, plan).last.number
            plans.agree_for_school(work, plan, number=number, links=self.past.runtime.links)

    def offer(self, child: Child) -> None:
        """Ask each home whether a specialist from outside may read a part of it."""
        name, role, why, parts = SPECIALISTS[child.name]
        with self._ruth() as work:
            wanted = Offer(name, role, why, parts, schools.today(work) + SHARED_FOR)
            share = specialists.offer(work, self.small.students[child.name], wanted)
            specialists.ask_homes(work, share, links=self.past.runtime.links)

    def tag(self, child: Child) -> None:
        """Put the last praise with the goal it shows."""
        student_id = self.small.students[child.name].id
        with self._ruth() as work:
            plan = plans.plan_of(work, student_id)
            [last] = partnership.timeline(work, student_id, moments=(Moment.PRAISE,), limit=1)
            if plan is not None and last.line.subject_id is not None:
                goal = next(each for each in plans.standing_of(work, plan).items if each.part is Part.GOAL)
                plans.tag_praise(work, plan, goal.id, last.line.subject_id)

    def ask(self, child: Child, adult: Adult, service: str, words: str) -> None:
        """Ask a service, with the yes that somebody at home gave on the phone."""
        with self._ruth() as work:
            consent = Consent(self.small.contacts[adult.name].id, ConsentHow.PHONE, schools.today(work))
            asking = Asking(service, words, consent, self.small.staff[people.TAN.name].id)
            student = self.small.students[child.name]
            support.ask_for_support(work, student, asking, links=self.past.runtime.links)

    def tell(self, child: Child, state: SupportState, words: str, waiting_with: str) -> None:
        """Write down what became of a request."""
        with self._ruth() as work:
            [found] = support.requests_about(work, self.small.students[child.name].id)
            ruth_id = self.small.staff[people.TAN.name].id
            news = News(found.last.number, state, schools.today(work), words, waiting_with, ruth_id)
            support.note_news(work, found.request, news, links=self.past.runtime.links)

    def _ruth(self) -> AbstractContextManager[Work]:
        return self.past.work(self.small.staff[people.TAN.name].id)

    # what his teacher writes

    def begin_goals(self, child: Child) -> None:
        """Begin a book around goals."""
        with self.past.work(self.small.staff[people.WALSH.name].id) as work:
            template = books.template_named(work, "goals")
            books.begin_book(work, self.small.students[child.name], template, rhythm=Rhythm.DAILY)

    def rate(self, child: Child, step: int) -> None:
        """Say how the goal went on a day."""
        student_id = self.small.students[child.name].id
        with self.past.work(self.small.staff[people.WALSH.name].id) as work:
            [book] = books.books_of(work, [student_id])
            goal = self._goal(work, student_id)
            if goal is not None:
                page = books.begin_page(work, book, schools.today(work))
                books.save(work, book, page, [Typed(goal, 0, step=step)])

    def _goal(self, work: Work, student_id: uuid.UUID) -> uuid.UUID | None:
        """The first goal that a book of a child tells of."""
        found = [
            section.id
            for book in books.books_of(work, [student_id])
            for section in books.sections_of(work, book)
            if section.holds is Holds.GOAL
        ]
        return found[0] if found else None

    # what families do on their own pages

    def write(self, child: Child, adult: Adult, part: Part, words: str) -> None:
        """Write a hope or a goal into the plan."""
        with self.past.runtime.work(self.past.school_id) as work:
            plan = plans.plan_of(work, self.small.students[child.name].id)
            if plan is None:
                raise RuntimeError("a family writes in a plan that was begun")
            plans.write_from_home(work, plan, self.small.contacts[adult.name], part, words)

    def agree(self, child: Child, adult: Adult) -> None:
        """Say yes to the plan as it stands."""
        with self.past.runtime.work(self.past.school_id) as work:
            plan = plans.plan_of(work, self.small.students[child.name].id)
            if plan is None:
                raise RuntimeError("a family agrees to a plan that was begun")
            number = plans.standing_of(work, plan).last.number
            plans.agree(work, plan, number=number, contact=self.small.contacts[adult.name])

    def share(self, child: Child, adult: Adult) -> None:
        """Say yes to a specialist, who opens what is shared and looks at it."""
        with self.past.runtime.work(self.past.school_id) as work:
            [share] = specialists.shares_about(work, [self.small.students[child.name].id])
            specialists.say_yes(work, share.id, self.small.contacts[adult.name].id)
        with self._ruth() as work:
            key = specialists.make_key(work, share.id)
        with self.past.runtime.work(self.past.school_id) as work:
            opened = specialists.share_behind(work, share.id, key.secret)
            specialists.prove(work, opened, key.code)
            specialists.look(work, opened)

    def ask_at_home(self, child: Child, adult: Adult) -> None:
        """Ask for support on their own page."""
        with self.past.runtime.work(self.past.school_id) as work:
            contact_id = self.small.contacts[adult.name].id
            support.ask_from_home(work, self.small.students[child.name], contact_id, "senco", ASKED_AT_HOME)
