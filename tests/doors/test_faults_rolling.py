"""A new version: web and workers are replaced one after the other under load, and the database migrated beside them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import threading
import urllib.error
import urllib.request
import uuid
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from commsbridge import schools
from commsbridge.foundation.database import Database, make_carrier_engine, make_engine
from commsbridge.foundation.migrating import migrate, stands_at
from commsbridge.local_postgres import LocalPostgres
from commsbridge.neighbourhood import Arrangement
from commsbridge.partnership import Line, Moment
from tests.conftest import Clock
from tests.doors.breaking import (
    CHECKOUT,
    COMMAND,
    HASTY,
    Tell,
    assert_each_once,
    end,
    gone,
    is_over,
    queue_many,
    running,
    until,
)
from tests.doors.conftest import Told
from tests.doors.pages import Form, make_runtime, signed_in_as
from tests.doors.ports import free_port
from tests.doors.service import Service, serving
from tests.story import Story


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_named: object) -> None:
        return None


class Praising:
    """Somebody who praises Hēmi again and again, and sends a form once more when no answer came."""

    def __init__(self, service: Service, ports: list[int]) -> None:
        self.walsh = signed_in_as(service.web.test_client(), service.story.staff["walsh"], service.runtime)
        self.page = f"/students/{service.story.students['hemi'].id}/praise"
        self.ports = ports
        self.sent = 0
        self.again = 0
        self.statuses = Counter[int]()
        self.over = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self._open = urllib.request.build_opener(_Stays).open

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self.over.is_set():
            form = self.walsh.open(self.page).form(self.page, having="form_key")
            words = f"Ka pai te mahi {self.sent}!"
            while not self._answered(form, words) and self.statuses.keys() <= {302, 503}:
                self.again += 1
                self.ports.append(self.ports.pop(0))
                self.over.wait(0.1)
            self.sent += 1
            self.over.wait(0.05)

    def _answered(self, form: Form, words: str) -> bool:
        fields = urlencode({**form.values, "act": "send", "own_words": words}, doseq=True).encode()
        jar = (self.walsh.client._cookies or {}).values()  # noqa: SLF001 - they go over the network here
        cookies = "; ".join(f"{each.key}={each.value}" for each in jar)
        headers = {"Cookie": cookies, "Host": "localhost", "Referer": f"http://localhost{self.page}"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports[0]}{form.action}", fields, headers)
        try:
            self._open(request, timeout=30).close()
        except urllib.error.HTTPError as answer:
            self.statuses[answer.code] += 1
            return answer.code == 302
        except OSError:
            return False
        return False


def serve(port: int) -> tuple[str, ...]:
    """The words that start a web server."""
    return (COMMAND, "serve", "--port", str(port), "--workers", "1", "--threads", "4")


def answers(port: int) -> bool:
    """Whether a web server is up."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.fault
@pytest.mark.long
def test_web_and_workers_replaced_one_after_the_other_lose_and_double_nothing(
    told: Told, postgres: LocalPostgres, tmp_path: Path, tell: Tell
) -> None:
    count, rounds = 1200, 3
    ports = [free_port(), free_port()]
    with serving(postgres, told.name, told.story, Arrangement(latency=0.1)) as service, ExitStack() as stack:
        webs = [stack.enter_context(running(service, tmp_path / f"web{port}", *serve(port))) for port in ports]
        workers = [stack.enter_context(running(service, tmp_path / "worker", *HASTY)) for _ in range(2)]
        until(lambda: all(map(answers, ports)), "the web does not come up")
        service.town.points_to("http://localhost", f"http://127.0.0.1:{ports[1]}")
        queue_many(service, count)
        with Praising(service, list(ports)) as praising:
            for number in range(rounds * 2):
                until(lambda part=number: len(gone(service)) > part * count // 8, "nothing goes")  # type: ignore[misc]
                which, other = number % 2, 1 - number % 2
                service.town.points_to("http://localhost", f"http://127.0.0.1:{ports[other]}")
                assert end(webs[which]) == 0
                webs[which] = stack.enter_context(running(service, tmp_path / f"web{number}", *serve(ports[which])))
                assert end(workers[which]) == 0
                workers[which] = stack.enter_context(running(service, tmp_path / "worker", *HASTY))
                until(lambda port=ports[which]: answers(port), "the web does not come up again")  # type: ignore[misc]
        until(lambda: is_over(service), "the workers did not settle everything", look=0.2)
        with service.story.work() as work:
            written = work.session.scalar(select(func.count(Line.id)).where(Line.moment == Moment.PRAISE))
        assert written == praising.sent
        assert praising.statuses.keys() <= {302, 503}
        counted = assert_each_once(service, count + praising.sent + 1)  # and Hine's welcome
        assert [end(each) for each in (*workers, *webs)] == [0, 0, 0, 0]
    tell(
        f"{count} texts and {praising.sent} praises written meanwhile ({praising.again} forms sent again), "
        f"{2 * rounds} times a web server and a worker replaced: {counted}"
    )


# the version before

SEED = """
import json, sys
from dataclasses import fields
from commsbridge import messages, schools, students, whanau
from commsbridge.app import make_runtime
from commsbridge.foundation.database import Database, make_engine
from commsbridge.foundation.migrating import migrate
from commsbridge.messages import Draft
from commsbridge.settings import read_settings
from commsbridge.whanau import Channel, MayMessage
from datetime import time
from tests.story import START, open_school

settings = read_settings()
migrate(settings.migrate_database_url)
story = open_school(make_runtime(settings))
with story.work() as work:
    schools.set_quiet_hours(work, quiet_from=time(), quiet_until=time())
    room, found = students.class_named(work, "Room 7"), []
    for number in range(int(sys.argv[1])):
        child = students.add_student(work, roll_id=f"F{number}", name=f"Akonga{number}")
        students.enrol(work, child, room, from_on=START)
        ways = [(Channel.TEXT, f"+6421556{number:04d}")]
        contact = whanau.add_contact(work, f"Ngaire{number}", language="mi", ways=ways, from_on=START)
        whanau.relate(work, contact.id, child.id, relationship="kuia", may_message=MayMessage.YES, from_on=START)
        found.append(child)
with story.work("walsh") as work:
    for number, child in enumerate(found):
        messages.send_praise(work, child, Draft(words=f"Ka pai {number}!"), links=story.runtime.links)
print(json.dumps([str(story.school_id), str(story.texts.id), str(story.mails.id)]))
"""
OLD = "from commsbridge.cli import main; main()"


@pytest.fixture
def version_before(tmp_path: Path) -> Path:
    """The code as it was before the newest migration; only a checkout with its history has it."""
    if not (CHECKOUT / ".git").exists():
        pytest.skip("there is no history here")
    found = git("log", "-1", "--format=%H", "--diff-filter=A", "--", "migrations/versions").decode().strip()
    tree = tmp_path / "before"
    with tarfile.open(fileobj=io.BytesIO(git("archive", f"{found}^"))) as archive:
        archive.extractall(tree, filter="data")
    return tree


def git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=CHECKOUT, check=True, capture_output=True).stdout  # noqa: S607


def _seed(postgres: LocalPostgres, tree: Path, database: str, families: int) -> Story:
    """A school with praise that waits, all written by the version before in a database of its own."""
    postgres.create_database(database)
    app, owner, carrier = (postgres.url(f"commsbridge_{role}", database) for role in ("app", "owner", "carrier"))
    given = {
        "COMMSBRIDGE_DATABASE_URL": app,
        "COMMSBRIDGE_MIGRATE_DATABASE_URL": owner,
        "COMMSBRIDGE_CARRIER_DATABASE_URL": carrier,
        "COMMSBRIDGE_PUBLIC_URL": "http://localhost",
        "COMMSBRIDGE_SECRET_KEY": "a key for tests of thirty-two letters or more",
    }
    words = [sys.executable, "-c", SEED, str(families)]
    told = subprocess.run(words, cwd=tree, env=given, check=True, capture_output=True).stdout
    school_id, texts, mails = map(uuid.UUID, json.loads(told.splitlines()[-1]))
    runtime = make_runtime(Database(make_engine(app), make_carrier_engine(carrier)), Clock())
    return Story(runtime, school_id, {}, {}, {}, schools.Sender(id=texts), schools.Sender(id=mails))


@pytest.mark.fault
@pytest.mark.long
def test_the_version_before_goes_on_sending_while_the_database_is_migrated_beside_it(
    postgres: LocalPostgres, version_before: Path, tmp_path: Path, tell: Tell
) -> None:
    families, database = 250, f"before_{uuid.uuid4().hex[:8]}"
    story = _seed(postgres, version_before, database, families)
    with serving(postgres, database, story, Arrangement(latency=0.1)) as service:
        owner = service.runtime.settings.migrate_database_url
        before = stands_at(owner)
        old = (sys.executable, "-c", OLD, "work")
        with running(service, tmp_path / "old", *old, cwd=version_before) as worker:
            until(lambda: len(gone(service)) > families // 4, "the version before sends nothing")
            migrate(owner)
            at_carrier = len(gone(service))
            until(lambda: len(gone(service)) > families, "the version before sends nothing any more")
            with running(service, tmp_path / "new", *HASTY) as fresh:
                assert end(worker) == 0
                until(lambda: is_over(service), "the new version did not settle everything", look=0.2)
                counted = assert_each_once(service, 2 * families)
                assert end(fresh) == 0
        after = stands_at(owner)
    postgres.drop_database(database)
    tell(
        f"{2 * families} texts, migrated from {before} to {after} after {at_carrier} of them beside the version "
        f"before, which went on: {counted}"
    )
