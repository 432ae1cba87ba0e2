"""The words about a hui: which time suits, when it is, that it is near or off, and what was agreed. All pure.

What it is about stands on the reader's own page; a text or the list of a mailbox may be read by others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from commsbridge.foundation.language import N_, Language
from commsbridge.messages.letters.layout import Block, Letter, Paragraph
from commsbridge.messages.letters.mails import ANSWER, CHANGE, dear, written
from commsbridge.messages.letters.parts import Reads, Recipient, School, TextSender
from commsbridge.messages.letters.texts import framed

ASKED = N_("A hui about %(name)s. Which time suits you?")
ASKED_KIND = N_("A hui about %(name)s: %(kind)s. Which time suits you?")
ASKED_AGAIN = N_("The hui about %(name)s needs a new time. Which one suits you?")
BY_NUMBER = N_("Answer with the number, or with 0 if none does.")
SET = N_("The hui about %(name)s is on %(when)s.")
NEAR = N_("Please remember: the hui about %(name)s is on %(when)s.")
OFF = N_("The hui about %(name)s will not take place.")
AGREED = N_("What we agreed at the hui about %(name)s is on your page, with the next steps.")
PLACE = N_("Place: %(place)s.")
BY_VIDEO = N_("It is by video: the link is on your page.")
HUI_PAGE = N_("Your page: %(link)s")
HUI = N_("A hui about %(name)s")
OPEN_AGREED = N_("Open your page: say what you think of it, and what came of the next steps")
OPEN_HUI = N_("Open your page: what it is about, who would be there, and your own wishes")


class HuiTelling(StrEnum):
    """What is told of a hui."""

    ASKED = "asked"
    AGAIN = "again"
    SET = "set"
    NEAR = "near"
    OFF = "off"
    AGREED = "agreed"


SENTENCES = {
    HuiTelling.ASKED: ASKED,
    HuiTelling.AGAIN: ASKED_AGAIN,
    HuiTelling.SET: SET,
    HuiTelling.NEAR: NEAR,
    HuiTelling.OFF: OFF,
    HuiTelling.AGREED: AGREED,
}


@dataclass(frozen=True, slots=True)
class HuiNews:
    """What one person is told of a hui. ``kind`` and each of ``times`` (with its number) and ``when`` by language.

    ``place`` is as it was typed; ``agreed`` are the lines of the minutes, as typed, each with the day by which it is
    done, by language, or None; for a mail alone.
    """

    telling: HuiTelling
    child: str
    kind: Mapping[Language, str] | None = None
    times: tuple[tuple[int, Mapping[Language, str]], ...] = ()
    when: Mapping[Language, str] | None = None
    place: str = ""
    video: bool = False
    agreed: tuple[tuple[str, Mapping[Language, str] | None], ...] = ()

    @property
    def chooses(self) -> bool:
        """Whether the reader is asked to choose a time."""
        return bool(self.times)


def _said(news: HuiNews, language: Language) -> tuple[str, dict[str, str]]:
    slots = {"name": news.child, "when": news.when[language] if news.when else ""}
    if news.telling is HuiTelling.ASKED and news.kind:
        return ASKED_KIND, {**slots, "kind": news.kind[language]}
    return SENTENCES[news.telling], slots


def hui_text(school: School, sender: TextSender, reads: Reads, news: HuiNews, *, link: str) -> str:
    """The text: the times with their numbers, or when and where it is; and the reader's own page."""

    def block(language: Language) -> str:
        sentence, slots = _said(news, language)
        lines = [school.text_say(language, sentence, **slots)]
        lines += [f"{number}: {at[language]}" for number, at in news.times]
        if news.chooses:
            lines.append(school.text_say(language, BY_NUMBER))
        if news.place:
            lines.append(school.text_say(language, PLACE, place=news.place))
        if news.video:
            lines.append(school.text_say(language, BY_VIDEO))
        return "\n".join([*lines, school.text_say(language, HUI_PAGE, link=link)])

    return framed(school, sender, reads, block)


def hui_mail(school: School, recipient: Recipient, news: HuiNews, *, link: str, change_link: str) -> Letter:
    """The same by mail; the minutes stand in it as they were typed."""
    opens = OPEN_AGREED if news.telling is HuiTelling.AGREED else OPEN_HUI

    def block(language: Language) -> Block:
        sentence, slots = _said(news, language)
        told = [Paragraph(school.say(language, sentence, **slots), "large")]
        told += [Paragraph(f"{number}: {at[language]}") for number, at in news.times]
        if news.chooses:
            told.append(Paragraph(school.say(language, BY_NUMBER)))
        if news.place:
            told.append(Paragraph(school.say(language, PLACE, place=news.place)))
        if news.video:
            told.append(Paragraph(school.say(language, BY_VIDEO)))
        told += [Paragraph(_line(*each, language), typed=True) for each in news.agreed]
        return Block(
            language,
            school.say(language, HUI, name=news.child),
            (
                dear(school, language, recipient),
                *told,
                Paragraph(school.say(language, opens), link=link),
                Paragraph(school.name(language)),
                Paragraph(school.say(language, ANSWER), "small"),
                Paragraph(school.say(language, CHANGE), "small", link=change_link),
            ),
        )

    return written(school, recipient.reads, block)


def hui_said(news: HuiNews) -> str:
    """What a person says who carries it: in English, for them to say in the family's own language."""
    voice = School(name_mi="", name_en="", text_name="")
    sentence, slots = _said(news, Language.EN)
    lines = [voice.say(Language.EN, sentence, **slots)]
    lines += [f"{number}: {at[Language.EN]}" for number, at in news.times]
    if news.place:
        lines.append(voice.say(Language.EN, PLACE, place=news.place))
    return "\n".join([*lines, *(_line(*each, Language.EN) for each in news.agreed)])


def _line(words: str, day: Mapping[Language, str] | None, language: Language) -> str:
    return f"{words} ({day[language]})" if day else words
