"""The clock and the prompts: 70,000 schedules kept, 20,000 prompts due in one minute, one teacher on a page."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from time import perf_counter

from bench.crowd import analyse, behind_the_walls, copy_school
from bench.figures import Figure
from bench.place import FIRST_DAY, Place, SmallSchool, add_child, place, run_peer, small_school
from commsbridge import prompts, schools, students
from commsbridge.clock import Clock
from commsbridge.foundation.actors import OPERATOR
from commsbridge.schools import Role, SenderKind

SCHEDULES = 70_000
PROMPTS = 20_000
TEACHERS = 28
CLASSES = 7
CHILDREN_OF_A_CLASS = 20
# Half past two on a Tuesday of term 4, and the minute after.
AT = time(14, 30)
TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)
ZONE = "Pacific/Auckland"
LOOKS = 50

# A year of good news for each child: praise, sent, arrived; a child's place spreads the days.
HISTORY = """
WITH child AS (SELECT id, school_id, row_number() OVER (ORDER BY id) AS place FROM students), praise AS (
    INSERT INTO lines (id, school_id, student_id, at, moment, staff_id)
    SELECT gen_random_uuid(), school_id, id, %(now)s - make_interval(days => (child.place %% 13 + 3 + 8 * n)::int),
           'praise', %(staff)s
    FROM child CROSS JOIN generate_series(0, %(praises)s - 1) AS n
    RETURNING id, school_id, student_id, at
)
INSERT INTO lines (school_id, student_id, at, moment, about)
SELECT school_id, student_id, at + interval '1 minute', moment, id
FROM praise CROSS JOIN unnest(ARRAY['sent', 'arrived']) AS moment
"""
# Each teacher was asked each week day of a year about three children of theirs, and answered nothing by a button.
ASKED = """
WITH prompt AS (
    INSERT INTO prompts (id, school_id, schedule_id, staff_id, due_at, made_at)
    SELECT gen_random_uuid(), s.school_id, s.id, s.staff_id, day, day
    FROM prompt_schedules s
    CROSS JOIN generate_series(%(now)s - interval '1 year', %(now)s - interval '1 day', '1 day') AS day
    WHERE extract(isodow FROM day) < 6
    RETURNING id, school_id, staff_id, due_at
)
INSERT INTO prompted_children (school_id, prompt_id, student_id, place, concerns)
SELECT p.school_id, p.id, e.student_id, row_number() OVER (PARTITION BY p.id), 0
FROM prompt p JOIN teaching t ON t.staff_id = p.staff_id
CROSS JOIN LATERAL (SELECT student_id FROM enrolments e WHERE e.class_id = t.class_id
                    ORDER BY md5(p.id::text || e.id::text) LIMIT 3) e
"""
SPREAD = """
UPDATE prompt_schedules SET days = 1 + get_byte(uuid_send(id), 0) % 31,
       at = '07:00'::time + make_interval(mins => (get_byte(uuid_send(id), 1) * 256 + get_byte(uuid_send(id), 2)) % 660)
WHERE ended_at IS NULL
"""
TIMES = """
INSERT INTO prompt_times (school_id, weekday, at)
SELECT DISTINCT school_id, weekday, at FROM prompt_schedules, generate_series(0, 4) AS weekday
WHERE days >> weekday & 1 = 1
"""


def choosing() -> Iterator[Figure]:
    """What the prompts of a page cost one teacher of a class, with a year behind them; the median of many looks."""
    with place() as here:
        school = pattern(here, praises=46, asked=True)
        runtime = replace(here.runtime, now=lambda: TUESDAY)
        times = []
        for _ in range(LOOKS + 5):
            with runtime.work(school.school_id) as work:
                viewer = schools.viewer_for(work, school.staff_id)
                began = perf_counter()
                chosen = prompts.who_next(work, viewer, how_many=3)
                times.append((perf_counter() - began) * 1000)
                assert len(chosen) == 3, chosen
    against = f"a class of {CHILDREN_OF_A_CLASS} in a school of {CLASSES}, a year of praise and prompts"
    yield Figure("prompts.choose_ms", statistics.median(times[5:]), "ms", ("<=", 20), against)


def planning(count: int = PROMPTS) -> Iterator[Figure]:
    """The minute in which so many are due, from the tick until the last is committed, by the clock itself."""
    copies = -(-count // TEACHERS) - 1
    with place() as here:
        school = pattern(here, praises=10, asked=False)
        copy_school(here, school.school_id, copies)
        clock = Clock(replace(here.runtime, now=lambda: TUESDAY + timedelta(minutes=1)))
        began = perf_counter()
        clock.ask_at(ZONE, TUESDAY.astimezone().weekday(), AT)
        spent = perf_counter() - began
        made = count_of(here, "prompts")
        assert made >= count * 0.95, made
        assert count_of(here, "deliveries") == made
    against = (
        f"{made} prompts in {copies + 1} schools of {TEACHERS} teachers and {CLASSES * CHILDREN_OF_A_CLASS} "
        "children, each with a mail"
    )
    yield Figure("prompts.plan_20k_s", spent * count / made, "s", ("<=", 60), against)


def clock(count: int = SCHEDULES) -> Iterator[Figure]:
    """A clock in a process of its own is elected and winds itself; then what each look costs it."""
    copies = -(-count // TEACHERS) - 1
    with place() as here:
        school = pattern(here, praises=0, asked=False, children=0)
        copy_school(here, school.school_id, copies, without={"phrases"})
        with behind_the_walls(here) as connection:
            connection.execute("TRUNCATE prompt_times")
            connection.execute(SPREAD)
            connection.execute(TIMES)
        analyse(here)
        rebuilt, megabytes, before = run_peer("clock", environment=here.environment)
        looks = []
        for _ in range(LOOKS):
            began = perf_counter()
            with here.runtime.lobby() as lobby:
                times = prompts.times_chosen(lobby)
                prompts.schools_at(lobby, *min(times, key=str))
            looks.append((perf_counter() - began) * 1000)
    of = f"{count} schedules in {copies + 1} schools, {len(times)} times"
    yield Figure("clock.tick_ms", statistics.median(looks), "ms", None, f"the times and one time's schools read; {of}")
    yield Figure("clock.rebuild_s", rebuilt, "s", ("<=", 30), "from the election until it ticks")
    yield Figure("clock.mb", megabytes, "MB", None, f"the most its process held; {before:.0f} before it was elected")


def pattern(here: Place, *, praises: int, asked: bool, children: int = CHILDREN_OF_A_CLASS) -> SmallSchool:
    """A school whose teachers are all asked at AT each day about three children, on the page and by mail.

    Each class has four teachers.
    """
    # The evening before: after Monday's time, which would be missed, and early enough for Tuesday's.
    earlier = replace(here.runtime, now=lambda: TUESDAY - timedelta(hours=20))
    school = small_school(earlier, children=0)
    with earlier.lobby() as lobby:
        mails = schools.add_sender(lobby, kind=SenderKind.MAIL, address="kura@bench.test")
        schools.give_sender(lobby, school.school_id, mails.id)
    with earlier.work(school.school_id, OPERATOR) as work:
        rooms = [students.class_named(work, f"Room {room + 1}") for room in range(CLASSES)]
        for each in range(children * CLASSES):
            add_child(work, rooms[each % CLASSES], each)
        staff = [school.staff_id]
        for each in range(1, TEACHERS):
            person = schools.add_staff(
                work, email=f"teacher{each}@bench.test", name=f"Ana Fox {each}", shown_name="Ms Fox",
                roles={Role.KAIAKO}, from_on=FIRST_DAY,
            )  # fmt: skip
            students.teach(work, person, rooms[each % CLASSES], from_on=FIRST_DAY)
            staff.append(person.id)
        for staff_id in staff:
            prompts.set_schedule(work, staff_id, days=range(5), at=AT, how_many=3, by_mail=True)
    with behind_the_walls(here) as connection:
        written = {"now": TUESDAY, "staff": school.staff_id, "praises": praises}
        connection.execute(HISTORY, written)
        if asked:
            connection.execute(ASKED, {"now": TUESDAY})
    analyse(here)
    return school


def count_of(here: Place, table: str) -> int:
    """How many rows a table has, of all schools."""
    with behind_the_walls(here) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own tables' names
    return int(found[0]) if found else 0
