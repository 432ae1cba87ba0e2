"""What tests of contacts and pauses do and ask through the rooms, and who visits their pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from commsbridge import messages, tasks, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Draft
from commsbridge.schools import Role
from commsbridge.tasks import Task, TaskKind
from tests.doors.pages import Visitor, roll_file
from tests.story import Story

TODAY = date(2026, 11, 17)


def path(story: Story, who: str) -> str:
    return f"/contacts/{story.contacts[who].id}"


def child(story: Story, who: str) -> uuid.UUID:
    return story.students[who].id


def ways(work: Work, story: Story, who: str) -> list[tuple[str, str | None, str]]:
    found = whanau.ways_in_use(work, story.contacts[who].id)
    return [(way.channel.value, way.address, way.state.value) for way in found]


def praise(story: Story, who: str, by: str = "walsh") -> None:
    with story.work(by) as work:
        phrase = messages.offered_phrases(work, story.students[who])[0]
        messages.send_praise(work, story.students[who], Draft(phrase_id=phrase.id), links=story.runtime.links)


def take(story: Story, **cells: str) -> None:
    """Import a roll of one row."""
    with story.work() as work:
        sheet = whanau.roll.read_roll(roll_file(cells))
        messages.take_roll(work, whanau.roll.judge(sheet, whanau.roll.known_roll(work)))


def waiting(work: Work, story: Story, who: str) -> list[tuple[str, str | None]]:
    """State and address of what was written to a contact, the welcome among it."""
    rows = select(Delivery).where(Delivery.contact_id == story.contacts[who].id).order_by(Delivery.due_at, Delivery.id)
    return [(delivery.state, delivery.address) for delivery in work.session.scalars(rows)]


def open_tasks(work: Work, kind: TaskKind) -> Sequence[Task]:
    return tasks.open_tasks(work, staff_id=uuid.UUID(int=0), roles=list(Role), kinds=[kind])


def save(visitor: Visitor, at: str, **typed: str) -> None:
    """Open a contact's page, change some fields and keep it."""
    page = visitor.send(visitor.open(at).form(at), **typed)
    assert page.status == 302, (page.wrong, page.text)
