"""Journeys: one browser and one running service for all, a school of its own for each."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from commsbridge import schools
from commsbridge.local_postgres import LocalPostgres
from tests.conftest import RoleUrls
from tests.journeys.browser import PHONE, Device, make_device
from tests.journeys.house import BEHIND, House, RunningClock, open_house, working
from tests.story import Story, open_school

SignIn = Callable[..., Device]
numbers = itertools.count(1000)


def urls_of(postgres: LocalPostgres, name: str) -> RoleUrls:
    """The three addresses of a database."""
    app, owner, carrier = (postgres.url(f"commsbridge_{role}", name) for role in ("app", "owner", "carrier"))
    return RoleUrls(name, app, owner, carrier)


@pytest.fixture(scope="session")
def running_clock() -> RunningClock:
    """The clock of the running service: real time, a little behind."""
    return RunningClock()


@pytest.fixture(scope="session")
def house(postgres: LocalPostgres, template: str, running_clock: RunningClock) -> Iterator[House]:
    """The service, running: pages, a worker, and the town of phones and mailboxes."""
    name = f"commsbridge_journeys_{uuid.uuid4().hex[:8]}"
    postgres.create_database(name, template=template)
    with open_house(urls_of(postgres, name), now=running_clock) as opened, working(opened.runtime):
        yield opened


@pytest.fixture
def true_time(running_clock: RunningClock) -> Iterator[RunningClock]:
    """The service's clock goes right for this test: what can be undone is not sent yet."""
    running_clock.behind = timedelta()
    yield running_clock
    running_clock.behind = BEHIND


@pytest.fixture
def story(house: House) -> Story:
    """A school of its own for the test, with empty phones, that keeps no quiet hours."""
    number = next(numbers)
    house.town.reset()
    story = open_school(
        house.runtime, domain=f"rimu{number}.test", short_code=str(number), mail_from=f"kura@rimu{number}.test"
    )
    with story.work() as work:
        schools.set_quiet_hours(work, quiet_from=time(), quiet_until=time())
    house.give_password(story.staff["walsh"])
    return story


@pytest.fixture
def devices(browser: Browser, house: House) -> Iterator[SignIn]:
    """Makes devices: ``devices(PHONE)``, or ``devices(DESK, key=...)``; nobody's browser may complain."""
    made: list[Device] = []

    def make(shape: dict[str, Any] = PHONE, **more: Any) -> Device:
        made.append(make_device(browser, house.url, **{**shape, **more}))
        return made[-1]

    yield make
    for device in made:
        device.context.close()
    assert [complaint for device in made for complaint in device.watch.complaints] == []


@pytest.fixture
def sign_in(devices: SignIn, house: House, story: Story) -> SignIn:
    """Makes a device with somebody of the story signed in on it: ``sign_in("walsh", DESK)``."""

    def make(who: str, shape: dict[str, Any] = PHONE, **more: Any) -> Device:
        return devices(shape, key=house.key_of(story.staff[who]), **more)

    return make
