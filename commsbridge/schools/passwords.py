"""Passwords: what is refused as one, how it is kept, and how a try is checked in the same time whoever asks.

After NIST SP 800-63B, section 5.1.1.2: length and a list of what is tried first, no rules of composition, no expiry.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold
from commsbridge.schools.models import Account

SHORTEST = 10
LONGEST = 256
FEWEST_SIGNS = 5

# Argon2id with 19 MiB, two passes and one lane: OWASP's Password Storage Cheat Sheet. Little memory, so that a class of
# teachers signing in at once does not fill a small server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_LOOKALIKES = str.maketrans("@43015$7", "aaeoisst")
_RUNS = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn",
)
_REPEATED = re.compile(r"(.+?)\1+")


def keep_password(account: Account, password: str) -> None:
    """Keep a password for an account. Raises Invalid when it is too short, too long, or among the first to be tried."""
    check_new_password(password, account.email)
    account.password_hash = _HASHER.hash(_settled(password))


def check_new_password(password: str, email: str) -> None:
    """Raise Invalid unless ``password`` (counted in letters) can be kept for the owner of ``email``."""
    letters = len(_settled(password))
    if letters < SHORTEST:
        raise Invalid(
            N_("A password has at least %(letters)s letters or signs. Four words in a row make a good one."),
            field="password",
            letters=SHORTEST,
        )
    if letters > LONGEST:
        raise Invalid(N_("A password has at most %(letters)s letters or signs."), field="password", letters=LONGEST)
    if _is_tried_first(password, email):
        raise Invalid(
            N_("This password is one of the first that others would try. Four words in a row make a good one."),
            field="password",
        )


def is_password_of(account: Account | None, password: str) -> bool:
    """Whether the password is the account's; as slow for no account, or one without a password, as for a wrong one.

    A right one is hashed again when it was kept with other parameters than today's.
    """
    kept = _decoy() if account is None or account.password_hash is None else account.password_hash
    tried = _settled(password[: LONGEST * 4])  # a letter may be typed as several signs; beyond that nothing can match
    try:
        _HASHER.verify(kept, tried)
    except VerifyMismatchError:
        return False
    if account is None or account.password_hash is None:
        return False
    if _HASHER.check_needs_rehash(kept):
        account.password_hash = _HASHER.hash(tried)
    return True


def seal_word(word: str) -> str:
    """How a word that proves somebody is kept; upper case, macrons and spaces do not count."""
    return _HASHER.hash(_loose(word))


def is_sealed(kept: str, word: str) -> bool:
    """Whether ``word`` is the one that was kept."""
    try:
        return _HASHER.verify(kept, _loose(word[:LONGEST]))
    except VerifyMismatchError:
        return False


def _loose(word: str) -> str:
    return "".join(fold(word).split())


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody's")


def _settled(password: str) -> str:
    """One form for what keyboards write differently: ā as one letter or as two (NFKC, as SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)


def _is_tried_first(password: str, email: str) -> bool:
    folded = fold(password).replace(" ", "")
    own = {email, email.partition("@")[0], email.partition("@")[2]}
    if len(set(folded)) < FEWEST_SIGNS or folded in own or _is_run(folded):
        return True
    core = _core(folded)
    return not {core, core.translate(_LOOKALIKES)}.isdisjoint(_common() | own)


def _is_run(folded: str) -> bool:
    """Whether it runs along the alphabet, the digits or the keyboard, forwards or back, as often as it likes."""
    runs = (run * (len(folded) // len(run) + 2) for run in _RUNS)
    return any(folded in run or folded[::-1] in run for run in runs)


def _core(folded: str) -> str:
    """The word inside digits and signs, once where it is repeated: "kiaora" in "2026kiaora-kiaora!"."""
    repeated = _REPEATED.fullmatch("".join(c for c in folded if c.isalpha()))
    return repeated[1] if repeated else folded.strip("".join(c for c in folded if not c.isalpha()))


@cache
def _common() -> frozenset[str]:
    """Words that many passwords are made of (data/common_passwords.txt), a line each, folded."""
    words = files("commsbridge.schools").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(words.split())
