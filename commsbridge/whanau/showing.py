"""The homes of a child, and those that wish to be named to one another: only where each of them has asked."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from commsbridge.foundation.work import Work
from commsbridge.whanau.models import Contact, Guardianship, HomeShowing, MayMessage
from commsbridge.whanau.queries import now_related


@dataclass(frozen=True, slots=True)
class HomeOfChild:
    """One home of a child: those of it who may be told of the child today, each with their relationship.

    ``everybody`` are all contacts of the home, whomever of its children they hear of.
    """

    key: uuid.UUID
    people: tuple[tuple[Contact, str], ...]
    everybody: frozenset[uuid.UUID]


def home_of(contact: Contact) -> uuid.UUID:
    """Which home a contact is of; whoever is of none that is written down is one alone."""
    return contact.household_id or contact.id


def homes_about(work: Work, student_id: uuid.UUID, *, on: date) -> list[HomeOfChild]:
    """The homes of a child in which somebody may be told of them on a day, primary contacts first."""
    rows = (
        select(Contact, Guardianship)
        .join(Guardianship, (Contact.school_id == Guardianship.school_id) & (Contact.id == Guardianship.contact_id))
        .where(Guardianship.student_id == student_id, Guardianship.may_message == MayMessage.YES, *now_related(on))
        .order_by(Guardianship.primary.desc(), Contact.name, Contact.id)
    )
    people: dict[uuid.UUID, list[tuple[Contact, str]]] = defaultdict(list)
    for contact, tie in work.session.execute(rows).all():
        people[home_of(contact)].append((contact, tie.relationship))
    living = select(Contact.id, Contact.household_id).where(Contact.household_id.in_(people))
    everybody: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for contact_id, household_id in work.session.execute(living).all():
        if household_id is not None:
            everybody[household_id].add(contact_id)
    return [
        HomeOfChild(key, tuple(found), frozenset(everybody[key] | {contact.id for contact, _ in found}))
        for key, found in people.items()
    ]


def ask_to_be_named(work: Work, contact: Contact, student_id: uuid.UUID, *, asks: bool) -> None:
    """A home asks that it is named to another home of this child that asks too, or takes that back."""
    row = HomeShowing(student_id=student_id, home=home_of(contact), contact_id=contact.id, asks=asks, at=work.now)
    work.session.add(row)
    work.session.flush()


def homes_asking(work: Work, student_id: uuid.UUID) -> set[uuid.UUID]:
    """The homes that ask to be named: of each home what somebody of it said last."""
    rows = select(HomeShowing).where(HomeShowing.student_id == student_id)
    last = {
        each.home: each.asks for each in work.session.scalars(rows.order_by(HomeShowing.at, HomeShowing.asks.desc()))
    }
    return {home for home, asks in last.items() if asks}


def named_to(
    work: Work, homes: Collection[HomeOfChild], student_id: uuid.UUID, home: uuid.UUID, *, on: date
) -> list[HomeOfChild]:
    """The other homes that a home is told of: both asked, and nobody of either is kept from the child."""
    asking = homes_asking(work, student_id)
    if home not in asking:
        return []
    able = homes_not_kept(work, homes, student_id, on=on)
    open_to = [each for each in able if each.key in asking]
    return [each for each in open_to if each.key != home] if any(each.key == home for each in open_to) else []


def homes_not_kept(work: Work, homes: Collection[HomeOfChild], student_id: uuid.UUID, *, on: date) -> list[HomeOfChild]:
    """Those of the homes in which nobody is kept from the child: only these may be brought together."""
    kept = _kept_from(work, student_id, on=on)
    return [each for each in homes if not each.everybody & kept]


def _kept_from(work: Work, student_id: uuid.UUID, *, on: date) -> set[uuid.UUID]:
    rows = select(Guardianship.contact_id).where(
        Guardianship.student_id == student_id, Guardianship.may_message == MayMessage.NO, *now_related(on)
    )
    return set(work.session.scalars(rows))
