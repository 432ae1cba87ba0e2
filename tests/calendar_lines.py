"""An iCalendar file read line by line as RFC 5545 has it, and by no library: what is not to its letter fails here."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_LINE = 75  # octets, without the line break (RFC 5545, 3.1)
_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=(?:\"[^\"\x00-\x1f]*\"|[^\";:,\x00-\x1f]*))*):(.*)", re.DOTALL)
_PARAMETER = re.compile(r";([A-Z-]+)=(\"[^\"]*\"|[^;:]*)")
_ESCAPE = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True)
class Line:
    """One content line; ``value`` as it is written."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def words(self) -> str:
        """A TEXT value, its escapes undone (RFC 5545, 3.3.11). A comma, semicolon or backslash alone is none."""
        plain = _ESCAPE.sub("", self.value)
        assert not set(plain) & set("\\;,"), f"not escaped: {self.value}"
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass(frozen=True)
class CalendarFile:
    """The one event of a file, and what stands above it."""

    head: dict[str, Line]
    event: dict[str, Line]


def read_lines(raw: bytes) -> CalendarFile:
    """The file, if it is one to the letter. Raises AssertionError for what a mail program may stumble on."""
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    for physical in raw.split(b"\r\n"):
        assert len(physical) <= LONGEST_LINE, physical
        physical.decode()  # a letter of two octets is not cut in half
    lines = [_line(each) for each in raw.decode().replace("\r\n ", "").split("\r\n")[:-1]]
    frame = [(each.name, each.value) for each in lines if each.name in {"BEGIN", "END"}]
    names = ("VCALENDAR", "VEVENT")
    assert frame == [("BEGIN", names[0]), ("BEGIN", names[1]), ("END", names[1]), ("END", names[0])]
    begins = [place for place, each in enumerate(lines) if each.name == "BEGIN"]
    ends = [place for place, each in enumerate(lines) if each.name == "END"]
    return CalendarFile(_by_name(lines[begins[0] + 1 : begins[1]]), _by_name(lines[begins[1] + 1 : ends[0]]))


def _line(written: str) -> Line:
    found = _LINE.fullmatch(written)
    assert found, written
    parameters = {name: value.strip('"') for name, value in _PARAMETER.findall(found[2])}
    return Line(found[1], parameters, found[3])


def _by_name(lines: list[Line]) -> dict[str, Line]:
    by_name = {each.name: each for each in lines}
    assert len(by_name) == len(lines), f"twice: {[each.name for each in lines]}"
    return by_name
