"""Setting a password: signed in, or through a link that was mailed, works once and not for long."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language, shown_in
from commsbridge.foundation.tokens import digest, new_secret
from commsbridge.schools import attempts
from commsbridge.schools.lobby import Lobby
from commsbridge.schools.models import Account, Door
from commsbridge.schools.passwords import keep_password
from commsbridge.schools.sign_in import SIGN_IN, account_of, sign_out_everywhere

RESET = "reset"
RESET_LASTS = timedelta(hours=1)
INVITATION_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ResetLink:
    """A link to mail to ``email`` and to show nowhere else: whoever holds ``secret`` sets that account's password."""

    email: str = field(repr=False)
    secret: str = field(repr=False)
    language: Language
    expires_at: datetime


def set_password(lobby: Lobby, account_id: uuid.UUID, *, password: str, but: str | None = None) -> None:
    """Set the password and end every sign-in of the account (other than that of the secret ``but``).

    Raises Invalid for a password that is too short or among the first to be tried.
    """
    account = lobby.session.get_one(Account, account_id)
    keep_password(account, password)
    lobby.session.execute(delete(Door).where(Door.account_id == account_id, Door.purpose == RESET))
    attempts.forget(lobby, attempts.email_key(SIGN_IN, account.email))
    sign_out_everywhere(lobby, account_id, but=but)
    lobby.session.flush()


def ask_reset(lobby: Lobby, email: str, *, from_address: str) -> ResetLink | None:
    """A link for an account, good for an hour; None when there is no such account, which nobody may be told.

    The caller says the same in both cases, and mails after it has answered: a slow answer would tell, too.
    Raises TooManyTries after three for one mail address or twenty from one place in an hour, whether or not there is
    such an account.
    """
    by_email, by_place = attempts.email_key(RESET, email), attempts.place_key(RESET, from_address)
    attempts.one_at_a_time(lobby, by_email)
    attempts.check_rate(lobby, by_email, attempts.RESETS_FOR_ONE_EMAIL)
    attempts.check_rate(lobby, by_place, attempts.RESETS_FROM_ONE_PLACE)
    attempts.count(lobby, by_email, by_place)
    account = account_of(lobby, email)
    return None if account is None else _link(lobby, account, RESET_LASTS)


def invite(lobby: Lobby, account_id: uuid.UUID) -> ResetLink | None:
    """A link for setting the first password, good for a week; None when the account has a password already."""
    account = lobby.session.get_one(Account, account_id)
    return _link(lobby, account, INVITATION_LASTS) if account.password_hash is None else None


def reset_stands(lobby: Lobby, secret: str) -> bool:
    """Whether a link still works; looking does not use it up, since mail scanners look at every link."""
    return lobby.session.scalar(_standing(lobby, secret)) is not None


def use_reset(lobby: Lobby, secret: str, *, password: str) -> None:
    """Set the password through a link, end every sign-in and every other such link of the account.

    Raises NotFound when the link was used or is too old; Invalid for the password, and then the link still works.
    """
    door = lobby.session.scalar(_standing(lobby, secret).with_for_update())
    if door is None or door.account_id is None:
        raise NotFound(N_("This link was used already or is too old. Please ask for a new one."))
    set_password(lobby, door.account_id, password=password)


def forget_ended_links(lobby: Lobby) -> None:
    """Remove links of every purpose that no longer work; once a day is often enough."""
    lobby.session.execute(delete(Door).where(Door.expires_at <= lobby.now))


def _link(lobby: Lobby, account: Account, lasts: timedelta) -> ResetLink:
    secret, expires_at = new_secret(), lobby.now + lasts
    lobby.session.add(Door(digest=digest(secret), purpose=RESET, account_id=account.id, expires_at=expires_at))
    lobby.session.flush()
    return ResetLink(account.email, secret, shown_in(account.language), expires_at)


def _standing(lobby: Lobby, secret: str) -> Select[Door]:
    return select(Door).where(
        Door.digest == digest(secret), Door.purpose == RESET, Door.used_at.is_(None), Door.expires_at > lobby.now
    )
