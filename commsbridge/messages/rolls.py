"""Taking a roll: what an import takes away (a permission, a number, a student) stops what already waits for it."""

from __future__ import annotations

from commsbridge import schools, students, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.withdrawals import hold_address, set_access, student_leaves
from commsbridge.whanau import MayMessage


def take_roll(work: Work, judged: whanau.roll.JudgedRoll, *, whole_school: bool = False) -> whanau.roll.Applied:
    """Take a judged roll in and hold or cancel what must no longer go; raises as whanau.roll.apply_roll does."""
    applied = whanau.roll.apply_roll(work, judged, whole_school=whole_school)
    for pairs, may_message in ((applied.restricted, MayMessage.NO), (applied.asked, MayMessage.ASK)):
        for contact_id, student_id in pairs:
            set_access(work, contact_id, student_id, may_message=may_message, reason=None)
    for number in applied.numbers_held:
        hold_address(work, number, why=whanau.roll.NUMBER_CHANGED)
    if applied.left:
        by_id = {student.id: student for student in students.students_by_roll_id(work).values()}
        for student_id in applied.left:
            student_leaves(work, by_id[student_id], on=schools.today(work))
    return applied
