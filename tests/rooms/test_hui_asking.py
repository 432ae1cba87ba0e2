"""Asking a home to a hui: times, people, what no longer holds; nothing shows that another home exists."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from commsbridge import meetings, messages, schools, students, whanau
from commsbridge.conversations import ReplyState
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import Language
from commsbridge.meetings import HuiKind, HuiState, Welcome, Whose, Wishes
from commsbridge.messages import State
from commsbridge.tasks import TaskKind
from commsbridge.whanau import WishKind
from tests.rooms.gathering import HINE, PURPOSE, Gathering


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


def test_nobody_is_told_of_a_hui_before_the_family_said_yes_to_them(gathering: Gathering) -> None:
    hui_id = gathering.open()
    person = gathering.propose(hui_id, "fox")
    gathering.invite(hui_id)
    gathering.says("1")
    assert gathering.tasks_of("fox", TaskKind.HUI_COMING) == []
    assert not gathering.reads("fox", hui_id)
    gathering.decide(hui_id, person, Welcome.YES)
    assert len(gathering.tasks_of("fox", TaskKind.HUI_COMING)) == 1
    assert gathering.reads("fox", hui_id)


def test_who_is_declined_after_being_told_hears_that_they_are_not_needed_and_reads_nothing_more(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    person = gathering.propose(hui_id)
    gathering.decide(hui_id, person, Welcome.YES)
    assert len(gathering.tasks_of("leota", TaskKind.HUI_COMING)) == 1
    gathering.decide(hui_id, person, Welcome.NO)
    assert gathering.tasks_of("leota", TaskKind.HUI_COMING) == []
    assert len(gathering.tasks_of("leota", TaskKind.HUI_NOT_NEEDED)) == 1
    assert not gathering.reads("leota", hui_id)


def test_a_hui_is_read_by_those_at_the_table_and_by_who_leads_support_alone(gathering: Gathering) -> None:
    hui_id = gathering.open()
    assert {who for who in gathering.posting.story.staff if gathering.reads(who, hui_id)} == {
        "walsh", "leota", "burns",
    }  # fmt: skip


def test_a_teacher_who_no_longer_teaches_the_child_reads_nothing_of_its_hui(gathering: Gathering) -> None:
    hui_id = gathering.open()
    with gathering.work() as work:
        walsh, aroha = gathering.posting.story.staff["walsh"], gathering.posting.story.students["aroha"]
        (class_,) = students.classes_by_student(work, schools.today(work))[aroha.id]
        students.end_teaching(work, walsh, class_, on=schools.today(work) - timedelta(days=1))
    assert not gathering.reads("walsh", hui_id)


def test_whoever_is_whanau_of_the_child_is_not_proposed_as_staff(gathering: Gathering) -> None:
    hui_id = gathering.open("hemi", "hine")
    with gathering.work() as work:
        story = gathering.posting.story
        kind = students.BarKind.WHANAU
        students.bar_staff(work, story.staff["leota"].id, student_id=story.students["hemi"].id, kind=kind)
    with pytest.raises(Invalid):
        gathering.propose(hui_id)
    assert not gathering.reads("leota", hui_id)


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


def test_the_home_is_reminded_once_the_afternoon_before(gathering: Gathering) -> None:
    gathering.set_up()
    gathering.posting.clock.forward(days=1)
    assert gathering.look() == 0
    gathering.posting.clock.forward(days=1, hours=1, minutes=5)
    assert gathering.look() == 1
    assert gathering.look() == 0
    assert len(gathering.told("ngaire")) == 3


def _reminded(gathering: Gathering, hui_id: uuid.UUID, family: list[str], school: list[str]) -> str:
    """What the home is told the afternoon before of an agenda; the school wrote its points first."""
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        for whose, points in ((Whose.SCHOOL, school), (Whose.FAMILY, family)):
            if points:
                meetings.add_items(work, hui, whose, points)
    gathering.posting.clock.forward(days=2, hours=1, minutes=5)
    assert gathering.look() == 1
    return gathering.told("ngaire")[-1]


def test_the_reminder_brings_the_agenda_with_the_familys_own_points_first_in_the_readers_language(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.add_usual_points(work, hui, gathering.posting.story.students["aroha"])
    told = _reminded(gathering, hui_id, ["Te pahi", "Te ruku"], [])
    heading, *points = told[told.index("Ngā take hei kōrero") :].splitlines()
    assert points[:3] == ["Te pahi", "Te ruku", "Ngā mea e pai ana mō Aroha"]
    assert points[3] == "Kei tō whārangi ngā take katoa."
    assert "What goes well" not in told
    assert heading.endswith(":")


def test_a_point_that_others_should_not_read_stands_in_no_reminder(gathering: Gathering) -> None:
    told = _reminded(gathering, gathering.set_up(), ["Her asthma medicine"], ["Wi and Aroha", "Te pānui"])
    assert "asthma" not in told
    assert "Wi and" not in told
    assert "Te pānui\nKei tō whārangi ngā take katoa." in told


def test_where_no_point_may_stand_in_a_text_the_reminder_says_where_they_are(gathering: Gathering) -> None:
    told = _reminded(gathering, gathering.set_up(), ["Her asthma medicine"], [])
    assert "asthma" not in told
    assert "Ngā take hei kōrero" not in told
    assert "Kei tō whārangi ngā take katoa." in told


def test_an_empty_agenda_is_not_told_of(gathering: Gathering) -> None:
    told = _reminded(gathering, gathering.set_up(), [], [])
    assert "whakamaumahara" in told
    assert "Ngā take hei kōrero" not in told
    assert "ngā take katoa" not in told


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
        file = meetings.hui_calendar(work, hui, language=Language.MI, host="rimu.test")
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
            meetings.hui_calendar(work, hui, language=Language.EN, host="rimu.test")
        ).walk("VEVENT")
        assert (off["UID"], off["STATUS"], int(str(off["SEQUENCE"])) > int(first)) == (event["UID"], "CANCELLED", True)


def test_a_family_asks_for_a_hui_once_until_it_is_settled(gathering: Gathering) -> None:
    story = gathering.posting.story
    for _ in range(2):
        with gathering.work() as work:
            meetings.ask_for_hui(work, story.contacts["ngaire"].id, story.students["aroha"].id)
    assert len(gathering.tasks_of("walsh", TaskKind.WANTS_HUI)) == 1


def test_who_only_reads_a_hui_writes_nothing_in_it(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.decide(hui_id, gathering.propose(hui_id, "matiu"), Welcome.YES)
    with gathering.work("matiu") as work, pytest.raises(NotAllowed):
        meetings.hui_to_change(work, gathering.viewer(work, "matiu"), hui_id)


def test_the_other_home_of_a_phone_that_is_shared_is_not_asked(gathering: Gathering) -> None:
    hui_id = gathering.open("hemi", "hine")
    assert set(gathering.invite(hui_id)) >= {"hine"}
    assert gathering.says("1", HINE).state is ReplyState.COMMAND
    assert gathering.told("koro") == []


def test_somebody_who_may_not_read_of_the_child_any_more_is_not_told_of_its_hui(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.decide(hui_id, gathering.propose(hui_id, "fox"), Welcome.YES)
    with gathering.work() as work:
        story = gathering.posting.story
        kind = students.BarKind.WHANAU
        students.bar_staff(work, story.staff["fox"].id, student_id=story.students["aroha"].id, kind=kind)
    gathering.invite(hui_id)
    gathering.says("1")
    assert gathering.tasks_of("fox", TaskKind.HUI_COMING) == []
    assert not gathering.reads("fox", hui_id)
