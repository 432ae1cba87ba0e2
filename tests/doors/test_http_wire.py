"""HTTP on one connection: every answer is read whole or said to be garbled, and nothing slips into a request."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commsbridge.carriers.http_wire import Answer, Garbled, head, read

OK = b"HTTP/1.1 200 OK\r\n"


def answered(*pieces: bytes, ends: bool = True) -> tuple[Answer, bool]:
    """What is read when these bytes come, one piece after the other, and then (usually) the end."""
    here, there = socket.socketpair()
    with here, there:
        for piece in pieces:
            there.sendall(piece)
        if ends:
            there.shutdown(socket.SHUT_WR)
        here.settimeout(0.2)
        return read(here)


@pytest.mark.parametrize(
    ("written", "body", "kept"),
    [
        (OK + b"Content-Length: 2\r\n\r\nok", b"ok", True),
        (OK + b"content-length: 2, 2\r\n\r\nok", b"ok", True),
        (OK + b"Content-Length: 2\r\nConnection: Close\r\n\r\nok", b"ok", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok", False),
        (OK + b"Content-Length: 2\r\n\r\nokHTTP/1.1 200", b"ok", False),
        (OK + b"\r\nall there is", b"all there is", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n", b"ok0123456789", True),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nDigest: x\r\n\r\n", b"ok", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok", b"ok", True),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", b"ok", True),
    ],
)
def test_every_shape_of_answer_is_read_whole(written: bytes, body: bytes, *, kept: bool) -> None:
    answer, again = answered(written)
    assert (answer.body, again) == (body, kept)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"what?\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 2OO OK\r\n\r\n",
        OK,
        OK + b"not a header\r\n\r\n",
        OK + b"X : y\r\n\r\n",
        OK + b"Content-Length: 3\r\n\r\nok",
        OK + b"Content-Length: -1\r\n\r\nok",
        OK + b"Content-Length: +2\r\n\r\nok",
        OK + b"Content-Length: 2, 3\r\n\r\nok",
        OK + b"Content-Length: \xb2\r\n\r\nok",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
    ],
)
def test_what_is_no_whole_answer_is_garbled(written: bytes) -> None:
    with pytest.raises(Garbled, match="dropped"):
        answered(written)


@pytest.mark.parametrize(
    "written",
    [
        OK + b"Content-Length: 99999999\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n",
        OK + b"X: " + b"y" * 70_000,
    ],
)
def test_an_endless_answer_is_not_waited_for(written: bytes) -> None:
    with pytest.raises(Garbled, match="endless"):
        answered(written, ends=False)


def test_silence_is_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        answered(OK, ends=False)


def test_headers_are_found_by_their_names_in_small_letters() -> None:
    answer, _ = answered(OK + b"Retry-AFTER:  7 \r\nVia: a\r\nvia: b\r\nContent-Length: 0\r\n\r\n")
    assert (answer.headers["retry-after"], answer.headers["via"]) == ("7", "a, b")


@given(st.binary(min_size=1, max_size=300), st.integers(1, 50))
@settings(max_examples=60)
def test_it_does_not_matter_how_the_bytes_were_cut(body: bytes, size: int) -> None:
    whole = OK + b"Content-Length: %d\r\n\r\n" % len(body) + body
    answer, kept = answered(*(whole[at : at + size] for at in range(0, len(whole), size)))
    assert (answer.body, kept) == (body, True)


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_whatever_comes_is_an_answer_or_garbled(noise: bytes) -> None:
    for begun in (b"", OK, OK + b"Transfer-Encoding: chunked\r\n\r\n"):
        try:
            answer, _ = answered(begun + noise)
        except Garbled:
            continue
        assert 200 <= answer.status <= 999


@pytest.mark.parametrize(
    "make",
    [
        lambda: head("GET", "/a\r\nX: y", "carrier", {}),
        lambda: head("GET", "/a b", "carrier", {}),
        lambda: head("GET", "/", "carrier", {"X": "y\r\nZ: 1"}),
        lambda: head("GET", "/", "carrier", {"X\n": "y"}),
    ],
)
def test_nothing_can_be_slipped_into_a_requests_head(make: Callable[[], bytes]) -> None:
    with pytest.raises(ValueError, match="end of a line"):
        make()
