"""What somebody writes at home is read at another home only where they chose it and both homes asked."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from commsbridge import conversations, messages, whanau
from commsbridge.conversations import Reply, ReplyState
from commsbridge.conversations.safety import SafetyAlert
from commsbridge.foundation.errors import NotFound
from commsbridge.whanau import MayMessage
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

TOOTH = "Aroha lost a tooth last night!"
BOTH = "Aroha and Wī both slept well."


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    return Mailroom(posting)


def children_of(posting: Posting, who: str) -> set[uuid.UUID]:
    with posting.story.work() as work:
        writer = whanau.writer_for(work, posting.story.contacts[who].id, on=work.now.date())
        return {*writer.students} if writer else set()


def share(posting: Posting, reply: Reply, who: str = "dave", *, on: bool = True) -> None:
    may_see = children_of(posting, who)
    with posting.story.work() as work:
        conversations.share_words(work, posting.story.contacts[who], reply.id, may_see=may_see, on=on)


def ask(posting: Posting, *homes: str, child: str = "aroha", asks: bool = True) -> None:
    with posting.story.work() as work:
        for who in homes:
            whanau.ask_to_be_named(work, posting.story.contacts[who], posting.story.students[child].id, asks=asks)


def read(posting: Posting, who: str = "ngaire", child: str = "aroha") -> list[str]:
    """What another home opened, as this contact reads it."""
    contact, student = posting.story.contacts[who], posting.story.students[child]
    may_see = children_of(posting, who)
    with posting.story.work() as work:
        found = conversations.shared_with(work, contact, student.id, may_see=may_see, limit=5)
        return [reply.words for reply in found]


@pytest.fixture
def opened(posting: Posting, mailroom: Mailroom) -> Reply:
    """Words of Dave's that he opened; both homes asked to be named to one another."""
    reply = mailroom.mail(TOOTH)
    assert (reply.state, mailroom.about(reply)) == (ReplyState.FILED, {"aroha"})
    share(posting, reply)
    ask(posting, "dave", "ngaire")
    return reply


def test_words_are_read_at_the_other_home_once_opened_and_until_they_are_closed(
    posting: Posting, opened: Reply, mailroom: Mailroom
) -> None:
    mailroom.mail("Aroha had porridge.")
    assert read(posting) == [TOOTH]
    assert read(posting, "dave") == []
    share(posting, opened, on=False)
    assert read(posting) == []


def test_one_homes_asking_is_not_enough_and_what_is_taken_back_hides_the_words(
    posting: Posting, mailroom: Mailroom
) -> None:
    share(posting, mailroom.mail(TOOTH))
    assert read(posting) == []
    for who in ("dave", "ngaire"):
        ask(posting, who)
        assert read(posting) == ([] if who == "dave" else [TOOTH])
    for who in ("dave", "ngaire"):
        posting.clock.forward(minutes=1)
        ask(posting, who, asks=False)
        assert read(posting) == []
        posting.clock.forward(minutes=1)
        ask(posting, who)
        assert read(posting) == [TOOTH]


def test_nobody_opens_or_closes_what_another_wrote(posting: Posting, opened: Reply) -> None:
    for who in ("ngaire", "hine", "rangi"):
        with pytest.raises(NotFound):
            share(posting, opened, who, on=False)
    assert read(posting) == [TOOTH]
    with posting.story.work() as work, pytest.raises(NotFound):
        conversations.share_words(work, posting.story.contacts["dave"], uuid.uuid4(), may_see=(), on=True)


@pytest.mark.parametrize("who", ["dave", "ngaire"])
@pytest.mark.parametrize("access", [MayMessage.NO, MayMessage.ASK])
def test_whose_access_ended_reads_nothing_and_is_read_by_nobody(
    posting: Posting, opened: Reply, who: str, access: MayMessage
) -> None:
    aroha = posting.story.students["aroha"].id
    with posting.story.work("leota") as work:
        messages.set_access(work, posting.story.contacts[who].id, aroha, may_message=access, reason="An order.")
    assert read(posting) == []
    if who == "dave":
        with pytest.raises(NotFound):
            share(posting, opened)


def test_words_about_two_children_are_read_only_where_both_homes_asked_about_each(
    posting: Posting, mailroom: Mailroom
) -> None:
    reply = mailroom.mail(BOTH)
    assert mailroom.about(reply) == {"aroha", "wi"}
    share(posting, reply)
    ask(posting, "dave", "ngaire")
    assert read(posting) == []
    ask(posting, "dave", "ngaire", child="wi")
    assert read(posting) == read(posting, child="wi") == [BOTH]
    with posting.story.work("leota") as work:
        wi, kuia = posting.story.students["wi"].id, posting.story.contacts["ngaire"].id
        messages.set_access(work, kuia, wi, may_message=MayMessage.NO, reason="An order.")
    assert read(posting) == read(posting, child="wi") == []


@pytest.mark.parametrize("who", ["dave", "ngaire"])
def test_a_home_that_is_let_be_for_safety_reads_nothing_and_is_not_read(
    posting: Posting, opened: Reply, who: str
) -> None:
    with posting.story.work() as work:
        pause = messages.pause(work, contact_id=posting.story.contacts[who].id, for_safety=True)
    assert read(posting) == []
    with posting.story.work() as work:
        messages.end_pause(work, pause.id, for_safety=True)
    assert read(posting) == [TOOTH]


def test_words_that_somebody_was_told_of_for_safety_stay_between_home_and_school(
    posting: Posting, opened: Reply
) -> None:
    with posting.story.work() as work:
        work.session.add(
            SafetyAlert(
                reply_id=opened.id, student_ids=[posting.story.students["aroha"].id], pause_ids=[], because="tooth",
                raised_at=work.now, next_at=work.now + timedelta(hours=1),
            )
        )  # fmt: skip
    assert read(posting) == []


@pytest.mark.parametrize(
    "held",
    [
        {"state": ReplyState.PARKED},
        {"state": ReplyState.SAFETY},
        {"unread": True},
        {"whole": True},
        {"told_to": "leota"},
    ],
    ids=["parked", "for safety", "not screened", "a whole mail", "slowed"],
)
def test_what_is_held_parked_or_not_screened_is_not_read(
    posting: Posting, opened: Reply, held: dict[str, object]
) -> None:
    with posting.story.work() as work:
        row = work.session.scalars(select(Reply).where(Reply.id == opened.id)).one()
        for name, value in held.items():
            setattr(row, name, posting.story.staff[value].id if isinstance(value, str) and name == "told_to" else value)
    assert read(posting) == []


def test_words_that_school_moved_to_another_child_are_closed_again(posting: Posting, opened: Reply) -> None:
    ask(posting, "dave", "ngaire", child="wi")
    with posting.story.work("leota") as work:
        wi, dave = posting.story.students["wi"].id, posting.story.contacts["dave"].id
        conversations.move_reply(work, opened.id, contact_id=dave, student_ids=[wi])
    assert read(posting) == read(posting, child="wi") == []
