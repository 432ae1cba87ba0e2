"""The web application over a school that is there already, and people who visit it."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, pool

from commsbridge import schools
from commsbridge.foundation.database import Database, make_carrier_engine, make_engine
from commsbridge.local_postgres import LocalPostgres
from commsbridge.runtime import Runtime
from commsbridge.schools import Role, Sender, Staff
from commsbridge.students import Student
from commsbridge.web import make_web
from commsbridge.whanau import Contact
from tests.conftest import Clock, SharedDatabase
from tests.doors.pages import PASSWORD, Visitor, make_runtime, signed_in_as
from tests.doors.routes import ids_in
from tests.doors.service import Service, serving
from tests.story import START, Story, open_school

SignIn = Callable[[str], Visitor]
Device = Callable[[], Visitor]


@dataclass(frozen=True)
class Told:
    """The database in which the story is told already (to copy it, or to act in it), and as it was told."""

    name: str
    engine: Engine
    story: Story

    @property
    def url(self) -> str:
        """As the superuser."""
        return self.engine.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def told(postgres: LocalPostgres, template: str) -> Iterator[Told]:
    """A database in which Rimu Road School stands with everybody in it (tests/story.py), made once for a run."""
    name = f"commsbridge_story_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=template)
    database = Database(
        make_engine(postgres.url("commsbridge_app", name)),
        make_carrier_engine(postgres.url("commsbridge_carrier", name)),
    )
    story = open_school(make_runtime(database, Clock()))
    with story.runtime.lobby() as lobby:
        for person in story.staff.values():
            schools.set_password(lobby, person.account_id, password=PASSWORD)
    database.dispose()
    engine = create_engine(postgres.url("postgres", name), poolclass=pool.NullPool)
    yield Told(name, engine, story)
    engine.dispose()
    postgres.drop_database(name)


@pytest.fixture
def story_database(told: Told) -> Iterator[SharedDatabase]:
    """The story's database for one test; nothing that the test does stays."""
    with told.engine.connect() as connection:
        outer = connection.begin()
        yield SharedDatabase(connection)
        outer.rollback()


@pytest.fixture
def runtime(story_database: SharedDatabase, clock: Clock) -> Runtime:
    """The service without carriers, on the clock of the test; Rimu Road School is there."""
    return make_runtime(story_database, clock)


@pytest.fixture
def story(told: Told, runtime: Runtime) -> Story:
    """Rimu Road School as this test finds it: rows of its own, so that no test meddles with another's."""
    with runtime.work(told.story.school_id) as work:
        return Story(
            runtime=runtime,
            school_id=told.story.school_id,
            staff={key: work.session.get_one(Staff, row.id) for key, row in told.story.staff.items()},
            students={key: work.session.get_one(Student, row.id) for key, row in told.story.students.items()},
            contacts={key: work.session.get_one(Contact, row.id) for key, row in told.story.contacts.items()},
            texts=work.session.get_one(Sender, told.story.texts.id),
            mails=work.session.get_one(Sender, told.story.mails.id),
        )


@pytest.fixture
def service(told: Told, postgres: LocalPostgres) -> Iterator[Service]:
    """Web, worker and carrier in one process, over a copy of the school; the clock is the real one."""
    with serving(postgres, told.name, told.story) as running:
        yield running


@pytest.fixture
def tell(request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Says a line to whoever reads the run, also where what tests print is caught."""

    def told(line: str) -> None:
        with capfd.disabled():
            sys.stdout.write(f"\n{request.node.name}: {line}\n")

    return told


@pytest.fixture(scope="session")
def made_web() -> list[Flask]:
    """The web application of all tests, once it is made: its routes take longer than most tests."""
    return []


@pytest.fixture
def web(runtime: Runtime, made_web: list[Flask]) -> Flask:
    """The web application, over the runtime of this test; who adds to it makes one of their own."""
    if not made_web:
        made_web.append(make_web(runtime))
    (app,) = made_web
    app.extensions["runtime"] = runtime
    return app


@pytest.fixture
def stranger(web: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(web.test_client())


@pytest.fixture
def sign_in(web: Flask, story: Story) -> SignIn:
    """Signs somebody of the story in, each on a device of their own: ``sign_in("walsh")``."""

    def signed_in(who: str) -> Visitor:
        return signed_in_as(web.test_client(), story.staff[who], story.runtime)

    return signed_in


@pytest.fixture
def device(web: Flask) -> Device:
    """Phones that nobody has used before."""
    return lambda: Visitor(web.test_client())


@pytest.fixture
def jan(sign_in: SignIn) -> Visitor:
    """The office."""
    return sign_in("jan")


@pytest.fixture
def leota(sign_in: SignIn) -> Visitor:
    """Learning support."""
    return sign_in("leota")


@pytest.fixture
def kauri(runtime: Runtime) -> Story:
    """A second school, where Mere Walsh leads with the account she has."""
    school = open_school(
        runtime, name="Kauri Flat School", domain="kauri.test", short_code="4646", mail_from="kura@kauri.test"
    )
    with school.work() as work:
        schools.add_staff(
            work,
            email="walsh@rimu.test",
            name="Mere Walsh",
            shown_name="Whaea Mere",
            roles={Role.LEADER},
            from_on=START,
        )
    return school


@pytest.fixture
def ids(story: Story) -> dict[str, uuid.UUID]:
    """Aroha, her kuia, and what there is about them."""
    return ids_in(story, "aroha", "ngaire", "+64215550101")
