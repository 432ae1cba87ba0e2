"""Keywords: what a family can ask for with a word, in both languages, with or without macrons; a whole message."""

from __future__ import annotations

import re
from enum import StrEnum

from commsbridge.foundation.names import fold


class Keyword(StrEnum):
    """What a keyword asks for."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"
    TE_REO = "LANG_MI"
    ENGLISH = "LANG_EN"
    BOTH = "LANG_BOTH"
    CALL_ME = "CALL_ME"
    PAUSE = "PAUSE"
    BOOK = "BOOK"
    HUI = "HUI"


# The carrier's own lists (Twilio's documented opt-out keywords) and te reo Māori. YES is a carrier's opt-in word and
# an everyday answer: it is neither asked for nor taken as START.
WORDS = {
    Keyword.STOP: (
        "stop", "stopall", "stop all", "stop stop", "unsubscribe", "cancel", "end", "quit", "optout", "opt out",
        "revoke", "kati", "whakamutu", "whakamutua",
    ),
    Keyword.START: ("start", "unstop", "resume", "start again", "timata", "timata ano", "timatahia"),
    Keyword.HELP: ("help", "info", "awhina", "awhina mai", "awhinatia"),
    Keyword.TE_REO: ("te reo", "te reo maori", "reo maori", "maori", "reo", "in te reo", "te reo please",
                     "ki te reo maori"),
    Keyword.ENGLISH: ("english", "in english", "english please", "ingarihi", "te reo ingarihi", "reo ingarihi",
                      "reo pakeha", "te reo pakeha", "ki te reo ingarihi"),
    Keyword.BOTH: ("both", "both languages", "bilingual", "reo rua", "nga reo e rua", "reo e rua", "e rua"),
    Keyword.CALL_ME: ("call me", "ring me", "phone me", "callme", "waea mai", "waeamai", "waea mai koa"),
    Keyword.PAUSE: ("pause", "taihoa", "okioki", "whakata", "whakatarewa", "taria"),
    Keyword.BOOK: ("book", "pukapuka", "te pukapuka", "my book", "the book", "taku pukapuka"),
    Keyword.HUI: ("hui", "meeting", "he hui"),
}  # fmt: skip
MEANING = {word: keyword for keyword, words in WORDS.items() for word in words}
# Those that only a text may ask for: a mail of one such word is a letter for a person.
IN_MAIL = frozenset({Keyword.STOP, Keyword.START})
ROUND_ABOUT = " \t\n.,!?:;'\"()-_*“”‘’…–"
_WORD = re.compile(r"\w+")
_ROUND = re.compile(r"^[\W_]+|[\W_]+$")
_POLITE = re.compile(r"^(?:please|pls|plz|koa)\s+|\s+(?:please|pls|plz|koa|thanks|thank you|thx)$")

_DAY_OR_HOUR = (
    r"(?:\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|ish|karaka)?|\d{1,2}(?:st|nd|rd|th)|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|"
    r"satur|sun)"
    r"(?:day)?s?|rahina|ratu|raapa|rapa|rapare|ramere|rahoroi|ratapu|mane|turei|wenerei|taite|paraire|hatarei|"
    r"today|tonight|tomorrow|tmrw|tmr|tomoz|apopo|tonu|asap|now|anytime|any ?time|morning|afternoon|arvo|evening|"
    r"lunch(?:time)?|"
    r"midday|noon|school|work|dinner|tea|ata|ahiahi|po|tenei|weekdays?|weekends?|days?|weeks?|wks?|months?|term|wiki|"
    r"marama|ra|wahanga|hanuere|kohitatea|pepuere|maehe|aperira|mei|haratua|hune|pipiri|hurae|hongongoi|akuhata|"
    r"hepetema|mahuru|oketopa|noema|tihema|hakihea|(?:hui|poutu|paenga|here|whiringa)[ -](?:te |a |turi )?\w+|"
    r"\d{1,2}wks?|20\d\d|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|next year|christmas)"
)
_BETWEEN = (
    r"(?:after|before|at|on|in|from|until|till?|to|between|and|or|the|this|next|for|a|an|one|two|three|four|a few|few|"
    r"muri|mua|i|o|te|hei|a hea|tae noa|ki|e|mo|kia|mai|rua|toru|kotahi|anytime|around|about|abt|past|half|end|of|&)"
)
_WHEN = re.compile(rf"(?:{_BETWEEN}|{_DAY_OR_HOUR})(?:[\s,./-]+(?:{_BETWEEN}|{_DAY_OR_HOUR}))*")
_ASKS_WHEN = {Keyword.CALL_ME, Keyword.PAUSE}


def keyword_of(words: str) -> Keyword | None:
    """The keyword a message is, or None: "please stop texting" is a sentence, for a person to read."""
    said = _bare(words)
    known = MEANING.get(said) or MEANING.get(_polite(said))
    if known is Keyword.STOP and said not in MEANING:
        return None
    return known or _with_hours(said) or _said_again(said)


def _said_again(said: str) -> Keyword | None:
    """STOP STOP STOP: one word for it, said several times."""
    different = set(_WORD.findall(said))
    return Keyword.STOP if len(different) == 1 and MEANING.get(different.pop()) is Keyword.STOP else None


def when_asked(words: str) -> str:
    """What follows CALL ME or PAUSE: the hours or the day they like, as typed (folded); empty when they gave none."""
    said = _polite(_bare(words))
    for keyword in _ASKS_WHEN:
        for word in sorted(WORDS[keyword], key=len, reverse=True):
            if said.startswith(f"{word} "):
                return said.removeprefix(word).strip()
    return ""


def _bare(words: str) -> str:
    return fold(_ROUND.sub("", words))


def _polite(said: str) -> str:
    """Without "please" at either end: these words ask for no less."""
    return _POLITE.sub("", _POLITE.sub("", said))


def _with_hours(said: str) -> Keyword | None:
    """CALL ME after 5, PAUSE until Monday: the keyword, and then nothing but hours and days."""
    kept = _polite(said)
    for keyword in _ASKS_WHEN:
        for word in WORDS[keyword]:
            rest = kept.removeprefix(word)
            if rest != kept and rest.startswith(" ") and _WHEN.fullmatch(rest.strip()):
                return keyword
    return None
