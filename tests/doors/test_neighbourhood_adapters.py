"""The adapters that production uses and the neighbourhood understand each other, both ways."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

from commsbridge.carriers import SendGridCarrier, TwilioCarrier
from commsbridge.messages.gateways import (
    Accepted,
    Arrival,
    Cause,
    Hook,
    HookRefused,
    MailJob,
    NotSent,
    Refused,
    TextJob,
    Uncertain,
)
from commsbridge.neighbourhood import (
    PRETEND_ACCOUNT_SID,
    PRETEND_AUTH_TOKEN,
    PRETEND_SENDGRID_KEY,
    Arrangement,
    Envelope,
    MailboxState,
    MailProgram,
    Neighbourhood,
    PhoneState,
    Rule,
)
from tests.doors.inbound_posts import read as posted
from tests.doors.pretend_school import School, Visit

PHONE, SENDER, ADDRESS = "+64211234567", "3187", "ngaire@mail.example"
PUBLIC = "https://bridge.school.example"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def school() -> Iterator[School]:
    with School() as school:
        yield school


@pytest.fixture
def town(school: School) -> Iterator[Neighbourhood]:
    with Neighbourhood(Arrangement(public_url=PUBLIC, reach_url=school.url, mail_retry=0.01)) as town:
        yield town


@pytest.fixture
def texts(town: Neighbourhood) -> TwilioCarrier:
    return TwilioCarrier(
        account_sid=PRETEND_ACCOUNT_SID,
        auth_token=PRETEND_AUTH_TOKEN,
        base_url=town.url,
        public_url=PUBLIC,
        previous_auth_token=None,
        connections=2,
        timeout=4.0,
    )


@pytest.fixture
def mails(town: Neighbourhood) -> SendGridCarrier:
    key = town.event_public_key
    return SendGridCarrier(
        api_key=PRETEND_SENDGRID_KEY, base_url=town.url, event_public_key=key, connections=2, timeout=4.0
    )


def text_job(to: str = PHONE) -> TextJob:
    return TextJob(uuid.uuid4(), SENDER, to, "He kōrero pai mō Hēmi", PUBLIC + "/hooks/twilio/status/tok", 3600)


def mail_job() -> MailJob:
    return MailJob(
        delivery_id=uuid.uuid4(),
        delivery_token="opaque",
        from_address="praise@rimu.example",
        from_name="Rimu Road School",
        to_address=ADDRESS,
        reply_to="reply+abc.def@in.rimu.example",
        subject="He kōrero pai",
        text="Kia ora Ngaire",
        html="<p>Kia ora Ngaire</p>",
        unsubscribe_url=PUBLIC + "/stop/abc",
    )


def as_hook(visit: Visit) -> Hook:
    form = parse_qsl(visit.body.decode(), keep_blank_values=True) if b"MessageSid=" in visit.body else ()
    return Hook(PUBLIC + visit.path, visit.headers, visit.body, tuple(form))


def test_a_text_is_accepted_reported_and_found_again(town: Neighbourhood, school: School, texts: TwilioCarrier) -> None:
    outcome = texts.send(text_job())
    assert isinstance(outcome, Accepted)
    town.settle()
    receipts = [texts.read_receipt(as_hook(visit), "tok") for visit in school.visits]
    assert [receipt and receipt.arrival for receipt in receipts] == [Arrival.SENDING, Arrival.SENT, Arrival.DELIVERED]
    assert {receipt and receipt.carrier_id for receipt in receipts} == {outcome.carrier_id}
    (found,) = texts.find_sent(sender=SENDER, to=PHONE, since=LONG_AGO)
    assert (found.carrier_id, found.body, found.arrival) == (outcome.carrier_id, text_job().body, Arrival.DELIVERED)


@pytest.mark.parametrize(
    ("rule", "expected", "held"),
    [
        (Rule("refuse", code=21610), Refused(Cause.OPTED_OUT, "21610"), 0),
        (Rule("refuse", code=21211), Refused(Cause.BAD_ADDRESS, "21211"), 0),
        (Rule("busy", seconds=7), NotSent(Cause.BUSY, "20429", 7.0), 0),
        (Rule("error_after"), Uncertain, 1),
        (Rule("drop_after"), Uncertain, 1),
        (Rule("hang_after", seconds=30), Uncertain, 1),
        (Rule("drop_before"), Uncertain, 0),
    ],
)
def test_each_misbehaviour_is_the_outcome_it_should_be(
    town: Neighbourhood, texts: TwilioCarrier, rule: Rule, expected: object, held: int
) -> None:
    town.misbehave(rule)
    outcome = texts.send(text_job())
    assert outcome == expected or type(outcome) is expected
    assert len(texts.find_sent(sender=SENDER, to=PHONE, since=LONG_AGO)) == held


def test_an_undelivered_text_says_why(town: Neighbourhood, school: School, texts: TwilioCarrier) -> None:
    town.set_phone(PHONE, PhoneState.GONE)
    texts.send(text_job())
    town.settle()
    receipt = texts.read_receipt(as_hook(school.visits[-1]), "tok")
    assert receipt is not None
    assert (receipt.arrival, receipt.cause, receipt.code) == (Arrival.UNDELIVERED, Cause.NOT_IN_SERVICE, "30005")


def test_a_family_text_is_proven_read_and_listed_and_a_forged_one_refused(
    town: Neighbourhood, school: School, texts: TwilioCarrier
) -> None:
    sent = town.text_in(PHONE, SENDER, "Tēnā koe 😊", media=[("image/png", b"png")])
    town.settle()
    texts.prove(as_hook(school.visits[0]))
    read = texts.read(list(as_hook(school.visits[0]).form))
    assert (read.carrier_id, read.from_number, read.body, len(read.media_urls)) == (sent.sid, PHONE, "Tēnā koe 😊", 1)
    town.misbehave(Rule("forge", on="text_in", times=1), Rule("miss", on="text_in", skip=1))
    town.text_in(PHONE, SENDER, "forged")
    town.text_in(PHONE, SENDER, "missed")
    town.settle()
    with pytest.raises(HookRefused):
        texts.prove(as_hook(school.visits[1]))
    assert {text.body for text in texts.list_since(SENDER, LONG_AGO)} == {"Tēnā koe 😊", "forged", "missed"}


def test_a_mail_is_accepted_and_its_events_are_proven(
    town: Neighbourhood, school: School, mails: SendGridCarrier
) -> None:
    outcome = mails.send(mail_job())
    assert isinstance(outcome, Accepted)
    town.settle()
    receipts = mails.read_receipts(as_hook(school.visits[0]))
    assert [receipt.arrival for receipt in receipts] == [Arrival.QUEUED, Arrival.DELIVERED]
    assert {(receipt.token, receipt.carrier_id) for receipt in receipts} == {("opaque", outcome.carrier_id)}
    assert town.unsubscribe(town.mailbox(ADDRESS).received[0]) == "answered 200"
    town.set_mailbox(ADDRESS, MailboxState.GONE)
    mails.send(mail_job())
    town.settle()
    assert mails.read_receipts(as_hook(school.visits[-1]))[-1].cause is Cause.BAD_ADDRESS


@pytest.mark.parametrize("program", MailProgram)
def test_a_reply_is_read_whichever_program_wrote_it(
    town: Neighbourhood, school: School, mails: SendGridCarrier, program: MailProgram
) -> None:
    mails.send(mail_job())
    town.settle()
    letter = town.mailbox(ADDRESS).received[0]
    town.reply(letter, "Tino harikoa mātou!", program)
    town.settle()
    read = posted(school.visits[-1].body, school.visits[-1].headers["Content-Type"])
    assert read.text.startswith("Tino harikoa mātou!")
    assert (read.to_addresses, read.in_reply_to) == (("reply+abc.def@in.rimu.example",), (letter.message_id,))
    assert read.automatic == (program is MailProgram.AWAY)


def test_a_forged_mail_shows_that_it_fails_its_proofs(town: Neighbourhood, school: School) -> None:
    envelope = Envelope(ADDRESS, ("reply+abc.def@in.rimu.example",), spf="fail", dkim="{@mail.example : fail}")
    town.mail_in(ADDRESS, "reply+abc.def@in.rimu.example", "He pātai", "Kia ora", envelope=envelope)
    town.settle()
    read = posted(school.visits[0].body, school.visits[0].headers["Content-Type"])
    assert (read.subject, read.text.strip(), read.from_address) == ("He pātai", "Kia ora", ADDRESS)
    assert read.spf == "fail"
    assert "fail" in (read.dkim or "")
