"""The door of a contact's own page: a link that proves nothing, a code that does, and no other family behind it."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from sqlalchemy import text

from commsbridge import books, messages, students, whanau
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import (
    FOR_DAD,
    GOOD,
    KEPT_CLOSE,
    TONIGHT,
    code_for,
    come_in,
    press,
    send_home,
    take_pages,
)
from tests.doors.pages import PUBLIC_URL, Visitor
from tests.story import Story

# ---- the door ----


def test_a_new_device_sees_nothing_of_anybody_before_the_code(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    page = phone.open(home.links["ngaire"])
    for secret in ("Aroha", "Ngaire", "Kereama", GOOD, TONIGHT, "Walsh", "0101"):
        assert secret not in page.response.text
    press(phone, page, "/code")
    page = phone.follow()
    for secret in ("Aroha", "Ngaire", GOOD):
        assert secret not in page.response.text
    page = press(phone, page, "/open", code="000000")
    assert page.status == 400
    assert page.wrong["code"]
    page = press(phone, page, "/open", code=code_for(story, "ngaire"), remember="yes")
    page = phone.follow()
    assert '<html lang="mi"' in page.response.text
    assert "Te pukapuka a Aroha" in page.text
    assert TONIGHT in page.text
    assert page.response.headers["Cache-Control"] == "no-store"


def test_a_copied_link_opens_nothing_on_another_device(story: Story, device: Device) -> None:
    home, phone, thief = send_home(story), device(), device()
    come_in(story, phone, home, "dave")
    assert TONIGHT in phone.open(home.links["dave"]).text
    assert TONIGHT not in thief.open(home.links["dave"]).text
    assert TONIGHT not in phone.open(home.links["ngaire"]).text


def test_a_code_ends_after_ten_minutes_and_after_five_tries(story: Story, device: Device, clock: Clock) -> None:
    home, phone = send_home(story), device()
    press(phone, phone.open(home.links["dave"]), "/code")
    page = phone.follow()
    for _ in range(5):
        press(phone, page, "/open", code="12345")
    code = code_for(story, "dave")
    page = press(phone, phone.open(home.links["dave"]), "/open", code=code)
    assert (page.status, "That code is over" in page.text) == (400, True)
    clock.forward(minutes=11)
    assert "Send me the code" in phone.open(home.links["dave"]).text


def test_codes_are_few_so_that_a_passed_on_link_costs_nobody_their_peace(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    page = phone.open(home.links["dave"])
    for _ in range(3):
        assert press(phone, page, "/code").status == 302
    assert press(phone, page, "/code").status == 403


def test_looking_changes_nothing_however_often_a_scanner_looks(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    with story.work() as work:
        before = work.session.scalar(text("SELECT count(*) FROM deliveries"))
    for _ in range(3):
        phone.open(home.links["dave"])
        phone.client.head(home.links["dave"])
    for ending in ("/code", "/open", "/read", "/agree", "/answer", "/forget", "/leave"):
        assert phone.client.get(home.links["dave"] + ending).status_code == 405
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM deliveries")) == before
        assert work.session.scalar(text("SELECT count(*) FROM family_codes")) == 0
        assert work.session.scalar(text("SELECT count(*) FROM book_reads")) == 0


@pytest.mark.parametrize("token", ["x", "a" * 22, "A" * 22, "ā" * 22, "a" * 500])
def test_a_guessed_or_tampered_link_is_a_page_that_is_not_there(stranger: Visitor, story: Story, token: str) -> None:
    link = send_home(story).links["dave"]
    for at in (f"/w/{token}", link[:-1] + ("a" if link[-1] != "a" else "b"), link.upper()):
        assert stranger.open(at).status == 404
    note = link.replace("/w/", "/note/")
    assert stranger.open(note).status == 404


def test_a_link_ends_after_two_months_and_when_the_office_closes_it(story: Story, device: Device, clock: Clock) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    clock.forward(minutes=1)
    with story.work("jan") as work:
        books.close_pages(work, story.contacts["dave"].id)
    assert phone.open(home.links["dave"]).status == 404
    assert phone.open(home.links["ngaire"]).status == 200
    clock.forward(days=61)
    assert phone.open(home.links["ngaire"]).status == 404


def test_a_number_that_is_doubted_or_gone_opens_nothing_until_the_office_confirms(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "ngaire")
    with story.work("jan") as work:
        messages.hold_address(work, "+64215550101", why=whanau.roll.NUMBER_CHANGED)
    assert phone.open(home.links["ngaire"]).status == 404
    with story.work("jan") as work:
        assert not books.may_get_link(work, story.contacts["ngaire"], "+64215550101")


@pytest.mark.parametrize("state", [whanau.WayState.HELD, whanau.WayState.WRONG, whanau.WayState.NOT_TEXTABLE])
def test_no_link_goes_to_a_number_in_doubt_wrong_or_failed_until_the_office_says_it_is_right(
    sign_in: SignIn, story: Story, state: whanau.WayState
) -> None:
    with story.work() as work:
        ways = whanau.ways_in_use(work, story.contacts["ngaire"].id)
        [phone] = [way for way in ways if way.address == "+64215550101"]
        phone.state = state
        phone_id = phone.id
    jan, at = sign_in("jan"), f"/contacts/{story.contacts['ngaire'].id}"

    def asked() -> int:
        jan.open(at)
        jan.act(f"{at}/page", act="send")
        with story.work() as work:
            rows = text("SELECT count(*) FROM deliveries WHERE contact_id = :who")
            return work.session.scalar(rows, {"who": story.contacts["ngaire"].id}) or 0

    assert asked() == 0
    with story.work("jan") as work:
        whanau.trust_way(work, phone_id)
    assert asked() == 1


def test_whose_access_ended_this_morning_and_whose_child_left_reads_nothing(story: Story, device: Device) -> None:
    home, phone = send_home(story, "hemi"), device()
    come_in(story, phone, home, "hine")
    with story.work("leota") as work:
        students.leave_student(work, story.students["hemi"], on=work.now.date())
    assert phone.open(home.links["hine"]).status == 404


# ---- every link against every other family ----


def test_no_link_and_no_device_shows_another_familys_child_or_words(story: Story, device: Device) -> None:
    homes = {child: send_home(story, child) for child in ("aroha", "hemi")}
    phones = {key: device() for key in ("ngaire", "dave", "hine")}
    own = {"ngaire": "aroha", "dave": "aroha", "hine": "hemi"}
    for key, phone in phones.items():
        come_in(story, phone, homes[own[key]], key)
    links = {key: homes[own[key]].links[key] for key in phones}
    secrets = {"aroha": ("Aroha", FOR_DAD), "hemi": ("Hēmi",)}
    for mine, theirs in permutations(phones, 2):
        page = phones[mine].open(links[theirs])
        assert not any(word in page.response.text for word in (GOOD, TONIGHT, *secrets["aroha"], *secrets["hemi"]))
        page_id = re.search(r'name="page_id" value="([^"]+)"', phones[theirs].open(links[theirs]).response.text)
        assert page_id
        phones[mine].open(links[mine])
        if own[mine] != own[theirs]:
            at = links[mine] + "/read"
            assert phones[mine].act(at, page_id=page_id[1], act="read").status == 404
        for ending in ("/read", "/answer"):
            phones[mine].open(links[mine])
            phones[mine].act(links[theirs] + ending, page_id=page_id[1], words="x", child="1", act="read")
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM book_reads")) == 0
        assert work.session.scalar(text("SELECT count(*) FROM raw_inbound WHERE carrier = 'page'")) == 0


def test_two_households_never_read_each_others_words_nor_what_the_child_meant_for_one(
    story: Story, device: Device
) -> None:
    home = send_home(story)
    kuia, dad = device(), device()
    come_in(story, kuia, home, "ngaire")
    page = come_in(story, dad, home, "dave")
    assert FOR_DAD in page.text
    assert FOR_DAD not in kuia.open(home.links["ngaire"]).text
    press(dad, page, "/answer", words="She slept badly at ours.")
    take_pages(story)
    assert "She slept badly at ours." in dad.open(home.links["dave"]).text
    shown = kuia.open(home.links["ngaire"])
    assert "She slept badly" not in shown.text
    assert "Dave" not in shown.text


def test_what_a_child_keeps_with_the_teacher_goes_to_no_home(story: Story, device: Device) -> None:
    home = send_home(story, "hemi")
    assert not any(KEPT_CLOSE in body for body in home.bodies.values())
    phone = device()
    assert KEPT_CLOSE not in come_in(story, phone, home, "hine").text


# ---- the office, and BOOK ----


def test_the_office_texts_the_link_and_closes_a_page(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    jan, phone = sign_in("jan"), device()
    at = f"/contacts/{story.contacts['ngaire'].id}"
    jan.open(at)
    assert jan.act(f"{at}/page", act="send").status == 302
    with story.work() as work:
        body = work.session.scalar(
            text("SELECT body FROM deliveries WHERE contact_id = :contact"), {"contact": story.contacts["ngaire"].id}
        )
    found = re.search(rf"{PUBLIC_URL}(/w/[\w-]+)", str(body))
    assert found, body
    assert phone.open(found[1]).status == 200
    clock.forward(minutes=1)
    jan.open(at)
    assert jan.act(f"{at}/page", act="close").status == 302
    assert phone.open(found[1]).status == 404


def test_no_link_goes_to_somebody_who_has_no_number_for_texts(sign_in: SignIn, story: Story) -> None:
    jan = sign_in("jan")
    at = f"/contacts/{story.contacts['dave'].id}"
    jan.open(at)
    page = jan.act(f"{at}/page", act="send")
    assert (page.status, "confirm a number for texts first" in page.text) == (400, True)
