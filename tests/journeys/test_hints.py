"""While somebody writes: a hint comes, offers two ways, and goes when it is put away; a long text is said to be one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.acts import open_praise, write
from tests.journeys.browser import PHONE
from tests.journeys.conftest import SignIn
from tests.story import Story

pytestmark = pytest.mark.journey


def test_a_hint_comes_while_one_writes_and_stays_away_once_hidden(story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    hint = page.get_by_role("status").filter(has_text="may take some of the praise back")
    write(page, "She listened for once.")
    expect(hint).to_be_visible()
    expect(hint.get_by_role("listitem").first).to_have_text("She listened.")
    hint.get_by_role("button", name="Hide this").tap()
    expect(hint).to_be_hidden()
    expect(page.get_by_label("In your own words")).to_be_focused()
    write(page, "She listened for once. She is lazy.")
    expect(page.get_by_text("“She is lazy” names the child.")).to_be_visible()
    write(page, "She read to us.")
    expect(page.get_by_text("names the child.")).to_be_hidden()


def test_praise_for_several_is_hinted_at_by_its_mark_and_a_line_for_one_by_its_name(
    story: Story, sign_in: SignIn
) -> None:
    children = "".join(f"&child={story.students[name].id}" for name in ("aroha", "hemi"))
    page = sign_in("burns", PHONE).open(f"/praise/several?go=yes{children}")
    page.get_by_label("In your own words").press_sequentially("(name) listened for once.")
    hint = page.get_by_role("status").filter(has_text="may take some of the praise back")
    expect(hint.get_by_role("listitem").first).to_have_text("(name) listened.")
    page.get_by_text("Add a line for one child").tap()
    page.get_by_label("Only about Hēmi").press_sequentially("He is lazy.")
    expect(page.get_by_text("“He is lazy” names the child.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Hēmi helped a friend")).to_be_visible()
    expect(hint).to_be_visible()


def test_a_phrase_that_grows_past_two_texts_is_said_so_while_it_is_written(sign_in: SignIn) -> None:
    page = sign_in("leota", PHONE).open("/phrases/new")
    told = page.get_by_text("it takes 3 texts")
    page.get_by_label("In te reo Māori").fill("I āwhina a {name} i te katoa ki te kimi i ō rātou pōtae kōwhai.")
    expect(told).to_be_visible()
    page.get_by_label("Something to work on").check(force=True)
    expect(told).to_be_hidden()
    page.get_by_label("Praise").check(force=True)
    page.get_by_label("In te reo Māori").fill("I waiata a {name} i tēnei rā.")
    expect(told).to_be_hidden()
