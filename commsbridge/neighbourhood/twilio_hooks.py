"""What Twilio sends back: signed status reports for texts, and the texts that families write."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.etree import ElementTree as ET

from commsbridge.foundation import segments
from commsbridge.neighbourhood.arrangement import TEXT_HOOK
from commsbridge.neighbourhood.faults import Fate
from commsbridge.neighbourhood.office import Office
from commsbridge.neighbourhood.postman import Errand, Knock
from commsbridge.neighbourhood.signatures import TWILIO_ONCE, TWILIO_SIGNATURE, twilio_signature
from commsbridge.neighbourhood.texts import REPLY, PhoneState, Text, country_of, new_sid

API_VERSION = "2010-04-01"
UNREACHABLE, NOT_IN_SERVICE, LANDLINE = 30003, 30005, 30006
STATE_FAILS = {
    PhoneState.OFF: UNREACHABLE,
    PhoneState.GONE: NOT_IN_SERVICE,
    PhoneState.LANDLINE: LANDLINE,
}
RETRY_PAUSE = 0.2
MAX_RETRIES = 5
Form = list[tuple[str, str]]


def course(office: Office, text: Text, fate: Fate) -> list[tuple[str, int | None]]:
    """The states an accepted text will go through after its first, each with its error code."""
    if fate.fail is not None:
        failed = (fate.fail.status, fate.fail.code or UNREACHABLE)
        return [failed] if fate.fail.status == "failed" else [("sending", None), ("sent", None), failed]
    code = STATE_FAILS.get(office.town.phone_state(text.to))
    end: tuple[str, int | None] = ("delivered", None) if code is None else ("undelivered", code)
    return [("sending", None), ("sent", None), end]


def carry(office: Office, text: Text, fate: Fate) -> Errand | None:
    """Bring an accepted text to its phone, reporting as it goes; None when it is there at once and nobody is told."""
    told = bool(text.status_callback) and office.arrangement.reports and not fate.has("silent")
    steps = _ahead(course(office, text, fate), text.status)
    if told or office.arrangement.step_gap:
        return _carry(office, text, fate, steps, told=told)
    for status, code in steps:
        _advance(office, text, status, code)
    return None


def _ahead(steps: list[tuple[str, int | None]], status: str) -> list[tuple[str, int | None]]:
    names = [name for name, _ in steps]
    return steps[names.index(status) + 1 :] if status in names else steps


def _carry(
    office: Office, text: Text, fate: Fate, steps: list[tuple[str, int | None]], *, told: bool
) -> Iterator[float]:
    waiting: list[Form] = []
    for status, code in steps:
        if office.arrangement.step_gap:
            yield office.arrangement.step_gap
        _advance(office, text, status, code)
        waiting += [_report(office, text, status, code)] * (2 if fate.has("double") else 1)
        while told and waiting and not fate.has("reverse"):
            yield from _post(office, "text report", text.status_callback or "", waiting.pop(0), fate)
    while told and waiting:
        yield from _post(office, "text report", text.status_callback or "", waiting.pop(), fate)


def _advance(office: Office, text: Text, status: str, code: int | None) -> None:
    if text.sender is None:
        office.town.choose_sender(text, office.arrangement.services[text.service_sid or ""])
    office.town.advance(text, status, code)


def _report(office: Office, text: Text, status: str, code: int | None) -> Form:
    form = [
        ("ApiVersion", API_VERSION),
        ("AccountSid", office.arrangement.account_sid),
        ("MessageSid", text.sid),
        ("SmsSid", text.sid),
        ("MessageStatus", status),
        ("SmsStatus", status),
        ("From", text.sender or ""),
        ("To", text.to),
    ]
    if text.service_sid is not None:
        form.append(("MessagingServiceSid", text.service_sid))
    if code is not None:
        form.append(("ErrorCode", str(code)))
    if status == "delivered":
        form.append(("RawDlrDoneDate", office.town.now().strftime("%y%m%d%H%M")))
    return form


def bring(office: Office, text: Text, fate: Fate) -> Iterator[float]:
    """Bring a family's text to commsbridge, and what it answers in its <Response/> back to the phone."""
    if fate.has("miss"):
        text.hook = "not told, so that it is missed"
        office.town.note()
        return
    for _ in range(2 if fate.has("double") else 1):
        knock = yield from _post(office, "text", office.arrangement.hook(TEXT_HOOK), _arrival(office, text), fate)
        text.hook = knock.told
        office.town.note()
    for words in _read_response(knock):
        answer_from_carrier(office, text, words)


def answer_from_carrier(office: Office, text: Text, words: str) -> None:
    """Put an answer on the phone that ``text`` came from, as from the number it was sent to."""
    now = office.town.now()
    count = segments.count(words).segments
    office.town.add_text(
        Text(new_sid("SM"), REPLY, text.to, text.sender or "", words, "delivered", count, now, now, sent_at=now)
    )


def _arrival(office: Office, text: Text) -> Form:
    sender = text.sender or ""
    form = [
        ("ToCountry", country_of(text.to)),
        ("ToState", ""),
        ("ToCity", ""),
        ("ToZip", ""),
        ("FromCountry", country_of(sender)),
        ("FromState", ""),
        ("FromCity", ""),
        ("FromZip", ""),
        ("SmsMessageSid", text.sid),
        ("SmsSid", text.sid),
        ("MessageSid", text.sid),
        ("AccountSid", office.arrangement.account_sid),
        ("ApiVersion", API_VERSION),
        ("SmsStatus", "received"),
        ("NumSegments", str(text.segments)),
        ("NumMedia", str(len(text.media))),
        ("Body", text.body),
        ("From", sender),
        ("To", text.to),
    ]
    for n, media in enumerate(text.media):
        home = f"{office.url}/{API_VERSION}/Accounts/{office.arrangement.account_sid}"
        url = f"{home}/Messages/{text.sid}/Media/{media.sid}"
        form += [(f"MediaUrl{n}", url), (f"MediaContentType{n}", media.content_type)]
    if text.opt_out is not None:
        form.append(("OptOutType", text.opt_out))
    return form


def _post(office: Office, kind: str, url: str, form: Form, fate: Fate) -> Generator[float, None, Knock]:
    address = urlsplit(url)
    target = urlunsplit(address._replace(fragment=""))
    retries, policy = _overrides(address.fragment)
    body = urlencode(form).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        TWILIO_ONCE: hashlib.sha256(body).hexdigest()[:32],
        TWILIO_SIGNATURE: _signature(office, target, form, fate),
    }
    knock = office.postman.knock(kind, target, office.arrangement.reach(target), headers, body)
    while retries and _again(knock, policy):
        retries -= 1
        yield RETRY_PAUSE
        knock = office.postman.knock(kind, target, office.arrangement.reach(target), headers, body)
    return knock


def _signature(office: Office, url: str, form: Form, fate: Fate) -> str:
    token = "somebody-else" if fate.has("forge") else office.arrangement.auth_token
    return twilio_signature(token, url, form)


def _overrides(fragment: str) -> tuple[int, frozenset[str]]:
    """How often, and after what, a webhook is tried again: #rc=3&rp=5xx,ct (Twilio, "Connection overrides")."""
    asked = dict(parse_qsl(fragment))
    count = asked.get("rc", "1")
    return min(int(count) if count.isdigit() else 1, MAX_RETRIES), frozenset(asked.get("rp", "ct").split(","))


def _again(knock: Knock, policy: frozenset[str]) -> bool:
    if knock.taken or knock.failure == "away":
        return False
    cause = knock.failure if knock.status is None else f"{knock.status // 100}xx"
    return cause in policy or "all" in policy


def _read_response(knock: Knock) -> list[str]:
    """The words of each <Message> in a TwiML answer; an answer that is no such thing holds none."""
    if not knock.taken or not knock.answer or b"<!" in knock.answer:
        return []
    try:
        root = ET.fromstring(knock.answer)  # noqa: S314 - declarations are refused above
    except ET.ParseError:
        return []
    said = ("".join(each.itertext()).strip() for each in root.iter("Message"))
    return [words for words in said if words]
