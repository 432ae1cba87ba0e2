"""What tests of rooms stand on: acts over a database of their own, and the school of the stories."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from commsbridge.foundation.database import Database, make_carrier_engine, make_engine
from commsbridge.local_postgres import LocalPostgres
from tests.conftest import Clock, SharedDatabase
from tests.doors.conftest import Told, runtime, story, story_database, told
from tests.doors.pages import make_runtime
from tests.rooms.acts import Acts
from tests.rooms.gathering import Gathering
from tests.rooms.large import LittleSister, little_sister
from tests.rooms.posting import Posting
from tests.rooms.queue import Queue, queue_of
from tests.story import Story

__all__ = ["acts", "runtime", "story", "story_database", "told"]


@pytest.fixture(scope="session")
def sister(postgres: LocalPostgres, template: str) -> Iterator[LittleSister]:
    """The large school's little sister, for whoever leaves nothing in it."""
    with little_sister(postgres, template) as made:
        yield made


@pytest.fixture
def acts(database: SharedDatabase, clock: Clock) -> Acts:
    """Opens acts at the clock's time; nothing of them stays."""
    return Acts(database, clock)


@pytest.fixture
def posting(story: Story, clock: Clock) -> Posting:
    """Sends praise in Rimu Road School and says what became of it; nothing of it stays."""
    return Posting(story, clock)


@pytest.fixture
def gathering(posting: Posting) -> Gathering:
    """Opens hui in that school, answers and holds them; nothing of it stays."""
    return Gathering(posting)


@pytest.fixture
def committed(told: Told, postgres: LocalPostgres, clock: Clock) -> Iterator[Posting]:
    """The same in a copy of the school whose acts are really committed, through the real roles; dropped afterwards."""
    name = f"commsbridge_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=told.name)
    database = Database(
        make_engine(postgres.url("commsbridge_app", name)),
        make_carrier_engine(postgres.url("commsbridge_carrier", name)),
    )
    yield Posting(replace(told.story, runtime=make_runtime(database, clock)), clock)
    database.dispose()
    postgres.drop_database(name)


@pytest.fixture
def queue(committed: Posting) -> Queue:
    """The outbox of a copy of the school, on the database's clock, through the real carrier's role."""
    return queue_of(committed.story)
