"""Tokens that open one door: signed ones that carry whom they are for, and random ones that are kept hashed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence

TOKEN_LETTERS = 48  # 30 bytes in base32: fits, with a prefix, the 64 characters of a mail address's local part
_NUMBER_BYTES = 4
_PAYLOAD_BYTES = _NUMBER_BYTES + 16
_SEAL_BYTES = 10


def sign(purpose: str, school_number: int, subject_id: uuid.UUID, key: bytes) -> str:
    """A token for ``purpose``, of 48 small letters and digits, that only a holder of ``key`` can make.

    It carries the school's number (0 to 2**32 - 1) and the subject's id, readable by anyone who has it; its seal is
    an HMAC-SHA256 cut to 80 bits (RFC 2104, section 5). A token of one purpose is worth nothing for another.
    """
    payload = school_number.to_bytes(_NUMBER_BYTES, "big") + subject_id.bytes
    return base64.b32encode(payload + _seal(purpose, payload, key)).decode("ascii").lower()


def read(purpose: str, token: str, keys: Sequence[bytes]) -> tuple[int, uuid.UUID] | None:
    """The school number and subject of a token signed for ``purpose`` with one of ``keys``; None for anything else.

    Case does not matter, since mail systems change it. Every key is tried, in constant time, so that keys can rotate.
    """
    sealed = _bytes_of(token)
    if sealed is None:
        return None
    payload, seal = sealed[:_PAYLOAD_BYTES], sealed[_PAYLOAD_BYTES:]
    matches = [hmac.compare_digest(seal, _seal(purpose, payload, key)) for key in keys]
    if not any(matches):
        return None
    return int.from_bytes(payload[:_NUMBER_BYTES], "big"), uuid.UUID(bytes=payload[_NUMBER_BYTES:])


def new_secret() -> str:
    """A fresh random secret of 128 bits for a link: 22 letters safe in any URL. Keep only its digest."""
    return secrets.token_urlsafe(16)


def digest(secret: str) -> bytes:
    """What is stored for a secret: its SHA-256, 32 bytes (a random 128-bit secret needs no slow hash)."""
    return hashlib.sha256(secret.encode()).digest()


def _seal(purpose: str, payload: bytes, key: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + payload, "sha256")[:_SEAL_BYTES]


def _bytes_of(token: str) -> bytes | None:
    if len(token) != TOKEN_LETTERS or not token.isascii():
        return None
    try:
        return base64.b32decode(token, casefold=True)
    except binascii.Error:
        return None
