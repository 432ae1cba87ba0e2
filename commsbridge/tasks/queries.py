"""Reading tasks: what is open for a person and the roles they hold."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import or_, select

from commsbridge.foundation.work import Work
from commsbridge.tasks.models import Task, TaskKind


def open_tasks(
    work: Work, *, staff_id: uuid.UUID, roles: Collection[str], kinds: Collection[TaskKind] | None = None
) -> Sequence[Task]:
    """Open tasks that are this person's own or held by a role of theirs, oldest first."""
    wanted = select(Task).where(Task.done_at.is_(None), or_(Task.staff_id == staff_id, Task.role.in_(list(roles))))
    if kinds is not None:
        wanted = wanted.where(Task.kind.in_(kinds))
    return work.session.scalars(wanted.order_by(Task.made_at)).all()


def overdue_tasks(work: Work, kinds: Collection[TaskKind], *, before: date) -> Sequence[Task]:
    """Open tasks of these kinds whose day is over, whoever holds them; what was due first comes first."""
    wanted = select(Task).where(Task.done_at.is_(None), Task.kind.in_(list(kinds)), Task.due_on < before)
    return work.session.scalars(wanted.order_by(Task.due_on, Task.id)).all()


def students_with_open(work: Work, kind: TaskKind, student_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these children about whom somebody has an open task of one kind."""
    wanted = select(Task.student_id).where(
        Task.kind == kind, Task.done_at.is_(None), Task.student_id.in_(list(student_ids))
    )
    return {each for each in work.session.scalars(wanted) if each is not None}


def task_by_id(work: Work, task_id: uuid.UUID) -> Task | None:
    """One task."""
    return work.session.get(Task, task_id)


def asked_already(work: Work, kind: TaskKind, *, contact_id: uuid.UUID, student_id: uuid.UUID) -> bool:
    """Whether a task of this kind for this contact and child is open."""
    wanted = select(Task.id).where(
        Task.kind == kind, Task.done_at.is_(None), Task.contact_id == contact_id, Task.student_id == student_id
    )
    return work.session.scalar(wanted.limit(1)) is not None
