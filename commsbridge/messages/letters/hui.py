"""The words about a hui: which time suits, when it is, that it is near or off, and what was agreed. All pure.

What it is about stands on the reader's own page; a text or the list of a mailbox may be read by others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
TOGETHER = N_("Together with %(people)s, as both homes wished.")
PLACE = N_("Place: %(place)s.")
BY_VIDEO = N_("It is by video: the link is on your page.")
HUI_PAGE = N_("Your page: %(link)s")
HUI = N_("A hui about %(name)s")
OPEN_AGREED = N_("Open your page: say what you think of it, and what came of the next steps")
OPEN_HUI = N_("Open your page: what it is about, who would be there, and your own wishes")
WELCOME = N_("The hui about %(name)s: would you like %(who)s (%(role)s) to be there? You decide.")
KAITAKAWAENGA = N_(
    "The hui about %(name)s: would you like a Kaitakawaenga there, who walks beside whānau in tikanga Māori?"
)
VOICE = N_("The hui about %(name)s: what should everybody there know first, and what would you like to talk about?")
READ_OUT = N_("Answer in your own words. They are read out at the hui. Or 0 for nothing.")
SUPPORT = N_("The hui about %(name)s: would you like an interpreter, or somebody of yours with you?")
BRING = N_("Answer like this: bring Moana. Interpreter Tongan. Or 0 for nothing.")
POINT = N_("From the hui about %(name)s, to decide at home: %(what)s What do you say?")
POINT_BEHIND = N_("From the hui about %(name)s, something is left for you to decide at home. What do you say?")
DUE = N_("Today, as you said at the hui about %(name)s: %(what)s Is it done?")
DUE_BEHIND = N_("A next step of yours from the hui about %(name)s is for today. Is it done?")
WHY = N_("Thank you. What stands in the way, and what happens instead?")
IN_WORDS = N_("Answer in your own words.")
WENT = N_("From the hui about %(name)s, this has come to its end: %(what)s Did it help?")
WENT_BEHIND = N_("A next step from the hui about %(name)s has come to its end. Did it help?")
ANSWER_NUMBER = N_("Answer with the number.")
QUESTION = N_("A question about the hui about %(name)s")
OPEN_QUESTION = N_("Open your page: all about the hui stands there")


class HuiTelling(StrEnum):
    """What is told of a hui."""

    ASKED = "asked"
    AGAIN = "again"
    SET = "set"
    NEAR = "near"
    OFF = "off"
    AGREED = "agreed"
    WELCOME = "welcome"
    KAITAKAWAENGA = "kaitakawaenga"
    VOICE = "voice"
    POINT = "point"
    DUE = "due"
    WHY = "why"
    WENT = "went"
    SUPPORT = "support"


SENTENCES = {
    HuiTelling.ASKED: ASKED,
    HuiTelling.AGAIN: ASKED_AGAIN,
    HuiTelling.SET: SET,
    HuiTelling.NEAR: NEAR,
    HuiTelling.OFF: OFF,
    HuiTelling.AGREED: AGREED,
    HuiTelling.WELCOME: WELCOME,
    HuiTelling.KAITAKAWAENGA: KAITAKAWAENGA,
    HuiTelling.VOICE: VOICE,
    HuiTelling.POINT: POINT,
    HuiTelling.DUE: DUE,
    HuiTelling.WHY: WHY,
    HuiTelling.WENT: WENT,
    HuiTelling.SUPPORT: SUPPORT,
}
# What is said where the words themselves may not stand in a message: they are on the reader's own page.
BEHIND = {HuiTelling.POINT: POINT_BEHIND, HuiTelling.DUE: DUE_BEHIND, HuiTelling.WENT: WENT_BEHIND}
# How a question is answered; each of these is one, and opens no list of times.
ANSWERS = {
    HuiTelling.WELCOME: ANSWER_NUMBER,
    HuiTelling.KAITAKAWAENGA: ANSWER_NUMBER,
    HuiTelling.VOICE: READ_OUT,
    HuiTelling.POINT: ANSWER_NUMBER,
    HuiTelling.DUE: ANSWER_NUMBER,
    HuiTelling.WHY: IN_WORDS,
    HuiTelling.WENT: ANSWER_NUMBER,
    HuiTelling.SUPPORT: BRING,
}


# A line of the minutes by language, and the day by which it is done.
MinuteLine = tuple[Mapping[Language, str], Mapping[Language, str] | None]


@dataclass(frozen=True, slots=True)
class HuiNews:
    """What one person is told of a hui. ``kind`` and each of ``times`` (with its number) and ``when`` by language.

    ``place`` is as it was typed; ``agreed`` are the lines of the minutes, as typed, by language, each with the day by
    which it is done, by language, or None; for a mail alone. A question (``ANSWERS``) names somebody (``who``, with
    their ``role`` by language), or says ``what`` it is about as it was typed, "" where that may not stand in a message;
    ``choices`` are its answers, each a number and a message id. ``together`` names the people of the other home, where
    two meet.
    """

    telling: HuiTelling
    child: str
    kind: Mapping[Language, str] | None = None
    times: tuple[tuple[int, Mapping[Language, str]], ...] = ()
    when: Mapping[Language, str] | None = None
    place: str = ""
    video: bool = False
    agreed: tuple[MinuteLine, ...] = ()
    who: str = ""
    role: Mapping[Language, str] | None = None
    what: str = ""
    together: str = ""
    choices: tuple[tuple[int, str], ...] = ()

    @property
    def answer(self) -> str | None:
        """How the reader is to answer, as a message id; None where nothing is asked."""
        return BY_NUMBER if self.times else ANSWERS.get(self.telling)

    @property
    def opens(self) -> str:
        """What a mail says of the reader's own page, as a message id."""
        if self.telling is HuiTelling.AGREED:
            return OPEN_AGREED
        return OPEN_QUESTION if self.telling in ANSWERS else OPEN_HUI

    @property
    def heading(self) -> str:
        """What a mail is about, as a message id."""
        return QUESTION if self.telling in ANSWERS else HUI

    def options(self, say: Callable[[Language, str], str], language: Language) -> list[str]:
        """The numbered lines: times, or answers as ``say`` says them."""
        answers = [f"{number}: {say(language, said)}" for number, said in self.choices]
        return [*(f"{number}: {at[language]}" for number, at in self.times), *answers]


def _said(news: HuiNews, language: Language) -> tuple[str, dict[str, str]]:
    slots = {
        "name": news.child,
        "when": news.when[language] if news.when else "",
        "who": news.who,
        "role": news.role[language] if news.role else "",
        "what": news.what,
    }
    if news.telling is HuiTelling.ASKED and news.kind:
        return ASKED_KIND, {**slots, "kind": news.kind[language]}
    if news.telling in BEHIND and not news.what:
        return BEHIND[news.telling], slots
    return SENTENCES[news.telling], slots


def hui_text(school: School, sender: TextSender, reads: Reads, news: HuiNews, *, link: str) -> str:
    """The text: the times with their numbers, or when and where it is; and the reader's own page."""

    def block(language: Language) -> str:
        sentence, slots = _said(news, language)
        lines = [school.text_say(language, sentence, **slots)]
        lines += news.options(school.text_say, language)
        if news.answer:
            lines.append(school.text_say(language, news.answer))
        if news.together:
            lines.append(school.text_say(language, TOGETHER, people=news.together))
        if news.place:
            lines.append(school.text_say(language, PLACE, place=news.place))
        if news.video:
            lines.append(school.text_say(language, BY_VIDEO))
        return "\n".join([*lines, school.text_say(language, HUI_PAGE, link=link)])

    return framed(school, sender, reads, block)


def hui_mail(school: School, recipient: Recipient, news: HuiNews, *, link: str, change_link: str) -> Letter:
    """The same by mail; the minutes stand in it as they were typed."""

    def block(language: Language) -> Block:
        sentence, slots = _said(news, language)
        told = [Paragraph(school.say(language, sentence, **slots), "large")]
        told += [Paragraph(each) for each in news.options(school.say, language)]
        if news.answer:
            told.append(Paragraph(school.say(language, news.answer)))
        if news.together:
            told.append(Paragraph(school.say(language, TOGETHER, people=news.together)))
        if news.place:
            told.append(Paragraph(school.say(language, PLACE, place=news.place)))
        if news.video:
            told.append(Paragraph(school.say(language, BY_VIDEO)))
        told += [Paragraph(agreed_line(*each, language), typed=True) for each in news.agreed]
        return Block(
            language,
            school.say(language, news.heading, name=news.child),
            (
                dear(school, language, recipient),
                *told,
                Paragraph(school.say(language, news.opens), link=link),
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
    lines += news.options(voice.say, Language.EN)
    if news.together:
        lines.append(voice.say(Language.EN, TOGETHER, people=news.together))
    if news.place:
        lines.append(voice.say(Language.EN, PLACE, place=news.place))
    return "\n".join([*lines, *(agreed_line(*each, Language.EN) for each in news.agreed)])


def agreed_line(words: Mapping[Language, str], day: Mapping[Language, str] | None, language: Language) -> str:
    """One line of the minutes, with the day by which it is done."""
    return f"{words[language]} ({day[language]})" if day else words[language]
