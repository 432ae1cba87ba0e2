"""A plan on paper and on pages: the same words in each language, how goals go, and nothing of another home."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from commsbridge import books, plans, whanau
from commsbridge.books import Rhythm, Typed
from commsbridge.plans import Around, Item, Part, Place
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, send_home
from tests.doors.moments import praised
from tests.papers import tags_of, words_of
from tests.story import Story

TODAY = date(2026, 11, 17)
GOAL = "Ka tono a Aroha i te wā whakatā mā tana kāri."
CARD = "Show the card, then wait."
PEGS = "Her peg is beside the door."
DADS = "She sleeps over at her cousin’s."
OWN = "Aroha asked for a rest, and came back by herself."
WORDS = {
    "en": ("The plan for Aroha", "Goals", "What changes around the child", "Routines", "In class", "by 18 Dec 2026"),
    "mi": ("Te mahere mō Aroha", "Ngā whāinga", "Ngā mahi o ia rā", "I te akomanga", "18 Hakihea 2026"),
}


def planned(story: Story) -> plans.Plan:
    """A plan with a goal that a book tells of, an adjustment, a strategy that school agreed to, words of one home."""
    aroha = story.students["aroha"]
    with story.work("walsh") as work:
        template = books.template_named(work, "goals")
        book = books.begin_book(work, aroha, template, rhythm=Rhythm.DAILY)
        told = books.sections_of(work, book)[1]
        for back in (1, 0):
            page = books.begin_page(work, book, TODAY - timedelta(days=back))
            books.save(work, book, page, [Typed(told.id, 0, step=2 + back)])
    with story.work("leota") as work:
        plan = plans.begin_plan(work, aroha, review_on=TODAY + timedelta(days=70))
        goal = Item(uuid.uuid4(), Part.GOAL, GOAL, by_on=date(2026, 12, 18), goal_id=told.id)
        plans.keep_item(work, plan, goal, seen=1)
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.ADJUSTMENT, PEGS, around=Around.ROUTINE), seen=2)
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.STRATEGY, CARD, Place.CLASS, "Ms Walsh"), seen=3)
        plans.agree(work, plan, number=4)
        plans.write_from_home(work, plan, story.contacts["dave"], Part.GOAL, DADS)
        message = praised(story, "aroha", words=OWN)
        plans.tag_praise(work, plan, goal.id, message.id)
    return plan


@pytest.mark.parametrize("reo", ["en", "mi"])
def test_the_paper_says_what_the_page_says_in_each_language_with_how_goals_go(
    sign_in: SignIn, story: Story, reo: str
) -> None:
    planned(story)
    leota, at = sign_in("leota"), f"/students/{story.students['aroha'].id}/plan"
    pdf = leota.client.get(f"{at}/{reo}.pdf").data
    said, page = words_of(pdf), leota.open(at).text
    for words in (*WORDS[reo], GOAL, CARD, PEGS, DADS, OWN, "Mrs Leota"):
        assert words in said, words
    for words in (*WORDS["en"], GOAL, CARD, PEGS, DADS, OWN):
        assert words in page, words
    progress = "Praise, 17 Nov 2026" if reo == "en" else "He kupu whakamihi, 17 Whiringa-ā-rangi 2026"
    assert progress in said
    went = "to “With a lot of help” on 17 Nov 2026." if reo == "en" else "ki “He nui te āwhina” i te 17"
    assert went in said
    assert "table below" not in said + page
    assert ("At home: nobody has agreed yet" if reo == "en" else "I te kāinga: kāore anō tētahi kia whakaae") in said
    assert (b"/Lang(mi)" in pdf) == (reo == "mi")
    assert tags_of(pdf).count("H1") == 1
    assert tags_of(pdf).count("H2") >= 3


def test_the_paper_of_a_home_is_its_own_and_praise_on_it_reached_that_home(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dads, kuias = send_home(story), device(), device()
    planned(story)
    for phone, who in ((dads, "dave"), (kuias, "ngaire")):
        come_in(story, phone, home, who)
    theirs = {
        who: words_of(phone.client.get(f"{home.links[who]}/plan/en.pdf").data)
        for phone, who in ((dads, "dave"), (kuias, "ngaire"))
    }
    assert DADS in theirs["dave"]
    assert GOAL in theirs["ngaire"]
    for words in (DADS, "Dave", OWN):
        assert words not in theirs["ngaire"]


def test_a_plan_with_no_goals_is_read_and_printed_and_nobody_is_asked_to_agree_to_it(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dads, leota = send_home(story), device(), sign_in("leota")
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["aroha"], review_on=TODAY + timedelta(days=70))
    come_in(story, dads, home, "dave")
    at, theirs = f"/students/{story.students['aroha'].id}/plan", home.links["dave"] + "/plan"
    for visitor, path, acts in ((leota, at, {"sign", "yes"}), (dads, f"{theirs}?reo=en", {"agree"})):
        page = visitor.open(path)
        assert page.status == 200
        assert not acts & {str(each.values.get("act")) for each in page.forms}
    assert "A plan needs a goal before anybody agrees to it." in leota.open(at).text
    for reo in ("en", "mi"):
        assert "Aroha" in words_of(leota.client.get(f"{at}/{reo}.pdf").data)
        assert "Aroha" in words_of(dads.client.get(f"{theirs}/{reo}.pdf").data)
    with story.work("leota") as work:
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.GOAL, GOAL), seen=1)
    assert "Do you agree?" in dads.open(f"{theirs}?reo=en").text
    assert "I agree for the school" in leota.open(at).response.text


def test_not_even_the_number_a_page_carries_tells_a_home_that_another_wrote(story: Story, device: Device) -> None:
    home, kuias = send_home(story), device()
    plan = planned(story)
    come_in(story, kuias, home, "ngaire")

    def carried() -> list[str]:
        page = kuias.open(home.links["ngaire"] + "/plan?reo=en")
        return [str(each.values["number"]) for each in page.forms if each.values.get("act") == "agree"]

    before = carried()
    with story.work() as work:
        plans.write_from_home(work, plan, story.contacts["dave"], Part.HOPES, "He loves her drawings.")
    assert carried() == before == ["4"]
    form = next(each for each in kuias.open(home.links["ngaire"] + "/plan?reo=en").forms if "number" in each.values)
    assert kuias.send(form).status == 302
    with story.work() as work:
        standing = plans.standing_of(work, plan)
        assert standing.agreed(whanau.home_of(story.contacts["ngaire"]), {story.contacts["ngaire"].id}).both


def test_only_a_change_around_the_child_says_what_it_changes(sign_in: SignIn, story: Story) -> None:
    leota, at = sign_in("leota"), f"/students/{story.students['aroha'].id}/plan"
    planned(story)
    form = next(
        each for each in leota.open(at).forms if each.values.get("act") == "item" and "item_id" not in each.values
    )
    answer = leota.send(form, part="goal", words="She swims.", around="task")
    assert (answer.status, "Only a change around the child" in answer.text) == (400, True)
    assert leota.send(form, part="adjustment", words="One task on the page.", around="task").status == 302
    assert "One task on the page. Tasks" in leota.follow().text
