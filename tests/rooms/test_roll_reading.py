"""Roll files as spreadsheets write them: what is read, and what goes back."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.whanau.roll import bad_rows_csv, judge, read_roll, report
from tests.labelled.make_roster import COLUMNS
from tests.rooms.rolls import NOBODY, counts, found, judged, row, written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_macrons_survive_every_encoding_that_has_them(encoding: str) -> None:
    text = unicodedata.normalize("NFD", written(row(student_name="Wī Kereama")))
    roll = judge(read_roll(text.encode(encoding)), NOBODY)
    assert [student.name for student in roll.students] == ["Wī Kereama"]
    assert found(roll) == []


def test_windows_1252_is_read() -> None:
    roll = judge(read_roll(written(row(contact_name="Zoë O’Brien")).encode("cp1252")), NOBODY)
    assert [contact.name for contact in roll.contacts] == ["Zoë O’Brien"]


def test_one_broken_byte_does_not_spoil_the_macrons_of_the_other_rows() -> None:
    raw = written(row(student_name="Wī Kereama"), row(student_id="S2", student_name="Tāne Pax")).encode()
    roll = judge(read_roll(raw.replace(b"Pax", b"Pa\xff")), NOBODY)
    assert [student.name for student in roll.students] == ["Wī Kereama"]
    assert found(roll) == [(3, "error", "student_name")]


def test_a_stray_nul_is_left_out() -> None:
    raw = written(row(contact_name="Me|re Kereama")).encode().replace(b"|", b"\0")
    assert [contact.name for contact in judge(read_roll(raw), NOBODY).contacts] == ["Mere Kereama"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_each_separator_is_recognised(separator: str) -> None:
    text = written(row(**{"class": "Room 4; Kapa haka"}), separator=separator)
    roll = judge(read_roll(text.encode()), NOBODY)
    assert counts(roll) == (1, 1, 1, 0)
    assert [place.name for place in roll.students[0].classes] == ["Room 4", "Kapa haka"]


def test_a_line_that_names_the_separator_is_not_counted_as_a_row() -> None:
    text = "sep=;\r\n" + written(row(mobile="12"), separator=";")
    assert found(judge(read_roll(text.encode()), NOBODY)) == [(2, "error", "mobile")]


def test_blank_lines_and_line_ends_in_cells_count_as_a_spreadsheet_counts_them() -> None:
    rows = [row(contact_name="Mere\nKereama"), [], [""] * len(COLUMNS), row(student_id="")]
    text = written(*rows)
    for line_end in ("\n", "\r\n", "\r"):
        roll = judge(read_roll(text.replace("\n", line_end).encode()), NOBODY)
        assert found(roll) == [(5, "error", "student_id")]
        assert roll.contacts[0].name == "Mere Kereama"


def test_column_names_may_be_spelt_and_ordered_otherwise() -> None:
    header = ["Mobile ", "CONTACT NAME", "Student-ID", "student_nāme"]
    text = written(["021 555 0101", "Mere Kereama", "S1", "Aroha Kereama"], header=header)
    roll = judge(read_roll(text.encode()), NOBODY)
    assert counts(roll) == (1, 1, 1, 0)
    assert found(roll) == []


def test_an_unknown_column_is_ignored_with_a_warning() -> None:
    text = written([*row(), "secret"], header=[*COLUMNS, "Medical notes"])
    roll = judge(read_roll(text.encode()), NOBODY)
    assert found(roll) == [(1, "warning", "Medical notes")]
    assert counts(roll) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", None, "This file is empty."),
        ("\n\n", None, "This file is empty."),
        (",".join(COLUMNS), None, "has column names but no rows"),
        ("student_name,contact_name,mobile\nA,B,1", "student_id", "The column student_id is needed"),
        ("a,b\n1,2", "student_id", "The columns student_id, student_name are needed"),
        ("student_id,student_name,contact_name\nS1,A,B", "mobile", "The column mobile is needed"),
        ("student_id,student_name,Student ID\nS1,A,S1", "student_id", "two columns called student_id"),
    ],
)
def test_a_file_that_cannot_be_taken_gets_one_clear_error(text: str, column: str | None, words: str) -> None:
    roll = judge(read_roll(text.encode()), NOBODY)
    assert counts(roll) == (0, 0, 0, 0)
    [issue] = report(roll)["issues"]
    assert (issue["severity"], issue["column"]) == ("error", column)
    assert words in issue["reason"]


@pytest.mark.parametrize("raw", [b"PK\x03\x04\x14\x00\x06\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x00\x01" * 99])
def test_a_workbook_or_another_binary_file_is_told_to_be_saved_as_csv(raw: bytes) -> None:
    [issue] = report(judge(read_roll(raw), NOBODY))["issues"]
    assert "CSV UTF-8" in issue["reason"]


def test_a_file_beyond_any_roll_is_refused() -> None:
    [issue] = report(judge(read_roll(b"x" * (20 * 1024 * 1024 + 1)), NOBODY))["issues"]
    assert "larger than any roll" in issue["reason"]


def test_an_unclosed_quotation_mark_costs_one_row_only() -> None:
    lines = written(row(), row(student_id="S2", student_name="Wī Kereama")).splitlines()
    lines.insert(2, 'S9,"Tui,3,,,Ana,,021 555 0600,,,,')
    lines.append(",".join(row(student_id="S3", student_name='"Hine ""Nan"" Paki"')))
    roll = judge(read_roll("\n".join(lines).encode()), NOBODY)
    assert found(roll) == [(3, "error", None)]
    assert [student.name for student in roll.students] == ["Aroha Kereama", "Wī Kereama", 'Hine "Nan" Paki']


def test_a_row_with_more_cells_than_columns_is_refused() -> None:
    assert found(judged(row(), [*row(student_id="S2"), "021 555 0300"])) == [(3, "error", None)]


def test_the_bad_rows_come_back_shielded_and_mended_rows_go_in() -> None:
    rows = [
        row(),
        row(student_id="S2", student_name="Wī Paki", contact_name="=cmd()", mobile="+64 21 555 0102"),
        row(student_id="S3", student_name="Hine Paki", mobile=" +64 21 555 O1O3"),
    ]
    back = bad_rows_csv(judged(*rows))
    assert back.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(back.decode("utf-8-sig"))))
    assert lines[0] == [*COLUMNS, "why_not_taken"]
    assert [line[COLUMNS.index("contact_name")] for line in lines[1:]] == ["'=cmd()", "Mere Kereama"]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for line in lines for cell in line)
    mended = back.replace(b"'=cmd()", b"Rua Paki").replace(b"O1O3", b"0103")
    roll = judge(read_roll(mended), NOBODY)
    assert (found(roll), counts(roll)) == ([], (2, 2, 2, 0))
    again = bad_rows_csv(judge(read_roll(back), NOBODY))
    lines_again = list(csv.reader(io.StringIO(again.decode("utf-8-sig"))))
    assert lines_again[0] == lines[0]
    assert [line[-1] for line in lines_again] == [line[-1] for line in lines]


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fall(raw: bytes) -> None:
    roll = judge(read_roll(raw), NOBODY)
    report(roll)
    bad_rows_csv(roll)


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12) | st.sampled_from(
    ["no", "021 555 0101", "a@kura.test", '"', '""', ",", ";", "\n", "S1", "=1", "'", "text"]
)


@given(st.lists(st.lists(CELL, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=4))
def test_any_cells_survive_being_written_and_no_row_is_lost(rows: list[list[str]]) -> None:
    sheet = read_roll(written(*rows).encode())
    filled = [number for number, cells in enumerate(rows, start=2) if any(cell.strip() for cell in cells)]
    assert [line.number for line in sheet.rows] == filled
    composed = [[unicodedata.normalize("NFC", cell) for cell in cells] for cells in rows]
    assert [list(line.written) for line in sheet.rows] == [composed[number - 2] for number in filled]
    roll = judge(sheet, NOBODY)
    refused = {issue.row for issue in roll.issues if issue.severity == "error"}
    taken = {student.external_id for student in roll.students}
    assert len(taken) <= len(filled)
    assert {line.number for line in roll.bad_rows} == refused - {1}
    places = range(len(roll.contacts))
    assert all(link.contact in places and link.student in taken for link in roll.links)
