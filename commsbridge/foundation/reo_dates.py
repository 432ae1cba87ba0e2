"""Days, times and lists as people say them in te reo Māori and in New Zealand English.

Babel's te reo Māori data is not fit to show (loan names only, hard spaces, lists without "me"), so the words stand
here. Nobody who wrote this table is a licensed translator; the parts of the day are the least certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Literal

from babel.dates import format_date, format_time

from commsbridge.foundation.language import Language


class DayNames(StrEnum):
    """Which names days and months go by in te reo Māori: a school's choice."""

    TRADITIONAL = "traditional"
    LOAN = "loan"


# Monday first, as date.weekday() counts. Traditional: Massey University, MediaWiki; loan: CLDR as in Babel 2.18.
DAYS: dict[DayNames, tuple[str, ...]] = {
    DayNames.TRADITIONAL: ("Rāhina", "Rātū", "Rāapa", "Rāpare", "Rāmere", "Rāhoroi", "Rātapu"),
    DayNames.LOAN: ("Mane", "Tūrei", "Wenerei", "Tāite", "Paraire", "Hātarei", "Rātapu"),
}
MONTHS: dict[DayNames, tuple[str, ...]] = {
    DayNames.TRADITIONAL: (
        "Kohitātea",
        "Huitanguru",
        "Poutūterangi",
        "Paengawhāwhā",
        "Haratua",
        "Pipiri",
        "Hōngongoi",
        "Hereturikōkā",
        "Mahuru",
        "Whiringa-ā-nuku",
        "Whiringa-ā-rangi",
        "Hakihea",
    ),
    DayNames.LOAN: (
        "Hānuere",
        "Pēpuere",
        "Māehe",
        "Āperira",
        "Mei",
        "Hune",
        "Hūrae",
        "Ākuhata",
        "Hepetema",
        "Oketopa",
        "Noema",
        "Tīhema",
    ),
}
NEAR_DAYS: dict[Language, dict[int, str]] = {
    Language.MI: {-1: "inanahi", 0: "i tēnei rā", 1: "āpōpō"},
    Language.EN: {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
_ENGLISH = "en_NZ"


def long_date(day: date, language: Language, names: DayNames = DayNames.TRADITIONAL) -> str:
    """ "Rāpare, te 2 o Hōngongoi 2026"; in English "Thursday, 2 July 2026". ``names`` is the school's choice."""
    if language is Language.MI:
        return f"{DAYS[names][day.weekday()]}, te {day.day} o {MONTHS[names][day.month - 1]} {day.year}"
    return _plain(format_date(day, "EEEE, d MMMM y", locale=_ENGLISH))


def short_date(day: date, language: Language, names: DayNames = DayNames.TRADITIONAL) -> str:
    """ "2 Hōngongoi 2026"; in English "2 Jul 2026"."""
    if language is Language.MI:
        return f"{day.day} {MONTHS[names][day.month - 1]} {day.year}"
    return _plain(format_date(day, "d MMM y", locale=_ENGLISH))


def clock_time(at: time, language: Language) -> str:
    """ "2:50 i te ahiahi"; in English "2:50 pm". ``at`` is local time; te pō begins at six in the evening."""
    if language is Language.MI:
        part = "i te ata" if at.hour < 12 else "i te ahiahi" if at.hour < 18 else "i te pō"
        return f"{at.hour % 12 or 12}:{at.minute:02d} {part}"
    return _plain(format_time(at, "h:mm a", locale=_ENGLISH))


def list_of(words: Sequence[str], language: Language, joiner: Literal["and", "or"] = "and") -> str:
    """ "Aroha, Hemi me Mere", "Aroha, Hemi, Mere rānei"; in English "Aroha, Hemi and Mere". No words: an empty text."""
    if len(words) < 2:
        return "".join(words)
    if language is Language.MI and joiner == "or":
        return f"{', '.join(words)} rānei"
    between = {"and": "me" if language is Language.MI else "and", "or": "or"}[joiner]
    return f"{', '.join(words[:-1])} {between} {words[-1]}"


def margin_day(day: date, today: date, language: Language) -> str:
    """A day short enough for a margin: today, yesterday, else day and month, with the year when it is another one.

    Te reo month names are long words, so there the month is a number: "17/11".
    """
    if today - day in {timedelta(0), timedelta(days=1)}:
        return relative_day(day, today, language)
    year = "" if day.year == today.year else day.year
    if language is Language.MI:
        return f"{day.day}/{day.month}/{year}".rstrip("/")
    return short_date(day, language).removesuffix(f" {day.year}" if day.year == today.year else "")


def relative_day(day: date, today: date, language: Language, names: DayNames = DayNames.TRADITIONAL) -> str:
    """ "inanahi", "i tēnei rā", "āpōpō" for the three near days, otherwise the short date."""
    near = NEAR_DAYS[language].get((day - today).days)
    return near if near is not None else short_date(day, language, names)


def number(n: int) -> str:
    """ "1,234" in both languages."""
    return f"{n:,}"


def money(cents: int) -> str:
    """New Zealand dollars in both languages, without a space that could break or cost: "$1,234.50", "-$0.20"."""
    return f"{'-' if cents < 0 else ''}${number(abs(cents) // 100)}.{abs(cents) % 100:02d}"


def _plain(text: str) -> str:
    """``text`` with hard and narrow spaces made plain: they would turn an English text message into UCS-2."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")
