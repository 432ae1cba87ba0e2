"""A home chooses one of the times on offer, or none of them; and asks for a hui of its own."""

from __future__ import annotations

import uuid

from commsbridge import schools, students, tasks
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings.clashes import Clash, clash_at, one_at_a_time
from commsbridge.meetings.inviting import call_off, settle_time
from commsbridge.meetings.models import Hui, HuiState, HuiTime, Welcome
from commsbridge.meetings.reading import times_of
from commsbridge.meetings.together import home_speaking, keep_word, take_back, words_of_homes
from commsbridge.messages import Links
from commsbridge.schools import Permission, Role
from commsbridge.tasks import TaskKind

TAKEN = N_("A time is chosen already. Write to the school if it no longer suits.")


def choose(
    work: Work,
    hui: Hui,
    number: int,
    *,
    contact_id: uuid.UUID | None,
    links: Links,
    home: uuid.UUID | None = None,
) -> bool:
    """Choose one of the times on offer, for the home; hold the hui first. None: they told the school.

    Where two homes meet, it is set once both have chosen the same. Returns whether it is set.
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
    if hui.joint and not _both_chose(work, hui, time, home_speaking(work, hui, contact_id, home), contact_id):
        return False
    settle_time(work, hui, time.begins_at, contact_id=contact_id, links=links)
    return True


def _both_chose(work: Work, hui: Hui, time: HuiTime, home: uuid.UUID, contact_id: uuid.UUID | None) -> bool:
    """Keep that one home chose a time. Raises Conflict where the other one has chosen another time."""
    chosen = chosen_by_homes(work, hui)
    if any(each.id != time.id for key, each in chosen.items() if key != home):
        raise Conflict(N_("The other home has chosen another time. Choose that one too, or say that none suits."))
    if home in chosen and chosen[home].id != time.id:
        keep_word(work, hui, chosen[home].id, "", home=home, contact_id=contact_id)
    keep_word(work, hui, time.id, Welcome.YES, home=home, contact_id=contact_id)
    return len(chosen_by_homes(work, hui)) == len(hui.homes)


def chosen_by_homes(work: Work, hui: Hui) -> dict[uuid.UUID, HuiTime]:
    """Of two homes that meet, which of the times on offer each has chosen."""
    return {home: time for time in times_of(work, hui) for home in words_of_homes(work, hui, time.id)}


def leave_together(
    work: Work, hui: Hui, *, contact_id: uuid.UUID | None, links: Links, home: uuid.UUID | None = None
) -> None:
    """A home would rather meet on its own: the hui is off, and school offers each home one. The other is not told why.

    Raises Conflict for a hui of one home, or one that is over.
    """
    if not hui.joint:
        raise Conflict(N_("This hui is yours alone already."))
    leaves = home_speaking(work, hui, contact_id, home)
    call_off(work, hui, "", links=links)
    take_back(work, hui, leaves, contact_id)
    tasks.give_task(
        work, TaskKind.HUI_APART, staff_id=hui.staff_id, student_id=hui.student_id, subject_id=hui.id
    )  # fmt: skip


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
