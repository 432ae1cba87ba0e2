"""A teacher's groups on their page; the school's clock on the calendar's; what the holidays do to prompts, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commsbridge import schools, students
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.story import Story

TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)
JANUARY = datetime(2027, 1, 10, 23, 0, tzinfo=UTC)  # Monday noon, in the summer holidays


def change(visitor: Visitor, path: str, /, **fields: object) -> Page:
    visitor.open(path)
    page = visitor.act(path, **fields)
    return visitor.follow() if page.status == 302 else page


def test_a_group_is_made_given_times_changed_and_ended(sign_in: SignIn, story: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    walsh = sign_in("walsh")
    hemi, aroha = (str(story.students[child].id) for child in ("hemi", "aroha"))
    page = change(walsh, "/groups", act="keep", name="Reading", child=[hemi])
    assert "The group is kept." in page.text
    with story.work() as work:
        [group] = students.groups_of(work, story.staff["walsh"].id)
    form = walsh.open("/prompts/own", about=str(group.id)).form("/prompts/own", having="how_many")
    assert form.values["about"] == str(group.id)
    page = walsh.send(form, often="daily", when="at", at="14:30", lasts="on")
    assert "Reading" in walsh.follow().text
    assert "Hēmi" in walsh.open("/prompts/week").text
    page = change(walsh, "/groups", act="keep", group_id=str(group.id), name="Books", child=[aroha])
    assert "Books" in page.text
    page = change(walsh, "/groups", act="end", group_id=str(group.id))
    assert "The group is gone." in page.text
    assert "Books" not in walsh.open("/prompts/own").text


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": "Reading"}, "child", "Choose at least one child."),
        ({"name": "Reading", "child": ["soon"]}, "child", "Choose at least one child."),
        ({"name": "Reading", "child": ["00000000-0000-0000-0000-000000000001"]}, "child", "that you teach"),
    ],
)
def test_a_group_of_nobody_or_of_others_is_refused_beside_its_field(
    sign_in: SignIn, fields: dict[str, object], field: str, sentence: str
) -> None:
    page = change(sign_in("walsh"), "/groups", act="keep", **fields)
    assert page.status == 400
    assert sentence in page.wrong[field]
    assert page.form("/groups", having="name").values["name"] == "Reading"


def test_nobody_ends_or_sees_anothers_group(sign_in: SignIn, story: Story) -> None:
    walsh, fox = sign_in("walsh"), sign_in("fox")
    change(walsh, "/groups", act="keep", name="Kererū", child=[str(story.students["hemi"].id)])
    with story.work() as work:
        [group] = students.groups_of(work, story.staff["walsh"].id)
    assert "Kererū" not in fox.open("/groups").text
    assert change(fox, "/groups", act="end", group_id=str(group.id)).status == 404
    assert change(fox, "/groups", act="dance").status == 400


def test_a_shared_group_is_told_with_who_shares_it_and_offers_what_each_may(sign_in: SignIn, story: Story) -> None:
    walsh, hemi = sign_in("walsh"), str(story.students["hemi"].id)
    assert (
        "Shared with the adults" in change(walsh, "/groups", act="keep", name="Kererū", child=[hemi], shared="yes").text
    )
    with story.work() as work:
        [group] = students.groups_of(work, story.staff["walsh"].id)
    page = sign_in("matiu").open("/groups")
    assert "Shared by Ms Walsh." in page.text
    assert f"/groups?change={group.id}" not in str(page.links)
    page = sign_in("burns").open("/groups")
    assert "Kererū" in page.text
    assert "Share it with" in walsh.open("/groups").text
    leota = sign_in("leota")
    assert "The group is gone." in change(leota, "/groups", act="end", group_id=str(group.id)).text
    assert "Kererū" not in walsh.open("/groups").text


@pytest.mark.parametrize("who", ["jan", "kiri"])
def test_whoever_does_not_praise_keeps_no_groups(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).open("/groups").status == 403


def test_the_school_says_whose_clock_it_keeps(sign_in: SignIn, story: Story, clock: Clock) -> None:
    clock.now = TUESDAY
    jan = sign_in("jan")
    assert "it is now 2:30 pm." in jan.open("/calendar").text
    page = change(jan, "/calendar", act="clock", time_zone="Pacific/Chatham")
    assert "it is now 3:15 pm." in page.text
    with story.work() as work:
        assert schools.calendar_of(work).time_zone == "Pacific/Chatham"


@pytest.mark.parametrize("written", ["Pacific/Aukland", "", "UTC", "../../etc/passwd"])
def test_a_mistyped_time_zone_is_refused_with_a_sentence(sign_in: SignIn, story: Story, written: str) -> None:
    page = change(sign_in("jan"), "/calendar", act="clock", time_zone=written)
    assert page.status == 400
    assert "the time of Auckland or of the Chatham Islands" in page.wrong["time_zone"]
    with story.work() as work:
        assert schools.calendar_of(work).time_zone == "Pacific/Auckland"


def test_a_teacher_does_not_set_the_schools_clock(sign_in: SignIn) -> None:
    walsh = sign_in("walsh")
    token = next(form.values["csrf_token"] for form in walsh.open("/staff").forms if "csrf_token" in form.values)
    assert walsh.post("/calendar", {"csrf_token": token, "act": "clock", "time_zone": "UTC"}).status == 403


def test_a_schedule_made_in_the_holidays_says_when_school_begins_and_when_it_asks_first(
    sign_in: SignIn, clock: Clock
) -> None:
    clock.now = JANUARY
    fields = {"act": "set", "day-1": "yes", "at": "14:30", "how_many": "1"}
    page = change(sign_in("walsh"), "/prompts", **fields)
    assert "No school until" in page.text
    assert "so nothing is asked before then. You will be asked next on Tuesday, " in page.text
