"""Names: kept as their owner writes them, compared and searched without minding macrons or case."""

from __future__ import annotations

import codecs
import re
import unicodedata

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_

_STYLES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u02bb\u02bc\u02b9\u2032\u00b4`\uff07", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)
_DOUBLE_VOWEL = re.compile(r"([aeiou])\1+")


def fold(text: str) -> str:
    """``text`` without case, macrons and other Latin diacritics, composition, apostrophe and dash styles, extra spaces.

    Only for comparing: it is never shown. Marks of other scripts (which carry vowels there) are kept.
    """
    if text.isascii():
        # The same, and most words are: no letter of these is composed of others.
        return " ".join(text.replace("`", "'").casefold().split())
    letters = unicodedata.normalize("NFKD", text.translate(_STYLES)).casefold()
    bare = [c for c in unicodedata.normalize("NFKD", letters) if c.isascii() or not _is_dropped(c)]
    return " ".join(unicodedata.normalize("NFC", "".join(bare)).split())


def search_fold(text: str) -> str:
    """``fold`` with double vowels made one, so that whānau, whanau and whaanau meet."""
    return _DOUBLE_VOWEL.sub(r"\1", fold(text))


def name_key(text: str) -> str:
    """The same for "Rua Kereama", "KEREAMA, Rua" and "rua kereama": folded words in alphabetical order."""
    return " ".join(sorted(fold(text.replace(",", " ")).split()))


def sort_key(text: str) -> tuple[str, str]:
    """Order for lists of names: macrons and case do not matter until all else is the same."""
    return fold(text), text


def repair(raw: bytes) -> str:
    """The text of a file: UTF-8 with or without a byte-order mark, else Windows-1252; in NFC.

    Raises Invalid for what is neither (UTF-16 and files that are no text).
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in raw:
        raise Invalid(N_("This file cannot be read as text. Please save it as “CSV UTF-8” and try again."))
    return unicodedata.normalize("NFC", _decoded(raw))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError as error:
            raise Invalid(
                N_("This file cannot be read as text. Please save it as “CSV UTF-8” and try again.")
            ) from error


def _is_dropped(character: str) -> bool:
    return "\u0300" <= character <= "\u036f" or unicodedata.category(character) == "Cf"
