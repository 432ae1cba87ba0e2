"""Twilio's adapter against Twilio's own specification, signature vectors, and a carrier that misbehaves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.carriers import TwilioCarrier, quiet_loggers
from commsbridge.conversations.gateways import TextInbox
from commsbridge.messages.gateways import (
    Accepted,
    CarrierAway,
    Cause,
    NotSent,
    Outcome,
    Refused,
    TextGateway,
    Uncertain,
)
from tests.doors.carrier_contracts import twilio_request_faults
from tests.doors.carrier_stub import Behaviour, CarrierStub, Raw, Reply, Slow, answer, drop
from tests.doors.ports import free_port
from tests.doors.twilio_stand_in import (
    ACCOUNT,
    BODY,
    KUIA,
    NOW,
    PUBLIC,
    SENDER,
    carrier_at,
    error,
    job,
    message_row,
    usual,
)


@pytest.fixture
def stub() -> Iterator[CarrierStub]:
    with CarrierStub(usual) as running:
        yield running


@pytest.fixture
def carrier(stub: CarrierStub) -> TwilioCarrier:
    return carrier_at(stub.url)


def test_it_is_both_a_text_gateway_and_a_text_inbox(carrier: TwilioCarrier) -> None:
    gateway: TextGateway = carrier
    inbox: TextInbox = carrier
    assert isinstance(gateway, TwilioCarrier)
    assert isinstance(inbox, TwilioCarrier)


# --- the way out -----------------------------------------------------------------------------------------------------


def test_a_text_is_handed_over_as_the_specification_asks(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    outcome = carrier.send(job())
    assert isinstance(outcome, Accepted)
    assert outcome.carrier_id.startswith("SM")
    (seen,) = stub.seen
    assert twilio_request_faults(seen.method, seen.target, seen.headers, seen.body) == []
    assert seen.form == {
        "To": KUIA,
        "From": SENDER,
        "Body": BODY,
        "StatusCallback": f"{PUBLIC}/hooks/twilio/status/opaque-token",
        "ValidityPeriod": "14400",
    }


def test_the_specification_notices_a_wrong_request() -> None:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    headers = {"content-type": "application/x-www-form-urlencoded", "authorization": "Basic QUM6eA=="}
    for target, body in (
        (path, b"From=%2B1&Body=x"),
        (path, b"To=%2B1&Body=x&Bodyy=x"),
        (path, b"To=%2B1&ValidityPeriod=soon"),
        (path, b"To=%2B1&ValidityPeriod=36001"),
        (path, b"To=%2B1&StatusCallback=https%3A%2F%2Fa_b.nz%2F"),
        (path, b"To=%2B1&Body=" + b"x" * 1_601),
        (path.replace("AC0", "AC_"), b"To=%2B1"),
        (f"{path}?Filter=1", b"To=%2B1"),
        ("/2010-04-01/Messages.json", b"To=%2B1"),
    ):
        assert twilio_request_faults("POST", target, headers, body), (target, body)
    assert twilio_request_faults("POST", path, {**headers, "authorization": "Bearer x"}, b"To=%2B1")
    assert twilio_request_faults("POST", path, headers, b"To=%2B1&Body=x") == []


@pytest.mark.parametrize(("asked", "passed"), [(0, "1"), (-5, "1"), (36_000, "36000"), (90_000, "36000")])
def test_a_life_outside_the_carriers_limits_is_brought_inside(
    carrier: TwilioCarrier, stub: CarrierStub, asked: int, passed: str
) -> None:
    assert isinstance(carrier.send(job(valid_for=asked)), Accepted)
    assert stub.seen[0].form["ValidityPeriod"] == passed


@pytest.mark.parametrize(
    "body", ["āēīōū ĀĒĪŌŪ", "🙂👩🏽‍🏫", "שלום عليكم", "a&b=c+d%20;é\n\nx", " x ", "x" * 1_600, "ā" * 1_600]
)
def test_every_letter_arrives_as_it_was_written(carrier: TwilioCarrier, stub: CarrierStub, body: str) -> None:
    assert isinstance(carrier.send(job(body=body)), Accepted)
    assert stub.seen[0].form["Body"] == body


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (error(21211), Refused(Cause.BAD_ADDRESS, "21211")),
        (error(21610), Refused(Cause.OPTED_OUT, "21610")),
        (error(21610, 403), Refused(Cause.OPTED_OUT, "21610")),
        (error(21614), Refused(Cause.NOT_TEXTABLE, "21614")),
        (error(21635), Refused(Cause.NOT_TEXTABLE, "21635")),
        (error(30006), Refused(Cause.NOT_TEXTABLE, "30006")),
        (error(30005), Refused(Cause.NOT_IN_SERVICE, "30005")),
        (error(30007), Refused(Cause.BLOCKED, "30007")),
        (error(21617), Refused(Cause.TOO_LONG, "21617")),
        (error(29999), Refused(Cause.UNKNOWN, "29999")),
        (error(21408), NotSent(Cause.ROUTE, "21408")),
        (error(21612), NotSent(Cause.ROUTE, "21612")),
        (error(21606), NotSent(Cause.SENDER, "21606")),
        (error(21659), NotSent(Cause.SENDER, "21659")),
        (error(21609), NotSent(Cause.SENDER, "21609")),
        (error(20003, 401), NotSent(Cause.CREDENTIALS, "20003")),
        (error(30002), NotSent(Cause.CREDENTIALS, "30002")),
        (error(20404, 404), NotSent(Cause.CREDENTIALS, "20404")),
        (Reply(401), NotSent(Cause.CREDENTIALS, "401")),
        (Reply(403, b"<html>"), NotSent(Cause.CREDENTIALS, "403")),
        (error(21611), NotSent(Cause.BUSY, "21611")),
        (error(30001), NotSent(Cause.BUSY, "30001")),
        (error(30022), NotSent(Cause.BUSY, "30022")),
        (error(20429, 429, Retry_After="3"), NotSent(Cause.BUSY, "20429", 3)),
        (Reply(429, headers={"Retry-After": "12"}), NotSent(Cause.BUSY, "429", 12)),
        (Reply(429), NotSent(Cause.BUSY, "429")),
        (error(20500, 500), Uncertain("500")),
        (error(21610, 503, Retry_After="5"), Uncertain("503")),
        (Reply(500, b"oops"), Uncertain("500")),
        (Reply(502), Uncertain("502")),
        (Reply(504), Uncertain("504")),
        (Reply(408), Uncertain("408")),
        (error(21610, 408), Uncertain("408")),
        (Reply(400, b"<h1>Bad request"), Uncertain("400")),
        (Reply(302, headers={"Location": "http://portal.example/"}), Uncertain("302")),
        (Reply(201, b"<html>welcome"), Uncertain("unreadable answer")),
        (Reply(201, b"\xff\xfe"), Uncertain("unreadable answer")),
        (Reply(201, b"[]"), Uncertain("unreadable answer")),
        (Reply(201, b"null"), Uncertain("unreadable answer")),
        (Reply(201, b"["), Uncertain("unreadable answer")),
        (Reply(201, b"[" * 100_000), Uncertain("unreadable answer")),
        (Reply(201, b"{}"), Uncertain("no id")),
        (Reply(201), Uncertain("unreadable answer")),
        (answer({"sid": None}, 201), Uncertain("no id")),
        (Raw(b"garbage\r\n"), Uncertain("dropped")),
        (Raw(b""), Uncertain("dropped")),
        (Raw(b"HTTP/1.1 201 Created\r\nContent-Length: 999\r\n\r\n{"), Uncertain("dropped")),
        (drop, Uncertain("dropped")),
        (answer(message_row(status="failed", error_code=30007), 201), Refused(Cause.BLOCKED, "30007")),
        (answer(message_row(status="failed"), 201), Refused(Cause.UNKNOWN, "failed")),
        (answer(message_row(sid="SM1", status="accepted"), 201), Accepted("SM1")),
    ],
)
def test_whatever_the_carrier_answers_is_one_of_four_outcomes(
    carrier: TwilioCarrier, stub: CarrierStub, trouble: Behaviour, outcome: Outcome
) -> None:
    stub.script.append(trouble)
    assert carrier.send(job()) == outcome
    assert len(stub.seen) == 1


def test_an_error_in_the_newer_shape_is_read_too(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    stub.script.append(answer({"type": "about:blank", "title": "Opted out", "status": 400, "code": 21610}, 400))
    assert carrier.send(job()) == Refused(Cause.OPTED_OUT, "21610")


def test_silence_is_uncertain(stub: CarrierStub) -> None:
    stub.script.append(Slow(0.6))
    assert carrier_at(stub.url, timeout=0.2).send(job()) == Uncertain("timeout")


def test_a_carrier_that_is_not_there_surely_did_not_take_it() -> None:
    outcome = carrier_at(f"http://127.0.0.1:{free_port()}").send(job())
    assert outcome == NotSent(Cause.BUSY, "no connection")


@given(st.binary(max_size=300), st.sampled_from([200, 201, 204, 302, 400, 401, 404, 418, 429, 500]))
def test_no_answer_makes_sending_raise(content: bytes, status: int) -> None:
    with CarrierStub(lambda _: Reply(status, content)) as stub:
        assert isinstance(carrier_at(stub.url).send(job()), Accepted | Refused | NotSent | Uncertain)


def test_many_threads_share_one_carrier(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    outcomes: list[Outcome] = []
    threads = [
        threading.Thread(target=lambda: outcomes.extend(carrier.send(job()) for _ in range(10))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [outcome.carrier_id for outcome in outcomes if isinstance(outcome, Accepted)]
    assert len(set(taken)) == 80
    assert len(stub.sockets) <= 4


def test_the_environment_does_not_bend_the_address(stub: CarrierStub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "9" * 32)
    assert isinstance(carrier_at(stub.url).send(job()), Accepted)
    assert stub.seen[0].target.startswith(f"/2010-04-01/Accounts/{ACCOUNT}/")


def test_a_base_url_may_have_a_path_of_its_own(stub: CarrierStub) -> None:
    stub.usual = lambda _: answer(message_row(sid="SM1"), 201)
    assert carrier_at(f"{stub.url}/pretend/twilio/").send(job()) == Accepted("SM1")
    assert stub.seen[0].target == f"/pretend/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@pytest.mark.parametrize(("account", "token"), [("", "x"), ("x", "")])
def test_it_does_not_start_without_credentials(account: str, token: str) -> None:
    with pytest.raises(ValueError, match="account SID"):
        TwilioCarrier(
            account_sid=account,
            auth_token=token,
            base_url=None,
            public_url=PUBLIC,
            previous_auth_token=None,
            connections=1,
            timeout=1,
        )


# --- loggers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """Every line that any logger writes while the root logger lets everything through."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, names = logging.getLogger(), ("twilio", "python_http_client", "urllib3")
    before = {logger: logger.level for logger in (root, *map(logging.getLogger, names))}
    keep = Keep()
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(keep)
    for logger, level in before.items():
        logger.setLevel(level)


def talk(carrier: TwilioCarrier, stub: CarrierStub) -> None:
    carrier.send(job())
    stub.script += [error(21211), Raw(b"HTTP/1.1 200 OK\r\nnot a header\r\n\r\n"), drop]
    for _ in range(3):
        carrier.send(job())
    carrier.find_sent(sender=SENDER, to=KUIA, since=NOW)
    stub.script.append(Raw(b"HTTP/1.1 200 OK\r\nnot a header\r\n\r\n"))
    with pytest.raises(CarrierAway):
        carrier.find_sent(sender=SENDER, to=KUIA, since=NOW)


def test_no_logger_writes_a_number_or_a_word(
    carrier: TwilioCarrier, stub: CarrierStub, everything_logged: list[str]
) -> None:
    quiet_loggers()
    logging.getLogger("urllib3").error("the listener hears")
    talk(carrier, stub)
    written = "\n".join(everything_logged)
    assert "the listener hears" in written
    assert "64215550" not in written
    assert "Aroha" not in written
    assert "opaque-token" not in written


# --- pictures that came with texts -----------------------------------------------------------------------------------


def test_a_picture_is_fetched_with_our_password_from_the_carrier_alone(
    carrier: TwilioCarrier, stub: CarrierStub
) -> None:
    stub.script.append(Reply(200, b"\xff\xd8\xff a picture", {"Content-Type": "image/jpeg"}))
    url = f"{stub.url}/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
    assert carrier.fetch_picture(url) == b"\xff\xd8\xff a picture"
    (seen,) = stub.seen
    assert seen.headers["authorization"].startswith("Basic ")
    for elsewhere in ("http://127.0.0.2:1/ME1", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd"):
        with pytest.raises(CarrierAway):
            carrier.fetch_picture(elsewhere)
    assert len(stub.seen) == 1


@pytest.mark.parametrize(
    "answer_",
    [
        Reply(404),
        Reply(307),
        Reply(307, headers={"Location": "http://127.0.0.1:1/plain"}),
        Reply(302, headers={"Location": "/elsewhere"}),
        drop,
    ],
)
def test_a_picture_that_is_not_given_or_lies_where_nobody_may_look_is_asked_for_again(
    carrier: TwilioCarrier, stub: CarrierStub, answer_: Behaviour
) -> None:
    stub.script.append(answer_)
    with pytest.raises(CarrierAway):
        carrier.fetch_picture(f"{stub.url}/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1")
    assert len(stub.seen) == 1
