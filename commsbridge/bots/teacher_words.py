"""What a teacher's text asks of the bot, and the sentences it answers with; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from commsbridge.conversations import Words
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold

Names = Mapping[UUID, Sequence[str]]


class Ask(StrEnum):
    """What a teacher can ask for with a word."""

    HELP = "help"
    WHO = "who"
    LAST = "last"
    PHOTO = "photo"


class Said(StrEnum):
    """An answer to "1 send 2 change 3 not now"."""

    SEND = "send"
    CHANGE = "change"
    NOT_NOW = "not_now"


_ALONE = {
    **dict.fromkeys(("help", "info", "awhina", "awhina mai"), Ask.HELP),
    **dict.fromkeys(("who", "who next", "who has waited", "wai", "ko wai", "ko wai e tatari ana"), Ask.WHO),
}
_WITH_NAME = {
    **dict.fromkeys(("last", "whakamutunga", "o mua"), Ask.LAST),
    **dict.fromkeys(("photo", "picture", "whakaahua", "pikitia"), Ask.PHOTO),
}
_ANSWERS = {
    **dict.fromkeys(("1", "send", "send it", "tuku", "tukuna"), Said.SEND),
    **dict.fromkeys(("2", "change", "panoni", "panonihia", "whakarereke"), Said.CHANGE),
    **dict.fromkeys(("3", "not now", "no", "no thanks", "kao", "kaore", "taihoa", "cancel"), Said.NOT_NOW),
}
_ROUND = re.compile(r"^[\W_]+|[\W_]+$")
_NUMBER = re.compile(r"\d{1,2}")
_SCHOOL = re.compile(r"^\W*(?:kura|school)\b[\s:,.\-–]*", re.IGNORECASE)

HELP = N_(
    "Write a child’s name and what you saw: you see what goes to whom before it goes. WHO: who has waited. LAST and a "
    "name: the last three. PHOTO and a name: a link. STOP: no more texts."
)
BEGIN = N_("This phone is a family’s as well: begin with KURA what is for school.")
WHOM = N_("No child you teach is named there. Write the name and what you saw. HELP says more.")
WHICH = N_("Which child? %(choices)s. Answer with the number.")
CHOICE = N_("%(number)s for %(name)s")
ONE_EACH = N_("That names %(names)s. Each family reads about its own child: write one text for each.")
SHOW = N_("About %(name)s: “%(words)s” From %(writer)s to %(people)s. 1 send 2 change 3 not now")
SHOW_LINK = N_(
    "About %(name)s: “%(words)s” %(question)s To %(people)s goes only that there is a note, with a link. 1 send it so "
    "2 change 3 not now"
)
ONCE_MORE = N_("Please answer with a number: 1 send 2 change 3 not now")
NOBODY = N_("Nobody can be sent a message about %(name)s yet. Ask the office to add or mend a contact.")
WRITE_ANEW = N_("Write it anew, for %(name)s. Nothing has gone. 3 for not now.")
GOES = N_("It goes to %(people)s.")
NOT_SENT = N_("Not sent.")
EARLIER = N_("The earlier words were not sent.")
TOO_LATE = N_("That was too long ago, and nothing was sent. Write it once more if you like.")
NOTHING_WAITS = N_("Nothing waits for a number. Write a child’s name and what you saw. HELP says more.")
WAITED = N_("%(name)s: %(days)s school days.")
WAITED_EVER = N_("%(name)s: nothing yet.")
WAITED_LONGEST = N_("Good news last reached home:")
NOBODY_WAITS = N_("Every child you teach has heard good news lately.")
LAST_THREE = N_("%(name)s: %(praises)s More: %(link)s")
NONE_YET = N_("No good news about %(name)s has gone home yet.")
BEHIND_LINK = N_("a note behind a link.")
WHOLE_NAME = N_("Which one? Write it with the whole name: %(names)s.")
PHOTO_HERE = N_("A photo goes by this page: %(link)s")
STOPPED = N_("No more texts from school come to this phone. To start again, write START.")
STARTED = N_("Texts from school come again. HELP says what you can write.")
WAYS = {
    "text": N_("%(name)s (text)"),
    "email": N_("%(name)s (email)"),
    "call": N_("%(name)s (you ring)"),
    "slip": N_("%(name)s (a slip)"),
    "video": N_("%(name)s (a video call)"),
    "interpreter": N_("%(name)s (an interpreter)"),
}
PROMPT_ANSWERED = {
    "not_today": N_("Not today: kept."),
    "away": N_("Away: kept. Something like “we missed you” is good news, too."),
    "later": N_("You will be asked again on the next school day."),
    "someone_else": N_("Left to somebody else for two weeks."),
    "gate": N_("The talk at the gate is in the log."),
}


def asked_for(words: str, children: Names) -> tuple[Ask, frozenset[UUID]] | None:
    """The command a text is, with the children that LAST or PHOTO names; None when it is none.

    "Last week Aroha …" is praise: after LAST and PHOTO stands a name and nothing else.
    """
    said = _bare(words)
    if said in _ALONE:
        return _ALONE[said], frozenset()
    for word, ask in _WITH_NAME.items():
        rest = said.removeprefix(f"{word} ")
        if rest == said or not (named := Words(rest).spoken(children)):
            continue
        known = {part for child in named for name in children[child] for part in fold(name).split()}
        if set(rest.split()) <= known:
            whole = frozenset(child for child in named if rest in {fold(name) for name in children[child]})
            return ask, whole if len(whole) == 1 else named
    return None


def answer_of(words: str) -> Said | None:
    """What a text says to "1 send 2 change 3 not now"."""
    return _ANSWERS.get(_bare(words))


def number_of(words: str) -> int | None:
    """The number that a text is, and nothing else."""
    said = _bare(words)
    return int(said) if _NUMBER.fullmatch(said) else None


def for_school(words: str) -> str | None:
    """What follows KURA at the beginning; None where it does not stand there."""
    found = _SCHOOL.match(words)
    return words[found.end() :] if found else None


def _bare(words: str) -> str:
    return fold(_ROUND.sub("", words))
