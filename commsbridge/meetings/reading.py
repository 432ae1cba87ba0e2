"""Who reads a hui: who opened it, who leads support, whom the family wants at the table; and the one home."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, true

from commsbridge import schools, students, whanau
from commsbridge.foundation.errors import NotAllowed, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import (
    Hui,
    HuiCorrection,
    HuiEvaluation,
    HuiItem,
    HuiPerson,
    HuiState,
    HuiStep,
    HuiTime,
    HuiWish,
    Welcome,
    Whose,
)
from commsbridge.schools import Permission, Viewer
from commsbridge.students import Student
from commsbridge.whanau import Contact, MayMessage, Recipient

NOT_HERE = N_("That hui is not here.")
# The family's own points come first, then the student's.
ORDER = {Whose.FAMILY: 0, Whose.STUDENT: 1, Whose.SCHOOL: 2}


@dataclass(frozen=True, slots=True)
class Home:
    """One home of a child: its household, or somebody who is of none, with those of it who may be told."""

    household_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    people: tuple[Recipient, ...]

    @property
    def key(self) -> uuid.UUID:
        """What names the home in a form."""
        return self.household_id or self.contact_id or self.people[0].contact_id


def homes_of(work: Work, student: Student) -> list[Home]:
    """The homes of a child in which somebody may be told about them today."""
    if student.left_on is not None and student.left_on <= schools.today(work):
        return []
    senders = [sender.id for sender in schools.senders_of(work)]
    found = whanau.recipients_of(work, student.id, on=schools.today(work), sender_ids=senders)
    by_home: dict[tuple[uuid.UUID | None, uuid.UUID | None], list[Recipient]] = defaultdict(list)
    for each in found:
        if each.may_message is not MayMessage.NO:
            by_home[each.household_id, None if each.household_id else each.contact_id].append(each)
    return [Home(household, contact, tuple(people)) for (household, contact), people in by_home.items()]


def home_behind(work: Work, student: Student, hui: Hui) -> Home | None:
    """The home of a hui as it stands today; None where nobody of it may be told any more.

    Where two homes meet, the people of both; None once one of the two may not be brought together with the other.
    """
    found = homes_behind(work, student, hui)
    if not found:
        return None
    return Home(hui.household_id, hui.contact_id, tuple(person for each in found for person in each.people))


def homes_behind(work: Work, student: Student, hui: Hui) -> list[Home]:
    """Each home of a hui as it stands today; none of two where one of them is missing."""
    found = [each for each in homes_of(work, student) if (each.household_id, each.contact_id) in hui.places]
    if len(found) < len(hui.places):
        return []
    if hui.joint:
        on = schools.today(work)
        about = whanau.homes_about(work, student.id, on=on)
        able = {each.key for each in whanau.homes_not_kept(work, about, student.id, on=on)}
        return found if {each.key for each in found} <= able else []
    return found


def hui_for(work: Work, viewer: Viewer, hui_id: uuid.UUID) -> Hui:
    """One hui for a member of staff. Raises NotFound, in the same words for one that is not there and not theirs."""
    hui = work.session.get(Hui, hui_id)
    if hui is None or not _reads(work, viewer, hui):
        raise NotFound(NOT_HERE)
    return hui


def hui_to_change(work: Work, viewer: Viewer, hui_id: uuid.UUID) -> Hui:
    """The same, held until the act ends, for whoever may write in it. Raises NotFound, NotAllowed for a reader."""
    hui = hui_for(work, viewer, hui_id)
    if not viewer.may(Permission.HOLD_HUI):
        raise NotAllowed(N_("You can read this hui. Whoever opened it writes in it."))
    return held(work, hui.id)


def held(work: Work, hui_id: uuid.UUID) -> Hui:
    """A hui as it stands, held until the act ends: of two answers at once the second sees the first."""
    rows = select(Hui).where(Hui.id == hui_id).with_for_update().execution_options(populate_existing=True)
    return work.session.scalars(rows).one()


def _reads(work: Work, viewer: Viewer, hui: Hui) -> bool:
    if hui.student_id in students.barred_from(work, viewer):
        return False
    theirs = select(HuiPerson.answer).where(HuiPerson.hui_id == hui.id, HuiPerson.staff_id == viewer.staff_id)
    answers = set(work.session.scalars(theirs))
    if hui.staff_id == viewer.staff_id or (viewer.may(Permission.SEE_LIMITS) and Welcome.NO not in answers):
        return _sees(work, viewer, hui.student_id)
    return Welcome.YES in answers and Welcome.NO not in answers


def _sees(work: Work, viewer: Viewer, student_id: uuid.UUID) -> bool:
    try:
        students.student_for(work, viewer, student_id)
    except NotFound:
        return False
    return True


def hui_about(work: Work, viewer: Viewer, student_id: uuid.UUID) -> list[Hui]:
    """The hui about a child that this member of staff may read, the newest first."""
    rows = select(Hui).where(Hui.student_id == student_id).order_by(Hui.made_at.desc(), Hui.id)
    return [hui for hui in work.session.scalars(rows).all() if _reads(work, viewer, hui)]


def _at_home(contact: Contact) -> ColumnElement[bool]:
    if contact.household_id is not None:
        return or_(Hui.household_id == contact.household_id, Hui.with_household_id == contact.household_id)
    return or_(Hui.contact_id == contact.id, Hui.with_contact_id == contact.id)


def hui_of_home(work: Work, contact: Contact, student_ids: Collection[uuid.UUID]) -> list[Hui]:
    """The hui of a contact's own home about children they may hear of, the newest first; never another home's."""
    rows = select(Hui).where(_at_home(contact), Hui.student_id.in_(student_ids), Hui.state != HuiState.PREPARED)
    found = work.session.scalars(rows.order_by(Hui.made_at.desc(), Hui.id)).all()
    return [each for each in found if not each.joint or _still_together(work, each)]


def _still_together(work: Work, hui: Hui) -> bool:
    return bool(homes_behind(work, work.session.get_one(Student, hui.student_id), hui))


def hui_at_home(
    work: Work, contact: Contact, student_ids: Collection[uuid.UUID], hui_id: uuid.UUID, *, change: bool = False
) -> Hui:
    """One of these; with ``change`` held until the act ends. Raises NotFound, always in the same words."""
    hui = next((each for each in hui_of_home(work, contact, student_ids) if each.id == hui_id), None)
    if hui is None:
        raise NotFound(NOT_HERE)
    return held(work, hui.id) if change else hui


def times_of(work: Work, hui: Hui) -> list[HuiTime]:
    """The times on offer now, by their number."""
    rows = select(HuiTime).where(HuiTime.hui_id == hui.id, HuiTime.round == hui.round)
    return list(work.session.scalars(rows.order_by(HuiTime.number)))


def people_of(work: Work, hui: Hui) -> list[HuiPerson]:
    """Everybody proposed or brought, in the order they were named."""
    rows = select(HuiPerson).where(HuiPerson.hui_id == hui.id)
    return list(work.session.scalars(rows.order_by(HuiPerson.made_at, HuiPerson.name, HuiPerson.id)))


def wish_of(work: Work, hui: Hui, home: uuid.UUID | None = None) -> HuiWish | None:
    """How the family wishes it to be, as they last said; where two homes meet, the one that ``home`` names."""
    whose = HuiWish.home == home if hui.joint else true()
    rows = select(HuiWish).where(HuiWish.hui_id == hui.id, whose).order_by(HuiWish.at.desc(), HuiWish.id).limit(1)
    return work.session.scalars(rows).first()


def items_of(work: Work, hui: Hui) -> list[HuiItem]:
    """The agenda: the family's own points first, then the student's, then the school's."""
    rows = select(HuiItem).where(HuiItem.hui_id == hui.id)
    return sorted(work.session.scalars(rows), key=lambda each: (ORDER[each.whose], each.position))


def steps_of(work: Work, hui_ids: Sequence[uuid.UUID], *, still_open: bool = False) -> list[HuiStep]:
    """The next steps of these hui, the nearest first."""
    wanted = HuiStep.done_at.is_(None) if still_open else true()
    rows = select(HuiStep).where(HuiStep.hui_id.in_(hui_ids), wanted)
    return list(work.session.scalars(rows.order_by(HuiStep.due_on, HuiStep.made_at, HuiStep.id)))


def evaluations_of(work: Work, step_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[HuiEvaluation]]:
    """What was said of how these steps went, by step, in the order it was said."""
    found: dict[uuid.UUID, list[HuiEvaluation]] = defaultdict(list)
    rows = select(HuiEvaluation).where(HuiEvaluation.step_id.in_(step_ids))
    for each in work.session.scalars(rows.order_by(HuiEvaluation.at, HuiEvaluation.id)):
        found[each.step_id].append(each)
    return found


def corrections_of(work: Work, hui: Hui) -> list[HuiCorrection]:
    """What stands beside the minutes, in the order it was written."""
    rows = select(HuiCorrection).where(HuiCorrection.hui_id == hui.id)
    return list(work.session.scalars(rows.order_by(HuiCorrection.at, HuiCorrection.id)))


def ends_at(hui: Hui) -> datetime | None:
    """When a hui that has a time is over, as its length says."""
    return hui.begins_at + timedelta(minutes=hui.minutes) if hui.begins_at else None
