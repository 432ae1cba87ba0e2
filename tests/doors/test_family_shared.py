"""Whoever wrote on their own page opens their words to all who care for the child; nothing tells of another home."""

from __future__ import annotations

from commsbridge import whanau
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, press, send_home, take_pages
from tests.doors.pages import Page, Visitor
from tests.story import Story

TOOTH = "Aroha lost a tooth last night!"
OPEN = "Let everybody who cares for Aroha read this"
CLOSE = "Only my home and the school"
OTHERS = "From the other home of Aroha"


def written(story: Story, phone: Visitor, page: Page) -> None:
    press(phone, page, "/answer", words=TOOTH)
    take_pages(story)


def both_ask(story: Story) -> None:
    with story.work() as work:
        for who in ("dave", "ngaire"):
            whanau.ask_to_be_named(work, story.contacts[who], story.students["aroha"].id, asks=True)


def test_the_writer_opens_their_words_the_other_home_and_school_see_it_and_closing_hides_them_at_once(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dads, kuias, walsh = send_home(story), device(), device(), sign_in("walsh")
    mine, hers = home.links["dave"] + "?reo=en", home.links["ngaire"] + "?reo=en"
    written(story, dads, come_in(story, dads, home, "dave"))
    come_in(story, kuias, home, "ngaire")
    both_ask(story)
    assert TOOTH not in kuias.open(hers).text
    page = dads.open(mine)
    assert OPEN in page.text
    press(dads, page, "/share")
    page = dads.open(mine)
    assert "Everybody who cares for Aroha may read this." in page.text
    seen = kuias.open(hers)
    assert OTHERS in seen.text
    assert TOOTH in seen.text
    assert not [each for each in seen.forms if each.action.split("?")[0].endswith("/share")]
    assert "lets everybody who cares for the child read it" in walsh.open("/replies").text
    assert CLOSE in page.text
    press(dads, page, "/share")
    assert TOOTH not in kuias.open(hers).text
    assert OTHERS not in kuias.open(hers).text


def test_the_choice_is_the_same_for_a_home_that_has_no_other_and_its_page_tells_of_none(
    story: Story, device: Device
) -> None:
    home, phone = send_home(story, "hemi"), device()
    page = come_in(story, phone, home, "hine")
    press(phone, page, "/answer", words="He slept well.")
    take_pages(story)
    page = phone.open(home.links["hine"] + "?reo=en")
    assert OPEN.replace("Aroha", "Hēmi") in page.text
    press(phone, page, "/share")
    assert "Everybody who cares for Hēmi may read this." in phone.open(home.links["hine"] + "?reo=en").text


def test_a_new_device_a_wrong_press_and_words_that_are_not_theirs_change_nothing(story: Story, device: Device) -> None:
    home, dads, stranger = send_home(story), device(), device()
    written(story, dads, come_in(story, dads, home, "dave"))
    page = dads.open(home.links["dave"] + "?reo=en")
    form = next(each for each in page.forms if each.action.split("?")[0].endswith("/share"))
    stranger.open(home.links["dave"])
    for fields in ({"shares": "maybe"}, {"reply_id": "no id"}):
        assert dads.send(form, **fields).status == 302
    assert OPEN in dads.open(home.links["dave"] + "?reo=en").text
    assert stranger.send(form).status in {302, 400}
    assert OPEN in dads.open(home.links["dave"] + "?reo=en").text
    form.values["reply_id"] = str(story.students["aroha"].id)
    assert dads.send(form).status == 404
