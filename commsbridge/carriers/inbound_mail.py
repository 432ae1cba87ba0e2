"""Inbound Parse: one mail out of SendGrid's form, from the raw MIME it carries or from its ready-made fields."""

from __future__ import annotations

import json
from typing import Any

from commsbridge.carriers.form_parts import Part, form_parts
from commsbridge.carriers.html_words import html_words
from commsbridge.carriers.mime_mail import Content, Head, read_content, read_head
from commsbridge.carriers.wire import decoded, storable
from commsbridge.conversations.gateways import InboundMail


def read_inbound(content_type: str, body: bytes) -> InboundMail:
    """The mail in a stored request. Never raises: what cannot be read is left empty.

    The envelope says where the mail was really sent; the To header is only what its writer put there.
    """
    parts = form_parts(content_type, body)
    fields = {part.name: part for part in parts}  # the last of a name wins: see _verdict
    raw = fields.get("email")
    head, content = _raw(raw) if raw is not None else _ready_made(fields, parts)
    sender, receivers = _envelope(fields)
    return InboundMail(
        message_id=head.message_id,
        from_address=head.from_address or sender or "",
        to_addresses=receivers,
        subject=head.subject,
        text=content.text,
        automatic=head.automatic or sender == "",
        in_reply_to=head.in_reply_to,
        spf=_verdict(parts, "SPF"),
        dkim=_verdict(parts, "dkim"),
        attachments=content.attachments,
    )


def _raw(part: Part) -> tuple[Head, Content]:
    return read_head(part.content), read_content(part.content)


def _ready_made(fields: dict[str, Part], parts: list[Part]) -> tuple[Head, Content]:
    """SendGrid's other form: headers, text and html as fields, each in the charset that ``charsets`` names for it."""
    charsets = _json(fields, "charsets")

    def words(name: str) -> str:
        charset = charsets.get(name)
        return storable(_field(fields, name, charset if isinstance(charset, str) else None))

    head = read_head(fields["headers"].content if "headers" in fields else b"")
    text = words("text")
    files = tuple((storable(p.filename)[:255], p.content_type, len(p.content)) for p in parts if p.filename is not None)
    sender = read_head(b"From: " + words("from").encode()).from_address
    return (
        Head(
            head.message_id,
            head.from_address or sender,
            words("subject").strip() or head.subject,
            head.in_reply_to,
            head.automatic,
        ),
        Content(text if text.strip() else html_words(words("html")), files),
    )


def _envelope(fields: dict[str, Part]) -> tuple[str | None, tuple[str, ...]]:
    """Sender and receivers of the SMTP envelope; an empty sender is a mail system's, None means it is not known."""
    envelope = _json(fields, "envelope")
    sender, receivers = envelope.get("from"), envelope.get("to")
    addresses = receivers if isinstance(receivers, list) else []
    return (
        _bare(sender) if isinstance(sender, str) else None,
        tuple(_bare(address) for address in addresses if isinstance(address, str)),
    )


def _bare(address: str) -> str:
    return storable(address).strip().removeprefix("<").removesuffix(">")


def _verdict(parts: list[Part], name: str) -> str | None:
    """SPF's or DKIM's verdict; None when it comes twice.

    SendGrid's boundary is a known word, so a mail can hold a boundary line and fields of its own making. The envelope
    stands after the mail, so the last one is SendGrid's; a verdict may stand before or after, so neither is believed.
    """
    found = [part for part in parts if part.name == name]
    return (storable(decoded(found[0].content, None)).strip() or None) if len(found) == 1 else None


def _json(fields: dict[str, Part], name: str) -> dict[str, Any]:
    try:
        value = json.loads(_field(fields, name, None))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _field(fields: dict[str, Part], name: str, charset: str | None) -> str:
    return decoded(fields[name].content, charset) if name in fields else ""
