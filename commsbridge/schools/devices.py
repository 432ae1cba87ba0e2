"""Devices of the staff: browsers that take notices through a push service, each added on the device itself."""

from __future__ import annotations

import base64
import re
import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import or_, select, update

from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools.models import StaffDevice

MOST_DEVICES = 5
LONGEST_ENDPOINT = 1000
# A point of P-256, uncompressed, and the secret of a subscription (RFC 8291, section 2).
POINT_BYTES, SECRET_BYTES = 65, 16
# So long the page speaks of a device that is gone.
TOLD_FOR = timedelta(days=30)
# A name and never a number: who makes a server call a number means somebody inside. No port but that of https.
_ENDPOINT = re.compile(r"https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*(?::443)?/[!-~]*")
_INSIDE = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet", ".test", ".invalid")
NO_DEVICE = N_("This browser gave no address that notices can go to. Try again, or use another browser.")
TOO_MANY = N_("You have %(num)s devices. Take one away before you add another.")
NOT_HERE = N_("That device is not here.")


def read_endpoint(written: str, *, service_url: str = "") -> str:
    """The address at which a push service takes messages for one device.

    It is https, at a name that is not one of our own network; whether the name leads inside is looked at again when a
    connection is made. With ``service_url`` only what lies there is taken: the demo's pretend push service.
    Raises Invalid for anything else.
    """
    fits = (
        written.startswith(f"{service_url}/")
        if service_url
        else _ENDPOINT.fullmatch(written) is not None and not _host(written).endswith(_INSIDE)
    )
    if not fits or len(written) > LONGEST_ENDPOINT or "#" in written or "\\" in written or not written.isprintable():
        raise Invalid(NO_DEVICE, field="endpoint")
    return written


def _host(endpoint: str) -> str:
    return endpoint.split("/")[2].partition(":")[0]


def add_device(
    work: Work, staff_id: uuid.UUID, *, endpoint: str, p256dh: str, auth: str, service_url: str = ""
) -> StaffDevice:
    """Note a browser as one that somebody is prompted on; whoever had it before is not prompted on it any more.

    Raises Invalid for an address or keys that no push service gave, and for more than MOST_DEVICES devices.
    """
    address = read_endpoint(endpoint, service_url=service_url)
    _check_keys(p256dh, auth)
    _end(work, StaffDevice.endpoint == address)
    if len(devices_in_use(work, [staff_id])[staff_id]) >= MOST_DEVICES:
        raise Invalid(TOO_MANY, num=MOST_DEVICES)
    device = StaffDevice(
        id=uuid.uuid4(), staff_id=staff_id, endpoint=address, p256dh=p256dh, auth=auth, added_at=work.now
    )
    work.session.add(device)
    work.session.flush()
    return device


def devices_in_use(work: Work, staff_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[StaffDevice]]:
    """The devices that take notices now, by whose they are, the first added first."""
    found: dict[uuid.UUID, list[StaffDevice]] = defaultdict(list)
    rows = select(StaffDevice).where(StaffDevice.staff_id.in_(staff_ids), StaffDevice.ended_at.is_(None))
    for device in work.session.scalars(rows.order_by(StaffDevice.added_at, StaffDevice.id)):
        found[device.staff_id].append(device)
    return found


def devices_told(work: Work, staff_id: uuid.UUID) -> list[StaffDevice]:
    """The devices somebody is told of: those in use, and those lately gone without their doing."""
    lately = StaffDevice.gone & (StaffDevice.ended_at > work.now - TOLD_FOR)
    rows = select(StaffDevice).where(StaffDevice.staff_id == staff_id, or_(StaffDevice.ended_at.is_(None), lately))
    return list(work.session.scalars(rows.order_by(StaffDevice.added_at, StaffDevice.id)))


def drop_device(work: Work, staff_id: uuid.UUID, device_id: uuid.UUID) -> None:
    """Nothing goes to a device any more, and it is not spoken of. Raises NotFound for one that is not theirs."""
    device = _own(work, staff_id, device_id)
    device.ended_at, device.gone = work.now, False
    work.session.flush()


def name_children_on(work: Work, staff_id: uuid.UUID, device_id: uuid.UUID, *, names: bool) -> None:
    """Set whether notices on a device may name children. Raises NotFound for one that is not theirs."""
    _own(work, staff_id, device_id).names = names
    work.session.flush()


def note_device(work: Work, device_id: uuid.UUID, *, taken: bool, gone: bool = False) -> None:
    """Note whether a push service took the last notice for a device, or does not know the device any more."""
    device = work.session.get_one(StaffDevice, device_id)
    device.failed_at = None if taken else work.now
    if gone and device.ended_at is None:
        device.ended_at, device.gone = work.now, True
    work.session.flush()


def _own(work: Work, staff_id: uuid.UUID, device_id: uuid.UUID) -> StaffDevice:
    found = next((each for each in devices_told(work, staff_id) if each.id == device_id), None)
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def _end(work: Work, which: object) -> None:
    rows = update(StaffDevice).where(StaffDevice.ended_at.is_(None), which)  # type: ignore[arg-type]
    work.session.execute(rows.values(ended_at=work.now))


def _check_keys(p256dh: str, auth: str) -> None:
    """Raises Invalid for keys that nothing could be encrypted for (RFC 8291, section 2)."""
    try:
        point, secret = (base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in (p256dh, auth))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise Invalid(NO_DEVICE, field="endpoint") from None
    if len(point) != POINT_BYTES or len(secret) != SECRET_BYTES:
        raise Invalid(NO_DEVICE, field="endpoint")
