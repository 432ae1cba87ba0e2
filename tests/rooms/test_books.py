"""The communication book: begun from a template, agreed by both sides, written by several without losing a word."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from commsbridge import books, schools, students
from commsbridge.books import Book, BookSection, Holds, Rhythm, Sees, Shape, Typed, Whose
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.work import Work
from tests.story import Story

TODAY = date(2026, 11, 17)


def begin(story: Story, template: str = "school_day", child: str = "hemi") -> Book:
    with story.work("walsh") as work:
        found = books.template_named(work, template)
        return books.begin_book(work, story.students[child], found, rhythm=Rhythm.DAILY)


def sections(work: Work, book: Book) -> dict[str, BookSection]:
    return {each.title_en: each for each in books.sections_of(work, book)}


def write(story: Story, who: str, book: Book, section: str, words: str, number: int = 0) -> books.Saved:
    with story.work(who) as work:
        page = books.begin_page(work, book, TODAY)
        return books.save(work, book, page, [Typed(sections(work, book)[section].id, number, words)])


def stands(story: Story, book: Book) -> dict[str, str]:
    with story.work() as work:
        page = books.page_on(work, book, TODAY)
        assert page is not None
        entries = books.standing(work, [page])[page.id]
        return {each.title_en: entries[each.id].words for each in books.sections_of(work, book) if each.id in entries}


# ---- templates ----


def test_there_are_six_templates_each_named_in_both_languages_with_one_good_line(story: Story) -> None:
    with story.work() as work:
        found = books.templates_of(work)
    assert len(found) == 6
    for each in found:
        assert sum(section.good for section in each.sections) == 1, each.key
        said = [each.title, each.about, *(section.title for section in each.sections)]
        said += [option for section in each.sections for option in section.options]
        assert all(english and reo and english != reo for english, reo in said), each.key
        assert all(section.options for section in each.sections if section.holds is Holds.TICKS)


def test_a_school_changes_a_template_and_books_begun_before_stay_as_they_are(story: Story) -> None:
    before = begin(story)
    with story.work("leota") as work:
        found = books.template_named(work, "school_day")
        books.change_template(work, found, sections=[Shape((" Pānui ", "Te pānui"), good=True)])
    after = begin(story)
    with story.work() as work:
        assert list(sections(work, after)) == ["Pānui"]
        assert len(sections(work, before)) == 5
        assert books.template_named(work, "school_day").changed
        with pytest.raises(Invalid):
            books.change_template(work, found, sections=[Shape(("Reading", ""))])


def test_a_school_copies_a_template_retires_one_and_keeps_the_last(story: Story) -> None:
    begun = begin(story, "therapy")
    with story.work("leota") as work:
        found = books.template_named(work, "therapy")
        copy = books.copy_template(work, found)
        assert (copy.sections, copy.changed) == (found.sections, True)
        assert copy.key != found.key
        books.retire_template(work, found)
        assert [each.key for each in books.templates_of(work)].count("therapy") == 0
        assert copy in books.templates_of(work)
        assert len(sections(work, begun)) == len(found.sections)
        books.retire_template(work, found, retired=False)
        assert books.template_named(work, "therapy") in books.templates_of(work)
        *most, last = books.templates_of(work)
        for each in most:
            books.retire_template(work, each)
        with pytest.raises(Invalid):
            books.retire_template(work, last)


@pytest.mark.parametrize(
    "shape",
    [
        Shape(("Mine", "Nāku"), whose=Whose.CHILD, good=True),
        Shape(("Ticks", "Ngā tohu"), Holds.TICKS),
        Shape(("Ticks", "Ngā tohu"), Holds.TICKS, options=(("Ate", ""),)),
    ],
)
def test_a_template_is_refused_where_a_line_would_be_the_childs_or_a_tick_has_one_language(
    story: Story, shape: Shape
) -> None:
    with story.work("leota") as work, pytest.raises(Invalid) as refused:
        books.change_template(work, books.template_named(work, "goals"), sections=[shape])
    assert refused.value.field == "sections"


# ---- agreement ----


def test_what_the_school_promises_is_said_in_both_languages_and_the_newest_stands(story: Story) -> None:
    with story.work("leota") as work:
        assert books.commitment_of(work) == ("", "")
        with pytest.raises(Invalid):
            books.set_commitment(work, ("We answer.", " "))
        books.set_commitment(work, ("We answer.", "Ka whakautu mātou."))
    with story.work("burns") as work:
        assert books.commitment_of(work) == ("We answer.", "Ka whakautu mātou.")
        books.set_commitment(work, ("", ""))
        assert books.commitment_of(work) == ("", "")


def test_an_agreement_stands_when_both_sides_signed_the_same_words(story: Story) -> None:
    book = begin(story)
    with story.work("walsh") as work:
        book = books.book_by_id(work, book.id)
        with pytest.raises(Invalid):
            books.sign_agreement(work, book)
        books.set_agreement(work, book, "Each day by text, in te reo Māori; hard things by phone.")
        books.sign_agreement(work, book)
        books.sign_agreement(work, book)
        assert not books.agreement_of(work, book).stands
        home = books.sign_agreement(work, book, contact_id=story.contacts["hine"].id)
        assert home.written_by == story.staff["walsh"].id
        found = books.agreement_of(work, book)
        assert found.stands
        assert len(found.by_school) == 1
        books.set_agreement(work, book, "Each week, by email.")
        assert not books.agreement_of(work, book).stands


def test_nobody_signs_for_a_child_they_may_not_hear_of(story: Story) -> None:
    book = begin(story, child="aroha")
    with story.work("walsh") as work:
        book = books.book_by_id(work, book.id)
        books.set_agreement(work, book, "Each day by text.")
        for who in ("rangi", "hine"):
            with pytest.raises(Invalid):
                books.sign_agreement(work, book, contact_id=story.contacts[who].id)


def test_nobody_agrees_to_words_they_have_not_read_or_in_a_book_that_has_ended(story: Story) -> None:
    book = begin(story)
    with story.work("walsh") as work:
        book = books.book_by_id(work, book.id)
        books.set_agreement(work, book, "Each day by text.")
        with pytest.raises(Conflict):
            books.sign_agreement(work, book, number=0)
        assert books.sign_agreement(work, book, number=1).number == 1
        books.end_book(work, book)
        with pytest.raises(Conflict):
            books.sign_agreement(work, book, contact_id=story.contacts["hine"].id)


# ---- writing ----


def test_several_adults_write_on_one_page_each_in_a_section_of_their_own(story: Story) -> None:
    book = begin(story)
    write(story, "walsh", book, "What went well", "He read a whole page.")
    write(story, "matiu", book, "To know for tonight", "Tired after swimming.")
    assert stands(story, book) == {
        "What went well": "He read a whole page.",
        "To know for tonight": "Tired after swimming.",
    }


def test_a_stale_save_replaces_nothing_and_shows_both(story: Story) -> None:
    book = begin(story)
    write(story, "walsh", book, "What went well", "He read a whole page.")
    late = write(story, "matiu", book, "What went well", "He swam two widths.")
    assert late.written == ()
    [both] = late.stale
    assert (both.typed.words, both.stands.words) == ("He swam two widths.", "He read a whole page.")
    assert stands(story, book)["What went well"] == "He read a whole page."
    write(story, "matiu", book, "What went well", "He read a whole page. He swam two widths.", both.stands.number)
    with story.work() as work:
        page = books.page_on(work, book, TODAY)
        assert page is not None
        [kept] = books.history_of(work, page).values()
        assert [each.words for each in kept] == ["He read a whole page.", "He read a whole page. He swam two widths."]


def test_what_a_writer_left_as_they_saw_it_never_replaces_what_came_meanwhile(story: Story) -> None:
    book = begin(story)
    write(story, "walsh", book, "What went well", "First.")
    write(story, "matiu", book, "What went well", "Second.", 1)
    assert write(story, "walsh", book, "What went well", "First.", 1) == books.Saved((), ())
    assert stands(story, book)["What went well"] == "Second."


def test_a_child_says_who_sees_it_before_it_is_kept(story: Story) -> None:
    book = begin(story)
    with pytest.raises(Invalid):
        write(story, "matiu", book, "In my own words", "I like the beanbag corner.")
    with story.work("matiu") as work:
        page = books.begin_page(work, book, TODAY)
        section = sections(work, book)["In my own words"]
        assert section.whose is Whose.CHILD
        with pytest.raises(Invalid):
            books.save(work, book, page, [Typed(section.id, 0, "I like it.", sees=Sees.ONE_HOME)])
        saved = books.save(work, book, page, [Typed(section.id, 0, "I like it.", sees=Sees.TEACHER)])
    assert saved.written[0].staff_id == story.staff["matiu"].id


def test_a_child_points_at_a_picture_and_says_who_sees_it(story: Story) -> None:
    book = begin(story)
    with story.work("matiu") as work:
        page = books.begin_page(work, book, TODAY)
        section = sections(work, book)["In my own words"]
        assert [tuple(each) for each in section.options] == list(books.PICTURES.values())
        with pytest.raises(Invalid):
            books.save(work, book, page, [Typed(section.id, 0, ticked=(7,))])
        [entry] = books.save(work, book, page, [Typed(section.id, 0, ticked=(7,), sees=Sees.HOMES)]).written
    assert books.picture_of(section.options[entry.ticked[0]][0]) == "loud"


@pytest.mark.parametrize("sees", [Sees.HOMES, Sees.HUI])
def test_a_childs_words_that_may_be_about_safety_do_not_leave_the_school(story: Story, sees: Sees) -> None:
    book = begin(story)
    with story.work("matiu") as work:
        page = books.begin_page(work, book, TODAY)
        section = sections(work, book)["In my own words"]
        with pytest.raises(Invalid) as refused:
            books.save(work, book, page, [Typed(section.id, 0, "I want to kill myself.", sees=sees)])
        assert refused.value.field == f"s-{section.id}"
        kept = books.save(work, book, page, [Typed(section.id, 0, "I want to kill myself.", sees=Sees.TEACHER)])
    assert [each.words for each in kept.written] == ["I want to kill myself."]


def test_ticks_and_steps_that_do_not_exist_are_not_kept(story: Story) -> None:
    book = begin(story)
    with story.work("walsh") as work:
        page = books.begin_page(work, book, TODAY)
        ticks = sections(work, book)["The day in ticks"]
        saved = books.save(
            work, book, page, [Typed(ticks.id, 0, ticked=(1, 0, 1, 99), step=3), Typed(uuid.uuid4(), 0, "lost")]
        )
    assert [(each.ticked, each.step) for each in saved.written] == [([0, 1], None)]


def test_a_page_is_not_written_ahead_nor_in_a_book_that_ended(story: Story) -> None:
    book = begin(story)
    with story.work("walsh") as work:
        book = books.book_by_id(work, book.id)
        with pytest.raises(Invalid):
            books.begin_page(work, book, TODAY + timedelta(days=1))
        books.end_book(work, book)
        with pytest.raises(Invalid):
            books.begin_page(work, book, TODAY)
        assert books.books_of(work, [book.student_id]) == []
        assert books.books_of(work, [book.student_id], ended=True) == [book]


def test_a_page_that_went_home_never_changes_and_what_is_put_right_stands_beside_it(story: Story) -> None:
    book = begin(story)
    write(story, "walsh", book, "What went well", "He read a page.")
    with story.work("walsh") as work:
        page = books.page_on(work, book, TODAY)
        assert page is not None
        with pytest.raises(Invalid):
            books.write_beside(work, page, "Two pages.")
        page.home_at = work.now
    with pytest.raises(Conflict):
        write(story, "matiu", book, "What went well", "He read two pages.", 1)
    with story.work("matiu") as work:
        page = books.page_on(work, book, TODAY)
        assert page is not None
        books.write_beside(work, page, "It was two pages.")
        assert [each.words for each in books.corrections_of(work, [page])[page.id]] == ["It was two pages."]
    assert stands(story, book) == {"What went well": "He read a page."}


# ---- the same words in several books ----


def copies(story: Story, source: Book, words: str, targets: dict[str, Book], who: str = "leota") -> list[books.Copy]:
    with story.work(who) as work:
        good = sections(work, source)["What went well"]
        there = [(books.book_by_id(work, each.id), story.students[child]) for child, each in targets.items()]
        return books.copies_of(work, source, {good.id: words}, there)


def test_each_copy_stands_alone_with_the_childs_own_name_below_what_was_there(story: Story) -> None:
    source, aroha, leo = begin(story), begin(story, child="aroha"), begin(story, child="leo")
    write(story, "leota", leo, "What went well", "He sang.")
    found = copies(story, source, "(name) built a raft.", {"aroha": aroha, "leo": leo})
    assert [[words for _, words in each.parts] for each in found] == [["Aroha built a raft."], ["Leo built a raft."]]
    for _ in range(2):
        with story.work("leota") as work:
            books.copy_to(work, found, TODAY)
    assert stands(story, leo) == {"What went well": "He sang.\nLeo built a raft."}
    assert stands(story, aroha) == {"What went well": "Aroha built a raft."}


@pytest.mark.parametrize(
    "words",
    [
        "Hēmi built a raft.",
        "A raft with hemi",
        "Hēmi’s raft floated.",
        "Leo helped us.",
        "Tāma laughed.",
        "A Parata raft",
    ],
)
def test_words_that_name_another_child_are_not_copied_however_they_are_typed(story: Story, words: str) -> None:
    source, aroha, leo = begin(story), begin(story, child="aroha"), begin(story, child="leo")
    with pytest.raises(Invalid) as refused:
        copies(story, source, words, {"aroha": aroha, "leo": leo})
    assert refused.value.field is not None
    assert refused.value.field.startswith("s-")


def test_a_childs_own_words_ticks_and_goals_are_never_copied_nor_is_a_page_that_went_home(story: Story) -> None:
    source, aroha = begin(story), begin(story, child="aroha")
    with story.work("leota") as work:
        may = books.may_be_copied(books.sections_of(work, source))
        assert [each.title_en for each in may] == ["What went well", "Working on", "To know for tonight"]
        assert books.books_to_copy_to(work, source, [story.students["aroha"], story.students["hemi"]]) == [
            (books.book_by_id(work, aroha.id), story.students["aroha"])
        ]
    found = copies(story, source, "We built rafts.", {"aroha": aroha})
    write(story, "leota", aroha, "What went well", "She sang.")
    with story.work("leota") as work:
        page = books.page_on(work, aroha, TODAY)
        assert page is not None
        page.home_at = work.now
    with story.work("leota") as work, pytest.raises(Conflict):
        books.copy_to(work, found, TODAY)
    assert stands(story, aroha) == {"What went well": "She sang."}


def test_nothing_is_begun_or_sent_home_for_a_child_who_moved_to_another_school(story: Story) -> None:
    book, hemi = begin(story), story.students["hemi"]
    with story.work("walsh") as work:
        before = books.begin_page(work, book, TODAY - timedelta(days=1))
        books.save(work, book, before, [Typed(sections(work, book)["What went well"].id, 0, "Made a bridge.")])
    with story.work("leota") as work:
        students.leave_student(work, hemi, on=TODAY)
    with story.work("leota") as work, pytest.raises(Invalid, match="had left the school"):
        books.begin_page(work, book, TODAY)
    with story.work("leota") as work:
        gone = students.student_for(work, schools.viewer_for(work, story.staff["leota"].id), hemi.id)
        with pytest.raises(Invalid, match="Nobody at home"):
            books.send_home(work, book, before, gone, links=story.runtime.links)
