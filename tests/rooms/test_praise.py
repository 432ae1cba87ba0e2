"""Praise: to everybody who may hear it, in their way and language, once, behind a welcome, and taken back in time."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import select

from commsbridge import messages, students
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import Language
from commsbridge.messages import LONGEST_WORDS, Draft, Message, MessageKind, State, Why
from commsbridge.partnership import Moment
from commsbridge.schools import Door
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, MayMessage
from tests.rooms.posting import Posting
from tests.story import open_school

# to whom


def test_everybody_who_may_hear_it_gets_it_in_their_own_way(posting: Posting) -> None:
    sent = posting.of(posting.praise("hemi"))
    assert {key: (each.channel, each.state, each.why) for key, each in sent.items()} == {
        "hine": ("text", State.QUEUED, Why.UNDO),
        "tia": ("text", State.HELD, Why.ACCESS_UNCONFIRMED),
        "koro": ("call", State.BY_HAND, Why.CARRIED_BY_PERSON),
    }


def test_who_is_restricted_from_a_child_gets_nothing_about_them(posting: Posting) -> None:
    assert set(posting.of(posting.praise("aroha"))) == {"ngaire", "dave"}
    assert posting.all_to("rangi") == []


def test_what_a_person_must_carry_is_a_task_of_the_teacher_who_wrote_it(posting: Posting) -> None:
    posting.praise("leo", by="fox")
    given = {each.kind: each for each in posting.tasks_of("fox")}
    assert set(given) == {TaskKind.INTERPRETER, TaskKind.SLIP}
    assert given[TaskKind.INTERPRETER].contact_id == posting.story.contacts["sina"].id
    assert posting.tasks_of("walsh") == []


def test_a_child_without_a_contact_is_told_to_the_teacher_and_nothing_is_written(posting: Posting) -> None:
    with pytest.raises(Invalid) as refusal:
        posting.praise("tama", by="fox")
    assert refusal.value.slots == {"name": "Tāma"}
    assert posting.moments("tama") == []


def test_a_contact_without_any_way_is_no_contact_yet(posting: Posting) -> None:
    with pytest.raises(Invalid, match="Nobody can be sent a message"):
        posting.praise("pare", by="burns")


def test_nothing_goes_out_about_a_child_who_has_left(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        student = work.session.get_one(students.Student, posting.story.students["aroha"].id)
        students.leave_student(work, student, on=date(2026, 11, 17))
    with posting.story.work("walsh") as work, pytest.raises(Invalid, match="Nobody can be sent a message"):
        messages.send_praise(work, student, Draft(words="Ka pai!"), links=posting.links)


def test_praise_comes_from_a_person(posting: Posting) -> None:
    with posting.story.work() as work, pytest.raises(Invalid, match="Sign in first"):
        messages.send_praise(work, posting.story.students["aroha"], Draft(words="Ka pai!"), links=posting.links)


# the words


def test_a_phrase_is_written_in_the_language_of_each_home(posting: Posting) -> None:
    phrase = posting.phrase()
    sent = posting.of(posting.praise("hemi", phrase=phrase.id))
    assert phrase.text_mi.replace("{name}", "Hēmi") in sent["hine"].body
    assert phrase.text_en.replace("{name}", "Hēmi") in sent["hine"].body
    aroha = posting.of(posting.praise("aroha", phrase=phrase.id))
    assert phrase.text_mi.replace("{name}", "Aroha") in aroha["ngaire"].body
    assert phrase.text_en not in aroha["ngaire"].body
    assert phrase.text_en.replace("{name}", "Aroha") in aroha["dave"].body


@pytest.mark.parametrize(
    "words",
    [
        "Tino pai te mahi a Aroha i te rā nei! 🎉👨‍👩‍👧",
        "أحسنت يا أروها",
        "Ā ē ī ō ū",
        "50% of the way\nand a second line",
    ],
)
def test_own_words_travel_as_typed_inside_the_frame_of_the_home(posting: Posting, words: str) -> None:
    sent = posting.of(posting.praise("aroha", words=words))
    assert words in sent["ngaire"].body
    assert sent["ngaire"].body.startswith("Rimu Road School: ")
    assert "Ms Walsh" in sent["ngaire"].body
    assert words.split("\n", maxsplit=1)[0] in sent["dave"].body


def test_a_nul_and_stray_spaces_are_left_out_of_own_words(posting: Posting) -> None:
    message_id = posting.praise("aroha", words="  Read the\0 whole\u00a0page\u202faloud. ")
    with posting.story.work() as work:
        assert work.session.get_one(Message, message_id).words == "Read the whole page aloud."


@pytest.mark.parametrize("length", [LONGEST_WORDS + 1, 1600])
def test_words_that_are_too_long_are_refused_with_the_limit_and_nothing_is_sent(posting: Posting, length: int) -> None:
    with pytest.raises(Invalid) as refusal:
        posting.praise("aroha", words="ā" * length)
    assert refusal.value.field == "words"
    assert refusal.value.slots == {"limit": LONGEST_WORDS}
    assert posting.all_to("ngaire") == []


def test_nothing_said_is_nothing_sent(posting: Posting) -> None:
    with pytest.raises(Invalid) as refusal, posting.story.work("walsh") as work:
        messages.send_praise(work, posting.story.students["aroha"], Draft(words=" \0\n"), links=posting.links)
    assert refusal.value.field == "words"


def test_a_phrase_of_another_school_or_a_retired_one_is_refused(posting: Posting) -> None:
    other = open_school(
        posting.story.runtime, name="Kowhai School", domain="kowhai.test", short_code="4646", mail_from="k@kowhai.test"
    )
    with other.work() as work:
        theirs = messages.offered_phrases(work, other.students["aroha"])[0].id
    with posting.story.work() as work:
        ours = work.session.get_one(messages.Phrase, posting.phrase().id)
        ours.retired_at = work.now
    for phrase in (theirs, ours.id, uuid.uuid4()):
        with pytest.raises(Invalid) as refusal:
            posting.praise("aroha", phrase=phrase)
        assert refusal.value.field == "phrase"


def test_the_same_phrase_is_not_offered_twice_in_a_term(posting: Posting) -> None:
    phrase = posting.phrase()
    taken_back = posting.praise("aroha", phrase=posting.phrase(1).id)
    posting.undo(taken_back)
    posting.praise("aroha", phrase=phrase.id)

    def offered(child: str) -> set[uuid.UUID]:
        with posting.story.work("walsh") as work:
            return {each.id for each in messages.offered_phrases(work, posting.story.students[child])}

    assert phrase.id not in offered("aroha")
    assert posting.phrase(1).id in offered("aroha")
    assert phrase.id in offered("hemi")
    posting.clock.forward(days=90)  # the next year's first term
    assert phrase.id in offered("aroha")


# the neutral line with a link


def test_as_a_link_the_words_stay_out_of_every_message(posting: Posting) -> None:
    sent = posting.of(posting.praise("aroha", words="He used his inhaler bravely.", as_link=True))
    for each in sent.values():
        assert "inhaler" not in f"{each.subject}{each.body}{each.html}"
        assert f"{posting.links.public_url}/note/" in each.body
    with posting.story.work() as work:
        purposes = work.session.execute(select(Door.purpose, Door.subject_id)).all()
    assert {(door.purpose, door.subject_id) for door in purposes} == {("note", each.id) for each in sent.values()}


def test_the_note_closes_with_the_right_to_read_it(posting: Posting) -> None:
    message_id = posting.praise("aroha", words="He used his inhaler bravely.", as_link=True)
    delivery = posting.of(message_id)["dave"]

    def may_read() -> bool:
        with posting.story.work() as work:
            return messages.note_may_be_read(work, work.session.get_one(messages.Delivery, delivery.id))

    assert may_read()
    with posting.story.work("leota") as work:
        dave, aroha = posting.story.contacts["dave"], posting.story.students["aroha"]
        messages.set_access(work, dave.id, aroha.id, may_message=MayMessage.NO, reason="A new order.")
    assert not may_read()


def test_a_note_that_was_taken_back_cannot_be_read(posting: Posting) -> None:
    message_id = posting.praise("aroha", words="He used his inhaler bravely.", as_link=True)
    delivery = posting.of(message_id)["dave"]
    posting.undo(message_id)
    with posting.story.work() as work:
        assert not messages.note_may_be_read(work, work.session.get_one(messages.Delivery, delivery.id))


# once


def test_the_same_form_twice_is_one_message(posting: Posting) -> None:
    first = posting.praise("aroha", words="Ka pai!", once_key="form-1")
    assert posting.praise("aroha", words="Ka pai!", once_key="form-1") == first
    assert len(posting.all_to("ngaire", MessageKind.PRAISE)) == 1
    assert posting.praise("aroha", words="Ka pai!", once_key="form-2") != first


# taking back


def test_praise_is_taken_back_within_ten_seconds_with_its_welcomes(posting: Posting) -> None:
    message_id = posting.praise("hemi")
    posting.clock.forward(seconds=10)
    assert posting.undo(message_id).undone_at is not None
    for contact in ("hine", "tia", "koro"):
        assert {each.state for each in posting.all_to(contact)} == {State.CANCELLED}
    assert posting.moments("hemi")[-1][1][-1] is Moment.UNDONE
    assert posting.tasks_of("walsh") == []


def test_after_ten_seconds_it_is_too_late(posting: Posting) -> None:
    message_id = posting.praise("aroha")
    posting.clock.forward(seconds=10.001)
    with pytest.raises(Conflict, match="too late"):
        posting.undo(message_id)
    assert posting.of(message_id)["ngaire"].state is State.QUEUED


def test_what_the_carrier_has_cannot_be_called_back(posting: Posting) -> None:
    message_id = posting.praise("aroha")
    posting.in_state(posting.of(message_id)["dave"], "sending")
    with pytest.raises(Conflict, match="too late"):
        posting.undo(message_id)
    assert posting.of(message_id)["ngaire"].state is State.QUEUED


def test_nobody_else_takes_it_back(posting: Posting) -> None:
    message_id = posting.praise("aroha")
    for who in ("fox", "burns"):
        with pytest.raises(NotFound):
            posting.undo(message_id, by=who)
    with pytest.raises(NotFound):
        posting.undo(uuid.uuid4())


def test_taking_it_back_twice_is_taking_it_back_once(posting: Posting) -> None:
    message_id = posting.praise("aroha")
    undone = posting.undo(message_id).undone_at
    posting.clock.forward(minutes=5)
    assert posting.undo(message_id).undone_at == undone
    assert posting.moments("aroha")[0][1].count(Moment.UNDONE) == 1


def test_a_stop_that_came_in_between_does_not_stand_against_taking_it_back(posting: Posting) -> None:
    message_id = posting.praise("aroha")
    with posting.story.work() as work:
        messages.stop_messages(
            work,
            channel=Channel.TEXT,
            address="+64215550101",
            sender_id=posting.story.texts.id,
            evidence="reply",
        )
    assert posting.undo(message_id).undone_at is not None
    assert posting.of(message_id)["ngaire"].why == Why.STOPPED


# seeing it first


def test_the_preview_shows_what_each_will_get_and_what_stands_against_it(posting: Posting) -> None:
    with posting.story.work("walsh") as work:
        shown = messages.preview_praise(
            work, posting.story.students["hemi"], Draft(words="Ka pai!"), links=posting.links
        )
        why = {each.recipient.name: each.why for each in shown}
    assert why == {
        "Hine Parata": None,
        "Hoani Parata": Why.CARRIED_BY_PERSON,
        "Tia Parata": Why.ACCESS_UNCONFIRMED,
    }
    assert all(each.composed is not None and "Ka pai!" in each.composed.body for each in shown)
    assert posting.all_to("hine") == []


def test_the_preview_does_not_show_that_a_restricted_contact_exists(posting: Posting) -> None:
    with posting.story.work("walsh") as work:
        shown = messages.preview_praise(
            work, posting.story.students["aroha"], Draft(words="Ka pai!"), links=posting.links
        )
    assert {each.recipient.name for each in shown} == {"Ngaire Kereama", "Dave Kereama"}


def test_te_reo_that_nobody_has_checked_is_said_to_be_so(posting: Posting) -> None:
    phrase = posting.phrase()
    with posting.story.work() as work:
        work.session.get_one(messages.Phrase, phrase.id).checked_by = None
    with posting.story.work("walsh") as work:
        shown = messages.preview_praise(work, posting.story.students["aroha"], Draft(phrase.id), links=posting.links)
    assert {each.recipient.name: each.unchecked for each in shown} == {"Ngaire Kereama": True, "Dave Kereama": False}


def test_what_a_home_last_received_is_what_went_there_and_was_not_taken_back(posting: Posting) -> None:
    first = posting.praise("aroha", words="One")
    posting.clock.forward(minutes=1)
    posting.undo(second := posting.praise("aroha", words="Two"))
    posting.clock.forward(minutes=1)
    third = posting.praise("aroha", words="Three")
    with posting.story.work() as work:
        for each in messages.written(work, [third])[third].deliveries:
            each.state = State.FAILED
    with posting.story.work() as work:
        shown = messages.last_received(work, posting.story.students["aroha"].id)
    assert [each.message.id for each in shown] == [first]
    assert second not in {each.message.id for each in shown}


def test_own_words_say_which_language_they_are_in(posting: Posting) -> None:
    sent = posting.of(posting.praise("aroha", words="Tino pai!", words_language=Language.MI))
    assert 'lang="mi"' in (sent["dave"].html or "")
