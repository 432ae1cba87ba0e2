"""What every answer carries, whatever was asked: headers that keep pages private, cookies that scripts cannot read."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from commsbridge.runtime import Runtime
from commsbridge.web import make_web
from tests.conftest import Clock, SharedDatabase
from tests.doors.pages import Visitor, make_runtime, signed_in_as
from tests.journeys.looking import wrong_headers
from tests.story import Story, open_school


class Asked(NamedTuple):
    """One request and its answer."""

    method: str
    path: str
    answer: TestResponse


@pytest.fixture
def runtime(database: SharedDatabase, clock: Clock) -> Runtime:
    """The service without carriers, at a public address with https."""
    return make_runtime(database, clock, public_url="https://pages.rimu.test")


@pytest.fixture
def story(runtime: Runtime) -> Story:
    """A school."""
    return open_school(runtime)


@pytest.fixture
def web(runtime: Runtime) -> Flask:
    """The web application."""
    return make_web(runtime)


def ask_everything(web: Flask, client: FlaskClient, story: Story) -> Iterator[Asked]:
    """Every route by every method it has, with ids of this school where there are any, else of nothing."""
    ids = {"student_id": story.students["aroha"].id, "contact_id": story.contacts["ngaire"].id}
    for rule in web.url_map.iter_rules():
        values = {name: ids.get(name, uuid.uuid4() if name.endswith("_id") else "none") for name in rule.arguments}
        _, path = rule.build(values) or ("", "")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Asked(
                method, path, client.open(path, method=method, data={} if method == "POST" else None, buffered=True)
            )
    yield Asked("GET", "/nowhere", client.get("/nowhere"))
    yield Asked("PUT", "/today", client.put("/today"))


@pytest.mark.parametrize("who", [None, "walsh", "jan"])
def test_every_answer_has_the_headers_that_keep_it_private(web: Flask, story: Story, who: str | None) -> None:
    client = web.test_client()
    if who is not None:
        signed_in_as(client, story.staff[who], story.runtime)
    asked = list(ask_everything(web, client, story))
    assert len(asked) > 40
    static = [each for each in asked if each.path.startswith("/static/")]
    wrong = [
        f"{each.method} {said}"
        for each in asked
        if each not in static
        for said in wrong_headers(each.path, {name.lower(): value for name, value in each.answer.headers})
    ]
    assert wrong == []


def test_the_pages_of_a_person_are_never_kept_by_a_browser(web: Flask, story: Story) -> None:
    client = web.test_client()
    signed_in_as(client, story.staff["walsh"], story.runtime)
    page = client.get(f"/students/{story.students['aroha'].id}")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


def test_a_file_is_kept_for_long_only_under_its_fingerprint(web: Flask, story: Story) -> None:
    client = web.test_client()
    sheet = re.search(r"/static/css/commsbridge\.css\?v=\w+", client.get("/sign-in").text)
    assert sheet
    assert client.get(sheet.group(), buffered=True).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/css/commsbridge.css", buffered=True).headers["Cache-Control"] == "public, max-age=3600"


def test_cookies_are_for_https_and_for_no_script(web: Flask, story: Story) -> None:
    visitor = Visitor(web.test_client())
    visitor.open("/sign-in")
    visitor.act("/language", language="mi", next="/sign-in")
    form = visitor.client.get_cookie("commsbridge-form")
    signed_in_as(visitor.client, story.staff["walsh"], story.runtime)
    for cookie in (form, visitor.client.get_cookie("commsbridge"), visitor.client.get_cookie("reo")):
        assert cookie is not None
        assert cookie.secure
        assert cookie.http_only
        assert cookie.same_site == "Lax"


def test_signing_out_empties_what_the_browser_kept(web: Flask, story: Story) -> None:
    visitor = signed_in_as(web.test_client(), story.staff["walsh"], story.runtime)
    visitor.open("/today")
    page = visitor.act("/sign-out")
    assert page.response.headers["Clear-Site-Data"] == '"cache"'
    assert visitor.open("/today").status == 302
