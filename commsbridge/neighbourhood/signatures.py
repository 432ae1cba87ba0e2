"""How the two carriers sign what they send: Twilio with a shared token, SendGrid with a key pair."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

TWILIO_SIGNATURE = "X-Twilio-Signature"
TWILIO_ONCE = "I-Twilio-Idempotency-Token"
EVENT_SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
EVENT_TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


def twilio_signature(token: str, url: str, form: Iterable[tuple[str, str]]) -> str:
    """Base64 of HMAC-SHA1 over the public URL and the sorted fields (Twilio, "Webhooks security").

    The fragment is left out, and so is the port of an https URL, as Twilio leaves them out.
    """
    signed = _signed_url(url) + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), hashlib.sha1)).decode()


def _signed_url(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and parts.port is not None:
        host = host.rpartition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


class EventKey:
    """The P-256 key pair that event webhooks are signed with; ``pem`` None makes a new one."""

    def __init__(self, pem: bytes | None = None) -> None:
        if pem is None:
            self._private = ec.generate_private_key(ec.SECP256R1())
            return
        loaded = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError("An event key is an elliptic-curve private key in PEM.")
        self._private = loaded

    @property
    def pem(self) -> bytes:
        """The private key, to be kept between two starts."""
        return self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def public_key(self) -> str:
        """The public key as SendGrid shows it: base64 of its DER form. This is SENDGRID_EVENT_PUBLIC_KEY."""
        der = self._private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(der).decode()

    def sign(self, timestamp: str, body: bytes) -> str:
        """Base64 of the ECDSA signature over timestamp and raw body (SendGrid, "Event webhook security features")."""
        return base64.b64encode(self._private.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
