"""Notices over HTTP: sealed as the standard's own example, taken by a strict push service, never sent inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.carriers import NoPushes, WebPushCarrier, is_push_key, new_push_key
from commsbridge.carriers.pooled_http import Pool, Unsent
from commsbridge.carriers.push_cipher import LONGEST, RECORD_BYTES, decode, encode, encrypt, point_of, read_key
from commsbridge.messages.gateways import Accepted, Cause, NotSent, Refused, Uncertain
from commsbridge.neighbourhood import Arrangement, Device, Neighbourhood
from commsbridge.neighbourhood.devices import read_sealed
from commsbridge.prompts.gateways import PushJob
from tests.conftest import Clock

# RFC 8291, section 5 and appendix A.
EXAMPLE = b"When I grow up, I want to be a watermelon"
THEIR_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
OUR_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SECRET, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
NOON = datetime(2026, 11, 17, 0, 0, tzinfo=UTC)
KEY = new_push_key()


@pytest.fixture
def town(clock: Clock) -> Iterator[Neighbourhood]:
    clock.now = NOON
    with Neighbourhood(now=clock) as town:
        yield town


@pytest.fixture
def carrier(town: Neighbourhood, clock: Clock) -> WebPushCarrier:
    return a_carrier(clock, town.url)


def a_carrier(clock: Clock, service_url: str | None, key: str = KEY) -> WebPushCarrier:
    return WebPushCarrier(
        private_key=key,
        contact="mailto:keeper@rimu.test",
        service_url=service_url,
        connections=2,
        timeout=5.0,
        now=clock,
    )


@pytest.fixture
def device(town: Neighbourhood, carrier: WebPushCarrier) -> Device:
    return town.device("Ms Walsh's phone", carrier.application_key)


def job(device: Device, said: str = "Who shone today?", topic: str = "one") -> PushJob:
    payload = json.dumps({"title": said}, ensure_ascii=False).encode()
    return PushJob(device.endpoint, device.p256dh, device.auth, payload, topic, 600)


def test_it_is_sealed_as_the_standards_own_example() -> None:
    theirs = encode(point_of(read_key(THEIR_KEY)))
    sealed = encrypt(EXAMPLE, theirs, SECRET, once=read_key(OUR_KEY), salt=decode(SALT), padded_to=1)
    assert encode(sealed) == SEALED
    assert read_sealed(sealed, read_key(THEIR_KEY), decode(SECRET)) == EXAMPLE


@given(st.binary(max_size=600))
def test_whatever_is_said_its_device_reads_it_and_its_length_tells_little(said: bytes) -> None:
    sealed = encrypt(said, encode(point_of(read_key(THEIR_KEY))), SECRET)
    assert read_sealed(sealed, read_key(THEIR_KEY), decode(SECRET)) == said
    assert (len(sealed) - 86 - 16) % 256 == 0
    assert len(sealed) <= RECORD_BYTES + 86


def test_what_is_too_long_for_one_notice_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (LONGEST + 1), encode(point_of(read_key(THEIR_KEY))), SECRET)


def test_a_notice_reaches_its_device_with_who_we_are(carrier: WebPushCarrier, device: Device) -> None:
    assert carrier.send(job(device, "Ko wai i tīaho?")) == Accepted("201")
    [notice] = device.notices
    assert (notice.told, notice.topic, notice.lives) == ({"title": "Ko wai i tīaho?"}, "one", 600)


def test_handed_over_twice_it_is_shown_once(carrier: WebPushCarrier, device: Device) -> None:
    carrier.send(job(device))
    carrier.send(job(device))
    carrier.send(job(device, topic="two"))
    assert [notice.topic for notice in device.notices] == ["one", "two"]
    assert device.asked == 3


def test_a_token_serves_for_hours_and_is_made_anew_before_it_ends(
    carrier: WebPushCarrier, device: Device, clock: Clock
) -> None:
    for _ in range(4):
        assert carrier.send(job(device)) == Accepted("201")
        clock.forward(hours=5)


def test_a_device_that_is_gone_is_said_to_be(carrier: WebPushCarrier, device: Device) -> None:
    device.gone = True
    assert carrier.send(job(device)) == Refused(Cause.NOT_IN_SERVICE, "410")
    nowhere = replace(job(device), endpoint=f"{device.endpoint}x")
    assert carrier.send(nowhere) == Refused(Cause.NOT_IN_SERVICE, "404")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, NotSent(Cause.CREDENTIALS, "401")),
        (429, NotSent(Cause.BUSY, "429")),
        (413, Refused(Cause.TOO_LONG, "413")),
        (400, Refused(Cause.UNKNOWN, "400")),
        (503, Uncertain("503")),
    ],
)
def test_what_a_push_service_says_becomes_our_words(
    carrier: WebPushCarrier, device: Device, status: int, outcome: object
) -> None:
    device.says = status
    assert carrier.send(job(device)) == outcome


def test_another_key_than_the_device_was_given_is_refused(town: Neighbourhood, device: Device, clock: Clock) -> None:
    other = a_carrier(clock, town.url, new_push_key())
    assert other.send(job(device)) == NotSent(Cause.CREDENTIALS, "403")
    assert device.notices == []


def test_keys_that_nothing_can_be_sealed_for_are_refused(carrier: WebPushCarrier, device: Device) -> None:
    assert carrier.send(replace(job(device), p256dh="AAAA")) == Refused(Cause.BAD_ADDRESS, "unusable keys")
    assert device.asked == 0


def test_a_push_service_that_is_away_is_tried_again(
    carrier: WebPushCarrier, town: Neighbourhood, device: Device
) -> None:
    town.stop()
    assert isinstance(carrier.send(job(device)), NotSent | Uncertain)


def test_where_one_push_service_is_named_no_other_is_spoken_to(carrier: WebPushCarrier, device: Device) -> None:
    elsewhere = replace(job(device), endpoint="https://updates.push.services.mozilla.com/wpush/v2/x")
    assert carrier.send(elsewhere) == Refused(Cause.BAD_ADDRESS, "another service")


def test_without_one_named_nothing_is_said_to_an_address_inside(
    town: Neighbourhood, device: Device, clock: Clock
) -> None:
    """The name is looked up before a connection is made: one that leads to this machine gets none."""
    port = town.url.rpartition(":")[2]
    for endpoint in (device.endpoint, f"http://localhost:{port}/push/{device.id}"):
        assert a_carrier(clock, None).send(replace(job(device), endpoint=endpoint)) == NotSent(
            Cause.BUSY, "private address"
        )
    assert device.asked == 0


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "100.64.0.1", "[::ffff:10.0.0.1]"]
)
def test_a_pool_for_the_outside_world_opens_nothing_inside(host: str) -> None:
    pool = Pool(f"https://{host}", connections=1, timeout=1.0, public_only=True)
    with pytest.raises(Unsent, match="private address"):
        pool.exchange("POST", f"https://{host}/x", {})


def test_without_a_key_nothing_goes_and_no_browser_is_asked(device: Device) -> None:
    absent = NoPushes()
    assert absent.application_key == ""
    assert absent.send(job(device)) == NotSent(Cause.CREDENTIALS, "not arranged")


@pytest.mark.parametrize("written", ["", "AAAA", "not a key", encode(bytes(32)), encode(b"\xff" * 32)])
def test_what_is_no_key_is_not_taken_for_one(written: str) -> None:
    assert is_push_key(KEY)
    assert not is_push_key(written)


def test_devices_outlive_the_town_and_their_notices_are_seen_there(clock: Clock, tmp_path: Path) -> None:
    arrangement = Arrangement(directory=tmp_path)
    clock.now = NOON
    with Neighbourhood(arrangement, now=clock) as town:
        port = int(town.url.rpartition(":")[2])
        kept = town.device("Ms Walsh’s phone", a_carrier(clock, town.url).application_key)
    with Neighbourhood(arrangement, port=port, now=clock) as town:
        assert a_carrier(clock, town.url).send(job(kept, "Who shone <today>?")) == Accepted("201")
        with urlopen(town.url) as page:  # noqa: S310 - the pretend town of this test
            seen = page.read().decode()
        assert "Ms Walsh’s phone" in seen
        assert "Who shone &lt;today&gt;?" in seen
        town.reset()
        assert [device.notices for device in town.devices()] == [[]]
