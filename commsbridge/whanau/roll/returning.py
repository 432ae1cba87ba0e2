"""What goes back to whoever brought the file: a report, and the rows that were not taken as a file of their own."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TypedDict

from commsbridge.foundation.language import Language
from commsbridge.whanau.models import MayMessage
from commsbridge.whanau.roll.issues import Severity
from commsbridge.whanau.roll.judged import JudgedRoll
from commsbridge.whanau.roll.reading import WHY_COLUMN

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class IssueReport(TypedDict):
    """One issue: ``row`` as a spreadsheet counts, ``severity`` error or warning, ``column`` None for a whole row."""

    row: int
    severity: str
    reason: str
    column: str | None


class RollReport(TypedDict):
    """What a file says, counted; ``restricted_links`` are among ``links``."""

    students: int
    contacts: int
    links: int
    restricted_links: int
    issues: list[IssueReport]


def report(judged: JudgedRoll, language: Language = Language.EN) -> RollReport:
    """Counts and issues of a judged roll, ready for JSON; it counts the file, not what an import would change."""
    return {
        "students": len(judged.students),
        "contacts": len(judged.contacts),
        "links": len(judged.links),
        "restricted_links": sum(link.may_message is MayMessage.NO for link in judged.links),
        "issues": [
            {
                "row": issue.row,
                "severity": issue.severity.value,
                "reason": issue.reason(language),
                "column": issue.column,
            }
            for issue in judged.issues
        ],
    }


def bad_rows_csv(judged: JudgedRoll, language: Language = Language.EN) -> bytes:
    """The rows with an error as they stood, and why, to be mended and imported again: UTF-8 with its mark, CRLF.

    A cell that a spreadsheet would run as a formula is shielded by an apostrophe (OWASP, CSV injection), which
    read_roll takes off again.
    """
    page = io.StringIO()
    writer = csv.writer(page)
    kept = [place for place, name in enumerate(judged.header) if name != WHY_COLUMN]
    writer.writerow([*(_shielded(judged.header[place]) for place in kept), WHY_COLUMN])
    for row in judged.bad_rows:
        why = " ".join(
            issue.reason(language)
            for issue in judged.issues
            if issue.row == row.number and issue.severity is Severity.ERROR
        )
        cells = [row.written[place] if place < len(row.written) else "" for place in kept]
        writer.writerow([_shielded(cell) for cell in [*cells, why, *row.written[len(judged.header) :]]])
    return codecs.BOM_UTF8 + page.getvalue().encode()


def _shielded(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA_STARTS) or cell.startswith(("\t", "\r")) else cell
