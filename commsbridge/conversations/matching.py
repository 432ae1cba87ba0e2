"""Matching: which contact wrote, and which child it is about. Pure: facts in; a match, a question or a reason out."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from commsbridge.conversations.naming import Named, Names, Words
from commsbridge.conversations.sayings import means_all, names_other_family, says_wrong_number, thanks_for_two
from commsbridge.foundation.names import search_fold

# An answer to a text comes soon; after this the last message no longer says what it is about.
CONTEXT_LASTS = timedelta(hours=72)
# Of two messages about two children the later one is meant when the earlier one is so much older than it.
EARLIER_BY = timedelta(hours=2)
TIMES_OLDER = 6
# One act that writes to several children at once; their texts leave one after the other.
AT_ONCE = timedelta(minutes=1)


class Parked(StrEnum):
    """Why a person must look."""

    UNKNOWN_SENDER = "unknown_sender"
    NO_ACCESS = "no_access"
    WHICH_PERSON = "which_person"
    WHICH_CHILD = "which_child"
    FORGED = "forged"
    CHANGED_HANDS = "changed_hands"
    LEFT = "left"
    OTHER_NAME = "other_name"
    STOP_ASKED = "stop_asked"
    TOO_MANY = "too_many"
    THREAT = "threat"


class How(StrEnum):
    """How we know which child words are about, the surest first."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105 - how a reply was matched, no secret
    ANSWER = "answer"
    NAME = "name"
    ALL = "all"
    ONLY_CHILD = "only_child"
    LAST_MESSAGE = "last_message"
    NEAR_NAME = "near_name"
    CONTINUED = "continued"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact who has the address it came from, with the children they may hear of and the names these go by.

    ``barred`` are the children they may not hear of and ``former`` those who have left: words that name one of these
    are never filed unseen. ``rooms`` are the classes of their children.
    """

    contact_id: uuid.UUID
    students: Names
    barred: Names = field(default_factory=dict)
    former: Names = field(default_factory=dict)
    rooms: Mapping[uuid.UUID, Sequence[str]] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that went to that address: to whom, about which child, when; ``act`` is one for what went together."""

    contact_id: uuid.UUID | None
    student_id: uuid.UUID | None
    at: datetime
    act: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """It is about these children. ``contact_id`` is None where several people of one phone may have written it."""

    contact_id: uuid.UUID | None
    student_ids: tuple[uuid.UUID, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Ask:
    """It is about one or several of these children of whoever has that phone: only they can say."""

    contact_id: uuid.UUID | None
    student_ids: tuple[uuid.UUID, ...]


Found = Match | Ask | Parked


def match(words: str, candidates: Sequence[Candidate], sent: Sequence[Sent], now: datetime) -> Found:
    """Whose words these are and which child they are about; never a guess that could be the wrong family's child.

    In this order: the children named in the words, all of them ("both"), the one lately written about, the only one
    there is. What names a child who is not theirs to speak of, or a stranger's, waits for a person.
    """
    if not candidates:
        return Parked.UNKNOWN_SENDER
    able = [candidate for candidate in candidates if candidate.students]
    if not able:
        return Parked.LEFT if any(candidate.former for candidate in candidates) else Parked.NO_ACCESS
    if says_wrong_number(words, [candidate.name for candidate in candidates]):
        return Parked.CHANGED_HANDS
    return _Phone(words, able, candidates, sent, now).found()


class _Phone:
    """One phone with all who have it, and what came from it."""

    def __init__(
        self,
        words: str,
        able: Sequence[Candidate],
        everybody: Sequence[Candidate],
        sent: Sequence[Sent],
        now: datetime,
    ) -> None:
        self.able = able
        self.everybody = everybody
        self.words = Words(words, writer=" ".join(candidate.name for candidate in everybody))
        self.said = words
        self.students: dict[uuid.UUID, Sequence[str]] = {}
        self.closed: dict[uuid.UUID, Sequence[str]] = {}
        for candidate in everybody:
            self.students |= candidate.students
            self.closed |= {**candidate.barred, **candidate.former}
        self.fresh = sorted(
            (each for each in sent if each.student_id in self.students and now - each.at <= CONTEXT_LASTS),
            key=lambda each: each.at,
        )
        self.now = now

    def found(self) -> Found:
        """The first of the ways that tells."""
        everyone = {**self.closed, **self.students}
        said = self.words.named(everyone)
        if said.told & self.closed.keys() or (said.any & (self.closed.keys() - self.students.keys())):
            return self._closed(said)
        if said.told:
            return self._match(said.told, How.NAME if said.sure else How.NEAR_NAME)
        if not said.perhaps and names_other_family(self.said, self.words, self._known(everyone)):
            return Parked.OTHER_NAME
        if in_room := self._in_room():
            return self._match(in_room, How.NAME)
        if len(self.students) > 1 and means_all(self.said, len(self.students)):
            return self._all()
        return self._unnamed(said.perhaps)

    def _known(self, children: Names) -> list[str]:
        return [name for names in children.values() for name in names] + [each.name for each in self.everybody]

    def _closed(self, said: Named) -> Parked:
        barred = {child for candidate in self.everybody for child in candidate.barred}
        return Parked.NO_ACCESS if said.any & barred else Parked.LEFT

    def _unnamed(self, perhaps: frozenset[uuid.UUID]) -> Found:
        """Words that name nobody for sure."""
        lately = self._two_written() or self._lately()
        if lately and not perhaps - lately:
            return self._match(lately, How.LAST_MESSAGE)
        if len(self.students) == 1:
            return self._match(frozenset(self.students), How.ONLY_CHILD)
        return self._ask()

    def _match(self, children: frozenset[uuid.UUID], how: How) -> Found:
        """These children, where everybody on the phone may hear of them, and one person of all of them."""
        if children & self.closed.keys():
            return Parked.WHICH_PERSON
        able = [candidate for candidate in self.able if children <= candidate.students.keys()]
        if not able:
            return Parked.WHICH_PERSON
        return Match(self._writer(able), tuple(child for child in self.students if child in children), how)

    def _writer(self, able: Sequence[Candidate]) -> uuid.UUID | None:
        """The only one of these people, or the only one lately written to."""
        if len(able) == 1:
            return able[0].contact_id
        lately = {each.contact_id for each in self.fresh} & {candidate.contact_id for candidate in able}
        return next(iter(lately)) if len(lately) == 1 else None

    def _widest(self) -> Candidate | None:
        """Whoever on the phone may hear of all the children that anybody on it may hear of."""
        return next((each for each in self.able if each.students.keys() == self.students.keys()), None)

    def _all(self) -> Found:
        if self.closed or self._widest() is None:
            return Parked.WHICH_PERSON
        return self._match(frozenset(self.students), How.ALL)

    def _ask(self) -> Found:
        widest = self._widest()
        # A question that names the children would show one family of a phone the other's.
        if widest is None or self.students.keys() & self.closed.keys():
            return Parked.WHICH_PERSON
        return Ask(self._writer([each for each in self.able if each.students.keys() == self.students.keys()]),
                   tuple(self.students))  # fmt: skip

    def _in_room(self) -> frozenset[uuid.UUID]:
        """The child whose class is named, where no other of theirs is in it."""
        rooms: dict[str, set[uuid.UUID]] = {}
        for candidate in self.able:
            for child, names in candidate.rooms.items():
                for name in names:
                    rooms.setdefault(" ".join(re.findall(r"\w+", search_fold(name))), set()).add(child)
        spoken = f" {self.words.folded} "
        found = [children for room, children in rooms.items() if len(room) > 3 and f" {room} " in spoken]
        return frozenset(found[0]) if len(found) == 1 and len(found[0]) == 1 else frozenset()

    def _two_written(self) -> frozenset[uuid.UUID]:
        """The two children whom the last two messages were about, where the words thank for both."""
        last = frozenset(each.student_id for each in self.fresh[-2:] if each.student_id)
        return last if len(last) == len(self.fresh[-2:]) == 2 and thanks_for_two(self.said) else frozenset()

    def _lately(self) -> frozenset[uuid.UUID]:
        """The children of the last message that went there, where nothing as new went about another."""
        if not self.fresh:
            return frozenset()
        last = self.fresh[-1]
        together = {
            each.student_id
            for each in self.fresh
            if each == last
            or each.at == last.at
            or (each.act and each.act == last.act and last.at - each.at <= AT_ONCE)
        }
        others = [each for each in self.fresh if each.student_id not in together]
        gap = self.now - last.at
        older = all(last.at - each.at >= EARLIER_BY and self.now - each.at >= TIMES_OLDER * gap for each in others)
        return frozenset(child for child in together if child) if older else frozenset()
