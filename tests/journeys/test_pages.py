"""Every page, looked at in a browser: axe finds nothing, nothing complains, nothing scrolls sideways, safe headers.

A usual run looks at each page in one of the eight combinations of width, scheme and language; --long looks at all and
writes the pictures to build/pictures.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from commsbridge.local_postgres import LocalPostgres
from tests.journeys.album import open_album
from tests.journeys.conftest import urls_of
from tests.journeys.looking import Eyes
from tests.journeys.sheets import COMBINATIONS, SHEETS, Combination


@pytest.fixture(scope="session")
def eyes(postgres: LocalPostgres, template: str, browser: Browser, *, long: bool) -> Iterator[Eyes]:
    """Whoever looks at every page of the school in the album."""
    name = f"commsbridge_album_{uuid.uuid4().hex[:8]}"
    postgres.create_database(name, template=template)
    with open_album(urls_of(postgres, name)) as album:
        looking = Eyes(album, browser, sharp=long)
        yield looking
        looking.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each page in the combination that is its turn, or in all of its own."""
    if "combination" not in metafunc.fixturenames:
        return
    turns = []
    for place, (name, sheet) in enumerate(SHEETS.items()):
        own = [each for each in COMBINATIONS if sheet.shown_in(each)]
        chosen = own if metafunc.config.getoption("long") else [own[place * 3 % len(own)]]
        turns += [pytest.param(name, each, id=f"{name}-{each}") for each in chosen]
    metafunc.parametrize(("name", "combination"), turns)


@pytest.mark.picture
def test_the_page_is_sound(eyes: Eyes, checkout: Path, name: str, combination: Combination, *, long: bool) -> None:
    picture = checkout / "build" / "pictures" / f"{name}-{combination}.png" if long else None
    assert eyes.look(SHEETS[name], combination, picture=picture) == []
