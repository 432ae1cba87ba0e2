"""Pages of the communication book at school: begun, agreed, written by several, and what they refuse."""

from __future__ import annotations

import re

from commsbridge import books
from commsbridge.books import Book, Rhythm
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.story import Story

DAY = "2026-11-17"


def begun(story: Story, child: str = "hemi") -> Book:
    with story.work("walsh") as work:
        template = books.template_named(work, "school_day")
        return books.begin_book(work, story.students[child], template, rhythm=Rhythm.DAILY)


def opened(visitor: Visitor, book: Book) -> Page:
    return visitor.open(f"/books/{book.id}/page", on=DAY)


def field(page: Page, label: str) -> str:
    """The words field of a section, by its heading."""
    found = re.search(rf'<h2 id="h-([0-9a-f-]+)">{label}</h2>', page.response.text)
    assert found, page.text
    return f"s-{found[1]}"


def test_a_teacher_begins_a_book_agrees_it_with_whanau_and_writes_a_page(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    at = f"/students/{story.students['hemi'].id}/books"
    page = walsh.send(walsh.open(at).form(at), template="care_day", rhythm="some_days")
    assert page.status == 400
    assert page.wrong["days"] == "Choose at least one day from Monday to Friday."
    page = walsh.send(walsh.page.form(at), template="care_day", rhythm="some_days", days=["0", "1"])  # type: ignore[union-attr]
    setup = page.location
    page = walsh.follow()
    assert "Not agreed yet" in page.text
    page = walsh.send(page.form(setup, having="agreement"), ("act", "agreement"), agreement="Each day, by text.")
    page = walsh.follow()
    walsh.send(next(form for form in page.forms if form.values.get("act") == "sign"))
    page = walsh.open(setup)
    contact = str(story.contacts["hine"].id)
    walsh.send(page.form(setup, having="contact_id"), ("act", "sign_home"), contact_id=contact)
    assert "Agreed by home and school." in walsh.open(setup).text
    assert "Hine Parata" in walsh.page.text  # type: ignore[union-attr]
    book_at = setup.removesuffix("/kept")
    page = walsh.open(f"{book_at}/page", on=DAY)
    page = walsh.send(page.form(f"{book_at}/page"), **{field(page, "A good moment"): "He laughed at the drums."})
    assert page.status == 302
    assert "He laughed at the drums." in walsh.open(book_at).text


def test_two_adults_saving_at_once_see_both_and_lose_nothing(sign_in: SignIn, story: Story) -> None:
    book = begun(story)
    walsh, matiu = sign_in("walsh"), sign_in("matiu")
    early, late = opened(walsh, book), opened(matiu, book)
    name = field(early, "What went well")
    walsh.send(early.form(f"/books/{book.id}/page"), **{name: "He read a page."})
    page = matiu.send(late.form(f"/books/{book.id}/page"), **{name: "He swam two widths."})
    assert page.status == 409
    assert "Nothing is lost" in page.text
    assert "He read a page." in page.text
    form = page.form(f"/books/{book.id}/page")
    assert form.values[name] == "He swam two widths."
    assert matiu.send(form, **{name: "He read a page, and swam."}).status == 302
    assert "He read a page, and swam." in walsh.open(f"/books/{book.id}").text


def test_a_childs_words_need_their_choice_of_who_sees_them(sign_in: SignIn, story: Story) -> None:
    book = begun(story)
    matiu = sign_in("matiu")
    page = opened(matiu, book)
    name = field(page, "In my own words")
    page = matiu.send(page.form(f"/books/{book.id}/page"), **{name: "I like the beanbags."})
    assert page.status == 400
    assert page.wrong[name] == "Ask who may see it, then choose that here."
    sees = name.replace("s-", "sees-", 1)
    form = page.form(f"/books/{book.id}/page")
    assert "one_home" not in " ".join(form.choices[sees]) or len(form.choices[sees]) > 4
    assert matiu.send(form, **{sees: "teacher"}).status == 302
    assert "Only my teacher and the school" in matiu.open(f"/books/{book.id}").text


def test_sections_are_named_in_both_languages_or_not_at_all(sign_in: SignIn, story: Story) -> None:
    book = begun(story)
    walsh = sign_in("walsh")
    at = f"/books/{book.id}/kept"
    form = next(each for each in walsh.open(at).forms if any(name.startswith("mi-") for name in each.values))
    reo = next(name for name in form.values if name.startswith("mi-"))
    page = walsh.send(form, ("act", "sections"), **{reo: ""})
    assert page.status == 400
    assert "Name each section in both languages." in page.text
    page = walsh.send(
        walsh.open(at).form(at, having="title_mi"), ("act", "add"), title_en="Reading", title_mi="Te pānui"
    )
    assert page.status == 302
    assert "Reading" in opened(walsh, book).text


def test_an_aide_writes_pages_and_does_not_change_how_the_book_is_kept(sign_in: SignIn, story: Story) -> None:
    book = begun(story)
    matiu = sign_in("matiu")
    assert opened(matiu, book).status == 200
    assert matiu.open(f"/books/{book.id}/kept").status == 403


def test_a_teacher_of_another_class_finds_no_book(sign_in: SignIn, story: Story) -> None:
    book = begun(story)
    fox = sign_in("fox")
    for at in (f"/books/{book.id}", f"/books/{book.id}/page", f"/books/{book.id}/kept"):
        page = fox.open(at)
        assert page.status == 404
        assert "Hēmi" not in page.response.text


def test_a_day_to_come_is_refused_and_a_day_that_is_none_is_today(sign_in: SignIn, story: Story) -> None:
    book = begun(story)
    walsh = sign_in("walsh")
    page = walsh.open(f"/books/{book.id}/page", on="2026-11-18")
    page = walsh.send(page.form(f"/books/{book.id}/page"), **{field(page, "What went well"): "Too soon."})
    assert page.status == 400
    assert "That day is still to come." in page.text
    assert walsh.open(f"/books/{book.id}/page", on="x").form(f"/books/{book.id}/page").values["on"] == DAY


def test_yesterdays_words_are_at_hand_and_taken_over_without_losing_what_was_typed(
    sign_in: SignIn, story: Story
) -> None:
    book = begun(story)
    walsh = sign_in("walsh")
    at = f"/books/{book.id}/page"
    page = walsh.open(at, on="2026-11-16")
    name = field(page, "To know for tonight")
    walsh.send(page.form(at), **{name: "Bring togs."})
    page = opened(walsh, book)
    assert "Bring togs." in page.text
    form = {**page.form(at).values, name: "Tired today.", "act": "preview"}
    page = walsh.post(f"{at}?carry={name.removeprefix('s-')}", form)
    assert page.form(at).values[name] == "Tired today.\nBring togs."
    with story.work() as work:
        assert len(books.pages_of(work, [book.id])) == 1
    assert page.form(at).values["form_key"]
    carried = page.form(at)
    assert walsh.send(carried).status == 302
    again = walsh.send(carried)  # what waited on the device and went twice
    assert again.status == 302
    with story.work() as work:
        [stands, _] = books.pages_of(work, [book.id])
        assert [len(each) for each in books.history_of(work, stands).values()] == [1]


def test_the_same_words_are_seen_child_by_child_before_they_stand_in_several_books(
    sign_in: SignIn, story: Story
) -> None:
    book, other = begun(story), begun(story, "aroha")
    walsh = sign_in("walsh")
    at = f"/books/{book.id}/several"
    page = walsh.open(at, on=DAY)
    name = next(each for each in page.form(at).values if each.startswith("s-"))
    page = walsh.send(page.form(at), ("act", "copy"), to=str(other.id), **{name: "(name) built a raft."})
    assert "Look at each page first." in page.text
    assert "Aroha built a raft." in page.text
    page = walsh.send(page.form(at), ("act", "copy"), **{name: "Hēmi built a raft."})
    assert page.status == 400
    assert page.wrong[name].startswith("For Aroha’s page these words name somebody else: Hēmi.")
    page = walsh.send(page.form(at), ("act", "preview"), **{name: "(name) built a raft."})
    page = walsh.send(page.form(at), ("act", "copy"))
    assert page.status == 302
    assert "It stands in 1 more book now." in walsh.follow().text
    assert "Aroha built a raft." in walsh.open(f"/books/{other.id}").text
    assert "raft" not in walsh.open(f"/books/{book.id}").text


def test_nobody_copies_into_the_book_of_a_child_they_do_not_see(sign_in: SignIn, story: Story) -> None:
    book, other = begun(story), begun(story, "leo")
    walsh = sign_in("walsh")
    at = f"/books/{book.id}/several"
    begun(story, "aroha")
    page = walsh.open(at, on=DAY)
    assert str(other.id) not in page.response.text
    name = next(each for each in page.form(at).values if each.startswith("s-"))
    page = walsh.send(page.form(at), ("act", "preview"), to=str(other.id), **{name: "We built rafts."})
    assert page.status == 400
    assert "Leo" not in page.text
