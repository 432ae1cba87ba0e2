"""What the carrier says decides what becomes of a text: each cause of its table, by the real adapter and the worker."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from commsbridge import messages, students, whanau
from commsbridge.foundation.addresses import read_phone
from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import Delivery, Draft, State, Why
from commsbridge.messages.gateways import Cause, TextJob
from commsbridge.neighbourhood import Arrangement, Rule
from commsbridge.schools import Sender
from commsbridge.tasks import Task, TaskKind
from commsbridge.whanau import Channel, MayMessage, WayState
from tests.doors.conftest import Told
from tests.doors.service import Service, serving
from tests.story import START

TEXT, MAIL = Channel.TEXT, Channel.EMAIL
HOURS, MINUTES, SECONDS = 3600.0, 60.0, 1.0


@dataclass(frozen=True)
class Row:
    """What the carrier does to a text, and what must have become of it.

    ``refused``: said at once; else the text was taken and did not arrive. ``again`` is the way of the delivery that
    took its place, and ``waits`` how long, at least and at most, until that (or the text itself) goes: seconds.
    """

    code: int
    why: Cause
    state: State = State.FAILED
    refused: bool = True
    way: WayState = WayState.OK
    again: Channel | None = None
    waits: tuple[float, float] | None = None
    office: bool = False
    alarm: Cause | None = None
    rests: tuple[float, float] | None = None


WAITS, LATER = State.QUEUED, (2 * SECONDS, 2.5 * SECONDS)
ROWS = [
    Row(21211, Cause.BAD_ADDRESS, way=WayState.WRONG, office=True, again=MAIL),
    Row(21610, Cause.OPTED_OUT),
    Row(21614, Cause.NOT_TEXTABLE, way=WayState.NOT_TEXTABLE, office=True, again=MAIL),
    Row(21635, Cause.NOT_TEXTABLE, way=WayState.NOT_TEXTABLE, office=True, again=MAIL),
    Row(30006, Cause.NOT_TEXTABLE, refused=False, way=WayState.NOT_TEXTABLE, office=True, again=MAIL),
    Row(21408, Cause.ROUTE, WAITS, waits=(15 * MINUTES, 19 * MINUTES)),
    Row(21612, Cause.ROUTE, WAITS, waits=(15 * MINUTES, 19 * MINUTES)),
    Row(21606, Cause.SENDER, WAITS, waits=LATER, alarm=Cause.SENDER, rests=(120, 120)),
    Row(21659, Cause.SENDER, WAITS, waits=LATER, alarm=Cause.SENDER, rests=(120, 120)),
    Row(20003, Cause.CREDENTIALS, WAITS, waits=LATER, alarm=Cause.CREDENTIALS, rests=(120, 120)),
    Row(30002, Cause.CREDENTIALS, WAITS, waits=LATER, alarm=Cause.CREDENTIALS, rests=(120, 120)),
    Row(21617, Cause.TOO_LONG, again=MAIL),
    Row(21611, Cause.BUSY, WAITS, waits=LATER, rests=LATER),
    Row(30001, Cause.BUSY, WAITS, waits=LATER, rests=LATER),
    Row(30022, Cause.BUSY, WAITS, waits=LATER, rests=LATER),
    Row(20429, Cause.BUSY, WAITS, waits=LATER, rests=LATER),
    Row(30003, Cause.UNREACHABLE, refused=False, again=TEXT, waits=(2 * HOURS, 2 * HOURS)),
    Row(30004, Cause.BLOCKED, refused=False, again=MAIL),
    Row(30007, Cause.BLOCKED, refused=False, again=MAIL),
    Row(30005, Cause.NOT_IN_SERVICE, refused=False, way=WayState.WRONG, office=True, again=MAIL),
    Row(30008, Cause.UNKNOWN, refused=False, again=TEXT, waits=(15 * MINUTES, 15 * MINUTES)),
]


@pytest.fixture(scope="module")
def sending(told: Told, postgres: LocalPostgres) -> Iterator[Service]:
    """The service for all rows: each has a family of its own."""
    with serving(postgres, told.name, told.story, Arrangement()) as service:
        yield service


def praise_one(service: Service, number: int) -> tuple[uuid.UUID, str]:
    """Praise a new child, whose kuia has a phone and a mailbox and was welcomed long ago: the text's id, the phone."""
    phone = read_phone(f"021 558 {number:04d}").e164
    with service.story.work() as work:
        child = students.add_student(work, roll_id=f"C{number}", name=f"Mere Take{number}")
        students.enrol(work, child, students.class_named(work, "Room 7"), from_on=START)
        ways = [(TEXT, phone), (MAIL, f"take{number}@homes.test")]
        contact = whanau.add_contact(work, f"Kuia Take{number}", language="mi", ways=ways, from_on=START)
        whanau.relate(work, contact.id, child.id, relationship="kuia", may_message=MayMessage.YES, from_on=START)
        whanau.mark_welcomed(work, [contact.id])
    with service.story.work("walsh") as work:
        messages.send_praise(work, child, Draft(words=f"Ka pai {number}!"), links=service.runtime.links)
    (found,) = to(service, phone)
    return found.id, phone


def to(service: Service, address: str) -> list[Delivery]:
    with service.story.work() as work:
        return list(
            work.session.scalars(select(Delivery).where(Delivery.address == address).order_by(Delivery.made_at))
        )


def seconds_until(service: Service, moment: str, of: str, which: uuid.UUID) -> float:
    """How far off a moment of a row is, on the database's clock."""
    with service.runtime.carrier() as session:
        return float(
            session.scalar(text(f"SELECT extract(epoch FROM {moment} - now()) FROM {of} WHERE id = :id"), {"id": which})
            or 0
        )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.code))
def test_each_cause_ends_as_the_table_has_it(sending: Service, row: Row) -> None:
    service, sender = sending, sending.story.texts.id
    text_id, phone = praise_one(service, ROWS.index(row))
    rule = Rule("refuse", code=row.code, times=1, to=phone)
    service.town.misbehave(rule if row.refused else Rule("fail", status="undelivered", code=row.code, to=phone))
    service.carry()
    service.town.misbehave()
    with service.story.work() as work:
        ended = work.session.get_one(Delivery, text_id)
        instead = work.session.scalars(select(Delivery).where(Delivery.instead_of_id == text_id)).one_or_none()
        contact_id = ended.contact_id
        assert contact_id
        way = next(each for each in whanau.ways_in_use(work, contact_id) if each.channel == TEXT)
        tasks = work.session.scalars(select(Task.kind).where(Task.contact_id == contact_id)).all()
        texts = work.session.get_one(Sender, sender)
    assert (ended.state, ended.why, ended.code) == (row.state, row.why, str(row.code))
    assert ended.attempt == 1
    assert way.state == row.way
    assert (instead.channel if instead else None) == row.again
    assert (TaskKind.MEND_ADDRESS in tasks) == row.office
    assert texts.alarm == row.alarm
    slack = 30.0  # the machine may be slow, and the clock of rules runs 15 s behind the database's
    if row.waits:
        waits = seconds_until(service, "due_at", "deliveries", instead.id if instead else text_id)
        assert row.waits[0] - slack <= waits <= row.waits[1]
    if row.rests:
        assert row.rests[0] - slack <= seconds_until(service, "held_until", "senders", sender) <= row.rests[1]
    if row.state is State.QUEUED:
        assert_goes_in_the_end(service, text_id)


def assert_goes_in_the_end(service: Service, text_id: uuid.UUID) -> None:
    """When the time has come it goes, once, and the sender is calm again."""
    with service.runtime.lobby() as lobby:
        lobby.session.execute(text("UPDATE senders SET held_until = NULL"))
    with service.story.work() as work:
        work.session.execute(text("UPDATE deliveries SET due_at = now() WHERE id = :id"), {"id": text_id})
    service.carry()
    with service.story.work() as work:
        gone = work.session.get_one(Delivery, text_id)
        assert (gone.state, gone.attempt) == (State.DELIVERED, 2)
        assert work.session.get_one(Sender, service.story.texts.id).alarm is None


@pytest.mark.parametrize(("asked", "least", "most"), [(7, 7.0, 8.75), (600, 600.0, 750.0)])
def test_a_busy_carrier_is_left_alone_for_as_long_as_it_asked(
    sending: Service, asked: int, least: float, most: float
) -> None:
    text_id, phone = praise_one(sending, 100 + asked)
    sending.town.misbehave(Rule("busy", seconds=asked, times=1, to=phone))
    sending.carry()
    waits = seconds_until(sending, "due_at", "deliveries", text_id)
    rests = seconds_until(sending, "held_until", "senders", sending.story.texts.id)
    assert least - 30 <= waits <= most
    assert least - 30 <= rests <= most
    with sending.story.work() as work:
        assert work.session.get_one(Sender, sending.story.texts.id).alarm is None
    assert_goes_in_the_end(sending, text_id)


def test_a_text_lives_at_the_carrier_no_longer_than_it_is_news(sending: Service) -> None:
    text_id, _phone = praise_one(sending, 900)
    with sending.story.work() as work:
        ends = text("UPDATE deliveries SET due_at = now(), expires_at = now() + interval '100 s' WHERE id = :id")
        work.session.execute(ends, {"id": text_id})
    with sending.runtime.carrier() as session:
        (claimed,) = messages.claim(session, worker="somebody", slots=1)
        (job,) = sending.worker.carrying.jobs([claimed])
        session.rollback()
    assert isinstance(job, TextJob)
    assert 60 <= job.valid_for <= 100
    sending.carry()


def test_a_praise_is_not_delivered_next_week(sending: Service) -> None:
    text_id, phone = praise_one(sending, 901)
    sending.town.misbehave(Rule("busy", seconds=600, to=phone))
    sending.carry()
    with sending.runtime.lobby() as lobby:
        lobby.session.execute(text("UPDATE senders SET held_until = NULL"))
    with sending.story.work() as work:
        old = text(
            "UPDATE deliveries SET made_at = made_at - :days, expires_at = now() - interval '1 h' WHERE id = :id"
        )
        work.session.execute(old, {"id": text_id, "days": messages.planning.NEWS_LASTS + timedelta(hours=1)})
    sending.town.misbehave()
    sending.carry()
    with sending.story.work() as work:
        given_up = work.session.get_one(Delivery, text_id)
        assert (given_up.state, given_up.why) == (State.FAILED, Why.NEWS_TOO_OLD)
    assert sending.town.texts(to=phone) == []


def test_a_phone_that_is_off_time_after_time_is_checked_and_its_mails_go_on(sending: Service) -> None:
    text_id, phone = praise_one(sending, 902)
    sending.town.misbehave(Rule("fail", status="undelivered", code=30003, to=phone))
    with sending.story.work() as work:
        contact_id = work.session.get_one(Delivery, text_id).contact_id
        child = work.session.scalars(select(students.Student).where(students.Student.roll_id == "C902")).one()
    for number in range(2):
        sending.carry()
        with sending.story.work() as work:
            waits = text("UPDATE deliveries SET due_at = now() WHERE address = :phone AND state = 'queued'")
            work.session.execute(waits, {"phone": phone})
            tasks = work.session.scalars(select(Task.words).where(Task.contact_id == contact_id)).all()
            assert tasks == []
        sending.carry()
        assert [each.state for each in to(sending, phone)] == [State.FAILED] * 2 * (number + 1)
        assert len(sending.town.mailbox("take902@homes.test").letters) == number + 1
        if number == 0:
            with sending.story.work("walsh") as work:
                messages.send_praise(work, child, Draft(words="Ka pai anō!"), links=sending.runtime.links)
    with sending.story.work() as work:
        (task,) = work.session.scalars(select(Task).where(Task.contact_id == contact_id)).all()
    assert (task.kind, task.words) == (TaskKind.MEND_ADDRESS, Cause.UNREACHABLE)
