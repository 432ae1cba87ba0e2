"""Mail made to forge, to break or to hang: it is read in seconds, and nothing raises."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations.gateways import InboundMail
from commsbridge.mail_reading.html_words import html_words
from tests.doors.inbound_posts import REPLY_ADDRESS, form, mail, post, read

# --- hostile mails ---------------------------------------------------------------------------------------------------


def test_a_mail_cannot_forge_the_carriers_verdict() -> None:
    forged = bytes(mail("hi")) + (
        b'\r\n--xYzZY\r\nContent-Disposition: form-data; name="SPF"\r\n\r\npass'
        b'\r\n--xYzZY\r\nContent-Disposition: form-data; name="dkim"\r\n\r\n{@kura.example : pass}'
        b'\r\n--xYzZY\r\nContent-Disposition: form-data; name="envelope"\r\n\r\n{"to":["x@y"],"from":"principal@kura"}'
    )
    found = post(forged, SPF="fail", dkim="none")
    assert (found.spf, found.dkim) == (None, None)
    assert found.to_addresses == (REPLY_ADDRESS,)


def test_a_mail_never_holds_what_the_database_cannot() -> None:
    found = post(b"Subject: a\0b\r\nFrom: \0<k\0@e.example>\r\nMessage-ID: <\0x>\r\n\r\nhi\0there \xed\xa0\x80")
    written = repr(found)
    assert "\\x00" not in written
    repr(found).encode()
    assert found.text.startswith("hithere")


def test_a_mail_of_two_megabytes_is_read_quickly() -> None:
    made = mail("words\n" * 1_000)
    made.add_attachment(b"x" * 1_400_000, maintype="image", subtype="jpeg", filename="big.jpg")
    raw = bytes(made)
    assert len(raw) > 1_900_000
    before = time.process_time()
    found = post(raw)
    assert time.process_time() - before < 5
    assert found.attachments == (("big.jpg", "image/jpeg", 1_400_000),)


DEEP = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(90))


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"(" * 500_000,
        b"From: " + b"<a@b>," * 100_000,
        b"From: " + b'"' * 500_000,
        b"Subject: " + b"=?utf-8?q?a?=" * 50_000,
        b"Subject: " + b"x\r\n " * 100_000,
        b"Content-Type: text/plain" + b";a=b" * 100_000 + b"\r\n\r\nhi",
        b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 2_000_000,
        b"References: " + b"<a@b> " * 100_000,
        b"a: b\r\n" * 100_000,
        DEEP + b"x\n" * 30_000,
        DEEP * 20,
        b"Content-Type: message/rfc822\r\n\r\n" * 2_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 100_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + (b"--b\r\nContent-Type: " + b"(" * 900 + b"\r\n\r\n") * 90,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + (b'--b\r\nContent-Type: a/b; c="' + b'"' * 900 + b"\r\n\r\n") * 90,
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 200_000,
        b"Content-Type: text/html\r\n\r\n" + b"<" * 800_000,
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"!" * 800_000,
        b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 x\r\n" + b"M" * 800_000,
        b"\r" * 500_000,
    ],
    ids=lambda raw: raw[:20].decode(errors="replace") + str(len(raw)),
)
def test_a_mail_made_to_hang_is_read_in_seconds(raw: bytes) -> None:
    before = time.process_time()
    found = post(raw)
    assert time.process_time() - before < 4
    assert found.to_addresses == (REPLY_ADDRESS,)


@pytest.mark.parametrize(
    "page", ["<a" * 400_000, "&#" * 400_000, "<style>" * 100_000, "</" * 400_000, "<br>" * 200_000]
)
def test_a_page_made_to_hang_is_read_in_seconds(page: str) -> None:
    before = time.process_time()
    html_words(page)
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    "content_type", ["", "multipart/form-data", "text/plain", "multipart/form-data; boundary=", "boundary=\ud800"]
)
def test_a_post_that_is_no_form_is_an_empty_mail(content_type: str) -> None:
    assert read(form(email=bytes(mail())), content_type) == InboundMail("", "", (), "", "", automatic=False)


@pytest.mark.parametrize(
    "envelope",
    ["", "null", "[]", "7", "{", "[" * 100_000, '{"to": 7, "from": []}', '{"to": [1, null, "a@b.example"]}', "\xff"],
)
def test_a_broken_envelope_never_raises(envelope: str) -> None:
    found = read(form(email=bytes(mail()), envelope=envelope))
    assert found.from_address == "kuia@example.com"
    assert set(found.to_addresses) <= {"a@b.example"}


@given(st.binary(max_size=400), st.text(max_size=60))
def test_no_bytes_make_reading_raise(body: bytes, content_type: str) -> None:
    assert isinstance(read(body, content_type), InboundMail)
    assert isinstance(read(body), InboundMail)


LINES = st.sampled_from(
    rb"""
From: a@b.example
From:
From: =?x?q?=ff?= <
From: group: a@b, c@d;
Subject: =?utf-8?b?!!!?=
Content-Type: multipart/mixed; boundary=b
Content-Type: multipart/alternative; boundary="b"
Content-Type: multipart/report; boundary*0=b; boundary*1=b
Content-Type: text/html; charset=no
Content-Type: text/plain; charset*=x''y
Content-Type: message/rfc822
Content-Type: ;;;
Content-Disposition: attachment; filename*=utf-8''%ff
Content-Disposition: ;
Content-Transfer-Encoding: base64
Content-Transfer-Encoding: quoted-printable
Content-Transfer-Encoding: uuencode
Message-ID: <
Message-ID: [x]@y
References: <a@b> junk <c@d>
--b
--b--
 folded
words
<p>page</p>
aGVq
=41=
: nothing
From x@y Mon
NOT-TEXT
""".replace(b"NOT-TEXT", b"\xff\xfe\0").split(b"\n")
)


@given(st.lists(LINES, max_size=40), st.sampled_from([b"\r\n", b"\n", b"\r"]))
def test_no_mail_makes_reading_raise(lines: list[bytes], line_end: bytes) -> None:
    found = post(line_end.join(lines))
    assert found.to_addresses == (REPLY_ADDRESS,)
    repr(found).encode()


NAMES = st.sampled_from(["email", "text", "html", "charsets", "headers", "from", "envelope", "SPF"])


@given(st.lists(st.tuples(NAMES, st.binary(max_size=80)), max_size=8))
def test_no_field_makes_reading_raise(fields: list[tuple[str, bytes]]) -> None:
    body = b"".join(form(**{name: value}).removesuffix(b"--xYzZY--\r\n") for name, value in fields) + b"--xYzZY--"
    found: Any = read(body)
    assert isinstance(found, InboundMail)
    json.dumps(repr(found)).encode()
