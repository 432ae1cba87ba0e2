"""The large school: what is poured past the walls is as whole as what the product writes, and as believable."""

from __future__ import annotations

import hashlib

import psycopg
import pytest
from sqlalchemy import func, select

from commsbridge import partnership, schools, students
from commsbridge.demo import people
from commsbridge.local_postgres import SUPERUSER, LocalPostgres
from commsbridge.partnership import Line, Moment
from commsbridge.students import Student
from tests.rooms.large import TODAY, LittleSister, little_sister

REFERENCES = """
SELECT c.conrelid::regclass::text, c.confrelid::regclass::text,
       array_agg(a.attname ORDER BY k.n)::text[], array_agg(b.attname ORDER BY k.n)::text[]
FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (con, conf, n)
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.con
JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.conf
WHERE c.contype = 'f' GROUP BY c.oid
"""


@pytest.fixture
def large(sister: LittleSister) -> LittleSister:
    return sister


def asked(large: LittleSister, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(large.above_walls_url.replace("+psycopg", "")) as connection:
        return connection.execute(question).fetchall()


def test_every_reference_of_what_was_poured_leads_somewhere(large: LittleSister) -> None:
    astray = []
    for table, other, columns, others in asked(large, REFERENCES):
        assert isinstance(columns, list)
        assert isinstance(others, list)
        same = " AND ".join(f"there.{b} = here.{a}" for a, b in zip(columns, others, strict=True))
        full = " AND ".join(f"here.{a} IS NOT NULL" for a in columns)
        missing = (
            f"SELECT count(*) FROM {table} here WHERE {full} AND NOT EXISTS (SELECT FROM {other} there WHERE {same})"
        )
        if asked(large, missing) != [(0,)]:
            astray.append((table, columns))
    assert not astray


def test_every_check_of_the_tables_holds_for_what_was_poured(large: LittleSister) -> None:
    checks = "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    rules = asked(large, checks + "WHERE contype = 'c' AND conrelid <> 0")
    with psycopg.connect(large.above_walls_url.replace("+psycopg", "")) as connection:
        for table, name, rule in rules:
            connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT again_{name} {rule}")
        connection.rollback()
    assert rules


def test_nothing_happened_in_the_future_or_when_school_was_closed(large: LittleSister) -> None:
    with large.act(people.WIKAIRA.name) as work:
        calendar = schools.calendar_of(work)
        praised = work.session.scalars(select(Line.at).where(Line.moment == Moment.PRAISE)).all()
        latest = work.session.scalar(select(func.max(Line.at)))
    assert latest is not None
    assert latest < TODAY
    assert not [at for at in praised if not calendar.is_school_day(calendar.local(at).date())]


def test_some_children_hear_often_some_seldom_and_one_can_read_their_log(large: LittleSister) -> None:
    with large.act(people.WIKAIRA.name) as work:
        rows = work.session.execute(
            select(Line.student_id, func.count()).where(Line.moment == Moment.ARRIVED).group_by(Line.student_id)
        ).all()
        heard = {row[0]: row[1] for row in rows}
        children = work.session.scalars(select(Student.id).where(Student.left_on.is_(None))).all()
        often = max(heard, key=lambda each: heard[each])
        log = partnership.timeline(work, often, limit=5)
    assert len(children) >= 80
    assert any(heard.get(child, 0) < 4 for child in children)
    assert len(log) == 5
    assert large.made.lines == asked(large, "SELECT count(*) FROM lines")[0][0]


def test_a_teacher_sees_their_class_and_the_leader_everybody(large: LittleSister) -> None:
    with large.act(people.WALSH.name) as work:
        viewer = schools.viewer_for(work, large.made.staff[people.WALSH.name].id)
        own = students.students_seen_by(work, viewer, schools.today(work))
    assert 0 < len(own) < 80


def test_its_making_says_how_far_it_is(large: LittleSister) -> None:
    days = [day for day, _of in large.told]
    assert days == sorted(days)
    assert large.told[-1][0] == large.told[-1][1]


def test_the_same_seed_makes_the_same_school(large: LittleSister, postgres: LocalPostgres, template: str) -> None:
    def print_of(sister: LittleSister) -> str:
        rows = asked(sister, "SELECT id, at, moment, channel, why FROM lines ORDER BY number")
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    with little_sister(postgres, template) as twin:
        assert print_of(twin) == print_of(large)


def test_every_index_is_there_again(large: LittleSister, postgres: LocalPostgres, template: str) -> None:
    indexes = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
    postgres.create_database("commsbridge_untouched", template=template)
    untouched = postgres.url(SUPERUSER, "commsbridge_untouched").replace("+psycopg", "")
    with psycopg.connect(untouched) as connection:
        expected = connection.execute(indexes).fetchall()
    postgres.drop_database("commsbridge_untouched")
    assert asked(large, indexes) == expected
    assert asked(large, "SELECT count(*) FROM pg_index WHERE NOT (indisvalid AND indisready AND indislive)") == [(0,)]
