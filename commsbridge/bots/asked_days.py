"""The day until which a family asks for quiet, as they typed it: "until monday", "2 weeks", "1 feb"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "kotahi": 1, "rua": 2, "toru": 3, "wha": 4}
_LENGTH = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)}) ?(day|week|wk|month|ra|wiki|marama)s?\b")
_DAYS = {"day": 1, "ra": 1, "week": 7, "wk": 7, "wiki": 7, "month": 30, "marama": 30}
_WEEKDAYS = (
    ("mon", "rahina", "mane"),
    ("tue", "ratu", "turei"),
    ("wed", "raapa", "rapa", "wenerei"),
    ("thu", "rapare", "taite"),
    ("fri", "ramere", "paraire"),
    ("sat", "rahoroi", "hatarei"),
    ("sun", "ratapu"),
)
# English, and te reo Māori in both namings (Te Taura Whiri i te Reo Māori: the months of the year), folded.
_MONTHS = (
    ("jan", "hanuere", "kohitatea"),
    ("feb", "pepuere", "hui tanguru"),
    ("mar", "maehe", "poutu te rangi"),
    ("apr", "aperira", "paenga whawha"),
    ("may", "mei", "haratua"),
    ("jun", "hune", "pipiri"),
    ("jul", "hurae", "hongongoi"),
    ("aug", "akuhata", "here turi koka"),
    ("sep", "hepetema", "mahuru"),
    ("oct", "oketopa", "whiringa a nuku"),
    ("nov", "noema", "whiringa a rangi"),
    ("dec", "tihema", "hakihea"),
)
_MONTH = rf"(?:o )?({'|'.join(name for names in _MONTHS for name in names)})\w*"
_YEAR = r"(?:,? (20\d\d))?"
_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}{_YEAR}\b|\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}\b"
)
# Day before month, as New Zealand writes it.
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})(?:[/.](?:20)?(\d\d))?\b")


def day_asked(words: str, today: date, *, term_ends: date | None = None) -> date | None:
    """The last quiet day that folded words name, always after ``today``; None when they name none.

    ``term_ends`` is the last day of this school's term, for "until the end of term".
    """
    said = words.replace("-", " ")
    readers = (_dated, _numbered, _counted, _weekday, _soon)
    found = next((day for read in readers if (day := read(said, today)) is not False), None)
    if found is None and re.search(r"\b(?:term|wahanga)\b", said) and term_ends is not None and term_ends > today:
        return term_ends
    return found or None


def _dated(said: str, today: date) -> date | Literal[False] | None:
    """3 Feb, Feb 3rd, 1 o Pepuere 2027; False where none is named, None for one that there is not."""
    if (found := _DATE.search(said)) is None:
        return False
    number, month = found.group(1) or found.group(5), found.group(2) or found.group(4)
    year = found.group(3) or found.group(6)
    return _on(int(number), _month(month), today, int(year) if year else None)


def _numbered(said: str, today: date) -> date | Literal[False] | None:
    if (found := _NUMERIC.search(said)) is None:
        return False
    year = found.group(3)
    return _on(int(found.group(1)), int(found.group(2)), today, 2000 + int(year) if year else None)


def _counted(said: str, today: date) -> date | Literal[False]:
    if (found := _LENGTH.search(said)) is None:
        return False
    many = found.group(1)
    count = int(many) if many.isdigit() else _NUMBERS[many]
    return today + timedelta(days=max(count, 1) * _DAYS[found.group(2)])


def _weekday(said: str, today: date) -> date | Literal[False]:
    for number, names in enumerate(_WEEKDAYS):
        if any(word.startswith(names) for word in said.split()):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return False


def _soon(said: str, today: date) -> date | Literal[False]:
    if re.search(r"\b(?:tomorrow|tmrw|apopo)\b", said):
        return today + timedelta(days=1)
    if re.search(r"\bnext week\b|\bwiki e heke mai\b", said):
        return today + timedelta(days=7 - today.weekday())
    return False


def _month(name: str) -> int:
    return next(number for number, names in enumerate(_MONTHS, start=1) if name in names)


def _on(day: int, month: int, today: date, year: int | None) -> date | None:
    """The next such day of the calendar, or that of a year; None for one that there is not, or that is over."""
    for each in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if found > today:
            return found
    return None
