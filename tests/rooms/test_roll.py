"""The roll import without a database: every rule by which rows become students, contacts and links."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.whanau.models import Channel, MayMessage
from commsbridge.whanau.roll import KnownRoll, Standing, judge, read_roll, report
from tests.labelled import make_roster
from tests.rooms.rolls import MERE, NOBODY, counts, found, holding, judged, row


def test_the_roster_of_300_students_gives_the_report_worked_out_by_hand() -> None:
    raw, expected = make_roster.make()
    assert make_roster.ROSTER.read_bytes() == raw
    assert json.loads(make_roster.EXPECTED.read_text(encoding="utf-8")) == expected
    roll = judge(read_roll(raw), NOBODY)
    assert report(roll) == expected
    assert len(roll.bad_rows) == 10


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


@pytest.mark.parametrize(("also", "doubt"), [("; b@kainga.test", True), (", A@kainga.test", False)])
def test_of_several_mail_addresses_the_first_is_taken(also: str, *, doubt: bool) -> None:
    roll = judged(row(mobile="", email=f"a@kainga.test{also}"))
    assert [way.address for way in roll.contacts[0].ways] == ["a@kainga.test"]
    assert found(roll) == ([(2, "warning", "email")] if doubt else [])


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


@given(
    st.permutations([row(), row(may_message="no"), row(contact_name="Rua"), row(student_id="S2", student_name="Wī")])
)
def test_the_order_of_rows_changes_no_count(rows: list[list[str]]) -> None:
    assert counts(judged(*rows)) == (2, 2, 3, 1)
