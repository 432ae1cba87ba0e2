"""An act that does the same many times writes its rows together, and nothing reads past them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, select, text

from commsbridge import partnership
from commsbridge.foundation.work import Work
from commsbridge.partnership import Moment
from commsbridge.partnership.models import Line, LineWords
from commsbridge.runtime import Runtime
from tests.story import Story


@contextmanager
def inserts() -> Iterator[list[str]]:
    """The INSERT statements that reached the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT"):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def write_lines(work: Work, story: Story, count: int) -> list[Line]:
    return [
        partnership.write_line(work, Moment.GATE, student_id=story.students["aroha"].id, words=f"Kōrero {each}")
        for each in range(count)
    ]


def test_the_rows_of_many_go_in_one_statement_a_table(runtime: Runtime, story: Story) -> None:
    with inserts() as seen, runtime.work(story.school_id, many=True) as work:
        lines = write_lines(work, story, 30)
        assert seen == []
    assert len(seen) == 2
    with runtime.work(story.school_id) as work:
        kept = set(work.session.scalars(select(LineWords.line_id)))
        assert {line.id for line in lines} <= kept


def test_an_act_that_does_one_thing_writes_it_at_once(runtime: Runtime, story: Story) -> None:
    with inserts() as seen, runtime.work(story.school_id) as work:
        write_lines(work, story, 1)
        assert len(seen) == 2


@pytest.mark.parametrize("plain", [True, False])
def test_whoever_asks_sees_what_was_held_back(runtime: Runtime, story: Story, *, plain: bool) -> None:
    with runtime.work(story.school_id, many=True) as work:
        (line,) = write_lines(work, story, 1)
        asked = text("SELECT id FROM lines WHERE id = :id") if plain else select(Line.id).where(Line.id == line.id)
        assert work.session.execute(asked, {"id": line.id}).scalar_one() == line.id
        assert line.school_id == story.school_id


def test_what_was_added_the_plain_way_may_refer_to_what_was_held_back(runtime: Runtime, story: Story) -> None:
    with runtime.work(story.school_id, many=True) as work:
        line = Line(id=uuid.uuid4(), student_id=story.students["aroha"].id, at=work.now, moment=Moment.GATE)
        work.write(line)
        work.session.add(LineWords(line_id=line.id, student_id=line.student_id, folded="korero"))
        work.session.flush()
        assert work.session.get_one(Line, line.id) is line


def test_an_act_that_fails_leaves_nothing_of_what_it_held_back(runtime: Runtime, story: Story) -> None:
    lines: list[Line] = []

    def fail() -> None:
        with runtime.work(story.school_id, many=True) as work:
            lines.extend(write_lines(work, story, 1))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with runtime.work(story.school_id) as work:
        assert work.session.get(Line, lines[0].id) is None
