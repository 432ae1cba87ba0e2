"""Staff phones: a mobile is somebody's own once they typed the code that was texted to it."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, or_, select, update

from commsbridge.foundation.addresses import read_phone
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools.calendar import today
from commsbridge.schools.models import Staff, StaffPhone
from commsbridge.schools.queries import staff_present

# Six digits, ten minutes and five tries: one guess in 200,000 (NIST SP 800-63B asks for six digits and ten minutes).
CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
CODES_AN_HOUR = 3
# A number changes hands in time: after a year it is asked for a code again.
PROVEN_FOR = timedelta(days=365)


def phone_of(work: Work, staff_id: uuid.UUID) -> StaffPhone | None:
    """The phone somebody last asked for, proven or waiting for its code; None when they have none."""
    rows = select(StaffPhone).where(StaffPhone.staff_id == staff_id, StaffPhone.ended_at.is_(None))
    return work.session.scalars(rows.order_by(StaffPhone.asked_at.desc(), StaffPhone.id).limit(1)).first()


def phone_in_use(work: Work, staff_id: uuid.UUID) -> StaffPhone | None:
    """The phone to which something about a child may go: proven within the year, and not stopped."""
    rows = select(StaffPhone).where(
        StaffPhone.staff_id == staff_id,
        StaffPhone.ended_at.is_(None),
        StaffPhone.verified_at > work.now - PROVEN_FOR,
        StaffPhone.stopped_at.is_(None),
    )
    return work.session.scalars(rows).one_or_none()


def proven_phone(work: Work, staff_id: uuid.UUID) -> StaffPhone | None:
    """The phone that somebody has proven theirs, though it was stopped or the proof has grown old."""
    rows = select(StaffPhone).where(
        StaffPhone.staff_id == staff_id, StaffPhone.ended_at.is_(None), StaffPhone.verified_at.is_not(None)
    )
    return work.session.scalars(rows).one_or_none()


def staff_phone_at(work: Work, address: str) -> StaffPhone | None:
    """Whose proven phone this number is, among those who work here today."""
    return work.once(("staff phone", address), lambda: staff_phones_at(work, [address]).get(address))


def staff_phones_at(work: Work, addresses: Collection[str]) -> dict[str, StaffPhone]:
    """Those of many numbers that are proven phones of people who work here today, each once."""
    rows = (
        select(StaffPhone)
        .join(Staff, (Staff.school_id == StaffPhone.school_id) & (Staff.id == StaffPhone.staff_id))
        .where(
            StaffPhone.address.in_(addresses),
            StaffPhone.ended_at.is_(None),
            StaffPhone.verified_at > work.now - PROVEN_FOR,
            staff_present(today(work)),
        )
    )
    return {phone.address: phone for phone in work.session.scalars(rows)}


def ask_phone(work: Work, staff_id: uuid.UUID, written: str) -> tuple[StaffPhone, str]:
    """Note a number as somebody's, not yet proven, in place of one not proven either; with the code to text to it.

    A proven phone stays in use until the new one is proven. Raises Invalid for what is no mobile, and when too many
    codes were asked for, by this person or for this number, within the hour.
    """
    phone = read_phone(written)
    if not phone.textable:
        raise Invalid(N_("This is not a mobile number. Texts can only go to a mobile."), field="number")
    lately = select(func.count()).where(
        StaffPhone.asked_at > work.now - timedelta(hours=1),
        or_(StaffPhone.staff_id == staff_id, StaffPhone.address == phone.e164),
    )
    if (work.session.scalar(lately) or 0) >= CODES_AN_HOUR:
        raise Invalid(N_("That is enough codes for now. Please try again in an hour."), field="number")
    _end(work, StaffPhone.staff_id == staff_id, StaffPhone.verified_at.is_(None))
    code = f"{secrets.randbelow(10**6):06}"
    asked = StaffPhone(id=uuid.uuid4(), staff_id=staff_id, address=phone.e164, asked_at=work.now)
    asked.code_digest, asked.code_until = _digest(asked.id, code), work.now + CODE_LASTS
    work.session.add(asked)
    work.session.flush()
    return asked, code


def check_code(work: Work, staff_id: uuid.UUID, typed: str) -> bool:
    """Whether ``typed`` is the code that was texted; then the phone is theirs, and nobody else's any more.

    A wrong one is counted: raise nothing in the same work, or the count is lost.
    """
    asked = work.session.scalars(
        select(StaffPhone)
        .where(StaffPhone.staff_id == staff_id, StaffPhone.ended_at.is_(None), StaffPhone.verified_at.is_(None))
        .with_for_update()
    ).first()
    if asked is None or asked.code_digest is None or asked.code_until <= work.now or asked.tries >= MOST_TRIES:
        return False
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if not secrets.compare_digest(asked.code_digest, _digest(asked.id, digits)):
        asked.tries += 1
        work.session.flush()
        return False
    proven = StaffPhone.verified_at.is_not(None)
    _end(work, proven, or_(StaffPhone.staff_id == staff_id, StaffPhone.address == asked.address))
    asked.verified_at, asked.code_digest = work.now, None
    work.session.flush()
    return True


def drop_phone(work: Work, staff_id: uuid.UUID) -> None:
    """Nothing more goes to somebody's phone, and nothing is taken from it."""
    _end(work, StaffPhone.staff_id == staff_id)


def note_phone_stopped(work: Work, address: str, *, stopped: bool) -> None:
    """A phone of the staff said STOP, or START."""
    work.session.execute(
        update(StaffPhone)
        .where(StaffPhone.address == address, StaffPhone.ended_at.is_(None))
        .values(stopped_at=work.now if stopped else None)
    )


def _end(work: Work, *which: object) -> None:
    rows = update(StaffPhone).where(StaffPhone.ended_at.is_(None), *which)  # type: ignore[arg-type]
    work.session.execute(rows.values(ended_at=work.now, code_digest=None))


def _digest(phone_id: uuid.UUID, code: str) -> bytes:
    return hashlib.sha256(phone_id.bytes + code.encode()).digest()
