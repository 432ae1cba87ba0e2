"""A contact's own page: what came home, what they answer, and that a look changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from commsbridge import books, messages, partnership, whanau
from commsbridge.books import Comes, Rhythm, Typed
from commsbridge.conversations import ReplyState
from commsbridge.messages import Delivery
from commsbridge.worker.digests import send_digests
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import (
    FOR_DAD,
    GOOD,
    TONIGHT,
    brought,
    come_in,
    press,
    send_home,
    take_pages,
)
from tests.doors.pages import PUBLIC_URL
from tests.story import Story

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
    with story.work() as work:
        good = books.sections_of(work, home.book)[0].id
    late = {f"v-{good}": "0", f"s-{good}": "Words that came late."}
    assert walsh.act(f"{at}/page", on="2026-11-17", **late).status == 400
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


def test_a_weekly_digest_brings_the_pages_of_the_week_once_on_its_last_school_day(story: Story, clock: Clock) -> None:
    home = send_home(story, "hemi", {"hine": Comes.WEEKLY, "koro": Comes.NEVER})
    clock.forward(hours=2)  # when a daily one goes
    assert send_digests(story.runtime) == 0
    clock.forward(days=1)
    with story.work("walsh") as work:
        second = books.begin_page(work, home.book, work.now.date())
        books.save(work, home.book, second, [Typed(books.sections_of(work, home.book)[0].id, 0, "Read a whole book.")])
        books.send_home(work, home.book, second, story.students["hemi"], links=story.runtime.links)
    assert send_digests(story.runtime) == 0
    clock.forward(days=1)
    assert send_digests(story.runtime) == 0
    clock.forward(days=1)  # Friday, after four
    assert send_digests(story.runtime) > 0
    assert send_digests(story.runtime) == 0
    with story.work() as work:
        bodies = work.session.scalars(
            select(Delivery.body).where(Delivery.contact_id == story.contacts["hine"].id)
        ).all()
    [digest] = [body for body in bodies if re.search(rf"{PUBLIC_URL}/w/", body)]
    assert "Read a whole book." in digest


# ---- answering, reading, leaving ----


def test_what_is_written_on_the_page_is_filed_with_the_child_and_waits_on_today(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "dave")
    press(phone, page, "/answer", words="Aroha read to Wī last night!")
    assert "a person will read them" in phone.follow().text
    press(phone, page, "/answer", words="Aroha read to Wī last night!")
    assert take_pages(story) == [ReplyState.FILED]
    walsh = sign_in("walsh")
    assert "Aroha read to Wī last night!" in walsh.open("/today").text
    # Whoever answers a page has read it.
    assert "You have read this." in phone.open(home.links["dave"]).text
    assert "Read at home by Dave Kereama" in walsh.open(f"/books/{home.book.id}").text


def test_words_on_the_page_that_name_a_strangers_child_wait_for_a_person(story: Story, device: Device) -> None:
    home, phone = send_home(story, "hemi"), device()
    page = come_in(story, phone, home, "hine")
    press(phone, page, "/answer", words="He is well today.")
    with story.work("leota") as work:
        messages.set_access(
            work, story.contacts["hine"].id, story.students["hemi"].id, may_message=whanau.MayMessage.NO, reason="x"
        )
    assert take_pages(story) == [ReplyState.PARKED]


def test_read_means_that_a_person_pressed_it_and_the_log_says_so_once(
    sign_in: SignIn, story: Story, device: Device
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


def test_a_mail_has_two_large_buttons_and_what_is_told_there_is_read_to_the_child(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    link = PUBLIC_URL + home.links["dave"]
    with story.work() as work:
        rows = select(Delivery).where(Delivery.contact_id == story.contacts["dave"].id)
        mail = next(each for each in work.session.scalars(rows) if GOOD in each.body)
        said, drawn = mail.body, mail.html or ""
    assert f"I have read this\n{link}#read\n" in said
    assert f"Tell Aroha\n{link}#tell\n" in said
    assert re.findall(r'<a href="([^"]+)" style="[^"]*padding:12px', drawn) == [f"{link}#read", f"{link}#tell"]
    come_in(story, phone, home, "dave")
    page = phone.open(home.links["dave"])
    assert 'id="read"' in page.response.text
    assert 'id="tell"' in page.response.text
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM book_reads")) == 0
    form = next(each for each in page.forms if each.values.get("for_child") == "yes")
    assert phone.send(form, words="Nan rang: the puppies have come!").status == 302
    take_pages(story)
    walsh = sign_in("walsh")
    page = walsh.open("/replies")
    assert "the puppies have come" in page.text
    assert "they ask that you read it to the child" in page.text
    press(walsh, page, "/seen", words="")
    assert "they ask that you read it to the child" not in walsh.open("/replies").text


def test_two_books_of_a_child_stand_on_one_page_at_home_each_under_its_name(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "dave")
    assert f"· {home.book.title_en}" not in page.text
    with story.work("walsh") as work:
        template = books.template_named(work, "therapy")
        therapy = books.begin_book(work, story.students["aroha"], template, rhythm=Rhythm.WEEKLY)
        second = books.begin_page(work, therapy, work.now.date())
        books.save(work, therapy, second, [Typed(books.sections_of(work, therapy)[0].id, 0, "Held a pencil alone.")])
        books.send_home(work, therapy, second, story.students["aroha"], links=story.runtime.links)
    page = phone.open(home.links["dave"])
    for words in (f"· {home.book.title_en}", f"· {therapy.title_en}", GOOD, "Held a pencil alone."):
        assert words in page.text
    assert f"· {therapy.title_mi}" in phone.open(home.links["dave"], reo="mi").text


def test_a_link_opens_on_the_child_its_message_told_of(story: Story, device: Device) -> None:
    phone = device()
    home = send_home(story, "wi")
    assert "The book of Wī" in come_in(story, phone, home, "dave").text
    assert "The book of Aroha" in phone.open(home.links["dave"], child="1").text


@pytest.mark.parametrize("ending", ["/forget", "/leave"])
def test_a_phone_is_forgotten_and_going_back_shows_the_door(story: Story, device: Device, ending: str) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "dave")
    page = press(phone, page, ending)
    assert "Aroha" not in page.response.text
    assert "Aroha" not in phone.open(home.links["dave"]).response.text


def test_the_first_view_of_a_familys_page_is_light_and_has_one_face(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "ngaire")
    source = page.response.text
    assert "<script" not in source
    # Nothing that the words wait for: the style comes within the page, the one face after it.
    assert 'class="one-face"' in source
    assert "preload" not in source
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg)[^"]*)"', source)
    assert not [each for each in files if ".css" in each]
    assert source.count("<style>") == 1
    weight = 0
    for each in {home.links["ngaire"], "/static/fonts/bridge-type.woff2", *files}:
        with phone.client.get(each, headers={"Accept-Encoding": "gzip"}) as answer:
            weight += len(answer.data)
    assert weight <= 40_000, weight


def test_good_news_from_home_is_read_to_the_child_and_is_a_stroke_of_the_tally(
    sign_in: SignIn, story: Story, device: Device
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
