"""The starting phrase bank: sentences written whole in each language, with the child's first name as the only slot.

No licensed translator has checked the te reo Māori here: each wording carries who checked it, when and with what note,
and ships with all three empty. A school copies the bank as its own and changes it there.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from commsbridge.foundation.language import Language
from commsbridge.foundation.orthography import LongVowels, respelt

NAME_SLOT = "{name}"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence in both languages; each holds ``{name}`` once and says the same as the other."""

    mi: str
    en: str

    def about(self, name: str, language: Language, vowels: LongVowels = LongVowels.MACRONS) -> str:
        """The sentence about the child called ``name``: in te reo Māori, and for any other language in English.

        ``vowels`` spells the te reo, not the name.
        """
        sentence = respelt(self.mi, vowels) if language is Language.MI else self.en
        return sentence.replace(NAME_SLOT, name)


@dataclass(frozen=True, slots=True)
class Praise:
    """One phrase of the starting bank: ``key`` never changes; ``value`` and ``setting`` are keys of ``labels``.

    ``checked_by`` is None until a licensed translator or a named speaker has checked the te reo.
    """

    key: str
    value: str
    setting: str
    pair: Pair
    checked_by: str | None
    checked_on: date | None
    check_note: str | None


@cache
def praises() -> tuple[Praise, ...]:
    """The praises in the order they are offered, grouped by value."""
    return tuple(_praise(row) for row in _rows("praises.tsv"))


@cache
def to_work_on() -> tuple[Praise, ...]:
    """What home and school can both work on, in the order offered; it is never sent by text."""
    return tuple(_praise(row) for row in _rows("work_on.tsv"))


@cache
def labels(kind: Literal["value", "setting"]) -> Mapping[str, Mapping[Language, str]]:
    """The values or the settings in order, each with its name in both of the bank's languages (see ``label``)."""
    return {
        row["key"]: {Language.EN: row["label_en"], Language.MI: row["label_mi"]}
        for row in _rows("labels.tsv")
        if row["kind"] == kind
    }


def label(names: Mapping[Language, str], language: Language) -> str:
    """The name in ``language``; the bank has two, and any other reader sees the English."""
    return names.get(language, names[Language.EN])


def _praise(row: Mapping[str, str]) -> Praise:
    return Praise(
        key=row["key"],
        value=row["value"],
        setting=row["setting"],
        pair=Pair(mi=row["text_mi"], en=row["text_en"]),
        checked_by=row["checked_by"] or None,
        checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
        check_note=row["check_note"] or None,
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
