"""A family that only texts writes in the plan: their words go from the message into it, marked as theirs."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from commsbridge import plans
from commsbridge.plans import Item, Part
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, send_home
from tests.doors.moments import answered
from tests.story import Story

WORDS = "Aroha is proud when she reads to her little brother."
LINK = "Put these words in the plan for Aroha"


def begun(story: Story, child: str = "aroha") -> None:
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students[child], review_on=date(2027, 2, 19))
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.GOAL, "A goal."), seen=1)


def test_a_text_from_home_goes_into_the_plan_in_its_words_and_only_that_home_and_school_read_it(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, kuias, dads, leota = send_home(story), device(), device(), sign_in("leota")
    begun(story)
    reply_id = answered(story, "+64215550101", WORDS)
    page = leota.open(f"/replies/{reply_id}")
    assert LINK in page.text
    at = f"/students/{story.students['aroha'].id}/plan"
    page = leota.open(f"{at}?reply={reply_id}")
    assert "Ngaire Kereama wrote this to school." in page.text
    form = next(each for each in page.forms if each.values.get("act") == "item" and "item_id" not in each.values)
    assert str(form.values["words"]).strip() == WORDS
    assert leota.send(form).status == 302
    told = "in the words of Ngaire Kereama, written down by Mrs Leota"
    assert told in leota.open(at).text
    come_in(story, kuias, home, "ngaire")
    come_in(story, dads, home, "dave")
    hers = kuias.open(home.links["ngaire"] + "/plan?reo=en").text
    assert (WORDS in hers, told in hers) == (True, True)
    assert hers.index(WORDS) < hers.index("A goal.")
    for words in (WORDS, "Ngaire"):
        assert words not in dads.open(home.links["dave"] + "/plan?reo=en").text


def test_no_message_is_put_where_there_is_no_plan_nor_by_who_keeps_none(sign_in: SignIn, story: Story) -> None:
    send_home(story)
    reply_id = answered(story, "+64215550101", WORDS)
    leota, matiu = sign_in("leota"), sign_in("matiu")
    assert LINK not in leota.open(f"/replies/{reply_id}").text
    begun(story)
    assert LINK in leota.open(f"/replies/{reply_id}").text
    assert LINK not in matiu.open(f"/replies/{reply_id}").text
    assert WORDS not in matiu.open(f"/students/{story.students['aroha'].id}/plan?reply={reply_id}").text


@pytest.mark.parametrize("reply_id", ["x", str(uuid.UUID(int=9))])
def test_a_message_that_is_none_or_about_another_child_is_not_put_in_a_plan(
    sign_in: SignIn, story: Story, reply_id: str
) -> None:
    send_home(story)
    begun(story)
    begun(story, "hemi")
    leota = sign_in("leota")
    page = leota.open(f"/students/{story.students['aroha'].id}/plan?reply={reply_id}")
    assert (page.status, "wrote this to school" in page.text) == (200, False)
    filed = answered(story, "+64215550101", WORDS)
    with_aroha = f"/students/{story.students['aroha'].id}/plan?reply={filed}"
    assert WORDS in leota.open(with_aroha).text
    assert (
        WORDS
        not in leota.open(with_aroha.replace(str(story.students["aroha"].id), str(story.students["hemi"].id))).text
    )
