"""The large school's little sister, made once for whoever asks much of a past."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from commsbridge.demo.large import LITTLE, Made, seed_large_school
from commsbridge.foundation.actors import Actor
from commsbridge.foundation.database import Database, DatabaseRole, make_carrier_engine, make_engine
from commsbridge.foundation.work import Work
from commsbridge.local_postgres import SUPERUSER, LocalPostgres
from commsbridge.runtime import Runtime
from tests.conftest import Clock
from tests.doors.pages import make_runtime

TODAY = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)  # Tuesday 3 pm in Auckland, term 4


@dataclass(frozen=True)
class LittleSister:
    """The school, the runtime over it, what its making told, and the address of its database above the walls."""

    runtime: Runtime
    made: Made
    told: list[tuple[int, int]]
    above_walls_url: str

    @contextmanager
    def act(self, name: str) -> Iterator[Work]:
        """An act of a member of staff; nothing of it stays."""
        database = self.runtime.database
        with database.session(DatabaseRole.APP, self.made.school_id) as session:
            yield Work(session, self.made.school_id, Actor.staff(self.made.staff[name].id), TODAY)
            session.rollback()


@contextmanager
def little_sister(postgres: LocalPostgres, template: str) -> Iterator[LittleSister]:
    """A database of its own with the school in it; dropped afterwards."""
    name = f"commsbridge_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=template)
    app, carrier = (postgres.url(f"commsbridge_{role}", name) for role in ("app", "carrier"))
    database = Database(make_engine(app), make_carrier_engine(carrier))
    runtime = make_runtime(database, Clock(TODAY))
    above, told = postgres.url(SUPERUSER, name), list[tuple[int, int]]()
    made = seed_large_school(runtime, above, size=LITTLE, passed=lambda days, of: told.append((days, of)))
    yield LittleSister(runtime, made, told, above)
    database.dispose()
    postgres.drop_database(name)
