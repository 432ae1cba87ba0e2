"""The contacts of a judged roll -> contacts and guardianships: added where new, made stricter where the file is."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from commsbridge.foundation.names import fold
from commsbridge.foundation.work import Work
from commsbridge.schools import Role, today
from commsbridge.students import Student
from commsbridge.tasks import Task, TaskKind, give_task
from commsbridge.whanau.actions import ask_language, set_access
from commsbridge.whanau.ledger import note_agreed
from commsbridge.whanau.models import Contact, Guardianship, LanguageAsked, MayMessage, Way
from commsbridge.whanau.roll.cells import fuller_spelling
from commsbridge.whanau.roll.judged import JudgedContact, JudgedLink

Pair = tuple[uuid.UUID, uuid.UUID]
"""A contact's id and a student's."""


@dataclass(slots=True)
class Related:
    """What relating did; ``restricted`` and ``asked`` are pairs that could be messaged about before."""

    added: list[Guardianship] = field(default_factory=list)
    restricted: list[Pair] = field(default_factory=list)
    asked: list[Pair] = field(default_factory=list)


def take_contacts(work: Work, judged: Sequence[JudgedContact]) -> tuple[list[uuid.UUID], int]:
    """Add the new contacts, and to the known ones the addresses they lack; ids in the same order, and how many are new.

    What a known contact has stays: the order of ways, an address taken off, a language the family asked for.
    """
    known = [contact.known for contact in judged if contact.known is not None]
    held = {contact.id: contact for contact in work.session.scalars(select(Contact).where(Contact.id.in_(known)))}
    ways: dict[uuid.UUID, list[Way]] = defaultdict(list)
    for way in work.session.scalars(select(Way).where(Way.contact_id.in_(known))):
        ways[way.contact_id].append(way)
    contacts = [_new(work, one) if one.known is None else held[one.known] for one in judged]
    work.session.flush()
    for contact, one in zip(contacts, judged, strict=True):
        contact.name = fuller_spelling(contact.name, one.name)
        _add_ways(work, contact.id, one, ways[contact.id])
    work.session.flush()
    ids = [contact.id for contact in contacts]
    _take_languages(work, dict(zip(contacts, judged, strict=True)))
    return ids, len(ids) - len(held)


def relate_all(
    work: Work, links: Sequence[JudgedLink], contacts: Sequence[uuid.UUID], by_external_id: Mapping[str, Student]
) -> Related:
    """Relate contacts to children: new ones as the file says, known ones only ever more strictly.

    Who was once taken off a child by a person comes back as a question, not as a yes.
    """
    standing, ended = _guardianships(work, {student.id for student in by_external_id.values()})
    asked_before = _asked_before(work)
    with_contact = {student_id for _, student_id in standing}
    related = Related()
    day = today(work)
    for link in links:
        pair = (contacts[link.contact], by_external_id[link.student].id)
        if pair in standing:
            _tighten(work, related, standing[pair], link, answered=pair in asked_before)
            continue
        wish = MayMessage.ASK if pair in ended and link.may_message == MayMessage.YES else link.may_message
        primary = pair[1] not in with_contact and wish != MayMessage.NO
        if primary:
            with_contact.add(pair[1])
        row = Guardianship(
            id=uuid.uuid4(),
            contact_id=pair[0],
            student_id=pair[1],
            relationship=link.relationship,
            may_message=wish,
            primary=primary,
            from_on=day,
        )
        work.session.add(row)
        related.added.append(row)
    work.session.flush()
    for row in related.added:
        if row.may_message == MayMessage.ASK:
            _ask(work, row)
    return related


def _tighten(work: Work, related: Related, row: Guardianship, link: JudgedLink, *, answered: bool) -> None:
    """Restrict, or ask, where the file is stricter; ``answered`` when a person has said yes to that question before."""
    row.relationship = row.relationship or link.relationship
    pair = (row.contact_id, row.student_id)
    if link.may_message == MayMessage.NO and row.may_message != MayMessage.NO:
        set_access(work, *pair, may_message=MayMessage.NO, reason=None)
        related.restricted.append(pair)
    elif link.may_message == MayMessage.ASK and row.may_message == MayMessage.YES and not answered:
        _ask(work, set_access(work, *pair, may_message=MayMessage.ASK, reason=None))
        related.asked.append(pair)


def _ask(work: Work, row: Guardianship) -> None:
    """Somebody who may set limits is asked whether this contact may be messaged about this child."""
    give_task(
        work,
        TaskKind.CONFIRM_ACCESS,
        role=Role.LEARNING_SUPPORT,
        student_id=row.student_id,
        contact_id=row.contact_id,
        subject_id=row.id,
    )


def _new(work: Work, judged: JudgedContact) -> Contact:
    contact = Contact(id=uuid.uuid4(), name=judged.name, name_key=judged.key, created_at=work.now)
    work.session.add(contact)
    return contact


def _add_ways(work: Work, contact_id: uuid.UUID, judged: JudgedContact, held: Collection[Way]) -> None:
    """A known contact gains only addresses they never had; one without an address is somebody's choice already."""
    addresses = {way.address for way in held}
    rank = max((way.rank for way in held), default=0)
    for way in judged.ways:
        if judged.known is not None and (way.address is None or way.address in addresses):
            continue
        rank += 1
        new = Way(contact_id=contact_id, channel=way.channel, address=way.address, rank=rank, changed_at=work.now)
        work.session.add(new)
        note_agreed(work, [new], evidence="roll")


def _take_languages(work: Work, judged: Mapping[Contact, JudgedContact]) -> None:
    """Note the language of the file, unless the family itself asked for one."""
    day = today(work)
    wanted = {contact.id: (contact, one.language) for contact, one in judged.items() if one.language is not None}
    rows = select(LanguageAsked).where(LanguageAsked.contact_id.in_(wanted), LanguageAsked.to_on.is_(None))
    current = {row.contact_id: row for row in work.session.scalars(rows)}
    for contact_id, (contact, language) in wanted.items():
        row = current.get(contact_id)
        if row is None:
            work.session.add(LanguageAsked(contact_id=contact_id, language=language, from_on=day))
        elif not row.asked_by_family and fold(row.language) != fold(language):
            ask_language(work, contact, language, by_family=False)
    work.session.flush()


def _guardianships(work: Work, student_ids: Collection[uuid.UUID]) -> tuple[dict[Pair, Guardianship], set[Pair]]:
    """Those that hold today, and the pairs that have only older ones."""
    rows = work.session.scalars(select(Guardianship).where(Guardianship.student_id.in_(student_ids))).all()
    standing = {(row.contact_id, row.student_id): row for row in rows if row.to_on is None}
    return standing, {(row.contact_id, row.student_id) for row in rows} - standing.keys()


def _asked_before(work: Work) -> set[Pair]:
    """Pairs of whom a person was once asked: a yes of theirs is that person's answer."""
    tasks = work.session.execute(select(Task.contact_id, Task.student_id).where(Task.kind == TaskKind.CONFIRM_ACCESS))
    return {(contact_id, student_id) for contact_id, student_id in tasks if contact_id and student_id}
