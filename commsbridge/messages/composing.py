"""Composing: the words of one delivery, from the plan, the people and the bank."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from commsbridge.foundation.segments import Segments, count
from commsbridge.messages import letters
from commsbridge.messages.bank import Pair
from commsbridge.messages.models import Phrase
from commsbridge.messages.planning import Planned
from commsbridge.schools import School, Sender, SenderKind
from commsbridge.whanau import Channel, Recipient


@dataclass(frozen=True, slots=True)
class Composed:
    """What one person gets. ``units`` are text segments, 1 for a mail, 0 for what a person carries.

    ``paragraphs`` are a mail's, each with its lang code (None: as typed), for showing it before it goes.
    """

    subject: str | None
    body: str
    html: str | None
    units: int
    length: Segments | None
    paragraphs: tuple[tuple[str, str | None], ...] = ()


def school_of_letters(school: School) -> letters.School:
    """The school as families read it."""
    return letters.School(name_mi=school.name_mi, name_en=school.name_en, text_name=school.text_name)


def text_sender(sender: Sender | None) -> letters.TextSender:
    """What of a sender shapes a text; none is needed for what never goes as a text."""
    costs = sender is not None and sender.kind == SenderKind.STANDARD
    return letters.TextSender(
        reply_costs=costs, carrier_adds_charge_words=sender is not None and sender.carrier_adds_charge_words
    )


def reader(recipient: Recipient, language: str) -> letters.Recipient:
    """Whoever reads it, addressed as a person at school typed, else by the first word of their name."""
    shown = recipient.greeting or recipient.name.split()[0]
    return letters.Recipient(shown_name=shown, reads=letters.Reads(language))


def pair_of(phrase: Phrase | None) -> Pair | None:
    """A phrase of the school's bank as the letters take it."""
    return Pair(mi=phrase.text_mi, en=phrase.text_en) if phrase else None


def _text(body: str) -> Composed:
    length = count(body)
    return Composed(None, body, None, length.segments, length)


def _mail(letter: letters.Letter) -> Composed:
    return Composed(letter.subject, letter.text, letter.html, 1, None, letter.paragraphs)


def compose_praise(
    school: School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    news: letters.News,
    *,
    change_url: str,
) -> Composed:
    """Good news for one person; what a person carries is the sentence they will say."""
    if planned.channel is Channel.TEXT:
        who = reader(recipient, planned.language)
        return _text(letters.praise_text(school_of_letters(school), text_sender(sender), who, news))
    if planned.channel is Channel.EMAIL:
        who = reader(recipient, planned.language)
        return _mail(letters.praise_mail(school_of_letters(school), who, news, change_link=change_url))
    said = [news.phrase.en.replace("{name}", news.child) if news.phrase else "", news.words]
    return Composed(None, " ".join(filter(None, said)), None, 0, None)


def compose_note(
    school: School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    *,
    child: str,
    link: str,
    change_url: str,
) -> Composed:
    """The neutral line with a link, for what may not stand in a message."""
    who = reader(recipient, planned.language)
    if planned.channel is Channel.TEXT:
        line = letters.note_text(school_of_letters(school), text_sender(sender), who.reads, child=child, link=link)
        return _text(line)
    return _mail(letters.note_mail(school_of_letters(school), who, child=child, link=link, change_link=change_url))


def compose_welcome(
    school: School, sender: Sender | None, recipient: Recipient, planned: Planned, *, child: str, change_url: str
) -> Composed:
    """The first message anybody gets."""
    who = reader(recipient, planned.language)
    if planned.channel is Channel.TEXT:
        shape = text_sender(sender)
        stop_link = change_url if shape.reply_costs else None
        text = letters.welcome_text(school_of_letters(school), shape, who, child=child, stop_link=stop_link)
        return _text(text)
    return _mail(letters.welcome_mail(school_of_letters(school), who, child=child, change_link=change_url))


NO_DELIVERY = uuid.UUID(int=0)
