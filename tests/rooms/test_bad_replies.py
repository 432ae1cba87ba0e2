"""What comes in badly: a flood, an answer years later, one to a message taken back, about a child who left."""

from __future__ import annotations

import uuid

import pytest

from commsbridge import schools, students
from commsbridge.conversations import Parked, Reply, ReplyState, promises
from commsbridge.conversations.flooding import MOST_AT_ONCE
from commsbridge.conversations.promises import Acknowledges, Answering, Step
from commsbridge.schools import Role, Sender, SenderKind
from commsbridge.tasks import TaskKind
from tests.doors.moments import screened
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

NGAIRE, HINE = "+64215550101", "+64215550104"
ASKS = "Can you tell me when camp is?"


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    """The way in of Rimu Road School."""
    return Mailroom(posting)


def free(posting: Posting) -> None:
    """A reply costs a family nothing."""
    with posting.story.work() as work:
        work.session.get_one(Sender, posting.story.texts.id).kind = SenderKind.ZERO_RATED
    posting.story.texts.kind = SenderKind.ZERO_RATED


def told(mailroom: Mailroom, address: str = HINE) -> list[str]:
    return [each.body for each in mailroom.answers_to(address) if "A person at school will read this." in each.body]


# ---- floods ----


def test_a_flood_from_one_phone_is_kept_unsorted_and_given_to_one_person_once(
    mailroom: Mailroom, posting: Posting
) -> None:
    leota = posting.story.staff["leota"].id
    with posting.story.work("burns") as work:
        promises.set_answering(work, Answering(named_id=leota))
    came = [mailroom.text(f"Hēmi {number}?", HINE) for number in range(MOST_AT_ONCE + 30)]
    assert [reply.state for reply in came[:MOST_AT_ONCE]] == [ReplyState.FILED] * MOST_AT_ONCE
    assert {(reply.state, reply.why) for reply in came[MOST_AT_ONCE:]} == {(ReplyState.PARKED, Parked.TOO_MANY)}
    assert [task.kind for task in posting.tasks_of("leota")] == [TaskKind.FLOOD]
    assert posting.tasks_of("jan", Role.OFFICE) == []
    assert mailroom.answers_to(HINE) == []


def test_stop_is_obeyed_in_a_flood_and_others_are_sorted_as_ever(mailroom: Mailroom, posting: Posting) -> None:
    for number in range(MOST_AT_ONCE + 1):
        mailroom.text(f"{number}?", HINE)
    assert mailroom.text("Ka pai Aroha", NGAIRE).state is ReplyState.FILED
    assert mailroom.text("STOP", HINE).state is ReplyState.COMMAND
    assert posting.opt_outs() == {HINE}
    assert [task.kind for task in posting.tasks_of("burns", Role.LEADER)] == [TaskKind.FLOOD]


def test_after_a_while_the_same_phone_is_sorted_again(mailroom: Mailroom, posting: Posting) -> None:
    for number in range(MOST_AT_ONCE + 1):
        mailroom.text(f"{number}?", HINE)
    posting.clock.forward(minutes=11)
    assert mailroom.text("Ka pai Hēmi", HINE).state is ReplyState.FILED


# ---- late, taken back, gone ----


def test_an_answer_years_later_is_kept_and_filed_by_who_may_hear_today(mailroom: Mailroom, posting: Posting) -> None:
    posting.arrived(posting.praise("hemi"))
    posting.clock.forward(days=365 * 3)
    assert mailroom.about(mailroom.text("Ka pai Hēmi", HINE)) == {"hemi"}
    stranger = mailroom.text("Ka pai", NGAIRE)
    assert (stranger.state, stranger.why) == (ReplyState.PARKED, Parked.WHICH_CHILD)


def test_an_answer_to_a_praise_that_was_taken_back_is_still_read(mailroom: Mailroom, posting: Posting) -> None:
    posting.undo(posting.praise("hemi"))
    assert mailroom.about(mailroom.text("What was that about Hēmi?", HINE)) == {"hemi"}


def test_words_about_a_child_who_left_are_for_a_person_and_owed_nothing_until_then(
    mailroom: Mailroom, posting: Posting
) -> None:
    with posting.story.work("burns") as work:
        hemi = work.session.get_one(students.Student, posting.story.students["hemi"].id)
        students.leave_student(work, hemi, on=schools.today(work))
    reply = mailroom.text("Can Hēmi come back?", HINE)
    assert (reply.state, reply.why) == (ReplyState.PARKED, Parked.LEFT)
    with posting.story.work() as work:
        assert promises.promise_of(work, reply.id) is None


def test_a_mail_that_answers_years_later_about_a_child_who_left_waits_for_a_person(
    mailroom: Mailroom, posting: Posting
) -> None:
    delivery = posting.of(posting.praise("aroha"))["dave"]
    with posting.story.work("burns") as work:
        aroha = work.session.get_one(students.Student, posting.story.students["aroha"].id)
        students.leave_student(work, aroha, on=schools.today(work))
    posting.clock.forward(days=365 * 3)
    reply = mailroom.mail("We kept this one on the fridge. Thank you!", token=delivery.id)
    assert (reply.state, reply.why) == (ReplyState.PARKED, Parked.LEFT)
    assert mailroom.about(reply) == set()


def test_a_text_about_safety_from_the_home_of_a_child_who_left_is_heard(mailroom: Mailroom, posting: Posting) -> None:
    screened(posting.story)
    with posting.story.work("burns") as work:
        hemi = work.session.get_one(students.Student, posting.story.students["hemi"].id)
        students.leave_student(work, hemi, on=schools.today(work))
    assert mailroom.text("Hemi is scared to go home, his uncle hit him.", HINE).state is ReplyState.SAFETY


def test_which_child_is_answered_after_that_child_left_and_a_person_places_the_words(
    mailroom: Mailroom, posting: Posting
) -> None:
    free(posting)
    waited = mailroom.text("Ka pai!", NGAIRE)
    assert waited.state is ReplyState.ASKED
    with posting.story.work("burns") as work:
        wi = work.session.get_one(students.Student, posting.story.students["wi"].id)
        students.leave_student(work, wi, on=schools.today(work))
    posting.clock.forward(days=1)
    mailroom.text("2", NGAIRE)
    assert mailroom.about(waited) == set()
    with posting.story.work() as work:
        assert work.session.get_one(Reply, waited.id).why == Parked.LEFT


# ---- phones that answer by themselves ----

DRIVING = (
    "I’m driving with Do Not Disturb While Driving turned on. I’ll see your message when I get where I’m going. "
    "(I’m not receiving notifications. If this is urgent, reply “urgent” to send a notification through with your "
    "original message.)"
)


@pytest.mark.parametrize(
    "words",
    [
        DRIVING,
        "I'm driving with Focus turned on. I'll see your message when I get where I'm going.",
        "I'm driving right now - I'll get back to you later.",
        "Auto-Reply: I am away until Monday",
        "[Automatic reply] Back at 3pm",
        "This is an automated message. Nobody reads this number.",
        "Out of office until 3 Feb",
    ],
)
def test_a_text_that_a_phone_writes_by_itself_is_kept_and_is_no_reply(
    mailroom: Mailroom, posting: Posting, words: str
) -> None:
    free(posting)
    reply = mailroom.text(words, HINE)
    assert (reply.state, reply.words) == (ReplyState.AUTOMATIC, words)
    assert mailroom.answers_to(HINE) == []
    assert posting.moments("hemi") == []
    with posting.story.work() as work:
        assert promises.promise_of(work, reply.id) is None


@pytest.mark.parametrize(
    "words",
    [
        "Im driving, will ring you at 3",
        "I'm driving him to the dentist",
        "We were out of the office paper, sorry",
        "Auto shop rang",
    ],
)
def test_what_a_person_writes_of_driving_is_theirs(mailroom: Mailroom, words: str) -> None:
    assert mailroom.text(words, HINE).state is ReplyState.FILED


@pytest.mark.parametrize("by_mail", [True, False])
def test_what_worries_in_a_machines_answer_is_read_by_people_and_not_answered(
    mailroom: Mailroom, posting: Posting, *, by_mail: bool
) -> None:
    screened(posting.story, answers=True)
    words = "Automatic reply: he hit me and I am scared to go home"
    reply = mailroom.mail(words, automatic=True) if by_mail else mailroom.text(words, HINE)
    assert reply.state is ReplyState.SAFETY
    assert mailroom.answers_to(HINE) == []


# ---- told once that a person reads it ----


def test_a_phone_is_told_once_that_a_person_reads_and_by_when(mailroom: Mailroom, posting: Posting) -> None:
    free(posting)
    mailroom.text(ASKS, HINE)
    mailroom.text("And is it raining there?", HINE)
    (words,) = told(mailroom)
    assert "If you asked something, expect an answer by Wednesday" in words
    assert "Ka pānui tētahi" in words
    assert "111" not in words


def test_in_the_holidays_it_says_until_when_the_school_is_closed_and_where_help_is(
    mailroom: Mailroom, posting: Posting
) -> None:
    free(posting)
    mailroom.text(ASKS, HINE)
    posting.clock.now = posting.clock.now.replace(month=12, day=26)
    mailroom.text("Is Hēmi in room 8 next year?", HINE)
    assert len(told(mailroom)) == 2
    assert "School is closed until" in told(mailroom)[1]
    assert "111" in told(mailroom)[1]


@pytest.mark.parametrize(
    ("acknowledges", "kind", "says"),
    [
        (Acknowledges.FREE, SenderKind.STANDARD, 0),
        (Acknowledges.ALWAYS, SenderKind.STANDARD, 1),
        (Acknowledges.NEVER, SenderKind.ZERO_RATED, 0),
    ],
)
def test_nothing_is_said_where_the_school_does_not_want_it(
    mailroom: Mailroom, posting: Posting, acknowledges: Acknowledges, kind: SenderKind, says: int
) -> None:
    if kind is SenderKind.ZERO_RATED:
        free(posting)
    with posting.story.work("burns") as work:
        promises.set_answering(work, Answering(acknowledges=acknowledges))
    mailroom.text(ASKS, HINE)
    assert len(told(mailroom)) == says


def test_who_said_stop_a_mailbox_and_a_machine_are_told_nothing(mailroom: Mailroom, posting: Posting) -> None:
    free(posting)
    mailroom.text("STOP", HINE)
    mailroom.text(ASKS, HINE)
    assert told(mailroom) == []
    mailroom.mail("Is Aroha well?", automatic=True)
    mailroom.mail("Is Aroha well?")
    assert mailroom.answers_to("dave.kereama@homes.test") == []


# ---- a conversation is handed over ----


def test_all_that_somebody_writes_goes_to_whom_it_was_given_until_it_is_given_back(
    mailroom: Mailroom, posting: Posting
) -> None:
    hine, leota = posting.story.contacts["hine"].id, posting.story.staff["leota"].id

    def holder(reply: Reply) -> uuid.UUID | None:
        with posting.story.work() as work:
            promise = promises.promise_of(work, reply.id)
            assert promise is not None
            assert promises.steps_of(work, promise)[0].step is Step.FOUND
            return promise.holder_id

    with posting.story.work("walsh") as work:
        promises.hand_over(work, hine, leota)
    assert holder(mailroom.text(ASKS, HINE)) == leota
    with posting.story.work("walsh") as work:
        promises.hand_over(work, hine, posting.story.staff["fox"].id)
    assert holder(mailroom.text("Is Hēmi ok?", HINE)) == posting.story.staff["walsh"].id
    with posting.story.work("walsh") as work:
        promises.hand_over(work, hine, None)
        assert promises.handed_to(work, hine) is None
