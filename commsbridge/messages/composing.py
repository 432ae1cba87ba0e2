"""Composing: the words of one delivery, from the plan, the people and the bank."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from commsbridge.foundation.language import Language
from commsbridge.foundation.segments import Segments, count
from commsbridge.messages import letters
from commsbridge.messages.bank import Pair
from commsbridge.messages.models import Phrase
from commsbridge.messages.planning import Planned
from commsbridge.schools import School, Sender, SenderKind
from commsbridge.whanau import CARRIED, Channel, Recipient

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Composed:
    """What one person gets. ``units`` are text segments, 1 for a mail, 0 for what a person carries.

    ``paragraphs`` are a mail's, each with its lang code (None: as typed), for showing it before it goes. ``language``
    is what it is written in; ``held_back``: they asked for te reo Māori, which may not leave the school yet.
    """

    subject: str | None
    body: str
    html: str | None
    units: int
    length: Segments | None
    language: str
    paragraphs: tuple[tuple[str, str | None], ...] = ()
    held_back: bool = False


def school_of_letters(school: School, voice: letters.Voice | None = None) -> letters.School:
    """The school as families read it, with how it says its sentences."""
    return letters.School(
        name_mi=school.name_mi,
        name_en=school.name_en,
        text_name=school.text_name,
        voice=voice or letters.Voice(),
        text_vowels=school.text_vowels,
    )


def text_sender(sender: Sender | None) -> letters.TextSender:
    """What of a sender shapes a text; none is needed for what never goes as a text."""
    costs = sender is not None and sender.kind == SenderKind.STANDARD
    return letters.TextSender(
        reply_costs=costs, carrier_adds_charge_words=sender is not None and sender.carrier_adds_charge_words
    )


def reader(recipient: Recipient, reads: letters.Reads) -> letters.Recipient:
    """Whoever reads it, addressed as a person at school typed, else by the first word of their name."""
    shown = recipient.greeting or recipient.name.split()[0]
    return letters.Recipient(shown_name=shown, reads=reads)


def pair_of(phrase: Phrase | None) -> Pair | None:
    """A phrase of the school's bank as the letters take it."""
    return Pair(mi=phrase.text_mi, en=phrase.text_en) if phrase else None


def in_their_language(
    school: letters.School,
    language: str,
    write: Callable[[letters.School, letters.Reads], Body],
    *,
    promise: str = letters.LATER,
) -> tuple[Body, str]:
    """What ``write`` makes in a language, and the language it is in.

    Where a te reo Māori wording of it may not leave the school, all of it is in English and ends with ``promise``:
    never a language mixed sentence by sentence, and nobody waits for their news.
    """
    try:
        return write(school, letters.Reads(language)), language
    except letters.HeldBack:
        return write(replace(school, promise=promise), letters.Reads.EN), Language.EN.value


def _carried(
    school: letters.School,
    planned: Planned,
    write: Callable[[letters.School, letters.Reads], str | letters.Letter],
    *,
    promise: str = letters.LATER,
) -> Composed:
    """A text or a mail in the reader's language, or in English where its te reo may not leave."""
    written, language = in_their_language(school, planned.language, write, promise=promise)
    held_back = language != planned.language
    if isinstance(written, str):
        length = count(written)
        return Composed(None, written, None, length.segments, length, language, held_back=held_back)
    return Composed(
        written.subject, written.text, written.html, 1, None, language, written.paragraphs, held_back=held_back
    )


def compose_praise(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    news: letters.News,
    *,
    change_url: str,
    photo_url: str,
) -> Composed:
    """Good news for one person; what a person carries is the sentence they will say.

    A photo stands in a mail and behind ``photo_url`` of a text: never in a multimedia message, which costs families.
    """
    if planned.channel not in CARRIED:
        said = [news.phrase.en.replace("{name}", news.child) if news.phrase else "", news.words]
        return Composed(None, " ".join(filter(None, said)), None, 0, None, planned.language)

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        who = reader(recipient, reads)
        if planned.channel is Channel.TEXT:
            return letters.praise_text(
                paper, text_sender(sender), who, news, photo_link=photo_url if news.photo_shows else None
            )
        return letters.praise_mail(paper, who, news, change_link=change_url)

    return _carried(school, planned, write, promise=letters.FOLLOWS if news.phrase else letters.LATER)


def compose_note(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    *,
    child: str,
    link: str,
    change_url: str,
) -> Composed:
    """The neutral line with a link, for what may not stand in a message."""

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        if planned.channel is Channel.TEXT:
            return letters.note_text(paper, text_sender(sender), reads, child=child, link=link)
        return letters.note_mail(paper, reader(recipient, reads), child=child, link=link, change_link=change_url)

    return _carried(school, planned, write)


def compose_notice(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    notice: letters.Notice,
    *,
    change_url: str,
) -> Composed:
    """A notice for one person, in the language they read where it was written in it; never translated."""
    if planned.channel not in CARRIED:
        said = notice.words[notice.home(Language.MI if planned.language == Language.MI else Language.EN)]
        return Composed(None, said, None, 0, None, planned.language)

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        who = reader(recipient, reads)
        if planned.channel is Channel.TEXT:
            return letters.notice_text(paper, text_sender(sender), who, notice)
        return letters.notice_mail(paper, who, notice, change_link=change_url)

    as_written = notice.reads(letters.Reads(planned.language)).value
    return _carried(school, replace(planned, language=as_written), write)


def compose_book(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    news: letters.BookNews,
    *,
    link: str,
    change_url: str,
) -> Composed:
    """Pages of a book for one person: the good line and a link in a text, the pages whole in a mail."""

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        if planned.channel is Channel.TEXT:
            return letters.book_text(paper, text_sender(sender), reads, news, link=link)
        return letters.book_mail(paper, reader(recipient, reads), news, link=link, change_link=change_url)

    return _carried(school, planned, write)


def compose_no_page(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    *,
    child: str,
    link: str,
    change_url: str,
) -> Composed:
    """That no page comes today, for one person who asked to be told."""

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        if planned.channel is Channel.TEXT:
            return letters.no_page_text(paper, text_sender(sender), reads, child=child, link=link)
        return letters.no_page_mail(paper, reader(recipient, reads), child=child, link=link, change_link=change_url)

    return _carried(school, planned, write)


def compose_pulse(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    questions: Sequence[str],
    *,
    link: str,
    change_url: str,
) -> Composed:
    """The two questions of a term: the first in a text (its link, where an answer costs), both in a mail."""

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        if planned.channel is Channel.TEXT:
            return letters.pulse_text(paper, text_sender(sender), reads, question=questions[0], link=link)
        who = reader(recipient, reads)
        return letters.pulse_mail(paper, who, questions=questions, link=link, change_link=change_url)

    return _carried(school, planned, write)


def compose_hui(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    news: letters.HuiNews,
    *,
    link: str,
    change_url: str,
) -> Composed:
    """What one person is told of a hui; what a person carries is what they will say."""
    if planned.channel not in CARRIED:
        return Composed(None, letters.hui_said(news), None, 0, None, planned.language)

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        if planned.channel is Channel.TEXT:
            return letters.hui_text(paper, text_sender(sender), reads, news, link=link)
        return letters.hui_mail(paper, reader(recipient, reads), news, link=link, change_link=change_url)

    return _carried(school, planned, write)


def compose_page_news(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    telling: letters.PageTelling,
    *,
    child: str,
    more: str,
    link: str,
    change_url: str,
) -> Composed:
    """That something new stands on one person's page; what a person carries is what they will say, with ``more``."""
    if planned.channel not in CARRIED:
        return Composed(None, letters.page_news_said(telling, child, more), None, 0, None, planned.language)

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        if planned.channel is Channel.TEXT:
            return letters.page_news_text(paper, text_sender(sender), reads, telling, child=child, link=link)
        who = reader(recipient, reads)
        return letters.page_news_mail(paper, who, telling, child=child, link=link, change_link=change_url)

    return _carried(school, planned, write)


def compose_welcome(
    school: letters.School,
    sender: Sender | None,
    recipient: Recipient,
    planned: Planned,
    *,
    child: str,
    change_url: str,
) -> Composed:
    """The first message anybody gets."""

    def write(paper: letters.School, reads: letters.Reads) -> str | letters.Letter:
        who = reader(recipient, reads)
        if planned.channel is Channel.TEXT:
            shape = text_sender(sender)
            stop_link = change_url if shape.reply_costs else None
            return letters.welcome_text(paper, shape, who, child=child, stop_link=stop_link)
        return letters.welcome_mail(paper, who, child=child, change_link=change_url)

    return _carried(school, planned, write)


NO_DELIVERY = uuid.UUID(int=0)
