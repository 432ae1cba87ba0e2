"""What a child said in their book and chose the hui for: read there with the voices that were brought."""

from __future__ import annotations

from datetime import timedelta

from commsbridge import books
from commsbridge.books import BookEntry, BookSection, Holds
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.students import Student
from commsbridge.web.book_shown import STEPS, option, title_of
from commsbridge.web.shown import Shown

# About a term: what was said longer ago was for another hui.
SAID_LATELY = timedelta(days=70)
IN_BOOK = N_("%(child)s, in the book, %(day)s")


def book_voices(work: Work, shown: Shown, student: Student) -> list[dict[str, str]]:
    """These words as voices of a hui, for those at its table at school, who read them aloud."""
    found = books.said_for_hui(work, student.id, shown.today - SAID_LATELY)
    return [
        {
            "words": _words(shown, section, entry),
            "who": "them",
            "by": shown.say(IN_BOOK, child=student.preferred_name, day=shown.date(page.on_day)),
        }
        for page, section, entry in found
        if entry.words or entry.ticked or entry.step
    ] + [
        {
            "words": voice.words,
            "who": "them",
            "by": shown.say(IN_BOOK, child=student.preferred_name, day=shown.date(page.on_day)),
        }
        for page, voice in books.recorded_for_hui(work, student.id, shown.today - SAID_LATELY)
    ]


def _words(shown: Shown, section: BookSection, entry: BookEntry) -> str:
    """What the child said, below the name of its section: words, pictures by their word, a step."""
    pictures = [option(section.options[each], shown.language) for each in entry.ticked if each < len(section.options)]
    step = shown.say(STEPS[entry.step]) if entry.step and section.holds is Holds.GOAL else ""
    return "\n".join([f"{title_of(section, shown.language)}:", *filter(None, [entry.words, ", ".join(pictures), step])])
