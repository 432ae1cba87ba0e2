"""Notices to devices through the push services of browsers (RFC 8030), over our own pools: no vendor, no client."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from commsbridge.carriers.http_wire import Answer
from commsbridge.carriers.pooled_http import Lost, Pool, Rejected, Unsent, retry_after
from commsbridge.carriers.push_cipher import encode, encrypt, point_of, read_key, signed_token
from commsbridge.messages.gateways import Accepted, Cause, NotSent, Outcome, Refused, Uncertain
from commsbridge.prompts.gateways import PushJob

# RFC 8292, section 2: a day at most. The same token serves a push service for half of that.
TOKEN_LASTS = timedelta(hours=12)
TOKEN_FRESH = timedelta(hours=6)
# Browsers have a handful of push services; of more, those used longest ago are closed.
MOST_SERVICES = 16
LONGEST_LIFE = 86_400


class WebPushCarrier:
    """A PushGateway that speaks to whichever push service a device names; shared by any number of threads.

    ``private_key`` is ours (base64url), ``contact`` (mailto: or https:) where the people of a push service reach us.
    ``service_url`` names the one pretend push service of a demo or test, which may lie on this machine; without it no
    connection is made to an address of a private network. ``timeout`` is in seconds.
    """

    def __init__(
        self,
        *,
        private_key: str,
        contact: str,
        service_url: str | None,
        connections: int,
        timeout: float,
        now: Callable[[], datetime],
    ) -> None:
        self._key = read_key(private_key)
        self._application_key = encode(point_of(self._key))
        self._contact = contact
        self._service_url = service_url
        self._connections = connections
        self._timeout = timeout
        self._now = now
        self._lock = threading.Lock()
        self._pools: OrderedDict[str, Pool] = OrderedDict()
        self._tokens: dict[str, tuple[datetime, str]] = {}

    @property
    def application_key(self) -> str:
        """The key a browser is given to take notices from us."""
        return self._application_key

    def send(self, job: PushJob) -> Outcome:
        """Hand one notice over. Never raises: whatever happens is an Outcome. Thread-safe."""
        origin = _origin(job.endpoint)
        if self._service_url is not None and not job.endpoint.startswith(f"{self._service_url}/"):
            return Refused(Cause.BAD_ADDRESS, "another service")
        try:
            body = encrypt(job.payload, job.p256dh, job.auth)
            answer = self._pool(origin).exchange("POST", job.endpoint, self._headers(origin, job), body)
        except Unsent as fault:
            return NotSent(Cause.BUSY, fault.why)
        except Lost as fault:
            return Uncertain(fault.why)
        except Rejected as no:
            return _refused(no.answer)
        except ValueError:
            return Refused(Cause.BAD_ADDRESS, "unusable keys")
        # 201 is "queued" (RFC 8030, section 5); the address it names is ours to forget.
        return Accepted(str(answer.status))

    def _headers(self, origin: str, job: PushJob) -> dict[str, str]:
        return {
            "TTL": str(max(0, min(LONGEST_LIFE, job.lives))),
            "Urgency": "normal",
            "Topic": job.topic,
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "Authorization": f"vapid t={self._token(origin)}, k={self._application_key}",
        }

    def _token(self, origin: str) -> str:
        now = self._now()
        with self._lock:
            made_at, token = self._tokens.get(origin, (None, ""))
            if made_at is None or not timedelta(0) <= now - made_at < TOKEN_FRESH:
                until = int((now + TOKEN_LASTS).timestamp())
                token = signed_token(self._key, audience=origin, subject=self._contact, expires=until)
                self._tokens[origin] = (now, token)
            return token

    def _pool(self, origin: str) -> Pool:
        with self._lock:
            pool = self._pools.pop(origin, None) or Pool(
                origin,
                connections=self._connections,
                timeout=self._timeout,
                public_only=self._service_url is None,
            )
            self._pools[origin] = pool
            while len(self._pools) > MOST_SERVICES:
                forgotten, _ = self._pools.popitem(last=False)
                self._tokens.pop(forgotten, None)
            return pool


def _origin(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _refused(answer: Answer) -> Outcome:
    """Not a 2xx. 404 and 410: the device is known no more (RFC 8030, section 7.3); a 5xx may have been heard."""
    code = str(answer.status)
    if answer.status in (404, 410):
        return Refused(Cause.NOT_IN_SERVICE, code)
    if answer.status in (401, 403):
        return NotSent(Cause.CREDENTIALS, code, retry_after(answer))
    if answer.status == 429:
        return NotSent(Cause.BUSY, code, retry_after(answer))
    if answer.status == 413:
        return Refused(Cause.TOO_LONG, code)
    if 400 <= answer.status < 500 and answer.status != 408:
        return Refused(Cause.UNKNOWN, code)
    return Uncertain(code)
