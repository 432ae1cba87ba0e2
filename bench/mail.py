"""The way out by mail: our adapter against the official client as it comes, over TLS, one thread each."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.figures import Figure
from bench.place import run_peer, town

OURS, OFFICIAL = 1000, 40


def figures() -> Iterator[Figure]:
    """The pretend carrier answers at once, so that what the client itself costs is what shows."""
    with tempfile.TemporaryDirectory() as directory:
        certificate = certificate_in(Path(directory))
        bundle = Path(directory) / "bundle.pem"  # as long as the one a client reads on any machine, and ours at its end
        bundle.write_bytes(Path(certifi.where()).read_bytes() + certificate.read_bytes())
        trusting = {**os.environ, "SSL_CERT_FILE": str(bundle)}
        with town(latency_ms=0, certificate=certificate) as url:
            (official,) = run_peer("mails", "official", url, str(OFFICIAL), environment=trusting)
            (ours,) = run_peer("mails", "ours", url, str(OURS), environment=trusting)
    yield Figure("mail.per_s", ours, "mails/s", None, "one thread, over TLS, nothing written down")
    yield Figure("mail.vs_sendgrid_sdk", ours / official, "x", (">=", 25), f"official client: {official:.0f}/s")


def certificate_in(directory: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = directory / "certificate.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
