"""A judged roll -> the school's rows: adds and tightens, never undoes what a family or a person of the school chose."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from commsbridge.foundation.work import Work
from commsbridge.whanau.roll.enrolling import enrol_students, note_who_left
from commsbridge.whanau.roll.judged import JudgedRoll
from commsbridge.whanau.roll.relating import Pair, relate_all, take_contacts
from commsbridge.whanau.roll.renumbering import hold_changed_numbers


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import changed; all zero and empty the second time.

    ``restricted`` and ``asked`` are pairs (contact id, student id) that could be messaged about before,
    ``numbers_held`` E.164, ``left`` student ids: what already waits for any of these must be stopped in the same work.
    ``teachers_unknown`` are mail addresses of the file that no member of staff has.
    """

    students_added: int
    students_returned: int
    contacts_added: int
    links_added: int
    restricted: tuple[Pair, ...]
    asked: tuple[Pair, ...]
    numbers_held: tuple[str, ...]
    left: tuple[uuid.UUID, ...]
    teachers_unknown: tuple[str, ...]


def apply_roll(work: Work, judged: JudgedRoll, *, whole_school: bool = False) -> Applied:
    """Take a judged roll in; ``judged`` beside known_roll of the same work.

    With ``whole_school`` students of whom the file says nothing leave. Raises Conflict, and changes nothing, when the
    file has rows whose student could not be told.
    """
    left = note_who_left(work, judged) if whole_school else ()
    enrolled = enrol_students(work, judged.students)
    contacts, contacts_added = take_contacts(work, judged.contacts)
    related = relate_all(work, judged.links, contacts, enrolled.by_external_id)
    held = hold_changed_numbers(work, judged.changes_to_confirm, contacts, enrolled.by_external_id)
    return Applied(
        students_added=enrolled.added,
        students_returned=enrolled.returned,
        contacts_added=contacts_added,
        links_added=len(related.added),
        restricted=tuple(related.restricted),
        asked=tuple(related.asked),
        numbers_held=held,
        left=left,
        teachers_unknown=enrolled.teachers_unknown,
    )
