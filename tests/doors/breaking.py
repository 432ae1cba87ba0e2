"""What the fault tests share: workers as processes, many texts at once, and whether log and carrier agree."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from commsbridge import messages, partnership, students, whanau
from commsbridge.messages import Delivery, Draft, Message, MessageKind, State
from commsbridge.messages.models import LANE_RANK, Lane
from commsbridge.messages.writing import wake_workers
from commsbridge.neighbourhood import Text
from commsbridge.partnership import Moment
from commsbridge.settings import Settings, variable
from commsbridge.students import Student
from commsbridge.whanau import Channel, MayMessage
from tests.doors.service import BEHIND, Service
from tests.story import START

CHECKOUT = Path(__file__).parents[2]
COMMAND = str(Path(sys.executable).parent / "commsbridge")
USUAL = (COMMAND, "work")
THREADS = 8
PATIENCE = 300.0
ENDED = {State.SENT, State.DELIVERED}
OPEN = {State.QUEUED, State.SENDING, State.UNCERTAIN}

Tell = Callable[[str], None]
Name = tuple[str | None, str]


def hasty(*, lease: float = 3.0, doubt_rests: float = 1.0, call: float = 20.0, steps: float = 0.0) -> tuple[str, ...]:
    """The words that start a worker with short leases, doubts and calls, and a clock that steps (seconds)."""
    return (sys.executable, "-m", "tests.doors.hasty_worker", *map(str, (lease, doubt_rests, call, steps)))


HASTY = hasty()


def environment(service: Service, **over: str) -> dict[str, str]:
    """The settings of a service as a process reads them."""
    given = {variable(each.name): str(getattr(service.runtime.settings, each.name)) for each in fields(Settings)}
    return {**given, "COMMSBRIDGE_CARRIER_THREADS": str(THREADS), **over}


@contextmanager
def running(
    service: Service, log: Path, *words: str, cwd: Path = CHECKOUT, **over: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the service's own, over its database and carrier, what it prints in ``log``; killed at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(words, cwd=cwd, env=environment(service, **over), stdout=output, stderr=output)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def until(happened: Callable[[], Any], why: str, *, seconds: float = PATIENCE, look: float = 0.05) -> None:
    """Wait for it."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, why
        time.sleep(look)


def end(process: subprocess.Popen[bytes]) -> int:
    """Tell a process to end; its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill it where it stands."""
    process.kill()
    assert process.wait(PATIENCE) == -signal.SIGKILL


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


def queue_many(service: Service, count: int, *, mail: bool = False, clock_off: timedelta = timedelta()) -> None:
    """Queue ``count`` notices about Hēmi, each to an address of its own and with a line in the log, in a moment.

    ``clock_off`` is how wrong the clock of the machine was that wrote them.
    """
    sender = service.story.mails if mail else service.story.texts
    with service.story.work() as work:
        numbers = {number: uuid.uuid4() for number in range(count)}
        lines = [
            partnership.Line(
                id=uuid.uuid4(), student_id=service.story.students["hemi"].id, at=work.now, moment=Moment.NOTICE,
                subject="message", subject_id=message_id,
            )
            for message_id in numbers.values()
        ]  # fmt: skip
        work.session.add_all(lines)
        work.session.flush()
        work.session.add_all(
            Message(id=message_id, kind=MessageKind.NOTICE, line_id=line.id, made_at=work.now)
            for message_id, line in zip(numbers.values(), lines, strict=True)
        )
        work.session.flush()
        work.session.add_all(
            Delivery(
                id=uuid.uuid4(),
                message_id=message_id,
                channel=Channel.EMAIL if mail else Channel.TEXT,
                address=f"whanau{number}@homes.test" if mail else f"+642155{number:05d}",
                sender_id=sender.id,
                language="mi",
                subject="He pānui" if mail else None,
                body=f"Kia ora! Ka tīmata te hui ā te {number} karaka.",
                lane=LANE_RANK[Lane.NORMAL],
                state=State.QUEUED,
                due_at=work.now,
                expires_at=work.now + BEHIND + timedelta(hours=6),
                line_id=line.id,
                made_at=work.now + clock_off,
                logged_state=State.QUEUED,
            )
            for (number, message_id), line in zip(numbers.items(), lines, strict=True)
        )
        wake_workers(work)


def deliveries(service: Service) -> Sequence[Delivery]:
    """Every delivery to whānau as it stands: what the school's own staff are told is left out."""
    with service.story.work() as work:
        return work.session.scalars(select(Delivery).where(Delivery.staff_id.is_(None))).all()


def gone(service: Service) -> list[Text]:
    """What the carrier took from us."""
    return [each for each in service.town.texts() if each.direction != "inbound"]


def name(each: Delivery | Text) -> Name:
    """What tells one text of these tests from every other: the phone and the words."""
    return (each.address if isinstance(each, Delivery) else each.to), each.body


def states(service: Service) -> Counter[str]:
    """How many deliveries to whānau stand where."""
    with service.story.work() as work:
        counted = work.session.execute(
            text("SELECT state, count(*) AS number FROM deliveries WHERE staff_id IS NULL GROUP BY state")
        )
        return Counter({row.state: row.number for row in counted})


def is_over(service: Service) -> bool:
    """Whether nothing is to be carried, asked about or told to the log any more."""
    if set(states(service)) & OPEN:
        return False
    with service.story.work() as work:
        untold = text("SELECT count(*) FROM deliveries WHERE logged_state IS DISTINCT FROM state AND staff_id IS NULL")
        return not work.session.scalar(untold)


def events(log: Path) -> Counter[str]:
    """How often each event stands in a process's log."""
    lines = log.read_text("utf-8").splitlines()
    return Counter(json.loads(line).get("event", "") for line in lines if line.startswith("{") and line.endswith("}"))


@dataclass(frozen=True)
class Count:
    """What was counted when all was over."""

    texts: int
    delivered: int
    lines: int

    def __str__(self) -> str:
        return f"{self.texts} at the carrier, none lost, none twice; {self.lines} lines of the log agree"


def assert_each_once(service: Service, count: int) -> Count:
    """Each of ``count`` texts is at the carrier once, under the id we know it by, and the log says so line by line.

    What a person carries or must let go first is left out: it is no carrier's. The last reports are waited for.
    """
    service.town.settle(300)
    until(lambda: is_over(service), "what came last was not told to the log", look=0.2)
    rows = [each for each in deliveries(service) if each.state not in {State.BY_HAND, State.HELD}]
    texts = gone(service)
    assert Counter(each.state in ENDED for each in rows) == {True: count}
    assert Counter(map(name, texts)) == dict.fromkeys(map(name, rows), 1)
    assert {name(each): each.carrier_id for each in rows} == {name(each): each.sid for each in texts}
    return Count(len(texts), sum(each.state is State.DELIVERED for each in rows), assert_log_agrees(service, rows))


SAYS = {
    State.SENT: Moment.SENT,
    State.DELIVERED: Moment.ARRIVED,
    State.FAILED: Moment.DID_NOT_ARRIVE,
    State.UNCERTAIN: Moment.UNCERTAIN,
}


def assert_log_agrees(service: Service, rows: Sequence[Delivery]) -> int:
    """The last line about each delivery says where it stands, and none says twice that it went; how many lines."""
    with service.story.work() as work:
        told = work.session.execute(
            text("SELECT subject_id, array_agg(moment ORDER BY number) AS moments FROM lines "
                 "WHERE subject = 'delivery' GROUP BY subject_id")
        )  # fmt: skip
        moments = {row.subject_id: row.moments for row in told}
    for each in rows:
        said = moments[each.id]
        assert said[-1] == SAYS[each.state], (each.state, said)
        assert said.count(Moment.SENT) <= 1, said
        assert said.count(Moment.ARRIVED) <= 1, said
    return sum(len(moments[each.id]) for each in rows)
