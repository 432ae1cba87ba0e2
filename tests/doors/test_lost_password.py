"""A lost password, and the password asked for once more: links that end, answers that tell nobody who works here."""

from __future__ import annotations

import pytest

from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import PASSWORD, Visitor
from tests.doors.test_sign_in_pages import (
    ELSEWHERE,
    NEW,
    ask_reset,
    come,
    is_in,
    mailed,
    new_password_path,
)
from tests.story import Story

# ---- the password once more ----


def test_a_page_that_needs_care_asks_for_the_password_again_after_a_quarter_of_an_hour(
    sign_in: SignIn, clock: Clock
) -> None:
    burns = sign_in("burns")
    clock.forward(minutes=14)
    assert burns.open("/staff/new").status == 200
    clock.forward(minutes=1)
    assert burns.open("/staff").status == 200
    assert burns.open("/staff/new").location == "/confirm?next=/staff/new"
    form = burns.follow().form("/confirm")
    page = burns.send(form, password="not his password")
    assert page.status == 403
    assert page.wrong == {"password": "This is not your password."}
    assert burns.open("/staff/new").status == 302
    page = burns.send(form, password=PASSWORD)
    assert (page.status, page.location) == (302, "/staff/new")
    assert burns.follow().status == 200


def test_confirming_leads_nowhere_but_into_this_house(sign_in: SignIn) -> None:
    burns = sign_in("burns")
    for wanted in ELSEWHERE:
        form = burns.open("/confirm").form("/confirm")
        assert burns.send(form, password=PASSWORD, next=wanted).location == "/today"


def test_guessing_at_the_second_door_counts_like_guessing_at_the_first(sign_in: SignIn, stranger: Visitor) -> None:
    burns = sign_in("burns")
    form = burns.open("/confirm").form("/confirm")
    assert [burns.send(form, password="a guess").status for _ in range(5)] == [403] * 5
    page = burns.send(form, password=PASSWORD)
    assert page.status == 429
    assert "too many tries" in page.text
    assert come(stranger, "burns@rimu.test").status == 429


# ---- a lost password ----


def test_asking_for_a_link_answers_the_same_for_known_and_unknown_and_mails_the_known_only(
    stranger: Visitor, story: Story
) -> None:
    unknown = ask_reset(stranger, "nobody@rimu.test")
    assert mailed(story) == []
    known = ask_reset(stranger, "walsh@rimu.test")
    assert (unknown.status, known.status) == (200, 200)
    assert unknown.text == known.text
    assert [address for address, _ in mailed(story)] == ["walsh@rimu.test"]


def test_asking_again_and_again_is_slowed_down_for_known_and_unknown_alike(stranger: Visitor, story: Story) -> None:
    for email in ("walsh@rimu.test", "nobody@rimu.test"):
        assert [ask_reset(stranger, email).status for _ in range(4)] == [200, 200, 200, 429]
        assert stranger.page is not None
        assert "too many tries" in stranger.page.text
        assert stranger.page.form("/password/forgotten").values["email"] == email
    assert len(mailed(story)) == 3


def test_the_link_sets_a_new_password_once_and_ends_every_sign_in(
    stranger: Visitor, sign_in: SignIn, story: Story
) -> None:
    walsh = sign_in("walsh")
    ask_reset(stranger, "walsh@rimu.test")
    path = new_password_path(story)
    for _ in range(3):  # mail scanners look at every link
        assert stranger.open(path).status == 200
    page = stranger.send(stranger.open(path).form(path), password=NEW, again=NEW)
    assert (page.status, page.location) == (302, "/sign-in")
    assert not is_in(walsh)
    assert come(stranger).status == 403
    assert come(stranger, password=NEW).status == 302
    page = stranger.open(path)
    assert page.status == 404
    assert "This link was used already or is too old." in page.text


@pytest.mark.parametrize(
    ("password", "again", "field", "words"),
    [
        (NEW, f"{NEW}!", "again", "The two are not the same."),
        ("short", "short", "password", "10"),
        ("", "", "password", "10"),
        ("password1234", "password1234", "password", ""),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link_as_it_was(
    stranger: Visitor, story: Story, password: str, again: str, field: str, words: str
) -> None:
    ask_reset(stranger, "walsh@rimu.test")
    path = new_password_path(story)
    page = stranger.send(stranger.open(path).form(path), password=password, again=again)
    assert page.status == 400
    assert words in page.wrong[field]
    assert stranger.send(page.form(path), password=NEW, again=NEW).status == 302


def test_a_link_ends_after_an_hour_and_one_that_never_was_opens_nothing(
    stranger: Visitor, story: Story, clock: Clock
) -> None:
    ask_reset(stranger, "walsh@rimu.test")
    path = new_password_path(story)
    clock.forward(hours=1)
    assert stranger.open(path).status == 404
    assert stranger.open("/password/new/no-such-link").status == 404
