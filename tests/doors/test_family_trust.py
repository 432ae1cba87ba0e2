"""Trust on a contact's own page: who has looked, a word only they know, and their own words beside a page."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from commsbridge import books, messages
from commsbridge.books import family_word
from commsbridge.conversations import safety
from commsbridge.foundation.errors import Conflict
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, choices, code_for, come_in, press, send_home
from tests.doors.pages import Page, Visitor
from tests.story import Story

WORD = "Tūī in the kōwhai"


def looked(phone: Visitor, home: Home, contact: str) -> str:
    """What the page says of who has looked."""
    page = choices(phone, home, contact).text
    return page.partition("Who at school has looked")[2].partition("A word only you know")[0]


def add_word(phone: Visitor, home: Home, contact: str, word: str, before: str = "") -> Page:
    page = choices(phone, home, contact)
    return phone.act(page.forms[1].action, act="word", word=word, before=before)


# ---- who has looked ----


def test_a_home_sees_on_which_days_which_roles_read_about_their_child_and_never_who(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    home, phone = send_home(story), device()
    aroha = story.students["aroha"].id
    come_in(story, phone, home, "dave")
    assert "Nobody yet." in looked(phone, home, "dave")
    for _ in range(2):
        sign_in("walsh").open(f"/students/{aroha}")
    sign_in("burns").open(f"/books/{home.book.id}")
    sign_in("kiri").open(f"/students/{aroha}")
    clock.forward(days=1)
    sign_in("jan").open(f"/contacts/{story.contacts['dave'].id}")
    told = looked(phone, home, "dave")
    assert "18 Nov 2026 Office" in told
    assert "17 Nov 2026 Kaiako and Leader" in told
    for never in ("Walsh", "Burns", "Jan", "Kiri", "Child protection"):
        assert never not in told
    with story.work() as work:
        counted = text("SELECT count(*) FROM looks WHERE subject = 'child' AND staff_id = :walsh")
        assert work.session.scalar(counted, {"walsh": story.staff["walsh"].id}) == 1


def test_looks_at_another_contact_or_for_somebodys_safety_are_never_listed(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    home, phone, leota = send_home(story), device(), sign_in("leota")
    come_in(story, phone, home, "dave")
    leota.open(f"/contacts/{story.contacts['rangi'].id}")
    leota.open(f"/contacts/{story.contacts['ngaire'].id}")
    assert "Nobody yet." in looked(phone, home, "dave")
    with story.work() as work:
        pause = messages.pause(work, contact_id=story.contacts["ngaire"].id, for_safety=True)
    leota.open(f"/students/{story.students['aroha'].id}")
    clock.forward(days=1)
    sign_in("leota").open(f"/students/{story.students['aroha'].id}")
    with story.work() as work:
        messages.end_pause(work, pause.id, for_safety=True)
    assert "Nobody yet." in looked(phone, home, "dave")
    clock.forward(days=1)
    sign_in("leota").open(f"/students/{story.students['aroha'].id}")
    assert "19 Nov 2026 Learning support" in looked(phone, home, "dave")


# ---- a word only they know ----


def test_a_new_device_asks_for_the_word_beside_the_code_and_old_ones_are_asked_anew(
    story: Story, device: Device, clock: Clock
) -> None:
    home, phone, old, new = send_home(story), device(), device(), device()
    for each in (phone, old):
        come_in(story, each, home, "dave")
        clock.forward(minutes=1)
    assert "done=kept" in add_word(phone, home, "dave", WORD).location
    assert "Your choices" in choices(phone, home, "dave").text
    assert "Send me the code" in old.open(home.links["dave"]).text
    press(new, new.open(home.links["dave"]), "/code")
    page, code = new.follow(), code_for(story, "dave")
    page = press(new, page, "/open", code=code, word="pīwakawaka")
    assert (page.status, page.wrong["code"]) == (400, "That code and your word do not fit. Look once more.")
    page = press(new, page, "/open", code=code)
    assert page.status == 400
    assert press(new, page, "/open", code=code, word=" TUI in the kowhai").status == 302
    assert "The book of Aroha" in new.open(home.links["dave"]).text
    with story.work() as work:
        [sealed] = work.session.scalars(text("SELECT sealed FROM family_words"))
    assert sealed.startswith("$argon2id$")


@pytest.mark.parametrize("word", ["", "tui", "Dave", "kereama", "Wī Kereama", "x" * 61])
def test_a_word_that_is_short_or_a_name_is_refused(story: Story, device: Device, word: str) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    page = add_word(phone, home, "dave", word)
    assert page.status == 400
    assert page.wrong["word"]


def test_a_word_is_changed_and_taken_away_with_the_word_that_stands(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    add_word(phone, home, "dave", WORD)
    assert add_word(phone, home, "dave", "ruru at night", before="pīwakawaka").wrong["before"]
    assert add_word(phone, home, "dave", "ruru at night", before=WORD).status == 302
    assert add_word(phone, home, "dave", "", before="ruru at night").status == 302
    with story.work() as work:
        assert not books.has_word(work, story.contacts["dave"].id)


def test_ten_wrong_words_shut_the_door_until_the_office_has_rung_them(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    home, phone, jan = send_home(story), device(), sign_in("jan")
    come_in(story, phone, home, "dave")
    add_word(phone, home, "dave", WORD)
    dave, at = story.contacts["dave"], f"/contacts/{story.contacts['dave'].id}"
    with story.work() as work:
        stands = family_word.word_of(work, dave.id)
        assert stands is not None
        assert not any(family_word.is_word(work, stands, "pīwakawaka") for _ in range(10))
        with pytest.raises(Conflict, match="tried too often"):
            family_word.is_word(work, stands, WORD)
    jan.open(at)
    assert jan.act(f"{at}/page", act="word").status == 400
    assert "Did they forget it?" in jan.open(at).text
    assert jan.act(f"{at}/page", act="word", rung="yes").status == 302
    assert "Did they forget it?" not in jan.open(at).text
    clock.forward(hours=2)
    new = device()
    page = come_in(story, new, home, "dave")
    assert "The book of Aroha" in page.text


# ---- beside a page ----


def say_beside(phone: Visitor, page: Page, words: str) -> Page:
    return press(phone, page, "/beside", words=words)


def test_what_a_home_says_is_not_right_stands_beside_the_page_there_at_school_and_in_the_copies(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dad, kuia = send_home(story), device(), device()
    said = "It was a bridge of straws."
    come_in(story, kuia, home, "ngaire")
    page = come_in(story, dad, home, "dave")
    for _ in range(2):
        say_beside(dad, page, said)
    page = dad.follow()
    assert "a leader at school has been told" in page.text
    assert page.text.count(said) == 1
    assert said not in kuia.open(home.links["ngaire"]).text
    walsh, burns = sign_in("walsh"), sign_in("burns")
    assert said in walsh.open(f"/books/{home.book.id}").text
    task = burns.open("/to-do").text
    assert "Dave Kereama asks to have something put right. Answer by 15 Dec" in task
    assert task.count(said) == 1
    copies = {
        who: walsh.client.get(f"/books/{home.book.id}/export?span=all&home={story.contacts[who].household_id}").text
        for who in ("dave", "ngaire")
    }
    assert said in copies["dave"]
    assert said not in copies["ngaire"]
    assert said in walsh.client.get(f"/books/{home.book.id}/export?span=all").text


def test_nobody_writes_beside_a_page_that_is_not_theirs_or_from_a_device_that_proved_nothing(
    story: Story, device: Device
) -> None:
    aroha, hemi = send_home(story), send_home(story, "hemi")
    dad, stranger, hine = device(), device(), device()
    page = come_in(story, dad, aroha, "dave")
    page_id = next(form.values["page_id"] for form in page.forms if "page_id" in form.values)
    come_in(story, hine, hemi, "hine")
    assert hine.act(hemi.links["hine"] + "/beside", page_id=page_id, words="x").status == 404
    stranger.open(aroha.links["dave"])
    assert stranger.act(aroha.links["dave"] + "/beside", page_id=page_id, words="x").status == 302
    assert stranger.client.get(aroha.links["dave"] + "/beside").status_code == 405
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM book_corrections")) == 0


def test_words_that_may_be_about_safety_stand_beside_nothing_and_go_to_the_named_people(
    story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "dave")
    with story.work("burns") as work:
        safety.set_watch(work, safety.Watch(True, story.staff["kiri"].id, story.staff["burns"].id))
    say_beside(phone, page, "I want to kill myself.")
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM book_corrections")) == 0
        assert work.session.scalar(text("SELECT count(*) FROM tasks WHERE kind = 'correction_asked'")) == 0
        bodies = work.session.scalars(text("SELECT body FROM raw_inbound WHERE carrier = 'page'")).all()
    assert [json.loads(bytes(each))["words"] for each in bodies] == ["I want to kill myself."]
