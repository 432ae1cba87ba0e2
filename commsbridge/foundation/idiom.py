"""How a language says days, times and lists: read from its own file, locales/<code>/language.toml."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATE_SLOTS = frozenset({"weekday", "day", "month", "short_month", "month_number", "year"})
TIME_SLOTS = frozenset({"hour", "hour24", "minute", "part"})
LIST_SLOTS = frozenset({"others", "last"})
# A text with one of these would go out in the costly alphabet; a phone may show it as a box.
HARD_SPACES = frozenset("\u00a0\u202f\u2009\u2007")


class IdiomFault(ValueError):  # noqa: N818 - the fault of a file
    """A language's file is not what it should be; the words say which file, which line of it, and what is wanted."""


@dataclass(frozen=True, slots=True)
class Idiom:
    """``name`` is the language's own name as it stands in a sentence, ``tag`` its BCP 47 tag.

    ``also`` are other names it is asked for by. Days begin with Monday, months with January; ``loan_days`` and
    ``loan_months`` are those a school may choose instead (the same ones, where a language has one set). ``parts`` of
    the day are (first hour that is no longer in it, its name).
    """

    name: str
    tag: str
    also: tuple[str, ...]
    days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    loan_days: tuple[str, ...]
    loan_months: tuple[str, ...]
    long: str
    short: str
    margin: str
    margin_other_year: str
    near: Mapping[int, str]
    time: str
    parts: tuple[tuple[int, str], ...]
    between: str
    all_of: str
    one_of: str


def read_idiom(path: Path) -> Idiom:
    """The idiom in the file at ``path``. Raises IdiomFault when it is not there, not TOML, or wants something."""
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise IdiomFault(f"{path}: cannot be read: {fault}") from fault
    return _Reader(path, written).idiom()


class _Reader:
    """Takes the fields of one file, and names the file and the field in whatever it refuses."""

    def __init__(self, path: Path, written: Mapping[str, Any]) -> None:
        self.path = path
        self.written = written

    def idiom(self) -> Idiom:
        days, months = self.words("dates.days", 7), self.words("dates.months", 12)
        return Idiom(
            name=self.word("name"),
            tag=self.word("tag"),
            also=self.words("also", default=()),
            days=days,
            months=months,
            short_months=self.words("dates.short_months", 12, default=months),
            loan_days=self.words("dates.loan_days", 7, default=days),
            loan_months=self.words("dates.loan_months", 12, default=months),
            long=self.pattern("dates.long", DATE_SLOTS),
            short=self.pattern("dates.short", DATE_SLOTS),
            margin=self.pattern("dates.margin", DATE_SLOTS),
            margin_other_year=self.pattern("dates.margin_other_year", DATE_SLOTS),
            near={n: self.word(f"dates.{day}") for n, day in ((-1, "yesterday"), (0, "today"), (1, "tomorrow"))},
            time=self.pattern("times.written", TIME_SLOTS),
            parts=self.parts("times.parts"),
            between=self.word("lists.between"),
            all_of=self.pattern("lists.and", LIST_SLOTS, every=True),
            one_of=self.pattern("lists.or", LIST_SLOTS, every=True),
        )

    def refuse(self, field: str, wanted: str) -> IdiomFault:
        return IdiomFault(f"{self.path}: {field}: {wanted}")

    def value(self, field: str) -> Any:
        found: Any = self.written
        for key in field.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def word(self, field: str) -> str:
        return self.sound(field, self.value(field))

    def sound(self, field: str, word: Any) -> str:
        if not isinstance(word, str) or not word.strip():
            raise self.refuse(field, "write it here")
        if HARD_SPACES & set(word):
            raise self.refuse(field, "write plain spaces: a text with a hard or narrow space costs more")
        return word

    def words(self, field: str, many: int | None = None, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        found = self.value(field)
        if found is None and default is not None:
            return default
        if not isinstance(found, list) or (many is not None and len(found) != many):
            raise self.refuse(field, f"write {many} names" if many else "write a list of names")
        return tuple(self.sound(field, word) for word in found)

    def pattern(self, field: str, slots: frozenset[str], *, every: bool = False) -> str:
        written = self.word(field)
        try:
            used = {slot for _, slot, _, _ in string.Formatter().parse(written) if slot is not None}
        except ValueError as fault:
            raise self.refuse(field, f"its braces do not close: {written}") from fault
        if not used <= slots or (every and used != slots):
            raise self.refuse(field, f"its places are {', '.join(f'{{{slot}}}' for slot in sorted(slots))}")
        return written

    def parts(self, field: str) -> tuple[tuple[int, str], ...]:
        found = self.value(field)
        if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
            raise self.refuse(field, "write the parts of a day, each with until and called")
        ends = [part.get("until") for part in found]
        if not ends or not all(isinstance(end, int) for end in ends) or ends != sorted(set(ends)) or ends[-1] != 24:
            raise self.refuse(field, "each part ends at a later hour than the one before, the last at 24")
        return tuple((part["until"], self.sound(field, part.get("called"))) for part in found)
