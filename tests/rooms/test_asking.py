"""Asking a family which child, and whether we shall stop: by number or name, never at their cost, never for ever."""

from __future__ import annotations

import pytest

from commsbridge import conversations, messages, whanau
from commsbridge.conversations import How, Parked, Reply, ReplyState
from commsbridge.conversations.stopping import asks_to_stop, read_stop_answer
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.messages import State
from commsbridge.partnership import Moment
from commsbridge.schools import Role, Sender, SenderKind
from commsbridge.tasks import TaskKind
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

NGAIRE = "+64215550101"


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    """A school on whose number a reply costs a family nothing."""
    story = posting.story
    with story.work() as work:
        sender = work.session.get_one(Sender, story.texts.id)
        sender.kind = SenderKind.ZERO_RATED
    story.texts.kind = SenderKind.ZERO_RATED
    return Mailroom(posting)


def state_of(posting: Posting, reply: Reply) -> tuple[str, str | None]:
    with posting.story.work() as work:
        found = conversations.reply_by_id(work, reply.id)
        assert found is not None
        return found.state.value, found.how


def words_to(mailroom: Mailroom) -> str:
    return mailroom.answers_to(NGAIRE)[-1].body


def later(posting: Posting, **amount: float) -> int:
    posting.clock.forward(**amount)
    with posting.story.work() as work:
        return conversations.end_due_questions(work)


def test_which_of_two_children_is_asked_in_the_familys_language(mailroom: Mailroom) -> None:
    reply = mailroom.text("Ka pai!")
    assert (reply.state, reply.why) == (ReplyState.ASKED, Parked.WHICH_CHILD)
    assert "1 mō Aroha, 2 mō Wī, 3 mō rāua tokorua" in words_to(mailroom)
    assert "Aroha, " not in words_to(mailroom).partition("1 ")[0]


@pytest.mark.parametrize(
    ("answer", "children"),
    [
        ("2", {"wi"}),
        ("1.", {"aroha"}),
        ("3", {"aroha", "wi"}),
        ("both", {"aroha", "wi"}),
        ("Both of them", {"aroha", "wi"}),
        ("rāua tokorua", {"aroha", "wi"}),
        ("wi", {"wi"}),
        ("Aroha please", {"aroha"}),
        ("mō Aroha", {"aroha"}),
    ],
)
def test_the_words_that_waited_go_where_the_answer_says(
    mailroom: Mailroom, posting: Posting, answer: str, children: set[str]
) -> None:
    waited = mailroom.text("Ka pai!")
    given = mailroom.text(answer)
    assert mailroom.about(waited) == children
    assert state_of(posting, waited) == ("filed", How.ANSWER)
    assert (given.state, mailroom.about(given)) == (ReplyState.COMMAND, set())
    with posting.story.work() as work:
        assert conversations.open_questions(work, NGAIRE) == []


def test_words_about_two_children_wait_once_for_each_wherever_what_waits_is_counted(
    mailroom: Mailroom, posting: Posting
) -> None:
    mailroom.text("Ka pai!")
    mailroom.text("both")
    children = [posting.story.students[name].id for name in ("aroha", "wi")]
    with posting.story.work() as work:
        assert conversations.waiting_count(work, children) == 2
        assert len(conversations.inbox(work, children, waiting=True)) == 2


def test_an_answer_that_says_more_is_kept_as_well(mailroom: Mailroom) -> None:
    waited = mailroom.text("Ka pai!")
    given = mailroom.text("Wī, and please ask him to bring his wet togs home this time")
    assert (mailroom.about(waited), mailroom.about(given)) == ({"wi"}, {"wi"})


def test_a_second_message_is_not_asked_about_again_and_goes_with_the_first(mailroom: Mailroom) -> None:
    first, second = mailroom.text("Ka pai!"), mailroom.text("Tino harikoa")
    assert len(mailroom.answers_to(NGAIRE)) == 1
    mailroom.text("2")
    assert (mailroom.about(first), mailroom.about(second)) == ({"wi"}, {"wi"})


def test_neither_is_for_a_person_to_say(mailroom: Mailroom, posting: Posting) -> None:
    waited = mailroom.text("Ka pai!")
    mailroom.text("neither")
    assert state_of(posting, waited)[0] == "parked"
    assert [each.subject_id for each in posting.tasks_of("jan", Role.OFFICE)] == [waited.id]


def test_a_question_expires_gently(mailroom: Mailroom, posting: Posting) -> None:
    waited = mailroom.text("Ka pai!")
    assert later(posting, hours=71) == 0
    assert later(posting, hours=2) == 1
    assert state_of(posting, waited)[0] == "parked"
    assert later(posting, hours=1) == 0
    assert len(mailroom.answers_to(NGAIRE)) == 1
    assert mailroom.text("2").state is ReplyState.ASKED


def test_where_a_reply_costs_money_nothing_is_asked(posting: Posting) -> None:
    mailroom = Mailroom(posting)
    assert mailroom.text("Ka pai!").why == Parked.WHICH_CHILD
    assert mailroom.answers_to(NGAIRE) == []


def test_who_said_stop_is_asked_nothing(mailroom: Mailroom) -> None:
    mailroom.text("STOP")
    assert mailroom.text("Ka pai!").state is ReplyState.PARKED
    assert len(mailroom.answers_to(NGAIRE)) == 1


def test_a_right_taken_away_meanwhile_holds_for_the_answer(mailroom: Mailroom, posting: Posting) -> None:
    waited = mailroom.text("Ka pai!")
    with posting.story.work("leota") as work:
        pair = posting.story.contacts["ngaire"].id, posting.story.students["wi"].id
        messages.set_access(work, *pair, may_message=whanau.MayMessage.NO, reason="A new order.")
    mailroom.text("2")
    assert (mailroom.about(waited), state_of(posting, waited)[0]) == (set(), "parked")


def test_a_person_at_school_may_say_it_first(mailroom: Mailroom, posting: Posting) -> None:
    waited = mailroom.text("Ka pai!")
    with posting.story.work("fox") as work:
        with pytest.raises(Invalid):
            conversations.settle_asked(work, waited.id, student_ids=[posting.story.students["hemi"].id])
        conversations.settle_asked(work, waited.id, student_ids=[posting.story.students["wi"].id])
    assert mailroom.about(waited) == {"wi"}
    with pytest.raises(Conflict), posting.story.work("fox") as work:
        conversations.settle_asked(work, waited.id, student_ids=[posting.story.students["wi"].id])


def test_a_wrong_match_is_moved_and_staff_see_how(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Ka pai Aroha!")
    ngaire, wi = posting.story.contacts["ngaire"].id, posting.story.students["wi"].id
    with posting.story.work("burns") as work:
        conversations.move_reply(work, reply.id, contact_id=ngaire, student_ids=[wi])
        with pytest.raises(Invalid):
            conversations.move_reply(work, reply.id, contact_id=ngaire, student_ids=[wi])
    assert mailroom.about(reply) == {"wi"}
    assert posting.moments("aroha") == []
    assert posting.moments("wi") == [(Moment.REPLY, [])]
    with posting.story.work() as work:
        (move,) = conversations.moves_of(work, [reply.id])
    assert (move.staff_id, move.to_student_ids) == (posting.story.staff["burns"].id, [wi])


# shall we stop?


@pytest.mark.parametrize(
    "words",
    [
        "please stop texting me",
        "Stop sending these messages",
        "no more texts thanks",
        "please stop",
        "Kaua e tuku karere mai",
        "take me off your list",
        "Stopp",
        "STOP\n\nSent from my phone",
        "unsubscribe please",
        "No texts please",
        "do not send me any more",
        "Please stop sending",
        "can you stop it please",
        "please take me off your contact list thanks",
        "Me mutu ngā karere",
        "Kāti te tuku karere mai",
        "kati nga karere",
    ],
)
def test_a_sentence_that_asks_to_stop_is_understood(words: str) -> None:
    assert asks_to_stop(words)


@pytest.mark.parametrize(
    "words",
    [
        "STOP",
        "He can't stop smiling",
        "please don't stop sending these",
        "stop by the office with his hat",
        "The bus stop is closed",
        "she stopped crying",
        "",
        "stop it Aroha, that is so good",
        "kāti rā",
        "Shall we stop?",
        "should we stop sending lunch?",
        "Can you please stop Hemi from eating grass",
        "can u stop him running",
        "stop sending him home early",
        "stop sending the reader home, we have no time",
        "don't send Aroha on the trip",
        "dont send the permission form, I have one",
        "do not text me while im at work",
        "Take my name off the sausage sizzle list",
        "Can you take me off the reading roster",
        "opt out of the trip",
        "u can stop the car at the gate",
        "Me mutu te kura i te toru?",
        "Kāti te mahi",
    ],
)
def test_a_sentence_with_the_word_in_it_asks_nothing(words: str) -> None:
    assert not asks_to_stop(words)


def test_who_asks_to_stop_is_asked_back_and_everything_else_is_held(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text("Hello Aroha")
    reply = mailroom.text("please stop texting me")
    assert (reply.state, reply.why) == (ReplyState.ASKED, Parked.STOP_ASKED)
    assert posting.opt_outs() == set()
    assert "te 1 kia mutu" in words_to(mailroom)
    held = posting.of(posting.praise("aroha"))["ngaire"]
    assert held.state == State.HELD
    mailroom.text("2")
    assert posting.opt_outs() == set()
    posting.settle()
    assert posting.delivery(held.id).state == State.QUEUED
    assert state_of(posting, reply)[0] == "parked"


@pytest.mark.parametrize("answer", ["1", "āe", "STOP", "Kāti", "please stop"])
def test_a_yes_stops(mailroom: Mailroom, posting: Posting, answer: str) -> None:
    mailroom.text("please stop texting me")
    assert mailroom.text(answer).command == "STOP"
    assert posting.opt_outs() == {NGAIRE}


def test_no_answer_means_stop(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text("please stop texting me")
    assert later(posting, hours=23) == 0
    assert later(posting, hours=2) == 1
    assert posting.opt_outs() == {NGAIRE}


def test_a_stranger_who_asks_to_stop_is_obeyed_and_read(mailroom: Mailroom) -> None:
    reply = mailroom.text("stop texting me", "+64215559999")
    assert (reply.state, reply.command) == (ReplyState.PARKED, "STOP")
    assert mailroom.answers_to("+64215559999") == []


@pytest.mark.parametrize(
    ("said", "meant"), [("1", True), ("ok", True), ("kāo", False), ("keep going", False), ("why", None)]
)
def test_yes_and_no_are_read_in_both_languages(said: str, meant: object) -> None:
    assert read_stop_answer(said) is meant


# a number that changed hands


def test_wrong_number_holds_the_number_for_a_person(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Sorry, wrong number")
    assert reply.why == Parked.CHANGED_HANDS
    assert "ngaire" not in posting.of(posting.praise("aroha"))
    kinds = {each.kind for each in posting.tasks_of("jan", Role.OFFICE)}
    assert kinds >= {TaskKind.MATCH_REPLY, TaskKind.CONFIRM_ADDRESS}


def test_a_choice_for_a_question_of_another_phone_is_only_words(mailroom: Mailroom) -> None:
    mailroom.text("Ka pai!")
    assert mailroom.text("2", "+64215550104").state is ReplyState.FILED
