"""Posts as SendGrid's Inbound Parse makes them, and the mails in them."""

from __future__ import annotations

import json
from email.message import EmailMessage
from email.policy import SMTP

from commsbridge.conversations.gateways import InboundMail
from commsbridge.mail_reading import read_frame, read_held

TYPE = "multipart/form-data; boundary=xYzZY"
REPLY_ADDRESS = "reply+abc.def@in.kura.example"


def read(body: bytes, content_type: str = TYPE) -> InboundMail:
    """What the process apart would make of it, made here."""
    frame, held = read_frame(content_type, body), read_held(content_type, body)
    return InboundMail(
        frame.message_id, frame.from_address, frame.to_addresses, frame.subject, held.text, frame.automatic,
        frame.in_reply_to, frame.spf, frame.dkim, held.attachments,
    )  # fmt: skip


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
