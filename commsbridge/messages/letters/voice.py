"""How a school says the sentences of its letters: its own te reo Māori where it has some, and what it holds back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from commsbridge.foundation.language import Language, catalogue


class HeldBack(Exception):  # noqa: N818 - an answer to whoever writes the letter, not a fault
    """This te reo Māori may not leave the school yet; the letter is then written in English, whole."""


@dataclass(frozen=True, slots=True)
class Voice:
    """``own`` is the school's own te reo Māori by message id, in place of the catalogue's.

    ``held_back`` are the message ids whose te reo may not leave: a speaker of the school rejected it, or the school
    sends only what somebody has checked.
    """

    own: Mapping[str, str] = field(default_factory=dict)
    held_back: frozenset[str] = frozenset()

    def say(self, language: Language, msgid: str, /, **slots: object) -> str:
        """The sentence with its placeholders filled. Raises HeldBack where its te reo may not leave."""
        return self.sentence(language, msgid) % slots

    def sentence(self, language: Language, msgid: str) -> str:
        """The sentence, its placeholders still open. Raises HeldBack where its te reo may not leave."""
        if language is not Language.MI:
            return catalogue(language).gettext(msgid)
        if msgid in self.held_back:
            raise HeldBack(msgid)
        return self.own.get(msgid) or catalogue(language).gettext(msgid)
