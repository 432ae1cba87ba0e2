"""Who floods or threatens is slowed: kept, filed and told to one named person; nobody in need is heard less."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from commsbridge import conversations, messages, students
from commsbridge.conversations import Parked, Reply, ReplyState, SlowedFor, SlowedSender, promises, safety
from commsbridge.conversations.flooding import MOST_AT_ONCE
from commsbridge.conversations.promises import Acknowledges, Answering
from commsbridge.conversations.safety import Watch
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.schools import Role, Sender, SenderKind
from commsbridge.students import BarKind
from commsbridge.tasks import TaskKind
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

NGAIRE, HINE = "+64215550101", "+64215550104"
THREAT = "I know where you live and I will smash you"
ASKS = "When is camp for Hēmi?"


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    """The way in of Rimu Road School, where Leota reads what comes from whoever is slowed."""
    with posting.story.work("burns") as work:
        leota = posting.story.staff["leota"].id
        promises.set_answering(work, Answering(slowed_id=leota, acknowledges=Acknowledges.ALWAYS))
        work.session.get_one(Sender, posting.story.texts.id).kind = SenderKind.ZERO_RATED
    posting.story.texts.kind = SenderKind.ZERO_RATED
    return Mailroom(posting)


def at(posting: Posting, address: str = HINE) -> SlowedSender | None:
    with posting.story.work() as work:
        return conversations.slowed_at(work, address)


def slowed(posting: Posting, address: str = HINE) -> SlowedSender:
    row = at(posting, address)
    assert row is not None
    return row


def told_to(posting: Posting, reply: Reply) -> uuid.UUID | None:
    with posting.story.work() as work:
        return work.session.get_one(Reply, reply.id).told_to


def waits_for(posting: Posting, who: str, children: tuple[str, ...] = ("hemi",)) -> set[uuid.UUID]:
    """The replies about these children that somebody is told of."""
    staff_id = posting.story.staff[who].id
    ids = {posting.story.students[each].id for each in children}
    with posting.story.work(who) as work:
        ids |= conversations.children_owed_by(work, staff_id)
        found = {row.reply.id for row in conversations.inbox(work, ids, reader_id=staff_id, waiting=True)}
        assert conversations.waiting_count(work, ids, holder_id=staff_id) == len(found)
        return found


def mails(posting: Posting, who: str = "leota") -> int:
    """How many mails about somebody who is slowed were queued, after the worker has looked."""
    with posting.story.work() as work:
        conversations.tell_of_slowed(work, links=posting.story.runtime.links)
    address = posting.story.staff[who].email
    with posting.story.work() as work:
        rows = messages.Delivery.__table__.select().where(messages.Delivery.address == address)
        return sum("read for the others" in (row.subject or "") for row in work.session.execute(rows))


# ---- who threatens ----


def test_a_threat_waits_with_the_named_person_and_with_nobody_else(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(THREAT, HINE)
    assert (reply.state, reply.why, reply.words) == (ReplyState.PARKED, Parked.THREAT, THREAT)
    row = slowed(posting)
    assert (row.staff_id, row.cause, row.by) == (posting.story.staff["leota"].id, SlowedFor.THREAT, None)
    assert [task.kind for task in posting.tasks_of("leota")] == [TaskKind.SLOWED]
    assert posting.tasks_of("jan", Role.OFFICE) == []
    assert mailroom.answers_to(HINE) == []


def test_what_comes_after_it_is_filed_as_ever_and_told_to_one_person_alone(
    mailroom: Mailroom, posting: Posting
) -> None:
    before = mailroom.text("Ka pai Hēmi", HINE)
    mailroom.text(THREAT, HINE)
    answered = len(mailroom.answers_to(HINE))
    asks, says = mailroom.text(ASKS, HINE), mailroom.text("Hēmi is home sick", HINE)
    leota = posting.story.staff["leota"].id
    assert (asks.state, says.state) == (ReplyState.FILED, ReplyState.FILED)
    assert mailroom.about(says) == {"hemi"}
    assert len(mailroom.lines_of(says)) == 1
    assert waits_for(posting, "walsh") == {before.id}
    assert waits_for(posting, "leota", ()) - waits_for(posting, "walsh") == {asks.id, says.id}
    with posting.story.work() as work:
        promise = promises.promise_of(work, asks.id)
        assert promise is not None
        assert promise.holder_id == leota
    assert len(mailroom.answers_to(HINE)) == answered
    assert [task.kind for task in posting.tasks_of("leota")] == [TaskKind.SLOWED]


def test_the_named_person_is_written_to_at_once_and_then_in_batches(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(THREAT, HINE)
    assert mails(posting) == 1
    for number in range(5):
        mailroom.text(f"{number} Hēmi", HINE)
    assert mails(posting) == 1
    posting.clock.forward(hours=4)
    assert mails(posting) == 2
    posting.clock.forward(hours=9)
    assert mails(posting) == 2


def test_their_own_wishes_hold_and_nothing_else_is_answered_or_given_to_a_teacher(
    mailroom: Mailroom, posting: Posting
) -> None:
    mailroom.text(THREAT, HINE)
    for words in ("HELP", "CALL ME after 5", "HUI"):
        reply = mailroom.text(words, HINE)
        assert (reply.state, reply.told_to) == (ReplyState.FILED, posting.story.staff["leota"].id)
    assert posting.tasks_of("walsh") == []
    assert mailroom.answers_to(HINE) == []
    assert mailroom.text("STOP", HINE).state is ReplyState.COMMAND
    assert posting.opt_outs() == {HINE}
    assert len(mailroom.answers_to(HINE)) == 1


def test_which_child_is_not_asked_of_somebody_who_is_slowed(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text("I will kill you", NGAIRE)
    reply = mailroom.text("Will be late", NGAIRE)
    assert (reply.state, reply.why) == (ReplyState.PARKED, Parked.WHICH_CHILD)
    assert posting.tasks_of("jan", Role.OFFICE) == []
    assert mailroom.answers_to(NGAIRE) == []


def test_a_threat_from_a_forged_mail_or_in_a_machines_answer_slows_nobody(mailroom: Mailroom, posting: Posting) -> None:
    dave = "dave.kereama@homes.test"
    assert mailroom.mail(THREAT, dkim="fail").why == Parked.FORGED
    mailroom.mail(THREAT, automatic=True)
    assert at(posting, dave) is None
    mailroom.mail(THREAT)
    assert slowed(posting, dave).cause is SlowedFor.THREAT


# ---- nobody in need is heard less ----


@pytest.mark.parametrize(
    "words",
    [
        "he will kill me if I come home, please help me",
        "I am furious with you all, this is a bloody disgrace",
        "Our koro died last night. Kua mate.",
        "im gonna kill you lol, you got me good Ms Walsh",
        "The boys told Hēmi I will smash you",
    ],
)
def test_fear_anger_sorrow_and_what_others_said_slow_nobody(mailroom: Mailroom, posting: Posting, words: str) -> None:
    mailroom.text(words, HINE)
    assert at(posting) is None


def test_what_may_be_about_safety_goes_to_its_people_at_once_also_in_a_flood_from_somebody_slowed(
    mailroom: Mailroom, posting: Posting
) -> None:
    story = posting.story
    with story.work("burns") as work:
        safety.set_watch(work, Watch(screens=True, lead_id=story.staff["kiri"].id, deputy_id=story.staff["burns"].id))
    first = mailroom.text(THREAT, HINE)
    assert first.state is ReplyState.SAFETY
    assert slowed(posting).reply_id == first.id
    for number in range(MOST_AT_ONCE + 5):
        mailroom.text(f"{number} Hēmi", HINE)
    reply = mailroom.text("Dad is hitting me and I am scared", HINE)
    assert (reply.state, reply.told_to) == (ReplyState.SAFETY, None)
    with story.work() as work:
        (alert,) = [each for each in safety.unopened(work) if each.reply_id == reply.id]
        assert alert.next_at == work.now
        assert reply.id not in {each.id for each in conversations.came_while_slowed(work, slowed(posting))}


# ---- floods ----


def test_a_flood_slows_for_a_day_and_ends_by_itself(mailroom: Mailroom, posting: Posting) -> None:
    for number in range(MOST_AT_ONCE + 3):
        mailroom.text(f"{number} Hēmi", HINE)
    row = slowed(posting)
    assert (row.cause, row.staff_id) == (SlowedFor.FLOOD, posting.story.staff["leota"].id)
    assert [task.kind for task in posting.tasks_of("leota")] == [TaskKind.FLOOD]
    posting.clock.forward(hours=1)
    later = mailroom.text("Ka pai Hēmi", HINE)
    assert (later.state, later.told_to) == (ReplyState.FILED, row.staff_id)
    posting.clock.forward(days=1)
    assert mailroom.text("Ka pai Hēmi", HINE).told_to is None
    for number in range(MOST_AT_ONCE + 3):
        mailroom.text(f"{number} Hēmi", HINE)
    assert slowed(posting).id != row.id


# ---- by a person, and back ----


def test_a_teacher_hands_a_conversation_over_and_it_is_given_on_and_ended_with_a_history(
    mailroom: Mailroom, posting: Posting
) -> None:
    story = posting.story
    first = mailroom.text("You are a useless cow and I will tell everyone", HINE)
    with story.work("walsh") as work, pytest.raises(Invalid):
        conversations.slow_by_hand(work, first.id, reason=" ")
    with story.work("walsh") as work:
        row = conversations.slow_by_hand(work, first.id, reason="Every night for a week")
        assert (row.cause, row.by, row.reason) == (SlowedFor.PERSON, story.staff["walsh"].id, "Every night for a week")
    with story.work("walsh") as work, pytest.raises(Conflict):
        conversations.slow_by_hand(work, first.id, reason="Again")
    second = mailroom.text("And another thing about Hēmi", HINE)
    assert waits_for(posting, "walsh") == set()
    with story.work("leota") as work, pytest.raises(Invalid):
        conversations.give_on(work, row.id, story.staff["fox"].id)
    with story.work("leota") as work:
        conversations.give_on(work, row.id, story.staff["burns"].id)
    assert {told_to(posting, each) for each in (first, second)} == {story.staff["burns"].id}
    assert posting.tasks_of("leota") == []
    assert [task.kind for task in posting.tasks_of("burns")] == [TaskKind.SLOWED]
    posting.clock.forward(minutes=1)
    with story.work("burns") as work:
        conversations.end_slowing(work, slowed(posting).id, reason="We met, and it is settled")
    with story.work("burns") as work, pytest.raises(Conflict):
        conversations.end_slowing(work, row.id, reason="Twice")
    assert waits_for(posting, "walsh") == {first.id, second.id}
    assert posting.tasks_of("burns") == []
    with story.work() as work:
        history = conversations.slowed_senders(work, since=work.now - timedelta(days=1))
        steps = {(each.staff_id, each.end_reason) for each in history}
    leota, burns = story.staff["leota"].id, story.staff["burns"].id
    assert steps == {(leota, ""), (burns, "We met, and it is settled")}


def test_what_the_named_person_gives_to_a_teacher_waits_for_that_teacher(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(THREAT, HINE)
    asks = mailroom.text(ASKS, HINE)
    with posting.story.work("leota") as work:
        promises.assign(work, asks.id, posting.story.staff["walsh"].id)
    assert waits_for(posting, "walsh") == {asks.id}


def test_whoever_is_kept_from_a_child_never_reads_for_the_others_and_who_leaves_is_followed(
    mailroom: Mailroom, posting: Posting
) -> None:
    story = posting.story
    with story.work("burns") as work:
        students.bar_staff(work, story.staff["leota"].id, student_id=story.students["hemi"].id, kind=BarKind.WHANAU)
    mailroom.text(THREAT, HINE)
    assert slowed(posting).staff_id == story.staff["burns"].id


def test_the_same_school_may_choose_nobody_and_a_leader_reads(mailroom: Mailroom, posting: Posting) -> None:
    with posting.story.work("burns") as work:
        promises.set_answering(work, Answering())
    mailroom.text(THREAT, "+64215559876")
    row = slowed(posting, "+64215559876")
    assert row.staff_id == posting.story.staff["burns"].id
