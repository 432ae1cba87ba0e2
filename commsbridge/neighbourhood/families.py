"""What families do: text, write, answer a letter, press unsubscribe."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from email import message_from_bytes

from commsbridge.foundation import segments
from commsbridge.neighbourhood import sendgrid_hooks, twilio_hooks
from commsbridge.neighbourhood.answering import MailProgram, answer_to, new_mail
from commsbridge.neighbourhood.letters import Letter, address_of
from commsbridge.neighbourhood.office import Office
from commsbridge.neighbourhood.sendgrid_hooks import Envelope
from commsbridge.neighbourhood.texts import INBOUND, Media, Text, new_sid

# Twilio's default keywords ("Advanced Opt-Out")
KEYWORDS = {
    "STOP": frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}),
    "START": frozenset({"start", "unstop", "yes"}),
    "HELP": frozenset({"help", "info"}),
}
CARRIER_ANSWERS = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
ONE_CLICK = b"List-Unsubscribe=One-Click"


class Families:
    """Everyone in town."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def text_in(self, from_number: str, to_number: str, body: str, *, media: Sequence[tuple[str, bytes]] = ()) -> Text:
        """Send a text from a phone, also one never seen; ``media`` are (media type, content)."""
        office = self._office
        now = office.town.now()
        text = Text(
            sid=new_sid("MM" if media else "SM"),
            direction=INBOUND,
            sender=from_number,
            to=to_number,
            body=body,
            status="received",
            segments=max(1, segments.count(body).segments),
            created_at=now,
            updated_at=now,
            sent_at=now,
            media=tuple(Media(new_sid("ME"), kind, content) for kind, content in media),
            opt_out=self._opt_out(to_number, body),
        )
        office.town.add_text(text)
        self._obey(text)
        fate = office.faults.fate("text_in", sender=from_number, to=to_number)
        office.postman.run(twilio_hooks.bring(office, text, fate))
        return text

    def _opt_out(self, to_number: str, body: str) -> str | None:
        if to_number not in self._office.arrangement.stops_answered_for:
            return None
        word = body.strip().lower()
        return next((kind for kind, words in KEYWORDS.items() if word in words), None)

    def _obey(self, text: Text) -> None:
        """Do what the carrier itself does with STOP, START and HELP."""
        if text.opt_out == "STOP":
            self._office.town.stop(text.to, text.phone)
        elif text.opt_out == "START":
            self._office.town.start(text.to, text.phone)
        if text.opt_out is not None:
            twilio_hooks.answer_from_carrier(self._office, text, CARRIER_ANSWERS[text.opt_out])

    def mail_in(
        self,
        from_address: str,
        to_address: str,
        subject: str,
        text: str,
        *,
        html: str = "",
        headers: Mapping[str, str] | None = None,
        name: str = "",
        raw: bytes | None = None,
        envelope: Envelope | None = None,
    ) -> Letter:
        """Write a mail. ``raw`` sends these very bytes as MIME; ``envelope`` says otherwise than its head."""
        at = self._office.town.now().astimezone(self._office.arrangement.time_zone)
        letter = Letter(
            id=secrets.token_hex(8),
            inbound=True,
            message_id="",
            carrier_id="",
            sender=address_of(from_address),
            sender_name=name,
            to=to_address,
            subject=subject,
            text=text,
            html=html,
            created_at=self._office.town.now(),
            status="received",
            headers=dict(headers or {}),
        )
        written = new_mail(letter, headers=headers or {}, at=at) if raw is None else raw
        letter.message_id = _message_id(written)
        self._post(letter, written, envelope or Envelope(from_address, (to_address,)))
        return letter

    def reply(self, letter: Letter, words: str, program: MailProgram = MailProgram.GMAIL) -> Letter:
        """Answer a letter the way this mail program would; returns what was written."""
        at = self._office.town.now().astimezone(self._office.arrangement.time_zone)
        name = self._office.town.mailbox(letter.to).label
        raw = answer_to(letter, words, program, name=name, at=at)
        sender = "" if program is MailProgram.AWAY else letter.to
        envelope = Envelope(sender, (letter.answer_to,))
        subject = "Re: " + letter.subject.removeprefix("Re: ")
        return self.mail_in(letter.to, letter.answer_to, subject, words, name=name, raw=raw, envelope=envelope)

    def _post(self, letter: Letter, raw: bytes, envelope: Envelope) -> None:
        office = self._office
        office.town.add_letter(letter)
        fate = office.faults.fate("mail_in", sender=letter.sender, to=letter.to)
        office.postman.run(sendgrid_hooks.bring(office, letter, raw, envelope, fate))

    def unsubscribe(self, letter: Letter) -> Iterator[float]:
        """The errand of pressing a letter's unsubscribe button (RFC 8058: one POST, no cookie, no redirect)."""
        url = letter.one_click
        if url is None:
            letter.unsubscribed = "this letter has no one-click button"
        else:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            reach = self._office.arrangement.reach(url)
            letter.unsubscribed = self._office.postman.knock("unsubscribe", url, reach, headers, ONE_CLICK).told
        self._office.town.note()
        yield from ()


def _message_id(raw: bytes) -> str:
    return str(message_from_bytes(raw).get("Message-ID", "")).strip()
