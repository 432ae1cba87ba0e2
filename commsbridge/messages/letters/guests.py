"""The words to somebody from outside: a guest of a hui, or whom whānau share with. Few. All pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from commsbridge.foundation.language import N_, Language
from commsbridge.messages.letters.hui import MinuteLine, agreed_line
from commsbridge.messages.letters.layout import Block, Letter, Paragraph
from commsbridge.messages.letters.mails import dear, written
from commsbridge.messages.letters.parts import Reads, Recipient, School


class GuestTelling(StrEnum):
    """What a guest is told of a hui."""

    COMES = "comes"
    MOVED = "moved"
    OFF = "off"
    CHANGED = "changed"
    NOT_NEEDED = "not_needed"
    AGREED = "agreed"
    CORRECTED = "corrected"
    WENT = "went"


HEADING = N_("A hui about %(name)s")
SENTENCES = {
    GuestTelling.COMES: N_("The whānau of %(name)s would like you at their hui on %(when)s."),
    GuestTelling.MOVED: N_(
        "The hui about %(name)s is not at the time you were told. We write again once it has a new one."
    ),
    GuestTelling.CHANGED: N_("Please note a change to the hui about %(name)s on %(when)s."),
    GuestTelling.OFF: N_("The hui about %(name)s will not take place."),
    GuestTelling.NOT_NEEDED: N_(
        "The hui about %(name)s goes ahead without you this time, so nothing is needed of you. "
        "Thank you for being willing."
    ),
    GuestTelling.AGREED: N_("This is what was agreed at the hui about %(name)s. Please keep it to yourself."),
    GuestTelling.CORRECTED: N_("Beside what was agreed at the hui about %(name)s this is written now."),
    GuestTelling.WENT: N_("A next step of the hui about %(name)s has come to its end. How did it go, as you see it?"),
}
SAY_HOW = N_("Say how it went")
SAY_WITHIN = N_("It is one press, and costs nothing. The link works for three weeks, and is for you alone.")
GUEST_PLACE = N_("Place: %(place)s.")
GUEST_LASTS = N_("It lasts about %(minutes)s minutes.")
LINK = N_("Join by video")
FROM_WHANAU = N_(
    "The whānau of %(name)s gave the school this address, for this hui alone. Write to the school if you would rather "
    "get no mail."
)
RING = N_("Write to the school if you cannot come. This mail is for you alone.")


@dataclass(frozen=True, slots=True)
class GuestNews:
    """What one guest is told: ``name`` is theirs, ``child`` the first name; ``when`` by language.

    ``agreed`` are lines as typed, by language, each with the day by which it is done, by language, or None.
    ``what``: the step they are asked about, and ``link``: where they say how it went.
    ``by_whanau``: their address came from whānau, which they read where it comes up first.
    """

    telling: GuestTelling
    name: str
    child: str
    when: Mapping[Language, str] | None = None
    place: str = ""
    video_url: str = ""
    minutes: int = 0
    agreed: tuple[MinuteLine, ...] = ()
    reads: Reads = Reads.BOTH
    by_whanau: bool = False
    what: str = ""
    link: str = ""


SHARED = N_("%(school)s shares something with you, as whānau approved, until the end of %(day)s.")
OPEN_SHARED = N_("Open it with the code that the school tells you by phone")
FOR_ONE = N_("The link and the code open one device, yours. This mail is for you alone.")
SHARED_HEADING = N_("Shared with you by %(school)s")


@dataclass(frozen=True, slots=True)
class SpecialistNews:
    """What a specialist is told: ``name`` is theirs, ``link`` their own, ``until`` its last day by language.

    No child is named: a mail may be read by others.
    """

    name: str
    link: str
    until: Mapping[Language, str]


def specialist_mail(school: School, news: SpecialistNews) -> Letter:
    """The mail that brings a specialist their link, te reo Māori first; the code goes another way."""

    def block(language: Language) -> Block:
        called = school.name(language)
        told = (
            dear(school, language, Recipient(news.name, Reads.BOTH)),
            Paragraph(school.say(language, SHARED, school=called, day=news.until[language]), "large"),
            Paragraph(school.say(language, OPEN_SHARED), link=news.link),
            Paragraph(school.say(language, FOR_ONE)),
            Paragraph(called),
        )
        return Block(language, school.say(language, SHARED_HEADING, school=called), told)

    return written(school, Reads.BOTH, block)


def guest_mail(school: School, news: GuestNews) -> Letter:
    """The mail in the language chosen for them, te reo Māori first in both; they answer by writing to the school."""

    def block(language: Language) -> Block:
        when = news.when[language] if news.when else ""
        told = [Paragraph(school.say(language, SENTENCES[news.telling], name=news.child, when=when), "large")]
        if news.place:
            told.append(Paragraph(school.say(language, GUEST_PLACE, place=news.place)))
        if news.minutes:
            told.append(Paragraph(school.say(language, GUEST_LASTS, minutes=str(news.minutes))))
        if news.video_url:
            told.append(Paragraph(school.say(language, LINK), link=news.video_url))
        told += [Paragraph(agreed_line(*each, language), typed=True) for each in news.agreed]
        if news.what:
            told.append(Paragraph(news.what, typed=True))
        if news.link:
            told.append(Paragraph(school.say(language, SAY_HOW), link=news.link))
            told.append(Paragraph(school.say(language, SAY_WITHIN), "small"))
        if news.telling in {GuestTelling.COMES, GuestTelling.CHANGED}:
            told.append(Paragraph(school.say(language, RING)))
        if news.by_whanau and news.telling is GuestTelling.COMES:
            told.append(Paragraph(school.say(language, FROM_WHANAU, name=news.child), "small"))
        reader = Recipient(news.name, news.reads)
        heading = school.say(language, HEADING, name=news.child)
        return Block(language, heading, (dear(school, language, reader), *told, Paragraph(school.name(language))))

    return written(school, news.reads, block)
