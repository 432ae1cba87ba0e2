"""Something breaks while the service runs: a worker is killed, the database goes, a worker is told to end.

Short here; `make faults` runs them in full length and says what it counted.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from commsbridge import messages, students, whanau
from commsbridge.foundation.database import Database, make_engine
from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import Delivery, Draft, State
from commsbridge.neighbourhood import Arrangement, Rule, Text
from commsbridge.partnership import Moment
from commsbridge.settings import Settings, variable
from commsbridge.students import Student
from commsbridge.whanau import Channel, MayMessage
from tests.conftest import Clock
from tests.doors.conftest import Told
from tests.doors.pages import Page, make_runtime, signed_in_as
from tests.doors.service import Service, serving
from tests.story import START, open_school

CHECKOUT = Path(__file__).parents[2]
HASTY = (sys.executable, "-m", "tests.doors.hasty_worker", "3", "1")  # leases of 3 s; a doubt rests 1 s
USUAL = (str(Path(sys.executable).parent / "commsbridge"), "work")
THREADS = 8
PATIENCE = 120.0
ENDED = {State.SENT, State.DELIVERED}
HINE = "+64215550104"

Tell = Callable[[str], None]
Name = tuple[str | None, str]


@pytest.fixture
def tell(request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]) -> Tell:
    """Says a line to whoever reads the run, also where what tests print is caught."""

    def told(line: str) -> None:
        with capfd.disabled():
            sys.stdout.write(f"\n{request.node.name}: {line}\n")

    return told


@contextmanager
def working(service: Service, log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as a process of its own over the service's database and carrier, what it prints in ``log``."""
    given = {variable(each.name): str(getattr(service.runtime.settings, each.name)) for each in fields(Settings)}
    environment = {**given, "COMMSBRIDGE_CARRIER_THREADS": str(THREADS)}
    with log.open("ab") as output:
        process = subprocess.Popen(words, cwd=CHECKOUT, env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(happened: Callable[[], Any], why: str) -> None:
    """Wait for it."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, why
        time.sleep(0.05)


def end(worker: subprocess.Popen[bytes]) -> int:
    """Tell a worker to end; its exit code."""
    worker.send_signal(signal.SIGTERM)
    return worker.wait(PATIENCE)


def praise_new_families(service: Service, count: int) -> None:
    """Write ``count`` texts, no two alike: a welcome and a praise to each of half as many new contacts."""
    with service.story.work() as work:
        room = students.class_named(work, "Room 7")
        found = []
        for number in range(count // 2):
            child = students.add_student(work, roll_id=f"F{number}", name=f"Mānia Ākonga{number}")
            students.enrol(work, child, room, from_on=START)
            ways = [(Channel.TEXT, f"+6421556{number:04d}")]
            contact = whanau.add_contact(work, f"Ngaire Ākonga{number}", language="mi", ways=ways, from_on=START)
            whanau.relate(work, contact.id, child.id, relationship="kuia", may_message=MayMessage.YES, from_on=START)
            found.append(child.id)
    with service.story.work("walsh") as work:
        for number, child_id in enumerate(found):
            draft = Draft(words=f"Ka pai te pānui tuatahi {number}!")
            messages.send_praise(work, work.session.get_one(Student, child_id), draft, links=service.runtime.links)


def deliveries(service: Service) -> Sequence[Delivery]:
    """Every delivery to whānau as it stands."""
    with service.story.work() as work:
        return work.session.scalars(select(Delivery).where(Delivery.contact_id.is_not(None))).all()


def name(each: Delivery | Text) -> Name:
    """What tells one text of these tests from every other: the phone and the words."""
    return (each.address if isinstance(each, Delivery) else each.to), each.body


def waits(service: Service) -> bool:
    """Whether anything is still to be carried or to be asked about."""
    return bool(set(service.states()) & {State.QUEUED, State.SENDING, State.UNCERTAIN})


def events(log: Path) -> Counter[str]:
    """How often each event stands in a worker's log."""
    lines = log.read_text("utf-8").splitlines()
    return Counter(json.loads(line)["event"] for line in lines if line.endswith("}"))


# killed


@dataclass(frozen=True)
class Left:
    """What a killed worker left in its hands: the try it was at, and the carrier's id of each that had arrived."""

    attempts: Mapping[Name, int]
    at_carrier: Mapping[Name, str]


def kill_in_mid_send(service: Service, log: Path, *, after: int) -> Left:
    """Kill a worker once the carrier has ``after`` texts."""
    with working(service, log, *HASTY) as worker:
        until(lambda: len(service.town.texts()) >= after or worker.poll() is not None, "the worker sends nothing")
        worker.kill()
        assert worker.wait(PATIENCE) == -signal.SIGKILL
    time.sleep(0.5)  # what it had written to the connection still reaches the carrier
    held = (each for each in deliveries(service) if each.worker and f"-{worker.pid}-" in each.worker)
    left = {name(each): each.attempt for each in held}
    at_carrier = {name(text): text.sid for text in service.town.texts() if name(text) in left}
    assert at_carrier, "nothing was in flight when the worker was killed"
    return Left(left, at_carrier)


@pytest.mark.fault
@pytest.mark.slow
def test_workers_killed_in_mid_send_lose_nothing_and_nothing_goes_twice(
    told: Told, postgres: LocalPostgres, tmp_path: Path, tell: Tell, *, long: bool
) -> None:
    """The carrier never reports, so that only its list says what it has; in full length it drops connections too."""
    count, kills, trouble = (500, 5, 0.03) if long else (120, 1, 0.0)
    log = tmp_path / "log"
    with serving(postgres, told.name, told.story, Arrangement(latency=0.15, reports=False)) as service:
        rules = [Rule(do, chance=trouble) for do in ("drop_before", "drop_after", "error_after")]
        service.town.misbehave(*rules, seed=7)
        praise_new_families(service, count)
        lefts = [kill_in_mid_send(service, log, after=(number + 1) * count // (kills + 1)) for number in range(kills)]
        with working(service, log, *HASTY) as worker:
            until(lambda: not waits(service), "the last worker did not settle everything")
            assert end(worker) == 0
        rows, texts = deliveries(service), service.town.texts()
    assert Counter(each.state in ENDED for each in rows) == {True: count}
    assert Counter(map(name, texts)) == dict.fromkeys(map(name, rows), 1)
    assert {name(each): each.carrier_id for each in rows} == {name(text): text.sid for text in texts}
    for left in lefts:
        assert_adopted_or_sent_again(left, {name(each): each for each in rows})
    assert events(log)["worker.leases_expired"] >= 1
    tell(
        f"{count} texts, {kills} workers killed with {sum(len(left.attempts) for left in lefts)} in their hands, "
        f"{sum(len(left.at_carrier) for left in lefts)} of them at the carrier: {len(texts)} there in the end, "
        "none lost, none twice"
    )


def assert_adopted_or_sent_again(left: Left, rows: Mapping[Name, Delivery]) -> None:
    """What the carrier had is found on its list and taken for ours, its try the last; what it had not goes again."""
    for each, attempt in left.attempts.items():
        if each in left.at_carrier:
            assert (rows[each].carrier_id, rows[each].attempt) == (left.at_carrier[each], attempt)
        else:
            assert rows[each].attempt > attempt


# the database is away


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[LocalPostgres]:
    """A database server that a test may stop."""
    with LocalPostgres(tmp_path / "postgres", durable=False) as server:
        server.create_database("kura")
        migrate(server.url("commsbridge_owner", "kura"))
        yield server
    server.erase()


@pytest.fixture
def own_service(own_server: LocalPostgres) -> Iterator[Service]:
    """The service over that server."""
    urls = (own_server.url(f"commsbridge_{role}", "kura") for role in ("app", "carrier"))
    database = Database(*map(make_engine, urls))
    story = open_school(make_runtime(database, Clock()))
    database.dispose()
    with serving(own_server, "kura", story, Arrangement(latency=0.3), threads=THREADS) as running:
        yield running


@pytest.mark.fault
@pytest.mark.slow
def test_while_the_database_is_away_people_are_told_so_and_afterwards_everything_goes_on(
    own_service: Service, own_server: LocalPostgres, tmp_path: Path, tell: Tell, *, long: bool
) -> None:
    service, log = own_service, tmp_path / "log"
    count, seconds = (400, 20.0) if long else (60, 5.0)
    walsh = signed_in_as(service.web.test_client(), service.story.staff["walsh"], service.runtime)
    page = f"/students/{service.story.students['hemi'].id}/praise"
    form = walsh.open(page).form(page, having="form_key")
    praise_new_families(service, count)
    with working(service, log, *HASTY) as worker:
        until(lambda: len(service.town.texts()) >= count // 4, "the worker sends nothing")
        own_server.stop()
        stopped = time.monotonic()
        assert_told_and_kept(walsh.send(form, ("act", "send"), own_words="Ka mau te wehi, Hēmi!"))
        service.town.text_in(HINE, "4545", "Ka pai!")
        until(lambda: any(knock.kind == "text" for knock in service.town.knocks()), "nobody was told of the text")
        assert [knock.status for knock in service.town.knocks() if knock.kind == "text"] == [503]
        time.sleep(max(0.0, seconds - (time.monotonic() - stopped)))
        at_carrier = len(service.town.texts())
        own_server.start()
        assert walsh.send(form, ("act", "send"), own_words="Ka mau te wehi, Hēmi!").status == 302
        assert service.worker.receiving.fetch_missed() == 1
        until(lambda: not waits(service), "the worker did not go on")
        until(lambda: Moment.REPLY in dict(service.moments("hemi")), "the text was not filed")
        assert worker.poll() is None, "the worker ended while the database was away"
        assert end(worker) == 0
    assert_all_there(service, count)
    assert events(log)["worker.database_away"] >= 1
    tell(
        f"the database was away for {seconds:.0f} s with {count + 3 - at_carrier} texts to go: "
        f"{len(service.town.texts()) - 1} at the carrier, none lost, none twice"
    )


def assert_told_and_kept(page: Page) -> None:
    """A clear sentence, no success, and the words that were written still on the page."""
    assert page.status == 503
    assert "The service is away for a moment" in page.text
    assert "Wait half a minute, then send it again." in page.text
    assert "Ka mau te wehi, Hēmi!" in page.text


def assert_all_there(service: Service, count: int) -> None:
    """Each new family's two texts and Hine's welcome and praise, once each; what came in is filed once."""
    carried = [each for each in deliveries(service) if each.state in ENDED]
    out = [text for text in service.town.texts() if text.direction != "inbound"]
    assert Counter(map(name, out)) == dict.fromkeys(map(name, carried), 1)
    assert Counter(each.address == HINE for each in carried) == {False: count, True: 2}
    told = [moment for moment, _ in service.moments("hemi")]
    assert (told.count(Moment.REPLY), told.count(Moment.PRAISE)) == (1, 1)


# told to end


@pytest.mark.slow
def test_a_worker_that_is_told_to_end_records_what_is_in_flight_first(
    told: Told, postgres: LocalPostgres, tmp_path: Path
) -> None:
    with serving(postgres, told.name, told.story, Arrangement(latency=1.0, reports=False)) as service:
        praise_new_families(service, 4 * THREADS)
        with working(service, tmp_path / "log", *USUAL) as worker:
            until(lambda: len(service.town.texts()) >= THREADS, "the worker sends nothing")
            assert service.states()[State.SENDING] >= 1
            assert end(worker) == 0
        texts = service.town.texts()
        assert service.states().keys() == {State.SENT, State.QUEUED}
        sent = [each for each in deliveries(service) if each.state == State.SENT]
        assert {each.carrier_id for each in sent} == {text.sid for text in texts}
        assert THREADS <= len(sent) < 4 * THREADS
    assert events(tmp_path / "log")["delivery.handed_over"] == len(texts)
