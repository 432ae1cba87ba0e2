"""Wordings out to a translator and in again: three kinds of file, judged row by row, never over a newer edit."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from openpyxl import load_workbook

from commsbridge.foundation.errors import Invalid
from commsbridge.messages import wordings
from commsbridge.messages.wordings import Fate, FileRow, Standing, Wording
from tests.story import Story

KINDS = ("po", "csv", "xlsx")
KUPU = "Ka pai tana mahi a {name} i te akomanga."


def every(story: Story) -> list[Wording]:
    with story.work() as work:
        return wordings.all_wordings(work)


def phrase(story: Story) -> Wording:
    return next(each for each in every(story) if each.kind is wordings.Kind.PHRASE)


def row(wording: Wording, mi: str, **other: str) -> FileRow:
    return FileRow(2, other.get("key", wording.key), other.get("version", wording.version), mi)


def take(
    story: Story, *rows: FileRow, checked_by: str | None = None, licensed: bool = False
) -> list[wordings.JudgedRow]:
    with story.work("burns") as work:
        return wordings.take_rows(work, rows, checked_by=checked_by, licensed=licensed)


def now(story: Story, wording: Wording) -> Wording:
    return next(each for each in every(story) if each.key == wording.key)


@pytest.mark.parametrize("kind", KINDS)
def test_every_wording_goes_out_and_comes_back_as_it_went(story: Story, kind: str) -> None:
    sent = every(story)
    back = wordings.read_file(wordings.write_file(kind, sent))
    assert [(each.key, each.version, each.mi) for each in sorted(back, key=lambda each: each.key)] == [
        (each.key, each.version, each.mi) for each in sorted(sent, key=lambda each: each.key)
    ]
    with story.work() as work:
        assert {each.fate for each in wordings.judge_rows(work, back)} == {Fate.SAME}


def test_a_spreadsheet_program_opens_the_macrons_right_and_runs_no_formula(story: Story) -> None:
    sent = every(story)
    assert wordings.write_file("csv", sent).startswith(b"\xef\xbb\xbf")
    sheet = load_workbook(io.BytesIO(wordings.write_file("xlsx", sent))).worksheets[0]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any("ā" in str(cell.value) for cell in cells)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"mi": ""}, "There are words in one language only."),
        ({"mi": "Ka pai te mahi."}, "%(slot)s is missing"),
        ({"mi": "Ka pai a {name} rāua ko {name}."}, "%(slot)s is there twice"),
        ({"mi": "Ka pai te mähi a {name}."}, "Write macrons"),
        ({"mi": KUPU, "key": "phrase:nothing"}, "No wording here has this key."),
        ({"mi": KUPU, "version": "0" * 32}, "Someone changed this wording here"),
    ],
)
def test_a_row_with_something_wrong_is_refused_by_itself_and_says_why(
    story: Story, wrong: dict[str, str], reason: str
) -> None:
    first, second = [each for each in every(story) if each.kind is wordings.Kind.PHRASE][:2]
    judged = take(story, row(first, **wrong), row(second, KUPU))
    assert [each.fate for each in judged] == [Fate.REFUSED, Fate.CHANGED]
    assert judged[0].reason is not None
    assert judged[0].reason.startswith(reason)
    assert now(story, first).mi == first.mi
    assert now(story, second).mi == KUPU


def test_a_newer_edit_is_never_overwritten(story: Story) -> None:
    wording = phrase(story)
    with story.work("kiri") as work:
        wordings.approve(work, wording.key, seen=wording.version, text_mi="Ka rawe te mahi a {name}.", as_meant=True)
    [judged] = take(story, row(wording, KUPU), checked_by="Hēmi Tāwhiri", licensed=True)
    assert judged.fate is Fate.REFUSED
    assert now(story, wording).mi == "Ka rawe te mahi a {name}."


def test_a_key_that_stands_twice_counts_once(story: Story) -> None:
    wording = phrase(story)
    judged = take(story, row(wording, KUPU), row(wording, "Ka rawe te mahi a {name}."))
    assert [each.fate for each in judged] == [Fate.CHANGED, Fate.REFUSED]


def test_a_translator_is_written_down_as_the_checker_only_where_somebody_states_it(story: Story) -> None:
    wording, other = [each for each in every(story) if each.kind is wordings.Kind.PHRASE][:2]
    take(story, row(wording, KUPU), row(other, other.mi))
    assert now(story, wording).standing is Standing.UNCHECKED
    assert now(story, other).check is None
    take(story, row(now(story, wording), KUPU), row(other, other.mi), checked_by="Hēmi Tāwhiri", licensed=True)
    for each in (now(story, wording), now(story, other)):
        assert (each.standing, each.checked_by) == (Standing.CHECKED, "Hēmi Tāwhiri")
        assert each.check is not None
        assert each.check.licensed
        assert each.check.staff_id == story.staff["burns"].id
    with pytest.raises(Invalid):
        take(story, row(now(story, wording), KUPU), checked_by="  ")


def test_a_dry_run_changes_nothing(story: Story) -> None:
    wording = phrase(story)
    with story.work("burns") as work:
        [judged] = wordings.judge_rows(work, [row(wording, KUPU)])
    assert judged.fate is Fate.CHANGED
    assert now(story, wording) == wording


def test_words_that_look_misspelt_are_shown_and_left_to_whoever_brings_them_in(story: Story) -> None:
    with story.work("burns") as work:
        [judged] = wordings.judge_rows(work, [row(phrase(story), "Ka pai te akonga a {name}.")])
    assert (judged.fate, judged.slots) == (Fate.CHANGED, (("words", "akonga"),))


def many_rows() -> bytes:
    page = io.StringIO()
    csv.writer(page).writerows([["key", "version", "te_reo"], *[["k", "v", "a"]] * 5001])
    return page.getvalue().encode()


def bomb() -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (21 * 1024 * 1024))
    return page.getvalue()


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"PK nothing", b"not a table", b"key,te_reo\nphrase:x,Ka pai", many_rows(), bomb(),
     "Ka pai".encode("utf-16")],
)  # fmt: skip
def test_anything_else_is_refused_whole(raw: bytes) -> None:
    with pytest.raises(Invalid) as said:
        wordings.read_file(raw)
    assert said.value.field == "file"
