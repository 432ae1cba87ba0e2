"""What tests of rooms stand on: acts over a database of their own."""

from __future__ import annotations

import pytest

from tests.conftest import Clock, SharedDatabase
from tests.rooms.acts import Acts


@pytest.fixture
def acts(database: SharedDatabase, clock: Clock) -> Acts:
    """Opens acts at the clock's time; nothing of them stays."""
    return Acts(database, clock)
