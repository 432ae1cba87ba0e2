"""A plan and everybody who agrees to it: each home named, what changed told plainly, no word typed lost."""

from __future__ import annotations

import re
import uuid
from datetime import date

from commsbridge import plans, whanau
from commsbridge.plans import Item, Part, Place, Plan
from commsbridge.web import plan_shown
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, send_home
from tests.doors.moments import praised
from tests.doors.pages import Visitor
from tests.papers import words_of
from tests.story import Story

GOAL = "Aroha asks for a break with her card."
CARD = "Show the card, then wait."
DADS = "We show the same card at home."
NOT_NGAIRE = "At home, Ngaire Kereama: nobody has agreed yet"


def planned(story: Story) -> Plan:
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["aroha"], review_on=date(2027, 2, 19))
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.GOAL, GOAL), seen=1)
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.STRATEGY, CARD, Place.CLASS, "Ms Walsh"), seen=2)
    return plan


def at(story: Story) -> str:
    return f"/students/{story.students['aroha'].id}/plan"


def article(visitor: Visitor, story: Story, words: str) -> str:
    """What stands with one thing of the plan at school, up to its form."""
    whole = visitor.open(at(story)).response.text
    found = re.search(rf'aria-label="{re.escape(words)}">(.*?)<details', whole, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]))


def agrees(story: Story, plan: Plan, who: str, number: int) -> None:
    with story.work() as work:
        plans.agree(work, plan, number=number, contact=story.contacts[who])


def test_school_reads_of_each_home_whether_it_agreed_to_what_we_do(sign_in: SignIn, story: Story) -> None:
    plan, leota = planned(story), sign_in("leota")
    assert "At home: nobody has agreed yet" in article(leota, story, CARD)
    agrees(story, plan, "dave", 3)
    told = article(leota, story, CARD)
    for words in ("For the school: nobody has agreed yet", "At home: Dave Kereama, 17 Nov 2026", NOT_NGAIRE):
        assert words in told
    assert "It waits for the school, and for the home of Ngaire Kereama." in leota.open(at(story)).text
    with story.work("leota") as work:
        plans.agree(work, plan, number=3)
    assert NOT_NGAIRE in words_of(leota.client.get(f"{at(story)}/en.pdf").data)
    agrees(story, plan, "ngaire", 3)
    assert "nobody has agreed" not in article(leota, story, CARD)
    assert "Every home and the school have agreed to this plan." in leota.open(at(story)).text


def test_what_one_home_does_is_not_agreed_to_by_a_yes_of_another_that_never_read_it(
    sign_in: SignIn, story: Story
) -> None:
    plan, leota = planned(story), sign_in("leota")
    with story.work("leota") as work:
        home = plans.home_of(story.contacts["dave"])
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.STRATEGY, DADS, Place.HOME, home=home), seen=3)
    agrees(story, plan, "ngaire", 4)
    told = article(leota, story, DADS)
    assert "Ngaire" not in told
    assert "At home: nobody has agreed yet" in told


def test_words_of_a_child_say_who_wrote_them_down_at_school_at_home_and_on_paper(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dads = send_home(story), device()
    plan = planned(story)
    with story.work("walsh") as work:
        hope = Item(uuid.uuid4(), Part.HOPES, "I want to read to my dog.", said_by="Aroha")
        plans.keep_item(work, plan, hope, seen=3)
    with story.work() as work:
        plans.write_from_home(work, plan, story.contacts["dave"], Part.HOPES, "She loves the sea.")
    come_in(story, dads, home, "dave")
    leota = sign_in("leota")
    for text in (
        leota.open(at(story)).text,
        dads.open(home.links["dave"] + "/plan?reo=en").text,
        words_of(leota.client.get(f"{at(story)}/en.pdf").data),
    ):
        assert "in the words of Aroha, written down by Ms Walsh" in text
        assert "in the words of Dave Kereama, written" not in text
    assert "nā Ms Walsh i tuhi" in words_of(leota.client.get(f"{at(story)}/mi.pdf").data)


def test_what_changed_is_told_word_by_word_and_with_what_else_is_other(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, kuias = send_home(story), device()
    plan, leota = planned(story), sign_in("leota")
    agrees(story, plan, "ngaire", 3)
    with story.work("leota") as work:
        [goal, _] = plans.standing_of(work, plan).items
        plans.keep_item(
            work,
            plan,
            Item(goal.id, Part.GOAL, "Aroha asks for a rest with her card.", by_on=date(2026, 12, 18)),
            seen=3,
        )
    come_in(story, kuias, home, "ngaire")
    for reader, path in ((leota, at(story)), (kuias, home.links["ngaire"] + "/plan?reo=en")):
        page = reader.open(path)
        assert "<del>break</del>" in page.response.text
        assert "<ins>rest</ins>" in page.response.text
        assert "By when: 18 Dec 2026. Before: nothing." in page.text
        past = page.text.partition("What changed")[2]
        assert past.index("Said otherwise in “Goals”") < past.index("At home: Ngaire Kereama, 17 Nov 2026")
    te_reo = kuias.open(home.links["ngaire"] + "/plan?reo=mi")
    assert "Hei āhea: 18 Hakihea 2026. I mua: kāore he mea." in te_reo.text


def test_what_was_typed_over_a_newer_page_is_kept_in_its_own_form(sign_in: SignIn, story: Story) -> None:
    plan, leota = planned(story), sign_in("leota")
    page = leota.open(at(story))
    goal = next(each for each in page.forms if each.values.get("act") == "item" and "item_id" in each.values)
    new = next(each for each in page.forms if each.values.get("act") == "item" and "item_id" not in each.values)
    with story.work() as work:
        plans.write_from_home(work, plan, story.contacts["dave"], Part.GOAL, "She swims.")
    for form, words in ((goal, "Aroha asks for a rest."), (new, "She reads to her dog.")):
        answer = leota.send(form, words=words)
        assert answer.status == 409
        assert "Somebody has just written in the plan." in answer.text
        again = next(
            each
            for each in answer.forms
            if each.values.get("act") == "item" and each.values.get("item_id") == form.values.get("item_id")
        )
        assert str(again.values["words"]).strip() == words
        others = [str(each.values.get("words", "")).strip() for each in answer.forms if each is not again]
        assert words not in others
        assert leota.send(again).status == 302
    with story.work() as work:
        stands = {each.words for each in plans.standing_of(work, plan).items}
    assert stands == {"Aroha asks for a rest.", "She reads to her dog.", "She swims.", CARD}


def test_praise_with_a_goal_is_counted_and_the_newest_shown_on_page_and_paper(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, kuias = send_home(story), device()
    plan, leota = planned(story), sign_in("leota")
    with story.work("leota") as work:
        [goal, _] = plans.standing_of(work, plan).items
    for number in range(1, 6):
        message = praised(story, "aroha", words=f"Aroha asked for a rest, {number}.")
        with story.work("leota") as work:
            plans.tag_praise(work, plan, goal.id, message.id)
    assert "5 praises show how it goes" in leota.open(at(story)).text
    assert "Earlier praise" in leota.open(at(story)).text
    said = words_of(leota.client.get(f"{at(story)}/en.pdf").data)
    assert "5 praises show how it goes" in said
    assert said.count("Aroha asked for a rest") == plan_shown.PRAISE_SHOWN
    come_in(story, kuias, home, "ngaire")
    for text in (
        kuias.open(home.links["ngaire"] + "/plan?reo=en").text,
        words_of(kuias.client.get(f"{home.links['ngaire']}/plan/en.pdf").data),
    ):
        assert "show how it goes" not in text
        assert "no time is set yet" in text


def test_a_yes_of_somebody_who_may_not_be_told_any_more_stands_in_the_past_alone(sign_in: SignIn, story: Story) -> None:
    plan, leota = planned(story), sign_in("leota")
    agrees(story, plan, "dave", 3)
    with story.work("leota") as work:
        plans.agree(work, plan, number=3)
    assert "It waits for the home of Ngaire Kereama." in leota.open(at(story)).text
    with story.work("burns") as work:
        aroha, dave = story.students["aroha"].id, story.contacts["dave"].id
        whanau.set_access(work, dave, aroha, may_message=whanau.MayMessage.NO, reason="An order.")
    now, _, past = leota.open(at(story)).text.partition("Every version")
    assert "The school has agreed. It waits for home." in now
    assert "Dave" not in now
    assert "At home: Dave Kereama, 17 Nov 2026" in past


def test_a_home_is_asked_for_strengths_and_hopes_before_all_else_and_what_it_chose_is_kept(
    story: Story, device: Device
) -> None:
    home, dads = send_home(story), device()
    planned(story)
    come_in(story, dads, home, "dave")
    path = home.links["dave"] + "/plan?reo=en"
    page = dads.open(path)
    assert page.text.index("Nobody has written that yet.") < page.text.index(GOAL)
    form = next(each for each in page.forms if each.values.get("act") == "write")
    assert form.values["part"] == "hopes"
    answer = dads.send(form, part="goal", words="She swims.", by_on="2020-01-01")
    again = next(each for each in answer.forms if each.values.get("act") == "write")
    assert (answer.status, again.values["part"], str(again.values["words"]).strip()) == (400, "goal", "She swims.")
    assert dads.send(form, words="She loves the sea.").status == 302
    page = dads.open(path)
    assert "Nobody has written that yet." not in page.text
    assert page.text.index("She loves the sea.") < page.text.index(GOAL)
