"""What the school already holds, in the form that a file is judged beside."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import func, or_, select

from commsbridge import students
from commsbridge.foundation.addresses import read_phone
from commsbridge.foundation.work import Work
from commsbridge.whanau.models import Channel, Contact, Guardianship, MayMessage, Way, WayState
from commsbridge.whanau.roll.judged import KnownContact, KnownRoll, Standing

TO_CONFIRM = "to_confirm"
"""Why a new number is held: a person has not confirmed it yet."""


def known_roll(work: Work) -> KnownRoll:
    """Students, contacts and restrictions of the school, in four queries.

    Until the work ends no other import of this school begins: two at once would make one person twice.
    """
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"roll {work.school_id}", 0))))
    roll_ids = {student.id: student for student in students.students_by_roll_id(work).values()}
    contacts = _contacts(work)
    guardians: dict[str, list[uuid.UUID]] = defaultdict(list)
    restrictions = set()
    for guardianship in work.session.scalars(select(Guardianship).where(Guardianship.to_on.is_(None))):
        roll_id = roll_ids[guardianship.student_id].roll_id
        guardians[roll_id].append(guardianship.contact_id)
        if guardianship.may_message == MayMessage.NO:
            restrictions.add((roll_id, contacts[guardianship.contact_id][0]))
    same_name: dict[str, list[KnownContact]] = defaultdict(list)
    for key, contact in contacts.values():
        same_name[key].append(contact)
    return KnownRoll(
        students={student.roll_id: student.name for student in roll_ids.values()},
        contacts={key: tuple(found) for key, found in same_name.items()},
        guardians={roll_id: tuple(found) for roll_id, found in guardians.items()},
        restrictions=frozenset(restrictions),
    )


def _contacts(work: Work) -> dict[uuid.UUID, tuple[str, KnownContact]]:
    """Each contact with the key of their name, by id, oldest first."""
    ways: dict[uuid.UUID, list[Way]] = defaultdict(list)
    addressed = select(Way).where(or_(Way.channel == Channel.CALL, Way.address.is_not(None)))
    for way in work.session.scalars(addressed.order_by(Way.rank, Way.id)):
        ways[way.contact_id].append(way)
    wanted = select(Contact).order_by(Contact.created_at, Contact.id)
    return {
        contact.id: (contact.name_key, _known(contact, ways[contact.id])) for contact in work.session.scalars(wanted)
    }


def _known(contact: Contact, ways: Iterable[Way]) -> KnownContact:
    mobiles: dict[str, Standing] = {}
    landlines: dict[str, None] = {}
    emails: dict[str, None] = {}
    for way in ways:
        if way.address is None:
            continue
        if way.channel == Channel.EMAIL:
            emails[way.address] = None
        elif way.channel == Channel.TEXT or read_phone(way.address).textable:
            mobiles[way.address] = _stronger(mobiles.get(way.address), _standing(way))
        else:
            landlines[way.address] = None
    return KnownContact(contact.id, contact.name, mobiles, tuple(landlines), tuple(emails))


def _standing(way: Way) -> Standing:
    if way.state == WayState.WRONG:
        return Standing.PAST
    awaiting = way.state == WayState.HELD and way.why == TO_CONFIRM
    return Standing.AWAITING if awaiting else Standing.CURRENT


def _stronger(held: Standing | None, found: Standing) -> Standing:
    """A number that is text and call way at once stands as the better of the two."""
    order = (Standing.PAST, Standing.AWAITING, Standing.CURRENT)
    return found if held is None else max(held, found, key=order.index)
