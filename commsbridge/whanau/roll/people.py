"""Who is one person: a name with one mobile, else one mail address, else one landline; never a name alone."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from commsbridge.foundation.addresses import Phone
from commsbridge.whanau.models import Channel
from commsbridge.whanau.roll.cells import fuller_spelling
from commsbridge.whanau.roll.judged import JudgedContact, JudgedWay, KnownRoll, Standing


@dataclass(slots=True, eq=False)
class Person:
    """A contact while a file is judged; addresses in the order they were met. ``rows`` name it in this file."""

    name: str
    key: str
    known: uuid.UUID | None = None
    mobiles: dict[str, Standing] = field(default_factory=dict)
    landlines: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    from_file: dict[str, None] = field(default_factory=dict)
    language: str | None = None
    language_row: int = 0
    channels: tuple[Channel, ...] = ()
    channels_row: int = 0

    def current_mobile(self) -> str | None:
        """The mobile in use, or None."""
        return next((number for number, standing in self.mobiles.items() if standing is Standing.CURRENT), None)

    def judged(self) -> JudgedContact:
        """The person as this file has them: only addresses that the file names, in the order it asks for."""
        ways = tuple(dict.fromkeys([*self._ways_asked_for(), *self._ways_by_default()]))
        return JudgedContact(self.name, self.key, ways, self.language, self.channels, self.known)

    def _ways_asked_for(self) -> Iterator[JudgedWay]:
        numbers = [way.address for way in self._ways_by_default() if way.channel is not Channel.EMAIL]
        for channel in self.channels:
            if channel is Channel.CALL:
                yield from (JudgedWay(channel, number) for number in numbers[:1])
            elif channel in (Channel.TEXT, Channel.EMAIL):
                yield from (way for way in self._ways_by_default() if way.channel is channel)
            else:
                yield JudgedWay(channel, None)

    def _ways_by_default(self) -> Iterator[JudgedWay]:
        in_use = [number for number, standing in self.mobiles.items() if standing is Standing.CURRENT]
        for channel, addresses in (
            (Channel.TEXT, in_use),
            (Channel.EMAIL, self.emails),
            (Channel.CALL, self.landlines),
        ):
            yield from (JudgedWay(channel, address) for address in addresses if address in self.from_file)


@dataclass(frozen=True, slots=True)
class Met:
    """Who a row speaks of.

    ``instead_of`` is the mobile that the row's number would replace, for a person to confirm; ``newer`` the mobile that
    a person has confirmed since the row's number was found wrong.
    """

    person: Person
    instead_of: str | None = None
    newer: str | None = None


class People:
    """Everyone met so far: those of the roll with the names in the file, and those of the file."""

    def __init__(self, known: KnownRoll) -> None:
        """Start from what the school holds."""
        self._known = known
        self._of_name: dict[str, list[Person]] = {}
        self._of_student: dict[tuple[str, str], list[Person]] = {}
        self._students_of: dict[uuid.UUID, set[str]] = defaultdict(set)
        for student, contacts in known.guardians.items():
            for contact in contacts:
                self._students_of[contact].add(student)

    def meet(self, student: str, name: str, key: str, *, phone: Phone | None, email: str | None) -> Met:
        """The person of this name with these addresses (at least one), found or new, linked to the student."""
        same_name = self._namesakes(key)
        met = self._by_mobile(student, key, phone.e164, email) if phone and phone.textable else None
        if met is None:
            found = None if phone and phone.textable else _by_mail_or_landline(same_name, phone, email)
            met = Met(found or Person(name, key))
        met.person.name = fuller_spelling(met.person.name, name)
        if met.person not in same_name:
            same_name.append(met.person)
        linked = self._of_student.setdefault((student, key), [])
        if met.person not in linked:
            linked.append(met.person)
        _add_addresses(met, phone, email)
        return met

    def _by_mobile(self, student: str, key: str, mobile: str, email: str | None) -> Met | None:
        linked = [person for person in self._linked(student, key) if person.mobiles]
        for person in linked:
            if mobile in person.mobiles:
                return _known_number(person, mobile)
        for person in linked:
            return Met(person, instead_of=person.current_mobile() or next(iter(person.mobiles)))
        for person in self._namesakes(key):
            if mobile in person.mobiles:
                return Met(person)
        by_mail = (p for p in self._namesakes(key) if email is not None and not p.mobiles and email in p.emails)
        return next((Met(person) for person in by_mail), None)

    def _linked(self, student: str, key: str) -> list[Person]:
        self._namesakes(key)
        return self._of_student.get((student, key), [])

    def _namesakes(self, key: str) -> list[Person]:
        """Everyone of this name; on first asking, those whom the roll already holds."""
        if key not in self._of_name:
            self._of_name[key] = []
            for contact in self._known.contacts.get(key, ()):
                person = Person(
                    contact.name,
                    key,
                    contact.id,
                    dict(contact.mobiles),
                    list(contact.landlines),
                    list(contact.emails),
                )
                self._of_name[key].append(person)
                for student in self._students_of[contact.id]:
                    self._of_student.setdefault((student, key), []).append(person)
        return self._of_name[key]


def _known_number(person: Person, mobile: str) -> Met:
    """What a number that this person already has says: nothing new, still to confirm, or overtaken."""
    standing = person.mobiles[mobile]
    current = person.current_mobile()
    if standing is Standing.CURRENT or current is None or current == mobile:
        return Met(person)
    return Met(person, instead_of=current) if standing is Standing.AWAITING else Met(person, newer=current)


def _by_mail_or_landline(same_name: list[Person], phone: Phone | None, email: str | None) -> Person | None:
    for person in same_name:
        if email is not None and email in person.emails:
            return person
    for person in same_name:
        told_apart = email is not None and person.emails
        if phone is not None and phone.e164 in person.landlines and not told_apart:
            return person
    return None


def _add_addresses(met: Met, phone: Phone | None, email: str | None) -> None:
    person = met.person
    if phone is not None and phone.textable:
        person.mobiles.setdefault(phone.e164, Standing.CURRENT if met.instead_of is None else Standing.AWAITING)
    elif phone is not None and phone.e164 not in person.landlines:
        person.landlines.append(phone.e164)
    if email is not None and email not in person.emails:
        person.emails.append(email)
    for address in (None if phone is None else phone.e164, email):
        if address is not None:
            person.from_file.setdefault(address)
