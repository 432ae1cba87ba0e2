"""Texts through Twilio: the official client over our own pool, and its webhooks proven and read."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator, add_port, remove_port
from twilio.rest import Client
from urllib3.util import make_headers

from commsbridge.carriers.http_wire import Answer
from commsbridge.carriers.pooled_http import Lost, Pool, Rejected, Unsent, retry_after
from commsbridge.carriers.twilio_codes import WORTH_ANOTHER_TRY, arrival_of, cause_of, trouble
from commsbridge.carriers.wire import header
from commsbridge.conversations.gateways import InboundText
from commsbridge.mail_reading import storable
from commsbridge.messages.gateways import (
    Accepted,
    Arrival,
    CarrierAway,
    Cause,
    Hook,
    HookRefused,
    NotSent,
    Outcome,
    Receipt,
    Refused,
    SentText,
    TextJob,
    Uncertain,
)

API = "https://api.twilio.com"
LONGEST_LIFE = 36_000  # seconds; the API reference's limit of ValidityPeriod
PAGE_SIZE = 1_000  # the API's largest page
MOST_PAGES = 40
CLOCK_SLACK = timedelta(minutes=5)  # its clock and ours may differ; a text seen twice costs less than one not seen
SENT_ON = (301, 302, 303, 307, 308)
MOST_MEDIA = 10  # the API's limit for one message

T = TypeVar("T")


class _PooledTwilio(HttpClient):  # type: ignore[misc]
    """The official client's way out, over our pool; an answer that is not 2xx keeps its headers as Rejected."""

    def __init__(self, pool: Pool, account_sid: str, auth_token: str) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), is_async=False)
        self._pool = pool
        self._login = make_headers(basic_auth=f"{account_sid}:{auth_token}")

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        **_unused: object,
    ) -> Response:
        """One exchange, as the official client asks for it. Raises Unsent, Lost or Rejected."""
        content = urlencode(data or {}, doseq=True).encode() if method == "POST" else None
        url = f"{uri}?{urlencode(params, doseq=True)}" if params else uri
        answer = self._pool.exchange(method, url, {**(headers or {}), **self._login}, content)
        return Response(answer.status, answer.body.decode(), answer.headers)


class _Form(dict[str, list[str]]):
    """A form with its repeated keys, in the shape the official validator asks."""

    def __init__(self, pairs: Iterator[tuple[str, str]]) -> None:
        super().__init__()
        for key, value in pairs:
            self.setdefault(key, []).append(value)

    def getall(self, key: str) -> list[str]:
        """Every value of one key."""
        return self[key]


class TwilioCarrier:
    """A TextGateway and a TextInbox over one Twilio account; shared by any number of threads.

    ``base_url`` None is Twilio itself. Webhooks are proven against ``public_url``'s scheme and host, with the current
    auth token or, while it is being changed, ``previous_auth_token``. ``timeout`` is in seconds.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        base_url: str | None,
        public_url: str,
        previous_auth_token: str | None,
        connections: int,
        timeout: float,
    ) -> None:
        if not account_sid or not auth_token:
            raise ValueError("Twilio needs an account SID and an auth token")
        self._api = (base_url or API).rstrip("/")
        pool = Pool(self._api, connections=connections, timeout=timeout)
        self._pool, self._timeout = pool, timeout
        self._login = make_headers(basic_auth=f"{account_sid}:{auth_token}")
        client = Client(
            account_sid,
            auth_token,
            http_client=_PooledTwilio(pool, account_sid, auth_token),
            # Named so that the client does not look for them in the environment, where they would bend every address.
            environment={"TWILIO_EDGE": "", "TWILIO_REGION": ""},
        )
        client.api.base_url = self._api
        self._client = client
        self._create = f"{self._api}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._messages = client.messages
        self._public = urlsplit(public_url)
        self._validators = [RequestValidator(token) for token in (auth_token, previous_auth_token) if token]

    def send(self, job: TextJob) -> Outcome:
        """Hand one text over. Never raises: whatever happens is an Outcome. Thread-safe."""
        asked = {
            "To": job.to,
            "From": job.sender,
            "Body": job.body,
            "StatusCallback": job.status_url,
            "ValidityPeriod": max(1, min(job.valid_for, LONGEST_LIFE)),
        }
        try:
            # The official client's own request: what `messages.create` makes of an answer beyond that is not looked at.
            return _taken(json.loads(self._client.request("POST", self._create, data=asked).text))
        except Unsent as fault:
            return NotSent(Cause.BUSY, fault.why)
        except Lost as fault:
            return Uncertain(fault.why)
        except Rejected as no:
            return _refused(no.answer)
        except Exception:  # noqa: BLE001 - whatever the official client makes of a strange answer, the text may be out
            return Uncertain("unreadable answer")

    def find_sent(self, *, sender: str, to: str, since: datetime) -> list[SentText]:
        """What Twilio says it took from ``sender`` for ``to`` since that time, less five minutes for the clocks.

        Raises CarrierAway. Its own date filters work by day and leave out what is still queued, so none is used.
        """
        return _asked(
            lambda: [_sent_text(row) for row in self._list(since, to=to, from_=sender) if row.direction != "inbound"]
        )

    def list_since(self, to_number: str, since: datetime) -> list[InboundText]:
        """Every text Twilio holds that came to ``to_number`` since then, less five minutes. Raises CarrierAway."""
        first_day = (since.astimezone(UTC) - timedelta(days=1)).date().isoformat()
        return _asked(
            lambda: [
                self._inbound(row)
                for row in self._list(since, to=to_number, date_sent_after=first_day)
                if row.direction == "inbound"
            ]
        )

    def read_receipt(self, hook: Hook, token: str) -> Receipt | None:
        """The receipt in a proven status request; None when it says nothing. Raises HookRefused."""
        self.prove(hook)
        form = dict(reversed(hook.form))
        sid = form.get("MessageSid") or form.get("SmsSid")
        status = form.get("MessageStatus") or form.get("SmsStatus") or ""
        arrival = arrival_of(status)
        if not sid or arrival is None:
            return None
        cause, code = trouble(arrival, form.get("ErrorCode"))
        return Receipt(token, sid, arrival, f"{sid}/{status}/{code or ''}", cause, code)

    def prove(self, hook: Hook) -> None:
        """Raise HookRefused unless the public URL and all fields are signed with our auth token."""
        signature = header(hook.headers, "X-Twilio-Signature")
        if not signature:
            raise HookRefused("no signature")
        asked = urlsplit(hook.url)._replace(scheme=self._public.scheme, netloc=self._public.netloc)
        _prove_body(hook, asked.query)
        form = _Form(iter(hook.form))
        # Twilio signs with or without the port, depending on its own mood; the exact address is by far the commonest.
        for written in (urlunsplit, remove_port, add_port):
            for validator in self._validators:
                expected = validator.compute_signature(written(asked), form)
                if hmac.compare_digest(expected.encode(), signature.encode()):
                    return
        raise HookRefused("wrong signature")

    def read(self, form: list[tuple[str, str]]) -> InboundText:
        """Read a stored request's form. Raises ValueError when it is no inbound text."""
        fields = dict(reversed(form))
        sid = fields.get("MessageSid") or fields.get("SmsSid")
        sender, to = fields.get("From"), fields.get("To")
        if not sid or not sender or not to:
            raise ValueError("no inbound text: MessageSid, From or To is missing")
        media = [fields[key] for key in map("MediaUrl{}".format, range(MOST_MEDIA)) if key in fields]
        stop = fields.get("OptOutType", "").upper()
        return InboundText(
            sid,
            sender,
            to,
            storable(fields.get("Body", "")),
            tuple(media),
            stop if stop in ("STOP", "START", "HELP") else None,
        )

    def fetch_picture(self, url: str) -> bytes:
        """What lies at a MediaUrl of ours, whole. Raises CarrierAway, also for an address that is not the carrier's.

        The API sends on to where its files lie; there our password does not go, and only over TLS.
        """
        return _asked(lambda: self._picture(url))

    def _picture(self, url: str) -> bytes:
        try:
            return self._pool.exchange("GET", url, self._login).body
        except Rejected as no:
            further = header(no.answer.headers, "Location") or ""
            if no.answer.status not in SENT_ON or not further.startswith("https://"):
                raise
        there = urlsplit(further)
        return Pool(f"https://{there.netloc}", connections=1, timeout=self._timeout).exchange("GET", further, {}).body

    def _list(self, since: datetime, **filters: object) -> Iterator[Any]:
        """Every row of every page made since then; raises Lost rather than leave some out unsaid."""
        page = self._messages.page(page_size=PAGE_SIZE, **filters)
        for _ in range(MOST_PAGES):
            for row in page:
                if row.date_created is None or row.date_created >= since - CLOCK_SLACK:
                    yield row
            page = page.next_page()
            if page is None:
                return
        raise Lost("endless list")

    def _inbound(self, row: Any) -> InboundText:
        has_media = row.num_media not in (None, "0")
        media = row.media.stream(limit=MOST_MEDIA) if has_media else ()
        urls = tuple(self._api + item.uri.removesuffix(".json") for item in media)
        body = storable(row.body or "")
        return InboundText(row.sid, row.from_, row.to, body, urls, None, row.date_sent or row.date_created)


def _prove_body(hook: Hook, query: str) -> None:
    """Refuse a body that the signature does not reach: it covers form fields, and any other body through its hash."""
    claimed = parse_qs(query).get("bodySHA256")
    if claimed:
        if not hmac.compare_digest(hashlib.sha256(hook.body).hexdigest().encode(), claimed[0].encode()):
            raise HookRefused("wrong body")
    elif hook.body and not hook.form:
        raise HookRefused("unsigned body")


def _taken(message: dict[str, object]) -> Outcome:
    """A 2xx: Twilio's id is the proof; and no callback ever tells of a text that was born failed."""
    arrival, sid = arrival_of(message.get("status")), message.get("sid")
    if not isinstance(sid, str) or not sid:
        return Uncertain("no id")
    if arrival is Arrival.FAILED:
        cause, code = trouble(arrival, message.get("error_code"))
        return Refused(cause or Cause.UNKNOWN, code or "failed")
    return Accepted(sid)


def _refused(answer: Answer) -> Outcome:
    """Not a 2xx: its code decides, then its status. A 5xx, a redirect or a 408 proves nothing either way."""
    code = _code(answer.body)
    if not 400 <= answer.status < 500 or answer.status == 408:
        return Uncertain(str(answer.status))
    cause = Cause.BUSY if answer.status == 429 else cause_of(code)
    if cause is None and answer.status in (401, 403, 404):
        cause = Cause.CREDENTIALS
    written = code or str(answer.status)
    if cause in WORTH_ANOTHER_TRY:
        return NotSent(cause, written, retry_after(answer))
    if code is None:
        return Uncertain(written)  # not Twilio's own words: something in between answered
    return Refused(cause or Cause.UNKNOWN, written)


def _code(body: bytes) -> str | None:
    """Twilio's error code in either of its two shapes of error; its message is not kept, for it quotes the number."""
    try:
        code = json.loads(body)["code"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return str(code) if isinstance(code, int | str) else None


def _sent_text(row: Any) -> SentText:
    arrival = arrival_of(row.status) or Arrival.ACCEPTED
    cause, code = trouble(arrival, row.error_code)
    return SentText(row.sid, row.to or "", row.from_ or "", row.body or "", arrival, cause, code)


def _asked(question: Callable[[], T]) -> T:
    """What the carrier answers; CarrierAway, which names no number, for whatever else happens."""
    try:
        return question()
    except (Unsent, Lost) as fault:
        raise CarrierAway(fault.why) from None
    except Rejected as no:
        raise CarrierAway(str(no.answer.status)) from None
    except Exception:  # noqa: BLE001 - the official client fails in its own ways on a strange answer
        raise CarrierAway("unreadable answer") from None
