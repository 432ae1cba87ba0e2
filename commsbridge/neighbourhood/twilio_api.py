"""Twilio's Messages API as the pretend carrier speaks it: create, fetch, list, media."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from commsbridge.foundation import segments
from commsbridge.neighbourhood import twilio_hooks
from commsbridge.neighbourhood.faults import Fate, Rule, live_out
from commsbridge.neighbourhood.office import Office
from commsbridge.neighbourhood.texts import OUTBOUND, Media, PhoneState, Text, new_sid, read_number
from commsbridge.neighbourhood.wire import Answer, Request, json_answer

PREFIX = "/2010-04-01/Accounts/"
MAX_BODY = 1600
MAX_VALIDITY = 36_000
PAGE_SIZE, MAX_PAGE_SIZE = 50, 1000
SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,6}|(?=.*[A-Za-z])[A-Za-z0-9 _&+-]{1,11}")
HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]")

# code -> (HTTP status, sentence): Twilio's error dictionary, worded as its API answers
ERRORS: Mapping[int, tuple[int, str]] = {
    20003: (401, "Authenticate"),
    20001: (400, "This pretend carrier does not do that: {value}"),
    20004: (405, "Method not allowed"),
    20404: (404, "The requested resource {value} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    21211: (400, "Invalid 'To' Phone Number: {value}"),
    21212: (400, "Invalid 'From' Phone Number: {value}"),
    21266: (400, "'To' and 'From' number cannot be the same"),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {value}"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number {value} is not a valid, SMS-capable number or short code for your account."),
    21609: (400, "The 'StatusCallback' URL {value} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number is not currently reachable using the 'From' phone number via SMS: {value}"),
    21614: (400, "'To' number is not a valid mobile number: {value}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21622: (400, "MMS has not been enabled for your account"),
    21635: (400, "'To' number cannot be a landline: {value}"),
    21659: (400, "'From' {value} is not a Twilio phone number or Short Code country mismatch"),
    21701: (400, "The Messaging Service does not exist: {value}"),
    90007: (400, "Invalid validity period value: {value}"),
}
WORDS = {
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30022: "Exceeded rate limit",
    30036: "Validity Period Expired",
}


def error(code: int, value: str = "", *headers: tuple[str, str]) -> Answer:
    """Twilio's JSON for an error; a code this page does not know is a 400 in Twilio's manner."""
    status, sentence = ERRORS.get(code, (400, f"Error {code}"))
    more = f"https://www.twilio.com/docs/errors/{code}"
    told = {"code": code, "message": sentence.format(value=value), "more_info": more, "status": status}
    return json_answer(status, told, *headers)


class TwilioApi:
    """Answers requests under /2010-04-01/Accounts/."""

    def __init__(self, office: Office) -> None:
        self._office = office
        given = f"{office.arrangement.account_sid}:{office.arrangement.auth_token}"
        self._key = "Basic " + base64.b64encode(given.encode()).decode()
        self._home = PREFIX + office.arrangement.account_sid

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), self._key.encode()):
            return error(20003, "", ("WWW-Authenticate", 'Basic realm="Twilio API"'))
        if not request.path.startswith(self._home + "/"):
            return error(20404, request.path)
        return self._routed(request) or error(20404, request.path)

    def _routed(self, request: Request) -> Answer | None:
        answer = None
        match request.path[len(self._home) + 1 :].split("/"):
            case ["Messages.json"]:
                answer = self._post(request) if request.method == "POST" else self._read(request, self._list)
            case ["Messages", name] if name.endswith(".json"):
                answer = self._read(request, lambda _: self._fetch(name[:-5], request.path))
            case ["Messages", sid, "Media.json"]:
                answer = self._read(request, lambda _: self._media_list(sid, request.path))
            case ["Messages", sid, "Media", name]:
                answer = self._read(request, lambda _: self._media(sid, name, request.path))
        return answer

    # handing a text over

    def _post(self, request: Request) -> Answer:
        form = request.form()
        sender, to = form.get("From") or form.get("MessagingServiceSid", ""), form.get("To", "")
        fate = self._office.faults.fate("text", sender=sender, to=to)
        latency = self._office.arrangement.latency
        return live_out(fate, latency, lambda: self._create(form, fate), lambda rule: _trouble(rule, to))

    def _create(self, form: Mapping[str, str], fate: Fate) -> Answer:
        wrong = self._wrong_with(form)
        if wrong is not None:
            return error(*wrong)
        text = self._written(form)
        self._office.town.add_text(text)
        answer = json_answer(201, self.view(text))
        errand = twilio_hooks.carry(self._office, text, fate)
        if errand is None:
            return answer
        over = self._office.postman.run(errand)
        return Answer(later=_once(over, answer)) if fate.has("early") else answer

    def _written(self, form: Mapping[str, str]) -> Text:
        now = self._office.town.now()
        service = form.get("MessagingServiceSid") or None
        number = read_number(form["To"])
        return Text(
            sid=new_sid("SM"),
            direction=OUTBOUND,
            sender=form.get("From") or None,
            to=number[0] if number else form["To"],
            body=form["Body"],
            status="accepted" if service else "queued",
            segments=segments.count(form["Body"]).segments,
            created_at=now,
            updated_at=now,
            service_sid=service,
            status_callback=form.get("StatusCallback") or None,
        )

    def _wrong_with(self, form: Mapping[str, str]) -> tuple[int, str] | None:
        """The first error Twilio would find in a text that is handed over."""
        body = form.get("Body", "")
        checks = (
            (not form.get("To"), 21604, ""),
            (not form.get("From") and not form.get("MessagingServiceSid"), 21603, ""),
            ("MediaUrl" in form, 21622, ""),
            ("SendAt" in form or "ContentSid" in form, 20001, "SendAt, ContentSid"),
            (not body, 21602, ""),
            (len(body) > MAX_BODY, 21617, ""),
        )
        plain = next(((code, value) for wrong, code, value in checks if wrong), None)
        return plain or self._wrong_number(form) or self._wrong_sender(form) or _wrong_option(form)

    def _wrong_number(self, form: Mapping[str, str]) -> tuple[int, str] | None:
        written = form["To"]
        number = read_number(written)
        if number is None:
            return 21211, written
        if number[1] or self._office.town.phone_state(number[0]) is PhoneState.LANDLINE:
            return 21614, written
        sender = form.get("From") or self._office.arrangement.services.get(form.get("MessagingServiceSid", ""), "")
        return (21610, "") if self._office.town.has_stopped(sender, number[0]) else None

    def _wrong_sender(self, form: Mapping[str, str]) -> tuple[int, str] | None:
        service, sender = form.get("MessagingServiceSid", ""), form.get("From", "")
        if not sender:
            return None if service in self._office.arrangement.services else (21701, service)
        if not SENDER.fullmatch(sender):
            return 21212, sender
        if self._office.arrangement.senders and sender not in self._office.arrangement.senders:
            return 21606, sender
        return (21266, "") if sender == form["To"] else None

    # reading

    def _read(self, request: Request, read: Callable[[Request], Answer]) -> Answer:
        if request.method not in {"GET", "HEAD"}:
            return error(20004)
        asked = request.arguments()
        fate = self._office.faults.fate("list", sender=asked.get("From", ""), to=asked.get("To", ""))
        latency = self._office.arrangement.latency
        return live_out(fate, latency, lambda: read(request), lambda rule: _trouble(rule, ""))

    def _fetch(self, sid: str, path: str) -> Answer:
        text = self._office.town.text(sid)
        return error(20404, path) if text is None else json_answer(200, self.view(text))

    def _list(self, request: Request) -> Answer:
        asked = request.arguments()
        texts = self._office.town.texts(to=asked.get("To"), sender=asked.get("From"))
        try:
            texts = [text for text in texts if _in_days(text, asked)]
            size = min(max(int(asked.get("PageSize", PAGE_SIZE)), 1), MAX_PAGE_SIZE)
            page = int(asked.get("Page", 0))
            first = _place_after(texts, asked["PageToken"]) if "PageToken" in asked else page * size
        except ValueError as bad:
            return error(20001, str(bad))
        here = texts[first : first + size]
        following = (page + 1, "PA" + here[-1].sid) if first + size < len(texts) else None
        preceding = (page - 1, None) if page > 0 else None
        view = {
            "messages": [self.view(text) for text in here],
            "page": page,
            "page_size": size,
            "start": first,
            "end": max(first, first + len(here) - 1),
            "uri": request.path + (f"?{request.query}" if request.query else ""),
            "first_page_uri": _page_uri(request.path, asked, size, (0, None)),
            "next_page_uri": _page_uri(request.path, asked, size, following),
            "previous_page_uri": _page_uri(request.path, asked, size, preceding),
        }
        return json_answer(200, view)

    def _media_list(self, sid: str, path: str) -> Answer:
        text = self._office.town.text(sid)
        if text is None:
            return error(20404, path)
        view = {
            "media_list": [self._media_view(text, media) for media in text.media],
            "page": 0,
            "page_size": PAGE_SIZE,
            "start": 0,
            "end": max(0, len(text.media) - 1),
            "uri": path,
            "first_page_uri": path,
            "next_page_uri": None,
            "previous_page_uri": None,
        }
        return json_answer(200, view)

    def _media(self, sid: str, name: str, path: str) -> Answer:
        text = self._office.town.text(sid)
        media_sid = name.removesuffix(".json")
        found = [media for media in (text.media if text else ()) if media.sid == media_sid]
        if text is None or not found:
            return error(20404, path)
        if name.endswith(".json"):
            return json_answer(200, self._media_view(text, found[0]))
        return Answer(200, found[0].content, found[0].content_type)

    def _media_view(self, text: Text, media: Media) -> dict[str, Any]:
        return {
            "sid": media.sid,
            "account_sid": self._office.arrangement.account_sid,
            "parent_sid": text.sid,
            "content_type": media.content_type,
            "date_created": _rfc2822(text.created_at),
            "date_updated": _rfc2822(text.updated_at),
            "uri": f"{self._home}/Messages/{text.sid}/Media/{media.sid}.json",
        }

    def view(self, text: Text) -> dict[str, Any]:
        """A text as Twilio's JSON shows it: every count is a string, every time RFC 2822."""
        home = f"{self._home}/Messages/{text.sid}"
        return {
            "sid": text.sid,
            "account_sid": self._office.arrangement.account_sid,
            "api_version": twilio_hooks.API_VERSION,
            "messaging_service_sid": text.service_sid,
            "direction": text.direction,
            "from": text.sender,
            "to": text.to,
            "body": text.body,
            "status": text.status,
            "num_segments": "0" if text.status == "accepted" else str(text.segments),
            "num_media": str(len(text.media)),
            "date_created": _rfc2822(text.created_at),
            "date_updated": _rfc2822(text.updated_at),
            "date_sent": _rfc2822(text.sent_at) if text.sent_at else None,
            "error_code": text.error_code,
            "error_message": WORDS.get(text.error_code, "Unknown error") if text.error_code else None,
            "price": None,
            "price_unit": "USD",
            "uri": home + ".json",
            "subresource_uris": {"media": home + "/Media.json"},
        }


def _once(over: Future[None], answer: Answer) -> Future[Answer]:
    made: Future[Answer] = Future()
    over.add_done_callback(lambda _: made.set_result(answer))
    return made


def _trouble(rule: Rule, value: str) -> Answer:
    if rule.do == "busy":
        return error(20429, "", ("Retry-After", f"{rule.seconds:g}"))
    if rule.do == "refuse":
        return error(rule.code or 21612, value)
    status = rule.code or 500
    told = {"code": 20500, "message": ERRORS[20500][1], "more_info": "https://www.twilio.com/docs/errors/20500"}
    return json_answer(status, {**told, "status": status})


def _wrong_option(form: Mapping[str, str]) -> tuple[int, str] | None:
    callback, validity = form.get("StatusCallback", ""), form.get("ValidityPeriod", "")
    if callback and not _is_url(callback):
        return 21609, callback
    if validity and not (validity.isdigit() and 1 <= int(validity) <= MAX_VALIDITY):
        return 90007, validity
    return None


def _is_url(written: str) -> bool:
    try:
        parts = urlsplit(written)
        host = parts.netloc.rpartition("@")[2]
        host = host if parts.port is None else host.rpartition(":")[0]
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and HOST.fullmatch(host) is not None


def _in_days(text: Text, asked: Mapping[str, str]) -> bool:
    """Whether a text was sent in the days asked for: whole GMT days, and none that has not been sent yet."""
    bounds = {name: _day(asked[name]) for name in ("DateSent", "DateSent<", "DateSent>") if asked.get(name)}
    if not bounds:
        return True
    if text.sent_at is None:
        return False
    day = text.sent_at.strftime("%Y-%m-%d")
    exact, last, first = (bounds.get(name, day) for name in ("DateSent", "DateSent<", "DateSent>"))
    return day == exact and first <= day <= last


def _day(written: str) -> str:
    return datetime.fromisoformat(written).strftime("%Y-%m-%d")


def _place_after(texts: list[Text], token: str) -> int:
    for place, text in enumerate(texts):
        if "PA" + text.sid == token:
            return place + 1
    raise ValueError(f"no page {token}")


def _page_uri(path: str, asked: Mapping[str, str], size: int, page: tuple[int, str | None] | None) -> str | None:
    if page is None:
        return None
    kept = {name: value for name, value in asked.items() if name not in {"PageSize", "Page", "PageToken"}}
    fields = {**kept, "PageSize": size, "Page": page[0], **({"PageToken": page[1]} if page[1] else {})}
    return f"{path}?{urlencode(fields)}"


def _rfc2822(at: datetime) -> str:
    return _written_second(at.replace(microsecond=0))


@lru_cache(maxsize=64)
def _written_second(at: datetime) -> str:
    return format_datetime(at)
