"""A home chooses one of the times on offer, or none of them; and asks for a hui of its own."""

from __future__ import annotations

import uuid

from commsbridge import schools, students, tasks
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings.clashes import Clash, clash_at, one_at_a_time
from commsbridge.meetings.inviting import settle_time
from commsbridge.meetings.models import Hui, HuiState
from commsbridge.meetings.reading import times_of
from commsbridge.messages import Links
from commsbridge.schools import Permission, Role
from commsbridge.tasks import TaskKind

TAKEN = N_("A time is chosen already. Write to the school if it no longer suits.")


def choose(work: Work, hui: Hui, number: int, *, contact_id: uuid.UUID | None, links: Links) -> None:
    """Choose one of the times on offer, for the home; hold the hui first. None: they told the school.

    Raises NotFound for a number that is not on offer, Conflict where one is chosen already, the time is past, or
    somebody cannot be there any more: times may be offered to several homes.
    """
    if hui.state is not HuiState.ASKED:
        raise Conflict(TAKEN)
    time = next((each for each in times_of(work, hui) if each.number == number), None)
    if time is None:
        raise NotFound(N_("That time is not on offer any more."))
    if time.begins_at <= work.now:
        raise Conflict(N_("That time is past. Say that none of these suits, and the school offers others."))
    one_at_a_time(work, hui)
    clash = clash_at(work, hui, time.begins_at)
    if clash is Clash.HOME:
        raise Conflict(N_("You have another hui at that time. Choose another one, or say that none of these suits."))
    if clash is Clash.STAFF:
        raise Conflict(N_("That time has gone meanwhile. Choose another one, or say that none of these suits."))
    settle_time(work, hui, time.begins_at, contact_id=contact_id, links=links)


def none_suits(work: Work, hui: Hui, contact_id: uuid.UUID | None) -> None:
    """None of the times suits: whoever opened the hui offers others. Raises Conflict where one is chosen already."""
    if hui.state is not HuiState.ASKED:
        raise Conflict(TAKEN)
    tasks.give_task(
        work,
        TaskKind.HUI_TIMES,
        staff_id=hui.staff_id,
        student_id=hui.student_id,
        contact_id=contact_id,
        subject_id=hui.id,
    )


def ask_for_hui(work: Work, contact_id: uuid.UUID, student_id: uuid.UUID) -> None:
    """A family takes the standing invitation up: a task for a teacher who may open a hui, else for learning support.

    Nobody is asked twice while it is open.
    """
    on = schools.today(work)
    able = {each.id for each in schools.staff_with(work, Permission.HOLD_HUI, on)}
    teacher = next((each for each in students.teachers_of(work, student_id, on) if each.id in able), None)
    if tasks.asked_already(work, TaskKind.WANTS_HUI, contact_id=contact_id, student_id=student_id):
        return
    tasks.give_task(
        work,
        TaskKind.WANTS_HUI,
        role=None if teacher else Role.LEARNING_SUPPORT,
        staff_id=teacher.id if teacher else None,
        student_id=student_id,
        contact_id=contact_id,
    )
