"""A form that a door holds up goes on behind it: for its writer, once, and for nobody else."""

from __future__ import annotations

from flask import Flask

from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import praises
from tests.doors.pages import PASSWORD, Page, Visitor, roll_file, signed_in_as, upload
from tests.story import Story

WORDS = "Her karakia this morning held the whole room still.\nThen she smiled."


def write_praise(visitor: Visitor, story: Story, clock: Clock, **late: float) -> Page:
    """Begin to write, be called away until the sign-in has ended, and press Send."""
    at = f"/students/{story.students['aroha'].id}/praise"
    form = visitor.open(at).form(at)
    clock.forward(**(late or {"hours": 12, "minutes": 1}))
    return visitor.send(form, ("act", "send"), own_words=WORDS)


def come_in(visitor: Visitor, page: Page, email: str) -> Page:
    """Sign in on the page that holds the form."""
    return visitor.send(page.form("/sign-in", having="password"), email=email, password=PASSWORD)


def hire(visitor: Visitor, clock: Clock, name: str) -> Page:
    """Add somebody to the staff, a quarter of an hour after the password was given."""
    form = visitor.open("/staff/new").form("/staff/new")
    clock.forward(minutes=16)
    return visitor.send(form, name=name, shown_name=name, email="tui@rimu.test", role="kaiako")


def test_what_one_was_sending_when_the_sign_in_ended_goes_on_behind_the_door(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    walsh = sign_in("walsh")
    page = write_praise(walsh, story, clock)
    assert page.status == 403
    assert "what you were sending goes on: nothing is lost" in page.text
    assert "karakia" not in page.response.text
    assert "Aroha" not in page.response.text
    page = come_in(walsh, page, "walsh@rimu.test")
    assert page.status == 200
    assert "karakia" in page.text
    assert praises(story) == []
    at = f"/students/{story.students['aroha'].id}/praise"
    form = page.form(at)
    assert walsh.send(form).location.startswith("/praise/")
    assert walsh.send(form).location.startswith("/praise/")
    assert "Then she smiled." in walsh.follow().text
    [sent] = praises(story)
    assert sent.words.splitlines() == WORDS.splitlines()


def test_a_wrong_password_at_the_door_loses_nothing_either(sign_in: SignIn, story: Story, clock: Clock) -> None:
    walsh = sign_in("walsh")
    page = write_praise(walsh, story, clock)
    page = walsh.send(page.form("/sign-in", having="password"), email="walsh@rimu.test", password="no")
    assert page.status == 403
    assert "karakia" in come_in(walsh, page, "walsh@rimu.test").text


def test_whoever_else_signs_in_on_that_page_gets_none_of_it(sign_in: SignIn, story: Story, clock: Clock) -> None:
    walsh = sign_in("walsh")
    sign_in("fox")
    page = come_in(walsh, write_praise(walsh, story, clock), "fox@rimu.test")
    assert (page.status, page.location) == (302, "/today")
    assert praises(story) == []


def test_a_sealed_form_of_another_device_opens_for_nobody_else(
    sign_in: SignIn, story: Story, clock: Clock, stranger: Visitor
) -> None:
    walsh = sign_in("walsh")
    sealed = write_praise(walsh, story, clock).form("/sign-in", having="password").values["carried"]
    sign_in("fox")
    for carried in (sealed, sealed[:-4] + "AAAA", "no seal", "ō"):
        form = stranger.open("/sign-in").form("/sign-in", having="password")
        form.values["carried"] = carried
        assert stranger.send(form, email="fox@rimu.test", password=PASSWORD).location == "/today"


def test_a_stranger_without_pages_of_ours_carries_nothing(stranger: Visitor, story: Story) -> None:
    stranger.open("/sign-in")
    page = stranger.act(f"/students/{story.students['aroha'].id}/praise", act="send", phrase="")
    assert (page.status, page.location) == (302, "/sign-in")


def test_after_signing_out_an_old_page_goes_nowhere(sign_in: SignIn, story: Story) -> None:
    walsh, at = sign_in("walsh"), f"/students/{story.students['aroha'].id}/praise"
    form = walsh.open(at).form(at)
    walsh.act("/sign-out")
    page = walsh.send(form, ("act", "send"), own_words=WORDS)
    assert page.status == 400
    assert "carried" not in page.response.text
    assert praises(story) == []


def test_a_page_left_open_for_days_on_ones_own_phone_is_still_sent(
    stranger: Visitor, story: Story, clock: Clock, sign_in: SignIn
) -> None:
    sign_in("walsh")
    form = stranger.open("/sign-in").form("/sign-in", having="password")
    stranger.send(form, email="walsh@rimu.test", password=PASSWORD, remember="yes")
    page = write_praise(stranger, story, clock, days=1)
    assert page.location.startswith("/praise/")


def test_a_form_that_needs_care_goes_on_when_the_password_was_given_again(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    burns = sign_in("burns")
    page = hire(burns, clock, "Tūī Mahuika")
    assert page.status == 403
    assert "Your password once more" in page.text
    page = burns.send(page.form("/confirm"), password="not his")
    assert page.wrong == {"password": "This is not your password."}
    page = burns.send(page.form("/confirm"), password=PASSWORD)
    assert page.status == 200
    assert "Tūī" not in burns.open("/staff").text
    page = burns.send(page.form("/staff/new"))
    assert page.status == 302
    assert "Tūī Mahuika" in burns.open("/staff").text


def test_a_file_stays_behind_and_the_page_says_so(sign_in: SignIn, clock: Clock) -> None:
    jan = sign_in("jan")
    form = jan.open("/roll").form("/roll")
    clock.forward(minutes=16)
    page = jan.send(form, ("act", "read"), file=upload(roll_file({})))
    page = jan.send(page.form("/confirm"), password=PASSWORD)
    assert "A file cannot be kept. Choose it once more on the next page." in page.text
    assert "data-go-on" not in page.response.text
    page = jan.send(page.form("/roll"))
    assert page.wrong["file"] == "Choose a file."


def test_whoever_works_at_two_schools_chooses_and_then_goes_on(
    web: Flask, kauri: Story, story: Story, clock: Clock
) -> None:
    walsh = signed_in_as(web.test_client(), story.staff["walsh"], story.runtime)
    chosen = ("school_id", str(story.school_id))
    walsh.send(walsh.open("/school").form("/school"), chosen)
    page = come_in(walsh, write_praise(walsh, story, clock), "walsh@rimu.test")
    assert "Kauri Flat School" in page.text
    page = walsh.send(page.form("/school"), chosen)
    assert "karakia" in page.text
    assert walsh.send(page.form(f"/students/{story.students['aroha'].id}/praise")).location.startswith("/praise/")
    assert len(praises(story)) == 1
