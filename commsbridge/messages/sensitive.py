"""What a writer is asked before their own words go in a text: another child's name, health, toileting, behaviour.

It only asks. The rules are a data file (data/sensitive.tsv) with a reason for each; nothing about the writer is kept.
"""

from __future__ import annotations

import csv
import re
import uuid
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate
from pathlib import Path

from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.reo_dates import list_of
from commsbridge.messages.naming import named_children
from commsbridge.messages.spoken import Spoken, Word, read


class Matter(StrEnum):
    """What a question is about."""

    OTHER_CHILD = "other_child"
    HEALTH = "health"
    TOILETING = "toileting"
    BEHAVIOUR = "behaviour"


class Choice(StrEnum):
    """What the writer can do about it."""

    LINK = "link"
    CHANGE = "change"


SENTENCES = {
    Matter.OTHER_CHILD: N_("This may name another child: %(words)s. Change the words, or send it as a link?"),
    Matter.HEALTH: N_("This may be about somebody’s health: %(words)s. Send it as a link, or change the words?"),
    Matter.TOILETING: N_("This may be about toileting: %(words)s. Send it as a link, or change the words?"),
    Matter.BEHAVIOUR: N_("This may be about behaviour: %(words)s. Send it as a link, or change the words?"),
}

# What stands for another child's name in the folded line: the rules know it as a person.
_SOMEBODY = "somebody"
_SETS = {
    "<whose>": r"(?:his|her|their|my|an?|the)",
    "<body>": (
        r"(?:tummy|tummies|stomach|puku|belly|throat|head|ear|ears|eye|eyes|tooth|teeth|leg|legs|arm|arms|wrist|ankle|knee"
        r"|knees|foot|feet|toe|toes|finger|fingers|thumb|hand|neck|nose|lip|chin|elbow|shoulder|collarbone|rib|ribs)"
    ),
    "<person>": (
        r"(?:(?:an?|the|his|her|their|my|our|some|any|another|other|one|two|three|several|little|younger|older|new) )"
        r"{0,3}(?:him|them|me|us|you|someone|somebody|anyone|everyone|people|person|others|child|children|kids?|boys?|girls?"
        r"|friends?|mates?|buddy|buddies|students?|pupils?|teachers?|classmates?|peers?|brother|sister|cousin|aides?"
        r"|adults?|staff|whaea|matua|kaiako|tamaiti|tamariki|hoa|akonga|teina|tuakana"
        r"|her(?= (?:in|on|and|with|at|so|because|when|while|during|again|hard|by|from|over|down|today|[.,])|$))"
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask. ``words`` are the writer's own, as typed; ``children`` the other children they name."""

    matter: Matter
    words: tuple[str, ...]
    children: tuple[uuid.UUID, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What to offer, the likelier first: a link does not hide another child's name from this family."""
        return (Choice.CHANGE, Choice.LINK) if self.matter is Matter.OTHER_CHILD else (Choice.LINK, Choice.CHANGE)

    def said(self, language: Language) -> str:
        """The question as it is shown, naming the words it is about."""
        return say(language, SENTENCES[self.matter], words=list_of([f"“{w}”" for w in self.words], language))


@dataclass(frozen=True, slots=True)
class _Rule:
    matter: Matter
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


def questions_for(
    words: str, *, child_names: Collection[str], other_children: Mapping[uuid.UUID, Collection[str]]
) -> list[Question]:
    """What to ask about a writer's own ``words``; an empty list is most often the answer.

    ``child_names`` are the names the child it is about goes by; ``other_children`` the first and preferred names of the
    other children of the class or school.
    """
    spoken = read(words)
    named = list(named_children(spoken, child_names=child_names, other_children=other_children))
    questions = []
    if named:
        told = tuple(dict.fromkeys(spoken.written(n.words) for n in named))
        questions.append(Question(Matter.OTHER_CHILD, told, tuple(dict.fromkeys(n.child_id for n in named))))
    found = _found(spoken, {word for n in named for word in n.words})
    return questions + [Question(matter, told) for matter, told in found.items()]


def _found(spoken: Spoken, names: Collection[Word]) -> dict[Matter, tuple[str, ...]]:
    folded = [_SOMEBODY if word in names else word.folded for word in spoken.words]
    line = " ".join(folded)
    starts = [0, *accumulate(len(word) + 1 for word in folded)][: len(folded)]
    found: dict[Matter, dict[str, None]] = {}
    for rule in _rules():
        for start, end in _matches(rule, line):
            first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
            found.setdefault(rule.matter, {})[spoken.written(spoken.words[first : last + 1])] = None
    return {matter: tuple(told) for matter, told in found.items()}


def _matches(rule: _Rule, line: str) -> Iterator[tuple[int, int]]:
    pardoned = [m.span() for m in rule.unless.finditer(line)] if rule.unless else []
    for match in rule.pattern.finditer(line):
        start, end = match.span()
        if not any(a < end and start < b for a, b in pardoned):
            yield start, end


@cache
def _rules() -> tuple[_Rule, ...]:
    path = Path(__file__).with_name("data") / "sensitive.tsv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(
        _Rule(Matter(row["matter"]), _compiled(row["pattern"]), _compiled(row["unless"]) if row["unless"] else None)
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    """Whole words only; the named sets written out."""
    for name, words in _SETS.items():
        pattern = pattern.replace(name, words)
    return re.compile(rf"(?<![^ ])(?:{pattern})(?![^ ])")
