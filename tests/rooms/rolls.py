"""Roll files as tests write them, and what a judged roll says in short."""

from __future__ import annotations

import csv
import io
import uuid

from commsbridge.whanau.roll import JudgedRoll, KnownContact, KnownRoll, Standing, judge, read_roll, report
from tests.labelled.make_roster import COLUMNS

NOBODY = KnownRoll()
MERE = uuid.UUID(int=1)


def row(**cells: str) -> list[str]:
    """A row that is right in every cell, but for the cells given."""
    usual = {
        "student_id": "S1",
        "student_name": "Aroha Kereama",
        "year_level": "4",
        "class": "Room 4",
        "contact_name": "Mere Kereama",
        "relationship": "kuia",
        "mobile": "021 555 0101",
    }
    return [{**usual, **cells}.get(column, "") for column in COLUMNS]


def written(*rows: list[str], header: list[str] = COLUMNS, separator: str = ",") -> str:
    """The rows as a CSV file, under a header."""
    page = io.StringIO()
    csv.writer(page, delimiter=separator, lineterminator="\n").writerows([header, *rows])
    return page.getvalue()


def judged(*rows: list[str], known: KnownRoll = NOBODY) -> JudgedRoll:
    """The rows as a file, read and judged."""
    return judge(read_roll(written(*rows).encode()), known)


def found(roll: JudgedRoll) -> list[tuple[int, str, str | None]]:
    """The issues without their sentences."""
    return [(issue.row, issue.severity.value, issue.column) for issue in roll.issues]


def counts(roll: JudgedRoll) -> tuple[int, int, int, int]:
    """Students, contacts, links, restricted links."""
    told = report(roll)
    return told["students"], told["contacts"], told["links"], told["restricted_links"]


def holding(mobile: str, standing: Standing = Standing.CURRENT, *also: tuple[str, Standing]) -> KnownRoll:
    """A school that holds Aroha and her kuia Mere, with these mobiles."""
    mere = KnownContact(MERE, "Mere Kereama", {mobile: standing, **dict(also)})
    return KnownRoll({"S1": "Aroha Kereama"}, {"kereama mere": (mere,)}, {"S1": (MERE,)})
