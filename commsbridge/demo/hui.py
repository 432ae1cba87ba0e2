"""Hui of the demo's school: one held and followed up, one set by text alone, one asked, two that would be together."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial

from commsbridge import meetings, schools
from commsbridge.demo import people
from commsbridge.demo.past import Past
from commsbridge.demo.people import Adult, Child, Colleague
from commsbridge.demo.roll import SHORT_CODE, SmallSchool
from commsbridge.foundation.language import Language, say
from commsbridge.foundation.work import Work
from commsbridge.meetings import (
    Agrees,
    Hears,
    Helped,
    Hui,
    HuiKind,
    NewStep,
    Part,
    Proposed,
    Purpose,
    Welcome,
    Whose,
    Wishes,
)

MERES = Purpose(
    HuiKind.IEP,
    "Mere’s plan for this term: what she loves, and how she is heard in class.",
    needed="Her shells, if she would like to show them.",
    place="The library",
)
TAMAS = Purpose(HuiKind.CATCH_UP, "How Tama settles in, and who walks beside you.", place="Room 7", minutes=30)
HEMIS = Purpose(HuiKind.INTERVIEW, "What helps Hēmi in loud rooms.", place="Room 7", minutes=30)
MANAIAS = Purpose(HuiKind.CATCH_UP, "What Manaia would like to do more of.", place="Room 7", minutes=20)
# What was decided of the family's own point and of the first headings of the school's form, and what Hone said to it.
REO = "Te reo i te akomanga"
DECIDED = (
    ("On Fridays Mere and Tama begin the morning karakia.", Agrees.AGREE),
    ("She names every shell, and draws what she cannot say yet.", Agrees.AGREE),
    ("Kia pānui ia ki tōna kuia.", Agrees.AGREE),
    ("One thing of her own to her group each week, in te reo or English.", Agrees.LATER),
)
CARDS, SHELLS = "Put her picture cards in a tray of her own", "Kōrero mō ngā anga i te wā kai"
MEET_AGAIN_AFTER, SHELLS_BY = timedelta(days=28), timedelta(days=3)

Happens = tuple[int, str, partial[None]]


@dataclass(frozen=True, slots=True)
class Gatherings:
    """What families and school said to one another about meeting, and what became of it."""

    past: Past
    small: SmallSchool
    days: Sequence[date]

    def happens(self) -> Iterator[Happens]:
        """Everything of this kind: school days back, the time of the school's clock, and what happened."""
        yield 21, "15:40", partial(self.open, people.TAN, people.MERE, people.HONE, MERES)
        yield 21, "15:50", partial(self.offer, people.TAN, people.MERE, self._back(15, 13), "13:50")
        yield 20, "18:30", partial(self.choose_on_page)
        yield 16, "10:30", partial(self.ask_child)
        yield 13, "13:50", partial(self.hold)
        yield 9, "14:50", partial(self.end_step)
        yield 9, "17:10", partial(self.answer, people.HONE, say(Language.MI, "It helped"))
        yield 5, "15:20", partial(self.open, people.TAN, people.TAMA, people.HINEWAI, TAMAS)
        yield 5, "15:30", partial(self.offer, people.TAN, people.TAMA, self._ahead(2, 3, 4), "15:30")
        yield 5, "18:10", partial(self.text, people.HINEWAI, "2")
        yield 5, "18:20", partial(self.answer, people.HINEWAI, say(Language.MI, "Yes"))
        yield 3, "15:15", partial(self.open, people.WALSH, people.HEMI, people.NGAIRE, HEMIS)
        yield 3, "15:20", partial(self.offer, people.WALSH, people.HEMI, self._ahead(5, 6), "15:10")
        yield 3, "17:30", partial(self.would_meet_together, people.NGAIRE)
        yield 2, "15:20", partial(self.open, people.WALSH, people.HEMI, people.DAVE, HEMIS)
        yield 2, "15:25", partial(self.offer, people.WALSH, people.HEMI, self._ahead(7, 8), "15:10")
        yield 2, "18:20", partial(self.would_meet_together, people.DAVE)
        yield 1, "15:20", partial(self.open, people.WALSH, people.MANAIA, people.MARAMA, MANAIAS)
        yield 1, "15:25", partial(self.offer, people.WALSH, people.MANAIA, self._ahead(3, 4), "15:10")

    def _back(self, *days: int) -> list[date]:
        return [self.days[-each] for each in days]

    def _ahead(self, *weekdays: int) -> list[date]:
        """Days to come: the so many-th weekday after the last school day."""
        coming = (self.days[-1] + timedelta(days=each) for each in range(1, 30))
        able = [each for each in coming if each.weekday() < 5]
        return [able[each] for each in weekdays]

    # what staff do

    def open(self, by: Colleague, child: Child, adult: Adult, purpose: Purpose) -> None:
        """Open a hui with the home of an adult, and say who might be there, and why."""
        student, contact_id = self.small.students[child.name], self.small.contacts[adult.name].id
        with self._staff(by) as work:
            found = meetings.homes_of(work, student)
            home = next(each for each in found if contact_id in {one.contact_id for one in each.people})
            hui = meetings.open_hui(work, student, home, purpose)
            if child is people.MERE:
                [form] = meetings.forms_of(work)
                meetings.add_form(work, hui, form.form_id)
                meetings.propose(work, hui, self._from_staff("teacher", people.WALSH, "Teaches her each day."))
                meetings.propose(work, hui, self._from_staff("aide", people.MATIU, "Knows her picture cards."))
            if child is people.TAMA:
                beside = Proposed("kaitakawaenga", "You asked for somebody beside you.", name="Whaea Pare")
                meetings.propose(work, hui, beside)

    def _from_staff(self, role: str, colleague: Colleague, why: str) -> Proposed:
        return Proposed(role, why, staff_id=self.small.staff[colleague.name].id)

    def offer(self, by: Colleague, child: Child, days: Sequence[date], clock: str) -> None:
        """Ask the home of the newest hui about a child which of these days suits."""
        with self._staff(by) as work:
            calendar = schools.calendar_of(work)
            times = [calendar.moment(each, time.fromisoformat(clock)) for each in days]
            meetings.invite(work, self._newest(work, by, child), times, links=self.past.runtime.links)

    def ask_child(self) -> None:
        """Matiu asks Mere, who points at pictures, and lets everyone hear it."""
        with self._staff(people.MATIU) as work:
            hui = self._newest(work, people.MATIU, people.MERE)
            words = "I like to tell it when there are only a few of us."
            pictures = ("happy", "quiet")
            meetings.say_for_student(
                work, hui, words, hears=Hears.EVERYONE, with_whom=people.MATIU.shown_name, pictures=pictures
            )

    def hold(self) -> None:
        """Meet about Mere: hear her father to each point, say who does what, read it aloud, send the minutes."""
        with self._staff(people.TAN) as work:
            hui = self._newest(work, people.TAN, people.MERE)
            meetings.take_places(work, hui, chair=people.HONE.name, minute_taker=people.TAN.shown_name)
            for item, (decided, says) in zip(meetings.items_of(work, hui), DECIDED, strict=False):
                meetings.decide(work, hui, item.id, decided, before="")
                meetings.agree(work, hui, item.id, says, "", contact_id=None)
            matiu_id = self.small.staff[people.MATIU.name].id
            meetings.add_step(work, hui, NewStep(CARDS, self.days[-9], staff_id=matiu_id))
            meetings.add_step(work, hui, NewStep(SHELLS, self.days[-1] + SHELLS_BY, by_family=True))
            meetings.meet_again(work, hui, schools.today(work) + MEET_AGAIN_AFTER)
            meetings.read_back(work, hui, people.TAN.shown_name)
            meetings.finish(work, hui)
            meetings.send_minutes(work, hui, links=self.past.runtime.links)

    def end_step(self) -> None:
        """Matiu has done what he said he would, and asks Mere how it is for her."""
        with self._staff(people.MATIU) as work:
            hui = self._newest(work, people.MATIU, people.MERE)
            step = next(each for each in meetings.steps_of(work, [hui.id]) if each.what == CARDS)
            links = self.past.runtime.links
            meetings.end_step(work, hui, step.id, done=True, explained="They are in the blue tray.", links=links)
            meetings.evaluate(
                work,
                hui,
                step.id,
                whose=Whose.STUDENT,
                helped=Helped.YES,
                words="I find them on my own.",
                contact_id=None,
            )

    def _newest(self, work: Work, by: Colleague, child: Child) -> Hui:
        viewer = schools.viewer_for(work, self.small.staff[by.name].id)
        return meetings.hui_about(work, viewer, self.small.students[child.name].id)[0]

    def _staff(self, by: Colleague) -> AbstractContextManager[Work]:
        return self.past.work(self.small.staff[by.name].id)

    # what families do

    def choose_on_page(self) -> None:
        """Hone says on his page when, with whom and how, and puts his own point on the agenda."""
        contact_id = self.small.contacts[people.HONE.name].id
        wishes = Wishes(tikanga="Karakia, kātahi ka kai tahi", timer=True, part=Part.SOME)
        with self.past.runtime.work(self.past.school_id) as work:
            hui = self._at_home(work, people.MERE, people.HONE)
            for person in meetings.people_of(work, hui):
                meetings.decide_person(work, hui, person.id, Welcome.YES, contact_id=contact_id)
            meetings.say_wishes(work, hui, wishes, contact_id=contact_id)
            meetings.add_items(work, hui, Whose.FAMILY, [REO], contact_id=contact_id)
            meetings.choose(work, hui, 2, contact_id=contact_id, links=self.past.runtime.links)

    def would_meet_together(self, adult: Adult) -> None:
        """Somebody of one of Hēmi's homes says on their page that they would meet together with the other."""
        with self.past.runtime.work(self.past.school_id) as work:
            hui = self._at_home(work, people.HEMI, adult)
            contact_id = self.small.contacts[adult.name].id
            meetings.say_wishes(work, hui, Wishes(together=True), contact_id=contact_id)

    def text(self, adult: Adult, words: str) -> None:
        """A phone answers the school."""
        self.past.text(adult.ways[0][1] or "", SHORT_CODE, words)

    def answer(self, adult: Adult, offered: str) -> None:
        """A phone answers with the number that the newest text gives to these words."""
        received = self.past.town.phone(adult.ways[0][1] or "").received
        numbers = (
            re.search(rf"^(\d+): {re.escape(offered)}\b", each.body, re.MULTILINE) for each in reversed(received)
        )
        number = next((each[1] for each in numbers if each), None)
        if number is None:
            raise RuntimeError(f"no text offers {offered!r}")
        self.text(adult, number)

    def _at_home(self, work: Work, child: Child, adult: Adult) -> Hui:
        student_id: uuid.UUID = self.small.students[child.name].id
        return meetings.hui_of_home(work, self.small.contacts[adult.name], [student_id])[0]
