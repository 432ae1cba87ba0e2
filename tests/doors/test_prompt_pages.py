"""Being asked who shone: chosen on a page, shown on Today, answered in one step."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from commsbridge import books, messages, partnership, plans, prompts, schools, students
from commsbridge.books import Rhythm
from commsbridge.partnership import Moment
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import praised
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
    assert form.values == form.values | {"day-1": "yes", "day-3": "yes", "at": "15:00", "how_many": "1"}
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


def test_what_to_look_for_is_a_goal_or_a_strength_of_the_child_turn_by_turn(
    walsh: Visitor, sign_in: SignIn, story: Story, clock: Clock
) -> None:
    with story.work("walsh") as work:
        students.say_about(
            work, story.students["hemi"], students.Tells.STRENGTHS, words="Kind to new children, and " + "so " * 60,
            said_by="Hine, his mother", said_on=date(2026, 11, 1),
        )  # fmt: skip
        book = books.begin_book(work, story.students["hemi"], books.template_named(work, "goals"), rhythm=Rhythm.DAILY)
        title = ("Asks for help", "Te tono āwhina")
        books.add_section(work, book, title, holds=books.Holds.GOAL, whose=books.Whose.SCHOOL)
    page = asked(walsh, story, clock)
    clock.forward(days=1)
    both = page.text + sign_in("walsh").open("/today").text
    assert "They are working on: Asks for help." in both
    assert "Said of their strengths: Kind to new children, and so" in both
    assert "so so so …" in both
    assert "working on: First goal" not in both  # nobody has named it


def test_what_to_look_for_is_a_goal_of_the_childs_plan_too(walsh: Visitor, story: Story, clock: Clock) -> None:
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["aroha"], review_on=date(2027, 2, 1))
        goal = plans.Item(uuid.uuid4(), plans.Part.GOAL, "Shows her card when it is loud.")
        plans.keep_item(work, plan, goal, seen=1)
    assert "A goal of their plan: Shows her card when it is loud." in asked(walsh, story, clock).text


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
    offered = {"day-0": "yes", "day-1": "", "day-3": "", "before_at": "08:10", "after_at": "14:45"}
    burns.act("/prompts/school", usual_times="2", book_times="5", late="drop", **offered)
    assert "Kept." in burns.follow().text
    assert burns.open("/prompts/school").form("/prompts/school").values["usual_times"] == "2"
    refused = burns.act("/prompts/school", usual_times="0", book_times="400", late="burn")
    assert refused.status == 400
    form = walsh.open("/prompts").form("/prompts", having="at")
    assert form.values == form.values | {"day-0": "yes", "at": "14:45"}
    assert "Before class, at 8:10 am" in walsh.open("/prompts/own").text


@pytest.mark.parametrize(
    ("over", "field"),
    [({"before_at": "05:00"}, "before_at"), ({"after_at": "soon"}, "after_at"), ({"day-1": "", "day-3": ""}, "days")],
)
def test_what_no_teacher_could_be_offered_is_refused_beside_its_field(
    sign_in: SignIn, over: dict[str, str], field: str
) -> None:
    burns = sign_in("burns")
    page = burns.send(burns.open("/prompts/school").form("/prompts/school"), **over)
    assert page.status == 400
    assert page.wrong[field]


def own(visitor: Visitor, about: object, **over: object) -> Page:
    """Times of their own for a class or child, chosen on the page."""
    page = visitor.open("/prompts/own")
    page = visitor.send(
        page.form("/prompts/own", having="often"),
        **{"about": str(about), **{name: str(value) for name, value in over.items()}},
    )
    return visitor.follow() if page.status == 302 else page


def test_a_child_and_a_class_have_times_of_their_own_and_go_back_to_the_usual_ones(
    walsh: Visitor, story: Story, clock: Clock
) -> None:
    clock.now = TUESDAY + timedelta(minutes=5)
    aroha = story.students["aroha"].id
    page = own(walsh, aroha, often="offered", when="before", lasts="term")
    assert "Kept. These times are their own now." in page.text
    assert "Tuesday and Thursday, at 8:30 am. To the end of " in page.text
    with story.work("walsh") as work:
        [schedule] = prompts.schedules_of(work, story.staff["walsh"].id)
        [room] = students.classes_taught_by(work, story.staff["walsh"].id, schools.today(work))
    assert (schedule.student_id, schedule.how_many, schedule.until_on) == (aroha, 1, date(2026, 12, 18))
    page = own(walsh, room.id, often="these", when="at", at="11:05", how_many="2", **{"day-1": "", "day-4": "yes"})
    assert "Thursday and Friday, at 11:05 am." in page.text
    form = walsh.open("/prompts/own", about=str(room.id)).form("/prompts/own", having="often")
    assert form.values == form.values | {"about": str(room.id), "at": "11:05", "how_many": "2", "lasts": "on"}
    walsh.act("/prompts/own", act="stop", about=str(aroha))
    page = walsh.follow()
    assert "Back to your usual times" in page.text
    assert "8:30 am. To the end" not in page.text
    assert walsh.act("/prompts/own", act="stop", about=str(aroha)).status == 400


@pytest.mark.parametrize(
    ("over", "field", "sentence"),
    [
        ({"about": "00000000-0000-0000-0000-000000000000"}, "about", "that you teach"),
        ({"about": "nobody"}, "about", "that you teach"),
        ({"often": "hourly"}, "often", "one of these"),
        ({"when": "at", "at": "half past"}, "at", "like 15:30"),
        ({"when": "at", "at": "19:00"}, "at", "between 7 am and 6 pm"),
        ({"often": "these", "day-1": "", "day-3": ""}, "days", "at least one day"),
        ({"lasts": "ever"}, "lasts", "one of these"),
    ],
)
def test_times_that_would_never_ask_are_refused_beside_their_field(
    walsh: Visitor, story: Story, over: dict[str, str], field: str, sentence: str
) -> None:
    page = own(walsh, **{"about": story.students["aroha"].id, **over})
    assert page.status == 400
    assert sentence in page.wrong[field]


def test_a_child_nobody_at_home_can_be_reached_about_is_not_asked_about(sign_in: SignIn, story: Story) -> None:
    page = own(sign_in("fox"), story.students["tama"].id)
    assert "Nobody at home can be reached about Tāma yet" in page.wrong["about"]


def test_somebody_elses_child_has_no_times_here(walsh: Visitor, story: Story) -> None:
    for child in ("leo", "pare"):  # of another class; her own
        assert "that you teach" in own(walsh, story.students[child].id).wrong["about"]


def test_whoever_teaches_nobody_is_told_so(sign_in: SignIn) -> None:
    leota = sign_in("leota")
    assert "nobody to ask you about" in choose(leota).text
    assert "nobody to ask you about" in leota.open("/prompts/own").text


def test_a_childs_own_target_is_set_by_who_teaches_them_and_goes_back_to_the_schools(
    walsh: Visitor, story: Story
) -> None:
    path = f"/students/{story.students['aroha'].id}/target"
    assert path in walsh.open(f"/students/{story.students['aroha'].id}").links
    assert "once in two school weeks" in walsh.open(path).text
    walsh.act(path, times="5")
    page = walsh.follow()
    assert "5 times in two school weeks." in page.text
    assert "Set by Ms Walsh" in page.text
    walsh.act(path, times="school")
    page = walsh.follow()
    assert page.form(path).values["times"] == "school"
    assert "Set by" not in page.text
    for wrong in ("0", "11", "often", ""):
        page = walsh.act(path, times=wrong)
        assert (page.status, "once to ten times" in page.wrong["times"]) == (400, True)
        walsh.open(path)


def test_a_target_is_not_for_whoever_does_not_see_the_child_or_may_not_set_it(sign_in: SignIn, story: Story) -> None:
    path = f"/students/{story.students['aroha'].id}/target"
    assert sign_in("fox").open(path).status == 404
    for who in ("matiu", "jan", "kiri"):
        assert sign_in(who).open(path).status == 403


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


def test_the_mirror_shows_the_good_beside_the_hard_and_what_was_taken_back_in_neither(
    walsh: Visitor, story: Story, clock: Clock
) -> None:
    assert "and no concern." not in walsh.open("/prompts/mine").text
    kept = [praised(story, child) for child in ("aroha", "hemi", "aroha")]
    with story.work("walsh") as work:
        partnership.write_line(
            work, Moment.CONCERN, student_id=story.students["hemi"].id, staff_id=story.staff["walsh"].id
        )
        messages.undo_message(work, kept[2].id)
    text = walsh.open("/prompts/mine").text
    assert "2 praises and one concern." in text
    assert "You praised 2 children of those you teach." in text
    assert text.count("About Aroha") == 1
    assert names_nobody_else(text)


def names_nobody_else(text: str) -> bool:
    """Whether a page names nobody else of the staff, so that nobody is compared."""
    return not any(name in text for name in ("Mrs Fox", "Matua Matiu", "Mrs Leota"))


def test_the_mirror_is_ones_own_alone(walsh: Visitor, sign_in: SignIn, story: Story) -> None:
    praised(story, "aroha", words="She shared her pencils.")
    own = walsh.open("/prompts/mine").text
    assert "Only you see this page" in own
    assert "She shared her pencils." in own
    for other in ("burns", "leota"):  # who leads the school or supports learning has a mirror, and it is their own
        page = sign_in(other).open(f"/prompts/mine?staff_id={story.staff['walsh'].id}")
        assert page.status == 200
        assert "pencils" not in page.text
    assert sign_in("jan").open("/prompts/mine").status == 403
