"""Verbs of tasks: give one, close one."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select

from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.tasks.models import Task, TaskKind


def give_task(
    work: Work,
    kind: TaskKind,
    *,
    role: str | None = None,
    staff_id: uuid.UUID | None = None,
    student_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    words: str = "",
    due_on: date | None = None,
) -> Task:
    """Give a task to a person or to whoever holds a role; the same task about the same subject is not given twice."""
    if subject_id is not None:
        open_already = select(Task).where(Task.kind == kind, Task.subject_id == subject_id, Task.done_at.is_(None))
        if known := work.session.scalars(open_already.limit(1)).first():
            return known
    task = Task(
        id=uuid.uuid4(),
        kind=kind,
        role=role,
        staff_id=staff_id,
        student_id=student_id,
        contact_id=contact_id,
        subject_id=subject_id,
        words=words,
        made_at=work.now,
        due_on=due_on,
    )
    work.session.add(task)
    work.session.flush()
    return task


def close_task(work: Work, task_id: uuid.UUID, *, outcome: str) -> Task:
    """Say what came of a task. Raises NotFound, or Conflict when somebody closed it first."""
    task = work.session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NotFound(N_("That task is not here."))
    if task.done_at is not None:
        raise Conflict(N_("Somebody has already done this."))
    task.done_at, task.done_by, task.outcome = work.now, work.actor.id, outcome
    work.session.flush()
    return task


def close_tasks_about(work: Work, kind: TaskKind, subject_id: uuid.UUID, *, outcome: str) -> None:
    """Close the open tasks of one kind about one subject, when the matter settled itself."""
    for task in work.session.scalars(
        select(Task).where(Task.kind == kind, Task.subject_id == subject_id, Task.done_at.is_(None))
    ):
        task.done_at, task.done_by, task.outcome = work.now, work.actor.id, outcome
    work.session.flush()
