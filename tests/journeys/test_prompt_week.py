"""A prompt to come is moved to another day, and put back, with a keyboard alone."""

from __future__ import annotations

from datetime import date, time

import pytest
from playwright.sync_api import expect

from commsbridge import prompts, schools
from commsbridge.foundation.work import Work
from commsbridge.schools.models import Term
from tests.journeys.browser import DESK
from tests.journeys.conftest import SignIn
from tests.journeys.test_keyboard import tab_to
from tests.story import Story

pytestmark = pytest.mark.journey


def have_school_all_year(work: Work) -> None:
    """Terms without holidays between, so that the journey goes on any day of any year."""
    for year in (work.now.year, work.now.year + 1):
        for number in range(1, 5):
            first, last = date(year, 3 * number - 2, 2), date(year, 3 * number, 30)
            work.session.add(Term(year=year, number=number, first_on=first, last_on=last))
    work.session.flush()


def test_a_prompt_is_moved_and_put_back_by_keyboard(story: Story, sign_in: SignIn) -> None:
    with story.work("walsh") as work:
        have_school_all_year(work)
        staff_id = story.staff["walsh"].id
        schedule = prompts.set_schedule(
            work, staff_id, days=range(5), at=time(14, 30), how_many=1, by_mail=False
        )  # fmt: skip
        schedule_id, today = schedule.id, schools.today(work)

    def moved() -> int:
        with story.work("walsh") as work:
            return len(prompts.moves_of(work, [schedule_id], from_on=today)[schedule_id])

    page = sign_in("walsh", DESK).open("/prompts/week")
    tab_to(page, "Move it, or leave it out")
    page.keyboard.press("Enter")
    tab_to(page, "To which day?")
    page.keyboard.press("End")
    tab_to(page, "At what time?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Moved.").first).to_be_visible()
    assert moved() == 1

    tab_to(page, "Put it back")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)
    assert moved() == 0
