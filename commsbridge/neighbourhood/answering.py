"""How real mail programs write an answer: each quotes the original in its own way."""

from __future__ import annotations

import html
import secrets
import textwrap
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from enum import StrEnum

from commsbridge.neighbourhood.letters import Letter

QUOTE_WIDTH = 76


class MailProgram(StrEnum):
    """The programs whose way of answering is known here; ``AWAY`` is an out-of-office answer nobody wrote."""

    GMAIL = "gmail"
    APPLE = "apple"
    OUTLOOK = "outlook"
    BARE = "bare"
    AWAY = "away"


def answer_to(letter: Letter, words: str, program: MailProgram, *, name: str, at: datetime) -> bytes:
    """The MIME message with which ``letter``'s reader answers it; ``at`` is local time, told above the quotation."""
    mail = _begun(letter.to, name, letter.answer_to, "Re: " + letter.subject.removeprefix("Re: "), at)
    mail["In-Reply-To"] = letter.message_id
    mail["References"] = letter.message_id
    if program is MailProgram.AWAY:
        mail["Auto-Submitted"] = "auto-replied"
        mail["Precedence"] = "auto_reply"
    text, rich = WAYS[program](letter, words, at)
    mail.set_content(text)
    if rich:
        mail.add_alternative(rich, subtype="html")
    return mail.as_bytes()


def new_mail(letter: Letter, *, headers: Mapping[str, str], at: datetime) -> bytes:
    """The MIME message of a letter that answers nothing; ``headers`` are added or stand instead."""
    mail = _begun(letter.sender, letter.sender_name, letter.to, letter.subject, at)
    for header, value in headers.items():
        del mail[header]
        mail[header] = value
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(letter.html, subtype="html")
    return mail.as_bytes()


def _begun(sender: str, name: str, to: str, subject: str, at: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["MIME-Version"] = "1.0"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{secrets.token_hex(12)}@mail.example>"
    mail["From"] = formataddr((name, sender), "utf-8")
    mail["To"] = to
    mail["Subject"] = " ".join(subject.split())
    return mail


def _original(letter: Letter) -> list[str]:
    return letter.text.replace("\r\n", "\n").split("\n")


def _rich_original(letter: Letter) -> str:
    return letter.html or "<br>".join(html.escape(line) for line in _original(letter))


def _rich(words: str) -> str:
    return "<br>".join(html.escape(line) for line in words.split("\n"))


def _who(letter: Letter) -> str:
    return f"{letter.sender_name} <{letter.sender}>" if letter.sender_name else f"<{letter.sender}>"


def _quoted(letter: Letter) -> str:
    return "\n".join(("> " + line).rstrip() for line in _original(letter))


def _gmail(letter: Letter, words: str, at: datetime) -> tuple[str, str]:
    head = f"On {at:%a, %d %b %Y} at {at:%H:%M}, {_who(letter)} wrote:"
    rich = (
        f'<div dir="ltr">{_rich(words)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{html.escape(head)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
        f'padding-left:1ex">{_rich_original(letter)}</blockquote></div>'
    )
    folded = "\n".join(textwrap.wrap(head, QUOTE_WIDTH, break_long_words=False, break_on_hyphens=False))
    return f"{words}\n\n{folded}\n\n{_quoted(letter)}\n", rich


def _apple(letter: Letter, words: str, at: datetime) -> tuple[str, str]:
    head = f"On {at.day}/{at:%m/%Y}, at {at:%I:%M %p}, {_who(letter)} wrote:"
    rich = (
        f'<html><body dir="auto">{_rich(words)}<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br>'
        f'<blockquote type="cite">{html.escape(head)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{_rich_original(letter)}</div></blockquote></body></html>'
    )
    return f"{words}\n\nSent from my iPhone\n\n> {head}\n> \n{_quoted(letter)}\n", rich


def _outlook(letter: Letter, words: str, at: datetime) -> tuple[str, str]:
    sent = f"{at:%A}, {at.day} {at:%B %Y} {at:%I:%M %p}"
    lines = [f"From: {_who(letter)}", f"Sent: {sent}", f"To: {letter.to}", f"Subject: {letter.subject}"]
    rich = (
        f'<html><body><div class="elementToProof">{_rich(words)}</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        f"{'<br>'.join(html.escape(line) for line in lines)}</div>{_rich_original(letter)}</body></html>"
    )
    head = "\n".join(lines)
    return f"{words}\n\n{'_' * 32}\n{head}\n\n{letter.text}\n", rich


def _bare(_letter: Letter, words: str, _at: datetime) -> tuple[str, str]:
    return words + "\n", ""


def _away(_letter: Letter, words: str, _at: datetime) -> tuple[str, str]:
    return (words or "I am away and will read my mail when I am back.") + "\n", ""


WAYS: Mapping[MailProgram, Callable[[Letter, str, datetime], tuple[str, str]]] = {
    MailProgram.GMAIL: _gmail,
    MailProgram.APPLE: _apple,
    MailProgram.OUTLOOK: _outlook,
    MailProgram.BARE: _bare,
    MailProgram.AWAY: _away,
}
