"""The two ciphers of web push: a message only its device can read (RFC 8291), and who we are (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import json
import secrets

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# One record holds the whole message (RFC 8291, section 4); so many bytes a push service must take at least.
RECORD_BYTES = 4096
KEY_BYTES, NONCE_BYTES, SALT_BYTES, TAG_BYTES = 16, 12, 16, 16
LONGEST = 3800
# Every message is as long as the next multiple of this, so that its length tells no name (bytes).
PADDED_TO = 256
_LAST_RECORD = b"\x02"
_CURVE = ec.SECP256R1()


def new_push_key() -> str:
    """A new private key for COMMSBRIDGE_PUSH_PRIVATE_KEY: 32 bytes in base64url."""
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return encode(number.to_bytes(32, "big"))


def read_key(written: str) -> ec.EllipticCurvePrivateKey:
    """The private key in a setting. Raises ValueError for what is none."""
    raw = decode(written)
    if len(raw) != 32:
        raise ValueError("a private key of web push has 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw, "big"), _CURVE)


def is_push_key(written: str) -> bool:
    """Whether a setting holds such a key."""
    try:
        read_key(written)
    except ValueError:
        return False
    return True


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half of a key, uncompressed: 65 bytes."""
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def encrypt(
    words: bytes,
    p256dh: str,
    auth: str,
    *,
    once: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    padded_to: int = PADDED_TO,
) -> bytes:
    """One message for the device with these keys (base64url), as the body of a request (RFC 8188, aes128gcm).

    ``once`` and ``salt`` are made anew for each message; a test of the published example alone gives them.
    Raises ValueError for keys that are none and words that are too long.
    """
    if len(words) > LONGEST:
        raise ValueError("too long for one record")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decode(p256dh))
    ours = once or ec.generate_private_key(_CURVE)
    salt = salt or secrets.token_bytes(SALT_BYTES)
    their_point, our_point = decode(p256dh), point_of(ours)
    shared = ours.exchange(ec.ECDH(), theirs)
    input_key = _derive(decode(auth), shared, b"WebPush: info\0" + their_point + our_point, 32)
    key = _derive(salt, input_key, b"Content-Encoding: aes128gcm\0", KEY_BYTES)
    nonce = _derive(salt, input_key, b"Content-Encoding: nonce\0", NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, words + _LAST_RECORD + b"\0" * _padding(len(words) + 1, padded_to), None)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(our_point)]) + our_point
    return head + sealed


def _padding(size: int, multiple: int) -> int:
    return min(-size % multiple, RECORD_BYTES - TAG_BYTES - size)


def _derive(salt: bytes, secret: bytes, info: bytes, size: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=size, salt=salt, info=info).derive(secret)


def signed_token(key: ec.EllipticCurvePrivateKey, *, audience: str, subject: str, expires: int) -> str:
    """Who we are, for the push service at ``audience`` until ``expires`` (epoch seconds): a JWT signed by ES256.

    RFC 8292, section 2: at most 24 hours ahead; ``subject`` is where its people reach ours.
    """
    parts = ({"typ": "JWT", "alg": "ES256"}, {"aud": audience, "exp": expires, "sub": subject})
    signed = ".".join(encode(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    numbers = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{encode(b''.join(number.to_bytes(32, 'big') for number in numbers))}"


def encode(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(written: str) -> bytes:
    """base64url with or without padding. Raises ValueError."""
    return base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
