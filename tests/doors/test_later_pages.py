"""Sending later from the page of praise: kept, shown, changed, called off, and refused in plain words."""

from __future__ import annotations

import pytest

from commsbridge import messages
from commsbridge.foundation.actors import SERVICE
from commsbridge.messages import MessageKind
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import praises
from tests.doors.pages import Form, Visitor
from tests.story import Story

WORDS = "She read to the little ones at lunch, unasked."
LATER = ("act", "later")


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    """A teacher of Room 7."""
    return sign_in("walsh")


def praise_form(visitor: Visitor, story: Story, child: str = "aroha", **asked: str) -> Form:
    path = f"/students/{story.students[child].id}/praise"
    return visitor.open(path, **asked).form(path)


def kept(visitor: Visitor, story: Story, **fields: str) -> str:
    """Praise kept for Thursday; its id."""
    form = praise_form(visitor, story)
    page = visitor.send(form, LATER, own_words=WORDS, goes_on="2026-11-19", goes_time="15:30", **fields)
    assert page.status == 302, page.text
    return page.location.rpartition("later-")[2]


def test_the_page_offers_the_next_school_day(walsh: Visitor, story: Story) -> None:
    assert praise_form(walsh, story).values["goes_on"] == "2026-11-18"


def test_what_is_kept_stands_on_the_list_on_today_and_on_the_childs_page(walsh: Visitor, story: Story) -> None:
    later_id = kept(walsh, story)
    for page in (walsh.open("/waiting"), walsh.open(f"/students/{story.students['aroha'].id}")):
        assert WORDS in page.text
        assert "19 Nov 3:30 pm" in page.text
        assert f"/waiting/{later_id}/cancel" in {form.action for form in page.forms}
    assert "1 waits to go later" in walsh.open("/today").text
    assert praises(story) == []


def test_the_same_form_twice_is_kept_once(walsh: Visitor, story: Story) -> None:
    form = praise_form(walsh, story)
    fields = {"own_words": WORDS, "goes_on": "2026-11-19", "goes_time": "15:30"}
    assert walsh.send(form, LATER, **fields).location == walsh.send(form, LATER, **fields).location
    assert walsh.open("/waiting").text.count(WORDS) == 1


def test_a_colleague_sees_that_it_waits_and_cannot_change_it(walsh: Visitor, sign_in: SignIn, story: Story) -> None:
    later_id = kept(walsh, story)
    matiu = sign_in("matiu")
    page = matiu.open("/waiting")
    assert WORDS in page.text
    assert "Call it off" not in page.text
    assert matiu.act(f"/waiting/{later_id}/cancel").status == 404
    assert matiu.open(f"/students/{story.students['aroha'].id}/praise", later=later_id).status == 404
    assert WORDS not in sign_in("fox").open("/waiting").text


def test_it_is_written_anew_and_called_off(walsh: Visitor, story: Story) -> None:
    later_id = kept(walsh, story)
    form = praise_form(walsh, story, later=later_id)
    assert (form.values["own_words"], form.values["goes_on"], form.values["goes_time"]) == (
        WORDS,
        "2026-11-19",
        "15:30",
    )
    walsh.send(form, LATER, own_words="Ka rawe!", goes_on="2026-11-20")
    page = walsh.follow()
    assert "Ka rawe!" in page.text
    assert "20 Nov" in page.text
    assert WORDS not in page.text
    assert walsh.send(page.form(f"/waiting/{later_id}/cancel")).status == 302
    assert "Nothing waits" in walsh.follow().text


def test_what_waits_can_go_now_and_then_goes_once(walsh: Visitor, story: Story) -> None:
    form = praise_form(walsh, story, later=kept(walsh, story))
    first = walsh.send(form, ("act", "send"))
    assert walsh.send(form, ("act", "send")).location == first.location
    [sent] = praises(story)
    assert sent.kind is MessageKind.PRAISE
    assert first.location.endswith(str(sent.id))


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [
        ("2026-11-17", "09:00", "That time has passed."),
        ("2026-11-21", "09:00", "There is no school on 21/11/2026. The next school day is 23/11/2026."),
        ("", "09:00", "Choose a day and a time."),
        ("2026-11-19", "25:00", "Choose a day and a time."),
        ("9999-99-99", "", "Choose a day and a time."),
    ],
)
def test_a_moment_that_cannot_be_is_said_beside_its_field_and_the_words_stay(
    walsh: Visitor, story: Story, day: str, at: str, said: str
) -> None:
    page = walsh.send(praise_form(walsh, story), LATER, own_words=WORDS, goes_on=day, goes_time=at)
    assert page.status == 400
    assert said in page.wrong["goes_at"]
    form = page.form(f"/students/{story.students['aroha'].id}/praise", having="own_words")
    assert form.values["own_words"] == WORDS


def test_words_about_another_child_are_asked_about_before_they_wait(walsh: Visitor, story: Story) -> None:
    form = praise_form(walsh, story)
    page = walsh.send(form, LATER, own_words="Aroha helped Hēmi.", goes_on="2026-11-19", goes_time="15:30")
    assert page.status == 409
    assert "Nothing waits" in walsh.open("/waiting").text


def test_the_office_neither_sees_nor_keeps_praise(sign_in: SignIn) -> None:
    assert sign_in("jan").open("/waiting").status == 403


def test_once_it_has_gone_it_is_on_no_list(sign_in: SignIn, story: Story, clock: Clock) -> None:
    kept(sign_in("walsh"), story)
    clock.forward(days=3)
    with story.runtime.work(story.school_id, SERVICE) as work:
        assert messages.send_due(work, links=story.runtime.links) == 1
    walsh = sign_in("walsh")
    assert "Nothing waits" in walsh.open("/waiting").text
    assert WORDS in walsh.open(f"/students/{story.students['aroha'].id}").text
