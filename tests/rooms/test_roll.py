"""The roll import: bytes to rows, rows to a judged roll, without a database."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.whanau.models import Channel, MayMessage
from commsbridge.whanau.roll import (
    JudgedRoll,
    KnownContact,
    KnownRoll,
    Standing,
    bad_rows_csv,
    judge,
    read_roll,
    report,
)
from tests.labelled import make_roster

COLUMNS = make_roster.COLUMNS
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


def test_the_roster_of_300_students_gives_the_report_worked_out_by_hand() -> None:
    raw, expected = make_roster.make()
    assert make_roster.ROSTER.read_bytes() == raw
    assert json.loads(make_roster.EXPECTED.read_text(encoding="utf-8")) == expected
    roll = judge(read_roll(raw), NOBODY)
    assert report(roll) == expected
    assert len(roll.bad_rows) == 10


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
        (",".join(COLUMNS), None, "holds no rows"),
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


def test_the_same_id_with_another_name_is_an_error_and_that_row_is_refused() -> None:
    roll = judged(row(), row(student_name="Wiremu Kereama", contact_name="Tama Paki", mobile="021 555 0102"))
    assert found(roll) == [(3, "error", "student_name")]
    assert counts(roll) == (1, 1, 1, 0)


def test_the_same_id_with_another_name_on_the_roll_is_an_error() -> None:
    roll = judged(row(), known=KnownRoll(students={"S1": "Wiremu Kereama"}))
    assert found(roll) == [(2, "error", "student_name")]
    assert counts(roll) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "name", ["ĀNA  O’BRIEN", "ana o'brien", "O'Brien, Āna", "A\u0304na O\u02bcBrien", "Āna\u00a0O‘Brien"]
)
def test_names_compare_without_case_macrons_composition_apostrophe_style_spaces_and_order(name: str) -> None:
    students = judged(row(student_name="Āna O'Brien"), row(student_name=name))
    contacts = judged(row(contact_name="Āna O'Brien"), row(contact_name=name, student_id="S2"))
    assert counts(students) == (1, 1, 1, 0)
    assert counts(contacts) == (2, 1, 2, 0)


def test_siblings_share_a_contact_and_two_people_on_one_phone_are_two() -> None:
    siblings = judged(row(), row(student_id="S2", student_name="Wī Kereama", mobile="+64 21 5550101"))
    assert counts(siblings) == (2, 1, 2, 0)
    assert counts(judged(row(), row(contact_name="Tama Kereama"))) == (1, 2, 2, 0)


def test_nobody_is_merged_by_name_alone() -> None:
    other_child = {"student_id": "S2", "student_name": "Wī Paki"}
    assert counts(judged(row(), row(mobile="021 555 0102", **other_child))) == (2, 2, 2, 0)
    assert counts(judged(row(), row(mobile="", email="mere@kainga.test", **other_child))) == (2, 2, 2, 0)
    assert counts(judged(row(mobile="", email="a@kainga.test"), row(mobile="", email="b@kainga.test"))) == (1, 2, 2, 0)
    two_phones = {"mobile": "021 555 0102", "email": "mere@kainga.test", **other_child}
    assert counts(judged(row(email="mere@kainga.test"), row(**two_phones))) == (2, 2, 2, 0)
    home = {"mobile": "09 555 1234"}
    assert counts(judged(row(email="a@kainga.test", **home), row(email="b@kainga.test", **home))) == (1, 2, 2, 0)


def test_without_a_mobile_a_person_is_known_by_name_and_mail_or_name_and_landline() -> None:
    sibling = {"student_id": "S2", "student_name": "Wī Kereama"}
    by_mail = judged(row(mobile="", email="mere@kainga.test"), row(mobile="", email="MERE@kainga.test", **sibling))
    assert counts(by_mail) == (2, 1, 2, 0)
    by_landline = judged(row(mobile="09 555 1234"), row(mobile="(09) 555-1234", **sibling))
    assert counts(by_landline) == (2, 1, 2, 0)


@pytest.mark.parametrize("with_mobile_first", [True, False])
def test_a_sibling_row_whose_mobile_is_bad_finds_the_person_by_mail(*, with_mobile_first: bool) -> None:
    rows = [
        row(email="mere@kainga.test"),
        row(email="mere@kainga.test", mobile="021 555 O1O1", student_id="S2", student_name="Wī Kereama"),
    ]
    roll = judged(*(rows if with_mobile_first else reversed(rows)))
    assert counts(roll) == (2, 1, 2, 0)
    assert [way.address for way in roll.contacts[0].ways] == ["+64215550101", "mere@kainga.test"]


def test_a_bad_mobile_is_an_error_and_the_contact_is_kept_by_mail() -> None:
    roll = judged(row(mobile="021 555 O199", email="mere@kainga.test"))
    assert found(roll) == [(2, "error", "mobile")]
    assert [(way.channel, way.address) for way in roll.contacts[0].ways] == [(Channel.EMAIL, "mere@kainga.test")]


def test_a_bad_mail_is_an_error_and_the_contact_is_kept_by_mobile() -> None:
    roll = judged(row(email="mere@gmial.com"))
    assert found(roll) == [(2, "error", "email")]
    assert [way.address for way in roll.contacts[0].ways] == ["+64215550101"]


def test_with_neither_the_contact_is_refused_and_the_student_taken() -> None:
    roll = judged(row(mobile="12", email="nope"), row(mobile="", student_id="S2", student_name="Wī Kereama"))
    assert found(roll) == [(2, "error", "mobile"), (2, "error", "email"), (3, "error", "mobile")]
    assert counts(roll) == (2, 0, 0, 0)


def test_a_landline_keeps_the_contact_and_is_never_texted() -> None:
    roll = judged(row(mobile="09 555 1234", channel="text"))
    assert found(roll) == [(2, "warning", "mobile")]
    assert [(way.channel, way.textable) for way in roll.contacts[0].ways] == [(Channel.CALL, False)]


@pytest.mark.parametrize("mobile", ["6.42E+10", "2.155502E8", "unknown", "021 555 O101", "555 0101", "021 555 0101 x2"])
def test_a_number_that_is_nobody_s_is_refused(mobile: str) -> None:
    roll = judged(row(mobile=mobile))
    assert found(roll) == [(2, "error", "mobile")]
    assert counts(roll) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("mobile", "doubt"),
    [
        ("021 555 0101", False),
        (" 021\u00a0555\u00a00101 ", False),
        ("０２１５５５０１０１", False),
        ("\u202a+64215550101\u202c", False),
        ("64215550101", False),
        ("0064 21 555 0101", False),
        ("+64 (0)21 555-0101", False),
        ("'+64215550101", False),
        ('="0215550101"', False),
        ("0215550101.0", False),
        ("215550101", True),
        ("021 555 0101 / 09 555 1234", True),
        ("09 555 1234; 021 555 0101", True),
    ],
)
def test_a_number_is_read_however_a_spreadsheet_keeps_it(mobile: str, *, doubt: bool) -> None:
    roll = judged(row(mobile=mobile))
    assert [way.address for way in roll.contacts[0].ways] == ["+64215550101"]
    assert found(roll) == ([(2, "warning", "mobile")] if doubt else [])


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+Mere", "-Mere", "@Mere", " =Mere", "'=Mere", "＝Mere"])
def test_a_name_that_is_a_formula_is_refused(name: str) -> None:
    contact = judged(row(contact_name=name))
    assert (found(contact), counts(contact)) == ([(2, "error", "contact_name")], (1, 0, 0, 0))
    student = judged(row(student_name=name))
    assert (found(student), counts(student)) == ([(2, "error", "student_name")], (0, 0, 0, 0))


@pytest.mark.parametrize("name", ["M?ori Paki", "M\ufffdori Paki", "12345", "x" * 121])
def test_a_name_that_lost_its_letters_or_is_none_is_refused(name: str) -> None:
    assert found(judged(row(contact_name=name))) == [(2, "error", "contact_name")]


def test_names_that_begin_with_an_apostrophe_stay_as_they_are() -> None:
    assert judged(row(contact_name="'Ofa Taufa")).contacts[0].name == "'Ofa Taufa"


def test_a_row_without_id_or_name_is_refused_and_one_without_contact_name_gives_its_student() -> None:
    roll = judged(row(student_id=" "), row(student_name=""), row(contact_name=""))
    assert found(roll) == [(2, "error", "student_id"), (3, "error", "student_name"), (4, "error", "contact_name")]
    assert counts(roll) == (1, 0, 0, 0)


def test_a_student_alone_is_taken_with_a_warning_unless_another_row_names_somebody() -> None:
    alone = {"contact_name": "", "mobile": ""}
    assert found(judged(row(**alone))) == [(2, "warning", "contact_name")]
    assert found(judged(row(**alone), row())) == []


def test_a_file_of_students_without_any_contact_column_is_taken() -> None:
    roll = judge(read_roll(b"student_id,student_name\nS1,Aroha\n"), NOBODY)
    assert counts(roll) == (1, 0, 0, 0)
    assert found(roll) == [(2, "warning", "contact_name")]


def test_a_row_written_twice_counts_once() -> None:
    roll = judged(row(), row())
    assert counts(roll) == (1, 1, 1, 0)
    assert found(roll) == [(3, "warning", None)]


def test_the_same_person_twice_for_a_child_is_one_link_with_the_first_relationship() -> None:
    roll = judged(row(), row(relationship="nan"))
    assert counts(roll) == (1, 1, 1, 0)
    assert roll.links[0].relationship == "kuia"
    assert found(roll) == [(3, "warning", "relationship")]


def test_no_is_restricted_and_any_other_word_asks() -> None:
    words = ["", "yes", " YES ", "no", "No ", "ask", "perhaps", "y"]
    rows = [row(student_id=f"S{n}", student_name=f"Ana {n}", may_message=word) for n, word in enumerate(words)]
    roll = judged(*rows)
    yes, no, ask = MayMessage.YES, MayMessage.NO, MayMessage.ASK
    assert [link.may_message for link in roll.links] == [yes, yes, yes, no, no, ask, ask, ask]
    assert counts(roll) == (8, 1, 8, 2)
    assert found(roll) == [(8, "warning", "may_message"), (9, "warning", "may_message")]


@pytest.mark.parametrize("no_first", [True, False])
def test_a_no_anywhere_in_the_file_wins_over_a_blank_for_that_child_and_name(*, no_first: bool) -> None:
    rows = [row(may_message="no"), row(contact_name="MERE kereama", mobile="", email="mere@kainga.test")]
    roll = judged(*(rows if no_first else reversed(rows)))
    assert {link.may_message for link in roll.links} == {MayMessage.NO}
    assert found(roll) == []


def test_a_no_wins_over_a_yes_with_a_warning_and_holds_for_that_child_alone() -> None:
    roll = judged(
        row(may_message="yes"),
        row(may_message="no"),
        row(student_id="S2", student_name="Wī Kereama", may_message="yes"),
    )
    assert [link.may_message for link in roll.links] == [MayMessage.NO, MayMessage.YES]
    assert found(roll) == [(2, "warning", "may_message")]


def test_a_restriction_of_the_roll_stands_for_a_blank_and_for_a_new_number_and_is_not_told() -> None:
    known = KnownRoll(students={"S1": "Aroha Kereama"}, restrictions=frozenset({("S1", "kereama mere")}))
    for word in ("", "yes", "ask"):
        roll = judged(row(may_message=word, mobile="021 555 0999"), known=known)
        assert [link.may_message for link in roll.links] == [MayMessage.NO]
        assert found(roll) == []


def test_another_mobile_for_the_same_name_and_child_is_a_change_to_confirm() -> None:
    for roll in (
        judged(row(mobile="021 555 0102"), known=holding("+64215550101")),
        judged(row(), row(mobile="021 555 0102")),
    ):
        [change] = roll.changes_to_confirm
        assert (change.old, change.new, change.contact) == ("+64215550101", "+64215550102", 0)
        assert [severity for _, severity, _ in found(roll)] == ["warning"]
        assert counts(roll) == (1, 1, 1, 0)
        assert "+64215550102" not in [way.address for way in roll.contacts[0].ways]


def test_a_change_is_reported_again_until_a_person_has_confirmed_it() -> None:
    awaiting = ("+64215550102", Standing.AWAITING)
    again = judged(row(mobile="021 555 0102"), known=holding("+64215550101", Standing.CURRENT, awaiting))
    assert [change.old for change in again.changes_to_confirm] == ["+64215550101"]
    confirmed = holding("+64215550101", Standing.PAST, ("+64215550102", Standing.CURRENT))
    assert judged(row(mobile="021 555 0102"), known=confirmed).issues == ()


def test_an_old_file_does_not_hold_the_number_that_was_confirmed_since() -> None:
    confirmed = holding("+64215550101", Standing.PAST, ("+64215550102", Standing.CURRENT))
    roll = judged(row(), known=confirmed)
    assert roll.changes_to_confirm == ()
    assert found(roll) == [(2, "warning", "mobile")]
    assert roll.contacts[0].ways == ()


def test_a_sibling_s_row_finds_the_contact_that_the_roll_holds() -> None:
    roll = judged(row(student_id="S2", student_name="Wī Kereama"), known=holding("+64215550101"))
    assert [contact.known for contact in roll.contacts] == [MERE]
    another = judged(row(student_id="S2", student_name="Wī", mobile="021 555 0102"), known=holding("+64215550101"))
    assert [contact.known for contact in another.contacts] == [None]


@pytest.mark.parametrize(
    ("written_as", "language"),
    [
        ("mi", "mi"),
        ("Māori", "mi"),
        ("MAORI", "mi"),
        ("te reo", "mi"),
        ("Te Reo Māori", "mi"),
        ("en", "en"),
        ("English", "en"),
        ("both", "both"),
        ("Māori and English", "both"),
        ("mi/en", "both"),
        ("Samoan", "Samoan"),
        ("NZSL", "NZSL"),
        ("English, Samoan", "English, Samoan"),
        ("Cook Islands Māori", "Cook Islands Māori"),
        ("", None),
        ("-", None),
    ],
)
def test_a_language_is_kept_as_it_was_asked_for(written_as: str, language: str | None) -> None:
    roll = judged(row(language=written_as))
    assert roll.contacts[0].language == language
    assert found(roll) == []


@pytest.mark.parametrize(
    ("written_as", "channels"),
    [
        ("text", [Channel.TEXT]),
        ("SMS", [Channel.TEXT]),
        ("e-mail", [Channel.EMAIL]),
        ("īmēra", [Channel.EMAIL]),
        ("phone call", [Channel.CALL]),
        ("slip", [Channel.SLIP]),
        ("video", [Channel.VIDEO]),
        ("interpreter", [Channel.INTERPRETER]),
        ("email, text", [Channel.EMAIL, Channel.TEXT]),
        ("", []),
    ],
)
def test_channels_are_understood_in_their_order(written_as: str, channels: list[Channel]) -> None:
    roll = judged(row(channel=written_as, email="mere@kainga.test"))
    assert list(roll.contacts[0].channels) == channels
    assert [way.channel for way in roll.contacts[0].ways][: len(channels)] == channels
    assert found(roll) == []


def test_an_unknown_channel_or_year_is_a_warning_and_a_bad_teacher_address_an_error() -> None:
    roll = judged(row(channel="fax", year_level="27", teacher_email="nope"))
    assert sorted(found(roll)) == [
        (2, "error", "teacher_email"),
        (2, "warning", "channel"),
        (2, "warning", "year_level"),
    ]
    assert counts(roll) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("written_as", "year"),
    [("4", 4), ("Year 4", 4), ("Y4", 4), ("year 04", 4), ("4.0", 4), ("Tau 10", 10), ("NE", 0), ("0", 0), ("", None)],
)
def test_year_levels_are_read(written_as: str, year: int | None) -> None:
    roll = judged(row(year_level=written_as))
    assert roll.students[0].year_level == year
    assert found(roll) == []


def test_classes_of_several_rows_are_kept_and_teachers_taken_in_order() -> None:
    roll = judged(
        row(**{"class": "Room 4; Kapa haka", "teacher_email": "a@kura.test; b@kura.test"}),
        row(**{"class": "room 4", "teacher_email": "c@kura.test", "relationship": ""}),
        row(**{"class": "Rugby", "relationship": ""}),
    )
    assert [(place.name, place.teachers) for place in roll.students[0].classes] == [
        ("Room 4", ("a@kura.test", "c@kura.test")),
        ("Kapa haka", ("b@kura.test",)),
        ("Rugby", ()),
    ]
    assert found(roll) == [(4, "warning", "class")]


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


@given(
    st.permutations([row(), row(may_message="no"), row(contact_name="Rua"), row(student_id="S2", student_name="Wī")])
)
def test_the_order_of_rows_changes_no_count(rows: list[list[str]]) -> None:
    assert counts(judged(*rows)) == (2, 2, 3, 1)
