"""The way out: durable deliveries a second, against bare clients that write nothing down."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter, sleep

from sqlalchemy import text

from bench.figures import Figure
from bench.peers.worker import make_due, wait_until_gone
from bench.place import Place, SmallSchool, past, place, run_peer, small_school, town, working
from commsbridge import messages
from commsbridge.foundation.work import Work
from commsbridge.messages import Draft
from commsbridge.students import Student

COUNT = 2500
SLOW_MS, SLOW_THREADS, SLOW_COUNT = 400, 32, 640
ROUNDS = 3
THREADS = 64
LATENCY_MS = 50
CHILDREN = 100
# Until both have signed in to the database and imported what they need.
WARM_SECONDS = 5.0


def figures() -> Iterator[Figure]:
    """Each contender in a process of its own against the same pretend carrier, which answers in 50 ms.

    They take turns, and a ratio is the median of those within a round: whatever else the machine does meets all alike.
    """
    rounds = []
    with town(latency_ms=LATENCY_MS) as url, place(carrier_url=url, threads=THREADS) as here:
        school = small_school(past(here.runtime), children=CHILDREN)
        write(here, school)
        for _ in range(ROUNDS):
            (bare,) = run_peer("bare_urllib3", url, str(COUNT), str(THREADS))
            (sdk,) = run_peer("twilio_sdk", url, str(COUNT), str(THREADS))
            with here.runtime.work(school.school_id, school.teacher) as work:
                queue(work, COUNT + THREADS)
            ours, statements = run_peer("worker", str(COUNT), str(THREADS), environment=here.environment)
            rounds.append((bare, sdk, ours, statements))
    bare, sdk, ours, statements = map(median, zip(*rounds, strict=True))
    limit = f"{THREADS} in flight at {LATENCY_MS} ms allow {THREADS / (LATENCY_MS / 1000):.0f}/s"
    yield Figure("deliver.per_s", ours, "deliveries/s", None, limit)
    against = f"official client, as many threads: {sdk:.0f}/s"
    yield Figure("deliver.vs_twilio_sdk", median(r[2] / r[1] for r in rounds), "x", (">=", 1.1), against)
    against = f"bare urllib3, as many threads: {bare:.0f}/s"
    yield Figure("deliver.vs_urllib3", median(r[2] / r[0] for r in rounds), "x", (">=", 0.9), against)
    yield Figure("deliver.sql_statements", statements, "per delivery", ("<=", 1.5), "all the worker's, settling too")


def two_workers(count: int = SLOW_COUNT) -> Iterator[Figure]:
    """One and two worker processes, started as an operator starts them, where the carrier is what they wait for."""
    rates: dict[int, float] = {}
    with town(latency_ms=SLOW_MS) as url, place(carrier_url=url, threads=SLOW_THREADS) as here:
        school = small_school(past(here.runtime), children=CHILDREN)
        write(here, school)
        for processes in (1, 2):
            waiting = count * processes
            with here.runtime.work(school.school_id, school.teacher) as work:
                queue(work, waiting + 2 * SLOW_THREADS * processes)
            with working(here, processes):
                sleep(WARM_SECONDS)
                make_due(here.runtime, 2 * SLOW_THREADS * processes)
                wait_until_gone(here.runtime)
                make_due(here.runtime, waiting)
                began = perf_counter()
                wait_until_gone(here.runtime)
                rates[processes] = waiting / (perf_counter() - began)
    against = f"{rates[1]:.0f}/s and {rates[2]:.0f}/s; {SLOW_THREADS} in flight at {SLOW_MS} ms each"
    yield Figure("deliver.two_workers", rates[2] / rates[1], "x", (">=", 1.6), against)


def write(here: Place, school: SmallSchool) -> None:
    """A text for each child, written by the product's own verb and then cancelled: what is measured are copies."""
    runtime = past(here.runtime)
    with runtime.work(school.school_id, school.teacher) as work:
        phrase = messages.offered_phrases(work, work.session.get_one(Student, school.students[0]))[0]
        for student_id in school.students:
            student = work.session.get_one(Student, student_id)
            messages.send_praise(work, student, Draft(phrase_id=phrase.id), links=runtime.links)
        work.session.execute(text("UPDATE deliveries SET state = 'cancelled'"))


def queue(work: Work, count: int, *, due: str = "1 hour") -> None:
    """Queue so many copies of what was written, due after so long."""
    work.session.execute(COPIES, {"count": count, "due": due})


COPIES = text("""
WITH written AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS all_there
    FROM deliveries WHERE state = 'cancelled'
)
INSERT INTO deliveries (message_id, contact_id, channel, address, sender_id, language, body, units, lane, state, due_at,
                        expires_at, line_id, made_at, logged_state)
SELECT d.message_id, d.contact_id, d.channel, d.address, d.sender_id, d.language, d.body, d.units, d.lane, 'queued',
       now() + cast(:due AS interval), now() + interval '1 day', d.line_id, now(), 'queued'
FROM generate_series(1, :count) AS copy JOIN written d ON d.place = 1 + copy % d.all_there
""")
