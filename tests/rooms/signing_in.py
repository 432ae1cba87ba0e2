"""Mere, who signs in, and the steps tests of signing in share."""

from __future__ import annotations

import uuid

from commsbridge.foundation.errors import Refusal
from commsbridge.runtime import Lobby
from commsbridge.schools import (
    Opened,
    account_of,
    resume,
    set_password,
    sign_in,
)
from commsbridge.schools.models import Account
from tests.rooms.acts import Acts

EMAIL = "mere.walsh@rimu.test"
PASSWORD = "four tūī on a fence"
NEW_PASSWORD = "five pīwakawaka"
AT_SCHOOL, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def keep(acts: Acts, password: str, email: str = EMAIL) -> None:
    with acts.lobby() as lobby:
        set_password(lobby, found(lobby, email).id, password=password)


def found(lobby: Lobby, email: str = EMAIL) -> Account:
    account = account_of(lobby, email)
    assert account is not None
    return account


def tried(
    acts: Acts, password: str = PASSWORD, *, email: str = EMAIL, remember: bool = False, address: str = AT_SCHOOL
) -> Opened | Refusal:
    with acts.lobby() as lobby:
        return sign_in(lobby, email=email, password=password, remember=remember, from_address=address)


def opened(acts: Acts, *, remember: bool = False, email: str = EMAIL) -> Opened:
    outcome = tried(acts, email=email, remember=remember)
    assert isinstance(outcome, Opened)
    return outcome


def stands(acts: Acts, secret: str) -> bool:
    with acts.lobby() as lobby:
        return resume(lobby, secret) is not None


def school_of_mere(acts: Acts) -> uuid.UUID:
    """A school with Mere on its staff, who has a password."""
    made = acts.school()
    acts.staff(made, EMAIL)
    keep(acts, PASSWORD)
    return made
