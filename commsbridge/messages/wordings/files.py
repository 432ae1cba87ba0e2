"""Wordings as files for a translator: PO, a CSV that Excel opens right, a spreadsheet; written here and read back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.messages.wordings.known import Wording

COLUMNS = ("key", "version", "kind", "english", "te_reo", "checked_by", "note")
NEEDED = ("key", "version", "te_reo")
MOST_ROWS = 5000
LARGEST_UNPACKED = 20 * 1024 * 1024
UNREADABLE = N_("This file could not be read. Choose the PO, CSV or XLSX file that was taken out here.")
MISSING = N_("The column “%(column)s” is missing. Choose the file that was taken out here, with all its columns.")
TOO_MANY = N_("This file has more than %(most)s rows.")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row that came back: ``number`` as the file counts it, ``version`` of the words it was written over."""

    number: int
    key: str
    version: str
    mi: str
    note: str = ""


def write_file(kind: str, wordings: Sequence[Wording]) -> bytes:
    """The wordings as a "po", "csv" or "xlsx" file. Raises KeyError for another kind."""
    return _WRITERS[kind](wordings)


def read_file(raw: bytes) -> list[FileRow]:
    """The rows of a file that came back, whichever of the three it is. Raises Invalid when it is none of them."""
    if raw.startswith(b"PK"):
        return _rows(_sheet(raw))
    text = _text(raw)
    return _po_rows(text) if "msgid" in text and "msgstr" in text else _rows(csv.reader(io.StringIO(text)))


def _cells(wording: Wording) -> tuple[str, ...]:
    who = wording.checked_by or ""
    return wording.key, wording.version, wording.kind.value, wording.en, wording.mi, who, ""


def _as_csv(wordings: Sequence[Wording]) -> bytes:
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, wordings))
    return page.getvalue().encode("utf-8-sig")


def _as_xlsx(wordings: Sequence[Wording]) -> bytes:
    page = io.BytesIO()
    with xlsxwriter.Workbook(page, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("te reo")
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for number, row in enumerate([COLUMNS, *map(_cells, wordings)]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, wrapped)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 2, 12)
        sheet.set_column(3, 4, 60)
    return page.getvalue()


def _as_po(wordings: Sequence[Wording]) -> bytes:
    catalog = Catalog(locale="mi", project="commsbridge", charset="utf-8", fuzzy=False)
    for each in wordings:
        catalog.add(each.en, each.mi, context=each.key, auto_comments=[f"version {each.version}"])
    page = io.BytesIO()
    write_po(page, catalog, width=0)
    return page.getvalue()


_WRITERS: Mapping[str, Callable[[Sequence[Wording]], bytes]] = {"po": _as_po, "csv": _as_csv, "xlsx": _as_xlsx}


def _text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(UNREADABLE, field="file")


def _po_rows(text: str) -> list[FileRow]:
    try:
        catalog = read_po(io.StringIO(text), abort_invalid=True)
    except (PoFileError, ValueError):
        raise Invalid(UNREADABLE, field="file") from None
    messages = [message for message in catalog if message.id]
    if len(messages) > MOST_ROWS:
        raise Invalid(TOO_MANY, field="file", most=MOST_ROWS)
    return [
        FileRow(
            number,
            message.context or "",
            next((c.removeprefix("version ") for c in message.auto_comments if c.startswith("version ")), ""),
            message.string if isinstance(message.string, str) else "",
            " ".join(message.user_comments),
        )
        for number, message in enumerate(messages, start=1)
    ]


def _sheet(raw: bytes) -> Iterator[Sequence[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise Invalid(UNREADABLE, field="file")
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, OSError, ValueError, SyntaxError):
        raise Invalid(UNREADABLE, field="file") from None


def _rows(table: Iterator[Sequence[str]]) -> list[FileRow]:
    try:
        head = [cell.strip().lower() for cell in next(table, [])]
        for column in NEEDED:
            if column not in head:
                raise Invalid(MISSING, field="file", column=column)
        found: list[FileRow] = []
        for number, cells in enumerate(table, start=2):
            row = dict(zip(head, cells, strict=False))
            if not any(cell.strip() for cell in cells):
                continue
            if len(found) >= MOST_ROWS:
                raise Invalid(TOO_MANY, field="file", most=MOST_ROWS)
            key, version = row.get("key", "").strip(), row.get("version", "").strip()
            found.append(FileRow(number, key, version, row.get("te_reo", ""), row.get("note", "")))
    except csv.Error:
        raise Invalid(UNREADABLE, field="file") from None
    return found
