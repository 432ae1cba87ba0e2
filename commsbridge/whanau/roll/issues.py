"""What is wrong with a roll file: one issue per fault, by row and column, in whole sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language, say


class Severity(StrEnum):
    """``error``: a student, a person or an address was not taken; ``warning``: taken, but a person should look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Said:
    """One whole sentence: a message id of the catalogues and its slots."""

    sentence: str
    slots: Mapping[str, object]

    @classmethod
    def by(cls, refusal: Invalid) -> Said:
        """The sentence that a refusal says."""
        return cls(refusal.sentence, refusal.slots)


def said(sentence: str, **slots: object) -> Said:
    """The sentence with its slots."""
    return Said(sentence, slots)


def otherwise(row: int) -> Said:
    """That an earlier row says something else, and was believed."""
    return said(N_("Row %(row)s says something else. We used that."), row=row)


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: ``row`` as a spreadsheet counts, ``column`` by its name (None for a whole row), and what to say."""

    row: int
    severity: Severity
    column: str | None
    sentences: tuple[Said, ...]

    def reason(self, language: Language) -> str:
        """The sentences in ``language``, one after the other."""
        return " ".join(say(language, one.sentence, **one.slots) for one in self.sentences)


class Issues(list[Issue]):
    """The issues of one file, in the order they were found; ``rows`` are those that have one."""

    def __init__(self) -> None:
        """None yet."""
        super().__init__()
        self.rows: set[int] = set()

    def error(self, row: int, column: str | None, *sentences: Said) -> None:
        """Something of this row was not taken."""
        self.rows.add(row)
        self.append(Issue(row, Severity.ERROR, column, sentences))

    def warn(self, row: int, column: str | None, *sentences: Said) -> None:
        """A person should look at this row."""
        self.rows.add(row)
        self.append(Issue(row, Severity.WARNING, column, sentences))
