"""SendGrid's adapter against SendGrid's own specification, signature vectors, and a carrier that misbehaves."""

from __future__ import annotations

import base64
import json
import logging
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from commsbridge.carriers import SendGridCarrier, quiet_loggers
from commsbridge.messages.gateways import (
    Accepted,
    Attached,
    Cause,
    Inline,
    MailGateway,
    MailJob,
    NotSent,
    Outcome,
    Refused,
    Uncertain,
)
from tests.doors.carrier_contracts import contract, faults, sendgrid_request_faults
from tests.doors.carrier_stub import Behaviour, CarrierStub, Raw, Reply, Seen, Slow, answer, drop
from tests.doors.ports import free_port

TOKEN = "b7f1c2d3"


def usual(seen: Seen) -> Behaviour:
    """A carrier that takes what its specification allows and says what is wrong with anything else."""
    wrong = sendgrid_request_faults(seen.method, seen.target, seen.headers, seen.body)
    if wrong:
        return answer({"errors": [{"message": fault, "field": "", "help": None} for fault in wrong]}, 400)
    return Reply(202, headers={"X-Message-Id": "LRzXl_NHStOGhQ4kofSm_A"})


@pytest.fixture
def stub() -> Iterator[CarrierStub]:
    with CarrierStub(usual) as running:
        yield running


def carrier_at(url: str | None, *, key: str | None = None, timeout: float = 30.0) -> SendGridCarrier:
    return SendGridCarrier(
        api_key="SG.an-invented.key", base_url=url, event_public_key=key, connections=4, timeout=timeout
    )


@pytest.fixture
def carrier(stub: CarrierStub) -> SendGridCarrier:
    return carrier_at(stub.url)


def job(**changes: Any) -> MailJob:
    usual_job: dict[str, Any] = {
        "delivery_id": uuid.UUID(int=1),
        "delivery_token": TOKEN,
        "from_address": "praise@kura.example",
        "from_name": "Te Kura o Tōtara",
        "to_address": "matua.o.aroha@example.com",
        "reply_to": "reply+abc.def@in.kura.example",
        "subject": "Good news about Aroha ā ē ī ō ū",
        "text": "Kia ora,\n\nAroha helped a friend today.",
        "html": "<p>Kia ora,</p><p>Aroha helped a friend today.</p>",
        "unsubscribe_url": "https://bridge.school.example/u/opaque",
    }
    return MailJob(**{**usual_job, **changes})


def test_a_picture_goes_within_the_mail_as_its_specification_allows(
    carrier: SendGridCarrier, stub: CarrierStub
) -> None:
    picture = Inline("photo", "photo.jpg", "image/jpeg", b"\xff\xd8\xff a picture")
    assert isinstance(carrier.send(job(picture=picture)), Accepted)
    [attached] = json.loads(stub.seen[-1].body)["attachments"]
    assert base64.b64decode(attached.pop("content")) == picture.content
    assert attached == {
        "filename": "photo.jpg",
        "type": "image/jpeg",
        "disposition": "inline",
        "content_id": "photo",
    }


def test_a_file_hangs_on_the_mail_with_a_type_that_the_specification_allows(
    carrier: SendGridCarrier, stub: CarrierStub
) -> None:
    file = Attached("hui.ics", "text/calendar", b"BEGIN:VCALENDAR")
    assert isinstance(carrier.send(job(file=file)), Accepted)
    [attached] = json.loads(stub.seen[-1].body)["attachments"]
    assert base64.b64decode(attached.pop("content")) == file.content
    assert attached == {"filename": "hui.ics", "type": "text/calendar", "disposition": "attachment"}


def test_it_is_a_mail_gateway(carrier: SendGridCarrier) -> None:
    gateway: MailGateway = carrier
    assert isinstance(gateway, SendGridCarrier)


# --- the way out -----------------------------------------------------------------------------------------------------


def test_a_mail_is_handed_over_as_the_specification_asks(carrier: SendGridCarrier, stub: CarrierStub) -> None:
    assert carrier.send(job()) == Accepted("LRzXl_NHStOGhQ4kofSm_A")
    (seen,) = stub.seen
    assert sendgrid_request_faults(seen.method, seen.target, seen.headers, seen.body) == []
    assert seen.headers["authorization"] == "Bearer SG.an-invented.key"
    assert json.loads(seen.body) == {
        "from": {"email": "praise@kura.example", "name": "Te Kura o Tōtara"},
        "reply_to": {"email": "reply+abc.def@in.kura.example"},
        "subject": "Good news about Aroha ā ē ī ō ū",
        "personalizations": [{"to": [{"email": "matua.o.aroha@example.com"}], "custom_args": {"cb_delivery": TOKEN}}],
        "content": [
            {"type": "text/plain", "value": "Kia ora,\n\nAroha helped a friend today."},
            {"type": "text/html", "value": "<p>Kia ora,</p><p>Aroha helped a friend today.</p>"},
        ],
        "headers": {
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": "<https://bridge.school.example/u/opaque>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
        },
    }


def test_the_specification_notices_a_wrong_request(carrier: SendGridCarrier, stub: CarrierStub) -> None:
    carrier.send(job())
    headers, right = stub.seen[0].headers, json.loads(stub.seen[0].body)
    person = right["personalizations"][0]
    for wrong in (
        {**right, "subject": ""},
        {**right, "subject": None},
        {**right, "mood": "good"},
        {**right, "custom_args": {"cb_delivery": TOKEN}},
        {**right, "from": {"email": "no address"}},
        {**right, "reply_to": "reply@x.example"},
        {**right, "content": [{"type": "text/plain", "value": ""}]},
        {**right, "personalizations": [{}]},
        {**right, "personalizations": [{**person, "to": [{"email": "a@b.example", "phone": "1"}]}]},
        {key: value for key, value in right.items() if key != "content"},
    ):
        assert sendgrid_request_faults("POST", "/v3/mail/send", headers, json.dumps(wrong).encode()), wrong
    assert sendgrid_request_faults("POST", "/v3/mail", headers, stub.seen[0].body)
    assert sendgrid_request_faults("POST", "/v3/mail/send", {**headers, "authorization": "Basic x"}, stub.seen[0].body)


def test_nothing_personal_goes_where_it_is_kept_for_long(carrier: SendGridCarrier, stub: CarrierStub) -> None:
    carrier.send(job())
    mail = json.loads(stub.seen[0].body)
    assert [person["custom_args"] for person in mail["personalizations"]] == [{"cb_delivery": TOKEN}]
    assert "categories" not in mail


def test_a_mail_nobody_can_unsubscribe_from_says_nothing_of_it(carrier: SendGridCarrier, stub: CarrierStub) -> None:
    assert isinstance(carrier.send(job(unsubscribe_url=None)), Accepted)
    assert json.loads(stub.seen[0].body)["headers"] == {"Auto-Submitted": "auto-generated"}


def test_a_mail_may_have_no_html_and_no_senders_name(carrier: SendGridCarrier, stub: CarrierStub) -> None:
    assert isinstance(carrier.send(job(html="", from_name="")), Accepted)
    mail = json.loads(stub.seen[0].body)
    assert [part["type"] for part in mail["content"]] == ["text/plain"]
    assert mail["from"] == {"email": "praise@kura.example"}


@pytest.mark.parametrize("address", ["o'brien+kura@example.com", '"a b"@example.com', "ā@tōtara.example"])
def test_an_address_is_passed_on_as_it_is(carrier: SendGridCarrier, stub: CarrierStub, address: str) -> None:
    carrier.send(job(to_address=address))
    assert json.loads(stub.seen[0].body)["personalizations"][0]["to"] == [{"email": address}]


@pytest.mark.parametrize("text", ["āēīōū", "🙂", "שלום", "x" * 200_000, 'a"\\\n'])
def test_every_letter_arrives_as_it_was_written(carrier: SendGridCarrier, stub: CarrierStub, text: str) -> None:
    assert isinstance(carrier.send(job(text=text, html=text)), Accepted)
    assert [part["value"] for part in json.loads(stub.seen[0].body)["content"]] == [text, text]


def test_a_text_that_looks_like_an_api_key_is_refused_and_not_sent(carrier: SendGridCarrier, stub: CarrierStub) -> None:
    assert carrier.send(job(text="SG.abc.def")) == Refused(Cause.BLOCKED, "looks like an API key")
    assert stub.seen == []


def error(message: str, fieldname: str, status: int = 400) -> Reply:
    said = {"errors": [{"message": message, "field": fieldname}]}
    assert faults(contract("sendgrid/components.schemas.json")["global_error_response_schema"], {}, said) == []
    return answer(said, status)


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (
            error("Does not contain a valid address.", "personalizations.0.to.0.email"),
            Refused(Cause.BAD_ADDRESS, "400"),
        ),
        (error("The from email does not contain a valid address.", "from.email"), NotSent(Cause.SENDER, "400")),
        (error("The subject is required.", "subject"), Refused(Cause.UNKNOWN, "400")),
        (Reply(400, b"<h1>"), Refused(Cause.UNKNOWN, "400")),
        (answer({"errors": None}, 400), Refused(Cause.UNKNOWN, "400")),
        (answer([], 400), Refused(Cause.UNKNOWN, "400")),
        (error("too large", "content", 413), Refused(Cause.TOO_LONG, "413")),
        (Reply(415), Refused(Cause.UNKNOWN, "415")),
        (Reply(401), NotSent(Cause.CREDENTIALS, "401")),
        (
            error("The from address does not match a verified Sender Identity.", "from", 403),
            NotSent(Cause.CREDENTIALS, "403"),
        ),
        (Reply(404), NotSent(Cause.CREDENTIALS, "404")),
        (Reply(429, headers={"Retry-After": "9"}), NotSent(Cause.BUSY, "429", 9)),
        (
            Reply(429, headers={"X-RateLimit-Reset": "1795226430", "Date": "Sat, 21 Nov 2026 02:00:00 GMT"}),
            NotSent(Cause.BUSY, "429", 30),
        ),
        (Reply(429), NotSent(Cause.BUSY, "429")),
        (Reply(500), Uncertain("500")),
        (Reply(503), Uncertain("503")),
        (Reply(504), Uncertain("504")),
        (Reply(408), Uncertain("408")),
        (Reply(301, headers={"Location": "https://portal.example"}), Uncertain("301")),
        (Reply(202), Uncertain("no id")),
        (Reply(200, b"<html>Welcome to the school's Wi-Fi"), Uncertain("200")),
        (Reply(200, headers={"X-Message-Id": "not a 202"}), Uncertain("200")),
        (Reply(204), Uncertain("204")),
        (Raw(b"garbage\r\n"), Uncertain("dropped")),
        (Raw(b"HTTP/1.1 202 Accepted\r\nX-Message-Id: x\r\nContent-Length: 9\r\n\r\n"), Uncertain("dropped")),
        (drop, Uncertain("dropped")),
    ],
)
def test_whatever_the_carrier_answers_is_one_of_four_outcomes(
    carrier: SendGridCarrier, stub: CarrierStub, trouble: Behaviour, outcome: Outcome
) -> None:
    if isinstance(trouble, Reply) and trouble.headers.get("Date"):
        stub.script.append(Raw(_with_date(trouble)))
    else:
        stub.script.append(trouble)
    assert carrier.send(job()) == outcome
    assert len(stub.seen) == 1


def _with_date(reply: Reply) -> bytes:
    """An answer whose only Date is the one it was given."""
    head = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in reply.headers.items())]
    return "\r\n".join([*head, "Content-Length: 0", "", ""]).encode()


def test_silence_is_uncertain(stub: CarrierStub) -> None:
    stub.script.append(Slow(0.6))
    assert carrier_at(stub.url, timeout=0.2).send(job()) == Uncertain("timeout")


def test_a_carrier_that_is_not_there_surely_did_not_take_it() -> None:
    assert carrier_at(f"http://127.0.0.1:{free_port()}").send(job()) == NotSent(Cause.BUSY, "no connection")


def test_many_threads_share_one_carrier_and_one_header_dictionary(carrier: SendGridCarrier, stub: CarrierStub) -> None:
    outcomes: list[Outcome] = []

    threads = [
        threading.Thread(target=lambda: outcomes.extend(carrier.send(job()) for _ in range(15))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Accepted("LRzXl_NHStOGhQ4kofSm_A")] * 120
    assert len(stub.sockets) <= 4
    assert len({frozenset(seen.headers) for seen in stub.seen}) == 1


def test_a_base_url_may_have_a_path_of_its_own(stub: CarrierStub) -> None:
    stub.usual = lambda _: Reply(202, headers={"X-Message-Id": "m"})
    assert carrier_at(f"{stub.url}/pretend/").send(job()) == Accepted("m")
    assert stub.seen[0].target == "/pretend/v3/mail/send"


def test_no_key_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.from.environment")
    with pytest.raises(ValueError, match="API key"):
        SendGridCarrier(api_key="", base_url=None, event_public_key=None, connections=1, timeout=1)


# --- loggers ---------------------------------------------------------------------------------------------------------


def test_no_logger_writes_an_address_or_a_word(carrier: SendGridCarrier, stub: CarrierStub) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    root, keep = logging.getLogger(), Keep()
    level = root.level
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    try:
        quiet_loggers()
        carrier.send(job())
        stub.script += [error("bad", "personalizations.0.to.0.email"), drop]
        carrier.send(job())
        carrier.send(job())
        logging.getLogger("commsbridge").debug("heard")
    finally:
        root.removeHandler(keep)
        root.setLevel(level)
    written = "\n".join(lines)
    assert "heard" in written
    assert "matua" not in written
    assert "Aroha" not in written
