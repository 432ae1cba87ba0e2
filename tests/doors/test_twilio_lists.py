"""What Twilio says was sent, and the texts we missed: asked page by page, and never taken for an answer it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime

import pytest

from commsbridge.carriers import TwilioCarrier
from commsbridge.messages.gateways import (
    Arrival,
    CarrierAway,
    Cause,
)
from tests.doors.carrier_contracts import twilio_request_faults
from tests.doors.carrier_stub import Behaviour, CarrierStub, Reply, answer, drop
from tests.doors.twilio_stand_in import (
    ACCOUNT,
    BODY,
    KUIA,
    NOW,
    SENDER,
    carrier_at,
    error,
    message_row,
    page,
    usual,
)


@pytest.fixture
def stub() -> Iterator[CarrierStub]:
    with CarrierStub(usual) as running:
        yield running


@pytest.fixture
def carrier(stub: CarrierStub) -> TwilioCarrier:
    return carrier_at(stub.url)


def test_what_was_sent_is_asked_by_both_numbers_and_by_no_status_or_date(
    carrier: TwilioCarrier, stub: CarrierStub
) -> None:
    row = message_row(**{"sid": "SM1", "to": KUIA, "from": SENDER, "body": BODY, "status": "queued", "date_sent": None})
    stub.script.append(page(row))
    (found,) = carrier.find_sent(sender=SENDER, to=KUIA, since=NOW)
    assert (found.carrier_id, found.to, found.sender, found.body) == ("SM1", KUIA, SENDER, BODY)
    assert (found.arrival, found.cause, found.code) == (Arrival.QUEUED, None, None)
    (seen,) = stub.seen
    assert seen.query == {"To": KUIA, "From": SENDER, "PageSize": "1000"}
    assert twilio_request_faults(seen.method, seen.target, seen.headers, seen.body) == []


def test_a_failed_one_says_why(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    stub.script.append(page(message_row(status="undelivered", error_code=30003), message_row(status="unheard of")))
    first, second = carrier.find_sent(sender=SENDER, to=KUIA, since=NOW)
    assert (first.arrival, first.cause, first.code) == (Arrival.UNDELIVERED, Cause.UNREACHABLE, "30003")
    assert second.arrival is Arrival.ACCEPTED


def test_what_was_sent_is_searched_to_the_last_page(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?To=%2B64215550123&PageSize=1000&Page=1&PageToken=PASM1"
    old = message_row(sid="SM-old", at=NOW - timedelta(hours=1))
    stub.script += [page(old, more=path), page(message_row(sid="SM-new"), message_row(direction="inbound"))]
    assert [row.carrier_id for row in carrier.find_sent(sender=SENDER, to=KUIA, since=NOW)] == ["SM-new"]
    assert stub.seen[1].target == path
    assert twilio_request_faults("GET", path, stub.seen[1].headers, b"") == []


@pytest.mark.parametrize("ago", [0, 30, 299])
def test_clocks_may_differ_by_minutes(carrier: TwilioCarrier, stub: CarrierStub, ago: int) -> None:
    stub.script.append(page(message_row(sid="SM1", at=NOW - timedelta(seconds=ago))))
    assert len(carrier.find_sent(sender=SENDER, to=KUIA, since=NOW + timedelta(microseconds=700_000))) == 1


def test_one_without_a_date_is_kept(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    stub.script.append(page(message_row(sid="SM1", date_created=None)))
    assert len(carrier.find_sent(sender=SENDER, to=KUIA, since=NOW)) == 1


def test_a_list_without_end_is_not_mistaken_for_an_answer(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    stub.usual = lambda seen: page(message_row(), more=seen.target)
    with pytest.raises(CarrierAway, match="endless list"):
        carrier.find_sent(sender=SENDER, to=KUIA, since=NOW)
    assert len(stub.seen) < 100


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (error(20003, 401), "401"),
        (Reply(500), "500"),
        (Reply(429), "429"),
        (Reply(200, b"<html>"), "unreadable answer"),
        (Reply(200, b"{}"), "unreadable answer"),
        (answer({"messages": [1]}), "unreadable answer"),
        (drop, "dropped"),
        (page(more="http://evil.example/steal"), "dropped"),
    ],
)
def test_a_question_without_an_answer_says_so(
    carrier: TwilioCarrier, stub: CarrierStub, trouble: Behaviour, why: str
) -> None:
    stub.usual = lambda _: drop
    for question in (
        lambda: carrier.find_sent(sender=SENDER, to=KUIA, since=NOW),
        lambda: carrier.list_since(SENDER, NOW),
    ):
        stub.script.append(trouble)
        with pytest.raises(CarrierAway) as away:
            question()
        assert str(away.value) == why
        assert away.value.__cause__ is None, "a cause would carry the number into a log"
        assert away.value.__suppress_context__, "and so would a context"


def test_missed_texts_are_listed_from_the_day_before(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    came = message_row(
        **{"sid": "SM1", "from": KUIA, "to": SENDER, "body": "āe", "direction": "inbound", "status": "received"}
    )
    early = {**came, "sid": "SM0", "date_created": format_datetime(NOW - timedelta(hours=3))}
    ours = {**came, "sid": "SM2", "direction": "outbound-api"}
    stub.script.append(page(came, early, ours))
    (text,) = carrier.list_since(SENDER, NOW)
    assert (text.carrier_id, text.from_number, text.to_number, text.body) == ("SM1", KUIA, SENDER, "āe")
    assert text.received_at == NOW
    (seen,) = stub.seen
    assert seen.query == {"To": SENDER, "DateSent>": "2026-11-16", "PageSize": "1000"}
    assert twilio_request_faults(seen.method, seen.target, seen.headers, seen.body) == []


def test_a_missed_picture_has_its_address(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    came = message_row(sid="MM1", direction="inbound", num_media="1", body=None)
    media = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1.json"
    stub.script += [page(came), page({"sid": "ME1", "uri": media}, key="media_list")]
    (text,) = carrier.list_since(SENDER, NOW)
    assert text.media_urls == (stub.url + media.removesuffix(".json"),)
    assert text.body == ""
