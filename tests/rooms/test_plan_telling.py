"""What a plan tells of its past: which words went and came, who wrote them down, and each yes to what was read then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from commsbridge import plans
from commsbridge.plans import Item, Part
from tests.rooms.test_plans import begin, home, item, own, put, read
from tests.story import Story

WORDS = st.text("aē \n", max_size=12)


@given(WORDS, WORDS)
def test_both_sides_of_a_change_are_whole_and_what_is_unmarked_stands_on_both(before: str, after: str) -> None:
    went, came = plans.runs(before, after)
    assert ("".join(each.words for each in went), "".join(each.words for each in came)) == (before, after)
    kept = [[each.words for each in side if not each.changed] for side in (went, came)]
    assert "".join(kept[0]) == "".join(kept[1])


def test_only_the_words_that_changed_stand_out() -> None:
    went, came = plans.runs("Hēmi asks for a break.", "Hēmi asks for a rest, by himself.")
    assert "".join(each.words for each in went if each.changed).split() == ["break."]
    assert "".join(each.words for each in came if each.changed).split() == ["rest,", "by", "himself."]


def test_a_plan_knows_who_wrote_down_words_also_after_their_day_was_moved(story: Story) -> None:
    plan = begin(story)
    hope = item(Part.HOPES, "I want to read to my dog.", said_by="Aroha")
    put(story, plan, hope, 1, "walsh")
    put(story, plan, Item(hope.id, Part.HOPES, hope.words, said_by="Aroha", who="Everyone"), 2)
    standing = read(story, plan)
    assert standing.written_in(standing.items[0]).staff_id == story.staff["walsh"].id
    with story.work() as work:
        plans.write_from_home(work, plan, story.contacts["dave"], Part.GOAL, "She swims.")
    standing = read(story, plan)
    assert standing.written_in(standing.items[1]).contact_id == story.contacts["dave"].id


def test_a_yes_that_school_says_anew_because_another_home_wrote_is_told_to_a_home_once(story: Story) -> None:
    plan = begin(story)
    put(story, plan, item(), 1)
    with story.work("leota") as work:
        plans.agree(work, plan, number=2)
    with story.work() as work:
        plans.agree(work, plan, number=2, contact=story.contacts["dave"])
    before = read(story, plan).signed(home(story, "ngaire"), own(story, "ngaire"))
    with story.work() as work:
        plans.write_from_home(work, plan, story.contacts["dave"], Part.GOAL, "She sleeps over at her cousin’s.")
    with story.work("leota") as work:
        plans.agree(work, plan, number=3)
    standing = read(story, plan)
    assert [each.id for each in standing.signed(home(story, "ngaire"), own(story, "ngaire"))] == [
        each.id for each in before
    ]
    assert [bool(each.staff_id) for each in before] == [True]
    assert [each.number for each in standing.signed(None)] == [2, 2, 3]
    assert [each.number for each in standing.signed(home(story, "dave"), own(story, "dave"))] == [2, 2, 3]
