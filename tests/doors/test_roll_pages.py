"""The roll through its page: shown before it is taken, good rows in, bad rows back, nothing kept in between."""

from __future__ import annotations

import uuid
import zlib
from base64 import urlsafe_b64encode
from datetime import date

import pytest
from sqlalchemy import select, text

from commsbridge import messages, students, whanau
from commsbridge.messages import Delivery, Draft
from commsbridge.whanau import MayMessage
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Form, Page, Visitor, roll_file, upload
from tests.labelled import make_roster
from tests.story import Story

TODAY = date(2026, 11, 17)
TABLES = ("students", "contacts", "ways", "guardianships", "enrolments", "classes", "tasks")


@pytest.fixture
def jan(sign_in: SignIn) -> Visitor:
    """The office, which brings in the roll."""
    return sign_in("jan")


def read(visitor: Visitor, content: bytes, name: str = "roll.csv") -> Page:
    form = visitor.open("/roll").form("/roll", having="act")
    return visitor.send(form, ("act", "read"), file=upload(content, name))


def confirm_form(page: Page) -> Form:
    return page.form("/roll", having="token")


def rows(story: Story) -> dict[str, int]:
    with story.work() as work:
        return {table: work.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in TABLES}


def test_a_roll_is_shown_first_and_changes_nothing_until_it_is_confirmed(jan: Visitor, story: Story) -> None:
    before = rows(story)
    page = read(jan, roll_file({"student_id": "S9", "student_name": "Mānia Tai"}, {"mobile": "021 5"}))
    assert page.status == 200
    assert "This is what would change" in page.text
    assert "1 new student." in page.text
    assert "1 new contact." in page.text
    assert "This phone number is too short" in page.text
    assert rows(story) == before
    page = jan.send(confirm_form(page), ("act", "import"))
    assert "This is in now" in page.text
    assert "1 new student." in page.text
    with story.work() as work:
        assert students.find_student(work, "S9").name == "Mānia Tai"
    again = jan.send(confirm_form(read(jan, roll_file({"student_id": "S9", "student_name": "Mānia Tai"}))))
    assert again.status == 400


def test_bringing_the_same_file_in_twice_changes_nothing(jan: Visitor, story: Story) -> None:
    content = roll_file({"student_id": "S9", "student_name": "Mānia Tai"})
    form = confirm_form(read(jan, content))
    jan.send(form, ("act", "import"))
    before = rows(story)
    assert "All of this is here already." in jan.send(form, ("act", "import")).text
    assert rows(story) == before


def test_of_very_many_faults_the_first_hundred_are_shown(jan: Visitor) -> None:
    page = read(jan, roll_file(*({"student_id": f"S{n}", "mobile": "021 5"} for n in range(120))))
    assert "120 rows to look at" in page.text
    assert "Row 101 " in page.text
    assert "Row 102 " not in page.text
    assert "20 more are in the file with the other rows." in page.text


def test_the_rows_that_were_not_taken_come_back_as_a_file(jan: Visitor) -> None:
    page = read(jan, roll_file({"contact_name": "Mōria Tai", "mobile": "021 5"}, {"student_id": "S9"}))
    form = page.form("/roll/refused")
    answer = jan.send(form)
    assert answer.status == 200
    assert answer.response.headers["Content-Disposition"] == "attachment; filename=rows-to-mend.csv"
    assert answer.response.data.startswith(b"\xef\xbb\xbf")
    told = answer.response.text
    assert "Mōria Tai" in told
    assert "This phone number is too short" in told
    assert "S9" not in told


def test_the_roster_of_300_students_is_brought_in_through_the_page(jan: Visitor, story: Story) -> None:
    raw, expected = make_roster.make()
    page = jan.send(confirm_form(read(jan, raw)), ("act", "import"))
    assert f"Students {expected['students']} Contacts {expected['contacts']}" in page.text
    issues = expected["issues"]
    assert isinstance(issues, list)
    assert f"{len(issues)} rows to look at" in page.text
    assert "Nobody on the staff has these addresses: " in page.text
    with story.work() as work:
        found = len(students.students_by_roll_id(work))
    assert found - len(story.students) == expected["students"]


def test_what_a_file_forbids_stops_what_already_waits(jan: Visitor, story: Story) -> None:
    with story.work("walsh") as work:
        phrase = messages.offered_phrases(work, story.students["aroha"])[0]
        messages.send_praise(work, story.students["aroha"], Draft(phrase_id=phrase.id), links=story.runtime.links)
    content = roll_file({"contact_name": "Ngaire Kereama", "mobile": "021 555 0101", "may_message": "no"})
    page = jan.send(confirm_form(read(jan, content)), ("act", "import"))
    assert "1 contact is no longer messaged about a child." in page.text
    with story.work() as work:
        rows = select(Delivery.state).where(Delivery.contact_id == story.contacts["ngaire"].id)
        assert set(work.session.scalars(rows)) == {"cancelled"}


def test_what_a_family_chose_is_not_overwritten(jan: Visitor, story: Story) -> None:
    content = roll_file({"contact_name": "Rangi Moke", "mobile": "021 555 0103", "may_message": "yes"})
    page = jan.send(confirm_form(read(jan, content)), ("act", "import"))
    assert page.status == 200
    with story.work() as work:
        [tie] = whanau.ties_of(work, [story.contacts["rangi"].id], on=TODAY)[story.contacts["rangi"].id]
        assert tie.may_message == MayMessage.NO


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file."),
        (b"PK\x03\x04 a workbook", "This is a workbook"),
        (b"\xff\xd8\xff\xe0 a picture \x00\x00\x00", "file"),
        (b"name,colour\nAroha,green\n", "are needed and not there"),
        (b"x" * (5 * 1024 * 1024 + 1), "This file is larger than 5 MB"),
    ],
    ids=["empty", "workbook", "picture", "other columns", "too large"],
)
def test_a_file_that_is_no_roll_is_said_to_be_none_and_nothing_can_be_brought_in(
    jan: Visitor, story: Story, content: bytes, words: str
) -> None:
    before = rows(story)
    page = read(jan, content)
    assert page.status in {200, 400}
    assert words in page.text
    assert not [form for form in page.forms if "token" in form.values]
    assert rows(story) == before


def test_a_file_beyond_what_any_page_takes_is_told_so(jan: Visitor) -> None:
    page = read(jan, b"x" * (7 * 1024 * 1024))
    assert page.status == 413
    assert "That is too large" in page.text


def test_a_form_without_its_file_asks_for_it_again(jan: Visitor) -> None:
    page = jan.open("/roll")
    page = jan.send(page.form("/roll", having="act"), ("act", "read"))
    assert page.status == 400
    assert page.wrong["file"] == "Choose a file."


@pytest.mark.parametrize(
    "token",
    [
        "",
        "not packed",
        "ā",
        urlsafe_b64encode(b"not compressed").decode(),
        urlsafe_b64encode(zlib.compress(b"half of it" * 99)[:-9]).decode(),
        urlsafe_b64encode(zlib.compress(bytes(50 * 1024 * 1024))).decode(),
    ],
    ids=["none", "words", "not ascii", "not compressed", "cut off", "far too large"],
)
def test_a_file_that_was_spoilt_on_the_way_is_asked_for_again(jan: Visitor, story: Story, token: str) -> None:
    jan.open("/roll")
    before = rows(story)
    page = jan.act("/roll", act="import", token=token)
    assert page.status == 400
    assert "Please choose it again." in page.wrong["file"]
    assert jan.act("/roll/refused", token=token).status == 400
    assert rows(story) == before


@pytest.mark.parametrize("who", ["walsh", "matiu", "leota", "kiri"])
def test_who_may_not_bring_in_the_roll_is_turned_away(sign_in: SignIn, who: str) -> None:
    visitor = sign_in(who)
    assert visitor.open("/roll").status == 403
    assert visitor.act("/roll/refused", token="x").status == 403


def test_the_password_is_asked_again_after_a_quarter_of_an_hour(jan: Visitor, clock: Clock) -> None:
    clock.forward(minutes=16)
    assert jan.open("/roll").location.startswith("/confirm")


def test_no_file_is_kept_between_the_two_steps(jan: Visitor, story: Story) -> None:
    read(jan, roll_file({"student_name": "Unforgettable Name", "student_id": str(uuid.uuid4())}))
    with story.work() as work:
        held = work.session.scalars(text("SELECT name FROM students WHERE name LIKE 'Unforgettable%'")).all()
    assert held == []
