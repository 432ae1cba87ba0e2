"""What a person carries (a call, a printed slip, an interpreter) or finds out; closed by hand, and the log is told."""

from __future__ import annotations

import uuid

from commsbridge import tasks
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, State
from commsbridge.messages.planning import Why
from commsbridge.messages.telling import PERSON_TASKS, log_state
from commsbridge.tasks import TaskKind

# Where nobody can ask the carrier whether it went, a person asks the family, or tells them.
CLOSED_BY_HAND = (*PERSON_TASKS, TaskKind.SETTLE_UNCERTAIN)


def close_by_hand(work: Work, task_id: uuid.UUID, *, told: bool) -> Delivery:
    """Say that a person told them, which is an arrival like any other, or that it could not be done.

    Raises NotFound, or Conflict when the matter has been closed since.
    """
    task = tasks.task_by_id(work, task_id)
    if task is None or task.kind not in CLOSED_BY_HAND or task.subject_id is None:
        raise NotFound(N_("That task is not here."))
    delivery = work.session.get(Delivery, task.subject_id, with_for_update=True)
    if delivery is None or delivery.state not in {State.BY_HAND, State.UNCERTAIN}:
        raise Conflict(N_("Somebody has already done this."))
    tasks.close_task(work, task_id, outcome="told" if told else "not_told")
    delivery.state = State.DELIVERED if told else State.FAILED
    delivery.why = None if told else Why.NOT_TOLD
    delivery.settled_at = work.now
    delivery.sent_at = work.now if told else None
    log_state(work, delivery)
    work.session.flush()
    return delivery


def settle_by_hand(work: Work, delivery_id: uuid.UUID, *, arrived: bool) -> Delivery:
    """A person has found out whether a message in doubt came. Raises NotFound, or Conflict when it is not in doubt."""
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None:
        raise NotFound(N_("That message is not here."))
    if delivery.state is not State.UNCERTAIN:
        raise Conflict(N_("Somebody has already done this."))
    tasks.close_tasks_about(work, TaskKind.SETTLE_UNCERTAIN, delivery.id, outcome="told" if arrived else "not_told")
    delivery.state = State.DELIVERED if arrived else State.FAILED
    delivery.why = None if arrived else Why.NOT_TOLD
    delivery.settled_at = work.now
    log_state(work, delivery)
    work.session.flush()
    return delivery
