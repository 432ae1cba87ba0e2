"""Pages of a plan: written at school and at home, agreed by both, printed; each home apart."""

from __future__ import annotations

import pytest

from commsbridge import plans, students
from commsbridge.conversations import ReplyState, safety
from commsbridge.foundation.language import Language
from commsbridge.plans import Part
from commsbridge.students import Tells
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, come_in, send_home, take_pages
from tests.doors.moments import praised
from tests.doors.pages import Page, Visitor
from tests.rooms.test_foundation_paper import drawn
from tests.story import Story

GOAL = "Aroha asks for a break with her card."
DADS = "She sleeps over at her cousin’s."


def at(story: Story, child: str = "aroha") -> str:
    return f"/students/{story.students[child].id}/plan"


def act(visitor: Visitor, story: Story, name: str, **fields: str) -> Page:
    """Press the form of an act on the plan as it stands."""
    page = visitor.open(at(story))
    form = next(each for each in page.forms if each.values.get("act") == name and "item_id" not in each.values)
    return visitor.send(form, **fields)


def begun(visitor: Visitor, story: Story) -> None:
    assert act(visitor, story, "begin", review_on="2027-02-19").status == 302
    assert act(visitor, story, "item", part="goal", words=GOAL, by_on="2026-12-18", who="Aroha").status == 302


def at_home(story: Story, phone: Visitor, home: Home, contact: str) -> Page:
    come_in(story, phone, home, contact)
    return phone.open(home.links[contact] + "/plan?reo=en")


def test_a_plan_begins_with_who_the_child_is_and_both_sides_agree_to_its_words(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, leota, phone = send_home(story), sign_in("leota"), device()
    with story.work("walsh") as work:
        students.say_about(
            work, story.students["aroha"], Tells.LOVES, words="Dragons.", said_by="Aroha", said_on=work.now.date(),
            language=Language.EN,
        )  # fmt: skip
    begun(leota, story)
    page = leota.open(at(story))
    assert page.text.index("Dragons.") < page.text.index(GOAL)
    assert "Aroha does it · by 18 Dec 2026" in page.text
    assert "Nobody has agreed to these words yet." in page.text
    assert act(leota, story, "sign").status == 302
    assert "The plan for Aroha" in come_in(story, phone, home, "dave").text
    page = phone.open(home.links["dave"] + "/plan")
    assert "The school has agreed. It waits for home." in page.text
    form = next(each for each in page.forms if each.values.get("act") == "agree")
    assert phone.send(form).status == 302
    page = phone.follow()
    for words in ("Home and school have agreed to this plan.", "For the school: Mrs Leota, 17 Nov", "At home: Dave"):
        assert words in page.text
    assert not [form for form in page.forms if form.values.get("act") == "agree"]
    waits = "The school has agreed. It waits for the home of Ngaire Kereama."
    assert waits in leota.open(at(story)).text
    with story.work() as work:
        plan = plans.plan_of(work, story.students["aroha"].id)
        assert plan is not None
        plans.agree(work, plan, number=2, contact=story.contacts["ngaire"])
    assert "Every home and the school have agreed to this plan." in leota.open(at(story)).text
    assert leota.open(f"/students/{story.students['aroha'].id}").text.count("Agreed to the plan") == 3


def test_a_home_writes_a_goal_and_the_page_of_another_does_not_change(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, leota, dads, kuias = send_home(story), sign_in("leota"), device(), device()
    begun(leota, story)
    before = at_home(story, kuias, home, "ngaire")
    page = at_home(story, dads, home, "dave")
    form = next(each for each in page.forms if each.values.get("act") == "write")
    assert dads.send(form, part="goal", words=DADS, by_on="2020-01-01").status == 400
    assert dads.send(form, part="goal", words=DADS, by_on="2026-12-18").status == 302
    page = dads.follow()
    assert "by 18 Dec 2026 · in the words of Dave Kereama" in page.text
    assert "It stands in the plan." in page.text
    assert DADS in page.text
    assert "in the words of Dave Kereama" in leota.open(at(story)).text
    after = kuias.open(home.links["ngaire"] + "/plan?reo=en")
    assert after.text == before.text
    assert "Dave" not in after.text
    drop = next(each for each in page.forms if each.values.get("act") == "drop")
    assert kuias.act(home.links["ngaire"] + "/plan", act="drop", item_id=str(drop.values["item_id"])).status == 404
    assert dads.send(drop).status == 302
    assert DADS not in dads.follow().text.partition("What changed")[0]


@pytest.mark.parametrize("reo", ["mi", "en"])
def test_the_plan_on_paper_is_tagged_in_each_language_at_school_and_at_home(
    sign_in: SignIn, story: Story, device: Device, reo: str
) -> None:
    home, leota, phone = send_home(story), sign_in("leota"), device()
    begun(leota, story)
    page = at_home(story, phone, home, "dave")
    links = (leota.client.get(f"{at(story)}/{reo}.pdf"), phone.client.get(f"{home.links['dave']}/plan/{reo}.pdf"))
    for answer in links:
        assert answer.data.startswith(b"%PDF")
        assert b"/StructTreeRoot" in answer.data
        assert set(GOAL) - {" "} <= drawn(answer.data)
    assert page.status == 200


def test_praise_is_put_with_the_goal_it_shows_and_home_reads_only_what_reached_it(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    message, home, phone = praised(story, "aroha", "walsh"), send_home(story), device()
    leota = sign_in("leota")
    begun(leota, story)
    page = leota.open(at(story))
    form = next(each for each in page.forms if each.values.get("act") == "tag")
    assert leota.send(form, message_id=str(message.id)).status == 302
    with story.work() as work:
        plan = plans.plan_of(work, story.students["aroha"].id)
        assert plan is not None
        assert list(plans.praise_for(work, plan).values()) == [[message.id]]
    other = praised(story, "hemi", "walsh")
    assert leota.send(form, message_id=str(other.id)).status == 404
    page = at_home(story, phone, home, "dave")
    assert page.text.count("Today:") == 0


# ---- what it refuses ----


def test_words_from_home_that_may_be_about_safety_go_to_school_and_not_into_the_plan(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, leota, phone = send_home(story), sign_in("leota"), device()
    with story.work("burns") as work:
        named = (story.staff["kiri"].id, story.staff["burns"].id)
        safety.set_watch(work, safety.Watch(screens=True, lead_id=named[0], deputy_id=named[1]))
    begun(leota, story)
    page = at_home(story, phone, home, "dave")
    form = next(each for each in page.forms if each.values.get("act") == "write")
    words = "She says she wants to kill herself"
    assert phone.send(form, part="goal", words=words).status == 302
    assert "Your words are with the school" in phone.follow().text
    with story.work() as work:
        plan = plans.plan_of(work, story.students["aroha"].id)
        assert plan is not None
        assert [each.words for each in plans.standing_of(work, plan).items] == [GOAL]
    assert take_pages(story) != [ReplyState.FILED]
    assert words not in leota.open(at(story)).text


def test_an_old_page_and_a_form_that_lacks_something_change_nothing(sign_in: SignIn, story: Story) -> None:
    leota = sign_in("leota")
    assert leota.open(f"{at(story)}/en.pdf").status == 404
    page = leota.open(at(story))
    assert leota.act(at(story), act="sign", seen="1").status == 409
    assert leota.act(at(story), act="nothing").status in {400, 409}
    assert act(leota, story, "begin", review_on="2026-11-01").status == 400
    begun(leota, story)
    old = next(form for form in page.forms if form.values.get("act") == "begin")
    assert leota.send(old, review_on="2027-02-19").status == 409
    page = act(leota, story, "item", words=" ")
    assert page.status == 400
    assert leota.act(at(story), act="item", seen="1", part="goal", words="Another.").status == 409
    assert leota.act(at(story), act="yes", seen="2", contact_id=str(story.contacts["sina"].id)).status == 400
    assert leota.act(at(story), act="item", seen="2", words="X.", home=str(story.contacts["sina"].id)).status == 400
    assert leota.act(at(story), act="drop", seen="2", item_id="x").status == 404
    with story.work() as work:
        plan = plans.plan_of(work, story.students["aroha"].id)
        assert plan is not None
        assert plans.standing_of(work, plan).last.number == 2


def test_who_may_not_write_in_a_plan_reads_it_and_others_do_not(sign_in: SignIn, story: Story) -> None:
    begun(sign_in("leota"), story)
    matiu = sign_in("matiu")
    page = matiu.open(at(story))
    assert GOAL in page.text
    assert not [form for form in page.forms if form.action == at(story)]
    assert matiu.act(at(story), act="sign", seen="2").status == 403
    assert sign_in("jan").open(at(story)).status == 403
    assert sign_in("fox").open(at(story)).status == 404
    assert sign_in("fox").open(f"{at(story)}/en.pdf").status == 404


def test_a_link_passed_on_reads_no_plan_and_a_child_without_one_has_no_page(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    page = phone.open(home.links["dave"])
    for ending in ("/plan", "/plan/en.pdf"):
        assert phone.open(home.links["dave"] + ending).status == 302
    phone.open(home.links["dave"])
    assert phone.act(home.links["dave"] + "/plan", act="write", words=DADS).status == 302
    page = come_in(story, phone, home, "dave")
    assert "The plan for" not in page.text
    assert phone.open(home.links["dave"] + "/plan").status == 404
    begun(sign_in("leota"), story)
    page = phone.open(home.links["dave"] + "/plan")
    form = next(each for each in page.forms if each.values.get("act") == "agree")
    with story.work("leota") as work:
        plan = plans.plan_of(work, story.students["aroha"].id)
        assert plan is not None
        plans.keep_item(work, plan, plans.Item(plan.id, Part.RESOURCE, "A timer."), seen=2)
    assert phone.send(form).status == 409
    assert "Read it once more" in phone.send(form).text
    write = next(each for each in page.forms if each.values.get("act") == "write")
    assert phone.send(write, words=" ").status == 400
