"""Expected answers of "no": each is a sentence a person can act on, in their own language."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """An expected no.

    ``sentence`` is a message id of the catalogues (the English sentence); ``slots`` fill its named placeholders.
    ``field`` names the form field the sentence belongs to, where there is one.
    """

    def __init__(self, sentence: str, *, field: str | None = None, **slots: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.slots = slots


class NotFound(Refusal):
    """What was asked for is not there, or not there for this person: the two are never told apart."""


class NotAllowed(Refusal):
    """This person may not do this."""


class Conflict(Refusal):
    """Somebody else was first, or the matter has moved on."""


class Invalid(Refusal):
    """What was given cannot be taken; nothing was changed."""
