"""Mail that comes in: published posts, mails as families' programs write them, and hostile ones."""

from __future__ import annotations

import json
import time
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.carriers import SendGridCarrier
from commsbridge.carriers.html_words import html_words
from commsbridge.conversations.gateways import InboundMail
from tests.doors.carrier_contracts import CONTRACTS

TYPE = "multipart/form-data; boundary=xYzZY"
REPLY_ADDRESS = "reply+abc.def@in.kura.example"
READER = SendGridCarrier(api_key="SG.x.y", base_url=None, event_public_key=None, connections=1, timeout=1)


def read(body: bytes, content_type: str = TYPE) -> InboundMail:
    return READER.read(content_type, body)


def form(**fields: bytes | str) -> bytes:
    """A post as SendGrid makes it."""
    parts = [
        b'--xYzZY\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--xYzZY--\r\n"


def post(raw: bytes, sender: str = "kuia@example.com", **fields: bytes | str) -> InboundMail:
    """A raw mail inside a post."""
    envelope = json.dumps({"to": [REPLY_ADDRESS], "from": sender})
    return read(form(**{"dkim": "{@example.com : pass}", "email": raw, "envelope": envelope, "SPF": "pass", **fields}))


def mail(text: str = "Ngā mihi nui!", **headers: str) -> EmailMessage:
    """A mail as a family's program would write it."""
    made = EmailMessage(policy=SMTP)
    named = {"From": "Kui Mere <kuia@example.com>", "To": "somebody@else.example", "Subject": "Re: Aroha", **headers}
    for name, value in named.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def sample(name: str) -> bytes:
    return (CONTRACTS / "payloads" / name).read_bytes()


# --- published posts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_the_published_raw_post_is_read(line_end: bytes) -> None:
    found = read(sample("sendgrid_inbound_raw_data.txt").replace(b"\n", line_end))
    assert found.from_address == "test@example.com"
    assert found.to_addresses == ("inbound@inbound.inbound.com",)
    assert found.subject == "Inbound Parse Test Raw Data"
    assert found.text.strip() == "Hello Twilio SendGrid!"
    assert (found.automatic, found.spf, found.dkim) == (False, "pass", "{@sendgrid.com : pass}")
    assert found.attachments == ()


def test_the_published_post_with_an_attachment_is_read() -> None:
    found = read(sample("sendgrid_inbound_raw_data_with_attachments.txt"))
    assert found.text.strip() == "Hello Twilio SendGrid!"
    ((name, kind, size),) = found.attachments
    assert (name, kind) == ("SendGrid.jpg", "image/jpeg")
    assert size > 1_000


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_the_published_ready_made_post_is_read(line_end: bytes) -> None:
    found = read(sample("sendgrid_inbound_default_data.txt").replace(b"\n", line_end))
    assert found.from_address == "test@example.com"
    assert found.to_addresses == ("inbound@inbound.example.com",)
    assert found.subject == "Testing non-raw"
    assert found.text.strip() == "Hello Twilio SendGrid!"
    assert (found.automatic, found.spf) == (False, "pass")


def test_each_ready_made_field_is_read_in_its_own_charset() -> None:
    found = read(sample("sendgrid_inbound_mixed_charsets.bin"))
    assert found.subject == "Como usted pidió"
    assert found.text == "Test the ESP\u2019s inbound charset handling\u2026"
    assert found.from_address == "sender@example.com"
    assert found.to_addresses == ()


# --- mails of families -----------------------------------------------------------------------------------------------


def test_a_reply_is_read_whole_with_its_quote() -> None:
    words = "Ngā mihi! Āe.\n\nOn Tue someone wrote:\n> Kua mīharo te mahi a Aroha\n"
    found = post(
        bytes(
            mail(
                words, Message_ID="<1@example.com>", In_Reply_To="<a@kura.example>", References="<z@k> <a@kura.example>"
            )
        )
    )
    assert found.text == words
    assert found.message_id == "<1@example.com>"
    assert found.in_reply_to == ("<a@kura.example>", "<z@k>")
    assert found.subject == "Re: Aroha"


def test_the_envelope_is_believed_and_not_the_to_header() -> None:
    assert post(bytes(mail())).to_addresses == (REPLY_ADDRESS,)


def test_the_writer_is_who_the_mail_says_and_else_who_the_envelope_says() -> None:
    assert post(bytes(mail()), sender="bounces+7@mailer.example").from_address == "kuia@example.com"
    assert post(b"Subject: x\r\n\r\nhi", sender="bounces+7@mailer.example").from_address == "bounces+7@mailer.example"


@pytest.mark.parametrize(
    ("head", "subject"),
    [
        (b"Subject: =?utf-8?q?T=C5=8Dtara?=", "Tōtara"),
        (b"Subject: =?iso-8859-1?q?caf=E9?= =?utf-8?b?xIE=?=", "caféā"),
        ("Subject: Tōtara".encode(), "Tōtara"),
        ("Subject: café".encode("windows-1252"), "café"),
        (b"Subject: a\r\n b", "a b"),
        (b"Subject:", ""),
        (b"X: y", ""),
    ],
)
def test_a_subject_is_read_however_it_is_encoded(head: bytes, subject: str) -> None:
    assert post(head + b"\r\n\r\nhi").subject == subject


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("utf-8", "Kia ora ā".encode()),
        ("UTF-8", "Kia ora ā".encode()),
        ("iso-8859-4", "Kia ora ā".encode("iso-8859-4")),
        ("no-such-charset", "Kia ora ā".encode()),
        ("us-ascii", "Kia ora ā".encode()),
        ("punycode", "Kia ora ā".encode()),
        ("unicode_escape", "Kia ora ā".encode()),
        ("zlib", "Kia ora ā".encode()),
    ],
)
def test_macrons_come_through_whatever_charset_is_claimed(charset: str, encoded: bytes) -> None:
    raw = b"Content-Type: text/plain; charset=%s\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s" % (
        charset.encode(),
        encoded,
    )
    assert post(raw).text == "Kia ora ā"


def test_a_mail_that_is_only_html_is_read_as_its_words() -> None:
    made = mail()
    made.set_content(
        "<html><head><title>t</title><style>p {color: red}</style></head><body><!-- x <b> -->"
        "<p>Ng&#257; mihi <b>nui</b>!</p><div>&Amacr;e&nbsp;rawa</div><script>alert(1)</script></body></html>",
        subtype="html",
    )
    assert post(bytes(made)).text == "Ngā mihi nui!\n\nĀe rawa"


def test_the_plain_part_is_chosen_when_there_are_both() -> None:
    made = mail("plain")
    made.add_alternative("<p>page</p>", subtype="html")
    assert post(bytes(made)).text.strip() == "plain"


def test_a_blank_plain_part_does_not_hide_the_words_beside_it() -> None:
    made = mail("  \n")
    made.add_alternative("<p>page</p>", subtype="html")
    assert post(bytes(made)).text == "page"


def test_words_before_and_after_a_picture_are_both_kept() -> None:
    made = mail("before")
    made.add_attachment(b"\x89PNG" * 100, maintype="image", subtype="png", filename="tōtara.png")
    made.add_attachment("after", disposition="inline")
    found = post(bytes(made))
    assert [line for line in found.text.split("\n") if line] == ["before", "after"]
    assert found.attachments == (("tōtara.png", "image/png", 400),)


def test_html_words_beside_a_plain_footer_are_kept() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>words</p>\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nfooter\r\n--b--\r\n"
    )
    assert post(raw).text.split() == ["words", "footer"]


def test_a_forwarded_mail_is_one_attachment() -> None:
    made = mail("see below")
    made.add_attachment(mail("an older mail"), filename="older.eml")
    found = post(bytes(made))
    assert found.text.strip() == "see below"
    ((name, kind, size),) = found.attachments
    assert (name, kind) == ("older.eml", "message/rfc822")
    assert size > 0


def test_a_text_file_is_an_attachment_and_not_words() -> None:
    made = mail("words")
    made.add_attachment("a list", filename="list.txt")
    found = post(bytes(made))
    assert found.text.strip() == "words"
    assert [name for name, _, _ in found.attachments] == ["list.txt"]


def test_a_mail_that_promises_parts_and_has_none_keeps_its_words() -> None:
    assert post(b"Content-Type: multipart/mixed\r\n\r\nKia ora").text == "Kia ora"
    assert post(b"Content-Type: multipart/mixed; boundary=x\r\n\r\nKia ora").text == "Kia ora"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x@y.example"},
        {"Auto_Submitted": "AUTO-REPLIED"},
        {"Precedence": "bulk"},
        {"Precedence": "Auto_Reply"},
        {"Precedence": "list"},
        {"List_Id": "<parents.kura.example>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_mail_that_no_person_wrote_is_marked(headers: dict[str, str]) -> None:
    assert post(bytes(mail(**headers))).automatic


@pytest.mark.parametrize("headers", [{}, {"Auto_Submitted": "no"}, {"Auto_Submitted": "No"}, {"Precedence": "normal"}])
def test_mail_that_a_person_wrote_is_not_marked(headers: dict[str, str]) -> None:
    assert not post(bytes(mail(**headers))).automatic


def test_mail_from_nobody_and_reports_of_mail_systems_are_marked() -> None:
    assert post(bytes(mail()), sender="").automatic
    assert post(bytes(mail()), sender="<>").automatic
    assert post(b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b--").automatic


def test_an_unknown_envelope_sender_is_not_an_empty_one() -> None:
    assert not read(form(email=bytes(mail()))).automatic
    assert not read(form(email=bytes(mail()), envelope="{}")).automatic


def test_a_ready_made_post_with_files_names_them() -> None:
    file = (
        b'--xYzZY\r\nContent-Disposition: form-data; name="attachment1"; filename="t\xc5\x8dtara.png"\r\n'
        b"Content-Type: image/png; name=x\r\n\r\n\x89PNG\r\n\r\n--x\r\n"
    )
    found = read(file + form(text="hi", envelope=json.dumps({"to": ["a@b.example"], "from": "c@d.example"})))
    assert found.attachments == (("tōtara.png", "image/png", 11),)
    assert (found.text, found.to_addresses, found.from_address) == ("hi", ("a@b.example",), "c@d.example")


def test_a_ready_made_post_with_html_alone_is_read_as_its_words() -> None:
    assert read(form(html="<p>Ngā mihi</p>", charsets='{"html": "utf-8"}')).text == "Ngā mihi"


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
        b"Subject: " + b"=?utf-8?q?a?=" * 50_000,
        b"Subject: " + b"x\r\n " * 100_000,
        b"Content-Type: text/plain" + b";a=b" * 100_000 + b"\r\n\r\nhi",
        b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 500_000,
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
    assert time.process_time() - before < 10
    assert found.to_addresses == (REPLY_ADDRESS,)


@pytest.mark.parametrize(
    "page", ["<a" * 400_000, "&#" * 400_000, "<style>" * 100_000, "</" * 400_000, "<br>" * 200_000]
)
def test_a_page_made_to_hang_is_read_in_seconds(page: str) -> None:
    before = time.process_time()
    html_words(page)
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("<p>a</p>\n\n<p>b</p>", "a\n\nb"),
        ("1 < 2 &amp; 3 > 2", "1 < 2 & 3 > 2"),
        ("<style>x</style >y", "y"),
        ("a<!-- b --><!-- c -->d<!-- e", "ad<!-- e"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "ab"),
        ("te&nbsp;reo\u00a0M&#257;ori", "te reo Māori"),
    ],
)
def test_a_page_is_read_as_its_words(page: str, words: str) -> None:
    assert html_words(page) == words


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
