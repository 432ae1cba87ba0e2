"""The whānau bot: a word is done and answered once; a person is asked, and nobody's time is promised."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from commsbridge import bots, conversations, whanau
from commsbridge.conversations import Reply, ReplyState
from commsbridge.conversations.gateways import InboundText
from commsbridge.foundation.actors import SERVICE
from commsbridge.messages import Delivery, Message, MessageKind, State
from commsbridge.messages.notices import MOST_ANSWERS_AN_HOUR
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind
from tests.rooms.mailroom import NUMBERS, Mailroom
from tests.rooms.posting import Posting

HINE = "+64215550104"


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    return Mailroom(posting)


def said(mailroom: Mailroom, words: str, number: str = HINE) -> Reply:
    """A phone writes, and the bot takes it as a worker does."""
    story = mailroom.posting.story
    raw_id = mailroom.store(f"SMb{next(NUMBERS)}")
    post = conversations.post_of_text(raw_id, InboundText(f"SM{raw_id.hex}", number, "4545", words))
    with story.runtime.work(story.school_id, SERVICE) as work:
        reply = bots.take(work, post, sender=story.texts, links=story.runtime.links)
    assert reply is not None
    return reply


@pytest.mark.parametrize(
    ("words", "language", "answer"),
    [
        ("TE REO", "mi", "ka tuhi mātou ki a koe i te reo Māori"),
        ("te reo maori", "mi", "te reo Māori"),
        ("Te Reo Māori koa", "mi", "te reo Māori"),
        ("English", "en", "we write to you in English"),
        ("Ingarihi", "en", "we write to you in English"),
        ("BOTH", "both", "te reo Māori and English"),
        ("Ngā reo e rua", "both", "te reo Māori and English"),
        ("nga reo e rua", "both", "te reo Māori and English"),
    ],
)
def test_a_word_sets_the_language_of_the_family(
    mailroom: Mailroom, posting: Posting, words: str, language: str, answer: str
) -> None:
    said(mailroom, words)
    with posting.story.work() as work:
        contact = posting.story.contacts["hine"].id
        assert whanau.language_of(work, contact, on=posting.clock().date()) == language
    assert answer in mailroom.answers_to(HINE)[-1].body


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("CALL ME", ""),
        ("Waea mai", ""),
        ("call me after 5", "after 5"),
        ("please ring me", ""),
        ("Waea mai i muri i te 3", "i muri i te 3"),
        ("WAEA MAI āpōpō", "apopo"),
        ("call me on Tuesday between 3 and 4 please", "on tuesday between 3 and 4"),
    ],
)
def test_who_asks_to_be_rung_gives_a_teacher_a_task_and_no_promise(
    mailroom: Mailroom, posting: Posting, words: str, hours: str
) -> None:
    said(mailroom, words)
    (task,) = [each for each in posting.tasks_of("walsh") if each.kind is TaskKind.CALL_BACK]
    assert task.contact_id == posting.story.contacts["hine"].id
    assert task.words == hours
    body = mailroom.answers_to(HINE)[-1].body
    assert "We have asked Ms Walsh to ring you." in body
    assert "will ring" not in body


def test_a_stranger_who_asks_to_be_rung_is_the_offices(mailroom: Mailroom, posting: Posting) -> None:
    said(mailroom, "call me", "+64215559999")
    assert TaskKind.CALL_BACK in {each.kind for each in posting.tasks_of("jan", Role.OFFICE)}
    assert "office" in mailroom.answers_to("+64215559999")[-1].body


def test_who_asks_again_is_one_task_with_the_hours_they_named_last(mailroom: Mailroom, posting: Posting) -> None:
    for words in ("call me after 5", "CALL ME", "waea mai after 3"):
        said(mailroom, words)
        posting.clock.forward(minutes=1)
    for _ in range(12):
        said(mailroom, "HUI")
    tasks = [(each.kind, each.words) for each in posting.tasks_of("walsh")]
    assert sorted(tasks) == [(TaskKind.CALL_BACK, "after 3"), (TaskKind.WANTS_HUI, "")]
    assert len(mailroom.answers_to(HINE)) == MOST_ANSWERS_AN_HOUR


@pytest.mark.parametrize("words", ["BOOK", "HUI", "TE REO", "PAUSE", "HELP", "CALL ME", "START", "STOP"])
def test_the_bot_speaks_as_the_school_and_never_as_a_person(mailroom: Mailroom, posting: Posting, words: str) -> None:
    said(mailroom, words)
    bodies = [each.body for each in mailroom.answers_to(HINE)] + own_pages(posting)
    assert bodies
    for body in bodies:
        assert body.startswith("Rimu Road School: ")
        assert not {"I", "I’m", "I'm", "my", "My", "ahau", "au"} & {*body.replace(",", " ").split()}
        assert "From " not in body


@pytest.mark.parametrize(
    "words",
    ["stop it Aroha", "Book week is fun", "The hui was great", "english is hard", "Pause the reading log", "help him"],
)
def test_a_keyword_in_a_sentence_is_for_a_person_and_changes_nothing(
    mailroom: Mailroom, posting: Posting, words: str
) -> None:
    reply = said(mailroom, words)
    assert reply.state is ReplyState.FILED
    assert posting.tasks_of("walsh") == []
    assert posting.opt_outs() == set()
    assert own_pages(posting) == []


def test_a_hui_is_asked_of_a_person(mailroom: Mailroom, posting: Posting) -> None:
    said(mailroom, "HUI")
    assert TaskKind.WANTS_HUI in {each.kind for each in posting.tasks_of("walsh")}
    assert "Ms Walsh" in mailroom.answers_to(HINE)[-1].body


@pytest.mark.parametrize(
    ("pause", "again"), [("PAUSE", "START"), ("Taihoa", "Tīmata"), ("WHAKATĀ", "timata"), ("whakata", "Tīmata anō")]
)
def test_a_pause_holds_everything_until_start(mailroom: Mailroom, posting: Posting, pause: str, again: str) -> None:
    said(mailroom, pause)
    held = posting.of(posting.praise("hemi"))["hine"]
    assert held.state == State.HELD
    posting.clock.forward(hours=1)
    said(mailroom, again)
    posting.settle()
    assert posting.delivery(held.id).state == State.QUEUED


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("pause until friday", "20 November"),
        ("TAIHOA kia Rāmere", "20 November"),
        ("pause for 2 wks", "1 December"),
        ("pause until the end of term", "18 December"),
        ("okioki kia 1 o Hakihea", "1 December"),
    ],
)
def test_a_pause_until_a_day_says_which(mailroom: Mailroom, words: str, day: str) -> None:
    said(mailroom, words)
    assert day in mailroom.answers_to(HINE)[-1].body


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("until monday", date(2026, 11, 23)),
        ("until tuesday", date(2026, 11, 24)),
        ("for 2 weeks", date(2026, 12, 1)),
        ("a week", date(2026, 11, 24)),
        ("until 1 feb", date(2027, 2, 1)),
        ("until dec 3rd", date(2026, 12, 3)),
        ("kia rahina", date(2026, 11, 23)),
        ("until tomorrow", date(2026, 11, 18)),
        ("2wks", date(2026, 12, 1)),
        ("until 1/2", date(2027, 2, 1)),
        ("until 1/02/2027", date(2027, 2, 1)),
        ("until 3 feb 2028", date(2028, 2, 3)),
        ("until 3 feb 2020", None),
        ("until next week", date(2026, 11, 23)),
        ("kia 1 o pepuere", date(2027, 2, 1)),
        ("tae noa ki te 5 o hui-tanguru", date(2027, 2, 5)),
        ("until the end of term", date(2026, 12, 18)),
        ("until 31/2", None),
        ("until 31 feb", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_families_write_it(words: str, until: date | None) -> None:
    assert bots.day_asked(words, date(2026, 11, 17), term_ends=date(2026, 12, 18)) == until


@given(st.text(alphabet="0123456789/.- abdefhiklmnoprstuvwy", max_size=20))
def test_a_day_that_is_read_lies_ahead(words: str) -> None:
    today = date(2026, 11, 17)
    found = bots.day_asked(words, today, term_ends=today)
    assert found is None or found > today


def test_machines_that_answer_each_other_fall_silent(mailroom: Mailroom, posting: Posting) -> None:
    for _ in range(9):
        said(mailroom, "HUI")
        posting.clock.forward(minutes=1)
    assert len(mailroom.answers_to(HINE)) == MOST_ANSWERS_AN_HOUR


def own_pages(posting: Posting) -> list[str]:
    """The texts that open somebody's own page."""
    rows = select(Delivery.body).join(Message, Message.id == Delivery.message_id)
    with posting.story.work() as work:
        return list(work.session.scalars(rows.where(Message.kind == MessageKind.OWN_PAGE)))


@pytest.mark.parametrize("words", ["BOOK", "Pukapuka"])
def test_who_asks_for_the_book_gets_the_link_to_their_own_page(
    mailroom: Mailroom, posting: Posting, words: str
) -> None:
    said(mailroom, words)
    [body] = own_pages(posting)
    assert "Hine" in body
    assert "/w/" in body


def test_who_asks_for_the_book_without_end_gets_a_few_links(mailroom: Mailroom, posting: Posting) -> None:
    for _ in range(9):
        said(mailroom, "BOOK")
    assert len(own_pages(posting)) == MOST_ANSWERS_AN_HOUR
    posting.clock.forward(hours=1)
    said(mailroom, "BOOK")
    assert len(own_pages(posting)) == MOST_ANSWERS_AN_HOUR + 1


def test_a_number_that_does_not_work_gets_no_link_and_a_person_is_asked(mailroom: Mailroom, posting: Posting) -> None:
    with posting.story.work() as work:
        [way] = [way for way in whanau.ways_in_use(work, posting.story.contacts["hine"].id) if way.address == HINE]
        way.state = whanau.WayState.WRONG
    said(mailroom, "BOOK")
    assert own_pages(posting) == []
    assert TaskKind.WANTS_BOOK in {each.kind for each in posting.tasks_of("walsh")}
