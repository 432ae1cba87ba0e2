"""The files of a report, opened and read again: PDF with its tags in both languages, spreadsheet, rows and JSON."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from commsbridge import reports
from commsbridge.foundation.language import Language
from commsbridge.reports import MEASURES, Report, taking
from tests.rooms.large import LittleSister
from tests.rooms.report_by_hand import Rows, read, shares_by_hand
from tests.rooms.reporting import CALENDAR, TERM, TODAY, heard_on, made, one
from tests.rooms.test_foundation_paper import drawn

# Letters that stand in no word of a report in either language, so that whoever is named is seen in a file.
NAMED = "Žofie Ďurková"
AT = datetime(2026, 11, 17, 2, tzinfo=UTC)


def ten() -> Report:
    """Ten children, one of whom waits and is named with rare letters."""
    waits = one(name=NAMED, preferred_name="Žofie")
    return Report(TERM, CALENDAR, [waits, *(heard_on(TODAY, arrived=1, sent=1, praise=1) for _ in range(9))])


@pytest.mark.parametrize(("language", "tag"), [(Language.EN, b"/Lang(en-NZ)"), (Language.MI, b"/Lang(mi)")])
def test_the_paper_is_tagged_in_both_languages_and_the_boards_names_no_child(language: Language, tag: bytes) -> None:
    found = ten()
    for for_board in (False, True):
        waiting = [] if for_board else found.waiting
        pdf = reports.on_paper(
            found, language, school="Te Kura", period="T4", made_at=AT, waiting=waiting, for_board=for_board
        )
        assert pdf.startswith(b"%PDF")
        for mark in (tag, b"/StructTreeRoot", b"/MarkInfo<</Marked true", b"<pdfuaid:part>1</pdfuaid:part>"):
            assert mark in pdf
        # headings of tables and rows are told to whoever cannot see them
        assert pdf.count(b"/S/Table") == (1 if for_board else 2)
        assert pdf.count(b"/S/TH") >= 3
        assert pdf.count(b"/S/TR") >= len(MEASURES)
        assert bool(drawn(pdf) & {"Ž", "Ď"}) is not for_board


@pytest.mark.parametrize("language", list(Language))
def test_the_spreadsheet_holds_each_measure_and_a_row_for_each_student_it_can_be_asked_of(
    sister: LittleSister, language: Language
) -> None:
    report, _lines, _prompts = made(sister, date(2026, 10, 12), TODAY)
    book = load_workbook(io.BytesIO(taking.as_xlsx(report, language)), read_only=True)
    measures, students, about = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    shares = report.summary.shares
    assert [tuple(row[1:3]) for row in measures[1:]] == [(share.count, share.of) for share in shares.values()]
    assert [row[0] for row in measures[1:]] == [reports.title(language, name) for name in MEASURES]
    assert all(isinstance(row[3], str) and len(row[3]) > 40 for row in measures[1:])
    assert len(students) == 1 + sum(share.of for share in shares.values())
    said = {name: [row[3] for row in students if row[2] == reports.title(language, name)] for name in MEASURES}
    yes = max({each for found in said.values() for each in found}, key=said["reached"].count)
    assert {name: found.count(yes) for name, found in said.items()} == {
        name: share.count for name, share in shares.items()
    }
    assert str(about[0][0]) == reports.told_of(language, report)[0]


def test_rows_and_json_say_the_same_as_the_report(sister: LittleSister) -> None:
    report, lines, _prompts = made(sister, date(2026, 10, 12), TODAY)
    rows: Rows = read(taking.as_csv(taking.STUDENT, taking.student_rows(report)))
    told: dict[str, Any] = json.loads(taking.as_json(report))
    assert list(rows[0]) == list(taking.STUDENT)
    assert [row["student_id"] for row in rows] == [row["student_id"] for row in told["rows"]]
    assert {name: (each["count"], each["of"]) for name, each in told["measures"].items()} == shares_by_hand(rows, 5)
    assert (told["first_on"], told["last_on"]) == ("2026-10-12", "2026-11-17")
    assert told["targets"] == {"usual": 1, "book": 4, "guide": 5}
    assert told["in_part"] is False
    assert lines
    assert not {"words", "body", "text"} & set(taking.LINE)


def test_files_say_when_children_were_left_out_for_their_reader() -> None:
    part = Report(TERM, CALENDAR, ten().found, in_part=True)
    assert json.loads(taking.as_json(part))["in_part"] is True
    book = load_workbook(io.BytesIO(taking.as_xlsx(part, Language.EN)), read_only=True)
    about = [str(cell) for row in book.worksheets[-1].iter_rows(values_only=True) for cell in row]
    assert "Children whom you do not see as staff are left out of every number here." in about


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=6))
def test_whatever_a_cell_holds_it_is_read_back_and_is_never_a_formula(rows: list[list[str]]) -> None:
    plain = [[each.replace("\r", " ").replace("\n", " ").replace("\0", "") for each in row] for row in rows]
    written = read(taking.as_csv(("a", "b", "c"), plain))
    for before, after in zip(plain, written, strict=True):
        for wanted, got in zip(before, after.values(), strict=True):
            assert got in {wanted, f"'{wanted}"}
            assert not got.startswith(taking.FORMULA)
