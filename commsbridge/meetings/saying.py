"""What a home says by text in its own words to what it was offered: which time, yes, or no. Pure; nothing is guessed.

Every word of a message must be known here: "2, but not if Nan is sick" is for a person to read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from commsbridge import conversations
from commsbridge.foundation.names import search_fold


def _words(written: str) -> frozenset[str]:
    return frozenset(search_fold(word) for word in written.split())


_WORDS = re.compile(r"\w+")
# Said around a choice, and nothing by themselves.
_AROUND = _words(
    """
    please pls plz thanks thank you ta thx cheers it its is that thats this be would wud will for about the an
    number option answer time day at on in i we us me my can do go with see then so um uh er hi hey hello kia ora
    morena ok okay works work wrks suits suit good great best fine perfect lovely sorry let lets have koa mo ko a
    te ki e kei hei ka pai mea wa ra au ahau matou maua tena tera ana tonu rawa mai nga mihi yes yep yeah yup ae
    """
)
_NUMBERED = re.compile(r"(\d{1,2})(st|nd|rd|th)")
_DAYS = (
    "mon monday mondays rahina mane",
    "tue tues tuesday tuesdays ratu turei",
    "wed weds wednesday wednesdays raapa rapa wenerei",
    "thu thur thurs thursday thursdays rapare taite",
    "fri friday fridays ramere paraire",
    "sat saturday saturdays rahoroi hatarei",
    "sun sunday sundays ratapu",
)
_WEEKDAY = {search_fold(word): day for day, words in enumerate(_DAYS) for word in words.split()}
# "At 3" is an hour.
_BEFORE_HOUR = _words("at about around by from till until")
# "That one", "the Thursday one": no number; "no one": nobody.
_BEFORE_ONE = _words("the that this which last any no each other another")
_NONE = re.compile(
    r"(?:none|neither|not any|(?:cant|can ?not|canot|couldnt) (?:do|make|manage)(?: any)?|no time)"
    r"(?: of)?(?: (?:these|those|them))?(?: (?:days|times|dates|options))?(?: (?:work|works|suit|suits))?(?: for)?"
    r"(?: (?:us|me))?|kaore (?:tetahi|he mea|he wa|nga wa)(?: (?:o enei|e pai(?: ana)?))*"
)
_YES = _words("yes yep yeah yup yea ya ae")
_NO = _words("no nope nah kao kaore kare karekau")
_WITH_NO = _words("not ehara")
# Said around a yes or a no: "no thank you", "āe koa, mō Whaea Mere".
_BESIDE = _words(
    """
    please pls plz thanks thank you ta thx cheers sorry kia ora koa tena mihi nga to for a i te ko mo him her them
    that would like we id there they can come
    """
)
_LITTLE = _words("ok okay sure ka pai kei te")
_NOTHING = _words("nothing none nil")


def _said(words: str) -> list[str]:
    return [search_fold(word) for word in _WORDS.findall(words.replace("’", "").replace("'", ""))]


def read_option(words: str, offered: Mapping[int, date]) -> int | None:
    """The number of the one time that a message chooses, by number, weekday or day; 0 for none of them; else None.

    ``offered``: the day of each number. A number that nothing stands for is read as it is; one that could as well be
    the day of another time ("the 2nd") is none, and neither is a question.
    """
    if "?" in words:
        return None
    said = _said(words)
    meant: set[int] = set()
    for at, word in enumerate(said):
        before = said[at - 1] if at else ""
        if _is_number(word) and (before in _BEFORE_HOUR or said[max(at - 2, 0) : at] == ["i", "te"]):
            return None
        if word == "no" and not at and len(said) > 1 and _is_number(said[1]):
            continue  # "No. 2"
        found = _option(word, before, offered)
        if found is None:
            return 0 if _is_none(words, said) else None
        meant |= found
    return meant.pop() if len(meant) == 1 else (0 if not meant and _is_none(words, said) else None)


def _is_none(words: str, said: list[str]) -> bool:
    kept = " ".join(word for word in said if word not in {"sorry", "thanks", "thank", "you", "hi", "koa", "kia", "ora"})
    return conversations.read_number(words) == 0 or _NONE.fullmatch(kept) is not None


def _option(word: str, before: str, offered: Mapping[int, date]) -> set[int] | None:
    """Which times one word may stand for: none for a word beside; None for a word that says something else."""
    if word in _WEEKDAY:
        found = {number for number, day in offered.items() if day.weekday() == _WEEKDAY[word]}
        return found or None
    if word == "one" and (before in _BEFORE_ONE or before in _WEEKDAY or _is_number(before)):
        return set()
    if dated := _NUMBERED.fullmatch(word):
        return _numbered(int(dated[1]), offered)
    if word in _AROUND:
        return set()
    number = conversations.read_number(word)
    return {number} if number else None


def _is_number(word: str) -> bool:
    return bool(conversations.read_number(word)) or _NUMBERED.fullmatch(word) is not None


def _numbered(number: int, offered: Mapping[int, date]) -> set[int] | None:
    """ "The 2nd" is the second one, "the 21st" the one on that day: None where it could be either."""
    on_day = {each for each, day in offered.items() if day.day == number}
    as_number = {number} if number in offered and number <= 4 else set()
    return (on_day | as_number) if len(on_day | as_number) == 1 else None


def read_yes(words: str, *, named: str = "") -> bool | None:
    """Whether a message is a plain yes or a plain no, to ``named`` where it names somebody; None for all else."""
    if "?" in words:
        return None
    said, theirs = _said(words), set(_said(named))
    if any(word not in _YES | _NO | _WITH_NO | _BESIDE | theirs for word in said):
        return None
    yes = any(word in _YES for word in said)
    no = any(word in _NO for word in said)
    if yes == no or (yes and any(word in _WITH_NO for word in said)):
        return None
    return yes


def read_label(words: str, labels: tuple[str, ...]) -> int | None:
    """Which of the answers on offer a message is, word for word, from 0; None for none of them."""
    said = _said(words)
    return next((place for place, label in enumerate(labels) if said and said == _said(label)), None)


def has_nothing_to_say(words: str) -> bool:
    """Whether a message says that there is nothing to say: "no thanks", "nothing", "kāo"."""
    kept = [word for word in _said(words) if word not in _BESIDE]
    return read_yes(words) is False or bool(kept and all(word in _NOTHING for word in kept))


def says_little(words: str) -> bool:
    """Whether a message is no answer in words: a picture alone, a bare yes."""
    return not _said(words) or read_yes(words) is True or {*_said(words)} <= _LITTLE
