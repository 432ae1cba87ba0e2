"""Which contacts a person sees: through the children they see, and never one who is limited without the right to."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from commsbridge import schools, students, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import sort_key
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.acting import Here
from commsbridge.whanau import Contact, Guardianship, MayMessage


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a contact to one child whom the viewer sees."""

    student: Student
    guardianship: Guardianship


@dataclass(frozen=True, slots=True)
class Seen:
    """A contact with the children about whom this viewer may know of them: at least one."""

    contact: Contact
    ties: tuple[Tie, ...]


def contact_for(here: Here, contact_id: uuid.UUID) -> Seen:
    """A contact whom the viewer may see.

    Raises NotFound, in the same words for one who is limited, with a child not seen, at another school, or nobody.
    """
    found = contacts_seen(here, [contact_id])
    if not found:
        raise NotFound(N_("We cannot find that contact among those you see."))
    return found[0]


def contacts_seen(here: Here, contact_ids: Collection[uuid.UUID]) -> list[Seen]:
    """Those of these contacts whom the viewer may see, in the order given."""
    contacts = whanau.contacts_by_id(here.work, contact_ids)
    ties = whanau.ties_of(here.work, contact_ids, on=schools.today(here.work))
    children = children_seen(here, {tie.student_id for found in ties.values() for tie in found})
    seen = []
    for contact_id in contact_ids:
        own = [
            Tie(children[tie.student_id], tie)
            for tie in ties[contact_id]
            if tie.student_id in children and may_know(here, tie)
        ]
        if own:
            by_name = sorted(own, key=lambda tie: sort_key(tie.student.preferred_name))
            seen.append(Seen(contacts[contact_id], tuple(by_name)))
    return seen


def may_know(here: Here, tie: Guardianship) -> bool:
    """Whether the viewer may know of this tie at all."""
    return tie.may_message != MayMessage.NO or here.viewer.may(Permission.SEE_LIMITS)


def children_seen(here: Here, student_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Student]:
    """Those of these children whom the viewer may see, by id."""
    seen = {}
    for student_id in student_ids:
        try:
            seen[student_id] = students.student_for(here.work, here.viewer, student_id)
        except NotFound:
            continue
    return seen


def note_limits_seen(here: Here, seen: Seen) -> None:
    """Write down that somebody looked at a limit, where there is one to see."""
    for tie in seen.ties:
        if tie.guardianship.may_message == MayMessage.NO:
            schools.note_look(here.work, subject="limit", subject_id=tie.student.id)
