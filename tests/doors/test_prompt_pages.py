"""Being asked who shone: chosen on a page, shown on Today, answered in one step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commsbridge import prompts
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.story import Story

TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)  # 2:30 pm in Auckland


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    return sign_in("walsh")


def change(visitor: Visitor, **fields: str) -> Page:
    visitor.open("/prompts")
    page = visitor.act("/prompts", **fields)
    return visitor.follow() if page.status == 302 else page


def choose(visitor: Visitor, **over: str) -> Page:
    return change(visitor, **{"act": "set", "day-1": "yes", "day-3": "yes", "at": "14:30", "how_many": "2", **over})


def asked(visitor: Visitor, story: Story, clock: Clock) -> Page:
    """Today, when the prompt has come."""
    clock.now = TUESDAY - timedelta(hours=1)
    choose(visitor)
    clock.now = TUESDAY
    with story.work() as work:
        prompts.ask_due(work, links=story.runtime.links)
    return visitor.open("/today")


def test_nobody_is_asked_until_they_chose_to_be_and_a_good_beginning_is_offered(walsh: Visitor) -> None:
    page = walsh.open("/prompts")
    form = page.form("/prompts", having="at")
    assert form.values == form.values | {"day-1": "yes", "day-3": "yes", "at": "14:30", "how_many": "1"}
    assert "You will be asked next" not in page.text
    assert "Who we would ask about now" in page.text
    assert "No good news has reached home yet." in page.text
    assert "You asked to be asked" not in walsh.open("/today").text


def test_what_was_chosen_is_told_with_the_next_time(walsh: Visitor, clock: Clock) -> None:
    clock.now = TUESDAY + timedelta(minutes=5)
    page = choose(walsh)
    assert "Kept." in page.text
    assert "You will be asked next on Thursday, 19 November 2026, at 2:30 pm." in page.text
    page = change(walsh, act="pause", until_on="2026-11-20")
    assert "Paused until the end of 20 Nov 2026." in page.text
    assert "Tuesday, 24 November 2026" in page.text
    page = change(walsh, act="resume")
    assert "Paused until" not in page.text
    page = change(walsh, act="stop")
    assert "You will not be asked any more." in page.text
    assert "You will be asked next" not in page.text


@pytest.mark.parametrize(
    ("over", "field", "sentence"),
    [
        ({"day-1": "", "day-3": ""}, "days", "at least one day"),
        ({"at": "22:00"}, "at", "between 7 am and 6 pm"),
        ({"at": "soon"}, "at", "like 15:30"),
        ({"how_many": "9"}, "how_many", "one, two or three"),
    ],
)
def test_what_would_be_a_nag_is_refused_beside_its_field(
    walsh: Visitor, over: dict[str, str], field: str, sentence: str
) -> None:
    page = choose(walsh, **over)
    assert page.status == 400
    assert sentence in page.text
    assert sentence in page.wrong[field]
    assert "You will be asked next" not in page.text


def test_a_pause_without_a_day_and_a_button_of_no_page_change_nothing(walsh: Visitor) -> None:
    assert "Open the page again" in change(walsh, act="pause", until_on="2026-11-20").text  # nothing to pause yet
    choose(walsh)
    assert change(walsh, act="pause", until_on="").wrong["until_on"] == "Choose a day."
    assert change(walsh, act="dance").status == 400


def test_today_shows_whom_one_is_asked_about_and_why(walsh: Visitor, story: Story, clock: Clock) -> None:
    page = asked(walsh, story, clock)
    assert "Did you see Aroha shine?" in page.text
    assert "Did you see Hēmi shine?" in page.text
    assert "Perhaps: " in page.text
    assert f"/students/{story.students['aroha'].id}/praise" in page.links


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("not_today", "Not today: kept."),
        ("away", "we missed you"),
        ("later", "on the next school day"),
        ("someone_else", "for two weeks"),
        ("gate", "is in the log"),
    ],
)
def test_one_press_answers_and_one_takes_it_back(
    walsh: Visitor, story: Story, clock: Clock, answer: str, sentence: str
) -> None:
    page = asked(walsh, story, clock)
    action = next(form.action for form in page.forms if form.action.startswith("/prompts/"))
    walsh.act(action, answer=answer)
    page = walsh.follow()
    assert sentence in page.text
    assert page.text.count("Did you see ") == 1
    walsh.send(page.form(action, having="answer"))
    assert walsh.follow().text.count("Did you see ") == 2


def test_an_answer_that_is_none_changes_nothing(walsh: Visitor, story: Story, clock: Clock) -> None:
    page = asked(walsh, story, clock)
    action = next(form.action for form in page.forms if form.action.startswith("/prompts/"))
    assert walsh.act(action, answer="burn").status == 400
    assert walsh.open("/today", said="burn", answered="nobody").text.count("Did you see ") == 2


def test_somebody_elses_prompt_is_not_there(walsh: Visitor, sign_in: SignIn, story: Story, clock: Clock) -> None:
    page = asked(walsh, story, clock)
    action = next(form.action for form in page.forms if form.action.startswith("/prompts/"))
    fox = sign_in("fox")
    fox.open("/today")
    assert fox.act(action, answer="not_today").status == 404
    assert "Did you see" not in fox.open("/today").text


@pytest.mark.parametrize("who", ["jan", "kiri"])
def test_whoever_does_not_praise_is_not_asked(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).open("/prompts").status == 403


def test_a_leader_says_how_often_good_news_should_reach_home(sign_in: SignIn, walsh: Visitor) -> None:
    assert walsh.open("/prompts/school").status == 403
    burns = sign_in("burns")
    page = burns.open("/prompts/school")
    assert page.form("/prompts/school").values["book_times"] == "4"
    burns.act("/prompts/school", usual_times="2", book_times="5", late="drop")
    assert "Kept." in burns.follow().text
    assert burns.open("/prompts/school").form("/prompts/school").values["usual_times"] == "2"
    refused = burns.act("/prompts/school", usual_times="0", book_times="400", late="burn")
    assert refused.status == 400


def test_a_prompt_that_came_late_says_so_on_its_page(walsh: Visitor, story: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=1)
    choose(walsh)
    clock.now = TUESDAY + timedelta(hours=3)
    with story.work() as work:
        prompts.ask_due(work, links=story.runtime.links)
    assert "The prompt of Tuesday, 17 November 2026, 2:30 pm could not come then." in walsh.open("/prompts").text


def test_the_weeks_ahead_are_shown_moved_left_out_and_put_back(walsh: Visitor, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=20)
    choose(walsh)
    page = walsh.open("/prompts/week")
    assert "Tuesday, 17 November 2026, 2:30 pm" in page.text
    form = page.form("/prompts/week", having="at")
    walsh.send(form, ("act", "move"), day="2026-11-18", at="09:15")
    page = walsh.follow()
    assert "Wednesday, 18 November 2026, 9:15 am" in page.text
    walsh.send(page.form("/prompts/week", having="from_on"))
    page = walsh.follow()
    assert "Tuesday, 17 November 2026, 2:30 pm" in page.text
    walsh.send(page.form("/prompts/week", having="at"), ("act", "skip"))
    assert "Left out." in walsh.follow().text


def test_what_cannot_be_moved_is_refused_in_words(walsh: Visitor, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=20)
    choose(walsh)
    form = walsh.open("/prompts/week").form("/prompts/week", having="at")
    assert walsh.send(form, ("act", "move"), day="2026-11-21", at="09:15").status == 400
    assert walsh.send(form, ("act", "move"), day="soon", at="09:15").status == 400
    assert walsh.send(form, ("act", "burn")).status == 400
    other = {**form.values, "schedule_id": "00000000-0000-0000-0000-000000000000", "act": "skip"}
    assert walsh.post("/prompts/week", other).status == 404


def test_what_if_says_what_it_would_take(walsh: Visitor) -> None:
    page = walsh.open("/prompts/week", times="5", whom="all")
    assert "minutes a school day." in page.text
    assert "minutes a school day." not in walsh.open("/prompts/week", times="x", whom="books").text


def test_the_mirror_is_ones_own_alone(walsh: Visitor, sign_in: SignIn) -> None:
    assert "Only you see this page" in walsh.open("/prompts/mine").text
    assert sign_in("jan").open("/prompts/mine").status == 403
