"""Nobody at home has to ask what happened: each step of a request, an offer and a plan is told in their own way."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

from commsbridge import messages, plans, specialists, support, whanau
from commsbridge.messages import MessageKind, State
from commsbridge.plans import Item, Part
from commsbridge.specialists import Offer, SharedPart
from commsbridge.support import Asking, Consent, ConsentHow, News, SupportRequest, SupportState
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel
from tests.rooms.posting import Posting
from tests.story import Story

TODAY = date(2026, 11, 17)
WORDS = "Aroha would like words and pictures for what comes next in the day."
MELE = "Mele rang, and comes on Monday."
STEP = "There is news about the support that was asked for, for Aroha. It stands on your page."


def told(posting: Posting, contact: str) -> list[str]:
    return [each.body for each in posting.all_to(contact, MessageKind.ON_PAGE)]


def ask(story: Story, by: str = "dave") -> SupportRequest:
    consent = Consent(story.contacts[by].id, ConsentHow.PHONE, TODAY)
    asking = Asking("rtlb", WORDS, consent, story.staff["leota"].id)
    with story.work("leota") as work:
        return support.ask_for_support(work, story.students["aroha"], asking, links=story.runtime.links)


def tell(story: Story, request: SupportRequest, seen: int, state: SupportState) -> None:
    with story.work("leota") as work:
        news = News(seen, state, TODAY, MELE, "Mele of the RTLB", story.staff["leota"].id)
        support.note_news(work, request, news, links=story.runtime.links)


def test_each_step_from_asked_to_a_plan_is_told_to_whoever_said_yes_without_saying_what_it_is(
    story: Story, posting: Posting
) -> None:
    request = ask(story)
    for seen, state in enumerate((SupportState.RECEIVED, SupportState.REACHED_OUT, SupportState.PLAN), start=1):
        tell(story, request, seen, state)
    said = told(posting, "dave")
    assert len(said) == 4
    assert "that you said yes to" in said[0]
    assert all(STEP in each for each in said[1:])
    assert all(re.search(r"/w/[\w-]{22}", each) for each in said)
    for body in said:
        for words in ("RTLB", "Mele", MELE, WORDS, "Resource"):
            assert words not in body
    assert told(posting, "ngaire") == []


def test_it_comes_in_the_language_of_the_home_and_a_person_who_carries_it_says_the_words_too(
    story: Story, posting: Posting
) -> None:
    request = ask(story, "ngaire")
    tell(story, request, 1, SupportState.REACHED_OUT)
    assert "He pānui anō mō te tautoko i tonoa mō Aroha." in "".join(told(posting, "ngaire"))
    with story.work("burns") as work:
        whanau.set_ways(work, story.contacts["ngaire"], [(Channel.CALL, "+64215550101")])
    tell(story, request, 2, SupportState.PLAN)
    [by_hand] = [each for each in posting.all_to("ngaire", MessageKind.ON_PAGE) if each.state is State.BY_HAND]
    assert by_hand.channel == Channel.CALL
    assert MELE in by_hand.body


def test_a_second_home_is_told_from_its_own_yes_on_and_nobody_who_took_theirs_back(
    story: Story, posting: Posting
) -> None:
    request = ask(story)
    with story.work("leota") as work:
        consent = Consent(story.contacts["ngaire"].id, ConsentHow.IN_PERSON, TODAY)
        support.add_consent(work, request, consent, links=posting.links)
    tell(story, request, 1, SupportState.RECEIVED)
    with story.work("leota") as work:
        support.take_back_consent(work, request, Consent(story.contacts["dave"].id, ConsentHow.PHONE, TODAY))
    tell(story, request, 2, SupportState.REACHED_OUT)
    assert [len(told(posting, who)) for who in ("dave", "ngaire")] == [2, 3]
    assert "Dave" not in "".join(told(posting, "ngaire"))


def test_whoever_asked_to_hear_praise_alone_and_whoever_said_stop_are_told_nothing(
    story: Story, posting: Posting
) -> None:
    with story.work("burns") as work:
        messages.set_wishes(
            work, story.contacts["dave"].id, whanau.Asked(hears=whanau.WishKind.PRAISE_ONLY), evidence="staff"
        )
    request = ask(story)
    tell(story, request, 1, SupportState.RECEIVED)
    assert told(posting, "dave") == []
    with story.work() as work:
        assert support.requests_about(work, story.students["aroha"].id)[0].last.state is SupportState.RECEIVED


def test_both_homes_are_asked_for_their_yes_to_a_specialist_and_neither_reads_whom_or_of_the_other(
    story: Story, posting: Posting
) -> None:
    wanted = Offer("Ana Tau", "Therapist", "To listen.", (SharedPart.GOALS,), TODAY + timedelta(days=30))
    with story.work("leota") as work:
        share = specialists.offer(work, story.students["aroha"], wanted)
        specialists.ask_homes(work, share, links=story.runtime.links)
    for who, other in (("dave", "Ngaire"), ("ngaire", "Dave")):
        [body] = told(posting, who)
        for words in ("Ana Tau", "To listen", other):
            assert words not in body
    assert told(posting, "rangi") == []


def test_when_school_agrees_to_a_plan_each_home_that_has_not_is_told_once_of_these_words(
    story: Story, posting: Posting
) -> None:
    links = story.runtime.links
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["aroha"], review_on=TODAY + timedelta(days=70))
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.GOAL, "She asks for a break."), seen=1)
    with story.work() as work:
        plans.agree(work, plan, number=2, contact=story.contacts["dave"])
    with story.work("leota") as work:
        for _ in range(2):
            plans.agree_for_school(work, plan, number=2, links=links)
    assert [len(told(posting, who)) for who in ("dave", "ngaire")] == [0, 1]
    with story.work("leota") as work:
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.RESOURCE, "A timer."), seen=2)
        plans.agree_for_school(work, plan, number=3, links=links)
    assert [len(told(posting, who)) for who in ("dave", "ngaire")] == [1, 2]
    assert "timer" not in "".join(told(posting, "dave"))


def test_a_step_told_to_nobody_still_leaves_its_owner_the_task_to_look_again(story: Story, posting: Posting) -> None:
    request = ask(story)
    tell(story, request, 1, SupportState.RECEIVED)
    looks = [each.subject_id for each in posting.tasks_of("leota") if each.kind is TaskKind.SUPPORT_LOOK]
    assert looks == [request.id]
