"""Verbs of the log: write a line, fold a later line onto it, write a kōrero down by hand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import search_fold
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.partnership.models import FOLDING, Korero, Line, LineWords, Moment

BY_HAND = frozenset({Moment.STAFF_NOTE, Moment.GATE, Moment.CALL})
LONGEST_KORERO = 4000


def write_line(
    work: Work,
    moment: Moment,
    *,
    student_id: uuid.UUID,
    at: datetime | None = None,
    staff_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
    channel: str | None = None,
    language: str | None = None,
    subject: tuple[str, uuid.UUID] | None = None,
    words: str = "",
) -> Line:
    """Write one home-school moment. ``subject`` names the kind and id of the row that holds the words.

    ``words`` are folded for search and not kept as they are.
    """
    line = Line(
        id=uuid.uuid4(),
        student_id=student_id,
        at=at or work.now,
        moment=moment,
        staff_id=staff_id,
        contact_id=contact_id,
        channel=channel,
        language=language,
        subject=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
    )
    work.write(line)
    if words:
        add_words(work, line, words)
    return line


def add_words(work: Work, line: Line, words: str) -> None:
    """More words by which a line is found: what was said of it later in the other language, say."""
    work.write(LineWords(line_id=line.id, student_id=line.student_id, folded=search_fold(words)))


class NewLine(NamedTuple):
    """One of many lines that are written at once: about whom, with whom, and the row that holds the words."""

    student_id: uuid.UUID
    subject: tuple[str, uuid.UUID]
    contact_id: uuid.UUID | None = None


def write_lines(
    work: Work, moment: Moment, new: Sequence[NewLine], *, staff_id: uuid.UUID | None, words: str = ""
) -> list[Line]:
    """Write the same moment many times at once, in a few statements; the lines come back in their order."""
    lines = [
        Line(
            id=uuid.uuid4(),
            student_id=each.student_id,
            at=work.now,
            moment=moment,
            staff_id=staff_id,
            contact_id=each.contact_id,
            subject=each.subject[0],
            subject_id=each.subject[1],
        )
        for each in new
    ]
    work.session.add_all(lines)
    work.session.flush()
    if words:
        folded = search_fold(words)
        work.session.add_all(LineWords(line_id=line.id, student_id=line.student_id, folded=folded) for line in lines)
        work.session.flush()
    return lines


def fold_onto(
    work: Work,
    line: Line,
    moment: Moment,
    *,
    contact_id: uuid.UUID | None = None,
    channel: str | None = None,
    language: str | None = None,
    subject: tuple[str, uuid.UUID] | None = None,
    at: datetime | None = None,
    why: str | None = None,
) -> Line:
    """Write a later line that says what became of ``line``: arrived, failed, held, undone, seen, moved, corrected."""
    if moment not in FOLDING:
        msg = f"{moment} stands alone on the timeline"
        raise ValueError(msg)
    later = Line(
        id=uuid.uuid4(),
        student_id=line.student_id,
        at=at or work.now,
        moment=moment,
        staff_id=work.actor.id if work.actor.kind is ActorKind.STAFF else None,
        contact_id=contact_id,
        channel=channel,
        language=language,
        subject=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        about=line.id,
        why=why,
    )
    work.session.add(later)
    work.session.flush()
    return later


def fold_others(work: Work, subject: tuple[str, uuid.UUID], moment: Moment, *, but: uuid.UUID | None) -> None:
    """Say the same of every line about a subject, ``but`` one that was told already: one message, several children."""
    rows = select(Line).where(Line.subject == subject[0], Line.subject_id == subject[1], Line.about.is_(None))
    for line in work.session.scalars(rows.where(Line.id != but)).all():
        fold_onto(work, line, moment)


# What a select given to folding must name, in this order.
FOLDED = ("about", "moment", "at", "contact_id", "channel", "language", "subject", "subject_id", "why")


def folding(rows: Select[Any]) -> Executable:
    """A statement that writes a later line for every row of a select of FOLDED columns, and answers with their ids.

    ``about`` names a line of the school it is run in; rows whose line is not there write nothing.
    """
    found = rows.subquery()
    chosen = select(Line.student_id, *(found.c[name] for name in FOLDED)).join(found, Line.id == found.c.about)
    lines = Line.metadata.tables[Line.__tablename__]
    return insert(lines).from_select(["student_id", *FOLDED], chosen, include_defaults=False).returning(lines.c.id)


def write_korero(
    work: Work,
    *,
    student_id: uuid.UUID,
    moment: Moment,
    words: str,
    happened_at: datetime,
    contact_id: uuid.UUID | None = None,
    once_key: str | None = None,
) -> Line:
    """A member of staff writes a note, a talk at the gate or a phone call into the log by hand.

    The same ``once_key`` again returns the line already written. Raises Invalid for no words, too many, or a time that
    is still to come.
    """
    if once_key and work.session.scalar(select(Korero.id).where(Korero.once_key == once_key)):
        return _line_of(work, once_key)
    kept = tidy(words)
    if moment not in BY_HAND or work.actor.id is None:
        raise Invalid(N_("Choose what it was: a note, a talk at the gate, or a phone call."), field="moment")
    if not kept:
        raise Invalid(N_("Write a few words first."), field="words")
    if len(kept) > LONGEST_KORERO:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_KORERO)
    if happened_at > work.now:
        raise Invalid(N_("That time is still to come. Say when it happened."), field="happened_at")
    written = insert(Korero).values(
        id=uuid.uuid4(),
        student_id=student_id,
        staff_id=work.actor.id,
        contact_id=contact_id,
        happened_at=happened_at,
        written_at=work.now,
        words=kept,
        once_key=once_key,
    )
    once = written.on_conflict_do_nothing(index_elements=[Korero.school_id, Korero.once_key])
    korero = work.session.scalar(once.returning(Korero))
    if korero is None:
        return _line_of(work, once_key)
    return write_line(
        work,
        moment,
        student_id=student_id,
        at=happened_at,
        staff_id=work.actor.id,
        contact_id=contact_id,
        subject=("korero", korero.id),
        words=kept,
    )


def _line_of(work: Work, once_key: str | None) -> Line:
    """The line of a kōrero that the same form has become."""
    known = select(Korero.id).where(Korero.once_key == once_key)
    return work.session.scalars(select(Line).where(Line.subject == "korero", Line.subject_id.in_(known))).one()
