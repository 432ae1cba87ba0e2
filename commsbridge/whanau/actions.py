"""Verbs of whānau: add a contact, relate them to a child, set ways and language, pause, and keep the consent ledger.

What withdraws a permission must also stop what is already waiting: for that, call the verbs of messages.withdrawals,
which call these and cancel or hold in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, time, timedelta

from sqlalchemy import or_, select, update

from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.addresses import read_email, read_phone
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import name_key
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.schools import today
from commsbridge.whanau.ledger import note_agreed, note_wish
from commsbridge.whanau.models import (
    Channel,
    ConsentKind,
    Contact,
    Guardianship,
    Household,
    LanguageAsked,
    MayMessage,
    Pause,
    Way,
    WayState,
)


def add_household(work: Work, label: str = "") -> Household:
    """A new home."""
    household = Household(id=uuid.uuid4(), label=tidy(label))
    work.session.add(household)
    work.session.flush()
    return household


def add_contact(
    work: Work,
    name: str,
    *,
    language: str,
    ways: Sequence[tuple[Channel, str | None]],
    household_id: uuid.UUID | None = None,
    from_on: date,
    greeting: str | None = None,
) -> Contact:
    """A new contact with the language asked for and ways to reach, in order. Raises Invalid for a bad address."""
    kept = tidy(name)
    if not kept:
        raise Invalid(N_("Write the contact's name."), field="name")
    contact = Contact(id=uuid.uuid4(), name=kept, name_key=name_key(kept), household_id=household_id, greeting=greeting)
    work.session.add(contact)
    work.session.flush()
    work.session.add(LanguageAsked(contact_id=contact.id, language=language, from_on=from_on))
    work.session.add_all(
        Way(id=uuid.uuid4(), contact_id=contact.id, channel=channel, address=address, rank=rank, changed_at=work.now)
        for rank, (channel, address) in enumerate(read_ways(ways), start=1)
    )
    work.session.flush()
    return contact


def _read_address(channel: Channel, written: str | None) -> tuple[str | None, bool]:
    if channel is Channel.EMAIL:
        return read_email(written or ""), True
    if channel in {Channel.TEXT, Channel.CALL}:
        phone = read_phone(written or "")
        return phone.e164, phone.textable
    return None, True


def read_ways(ways: Sequence[tuple[Channel, str | None]]) -> list[tuple[Channel, str | None]]:
    """Ways as they are kept, each once: addresses in the carriers' form, and a phone that cannot get texts is rung.

    Raises Invalid for an address that cannot be.
    """
    read: dict[tuple[Channel, str | None], None] = {}
    for channel, written in ways:
        address, usable = _read_address(channel, written)
        read[Channel.CALL if channel is Channel.TEXT and not usable else channel, address] = None
    return list(read)


def set_ways(work: Work, contact: Contact, ways: Sequence[tuple[Channel, str | None]]) -> list[Way]:
    """Replace a contact's ways by these, in order; a way that stays the same keeps what is known of it.

    Raises Invalid, and changes nothing, when an address cannot be.
    """
    read = read_ways(ways)
    known = {(way.channel, way.address): way for way in work.session.scalars(_ways_of(contact.id))}
    kept: list[Way] = []
    new: list[Way] = []
    for rank, (channel, address) in enumerate(read, start=1):
        way = known.pop((channel, address), None)
        if way is None:
            way = Way(id=uuid.uuid4(), contact_id=contact.id, channel=channel, address=address, changed_at=work.now)
            work.session.add(way)
            new.append(way)
        elif way.rank == 0:
            way.state, way.why, way.changed_at = WayState.OK, None, work.now
            new.append(way)
        way.rank = rank
        kept.append(way)
    note_agreed(work, new, evidence="staff")
    for way in known.values():
        if way.rank > 0:
            way.rank, way.state, way.why, way.changed_at = 0, WayState.WRONG, "replaced", work.now
    work.session.flush()
    return kept


def _ways_of(contact_id: uuid.UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return select(Way).where(Way.contact_id == contact_id)


def mark_ways(work: Work, *, address: str, state: WayState, why: str) -> list[Way]:
    """Say of every way with this address what was learnt of it: wrong, not textable, held, or good again.

    A phone that cannot get texts can be rung: only its text ways are marked, and only those marked are returned.
    """
    wanted = select(Way).where(Way.address == address, Way.rank > 0)
    if state is WayState.NOT_TEXTABLE:
        wanted = wanted.where(Way.channel == Channel.TEXT)
    ways = list(work.session.scalars(wanted.order_by(Way.id)))
    for way in ways:
        way.state, way.why, way.changed_at = state, why, work.now
    work.session.flush()
    return ways


def ask_language(work: Work, contact: Contact, language: str, *, by_family: bool) -> LanguageAsked:
    """Note the language a contact asks for from today on; what was asked before keeps its dates."""
    day = today(work)
    work.forget(("language", contact.id))
    current = work.session.scalars(
        select(LanguageAsked).where(LanguageAsked.contact_id == contact.id, LanguageAsked.to_on.is_(None))
    ).all()
    for row in current:
        if row.language == language and (row.asked_by_family or not by_family):
            return row
        if row.from_on == day:
            row.language, row.asked_by_family = language, by_family
            work.session.flush()
            return row
        row.to_on = day - timedelta(days=1)
    asked = LanguageAsked(
        id=uuid.uuid4(), contact_id=contact.id, language=language, from_on=day, asked_by_family=by_family
    )
    work.session.add(asked)
    work.session.flush()
    return asked


def set_hours(work: Work, contact: Contact, *, quiet_from: time | None, quiet_until: time | None) -> bool:
    """The hours in which a contact wants quiet (school's local time); both None: the school's own. False if unchanged.

    What already waits must follow: messages.set_hours does both.
    """
    if (quiet_from is None) != (quiet_until is None):
        raise Invalid(N_("Give both times, or neither."), field="quiet_from")
    if (contact.quiet_from, contact.quiet_until) == (quiet_from, quiet_until):
        return False
    contact.quiet_from, contact.quiet_until = quiet_from, quiet_until
    wish = f"{quiet_from:%H:%M}-{quiet_until:%H:%M}" if quiet_from and quiet_until else None
    note_wish(work, ConsentKind.HOURS, contact_id=contact.id, wish=wish, evidence="staff")
    work.session.flush()
    return True


def relate(
    work: Work,
    contact_id: uuid.UUID,
    student_id: uuid.UUID,
    *,
    relationship: str,
    may_message: MayMessage,
    from_on: date,
    limit_reason: str | None = None,
    primary: bool = False,
) -> Guardianship:
    """Relate a contact to a child from a day on, and say whether they may be messaged about this child.

    Raises Conflict when they are with this child already: two rows could say two things about one permission.
    """
    pair = Guardianship.contact_id == contact_id, Guardianship.student_id == student_id
    standing = select(Guardianship.id).where(*pair, or_(Guardianship.to_on.is_(None), Guardianship.to_on >= from_on))
    if work.session.scalar(standing.limit(1)) is not None:
        name = work.session.scalar(select(Contact.name).where(Contact.id == contact_id))
        raise Conflict(N_("%(name)s is a contact of this child already."), field="name", name=name)
    guardianship = Guardianship(
        id=uuid.uuid4(),
        contact_id=contact_id,
        student_id=student_id,
        relationship=tidy(relationship),
        may_message=may_message,
        limit_reason=limit_reason,
        primary=primary,
        from_on=from_on,
    )
    work.session.add(guardianship)
    work.session.flush()
    return guardianship


def set_access(
    work: Work, contact_id: uuid.UUID, student_id: uuid.UUID, *, may_message: MayMessage, reason: str | None
) -> Guardianship:
    """From today on a contact may, may not, or may perhaps be messaged about a child; what was keeps its dates."""
    current = work.session.scalars(
        select(Guardianship)
        .where(
            Guardianship.contact_id == contact_id, Guardianship.student_id == student_id, Guardianship.to_on.is_(None)
        )
        .with_for_update()
    ).first()
    if current is None:
        raise NotFound(N_("That contact is not with this child."))
    day = today(work)
    if current.from_on == day:
        current.may_message, current.limit_reason = may_message, reason
        work.session.flush()
        return current
    current.to_on = day - timedelta(days=1)
    return relate(
        work,
        contact_id,
        student_id,
        relationship=current.relationship,
        may_message=may_message,
        limit_reason=reason,
        primary=current.primary,
        from_on=day,
    )


def start_pause(
    work: Work,
    *,
    student_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
    until_on: date | None = None,
    by_family: bool = False,
    hard_day: bool = False,
    for_safety: bool = False,
) -> Pause:
    """A quiet time for a child's whole whānau or for one contact, until the end of a day or until somebody ends it."""
    if until_on is not None and until_on < today(work):
        raise Invalid(N_("That day has passed. Choose a day to come, or leave it open."), field="until_on")
    pause = Pause(
        id=uuid.uuid4(),
        student_id=student_id,
        contact_id=contact_id,
        from_at=work.now,
        until_on=until_on,
        asked_by_family=by_family,
        hard_day=hard_day,
        for_safety=for_safety,
        begun_by=work.actor.id,
    )
    work.session.add(pause)
    work.session.flush()
    _note_pause(work, ConsentKind.PAUSE, pause)
    return pause


def set_no_answers(work: Work, contact: Contact, *, no_answers: bool) -> None:
    """Say whether others may read this contact's phone, so that nothing about safety is answered there by itself."""
    contact.no_answers = no_answers
    work.session.flush()


def end_pause(work: Work, pause_id: uuid.UUID) -> Pause:
    """End a quiet time now."""
    pause = work.session.get(Pause, pause_id)
    if pause is None:
        raise NotFound(N_("That pause is not here."))
    if pause.ended_at is None:
        pause.ended_at, pause.ended_by = work.now, work.actor.id
        _note_pause(work, ConsentKind.PAUSE_ENDED, pause)
    return pause


def _note_pause(work: Work, kind: ConsentKind, pause: Pause) -> None:
    """The ledger holds what families asked for; a hard day and what safety asks are the school's own."""
    if pause.hard_day or pause.for_safety:
        work.session.flush()
        return
    until = f"until {pause.until_on}" if pause.until_on else None
    by_family = pause.asked_by_family and work.actor.kind is not ActorKind.STAFF
    note_wish(
        work,
        kind,
        contact_id=pause.contact_id,
        student_id=pause.student_id,
        wish=until,
        evidence="link" if by_family else "staff",
        evidence_id=pause.id,
    )


def not_yet_welcomed(work: Work, contact_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these contacts who have never been welcomed; all are held, so that one act at a time decides it.

    They are locked in the order of their ids, and without hindering rows that point at them.
    """
    rows = select(Contact.id, Contact.welcomed_at).where(Contact.id.in_(contact_ids)).order_by(Contact.id)
    held = work.session.execute(rows.with_for_update(key_share=True)).all()
    return {contact_id for contact_id, welcomed_at in held if welcomed_at is None}


def mark_welcomed(work: Work, contact_ids: Sequence[uuid.UUID]) -> None:
    """Remember that these contacts' first message, the welcome, has been written."""
    new = update(Contact).where(Contact.id.in_(contact_ids), Contact.welcomed_at.is_(None))
    work.session.execute(new.values(welcomed_at=work.now))


def forget_welcome(work: Work, contact_ids: Sequence[uuid.UUID]) -> None:
    """The welcome was taken back before it went: the next message will be preceded by it again."""
    work.session.execute(update(Contact).where(Contact.id.in_(contact_ids)).values(welcomed_at=None))
