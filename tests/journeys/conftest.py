"""Journeys: one browser and one running service for all, a school of its own for each."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, create_engine, text

from commsbridge import schools
from commsbridge.local_postgres import LocalPostgres
from tests.conftest import RoleUrls
from tests.journeys.browser import PHONE, Device, make_device
from tests.journeys.house import BEHIND, House, RunningClock, open_house, until, working
from tests.story import Story, open_school

SignIn = Callable[..., Device]
numbers = itertools.count(1000)
ON_ITS_WAY = text(
    "SELECT FROM deliveries WHERE state IN ('queued', 'sending') "
    "UNION ALL SELECT FROM raw_inbound WHERE taken_at IS NULL"
)
CALL_OFF = text("UPDATE deliveries SET state = 'cancelled' WHERE state = 'queued'")


def urls_of(postgres: LocalPostgres, name: str) -> RoleUrls:
    """The three addresses of a database."""
    app, owner, carrier = (postgres.url(f"commsbridge_{role}", name) for role in ("app", "owner", "carrier"))
    return RoleUrls(name, app, owner, carrier)


@pytest.fixture(scope="session")
def running_clock() -> RunningClock:
    """The clock of the running service: real time, a little behind."""
    return RunningClock()


@pytest.fixture(scope="session")
def house_urls(postgres: LocalPostgres, template: str) -> RoleUrls:
    """The database of the running service."""
    name = f"commsbridge_journeys_{uuid.uuid4().hex[:8]}"
    postgres.create_database(name, template=template)
    return urls_of(postgres, name)


@pytest.fixture(scope="session")
def house(house_urls: RoleUrls, running_clock: RunningClock) -> Iterator[House]:
    """The service, running: pages, a worker, and the town of phones and mailboxes."""
    with open_house(house_urls, now=running_clock) as opened, working(opened.runtime):
        yield opened


@pytest.fixture(scope="session")
def all_schools(postgres: LocalPostgres, house_urls: RoleUrls) -> Iterator[Engine]:
    """The running service's database seen by a superuser: every school of every journey."""
    engine = create_engine(postgres.url("postgres", house_urls.name))
    yield engine
    engine.dispose()


@pytest.fixture
def true_time(running_clock: RunningClock) -> Iterator[RunningClock]:
    """The service's clock goes right for this test: what can be undone is not sent yet."""
    running_clock.behind = timedelta()
    yield running_clock
    running_clock.behind = BEHIND


def come_to_rest(all_schools: Engine) -> None:
    """Call off what earlier journeys' schools would still send: all of them write to the same pretend phones."""

    def resting() -> bool:
        with all_schools.begin() as connection:
            connection.execute(CALL_OFF)
            return connection.execute(ON_ITS_WAY).first() is None

    until(resting, what="the schools of earlier journeys to have nothing on its way")


@pytest.fixture
def story(house: House, all_schools: Engine) -> Story:
    """A school of its own for the test, with empty phones, that keeps no quiet hours."""
    number = next(numbers)
    come_to_rest(all_schools)
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
