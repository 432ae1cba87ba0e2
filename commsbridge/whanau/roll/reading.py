"""Bytes of a roll file -> rows: encoding, separator, quotation marks and column names, as spreadsheets write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold, repair
from commsbridge.foundation.segments import tidy
from commsbridge.whanau.roll.issues import Issue, Said, Severity, said

COLUMNS = (
    "student_id",
    "student_name",
    "year_level",
    "class",
    "teacher_email",
    "contact_name",
    "relationship",
    "mobile",
    "email",
    "language",
    "channel",
    "may_message",
)
WHY_COLUMN = "why_not_taken"
ABOUT_CONTACTS = frozenset({"contact_name", "relationship", "mobile", "email", "language", "channel", "may_message"})
LARGEST = 20 * 1024 * 1024
"""Bytes: some ten times the roll of the largest school."""

_LONGEST_CELL = 20
"""Lines that one quoted cell may span; beyond that the mark was not meant to open one."""
_SEPARATORS = (",", ";", "\t")
_SEP_LINE = re.compile(r"sep=(.)\n", re.IGNORECASE)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LETTER_OF_SEVERAL_BYTES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how names of some languages are written."""
_SHIELDED = re.compile(r"'\s*[=+\-@\d]")
_SHOWN = 60
"""Characters of a foreign column's name that are repeated in a sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``cells`` by column name, cleaned; ``written`` as it stood; ``fault`` when it could not be read."""

    number: int
    cells: Mapping[str, str]
    written: tuple[str, ...]
    fault: Said | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A roll file as rows. When the file as a whole cannot be taken, ``issues`` says why and there are no rows."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    issues: tuple[Issue, ...]


def read_roll(raw: bytes) -> Sheet:
    """The rows of a roll file; never raises: what is wrong with the file is an issue at the row of its header.

    Takes UTF-8 with or without its mark, UTF-16 with its mark, and Windows-1252; comma, semicolon or tab. Rows are
    numbered as a spreadsheet does: the first line is row 1 and blank lines count.
    """
    try:
        text = _text(raw).replace("\r\n", "\n").replace("\r", "\n")
    except Invalid as refusal:
        return _refused(1, None, Said.by(refusal))
    told = _SEP_LINE.match(text)
    lines = (text[told.end() :] if told else text).split("\n")
    separators = (told[1],) if told else _SEPARATORS
    return _sheet(lines, max(separators, key=lambda separator: _columns_known(lines, separator)))


def clean(cell: str) -> str:
    """A cell as its reader meant it: tidied, without invisible marks, without the apostrophe that shields a formula."""
    if cell.isascii() and cell.isprintable():
        text = cell.strip()
    else:
        text = tidy("".join(c for c in cell if unicodedata.category(c) != "Cf" or c in _JOINERS))
    return text[1:].lstrip() if _SHIELDED.match(text) else text


def _text(raw: bytes) -> str:
    """Raises Invalid when the bytes are no text or too many."""
    if len(raw) > LARGEST:
        raise Invalid(N_("This file is larger than any roll. Please check that it is the right one."))
    if raw.startswith(_WORKBOOKS):
        raise Invalid(N_("This is a workbook, not a CSV file. Open it, save it as “CSV UTF-8”, and import that."))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf_16(raw)
    few_nuls = raw.count(b"\0") * 100 < len(raw)
    return _mended(raw.replace(b"\0", b"") if few_nuls else raw)


def _utf_16(raw: bytes) -> str:
    try:
        return unicodedata.normalize("NFC", raw.decode("utf-16"))
    except UnicodeDecodeError:
        raise Invalid(N_("This file is damaged. Please save it again as “CSV UTF-8” and import that.")) from None


def _mended(raw: bytes) -> str:
    """UTF-8 in which a few bytes are broken keeps its other letters; the broken ones are shown as U+FFFD."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        mostly = raw.decode("utf-8", errors="replace")
        if len(_LETTER_OF_SEVERAL_BYTES.findall(raw)) > mostly.count("\ufffd"):
            return unicodedata.normalize("NFC", mostly.removeprefix("\ufeff"))
    return repair(raw)


def _sheet(lines: list[str], separator: str) -> Sheet:
    records = list(_records(lines, separator))
    top = next((i for i, (cells, _) in enumerate(records) if _filled(cells)), None)
    if top is None:
        return _refused(1, None, said(N_("This file is empty.")))
    header = tuple(clean(cell) for cell in records[top][0])
    names = tuple(_column(written) for written in header)
    refusal = _header_fault(top + 1, names)
    if refusal is not None:
        return refusal
    rows = tuple(
        _row(number, cells, whole=whole, names=names)
        for number, (cells, whole) in enumerate(records[top + 1 :], start=top + 2)
        if _filled(cells)
    )
    if not rows:
        return _refused(top + 1, None, said(N_("This file has column names but no rows.")))
    return Sheet(header, rows, tuple(_header_doubts(top + 1, header, names)))


def _refused(row: int, column: str | None, why: Said) -> Sheet:
    return Sheet((), (), (Issue(row, Severity.ERROR, column, (why,)),))


def _columns_known(lines: list[str], separator: str) -> int:
    for cells, _ in _records(lines, separator):
        if _filled(cells):
            return sum(_column(clean(cell)) is not None for cell in cells)
    return 0


def _filled(cells: list[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _column(written: str) -> str | None:
    """The column that a header names, however it is spelt: "Student ID", "student-id", "STUDENT_ID"."""
    return _COLUMN_OF.get(_letters(written))


def _letters(written: str) -> str:
    return "".join(c for c in fold(written) if c.isalnum())


_COLUMN_OF = {_letters(column): column for column in (*COLUMNS, WHY_COLUMN)}


def _header_fault(row: int, names: tuple[str | None, ...]) -> Sheet | None:
    """Why no row can be read under this header, or None."""
    known = [name for name in names if name is not None]
    twice = next((name for name in known if known.count(name) > 1), None)
    if twice is not None:
        return _refused(row, twice, said(N_("There are two columns called %(column)s."), column=twice))
    missing = _missing(frozenset(known))
    if not missing:
        return None
    sentence = N_("The columns %(missing)s are needed and not there. The first row must name them.")
    if len(missing) == 1:
        sentence = N_("The column %(missing)s is needed and not there. The first row must name it.")
    return _refused(row, missing[0], said(sentence, missing=", ".join(missing)))


def _missing(known: frozenset[str]) -> list[str]:
    """Needed columns that are not there: a file without any column about contacts is a list of students alone."""
    needed = ["student_id", "student_name"]
    if known & ABOUT_CONTACTS:
        needed.append("contact_name")
        if not known & {"mobile", "email"}:
            needed.append("mobile")
    return [column for column in needed if column not in known]


def _header_doubts(row: int, header: tuple[str, ...], names: tuple[str | None, ...]) -> Iterator[Issue]:
    for written, name in zip(header, names, strict=True):
        if written and name is None:
            unread = said(N_("A roll has no such column, so we did not read it."))
            yield Issue(row, Severity.WARNING, written[:_SHOWN], (unread,))


def _row(number: int, cells: list[str], *, whole: bool, names: tuple[str | None, ...]) -> Row:
    written = tuple(cells)
    if not whole:
        return Row(number, {}, written, said(N_("This row opens a quotation mark and does not close it.")))
    if _filled(cells[len(names) :]):
        fault = said(N_("This row has more cells than there are columns: a comma in a cell needs quotation marks."))
        return Row(number, {}, written, fault)
    padded = cells[: len(names)] + [""] * (len(names) - len(cells))
    named = {name: clean(cell) for name, cell in zip(names, padded, strict=True) if name is not None}
    return Row(number, named, written)


def _records(lines: list[str], separator: str) -> Iterator[tuple[list[str], bool]]:
    """Each record's cells, and whether its quotation marks could be read; a broken record is one line as it stands."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if '"' not in line:
            yield line.split(separator), True
            at += 1
            continue
        block = "\n".join(lines[at : at + _LONGEST_CELL])
        cells = _quoted(block, separator)
        if cells is None:
            yield line.split(separator), False
            at += 1
        else:
            yield cells[0], True
            at += cells[1]


@cache
def _quoted_cell(separator: str) -> re.Pattern[str]:
    """A cell in quotation marks (RFC 4180); blanks around it are forgiven."""
    return re.compile(rf' *+"([^"]*+(?:""[^"]*+)*+)" *+(?={re.escape(separator)}|\n|\Z)')


def _quoted(block: str, separator: str) -> tuple[list[str], int] | None:
    """The first record of ``block`` and how many lines it takes; None when a mark is opened and not closed."""
    cells: list[str] = []
    at = 0
    while True:
        marked = _quoted_cell(separator).match(block, at)
        if marked is not None:
            cells.append(marked[1].replace('""', '"'))
            end = marked.end()
        else:
            ends = (block.find(separator, at), block.find("\n", at))
            end = min((place for place in ends if place >= 0), default=len(block))
            cells.append(block[at:end])
            if cells[-1].lstrip(" ").startswith('"'):
                return None
        if end == len(block) or block[end] == "\n":
            return cells, block.count("\n", 0, end) + 1
        at = end + 1
