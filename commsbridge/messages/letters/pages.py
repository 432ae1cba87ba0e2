"""That something new stands on the reader's own page: a step of support, an offer to say yes to, a plan. All pure.

What it is stands on that page alone; a text or the list of a mailbox may be read by others.
"""

from __future__ import annotations

from enum import StrEnum

from commsbridge.foundation.language import N_, Language
from commsbridge.messages.letters.hui import HUI_PAGE
from commsbridge.messages.letters.layout import Block, Letter, Paragraph
from commsbridge.messages.letters.mails import ANSWER, CHANGE, dear, written
from commsbridge.messages.letters.parts import Reads, Recipient, School, TextSender
from commsbridge.messages.letters.texts import framed

ASKED = N_("We have asked for the support for %(name)s that you said yes to. Each step stands on your page.")
STEP = N_("There is news about the support that was asked for, for %(name)s. It stands on your page.")
STANDS = N_(
    "The support that was asked for, for %(name)s, still stands. There is no news yet. Who follows it up stands on "
    "your page."
)
SHARE = N_("We ask for your yes or no: may a specialist from outside read something about %(name)s? You decide.")
PLAN = N_("The plan for %(name)s is on your page. Read it, write in it, and say whether you agree.")
ABOUT = N_("On your page, about %(name)s")
OPEN_PAGE = N_("Open your page")


class PageTelling(StrEnum):
    """What is new on somebody's page."""

    ASKED = "asked"
    STEP = "step"
    STANDS = "stands"
    SHARE = "share"
    PLAN = "plan"


SENTENCES = {
    PageTelling.ASKED: ASKED,
    PageTelling.STEP: STEP,
    PageTelling.STANDS: STANDS,
    PageTelling.SHARE: SHARE,
    PageTelling.PLAN: PLAN,
}


def page_news_text(
    school: School, sender: TextSender, reads: Reads, telling: PageTelling, *, child: str, link: str
) -> str:
    """The text: one sentence, and the reader's own page."""

    def block(language: Language) -> str:
        said = school.text_say(language, SENTENCES[telling], name=child)
        return f"{said}\n{school.text_say(language, HUI_PAGE, link=link)}"

    return framed(school, sender, reads, block)


def page_news_mail(
    school: School, recipient: Recipient, telling: PageTelling, *, child: str, link: str, change_link: str
) -> Letter:
    """The same by mail."""

    def block(language: Language) -> Block:
        return Block(
            language,
            school.say(language, ABOUT, name=child),
            (
                dear(school, language, recipient),
                Paragraph(school.say(language, SENTENCES[telling], name=child)),
                Paragraph(school.say(language, OPEN_PAGE), link=link),
                Paragraph(school.name(language)),
                Paragraph(school.say(language, ANSWER), "small"),
                Paragraph(school.say(language, CHANGE), "small", link=change_link),
            ),
        )

    return written(school, recipient.reads, block)


def page_news_sentence(telling: PageTelling) -> str:
    """The message id of what is said."""
    return SENTENCES[telling]


def page_news_said(telling: PageTelling, child: str, more: str = "") -> str:
    """What a person says who carries it, in English, with ``more`` that only they may say."""
    voice = School(name_mi="", name_en="", text_name="")
    return "\n".join(filter(None, [voice.say(Language.EN, SENTENCES[telling], name=child), more]))
