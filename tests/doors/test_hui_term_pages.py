"""The hui about a plan, once a term, on the pages: it is offered kindly, and ends with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from commsbridge import plans, schools
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.story import Story


def test_a_hui_about_the_plan_is_offered_once_a_term_and_why_not_is_kept(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 10, 1, 0, tzinfo=UTC)
    aroha = story.students["aroha"]
    with story.work("walsh") as work:
        plans.begin_plan(work, aroha, review_on=schools.today(work) + timedelta(days=40))
    walsh = sign_in("walsh")
    asks = "hui about the plan for Aroha"
    assert asks in walsh.open("/to-do").text
    assert asks not in sign_in("fox").open("/to-do").text
    page = walsh.open(f"/students/{aroha.id}/hui")
    form = next(each for each in page.forms if each.action.endswith("/not-this-term"))
    assert walsh.send(form, why=" ").wrong["why"]
    assert walsh.send(form, why="Whānau would rather wait.").status == 302
    assert "Whānau would rather wait." in walsh.open(f"/students/{aroha.id}/hui").text
    assert asks not in walsh.open("/to-do").text
