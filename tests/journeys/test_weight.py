"""The first view is light enough for bad wifi, and packed for whoever can unpack it."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

from tests.doors.pages import signed_in_as
from tests.journeys.acts import open_praise
from tests.journeys.browser import Device
from tests.journeys.conftest import SignIn
from tests.journeys.house import House
from tests.story import Story

FIRST_VIEW = 70 * 1024
PACKS = {"Accept-Encoding": "gzip, deflate, br"}


def weigh(device: Device) -> dict[str, int]:
    """Begin to note how many bytes come over the wire, by request."""
    session = device.context.new_cdp_session(device.page)
    session.send("Network.enable")
    came: dict[str, int] = {}
    session.on("Network.loadingFinished", lambda told: came.update({told["requestId"]: told["encodedDataLength"]}))
    return came


@pytest.mark.journey
def test_the_first_view_of_today_and_of_praise_is_light(story: Story, sign_in: SignIn) -> None:
    today, praise = sign_in("walsh"), sign_in("walsh")
    came_today, came_praise = weigh(today), weigh(praise)
    today.open("/today").evaluate("document.fonts.ready.then(() => true)")
    open_praise(praise, story, "aroha").evaluate("document.fonts.ready.then(() => true)")
    assert len(came_today) >= 5
    assert 30_000 < sum(came_today.values()) <= FIRST_VIEW
    assert 30_000 < sum(came_praise.values()) <= FIRST_VIEW


@pytest.fixture
def client(house: House, story: Story) -> FlaskClient:
    """Somebody signed in who is no browser."""
    return signed_in_as(house.web.test_client(), story.staff["walsh"], story.runtime).client


@pytest.mark.parametrize("path", ["/today", "/static/css/commsbridge.css", "/nowhere"])
def test_what_is_packed_unpacks_to_what_goes_unpacked(client: FlaskClient, path: str) -> None:
    packed = client.get(path, headers=PACKS, buffered=True)
    plain = client.get(path, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) * 0.6
    assert len(gzip.decompress(packed.data)) == pytest.approx(len(plain.data), abs=20)


@pytest.mark.parametrize("path", ["/static/fonts/bridge-hand.woff2", "/healthz"])
def test_what_is_packed_already_or_tiny_stays_as_it_is(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers=PACKS, buffered=True).headers


def test_a_file_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/static/css/commsbridge.css", headers=PACKS, buffered=True)
    known = {**PACKS, "If-None-Match": first.headers["ETag"]}
    again = client.get("/static/css/commsbridge.css", headers=known, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
