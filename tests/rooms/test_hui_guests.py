"""Somebody from outside at a hui: told by mail what is theirs to know, and nothing once the family declined them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from commsbridge import meetings, schools
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.meetings import Helped, NewStep, Proposed, Welcome, Whose
from commsbridge.messages import Delivery, State
from commsbridge.messages.gateways import Arrival, Cause
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import Gathering

ANA = "ana@clinic.test"


def propose(gathering: Gathering, hui_id: uuid.UUID, email: str = ANA, name: str = "Ana Tau") -> uuid.UUID:
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        return meetings.propose(work, hui, Proposed("speech", "Has met her twice.", name=name, email=email)).id


def mails(gathering: Gathering) -> list[str]:
    """What Ana was mailed, the newest last."""
    gathering.posting.clock.forward(seconds=1)
    with gathering.work() as work:
        rows = select(Delivery).where(Delivery.address == ANA).order_by(Delivery.made_at)
        return [" ".join(each.body.split()) for each in work.session.scalars(rows)]


def test_a_guest_is_told_in_both_languages_once_the_family_said_yes_and_there_is_a_time(gathering: Gathering) -> None:
    hui_id = gathering.open()
    person = propose(gathering, hui_id)
    gathering.invite(hui_id)
    assert mails(gathering) == []
    gathering.decide(hui_id, person, Welcome.YES)
    assert mails(gathering) == []
    gathering.says("1")
    (told,) = mails(gathering)
    assert "would like you at their hui on Friday" in told
    assert "Rāmere 20 Whiringa-ā-rangi 2026" in told
    assert "20 Nov 2026" in told
    assert "Place: Room 7." in told


def test_a_guest_who_was_told_and_is_then_declined_hears_it_kindly_and_gets_no_minutes(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    person = propose(gathering, hui_id)
    gathering.decide(hui_id, person, Welcome.YES)
    gathering.decide(hui_id, person, Welcome.NO)
    came, declined = mails(gathering)
    assert "would like you" in came
    assert "goes ahead without you this time" in declined
    assert "Thank you for being willing." in declined
    gathering.decide(hui_id, person, Welcome.NO)
    assert len(mails(gathering)) == 2
    finish(gathering, hui_id)
    assert len(mails(gathering)) == 2


def test_a_guest_who_was_never_told_hears_nothing_of_being_declined(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    gathering.decide(hui_id, propose(gathering, hui_id), Welcome.NO)
    assert mails(gathering) == []


def test_a_guest_hears_that_it_is_moved_and_that_it_is_off(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    gathering.decide(hui_id, propose(gathering, hui_id), Welcome.YES)
    gathering.invite(hui_id, (8,))
    assert "is not at the time you were told" in mails(gathering)[-1]
    gathering.says("1")
    assert "25 Nov 2026" in mails(gathering)[-1]
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.call_off(work, hui, "", links=gathering.posting.links)
    assert "will not take place" in mails(gathering)[-1]
    assert len(mails(gathering)) == 4


def finish(gathering: Gathering, hui_id: uuid.UUID) -> None:
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        (item,) = meetings.add_items(work, hui, Whose.SCHOOL, ["Reading"])
        meetings.say_for_family(work, hui, "She is tired at night.", contact_id=None)
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        meetings.decide(work, hui, item.id, "Ten minutes a night.", before="")
        meetings.agree(work, hui, item.id, meetings.Agrees.DIFFERENTLY, "Five is enough.", contact_id=None)
        meetings.add_step(work, hui, NewStep("Send books home", schools.today(work), who="Ms Walsh"))
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
        meetings.send_minutes(work, hui, links=gathering.posting.links)


def test_a_guest_gets_what_was_agreed_and_the_next_steps_and_nothing_else(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    gathering.decide(hui_id, propose(gathering, hui_id), Welcome.YES)
    finish(gathering, hui_id)
    agreed = mails(gathering)[-1]
    assert "Reading: Ten minutes a night." in agreed
    assert "Ms Walsh: Send books home" in agreed
    assert "Please keep it to yourself." in agreed
    for theirs in ("She is tired at night.", "Five is enough.", "/w/", "Kereama"):
        assert theirs not in agreed


def test_a_mail_address_that_is_none_is_said_beside_its_field(gathering: Gathering) -> None:
    hui_id = gathering.open()
    with pytest.raises(Invalid) as refusal:
        propose(gathering, hui_id, "ana at clinic")
    assert refusal.value.field == "email"


def last_mail(gathering: Gathering) -> Delivery:
    with gathering.work() as work:
        rows = select(Delivery).where(Delivery.address == ANA).order_by(Delivery.made_at.desc())
        return work.session.scalars(rows).first()  # type: ignore[return-value]


def test_a_mail_to_a_guest_that_comes_back_is_told_to_who_opened_the_hui_once(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    gathering.decide(hui_id, propose(gathering, hui_id), Welcome.YES)
    mail = last_mail(gathering)
    gathering.posting.gone(mail)
    assert gathering.tasks_of("walsh", TaskKind.GUEST_MAIL) == []
    gathering.posting.receipt(mail.id, Arrival.FAILED, cause=Cause.BAD_ADDRESS)
    for _ in range(2):
        gathering.posting.settle()
    (task,) = gathering.tasks_of("walsh", TaskKind.GUEST_MAIL)
    assert (task.words, task.subject_id) == ("Ana Tau", mail.id)
    with gathering.work("walsh") as work:
        assert meetings.hui_asking(work, mail.id) == hui_id
        (person,) = [each for each in meetings.people_of(work, gathering.hui(hui_id)) if each.email]
        assert not meetings.mail_arrived(work, person)


def test_a_mail_to_a_guest_that_was_never_taken_is_told_too_and_one_that_arrived_is_not(gathering: Gathering) -> None:
    hui_id = gathering.set_up()
    person = propose(gathering, hui_id)
    gathering.decide(hui_id, person, Welcome.YES)
    gathering.posting.gone(last_mail(gathering))
    gathering.posting.settle()
    gathering.decide(hui_id, person, Welcome.NO)
    assert gathering.tasks_of("walsh", TaskKind.GUEST_MAIL) == []
    gathering.posting.refused(last_mail(gathering), Cause.BAD_ADDRESS)
    gathering.posting.settle()
    assert last_mail(gathering).state is State.FAILED
    assert len(gathering.tasks_of("walsh", TaskKind.GUEST_MAIL)) == 1


def test_only_a_guest_whom_the_family_wanted_speaks_of_a_step_and_the_teacher_is_still_asked(
    gathering: Gathering,
) -> None:
    elsewhere = gathering.open(child="aroha")
    stranger = propose(gathering, elsewhere)
    gathering.decide(elsewhere, stranger, Welcome.YES)
    hui_id = gathering.set_up()
    ana, ben = propose(gathering, hui_id), propose(gathering, hui_id, "ben@clinic.test", "Ben Fa")
    gathering.decide(hui_id, ana, Welcome.YES)
    gathering.decide(hui_id, ben, Welcome.NO)
    finish(gathering, hui_id)
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        (step,) = meetings.steps_of(work, [hui_id])
        meetings.end_step(work, hui, step.id, done=True, explained="", links=gathering.posting.links)
        for nobody in (stranger, ben, uuid.uuid4()):
            with pytest.raises(NotFound):
                meetings.evaluate(
                    work,
                    hui,
                    step.id,
                    whose=Whose.SCHOOL,
                    helped=Helped.YES,
                    words="",
                    contact_id=None,
                    guest_id=nobody,
                )
        said = meetings.evaluate(
            work, hui, step.id, whose=Whose.SCHOOL, helped=Helped.YES, words="Yes", contact_id=None, guest_id=ana
        )
        assert (said.guest_id, said.staff_id) == (ana, gathering.posting.story.staff["walsh"].id)
    assert len(gathering.tasks_of("walsh", TaskKind.HUI_LOOK_BACK)) == 1
