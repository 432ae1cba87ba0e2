"""A pretend push service and the devices it brings notices to (RFC 8030, 8291, 8292), from the receiving side."""

from __future__ import annotations

import base64
import json
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from commsbridge.neighbourhood.wire import Answer, Request

PREFIX = "/push/"
DEVICES_FILE = "devices.json"
MOST_BYTES = 4096
LONGEST_TOKEN = 24 * 3600
HEAD_BYTES = 16 + 4 + 1


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as its device reads it: what it was told, of which topic, for how many seconds, and when it came."""

    told: dict[str, str]
    topic: str
    lives: int
    at: datetime


@dataclass(slots=True)
class Device:
    """A browser with its keys. ``gone``: its push service has forgotten it; ``says`` is a status it answers with."""

    id: str
    label: str
    endpoint: str
    key: ec.EllipticCurvePrivateKey
    secret: bytes
    application_key: str
    gone: bool = False
    says: int | None = None
    asked: int = 0
    notices: list[Notice] = field(default_factory=list)

    @property
    def p256dh(self) -> str:
        """Its public key, as a browser gives it."""
        return _encode(_point(self.key.public_key()))

    @property
    def auth(self) -> str:
        """Its secret, as a browser gives it."""
        return _encode(self.secret)


class PushService:
    """Keeps devices and takes notices for them, as strictly as the standards let it. Safe from many threads.

    ``directory`` keeps the devices, not their notices, between two starts; ``noted`` hears of anything new.
    """

    def __init__(self, now: Callable[[], datetime], directory: Path | None, noted: Callable[[], None]) -> None:
        self._now = now
        self._noted = noted
        self._lock = threading.Lock()
        self._file = directory / DEVICES_FILE if directory is not None else None
        rows = json.loads(self._file.read_text("utf-8")) if self._file is not None and self._file.exists() else []
        self._devices = {row["id"]: _read(row) for row in rows}

    def add(self, url: str, label: str, application_key: str) -> Device:
        """A new device, which takes notices from the holder of ``application_key`` alone."""
        device_id = secrets.token_urlsafe(24)
        key = ec.generate_private_key(ec.SECP256R1())
        endpoint = f"{url}{PREFIX}{device_id}"
        device = Device(device_id, label, endpoint, key, secrets.token_bytes(16), application_key)
        with self._lock:
            self._devices[device_id] = device
            self._keep()
        self._noted()
        return device

    def _keep(self) -> None:
        if self._file is None:
            return
        new = self._file.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump([_written(each) for each in self._devices.values()], out, ensure_ascii=False)
        new.replace(self._file)

    def reset(self) -> None:
        """Forget every notice; the devices stay."""
        with self._lock:
            for device in self._devices.values():
                device.notices = []

    def devices(self) -> list[Device]:
        """Every device, the newest first."""
        with self._lock:
            return list(reversed(self._devices.values()))

    def answer(self, request: Request) -> Answer:
        """Take one notice."""
        with self._lock:
            device = self._devices.get(request.path.removeprefix(PREFIX))
            if request.method != "POST":
                return Answer(405)
            if device is None:
                return Answer(404)
            device.asked += 1
            if device.gone or device.says is not None:
                return Answer(410 if device.gone else device.says or 500)
            return self._take(device, request)

    def _take(self, device: Device, request: Request) -> Answer:
        if len(request.body) > MOST_BYTES:
            return Answer(413)
        headers = request.headers
        lives, topic = headers.get("ttl", ""), headers.get("topic", "")
        if not lives.isdigit() or headers.get("content-encoding") != "aes128gcm" or len(topic) > 32:
            return Answer(400)
        if not self._is_proven(device, headers.get("authorization", "")):
            return Answer(403)
        try:
            told = json.loads(read_sealed(request.body, device.key, device.secret))
        except (ValueError, InvalidTag):
            return Answer(400)
        kept = [each for each in device.notices if not topic or each.topic != topic]
        device.notices = [*kept, Notice(told, topic, int(lives), self._now())]
        self._noted()
        return Answer(201, headers=(("Location", f"{device.endpoint}/{len(kept)}"),))

    def _is_proven(self, device: Device, authorization: str) -> bool:
        """RFC 8292: a token for this very origin, not over, at most a day ahead, by the key the device was given."""
        scheme, _, rest = authorization.partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        signed, _, signature = given.get("t", "").rpartition(".")
        try:
            raw = _decode(signature)
            numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decode(given.get("k", "")))
            key.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(hashes.SHA256()))
            claims = json.loads(_decode(signed.partition(".")[2]))
            ahead = claims["exp"] - self._now().timestamp()
        except (ValueError, KeyError, TypeError, InvalidSignature):
            return False
        origin = device.endpoint.partition(PREFIX)[0]
        known = scheme == "vapid" and given["k"] == device.application_key and len(raw) == 64
        return known and claims["aud"] == origin and 0 < ahead <= LONGEST_TOKEN and bool(claims.get("sub"))


def _written(device: Device) -> dict[str, str]:
    number = device.key.private_numbers().private_value
    return {
        "id": device.id,
        "label": device.label,
        "endpoint": device.endpoint,
        "key": _encode(number.to_bytes(32, "big")),
        "secret": _encode(device.secret),
        "application_key": device.application_key,
    }


def _read(row: dict[str, str]) -> Device:
    key = ec.derive_private_key(int.from_bytes(_decode(row["key"]), "big"), ec.SECP256R1())
    return Device(row["id"], row["label"], row["endpoint"], key, _decode(row["secret"]), row["application_key"])


def read_sealed(body: bytes, key: ec.EllipticCurvePrivateKey, secret: bytes) -> bytes:
    """The words of one sealed message, as its device reads them (RFC 8291, section 3.4; RFC 8188, one record).

    Raises ValueError for what is no such message, InvalidTag for one sealed for another device.
    """
    salt, size = body[:16], body[20:21]
    if len(body) < HEAD_BYTES + 65 or size != b"A":
        raise ValueError("no message of web push")
    theirs, sealed = body[HEAD_BYTES : HEAD_BYTES + 65], body[HEAD_BYTES + 65 :]
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    own = _point(key.public_key())
    input_key = _mac(_mac(secret, shared), b"WebPush: info\0" + own + theirs + b"\1")
    base = _mac(salt, input_key)
    content_key = _mac(base, b"Content-Encoding: aes128gcm\0\1")[:16]
    nonce = _mac(base, b"Content-Encoding: nonce\0\1")[:12]
    opened = AESGCM(content_key).decrypt(nonce, sealed, None).rstrip(b"\0")
    if not opened.endswith(b"\2"):
        raise ValueError("no last record")
    return opened[:-1]


def _mac(key: bytes, words: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(words)
    return mac.finalize()


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
