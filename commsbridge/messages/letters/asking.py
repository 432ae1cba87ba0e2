"""The words of what the service itself asks a family, and what it says back; pure, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.reo_dates import long_date
from commsbridge.messages.letters.parts import Reads, School, TextSender
from commsbridge.messages.letters.texts import CARE, framed

WHICH_CHILD = N_("Thank you for your message. Which child is it about? Reply %(choices)s.")
CHOICE = N_("%(number)s for %(name)s")
BOTH_OF_THEM = N_("%(number)s for both")
ALL_OF_THEM = N_("%(number)s for all of them")
SHALL_WE_STOP = N_(
    "We have held all messages to you. Shall we stop? Reply 1 to stop, 2 to go on. If you do not answer, we stop."
)
GOING_ON = N_("Thank you. Messages from us will come as before.")


RECEIVED = N_("Thank you. A person at school will read this.")
EXPECT = N_("If you asked something, expect an answer by %(day)s.")
CLOSED = N_("School is closed until %(day)s.")
WRITES_IN = {
    Reads.MI: N_("From now on we write to you in te reo Māori."),
    Reads.EN: N_("From now on we write to you in English."),
    Reads.BOTH: N_("From now on we write to you in te reo Māori and English."),
}
QUIET_UNTIL = N_("You will get no messages from us until after %(day)s. To start again, reply START.")
QUIET = N_("You will get no messages from us until you reply START.")
# What a keyword asks of a person: with the name of whoever was asked, or without.
ASKED_PERSON = {
    "CALL_ME": (N_("We have asked %(who)s to ring you."), N_("We have asked the school office to ring you.")),
    "HUI": (N_("We have told %(who)s that you would like a hui."), N_("We have told the office that you want a hui.")),
    "BOOK": (
        N_("We have told %(who)s that you asked for the book."),
        N_("We have told the office that you want the book."),
    ),
}


def which_child_text(school: School, sender: TextSender, reads: Reads, *, children: Sequence[str]) -> str:
    """The numbered question; the number after the last child stands for all of them."""

    def block(language: Language) -> str:
        named = [
            school.text_say(language, CHOICE, number=number, name=name) for number, name in enumerate(children, start=1)
        ]
        everyone = BOTH_OF_THEM if len(children) == 2 else ALL_OF_THEM
        choices = ", ".join([*named, school.text_say(language, everyone, number=len(children) + 1)])
        return school.text_say(language, WHICH_CHILD, choices=choices)

    return framed(school, sender, reads, block)


def shall_we_stop_text(school: School, sender: TextSender, reads: Reads) -> str:
    """What is asked of somebody who asked us to stop in a sentence; silence is an answer, and costs nothing."""
    return framed(school, sender, reads, lambda language: school.text_say(language, SHALL_WE_STOP))


def going_on_text(school: School, sender: TextSender, reads: Reads) -> str:
    """The answer to whoever did not mean that we should stop."""
    return framed(school, sender, reads, lambda language: school.text_say(language, GOING_ON))


def received_text(
    school: School,
    sender: TextSender,
    reads: Reads,
    *,
    by: date | None,
    closed_until: date | None,
    watched: bool,
) -> str:
    """That a person will read it, and by when an answer may be expected; where help is, while nobody watches."""

    def block(language: Language) -> str:
        closed = [school.text_say(language, CLOSED, day=long_date(closed_until, language))] if closed_until else []
        expect = [school.text_say(language, EXPECT, day=long_date(by, language))] if by else []
        care = [] if watched else [school.text_say(language, CARE)]
        return " ".join([school.text_say(language, RECEIVED), *closed, *expect, *care])

    return framed(school, sender, reads, block)


def language_text(school: School, sender: TextSender, reads: Reads) -> str:
    """The answer to TE REO, ENGLISH or BOTH, in what was asked for."""
    return framed(school, sender, reads, lambda language: school.text_say(language, WRITES_IN[reads]))


def pause_text(school: School, sender: TextSender, reads: Reads, *, until: date | None) -> str:
    """The answer to PAUSE: the last quiet day, where one was named."""

    def block(language: Language) -> str:
        if until is None:
            return school.text_say(language, QUIET)
        return school.text_say(language, QUIET_UNTIL, day=long_date(until, language))

    return framed(school, sender, reads, block)


def asked_text(school: School, sender: TextSender, reads: Reads, *, keyword: str, who: str | None) -> str:
    """That a person has been asked: not that they will, nor when."""
    named, office = ASKED_PERSON[keyword]

    def block(language: Language) -> str:
        return school.text_say(language, named, who=who) if who else school.text_say(language, office)

    return framed(school, sender, reads, block)
