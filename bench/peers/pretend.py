"""What every sending peer sends."""

from __future__ import annotations

from commsbridge.neighbourhood import PRETEND_ACCOUNT_SID, PRETEND_AUTH_TOKEN

ACCOUNT = PRETEND_ACCOUNT_SID
TOKEN = PRETEND_AUTH_TOKEN
BODY = "Bench: I āwhina a Aroha i tētahi ākonga hou i tēnei rā.\nNā Ms Fox"


def number(each: int) -> str:
    """A phone for the so-maniest text."""
    return f"+6421{5550000 + each % 2000:07d}"
