"""SendGrid's POST /v3/mail/send as the pretend carrier speaks it."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from commsbridge.neighbourhood import sendgrid_hooks
from commsbridge.neighbourhood.faults import Fate, Rule, live_out
from commsbridge.neighbourhood.letters import Attachment, Letter, address_of, plain
from commsbridge.neighbourhood.office import Office
from commsbridge.neighbourhood.wire import Answer, Request, json_answer

PATH = "/v3/mail/send"
MAX_MAIL = 30_000_000
MAX_PEOPLE = 1000
MAX_ARGS = 10_000
ADDRESS = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[^@\s<>\"(),:;\[\]\\]+\.[^@\s<>\"(),:;\[\]\\.]{2,}")
RESERVED = frozenset({"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"})
RESERVED |= {"to", "from", "subject", "reply-to", "cc", "bcc"}
NO_FROM = "The from object must be provided for every email send. It is an object that requires the email parameter."
NO_SUBJECT = "The subject is required. You can get around this requirement if every personalization has a subject."
NO_ADDRESS = "Does not contain a valid address."
BAD_KEY = "The provided authorization grant is invalid, expired, or revoked"
TYPE_ORDER = "If present, text/plain must be first, followed by text/html, followed by any other content."


class Wrong(Exception):  # noqa: N818 - an answer to a caller
    """A mail that the API refuses: the sentence and the field it is about."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def error(status: int, message: str, field: str | None = None, *headers: tuple[str, str]) -> Answer:
    """SendGrid's JSON for an error."""
    return json_answer(status, {"errors": [{"message": message, "field": field}]}, *headers)


@dataclass(frozen=True, slots=True)
class _Person:
    email: str
    name: str


class SendgridApi:
    """Answers requests under /v3/."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._key = f"Bearer {office.arrangement.sendgrid_key}".encode()

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), self._key):
            return error(401, BAD_KEY)
        if request.path != PATH:
            return error(404, "not found")
        if request.method != "POST":
            return error(405, "method not allowed")
        if len(request.body) > MAX_MAIL:
            return error(413, "The JSON payload you have included in your request is too large.")
        if request.content_type != "application/json":
            return error(415, "unsupported media type")
        return self._send(request)

    def _send(self, request: Request) -> Answer:
        try:
            mail = request.json()
        except ValueError:
            return error(400, "Bad Request")
        fate = self._office.faults.fate("mail", sender=_first(mail, "from"), to=_first(mail, "to"))
        return live_out(fate, self._office.arrangement.latency, lambda: self._accept(mail, fate), _trouble)

    def _accept(self, mail: Any, fate: Fate) -> Answer:
        try:
            letters = list(self._letters(_checked(mail), secrets.token_urlsafe(16)))
        except Wrong as wrong:
            return error(400, wrong.message, wrong.field)
        if (mail.get("mail_settings") or {}).get("sandbox_mode", {}).get("enable"):
            return Answer(200)
        overs = [over for letter in letters if (over := self._carry(letter, fate)) is not None]
        answer = Answer(202, content_type="text/plain", headers=(("X-Message-Id", letters[0].carrier_id),))
        return Answer(later=_once(overs[-1], answer)) if overs and fate.has("early") else answer

    def _carry(self, letter: Letter, fate: Fate) -> Future[None] | None:
        self._office.town.add_letter(letter)
        errand = sendgrid_hooks.carry(self._office, letter, fate)
        return None if errand is None else self._office.postman.run(errand)

    def _letters(self, mail: Mapping[str, Any], carrier_id: str) -> Iterator[Letter]:
        """One letter for each person a mail is for."""
        parts = {part["type"].partition(";")[0].strip().lower(): part["value"] for part in mail["content"]}
        files = tuple(_attachment(each) for each in mail.get("attachments") or ())
        for each in mail["personalizations"]:
            headers = {**(mail.get("headers") or {}), **(each.get("headers") or {})}
            sender = _person(each.get("from") or mail["from"], "from")
            args = {**(mail.get("custom_args") or {}), **(each.get("custom_args") or {})}
            for person in _people(each):
                yield Letter(
                    id=secrets.token_hex(8),
                    inbound=False,
                    message_id=_message_id(headers, carrier_id),
                    carrier_id=carrier_id,
                    sender=sender.email,
                    sender_name=sender.name,
                    to=address_of(person.email),
                    subject=each.get("subject") or mail["subject"],
                    text=parts.get("text/plain", ""),
                    html=parts.get("text/html", ""),
                    created_at=self._office.town.now(),
                    status="accepted",
                    reply_to=_reply_to(mail),
                    headers={name: plain(value) for name, value in headers.items()},
                    custom_args={name: plain(value) for name, value in args.items()},
                    categories=tuple(mail.get("categories") or ()),
                    attachments=files,
                )


def _once(over: Future[None], answer: Answer) -> Future[Answer]:
    made: Future[Answer] = Future()
    over.add_done_callback(lambda _: made.set_result(answer))
    return made


def _trouble(rule: Rule) -> Answer:
    if rule.do == "busy":
        return error(429, "too many requests", None, ("Retry-After", f"{rule.seconds:g}"))
    if rule.do == "refuse":
        status = rule.code or 400
        return error(status, BAD_KEY if status == 401 else "The mail was refused.")
    return error(rule.code or 500, "Internal Server Error")


def _first(mail: Any, field: str) -> str:
    """The sender's or the first recipient's address, or nothing when the mail is not made so."""
    try:
        return plain(mail["from"]["email"] if field == "from" else mail["personalizations"][0]["to"][0]["email"])
    except (TypeError, KeyError, IndexError):
        return ""


def _checked(mail: Any) -> Mapping[str, Any]:
    """The mail, once it holds all that SendGrid asks of one; raises Wrong (SendGrid, "Mail Send errors")."""
    if not isinstance(mail, dict):
        raise Wrong("Bad Request")
    people = mail.get("personalizations")
    if not isinstance(people, list) or not people:
        raise Wrong(
            "The personalizations field is required and must have at least one personalization.", "personalizations"
        )
    if not isinstance(mail.get("from"), dict):
        raise Wrong(NO_FROM, "from.email")
    _person(mail["from"], "from")
    for n, each in enumerate(people):
        _check_personalization(each, f"personalizations.{n}")
    if not mail.get("subject") and not all(each.get("subject") for each in people):
        raise Wrong(NO_SUBJECT, "subject")
    if mail.get("reply_to") and mail.get("reply_to_list"):
        raise Wrong("reply_to is mutually exclusive with reply_to_list.", "reply_to")
    if mail.get("reply_to"):
        _person(mail["reply_to"], "reply_to")
    _check_content(mail.get("content"))
    _check_names(mail.get("headers"), "headers")
    _check_args(mail.get("custom_args"), "custom_args")
    _check_categories(mail.get("categories"))
    return mail


def _check_personalization(each: Any, where: str) -> None:
    if not isinstance(each, dict) or not isinstance(each.get("to"), list) or not each["to"]:
        raise Wrong(
            "The to array is required for all personalization objects, and must have at least one email.", where + ".to"
        )
    people = [
        _person(one, f"{where}.{kind}.{n}")
        for kind in ("to", "cc", "bcc")
        for n, one in enumerate(each.get(kind) or ())
    ]
    if len(people) > MAX_PEOPLE:
        raise Wrong("There is a limit of 1000 total recipients (to + cc + bcc) per request.", where)
    seen = {address_of(person.email) for person in people}
    if len(seen) < len(people):
        raise Wrong("Each email address in the personalization block should be unique between to, cc, and bcc.", where)
    _check_names(each.get("headers"), where + ".headers")
    _check_args(each.get("custom_args"), where + ".custom_args")


def _check_content(content: Any) -> None:
    if not isinstance(content, list) or not content:
        raise Wrong("The content field is required and must have at least one part.", "content")
    for n, part in enumerate(content):
        for name in ("type", "value"):
            if not isinstance(part, dict) or not isinstance(part.get(name), str) or not part[name]:
                raise Wrong(
                    f"The content {name} must be a string at least one character in length.", f"content.{n}.{name}"
                )
    order = {"text/plain": 0, "text/html": 1}
    ranks = [order.get(part["type"].partition(";")[0].strip().lower(), 2) for part in content]
    if ranks != sorted(ranks):
        raise Wrong(TYPE_ORDER, "content")


def _check_names(headers: Any, where: str) -> None:
    if headers is not None and not isinstance(headers, dict):
        raise Wrong("The headers must be an object.", where)
    for name, value in (headers or {}).items():
        if name.lower() in RESERVED:
            raise Wrong(f"The header {name} is reserved and cannot be used.", where)
        if not isinstance(value, str) or not (name + value).isascii() or "\n" in value or "\r" in value:
            raise Wrong("Header names and values must be strings, properly encoded where they hold unicode.", where)


def _check_args(args: Any, where: str) -> None:
    if args is not None and not isinstance(args, dict):
        raise Wrong("The custom_args must be an object.", where)
    if any(not isinstance(value, str) for value in (args or {}).values()):
        raise Wrong("Each custom_args value must be a string.", where)
    if len(str(args or "").encode()) > MAX_ARGS:
        raise Wrong("The custom_args may not exceed 10000 bytes.", where)


def _check_categories(categories: Any) -> None:
    if categories is None:
        return
    if not isinstance(categories, list) or len(categories) > 10 or len(set(map(str, categories))) < len(categories):
        raise Wrong("There is a limit of 10 categories per request, and each must be unique.", "categories")
    if any(not isinstance(each, str) or len(each) > 255 for each in categories):
        raise Wrong("A category is a string of at most 255 characters.", "categories")


def _person(written: Any, where: str) -> _Person:
    email = written.get("email") if isinstance(written, dict) else None
    if not isinstance(email, str) or ADDRESS.fullmatch(email) is None:
        raise Wrong(NO_ADDRESS, where + ".email")
    return _Person(email, plain(written.get("name") or ""))


def _people(each: Mapping[str, Any]) -> list[_Person]:
    return [_person(one, kind) for kind in ("to", "cc", "bcc") for one in each.get(kind) or ()]


def _reply_to(mail: Mapping[str, Any]) -> str:
    listed = mail.get("reply_to_list") or ()
    one = mail.get("reply_to") or (listed[0] if listed else None)
    return _person(one, "reply_to").email if one else ""


def _message_id(headers: Mapping[str, str], carrier_id: str) -> str:
    own = next((value for name, value in headers.items() if name.lower() == "message-id"), None)
    return own or f"<{carrier_id}@geopod-ismtpd-pretend-1>"


def _attachment(written: Any) -> Attachment:
    if not isinstance(written, dict) or not isinstance(written.get("content"), str) or not written.get("filename"):
        raise Wrong("The attachment content and filename are required.", "attachments")
    try:
        content = base64.b64decode(written["content"], validate=True)
    except binascii.Error:
        raise Wrong("The attachment content must be base64 encoded.", "attachments.0.content") from None
    return Attachment(plain(written["filename"]), plain(written.get("type") or "application/octet-stream"), content)
