"""The database goes away, breaks down under load, or takes nobody more: people are told, and nothing is lost."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from commsbridge.foundation.database import Database, make_engine
from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import LocalPostgres
from commsbridge.neighbourhood import Arrangement
from commsbridge.partnership import Moment
from tests.conftest import Clock
from tests.doors.breaking import (
    ENDED,
    HASTY,
    THREADS,
    Tell,
    assert_each_once,
    assert_log_agrees,
    deliveries,
    end,
    events,
    gone,
    is_over,
    name,
    praise_new_families,
    queue_many,
    running,
    until,
)
from tests.doors.pages import Page, Visitor, make_runtime, signed_in_as
from tests.doors.service import Service, serving
from tests.story import open_school

HINE = "+64215550104"


@pytest.fixture
def own_server(tmp_path: Path, *, long: bool) -> Iterator[LocalPostgres]:
    """A database server that a test may stop; in full length one that keeps what it has committed when it breaks."""
    with LocalPostgres(tmp_path / "postgres", durable=long) as server:
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
    with serving(own_server, "kura", story, Arrangement(latency=0.3), threads=THREADS) as running_service:
        yield running_service


def walsh_of(service: Service) -> Visitor:
    return signed_in_as(service.web.test_client(), service.story.staff["walsh"], service.runtime)


@pytest.mark.fault
@pytest.mark.slow
def test_while_the_database_is_away_people_are_told_so_and_afterwards_everything_goes_on(
    own_service: Service, own_server: LocalPostgres, tmp_path: Path, tell: Tell, *, long: bool
) -> None:
    service, log = own_service, tmp_path / "log"
    count, seconds = (400, 20.0) if long else (60, 5.0)
    walsh = walsh_of(service)
    page = f"/students/{service.story.students['hemi'].id}/praise"
    form = walsh.open(page).form(page, having="form_key")
    praise_new_families(service, count)
    with running(service, log, *HASTY) as worker:
        until(lambda: len(gone(service)) >= count // 4, "the worker sends nothing")
        own_server.stop()
        stopped = time.monotonic()
        assert_told_and_kept(walsh.send(form, ("act", "send"), own_words="Ka mau te wehi, Hēmi!"))
        service.town.text_in(HINE, "4545", "Ka pai!")
        until(lambda: any(knock.kind == "text" for knock in service.town.knocks()), "nobody was told of the text")
        assert [knock.status for knock in service.town.knocks() if knock.kind == "text"] == [503]
        time.sleep(max(0.0, seconds - (time.monotonic() - stopped)))
        at_carrier = len(gone(service))
        own_server.start()
        assert walsh.send(form, ("act", "send"), own_words="Ka mau te wehi, Hēmi!").status == 302
        assert service.worker.receiving.fetch_missed() == 1
        until(lambda: is_over(service), "the worker did not go on")
        until(lambda: Moment.REPLY in dict(service.moments("hemi")), "the text was not filed")
        assert worker.poll() is None, "the worker ended while the database was away"
        assert end(worker) == 0
    assert_all_there(service, count)
    assert events(log)["worker.database_away"] >= 1
    tell(
        f"the database was away for {seconds:.0f} s with {count + 2 - at_carrier} texts to go: "
        f"{len(gone(service))} at the carrier, none lost, none twice"
    )


def assert_told_and_kept(page: Page) -> None:
    """A clear sentence, no success, and the words that were written still on the page."""
    assert page.status == 503
    assert "The service is away for a moment" in page.text
    assert "Wait half a minute, then send it again." in page.text
    assert "Ka mau te wehi, Hēmi!" in page.text


def assert_all_there(service: Service, count: int) -> None:
    """Each new family's two texts and Hine's welcome and praise, once each; what came in is filed once.

    The carrier's last reports are waited for: one that comes between two looks is in the log and not yet in the other.
    """
    service.town.settle(300)
    until(lambda: is_over(service), "what came last was not told to the log", look=0.2)
    carried = [each for each in deliveries(service) if each.state in ENDED]
    assert Counter(map(name, gone(service))) == dict.fromkeys(map(name, carried), 1)
    assert Counter(each.address == HINE for each in carried) == {False: count, True: 2}
    told = [moment for moment, _ in service.moments("hemi")]
    assert (told.count(Moment.REPLY), told.count(Moment.PRAISE)) == (1, 1)
    assert_log_agrees(service, carried)


@pytest.mark.fault
@pytest.mark.long
def test_a_database_that_is_restarted_and_breaks_down_under_load_loses_and_doubles_nothing(
    own_service: Service, own_server: LocalPostgres, tmp_path: Path, tell: Tell
) -> None:
    """Twice it is stopped in order, twice it breaks down and has to recover; the carrier's reports find it away."""
    service, logs, count = own_service, [tmp_path / "one", tmp_path / "two"], 1500
    queue_many(service, count)
    with ExitStack() as stack:
        workers = [stack.enter_context(running(service, log, *HASTY)) for log in logs]
        for number in range(1, 5):
            until(lambda part=number: len(gone(service)) >= part * count // 6, "the workers send nothing")  # type: ignore[misc]
            if number % 2 == 0 and own_server.pid:
                os.kill(own_server.pid, signal.SIGQUIT)
            own_server.stop()
            time.sleep(1)
            own_server.start()
        until(lambda: is_over(service), "the workers did not go on", look=0.2)
        assert [worker.poll() for worker in workers] == [None, None]
        counted = assert_each_once(service, count)
        assert [end(worker) for worker in workers] == [0, 0]
    away = sum(events(log)["worker.database_away"] for log in logs)
    tell(f"{count} texts, the database restarted 4 times under load, seen away {away} times: {counted}")


@pytest.mark.fault
@pytest.mark.long
def test_when_the_database_takes_nobody_more_the_workers_wait_and_people_are_told_so(
    own_service: Service, own_server: LocalPostgres, tmp_path: Path, tell: Tell
) -> None:
    service, log, count = own_service, tmp_path / "log", 600
    queue_many(service, count)
    walsh = walsh_of(service)
    url = own_server.url("commsbridge_app", "postgres").replace("postgresql+psycopg", "postgresql")
    with running(service, log, *HASTY) as worker:
        until(lambda: len(gone(service)) >= count // 4, "the worker sends nothing")
        with ExitStack() as others:

            def starve() -> Page:
                """Throw everybody out and take their places before they come again."""
                throw_out(own_server)
                occupy(others, url)
                return walsh.open("/today")

            until(lambda: "The service is away for a moment" in starve().text, "people are not told")
            until(lambda: starve().status == 503, "people are told that all is well")
            until(lambda: events(log)["worker.database_away"] >= 2, "the worker noticed nothing")
        until(lambda: is_over(service), "the worker did not go on", look=0.2)
        assert worker.poll() is None, "the worker ended when no connection was to be had"
        counted = assert_each_once(service, count)
        assert end(worker) == 0
    tell(f"{count} texts, no connection to be had for a while: {counted}")


def occupy(others: ExitStack, url: str) -> None:
    """Take every connection that the server still gives."""
    refused = 0
    while refused < 3:
        try:
            others.enter_context(psycopg.connect(url, connect_timeout=5))
        except psycopg.OperationalError:
            refused += 1
            time.sleep(0.1)


def throw_out(server: LocalPostgres) -> None:
    """End everybody's sessions but those that occupy the server."""
    url = server.url("postgres", "postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> 'postgres'")


@pytest.mark.fault
@pytest.mark.long
def test_a_web_process_whose_own_pool_is_full_says_so_and_recovers(own_service: Service, tell: Tell) -> None:
    service = own_service
    walsh = walsh_of(service)
    with ExitStack() as held:
        for _ in range(10):
            held.enter_context(service.runtime.work(service.story.school_id)).session.connection()
        began = time.monotonic()
        page = walsh.open("/today")
        waited = time.monotonic() - began
        assert (page.status, "The service is away for a moment" in page.text) == (503, True)
        service.town.text_in(HINE, "4545", "Ka pai!")
        until(lambda: any(knock.kind == "text" for knock in service.town.knocks()), "nobody was told of the text")
        assert [knock.status for knock in service.town.knocks() if knock.kind == "text"] == [503]
    assert walsh.open("/today").status == 200
    assert service.worker.receiving.fetch_missed() == 1
    tell(f"with every connection of its pool taken, a page said so after {waited:.0f} s, and came when one was free")
