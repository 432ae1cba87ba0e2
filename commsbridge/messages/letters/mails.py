"""The words of every mail to a family, as text and HTML: te reo Māori first where both languages are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from commsbridge.foundation.language import N_, Language
from commsbridge.messages.letters.layout import Block, Letter, Paragraph, lay_out
from commsbridge.messages.letters.parts import News, Notice, Reads, Recipient, School
from commsbridge.messages.letters.texts import LEFT_IN_ENGLISH, SIGNED, TRANSLATED, WHY

DEAR = N_("Kia ora %(contact)s,")
GOOD_NEWS = N_("Good news about %(name)s")
MESSAGE_FROM = N_("A message from %(writer)s")
WORK_ON = N_("Something we can both work on with %(name)s")
WHAT_HELPS = N_("What helps at home? You know %(name)s best: please tell us.")
WELCOME = N_("Welcome: good news about %(name)s")
NOTE = N_("A note about %(name)s")
READ_NOTE = N_("Read the note about %(name)s")
PHOTO = N_("Photo: %(shows)s")
ANSWER = N_("You can answer by replying to this email.")
WHY_THIS = N_("This email came to you because the school has you down as a contact for %(name)s.")
CHANGE = N_("Change or stop these messages")
CARE_BY_MAIL = N_(
    "Replies are not watched at all hours. In an emergency ring 111. To talk to someone, call or text 1737."
)
KEPT = N_(
    "The school keeps your name, your address for messages and your replies, so that home and school can work "
    "together. You can ask to see them, or to have them put right."
)


def praise_mail(school: School, recipient: Recipient, news: News, *, change_link: str) -> Letter:
    """The mail that brings good news. ``change_link`` opens the page where the reader changes or stops the messages."""

    def block(language: Language) -> Block:
        signed = Paragraph(f"{school.say(language, SIGNED, writer=news.writer)}\n{school.name(language)}")
        return Block(
            language,
            school.say(language, WORK_ON if news.work_on else GOOD_NEWS, name=news.child),
            (
                dear(school, language, recipient),
                *_told(news, language),
                *_photo(school, news, recipient.reads, language),
                *_asked(school, language, news),
                signed,
                *_written_by(school, language, news),
                *_footer(school, language, news.child, change_link),
            ),
        )

    return written(school, recipient.reads, block)


def notice_mail(school: School, recipient: Recipient, notice: Notice, *, change_link: str) -> Letter:
    """What somebody at school has to say, as a whole letter in each language it was written in."""

    def block(language: Language) -> Block:
        signed = Paragraph(f"{school.say(language, SIGNED, writer=notice.writer)}\n{school.name(language)}")
        home = notice.home(language)
        said = Paragraph(notice.words[home], "large", typed=True, typed_in=home)
        return Block(
            language,
            school.say(language, MESSAGE_FROM, writer=notice.writer),
            (
                dear(school, language, recipient),
                said,
                signed,
                *_notice_by(school, language, notice),
                Paragraph(school.say(language, ANSWER), "small"),
                Paragraph(school.say(language, CHANGE), "small", link=change_link),
            ),
        )

    return written(school, recipient.reads, block)


def welcome_mail(school: School, recipient: Recipient, *, child: str, change_link: str) -> Letter:
    """A contact's very first mail: who writes, why, what is kept, how to stop, and that it is not always watched."""

    def block(language: Language) -> Block:
        return Block(
            language,
            school.say(language, WELCOME, name=child),
            (
                dear(school, language, recipient),
                Paragraph(school.say(language, WHY, name=child)),
                Paragraph(school.say(language, ANSWER)),
                Paragraph(school.say(language, CARE_BY_MAIL)),
                Paragraph(school.say(language, KEPT)),
                Paragraph(school.say(language, CHANGE), link=change_link),
                Paragraph(school.name(language)),
            ),
        )

    return written(school, recipient.reads, block)


def note_mail(school: School, recipient: Recipient, *, child: str, link: str, change_link: str) -> Letter:
    """The neutral mail for anything that may not stand in a mail's body: only that there is a note, and where."""

    def block(language: Language) -> Block:
        return Block(
            language,
            school.say(language, NOTE, name=child),
            (
                dear(school, language, recipient),
                Paragraph(school.say(language, READ_NOTE, name=child), "large", link=link),
                Paragraph(school.name(language)),
                *_footer(school, language, child, change_link),
            ),
        )

    return written(school, recipient.reads, block)


def _told(news: News, language: Language) -> list[Paragraph]:
    """The praise, then own words: these stand in each block, so that each is a whole letter."""
    phrase = news.phrase_in(language)
    in_english = news.left_in_english(language)
    told = [Paragraph(phrase, "large", typed=in_english, typed_in=Language.EN)] if phrase else []
    if news.words_mi and language is Language.MI:
        told.append(Paragraph(news.words_mi, "large", typed=True, typed_in=Language.MI))
    elif news.words.strip():
        told.append(Paragraph(news.words.strip(), "large", typed=True, typed_in=news.words_language))
    return told


def _written_by(school: School, language: Language, news: News) -> tuple[Paragraph, ...]:
    """Who wrote the te reo Māori of the own words, where a person did; or that the phrase is in English."""
    if news.left_in_english(language):
        return (Paragraph(school.say(language, LEFT_IN_ENGLISH), "small"),)
    if not news.words_mi or language is not Language.MI:
        return ()
    return (Paragraph(school.say(language, TRANSLATED, translator=news.translator), "small"),)


def _notice_by(school: School, language: Language, notice: Notice) -> tuple[Paragraph, ...]:
    """Who wrote the te reo Māori of a message, where that was somebody else."""
    if not notice.by(language):
        return ()
    return (Paragraph(school.say(language, TRANSLATED, translator=notice.translator), "small"),)


def _asked(school: School, language: Language, news: News) -> list[Paragraph]:
    """What is to work on is asked about, not only told."""
    return [Paragraph(school.say(language, WHAT_HELPS, name=news.child))] if news.work_on else []


def _photo(school: School, news: News, reads: Reads, language: Language) -> list[Paragraph]:
    """The photo, once: in the reader's first block; its words are in the language they were written in."""
    if not news.photo_shows or language is not reads.languages[0]:
        return []
    return [Paragraph(school.say(language, PHOTO, shows=news.photo_shows), picture=news.photo_shows)]


def dear(school: School, language: Language, recipient: Recipient) -> Paragraph:
    """How each mail begins."""
    return Paragraph(school.say(language, DEAR, contact=recipient.shown_name))


def _footer(school: School, language: Language, child: str, change_link: str) -> tuple[Paragraph, ...]:
    return (
        Paragraph(school.say(language, ANSWER), "small"),
        Paragraph(school.say(language, WHY_THIS, name=child), "small"),
        Paragraph(school.say(language, CHANGE), "small", link=change_link),
    )


def written(school: School, reads: Reads, block: Callable[[Language], Block]) -> Letter:
    """A whole letter in each language read, the school first in the subject, by its short name.

    The subject column and a phone's list are narrow.
    """
    blocks = tuple(_with_promise(school, block(language)) for language in reads.languages)
    subject = f"{school.text_name}: {' / '.join(b.heading for b in blocks)}"
    return lay_out(subject, blocks, answerable=True)


def _with_promise(school: School, block: Block) -> Block:
    """The block with the line about te reo Māori at its end, where there is one."""
    promised = tuple(Paragraph(words) for words in school.promised(block.language))
    return replace(block, paragraphs=(*block.paragraphs, *promised))
