"""What SendGrid tells us: proven by the official signature vector, then read."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.carriers import SendGridCarrier
from commsbridge.messages.gateways import (
    Arrival,
    Cause,
    Hook,
    HookRefused,
    Receipt,
)
from tests.doors.carrier_contracts import contract

VECTOR = contract("signatures/signature_vectors.json")["sendgrid_event_webhook"]
SIGNATURE, STAMP = VECTOR["headers"]
OUR_KEY = ec.generate_private_key(ec.SECP256R1())
TOKEN = "b7f1c2d3"


def public(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    """A public key as SendGrid's settings page shows it."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def carrier_at(*, key: str | None) -> SendGridCarrier:
    return SendGridCarrier(api_key="SG.an-invented.key", base_url=None, event_public_key=key, connections=1, timeout=1)


# --- events ----------------------------------------------------------------------------------------------------------


def signed(body: bytes, stamp: str = "1795226400", key: ec.EllipticCurvePrivateKey = OUR_KEY) -> Hook:
    """An event request as SendGrid would sign it."""
    signature = base64.b64encode(key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    return Hook("https://bridge.school.example/hooks/sendgrid/events", {SIGNATURE: signature, STAMP: stamp}, body)


PROVER = carrier_at(key=public(OUR_KEY))


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
    assert carrier_at(key=VECTOR["public_key_base64_der"]).read_receipts(vector_hook()) == []


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
        carrier_at(key=VECTOR["public_key_base64_der"]).read_receipts(hook)


def test_another_key_proves_nothing() -> None:
    with pytest.raises(HookRefused, match="wrong signature"):
        carrier_at(key=VECTOR["invalid"]["other_public_key"]).read_receipts(vector_hook())


@pytest.mark.parametrize("name", [SIGNATURE, STAMP])
def test_a_request_without_its_headers_is_refused(name: str) -> None:
    hook = vector_hook()
    headers = {key: value for key, value in hook.headers.items() if key != name}
    with pytest.raises(HookRefused, match="no signature"):
        carrier_at(key=VECTOR["public_key_base64_der"]).read_receipts(Hook(hook.url, headers, hook.body))


def test_header_names_may_be_in_any_case() -> None:
    hook = vector_hook()
    lower = {name.lower(): value for name, value in hook.headers.items()}
    carrier_at(key=VECTOR["public_key_base64_der"]).read_receipts(Hook(hook.url, lower, hook.body))


def test_without_a_public_key_every_event_request_is_refused() -> None:
    for key in (None, ""):
        with pytest.raises(HookRefused, match="no public key"):
            carrier_at(key=key).read_receipts(vector_hook())


@pytest.mark.parametrize("key", ["nonsense", "AAAA", public(rsa.generate_private_key(65537, 2048))])
def test_a_key_that_is_none_is_noticed_at_the_start(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's sentence differs by its version
        carrier_at(key=key)


def test_a_key_may_be_pasted_with_its_line_end() -> None:
    carrier_at(key=VECTOR["public_key_base64_der"] + "\n").read_receipts(vector_hook())


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
