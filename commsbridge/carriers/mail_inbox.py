"""The way in for mail: the frame of a stored request is read here, what it holds by a process apart."""

from __future__ import annotations

from commsbridge.conversations.gateways import InboundFrame, InboundMail
from commsbridge.mail_reading import LONGEST_WORDS, Apart, Frame, read_frame, unread_words
from commsbridge.messages import REPLY_MARKER


class ParsedMails:
    """A MailInbox for SendGrid's Inbound Parse. ``our_domain`` is where replies to our mails come to."""

    def __init__(self, *, our_domain: str) -> None:
        self._our_domain = our_domain
        self._apart = Apart()

    def frame(self, content_type: str, body: bytes) -> InboundFrame:
        """Who wrote to whom. Never slow, never raises: what cannot be read is left empty."""
        found = read_frame(content_type, body)
        return InboundFrame(found.message_id, found.from_address, found.to_addresses)

    def read(self, content_type: str, body: bytes) -> InboundMail:
        """Read a stored request's multipart body. Never raises: a mail that cannot be read in time is left whole."""
        frame = read_frame(content_type, body)
        held = self._apart.read(content_type, body, our_domain=self._our_domain, marker=REPLY_MARKER)
        if held is None:
            text = unread_words(content_type, body)
            return _mail(frame, text, text[:LONGEST_WORDS], whole=True)
        return _mail(frame, held.text, held.words, attachments=held.attachments)

    def hung(self, content_type: str, body: bytes, number: int, *, most: int) -> bytes | None:
        """What hung on a mail at a place among its attachments; None when it cannot be read in time. Thread-safe."""
        return self._apart.hung(content_type, body, number, most=most)

    def close(self) -> None:
        """End the process."""
        self._apart.close()


def _mail(
    frame: Frame,
    text: str,
    words: str,
    *,
    attachments: tuple[tuple[str, str, int], ...] = (),
    whole: bool = False,
) -> InboundMail:
    return InboundMail(
        message_id=frame.message_id,
        from_address=frame.from_address,
        to_addresses=frame.to_addresses,
        subject=frame.subject,
        text=text,
        automatic=frame.automatic,
        in_reply_to=frame.in_reply_to,
        spf=frame.spf,
        dkim=frame.dkim,
        attachments=attachments,
        words=words,
        whole=whole,
    )
