"""A hui in the school of the stories, as its people open it, answer it and hold it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from commsbridge import bots, conversations, meetings, schools
from commsbridge.conversations import Reply
from commsbridge.conversations.gateways import InboundText
from commsbridge.foundation.actors import SERVICE
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.work import Work
from commsbridge.meetings import Hui, HuiKind, NewStep, Proposed, Purpose, Welcome, Whose
from commsbridge.meetings.question_models import HuiQuestion
from commsbridge.messages import Delivery, MessageKind
from commsbridge.schools import Role, Viewer
from commsbridge.tasks import Task, TaskKind
from tests.rooms.mailroom import NUMBERS, Mailroom
from tests.rooms.posting import Posting

NGAIRE, HINE = "+64215550101", "+64215550104"
PURPOSE = "How reading goes, and what helps at home."
DAYS = timedelta(days=1)


@dataclass(frozen=True)
class Gathering:
    """Acts around a hui; people are found by their short names (tests/story.py)."""

    posting: Posting

    @contextmanager
    def work(self, who: str | None = None) -> Iterator[Work]:
        with self.posting.story.work(who) as work:
            yield work

    def home(self, work: Work, child: str, contact: str) -> meetings.Home:
        student, wanted = self.posting.story.students[child], self.posting.story.contacts[contact].id
        homes = meetings.homes_of(work, student)
        return next(home for home in homes if wanted in {each.contact_id for each in home.people})

    def open(self, child: str = "aroha", contact: str = "ngaire", *, by: str = "walsh", **more: object) -> uuid.UUID:
        said = {"kind": HuiKind.CATCH_UP, "purpose": PURPOSE, "place": "Room 7", **more}
        with self.work(by) as work:
            student = self.posting.story.students[child]
            return meetings.open_hui(work, student, self.home(work, child, contact), Purpose(**said)).id  # type: ignore[arg-type]

    def times(self, days: Sequence[int] = (3, 4, 5)) -> list[datetime]:
        """Half past three in the afternoon, so many days from today."""
        with self.work() as work:
            calendar, today = schools.calendar_of(work), schools.today(work)
            return [calendar.moment(today + each * DAYS, time(15, 30)) for each in days]

    def invite(self, hui_id: uuid.UUID, days: Sequence[int] = (3, 4, 5), *, by: str = "walsh") -> dict[str, Delivery]:
        self.posting.clock.forward(seconds=1)
        names = {contact.id: key for key, contact in self.posting.story.contacts.items()}
        times = self.times(days)
        with self.work(by) as work:
            hui = meetings.hui_to_change(work, self.viewer(work, by), hui_id)
            gone = meetings.invite(work, hui, times, links=self.posting.links)
            return {names[contact_id]: delivery for contact_id, delivery in gone.items()}

    def viewer(self, work: Work, who: str) -> Viewer:
        return schools.viewer_for(work, self.posting.story.staff[who].id)

    def says(self, words: str, number: str = NGAIRE) -> Reply:
        """A phone answers, and the bot takes it as a worker does."""
        self.posting.clock.forward(seconds=1)
        story = self.posting.story
        raw_id = Mailroom(self.posting).store(f"SMh{next(NUMBERS)}")
        post = conversations.post_of_text(raw_id, InboundText(f"SM{raw_id.hex}", number, "4545", words))
        with story.runtime.work(story.school_id, SERVICE) as work:
            reply = bots.take(work, post, sender=story.texts, links=story.runtime.links)
        assert reply is not None
        return reply

    def hui(self, hui_id: uuid.UUID) -> Hui:
        with self.work() as work:
            return work.session.get_one(Hui, hui_id)

    def told(self, contact: str) -> list[str]:
        """The words that a contact was told about hui, the newest last; of one moment, a question after the news."""
        with self.work() as work:
            questions = set(work.session.scalars(select(HuiQuestion.delivery_id)))
        gone = self.posting.all_to(contact, MessageKind.HUI)
        return [each.body for each in sorted(gone, key=lambda each: (each.made_at, each.id in questions))]

    def number(self, answer: str, contact: str = "ngaire") -> str:
        """The number that stands before an answer in the last text."""
        lines = self.told(contact)[-1].splitlines()
        return next(line.partition(":")[0] for line in lines if line.partition(": ")[2] == answer)

    def set_up(self, *, by_text: bool = False) -> uuid.UUID:
        """A hui whose first time the family has chosen, on its page or by text."""
        hui_id = self.open()
        self.invite(hui_id)
        if by_text:
            self.says("1")
            return hui_id
        with self.work() as work:
            contact_id = self.posting.story.contacts["ngaire"].id
            meetings.choose(work, work.session.get_one(Hui, hui_id), 1, contact_id=contact_id, links=self.posting.links)
        return hui_id

    def tasks_of(self, who: str, kind: TaskKind) -> list[Task]:
        roles = [Role.LEARNING_SUPPORT] if who == "leota" else []
        return [each for each in self.posting.tasks_of(who, *roles) if each.kind is kind]

    def propose(self, hui_id: uuid.UUID, who: str = "leota") -> uuid.UUID:
        with self.work("walsh") as work:
            hui = meetings.hui_to_change(work, self.viewer(work, "walsh"), hui_id)
            staff_id = self.posting.story.staff[who].id
            return meetings.propose(work, hui, Proposed("senco", "Knows what help there is.", staff_id=staff_id)).id

    def decide(self, hui_id: uuid.UUID, person_id: uuid.UUID, welcome: Welcome) -> None:
        with self.work() as work:
            hui = work.session.get_one(Hui, hui_id)
            contact_id = self.posting.story.contacts["ngaire"].id
            meetings.decide_person(work, hui, person_id, welcome, contact_id=contact_id)

    def reads(self, who: str, hui_id: uuid.UUID) -> bool:
        with self.work(who) as work:
            try:
                meetings.hui_for(work, self.viewer(work, who), hui_id)
            except NotFound:
                return False
            return True

    def look(self) -> int:
        """What a worker does when something of a hui may be due."""
        with self.posting.story.runtime.carrier() as session:
            waiting = meetings.schools_with_hui_to_look_at(session, self.posting.clock())
        if self.posting.story.school_id not in waiting:
            return 0
        with self.work() as work:
            return meetings.look_at_hui(work, links=self.posting.links)

    def hold(self, *, by_family: bool = False, by_text: bool = False) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
        """A hui that was held: its id, a point that was decided, and a next step of the teacher's or the family's."""
        hui_id = self.set_up(by_text=by_text)
        self.posting.clock.now = self.times((3,))[0] + timedelta(minutes=20)
        with self.work("walsh") as work:
            hui = meetings.hui_to_change(work, self.viewer(work, "walsh"), hui_id)
            school, family = (
                meetings.add_items(work, hui, whose, [words])[0]
                for whose, words in ((Whose.SCHOOL, "Reading"), (Whose.FAMILY, "The bus"))
            )
            assert [each.id for each in meetings.items_of(work, hui)] == [family.id, school.id]
            meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
            meetings.decide(work, hui, school.id, "Ten minutes a night.", before="")
            walsh = None if by_family else self.posting.story.staff["walsh"].id
            due = schools.today(work) + timedelta(days=2)
            step = meetings.add_step(work, hui, NewStep("Send books home", due, staff_id=walsh, by_family=by_family))
            meetings.put_off(work, hui)
            meetings.read_back(work, hui, "Matua Matiu")
            meetings.finish(work, hui)
            return hui_id, school.id, step.id
