"""Tasks: given once, to a person or to whoever holds a role, closed once."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.exc import IntegrityError

from commsbridge import tasks
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.schools import Role
from commsbridge.tasks import Task, TaskKind
from tests.rooms.posting import Posting

SUBJECT = uuid.UUID(int=7)


def give(posting: Posting, kind: TaskKind = TaskKind.MEND_ADDRESS, *, who: str | None = None) -> Task:
    with posting.story.work("walsh") as work:
        staff_id = posting.story.staff[who].id if who else None
        role = None if who else Role.OFFICE
        return tasks.give_task(work, kind, staff_id=staff_id, role=role, subject_id=SUBJECT, words="not_in_service")


def test_a_task_is_its_persons_or_whoevers_holds_the_role(posting: Posting) -> None:
    own, held = give(posting, TaskKind.RING, who="walsh"), give(posting)
    assert [each.id for each in posting.tasks_of("walsh")] == [own.id]
    assert [each.id for each in posting.tasks_of("jan", Role.OFFICE)] == [held.id]
    assert posting.tasks_of("fox", Role.KAIAKO) == []


def test_tasks_stand_in_the_order_they_were_given_and_can_be_narrowed(posting: Posting) -> None:
    first = give(posting, TaskKind.RING, who="walsh")
    posting.clock.forward(minutes=1)
    second = give(posting, TaskKind.SLIP, who="walsh")
    assert [each.id for each in posting.tasks_of("walsh")] == [first.id, second.id]
    with posting.story.work() as work:
        staff_id = posting.story.staff["walsh"].id
        narrowed = tasks.open_tasks(work, staff_id=staff_id, roles=[], kinds=[TaskKind.SLIP])
    assert [each.id for each in narrowed] == [second.id]


def test_the_same_task_about_the_same_subject_is_given_once_until_it_is_done(posting: Posting) -> None:
    first = give(posting)
    assert give(posting).id == first.id
    assert give(posting, TaskKind.CONFIRM_ADDRESS).id != first.id
    with posting.story.work("jan") as work:
        tasks.close_task(work, first.id, outcome="mended")
    assert give(posting).id != first.id


def test_somebody_must_hold_a_task(posting: Posting) -> None:
    with pytest.raises(IntegrityError, match="somebody_holds_it"), posting.story.work() as work:
        tasks.give_task(work, TaskKind.RING)


def test_a_task_is_closed_once_with_who_did_it(posting: Posting) -> None:
    task = give(posting)
    with posting.story.work("jan") as work:
        done = tasks.close_task(work, task.id, outcome="mended")
    assert (done.done_by, done.done_at, done.outcome) == (posting.story.staff["jan"].id, posting.clock(), "mended")
    assert posting.tasks_of("jan", Role.OFFICE) == []
    with pytest.raises(Conflict, match="already"), posting.story.work("fox") as work:
        tasks.close_task(work, task.id, outcome="mended")


def test_an_unknown_task_is_not_there(posting: Posting) -> None:
    with pytest.raises(NotFound), posting.story.work("jan") as work:
        tasks.close_task(work, uuid.uuid4(), outcome="mended")
    with posting.story.work() as work:
        assert tasks.task_by_id(work, uuid.uuid4()) is None


def test_a_matter_that_settles_itself_closes_its_tasks_of_that_kind_alone(posting: Posting) -> None:
    give(posting)
    other = give(posting, TaskKind.CONFIRM_ADDRESS)
    with posting.story.work() as work:
        tasks.close_tasks_about(work, TaskKind.MEND_ADDRESS, SUBJECT, outcome="replaced")
        tasks.close_tasks_about(work, TaskKind.MEND_ADDRESS, uuid.uuid4(), outcome="replaced")
    assert [each.id for each in posting.tasks_of("jan", Role.OFFICE)] == [other.id]
