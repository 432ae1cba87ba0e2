"""The day until which a family asks for quiet, as they typed it: "until monday", "2 weeks", "1 feb"."""

from __future__ import annotations

import re
from datetime import date, timedelta

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "kotahi": 1, "rua": 2, "toru": 3, "wha": 4}
_LENGTH = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)}) (day|week|month|ra|wiki|marama)s?\b")
_DAYS = {"day": 1, "ra": 1, "week": 7, "wiki": 7, "month": 30, "marama": 30}
_WEEKDAYS = (
    ("mon", "rahina", "mane"),
    ("tue", "ratu", "turei"),
    ("wed", "raapa", "rapa", "wenerei"),
    ("thu", "rapare", "taite"),
    ("fri", "ramere", "paraire"),
    ("sat", "rahoroi", "hatarei"),
    ("sun", "ratapu"),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})\w*"
_DATE = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}\b|\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b")


def day_asked(words: str, today: date) -> date | None:
    """The last quiet day that folded words name, always after ``today``; None when they name none."""
    if found := _DATE.search(words):
        number, month = found.group(1) or found.group(4), found.group(2) or found.group(3)
        return _on(int(number), _MONTHS.index(month) + 1, today)
    if found := _LENGTH.search(words):
        many = found.group(1)
        count = int(many) if many.isdigit() else _NUMBERS[many]
        return today + timedelta(days=max(count, 1) * _DAYS[found.group(2)])
    for number, names in enumerate(_WEEKDAYS):
        if any(word.startswith(names) for word in words.split()):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if re.search(r"\b(?:tomorrow|tmrw|apopo)\b", words):
        return today + timedelta(days=1)
    return None


def _on(day: int, month: int, today: date) -> date | None:
    """The next such day of the calendar; None for one that there is not."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found > today:
            return found
    return None
