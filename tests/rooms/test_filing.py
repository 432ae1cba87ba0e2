"""Filing: every word that comes in stands in the log of the right child, is obeyed, or waits for a person."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from commsbridge import conversations, messages, whanau
from commsbridge.conversations import Parked, ReplyState
from commsbridge.conversations.gateways import InboundText
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.messages import State, Why
from commsbridge.messages.notices import MOST_ANSWERS_AN_HOUR
from commsbridge.partnership import Moment
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, ConsentEntry, MayMessage
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

STRANGER = "+64215559999"


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    return Mailroom(posting)


# in the log


def test_an_answer_stands_in_the_log_of_the_child_it_is_about(mailroom: Mailroom, posting: Posting) -> None:
    posting.arrived(posting.praise("wi", by="fox"))
    reply = mailroom.text("Ka pai! Tino harikoa mātou 😊")
    assert (reply.state, reply.contact_id) == (ReplyState.FILED, posting.story.contacts["ngaire"].id)
    assert mailroom.about(reply) == {"wi"}
    assert posting.moments("wi")[0] == (Moment.REPLY, [])
    assert mailroom.found("wi", "harikoa matou") == [reply.id]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Tino harikoa mātou ki a Aroha", "mi"),
        ("Aroha kei te mauiui", "mi"),
        ("Great mahi Aroha!", "en"),
        ("Kei te māuiui a Aroha so she is staying home", "mix"),
        ("Fa'afetai tele lava", "other"),
    ],
)
def test_words_are_marked_with_their_language_and_nobodys_preference_changes(
    mailroom: Mailroom, posting: Posting, words: str, language: str
) -> None:
    ngaire, on = posting.story.contacts["ngaire"].id, posting.clock.now.date()
    with posting.story.work() as work:
        asked = whanau.language_of(work, ngaire, on=on)
    assert mailroom.text(words).language == language
    with posting.story.work() as work:
        assert whanau.language_of(work, ngaire, on=on) == asked


def test_words_about_two_children_stand_in_both_logs(mailroom: Mailroom) -> None:
    reply = mailroom.text("Aroha and Wī are both sick today")
    assert mailroom.about(reply) == {"aroha", "wi"}
    assert len(mailroom.lines_of(reply)) == 2


def test_an_answer_finds_its_child_by_when_the_message_left_not_when_it_was_written(
    mailroom: Mailroom, posting: Posting
) -> None:
    message_id = posting.praise("wi", by="fox")
    posting.clock.forward(days=2)
    posting.arrived(message_id)
    posting.clock.forward(days=2)
    assert mailroom.about(mailroom.text("Ka pai!")) == {"wi"}


def test_an_answer_to_a_mail_finds_its_child_by_its_reply_address(mailroom: Mailroom, posting: Posting) -> None:
    delivery = posting.of(posting.praise("wi", by="fox"))["dave"]
    posting.clock.forward(days=60)
    reply = mailroom.mail("So proud of him!\n\n> Kia ora Dave,", token=delivery.id, dkim="fail")
    assert (reply.state, reply.words, reply.proven) == (ReplyState.FILED, "So proud of him!", False)
    assert "> Kia ora Dave," in reply.original
    assert mailroom.about(reply) == {"wi"}


def test_an_answer_to_a_message_that_was_taken_back_is_still_an_answer(mailroom: Mailroom, posting: Posting) -> None:
    message_id = posting.praise("aroha")
    delivery = posting.of(message_id)["dave"]
    posting.undo(message_id)
    assert mailroom.about(mailroom.mail("What was that about?", token=delivery.id)) == {"aroha"}


def test_an_answer_to_a_delivery_that_is_not_here_finds_its_place_by_its_address(mailroom: Mailroom) -> None:
    reply = mailroom.mail("Aroha loved it", token=uuid.uuid4())
    assert (reply.state, reply.delivery_id) == (ReplyState.FILED, None)
    assert mailroom.about(reply) == {"aroha"}


@pytest.mark.parametrize("body", ["", " ", "\0", "😊", "أهلا", "ā" * 1600])
def test_whatever_is_written_is_kept(mailroom: Mailroom, posting: Posting, body: str) -> None:
    posting.arrived(posting.praise("hemi"))
    reply = mailroom.text(body, "+64215550104")
    assert reply.state is ReplyState.FILED
    assert reply.original == body.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert reply.words == body.replace("\0", "").strip()


def test_words_with_a_nul_are_shown_without_it(mailroom: Mailroom) -> None:
    reply = mailroom.text("Ka pai\0 Aroha")
    assert (reply.words, reply.original) == ("Ka pai Aroha", "Ka pai\N{REPLACEMENT CHARACTER} Aroha")


def test_the_same_request_taken_again_changes_nothing(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Ka pai Aroha")
    before = posting.moments("aroha")
    assert mailroom.again(reply) is None
    assert posting.moments("aroha") == before


def test_out_of_office_is_kept_and_neither_filed_nor_answered(mailroom: Mailroom, posting: Posting) -> None:
    delivery = posting.of(posting.praise("aroha"))["dave"]
    reply = mailroom.mail("I am away. STOP", token=delivery.id, automatic=True)
    assert reply.state is ReplyState.AUTOMATIC
    assert mailroom.lines_of(reply) == []
    assert posting.opt_outs() == set()


# for a person to place


def parked(posting: Posting, who: str, *roles: Role) -> list[tuple[str, uuid.UUID | None]]:
    given = posting.tasks_of(who, *roles)
    return [(each.words, each.subject_id) for each in given if each.kind is TaskKind.MATCH_REPLY]


def test_an_unknown_number_is_parked_for_the_office_and_told_that_a_person_will_read_it(
    mailroom: Mailroom, posting: Posting
) -> None:
    reply = mailroom.text("Who is this?", STRANGER)
    assert (reply.state, reply.why) == (ReplyState.PARKED, Parked.UNKNOWN_SENDER)
    assert parked(posting, "jan", Role.OFFICE) == [("unknown_sender", reply.id)]
    (answer,) = mailroom.answers_to(STRANGER)
    assert not any(child in answer.body for child in ("Aroha", "Hēmi", "Kereama"))
    mailroom.text("Hello?", STRANGER)
    assert len(mailroom.answers_to(STRANGER)) == 1
    posting.clock.forward(hours=25)
    mailroom.text("Hello again?", STRANGER)
    assert len(mailroom.answers_to(STRANGER)) == 2


def test_an_unknown_mailbox_is_parked_and_not_answered(mailroom: Mailroom) -> None:
    reply = mailroom.mail("Who is this?", "stranger@homes.test")
    assert reply.why == Parked.UNKNOWN_SENDER
    assert mailroom.answers_to("stranger@homes.test") == []


def test_a_restricted_contacts_words_are_for_those_who_may_know(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("How is Aroha?", "+64215550103")
    assert reply.why == Parked.NO_ACCESS
    assert parked(posting, "leota", Role.LEARNING_SUPPORT) == [("no_access", reply.id)]
    assert parked(posting, "jan", Role.OFFICE) == []
    assert mailroom.answers_to("+64215550103") == []
    assert posting.moments("aroha") == []


def test_a_contact_nobody_has_confirmed_is_not_filed(mailroom: Mailroom) -> None:
    assert mailroom.text("Ka pai Hēmi", "+64215550105").why == Parked.NO_ACCESS


def test_which_of_two_children_is_asked_not_guessed(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Ka pai!")
    assert reply.why == Parked.WHICH_CHILD
    assert parked(posting, "jan", Role.OFFICE) == [("which_child", reply.id)]


def test_a_mail_that_may_be_forged_waits_for_a_person(mailroom: Mailroom) -> None:
    assert mailroom.mail("Aroha will be picked up by Rangi", dkim="fail").why == Parked.FORGED
    assert mailroom.mail("Aroha will be picked up by Rangi", dkim="pass").state is ReplyState.FILED


def test_an_answer_from_another_mailbox_is_nobodys_yet(mailroom: Mailroom, posting: Posting) -> None:
    delivery = posting.of(posting.praise("aroha"))["dave"]
    reply = mailroom.mail("Nice!", "nana@homes.test", token=delivery.id)
    assert reply.why == Parked.WHICH_PERSON
    stopped = mailroom.mail("STOP", "nana@homes.test", token=delivery.id)
    assert (stopped.state, posting.opt_outs()) == (ReplyState.PARKED, set())


def test_an_answer_after_the_right_was_taken_away_is_not_filed(mailroom: Mailroom, posting: Posting) -> None:
    delivery = posting.of(posting.praise("aroha"))["dave"]
    with posting.story.work("leota") as work:
        pair = posting.story.contacts["dave"].id, posting.story.students["aroha"].id
        messages.set_access(work, *pair, may_message=MayMessage.NO, reason="A new order.")
    assert mailroom.mail("Nice!", token=delivery.id).why == Parked.NO_ACCESS


def test_a_person_places_parked_words_once(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Ka pai!")
    place = {
        "contact_id": posting.story.contacts["ngaire"].id,
        "student_ids": [posting.story.students["wi"].id],
    }
    with posting.story.work("jan") as work:
        placed = conversations.settle_parked(work, reply.id, **place)  # type: ignore[arg-type]
    assert (placed.state, placed.settled_by) == (ReplyState.FILED, posting.story.staff["jan"].id)
    assert mailroom.about(reply) == {"wi"}
    assert parked(posting, "jan", Role.OFFICE) == []
    with pytest.raises(Conflict), posting.story.work("jan") as work:
        conversations.settle_parked(work, reply.id, **place)  # type: ignore[arg-type]


@pytest.mark.parametrize(("contact", "children"), [("rangi", ["aroha"]), ("ngaire", ["hemi"]), ("ngaire", [])])
def test_nobody_places_words_where_their_writer_may_not_hear(
    mailroom: Mailroom, posting: Posting, contact: str, children: list[str]
) -> None:
    reply = mailroom.text("Ka pai!")
    ids = [posting.story.students[child].id for child in children]
    with pytest.raises(Invalid), posting.story.work("jan") as work:
        conversations.settle_parked(work, reply.id, contact_id=posting.story.contacts[contact].id, student_ids=ids)
    with pytest.raises(NotFound), posting.story.work("jan") as work:
        conversations.settle_parked(work, uuid.uuid4(), contact_id=uuid.uuid4(), student_ids=ids)


def test_that_somebody_has_read_it_is_told_once(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Ka pai Aroha")
    aroha = posting.story.students["aroha"].id

    def waiting() -> int:
        with posting.story.work() as work:
            return len(conversations.replies_about(work, [aroha], waiting=True))

    assert waiting() == 1
    for who in ("walsh", "leota"):
        with posting.story.work(who) as work:
            conversations.see_reply(work, reply.id, aroha)
    assert waiting() == 0
    assert posting.moments("aroha") == [(Moment.REPLY, [Moment.SEEN])]
    with pytest.raises(NotFound), posting.story.work("fox") as work:
        conversations.see_reply(work, reply.id, posting.story.students["hemi"].id)


# wishes


def test_stop_is_obeyed_told_neutrally_and_answered_in_the_language_of_the_home(
    mailroom: Mailroom, posting: Posting
) -> None:
    waiting = posting.of(posting.praise("aroha"))["ngaire"]
    reply = mailroom.text("Kāti")
    assert (reply.state, reply.command) == (ReplyState.COMMAND, "STOP")
    assert posting.opt_outs() == {"+64215550101"}
    assert (posting.delivery(waiting.id).state, posting.delivery(waiting.id).why) == (State.CANCELLED, Why.STOPPED)
    assert [line.moment for line in mailroom.lines_of(reply)] == [Moment.WISH, Moment.WISH]
    (answer,) = mailroom.answers_to("+64215550101")
    assert (answer.language, answer.state) == ("mi", State.QUEUED)
    with posting.story.work() as work:
        (entry,) = work.session.query(ConsentEntry).all()
    assert (entry.evidence, entry.evidence_id) == ("reply", reply.id)


def test_a_stop_the_carrier_has_answered_is_obeyed_and_not_answered_again(mailroom: Mailroom, posting: Posting) -> None:
    assert mailroom.text("Stop", opt_out="STOP").command == "STOP"
    assert posting.opt_outs() == {"+64215550101"}
    assert mailroom.answers_to("+64215550101") == []
    with posting.story.work() as work:
        assert [entry.evidence for entry in work.session.query(ConsentEntry).all()] == ["carrier"]


def test_start_opens_the_way_again_and_says_so(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text("STOP")
    posting.clock.forward(minutes=1)
    mailroom.text("tīmata")
    assert posting.opt_outs() == set()
    assert len(mailroom.answers_to("+64215550101")) == 2


def test_help_says_where_help_is_and_is_no_line_in_the_log(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("HELP", "+64215550104")
    (answer,) = mailroom.answers_to("+64215550104")
    assert all(said in answer.body for said in ("09 555 0100", "111", "1737", "STOP"))
    assert mailroom.lines_of(reply) == []
    assert posting.opt_outs() == set()


def test_stop_from_a_phone_nobody_knows_is_obeyed(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("STOP", STRANGER)
    assert (reply.command, reply.contact_id) == ("STOP", None)
    with posting.story.work("jan") as work:
        ngaire = work.session.get_one(whanau.Contact, posting.story.contacts["ngaire"].id)
        messages.change_ways(work, ngaire, [(Channel.TEXT, STRANGER)])
    assert "ngaire" not in posting.of(posting.praise("aroha"))


def test_stop_by_mail_unsubscribes_and_is_not_answered(mailroom: Mailroom, posting: Posting) -> None:
    delivery = posting.of(posting.praise("aroha"))["dave"]
    assert mailroom.mail("Stop", token=delivery.id, dkim="fail").command == "STOP"
    assert posting.opt_outs() == {"dave.kereama@homes.test"}
    assert mailroom.answers_to("dave.kereama@homes.test") == []


def test_help_by_mail_is_read_by_a_person(mailroom: Mailroom, posting: Posting) -> None:
    delivery = posting.of(posting.praise("aroha"))["dave"]
    reply = mailroom.mail("Help", token=delivery.id)
    assert (reply.state, reply.words) == (ReplyState.FILED, "Help")


def test_two_machines_that_answer_each_other_fall_silent_and_are_still_obeyed(
    mailroom: Mailroom, posting: Posting
) -> None:
    for _ in range(8):
        mailroom.text("HELP")
        posting.clock.forward(minutes=1)
    assert len(mailroom.answers_to("+64215550101")) == MOST_ANSWERS_AN_HOUR
    assert mailroom.text("STOP").command == "STOP"
    assert posting.opt_outs() == {"+64215550101"}
    posting.clock.forward(days=1)
    mailroom.text("HELP")
    # With the one to STOP, and the one of today.
    assert len(mailroom.answers_to("+64215550101")) == MOST_ANSWERS_AN_HOUR + 2


# stored before anything is decided


def test_a_request_that_comes_twice_is_stored_once(mailroom: Mailroom, posting: Posting) -> None:
    first = mailroom.store("SM-twice", b"one")
    assert mailroom.store("SM-twice", b"two") == first
    with posting.story.runtime.lobby(ingest=True) as ingest:
        raw = conversations.raw_request(ingest, first)
    assert raw is not None
    assert raw.body == b"one"


def test_a_request_of_no_school_stays_is_counted_and_not_tried_for_ever(mailroom: Mailroom, posting: Posting) -> None:
    raw_id = mailroom.store("SM-nobody", known=False)
    with posting.story.runtime.lobby(ingest=True) as ingest:
        conversations.give_to_school(ingest, raw_id, None)
        assert conversations.waiting_raw(ingest) == []
        assert conversations.untaken(ingest) == 1
        assert conversations.note_trouble(ingest, raw_id, "not taken") == 0


def test_a_request_that_cannot_be_taken_is_tried_five_times_and_then_counted(
    mailroom: Mailroom, posting: Posting
) -> None:
    raw_id = mailroom.store("SM-poison")
    with posting.story.runtime.lobby(ingest=True) as ingest:
        assert [conversations.note_trouble(ingest, raw_id, "ValueError") for _ in range(5)] == [1, 2, 3, 4, 5]
        assert conversations.waiting_raw(ingest) == []
        assert conversations.untaken(ingest) == 1


def test_once_taken_a_request_changes_hands_no_more(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text("Ka pai Aroha")
    with posting.story.runtime.lobby(ingest=True) as ingest:
        conversations.give_to_school(ingest, reply.raw_id, None)
        assert conversations.raw_request(ingest, reply.raw_id) is None
        assert conversations.untaken(ingest) == 0
    with posting.story.work() as work:
        assert conversations.reply_by_id(work, reply.id) is not None


def test_what_was_missed_keeps_the_time_it_came(mailroom: Mailroom, posting: Posting) -> None:
    came = posting.clock() - timedelta(hours=9)
    with posting.story.runtime.lobby(ingest=True) as ingest:
        for key, at in (("SM-past", came), ("SM-ahead", posting.clock() + timedelta(hours=1))):
            conversations.store_raw(
                ingest,
                carrier="twilio",
                carrier_key=key,
                content_type="text/plain",
                body=b"",
                school_id=posting.story.school_id,
                received_at=at,
            )
        missed = conversations.waiting_raw(ingest)
    taken = [
        mailroom.take(conversations.post_of_text(raw_id, InboundText("SM", "+64215550104", "4545", "Ka pai!")))
        for raw_id in missed
    ]
    assert [reply.received_at for reply in taken if reply] == [came, posting.clock()]
    assert [line.at for reply in taken if reply for line in mailroom.lines_of(reply)] == [came, posting.clock()]
