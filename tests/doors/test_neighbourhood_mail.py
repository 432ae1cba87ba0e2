"""The neighbourhood speaks SendGrid's HTTP to the satisfaction of its own client, validator and specification."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import urllib3
from python_http_client.exceptions import HTTPError  # type: ignore[import-untyped]
from sendgrid.helpers.eventwebhook import EventWebhook
from sendgrid.helpers.mail import Attachment, Category, Content, CustomArg, Header, Mail, ReplyTo

from commsbridge.neighbourhood import (
    PRETEND_ACCOUNT_SID,
    PRETEND_AUTH_TOKEN,
    PRETEND_INBOUND_SECRET,
    Arrangement,
    Envelope,
    MailboxState,
    MailProgram,
    Neighbourhood,
)
from tests.doors.carrier_contracts import contract, faults
from tests.doors.pretend_school import School, sendgrid_client

ADDRESS = "ngaire@mail.example"
PUBLIC = "https://bridge.school.example:8443"
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


def send_mail(town: Neighbourhood, **changed: Any) -> Any:
    mail = Mail(from_email=("school@rimu.example", "Rimu Road School"), to_emails=ADDRESS, subject="He kōrero pai")
    mail.content = [Content("text/plain", WORDS), Content("text/html", f"<p>{WORDS}</p>")]
    mail.reply_to = ReplyTo("reply+abc@in.rimu.example")
    mail.custom_arg = CustomArg("cb_token", "opaque-1")
    mail.category = Category("praise")
    mail.header = Header("List-Unsubscribe", f"<{PUBLIC}/unsubscribe/xyz>, <mailto:stop@rimu.example>")
    mail.header = Header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    return sendgrid_client(town).send(mail.get() | changed)


def raw(town: Neighbourhood, method: str, path: str, **asked: Any) -> urllib3.BaseHTTPResponse:
    headers = urllib3.make_headers(basic_auth=f"{PRETEND_ACCOUNT_SID}:{PRETEND_AUTH_TOKEN}")
    with urllib3.PoolManager() as pool:
        return pool.request(method, town.url + path, headers=headers | asked.pop("headers", {}), retries=False, **asked)


def test_the_official_client_hands_over_a_mail_that_lies_in_the_mailbox(town: Neighbourhood) -> None:
    answer = send_mail(town, attachments=[Attachment("SGVtaQ==", "hemi.txt", "text/plain").get()])
    assert (answer.status_code, answer.body) == (202, b"")
    town.settle()
    (letter,) = town.mailbox("Ngaire@Mail.example").received
    assert letter.carrier_id == answer.headers["X-Message-Id"]
    assert (letter.subject, letter.text, letter.html) == ("He kōrero pai", WORDS, f"<p>{WORDS}</p>")
    assert (letter.sender_name, letter.answer_to) == ("Rimu Road School", "reply+abc@in.rimu.example")
    assert (letter.attachments[0].name, letter.attachments[0].content) == ("hemi.txt", b"Hemi")
    assert letter.one_click == f"{PUBLIC}/unsubscribe/xyz"


def test_mail_events_come_signed_over_their_raw_bytes(town: Neighbourhood, school: School) -> None:
    answer = send_mail(town)
    town.settle()
    (visit,) = school.came_to("/hooks/sendgrid/events")
    webhook = EventWebhook()
    signature = visit.headers["X-Twilio-Email-Event-Webhook-Signature"]
    timestamp = visit.headers["X-Twilio-Email-Event-Webhook-Timestamp"]
    key = webhook.convert_public_key_to_ecdsa(town.event_public_key)
    assert webhook.verify_signature(visit.body.decode(), signature, timestamp, key)
    assert not webhook.verify_signature(visit.body.decode().rstrip(), signature, timestamp, key)
    assert visit.body.endswith(b"]\r\n")
    assert [event["event"] for event in visit.events] == ["processed", "delivered"]
    for event in visit.events:
        assert (event["cb_token"], event["category"], event["email"]) == ("opaque-1", "praise", ADDRESS)
        assert event["sg_message_id"].split(".")[0] == answer.headers["X-Message-Id"]
    samples = contract("payloads/sendgrid_event_webhook_samples.json")
    assert set(samples["test_delivered_event"][0]) - {"anymail_id"} <= set(visit.events[1])


@pytest.mark.parametrize(("state", "kind"), [(MailboxState.GONE, "bounce"), (MailboxState.BLOCKED, "blocked")])
def test_a_mailbox_that_is_gone_or_refuses_bounces(
    town: Neighbourhood, school: School, state: MailboxState, kind: str
) -> None:
    town.set_mailbox(ADDRESS, state)
    send_mail(town)
    town.settle()
    last = school.visits[0].events[-1]
    assert (last["event"], last["type"]) == ("bounce", kind)
    assert town.mailbox(ADDRESS).received == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"personalizations": []}, "personalizations"),
        ({"personalizations": [{"to": []}]}, "personalizations.0.to"),
        ({"personalizations": [{"to": [{"email": "nobody"}]}]}, "personalizations.0.to.0.email"),
        ({"personalizations": [{"to": [{"email": "a@b.nz"}, {"email": "A@b.nz"}]}]}, "personalizations.0"),
        ({"from": None}, "from.email"),
        ({"from": {"email": "x"}}, "from.email"),
        ({"subject": ""}, "subject"),
        ({"content": []}, "content"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value"),
        ({"content": [{"type": "text/html", "value": "a"}, {"type": "text/plain", "value": "a"}]}, "content"),
        ({"reply_to": {"email": "x y@z.nz"}}, "reply_to.email"),
        ({"headers": {"Subject": "x"}}, "headers"),
        ({"headers": {"X-A": "kōrero"}}, "headers"),
        ({"custom_args": {"a": 1}}, "custom_args"),
        ({"categories": ["a"] * 11}, "categories"),
        ({"attachments": [{"content": "%", "filename": "a"}]}, "attachments.0.content"),
    ],
)
def test_a_wrong_mail_is_refused_by_field(town: Neighbourhood, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(HTTPError) as refused:
        send_mail(town, **changed)
    said = json.loads(refused.value.body)
    components = contract("sendgrid/components.schemas.json")
    assert refused.value.status_code == 400
    assert said["errors"][0]["field"] == field
    assert faults(components["global_error_response_schema"], components, said) == []
    assert town.letters() == []


def test_a_wrong_key_and_broken_json_are_refused(town: Neighbourhood) -> None:
    path = "/v3/mail/send"
    assert raw(town, "POST", path, body=b"{}").status == 401
    headers = {"authorization": "Bearer SG.pretend.key", "content-type": "application/json"}
    assert raw(town, "POST", path, body=b"{", headers=headers).status == 400
    assert raw(town, "POST", path, body=b"[]", headers=headers).status == 400
    assert raw(town, "POST", path, body=b"{}", headers=headers | {"content-type": "text/plain"}).status == 415


@pytest.mark.parametrize("program", MailProgram)
def test_a_reply_comes_as_raw_mime_the_way_that_program_writes_it(
    town: Neighbourhood, school: School, program: MailProgram
) -> None:
    send_mail(town)
    town.settle()
    letter = town.mailbox(ADDRESS).received[0]
    town.name(ADDRESS, "Ngaire Pōtae")
    town.reply(letter, "Tino harikoa mātou! 😊", program)
    town.settle()
    (visit,) = school.came_to(f"/hooks/sendgrid/inbound/{PRETEND_INBOUND_SECRET}")
    mail: EmailMessage = visit.mail
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Tino harikoa mātou! 😊")
    assert (WORDS in body.get_content()) == (program not in {MailProgram.BARE, MailProgram.AWAY})
    assert mail["In-Reply-To"] == letter.message_id
    assert mail["From"].addresses[0].display_name == "Ngaire Pōtae"
    assert (mail["Auto-Submitted"] or "no") == ("auto-replied" if program is MailProgram.AWAY else "no")
    sender = "" if program is MailProgram.AWAY else ADDRESS
    assert json.loads(visit.fields["envelope"]) == {"to": ["reply+abc@in.rimu.example"], "from": sender}
    assert {"dkim", "SPF", "subject", "to", "from", "sender_ip", "charsets"} <= set(visit.fields)


def test_a_mail_of_any_bytes_comes_as_it_is(town: Neighbourhood, school: School) -> None:
    hostile = b"Subject: =?x?\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\x00caf\xe9\r\n--\r\n"
    envelope = Envelope("bounce@spam.example", ("reply+abc@in.rimu.example",), spf="fail", dkim="none")
    town.mail_in(ADDRESS, "reply+abc@in.rimu.example", "x", "", raw=hostile, envelope=envelope)
    town.settle()
    fields = school.visits[0].fields
    assert fields["email"] == hostile
    assert (fields["SPF"], fields["dkim"]) == (b"fail", b"none")


def test_mail_webhooks_are_tried_until_taken_but_a_refused_mail_is_dropped(town: Neighbourhood, school: School) -> None:
    school.answers += [(503, b""), (403, b""), (200, b"")]
    send_mail(town)
    town.settle()
    assert len(school.came_to("/hooks/sendgrid/events")) == 3
    school.answers += [(503, b""), (200, b""), (400, b"")]
    town.mail_in(ADDRESS, "reply@in.rimu.example", "one", "Kia ora")
    town.settle()
    town.mail_in(ADDRESS, "reply@in.rimu.example", "two", "Kia ora")
    town.settle()
    assert [visit.fields["subject"] for visit in school.came_to("/hooks/sendgrid/inbound")] == [b"one", b"one", b"two"]


def test_the_unsubscribe_button_posts_once_without_following_anything(town: Neighbourhood, school: School) -> None:
    send_mail(town)
    town.settle()
    school.answers.append((302, b""))
    assert town.unsubscribe(town.letters()[0]) == "answered 302"
    (visit,) = school.came_to("/unsubscribe/xyz")
    assert visit.form == {"List-Unsubscribe": "One-Click"}
    assert "Cookie" not in visit.headers


def test_no_webhook_of_mail_leaves_this_machine(town: Neighbourhood, school: School) -> None:
    away = {"List-Unsubscribe": "<https://elsewhere.example/u>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    send_mail(town, headers=away)
    town.settle()
    assert town.unsubscribe(town.letters()[0]) == "not on this machine, so not sent"
    assert len(school.visits) == 1


def test_a_mail_without_reports_lies_in_its_mailbox_at_once(school: School) -> None:
    with Neighbourhood(Arrangement(public_url=school.url, reports=False)) as town:
        send_mail(town)
        assert [letter.status for letter in town.letters()] == ["delivered"]
        town.settle()
    assert school.visits == []


def test_a_mail_for_several_people_lies_in_each_mailbox_and_a_sandboxed_one_in_none(town: Neighbourhood) -> None:
    people = [{"to": [{"email": ADDRESS}], "cc": [{"email": "b@mail.example"}]}, {"to": [{"email": "c@mail.example"}]}]
    send_mail(town, personalizations=people)
    assert send_mail(town, mail_settings={"sandbox_mode": {"enable": True}}).status_code == 200
    town.settle()
    assert {letter.to for letter in town.letters()} == {ADDRESS, "b@mail.example", "c@mail.example"}
    assert len({letter.carrier_id for letter in town.letters()}) == 1
