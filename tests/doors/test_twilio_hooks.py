"""What Twilio tells us: proven by the official signature vectors, then read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from commsbridge.carriers import TwilioCarrier
from commsbridge.messages.gateways import (
    Arrival,
    Cause,
    Hook,
    HookRefused,
    Receipt,
)
from tests.doors.carrier_contracts import contract
from tests.doors.twilio_stand_in import (
    ACCOUNT,
    KUIA,
    OLD_TOKEN,
    PUBLIC,
    SENDER,
    TOKEN,
    carrier_at,
)

VECTORS = contract("signatures/signature_vectors.json")["twilio_request_validator"]


@pytest.fixture
def carrier() -> TwilioCarrier:
    return carrier_at(None)


# --- receipts --------------------------------------------------------------------------------------------------------


def signed(
    fields: list[tuple[str, str]], url: str = f"{PUBLIC}/hooks/twilio/status/opaque-token", token: str = TOKEN
) -> Hook:
    """A request as Twilio would sign it."""
    grouped = _Grouped()
    for key, value in fields:
        grouped.setdefault(key, []).append(value)
    return Hook(url, {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, grouped)}, b"x", fields)


class _Grouped(dict[str, list[str]]):
    def getlist(self, key: str) -> list[str]:
        return self[key]


def status(**changes: str) -> list[tuple[str, str]]:
    return list({**contract("payloads/twilio_webhooks.json")["status_sent"], **changes}.items())


SID = "SM00000000000000000000000000000021"


def test_a_receipt_is_read_once_it_is_proven(carrier: TwilioCarrier) -> None:
    samples = contract("payloads/twilio_webhooks.json")
    assert carrier.read_receipt(signed(list(samples["status_sent"].items())), "opaque-token") == Receipt(
        "opaque-token", SID, Arrival.SENT, f"{SID}/sent/"
    )
    assert carrier.read_receipt(signed(list(samples["status_delivered"].items())), "t") == Receipt(
        "t", SID, Arrival.DELIVERED, f"{SID}/delivered/"
    )
    assert carrier.read_receipt(signed(list(samples["status_undelivered"].items())), "t") == Receipt(
        "t", SID, Arrival.UNDELIVERED, f"{SID}/undelivered/30003", Cause.UNREACHABLE, "30003"
    )


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("21610", Cause.OPTED_OUT),
        ("30003", Cause.UNREACHABLE),
        ("30004", Cause.BLOCKED),
        ("30005", Cause.NOT_IN_SERVICE),
        ("30006", Cause.NOT_TEXTABLE),
        ("30007", Cause.BLOCKED),
        ("30008", Cause.UNKNOWN),
        ("30036", Cause.EXPIRED),
        ("30001", Cause.BUSY),
        ("99999", Cause.UNKNOWN),
    ],
)
@pytest.mark.parametrize("word", ["failed", "undelivered"])
def test_why_a_text_did_not_arrive(carrier: TwilioCarrier, word: str, code: str, cause: Cause) -> None:
    receipt = carrier.read_receipt(signed(status(MessageStatus=word, ErrorCode=code)), "t")
    assert receipt is not None
    assert (receipt.arrival, receipt.cause, receipt.code) == (Arrival(word), cause, code)


def test_a_failure_without_a_code_has_an_unknown_cause(carrier: TwilioCarrier) -> None:
    receipt = carrier.read_receipt(signed(status(MessageStatus="failed", ErrorCode="")), "t")
    assert receipt == Receipt("t", SID, Arrival.FAILED, f"{SID}/failed/", Cause.UNKNOWN, None)


def test_every_status_of_the_specification_is_understood(carrier: TwilioCarrier) -> None:
    words = contract("twilio/messages.json")["components"]["schemas"]["message_enum_status"]["enum"]
    silent = [word for word in words if carrier.read_receipt(signed(status(MessageStatus=word)), "t") is None]
    assert silent == ["receiving", "received"]


@pytest.mark.parametrize(
    "fields", [[], [("MessageStatus", "sent")], status(MessageStatus="new word"), [("MessageSid", "SM1")]]
)
def test_a_status_request_that_says_nothing_gives_no_receipt(
    carrier: TwilioCarrier, fields: list[tuple[str, str]]
) -> None:
    hook = signed(fields)
    assert carrier.read_receipt(Hook(hook.url, hook.headers, b"", fields), "t") is None


def test_a_receipt_that_is_not_proven_is_refused(carrier: TwilioCarrier) -> None:
    hook = signed(status(), token="somebody else's")
    with pytest.raises(HookRefused, match="wrong signature"):
        carrier.read_receipt(hook, "t")


# --- signatures ------------------------------------------------------------------------------------------------------


def vector_carrier(url: str) -> TwilioCarrier:
    return TwilioCarrier(
        account_sid=ACCOUNT,
        auth_token=VECTORS["auth_token"],
        base_url=None,
        public_url="{0.scheme}://{0.netloc}".format(urlsplit(url)),
        previous_auth_token=None,
        connections=1,
        timeout=1,
    )


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: str(vector["name"]))
def test_the_official_vectors_are_proven(vector: dict[str, Any]) -> None:
    form = tuple(VECTORS["params"].items())
    vector_carrier(vector["url"]).prove(Hook(vector["url"], {"X-Twilio-Signature": vector["signature"]}, b"x", form))
    with pytest.raises(HookRefused, match="wrong signature"):
        vector_carrier(vector["url"]).prove(
            Hook(vector["url"], {"X-Twilio-Signature": vector["signature"]}, b"x", form[1:])
        )


def test_repeated_keys_are_signed_sorted_and_once_each() -> None:
    vector = VECTORS["duplicate_keys"]
    form = tuple((key, value) for key, value in vector["form"])
    hook = Hook(vector["url"], {"x-twilio-signature": vector["signature"]}, b"x", form)
    vector_carrier(vector["url"]).prove(hook)


def test_a_json_body_is_proven_through_its_hash() -> None:
    vector = VECTORS["json_body"]
    headers = {"X-Twilio-Signature": vector["signature"]}
    vector_carrier(vector["url"]).prove(Hook(vector["url"], headers, vector["body"].encode()))
    with pytest.raises(HookRefused, match="wrong body"):
        vector_carrier(vector["url"]).prove(Hook(vector["url"], headers, vector["body"].encode() + b" "))


def test_a_body_that_no_signature_reaches_is_refused(carrier: TwilioCarrier) -> None:
    hook = signed([])
    carrier.prove(Hook(hook.url, hook.headers, b""))
    with pytest.raises(HookRefused, match="unsigned body"):
        carrier.prove(Hook(hook.url, hook.headers, b"{}"))


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature-2": "x"}])
def test_a_request_without_a_signature_is_refused(carrier: TwilioCarrier, headers: dict[str, str]) -> None:
    with pytest.raises(HookRefused, match="no signature"):
        carrier.prove(Hook(f"{PUBLIC}/x", headers, b"", ()))


@pytest.mark.parametrize("signature", ["x", "ā", "\0", "=" * 28, "RSOYDt4T1cUTdK1PDd93/VVr8B8=" * 1000])
def test_a_strange_signature_is_refused(carrier: TwilioCarrier, signature: str) -> None:
    with pytest.raises(HookRefused, match="wrong signature"):
        carrier.prove(Hook(f"{PUBLIC}/x", {"X-Twilio-Signature": signature}, b"", ()))


@pytest.mark.parametrize("token", [TOKEN, OLD_TOKEN])
def test_both_tokens_prove_a_request_while_they_are_being_changed(carrier: TwilioCarrier, token: str) -> None:
    carrier.prove(signed(status(), token=token))


def test_the_old_token_proves_nothing_once_it_is_gone() -> None:
    with pytest.raises(HookRefused):
        carrier_at(None, previous=None).prove(signed(status(), token=OLD_TOKEN))
    with pytest.raises(HookRefused):
        carrier_at(None, previous="").prove(signed(status(), token=""))


def test_the_public_address_counts_and_not_the_one_behind_the_proxy(carrier: TwilioCarrier) -> None:
    hook = signed(status(), url=f"{PUBLIC}/hooks/twilio/messages?a=1")
    inside = Hook("http://10.0.0.5:8000/hooks/twilio/messages?a=1", hook.headers, hook.body, hook.form)
    carrier.prove(inside)
    elsewhere = Hook(f"{PUBLIC}/hooks/twilio/other?a=1", hook.headers, hook.body, hook.form)
    with pytest.raises(HookRefused):
        carrier.prove(elsewhere)


WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
PAIRS = st.lists(st.tuples(WORD, WORD), min_size=1, max_size=6, unique_by=lambda pair: pair[0])
PROVER = carrier_at(None)


@given(PAIRS)
def test_every_honest_form_is_proven(fields: list[tuple[str, str]]) -> None:
    PROVER.prove(signed(fields))


def changed_value(fields: list[tuple[str, str]], extra: str) -> list[tuple[str, str]]:
    return [(fields[0][0], fields[0][1] + extra), *fields[1:]]


def one_more(fields: list[tuple[str, str]], extra: str) -> list[tuple[str, str]]:
    return [*fields, (max(key for key, _ in fields) + extra, extra)]


def one_less(fields: list[tuple[str, str]], extra: str) -> list[tuple[str, str]]:
    return fields[1:]


@given(PAIRS, WORD, st.sampled_from([changed_value, one_more, one_less]))
def test_a_form_changed_on_the_way_is_refused(
    fields: list[tuple[str, str]], extra: str, change: Callable[[list[tuple[str, str]], str], list[tuple[str, str]]]
) -> None:
    hook = signed(fields)
    with pytest.raises(HookRefused):
        PROVER.prove(Hook(hook.url, hook.headers, hook.body, change(fields, extra)))


@given(st.integers(0, 27), st.sampled_from("ABCxyz019+/=-_ "))
def test_a_signature_with_one_changed_letter_is_refused(place: int, letter: str) -> None:
    hook = signed(status())
    right = hook.headers["X-Twilio-Signature"]
    wrong = right[:place] + letter + right[place + 1 :]
    if wrong == right:
        return
    with pytest.raises(HookRefused):
        PROVER.prove(Hook(hook.url, {"X-Twilio-Signature": wrong}, hook.body, hook.form))


# --- the way in ------------------------------------------------------------------------------------------------------


def inbound(name: str, **changes: str) -> list[tuple[str, str]]:
    return list({**contract("payloads/twilio_webhooks.json")[name], **changes}.items())


def test_a_text_is_read_from_its_form(carrier: TwilioCarrier) -> None:
    text = carrier.read(inbound("inbound_text"))
    assert text.carrier_id == "SM00000000000000000000000000000011"
    assert (text.from_number, text.to_number) == (KUIA, SENDER)
    assert text.body == "Kei te pai, ngā mihi ki a koe! 🙂"
    assert (text.media_urls, text.opt_out, text.received_at) == ((), None, None)


def test_a_stop_that_the_carrier_has_answered_is_marked(carrier: TwilioCarrier) -> None:
    assert carrier.read(inbound("inbound_stop")).opt_out == "STOP"
    assert carrier.read(inbound("inbound_stop", OptOutType="help")).opt_out == "HELP"
    assert carrier.read(inbound("inbound_stop", OptOutType="MAYBE")).opt_out is None


def test_pictures_are_listed_in_order(carrier: TwilioCarrier) -> None:
    text = carrier.read(inbound("inbound_picture"))
    assert [url[-1] for url in text.media_urls] == ["1", "2"]
    assert text.body == ""


def test_a_claim_of_a_billion_pictures_costs_nothing(carrier: TwilioCarrier) -> None:
    assert carrier.read(inbound("inbound_text", NumMedia="999999999")).media_urls == ()


def test_a_text_never_holds_what_the_database_cannot(carrier: TwilioCarrier) -> None:
    assert carrier.read(inbound("inbound_text", Body="a\0b\ud800")).body == "ab?"


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
def test_a_form_that_is_no_text_is_refused(carrier: TwilioCarrier, missing: str) -> None:
    form = [(key, value) for key, value in inbound("inbound_text") if key not in (missing, "SmsSid")]
    with pytest.raises(ValueError, match="no inbound text"):
        carrier.read(form)


def test_the_first_of_a_repeated_field_counts(carrier: TwilioCarrier) -> None:
    assert carrier.read([*inbound("inbound_text"), ("Body", "another")]).body.startswith("Kei te pai")
