"""Read at home: pressed, or answered by text, mail or on the page; and two books of one child side by side."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import select, text

from commsbridge import books, conversations
from commsbridge.books import Book, BookPage, Comes, Rhythm, Typed
from commsbridge.conversations.gateways import InboundMail
from commsbridge.messages import Delivery
from commsbridge.worker.digests import send_digests
from tests.conftest import Clock
from tests.doors.moments import answered, praised
from tests.story import Story

NGAIRE, HINE = "+64215550101", "+64215550104"


def begun(story: Story, child: str = "hemi", template: str = "school_day", rhythm: Rhythm = Rhythm.DAILY) -> Book:
    with story.work("walsh") as work:
        return books.begin_book(work, story.students[child], books.template_named(work, template), rhythm=rhythm)


def gone_home(story: Story, book: Book, words: str = "He built a raft.", child: str = "hemi") -> BookPage:
    """A page of today with these words, sent home."""
    with story.work("walsh") as work:
        page = books.begin_page(work, book, work.now.date())
        books.save(work, book, page, [Typed(books.sections_of(work, book)[0].id, 0, words)])
        books.send_home(work, book, page, story.students[child], links=story.runtime.links)
        return page


def readers(story: Story, *pages: BookPage) -> list[set[str]]:
    """Who has read each of these pages, by their short names."""
    keys = {contact.id: key for key, contact in story.contacts.items()}
    with story.work() as work:
        stands = [work.session.get_one(BookPage, page.id) for page in pages]
        found = books.readers_of(work, stands)
        for page in stands:
            assert books.reads_of(work, [page], list(keys)) == ({(page.id, False)} if found[page.id] else set())
    return [{keys[who] for who in found[page.id]} for page in pages]


def stored(story: Story, carrier: str) -> uuid.UUID:
    """A request as it came, its content left out."""
    key = uuid.uuid4().hex
    with story.runtime.lobby(ingest=True) as ingest:
        conversations.store_raw(
            ingest, carrier=carrier, carrier_key=key, content_type="", body=b"", school_id=story.school_id
        )
        raw_id = ingest.session.scalar(text("SELECT id FROM raw_inbound WHERE carrier_key = :key"), {"key": key})
    assert isinstance(raw_id, uuid.UUID)
    return raw_id


def write_beneath(story: Story, link: Delivery, child: str, words: str) -> None:
    """What a contact wrote on their own page, filed as the worker does."""
    raw_id = stored(story, "page")
    assert link.contact_id is not None
    with story.work() as work:
        delivery = work.session.get_one(Delivery, link.id)
        about = (link.contact_id, story.students[child].id)
        post = conversations.post_of_page(raw_id, delivery, words, said_about=about)
        assert conversations.take(work, post, sender=None) is not None


def brought(story: Story, page: BookPage, contact: str) -> Delivery:
    with story.work() as work:
        rows = select(Delivery).where(
            Delivery.message_id == page.message_id, Delivery.contact_id == story.contacts[contact].id
        )
        return work.session.scalars(rows).one()


def test_whoever_answers_a_page_by_text_has_read_it_and_nobody_else_has(story: Story, clock: Clock) -> None:
    page = gone_home(story, begun(story))
    assert readers(story, page) == [set()]
    clock.forward(minutes=20)
    answered(story, HINE, "Ka pai!")
    assert readers(story, page) == [{"hine"}]


def test_a_text_that_answers_later_praise_reads_no_page_and_words_about_another_child_none(
    story: Story, clock: Clock
) -> None:
    page = gone_home(story, begun(story))
    of_aroha = gone_home(story, begun(story, "aroha"), "She sang.", "aroha")
    clock.forward(minutes=20)
    praised(story, "hemi")
    clock.forward(minutes=20)
    answered(story, HINE, "Ka pai!")
    answered(story, NGAIRE, "Wī is home sick")
    assert readers(story, page, of_aroha) == [set(), set()]


def test_a_mail_that_answers_the_page_reads_that_page_whatever_came_since(story: Story, clock: Clock) -> None:
    book = begun(story, "aroha")
    page = gone_home(story, book, "She sang.", "aroha")
    clock.forward(days=1)
    newer = gone_home(story, book, "She danced.", "aroha")
    clock.forward(minutes=20)
    mail = brought(story, page, "dave")
    raw_id = stored(story, "sendgrid")
    inbound = InboundMail("m1", "dave.kereama@homes.test", ("kura@rimu.test",), "Re: x", "Lovely!", automatic=False)
    with story.work() as work:
        post = conversations.post_of_mail(raw_id, inbound, delivery_id=mail.id, our_domain="rimu.test")
        assert conversations.take(work, post, sender=None) is not None
    assert readers(story, page, newer) == [{"dave"}, set()]


def test_what_is_written_beneath_the_newest_page_reads_that_one_even_behind_an_older_link(
    story: Story, clock: Clock
) -> None:
    book = begun(story, "aroha")
    page = gone_home(story, book, "She sang.", "aroha")
    clock.forward(days=1)
    newer = gone_home(story, book, "She danced.", "aroha")
    clock.forward(minutes=20)
    write_beneath(story, brought(story, page, "dave"), "aroha", "She told us!")
    assert readers(story, page, newer)[1] == {"dave"}
    clock.forward(days=1)
    assert readers(story, gone_home(story, book, "She slept.", "aroha")) == [set()]


def test_an_answer_to_a_weekly_text_reads_every_page_that_it_brought(story: Story, clock: Clock) -> None:
    with story.work() as work:
        books.set_how_it_comes(work, story.contacts["hine"].id, comes=Comes.WEEKLY)
    book = begun(story)
    first = gone_home(story, book)
    clock.forward(days=1)
    second = gone_home(story, book, "He read a whole book.")
    clock.forward(days=2, hours=4)
    assert send_digests(story.runtime) == 2
    clock.forward(minutes=20)
    answered(story, HINE, "Thank you for this week")
    assert readers(story, first, second) == [{"hine"}, {"hine"}]


def test_words_that_were_moved_to_another_child_read_nothing(story: Story, clock: Clock) -> None:
    page = gone_home(story, begun(story, "aroha"), "She sang.", "aroha")
    clock.forward(minutes=5)
    reply_id = answered(story, NGAIRE, "Ka pai Aroha")
    assert readers(story, page) == [{"ngaire"}]
    with story.work("burns") as work:
        to = (story.contacts["ngaire"].id, [story.students["wi"].id])
        conversations.move_reply(work, reply_id, contact_id=to[0], student_ids=to[1])
    assert readers(story, page) == [set()]


# ---- two books side by side ----


def test_school_and_therapy_each_have_their_page_of_one_day_and_a_home_reads_both(story: Story, clock: Clock) -> None:
    school = begun(story)
    clock.forward(minutes=1)  # the book that was begun first stands first
    therapy = begun(story, template="therapy", rhythm=Rhythm.WEEKLY)
    told = [(each.title_en, each.rhythm) for each in (school, therapy)]
    assert len(set(told)) == 2
    gone_home(story, school, "He built a raft.")
    gone_home(story, therapy, "He held the pencil alone.")
    with story.work() as work:
        found = books.pages_for(work, story.contacts["hine"], story.students["hemi"].id)
        assert [page.book_id for page in found] == [school.id, therapy.id]
        bodies = work.session.scalars(select(Delivery.body).where(Delivery.contact_id == story.contacts["hine"].id))
        said = "\n".join(bodies)
    assert "He built a raft." in said
    assert "He held the pencil alone." in said


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_turning_to_earlier_pages_loses_none_where_two_books_share_a_day(
    story: Story, clock: Clock, limit: int
) -> None:
    both = [begun(story), begun(story, template="therapy")]
    written = set()
    for _ in range(3):
        written |= {gone_home(story, each, f"Words of {clock.now:%d} in {each.title_en}.").id for each in both}
        clock.forward(days=1)
    turned: list[BookPage] = []
    before: date | None = None
    with story.work() as work:
        while found := books.pages_for(
            work, story.contacts["hine"], story.students["hemi"].id, before=before, limit=limit
        ):
            turned += found
            before = found[-1].on_day
    assert [page.id for page in turned].count(turned[0].id) == 1
    assert {page.id for page in turned} == written
    assert len(turned) == len(written)


def test_a_mail_names_which_of_two_books_a_page_is_of_and_says_nothing_where_there_is_one(
    story: Story, clock: Clock
) -> None:
    school = begun(story, "aroha")
    alone = brought(story, gone_home(story, school, "She sang.", "aroha"), "dave").body
    assert school.title_en not in alone
    clock.forward(days=1)
    therapy = begun(story, "aroha", "therapy")
    for book in (school, therapy):
        assert f" · {book.title_en}" in brought(story, gone_home(story, book, "She sang.", "aroha"), "dave").body
