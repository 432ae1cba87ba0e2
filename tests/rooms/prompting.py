"""Teachers who are asked: what the tests of prompts do and look at."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from commsbridge import messages, partnership, prompts, schools, students
from commsbridge.foundation.language import Language
from commsbridge.messages import Draft
from commsbridge.partnership import Moment
from commsbridge.prompts import Answer, Asked
from tests.conftest import Clock
from tests.story import Story

TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)  # 2:30 pm in Auckland
EVERY_DAY = range(5)


@pytest.fixture
def asks(story: Story, clock: Clock) -> Story:
    """Ms Walsh is asked each school day at 2:30 pm about one child; it is Monday morning."""
    clock.now = TUESDAY - timedelta(days=1, hours=5)
    schedule(story)
    return story


def schedule(
    story: Story, who: str = "walsh", *, days: Iterable[int] = EVERY_DAY, how_many: int = 1, mail: bool = False
) -> None:
    with story.work(who) as work:
        staff_id = story.staff[who].id
        prompts.set_schedule(work, staff_id, days=set(days), at=time(14, 30), how_many=how_many, by_mail=mail)


def ask(story: Story) -> list[Asked]:
    with story.work() as work:
        return prompts.ask_due(work, links=story.runtime.links)


def asked_about(story: Story) -> list[str]:
    return [child.preferred_name for asked in ask(story) for child in asked.children]


def shown(story: Story, who: str = "walsh") -> list[str]:
    with story.work(who) as work:
        names = students.names_of(work, [each.student_id for each in prompts.open_children(work, story.staff[who].id)])
        return sorted(name.preferred for name in names.values())


def say(story: Story, answer: Answer, who: str = "walsh") -> None:
    with story.work(who) as work:
        for each in prompts.open_children(work, story.staff[who].id):
            prompts.answer(work, each.id, story.staff[who].id, answer, language=Language.EN)


def praise(story: Story, child: str, by: str = "walsh") -> uuid.UUID:
    with story.work(by) as work:
        return messages.send_praise(work, story.students[child], Draft(words="Ka pai!"), links=story.runtime.links).id


def arrived(story: Story, child: str, clock: Clock) -> None:
    """Good news reaches a child's home now."""
    message_id = praise(story, child)
    with story.work() as work:
        line = work.session.scalars(select(partnership.Line).where(partnership.Line.subject_id == message_id)).one()
        partnership.fold_onto(work, line, Moment.ARRIVED)
    clock.forward(seconds=1)


def next_names(story: Story, who: str = "walsh") -> list[str]:
    with story.work(who) as work:
        viewer = schools.viewer_for(work, story.staff[who].id)
        return [child.preferred_name for child, _ in prompts.who_next(work, viewer, how_many=3)]
