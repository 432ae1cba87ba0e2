"""Mail that comes in: published posts, and mails as families' programs write them."""

from __future__ import annotations

import json

import pytest

from commsbridge.mail_reading.html_words import html_words
from tests.doors.carrier_contracts import CONTRACTS
from tests.doors.inbound_posts import REPLY_ADDRESS, form, mail, post, read


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
