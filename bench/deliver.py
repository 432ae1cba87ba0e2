"""The way out: durable deliveries a second, against bare clients that write nothing down."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from bench.figures import Figure
from bench.place import Place, SmallSchool, past, place, run_peer, small_school, town
from commsbridge import messages
from commsbridge.messages import Draft
from commsbridge.students import Student

COUNT = 3000
THREADS = 64
LATENCY_MS = 50
CHILDREN = 100


def figures() -> Iterator[Figure]:
    """Measure each contender in a process of its own against the same pretend carrier, which answers in 50 ms."""
    with town(latency_ms=LATENCY_MS) as url, place(carrier_url=url, threads=THREADS) as here:
        queue(here, small_school(past(here.runtime), children=CHILDREN), COUNT)
        bare = run_peer("bare_urllib3", url, str(COUNT), str(THREADS))
        sdk = run_peer("twilio_sdk", url, str(COUNT), str(THREADS))
        ours = run_peer("worker", str(COUNT), environment=here.environment)
    limit = f"{THREADS} in flight at {LATENCY_MS} ms allow {THREADS / (LATENCY_MS / 1000):.0f}/s"
    yield Figure("deliver.per_s", ours, "deliveries/s", None, limit)
    yield Figure(
        "deliver.vs_twilio_sdk", ours / sdk, "x", (">=", 1.0), f"official client, as many threads: {sdk:.0f}/s"
    )
    yield Figure("deliver.vs_urllib3", ours / bare, "x", (">=", 0.8), f"bare urllib3, as many threads: {bare:.0f}/s")


def queue(here: Place, school: SmallSchool, count: int) -> None:
    """Queue so many texts: one written by the product's own verb for each child, then copies of them, none yet due."""
    runtime = past(here.runtime)
    with runtime.work(school.school_id, school.teacher) as work:
        phrase = messages.offered_phrases(work, work.session.get_one(Student, school.students[0]))[0]
        for student_id in school.students:
            student = work.session.get_one(Student, student_id)
            messages.send_praise(work, student, Draft(phrase_id=phrase.id), links=runtime.links)
        work.session.execute(text("UPDATE deliveries SET state = 'cancelled'"))
        work.session.execute(COPIES, {"count": count})


COPIES = text("""
INSERT INTO deliveries (message_id, contact_id, channel, address, sender_id, language, body, units, lane, state, due_at,
                        expires_at, line_id, made_at, logged_state)
SELECT d.message_id, d.contact_id, d.channel, d.address, d.sender_id, d.language, d.body, d.units, d.lane, 'queued',
       now() + interval '1 hour', now() + interval '1 day', d.line_id, now(), 'queued'
FROM generate_series(1, :count) AS copy
JOIN LATERAL (
    SELECT * FROM deliveries ORDER BY id OFFSET copy % (SELECT count(*) FROM deliveries) LIMIT 1
) d ON true
""")
