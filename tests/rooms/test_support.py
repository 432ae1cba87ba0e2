"""Learning support: a directory that claims no check it had not, and requests a family can follow."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from commsbridge import partnership, support, tasks
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.partnership import Moment
from commsbridge.support import NEXT, Asking, Consent, ConsentHow, News, SupportRequest, SupportState
from commsbridge.tasks import TaskKind
from tests.story import Story

TODAY = date(2026, 11, 17)
ENDED = {SupportState.CLOSED, SupportState.WITHDRAWN}
WORDS = "Aroha would like words and pictures for what comes next in the day."


def asking(story: Story, by: str = "dave", **other: Any) -> Asking:
    consent = Consent(story.contacts[by].id, ConsentHow.PHONE, TODAY)
    fields = {"service": "rtlb", "words": WORDS, "consent": consent, "owner_id": story.staff["leota"].id, **other}
    return Asking(**fields)


def ask(story: Story, by: str = "dave", **other: Any) -> SupportRequest:
    with story.work("walsh") as work:
        return support.ask_for_support(
            work, story.students["aroha"], asking(story, by, **other), links=story.runtime.links
        )


def tell(story: Story, request: SupportRequest, seen: int, state: SupportState, **other: Any) -> None:
    fields = {"on_day": TODAY, "owner_id": story.staff["leota"].id, **other}
    with story.work("leota") as work:
        support.note_news(work, request, News(seen, state, **fields), links=story.runtime.links)


def open_kinds(story: Story, who: str = "leota") -> list[TaskKind]:
    with story.work() as work:
        found = tasks.open_tasks(work, staff_id=story.staff[who].id, roles=())
        return [each.kind for each in found if each.kind in {TaskKind.SUPPORT_LOOK, TaskKind.SUPPORT_STOPPED}]


# ---- the directory ----


def test_every_service_says_in_both_languages_whom_it_is_for_and_how_one_asks() -> None:
    found = support.services()
    assert len({each.key for each in found}) == len(found) >= 17
    for each in found:
        for english, reo in (each.whom, each.how):
            assert english.strip(), each.key
            assert reo.strip(), each.key
            assert english != reo, each.key
        assert each.source.startswith("https://"), each.key
        assert len(each.key) <= 30


def test_no_service_claims_more_checking_than_a_day_that_has_been_and_a_number_has_a_source() -> None:
    for each in support.services():
        for day in (each.read_on, each.checked_on):
            assert day is None or day <= date(2026, 11, 22), each.key
        assert each.phone is None or each.read_on or each.checked_on, each.key
        said = " ".join((*each.name, *each.whom, *each.how))
        assert not re.search(r"\d{4}", said), f"{each.key}: a number belongs in its field, with its source"


def test_what_is_for_schools_alone_is_not_on_the_page_for_whanau() -> None:
    hidden = {each.key for each in support.services() if not each.families}
    assert hidden == {"crisis_response", "traumatic_incident", "irf"}
    with pytest.raises(NotFound):
        support.service_named("nothing")


# ---- a request ----


def test_a_request_is_followed_from_asked_to_a_plan_and_whoever_owns_it_is_reminded_once(story: Story) -> None:
    request = ask(story, waiting_with="the RTLB cluster")
    assert open_kinds(story) == [TaskKind.SUPPORT_LOOK]
    tell(story, request, 1, SupportState.RECEIVED, waiting_with="the RTLB cluster")
    tell(story, request, 2, SupportState.PLANNED, look_on=TODAY + timedelta(days=30))
    tell(story, request, 3, SupportState.REACHED_OUT, words="Mele rang, and comes on Monday.")
    tell(story, request, 4, SupportState.PLAN)
    assert open_kinds(story) == [TaskKind.SUPPORT_LOOK]
    tell(story, request, 5, SupportState.CLOSED, words="He no longer needs it.")
    assert open_kinds(story) == []
    with story.work() as work:
        [tracked] = support.requests_about(work, story.students["aroha"].id)
        lines = partnership.timeline(work, story.students["aroha"].id, moments=(Moment.SUPPORT,), limit=20)
    assert [each.state for each in tracked.steps] == [
        SupportState.ASKED,
        SupportState.RECEIVED,
        SupportState.PLANNED,
        SupportState.REACHED_OUT,
        SupportState.PLAN,
        SupportState.CLOSED,
    ]
    assert not tracked.open
    assert tracked.steps[0].look_on == date(2026, 12, 1)
    assert {each.line.subject_id for each in lines} == {each.id for each in tracked.steps}


def test_the_same_form_twice_is_one_request_with_one_yes_and_one_step(story: Story) -> None:
    with story.work("walsh") as work:
        first = support.ask_for_support(
            work, story.students["aroha"], asking(story), links=story.runtime.links, once_key="k"
        )
    with story.work("walsh") as work:
        again = support.ask_for_support(
            work, story.students["aroha"], asking(story), links=story.runtime.links, once_key="k"
        )
        [tracked] = support.requests_about(work, story.students["aroha"].id)
    assert first.id == again.id == tracked.request.id
    assert (len(tracked.steps), len(tracked.consents)) == (1, 1)


def test_one_home_sees_what_it_said_yes_to_and_nothing_of_another(story: Story) -> None:
    request = ask(story, "dave")
    dads, kuias = {story.contacts["dave"].id}, {story.contacts["ngaire"].id}
    with story.work("leota") as work:
        assert support.requests_about(work, story.students["aroha"].id, home=kuias) == []
        support.add_consent(
            work, request, Consent(story.contacts["ngaire"].id, ConsentHow.IN_PERSON, TODAY), links=story.runtime.links
        )
    with story.work() as work:
        for home in (dads, kuias):
            [seen] = support.requests_about(work, story.students["aroha"].id, home=home)
            assert {each.contact_id for each in seen.consents} == home


def test_it_ends_only_when_no_yes_is_left_and_the_owner_is_told_to_tell_the_service(story: Story) -> None:
    request = ask(story, "dave")
    with story.work("leota") as work:
        support.add_consent(
            work, request, Consent(story.contacts["ngaire"].id, ConsentHow.IN_PERSON, TODAY), links=story.runtime.links
        )
        support.take_back_consent(work, request, Consent(story.contacts["dave"].id, ConsentHow.PHONE, TODAY))
        assert support.requests_about(work, story.students["aroha"].id)[0].open
    with story.work() as work:
        support.take_back_consent(work, request, Consent(story.contacts["ngaire"].id, ConsentHow.PAGE, TODAY))
        [tracked] = support.requests_about(work, story.students["aroha"].id)
    assert tracked.last.state is SupportState.WITHDRAWN
    assert tracked.last.staff_id is None
    assert open_kinds(story) == [TaskKind.SUPPORT_STOPPED]


def test_every_state_but_the_last_two_can_go_on_and_can_end() -> None:
    assert set(NEXT) == set(SupportState)
    for state, after in NEXT.items():
        assert (after == frozenset()) == (state in ENDED)
        assert state in ENDED or {state, SupportState.CLOSED} <= after
        assert SupportState.WITHDRAWN not in after


# ---- what it refuses ----


@pytest.mark.parametrize("who", ["rangi", "tia", "sina"])
def test_the_yes_of_somebody_who_may_not_hear_about_the_child_is_none(story: Story, who: str) -> None:
    with pytest.raises(Invalid, match="Nothing is asked for without them") as refusal:
        ask(story, who)
    assert refusal.value.field == "contact_id"


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("service", {"service": "he_pikorua"}),
        ("service", {"service": "nothing"}),
        ("words", {"words": "  "}),
        ("words", {"words": "x" * 1001}),
        ("waiting_with", {"waiting_with": "x" * 81}),
        ("owner_id", {"owner_id": None}),
        ("owner_id", {"owner_id": uuid.uuid4()}),
        ("look_on", {"look_on": TODAY - timedelta(days=1)}),
        ("look_on", {"look_on": TODAY + timedelta(days=400)}),
        ("contact_id", {"consent": Consent(None, ConsentHow.PHONE, TODAY)}),
    ],
)
def test_a_request_that_lacks_something_is_not_kept(story: Story, field: str, other: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        ask(story, **other)
    assert refusal.value.field == field
    with story.work() as work:
        assert support.requests_about(work, story.students["aroha"].id) == []


def test_nobody_without_the_right_can_own_it_and_a_yes_cannot_be_of_tomorrow(story: Story) -> None:
    with pytest.raises(Invalid, match="follows this up"):
        ask(story, owner_id=story.staff["jan"].id)
    tomorrow = Consent(story.contacts["dave"].id, ConsentHow.PHONE, TODAY + timedelta(days=1))
    with pytest.raises(Invalid, match="still to come"):
        ask(story, consent=tomorrow)


def test_of_two_who_write_at_once_the_second_reads_the_first(story: Story) -> None:
    request = ask(story)
    tell(story, request, 1, SupportState.RECEIVED)
    with pytest.raises(Conflict, match="just written"):
        tell(story, request, 1, SupportState.DECLINED, words="They are full until next term.")


def test_no_step_goes_backwards_and_none_follows_an_end(story: Story) -> None:
    request = ask(story)
    tell(story, request, 1, SupportState.PLANNED)
    with pytest.raises(Invalid, match="cannot come next"):
        tell(story, request, 2, SupportState.RECEIVED)
    with pytest.raises(Invalid, match="before the request"):
        tell(story, request, 2, SupportState.REACHED_OUT, on_day=TODAY - timedelta(days=9))
    tell(story, request, 2, SupportState.CLOSED, words="She does well without.")
    dave = Consent(story.contacts["dave"].id, ConsentHow.PHONE, TODAY)
    with pytest.raises(Invalid, match="cannot come next"):
        tell(story, request, 3, SupportState.CLOSED)
    with pytest.raises(Conflict, match="has ended"), story.work("leota") as work:
        support.add_consent(work, request, dave, links=story.runtime.links)
    with pytest.raises(Conflict, match="has ended"), story.work("leota") as work:
        support.take_back_consent(work, request, dave)


@pytest.mark.parametrize("state", [SupportState.CLOSED, SupportState.DECLINED])
def test_an_end_and_a_no_say_why_so_that_nobody_at_home_has_to_ask(story: Story, state: SupportState) -> None:
    request = ask(story)
    with pytest.raises(Invalid, match="so that whānau need not ask") as refusal:
        tell(story, request, 1, state, words="  ")
    assert refusal.value.field == "words"
    tell(story, request, 1, state, words="They have no room until next term.")
    with story.work() as work:
        [tracked] = support.requests_about(work, story.students["aroha"].id)
    assert tracked.last.words == "They have no room until next term."


def test_whoever_gave_no_yes_takes_none_back(story: Story) -> None:
    request = ask(story)
    with pytest.raises(NotFound), story.work("leota") as work:
        support.take_back_consent(work, request, Consent(story.contacts["ngaire"].id, ConsentHow.PHONE, TODAY))
