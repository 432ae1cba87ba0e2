"""What a child's own people say of it: loves, strengths and what helps, in their words, with a history."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from commsbridge.foundation.columns import among
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.schools import today
from commsbridge.students.models import OWN, Student, StudentWords, Tells

LONGEST_ABOUT = 600
LONGEST_SAID_BY = 120


def say_about(
    work: Work,
    student: Student,
    tells: Tells,
    *,
    words: str,
    said_by: str,
    said_on: date,
    language: Language | None = None,
) -> StudentWords | None:
    """Keep what somebody said of a child, written down by the actor on their behalf; earlier words stay in the history.

    No words take back what stands. What stands already is not kept twice; None when there is nothing to keep. Raises
    Invalid for words that are too long, for nobody who said them, for a day to come, and for what school adds before
    the child or its whānau have said anything.
    """
    kept = tidy(words)
    if len(kept) > LONGEST_ABOUT:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_ABOUT)
    if said_on > today(work):
        raise Invalid(N_("That day is still to come. Say when they said it."), field="said_on")
    by = one_line(said_by, field="said_by", longest=LONGEST_SAID_BY) if kept else ""
    known = words_about(work, student.id)
    if tells is Tells.SCHOOL and kept and OWN.isdisjoint(known):
        raise Invalid(
            N_("Ask the child and their whānau first. What school adds stands beside their words."), field="words"
        )
    stands = known.get(tells)
    if stands is None and not kept:
        return None
    if stands is not None and (stands.words, stands.said_by, stands.said_on) == (kept, by, said_on):
        return stands
    said = StudentWords(
        id=uuid.uuid4(),
        student_id=student.id,
        tells=tells,
        words=kept,
        language=language,
        said_by=by,
        said_on=said_on,
        written_by=work.actor.id,
        written_at=work.now,
    )
    work.session.add(said)
    work.session.flush()
    return said


def words_about(work: Work, student_id: uuid.UUID) -> dict[Tells, StudentWords]:
    """What stands of a child now, by what it tells."""
    newest: dict[Tells, StudentWords] = {}
    for said in history_about(work, student_id):
        newest.setdefault(said.tells, said)
    return {tells: said for tells, said in newest.items() if said.words}


def words_of_each(work: Work, student_ids: Collection[uuid.UUID], tells: Tells) -> dict[uuid.UUID, StudentWords]:
    """What stands now of each of these children; those of whom nothing was said are left out."""
    newest = (
        select(StudentWords)
        .where(among(StudentWords.student_id, student_ids), StudentWords.tells == tells)
        .ext(distinct_on(StudentWords.student_id))
        .order_by(StudentWords.student_id, StudentWords.number.desc())
    )
    return {said.student_id: said for said in work.session.scalars(newest) if said.words}


def history_about(work: Work, student_id: uuid.UUID) -> Sequence[StudentWords]:
    """Everything that was ever said of a child, the newest first; empty words took back what stood."""
    rows = select(StudentWords).where(StudentWords.student_id == student_id)
    return work.session.scalars(rows.order_by(StudentWords.number.desc())).all()
