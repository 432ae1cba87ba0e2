"""What a message would look like, for a choice that is about all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commsbridge import schools
from commsbridge.foundation.language import Language
from commsbridge.foundation.orthography import LongVowels, respelt
from commsbridge.foundation.segments import Segments, count, tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import composing, letters
from commsbridge.messages.bank import NAME_SLOT, Pair, praises
from commsbridge.schools import Permission

# Two joined texts hold 134 letters of te reo Māori with its macrons (segments.py): a praise should not need a third.
MOST_TEXTS = 2
_MARK = "¤"


def example_text(work: Work, *, vowels: LongVowels, child: str, writer: str) -> str:
    """The first praise of the starting bank as this school would text it to somebody who reads te reo Māori."""
    paper = replace(composing.school_of_letters(schools.school_of(work)), text_vowels=vowels)
    shape = composing.text_sender(schools.sender_for_texts(work))
    news = letters.News(child=child, writer=writer, phrase=praises()[0].pair)
    return letters.praise_text(paper, shape, letters.Recipient(child, letters.Reads.MI), news)


@dataclass(frozen=True, slots=True)
class TextFrame:
    """What a text of this school puts before and after a phrase, and how it spells the phrase's long vowels."""

    before: str
    after: str
    vowels: LongVowels

    def length(self, phrase: str, *, child: str) -> Segments:
        """The whole text about ``child`` with a phrase as somebody writes it."""
        sentence = respelt(tidy(phrase), self.vowels).replace(NAME_SLOT, child)
        return count(tidy(f"{self.before}{sentence}{self.after}"))


def text_frame(work: Work, language: Language) -> TextFrame:
    """The longest frame of a praise in ``language``: a reply costs, and whoever has the longest name signs it."""
    school = schools.school_of(work)
    paper = composing.school_of_letters(school)
    writers = schools.staff_with(work, Permission.SEND_PRAISE, schools.today(work))
    writer = max((each.shown_name for each in writers), key=len, default="")
    news = letters.News(child=_MARK, writer=writer, phrase=Pair(mi=NAME_SLOT, en=NAME_SLOT))
    sender = letters.TextSender(reply_costs=True, carrier_adds_charge_words=False)
    text = letters.praise_text(paper, sender, letters.Recipient("", letters.Reads(language.value)), news)
    before, _, after = text.partition(_MARK)
    return TextFrame(before, after, school.text_vowels if language is Language.MI else LongVowels.MACRONS)
