"""`commsbridge evaluate`: a set is scored by the code of production, and a broken one is refused by row and column."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from tests.doors.command_line import CommandLine

LABELLED = Path(__file__).parents[1] / "labelled"
SET = (
    "id\ttext\tlabel\tnote\n1\tThanks for that\ten\tx\n2\tKa pai tana mahi\tmi\t\n3\tTalofa lava\tsm\t\n4\tYes\tmi\t\n"
)


@pytest.fixture
def call() -> CommandLine:
    """The command line without any setting: a judgement needs no database."""
    return CommandLine({})


def written(folder: Path, text: str | bytes) -> str:
    path = folder / "set.tsv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_set_is_scored_for_people_and_for_programs(call: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / "score.json"
    told = call.says("evaluate", "language", written(tmp_path, SET), "--json", str(kept))
    assert "right: 3 of 4, 75.0 %" in told
    assert "label sm: 1 of 1, 100.0 %" in told
    assert "English and te reo Māori: 2 of 3, 66.7 %" in told
    assert "wrong: 4: expected mi, got en" in told
    assert json.loads(kept.read_text("utf-8")) == {
        "rows": 4,
        "right": 3,
        "table": {"en": {"en": 1}, "mi": {"en": 1, "mi": 1}, "other": {"other": 1}},
        "wrong": [{"id": "4", "expected": "mi", "got": "en"}],
    }


def test_our_own_set_is_scored(call: CommandLine) -> None:
    assert "English and te reo Māori: 1" in call.says("evaluate", "language", str(LABELLED / "language.tsv"))


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_are_taken(call: CommandLine, tmp_path: Path) -> None:
    text = "\ufeff" + SET.replace("\n", "\r\n") + "\r\n\r\n"
    assert "right: 3 of 4" in call.says("evaluate", "language", written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "row 1, column id: the header does not name it."),
        ("id\twords\tlabel\n1\tYes\ten\n", "row 1, column text: the header does not name it."),
        ("id\ttext\tlabel\ttext\n1\tYes\ten\tYes\n", "row 1, column text: the header names it twice."),
        ("id\ttext\tlabel\n", "row 2: there are no rows under the header."),
        ("id\ttext\tlabel\n\n1\tYes\n", "row 3: 2 cells, but the header names 3."),
        ("id\ttext\tlabel\n1\ta\tb\ten\n", "row 2: 4 cells, but the header names 3."),
        ("id\ttext\tlabel\n1\tYes\t\n", "row 2, column label: it is empty."),
        ("id\ttext\tlabel\n1\t \ten\n", "row 2, column text: it is empty."),
        ("id\ttext\tlabel\n1\tYes\ten\n1\tNo\ten\n", "row 3, column id: '1' stands in row 2 already."),
        (f"id\ttext\tlabel\n1\t{unicodedata.normalize('NFD', 'āe')}\tmi\n", "row 2, column text: it is not in NFC"),
        (b"id\ttext\tlabel\n1\tm\xe4ori\tmi\n", "row 2, cell 2: this is not UTF-8."),
    ],
)
def test_a_broken_set_is_refused_by_row_and_column(
    call: CommandLine, tmp_path: Path, text: str | bytes, fault: str
) -> None:
    kept = tmp_path / "score.json"
    told = call.refuses("evaluate", "language", written(tmp_path, text), "--json", str(kept))
    assert f"set.tsv: {fault}" in told
    assert not kept.exists()


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted(call: CommandLine, tmp_path: Path) -> None:
    rows = "".join(f"{number}\tYes\t\n" for number in range(50))
    told = call.refuses("evaluate", "language", written(tmp_path, f"id\ttext\tlabel\n{rows}"))
    assert "row 21, column label" in told
    assert "row 22, column label" not in told
    assert "and 30 more." in told


# replies: each case is played in a school of its own

PEOPLE = {
    "contacts": [
        {"id": "c1", "name": "Rua Kereama", "relationship": "koro", "phone": "+64215559001", "language": "mi"}
    ],
    "students": [
        {"id": "s1", "name": "Pare Kereama", "nickname": None, "class": "Room 1", "school": "a"},
        {"id": "s2", "name": "Wī Kereama", "nickname": None, "class": "Room 4", "school": "a"},
    ],
    "guardianships": [
        {"contact": "c1", "student": "s1", "access": "full"},
        {"contact": "c1", "student": "s2", "access": "full"},
    ],
}
WHICH = {
    "id": "q",
    "to": "c1",
    "channel": "sms",
    "about": ["s2", "s1"],
    "minutes_ago": 9,
    "text": "",
    "kind": "which_child",
}


def conversation(number: int, words: str, expected: dict[str, object], *outbound: dict[str, object]) -> str:
    inbound = {
        "channel": "sms",
        "from": "+64215559001",
        "to_school": "a",
        "to": "3001",
        "text": words,
        "minutes_later": 0,
    }
    case = {"id": f"x-{number}", "setup": PEOPLE, "outbound": outbound, "inbound": inbound, "expected": expected}
    return json.dumps(case | {"must_not": ["s1"] if expected == {"file": ["s2"]} else []}, ensure_ascii=False)


def test_a_teachers_own_phone_is_answered_as_a_teachers_and_files_nothing(call: CommandLine, tmp_path: Path) -> None:
    case = json.loads(conversation(1, "Wī shared his lunch", {"ask": True}))
    teacher = {"id": "t1", "name": "Mr Okoro", "relationship": "staff", "phone": "+64215559002", "classes": ["Room 4"]}
    case["setup"]["contacts"].append(teacher)
    case["inbound"]["from"] = teacher["phone"]
    assert "got park TEACHER" in call.says("evaluate", "replies", written(tmp_path, json.dumps(case)))


def test_replies_are_scored_by_what_production_does_with_them(call: CommandLine, tmp_path: Path) -> None:
    cases = [
        conversation(1, "ka tōmuri a wi", {"file": ["s2"]}),
        conversation(2, "Ngā mihi", {"ask": True}),
        conversation(3, "Kāti", {"command": "STOP"}),
        conversation(4, "please stop texting", {"command": "STOP"}),
        conversation(5, "1", {"file": ["s2"]}, WHICH),
        conversation(6, "Wī", {"file": ["s1"]}),
    ]
    kept = tmp_path / "score.json"
    told = call.says("evaluate", "replies", written(tmp_path, "\n".join(cases)), "--json", str(kept))
    assert "right: 5 of 6" in told
    assert "filed with a child it must not be: 0" in told
    assert "STOP not obeyed: 0" in told
    score = json.loads(kept.read_text("utf-8"))
    assert (score["rows"], score["right"]) == (6, 5)
    assert [each["id"] for each in score["wrong"]] == ["x-6"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "there are no cases"),
        ("{", "line 1: this is no JSON"),
        ('{"id": "x"}', "line 1: setup is missing"),
        (f"{conversation(1, 'a', {'ask': True})}\n{conversation(1, 'b', {'ask': True})}", "line 2: 'x-1' stands twice"),
    ],
)
def test_a_set_of_replies_that_is_none_is_refused(call: CommandLine, tmp_path: Path, text: str, fault: str) -> None:
    assert fault in call.refuses("evaluate", "replies", written(tmp_path, text))
