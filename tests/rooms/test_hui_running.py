"""A hui in its room: voices, what was decided, what the family says to it, and minutes that stay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from commsbridge import conversations, meetings, partnership, schools
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.meetings import Agrees, Hears, HuiState, NewStep, Whose
from commsbridge.partnership import Moment
from tests.rooms.gathering import Gathering


def test_a_students_voice_is_heard_by_whom_they_chose(gathering: Gathering) -> None:
    hui_id = gathering.open()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        for words, hears in (
            ("I like maths", Hears.EVERYONE),
            ("I like it at home", Hears.HOME),
            ("too loud", Hears.SCHOOL),
        ):
            meetings.say_for_student(work, hui, words, hears=hears, with_whom="Matua Matiu")
        assert {each.words for each in meetings.voices_for(work, hui, home=True)} == {
            "I like maths",
            "I like it at home",
        }
        assert {each.words for each in meetings.voices_for(work, hui, home=False)} == {"I like maths", "too loud"}
        for refused in ({"words": " "}, {"hears": None}, {"with_whom": ""}):
            said = {"words": "I like maths", "hears": Hears.EVERYONE, "with_whom": "Matiu", **refused}
            with pytest.raises(Invalid):
                meetings.say_for_student(work, hui, said.pop("words"), **said)  # type: ignore[arg-type]


def test_a_student_who_has_no_words_points_at_pictures(gathering: Gathering) -> None:
    hui_id = gathering.open()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.say_for_student(
            work, hui, "", hears=Hears.HOME, with_whom="Matua Matiu", pictures=["loud", "friends", "loud"]
        )
        (voice,) = meetings.voices_for(work, hui, home=True)
        assert (voice.words, voice.pictures) == ("", ["friends", "loud"])
        assert meetings.voices_for(work, hui, home=False) == []
        with pytest.raises(Invalid):
            meetings.say_for_student(work, hui, "", hears=Hears.HOME, with_whom="Matiu", pictures=["none such"])


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


def test_minutes_go_home_once_the_family_has_spoken_to_each_point_and_then_stay(gathering: Gathering) -> None:
    hui_id, item_id, _ = gathering.hold()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.decide(work, hui, item_id, "Twelve minutes.", before="Ten minutes a night.")
        with pytest.raises(Conflict):
            meetings.send_minutes(work, hui, links=gathering.posting.links)
        meetings.agree(work, hui, item_id, Agrees.LATER, "", contact_id=None)
        with pytest.raises(Conflict, match="Read all of it aloud first"):
            meetings.send_minutes(work, hui, links=gathering.posting.links)
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.send_minutes(work, hui, links=gathering.posting.links)
        for refused in (
            lambda: meetings.decide(work, hui, item_id, "Five minutes.", before="Twelve minutes."),
            lambda: meetings.agree(work, hui, item_id, Agrees.AGREE, "", contact_id=None),
            lambda: meetings.add_items(work, hui, Whose.SCHOOL, ["More"]),
            lambda: meetings.send_minutes(work, hui, links=gathering.posting.links),
        ):
            with pytest.raises(Conflict):
                refused()
        ngaire = gathering.posting.story.contacts["ngaire"].id
        assert meetings.agree(work, hui, item_id, Agrees.DIFFERENTLY, "Five.", contact_id=ngaire).agrees_by == ngaire
        meetings.correct(work, hui, "It was fifteen minutes.", contact_id=None, links=gathering.posting.links)
        assert [each.words for each in meetings.corrections_of(work, hui)] == ["It was fifteen minutes."]
    assert "Ten minutes" not in gathering.told("ngaire")[-1]
    with gathering.work() as work:
        lines = partnership.timeline(work, gathering.posting.story.students["aroha"].id, limit=20)
        assert Moment.HUI in {each.line.moment for each in lines}
        assert any(each.line.subject == "hui" for each in lines)


def test_whoever_leads_does_not_write_as_well_and_of_two_writers_the_second_sees_the_first(
    gathering: Gathering,
) -> None:
    hui_id, item_id, _ = gathering.hold()
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


def test_a_student_who_was_asked_may_say_nothing_and_that_stands_there_instead(gathering: Gathering) -> None:
    hui_id = gathering.open()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        with pytest.raises(Invalid):
            meetings.says_nothing(work, hui, with_whom=" ")
        meetings.says_nothing(work, hui, with_whom="Matua Matiu")
        (voice,) = meetings.voices_for(work, hui, home=False)
        assert (voice.words, voice.whose, voice.with_whom) == ("", Whose.STUDENT, "Matua Matiu")
        meetings.call_off(work, hui, "", links=gathering.posting.links)
        with pytest.raises(Conflict):
            meetings.says_nothing(work, hui, with_whom="Matua Matiu")


def test_a_hui_ends_only_once_the_family_has_spoken_to_each_point_and_all_of_it_was_read_aloud(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        bus, reading, _ = meetings.add_items(work, hui, Whose.SCHOOL, ["The bus", "Reading", "Nothing said of this"])
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        for each in (bus, reading):
            meetings.decide(work, hui, each.id, "As now.", before="")
        meetings.agree(work, hui, bus.id, Agrees.NOT_YET, "Her koro says first.", contact_id=None)
        meetings.read_back(work, hui, "Matua Matiu")
        with pytest.raises(Conflict, match="each point"):
            meetings.finish(work, hui)
        assert [each.words for each in meetings.not_spoken_to(work, hui)] == ["Reading"]
        assert meetings.put_off(work, hui) == 1
        assert (bus.agrees, reading.agrees) == (Agrees.NOT_YET, Agrees.LATER)
        meetings.add_step(work, hui, NewStep("Ring the bus", schools.today(work), who="Nan"))
        with pytest.raises(Conflict, match="aloud"):
            meetings.finish(work, hui)  # the step was written after it was read
        with pytest.raises(Invalid):
            meetings.read_back(work, hui, " ")
        meetings.read_back(work, hui, "Matua Matiu")
        assert (hui.read_back_by, hui.read_back_at) == ("Matua Matiu", work.now)
        meetings.finish(work, hui)
        assert hui.state is HuiState.HELD


def test_what_is_written_after_it_was_read_aloud_has_not_been_read(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        (item,) = meetings.add_items(work, hui, Whose.SCHOOL, ["The bus"])
        for write in (
            lambda: meetings.decide(work, hui, item.id, "It stops at the gate.", before=""),
            lambda: meetings.meet_again(work, hui, schools.today(work) + timedelta(days=30)),
        ):
            meetings.read_back(work, hui, "Nan")
            write()
            assert hui.read_back_at is None
