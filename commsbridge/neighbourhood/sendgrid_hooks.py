"""What SendGrid sends back: signed event reports for mail, and the mail that families write."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from commsbridge.neighbourhood.arrangement import EVENT_HOOK, MAIL_HOOK
from commsbridge.neighbourhood.faults import Fate
from commsbridge.neighbourhood.letters import Letter, MailboxState
from commsbridge.neighbourhood.office import Office
from commsbridge.neighbourhood.postman import Errand, Knock
from commsbridge.neighbourhood.signatures import EVENT_SIGNATURE, EVENT_TIMESTAMP, EventKey

MAX_PAUSE = 30.0
SETTLED = frozenset({"delivered", "bounce", "blocked", "dropped", "received"})
STATE_FAILS = {MailboxState.GONE: "bounce", MailboxState.BLOCKED: "blocked"}
COURSES: Mapping[str, tuple[str, ...]] = {
    "": ("processed", "delivered"),
    "bounce": ("processed", "bounce"),
    "blocked": ("processed", "blocked"),
    "dropped": ("dropped",),
    "deferred": ("processed", "deferred", "delivered"),
}
DETAILS: Mapping[str, Mapping[str, Any]] = {
    "processed": {},
    "delivered": {"response": "250 2.0.0 OK", "ip": "127.0.0.1", "tls": 1},
    "deferred": {"response": "451 4.7.1 Please try again later", "attempt": "1"},
    "dropped": {"reason": "Bounced Address", "status": "5.0.0"},
    "bounce": {
        "type": "bounce",
        "status": "5.1.1",
        "reason": "550 5.1.1 The email account that you tried to reach does not exist.",
        "bounce_classification": "Invalid Address",
    },
    "blocked": {
        "type": "blocked",
        "status": "5.7.1",
        "reason": "550 5.7.1 Message refused by the recipient's mail server.",
        "bounce_classification": "Content",
    },
}
Event = dict[str, Any]


def carry(office: Office, letter: Letter, fate: Fate) -> Errand | None:
    """Bring an accepted letter to its mailbox, reporting as it goes; None when it is there and nobody is told."""
    told = office.arrangement.reports and not fate.has("silent")
    ending = fate.fail.status if fate.fail else STATE_FAILS.get(office.town.mailbox_state(letter.to), "")
    steps = COURSES[ending]
    if letter.status in steps:
        steps = steps[steps.index(letter.status) + 1 :]
    if told or office.arrangement.step_gap:
        return _carry(office, letter, fate, steps, told=told)
    for step in steps:
        _advance(office, letter, step)
    return None


def _carry(office: Office, letter: Letter, fate: Fate, steps: tuple[str, ...], *, told: bool) -> Iterator[float]:
    gap = office.arrangement.step_gap
    waiting: list[Event] = []
    for step in steps:
        if gap:
            yield gap
        _advance(office, letter, step)
        waiting.append(_event(office, letter, step))
        if gap and told and not fate.has("reverse"):
            yield from _report(office, [waiting.pop()], fate)
    if not told:
        return
    if fate.has("reverse"):
        for event in reversed(waiting):
            yield from _report(office, [event], fate)
    elif waiting:
        yield from _report(office, waiting, fate)


def _advance(office: Office, letter: Letter, status: str) -> None:
    letter.status = status
    office.town.note()


def _event(office: Office, letter: Letter, step: str) -> Event:
    event: Event = {
        "email": letter.to,
        "timestamp": int(office.town.now().timestamp()),
        "smtp-id": letter.message_id,
        "event": "bounce" if step == "blocked" else step,
        "sg_event_id": secrets.token_urlsafe(16),
        "sg_message_id": f"{letter.carrier_id}.recvd-pretend-1-{letter.id[:8].upper()}-1.0",
        **DETAILS[step],
    }
    if letter.categories:
        event["category"] = letter.categories[0] if len(letter.categories) == 1 else list(letter.categories)
    return {**letter.custom_args, **event}


def _report(office: Office, events: list[Event], fate: Fate) -> Iterator[float]:
    body = ("[" + ",\r\n".join(json.dumps(event) for event in events) + "]\r\n").encode()
    for _ in range(2 if fate.has("double") else 1):
        yield from _insist(office, "mail report", EVENT_HOOK, body, _signed(office, body, fate))


def _signed(office: Office, body: bytes, fate: Fate) -> Callable[[], dict[str, str]]:
    key = EventKey() if fate.has("forge") else office.event_key

    def headers() -> dict[str, str]:
        timestamp = str(int(office.town.now().timestamp()))
        return {
            "Content-Type": "application/json",
            "User-Agent": "SendGrid Event API",
            EVENT_TIMESTAMP: timestamp,
            EVENT_SIGNATURE: key.sign(timestamp, body),
        }

    return headers


def _insist(
    office: Office, kind: str, path: str, body: bytes, headers: Callable[[], dict[str, str]]
) -> Generator[float, None, Knock]:
    """Try until it is taken. A mail that is answered 4xx is given up at once (SendGrid, "Inbound Parse")."""
    url, pause = office.arrangement.hook(path), office.arrangement.mail_retry
    for left in range(office.arrangement.mail_tries - 1, -1, -1):
        knock = office.postman.knock(kind, url, office.arrangement.reach(url), headers(), body)
        hopeless = knock.failure == "away" or (kind == "mail" and knock.status is not None and knock.status < 500)
        if knock.taken or hopeless or not left:
            break
        yield pause
        pause = min(pause * 2, MAX_PAUSE)
    return knock


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the pretend mail servers know of a mail beside its words."""

    sender: str
    to: tuple[str, ...]
    spf: str = "pass"
    dkim: str = "{@mail.example : pass}"


def bring(office: Office, letter: Letter, raw: bytes, envelope: Envelope, fate: Fate) -> Iterator[float]:
    """Bring a family's mail to commsbridge as an Inbound Parse post with the raw MIME message."""
    if fate.has("miss"):
        letter.hook = "not told, so that it is missed"
        office.town.note()
        return
    boundary = "xYzZY" + secrets.token_hex(8)
    secret = "somebody-else" if fate.has("forge") else office.arrangement.inbound_secret
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "User-Agent": "SendGrid"}
    body = _multipart(boundary, _fields(letter, raw, envelope))
    for _ in range(2 if fate.has("double") else 1):
        knock = yield from _insist(office, "mail", MAIL_HOOK + secret, body, lambda: headers)
        letter.hook = knock.told
        office.town.note()


def _fields(letter: Letter, raw: bytes, envelope: Envelope) -> list[tuple[str, bytes]]:
    name = f"{letter.sender_name} <{letter.sender}>" if letter.sender_name else letter.sender
    return [
        ("dkim", envelope.dkim.encode()),
        ("email", raw),
        ("to", letter.to.encode()),
        ("from", name.encode()),
        ("sender_ip", b"127.0.0.1"),
        ("envelope", json.dumps({"to": list(envelope.to), "from": envelope.sender}).encode()),
        ("subject", letter.subject.encode("utf-8", "replace")),
        ("charsets", json.dumps({"to": "UTF-8", "from": "UTF-8", "subject": "UTF-8"}).encode()),
        ("SPF", envelope.spf.encode()),
    ]


def _multipart(boundary: str, parts: list[tuple[str, bytes]]) -> bytes:
    mark = b"--" + boundary.encode()
    written = [
        mark + b'\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + content
        for name, content in parts
    ]
    return b"\r\n".join([*written, mark + b"--\r\n"])
