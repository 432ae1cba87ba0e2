"""What comes over the wire as text that a database can hold."""

from __future__ import annotations

import codecs


def storable(text: str) -> str:
    """The text without NUL, and with half a surrogate pair shown as "?": PostgreSQL can hold neither."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


# Python's own transforms: no mail is written in them, and punycode takes time with the square of the length.
_NO_CHARSETS = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})


def decoded(raw: bytes, charset: str | None) -> str:
    """Bytes as text: in the charset they claim, else UTF-8, else Windows-1252, the unreadable marked. Never raises."""
    for claim in (charset or "utf-8", "utf-8"):
        try:
            if codecs.lookup(claim).name not in _NO_CHARSETS:
                return raw.decode(claim)
        except (LookupError, ValueError):
            continue
    return raw.decode("windows-1252", "replace")
