"""A hui by text alone: the time, the people, what whānau say, and what came of the next steps."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from commsbridge import conversations, meetings, schools, whanau
from commsbridge.conversations import ReplyState
from commsbridge.meetings import Agrees, HuiState, NewStep, Welcome, Whose
from commsbridge.messages import MessageKind, State
from commsbridge.tasks import TaskKind
from commsbridge.whanau import MayMessage
from tests.rooms.gathering import NGAIRE, Gathering


def test_a_number_by_text_sets_the_time_and_all_of_that_home_are_told_when(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    reply = gathering.says("2 thanks")
    hui = gathering.hui(hui_id)
    assert (reply.state, reply.command) == (ReplyState.COMMAND, "HUI_TIME")
    assert (hui.state, hui.begins_at) == (HuiState.SET, gathering.times((4,))[0])
    assert hui.chosen_by == gathering.posting.story.contacts["ngaire"].id
    assert "Rāhoroi 21 Whiringa-ā-rangi 2026" in gathering.told("ngaire")[-2]


@pytest.mark.parametrize("words", ["tuatoru", "kia ora, 3 please"])
def test_a_number_may_be_said_in_words(gathering: Gathering, words: str) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    gathering.says(words)
    assert gathering.hui(hui_id).begins_at == gathering.times((5,))[0]


def test_what_a_phone_is_told_of_hui_leaves_in_the_order_it_was_written(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.propose(hui_id)
    gathering.invite(hui_id)
    gathering.says("1")
    invited, *waiting = gathering.posting.all_to("ngaire", MessageKind.HUI)
    assert invited.state is State.CANCELLED
    first = next(each for each in waiting if "2026" in each.body)
    (then,) = (each for each in waiting if each is not first)
    assert first.after_id != then.id
    assert then.after_id == first.id


def test_an_answer_is_a_number_or_none_and_nothing_that_says_more() -> None:
    read = conversations.read_number
    assert [read(each) for each in ("2", "3.", "tahi", "10")] == [2, 3, 1, 10]
    assert {read(each) for each in ("0", "none of these", "none of these suit", "none suits", "kāore")} == {0}
    for words in ("2 but can nan come too", "1 or 2", "no worries, see you", "", "2222", "2pm"):
        assert read(words) is None, words


def test_none_of_these_asks_whoever_opened_it_for_other_times(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    assert gathering.says("none of these").state is ReplyState.COMMAND
    assert gathering.hui(hui_id).state is HuiState.ASKED
    assert [each.subject_id for each in gathering.tasks_of("walsh", TaskKind.HUI_TIMES)] == [hui_id]
    gathering.invite(hui_id, (6,))
    assert gathering.tasks_of("walsh", TaskKind.HUI_TIMES) == []
    gathering.says("1")
    assert gathering.hui(hui_id).begins_at == gathering.times((6,))[0]


def test_what_is_no_clear_choice_is_read_by_a_person(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    for words in ("4", "2?", "2 but can nan come too", "no worries, see you"):
        assert gathering.says(words).state is not ReplyState.COMMAND
    assert gathering.hui(hui_id).state is HuiState.ASKED


def test_two_hui_on_one_phone_have_numbers_of_their_own_and_none_is_mixed_up(gathering: Gathering) -> None:
    aroha, wi = gathering.open("aroha"), gathering.open("wi", by="fox")
    gathering.invite(aroha)
    gathering.invite(wi, (6, 7), by="fox")
    assert "4: " in gathering.told("ngaire")[-1]
    assert "\n1: " not in gathering.told("ngaire")[-1]
    assert gathering.says("0").state is not ReplyState.COMMAND
    gathering.says("5")
    assert (gathering.hui(aroha).state, gathering.hui(wi).begins_at) == (HuiState.ASKED, gathering.times((7,))[0])
    gathering.says("1")
    assert gathering.hui(aroha).begins_at == gathering.times((3,))[0]


def test_the_second_answer_of_a_home_changes_nothing_and_is_read_by_a_person(gathering: Gathering) -> None:
    hui_id = gathering.set_up(by_text=True)
    before = gathering.hui(hui_id).begins_at
    assert gathering.says("2").state is not ReplyState.COMMAND
    assert gathering.hui(hui_id).begins_at == before


def test_who_may_no_longer_hear_of_the_child_chooses_nothing(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    story = gathering.posting.story
    with gathering.work() as work:
        ties = whanau.ties_of(work, [story.contacts["ngaire"].id], on=schools.today(work))
        (tie,) = [each for each in ties[story.contacts["ngaire"].id] if each.student_id == story.students["aroha"].id]
        tie.may_message = MayMessage.NO
    assert gathering.says("1").state is not ReplyState.COMMAND
    assert gathering.hui(hui_id).state is HuiState.ASKED


def test_a_question_asked_later_on_that_phone_gets_the_number(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    gathering.posting.clock.forward(minutes=5)
    with gathering.work() as work:
        reply = conversations.FamilyQuestion(
            reply_id=_some_reply(gathering), sender_id=gathering.posting.story.texts.id, address=NGAIRE,
            kind=conversations.QuestionKind.WHICH_CHILD, asked_at=work.now,
            expires_at=work.now + timedelta(days=1),
            student_ids=[gathering.posting.story.students[each].id for each in ("aroha", "wi")],
        )  # fmt: skip
        work.session.add(reply)
    gathering.says("1")
    assert gathering.hui(hui_id).state is HuiState.ASKED


def _some_reply(gathering: Gathering) -> uuid.UUID:
    return gathering.says("Ka pai a Aroha").id


# All by text


def test_a_family_says_all_it_has_to_say_by_text_alone(gathering: Gathering) -> None:
    hui_id = gathering.open()
    matiu, leota = gathering.propose(hui_id, "matiu"), gathering.propose(hui_id)
    gathering.invite(hui_id)
    gathering.says("1")
    asked = gathering.told("ngaire")[-1]
    assert "Matua Matiu (SENCO)" in asked
    assert "SENCO: Kairuruku mātauranga motuhake" in asked  # in plain words, what such a person does
    assert "Te take: Knows what help there is." in asked
    assert "4: Āe\n5: Kāo" in asked
    gathering.says("1")  # sent twice: it is no answer to what was asked since
    gathering.says("4")
    assert "Mrs Leota" in gathering.told("ngaire")[-1]
    assert gathering.says("2").state is ReplyState.COMMAND
    assert "Kaitakawaenga" in gathering.told("ngaire")[-1]
    gathering.says("maybe")  # no number: a person reads it, and the question stays open
    gathering.says("3")
    reply = gathering.says("Aroha loves the sea. Can we talk about the bus?")
    assert reply.state is ReplyState.FILED
    assert "kaiwhakamāori" in gathering.told("ngaire")[-1]
    assert gathering.says("Bring Nan and Uncle Tama. Interpreter Tongan. Place our marae").state is ReplyState.COMMAND
    before = len(gathering.told("ngaire"))
    gathering.says(gathering.number("Mō tētahi wāhanga"))
    assert len(gathering.told("ngaire")) == before
    with gathering.work("walsh") as work:
        hui = meetings.hui_for(work, gathering.viewer(work, "walsh"), hui_id)
        answers = {each.id: each.answer for each in meetings.people_of(work, hui)}
        brought = {each.name: each.id for each in meetings.people_of(work, hui) if each.by_family}
        assert brought.keys() == {"Nan", "Uncle Tama"}
        yes = dict.fromkeys(brought.values(), Welcome.YES)
        assert answers == {leota: Welcome.NO, matiu: Welcome.YES, **yes}
        wish = meetings.wish_of(work, hui)
        assert wish is not None
        assert (wish.kaitakawaenga, wish.interpreter, wish.place) == (True, "Tongan", "our marae")
        assert wish.part is meetings.Part.SOME
        voices = meetings.voices_for(work, hui, home=True)
        assert [each.words for each in voices] == ["Aroha loves the sea. Can we talk about the bus?"]
        points = [(each.whose, each.words) for each in meetings.items_of(work, hui)]
        assert points == [(Whose.FAMILY, "Aroha loves the sea. Can we talk about the bus?")]
    assert gathering.says("Aroha says thank you").state is ReplyState.FILED
    with gathering.work("walsh") as work:
        assert len(meetings.voices_for(work, work.session.get_one(meetings.Hui, hui_id), home=True)) == 1


def test_words_about_another_child_or_about_safety_are_no_answer(gathering: Gathering) -> None:
    story = gathering.posting.story
    with gathering.work("burns") as work:
        safety = conversations.safety
        safety.set_watch(work, safety.Watch(True, story.staff["kiri"].id, story.staff["burns"].id, 15, True))
    hui_id = gathering.set_up(by_text=True)
    gathering.says("5")  # no Kaitakawaenga
    gathering.says("Her uncle hits her when he is drunk")
    gathering.says("Wi is away today")
    with gathering.work() as work:
        assert meetings.voices_for(work, work.session.get_one(meetings.Hui, hui_id), home=True) == []
        assert meetings.items_of(work, work.session.get_one(meetings.Hui, hui_id)) == []
    gathering.says("0")
    assert gathering.says("Aroha loves the sea").state is ReplyState.FILED
    with gathering.work() as work:
        assert meetings.voices_for(work, work.session.get_one(meetings.Hui, hui_id), home=True) == []


LONG = "Aroha loves the sea and the birds there. " * 5
MANY = [f"The bus, {number}" for number in range(30)]


@pytest.mark.parametrize(
    ("already", "words", "points"),
    [
        ([], LONG.strip(), []),
        (["Aroha loves the sea"], "Aroha loves the sea", ["Aroha loves the sea"]),
        (MANY, "Aroha loves the sea", MANY),
    ],
    ids=["too long", "there already", "no room"],
)
def test_an_answer_that_is_no_new_point_is_heard_as_a_voice_alone(
    gathering: Gathering, already: list[str], words: str, points: list[str]
) -> None:
    hui_id = gathering.set_up(by_text=True)
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        for each in already:
            meetings.add_items(work, hui, Whose.FAMILY, [each])
    gathering.says("5")  # no Kaitakawaenga
    assert gathering.says(words).state is ReplyState.FILED
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        assert [each.words for each in meetings.voices_for(work, hui, home=True)] == [words]
        assert [each.words for each in meetings.items_of(work, hui)] == points


def test_who_answers_on_the_page_is_asked_nothing_by_text(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.propose(hui_id)
    gathering.invite(hui_id)
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        contact_id = gathering.posting.story.contacts["ngaire"].id
        meetings.choose(work, hui, 1, contact_id=contact_id, links=gathering.posting.links)
    assert len(gathering.told("ngaire")) == 2


def test_two_questions_on_one_phone_have_numbers_of_their_own(gathering: Gathering) -> None:
    aroha = gathering.set_up(by_text=True)
    assert "4: Āe" in gathering.told("ngaire")[-1]
    wi = gathering.open("wi", by="fox")
    gathering.invite(wi, (6, 7), by="fox")
    assert "1: " in gathering.told("ngaire")[-1]
    assert gathering.says("0").state is not ReplyState.COMMAND
    gathering.says("2")
    assert gathering.hui(wi).begins_at == gathering.times((7,))[0]
    gathering.says("4")
    with gathering.work() as work:
        wish = meetings.wish_of(work, work.session.get_one(meetings.Hui, aroha))
        assert wish is not None
        assert wish.kaitakawaenga


def test_what_was_put_off_is_decided_at_home_by_text(gathering: Gathering) -> None:
    hui_id, item_id, _ = gathering.hold(by_text=True)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.agree(work, hui, item_id, Agrees.LATER, "", contact_id=None)
        meetings.send_minutes(work, hui, links=gathering.posting.links)
    assert "Ten minutes a night." in gathering.told("ngaire")[-1]
    gathering.says(gathering.number("He rerekē tā mātou titiro"))
    with gathering.work() as work:
        (item,) = [each for each in meetings.items_of(work, gathering.hui(hui_id)) if each.id == item_id]
        assert (item.agrees, item.agrees_by) == (Agrees.DIFFERENTLY, gathering.posting.story.contacts["ngaire"].id)


def test_what_others_should_not_read_on_a_phone_stays_on_the_page(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        day = schools.today(work)
        new = NewStep("Ask the doctor about her asthma medicine", day, by_family=True)
        step = meetings.add_step(work, hui, new)
        meetings.end_step(work, hui, step.id, done=True, explained="", links=gathering.posting.links)
    assert "asthma" not in gathering.told("ngaire")[-1]
