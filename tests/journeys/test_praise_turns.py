"""The turns a praise can take: undone, sent twice by an eager thumb, asked about, held, or not wanted any more."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from commsbridge import whanau
from tests.journeys.acts import (
    FATHER,
    HINE,
    KUIA,
    choose,
    first_phrase,
    open_praise,
    praises,
    send_button,
    texts_to,
    undo_button,
    write,
)
from tests.journeys.browser import PHONE
from tests.journeys.conftest import SignIn
from tests.journeys.house import House, RunningClock, until
from tests.story import Story

pytestmark = pytest.mark.journey


def test_what_is_undone_in_time_reaches_nobody(
    house: House, story: Story, sign_in: SignIn, true_time: RunningClock
) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    choose(page, first_phrase(story, "aroha"), "Aroha")
    send_button(page).tap()
    expect(page.get_by_text("On its way to Dave Kereama and Ngaire Kereama.")).to_be_visible()
    expect(page.locator("[data-undo-seconds]")).to_have_text(re.compile(r"^(10|[1-9])$"))
    assert texts_to(house.town, KUIA) == []
    undo_button(page).tap()
    expect(page.get_by_role("status")).to_have_text("Taken back. Nothing was sent.")
    expect(page.get_by_text("Dave Kereama: Taken back before it went.")).to_be_visible()
    page.get_by_role("link", name="Open the log").tap()
    line = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Praise from Ms Walsh"))
    expect(line).to_contain_text("Taken back before it went.")
    assert house.town.phones() == []
    assert house.town.mailboxes() == []


def test_a_double_tap_on_send_sends_once(house: House, story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    choose(page, first_phrase(story, "aroha"), "Aroha")
    send_button(page).dblclick()
    expect(undo_button(page)).to_be_visible()
    until(lambda: texts_to(house.town, KUIA), what="the praise on her phone")
    assert praises(story, "aroha") == 1
    assert len(texts_to(house.town, KUIA)) == 1


def test_a_form_that_is_sent_three_times_at_one_moment_is_one_praise(story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    choose(page, first_phrase(story, "aroha"), "Aroha")
    led_to = page.evaluate(
        """async () => {
          const form = document.getElementById("praise");
          const words = new FormData(form);
          words.set("act", "send");
          const answers = await Promise.all([1, 2, 3].map(() => fetch(form.action, {method: "POST", body: words})));
          return answers.map(answer => `${answer.status} ${new URL(answer.url).pathname}`);
        }"""
    )
    assert len(set(led_to)) == 1
    assert led_to[0].startswith("200 /praise/")
    assert praises(story, "aroha") == 1


@pytest.mark.parametrize("words", ["", "She carried the chairs."])
def test_going_back_and_sending_again_sends_nothing_more(story: Story, sign_in: SignIn, words: str) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    if words:
        write(page, words)
    else:
        choose(page, first_phrase(story, "aroha"), "Aroha")
    send_button(page).tap()
    expect(undo_button(page)).to_be_visible()
    page.go_back()
    send_button(page).tap()
    expect(undo_button(page) if words else page.get_by_role("alert")).to_be_visible()
    assert praises(story, "aroha") == 1


def test_words_are_still_there_after_a_link_was_pressed_by_mistake(story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    phrase = first_phrase(story, "aroha")
    choose(page, phrase, "Aroha")
    write(page, "She carried the chairs.")
    page.get_by_role("link", name="Today").tap()
    expect(page.get_by_role("heading", name="Who shone today?")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("In your own words")).to_have_value("She carried the chairs.")
    expect(page.get_by_role("radio", name=phrase.text_en.replace("{name}", "Aroha"))).to_be_checked()
    send_button(page).tap()
    expect(undo_button(page)).to_be_visible()
    assert praises(story, "aroha") == 1


def test_what_each_home_will_get_is_seen_while_one_writes(story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    phrase = first_phrase(story, "aroha")
    choose(page, phrase, "Aroha")
    text = page.get_by_role("region", name="Ngaire’s text te reo Māori")
    mail = page.get_by_role("region", name="Dave’s email English")
    expect(text).to_contain_text(phrase.text_mi.replace("{name}", "Aroha"))
    expect(mail).to_contain_text(phrase.text_en.replace("{name}", "Aroha"))
    write(page, "She carried the chairs.")
    expect(text).to_contain_text("She carried the chairs.")
    expect(text).to_contain_text(re.compile(r"\d texts long, \d+ of \d+ characters"))
    assert praises(story, "aroha") == 0


def test_another_childs_name_is_asked_about_and_the_words_stay(house: House, story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    write(page, "Aroha and Hēmi built a bridge together.")
    send_button(page).tap()
    expect(page.get_by_role("alert")).to_contain_text("This may name another child: “Hēmi”.")
    expect(page.get_by_label("In your own words")).to_have_value("Aroha and Hēmi built a bridge together.")
    expect(page.get_by_role("radio", name="I will change the words")).to_be_checked()
    assert praises(story, "aroha") == 0
    write(page, "Aroha built a bridge with a friend.")
    send_button(page).tap()
    expect(undo_button(page)).to_be_visible()
    sent = until(lambda: texts_to(house.town, KUIA), what="the changed words on her phone")
    assert "Aroha built a bridge with a friend." in sent[0].body


def test_words_about_health_stay_behind_a_link_that_whanau_open(
    house: House, story: Story, sign_in: SignIn, devices: SignIn
) -> None:
    page = open_praise(sign_in("walsh"), story, "aroha")
    words = "Aroha was sick after lunch and rested. She is well again."
    write(page, words)
    send_button(page).tap()
    expect(page.get_by_role("alert")).to_contain_text("This may be about somebody’s health")
    page.get_by_role("radio", name="Send it as a link").check()
    send_button(page).tap()
    expect(undo_button(page)).to_be_visible()
    body = until(lambda: texts_to(house.town, KUIA), what="the text that leads to the note")[0].body
    assert "sick" not in body
    phone = devices(PHONE)
    thread = phone.open(f"{house.town.url}/phones/{KUIA}")
    with phone.context.expect_page() as opened:
        thread.get_by_role("link", name=re.compile("note")).tap()
    note = phone.watch.over(opened.value)
    expect(note.get_by_role("heading", name="He tuhipoka mō Aroha")).to_be_visible()
    expect(note.get_by_text(words)).to_be_visible()
    assert note.locator("html").get_attribute("lang") == "mi"
    letters = until(lambda: house.town.mailbox(FATHER).letters[1:], what="the mail that leads to the note")
    assert "sick" not in letters[0].text + letters[0].html


def test_who_keeps_quiet_hours_gets_it_later_and_the_teacher_is_told(
    house: House, story: Story, sign_in: SignIn, running_clock: RunningClock
) -> None:
    here = running_clock().astimezone(ZoneInfo("Pacific/Auckland"))
    with story.work() as work:
        hine = whanau.contacts_by_id(work, [story.contacts["hine"].id])[story.contacts["hine"].id]
        quiet = ((here + timedelta(hours=change)).time().replace(second=0, microsecond=0) for change in (-1, 2))
        whanau.set_hours(work, hine, quiet_from=next(quiet), quiet_until=next(quiet))
    page = open_praise(sign_in("walsh"), story, "hemi")
    choose(page, first_phrase(story, "hemi"), "Hēmi")
    expect(page.get_by_role("region", name=re.compile("^Hine’s text"))).to_contain_text("in quiet hours")
    expect(page.get_by_role("region", name=re.compile("^Tia’s text"))).to_contain_text("Held until the office confirms")
    expect(page.get_by_role("region", name=re.compile("^A call to Hoani"))).to_contain_text("For a person to do")
    send_button(page).tap()
    expect(page.get_by_text(re.compile("Hine Parata: Waiting until .*, in quiet hours"))).to_be_visible()
    expect(page.get_by_text("Tia Parata: Held until the office confirms this contact.")).to_be_visible()
    assert texts_to(house.town, HINE) == []


def test_after_stop_the_teacher_sees_that_she_asked_and_only_her_father_is_written_to(
    house: House, story: Story, sign_in: SignIn, devices: SignIn
) -> None:
    teacher, kuia = sign_in("walsh"), devices(PHONE)
    page = open_praise(teacher, story, "aroha")
    choose(page, first_phrase(story, "aroha"), "Aroha")
    send_button(page).tap()
    phone = kuia.open(f"{house.town.url}/phones/{KUIA}")
    until(lambda: texts_to(house.town, KUIA), what="the praise on her phone")
    phone.reload()
    phone.get_by_label(re.compile("^Text as")).fill("STOP")
    phone.get_by_role("button", name="Send").tap()
    expect(phone.get_by_role("log")).to_contain_text("Kua mutu ā mātou karere ki tēnei waea.")
    page = teacher.open(f"/students/{story.students['aroha'].id}")
    card = page.get_by_role("complementary", name="Whānau").locator(".card").filter(has_text="Ngaire Kereama")
    expect(card).to_contain_text("Asked for no messages this way")
    page = open_praise(teacher, story, "aroha")
    expect(send_button(page)).to_have_text("Send to Dave")
    expect(page.get_by_text("Asked for no messages this way.")).to_be_visible()


def test_where_nobody_can_be_written_to_the_page_says_so_and_offers_the_log(story: Story, sign_in: SignIn) -> None:
    page = open_praise(sign_in("fox"), story, "tama")
    expect(page.get_by_text("Nobody can be sent a message about Tāma yet.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Send"))).to_have_count(0)
    page.get_by_role("link", name="Open the log").tap()
    expect(page.get_by_role("heading", name="Tāma Rēweti")).to_be_visible()
