"""What was to be looked at again and was not rises to learning support and leaders, until somebody has looked."""

from __future__ import annotations

from datetime import date, timedelta

from commsbridge import plans, support, tasks
from commsbridge.schools import Role
from commsbridge.support import Asking, Consent, ConsentHow, News, SupportRequest, SupportState
from commsbridge.tasks import TaskKind
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.story import Story

TODAY, LOOK_ON = date(2026, 11, 17), date(2026, 11, 20)
WAITS = "Whānau wait for news of a request for support: Mrs Leota was to look again by 20 Nov 2026 about Aroha"


def asked(story: Story) -> SupportRequest:
    consent = Consent(story.contacts["dave"].id, ConsentHow.PHONE, TODAY)
    asking = Asking("rtlb", "Words and pictures.", consent, story.staff["leota"].id, look_on=LOOK_ON)
    with story.work("leota") as work:
        return support.ask_for_support(work, story.students["aroha"], asking, links=story.runtime.links)


def test_a_request_that_nobody_looked_at_rises_after_two_working_days_and_falls_when_somebody_has(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    request = asked(story)
    clock.now += timedelta(days=6)  # Monday: one working day after its day
    assert WAITS not in sign_in("burns").open("/to-do").text
    clock.now += timedelta(days=1)
    burns = sign_in("burns")
    assert WAITS in burns.open("/to-do").text
    assert f"/students/{story.students['aroha'].id}/support" in burns.open("/to-do").links
    assert "Ask how the request for support goes" in sign_in("leota").open("/to-do").text
    for who in ("leota", "walsh", "jan"):
        assert "Whānau wait for news" not in sign_in(who).open("/to-do").text
    with story.work("leota") as work:
        news = News(1, SupportState.RECEIVED, TODAY, owner_id=story.staff["leota"].id)
        support.note_news(work, request, news, links=story.runtime.links)
    assert "Whānau wait for news" not in burns.open("/to-do").text


def test_a_plan_that_nobody_looked_at_again_rises_too(sign_in: SignIn, story: Story, clock: Clock) -> None:
    with story.work("leota") as work:
        plans.begin_plan(work, story.students["aroha"], review_on=LOOK_ON)
    clock.now += timedelta(days=7)
    assert "A plan was to be looked at again by 20 Nov 2026: ask Mrs Leota" in sign_in("burns").open("/to-do").text


def test_a_press_on_what_is_ones_own_goes_on_beside_what_has_risen(sign_in: SignIn, story: Story, clock: Clock) -> None:
    asked(story)
    with story.work() as work:
        task = tasks.give_task(
            work, TaskKind.CALL_BACK, role=Role.LEADER, student_id=story.students["aroha"].id,
            contact_id=story.contacts["dave"].id,
        )  # fmt: skip
    clock.now += timedelta(days=7)
    burns = sign_in("burns")
    form = next(each for each in burns.open("/to-do").forms if each.action == f"/to-do/{task.id}")
    assert WAITS in burns.open("/to-do").text
    assert burns.send(form, ("act", "told")).status == 302
    with story.work() as work:
        done = tasks.task_by_id(work, task.id)
        assert done is not None
        assert done.outcome == "told"
