"""The words by which a page of the book goes home: the good line and a link in a text, the page in a mail.

And the code that proves a new device. All pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commsbridge.foundation.language import N_, Language
from commsbridge.messages.letters.layout import Block, Letter, Paragraph
from commsbridge.messages.letters.mails import ANSWER, CHANGE, dear, written
from commsbridge.messages.letters.parts import Reads, Recipient, School, TextSender
from commsbridge.messages.letters.texts import framed

BOOK_LINK = N_("%(name)s’s book: %(link)s")
BOOK_WAITS = N_("There is a new page in %(name)s’s book: %(link)s")
NO_PAGE = N_("There is no page in %(name)s’s book today: %(link)s")
NO_PAGE_TODAY = N_("There is no page in %(name)s’s book today. You asked to be told.")
BOOK = N_("The book of %(name)s")
READ_THIS = N_("I have read this")
TELL = N_("Tell %(name)s")
# Where on the page behind the link each of the two is (templates/family.html).
READ_HERE, TELL_HERE = "#read", "#tell"
OPEN_ALL = N_("Open the book")
WRITTEN_BY = N_("Written by %(writers)s")
PAGE_LINK = N_("%(contact)s, your page at school: %(link)s")
CODE = N_("Your code is %(code)s. It holds for ten minutes. Nobody from school will ask you for it.")
CODE_SUBJECT = N_("Your code")


@dataclass(frozen=True, slots=True)
class BookPart:
    """One section of a page: its title and what was ticked by language, and words as they were typed."""

    titles: Mapping[Language, str]
    words: str = ""
    ticked: Mapping[Language, str] | None = None


@dataclass(frozen=True, slots=True)
class BookDay:
    """One page: its day by language, and the sections in which something stands."""

    days: Mapping[Language, str]
    parts: tuple[BookPart, ...]


@dataclass(frozen=True, slots=True)
class BookNews:
    """What of a child's book goes to one person. ``good`` is the line that may stand in a text, "" for none.

    ``whole``: the reader has asked in writing for all of its words by text.
    """

    child: str
    writers: str
    days: tuple[BookDay, ...]
    good: str = ""
    whole: bool = False


def book_text(school: School, sender: TextSender, reads: Reads, news: BookNews, *, link: str) -> str:
    """The text: the good line once, then where the page is; all words only for whoever asked for them in writing."""

    def block(language: Language) -> str:
        first = language is reads.languages[0]
        said = [news.good] if first and news.good and not news.whole else []
        if first and news.whole:
            said = [line for day in news.days for line in _told(day, language, dated=len(news.days) > 1)]
        sentence = BOOK_LINK if said else BOOK_WAITS
        return "\n".join([*said, school.text_say(language, sentence, name=news.child, link=link)])

    return framed(school, sender, reads, block)


def book_mail(school: School, recipient: Recipient, news: BookNews, *, link: str, change_link: str) -> Letter:
    """The mail: the page or pages whole, and two ways on, as large as each other: read, and good news for the child.

    Both open the reader's own page; nothing is read or told before they press there.
    """

    def block(language: Language) -> Block:
        told = [paragraph for day in news.days for paragraph in _day(day, language)]
        return Block(
            language,
            school.say(language, BOOK, name=news.child),
            (
                dear(school, language, recipient),
                *told,
                Paragraph(school.say(language, WRITTEN_BY, writers=news.writers), "small"),
                Paragraph(school.say(language, READ_THIS), link=link + READ_HERE, pressed=True),
                Paragraph(school.say(language, TELL, name=news.child), link=link + TELL_HERE, pressed=True),
                Paragraph(school.name(language)),
                Paragraph(school.say(language, ANSWER), "small"),
                Paragraph(school.say(language, CHANGE), "small", link=change_link),
            ),
        )

    return written(school, recipient.reads, block)


def _day(day: BookDay, language: Language) -> list[Paragraph]:
    told = [Paragraph(day.days[language], "small")]
    for part in day.parts:
        told.append(Paragraph(part.titles[language], "small"))
        if part.words:
            told.append(Paragraph(part.words, typed=True))
        if part.ticked:
            told.append(Paragraph(part.ticked[language]))
    return told


def _told(day: BookDay, language: Language, *, dated: bool) -> list[str]:
    """A page by text; of several each begins with its day."""
    return [*([day.days[language]] if dated else []), *(_said(part, language) for part in day.parts)]


def _said(part: BookPart, language: Language) -> str:
    said = [part.words, part.ticked[language] if part.ticked else ""]
    return f"{part.titles[language]}: {' '.join(filter(None, said))}"


def no_page_text(school: School, sender: TextSender, reads: Reads, *, child: str, link: str) -> str:
    """The text for whoever asked to be told of a day without a page."""
    return framed(school, sender, reads, lambda language: school.text_say(language, NO_PAGE, name=child, link=link))


def no_page_mail(school: School, recipient: Recipient, *, child: str, link: str, change_link: str) -> Letter:
    """The same by mail."""

    def block(language: Language) -> Block:
        return Block(
            language,
            school.say(language, BOOK, name=child),
            (
                dear(school, language, recipient),
                Paragraph(school.say(language, NO_PAGE_TODAY, name=child)),
                Paragraph(school.say(language, OPEN_ALL), link=link),
                Paragraph(school.name(language)),
                Paragraph(school.say(language, CHANGE), "small", link=change_link),
            ),
        )

    return written(school, recipient.reads, block)


def page_link_text(school: School, sender: TextSender, recipient: Recipient, *, link: str) -> str:
    """The answer to BOOK: where this person's page is; by name, since a phone may be shared."""

    def block(language: Language) -> str:
        return school.text_say(language, PAGE_LINK, contact=recipient.shown_name, link=link)

    return framed(school, sender, recipient.reads, block)


def code_text(school: School, sender: TextSender, reads: Reads, *, code: str) -> str:
    """The code that proves that a new device is theirs."""
    return framed(school, sender, reads, lambda language: school.text_say(language, CODE, code=code))


def code_mail(school: School, recipient: Recipient, *, code: str) -> Letter:
    """The same by mail."""

    def block(language: Language) -> Block:
        said = Paragraph(school.say(language, CODE, code=code), "large")
        signed = Paragraph(school.name(language))
        return Block(language, school.say(language, CODE_SUBJECT), (dear(school, language, recipient), said, signed))

    return written(school, recipient.reads, block)
