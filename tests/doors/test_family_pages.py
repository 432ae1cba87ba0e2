"""A contact's own page behind a link: proved by a code, theirs alone, and changed by no look."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from commsbridge import books, conversations, messages, partnership, students, whanau
from commsbridge.books import Book, Comes, Rhythm, Sees, Typed
from commsbridge.conversations import ReplyState
from commsbridge.worker.digests import send_digests
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import PUBLIC_URL, Page, Visitor
from tests.story import Story

GOOD = "Made a bridge of sticks."
TONIGHT = "Tired after swimming, and hungry."
KEPT_CLOSE = "The bell is too loud for me."
FOR_DAD = "I miss you on Tuesdays."


@dataclass(frozen=True)
class Home:
    """A page that went home about a child, with the link each contact got."""

    book: Book
    links: dict[str, str]
    bodies: dict[str, str]


def send_home(story: Story, child: str = "aroha", wishes: dict[str, Comes] | None = None) -> Home:
    """A page with something in each kind of section, sent home by its teacher."""
    who = "walsh" if child in {"aroha", "hemi"} else "fox"
    with story.work(who) as work:
        for contact, comes in (wishes or {}).items():
            books.set_how_it_comes(work, story.contacts[contact].id, comes=comes)
        template = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students[child], template, rhythm=Rhythm.DAILY)
        page = books.begin_page(work, book, work.now.date())
        good, working, ticks, tonight, own = books.sections_of(work, book)
        dads = story.contacts["dave"].household_id
        typed = [
            Typed(good.id, 0, GOOD),
            Typed(ticks.id, 0, ticked=(0,)),
            Typed(tonight.id, 0, TONIGHT),
            Typed(working.id, 0, "Waiting for a turn."),
            Typed(own.id, 0, KEPT_CLOSE, sees=Sees.TEACHER)
            if child != "aroha"
            else Typed(own.id, 0, FOR_DAD, sees=Sees.ONE_HOME, household_id=dads),
        ]
        books.save(work, book, page, typed)
        books.send_home(work, book, page, story.students[child], links=story.runtime.links)
        return Home(book, *brought(story, work, page.message_id))


def brought(story: Story, work: Any, message_id: Any) -> tuple[dict[str, str], dict[str, str]]:
    """The link and the words that a message brought each contact, by the contact's short name."""
    rows = work.session.execute(
        text("SELECT contact_id, body FROM deliveries WHERE message_id = :message"), {"message": message_id}
    ).all()
    keys = {contact.id: key for key, contact in story.contacts.items()}
    bodies = {keys[contact_id]: body for contact_id, body in rows}
    found = {key: re.search(rf"{PUBLIC_URL}(/w/[\w-]+)", body) for key, body in bodies.items()}
    return {key: match[1] for key, match in found.items() if match}, bodies


def code_for(story: Story, contact: str) -> str:
    """The code that came last to a contact's phone or mail."""
    with story.work() as work:
        bodies = work.session.scalars(
            text("SELECT body FROM deliveries WHERE contact_id = :contact ORDER BY made_at DESC, id"),
            {"contact": story.contacts[contact].id},
        ).all()
    return next(found[1] for body in bodies if (found := re.search(r"\b(?:Ko|is) (\d{6})\b", body)))


def press(visitor: Visitor, page: Page, ending: str, button: tuple[str, str] | None = None, **fields: str) -> Page:
    """Send the first form whose address has this ending."""
    form = next(each for each in page.forms if each.action.split("?")[0].endswith(ending))
    return visitor.send(form, button, **fields) if button else visitor.send(form, **fields)


def come_in(story: Story, visitor: Visitor, home: Home, contact: str, **clock: Clock) -> Page:
    """Open a link on a new device and prove it with the code."""
    page = visitor.open(home.links[contact])
    press(visitor, page, "/code")
    page = visitor.follow()
    page = press(visitor, page, "/open", code=code_for(story, contact), remember="yes")
    assert page.status == 302, page.text
    return visitor.follow()


@pytest.fixture
def device(web: Flask) -> Callable[[], Visitor]:
    """A phone that nobody has used before."""
    return lambda: Visitor(web.test_client())


# ---- sent home ----


def test_a_text_brings_the_good_line_and_a_link_and_a_mail_the_page(story: Story) -> None:
    home = send_home(story)
    assert set(home.bodies) == {"ngaire", "dave"}
    assert GOOD in home.bodies["ngaire"]
    assert TONIGHT not in home.bodies["ngaire"]
    assert "Te pukapuka a Aroha" in home.bodies["ngaire"]
    assert TONIGHT in home.bodies["dave"]
    assert FOR_DAD in home.bodies["dave"]
    assert FOR_DAD not in home.bodies["ngaire"]
    assert len(home.links["ngaire"]) == len("/w/") + 22


@pytest.mark.parametrize("words", ["Made a bridge with Hēmi.", "He had a seizure and was brave.", "x" * 161])
def test_a_good_line_that_gives_pause_never_stands_in_a_text(story: Story, words: str) -> None:
    with story.work("walsh") as work:
        template = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students["aroha"], template, rhythm=Rhythm.DAILY)
        page = books.begin_page(work, book, work.now.date())
        books.save(work, book, page, [Typed(books.sections_of(work, book)[0].id, 0, words)])
        books.send_home(work, book, page, story.students["aroha"], links=story.runtime.links)
        links, bodies = brought(story, work, page.message_id)
    assert words not in bodies["ngaire"]
    assert links["ngaire"]


def test_a_page_goes_home_once_and_then_stays_as_it_went(sign_in: SignIn, story: Story) -> None:
    home = send_home(story, "hemi")
    walsh = sign_in("walsh")
    at = f"/books/{home.book.id}"
    page = walsh.open(f"{at}/page", on="2026-11-17")
    assert "It stays as it went." in page.text
    assert walsh.act(f"{at}/home", on="2026-11-17").status == 400
    assert walsh.act(f"{at}/page", on="2026-11-17").status == 400
    form = walsh.open(f"{at}/page", on="2026-11-17").form(f"{at}/beside")
    assert walsh.send(form, words=" ").wrong["words"] == "Write a few words first."
    assert walsh.send(form, words="He was not hungry after all.").status == 302
    assert "He was not hungry after all." in walsh.open(at).text
    assert "A page of the book" in walsh.open(f"/students/{story.students['hemi'].id}").text


def test_an_empty_page_and_a_page_for_nobody_do_not_go_home(sign_in: SignIn, story: Story) -> None:
    with story.work("fox") as work:
        template = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students["tama"], template, rhythm=Rhythm.DAILY)
    fox = sign_in("fox")
    fox.open(f"/books/{book.id}/page")
    page = fox.act(f"/books/{book.id}/home")
    assert (page.status, "This page is empty" in page.text) == (400, True)
    with story.work("fox") as work:
        page_there = books.begin_page(work, book, work.now.date())
        books.save(work, book, page_there, [Typed(books.sections_of(work, book)[0].id, 0, GOOD)])
    page = fox.act(f"/books/{book.id}/home")
    assert (page.status, "Nobody at home can be sent this page" in page.text) == (400, True)
    with story.work() as work:
        found = books.page_on(work, book, work.now.date())
        assert found is not None
        assert found.home_at is None


def test_a_digest_goes_once_at_its_time_to_whoever_asked_for_one(story: Story, clock: Clock) -> None:
    home = send_home(story, "hemi", {"hine": Comes.DAILY, "koro": Comes.NEVER})
    assert "hine" not in home.bodies
    assert send_digests(story.runtime) == 0
    clock.forward(hours=2)
    assert send_digests(story.runtime) == 1
    assert send_digests(story.runtime) == 0
    with story.work() as work:
        page = books.page_on(work, home.book, work.now.date())
        assert page is not None
        links, bodies = brought(story, work, page.message_id)
    assert GOOD in bodies["hine"]
    assert links["hine"]
    assert "koro" not in bodies


# ---- the door ----


def test_a_new_device_sees_nothing_of_anybody_before_the_code(story: Story, device: Callable[[], Visitor]) -> None:
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
    assert '<html lang="mi">' in page.response.text
    assert "Te pukapuka a Aroha" in page.text
    assert TONIGHT in page.text
    assert page.response.headers["Cache-Control"] == "no-store"


def test_a_copied_link_opens_nothing_on_another_device(story: Story, device: Callable[[], Visitor]) -> None:
    home, phone, thief = send_home(story), device(), device()
    come_in(story, phone, home, "dave")
    assert TONIGHT in phone.open(home.links["dave"]).text
    assert TONIGHT not in thief.open(home.links["dave"]).text
    assert TONIGHT not in phone.open(home.links["ngaire"]).text


def test_a_code_ends_after_ten_minutes_and_after_five_tries(
    story: Story, device: Callable[[], Visitor], clock: Clock
) -> None:
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


def test_codes_are_few_so_that_a_passed_on_link_costs_nobody_their_peace(
    story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story), device()
    page = phone.open(home.links["dave"])
    for _ in range(3):
        assert press(phone, page, "/code").status == 302
    assert press(phone, page, "/code").status == 403


def test_looking_changes_nothing_however_often_a_scanner_looks(story: Story, device: Callable[[], Visitor]) -> None:
    home, phone = send_home(story), device()
    with story.work() as work:
        before = work.session.scalar(text("SELECT count(*) FROM deliveries"))
    for _ in range(3):
        phone.open(home.links["dave"])
        phone.client.head(home.links["dave"])
    for ending in ("/code", "/open", "/read", "/answer", "/forget", "/leave"):
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


def test_a_link_ends_after_two_months_and_when_the_office_closes_it(
    story: Story, device: Callable[[], Visitor], clock: Clock
) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    clock.forward(minutes=1)
    with story.work("jan") as work:
        books.close_pages(work, story.contacts["dave"].id)
    assert phone.open(home.links["dave"]).status == 404
    assert phone.open(home.links["ngaire"]).status == 200
    clock.forward(days=61)
    assert phone.open(home.links["ngaire"]).status == 404


def test_a_number_that_is_doubted_or_gone_opens_nothing_until_the_office_confirms(
    story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "ngaire")
    with story.work("jan") as work:
        messages.hold_address(work, "+64215550101", why=whanau.roll.NUMBER_CHANGED)
    assert phone.open(home.links["ngaire"]).status == 404
    with story.work("jan") as work:
        assert not books.may_get_link(work, story.contacts["ngaire"], "+64215550101")


def test_whose_access_ended_this_morning_and_whose_child_left_reads_nothing(
    story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story, "hemi"), device()
    come_in(story, phone, home, "hine")
    with story.work("leota") as work:
        students.leave_student(work, story.students["hemi"], on=work.now.date())
    assert phone.open(home.links["hine"]).status == 404


# ---- every link against every other family ----


def test_no_link_and_no_device_shows_another_familys_child_or_words(
    story: Story, device: Callable[[], Visitor]
) -> None:
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
    story: Story, device: Callable[[], Visitor]
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


def test_what_a_child_keeps_with_the_teacher_goes_to_no_home(story: Story, device: Callable[[], Visitor]) -> None:
    home = send_home(story, "hemi")
    assert not any(KEPT_CLOSE in body for body in home.bodies.values())
    phone = device()
    assert KEPT_CLOSE not in come_in(story, phone, home, "hine").text


# ---- answering, reading, leaving ----


def take_pages(story: Story) -> list[ReplyState]:
    """File what was written on pages, as the worker does."""
    with story.runtime.lobby(ingest=True) as lobby:
        waiting = [conversations.raw_request(lobby, each) for each in conversations.waiting_raw(lobby)]
    states = []
    for raw in waiting:
        if raw is None or raw.school_id is None or raw.carrier != "page":
            continue
        said = json.loads(raw.body)
        with story.work() as work:
            [delivery] = work.session.scalars(
                messages_of(said["delivery_id"]), execution_options={"populate_existing": True}
            )
            about = (story_id(said["contact_id"]), story_id(said["student_id"]))
            post = conversations.post_of_page(raw.id, delivery, said["words"], said_about=about)
            reply = conversations.take(work, post, sender=None)
            assert reply is not None
            states.append(reply.state)
    return states


def messages_of(delivery_id: str) -> Any:
    return select(messages.Delivery).where(messages.Delivery.id == story_id(delivery_id))


def story_id(written: str) -> Any:
    return uuid.UUID(written)


def test_what_is_written_on_the_page_is_filed_with_the_child_and_waits_on_today(
    sign_in: SignIn, story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "dave")
    press(phone, page, "/answer", words="Aroha read to Wī last night!")
    assert "a person will read them" in phone.follow().text
    press(phone, page, "/answer", words="Aroha read to Wī last night!")
    assert take_pages(story) == [ReplyState.FILED]
    assert "Aroha read to Wī last night!" in sign_in("walsh").open("/today").text


def test_words_on_the_page_that_name_a_strangers_child_wait_for_a_person(
    story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story, "hemi"), device()
    page = come_in(story, phone, home, "hine")
    press(phone, page, "/answer", words="He is well today.")
    with story.work("leota") as work:
        messages.set_access(
            work, story.contacts["hine"].id, story.students["hemi"].id, may_message=whanau.MayMessage.NO, reason="x"
        )
    assert take_pages(story) == [ReplyState.PARKED]


def test_read_means_that_a_person_pressed_it_and_the_log_says_so_once(
    sign_in: SignIn, story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "dave")
    walsh = sign_in("walsh")
    at = f"/students/{story.students['aroha'].id}"
    assert "has read it" not in walsh.open(at).text
    press(phone, page, "/read", ("act", "read"))
    press(phone, page, "/read", ("act", "told"))
    page = phone.follow()
    assert "You have read this." in page.text
    assert "You told Aroha." in page.text
    log = walsh.open(at).text
    assert log.count("Dave Kereama has read it.") == 1
    assert log.count("Dave Kereama told Aroha.") == 1


@pytest.mark.parametrize("ending", ["/forget", "/leave"])
def test_a_phone_is_forgotten_and_going_back_shows_the_door(
    story: Story, device: Callable[[], Visitor], ending: str
) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "dave")
    page = press(phone, page, ending)
    assert "Aroha" not in page.response.text
    assert "Aroha" not in phone.open(home.links["dave"]).response.text


def test_the_first_view_of_a_familys_page_is_light_and_has_one_face(
    story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "ngaire")
    source = page.response.text
    assert "<script" not in source
    faces = re.findall(r"bridge-(hand|type)[^\"]*woff2", source)
    assert faces == ["type"]
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|woff2|js)[^"]*)"', source)
    weight = 0
    for each in {home.links["ngaire"], *files}:
        with phone.client.get(each, headers={"Accept-Encoding": "gzip"}) as answer:
            weight += len(answer.data)
    assert weight <= 40_000, weight


# ---- choosing, and what is held ----


def choices(visitor: Visitor, home: Home, contact: str) -> Page:
    return visitor.open(home.links[contact] + "/choices")


def test_a_family_chooses_language_rhythm_wishes_hours_and_a_quiet_time_without_signing_in(
    story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    dave = story.contacts["dave"].id

    def choose(act: str, **fields: str) -> Page:
        page = choices(phone, home, "dave")
        return phone.act(page.forms[1].action, act=act, **fields)

    assert choose("language", language="both").status == 302
    assert choose("book", comes="weekly").status == 302
    assert (
        choose("wishes", hears="urgent_only", weekend="weekend_rest", about=str(story.students["wi"].id)).status == 302
    )
    assert choose("hours", quiet_from="20:00", quiet_until="07:30").status == 302
    assert choose("hours", quiet_from="late").status == 400
    assert choose("pause", until_on="2026-12-01").status == 302
    with story.work() as work:
        on = work.now.date()
        assert whanau.language_of(work, dave, on=on) == "both"
        assert books.how_it_comes(work, [dave])[dave].comes is Comes.WEEKLY
        asked = whanau.wishes_of(work, [dave])[dave]
        assert (asked.hears, set(asked.about)) == (whanau.WishKind.URGENT_ONLY, {story.students["wi"].id})
        [pause] = whanau.running_pauses(work, on=on, contact_ids=[dave])
        assert pause.asked_by_family
    assert choose("resume").status == 302
    assert choose("wishes", hears="", about=str(story.students["hemi"].id)).status == 302
    with story.work() as work:
        assert whanau.running_pauses(work, on=on, contact_ids=[dave]) == []
        assert whanau.wishes_of(work, [dave])[dave].about == frozenset()


def test_what_is_held_is_ones_own_and_names_nobody_else(story: Story, device: Callable[[], Visitor]) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "ngaire")
    page = choices(phone, home, "ngaire")
    assert "Ngaire Kereama" in page.text
    assert "021 555 0101" in page.text
    for secret in ("Dave", "Rangi", "homes.test", "Hēmi"):
        assert secret not in page.response.text


def test_a_copy_is_a_leaders_task_with_a_clock_and_never_self_service(
    sign_in: SignIn, story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    page = choices(phone, home, "dave")
    at = page.forms[1].action
    assert phone.act(at, act="correction", words=" ").wrong["words"]
    for _ in range(2):
        assert "done=copy" in phone.act(at, act="copy").location
        choices(phone, home, "dave")
    assert phone.act(at, act="correction", words="Her name is spelt Ārohā.").status == 302
    shown = sign_in("burns").open("/to-do").text
    assert "Dave Kereama asks to see what is held about them" in shown
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM tasks WHERE kind = 'copy_asked'")) == 1
    assert "15 Dec" in shown
    assert "Her name is spelt Ārohā." in shown
    assert "asks to see" not in sign_in("walsh").open("/to-do").text


def test_choices_are_shut_on_a_device_that_has_not_proved_itself(story: Story, device: Callable[[], Visitor]) -> None:
    home, phone = send_home(story), device()
    assert choices(phone, home, "dave").status == 302
    phone.open(home.links["dave"])
    assert phone.act(home.links["dave"] + "/choices", act="close").status == 302
    assert phone.open(home.links["dave"]).status == 200


def test_a_lost_phone_is_closed_from_another_and_a_new_link_opens_again(
    story: Story, device: Callable[[], Visitor], clock: Clock
) -> None:
    home, lost, mine = send_home(story), device(), device()
    come_in(story, lost, home, "dave")
    clock.forward(minutes=1)
    come_in(story, mine, home, "dave")
    clock.forward(minutes=1)
    mine.act(choices(mine, home, "dave").forms[1].action, act="close")
    assert lost.open(home.links["dave"]).status == 404
    clock.forward(minutes=1)
    again = send_home(story)
    assert "Send me the code" in lost.open(again.links["dave"]).text


# ---- the office, and BOOK ----


def test_the_office_texts_the_link_and_closes_a_page(
    sign_in: SignIn, story: Story, device: Callable[[], Visitor], clock: Clock
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


def test_good_news_from_home_is_read_to_the_child_and_is_a_stroke_of_the_tally(
    sign_in: SignIn, story: Story, device: Callable[[], Visitor]
) -> None:
    home, phone, walsh = send_home(story), device(), sign_in("walsh")
    page = come_in(story, phone, home, "dave")
    press(phone, page, "/answer", words="Aroha cooked tea for us!")
    take_pages(story)
    aroha = story.students["aroha"].id
    page = walsh.open(f"/books/{home.book.id}/page", on="2026-11-17")
    assert "Aroha cooked tea for us!" in page.text
    form = next(each for each in page.forms if each.values.get("act") == "read")
    assert walsh.send(form).status == 302
    walsh.send(form)
    with story.work() as work:
        days = partnership.good_news_days(
            work, [aroha], since=work.now - timedelta(days=1), time_zone="Pacific/Auckland"
        )
        assert days[aroha] == {work.now.date()}
        assert partnership.good_news_reached(work, [aroha]) == {}
    assert walsh.open(f"/students/{aroha}").text.count("read to Aroha by Ms Walsh") == 1
    assert "Aroha cooked tea for us!" not in walsh.open("/today").text
