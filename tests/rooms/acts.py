"""The doors through which tests of rooms enter the database, as runtime opens them, and a school to begin with."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from commsbridge.foundation.actors import OPERATOR, Actor
from commsbridge.foundation.database import Database, DatabaseRole
from commsbridge.foundation.work import Work
from commsbridge.runtime import Lobby
from commsbridge.schools import Role, Staff, add_staff, create_school
from tests.conftest import Clock

START = date(2026, 2, 2)


@dataclass(frozen=True)
class Acts:
    """Opens acts over a test's database at the time of its clock."""

    database: Database
    clock: Clock

    @contextmanager
    def lobby(self, *, ingest: bool = False) -> Iterator[Lobby]:
        role = DatabaseRole.INGEST if ingest else DatabaseRole.APP
        with self.database.session(role) as session, session.begin():
            yield Lobby(session, self.clock())

    @contextmanager
    def work(self, school_id: uuid.UUID, actor: Actor = OPERATOR) -> Iterator[Work]:
        with self.database.session(DatabaseRole.APP, school_id) as session, session.begin():
            yield Work(session, school_id, actor, self.clock())

    def school(self, name: str = "Rimu Road School", time_zone: str = "Pacific/Auckland") -> uuid.UUID:
        with self.lobby() as lobby:
            made = create_school(
                lobby,
                name_en=name,
                name_mi="Te Kura o Rimu",
                text_name=name[:20],
                region="AUK" if time_zone == "Pacific/Auckland" else "CIT",
                time_zone=time_zone,
            )
            return made.id

    def staff(
        self,
        school_id: uuid.UUID,
        email: str = "mere.walsh@rimu.test",
        *,
        name: str = "Mere Walsh",
        roles: Collection[Role] = (Role.KAIAKO,),
        from_on: date = START,
    ) -> Staff:
        with self.work(school_id) as work:
            return add_staff(work, email=email, name=name, shown_name=name, roles=roles, from_on=from_on)
