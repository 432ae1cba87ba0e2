"""What to notice goes with a prompt: a goal, a strength or the next value, where it may be read and fits."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from commsbridge import books, plans, prompts, students
from commsbridge.books import Holds, Rhythm, Whose
from commsbridge.foundation.language import Language
from commsbridge.foundation.segments import count
from commsbridge.prompts.texting import OR_NUMBER
from commsbridge.students import Tells
from tests.conftest import Clock
from tests.rooms.test_pushing import TUESDAY, add, claim, told
from tests.story import Story
from tests.texting import prove

KIND = "Kind to new children"


def say_strength(story: Story, words: str, child: str = "hemi") -> None:
    with story.work("walsh") as work:
        students.say_about(
            work, story.students[child], Tells.STRENGTHS, words=words, said_by="Hine", said_on=date(2026, 11, 1)
        )


def plan_goals(story: Story, *goals: str, of_one_home: str = "") -> None:
    """Hēmi has a plan with these goals, and one between school and a home alone."""
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["hemi"], review_on=date(2027, 2, 1))
        home = uuid.uuid4() if of_one_home else None
        kept = [(words, None) for words in goals] + ([(of_one_home, home)] if of_one_home else [])
        for seen, (words, whose) in enumerate(kept, start=1):
            plans.keep_item(work, plan, plans.Item(uuid.uuid4(), plans.Part.GOAL, words, home=whose), seen=seen)


def ask_about(story: Story, clock: Clock, *, child: str | None = "hemi", way: str) -> str:
    """What leaves for Ms Walsh when she is asked about a child (None: three of them) one way."""
    clock.now = TUESDAY - timedelta(hours=1)
    with story.work("walsh") as work:
        about = story.students[child].id if child else None
        prompts.set_schedule(
            work, story.staff["walsh"].id, days=range(5), at=time(14, 30), how_many=1 if child else 3,
            by_mail=way == "mail",
            by_text=way == "text", by_push=way == "push", student_id=about,
        )  # fmt: skip
    clock.now = TUESDAY
    with story.work() as work:
        assert len(prompts.ask_due(work, links=story.runtime.links, planned=plans.goals_named)) == 1
        if way == "push":
            return ""
        body = work.session.scalar(text("SELECT body FROM deliveries WHERE staff_id IS NOT NULL ORDER BY made_at DESC"))
    return str(body)


def test_a_text_says_what_to_notice_and_still_how_to_answer(story: Story, clock: Clock) -> None:
    prove(story)
    say_strength(story, KIND)
    body = ask_about(story, clock, way="text")
    said = f'Said of their strengths: "{KIND}"'
    assert said in body
    assert OR_NUMBER in body
    without = body.replace(f" {said}", "")
    assert count(body).segments <= count(without).segments + 1


def test_of_several_children_a_text_names_whom_an_idea_is_for_and_drops_what_does_not_fit(
    story: Story, clock: Clock
) -> None:
    prove(story)
    for child in ("aroha", "hemi"):
        say_strength(story, f"{KIND} and old men", child)
    body = ask_about(story, clock, child=None, way="text")
    first, *others = [each for each in ("Aroha: Said of", "Hēmi: Said of") if each in body] or [""]
    assert bool(first) != bool(others)
    assert OR_NUMBER in body


def test_a_mail_says_it_under_the_link_of_each_child_in_the_words_own_language(story: Story, clock: Clock) -> None:
    say_strength(story, KIND)
    body = ask_about(story, clock, child=None, way="mail")
    assert f"Said of their strengths:\n\n“{KIND}”" in body
    assert body.count("Perhaps: ") == 1  # Aroha, of whom nobody said anything yet


@pytest.mark.parametrize("names", [True, False])
def test_a_notice_says_it_where_its_owner_has_children_named_and_nowhere_else(
    story: Story, clock: Clock, *, names: bool
) -> None:
    clock.now = TUESDAY - timedelta(hours=1)
    add(story, names=names)
    say_strength(story, KIND)
    ask_about(story, clock, way="push")
    (push,) = claim(story)
    assert (KIND in told(push)["body"]) is names


def test_what_may_be_about_health_stays_on_the_page(story: Story, clock: Clock) -> None:
    prove(story)
    say_strength(story, "Brave about his asthma inhaler")
    body = ask_about(story, clock, way="text")
    assert "asthma" not in body
    assert "Perhaps: " in body
    with story.work("walsh") as work:
        known = prompts.known_of(work, [story.students["hemi"].id])[story.students["hemi"].id]
    idea = known.idea(Language.EN, date(2026, 11, 17), reads=True)
    assert idea is not None
    assert "asthma" in idea.line


def test_goals_and_strengths_are_for_whoever_reads_the_childs_page(story: Story) -> None:
    say_strength(story, KIND)
    with story.work("walsh") as work:
        book = books.begin_book(work, story.students["hemi"], books.template_named(work, "goals"), rhythm=Rhythm.DAILY)
        books.add_section(work, book, ("Asks for help", "Te tono āwhina"), holds=Holds.GOAL, whose=Whose.SCHOOL)
        child = story.students["hemi"].id
        known = prompts.known_of(work, [child, uuid.uuid4()])[child]
    days = [date(2026, 11, 16), date(2026, 11, 17)]
    assert {getattr(known.idea(Language.EN, on, reads=True), "line", None) for on in days} == {
        "They are working on: Asks for help.", f"Said of their strengths: “{KIND}”",
    }  # fmt: skip
    te_reo = " ".join(idea.says for on in days if (idea := known.idea(Language.MI, on, reads=True)))
    assert te_reo.count("Te tono āwhina") == 1
    away = known.idea(Language.EN, days[0], reads=False)
    assert away is not None
    assert away.says.startswith("Perhaps: ")


def test_a_goal_of_their_plan_is_noticed_and_what_one_home_alone_agreed_is_not(story: Story) -> None:
    plan_goals(story, "Hēmi asks for a break with his card.", of_one_home="He sleeps in his own bed at Dad’s.")
    with story.work("walsh") as work:
        child = story.students["hemi"].id
        known = prompts.known_of(work, [child, uuid.uuid4()], planned=plans.goals_named)[child]
    ideas = {known.idea(Language.EN, date(2026, 11, day), reads=True) for day in (16, 17, 18, 19)}
    assert [idea.line for idea in ideas if idea] == ["A goal of their plan: “Hēmi asks for a break with his card.”"]
    other = known.idea(Language.EN, TUESDAY.date(), reads=False)
    assert other is None or "card" not in other.line


def test_a_goal_of_a_plan_goes_by_mail(story: Story, clock: Clock) -> None:
    plan_goals(story, "Hēmi asks for a break with his card.")
    assert "Hēmi asks for a break with his card." in ask_about(story, clock, way="mail")


def test_a_goal_of_a_plan_that_may_be_about_health_stays_on_the_page(story: Story, clock: Clock) -> None:
    plan_goals(story, "Hēmi uses his asthma inhaler without being told.")
    body = ask_about(story, clock, way="mail")
    assert "asthma" not in body
    assert "Perhaps: " in body


def test_a_plan_that_ended_is_not_spoken_of(story: Story) -> None:
    plan_goals(story, "Hēmi asks for a break with his card.")
    child = story.students["hemi"].id
    with story.work("leota") as work:
        plan = plans.plan_of(work, child)
        assert plan is not None
        plans.end_plan(work, plan)
        assert plans.goals_named(work, [child]) == {}
