"""What the roll already holds, and what a file was judged to say: plain values, no database."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from commsbridge.whanau.models import Channel, MayMessage
from commsbridge.whanau.roll.issues import Issue
from commsbridge.whanau.roll.reading import Row


class Standing(StrEnum):
    """How a mobile stands with its contact: ``awaiting`` until a person confirms it, ``past`` when found wrong."""

    CURRENT = "current"
    AWAITING = "awaiting"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class KnownContact:
    """A contact of the school: ``mobiles`` by E.164 in the order they are used, ``landlines`` E.164 too."""

    id: uuid.UUID
    name: str
    mobiles: Mapping[str, Standing] = field(default_factory=dict)
    landlines: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownRoll:
    """What the school already holds; empty for a dry run without a database.

    ``students`` maps the school's own id to the name; ``contacts`` a name key to everyone of that name;
    ``guardians`` a student's id to the ids of their contacts; ``restrictions`` are (student id, name key).
    """

    students: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, tuple[KnownContact, ...]] = field(default_factory=dict)
    guardians: Mapping[str, tuple[uuid.UUID, ...]] = field(default_factory=dict)
    restrictions: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Placement:
    """A class of a student and, where the file says, the mail addresses of those who teach it."""

    name: str
    teachers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedStudent:
    """A student as the file has them: the school's own id, the name, year level 0 to 15, classes in their order."""

    external_id: str
    name: str
    year_level: int | None
    classes: tuple[Placement, ...]


@dataclass(frozen=True, slots=True)
class JudgedWay:
    """A way to reach a contact: E.164 for text and call, a mail address for email, none for the others."""

    channel: Channel
    address: str | None

    @property
    def textable(self) -> bool:
        """Whether a text can be sent this way."""
        return self.channel is Channel.TEXT


@dataclass(frozen=True, slots=True)
class JudgedContact:
    """A person as the file has them. ``known`` is their id where the school holds them already.

    ``ways`` stand in the order the file asks for, else text, email, call; ``language`` None when the file says nothing.
    """

    name: str
    key: str
    ways: tuple[JudgedWay, ...]
    language: str | None
    channels: tuple[Channel, ...]
    known: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class JudgedLink:
    """A contact of a student: ``contact`` is a place in JudgedRoll.contacts."""

    student: str
    contact: int
    relationship: str
    may_message: MayMessage


@dataclass(frozen=True, slots=True)
class ChangedNumber:
    """Another mobile for the same name of the same student: ``old`` is held at once, ``new`` until confirmed."""

    row: int
    student: str
    contact: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class JudgedRoll:
    """A roll file, judged: what can be taken, what is wrong, what a person must confirm, and the rows to mend.

    ``students_met`` are all ids that could be read, those of refused rows among them; ``rows_of_nobody`` counts the
    rows whose student could not be told, so that nobody is thought to have left because of them.
    """

    students: tuple[JudgedStudent, ...] = ()
    contacts: tuple[JudgedContact, ...] = ()
    links: tuple[JudgedLink, ...] = ()
    changes_to_confirm: tuple[ChangedNumber, ...] = ()
    issues: tuple[Issue, ...] = ()
    header: tuple[str, ...] = ()
    bad_rows: tuple[Row, ...] = ()
    students_met: frozenset[str] = frozenset()
    rows_of_nobody: int = 0
