"""What a message would look like, for a choice that is about all of them."""

from __future__ import annotations

from dataclasses import replace

from commsbridge import schools
from commsbridge.foundation.orthography import LongVowels
from commsbridge.foundation.work import Work
from commsbridge.messages import composing, letters
from commsbridge.messages.bank import praises


def example_text(work: Work, *, vowels: LongVowels, child: str, writer: str) -> str:
    """The first praise of the starting bank as this school would text it to somebody who reads te reo Māori."""
    paper = replace(composing.school_of_letters(schools.school_of(work)), text_vowels=vowels)
    shape = composing.text_sender(schools.sender_for_texts(work))
    news = letters.News(child=child, writer=writer, phrase=praises()[0].pair)
    return letters.praise_text(paper, shape, letters.Recipient(child, letters.Reads.MI), news)
