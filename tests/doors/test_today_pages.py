"""A teacher's day: who has waited, one child's log, praise and what is refused, what came back, what is to be done."""

from __future__ import annotations

import base64
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from commsbridge import partnership
from commsbridge.messages import Delivery, State
from commsbridge.partnership import Moment
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import answered, heard, praised
from tests.doors.pages import Form, Page, Visitor
from tests.story import Story

HINE = "+64215550104"
WORDS = "She read to the little ones at lunch, unasked."


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    """A teacher of Room 7."""
    return sign_in("walsh")


def child(story: Story, who: str) -> str:
    """The path of a child's page."""
    return f"/students/{story.students[who].id}"


def waiting_order(page: Page, story: Story) -> list[str]:
    """The children one can praise, in the order of the page."""
    names = {str(each.id): key for key, each in story.students.items()}
    return [names[link.split("/")[2]] for link in page.links if re.fullmatch("/students/[^/]+/praise", link)]


def moments(story: Story, who: str) -> list[tuple[Moment, list[Moment]]]:
    """The log of a child, newest first, each with what became of it."""
    with story.work() as work:
        entries = partnership.timeline(work, story.students[who].id)
        return [(Moment(each.line.moment), [Moment(line.moment) for line in each.later]) for each in entries]


def deliveries(story: Story, message_id: uuid.UUID) -> dict[str, Delivery]:
    """What goes to whom for one message, by the contact's short name."""
    names = {contact.id: key for key, contact in story.contacts.items()}
    with story.work() as work:
        rows = work.session.scalars(select(Delivery).where(Delivery.message_id == message_id))
        return {names[row.contact_id]: row for row in rows if row.contact_id}


# ---- today ----


def test_who_waited_longest_comes_first_and_never_comes_before_all(sign_in: SignIn, story: Story, clock: Clock) -> None:
    clock.forward(days=-5)
    heard(story, "aroha")
    clock.forward(days=1)
    heard(story, "hemi")
    clock.forward(days=4)
    burns = sign_in("burns")
    assert waiting_order(burns.open("/today"), story) == ["leo", "wi", "aroha", "hemi"]
    heard(story, "leo", "fox")
    page = burns.open("/today")
    assert waiting_order(page, story) == ["wi", "aroha", "hemi", "leo"]
    assert page.text.index("No good news has reached home yet.") < page.text.index("Good news last reached home")
    assert "Good news reached home today." in page.text


def test_what_is_only_on_its_way_does_not_end_the_wait(walsh: Visitor, story: Story) -> None:
    praised(story, "aroha")
    assert waiting_order(walsh.open("/today"), story) == ["aroha", "hemi"]
    heard(story, "aroha")
    assert waiting_order(walsh.open("/today"), story) == ["hemi", "aroha"]


def test_a_teacher_sees_her_own_class_and_not_her_own_child(walsh: Visitor, sign_in: SignIn, story: Story) -> None:
    page = walsh.open("/today")
    assert set(waiting_order(page, story)) == {"aroha", "hemi"}
    assert "Pare" not in page.response.text
    page = sign_in("fox").open("/today")
    assert set(waiting_order(page, story)) == {"wi", "leo"}
    assert "Nobody to write to yet" in page.text
    assert "Tāma" in page.text


def test_a_reply_waits_on_today_until_somebody_has_seen_it(walsh: Visitor, sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, "Ka pai Hēmi, he was so proud")
    page = walsh.open("/today")
    assert "1 reply waiting" in page.text
    assert "he was so proud" in page.text
    assert "māmā, about Hēmi" in page.text
    assert "he was so proud" not in sign_in("fox").open("/today").text
    form = page.form(f"/replies/{reply_id}/seen")
    assert walsh.send(form).status == 302
    assert "he was so proud" not in walsh.open("/today").text
    assert "he was so proud" in walsh.open(child(story, "hemi")).text


def test_a_note_of_the_morning_is_there_before_school_and_a_tap_says_it_was_read(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 17, 18, 10, tzinfo=UTC)  # ten past seven, the next morning in Auckland
    answered(story, HINE, "He slept badly, so he may be tired until lunch.")
    clock.forward(minutes=40)
    walsh = sign_in("walsh")
    page = walsh.open("/today")
    assert "he may be tired until lunch." in page.text
    seen = next(each for each in page.forms if each.action.split("?")[0].endswith("/seen"))
    assert walsh.send(seen).status == 302
    assert "he may be tired until lunch." not in walsh.open("/today").text


def test_the_office_begins_with_what_there_is_to_do(sign_in: SignIn) -> None:
    jan = sign_in("jan")
    assert jan.open("/today").location == "/to-do"
    page = jan.follow()
    assert page.status == 200
    assert "/replies" not in page.links


# ---- what a person carries ----


def task_form(page: Page, title: str) -> Form:
    """The form of the task with this title."""
    assert title in page.text
    [form] = [form for form in page.forms if form.action.startswith("/to-do/")]
    assert {value for _, value, _ in form.buttons} == {"told", "not_told"}
    return form


def test_saying_that_they_were_told_is_an_arrival_and_the_log_says_so(walsh: Visitor, story: Story) -> None:
    message = praised(story, "hemi")
    page = walsh.open("/today")
    form = task_form(page, "Ring Hoani Parata")
    assert "09 555 0106" in page.text
    assert walsh.send(form, ("act", "told")).status == 302
    assert "Ring Hoani Parata" not in walsh.open("/today").text
    assert deliveries(story, message.id)["koro"].state == State.DELIVERED
    assert dict(moments(story, "hemi"))[Moment.PRAISE] == [Moment.HELD, Moment.ARRIVED]
    assert "Hoani Parata, by a call" in walsh.open(child(story, "hemi")).text
    walsh.open("/today")
    assert walsh.send(form, ("act", "not_told")).status == 404
    assert deliveries(story, message.id)["koro"].state == State.DELIVERED


def test_what_could_not_be_told_stands_as_not_arrived_with_what_to_do_next(walsh: Visitor, story: Story) -> None:
    message = praised(story, "hemi")
    page = walsh.open("/today")
    assert "Did not arrive" not in page.text
    walsh.send(task_form(page, "Ring Hoani Parata"), ("act", "not_told"))
    assert deliveries(story, message.id)["koro"].state == State.FAILED
    assert dict(moments(story, "hemi"))[Moment.PRAISE] == [Moment.HELD, Moment.DID_NOT_ARRIVE]
    page = walsh.open("/today")
    assert "1 did not arrive" in page.text
    assert "No one could tell them." in page.text
    assert "Try another way, or tell them yourself." in page.text
    assert "No one could tell them" in walsh.open(child(story, "hemi")).text


def test_failures_leave_today_after_a_week_and_stay_in_the_log(sign_in: SignIn, story: Story, clock: Clock) -> None:
    praised(story, "hemi")
    walsh = sign_in("walsh")
    walsh.send(task_form(walsh.open("/today"), "Ring Hoani Parata"), ("act", "not_told"))
    clock.forward(days=8)
    walsh = sign_in("walsh")
    assert "No one could tell them" not in walsh.open("/today").text
    assert "No one could tell them" in walsh.open(child(story, "hemi")).text


def test_a_task_of_somebody_else_is_not_here(walsh: Visitor, sign_in: SignIn, story: Story) -> None:
    praised(story, "hemi")
    form = task_form(walsh.open("/today"), "Ring Hoani Parata")
    fox = sign_in("fox")
    fox.open("/to-do")
    assert fox.act(form.action, act="told").status == 404
    assert "Ring Hoani Parata" in walsh.open("/to-do").text


# ---- find a student ----


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hemi", "Hēmi Parata"),
        ("HĒMI", "Hēmi Parata"),
        ("heemi", "Hēmi Parata"),
        ("He\u0304mi", "Hēmi Parata"),
        ("  parata ", "Hēmi Parata"),
        ("reweti", "Tāma Rēweti"),
        ("Taama", "Tāma Rēweti"),
        ("wii ker", "Wī Kereama"),
    ],
)
def test_a_student_is_found_with_or_without_macrons(sign_in: SignIn, typed: str, found: str) -> None:
    page = sign_in("leota").open("/students", q=typed)
    assert page.status == 200
    assert found in page.text
    assert "1 student found" in page.text
    assert "Leo Faleolo" not in page.text


@pytest.mark.parametrize("typed", ["Wiremu", "%", "_", "x\x00", "'; --", "x" * 5000])
def test_whoever_is_not_there_is_not_found(sign_in: SignIn, typed: str) -> None:
    page = sign_in("leota").open("/students", q=typed)
    assert page.status == 200
    assert "Nobody found under" in page.text
    assert "Hēmi Parata" not in page.text


def test_choosing_whom_to_praise_is_for_those_who_praise(sign_in: SignIn, story: Story) -> None:
    page = sign_in("walsh").open("/students", choose="praise")
    assert "Who is the praise for?" in page.text
    assert set(waiting_order(page, story)) == {"aroha", "hemi"}
    assert "Who is the praise for?" not in sign_in("jan").open("/students", choose="praise").text


# ---- one student ----


def note(story: Story, clock: Clock, number: int) -> None:
    """A note of so many days ago."""
    with story.work("walsh") as work:
        partnership.write_korero(
            work,
            student_id=story.students["aroha"].id,
            moment=Moment.STAFF_NOTE,
            words=f"note-{number:02}",
            happened_at=clock() - timedelta(days=number),
        )


def notes_on(page: Page) -> list[str]:
    return re.findall(r"note-\d\d", page.text)


def test_the_log_is_read_from_the_newest_back_page_by_page(walsh: Visitor, story: Story, clock: Clock) -> None:
    for number in range(25):
        note(story, clock, number)
    page = walsh.open(child(story, "aroha"))
    assert notes_on(page) == [f"note-{number:02}" for number in range(20)]
    [older] = [link for link in page.links if "before=" in link]
    page = walsh.open(older)
    assert notes_on(page) == [f"note-{number:02}" for number in range(20, 25)]
    assert not [link for link in page.links if "before=" in link]


@pytest.mark.parametrize(
    "mark", ["zzz", "é", "2026-11-17", "2026-11-17T00:00+13:00 1" + "0" * 30, "2025-11-17T00:00 1"]
)
def test_a_place_in_the_log_that_is_none_of_ours_begins_at_the_newest(
    walsh: Visitor, story: Story, clock: Clock, mark: str
) -> None:
    note(story, clock, 0)
    encoded = base64.urlsafe_b64encode(mark.encode()).decode()
    for written in (mark, encoded, encoded.rstrip("=")):
        page = walsh.open(child(story, "aroha"), before=written)
        assert page.status == 200
        assert notes_on(page) == ["note-00"]


def test_the_log_can_be_searched_and_shown_by_kind(walsh: Visitor, story: Story, clock: Clock) -> None:
    note(story, clock, 1)
    praised(story, "aroha", words="Tino pai tāna mahi, he kaha.")
    at = child(story, "aroha")
    assert notes_on(walsh.open(at, show="talks")) == ["note-01"]
    assert "he kaha" not in walsh.open(at, show="talks").text
    assert "he kaha" in walsh.open(at, show="praise").text
    assert notes_on(walsh.open(at, show="praise")) == []
    assert "he kaha" not in walsh.open(at, show="replies").text
    assert notes_on(walsh.open(at, show="whatever")) == ["note-01"]
    assert "he kaha" in walsh.open(at, q="tana mahi").text
    assert notes_on(walsh.open(at, q="tana mahi")) == []
    assert "Nothing in the log has the words “kererū”." in walsh.open(at, q="kererū").text


def test_a_talk_at_the_gate_is_written_into_the_log(walsh: Visitor, story: Story) -> None:
    at = child(story, "aroha")
    form = walsh.open(at).form(f"{at}/log")
    ngaire = str(story.contacts["ngaire"].id)
    page = walsh.send(form, kind="gate", words=WORDS, happened_on="2026-11-16", contact_id=ngaire)
    assert (page.status, page.location) == (302, at)
    page = walsh.follow()
    assert WORDS in page.text
    assert "A talk at the gate with Ngaire Kereama, written down by Ms Walsh" in page.text
    assert moments(story, "aroha")[0][0] is Moment.GATE
    walsh.send(form, kind="gate", words=WORDS, happened_on="2026-11-16", contact_id=ngaire)
    assert len(moments(story, "aroha")) == 1


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"kind": "praise"}, "kind", "Choose what it was"),
        ({"words": " \n "}, "words", "Write a few words first."),
        ({"words": "x" * 4001}, "words", "That is longer than 4000 letters."),
        ({"happened_on": "2026-11-18"}, "happened_on", "That time is still to come."),
        ({"happened_on": "9999-12-31"}, "happened_on", "That time is still to come."),
        ({"happened_on": "18/11/2026"}, "happened_on", "Write the day like 2026-11-17."),
    ],
)
def test_what_cannot_be_written_into_the_log_is_said_beside_its_field_and_the_words_stay(
    walsh: Visitor, story: Story, typed: dict[str, str], field: str, sentence: str
) -> None:
    at = child(story, "aroha")
    form = walsh.open(at).form(f"{at}/log")
    sent = {"kind": "call", "words": WORDS, "happened_on": "2026-11-16", **typed}
    page = walsh.send(form, **sent)
    assert page.status == 400
    assert sentence in page.wrong[field]
    values = page.form(f"{at}/log").values
    assert values["words"].strip() == sent["words"].strip()
    assert values["happened_on"] == sent["happened_on"]
    assert moments(story, "aroha") == []
    assert walsh.send(page.form(f"{at}/log"), kind="call", words=WORDS, happened_on="2026-11-16").status == 302


def test_somebody_who_may_not_know_of_a_limit_does_not_see_it(walsh: Visitor, sign_in: SignIn, story: Story) -> None:
    assert "Rangi Moke" not in walsh.open(child(story, "aroha")).response.text
    assert "Rangi Moke" in sign_in("leota").open(child(story, "aroha")).text


# ---- replies ----


def test_a_reply_that_was_seen_stands_among_the_seen_with_who_saw_it(
    walsh: Visitor, sign_in: SignIn, story: Story, clock: Clock
) -> None:
    reply_id = answered(story, HINE, "Ka pai Hēmi!")
    page = walsh.open("/replies")
    assert "Ka pai Hēmi!" in page.text
    walsh.send(page.form(f"/replies/{reply_id}/seen"))
    page = walsh.follow()
    assert "Nothing is waiting for you." in page.text
    assert "Seen by Ms Walsh" in page.text
    clock.forward(minutes=5)
    matiu = sign_in("matiu")
    assert "Seen by Ms Walsh" in matiu.open("/replies").text
    matiu.act(f"/replies/{reply_id}/seen")
    assert "Seen by Ms Walsh" in matiu.open("/replies").text
    assert "Seen by Ms Walsh" in walsh.open(child(story, "hemi")).text


def test_a_reply_about_a_child_of_another_class_is_neither_shown_nor_marked(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, "Ka pai Hēmi!")
    fox = sign_in("fox")
    assert "Ka pai" not in fox.open("/replies").text
    assert fox.act(f"/replies/{reply_id}/seen").status == 404
    assert "Replies waiting" in sign_in("walsh").open("/replies").text
