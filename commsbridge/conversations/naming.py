"""Naming: which children the words name; typing errors and short forms are read, everyday words are no names."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from commsbridge.conversations import everyday
from commsbridge.foundation.names import search_fold

Names = Mapping[uuid.UUID, Sequence[str]]

_TOKEN = re.compile(r"\w+")
_AND = re.compile(r" ?[&+] ?(?=[^\W\d])")
_TWICE = re.compile(r"([a-z])\1+")
# A first word that is no name of its own: "Te Ariki", "Van der …".
_ENGLISH = everyday.words("english")
_TE_REO = everyday.words("te_reo")
_PARTICLES = everyday.words("particles")
# Whoever stands after one of these is grown up, a friend or an animal: not the child.
_TITLES = everyday.words("titles")
_SIBLING = everyday.words("siblings")
_RELATIONS = everyday.words("relations")
_BETWEEN = everyday.words("between")
_SIGNED = everyday.words("signed")
_NOT = everyday.words("not")
# What a child does: after a name that is an everyday word, too, one of these says that it is the name.
_DOES = everyday.words("does")
_NOT_AFTER_NAME = everyday.words("not_after_name")
_ARTICLES_EN = everyday.words("articles_en")
_ARTICLES_MI = everyday.words("articles_mi")
_A_THING = frozenset({"the", "an", "te", "nga", "he", "some", "another", "every"})
_PERSONAL = everyday.words("personal")
_PREPOSITIONS = everyday.words("prepositions")
# Who is told, asked or reminded is somebody: "tell hunter".
_SAYS_TO = everyday.words("says_to")
# Bare after these stands whose it is; a thing would have its article: "te pōtae o hine", not "te pōtae o te hine".
_WHOSE = frozenset({"a", "o"})
# Between two names that are spoken of together.
_WITH = frozenset({"and", "n", "nd", "an", "me", "ko", "plus"})
_TOGETHER = frozenset({"are", "r", "were", "have", "hav", "hv", "had", "both", "wont", "need", "got", "came"})
_IS = frozenset({"is", "was", "has", "s", "isnt", "wasnt", "needs"})
# Te reo Māori of every day in which a child's name may stand: thanks, sorry, hello, love.
_PHRASES = re.compile(
    r"\b(?:aroha (?:nui|mai|atu|tino nui|ki te|ki a koe|ki a koutou)|arohanui|(?:me te|nga mihi|mihi|te|nga|tino|big|"
    r"lots of|"
    r"much|with|sending) aroha|kia ora|tena (?:koe|korua|koutou)|ka pai|po marie|ata marie|mo te (?:wiki|marama|tau)|"
    r"(?:te|nga|ia) (?:wiki|marama|ata|rangi|kura|tau)|i (?:tera|tenei) (?:wiki|marama))\b"
)


@dataclass(frozen=True, slots=True)
class _Token:
    """One word: as compared, whether it has a capital, whether a sentence begins with it, whether a comma precedes."""

    folded: str
    capital: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Whom the words name: ``sure``; ``near`` only by a typing error or a short form; ``perhaps`` cannot be told."""

    sure: frozenset[uuid.UUID] = frozenset()
    near: frozenset[uuid.UUID] = frozenset()
    perhaps: frozenset[uuid.UUID] = frozenset()

    @property
    def told(self) -> frozenset[uuid.UUID]:
        """Those that the words name, however typed."""
        return self.sure or self.near

    @property
    def any(self) -> frozenset[uuid.UUID]:
        """All that may be meant."""
        return self.sure | self.near | self.perhaps


class Words:
    """What somebody wrote, ready to be searched for names. ``writer`` is what the writer is called, who may sign."""

    def __init__(self, words: str, *, writer: str = "") -> None:
        spelled = _AND.sub(" and ", unicodedata.normalize("NFC", words))
        self.folded = " ".join(search_fold(found) for found in _TOKEN.findall(spelled))
        self.tokens = list(_tokens(spelled))
        self._writer = frozenset(search_fold(each) for each in _TOKEN.findall(writer))

    @cached_property
    def _shouted(self) -> bool:
        capitals = sum(token.capital for token in self.tokens)
        return len(self.tokens) > 2 and capitals > 0.8 * len(self.tokens)

    @cached_property
    def _phrase_places(self) -> frozenset[int]:
        """The places of words that belong to an everyday phrase."""
        starts, at = {}, 0
        for place, token in enumerate(self.tokens):
            starts[at] = place
            at += len(token.folded) + 1
        places: set[int] = set()
        for found in _PHRASES.finditer(self.folded):
            first = starts.get(found.start(), 0)
            places |= set(range(first, first + found.group().count(" ") + 1))
        return frozenset(places)

    def is_name(self, word: str) -> bool:
        """Whether a word, folded, can only be somebody's name: no everyday word, no word for a relation."""
        return word.isalpha() and len(word) > 1 and word not in _ENGLISH and word not in _TITLES | _SIBLING | _RELATIONS

    def spoken(self, children: Names) -> frozenset[uuid.UUID]:
        """The children one of whose names stands there at all, everyday word or not: for the answer to a question."""
        said = f" {self.folded} "
        return frozenset(
            child for child, names in children.items() if any(f" {' '.join(form)} " in said for form in _forms(names))
        )

    def named(self, children: Names) -> Named:
        """Which of these children the words name: each name once, and the longest that stands at a place."""
        forms = {child: _forms(names) for child, names in children.items()}
        sure, perhaps, taken, told = self._exact(forms)
        if sure:
            near, doubtful = self._near(forms, taken, only=self._joined(told))
            sure, near, doubtful = sure | near, set(), set()
        else:
            near, doubtful = self._near(forms, taken)
        return Named(frozenset(sure), frozenset(near), frozenset((perhaps | doubtful) - sure - near))

    def _exact(
        self, forms: Mapping[uuid.UUID, Collection[tuple[str, ...]]]
    ) -> tuple[set[uuid.UUID], set[uuid.UUID], set[int], set[int]]:
        sure: set[uuid.UUID] = set()
        perhaps: set[uuid.UUID] = set()
        taken: set[int] = set()
        written = [token.folded for token in self.tokens]
        lengths = sorted({len(form) for each in forms.values() for form in each}, reverse=True)
        modifiers: set[uuid.UUID] = set()
        told: set[int] = set()
        words: dict[int, set[uuid.UUID]] = {}
        for length in lengths:
            for at in range(len(written) - length + 1):
                places = set(range(at, at + length))
                owners = {child for child, each in forms.items() if tuple(written[at : at + length]) in each}
                if not owners or places & taken:
                    continue
                taken |= places
                weight = self._weight(at, length)
                if weight == "modifier":
                    modifiers |= owners
                elif weight == "perhaps" or (weight == "sure" and len(owners) > 1):
                    perhaps |= owners
                elif weight == "sure":
                    sure |= owners
                    told |= places
                if weight in {"", "perhaps"} and length == 1 and len(owners) == 1:
                    words[at] = owners
        for at, owners in words.items():
            if self._beside(at, told) or self._pair(at, words):
                sure |= owners
        perhaps -= sure
        return sure, perhaps | (modifiers if not sure else set()), taken, told

    def _joined(self, told: Collection[int]) -> frozenset[int]:
        """The places of words that an "and" joins to a child's name, so that they may be another's, mistyped."""
        return frozenset(
            at
            for at in range(len(self.tokens))
            for join in (at + 1, at - 1)
            if 0 < join < len(self.tokens) - 1 and self.tokens[join].folded in _WITH and 2 * join - at in told
        )

    def _beside(self, at: int, told: Collection[int]) -> bool:
        """Whether an everyday word stands beside a child's name, "aroha and Naki": then it is a name as well."""
        before = self.tokens[at - 1].folded if at else ""
        if at in self._phrase_places or before in _ARTICLES_EN | _ARTICLES_MI | _TITLES | _NOT:
            return False
        joins = [at + step for step in (1, -1) if 0 <= at + step < len(self.tokens)]
        return any(self.tokens[join].folded in _WITH and join + (join - at) in told for join in joins)

    def _pair(self, at: int, words: Collection[int]) -> bool:
        """Whether two everyday words that are names begin a sentence and do one thing: "pearl n rata r sick"."""
        first = at if at + 2 in words else at - 2
        if first not in words or first + 2 not in words or first + 3 >= len(self.tokens):
            return False
        joined = self.tokens[first + 1].folded in _WITH and self.tokens[first + 3].folded in _TOGETHER
        return joined and self.tokens[first].first and first not in self._phrase_places

    def _weight(self, at: int, length: int) -> str:  # noqa: PLR0911 - a list of cases, the first that fits
        """How surely the name at a place is a child's: sure, perhaps, modifier ("Aroha's brother"), or nothing."""
        before = self.tokens[at - 1].folded if at else ""
        after = [token.folded for token in self.tokens[at + length : at + length + 4]]
        if before in _TITLES or before in _NOT or (before == "t" and at > 1):
            return ""
        if self._is_signature(at, length):
            return ""
        if _leads_to_sibling(after):
            return "modifier"
        if length > 1:
            return self._weight_of_words(at, length, after)
        word = self.tokens[at].folded
        if word not in _ENGLISH and word not in _TE_REO:
            # "The kowhai is out": a thing, though no list holds the word.
            return "perhaps" if before in _A_THING and not self.tokens[at].capital else "sure"
        if at in self._phrase_places:
            return ""
        return self._weight_of_word(at, word, before, after[0] if after else "")

    def _weight_of_words(self, at: int, length: int, after: Sequence[str]) -> str:
        """A name of several words; without a capital "te rangi" may be the sky, unless the child does something."""
        written = self.tokens[at : at + length]
        if any(token.capital for token in written) or not all(
            token.folded in _PARTICLES | _TE_REO for token in written
        ):
            return "sure"
        return "sure" if after and (after[0] in _DOES or after[0] in {"are", "n", "r", "am"}) else "perhaps"

    def _is_signature(self, at: int, length: int) -> bool:
        """A letter's end: the writer's own name, which a child may bear as well."""
        ends = at + length >= len(self.tokens) - 1
        own = all(self.tokens[place].folded in self._writer for place in range(at, at + length))
        return own and ends and (at > 0 and (self.tokens[at - 1].folded in _SIGNED or self.tokens[at].first or ends))

    def _weight_of_word(self, at: int, word: str, before: str, after: str) -> str:
        """A name that is an everyday word: by its capital, by what stands beside it."""
        token, te_reo = self.tokens[at], word in _TE_REO
        capital = token.capital and not self._shouted
        does = after in _DOES and not (after == "and" and not capital)
        named = capital and (not token.first or does)
        if before in _SAYS_TO or (te_reo and (before in _WHOSE or (before in _PERSONAL and capital))):
            return "sure"
        if before in (_ARTICLES_MI if te_reo else _ARTICLES_EN) or (
            te_reo and word in _ENGLISH and before in _ARTICLES_EN
        ):
            return "sure" if named and (does or (te_reo and before in {"e", "me"})) else ""
        if before in _PREPOSITIONS and not capital:
            return ""
        if named:
            return "sure"
        if does and (te_reo or after in _IS):
            return "sure" if te_reo else "perhaps"
        return "perhaps" if token.first and capital and after not in _NOT_AFTER_NAME else ""

    def _near(
        self,
        forms: Mapping[uuid.UUID, Collection[tuple[str, ...]]],
        taken: Collection[int],
        *,
        only: Collection[int] | None = None,
    ) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        """Names with a typing error, and short forms of names: never where another child's name is as near.

        ``only`` are the places to look at (None: all).
        """
        near: set[uuid.UUID] = set()
        doubtful: set[uuid.UUID] = set()
        alone = {child: {form[0] for form in each if len(form) == 1} for child, each in forms.items()}
        for at, token in enumerate(self.tokens):
            word = token.folded
            before = self.tokens[at - 1].folded if at else ""
            # "Te Arki": the little word before a name belongs to it, and what follows may be mistyped.
            singles = (
                {
                    child: alone[child] | {form[1] for form in each if len(form) == 2 and form[0] == before}
                    for child, each in forms.items()
                }
                if before in _PARTICLES
                else alone
            )
            if at in taken or (only is not None and at not in only):
                continue
            if word in _ENGLISH or word in _TE_REO or word in self._writer:
                continue
            if before in _TITLES:
                continue
            scores = {child: min((_apart(word, name) for name in names), default=9) for child, names in singles.items()}
            best = min(scores.values(), default=9)
            found = {child for child, score in scores.items() if score == best}
            if best >= 9:
                continue
            rivals = {child for child, names in singles.items() if any(_distance(word, name) <= best for name in names)}
            if len(found | rivals) == 1:
                near |= found
            else:
                doubtful |= found | rivals
        return near, doubtful


def _tokens(words: str) -> Iterator[_Token]:
    end = 0
    first = True
    for found in _TOKEN.finditer(words):
        between = words[end : found.start()]
        first = end == 0 or any(sign in between for sign in ".!?\n:;") or any(ord(sign) > 0x2100 for sign in between)
        word = found.group()
        yield _Token(search_fold(word), word[0].isupper(), first)
        end = found.end()


def _forms(names: Sequence[str]) -> set[tuple[str, ...]]:
    """What a child may be called: each name, the first name of a full one, and a hyphened one typed as one word."""
    forms: set[tuple[str, ...]] = set()
    for name in names:
        parts = tuple(search_fold(part) for part in _TOKEN.findall(unicodedata.normalize("NFC", name)))
        if not parts:
            continue
        forms.add(parts)
        first = parts[:2] if parts[0] in _PARTICLES and len(parts) > 2 else parts[:1]
        if first[0] not in _PARTICLES or len(first) > 1:
            forms.add(first)
        forms |= _other_spacing(parts, first)
        hyphened = tuple(search_fold(part) for part in _TOKEN.findall(name.split()[0]))
        forms |= {each for form in (first, hyphened) if len(form) > 1 for each in (form, ("".join(form),))}
    return forms


def _other_spacing(parts: tuple[str, ...], first: tuple[str, ...]) -> set[tuple[str, ...]]:
    """A given name of two words typed as one, and one word typed as two: Xin Yi, Xinyi; never two everyday words."""
    forms: set[tuple[str, ...]] = set()
    if len(parts) > 2 and len(first) == 1 and len(parts[0]) + len(parts[1]) > 3:
        forms |= {parts[:2], ("".join(parts[:2]),)}
    if len(first) == 1:
        name = first[0]
        halves = [(name[:at], name[at:]) for at in range(2, len(name) - 1)]
        forms |= {(one, two) for one, two in halves if not _is_everyday(two) and (one == "te" or not _is_everyday(one))}
    return forms


def _is_everyday(word: str) -> bool:
    return word in _ENGLISH or word in _TE_REO


def _leads_to_sibling(after: Sequence[str]) -> bool:
    """Whether "'s (little) brother" follows."""
    rest = [word for word in after if word not in _BETWEEN]
    return rest[:1] == ["s"] and len(rest) > 1 and rest[1] in _SIBLING


def _apart(word: str, name: str) -> int:
    """How far a typed word is from a name: 1 or 2 slips, 2 for a short form; 9 when it is another word."""
    if len(name) > 2 and word == name + "s":
        return 1
    if len(name) < 4 or len(word) < 3 or not word.isalpha():
        return 9
    if _sound(word) == _sound(name):
        return 1
    slips = _distance(word, name)
    same_start = word[0] == name[0] or {word[0], name[0]} == {"c", "k"} or sorted(word[:2]) == sorted(name[:2])
    if slips == 1 and (same_start or len(name) > 4):
        return 1
    if slips == 2 and len(name) > 6 and same_start:
        return 2
    return 2 if len(name) >= len(word) + 2 and name.startswith(word) else 9


_SOUNDS = (
    ("ck", "k"),
    ("x", "ks"),
    ("ph", "f"),
    ("wh", "w"),
    ("y", "i"),
    ("c", "k"),
    ("z", "s"),
    ("gh", "g"),
    ("h", ""),
)


# Lachie and Lachy, Kody and Kodey: short names end as their writer likes.
_LITTLE = re.compile(r"(?:ie|ey|ee|y)$")


def _sound(word: str) -> str:
    """A word as it sounds, roughly: Jackson and Jaxon, Caitlyn and Kaitlin."""
    word = _LITTLE.sub("i", word)
    for written, spoken in _SOUNDS:
        word = word[:1].replace("c", "k") + word[1:].replace(written, spoken)
    return _TWICE.sub(r"\1", word)


def _distance(one: str, other: str) -> int:
    """Optimal string alignment: how many letters are wrong, missing, too many, or changed places."""
    if abs(len(one) - len(other)) > 2:
        return 9
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
