"""The web application over a test's database, a school in it, and people who visit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from commsbridge.runtime import Runtime
from commsbridge.web import make_web
from tests.conftest import Clock, SharedDatabase
from tests.doors.pages import Visitor, make_runtime, signed_in_as
from tests.story import Story, open_school

SignIn = Callable[[str], Visitor]


@pytest.fixture
def runtime(database: SharedDatabase, clock: Clock) -> Runtime:
    """The service without carriers, on the clock of the test."""
    return make_runtime(database, clock)


@pytest.fixture
def story(runtime: Runtime) -> Story:
    """Rimu Road School with everybody in it (tests/story.py)."""
    return open_school(runtime)


@pytest.fixture
def web(runtime: Runtime) -> Flask:
    """The web application."""
    return make_web(runtime)


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
