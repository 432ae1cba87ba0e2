"""The neighbourhood misbehaves on demand, counts what it did, and is itself again afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import urllib3
from python_http_client.exceptions import HTTPError  # type: ignore[import-untyped]
from requests.exceptions import ConnectionError as Dropped
from requests.exceptions import ReadTimeout
from sendgrid.helpers.eventwebhook import EventWebhook
from sendgrid.helpers.mail import Mail
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from commsbridge.neighbourhood import (
    PRETEND_ACCOUNT_SID,
    PRETEND_AUTH_TOKEN,
    Arrangement,
    Neighbourhood,
    Rule,
)
from tests.doors.pretend_school import School, Visit, sendgrid_client, twilio_client

PHONE, SENDER = "+64211234567", "3187"
MESSAGES = f"/2010-04-01/Accounts/{PRETEND_ACCOUNT_SID}/Messages.json"


@pytest.fixture
def school() -> Iterator[School]:
    with School() as school:
        yield school


@pytest.fixture
def town(school: School) -> Iterator[Neighbourhood]:
    with Neighbourhood(Arrangement(public_url=school.url, mail_retry=0.01)) as town:
        yield town


def text(town: Neighbourhood, *, to: str = PHONE, callback: str | None = None, timeout: float = 10.0) -> Any:
    asked = {"to": to, "from_": SENDER, "body": "Kia ora"} | ({"status_callback": callback} if callback else {})
    return twilio_client(town, timeout=timeout).messages.create(**asked)


def mail(town: Neighbourhood) -> Any:
    return sendgrid_client(town).send(Mail("school@rimu.example", "ngaire@mail.example", "Kia ora", "<p>Kia ora</p>"))


def control(town: Neighbourhood, method: str, name: str, value: object = None) -> urllib3.BaseHTTPResponse:
    with urllib3.PoolManager() as pool:
        return pool.request(method, f"{town.url}/_neighbourhood/{name}", json=value, retries=False)


def statuses(visits: list[Visit]) -> list[str]:
    return [visit.form["MessageStatus"] for visit in visits]


def test_too_many_requests_says_when_to_come_back_and_takes_nothing(town: Neighbourhood) -> None:
    town.misbehave(Rule("busy", seconds=7, times=1))
    headers = urllib3.make_headers(basic_auth=f"{PRETEND_ACCOUNT_SID}:{PRETEND_AUTH_TOKEN}")
    with urllib3.PoolManager() as pool:
        fields = {"To": PHONE, "From": SENDER, "Body": "Kia ora"}
        answer = pool.request(
            "POST", town.url + MESSAGES, fields=fields, encode_multipart=False, headers=headers, retries=False
        )
    assert (answer.status, answer.headers["Retry-After"], answer.json()["code"]) == (429, "7", 20429)
    assert town.texts() == []
    text(town)
    assert len(town.texts()) == 1


@pytest.mark.parametrize(
    ("do", "accepted"), [("error_before", 0), ("error_after", 1), ("drop_before", 0), ("drop_after", 1)]
)
def test_a_text_may_be_taken_or_not_when_the_answer_is_lost(town: Neighbourhood, do: str, accepted: int) -> None:
    town.misbehave(Rule(do, times=1, code=503 if do.startswith("error") else 0))
    with pytest.raises((TwilioRestException, Dropped)) as lost:
        text(town)
    assert isinstance(lost.value, Dropped) == do.startswith("drop")
    assert getattr(lost.value, "status", 503) == 503
    assert len(town.texts()) == accepted


@pytest.mark.parametrize(("do", "accepted"), [("hang_before", 0), ("hang_after", 1)])
def test_a_hanging_carrier_keeps_others_waiting_for_nothing(town: Neighbourhood, do: str, accepted: int) -> None:
    town.misbehave(Rule(do, to=PHONE, seconds=30))
    with pytest.raises(ReadTimeout):
        text(town, timeout=1)
    assert text(town, to="+64211234568").status == "queued"
    assert len(town.texts(to=PHONE)) == accepted


def test_a_delay_is_added_to_the_answer_alone(town: Neighbourhood) -> None:
    town.misbehave(Rule("delay", seconds=0.2), Rule("delay", on="list", seconds=0.2))
    began = time.monotonic()
    made = text(town)
    twilio_client(town).messages(made.sid).fetch()
    assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(("code", "status"), [(21610, 400), (20003, 401), (20429, 429), (21408, 400), (30002, 400)])
def test_a_refusal_by_code(town: Neighbourhood, code: int, status: int) -> None:
    town.misbehave(Rule("refuse", code=code))
    with pytest.raises(TwilioRestException) as refused:
        text(town)
    assert (refused.value.code, refused.value.status) == (code, status)


@pytest.mark.parametrize(("status", "code", "course"), [("undelivered", 30008, 3), ("failed", 30007, 1)])
def test_a_text_that_does_not_arrive_is_reported_so(
    town: Neighbourhood, school: School, status: str, code: int, course: int
) -> None:
    town.misbehave(Rule("fail", status=status, code=code))
    text(town, callback=school.url + "/s")
    town.settle()
    assert len(school.visits) == course
    assert (school.visits[-1].form["MessageStatus"], school.visits[-1].form["ErrorCode"]) == (status, str(code))


@pytest.mark.parametrize(
    ("do", "reports"),
    [
        ("double", ["sending", "sending", "sent", "sent", "delivered", "delivered"]),
        ("reverse", ["delivered", "sent", "sending"]),
        ("silent", []),
    ],
)
def test_reports_doubled_reversed_or_never(town: Neighbourhood, school: School, do: str, reports: list[str]) -> None:
    town.misbehave(Rule(do))
    made = text(town, callback=school.url + "/s")
    town.settle()
    assert statuses(school.visits) == reports
    assert twilio_client(town).messages(made.sid).fetch().status == "delivered"


@pytest.mark.parametrize("on", ["text", "mail"])
def test_reports_that_come_before_the_answer(town: Neighbourhood, school: School, on: str) -> None:
    town.misbehave(Rule("early", on=on))
    if on == "text":
        text(town, callback=school.url + "/s")
        assert statuses(school.visits) == ["sending", "sent", "delivered"]
    else:
        answer = mail(town)
        assert [event["event"] for event in school.visits[0].events] == ["processed", "delivered"]
        assert school.visits[0].events[0]["sg_message_id"].startswith(answer.headers["X-Message-Id"])


def test_forged_reports_do_not_verify(town: Neighbourhood, school: School) -> None:
    town.misbehave(Rule("forge"), Rule("forge", on="mail"), Rule("forge", on="text_in"), Rule("forge", on="mail_in"))
    text(town, callback=school.url + "/s")
    town.text_in(PHONE, SENDER, "Kia ora")
    mail(town)
    town.mail_in("ngaire@mail.example", "reply@rimu.example", "x", "y")
    town.settle()
    validator = RequestValidator(PRETEND_AUTH_TOKEN)
    signed = [visit for visit in school.visits if "X-Twilio-Signature" in visit.headers]
    assert len(signed) == 4
    for visit in signed:
        assert not validator.validate(school.url + visit.path, visit.form, visit.headers["X-Twilio-Signature"])
    (events,) = school.came_to("/hooks/sendgrid/events")
    webhook = EventWebhook()
    assert not webhook.verify_signature(
        events.body.decode(),
        events.headers["X-Twilio-Email-Event-Webhook-Signature"],
        events.headers["X-Twilio-Email-Event-Webhook-Timestamp"],
        webhook.convert_public_key_to_ecdsa(town.event_public_key),
    )
    assert school.came_to("/hooks/sendgrid/inbound/somebody-else")


def test_a_missed_text_stays_on_the_carriers_list(town: Neighbourhood, school: School) -> None:
    town.misbehave(Rule("miss", on="text_in", times=1), Rule("double", on="text_in", skip=1))
    town.text_in(PHONE, SENDER, "missed")
    town.settle()
    assert school.visits == []
    assert [found.body for found in twilio_client(town).messages.list(to=SENDER)] == ["missed"]
    town.text_in(PHONE, SENDER, "twice")
    town.settle()
    assert [visit.form["Body"] for visit in school.visits] == ["twice", "twice"]
    assert len({visit.headers["I-Twilio-Idempotency-Token"] for visit in school.visits}) == 1


@pytest.mark.parametrize(
    ("rule", "status"), [(Rule("busy", on="mail"), 429), (Rule("refuse", on="mail", code=401), 401)]
)
def test_mail_refused(town: Neighbourhood, rule: Rule, status: int) -> None:
    town.misbehave(rule)
    with pytest.raises(HTTPError) as refused:
        mail(town)
    assert refused.value.status_code == status
    assert town.letters() == []


@pytest.mark.parametrize(
    ("status", "events"),
    [
        ("bounce", ["processed", "bounce"]),
        ("blocked", ["processed", "bounce"]),
        ("dropped", ["dropped"]),
        ("deferred", ["processed", "deferred", "delivered"]),
    ],
)
def test_mail_that_does_not_arrive(town: Neighbourhood, school: School, status: str, events: list[str]) -> None:
    town.misbehave(Rule("fail", on="mail", status=status))
    mail(town)
    town.settle()
    assert [event["event"] for event in school.visits[0].events] == events


def test_mail_events_in_reverse_come_one_by_one(town: Neighbourhood, school: School) -> None:
    town.misbehave(Rule("reverse", on="mail"))
    mail(town)
    town.settle()
    assert [visit.events[0]["event"] for visit in school.visits] == ["delivered", "processed"]


def test_rules_count_skip_and_choose_by_pattern(town: Neighbourhood) -> None:
    town.misbehave(Rule("refuse", code=21611, to="+6421*", skip=1, times=2))
    codes = []
    for to in [PHONE, "+64221234567", PHONE, PHONE, PHONE]:
        try:
            codes.append(text(town, to=to).status)
        except TwilioRestException as refused:
            codes.append(str(refused.code))
    assert codes == ["queued", "queued", "21611", "21611", "queued"]
    (rule,) = control(town, "GET", "faults").json()["rules"]
    assert (rule["met"], rule["fired"]) == (4, 2)


def test_the_same_seed_brings_the_same_bad_luck(town: Neighbourhood) -> None:
    def luck(seed: int) -> list[str]:
        town.reset()
        town.misbehave(Rule("fail", status="undelivered", chance=0.5), seed=seed)
        for _ in range(20):
            text(town)
        return [found.status for found in town.texts()]

    first = luck(7)
    assert first == luck(7)
    assert first != luck(8)
    assert {"delivered", "undelivered"} == set(first)


def test_rules_are_laid_over_http_and_a_wrong_one_changes_nothing(town: Neighbourhood) -> None:
    good = {"rules": [{"do": "error_after", "times": 2, "chance": 1}], "seed": 3}
    assert control(town, "POST", "faults", good).json()["rules"][0]["do"] == "error_after"
    for wrong, sentence in [
        ({"rules": [{"do": "sulk"}]}, "one can do"),
        ({"rules": [{"do": "delay", "on": "pigeon"}]}, "on is one of"),
        ({"rules": [{"on": "text"}]}, "needs do"),
        ({"rules": [{"do": "delay", "secs": 1}]}, "has no 'secs'"),
        ({"rules": [{"do": "delay", "times": "2"}]}, "times cannot be '2'"),
        ({"rules": [{"do": "fail", "status": "lost"}]}, "needs a status"),
        ({"rules": [7]}, "is an object"),
        ({}, "'rules' is missing"),
        ([], "JSON object"),
    ]:
        answer = control(town, "POST", "faults", wrong)
        assert (answer.status, sentence in answer.json()["error"]) == (400, True)
    assert len(control(town, "GET", "faults").json()["rules"]) == 1
    assert control(town, "DELETE", "faults").status == 204
    text(town)


def test_everything_accepted_is_told_as_json_and_reset_forgets_it(town: Neighbourhood, school: School) -> None:
    text(town, callback=school.url + "/s")
    mail(town)
    assert control(town, "POST", "texts", {"from": PHONE, "to": SENDER, "body": "Kia ora"}).status == 201
    posted = {"from": "a@b.nz", "to": "reply@rimu.example", "subject": "x", "text": "y"}
    assert control(town, "POST", "mails", posted).status == 201
    assert control(town, "POST", "texts", {"from": PHONE, "to": SENDER, "body": 7}).status == 400
    town.settle()
    told = control(town, "GET", "messages").json()
    assert [(one["direction"], one["status"]) for one in told["texts"]] == [
        ("outbound-api", "delivered"),
        ("inbound", "received"),
    ]
    assert [(one["inbound"], one["from"]) for one in told["letters"]] == [
        (False, "school@rimu.example"),
        (True, "a@b.nz"),
    ]
    assert {hook["status"] for hook in control(town, "GET", "hooks").json()["hooks"]} == {200}
    assert control(town, "POST", "reset").status == 204
    assert control(town, "GET", "messages").json() == {"texts": [], "letters": []}
    assert control(town, "GET", "hooks").json() == {"hooks": []}


def test_a_reset_drops_reports_that_are_still_on_their_way(school: School) -> None:
    arrangement = Arrangement(public_url=school.url, step_gap=0.2)
    with Neighbourhood(arrangement) as town, ThreadPoolExecutor(1) as pool:
        text(town, callback=school.url + "/s")
        early = pool.submit(mail_early, town)
        while len(town.texts()) + len(town.letters()) < 2:
            time.sleep(0.01)
        town.reset()
        town.settle()
        assert early.result(60) == 202
        time.sleep(0.5)
    assert school.visits == []


def mail_early(town: Neighbourhood) -> int:
    town.misbehave(Rule("early", on="mail"))
    return int(mail(town).status_code)


def test_phones_and_mailboxes_are_named_and_switched_over_http(town: Neighbourhood) -> None:
    assert control(town, "POST", "names", {PHONE: "Ngaire’s phone"}).status == 204
    assert control(town, "POST", "phones", {PHONE: "off"}).status == 204
    assert control(town, "POST", "mailboxes", {"a@b.nz": "gone"}).status == 204
    assert control(town, "POST", "phones", {PHONE: "on", "+64211234568": "asleep"}).status == 400
    assert (town.phone(PHONE).label, town.phone(PHONE).state) == ("Ngaire’s phone", "off")
    assert town.mailbox("a@b.nz").state == "gone"
    assert control(town, "GET", "settings").json()["event_public_key"] == town.event_public_key
    assert control(town, "GET", "nothing").status == 404


def test_a_slow_answer_occupies_no_thread() -> None:
    with Neighbourhood(Arrangement(latency=0.5)) as town:
        text(town)
        began = time.monotonic()
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(lambda _: text(town), range(64)))
        assert time.monotonic() - began < 16  # one after the other would be 32 s
        assert len(town.texts()) == 65


def test_many_at_once_lose_nothing(town: Neighbourhood, school: School) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(
            pool.map(lambda n: text(town, to=f"+6421123{n:04}", callback=f"{school.url}/s/{n}").sid, range(100))
        )
    town.settle(30)
    assert {found.sid for found in town.texts()} == set(made)
    for n in range(100):
        reports = [visit for visit in school.visits if visit.path == f"/s/{n}"]
        assert statuses(reports) == ["sending", "sent", "delivered"]
