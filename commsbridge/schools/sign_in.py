"""Signing in: one account for several schools, a secret per device kept as its digest, new at every step up.

A try that fails must be remembered although it is refused, so sign_in and confirm give their "no" back as a value: the
caller raises it once the lobby is closed and the count is kept.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, select, update

from commsbridge.foundation.addresses import read_email
from commsbridge.foundation.errors import Invalid, NotAllowed, NotFound, Refusal
from commsbridge.foundation.language import N_, Language, shown_in
from commsbridge.foundation.tokens import digest, new_secret
from commsbridge.schools import attempts
from commsbridge.schools.errors import TooManyTries
from commsbridge.schools.lobby import Lobby
from commsbridge.schools.models import Account, Membership, School, SignIn
from commsbridge.schools.passwords import is_password_of

TERM = timedelta(days=80)
IDLE = timedelta(hours=12)
CONFIRMED = timedelta(minutes=15)
TOUCH = timedelta(minutes=5)
SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Place:
    """A school that an account works at, and as whom."""

    school_id: uuid.UUID
    staff_id: uuid.UUID
    name_en: str
    name_mi: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh sign-in: the secret for the cookie, never to be seen again, and the schools to choose from.

    ``school_id`` is chosen already when there is one school only.
    """

    secret: str = field(repr=False)
    account_id: uuid.UUID
    schools: tuple[Place, ...]
    school_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whoever a secret belongs to. ``place`` is the school chosen; None until one is, and once they have left it."""

    account_id: uuid.UUID
    email: str
    language: Language
    place: Place | None
    schools: tuple[Place, ...]
    confirmed_at: datetime
    expires_at: datetime

    def confirmed_lately(self, now: datetime) -> bool:
        """Whether the password was given in the last 15 minutes: sensitive pages ask again."""
        return now - self.confirmed_at < CONFIRMED


def sign_in(
    lobby: Lobby, *, email: str, password: str, remember: bool, from_address: str, replacing: str | None = None
) -> Opened | Refusal:
    """Open a sign-in, or give back why not; a wrong address and a wrong password are answered alike and as slowly.

    ``from_address`` is the client's IP address. ``remember``: a phone of one's own, 80 days; else 12 hours without use.
    ``replacing`` is the secret the device held before, which ends.
    """
    by_email, by_place = attempts.email_key(SIGN_IN, email), attempts.place_key(SIGN_IN, from_address)
    attempts.one_at_a_time(lobby, by_email)
    try:
        attempts.check_wrong_tries(lobby, by_email)
        attempts.check_rate(lobby, by_place, attempts.WRONG_FROM_ONE_PLACE)
    except TooManyTries as refusal:
        return refusal
    account = account_of(lobby, email)
    if not is_password_of(account, password) or account is None:
        attempts.count(lobby, by_email, by_place)
        return NotAllowed(N_("That email address and password do not match."), field="password")
    attempts.forget(lobby, by_email)
    if replacing is not None:
        sign_out(lobby, replacing)
    return _open(lobby, account, remember=remember)


def places_by_email(lobby: Lobby, email: str) -> tuple[Place, ...]:
    """The schools the account of an address works at; none for an address nobody has."""
    account = account_of(lobby, email)
    return places_of(lobby, account.id) if account else ()


def resume(lobby: Lobby, secret: str) -> SignedIn | None:
    """Who the secret belongs to; None once it has ended. Notes at most every five minutes that it was used."""
    row = lobby.session.scalar(_standing(lobby, secret))
    if row is None:
        return None
    expires_at = _touch(lobby, row)
    account = lobby.session.get_one(Account, row.account_id)
    schools = places_of(lobby, account.id)
    return SignedIn(
        account_id=account.id,
        email=account.email,
        language=shown_in(account.language),
        place=next((place for place in schools if place.school_id == row.school_id), None),
        schools=schools,
        confirmed_at=row.confirmed_at or row.started_at,
        expires_at=expires_at,
    )


def choose_school(lobby: Lobby, secret: str, school_id: uuid.UUID) -> str:
    """Go to one of the account's schools; gives the new secret, the old one ends.

    Raises NotAllowed when the sign-in has ended, NotFound for any school that is not theirs.
    """
    row = _held(lobby, secret)
    if all(place.school_id != school_id for place in places_of(lobby, row.account_id)):
        raise NotFound(N_("This school is not among yours."))
    row.school_id = school_id
    return _rotate(lobby, row)


def confirm(lobby: Lobby, secret: str, password: str) -> str | Refusal:
    """Prove again who one is; gives the new secret, the old one ends, or gives back why not.

    Wrong tries count with those at sign-in. Raises NotAllowed when the sign-in has ended.
    """
    row = _held(lobby, secret)
    account = lobby.session.get_one(Account, row.account_id)
    key = attempts.email_key(SIGN_IN, account.email)
    attempts.one_at_a_time(lobby, key)
    try:
        attempts.check_wrong_tries(lobby, key)
    except TooManyTries as refusal:
        return refusal
    if not is_password_of(account, password):
        attempts.count(lobby, key)
        return NotAllowed(N_("This is not your password."), field="password")
    attempts.forget(lobby, key)
    row.confirmed_at = lobby.now
    return _rotate(lobby, row)


def sign_out(lobby: Lobby, secret: str) -> None:
    """End the sign-in of a secret, if it stands."""
    lobby.session.execute(delete(SignIn).where(SignIn.digest == digest(secret)))


def sign_out_everywhere(lobby: Lobby, account_id: uuid.UUID, *, but: str | None = None) -> None:
    """End every sign-in of an account, or every other than that of the secret ``but``."""
    ending = delete(SignIn).where(SignIn.account_id == account_id)
    if but is not None:
        ending = ending.where(SignIn.digest != digest(but))
    lobby.session.execute(ending)


def places_of(lobby: Lobby, account_id: uuid.UUID) -> tuple[Place, ...]:
    """The schools an account works at today, by name."""
    wanted = select(Membership.staff_id, Membership.left_on, School).join(School)
    rows = lobby.session.execute(
        wanted.where(Membership.account_id == account_id).order_by(School.name_en, School.number)
    )
    return tuple(
        Place(school.id, staff_id, school.name_en, school.name_mi)
        for staff_id, left_on, school in rows
        if left_on is None or lobby.now.astimezone(ZoneInfo(school.time_zone)).date() < left_on
    )


def account_of(lobby: Lobby, email: str) -> Account | None:
    """The account with this mail address, however it is spelled; None when there is none."""
    try:
        address = read_email(email)
    except Invalid:
        return None
    return lobby.session.scalar(select(Account).where(Account.email == address))


def set_language(lobby: Lobby, account_id: uuid.UUID, language: Language) -> None:
    """Keep the language in which a person reads the pages."""
    lobby.session.get_one(Account, account_id).language = language.value
    lobby.session.flush()


def forget_ended(lobby: Lobby) -> None:
    """Remove ended sign-ins and tries that no longer count; once a day is often enough."""
    lobby.session.execute(delete(SignIn).where(SignIn.expires_at <= lobby.now))
    attempts.forget_old(lobby)


def _open(lobby: Lobby, account: Account, *, remember: bool) -> Opened:
    secret, schools = new_secret(), places_of(lobby, account.id)
    school_id = schools[0].school_id if len(schools) == 1 else None
    lobby.session.add(
        SignIn(
            digest=digest(secret),
            account_id=account.id,
            school_id=school_id,
            remember=remember,
            started_at=lobby.now,
            seen_at=lobby.now,
            confirmed_at=lobby.now,
            expires_at=lobby.now + (TERM if remember else IDLE),
        )
    )
    lobby.session.flush()
    return Opened(secret, account.id, schools, school_id)


def _standing(lobby: Lobby, secret: str) -> Select[SignIn]:
    return select(SignIn).where(SignIn.digest == digest(secret), SignIn.expires_at > lobby.now)


def _held(lobby: Lobby, secret: str) -> SignIn:
    """The sign-in of a secret, held until the act ends: of two steps with one secret the second finds it gone."""
    row = lobby.session.scalar(_standing(lobby, secret).with_for_update())
    if row is None:
        raise NotAllowed(N_("You are no longer signed in. Please sign in again."))
    return row


def _rotate(lobby: Lobby, row: SignIn) -> str:
    secret = new_secret()
    row.digest = digest(secret)
    lobby.session.flush()
    return secret


def _touch(lobby: Lobby, row: SignIn) -> datetime:
    """Note the use, unless that was done just now; gives when the sign-in ends. Never longer than a term."""
    if lobby.now - row.seen_at < TOUCH:
        return row.expires_at
    ends = row.started_at + TERM
    expires_at = ends if row.remember else min(lobby.now + IDLE, ends)
    # Not through the row: its digest may just be changing in another act, and then there is nothing to note.
    used = update(SignIn).where(SignIn.digest == row.digest).values(seen_at=lobby.now, expires_at=expires_at)
    lobby.session.execute(used)
    return expires_at
