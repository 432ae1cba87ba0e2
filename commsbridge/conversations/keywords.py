"""Keywords: STOP, START and HELP, in both languages, with or without macrons; only when they are the whole message."""

from __future__ import annotations

from enum import StrEnum

from commsbridge.foundation.names import fold


class Keyword(StrEnum):
    """What a keyword asks for."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


# The carrier's own lists (Twilio's documented opt-out keywords) and te reo Māori. YES is a carrier's opt-in word and
# an everyday answer: it is neither asked for nor taken as START.
WORDS = {
    Keyword.STOP: ("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "optout", "revoke", "kati"),
    Keyword.START: ("start", "unstop", "timata"),
    Keyword.HELP: ("help", "info", "awhina"),
}
MEANING = {word: keyword for keyword, words in WORDS.items() for word in words}
ROUND_ABOUT = " \t\n.,!?:;'\"()-_*“”‘’…–"


def keyword_of(words: str) -> Keyword | None:
    """The keyword a message is, or None: "please stop texting" is a sentence, for a person to read."""
    return MEANING.get(fold(words.strip(ROUND_ABOUT)))
