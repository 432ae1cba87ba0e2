"""Whom a family brings: told by mail only where the family says so, and what it took back stops."""

from __future__ import annotations

import uuid
from typing import Any

import icalendar
import pytest
from sqlalchemy import select

from commsbridge import meetings, students, whanau
from commsbridge.books import About
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import Language
from commsbridge.meetings import Hui, HuiPerson, NewStep, Proposed, Welcome, Whose
from commsbridge.messages import Delivery, State
from commsbridge.messages.gateways import Arrival, Cause
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import Gathering
from tests.rooms.test_hui_guests import finish
from tests.rooms.test_hui_together import choose, joint

NAN = "nan@home.test"


def bring(gathering: Gathering, hui_id: uuid.UUID, contact: str = "ngaire", **more: str) -> uuid.UUID:
    said: dict[str, Any] = {"name": "Nan", "email": NAN, **more}
    with gathering.work() as work:
        contact_id = gathering.posting.story.contacts[contact].id
        hui = work.session.get_one(Hui, hui_id)
        return meetings.bring(work, hui, contact_id, role="whanau", why="My lawyer.", **said).id


def change(gathering: Gathering, hui_id: uuid.UUID, person_id: uuid.UUID, email: str, contact: str = "ngaire") -> None:
    gathering.posting.clock.forward(seconds=1)
    with gathering.work() as work:
        contact_id = gathering.posting.story.contacts[contact].id
        hui = work.session.get_one(Hui, hui_id)
        meetings.change_mail(work, hui, person_id, email=email, language="mi", contact_id=contact_id)


def mails(gathering: Gathering, address: str = NAN) -> list[Delivery]:
    with gathering.work() as work:
        rows = select(Delivery).where(Delivery.address == address).order_by(Delivery.made_at, Delivery.id)
        return list(work.session.scalars(rows))


def test_whom_a_family_brings_is_mailed_what_is_theirs_to_know_and_whose_address_it_was(gathering: Gathering) -> None:
    hui_id = gathering.open()
    bring(gathering, hui_id, language="en")
    gathering.invite(hui_id)
    assert mails(gathering) == []
    gathering.says("1")
    (told,) = mails(gathering)
    assert "would like you at their hui on Friday 20 Nov" in " ".join(told.body.split())
    assert "whānau of Aroha gave the school this address" in " ".join(told.body.split())
    assert "Walsh" not in told.body
    finish(gathering, hui_id)
    agreed = " ".join(mails(gathering)[-1].body.split())
    assert "Reading: Ten minutes a night." in agreed
    assert "gave the school this address" not in agreed
    for theirs in ("She is tired at night.", "Five is enough.", "/w/"):
        assert theirs not in agreed


def test_whom_a_family_brings_without_an_address_gets_nothing(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    bring(gathering, hui_id, name="Koro", email=" ")
    finish(gathering, hui_id)
    with gathering.work() as work:
        outside = select(Delivery).where(Delivery.contact_id.is_(None), Delivery.staff_id.is_(None))
        assert work.session.scalars(outside).all() == []


def test_a_guest_is_written_to_in_the_language_that_was_chosen_and_in_both_where_none_was(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    for language, name in (("mi", "Nan"), ("en", "Ben"), ("", "Ana"), ("tlh", "Worf")):
        with gathering.work("walsh") as work:
            hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
            who = Proposed("speech", "Has met her.", name=name, email=f"{name.lower()}@clinic.test", language=language)
            person_id = meetings.propose(work, hui, who).id
        gathering.decide(hui_id, person_id, Welcome.YES)
    told = {name: mails(gathering, f"{name.lower()}@clinic.test")[0] for name in ("Nan", "Ben", "Ana", "Worf")}
    english, maori = "would like you at their hui", "E hiahia ana te whānau"
    assert {name: (english in each.body, maori in each.body, each.language) for name, each in told.items()} == {
        "Nan": (False, True, "mi"),
        "Ben": (True, False, "en"),
        "Ana": (True, True, "both"),
        "Worf": (True, True, "both"),
    }


def test_an_address_that_is_taken_back_gets_nothing_more_and_a_mail_that_waits_is_stopped(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    person_id = bring(gathering, hui_id)
    (told,) = mails(gathering)
    assert told.state is State.QUEUED
    change(gathering, hui_id, person_id, "")
    (told,) = mails(gathering)
    assert told.state is State.CANCELLED
    finish(gathering, hui_id)
    assert len(mails(gathering)) == 1


def test_another_address_is_told_anew_and_the_first_one_nothing_more(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    person_id = bring(gathering, hui_id)
    change(gathering, hui_id, person_id, "nan@new.test")
    (new,) = mails(gathering, "nan@new.test")
    assert new.language == "mi"
    finish(gathering, hui_id)
    assert (len(mails(gathering)), len(mails(gathering, "nan@new.test"))) == (1, 2)
    with pytest.raises(Conflict):
        change(gathering, hui_id, person_id, NAN)
    change(gathering, hui_id, person_id, "")
    with gathering.work() as work:
        assert work.session.get_one(HuiPerson, person_id).email == ""


def test_who_does_not_come_after_all_hears_it_and_gets_no_minutes(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    person_id = bring(gathering, hui_id)
    gathering.posting.clock.forward(seconds=1)
    gathering.decide(hui_id, person_id, Welcome.NO)
    assert "goes ahead without you this time" in " ".join(mails(gathering)[-1].body.split())
    finish(gathering, hui_id)
    assert len(mails(gathering)) == 2


def test_a_mail_that_does_not_arrive_is_told_to_whoever_opened_the_hui(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    person_id = bring(gathering, hui_id)
    (mail,) = mails(gathering)
    gathering.posting.gone(mail)
    gathering.posting.receipt(mail.id, Arrival.FAILED, cause=Cause.BAD_ADDRESS)
    gathering.posting.settle()
    (task,) = gathering.tasks_of("walsh", TaskKind.GUEST_MAIL)
    assert task.words == "Nan"
    with gathering.work() as work:
        assert not meetings.mail_arrived(work, work.session.get_one(HuiPerson, person_id))


def test_a_guest_who_waits_for_a_new_time_hears_that_none_comes(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    bring(gathering, hui_id, language="en")
    gathering.invite(hui_id, (8,))
    gathering.posting.clock.forward(seconds=1)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.call_off(work, hui, "", links=gathering.posting.links)
    said = [" ".join(each.body.split()) for each in mails(gathering)]
    assert ["is not at the time" in said[1], "will not take place" in said[2], len(said)] == [True, True, 3]


def file_of(gathering: Gathering, mail: Delivery) -> Any:
    with gathering.work() as work:
        found = meetings.calendar_of_delivery(
            work, mail.id, host="rimu.test", organizer="school@rimu.test", attendee=NAN
        )
    return icalendar.Calendar.from_ical(found) if found else None


def test_a_guests_mail_brings_the_hui_for_their_calendar_and_takes_it_out_again_and_names_nobody_else(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    person_id = bring(gathering, hui_id, language="en")
    bring(gathering, hui_id, name="Aunty", email="aunty@home.test")
    (told,) = mails(gathering)
    assert told.calendar
    request = file_of(gathering, told)
    assert request is not None
    (event,) = request.walk("VEVENT")
    assert (request["METHOD"], str(event["ATTENDEE"]), str(event["LOCATION"])) == (
        "REQUEST",
        f"mailto:{NAN}",
        "Room 7",
    )
    assert "DESCRIPTION" not in event
    whole = request.to_ical().decode()
    for theirs in ("aunty", "Aroha", "Ngaire", "Walsh", "/w/"):
        assert theirs not in whole
    gathering.posting.clock.forward(seconds=1)
    gathering.decide(hui_id, person_id, Welcome.NO)
    off = file_of(gathering, mails(gathering)[-1])
    assert off is not None
    (ended,) = off.walk("VEVENT")
    assert (off["METHOD"], ended["STATUS"], ended["UID"]) == ("CANCEL", "CANCELLED", event["UID"])
    assert ended["SEQUENCE"] > event["SEQUENCE"]
    gathering.posting.clock.forward(seconds=1)
    gathering.decide(hui_id, person_id, Welcome.YES)
    again = file_of(gathering, mails(gathering)[-1])
    assert again is not None
    assert (again["METHOD"], again.walk("VEVENT")[0]["SEQUENCE"] >= ended["SEQUENCE"]) == ("REQUEST", True)
    finish(gathering, hui_id)
    assert not mails(gathering)[-1].calendar


def test_at_school_it_is_written_down_whom_the_family_brings_as_it_told_it(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        with pytest.raises(Invalid) as refusal:
            meetings.bring(work, hui, None, name="Nan", role="whanau", why="", email="nan at home")
        assert refusal.value.field == "email"
        nan = meetings.bring(work, hui, None, name="Nan", role="whanau", why="", email=NAN)
        assert (nan.by_family, nan.answer, nan.told_at is not None) == (True, Welcome.YES, True)
    assert len(mails(gathering)) == 1


def test_for_whom_school_proposed_the_family_can_stop_what_goes_and_no_more(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        ana = meetings.propose(work, hui, Proposed("speech", "Has met her.", name="Ana", email="ana@clinic.test")).id
    leota = gathering.propose(hui_id)
    for person_id, email in ((ana, NAN), (leota, ""), (uuid.uuid4(), "")):
        with pytest.raises(NotFound):
            change(gathering, hui_id, person_id, email)
    change(gathering, hui_id, ana, "")
    gathering.decide(hui_id, ana, Welcome.YES)
    assert mails(gathering, "ana@clinic.test") == []


def joint_set(gathering: Gathering) -> uuid.UUID:
    hui_id = joint(gathering)
    gathering.invite(hui_id)
    choose(gathering, hui_id, 1, "ngaire")
    choose(gathering, hui_id, 1, "dave")
    return hui_id


def test_whom_one_of_two_homes_brings_is_its_own_affair(gathering: Gathering) -> None:
    hui_id = joint_set(gathering)
    nan = bring(gathering, hui_id, language="en")
    with gathering.work() as work:
        hui, dave = work.session.get_one(Hui, hui_id), gathering.posting.story.contacts["dave"].id
        with pytest.raises(NotFound):
            meetings.decide_person(work, hui, nan, Welcome.NO, contact_id=dave)
        with pytest.raises(NotFound):
            meetings.change_mail(work, hui, nan, email="", language="", contact_id=dave)
        with pytest.raises(Invalid):  # which home told school?
            meetings.bring(work, hui, None, name="Koro", role="whanau", why="")
        assert work.session.get_one(HuiPerson, nan).answer is Welcome.YES
    assert len(mails(gathering)) == 1
    assert "Dave" not in mails(gathering)[0].body


def test_whom_one_of_two_homes_brings_reads_nothing_of_what_the_other_takes_on_and_speaks_to_its_own(
    gathering: Gathering,
) -> None:
    hui_id = joint_set(gathering)
    bring(gathering, hui_id, language="en")
    with gathering.work("walsh") as work:
        story = gathering.posting.story
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        keys = {each.people[0].name: each.key for each in meetings.homes_behind(work, story.students["aroha"], hui)}
        day = gathering.times((9,))[0].date()
        for name, what in (("Dave Kereama", "Ring the doctor"), ("Ngaire Kereama", "Read at night")):
            meetings.add_step(work, hui, NewStep(what, day, by_family=True, home=keys[name], who=name))
    gathering.posting.clock.now = gathering.times((3,))[0]
    gathering.posting.clock.forward(minutes=20)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.add_step(work, hui, NewStep("Send books", day, who="Ms Walsh"))
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
        meetings.send_minutes(work, hui, links=gathering.posting.links)
        steps = {each.what: each for each in meetings.steps_of(work, [hui_id])}
    agreed = mails(gathering)[-1].body
    for what, asked in (("Ring the doctor", False), ("Read at night", True)):
        gathering.posting.clock.forward(seconds=1)
        with gathering.work("walsh") as work:
            hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
            step = steps[what]
            meetings.end_step(work, hui, step.id, done=True, explained="", links=gathering.posting.links)
            assert (what in mails(gathering)[-1].body and "/went/" in mails(gathering)[-1].body) is asked
            (nan,) = meetings.guests_there(work, hui)
            said = {"whose": Whose.SCHOOL, "helped": meetings.Helped.YES, "words": "Ka pai.", "contact_id": None}
            meetings.evaluate(work, hui, step.id, guest_id=nan.id, **said)  # type: ignore[arg-type]
            for home, reads in ((keys["Ngaire Kereama"], True), (keys["Dave Kereama"], False), (None, True)):
                found = meetings.evaluations_for(work, hui, [step.id], home=home).get(step.id, [])
                assert [each.guest_id for each in found] == ([nan.id] if reads else [])
    assert ["Send books" in agreed, "Read at night" in agreed, "doctor" in agreed, "Dave" in agreed] == [
        True,
        True,
        False,
        False,
    ]


def test_a_copy_for_one_home_says_nothing_of_who_somebody_is_to_the_other(gathering: Gathering) -> None:
    hui_id = joint_set(gathering)
    bring(gathering, hui_id)
    for contact, told in (("ngaire", True), ("dave", False)):
        with gathering.work() as work:
            story = gathering.posting.story
            who = work.session.get_one(whanau.Contact, story.contacts[contact].id)
            aroha = story.students["aroha"].id
            named = {aroha: students.names_of(work, [aroha])[aroha]}
            about = About(contact=who, children=named, language=Language.EN)
            said = "\n".join(each.words for each in meetings.gather_hui(work, about))
            assert ("Nan" in said, "My lawyer" in said) == (True, told)
