"""Tries at guarded doors, counted so that guessing is slow: by mail address and by where they come from."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from commsbridge.foundation.addresses import read_email
from commsbridge.foundation.errors import Invalid
from commsbridge.schools.errors import TooManyTries
from commsbridge.schools.lobby import Lobby
from commsbridge.schools.models import Attempt

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

# Wrong passwords for one mail address: the fifth in a day costs a minute, each further one twice as long, up to an
# hour. That is some 35 guesses a day; NIST SP 800-63B asks for no more than 100 in a row.
FREE_TRIES = 5
LONGEST_WAIT = HOUR
WRONG_FROM_ONE_PLACE = 50  # an hour; a whole school may stand behind one address
RESETS_FOR_ONE_EMAIL = 3  # an hour
RESETS_FROM_ONE_PLACE = 20  # an hour


def email_key(purpose: str, email: str) -> bytes:
    """The key under which tries for a mail address are counted; any spelling of one mailbox has one key."""
    try:
        address = read_email(email)
    except Invalid:
        address = email.strip().lower()
    return _key(purpose, address)


def place_key(purpose: str, address: str) -> bytes:
    """The key of where a try comes from: an IPv4 address, or an IPv6 network of 64 bits, which is one subscriber's."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return _key(purpose, address)
    if isinstance(ip, ipaddress.IPv6Address):
        return _key(purpose, str(ipaddress.ip_network((ip, 64), strict=False)))
    return _key(purpose, str(ip))


def one_at_a_time(lobby: Lobby, key: bytes) -> None:
    """Let tries under one key in one after the other, so that many at once cannot pass the count together."""
    number = int.from_bytes(key[:8], "big", signed=True)
    lobby.session.execute(select(func.pg_advisory_xact_lock(number)))


def check_wrong_tries(lobby: Lobby, key: bytes) -> None:
    """Raise TooManyTries while the wrong tries of the last day under ``key`` ask for a wait."""
    tries = _since(lobby, key, DAY)
    if len(tries) >= FREE_TRIES:
        wait = min(MINUTE * 2 ** (len(tries) - FREE_TRIES), LONGEST_WAIT)
        _refuse_until(lobby, tries[0] + wait)


def check_rate(lobby: Lobby, key: bytes, an_hour: int) -> None:
    """Raise TooManyTries while ``an_hour`` tries under ``key`` were made in the last hour."""
    tries = _since(lobby, key, HOUR)
    if len(tries) >= an_hour:
        _refuse_until(lobby, tries[an_hour - 1] + HOUR)


def count(lobby: Lobby, *keys: bytes) -> None:
    """Count one try under each key, now."""
    lobby.session.add_all(Attempt(key=key, at=lobby.now) for key in keys)
    lobby.session.flush()


def forget(lobby: Lobby, key: bytes) -> None:
    """Begin the count under ``key`` anew."""
    lobby.session.execute(delete(Attempt).where(Attempt.key == key))


def forget_old(lobby: Lobby) -> None:
    """Forget every try that no rule looks at any more."""
    lobby.session.execute(delete(Attempt).where(Attempt.at <= lobby.now - DAY))


def _key(purpose: str, subject: str) -> bytes:
    return hashlib.sha256(f"{purpose}\0{subject}".encode()).digest()


def _since(lobby: Lobby, key: bytes, window: timedelta) -> Sequence[datetime]:
    """When tries under ``key`` were made in the window up to now, the newest first."""
    wanted = select(Attempt.at).where(Attempt.key == key, Attempt.at > lobby.now - window)
    return lobby.session.scalars(wanted.order_by(Attempt.at.desc())).all()


def _refuse_until(lobby: Lobby, then: datetime) -> None:
    if then > lobby.now:
        raise TooManyTries(then - lobby.now)
