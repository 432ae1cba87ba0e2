"""Hui: a family chooses time and people, nothing shows another home, and next steps are followed to their end."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from commsbridge import conversations, meetings, messages, partnership, schools, students, tasks, whanau
from commsbridge.conversations import ReplyState
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.meetings import Agrees, Hears, Helped, HuiKind, HuiState, NewStep, Proposed, Welcome, Whose, Wishes
from commsbridge.messages import State
from commsbridge.partnership import Moment
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind
from commsbridge.whanau import MayMessage, WishKind
from tests.rooms.gathering import HINE, NGAIRE, PURPOSE, Gathering
from tests.rooms.posting import Posting


@pytest.fixture
def gathering(posting: Posting) -> Gathering:
    return Gathering(posting)


def tasks_of(gathering: Gathering, who: str, kind: TaskKind) -> list[tasks.Task]:
    roles = [Role.LEARNING_SUPPORT] if who == "leota" else []
    return [each for each in gathering.posting.tasks_of(who, *roles) if each.kind is kind]


# The invitation


def test_a_home_is_asked_in_its_language_which_time_suits_and_no_other_home_hears_of_it(gathering: Gathering) -> None:
    gone = gathering.invite(gathering.open("aroha", "ngaire"))
    assert set(gone) == {"ngaire"}
    (body,) = gathering.told("ngaire")
    assert "1: Rāmere 20 Whiringa-ā-rangi 2026, 3:30 i te ahiahi" in body
    assert PURPOSE not in body
    assert "Which time suits" not in body
    assert gathering.told("dave") == []
    with gathering.work() as work:
        story = gathering.posting.story
        dave, ngaire = (work.session.get_one(whanau.Contact, story.contacts[each].id) for each in ("dave", "ngaire"))
        aroha = [story.students["aroha"].id]
        assert meetings.hui_of_home(work, dave, aroha) == []
        (hui,) = meetings.hui_of_home(work, ngaire, aroha)
        with pytest.raises(NotFound):
            meetings.hui_at_home(work, dave, aroha, hui.id)


def test_a_text_says_nothing_of_putting_things_right(gathering: Gathering) -> None:
    gathering.invite(gathering.open("hemi", "hine", kind=HuiKind.RESTORATIVE))
    gathering.invite(gathering.open("hemi", "hine", kind=HuiKind.IEP))
    first, second = gathering.told("hine")
    assert "putting things right" not in first
    assert "individual plan (IEP)" in second


def test_who_wants_praise_alone_who_is_restricted_and_who_has_no_way_are_left_alone_and_named(
    gathering: Gathering,
) -> None:
    story = gathering.posting.story
    with gathering.work() as work:
        asked = whanau.Asked(WishKind.PRAISE_ONLY, frozenset(), None)
        messages.set_wishes(work, story.contacts["ngaire"].id, asked, evidence="link", evidence_id=uuid.uuid4())
    hui_id = gathering.open("aroha", "ngaire")
    assert gathering.invite(hui_id) == {}
    with gathering.work() as work:
        hui = meetings.hui_for(work, gathering.viewer(work, "walsh"), hui_id)
        assert meetings.not_reached(work, hui) == ["Ngaire Kereama"]
        homes = meetings.homes_of(work, story.students["aroha"])
        assert "Rangi Moke" not in {each.name for home in homes for each in home.people}


def test_a_text_waits_for_the_familys_hours(gathering: Gathering) -> None:
    gathering.posting.clock.now = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)  # 11 at night
    (delivery,) = gathering.invite(gathering.open()).values()
    assert (delivery.state, delivery.why) == (State.QUEUED, "quiet_hours")
    assert delivery.due_at > gathering.posting.clock.now


def test_only_one_to_three_times_to_come_can_be_offered(gathering: Gathering) -> None:
    hui_id = gathering.open()
    for days in ((), (1, 2, 3, 4), (-1,), (200,)):
        with pytest.raises(Invalid):
            gathering.invite(hui_id, days)
    assert gathering.hui(hui_id).state is HuiState.PREPARED


def test_a_hui_needs_a_purpose_a_length_and_a_real_link(gathering: Gathering) -> None:
    for field, said in (
        ("purpose", {"purpose": " "}),
        ("minutes", {"minutes": 5}),
        ("video_url", {"video_url": "javascript:alert(1)"}),
        ("video_url", {"video_url": "http://meet.test/a"}),
        ("place", {"place": "x" * 201}),
    ):
        with pytest.raises(Invalid) as refusal:
            gathering.open(**said)
        assert refusal.value.field == field


# The answer by text


def test_a_number_by_text_sets_the_time_and_all_of_that_home_are_told_when(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    reply = gathering.says("2 thanks")
    hui = gathering.hui(hui_id)
    assert (reply.state, reply.command) == (ReplyState.COMMAND, "HUI_TIME")
    assert (hui.state, hui.begins_at) == (HuiState.SET, gathering.times((4,))[0])
    assert hui.chosen_by == gathering.posting.story.contacts["ngaire"].id
    assert "Rāhoroi 21 Whiringa-ā-rangi 2026" in gathering.told("ngaire")[-1]


@pytest.mark.parametrize("words", ["tuatoru", "kia ora, 3 please"])
def test_a_number_may_be_said_in_words(gathering: Gathering, words: str) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    gathering.says(words)
    assert gathering.hui(hui_id).begins_at == gathering.times((5,))[0]


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
    assert [each.subject_id for each in tasks_of(gathering, "walsh", TaskKind.HUI_TIMES)] == [hui_id]
    gathering.invite(hui_id, (6,))
    assert tasks_of(gathering, "walsh", TaskKind.HUI_TIMES) == []
    gathering.says("1")
    assert gathering.hui(hui_id).begins_at == gathering.times((6,))[0]


def test_what_is_no_clear_choice_is_read_by_a_person(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    for words in ("4", "2 but can nan come too", "no worries, see you"):
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
    hui_id = gathering.set_up()
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


# People


def propose(gathering: Gathering, hui_id: uuid.UUID, who: str = "leota") -> uuid.UUID:
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        staff_id = gathering.posting.story.staff[who].id
        return meetings.propose(work, hui, Proposed("senco", "Knows what help there is.", staff_id=staff_id)).id


def decide(gathering: Gathering, hui_id: uuid.UUID, person_id: uuid.UUID, welcome: Welcome) -> None:
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        contact_id = gathering.posting.story.contacts["ngaire"].id
        meetings.decide_person(work, hui, person_id, welcome, contact_id=contact_id)


def reads(gathering: Gathering, who: str, hui_id: uuid.UUID) -> bool:
    with gathering.work(who) as work:
        try:
            meetings.hui_for(work, gathering.viewer(work, who), hui_id)
        except NotFound:
            return False
        return True


def test_nobody_is_told_of_a_hui_before_the_family_said_yes_to_them(gathering: Gathering) -> None:
    hui_id = gathering.open()
    person = propose(gathering, hui_id, "fox")
    gathering.invite(hui_id)
    gathering.says("1")
    assert tasks_of(gathering, "fox", TaskKind.HUI_COMING) == []
    assert not reads(gathering, "fox", hui_id)
    decide(gathering, hui_id, person, Welcome.YES)
    assert len(tasks_of(gathering, "fox", TaskKind.HUI_COMING)) == 1
    assert reads(gathering, "fox", hui_id)


def test_who_is_declined_after_being_told_hears_that_they_are_not_needed_and_reads_nothing_more(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    person = propose(gathering, hui_id)
    decide(gathering, hui_id, person, Welcome.YES)
    assert len(tasks_of(gathering, "leota", TaskKind.HUI_COMING)) == 1
    decide(gathering, hui_id, person, Welcome.NO)
    assert tasks_of(gathering, "leota", TaskKind.HUI_COMING) == []
    assert len(tasks_of(gathering, "leota", TaskKind.HUI_NOT_NEEDED)) == 1
    assert not reads(gathering, "leota", hui_id)


def test_a_hui_is_read_by_those_at_the_table_and_by_who_leads_support_alone(gathering: Gathering) -> None:
    hui_id = gathering.open()
    assert {who for who in gathering.posting.story.staff if reads(gathering, who, hui_id)} == {
        "walsh", "leota", "burns",
    }  # fmt: skip


def test_a_teacher_who_no_longer_teaches_the_child_reads_nothing_of_its_hui(gathering: Gathering) -> None:
    hui_id = gathering.open()
    with gathering.work() as work:
        walsh, aroha = gathering.posting.story.staff["walsh"], gathering.posting.story.students["aroha"]
        (class_,) = students.classes_by_student(work, schools.today(work))[aroha.id]
        students.end_teaching(work, walsh, class_, on=schools.today(work) - timedelta(days=1))
    assert not reads(gathering, "walsh", hui_id)


def test_whoever_is_whanau_of_the_child_is_not_proposed_as_staff(gathering: Gathering) -> None:
    hui_id = gathering.open("hemi", "hine")
    with gathering.work() as work:
        story = gathering.posting.story
        kind = students.BarKind.WHANAU
        students.bar_staff(work, story.staff["leota"].id, student_id=story.students["hemi"].id, kind=kind)
    with pytest.raises(Invalid):
        propose(gathering, hui_id)
    assert not reads(gathering, "leota", hui_id)


def test_the_family_brings_whom_it_likes_and_says_how_it_should_be(gathering: Gathering) -> None:
    hui_id = gathering.open()
    contact_id = gathering.posting.story.contacts["ngaire"].id
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        brought = meetings.bring(work, hui, contact_id, name="Nan", role="nobody", why="")
        assert (brought.answer, brought.by_family, brought.role) == (Welcome.YES, True, "whanau")
        with pytest.raises(Conflict):
            meetings.bring(work, hui, contact_id, name="Nan", role="whanau", why="")
        meetings.say_wishes(work, hui, Wishes(place="Te marae", kaitakawaenga=True), contact_id=contact_id)
        work.session.flush()
        wish = meetings.wish_of(work, hui)
        assert wish is not None
        assert (wish.place, wish.kaitakawaenga, wish.staff_id) == ("Te marae", True, None)


# Changed, reminded, called off


def look(gathering: Gathering) -> int:
    with gathering.posting.story.runtime.carrier() as session:
        waiting = meetings.schools_with_hui_to_look_at(session, gathering.posting.clock())
    if gathering.posting.story.school_id not in waiting:
        return 0
    with gathering.work() as work:
        return meetings.look_at_hui(work, links=gathering.posting.links)


def test_the_home_is_reminded_once_the_afternoon_before(gathering: Gathering) -> None:
    gathering.set_up()
    gathering.posting.clock.forward(days=1)
    assert look(gathering) == 0
    gathering.posting.clock.forward(days=1, hours=1, minutes=5)
    assert look(gathering) == 1
    assert look(gathering) == 0
    assert len(gathering.told("ngaire")) == 3


def test_a_new_time_is_told_and_the_old_one_goes_out_no_more(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    gathering.invite(hui_id, (9,))
    hui = gathering.hui(hui_id)
    assert (hui.state, hui.begins_at) == (HuiState.ASKED, None)
    states = [each.state for each in gathering.posting.all_to("ngaire", messages.MessageKind.HUI)]
    assert states == [State.CANCELLED, State.CANCELLED, State.QUEUED]


def test_a_hui_called_off_is_told_and_takes_no_answer_any_more(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.call_off(work, hui, "", links=gathering.posting.links)
    assert len(gathering.told("ngaire")) == 2
    assert gathering.says("1").state is not ReplyState.COMMAND
    with gathering.work("walsh") as work, pytest.raises(Conflict):
        meetings.call_off(work, work.session.get_one(meetings.Hui, hui_id), "", links=gathering.posting.links)


def test_a_hui_over_the_change_of_clocks_keeps_its_hour_and_its_calendar_file_is_sound(gathering: Gathering) -> None:
    gathering.posting.clock.now = datetime(2026, 9, 25, 2, 0, tzinfo=UTC)  # two days before clocks go on
    hui_id = gathering.open(video_url="https://meet.test/rimu")
    gathering.invite(hui_id, (1, 3))
    assert gathering.told("ngaire")[0].count("3:30 i te ahiahi") == 2
    gathering.says("2")
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        assert hui.begins_at == datetime(2026, 9, 28, 2, 30, tzinfo=UTC)
        file = meetings.hui_calendar(work, hui, summary="Hui", description="Ā, " * 40, host="rimu.test")
        (event,) = icalendar.Calendar.from_ical(file).walk("VEVENT")
        assert (event["UID"], event["STATUS"], event.decoded("DTSTART")) == (
            f"hui-{hui_id}@rimu.test", "CONFIRMED", hui.begins_at,
        )  # fmt: skip
        first = str(event["SEQUENCE"])
        assert b"DTSTART:20260928T023000Z" in file
        assert all(len(line) <= 75 for line in file.split(b"\r\n"))
        assert b"Aroha" not in file
        meetings.call_off(work, hui, "", links=gathering.posting.links)
        (off,) = icalendar.Calendar.from_ical(
            meetings.hui_calendar(work, hui, summary="Hui", description="", host="rimu.test")
        ).walk("VEVENT")
        assert (off["UID"], off["STATUS"], int(str(off["SEQUENCE"])) > int(first)) == (event["UID"], "CANCELLED", True)


# Voices


def test_a_students_voice_is_heard_by_whom_they_chose(gathering: Gathering) -> None:
    hui_id = gathering.open()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        for words, hears in (("I like maths", Hears.EVERYONE), ("I miss Dad", Hears.HOME), ("too loud", Hears.SCHOOL)):
            meetings.say_for_student(work, hui, words, hears=hears, with_whom="Matua Matiu")
        assert {each.words for each in meetings.voices_for(work, hui, home=True)} == {"I like maths", "I miss Dad"}
        assert {each.words for each in meetings.voices_for(work, hui, home=False)} == {"I like maths", "too loud"}
        for refused in ({"words": " "}, {"hears": None}, {"with_whom": ""}):
            said = {"words": "I like maths", "hears": Hears.EVERYONE, "with_whom": "Matiu", **refused}
            with pytest.raises(Invalid):
                meetings.say_for_student(work, hui, said.pop("words"), **said)  # type: ignore[arg-type]


def test_what_a_child_says_that_worries_goes_to_the_named_people_and_into_no_hui(gathering: Gathering) -> None:
    story = gathering.posting.story
    hui_id = gathering.open()
    worried = "Uncle hits me when he is drunk"
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        with pytest.raises(Invalid):
            meetings.say_for_student(work, hui, worried, hears=Hears.EVERYONE, with_whom="Matiu")
    with gathering.work("burns") as work:
        conversations.safety.set_watch(
            work, conversations.safety.Watch(True, story.staff["kiri"].id, story.staff["burns"].id, 15, True)
        )
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        voice = meetings.say_for_student(work, hui, worried, hears=Hears.EVERYONE, with_whom="Matiu")
        assert meetings.voices_for(work, hui, home=False) == meetings.voices_for(work, hui, home=True) == []
        assert meetings.waiting_voices(work, hui) == 1
        assert voice.alert_id is not None
        assert meetings.voice_behind(work, voice.alert_id) is voice
        assert meetings.worries(work, worried)
        assert not meetings.worries(work, "He loves maths")


# In the room, and after


def hold(gathering: Gathering) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """A hui that was held: its id, a point that was decided, and a next step of the teacher's."""
    hui_id = gathering.set_up()
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        school, family = (
            meetings.add_items(work, hui, whose, [words])[0]
            for whose, words in ((Whose.SCHOOL, "Reading"), (Whose.FAMILY, "The bus"))
        )
        assert [each.id for each in meetings.items_of(work, hui)] == [family.id, school.id]
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        meetings.decide(work, hui, school.id, "Ten minutes a night.", before="")
        walsh = gathering.posting.story.staff["walsh"].id
        new = NewStep("Send books home", schools.today(work) + timedelta(days=2), staff_id=walsh)
        step = meetings.add_step(work, hui, new)
        meetings.finish(work, hui)
        return hui_id, school.id, step.id


def test_minutes_go_home_once_the_family_has_spoken_to_each_point_and_then_stay(gathering: Gathering) -> None:
    hui_id, item_id, _ = hold(gathering)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        with pytest.raises(Conflict):
            meetings.send_minutes(work, hui, links=gathering.posting.links)
        meetings.agree(work, hui, item_id, Agrees.LATER, "", contact_id=None)
        meetings.send_minutes(work, hui, links=gathering.posting.links)
        for refused in (
            lambda: meetings.decide(work, hui, item_id, "Five minutes.", before="Ten minutes a night."),
            lambda: meetings.agree(work, hui, item_id, Agrees.AGREE, "", contact_id=None),
            lambda: meetings.add_items(work, hui, Whose.SCHOOL, ["More"]),
            lambda: meetings.send_minutes(work, hui, links=gathering.posting.links),
        ):
            with pytest.raises(Conflict):
                refused()
        ngaire = gathering.posting.story.contacts["ngaire"].id
        assert meetings.agree(work, hui, item_id, Agrees.DIFFERENTLY, "Five.", contact_id=ngaire).agrees_by == ngaire
        meetings.correct(work, hui, "It was fifteen minutes.", contact_id=None)
        assert [each.words for each in meetings.corrections_of(work, hui)] == ["It was fifteen minutes."]
    assert "Ten minutes" not in gathering.told("ngaire")[-1]
    with gathering.work() as work:
        lines = partnership.timeline(work, gathering.posting.story.students["aroha"].id, limit=20)
        assert Moment.HUI in {each.line.moment for each in lines}
        assert any(each.line.subject == "hui" for each in lines)


def test_whoever_leads_does_not_write_as_well_and_of_two_writers_the_second_sees_the_first(
    gathering: Gathering,
) -> None:
    hui_id, item_id, _ = hold(gathering)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        for chair, writer in (("", "Matiu"), ("Ms Walsh", ""), ("Ms Walsh", "ms walsh")):
            with pytest.raises(Invalid):
                meetings.take_places(work, hui, chair=chair, minute_taker=writer)
        with pytest.raises(Conflict):
            meetings.decide(work, hui, item_id, "Something else", before="")
        meetings.agree(work, hui, item_id, Agrees.AGREE, "", contact_id=None)
        item = meetings.decide(work, hui, item_id, "Twenty minutes.", before="Ten minutes a night.")
        assert item.agrees is None


def test_a_hui_is_not_held_before_its_time_and_nothing_is_decided_before_it_has_one(gathering: Gathering) -> None:
    hui_id = gathering.open()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        with pytest.raises(Conflict):
            meetings.take_places(work, hui, chair="a", minute_taker="b")
    gathering.invite(hui_id)
    gathering.says("1")
    with gathering.work("walsh") as work, pytest.raises(Conflict):
        meetings.finish(work, meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id))


def test_a_next_step_has_words_a_person_and_a_day_to_come(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        for refused in ({"what": ""}, {"due_on": None}, {"due_on": date(2020, 1, 1)}, {"who": ""}):
            said = {"what": "Ring", "due_on": schools.today(work), "who": "Nan", **refused}
            with pytest.raises(Invalid):
                meetings.add_step(work, hui, NewStep(**said))  # type: ignore[arg-type]


def test_a_family_asks_for_a_hui_once_until_it_is_settled(gathering: Gathering) -> None:
    story = gathering.posting.story
    for _ in range(2):
        with gathering.work() as work:
            meetings.ask_for_hui(work, story.contacts["ngaire"].id, story.students["aroha"].id)
    assert len(tasks_of(gathering, "walsh", TaskKind.WANTS_HUI)) == 1


def test_a_late_step_rises_to_learning_support_once_and_ends_when_it_is_explained_and_looked_back_on(
    gathering: Gathering,
) -> None:
    hui_id, _, step_id = hold(gathering)
    assert [each.subject_id for each in tasks_of(gathering, "walsh", TaskKind.HUI_STEP)] == [step_id]
    gathering.posting.clock.forward(days=2)
    look(gathering)
    assert tasks_of(gathering, "leota", TaskKind.HUI_STEP_OVERDUE) == []
    gathering.posting.clock.forward(days=1)
    look(gathering)
    assert look(gathering) == 0
    assert [each.words for each in tasks_of(gathering, "leota", TaskKind.HUI_STEP_OVERDUE)] == ["Send books home"]
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        said = {"whose": Whose.FAMILY, "helped": Helped.PARTLY, "words": "", "contact_id": None}
        with pytest.raises(Conflict):
            meetings.evaluate(work, hui, step_id, **said)  # type: ignore[arg-type]
        with pytest.raises(Invalid):
            meetings.end_step(work, hui, step_id, done=False, explained=" ")
        meetings.end_step(work, hui, step_id, done=False, explained="The books came late.")
        with pytest.raises(Conflict):
            meetings.end_step(work, hui, step_id, done=True, explained="")
        meetings.evaluate(work, hui, step_id, **said)  # type: ignore[arg-type]
        assert [each.helped for each in meetings.evaluations_of(work, [step_id])[step_id]] == [Helped.PARTLY]
    assert tasks_of(gathering, "leota", TaskKind.HUI_STEP_OVERDUE) == []
    assert tasks_of(gathering, "walsh", TaskKind.HUI_STEP) == []


def test_who_only_reads_a_hui_writes_nothing_in_it(gathering: Gathering) -> None:
    hui_id = gathering.open()
    decide(gathering, hui_id, propose(gathering, hui_id, "matiu"), Welcome.YES)
    with gathering.work("matiu") as work, pytest.raises(NotAllowed):
        meetings.hui_to_change(work, gathering.viewer(work, "matiu"), hui_id)


def test_the_other_home_of_a_phone_that_is_shared_is_not_asked(gathering: Gathering) -> None:
    hui_id = gathering.open("hemi", "hine")
    assert set(gathering.invite(hui_id)) >= {"hine"}
    assert gathering.says("1", HINE).state is ReplyState.COMMAND
    assert gathering.told("koro") == []
