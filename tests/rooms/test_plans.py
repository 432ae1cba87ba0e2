"""A plan: few goals, written by home and school, versions that say what changed, and each home reading its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge import books, plans, tasks
from commsbridge.books import Rhythm
from commsbridge.conversations import safety
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.work import Work
from commsbridge.plans import Item, Part, Place, Plan, Standing
from commsbridge.tasks import TaskKind
from tests.story import Story

TODAY = date(2026, 11, 17)
REVIEW = date(2027, 2, 19)
GOAL = "Aroha asks for a break with her card."


def begin(story: Story) -> Plan:
    with story.work("leota") as work:
        return plans.begin_plan(work, story.students["aroha"], review_on=REVIEW)


def item(part: Part = Part.GOAL, words: str = GOAL, **other: Any) -> Item:
    return Item(uuid.uuid4(), part, words, **other)


def put(story: Story, plan: Plan, new: Item, seen: int, who: str = "leota") -> None:
    with story.work(who) as work:
        plans.keep_item(work, plan, new, seen=seen)


def read(story: Story, plan: Plan) -> Standing:
    with story.work() as work:
        return plans.standing_of(work, plan)


def own(story: Story, who: str) -> set[uuid.UUID]:
    return {story.contacts[who].id}


def home(story: Story, who: str) -> uuid.UUID:
    return plans.home_of(story.contacts[who])


def words_at(story: Story, plan: Plan, who: str | None) -> list[str]:
    at = home(story, who) if who else None
    return [each.words for each in plans.seen_at(read(story, plan).items, at)]


# ---- written by both, read by each ----


def test_hopes_come_before_goals_and_goals_before_what_we_do(story: Story) -> None:
    plan = begin(story)
    put(story, plan, item(Part.STRATEGY, "Show the card first.", place=Place.PLAYGROUND, who="Ms Walsh"), 1)
    put(story, plan, item(), 2)
    put(story, plan, item(Part.HOPES, "I want to read to my dog.", said_by="Aroha"), 3)
    assert words_at(story, plan, None) == ["I want to read to my dog.", GOAL, "Show the card first."]


def test_a_home_writes_a_goal_that_school_reads_and_another_home_does_not(story: Story) -> None:
    plan = begin(story)
    put(story, plan, item(), 1)
    before = read(story, plan).history(home(story, "ngaire"))
    with story.work() as work:
        for _ in range(2):
            plans.write_from_home(work, plan, story.contacts["dave"], Part.GOAL, "She sleeps over at her cousin’s.")
    assert words_at(story, plan, "dave") == words_at(story, plan, None) == [GOAL, "She sleeps over at her cousin’s."]
    assert words_at(story, plan, "ngaire") == [GOAL]
    assert read(story, plan).history(home(story, "ngaire")) == before
    with pytest.raises(NotFound), story.work() as work:
        plans.drop_from_home(work, plan, story.contacts["ngaire"], read(story, plan).items[1].id)
    with story.work() as work:
        plans.drop_from_home(work, plan, story.contacts["dave"], read(story, plan).items[1].id)
    assert words_at(story, plan, "dave") == [GOAL]


def test_what_one_home_writes_leaves_the_yes_of_another_and_asks_its_own_again(story: Story) -> None:
    plan = begin(story)
    put(story, plan, item(), 1)
    with story.work("leota") as work:
        plans.agree(work, plan, number=2)
    with story.work() as work:
        for who in ("dave", "ngaire"):
            plans.agree(work, plan, number=2, contact=story.contacts[who])
        plans.write_from_home(work, plan, story.contacts["dave"], Part.GOAL, "She sleeps over at her cousin’s.")
    standing = read(story, plan)
    kuias = standing.agreed(home(story, "ngaire"), own(story, "ngaire"))
    dads = standing.agreed(home(story, "dave"), own(story, "dave"))
    assert (kuias.both, dads.school, dads.home) == (True, None, None)
    first = standing.agreed_to(standing.items[0], own(story, "dave"))
    assert first.home is not None
    assert (first.both, first.home.contact_id) == (True, story.contacts["dave"].id)
    assert standing.agreed_to(standing.items[1], own(story, "dave")).both is False


def test_versions_say_what_changed_and_words_that_changed_are_agreed_to_anew(story: Story) -> None:
    plan = begin(story)
    goal = item()
    put(story, plan, goal, 1)
    with story.work("walsh") as work:
        plans.agree(work, plan, number=2)
    put(story, plan, Item(goal.id, Part.GOAL, "Aroha asks for a break.", by_on=REVIEW), 2)
    with story.work("leota") as work:
        plans.set_review(work, plan, REVIEW + timedelta(days=7), seen=3)
        plans.drop_item(work, plan, goal.id, seen=4)
    history = read(story, plan).history(None)
    assert [(each.version.number, len(each.changes), each.review_moved) for each in history] == [
        (5, 1, False),
        (4, 0, True),
        (3, 1, False),
        (2, 1, False),
    ]
    assert history[0].changes[0].after is None
    change = history[2].changes[0]
    assert change.before is not None
    assert change.after is not None
    assert (change.before.words, change.after.words) == (GOAL, "Aroha asks for a break.")
    assert read(story, plan).agreed(None).school is None


def test_the_same_person_agrees_to_the_same_words_once_and_staff_write_down_a_yes(story: Story) -> None:
    plan = begin(story)
    put(story, plan, item(), 1)
    with story.work("leota") as work:
        for _ in range(2):
            plans.agree(work, plan, number=2)
            plans.agree(work, plan, number=2, contact=story.contacts["dave"])
    signed = read(story, plan).signatures
    assert [(bool(each.staff_id), bool(each.written_by)) for each in signed] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )


def test_whoever_began_it_is_reminded_of_the_review_once_and_of_none_when_it_ends(story: Story) -> None:
    def reviews(work: Work) -> list[date | None]:
        found = tasks.open_tasks(work, staff_id=story.staff["leota"].id, roles=(), kinds=(TaskKind.PLAN_REVIEW,))
        return [each.due_on for each in found]

    plan = begin(story)
    put(story, plan, item(), 1)
    with story.work("leota") as work:
        assert reviews(work) == [REVIEW]
        plans.set_review(work, plan, REVIEW + timedelta(days=7), seen=2)
        assert reviews(work) == [REVIEW + timedelta(days=7)]
        plans.end_plan(work, plan)
        assert reviews(work) == []
        assert plans.plan_of(work, plan.student_id) is None
    assert begin(story).id != plan.id


@pytest.mark.parametrize(
    ("review_on", "reminded"),
    [
        (date(2026, 12, 26), date(2026, 12, 18)),  # the holidays
        (date(2026, 12, 5), date(2026, 12, 4)),  # a Saturday of the term
        (date(2027, 2, 8), date(2027, 2, 5)),  # Waitangi Day observed
        (date(2026, 11, 18), date(2026, 11, 18)),
        (date(2027, 2, 19), date(2027, 2, 19)),
    ],
)
def test_a_review_on_a_day_without_school_reminds_on_the_last_school_day_before(
    story: Story, review_on: date, reminded: date
) -> None:
    with story.work("leota") as work:
        plans.begin_plan(work, story.students["aroha"], review_on=review_on)
        [task] = tasks.open_tasks(work, staff_id=story.staff["leota"].id, roles=(), kinds=(TaskKind.PLAN_REVIEW,))
        assert task.due_on == plans.reminded_on(work, review_on) == reminded


WORDS = st.text("aē \n'", min_size=1, max_size=20)
ITEMS = st.builds(
    Item,
    st.uuids(),
    st.sampled_from(Part),
    WORDS,
    st.none() | st.sampled_from(Place),
    WORDS | st.just(""),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    st.none() | st.sampled_from([uuid.UUID(int=1), uuid.UUID(int=2)]),
    WORDS | st.just(""),
    st.none() | st.uuids(),
)


@given(st.lists(ITEMS, max_size=8, unique_by=lambda each: each.id))
def test_whatever_stands_in_a_plan_is_stored_and_read_back_and_no_home_reads_anothers(items: list[Item]) -> None:
    assert [plans.read_item(plans.stored(each)) for each in items] == items
    for at in (uuid.UUID(int=1), uuid.UUID(int=2)):
        seen = plans.seen_at(items, at)
        assert {each.home for each in seen} <= {None, at}
        assert {each.id for each in items if each.home is None} <= {each.id for each in seen}
    assert plans.changes(items, items) == []
    assert len(plans.changes([], items)) == len(plans.changes(items, [])) == len(items)


# ---- what it refuses ----


def test_a_child_has_one_plan_and_its_review_is_ahead(story: Story) -> None:
    begin(story)
    with pytest.raises(Conflict, match="a plan already"):
        begin(story)
    for day in (TODAY, TODAY + timedelta(days=400)):
        with pytest.raises(Invalid, match="within a year"), story.work("leota") as work:
            plans.begin_plan(work, story.students["hemi"], review_on=day)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("words", {"words": " "}),
        ("words", {"words": "x" * 601}),
        ("who", {"who": "x" * 121}),
        ("said_by", {"said_by": "x" * 121}),
        ("by_on", {"by_on": TODAY + timedelta(days=400)}),
        ("by_on", {"by_on": date(2020, 1, 1)}),
        ("goal_id", {"goal_id": uuid.uuid4()}),
    ],
)
def test_what_does_not_fit_is_not_kept(story: Story, field: str, wrong: dict[str, Any]) -> None:
    plan = begin(story)
    with pytest.raises(Invalid) as refusal:
        put(story, plan, item(**wrong), 1)
    assert refusal.value.field == field
    assert read(story, plan).items == ()


def test_a_goal_of_a_book_is_one_of_this_child(story: Story) -> None:
    plan = begin(story)
    with story.work("walsh") as work:
        template = books.template_named(work, "goals")
        own_book = books.begin_book(work, story.students["aroha"], template, rhythm=Rhythm.DAILY)
        other = books.begin_book(work, story.students["hemi"], template, rhythm=Rhythm.DAILY)
        mine, theirs = books.sections_of(work, own_book)[1].id, books.sections_of(work, other)[1].id
    put(story, plan, item(goal_id=mine), 1)
    with pytest.raises(Invalid, match="this child’s books"):
        put(story, plan, item(goal_id=theirs), 2)


def test_few_goals_each_home_counting_its_own(story: Story) -> None:
    plan = begin(story)
    for number in range(1, 5):
        put(story, plan, item(words=f"Goal {number}."), number)
    with story.work() as work:
        for who in ("dave", "ngaire"):
            plans.write_from_home(work, plan, story.contacts[who], Part.GOAL, "She rides to school.")
    with pytest.raises(Invalid, match="Which can wait") as refusal, story.work() as work:
        plans.write_from_home(work, plan, story.contacts["dave"], Part.GOAL, "She swims.")
    assert refusal.value.field == "words"


def test_of_two_who_write_at_once_the_second_reads_the_first(story: Story) -> None:
    plan = begin(story)
    put(story, plan, item(), 1)
    acts: list[Callable[[Work], object]] = [
        lambda work: plans.keep_item(work, plan, item(words="Another."), seen=1),
        lambda work: plans.drop_item(work, plan, uuid.uuid4(), seen=1),
        lambda work: plans.set_review(work, plan, REVIEW, seen=1),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="just written"), story.work("walsh") as work:
            act(work)
    with pytest.raises(NotFound), story.work("walsh") as work:
        plans.drop_item(work, plan, uuid.uuid4(), seen=2)


def test_nobody_agrees_to_a_plan_without_a_goal_to_old_words_or_for_a_stranger(story: Story) -> None:
    plan = begin(story)
    with pytest.raises(Invalid, match="needs a goal"), story.work("leota") as work:
        plans.agree(work, plan, number=1)
    put(story, plan, item(), 1)
    for number in (1, 3, 0):
        with pytest.raises(Conflict, match="has changed"), story.work("leota") as work:
            plans.agree(work, plan, number=number)
    for who in ("rangi", "sina"):
        with pytest.raises(Invalid, match="tell about this child"), story.work("leota") as work:
            plans.agree(work, plan, number=2, contact=story.contacts[who])
    with pytest.raises(Invalid, match="a hope or a goal"), story.work() as work:
        plans.write_from_home(work, plan, story.contacts["dave"], Part.STRATEGY, "We read.")


def test_nothing_is_written_in_a_plan_that_has_ended(story: Story) -> None:
    plan = begin(story)
    put(story, plan, item(), 1)
    with story.work("leota") as work:
        plans.end_plan(work, plan)
    with pytest.raises(Conflict, match="has ended"):
        put(story, plan, item(), 2)
    with pytest.raises(Conflict, match="has ended"), story.work() as work:
        plans.write_from_home(work, plan, story.contacts["dave"], Part.GOAL, "She swims.")
    with pytest.raises(Conflict, match="has ended"), story.work("leota") as work:
        plans.agree(work, plan, number=2)


def test_words_that_may_be_about_safety_are_no_part_of_a_plan(story: Story) -> None:
    plan = begin(story)
    named = (story.staff["kiri"].id, story.staff["burns"].id)
    with story.work("burns") as work:
        assert safety.screened(work, "I want to kill myself") is safety.Screened.CLEAR
        safety.set_watch(work, safety.Watch(screens=True, lead_id=named[0], deputy_id=named[1]))
        assert safety.screened(work, "I want to kill myself") is safety.Screened.URGENT
    with pytest.raises(Invalid, match="somebody’s safety"):
        put(story, plan, item(Part.HOPES, "I want to kill myself"), 1)
