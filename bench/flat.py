"""What a delivery costs as the service grows: from 1 to 2,500 schools, from an empty table to five million rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from statistics import median

import psycopg

from bench.crowd import analyse, behind_the_walls, copy_school
from bench.deliver import COUNT, LATENCY_MS, ROUNDS, THREADS, write
from bench.figures import Figure
from bench.place import Place, past, place, run_peer, small_school, town

SCHOOLS = 2_500
ROWS = 5_000_000
# More log than this before a checkpoint, so that filling is not slowed by writing every page again and again.
FILLING = "ALTER SYSTEM SET max_wal_size = '8GB'"
FILLED = "ALTER SYSTEM RESET max_wal_size"

# Copies of what was written, none yet due: of one school, or of each in turn.
COPIES = """
WITH written AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS all_there
    FROM deliveries WHERE state = 'cancelled' AND (school_id = %(school)s OR %(school)s IS NULL)
)
INSERT INTO deliveries (school_id, message_id, contact_id, channel, address, sender_id, language, body, units, lane,
                        state, due_at, expires_at, line_id, made_at, logged_state)
SELECT d.school_id, d.message_id, d.contact_id, d.channel, d.address, d.sender_id, d.language, d.body, d.units, d.lane,
       'queued', now() + interval '1 hour', now() + interval '1 day', d.line_id, now(), 'queued'
FROM generate_series(1, %(count)s) AS copy JOIN written d ON d.place = 1 + copy %% d.all_there
"""
# A year of deliveries that arrived, evenly over their ids, a hundred schools, and the days of the year; the oldest
# first, as they came, and ids in order, so that the indexes are filled from left to right and not at random.
YEAR = """
INSERT INTO deliveries (id, school_id, message_id, contact_id, channel, address, sender_id, language, body, units, lane,
                        state, due_at, expires_at, attempt, carrier_id, rank, line_id, made_at, sent_at, settled_at,
                        logged_state)
SELECT spread.id, md5((n * 100 / %(rows)s)::text)::uuid, spread.id, md5((n / 50)::text)::uuid, 'text',
       '+6421' || lpad((n / 50)::text, 7, '0'), d.sender_id, 'mi', d.body, d.units, d.lane, 'delivered', spread.at,
       spread.at + interval '1 day', 1, 'SM' || replace(spread.id::text, '-', ''), 3, spread.id, spread.at, spread.at,
       spread.at, 'sent'
FROM (SELECT * FROM deliveries WHERE state = 'cancelled' LIMIT 1) d, generate_series(1, %(rows)s::bigint) AS n,
LATERAL (SELECT (lpad(to_hex(n * 4294967295 / %(rows)s), 8, '0') || substr(md5(n::text), 9))::uuid AS id,
                now() - interval '3 days' - interval '1 year' * (1 - n::float8 / %(rows)s) AS at
        ) spread
"""


def over_schools(count: int = SCHOOLS) -> Iterator[Figure]:
    """In one database, by turns: everything waits at one school, or at each of so many."""
    with town(latency_ms=LATENCY_MS) as url, place(carrier_url=url, threads=THREADS) as here:
        school = small_school(past(here.runtime), children=1)
        write(here, school)
        copy_school(here, school.school_id, count - 1, without={"phrases"})
        rounds = [(cost(here, school.school_id), cost(here, None)) for _ in range(ROUNDS)]
    one, many = map(median, zip(*rounds, strict=True))
    against = f"{one:.2f} ms a delivery at one school, {many:.2f} at {count}"
    yield Figure("deliver.flat_schools", median(r[1] / r[0] for r in rounds), "x", ("<=", 1.15), against)


def over_rows(count: int = ROWS) -> Iterator[Figure]:
    """Before and after a year of so many deliveries was put into the table."""
    with town(latency_ms=LATENCY_MS) as url, place(carrier_url=url, threads=THREADS) as here:
        school = small_school(past(here.runtime), children=100)
        write(here, school)
        empty = median(cost(here, school.school_id) for _ in range(ROUNDS))
        _set(here, FILLING)
        with behind_the_walls(here) as connection:
            connection.execute(YEAR, {"rows": count})
        _set(here, FILLED)
        analyse(here)
        full = median(cost(here, school.school_id) for _ in range(ROUNDS))
        size = _megabytes(here)
    against = f"{empty:.2f} ms a delivery on an empty table, {full:.2f} with {count:,} rows, {size:,.0f} MB"
    yield Figure("deliver.flat_rows", full / empty, "x", ("<=", 1.15), against)


def cost(here: Place, school_id: uuid.UUID | None) -> float:
    """Milliseconds a delivery takes one worker process; what waits is of one school, or (None) of all alike."""
    with psycopg.connect(here.superuser_url) as connection:
        connection.execute(COPIES, {"school": school_id, "count": COUNT + THREADS})
    ours, _statements = run_peer("worker", str(COUNT), str(THREADS), environment=here.environment)
    return 1000 / ours


def _set(here: Place, setting: str) -> None:
    with psycopg.connect(here.superuser_url, autocommit=True) as connection:
        connection.execute(setting)
        connection.execute("SELECT pg_reload_conf()")


def _megabytes(here: Place) -> float:
    with psycopg.connect(here.superuser_url) as connection:
        found = connection.execute("SELECT pg_total_relation_size('deliveries') / 1e6").fetchone()
    return float(found[0]) if found else 0.0
