"""The worker: what the carrier answers, or leaves unanswered, ends well; one that has a bug does not look alive."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from commsbridge import messages, schools, whanau
from commsbridge.foundation.database import Database, DatabaseRole
from commsbridge.foundation.gathering import Gathering
from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import Delivery, State
from commsbridge.messages.gateways import Cause, Outcome, SentText, TextJob
from commsbridge.neighbourhood import Arrangement
from commsbridge.neighbourhood.faults import Rule
from commsbridge.schools import Sender
from commsbridge.tasks import Task, TaskKind
from commsbridge.worker import Worker
from commsbridge.worker.housekeeping import keep_house
from tests.doors.conftest import Told
from tests.doors.service import Service, serving

HINE = "+64215550104"


def until(happened: Callable[[], bool], seconds: float = 90.0) -> None:
    """Wait for something to happen; fails when it does not."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def texts_to(service: Service, number: str = HINE) -> Counter[str]:
    """What the carrier took for a phone, and how often each."""
    return Counter(each.body for each in service.town.texts(to=number))


def to_hine(service: Service) -> list[Delivery]:
    """What was written to Hine, in order, a welcome before what waits for it."""
    rows = select(Delivery).where(Delivery.address == HINE)
    with service.story.work() as work:
        return list(work.session.scalars(rows.order_by(Delivery.made_at, Delivery.after_id.nulls_first())))


def patient(service: Service) -> Worker:
    """A worker that asks about doubts at once."""
    return Worker(service.runtime, threads=8, doubt_rests=-1.0)


@pytest.fixture
def silent(told: Told, postgres: LocalPostgres) -> Iterator[Service]:
    """The service with a carrier that never reports: only asking tells."""
    with serving(postgres, told.name, told.story, Arrangement(reports=False)) as service:
        yield service


# doubts


@pytest.mark.parametrize("do", ["error_after", "drop_after"])
def test_a_text_whose_answer_was_lost_is_found_on_the_carriers_list_and_not_sent_again(
    silent: Service, do: str
) -> None:
    silent.town.misbehave(Rule(do))
    silent.praise("hemi")
    worker = patient(silent)
    worker.run_until_quiet()
    assert set(texts_to(silent).values()) == {1}
    silent.town.misbehave()
    worker.carrying.settle_doubts(older_than=-1.0)
    worker.run_until_quiet()
    worker.carrying.settle_doubts(older_than=-1.0)
    worker.run_until_quiet()
    assert set(texts_to(silent).values()) == {1}
    assert len(texts_to(silent)) == 2
    assert {each.state for each in to_hine(silent)} <= {State.SENT, State.DELIVERED}


@pytest.mark.parametrize("do", ["error_before", "drop_before"])
def test_a_text_the_carrier_never_got_goes_again(silent: Service, do: str) -> None:
    silent.town.misbehave(Rule(do, times=1))
    silent.praise("hemi")
    worker = patient(silent)
    worker.run_until_quiet()
    for _ in range(2):
        worker.carrying.settle_doubts(older_than=-1.0)
        worker.run_until_quiet()
    assert set(texts_to(silent).values()) == {1}
    assert len(texts_to(silent)) == 2


def test_while_the_carrier_cannot_be_asked_nothing_is_sent_again(silent: Service) -> None:
    silent.town.misbehave(Rule("error_after", times=1), Rule("error_before", on="list"))
    silent.praise("hemi")
    worker = patient(silent)
    worker.run_until_quiet()
    assert worker.carrying.settle_doubts(older_than=-1.0) == 1
    worker.run_until_quiet()
    assert {each.state for each in to_hine(silent)} == {State.UNCERTAIN, State.QUEUED}
    assert sum(texts_to(silent).values()) == 1


def test_a_text_found_on_the_list_as_failed_is_told_as_failed(silent: Service) -> None:
    silent.praise("hemi")
    silent.town.misbehave(Rule("error_after", times=1), Rule("fail", status="undelivered", code=30005))
    worker = patient(silent)
    worker.run_until_quiet()
    until(lambda: silent.town.texts(to=HINE)[-1].status == "undelivered")
    worker.carrying.settle_doubts(older_than=-1.0)
    (welcome, _) = to_hine(silent)
    assert (welcome.state, welcome.why) == (State.FAILED, Cause.NOT_IN_SERVICE)


def test_the_same_words_twice_in_doubt_are_two_texts(silent: Service) -> None:
    silent.praise("hemi", words="Ka pai!")
    patient(silent).run_until_quiet()
    silent.town.misbehave(Rule("error_after", times=1), Rule("drop_before", times=1))
    for _ in range(2):
        silent.praise("hemi", words="Ka pai!")
    workers = [patient(silent), patient(silent)]
    workers[0].run_until_quiet()
    for _ in range(3):
        threads = [
            threading.Thread(target=worker.carrying.settle_doubts, kwargs={"older_than": -1.0}) for worker in workers
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        workers[0].run_until_quiet()
    rows = to_hine(silent)
    assert {each.state for each in rows} <= {State.SENT, State.DELIVERED}
    assert len({each.carrier_id for each in rows}) == len(rows) == 4
    assert sorted(texts_to(silent).values()) == [1, 3]


def test_a_mail_in_doubt_is_given_to_a_person(silent: Service) -> None:
    silent.town.misbehave(Rule("error_after", on="mail"))
    silent.praise("aroha")
    worker = patient(silent)
    worker.run_until_quiet()
    with silent.story.work() as work:
        given = work.session.query(Task).filter(Task.kind == TaskKind.SETTLE_UNCERTAIN).all()
    assert len(given) == 2
    assert len(silent.town.mailbox("dave.kereama@homes.test").letters) == 2


def test_a_mail_in_doubt_is_settled_by_the_carriers_own_report(service: Service) -> None:
    service.town.misbehave(Rule("error_after", on="mail"))
    service.praise("aroha")
    service.carry()
    assert set(service.states()) == {"delivered"}
    with service.story.work() as work:
        assert work.session.query(Task).filter(Task.done_at.is_(None)).count() == 0


# what the carrier says


def test_a_busy_carrier_is_tried_again_when_it_asked_to_be(service: Service) -> None:
    service.town.misbehave(Rule("busy", times=1, seconds=1))
    service.praise("hemi")
    until(lambda: not service.worker.carry() and "queued" not in service.states(), 10)
    assert set(texts_to(service).values()) == {1}
    assert len(texts_to(service)) == 2


def test_a_sender_out_of_order_holds_its_queue_and_loses_nothing(service: Service) -> None:
    service.town.misbehave(Rule("refuse", code=20003))
    service.praise("hemi")
    service.carry()
    assert service.states() == {"queued": 2, "held": 2, "by_hand": 1}
    with service.runtime.lobby() as lobby:
        assert lobby.session.get_one(Sender, service.story.texts.id).alarm == Cause.CREDENTIALS


def test_a_refusal_is_told_and_what_waits_behind_it_spared(service: Service) -> None:
    service.town.misbehave(Rule("refuse", code=21610))
    service.praise("hemi")
    service.carry()
    assert {each.state for each in to_hine(service)} == {State.FAILED, State.CANCELLED}
    with service.story.work("walsh") as work:
        draft = messages.Draft(words="Ka pai!")
        shown = messages.preview_praise(work, service.story.students["hemi"], draft, links=service.runtime.links)
        channels = {each.recipient.name: each.planned.channel for each in shown if each.planned}
    assert channels["Hine Parata"] == "email"


# itself


class _Broken:
    """A gateway with a bug: it raises, which none may."""

    def send(self, job: TextJob) -> Outcome:
        raise RuntimeError("a bug")

    def find_sent(self, **_asked: object) -> list[SentText]:
        return []


def test_a_worker_with_a_bug_ends_and_does_not_look_alive(service: Service) -> None:
    gateways = replace(service.runtime.gateways, texts=_Broken())  # type: ignore[arg-type]
    runtime = replace(service.runtime, gateways=gateways)
    service.praise("hemi")
    worker = Worker(runtime, threads=4)
    others = set(threading.enumerate())
    began = time.monotonic()
    with pytest.raises(RuntimeError, match="a bug"):
        worker.run()
    assert time.monotonic() - began < 60
    assert not {thread.name for thread in set(threading.enumerate()) - others} & {"desk"}
    assert to_hine(service)[0].state is State.SENDING


def test_a_worker_that_works_is_seen(service: Service) -> None:
    assert service.web.test_client().get("/readyz").status_code == 503
    service.worker.run_until_quiet()
    assert service.web.test_client().get("/readyz").status_code == 200
    with service.runtime.lobby() as lobby:
        assert schools.workers_seen_since(lobby, 60) == [service.worker.name]


def test_a_worker_nobody_has_seen_for_a_day_is_forgotten(service: Service) -> None:
    with service.runtime.lobby() as lobby:
        schools.worker_seen(lobby, "old")
        schools.worker_seen(lobby, "young")
        lobby.session.execute(text("UPDATE workers_seen SET seen_at = now() - interval '25 hours' WHERE name = 'old'"))
    keep_house(service.runtime)
    with service.runtime.lobby() as lobby:
        assert list(lobby.session.scalars(text("SELECT name FROM workers_seen"))) == ["young"]


def test_what_is_claimed_is_not_lost_when_its_school_cannot_be_looked_up(service: Service) -> None:
    service.praise("hemi")
    lobby = replace(service.runtime, database=NoLobby(service.runtime.database))
    worker = Worker(lobby, threads=4)
    with pytest.raises(OperationalError):
        worker.carrying.turn(more=True)
    assert {each.state for each in to_hine(service)} == {State.QUEUED}
    service.carry()
    assert {each.state for each in to_hine(service)} <= {State.SENT, State.DELIVERED}


class NoLobby(Database):
    """A database that lets claims through and is away for everything else."""

    def __init__(self, real: Database) -> None:
        super().__init__(real.app, real.carrier)

    def session(self, role: DatabaseRole, school_id: uuid.UUID | None = None) -> Gathering:
        if role is not DatabaseRole.CARRIER:
            raise OperationalError("the database is away", None, Exception())
        return super().session(role, school_id)


def test_a_mail_names_the_school_in_the_language_of_its_reader(service: Service) -> None:
    with service.story.work("jan") as work:
        dave = work.session.get_one(type(service.story.contacts["dave"]), service.story.contacts["dave"].id)
        whanau.ask_language(work, dave, "mi", by_family=True)
    service.praise("aroha")
    service.carry()
    assert {each.sender_name for each in service.town.mailbox("dave.kereama@homes.test").letters} == {"Te Kura o Rimu"}
