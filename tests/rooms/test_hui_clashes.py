"""Two hui at once: a home, a teacher and a room are each in one place at a time; and the file a calendar takes."""

from __future__ import annotations

import uuid

import icalendar
import pytest

from commsbridge import meetings
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.meetings import HuiState, Welcome
from commsbridge.messages import MessageKind
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import HINE, Gathering


def choose(gathering: Gathering, hui_id: uuid.UUID, number: int, contact: str) -> None:
    with gathering.work() as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        contact_id = gathering.posting.story.contacts[contact].id
        meetings.choose(work, hui, number, contact_id=contact_id, links=gathering.posting.links)


def test_of_two_homes_that_were_offered_one_time_the_second_chooses_another(gathering: Gathering) -> None:
    aroha, hemi = gathering.open(), gathering.open("hemi", "hine")
    for hui_id in (aroha, hemi):
        gathering.invite(hui_id)
    choose(gathering, aroha, 1, "ngaire")
    with pytest.raises(Conflict, match="gone meanwhile"):
        choose(gathering, hemi, 1, "hine")
    gathering.says("1", HINE)
    assert gathering.hui(hemi).state is HuiState.ASKED
    assert [each.subject_id for each in gathering.tasks_of("walsh", TaskKind.HUI_TIMES)] == [hemi]
    choose(gathering, hemi, 2, "hine")
    assert gathering.hui(hemi).begins_at == gathering.times((4,))[0]


def test_nothing_is_offered_at_which_the_home_or_somebody_wanted_there_has_another_hui(gathering: Gathering) -> None:
    gathering.set_up()
    with pytest.raises(Invalid, match="Somebody"):
        gathering.invite(gathering.open("hemi", "hine"))
    wi = gathering.open("wi", by="fox")
    with pytest.raises(Invalid, match="This home"):
        gathering.invite(wi, (3,), by="fox")
    assert set(gathering.invite(wi, (6,), by="fox")) == {"ngaire"}


def test_a_hui_elsewhere_that_day_or_one_called_off_stands_against_nothing(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        other = work.session.get_one(meetings.Hui, gathering.open("hemi", "hine", by="leota"))
        at = gathering.times((3,))[0]
        assert meetings.clash_at(work, other, at) is meetings.Clash.PLACE
        other.place = "Te marae"
        assert meetings.clash_at(work, other, at) is None
        meetings.call_off(work, hui, "", links=gathering.posting.links)
        other.place = hui.place
        assert meetings.clash_at(work, other, at) is None


def test_somebody_the_family_wants_there_is_at_one_hui_at_a_time(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.decide(hui_id, gathering.propose(hui_id), Welcome.YES)
    gathering.invite(hui_id)
    choose(gathering, hui_id, 1, "ngaire")
    with gathering.work() as work:
        other = work.session.get_one(meetings.Hui, gathering.open("hemi", "hine", by="leota"))
        assert meetings.clash_at(work, other, gathering.times((3,))[0]) is meetings.Clash.STAFF


def test_a_mail_brings_the_hui_for_a_calendar_which_a_later_one_changes_and_the_last_calls_off(
    gathering: Gathering,
) -> None:
    hui_id = gathering.open("aroha", "dave")
    (asked,) = gathering.invite(hui_id).values()
    assert not asked.calendar
    choose(gathering, hui_id, 1, "dave")
    first = _event(gathering)
    assert (first["METHOD"], first["STATUS"], first["ORGANIZER"]) == ("REQUEST", "CONFIRMED", "mailto:hui@rimu.test")
    assert (first["ATTENDEE"], first["UID"]) == ("mailto:dave@homes.test", f"hui-{hui_id}@rimu.test")
    assert "Aroha" not in first["SUMMARY"]
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.call_off(work, hui, "", links=gathering.posting.links)
    last = _event(gathering)
    assert (last["METHOD"], last["STATUS"], last["UID"]) == ("CANCEL", "CANCELLED", first["UID"])
    assert int(last["SEQUENCE"]) > int(first["SEQUENCE"])


def _event(gathering: Gathering) -> dict[str, str]:
    """What the calendar of the last mail to Dave holds."""
    delivery = gathering.posting.all_to("dave", MessageKind.HUI)[-1]
    assert delivery.calendar
    with gathering.work() as work:
        content = meetings.calendar_of_delivery(
            work, delivery.id, host="rimu.test", organizer="hui@rimu.test", attendee="dave@homes.test"
        )
    assert content
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return {"METHOD": str(calendar["METHOD"]), **{key: str(event[key]) for key in event}}
