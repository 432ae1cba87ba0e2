"""The way to a contact's own page: a link that a message brought, and a code that proves each device that is new.

A link alone shows nothing of anybody: it may be copied, passed on, or opened by whoever scans the mail.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from commsbridge import messages, schools, students, whanau
from commsbridge.books.family_models import FamilyClosing, FamilyCode, FamilyDevice
from commsbridge.books.family_word import is_word, word_of
from commsbridge.foundation import tokens
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages import CODE_LASTS, Delivery, Links
from commsbridge.whanau import CARRIED, Channel, Contact, Recipient, WayState

MOST_CODES_AN_HOUR = 3
MOST_TRIES = 5
# A device that nobody opened the page on for so long is asked again.
DEVICE_LASTS = timedelta(days=180)
_NOT_HERE = N_("This link opens nothing any more. Text BOOK to the school for a new one.")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose page a link leads to, and the children they may hear of today."""

    contact: Contact
    delivery: Delivery
    students: tuple[uuid.UUID, ...]


def holder_of(work: Work, delivery_id: uuid.UUID) -> Holder:
    """Whose link it is, if it still opens anything.

    Raises NotFound, always in the same words, when it was closed, when the phone or mail it went to is no longer theirs
    or not known to be, and when they may hear of no child today.
    """
    found = messages.delivery_of(work, delivery_id)
    if found is None or found[0].contact_id is None:
        raise NotFound(_NOT_HERE)
    delivery = found[0]
    contact_id = found[0].contact_id
    writer = whanau.writer_for(work, contact_id, on=schools.today(work))
    closed = _closed_since(work, contact_id, delivery.made_at)
    if writer is None or closed or not _still_theirs(work, delivery):
        raise NotFound(_NOT_HERE)
    gone = students.left_by(work, writer.students, schools.today(work))
    here = tuple(each for each in writer.students if each not in gone)
    if not here:
        raise NotFound(_NOT_HERE)
    return Holder(writer.contact, delivery, here)


def _closed_since(work: Work, contact_id: uuid.UUID, at: datetime) -> bool:
    rows = select(FamilyClosing.id).where(FamilyClosing.contact_id == contact_id, FamilyClosing.at >= at)
    return work.session.scalar(rows.limit(1)) is not None


def _still_theirs(work: Work, delivery: Delivery) -> bool:
    """Whether the phone or mail a link went to is a way of theirs that nobody doubts."""
    if delivery.contact_id is None:
        return False
    return any(
        way.channel == delivery.channel and way.address == delivery.address and way.state is WayState.OK
        for way in whanau.ways_in_use(work, delivery.contact_id)
    )


def recipient_of(work: Work, contact: Contact) -> Recipient:
    """The contact as letters address them, whichever child it is about. Raises NotFound for nobody's contact."""
    on = schools.today(work)
    for tie in whanau.ties_of(work, [contact.id], on=on)[contact.id]:
        for each in whanau.recipients_of(work, tie.student_id, on=on, sender_ids=()):
            if each.contact_id == contact.id:
                return each
    raise NotFound(_NOT_HERE)


def ask_code(work: Work, holder: Holder, *, links: Links) -> Delivery:
    """Send a code to where the link went. Raises NotAllowed after too many in an hour, or where a STOP holds."""
    since = work.now - timedelta(hours=1)
    lately = select(func.count()).where(FamilyCode.contact_id == holder.contact.id, FamilyCode.made_at > since)
    if (work.session.scalar(lately) or 0) >= MOST_CODES_AN_HOUR:
        raise NotAllowed(N_("We have sent several codes already. Wait an hour, or ring the school."))
    if messages.is_stopped(work, holder.delivery):
        raise NotAllowed(N_("Messages to this phone or mail are stopped, so no code can come. Ring the school."))
    code = f"{secrets.randbelow(10**6):06d}"
    row = FamilyCode(
        id=uuid.uuid4(),
        contact_id=holder.contact.id,
        delivery_id=holder.delivery.id,
        digest=b"",
        made_at=work.now,
    )
    row.digest = _sealed(row.id, code)
    work.session.add(row)
    work.session.flush()
    return messages.send_code(work, recipient_of(work, holder.contact), holder.delivery, code, links=links)


def _sealed(code_id: uuid.UUID, code: str) -> bytes:
    return tokens.digest(f"{code_id}:{code}")


def waits_for_code(work: Work, holder: Holder) -> bool:
    """Whether a code for this link is on its way or lies there."""
    return _open_code(work, holder) is not None


def _open_code(work: Work, holder: Holder) -> FamilyCode | None:
    rows = (
        select(FamilyCode)
        .where(
            FamilyCode.contact_id == holder.contact.id,
            FamilyCode.delivery_id == holder.delivery.id,
            FamilyCode.used_at.is_(None),
            FamilyCode.made_at > work.now - CODE_LASTS,
        )
        .order_by(FamilyCode.made_at.desc(), FamilyCode.id)
        .limit(1)
        .with_for_update()
    )
    return work.session.scalars(rows).first()


def try_code(work: Work, holder: Holder, code: str, word: str = "") -> str | None:
    """The secret of a device that has proved itself; None for a wrong code or word, which is counted.

    Raises Conflict when no code is open, or either was tried too often. The count must be kept: commit whatever comes
    back.
    """
    row = _open_code(work, holder)
    if row is None or row.tries >= MOST_TRIES:
        raise Conflict(N_("That code is over. Ask for a new one."), field="code")
    row.tries += 1
    typed = "".join(each for each in code if each.isdecimal())
    if not typed.isascii() or not hmac.compare_digest(row.digest, _sealed(row.id, typed)):
        work.session.flush()
        return None
    stands = word_of(work, holder.contact.id)
    if stands is not None and not is_word(work, stands, word):
        return None
    row.used_at = work.now
    secret = tokens.new_secret()
    work.session.add(
        FamilyDevice(
            contact_id=holder.contact.id,
            delivery_id=holder.delivery.id,
            digest=tokens.digest(secret),
            confirmed_at=work.now,
        )
    )
    work.session.flush()
    return secret


def knows_device(work: Work, holder: Holder, secret: str) -> bool:
    """Whether this device has proved that it is this contact's, at a phone or mail that is still theirs."""
    if not secret:
        return False
    rows = select(FamilyDevice).where(
        FamilyDevice.contact_id == holder.contact.id,
        FamilyDevice.digest == tokens.digest(secret),
        FamilyDevice.forgotten_at.is_(None),
        FamilyDevice.confirmed_at > work.now - DEVICE_LASTS,
    )
    device = work.session.scalar(rows)
    if device is None or _closed_since(work, holder.contact.id, device.confirmed_at):
        return False
    proved = messages.delivery_of(work, device.delivery_id)
    return proved is not None and _still_theirs(work, proved[0])


def forget_device(work: Work, secret: str) -> None:
    """This device opens nobody's page any more, until a code proves it anew."""
    rows = select(FamilyDevice).where(FamilyDevice.digest == tokens.digest(secret), FamilyDevice.forgotten_at.is_(None))
    for device in work.session.scalars(rows):
        device.forgotten_at = work.now
    work.session.flush()


def close_pages(work: Work, contact_id: uuid.UUID) -> None:
    """Every link and device of a contact opens nothing from now on; a new link begins anew."""
    staff_id = work.actor.id if work.actor.kind is ActorKind.STAFF else None
    work.session.add(FamilyClosing(contact_id=contact_id, at=work.now, staff_id=staff_id))
    work.session.flush()


def may_get_link(work: Work, contact: Contact, address: str) -> bool:
    """Whether a new link may go to this phone or mail of a contact: it is theirs, and nobody doubts that."""
    return any(
        way.address == address and way.channel in CARRIED and way.state is WayState.OK
        for way in whanau.ways_in_use(work, contact.id)
    )


def send_link(work: Work, contact: Contact, address: str, *, links: Links) -> bool:
    """Send a contact the link to their own page, as a text to a phone of theirs; False where that may not be.

    Raises Invalid when no child of theirs is here.
    """
    if not may_get_link(work, contact, address):
        return False
    recipient = recipient_of(work, contact)
    writer = whanau.writer_for(work, contact.id, on=schools.today(work))
    if writer is None or not writer.students:
        raise Invalid(_NOT_HERE)
    return messages.send_page_link(work, recipient, (Channel.TEXT, address), links=links) is not None
