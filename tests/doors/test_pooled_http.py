"""The pool under both carriers: what is surely not sent, what is lost, and how long to wait."""

from __future__ import annotations

import datetime as dt
import gc
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.carriers.http_wire import Answer
from commsbridge.carriers.pooled_http import Lost, Pool, Rejected, Unsent, retry_after
from tests.doors.carrier_stub import CarrierStub, Drip, Raw, Reply, Slow, drop
from tests.doors.ports import free_port


@pytest.fixture
def stub() -> Iterator[CarrierStub]:
    with CarrierStub(lambda _: Reply(200, b"ok")) as running:
        yield running


def post(pool: Pool, url: str) -> Answer:
    return pool.exchange("POST", f"{url}/send", {"Content-Type": "text/plain"}, b"hello")


def pool_for(stub: CarrierStub, *, connections: int = 2, timeout: float = 30.0) -> Pool:
    return Pool(stub.url, connections=connections, timeout=timeout)


def test_connections_are_kept_and_used_again(stub: CarrierStub) -> None:
    pool = pool_for(stub)
    for _ in range(20):
        assert post(pool, stub.url).body == b"ok"
    assert len(stub.sockets) == 1


def test_never_more_connections_than_allowed_however_many_threads(stub: CarrierStub) -> None:
    pool = pool_for(stub, connections=3, timeout=10)
    threads = [threading.Thread(target=lambda: [post(pool, stub.url) for _ in range(20)]) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stub.seen) == 240
    assert len(stub.sockets) <= 3


@pytest.mark.parametrize(
    "trouble", [drop, Raw(b"what?\r\n\r\n"), Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nhalf"), Reply(500)]
)
def test_a_misbehaving_carrier_never_uses_up_the_pool(stub: CarrierStub, trouble: Raw) -> None:
    pool = pool_for(stub, connections=2)
    for _ in range(5):
        stub.script.append(trouble)
        with pytest.raises((Lost, Rejected)):
            post(pool, stub.url)
    assert post(pool, stub.url).body == b"ok"


def test_a_refused_connection_is_surely_not_sent() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unsent, match="no connection"):
        post(Pool(url, connections=1, timeout=30), url)


def test_an_unknown_host_is_surely_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unsent, match="dns"):
        post(Pool("http://carrier.invalid", connections=1, timeout=30), "http://carrier.invalid")


def test_a_connection_that_is_never_accepted_is_surely_not_sent() -> None:
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):  # the queue of connections is full: further ones get no answer
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(Unsent, match="connect timeout"):
            post(Pool(url, connections=1, timeout=0.3), url)


def test_no_free_connection_is_surely_not_sent(stub: CarrierStub) -> None:
    pool = pool_for(stub, connections=1, timeout=2)
    stub.script.append(Drip(0.5, 6))
    busy = threading.Thread(target=post, args=(pool, stub.url))
    busy.start()
    while not stub.seen:
        threading.Event().wait(0.01)
    with pytest.raises(Unsent, match="no free connection"):
        post(pool, stub.url)
    busy.join()
    assert len(stub.seen) == 1


def test_silence_after_the_request_is_lost(stub: CarrierStub) -> None:
    stub.script.append(Slow(1))
    with pytest.raises(Lost, match="timeout"):
        post(pool_for(stub, timeout=0.2), stub.url)


def test_a_connection_dropped_after_the_request_is_lost(stub: CarrierStub) -> None:
    stub.script.append(drop)
    with pytest.raises(Lost, match="dropped"):
        post(pool_for(stub), stub.url)


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced_before_anything_is_sent(stub: CarrierStub) -> None:
    pool = pool_for(stub, connections=1)
    post(pool, stub.url)
    stub.hang_up()
    threading.Event().wait(0.05)
    assert post(pool, stub.url).body == b"ok"
    assert len(stub.seen) == 2


@pytest.fixture
def worn_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], tuple[Pool, str]]]:
    """A pool whose kept connection dies just after the pool has looked whether it still lives."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    accepted: list[socket.socket] = []

    def serve_once() -> None:
        connection, _ = listener.accept()
        accepted.append(connection)
        received = b""
        while not received.endswith(b"hello"):
            received += connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def wear(linger: int) -> tuple[Pool, str]:
        pool = Pool(url, connections=1, timeout=30)
        server = threading.Thread(target=serve_once)
        server.start()
        post(pool, url)
        server.join()
        monkeypatch.setattr("commsbridge.carriers.pooled_http.is_connection_dropped", lambda _: False)
        accepted[0].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", linger, 0))
        accepted[0].close()
        return pool, url

    yield wear
    listener.close()


def test_a_worn_connection_that_refuses_even_the_head_is_surely_not_sent(
    worn_connection: Callable[[int], tuple[Pool, str]],
) -> None:
    with pytest.raises(Unsent, match="dropped"):
        post(*worn_connection(1))


def test_a_worn_connection_that_took_the_head_is_not_trusted(
    worn_connection: Callable[[int], tuple[Pool, str]],
) -> None:
    with pytest.raises(Lost, match="dropped"):
        post(*worn_connection(0))


def test_an_answer_cut_short_is_lost(stub: CarrierStub) -> None:
    stub.script.append(Raw(b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{"))
    with pytest.raises(Lost, match="dropped"):
        post(pool_for(stub), stub.url)


def test_an_endless_answer_is_not_taken_into_memory(stub: CarrierStub) -> None:
    pool = pool_for(stub, connections=1)
    stub.script.append(Reply(200, b"x" * (17 * 2**20)))
    with pytest.raises(Lost, match="endless answer"):
        post(pool, stub.url)
    assert post(pool, stub.url).body == b"ok"


def test_a_redirect_is_an_answer_and_is_not_followed(stub: CarrierStub) -> None:
    stub.script.append(Reply(307, headers={"Location": f"{stub.url}/elsewhere"}))
    with pytest.raises(Rejected) as no:
        post(pool_for(stub), stub.url)
    assert no.value.answer.status == 307
    assert len(stub.seen) == 1


@pytest.mark.parametrize("status", [400, 408, 425, 429, 500, 502, 503, 504])
def test_nothing_is_ever_sent_twice(stub: CarrierStub, status: int) -> None:
    stub.script.append(Reply(status, headers={"Retry-After": "0"}))
    with pytest.raises(Rejected):
        post(pool_for(stub), stub.url)
    assert len(stub.seen) == 1


def test_our_password_never_goes_to_another_host(stub: CarrierStub) -> None:
    pool = pool_for(stub)
    for url in ("http://127.0.0.1.evil.example/x", f"{stub.url}0/x", f"{stub.url}@evil.example/", "file:///etc/passwd"):
        with pytest.raises(Unsent, match="another host"):
            pool.exchange("GET", url, {"Authorization": "Basic c2VjcmV0"})
    assert stub.seen == []


@pytest.mark.parametrize("url", ["", "api.twilio.com", "ftp://api.twilio.com", "http://"])
def test_a_base_url_that_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        Pool(url, connections=1, timeout=30)


def answer_with(**headers: str) -> Answer:
    return Answer(429, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


NOW = "Sat, 21 Nov 2026 02:00:00 GMT"


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (answer_with(Retry_After="7"), 7),
        (answer_with(retry_after=" 7 "), 7),
        (answer_with(Retry_After="Sat, 21 Nov 2026 02:00:30 GMT", Date=NOW), 30),
        (answer_with(Retry_After="Sat, 21 Nov 2026 01:00:00 GMT", Date=NOW), 0),
        (answer_with(Retry_After="Sat, 21 Nov 2026 02:00:30 GMT"), None),
        (answer_with(Retry_After="99999999999999999999999"), 86_400),
        (answer_with(Retry_After="-1"), None),
        (answer_with(Retry_After="²"), None),
        (answer_with(Retry_After="soon", Date=NOW), None),
        (answer_with(X_RateLimit_Reset="1795226410", Date=NOW), 10),
        (answer_with(X_RateLimit_Reset="1795226410"), None),
        (answer_with(), None),
    ],
)
def test_how_long_the_carrier_asks_us_to_wait(answer: Answer, seconds: float | None) -> None:
    assert retry_after(answer) == seconds


@given(st.dictionaries(st.sampled_from(["Retry-After", "Date", "X-RateLimit-Reset"]), st.text(max_size=40)))
def test_a_strange_wait_never_raises_and_is_at_most_a_day(headers: dict[str, str]) -> None:
    seconds = retry_after(Answer(429, headers, b""))
    assert seconds is None or 0 <= seconds <= 86_400


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2120, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def secure_stub(certificate: Path) -> Iterator[CarrierStub]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with CarrierStub(lambda _: Reply(200, b"ok"), context) as running:
        yield running
    gc.collect()


def test_a_certificate_nobody_vouches_for_is_surely_not_sent(secure_stub: CarrierStub) -> None:
    with pytest.raises(Unsent, match="tls"):
        post(pool_for(secure_stub), secure_stub.url)
    assert secure_stub.seen == []


def test_over_tls_one_connection_carries_many_requests(
    secure_stub: CarrierStub, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    pool = pool_for(secure_stub, connections=4)
    for _ in range(10):
        assert post(pool, secure_stub.url).body == b"ok"
    assert len(secure_stub.sockets) == 1
