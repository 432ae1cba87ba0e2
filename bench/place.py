"""Where benches happen: a private PostgreSQL with fsync on, a school in it, and processes around it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from commsbridge import messages, schools, students, whanau
from commsbridge.app import make_runtime
from commsbridge.foundation.actors import OPERATOR, Actor
from commsbridge.foundation.migrating import migrate
from commsbridge.foundation.work import Work
from commsbridge.local_postgres import LocalPostgres
from commsbridge.neighbourhood import PRETEND_ACCOUNT_SID, PRETEND_AUTH_TOKEN, PRETEND_SENDGRID_KEY
from commsbridge.runtime import Runtime
from commsbridge.schools import Role, SenderKind
from commsbridge.settings import Settings, variable
from commsbridge.students import Class
from commsbridge.whanau import Channel, MayMessage

CHECKOUT = Path(__file__).parents[1]
SENDER = "4545"
TEACHER = "teacher@bench.test"
FIRST_DAY = date(2026, 2, 2)
# Fast enough that the pace of a sender is never what is measured.
UNPACED = 1_000_000
PUBLIC_URL = "http://127.0.0.1:1"


@dataclass(frozen=True)
class Place:
    """A migrated database and the settings of a service over it."""

    settings: Settings
    runtime: Runtime
    superuser_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The settings as variables, for processes of their own."""
        given = {name: getattr(self.settings, name) for name in Settings.__dataclass_fields__}
        return {**os.environ, **{variable(name): str(value) for name, value in given.items() if value}}


@contextmanager
def place(*, carrier_url: str = "http://127.0.0.1:1", threads: int = 64) -> Iterator[Place]:
    """A database of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as directory, LocalPostgres(Path(directory)) as server:
        server.create_database("bench")
        migrate(server.url("commsbridge_owner", "bench"))
        settings = Settings(
            database_url=server.url("commsbridge_app", "bench"),
            migrate_database_url=server.url("commsbridge_owner", "bench"),
            carrier_database_url=server.url("commsbridge_carrier", "bench"),
            public_url=PUBLIC_URL,
            secret_key=uuid.uuid4().hex,
            twilio_account_sid=PRETEND_ACCOUNT_SID,
            twilio_auth_token=PRETEND_AUTH_TOKEN,
            twilio_base_url=carrier_url,
            sendgrid_api_key=PRETEND_SENDGRID_KEY,
            sendgrid_base_url=carrier_url,
            inbound_email_domain="reply.bench.test",
            carrier_threads=threads,
        )
        runtime = make_runtime(settings)
        try:
            yield Place(settings, runtime, server.url("postgres", "bench").replace("+psycopg", ""))
        finally:
            runtime.database.dispose()
            server.stop()
            server.erase()


def past(runtime: Runtime) -> Runtime:
    """The same runtime a minute ago: what is written then may leave at once."""
    return replace(runtime, now=lambda: datetime.now(UTC) - timedelta(minutes=1))


@dataclass(frozen=True)
class SmallSchool:
    """A school with one teacher and a class; ``numbers`` are its contacts' phones, one a child."""

    school_id: uuid.UUID
    teacher: Actor
    email: str
    students: list[uuid.UUID]
    numbers: list[str]

    @property
    def staff_id(self) -> uuid.UUID:
        """The teacher's own row."""
        assert self.teacher.id is not None
        return self.teacher.id


def small_school(runtime: Runtime, *, children: int) -> SmallSchool:
    """Make a school whose every child has one contact with a phone and no quiet hours."""
    with runtime.lobby() as lobby:
        school_id = schools.create_school(lobby, name_en="Bench School", name_mi="Te Kura Pae", text_name="Bench").id
        sender = schools.add_sender(
            lobby, kind=SenderKind.ZERO_RATED, address=SENDER, rate=float(UNPACED), burst=UNPACED
        )
        schools.give_sender(lobby, school_id, sender.id)
    with runtime.work(school_id, OPERATOR) as work:
        schools.set_quiet_hours(work, quiet_from=time(), quiet_until=time())
        messages.seed_phrases(work)
        staff = schools.add_staff(
            work,
            email=TEACHER,
            name="Ana Fox",
            shown_name="Ms Fox",
            roles={Role.KAIAKO},
            from_on=FIRST_DAY,
        )
        room = students.class_named(work, "Room 1")
        students.teach(work, staff, room, from_on=FIRST_DAY)
        found, numbers = [], []
        for each in range(children):
            found.append(add_child(work, room, each))
            numbers.append(phone(each))
    return SmallSchool(school_id, Actor.staff(staff.id), staff.email, found, numbers)


def add_child(work: Work, room: Class, each: int) -> uuid.UUID:
    """A child in a class with one contact who reads te reo Māori texts on ``phone(each)``; the child's id."""
    student = students.add_student(work, roll_id=f"B{each}", name=f"Aroha Ākonga{each}")
    students.enrol(work, student, room, from_on=FIRST_DAY)
    contact = whanau.add_contact(
        work, f"Ngaire Ākonga{each}", language="mi", ways=[(Channel.TEXT, phone(each))], from_on=FIRST_DAY
    )
    whanau.relate(work, contact.id, student.id, relationship="kuia", may_message=MayMessage.YES, from_on=FIRST_DAY)
    return student.id


def phone(each: int) -> str:
    """The so-maniest contact's phone."""
    return f"+6421{5550000 + each:07d}"


@contextmanager
def town(*, latency_ms: float, certificate: Path | None = None) -> Iterator[str]:
    """The pretend carrier in a process of its own, answering after so long and reporting nothing; its URL."""
    command = [sys.executable, "-m", "commsbridge.neighbourhood", "--latency-ms", str(latency_ms), "--no-reports"]
    command += ["--certificate", str(certificate)] if certificate else []
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield line.rpartition(" ")[2].strip()
        finally:
            process.terminate()


@contextmanager
def working(here: Place, processes: int = 1, **more: str) -> Iterator[None]:
    """So many worker processes, started as an operator starts them."""
    command = [str(Path(sys.executable).with_name("commsbridge")), "work"]
    with ExitStack() as running:
        workers = []
        for _ in range(processes):
            worker = subprocess.Popen(
                command, cwd=CHECKOUT, env={**here.environment, **more}, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            running.enter_context(worker)
            running.callback(worker.terminate)
            workers.append(worker)
        yield
        assert all(worker.poll() is None for worker in workers), "a worker ended by itself"


def run_peer(module: str, *arguments: str, environment: dict[str, str] | None = None) -> tuple[float, ...]:
    """Run a peer and read the numbers of the line it prints last, of which the first is what it did in a second."""
    command = [sys.executable, "-m", f"bench.peers.{module}", *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return tuple(map(float, done.stdout.strip().splitlines()[-1].split()))
