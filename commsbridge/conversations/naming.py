"""Naming: which children the words name; typing errors and short forms are read, everyday words are no names."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from commsbridge.conversations import everyday
from commsbridge.conversations.likeness import ANOTHER, apart, distance, forms_of
from commsbridge.foundation.names import fold, search_fold

Names = Mapping[uuid.UUID, Sequence[str]]

_TOKEN = re.compile(r"\w+")
_AND = re.compile(r" ?[&+] ?(?=[^\W\d])")
# A first word that is no name of its own: "Te Ariki", "Van der …".
_ENGLISH = everyday.words("english")
_TE_REO = everyday.words("te_reo")
# Words that are read as they stand, never as a name mistyped: "dairy" is no Daisy.
_NEVER_SLIPS = _ENGLISH | _TE_REO | everyday.words("never_slips")
_PARTICLES = everyday.words("particles")
# Whoever stands after one of these is grown up, a friend or an animal: not the child.
_TITLES = everyday.words("titles")
_SIBLING = everyday.words("siblings")
_RELATIONS = everyday.words("relations")
_BETWEEN = everyday.words("between")
_SIGNED = everyday.words("signed")
_SIGN_OFF = everyday.words("sign_off")
_NOT = everyday.words("not")
# What a child does: after a name that is an everyday word, too, one of these says that it is the name.
_DOES = everyday.words("does")
_NOT_AFTER_NAME = everyday.words("not_after_name")
_ARTICLES_EN = everyday.words("articles_en")
_ARTICLES_MI = everyday.words("articles_mi")
_A_THING = frozenset({"the", "an", "te", "nga", "he", "some", "another", "every"})
_PERSONAL = everyday.words("personal")
_PREPOSITIONS = everyday.words("prepositions")
_GREETINGS = everyday.words("greetings")
_PRONOUNS = everyday.words("pronouns")
# "Will parents be able to come": it asks, or tells of later, and is nobody's name.
_MODALS = everyday.words("modals")
_INFINITIVES = everyday.words("infinitives")
_STILL = everyday.words("still")
# Who is told, asked or reminded is somebody: "tell hunter".
_SAYS_TO = everyday.words("says_to")
# Bare after these stands whose it is; a thing would have its article: "te pōtae o hine", not "te pōtae o te hine".
_WHOSE = frozenset({"a", "o"})
# A verb is so many words away at most from what helps it.
_HELPS_WITHIN = 5
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
    """One word: as compared, as it was typed but for case and macrons, whether it has a capital, what precedes it.

    ``first``: a sentence begins with it; ``opens``: a line does; ``parted``: a comma or more stands before it.
    """

    folded: str
    typed: str
    capital: bool
    first: bool
    opens: bool
    parted: bool


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
            child for child, names in children.items() if any(f" {' '.join(form)} " in said for form in forms_of(names))
        )

    def named(self, children: Names) -> Named:
        """Which of these children the words name: each name once, and the longest that stands at a place."""
        forms = {child: forms_of(names) for child, names in children.items()}
        sure, perhaps, taken, told = self._exact(forms, children)
        if sure:
            near, doubtful = self._near(forms, taken, only=self._joined(told))
            sure, near, doubtful = sure | near, set(), set()
        else:
            near, doubtful = self._near(forms, taken)
        return Named(frozenset(sure), frozenset(near), frozenset((perhaps | doubtful) - sure - near))

    def _exact(
        self, forms: Mapping[uuid.UUID, Collection[tuple[str, ...]]], children: Names
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
                rivals = self._rivals(at, owners, children) if weight == "sure" and length == 1 else set()
                if weight == "modifier":
                    modifiers |= owners
                elif rivals or weight == "perhaps" or (weight == "sure" and len(owners) > 1):
                    perhaps |= owners | rivals
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

    def _rivals(self, at: int, owners: Collection[uuid.UUID], children: Names) -> set[uuid.UUID]:
        """Who else may be meant by a name with a vowel twice, a long one or a slip: "Miaa", of Mia and Maia."""
        token = self.tokens[at]
        if token.typed == token.folded:
            return set()
        called = {child: [fold(each) for name in names for each in name.split()] for child, names in children.items()}
        if any(token.typed in called[child] for child in owners):
            return set()
        rest = called.keys() - owners
        return {child for child in rest if any(distance(token.typed, name) <= 1 for name in called[child])}

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
        if before in _NOT or (before == "t" and at > 1) or (before in _TITLES and not self._is_greeted(at, after)):
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

    def _is_greeted(self, at: int, after: Sequence[str]) -> bool:
        """Whether the title before a name is somebody greeted: "Dear teacher, Lily has", "hi miss tama is away"."""
        before = self.tokens[at - 2].folded if at > 1 else ""
        if self.tokens[at].parted:
            # "Her uncle, Tama, is coming": it is he who is called so.
            return before not in _ARTICLES_EN | _ARTICLES_MI
        return (
            before in _GREETINGS
            and after[:1] != ["and"]
            and bool(_DOES & {*after[:1]})
            and not _PRONOUNS & {*after[1:2]}
        )

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
        if own and self._stands_alone(at):
            return True
        return own and ends and (at > 0 and (self.tokens[at - 1].folded in _SIGNED or self.tokens[at].first or ends))

    def _stands_alone(self, at: int) -> bool:
        """Whether the line there holds the writer's name and nothing else, below what they wrote: a signature's."""
        opens = [place for place, token in enumerate(self.tokens) if token.opens]
        begins = max(place for place in opens if place <= at)
        ends = min((place for place in opens if place > at), default=len(self.tokens))
        line = {token.folded for token in self.tokens[begins:ends]}
        return begins > 0 and line <= self._writer | _SIGNED | _SIGN_OFF

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
        if (before in _PREPOSITIONS and not capital) or (word in _MODALS and self._leads_on(at)):
            return ""
        if named:
            return "sure"
        if does and (te_reo or after in _IS):
            return "sure" if te_reo else "perhaps"
        return "perhaps" if token.first and capital and after not in _NOT_AFTER_NAME else ""

    def _leads_on(self, at: int) -> bool:
        """Whether a verb that needs help follows somebody else: "may his brother come", "will parents be able to"."""
        rest = [token.folded for token in self.tokens[at + 1 : at + 1 + _HELPS_WITHIN]]
        told = next((place for place, word in enumerate(rest) if word in _INFINITIVES), 0)
        return told > 0 and not {*rest[:1]} & _STILL and not {*rest[:told]} & ((_DOES | _MODALS) - {"s", "and"})

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
            if word in _NEVER_SLIPS or word in self._writer:
                continue
            if before in _TITLES:
                continue
            scores = {
                child: min((apart(word, name) for name in names), default=ANOTHER) for child, names in singles.items()
            }
            best = min(scores.values(), default=ANOTHER)
            found = {child for child, score in scores.items() if score == best}
            if best >= ANOTHER:
                continue
            rivals = {child for child, names in singles.items() if any(_is_as_near(word, name, best) for name in names)}
            if len(found | rivals) == 1:
                near |= found
            else:
                doubtful |= found | rivals
        return near, doubtful


def _tokens(words: str) -> Iterator[_Token]:
    end = 0
    for found in _TOKEN.finditer(words):
        between = words[end : found.start()]
        starts = end == 0 or any(sign in between for sign in ".!?\n:;") or any(ord(sign) > 0x2100 for sign in between)
        opens = end == 0 or "\n" in between
        word = found.group()
        yield _Token(search_fold(word), fold(word), word[0].isupper(), starts, opens, starts or "," in between)
        end = found.end()


def _is_as_near(word: str, name: str, best: int) -> bool:
    """Whether a word may as well be this name: as few slips away, or its short form ("Ari" of Aria and Ariana)."""
    return distance(word, name) <= best or (len(word) > 2 and name.startswith(word))


def _leads_to_sibling(after: Sequence[str]) -> bool:
    """Whether "'s (little) brother" follows."""
    rest = [word for word in after if word not in _BETWEEN]
    return rest[:1] == ["s"] and len(rest) > 1 and rest[1] in _SIBLING
