"""Days, times, lists, counts and money as people say them in te reo Māori, English, or any language with a file.

Babel's te reo Māori data is not fit to show (loan names only, hard spaces, lists without "me"), so each language has
its own words in locales/<code>/language.toml.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from enum import StrEnum
from typing import Literal

from commsbridge.foundation.language import Language


class DayNames(StrEnum):
    """Which names days and months go by in te reo Māori: a school's choice."""

    TRADITIONAL = "traditional"
    LOAN = "loan"


def long_date(day: date, language: Language, names: DayNames = DayNames.TRADITIONAL) -> str:
    """ "Rāpare, te 2 o Hōngongoi 2026"; in English "Thursday, 2 July 2026". ``names`` is the school's choice."""
    return _date(language.idiom.long, day, language, names)


def short_date(day: date, language: Language, names: DayNames = DayNames.TRADITIONAL) -> str:
    """ "2 Hōngongoi 2026"; in English "2 Jul 2026"."""
    return _date(language.idiom.short, day, language, names)


def day_and_date(day: date, language: Language, names: DayNames = DayNames.TRADITIONAL) -> str:
    """ "Rāpare 2 Hōngongoi 2026"; in English "Thursday 2 Jul 2026": a day to come, as short as it can be met."""
    days = language.idiom.loan_days if names is DayNames.LOAN else language.idiom.days
    return f"{days[day.weekday()]} {short_date(day, language, names)}"


def clock_time(at: time, language: Language) -> str:
    """ "2:50 i te ahiahi"; in English "2:50 pm". ``at`` is local time; te pō begins at six in the evening."""
    part = next(called for until, called in language.idiom.parts if at.hour < until)
    return language.idiom.time.format(hour=at.hour % 12 or 12, hour24=at.hour, minute=f"{at.minute:02d}", part=part)


def list_of(words: Sequence[str], language: Language, joiner: Literal["and", "or"] = "and") -> str:
    """ "Aroha, Hemi me Mere", "Aroha, Hemi, Mere rānei"; in English "Aroha, Hemi and Mere". No words: an empty text."""
    if len(words) < 2:
        return "".join(words)
    pattern = language.idiom.all_of if joiner == "and" else language.idiom.one_of
    return pattern.format(others=language.idiom.between.join(words[:-1]), last=words[-1])


def margin_day(day: date, today: date, language: Language) -> str:
    """A day short enough for a margin: today, yesterday, else day and month, with the year when it is another one.

    Te reo month names are long words, so there the month is a number: "17/11".
    """
    if (today - day).days in {0, 1}:
        return relative_day(day, today, language)
    idiom = language.idiom
    return _date(idiom.margin if day.year == today.year else idiom.margin_other_year, day, language)


def relative_day(day: date, today: date, language: Language, names: DayNames = DayNames.TRADITIONAL) -> str:
    """ "inanahi", "i tēnei rā", "āpōpō" for the three near days, otherwise the short date."""
    near = language.idiom.near.get((day - today).days)
    return near if near is not None else short_date(day, language, names)


def number(n: int) -> str:
    """ "1,234" in every language."""
    return f"{n:,}"


def money(cents: int) -> str:
    """New Zealand dollars in every language, without a space that could break or cost: "$1,234.50", "-$0.20"."""
    return f"{'-' if cents < 0 else ''}${number(abs(cents) // 100)}.{abs(cents) % 100:02d}"


def _date(pattern: str, day: date, language: Language, names: DayNames = DayNames.TRADITIONAL) -> str:
    idiom, loan = language.idiom, names is DayNames.LOAN
    return pattern.format(
        weekday=(idiom.loan_days if loan else idiom.days)[day.weekday()],
        day=day.day,
        month=(idiom.loan_months if loan else idiom.months)[day.month - 1],
        short_month=idiom.short_months[day.month - 1],
        month_number=day.month,
        year=day.year,
    )
