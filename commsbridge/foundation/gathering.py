"""Gathering: the rows of an act that does the same many times, written down together instead of one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session


class Gathering(Session):
    """A session that may hold new rows back until its next flush, and writes each table's at once then.

    Nobody reads past what it holds: whatever is asked, also in plain SQL, is asked after that was written. Each table
    is written after those it refers to.
    """

    def __init__(self, bind: Engine | Connection, **more: Any) -> None:
        super().__init__(bind, expire_on_commit=False, **more)
        self._held: list[DeclarativeBase] = []
        self.gathers = False

    def gather(self) -> None:
        """Hold back what is given to ``hold`` from here on; whoever opened the session flushes it before the end."""
        self.gathers = True
        event.listen(self, "do_orm_execute", _write_before_reading)

    def hold(self, rows: Iterable[DeclarativeBase]) -> None:
        """Take new rows that the next flush writes; nothing that the database fills in is known until then."""
        self._held += rows

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write down what was held back, together with all else that is new, and what changed."""
        if self._held:
            by_table = self._new_by_table()
            # What changed may refer to what is new: it is written last.
            changed = self._taken_out(self.dirty)
            for _, rows in sorted(by_table.items()):
                self.add_all(rows)
                super().flush()
            self.add_all(changed)
        super().flush(objects)

    def _new_by_table(self) -> dict[int, list[DeclarativeBase]]:
        """All new rows, taken out of the session: what was added may refer to what was held back."""
        added, held, self._held = self._taken_out(self.new), self._held, []
        by_table: dict[int, list[DeclarativeBase]] = defaultdict(list)
        for row in (*held, *added):
            by_table[_place(row.metadata, row.__tablename__)].append(row)
        return by_table

    def _taken_out(self, rows: Iterable[Any]) -> list[DeclarativeBase]:
        taken = list(rows)
        for row in taken:
            self.expunge(row)
        return taken


@cache
def _place(tables: MetaData, name: str) -> int:
    """A table's place among all, each after those it refers to; sorting them takes milliseconds."""
    return [table.name for table in tables.sorted_tables].index(name)


def _write_before_reading(asked: ORMExecuteState) -> None:
    asked.session.flush()
