"""Long texts: put together by the carrier under one id, or in parts with an id each; through the signed hook."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from commsbridge import conversations, partnership
from commsbridge.conversations import How, Parked, Reply, ReplyState
from commsbridge.conversations.continuing import goes_on, joined
from commsbridge.worker.receiving import Receiving
from tests.doors.moments import screened
from tests.doors.service import Service
from tests.doors.test_hooks import post_text

NGAIRE = "+64215550101"
LONG = (
    "Kia ora, Aroha was sick all night and the doctor says that she must stay at home until Thursday, so could you "
    "please send her book home with her cousin from Room 4? She also asks whether"
)


def came(service: Service, *bodies: str, sender: str = NGAIRE) -> list[Reply]:
    """Texts come to the hook one after the other, each with an id of its own; a worker files them; what they became."""
    for body in bodies:
        assert post_text(service, body, sender, sid=f"SM{uuid.uuid4().hex}").status_code == 200
    Receiving(service.runtime).file()
    with service.story.work() as work:
        return list(work.session.scalars(select(Reply).order_by(Reply.received_at, Reply.id)))


def about(service: Service, reply: Reply) -> set[str]:
    names = {child.id: key for key, child in service.story.students.items()}
    with service.story.work() as work:
        return {names[each] for each in conversations.students_of_reply(work, reply.id)}


def test_a_text_of_ten_parts_that_the_carrier_put_together_is_one_reply_with_every_letter(service: Service) -> None:
    words = ("Ka pai Aroha, he pānui roa tēnei. " * 48)[:1600].strip()
    (reply,) = came(service, words)
    assert (reply.words, reply.state, about(service, reply)) == (words, ReplyState.FILED, {"aroha"})
    with service.story.work() as work:
        (entry,) = partnership.timeline(work, service.story.students["aroha"].id)
        assert entry.line.subject_id == reply.id


def test_a_part_that_comes_by_itself_is_read_with_the_one_before_it(service: Service) -> None:
    first, second = LONG[:153], LONG[153:] + " camp is still on?"
    assert "Aroha" not in second
    one, two = came(service, first, second)
    assert (one.state, two.state, two.how) == (ReplyState.FILED, ReplyState.FILED, How.CONTINUED)
    assert about(service, one) == about(service, two) == {"aroha"}
    assert (one.original, two.original) == (first, second)


def test_parts_that_count_themselves_are_one_text_and_a_name_cut_in_two_is_found(service: Service) -> None:
    one, two = came(service, "(1/2) Kia ora, I will be late for Ar", "(2/2) oha today, sorry")
    assert (one.state, two.state, about(service, two)) == (ReplyState.PARKED, ReplyState.FILED, {"aroha"})


def test_words_that_only_follow_are_read_by_themselves(service: Service) -> None:
    one, two = came(service, "Aroha is sick", "Will be late")
    assert (one.state, two.state, two.why) == (ReplyState.FILED, ReplyState.PARKED, Parked.WHICH_CHILD)


def test_what_may_be_about_safety_is_found_where_it_was_cut_in_two(service: Service) -> None:
    screened(service.story)
    first = "Kia ora koutou. We had a lovely weekend at the beach. Thank you for the book. After school her uncle tou"
    one, two = came(service, first.rjust(153, "!"), "ches her and she hates it")
    assert (one.state, two.state) == (ReplyState.PARKED, ReplyState.SAFETY)


@pytest.mark.parametrize(
    ("before", "after", "yes"),
    [
        ("a" * 153, "and on", True),
        ("a" * 306, "and on", True),
        ("ā" * 67, "and on", True),
        ("a" * 150, "and on", False),
        ("(1/3) one", "(2/3) two", True),
        ("1 of 3: one", "2 of 3: two", True),
        ("(1/3) one", "(3/3) three", False),
        ("", "and on", False),
        ("1/2 cup of milk", "Ka pai", False),
    ],
)
def test_a_part_is_known_by_its_length_or_by_its_counting(before: str, after: str, *, yes: bool) -> None:
    assert goes_on(before, after) is yes


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_are_compared_and_joined(before: str, after: str) -> None:
    assert goes_on(before, after) in {True, False}
    assert len(joined(before, after)) <= 2 * (len(before) + len(after))
