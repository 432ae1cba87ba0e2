"""Mail through SendGrid: the official client over our own pool, its events proven, and mail that comes in read."""

from __future__ import annotations

import base64
import json

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from python_http_client import Client  # type: ignore[import-untyped]
from sendgrid import SendGridAPIClient
from sendgrid.helpers.eventwebhook import EventWebhook
from sendgrid.helpers.mail import (
    Attachment,
    ClickTracking,
    ContentId,
    CustomArg,
    Disposition,
    FileContent,
    FileName,
    FileType,
    From,
    Header,
    Mail,
    OpenTracking,
    Personalization,
    ReplyTo,
    To,
    TrackingSettings,
)
from sendgrid.helpers.mail.exceptions import ApiKeyIncludedException

from commsbridge.carriers.http_wire import Answer
from commsbridge.carriers.pooled_http import Lost, Pool, Rejected, Unsent, retry_after
from commsbridge.carriers.sendgrid_events import DELIVERY_ARG, read_events
from commsbridge.carriers.wire import header
from commsbridge.messages.gateways import (
    Accepted,
    Cause,
    Hook,
    HookRefused,
    MailJob,
    NotSent,
    Outcome,
    Receipt,
    Refused,
    Uncertain,
)

API = "https://api.sendgrid.com"


class _PooledClient(Client):  # type: ignore[misc]
    """The official client's way out over our pool: its own makes a new TLS context for every mail.

    Its header dictionary is one for all calls and all threads, so it is only ever read here.
    """

    def __init__(self, pool: Pool, host: str, headers: dict[str, str], path: tuple[str, ...] = ()) -> None:
        super().__init__(host, headers, version=3, url_path=path)
        self._pool = pool

    def _build_client(self, name: str | None = None) -> _PooledClient:
        path = (*self._url_path, name) if name else tuple(self._url_path)
        return _PooledClient(self._pool, self.host, self.request_headers, path)

    def post(self, request_body: object) -> Answer:
        """Send JSON to the address this client stands for. Raises Unsent, Lost or Rejected."""
        headers = {**self.request_headers, "Content-Type": "application/json"}
        return self._pool.exchange("POST", self._build_url(None), headers, json.dumps(request_body).encode())


class SendGridCarrier:
    """A MailGateway over one SendGrid account; shared by any number of threads.

    ``base_url`` None is SendGrid itself. ``event_public_key`` is the verification key of the signed event webhook
    (base64, as its settings page shows it); without one every event request is refused. ``timeout`` is in seconds.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None,
        event_public_key: str | None,
        connections: int,
        timeout: float,
    ) -> None:
        if not api_key:
            raise ValueError("SendGrid needs an API key")
        api = (base_url or API).rstrip("/")
        self._client = SendGridAPIClient(api_key, host=api)
        pool = Pool(api, connections=connections, timeout=timeout)
        self._client.client = _PooledClient(pool, api, self._client.client.request_headers)
        self._events = _verifier(event_public_key) if event_public_key else None

    def send(self, job: MailJob) -> Outcome:
        """Hand one mail over. Never raises: whatever happens is an Outcome. Thread-safe."""
        try:
            mail = _compose(job)
        except ApiKeyIncludedException:
            return Refused(Cause.BLOCKED, "looks like an API key")
        try:
            return _taken(self._client.send(mail))
        except Unsent as fault:
            return NotSent(Cause.BUSY, fault.why)
        except Lost as fault:
            return Uncertain(fault.why)
        except Rejected as no:
            return _refused(no.answer)
        except Exception:  # noqa: BLE001 - whatever goes wrong inside the official client, the mail may be out
            return Uncertain("unreadable answer")

    def read_receipts(self, hook: Hook) -> list[Receipt]:
        """The receipts in a proven event request; unknown events are left out. Raises HookRefused."""
        if self._events is None:
            raise HookRefused("no public key is configured")
        signature = header(hook.headers, "X-Twilio-Email-Event-Webhook-Signature")
        stamp = header(hook.headers, "X-Twilio-Email-Event-Webhook-Timestamp")
        if not signature or not stamp:
            raise HookRefused("no signature")
        try:
            proven = self._events.verify_signature(hook.body.decode(), signature, stamp)
        except ValueError:  # a signature that is not base64, a body that is not UTF-8
            proven = False
        if not proven:
            raise HookRefused("wrong signature")
        return read_events(hook.body)


def _verifier(public_key: str) -> EventWebhook:
    """The official verifier for a key. Raises ValueError when the key is not an elliptic-curve public key."""
    verifier = EventWebhook(public_key.strip())
    if not isinstance(verifier.public_key, EllipticCurvePublicKey):
        raise ValueError("the event webhook's key is not an elliptic-curve public key")  # noqa: TRY004 - a setting
    return verifier


def _compose(job: MailJob) -> Mail:
    """The mail as SendGrid wants it; nothing personal goes into what it keeps for long (custom_args)."""
    mail = Mail(subject=job.subject, plain_text_content=job.text, html_content=job.html or None)
    mail.from_email = _address(From(), job.from_address, job.from_name)
    mail.reply_to = _address(ReplyTo(), job.reply_to)
    person = Personalization()
    person.add_to(_address(To(), job.to_address))
    # On the personalization, because the specification gives the mail's own custom_args another type.
    person.add_custom_arg(CustomArg(DELIVERY_ARG, job.delivery_token))
    mail.add_personalization(person)
    for name, value in _headers(job).items():
        mail.add_header(Header(name, value))
    if job.picture is not None:
        mail.add_attachment(
            Attachment(
                FileContent(base64.b64encode(job.picture.content).decode()),
                FileName(job.picture.name),
                FileType(job.picture.media_type),
                Disposition("inline"),
                ContentId(job.picture.content_id),
            )
        )
    if job.file is not None:
        # No parameters in the type: the specification allows no ";" there; a calendar reads the method in the file.
        mail.add_attachment(
            Attachment(
                FileContent(base64.b64encode(job.file.content).decode()),
                FileName(job.file.name),
                FileType(job.file.media_type),
                Disposition("attachment"),
            )
        )
    mail.tracking_settings = TrackingSettings(
        click_tracking=ClickTracking(enable=False, enable_text=False), open_tracking=OpenTracking(enable=False)
    )
    return mail


def _address(kind: From | To | ReplyTo, address: str, name: str = "") -> From | To | ReplyTo:
    """Set rather than passed: the constructors parse a lone address and lose one they cannot parse."""
    kind.email = address
    if name:
        kind.name = name
    return kind


def _headers(job: MailJob) -> dict[str, str]:
    """Auto-Submitted keeps robots from answering (RFC 3834); the pair lets a mail program unsubscribe (RFC 8058)."""
    headers = {"Auto-Submitted": "auto-generated"}
    if job.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{job.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _taken(answer: Answer) -> Outcome:
    """SendGrid says 202 and names the mail in a header; another 2xx, or one without the name, is somebody else's."""
    carrier_id = header(answer.headers, "X-Message-Id")
    if answer.status != 202 or not carrier_id:
        return Uncertain("no id" if answer.status == 202 else str(answer.status))
    return Accepted(carrier_id)


def _refused(answer: Answer) -> Outcome:
    """Not a 2xx: a 5xx, a redirect or a 408 proves nothing; other 4xx are said before anything is taken."""
    code = str(answer.status)
    if answer.status in (401, 403, 404):
        return NotSent(Cause.CREDENTIALS, code, retry_after(answer))
    if answer.status == 429:
        return NotSent(Cause.BUSY, code, retry_after(answer))
    if not 400 <= answer.status < 500 or answer.status == 408:
        return Uncertain(code)
    if answer.status == 413:
        return Refused(Cause.TOO_LONG, code)
    cause = _fault(answer.body)
    return NotSent(cause, code) if cause is Cause.SENDER else Refused(cause, code)


def _fault(body: bytes) -> Cause:
    """Which field SendGrid found wrong: the school's own sender address, the family's address, or something else."""
    try:
        fields = [str(error["field"]) for error in json.loads(body)["errors"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return Cause.UNKNOWN
    if any(field.startswith("from") for field in fields):
        return Cause.SENDER
    return Cause.BAD_ADDRESS if any(".to" in field for field in fields) else Cause.UNKNOWN
