"""The neighbourhood speaks Twilio's and SendGrid's HTTP to the satisfaction of their own clients and specifications."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from commsbridge.neighbourhood import (
    PRETEND_ACCOUNT_SID,
    PRETEND_AUTH_TOKEN,
    Arrangement,
    Neighbourhood,
    PhoneState,
    Rule,
)
from tests.doors.carrier_contracts import contract, twilio_answer_faults
from tests.doors.pretend_school import School, Visit, twilio_client

PHONE, SENDER = "+64211234567", "3187"
ADDRESS = "ngaire@mail.example"
PUBLIC = "https://bridge.school.example:8443"
MESSAGES = f"/2010-04-01/Accounts/{PRETEND_ACCOUNT_SID}/Messages.json"
WORDS = "Rimu Road School: He kōrero pai mō Hēmi."


@pytest.fixture
def school() -> Iterator[School]:
    with School() as school:
        yield school


@pytest.fixture
def town(school: School) -> Iterator[Neighbourhood]:
    arrangement = Arrangement(public_url=PUBLIC, reach_url=school.url, mail_retry=0.01)
    with Neighbourhood(arrangement) as town:
        yield town


def send_text(town: Neighbourhood, **changed: Any) -> Any:
    asked = {"to": PHONE, "from_": SENDER, "body": WORDS} | changed
    return twilio_client(town).messages.create(**{name: value for name, value in asked.items() if value is not None})


def raw(town: Neighbourhood, method: str, path: str, **asked: Any) -> urllib3.BaseHTTPResponse:
    headers = urllib3.make_headers(basic_auth=f"{PRETEND_ACCOUNT_SID}:{PRETEND_AUTH_TOKEN}")
    with urllib3.PoolManager() as pool:
        return pool.request(method, town.url + path, headers=headers | asked.pop("headers", {}), retries=False, **asked)


def is_signed(visit: Visit) -> bool:
    signature = visit.headers["X-Twilio-Signature"]
    return bool(RequestValidator(PRETEND_AUTH_TOKEN).validate(PUBLIC + visit.path, visit.form, signature))


def test_the_official_client_hands_over_a_text_and_reads_it_back(town: Neighbourhood) -> None:
    made = send_text(town)
    assert (made.status, made.num_segments, made.to, made.from_) == ("queued", "1", PHONE, SENDER)
    assert made.date_sent is None
    read = twilio_client(town).messages(made.sid).fetch()
    assert (read.status, read.body, read.direction) == ("delivered", WORDS, "outbound-api")
    assert [text.body for text in town.phone(PHONE).received] == [WORDS]


def test_its_json_is_what_the_specification_says_with_every_property_there(town: Neighbourhood) -> None:
    made = raw(town, "POST", MESSAGES, fields={"To": PHONE, "From": SENDER, "Body": WORDS}, encode_multipart=False)
    one = raw(town, "GET", made.json()["uri"])
    many = raw(town, "GET", MESSAGES)
    assert (made.status, one.status, many.status) == (201, 200, 200)
    assert twilio_answer_faults(MESSAGES, made.json(), method="POST", status="201") == []
    assert twilio_answer_faults(one.json()["uri"], one.json()) == []
    assert twilio_answer_faults(MESSAGES, many.json()) == []
    named = contract("twilio/messages.json")["components"]["schemas"]["api.v2010.account.message"]["properties"]
    assert set(made.json()) == set(named)


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"to": ""}, 400, 21604),
        ({"from_": None}, 400, 21603),
        ({"body": ""}, 400, 21602),
        ({"to": "021 not a number"}, 400, 21211),
        ({"to": "+64 21"}, 400, 21211),
        ({"to": "+6433790000"}, 400, 21614),
        ({"from_": "+64!"}, 400, 21212),
        ({"from_": PHONE}, 400, 21266),
        ({"body": "ō" * 1601}, 400, 21617),
        ({"media_url": ["https://rimu.example/picture.jpg"]}, 400, 21622),
        ({"from_": None, "messaging_service_sid": "MG" + "0" * 32}, 400, 21701),
        ({"status_callback": "https://bad_host.example/x"}, 400, 21609),
        ({"status_callback": "not a url"}, 400, 21609),
        ({"validity_period": 36_001}, 400, 90007),
        ({"validity_period": 0}, 400, 90007),
    ],
)
def test_a_wrong_text_is_refused_with_the_carriers_own_code(
    town: Neighbourhood, changed: dict[str, Any], status: int, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send_text(town, **changed)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert town.texts() == []


def test_a_refusal_says_what_the_carrier_says(town: Neighbourhood) -> None:
    answer = raw(town, "POST", MESSAGES, fields={"To": "12"}, encode_multipart=False)
    assert answer.json() == {
        "code": 21603,
        "message": "A 'From' phone number is required.",
        "more_info": "https://www.twilio.com/docs/errors/21603",
        "status": 400,
    }


def test_an_account_with_senders_of_its_own_refuses_any_other() -> None:
    with Neighbourhood(Arrangement(senders=(SENDER,))) as town:
        send_text(town)
        with pytest.raises(TwilioRestException) as refused:
            send_text(town, from_="3188")
    assert refused.value.code == 21606


def test_wrong_credentials_and_unknown_sids_are_refused(town: Neighbourhood) -> None:
    assert raw(town, "GET", MESSAGES, headers={"authorization": "Basic bm86bm8="}).json()["code"] == 20003
    assert raw(town, "GET", MESSAGES.replace("0001", "0002")).status == 404
    missing = raw(town, "GET", MESSAGES.replace(".json", "/SM" + "0" * 32 + ".json"))
    assert (missing.status, missing.json()["code"]) == (404, 20404)
    assert raw(town, "DELETE", MESSAGES).status == 405


def test_the_list_is_paged_newest_first_and_filtered_by_number(town: Neighbourhood) -> None:
    numbers = [f"+6421123{n:04}" for n in range(3)]
    for n in range(24):
        send_text(town, to=numbers[n % 3], body=f"text {n}")
    town.text_in(numbers[0], SENDER, "Kia ora")
    messages = twilio_client(town).messages
    assert [m.body for m in messages.list(page_size=5)][:3] == ["Kia ora", "text 23", "text 22"]
    assert len(messages.list(page_size=5)) == 25
    assert [m.body for m in messages.list(to=numbers[1], page_size=3)] == [f"text {n}" for n in range(22, 0, -3)]
    assert [m.body for m in messages.list(from_=numbers[0], to=SENDER)] == ["Kia ora"]
    first = raw(town, "GET", MESSAGES + "?PageSize=5").json()
    send_text(town, body="one more, while somebody reads")
    second = raw(town, "GET", first["next_page_uri"]).json()
    assert [m["body"] for m in second["messages"]] == [f"text {n}" for n in range(19, 14, -1)]
    assert twilio_answer_faults(MESSAGES, second) == []


def test_date_filters_know_whole_days_and_miss_what_is_not_sent_yet() -> None:
    times = iter([datetime(2026, 11, 16, 23, 59, tzinfo=UTC) + timedelta(minutes=n // 8) for n in range(999)])
    with Neighbourhood(Arrangement(), now=lambda: next(times)) as town:
        send_text(town, body="on the 16th")
        while next(times).day == 16:
            pass
        send_text(town, body="on the 17th")
        messages = twilio_client(town).messages
        assert [m.body for m in messages.list(date_sent=date(2026, 11, 16))] == ["on the 16th"]
        assert [m.body for m in messages.list(date_sent_after=datetime(2026, 11, 17, 23, tzinfo=UTC))] == [
            "on the 17th"
        ]
        assert len(messages.list(date_sent_before=date(2026, 11, 17))) == 2
    with Neighbourhood(Arrangement(step_gap=60)) as slow:
        send_text(slow)
        assert twilio_client(slow).messages.list(date_sent_after=date(2020, 1, 1)) == []
        assert len(twilio_client(slow).messages.list()) == 1


def test_status_reports_come_signed_and_in_order(town: Neighbourhood, school: School) -> None:
    made = send_text(town, status_callback=PUBLIC + "/hooks/twilio/status/opaque?x=1")
    town.settle()
    reports = school.came_to("/hooks/twilio/status/opaque?x=1")
    assert [visit.form["MessageStatus"] for visit in reports] == ["sending", "sent", "delivered"]
    assert all(is_signed(visit) for visit in reports)
    assert {visit.form["MessageSid"] for visit in reports} == {made.sid}
    documented = set(contract("payloads/twilio_webhooks.json")["status_delivered"])
    assert documented <= set(reports[-1].form)
    assert "ErrorCode" not in reports[-1].form


@pytest.mark.parametrize(("state", "code"), [(PhoneState.OFF, "30003"), (PhoneState.GONE, "30005")])
def test_a_phone_that_is_off_or_gone_gets_nothing_and_the_report_says_why(
    town: Neighbourhood, school: School, state: PhoneState, code: str
) -> None:
    town.set_phone(PHONE, state)
    made = send_text(town, status_callback=PUBLIC + "/s")
    town.settle()
    assert [visit.form.get("ErrorCode") for visit in school.visits] == [None, None, code]
    assert town.phone(PHONE).received == ()
    assert twilio_client(town).messages(made.sid).fetch().error_code == int(code)


def test_a_family_text_comes_signed_with_the_fields_twilio_sends(town: Neighbourhood, school: School) -> None:
    text = town.text_in(PHONE, SENDER, "Āe, tēnā koe! 😊 a+b=c&d")
    town.settle()
    (visit,) = school.came_to("/hooks/twilio/messages")
    assert is_signed(visit)
    assert visit.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert len(visit.headers["I-Twilio-Idempotency-Token"]) > 16
    assert visit.form["Body"] == "Āe, tēnā koe! 😊 a+b=c&d"
    assert (visit.form["From"], visit.form["To"], visit.form["MessageSid"]) == (PHONE, SENDER, text.sid)
    assert set(contract("payloads/twilio_webhooks.json")["inbound_text"]) <= set(visit.form)
    assert town.texts()[0].hook == "answered 200"


def test_words_in_the_response_come_back_to_the_phone(town: Neighbourhood, school: School) -> None:
    school.answers += [
        (200, "<Response><Message>Ngā mihi &amp; kia ora</Message></Response>".encode()),
        (200, b"<Resp"),
    ]
    town.text_in(PHONE, SENDER, "Kia ora")
    town.settle()
    assert [text.body for text in town.phone(PHONE).received] == ["Ngā mihi & kia ora"]
    town.text_in(PHONE, SENDER, "Kia ora anō")
    town.settle()
    assert len(town.phone(PHONE).texts) == 3


def test_pictures_from_a_phone_are_listed_and_fetched(town: Neighbourhood, school: School) -> None:
    text = town.text_in(PHONE, SENDER, "He pikitia", media=[("image/png", b"\x89PNG...")])
    town.settle()
    (visit,) = school.visits
    assert (visit.form["NumMedia"], visit.form["MediaContentType0"]) == ("1", "image/png")
    assert raw(town, "GET", visit.form["MediaUrl0"].removeprefix(town.url)).data == b"\x89PNG..."
    (media,) = twilio_client(town).messages(text.sid).media.list()
    listed = raw(town, "GET", f"{MESSAGES.removesuffix('.json')}/{text.sid}/Media.json")
    assert twilio_answer_faults(f"{MESSAGES.removesuffix('.json')}/{text.sid}/Media.json", listed.json()) == []
    assert twilio_answer_faults(media.uri, raw(town, "GET", media.uri).json()) == []
    assert twilio_client(town).messages(send_text(town).sid).media.list() == []


def test_where_the_carrier_answers_stop_it_blocks_until_start(school: School) -> None:
    arrangement = Arrangement(public_url=school.url, stops_answered_for=frozenset({SENDER}))
    with Neighbourhood(arrangement) as town:
        town.text_in(PHONE, SENDER, " Stop ")
        with pytest.raises(TwilioRestException) as refused:
            send_text(town)
        assert refused.value.code == 21610
        send_text(town, from_="3188")
        town.text_in(PHONE, SENDER, "START")
        send_text(town)
        town.text_in(PHONE, "3188", "STOP")
        send_text(town, from_="3188")
        town.settle()
        kinds = [visit.form.get("OptOutType") for visit in sorted(school.visits, key=lambda v: v.form["Body"].lower())]
        assert sorted(map(str, kinds)) == ["None", "START", "STOP"]
        assert "unsubscribed" in town.phone(PHONE).received[0].body


def test_a_messaging_service_accepts_first_and_chooses_its_number_later(school: School) -> None:
    service = "MG" + "a" * 32
    arrangement = Arrangement(public_url=school.url, services={service: SENDER})
    with Neighbourhood(arrangement) as town:
        made = send_text(town, from_=None, messaging_service_sid=service, status_callback=school.url + "/s")
        assert (made.status, made.from_, made.num_segments) == ("accepted", None, "0")
        town.settle()
        assert twilio_client(town).messages.list(from_=SENDER)[0].sid == made.sid
        assert {visit.form["MessagingServiceSid"] for visit in school.visits} == {service}


def test_a_webhook_is_tried_again_only_as_its_url_asks(town: Neighbourhood, school: School) -> None:
    school.answers += [(500, b""), (500, b""), (204, b"")] + [(204, b"")] * 2 + [(500, b"")]
    send_text(town, status_callback=PUBLIC + "/s?a=1#rc=2&rp=5xx,ct")
    town.settle()
    assert [visit.form["MessageStatus"] for visit in school.visits] == ["sending"] * 3 + ["sent", "delivered"]
    assert len({visit.headers["I-Twilio-Idempotency-Token"] for visit in school.visits[:3]}) == 1
    assert all(is_signed(visit) for visit in school.visits)
    town.text_in(PHONE, SENDER, "Kia ora")
    town.settle()
    assert len(school.came_to("/hooks/twilio/messages")) == 1


def test_nothing_leaves_this_machine(town: Neighbourhood, school: School) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        Arrangement(public_url=PUBLIC)
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        town.points_to(PUBLIC, "http://198.51.100.7")
    send_text(town, status_callback="https://elsewhere.example/s")
    send_text(town, status_callback="https://bridge.school.example.elsewhere.example/s")
    town.settle()
    assert school.visits == []
    assert [(knock.status, knock.told) for knock in town.knocks()] == [(None, "not on this machine, so not sent")] * 6


def test_a_town_without_reports_delivers_in_silence(school: School) -> None:
    with Neighbourhood(Arrangement(public_url=school.url, reports=False)) as town:
        send_text(town, status_callback=school.url + "/s")
        town.settle()
        assert [text.status for text in town.texts()] == ["delivered"]
    assert school.visits == []


def test_a_rule_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="on is one of"):
        Rule("delay", on="pigeon")


def test_it_serves_https_where_it_is_given_a_certificate(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)  # noqa: TID251 - a certificate is valid by the machine's clock
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    pem = tmp_path / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(made.public_bytes(Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with Neighbourhood(tls=context) as town, urllib3.PoolManager(ca_certs=str(pem)) as pool:
        assert town.url.startswith("https://127.0.0.1:")
        assert pool.request("GET", town.url + "/", retries=False).status == 200
