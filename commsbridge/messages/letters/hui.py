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
CHANGED = N_("Please note a change to the hui about %(name)s on %(when)s.")
LASTS = N_("It lasts about %(minutes)s minutes.")
AGREED = N_("What we agreed at the hui about %(name)s is on your page, with the next steps.")
NEXT_STEPS = N_("Next steps:")
MORE_STEPS = N_("All next steps are on your page.")
POINTS = N_("What we will talk about:")
MORE_POINTS = N_("All points are on your page.")
CORRECTED = N_("Beside what was agreed at the hui about %(name)s something is written now. It is on your page.")
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
BRING = N_("Answer like this: bring Moana. Interpreter Tongan. Place our marae. Or 0 for nothing.")
PART = N_("The hui about %(name)s: will %(name)s be there? They may choose with you, and it may change.")
MEET_TOGETHER = N_(
    "If %(name)s has another home and it says so too, you could meet together: then add the word together. "
    "Nobody is told that you said it, unless another home says it too."
)
MEET_APART = N_("If you would rather meet on your own, answer: apart.")
PERSON_DOES = N_("%(role)s: %(does)s")
PERSON_WHY = N_("Why: %(why)s")
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
    CHANGED = "changed"
    AGREED = "agreed"
    CORRECTED = "corrected"
    WELCOME = "welcome"
    KAITAKAWAENGA = "kaitakawaenga"
    VOICE = "voice"
    POINT = "point"
    DUE = "due"
    WHY = "why"
    WENT = "went"
    SUPPORT = "support"
    SUPPORT_TOGETHER = "support_together"
    PART = "part"


SENTENCES = {
    HuiTelling.ASKED: ASKED,
    HuiTelling.AGAIN: ASKED_AGAIN,
    HuiTelling.SET: SET,
    HuiTelling.NEAR: NEAR,
    HuiTelling.OFF: OFF,
    HuiTelling.CHANGED: CHANGED,
    HuiTelling.AGREED: AGREED,
    HuiTelling.CORRECTED: CORRECTED,
    HuiTelling.WELCOME: WELCOME,
    HuiTelling.KAITAKAWAENGA: KAITAKAWAENGA,
    HuiTelling.VOICE: VOICE,
    HuiTelling.POINT: POINT,
    HuiTelling.DUE: DUE,
    HuiTelling.WHY: WHY,
    HuiTelling.WENT: WENT,
    HuiTelling.SUPPORT: SUPPORT,
    HuiTelling.SUPPORT_TOGETHER: SUPPORT,
    HuiTelling.PART: PART,
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
    HuiTelling.SUPPORT_TOGETHER: BRING,
    HuiTelling.PART: ANSWER_NUMBER,
}
# What more may be answered: every home is asked the same, so that nothing tells of another one.
MEETS = {HuiTelling.SUPPORT: MEET_TOGETHER, HuiTelling.SUPPORT_TOGETHER: MEET_APART}


# A line of the minutes by language, and the day by which it is done.
MinuteLine = tuple[Mapping[Language, str], Mapping[Language, str] | None]


@dataclass(frozen=True, slots=True)
class HuiNews:
    """What one person is told of a hui. ``kind`` and each of ``times`` (with its number) and ``when`` by language.

    ``place`` is as it was typed; ``minutes`` is how long it lasts, 0 where that is not told. ``agreed`` are lines of
    the minutes, as typed, by language, each with the day by which it is done, by language, or None; for a mail alone.
    ``steps`` are those of the next steps that may stand in a text, as many as fit; ``more_steps``: there are others.
    Where it is near, both are the points of its agenda.
    A question (``ANSWERS``) names somebody: ``who``, their ``role`` and what it ``does`` by language, ``why`` they
    would be there as it was typed; or says ``what`` it is about as it was typed. Of both it says "" where that may not
    stand in a message. ``choices`` are its answers, each a number and a message id. ``together`` names the people of
    the other home, where two meet.
    """

    telling: HuiTelling
    child: str
    kind: Mapping[Language, str] | None = None
    times: tuple[tuple[int, Mapping[Language, str]], ...] = ()
    when: Mapping[Language, str] | None = None
    place: str = ""
    video: bool = False
    minutes: int = 0
    agreed: tuple[MinuteLine, ...] = ()
    steps: tuple[MinuteLine, ...] = ()
    more_steps: bool = False
    who: str = ""
    role: Mapping[Language, str] | None = None
    does: Mapping[Language, str] | None = None
    why: str = ""
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
        if self.telling in {HuiTelling.AGREED, HuiTelling.CORRECTED}:
            return OPEN_AGREED
        return OPEN_QUESTION if self.telling in ANSWERS else OPEN_HUI

    @property
    def heading(self) -> str:
        """What a mail is about, as a message id."""
        return QUESTION if self.telling in ANSWERS else HUI

    def about_person(self, say: Callable[..., str], language: Language) -> list[str]:
        """Of somebody proposed: in plain words what they do, and why they would be there."""
        role = self.role[language] if self.role else ""
        does = [say(language, PERSON_DOES, role=role, does=self.does[language])] if self.does else []
        return [*does, *([say(language, PERSON_WHY, why=self.why)] if self.why else [])]

    def how_to_answer(self, say: Callable[..., str], language: Language) -> list[str]:
        """The lines that say how to answer; none where nothing is asked."""
        more = MEETS.get(self.telling)
        return [
            *([say(language, self.answer)] if self.answer else []),
            *([say(language, more, name=self.child)] if more else []),
        ]

    def where(self, say: Callable[..., str], language: Language) -> list[str]:
        """With whom, where, and how long, as far as it is told."""
        told = [
            (TOGETHER, {"people": self.together}, self.together),
            (PLACE, {"place": self.place}, self.place),
            (BY_VIDEO, {}, self.video),
            (LASTS, {"minutes": str(self.minutes)}, self.minutes),
        ]
        return [say(language, sentence, **slots) for sentence, slots, is_told in told if is_told]

    def followed(self, say: Callable[..., str], language: Language) -> list[str]:
        """The next steps, or the points of the agenda, in a text, a line each."""
        lines = [agreed_line(*each, language) for each in self.steps]
        near = self.telling is HuiTelling.NEAR
        first, more = (POINTS, MORE_POINTS) if near else (NEXT_STEPS, MORE_STEPS)
        return [
            *([say(language, first), *lines] if lines else []),
            *([say(language, more)] if self.more_steps and (lines or near) else []),
        ]

    def at_length(self, say: Callable[..., str], language: Language) -> list[str]:
        """What stands before the lines of a mail, if anything."""
        return [say(language, POINTS)] if self.agreed and self.telling is HuiTelling.NEAR else []

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
        lines = [school.text_say(language, sentence, **slots), *news.about_person(school.text_say, language)]
        lines += news.options(school.text_say, language)
        lines += news.how_to_answer(school.text_say, language)
        lines += news.where(school.text_say, language) + news.followed(school.text_say, language)
        return "\n".join([*lines, school.text_say(language, HUI_PAGE, link=link)])

    return framed(school, sender, reads, block)


def hui_mail(school: School, recipient: Recipient, news: HuiNews, *, link: str, change_link: str) -> Letter:
    """The same by mail; the minutes stand in it as they were typed."""

    def block(language: Language) -> Block:
        sentence, slots = _said(news, language)
        told = [Paragraph(school.say(language, sentence, **slots), "large")]
        told += [
            Paragraph(each)
            for lines in (news.about_person, news.options, news.how_to_answer, news.where, news.at_length)
            for each in lines(school.say, language)
        ]
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
    lines = [voice.say(Language.EN, sentence, **slots), *news.about_person(voice.say, Language.EN)]
    lines += news.options(voice.say, Language.EN)
    lines += news.where(voice.say, Language.EN) + news.at_length(voice.say, Language.EN)
    return "\n".join([*lines, *(agreed_line(*each, Language.EN) for each in news.agreed)])


def agreed_line(words: Mapping[Language, str], day: Mapping[Language, str] | None, language: Language) -> str:
    """One line of the minutes, with the day by which it is done."""
    return f"{words[language]} ({day[language]})" if day else words[language]
