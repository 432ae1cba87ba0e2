"""SendGrid's adapter against SendGrid's own specification, signature vectors, and a carrier that misbehaves."""

from __future__ import annotations

import base64
import json
import logging
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.carriers import SendGridCarrier, quiet_loggers
from commsbridge.conversations.gateways import MailInbox
from commsbridge.messages.gateways import (
    Accepted,
    Arrival,
    Cause,
    Hook,
    HookRefused,
    MailGateway,
    MailJob,
    NotSent,
    Outcome,
    Receipt,
    Refused,
    Uncertain,
)
from tests.doors.carrier_contracts import contract, faults, sendgrid_request_faults
from tests.doors.carrier_stub import Behaviour, CarrierStub, Raw, Reply, Seen, Slow, answer, closed_port, drop

VECTOR = contract("signatures/signature_vectors.json")["sendgrid_event_webhook"]
SIGNATURE, STAMP = VECTOR["headers"]
OUR_KEY = ec.generate_private_key(ec.SECP256R1())
TOKEN = "b7f1c2d3"


def public(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    """A public key as SendGrid's settings page shows it."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


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


def carrier_at(url: str | None, *, key: str | None = None, timeout: float = 2.0) -> SendGridCarrier:
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


def test_it_is_both_a_mail_gateway_and_a_mail_inbox(carrier: SendGridCarrier) -> None:
    gateway: MailGateway = carrier
    inbox: MailInbox = carrier
    assert isinstance(gateway, SendGridCarrier)
    assert isinstance(inbox, SendGridCarrier)


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
    assert carrier_at(f"http://127.0.0.1:{closed_port()}").send(job()) == NotSent(Cause.BUSY, "no connection")


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


# --- events ----------------------------------------------------------------------------------------------------------


def signed(body: bytes, stamp: str = "1795226400", key: ec.EllipticCurvePrivateKey = OUR_KEY) -> Hook:
    """An event request as SendGrid would sign it."""
    signature = base64.b64encode(key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    return Hook("https://bridge.school.example/hooks/sendgrid/events", {SIGNATURE: signature, STAMP: stamp}, body)


PROVER = carrier_at(None, key=public(OUR_KEY))


def read(*events: object) -> list[Receipt]:
    return PROVER.read_receipts(signed(json.dumps(events).encode() + b"\r\n"))


def event(name: str, **changes: Any) -> dict[str, Any]:
    """An event with the fields every event has."""
    return {
        "email": "recipient@example.com",
        "timestamp": 1461095246,
        "cb_delivery": TOKEN,
        "sg_event_id": "ZyjAM5rnQmuI1KFInHQ3Nw",
        "sg_message_id": "wrfRRvF7Q0GgwUo2CvDmEA.filter0425p1mdw1.13037.57168B4A1D.0",
        "event": name,
        **changes,
    }


def sample(name: str) -> dict[str, Any]:
    """A published event, as if it were about one of our deliveries."""
    return {**contract("payloads/sendgrid_event_webhook_samples.json")[name][0], "cb_delivery": TOKEN}


@pytest.mark.parametrize(
    ("name", "arrival", "cause", "code"),
    [
        ("test_processed_event", Arrival.QUEUED, None, None),
        ("test_deferred_event", Arrival.SENDING, None, None),
        ("test_delivered_event", Arrival.DELIVERED, None, None),
        ("test_dropped_invalid_event", Arrival.FAILED, Cause.BAD_ADDRESS, "dropped"),
        ("test_dropped_bounced", Arrival.FAILED, Cause.BAD_ADDRESS, "5.0.0"),
        ("test_dropped_unsubscribed_event", Arrival.FAILED, Cause.OPTED_OUT, "dropped"),
        ("test_bounce_event", Arrival.UNDELIVERED, Cause.BAD_ADDRESS, "5.1.1"),
    ],
)
def test_published_events_are_understood(name: str, arrival: Arrival, cause: Cause | None, code: str | None) -> None:
    published = sample(name)
    (receipt,) = read(published)
    assert (receipt.arrival, receipt.cause, receipt.code) == (arrival, cause, code)
    assert receipt.token == TOKEN
    assert receipt.key == published["sg_event_id"]
    assert receipt.carrier_id == published["sg_message_id"].split(".")[0]
    assert receipt.at == datetime.fromtimestamp(published["timestamp"], UTC)


@pytest.mark.parametrize(
    ("changes", "cause", "code"),
    [
        ({"type": "blocked", "reason": "550 5.7.1 message rejected"}, Cause.BLOCKED, "5.7.1"),
        ({"type": "blocked", "reason": "greylisted"}, Cause.BLOCKED, "bounce"),
        ({"type": "bounce", "status": "5.2.2"}, Cause.UNREACHABLE, "5.2.2"),
        ({"type": "bounce", "status": "5.2.1"}, Cause.NOT_IN_SERVICE, "5.2.1"),
        ({"type": "bounce", "status": "5.4.4"}, Cause.BAD_ADDRESS, "5.4.4"),
        ({"type": "bounce", "status": "5.3.4"}, Cause.TOO_LONG, "5.3.4"),
        ({"type": "bounce", "reason": "no such user"}, Cause.BAD_ADDRESS, "bounce"),
        ({"type": "blocked", "bounce_classification": "Mailbox Unavailable"}, Cause.UNREACHABLE, "bounce"),
        ({"type": "blocked", "bounce_classification": "Invalid Address"}, Cause.BAD_ADDRESS, "bounce"),
        (
            {
                "type": "blocked",
                "bounce_classification": "Unclassified",
                "reason": "unable to get mx info: no such host",
            },
            Cause.BAD_ADDRESS,
            "bounce",
        ),
        ({"type": 7, "status": None, "reason": ["x"]}, Cause.BAD_ADDRESS, "bounce"),
    ],
)
def test_why_a_mail_came_back(changes: dict[str, Any], cause: Cause, code: str) -> None:
    (receipt,) = read(event("bounce", **changes))
    assert (receipt.arrival, receipt.cause, receipt.code) == (Arrival.UNDELIVERED, cause, code)


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("Spam Reporting Address", Cause.OPTED_OUT),
        ("Spam Content", Cause.BLOCKED),
        ("Bounced Address", Cause.BAD_ADDRESS),
        ("something new", Cause.UNKNOWN),
        (None, Cause.UNKNOWN),
    ],
)
def test_why_a_mail_was_never_tried(reason: str | None, cause: Cause) -> None:
    (receipt,) = read(event("dropped", reason=reason))
    assert (receipt.arrival, receipt.cause) == (Arrival.FAILED, cause)


@pytest.mark.parametrize("name", ["spamreport", "unsubscribe", "group_unsubscribe"])
def test_whoever_wants_no_more_did_get_this_one(name: str) -> None:
    (receipt,) = read(event(name))
    assert (receipt.arrival, receipt.cause, receipt.code) == (Arrival.DELIVERED, Cause.OPTED_OUT, name)


@pytest.mark.parametrize("name", ["test_open_event", "test_click_event"])
def test_an_open_or_a_click_is_not_reading(name: str) -> None:
    assert read(sample(name)) == []


@pytest.mark.parametrize("category", ["cat facts", ["tag1", "tag2"], None, {}])
def test_a_category_may_be_one_or_many(category: object) -> None:
    assert len(read(event("delivered", category=category))) == 1


def test_an_event_that_is_not_about_one_of_ours_is_left_out() -> None:
    theirs = event("delivered")
    del theirs["cb_delivery"]
    strange = [
        theirs,
        event("delivered", cb_delivery=7),
        event("delivered", sg_event_id=""),
        event("new"),
        event(""),
        1,
    ]
    assert [receipt.arrival for receipt in read(*strange, None, event("delivered"))] == [Arrival.DELIVERED]


@pytest.mark.parametrize("stamp", [None, "1461095246", 1e300, -1e300, [], True])
def test_a_strange_time_does_not_lose_the_event(stamp: object) -> None:
    (receipt,) = read(event("delivered", timestamp=stamp))
    assert receipt.arrival is Arrival.DELIVERED


def test_a_reason_quotes_an_address_and_so_is_not_kept() -> None:
    (receipt,) = read(event("bounce", type="bounce", reason="550 5.1.1 <recipient@example.com> unknown"))
    assert "example" not in repr(receipt)


@pytest.mark.parametrize("body", [b"", b"{}", b"7", b"null", b"[[]]", b"[1, null]", b"[", b"[" * 100_000])
def test_a_proven_request_that_says_nothing_gives_no_receipt(body: bytes) -> None:
    assert PROVER.read_receipts(signed(body)) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda value: st.lists(value) | st.dictionaries(st.text(), value),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["event", "type", "status", "reason", "timestamp", "sg_message_id", "category", "bounce_classification"]
)


@given(st.sampled_from(["bounce", "dropped", "deferred", "delivered", "spamreport"]), st.dictionaries(FIELDS, JSON))
def test_no_event_makes_reading_raise(name: str, changes: dict[str, Any]) -> None:
    assert len(read({**event(name), **changes}, event("delivered"))) in (1, 2)


# --- signatures ------------------------------------------------------------------------------------------------------


def vector_hook(**changes: Any) -> Hook:
    headers = {SIGNATURE: VECTOR["signature"], STAMP: VECTOR["timestamp"]} | changes.get("headers", {})
    return Hook("https://x.example/", headers, changes.get("body", VECTOR["payload"].encode()))


def test_the_official_vector_is_proven() -> None:
    # It is about nobody's delivery of ours, so it is proven and gives nothing.
    assert carrier_at(None, key=VECTOR["public_key_base64_der"]).read_receipts(vector_hook()) == []


@pytest.mark.parametrize(
    "hook",
    [
        vector_hook(body=VECTOR["payload"].removesuffix("\r\n").encode()),
        vector_hook(body=VECTOR["payload"].encode() + b" "),
        vector_hook(body=b""),
        vector_hook(body=b"\xff\xfe"),
        vector_hook(headers={SIGNATURE: VECTOR["invalid"]["other_signature"]}),
        vector_hook(headers={SIGNATURE: "not base64"}),
        vector_hook(headers={SIGNATURE: "abc"}),
        vector_hook(headers={SIGNATURE: "ā"}),
        vector_hook(headers={SIGNATURE: "AAAA"}),
        vector_hook(headers={STAMP: "1600112503"}),
        vector_hook(headers={STAMP: "\ud800"}),
    ],
)
def test_what_does_not_fit_the_signature_is_refused(hook: Hook) -> None:
    with pytest.raises(HookRefused, match="wrong signature"):
        carrier_at(None, key=VECTOR["public_key_base64_der"]).read_receipts(hook)


def test_another_key_proves_nothing() -> None:
    with pytest.raises(HookRefused, match="wrong signature"):
        carrier_at(None, key=VECTOR["invalid"]["other_public_key"]).read_receipts(vector_hook())


@pytest.mark.parametrize("name", [SIGNATURE, STAMP])
def test_a_request_without_its_headers_is_refused(name: str) -> None:
    hook = vector_hook()
    headers = {key: value for key, value in hook.headers.items() if key != name}
    with pytest.raises(HookRefused, match="no signature"):
        carrier_at(None, key=VECTOR["public_key_base64_der"]).read_receipts(Hook(hook.url, headers, hook.body))


def test_header_names_may_be_in_any_case() -> None:
    hook = vector_hook()
    lower = {name.lower(): value for name, value in hook.headers.items()}
    carrier_at(None, key=VECTOR["public_key_base64_der"]).read_receipts(Hook(hook.url, lower, hook.body))


def test_without_a_public_key_every_event_request_is_refused() -> None:
    for key in (None, ""):
        with pytest.raises(HookRefused, match="no public key"):
            carrier_at(None, key=key).read_receipts(vector_hook())


@pytest.mark.parametrize("key", ["nonsense", "AAAA", public(rsa.generate_private_key(65537, 2048))])
def test_a_key_that_is_none_is_noticed_at_the_start(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's sentence differs by its version
        carrier_at(None, key=key)


def test_a_key_may_be_pasted_with_its_line_end() -> None:
    carrier_at(None, key=VECTOR["public_key_base64_der"] + "\n").read_receipts(vector_hook())


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(1, 255))
def test_a_body_with_one_changed_byte_is_refused(tail: bytes, place: int, change: int) -> None:
    body = json.dumps([event("delivered", note=tail.hex())]).encode()
    hook = signed(body)
    at = place % len(body)
    changed = body[:at] + bytes([body[at] ^ change]) + body[at + 1 :]
    with pytest.raises(HookRefused):
        PROVER.read_receipts(Hook(hook.url, hook.headers, changed))


@given(st.integers(0, 63), st.integers(1, 255))
def test_a_signature_with_one_changed_byte_is_refused(place: int, change: int) -> None:
    hook = signed(b"[]\r\n")
    raw = base64.b64decode(hook.headers[SIGNATURE])
    wrong = raw[:place] + bytes([raw[place] ^ change]) + raw[place + 1 :]
    headers = {**hook.headers, SIGNATURE: base64.b64encode(wrong).decode()}
    with pytest.raises(HookRefused):
        PROVER.read_receipts(Hook(hook.url, headers, hook.body))


@given(st.text(max_size=120), st.text(max_size=20), st.binary(max_size=60))
def test_no_header_and_no_body_makes_proving_raise_anything_else(signature: str, stamp: str, body: bytes) -> None:
    with pytest.raises(HookRefused):
        PROVER.read_receipts(Hook("https://x.example/", {SIGNATURE: signature, STAMP: stamp}, body))


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
