"""How a book is kept, on a contact's own page: the school's promise, the words both sides agree, and one press."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import text

from commsbridge import books
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, come_in, press, send_home
from tests.doors.pages import Page, Visitor
from tests.story import Story

WORDS = "Each day by text; hard things by phone, never on paper."
OTHER = "Each week by email; hard things by phone."
PROMISE = ("We answer within two school days.", "Ka whakautu mātou i roto i ngā rā kura e rua.")


def agree(story: Story, home: Home, words: str = WORDS, *, signed: bool = True) -> None:
    """The school writes down how the book is kept, and its teacher says yes."""
    with story.work("walsh") as work:
        book = books.book_by_id(work, home.book.id)
        books.set_agreement(work, book, words)
        if signed:
            books.sign_agreement(work, book)


def yeses(story: Story) -> list[tuple[uuid.UUID, int]]:
    """Which contacts said yes, to the words of which number."""
    rows = text("SELECT contact_id, number FROM book_signatures WHERE contact_id IS NOT NULL ORDER BY at, number")
    with story.work() as work:
        return [(who, number) for who, number in work.session.execute(rows)]


def say_yes(phone: Visitor, page: Page) -> Page:
    press(phone, page, "/agree")
    return phone.follow()


def test_a_home_reads_the_promise_and_the_words_and_says_yes_with_one_press(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    with story.work("leota") as work:
        books.set_commitment(work, PROMISE)
    agree(story, home)
    page = come_in(story, phone, home, "dave")
    for words in (PROMISE[0], WORDS, "For the school: Ms Walsh, 17 Nov", "· Each school day"):
        assert words in page.text
    assert "The school asks for your yes" in page.text
    page = say_yes(phone, page)
    assert "Thank you. The school sees that you said yes." in page.text
    assert "You said yes on 17 Nov" in page.text
    assert "asks for your yes" not in page.text
    assert not [form for form in page.forms if form.action.endswith("/agree")]
    assert yeses(story) == [(story.contacts["dave"].id, 1)]
    kept = sign_in("walsh").open(f"/books/{home.book.id}/kept")
    assert "Agreed by home and school." in kept.text
    assert "Dave Kereama, 17 Nov" in kept.text


def test_the_promise_stands_in_the_language_of_the_home_even_before_words_are_agreed(
    story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    page = come_in(story, phone, home, "ngaire")
    assert "Me pēhea te pupuri i te pukapuka" not in page.text
    with story.work("leota") as work:
        books.set_commitment(work, PROMISE)
    page = phone.open(home.links["ngaire"])
    assert "Me pēhea te pupuri i te pukapuka" in page.text
    assert PROMISE[1] in page.text
    assert PROMISE[0] not in page.text
    assert not [form for form in page.forms if "/agree" in form.action]


def test_the_yes_of_one_home_changes_nothing_on_the_page_of_another(story: Story, device: Device) -> None:
    home, dads, kuias = send_home(story), device(), device()
    agree(story, home)
    come_in(story, kuias, home, "ngaire")
    before = kuias.open(home.links["ngaire"])
    say_yes(dads, come_in(story, dads, home, "dave"))
    after = kuias.open(home.links["ngaire"])
    assert after.text == before.text
    say_yes(kuias, after)
    assert "Ngaire" not in dads.open(home.links["dave"]).text
    assert {who for who, _ in yeses(story)} == {story.contacts["dave"].id, story.contacts["ngaire"].id}


def test_other_words_ask_again_and_a_yes_to_the_old_ones_does_not_count(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    agree(story, home)
    page = say_yes(phone, come_in(story, phone, home, "dave"))
    agree(story, home, OTHER, signed=False)
    page = phone.open(home.links["dave"])
    assert OTHER in page.text
    assert "For the school:" not in page.text
    assert "asks for your yes" in page.text
    agree(story, home, WORDS)
    page = say_yes(phone, page)
    assert "These words have changed since you read them" in page.text
    assert WORDS in page.text
    assert yeses(story) == [(story.contacts["dave"].id, 1)]
    say_yes(phone, page)
    assert yeses(story) == [(story.contacts["dave"].id, 1), (story.contacts["dave"].id, 3)]


def test_a_press_twice_is_one_yes(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    agree(story, home)
    page = come_in(story, phone, home, "dave")
    for _ in range(2):
        press(phone, page, "/agree")
    assert yeses(story) == [(story.contacts["dave"].id, 1)]


def test_a_yes_that_school_wrote_down_says_who_wrote_it(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    agree(story, home)
    with story.work("walsh") as work:
        book = books.book_by_id(work, home.book.id)
        books.sign_agreement(work, book, contact_id=story.contacts["dave"].id)
    page = come_in(story, phone, home, "dave")
    assert "as Ms Walsh wrote down." in page.text
    assert not [form for form in page.forms if form.action.endswith("/agree")]


# ---- what it refuses ----


def test_a_device_that_has_not_proved_itself_reads_no_agreement_and_says_no_yes(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    agree(story, home)
    page = phone.open(home.links["dave"])
    assert WORDS not in page.text
    answer = phone.act(home.links["dave"] + "/agree", book_id=str(home.book.id), number="1")
    assert answer.status == 302
    assert yeses(story) == []


def test_the_book_of_another_family_and_one_that_has_ended_are_not_there(story: Story, device: Device) -> None:
    home, theirs, phone = send_home(story), send_home(story, "hemi"), device()
    agree(story, home)
    agree(story, theirs)
    page = come_in(story, phone, home, "dave")
    at = home.links["dave"] + "/agree"
    assert phone.act(at, book_id=str(theirs.book.id), number="1").status == 404
    with story.work("walsh") as work:
        books.end_book(work, books.book_by_id(work, home.book.id))
    phone.open(home.links["dave"])
    assert press(phone, page, "/agree").status == 404
    page = phone.open(home.links["dave"])
    assert WORDS not in page.text
    assert phone.act(at, book_id=str(uuid.uuid4()), number="1").status == 404
    assert yeses(story) == []


@pytest.mark.parametrize("sent", [{}, {"book_id": "x", "number": "1"}, {"number": "one"}, {"number": "9" * 5000}])
def test_a_form_that_names_no_book_or_no_words_says_nothing(story: Story, device: Device, sent: dict[str, str]) -> None:
    home, phone = send_home(story), device()
    agree(story, home)
    come_in(story, phone, home, "dave")
    answer = phone.act(home.links["dave"] + "/agree", **{"book_id": str(home.book.id), **sent})
    assert answer.status == 302
    assert yeses(story) == []
