"""The school's own phrase bank: seeded from the starting bank, then offered child by child."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, union

from commsbridge import schools
from commsbridge.foundation.columns import among
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.messages.bank import label, labels, praises, to_work_on
from commsbridge.messages.models import LaterPraise, LaterState, Message, Phrase, PhraseKind
from commsbridge.students import Student


def seed_phrases(work: Work) -> int:
    """Give the school the phrases of the starting bank it has not got yet, in order. Returns how many."""
    known = set(work.session.scalars(select(Phrase.key)))
    shipped = [(PhraseKind.PRAISE, each) for each in praises()] + [(PhraseKind.WORK_ON, each) for each in to_work_on()]
    missing = [(place, kind, each) for place, (kind, each) in enumerate(shipped, start=1) if each.key not in known]
    work.session.add_all(
        Phrase(
            key=praise.key,
            kind=kind,
            value=praise.value,
            setting=praise.setting,
            text_en=praise.pair.en,
            text_mi=praise.pair.mi,
            position=position,
            checked_by=praise.checked_by,
            checked_on=praise.checked_on,
            check_note=praise.check_note,
        )
        for position, kind, praise in missing
    )
    work.session.flush()
    return len(missing)


def used_phrases(work: Work, *children: Student) -> set[uuid.UUID]:
    """The phrases any of these children was praised with since the term began (in the holidays: since the year began).

    Those of praise that waits to go later are among them.
    """
    return {phrase_id for _, phrase_id in _used(work, [child.id for child in children])}


def _used(work: Work, student_ids: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Pairs of a child and a phrase they had this term, as used_phrases says."""
    calendar = schools.calendar_of(work)
    today = schools.today(work)
    term = calendar.term_of(today)
    first = term.first_on if term else today.replace(month=1, day=1)
    rows = select(Message.student_id, Message.phrase_id).where(
        among(Message.student_id, student_ids),
        Message.phrase_id.is_not(None),
        Message.undone_at.is_(None),
        Message.made_at >= datetime.combine(first, time(), tzinfo=ZoneInfo(calendar.time_zone)),
    )
    waiting = select(LaterPraise.student_id, LaterPraise.phrase_id).where(
        among(LaterPraise.student_id, student_ids),
        LaterPraise.phrase_id.is_not(None),
        LaterPraise.state == LaterState.WAITING,
    )
    pairs: Any = work.session.execute(union(rows, waiting))
    return {(child, phrase) for child, phrase in pairs if child is not None and phrase is not None}


def next_values(work: Work, student_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The value of the first praise in the bank's order that each child has not had this term; {} without a bank."""
    wanted = select(Phrase.id, Phrase.value).where(Phrase.retired_at.is_(None), Phrase.kind == PhraseKind.PRAISE)
    bank = list(work.session.execute(wanted.order_by(Phrase.position, Phrase.id)))
    used = _used(work, student_ids) if bank else set()
    return {
        each: next((value for phrase_id, value in bank if (each, phrase_id) not in used), bank[0].value)
        for each in student_ids
        if bank
    }


def offered_phrases(work: Work, *children: Student, kind: PhraseKind = PhraseKind.PRAISE) -> list[Phrase]:
    """The school's phrases in the bank's order without those the children have had this term; all when all were had."""
    wanted = select(Phrase).where(Phrase.retired_at.is_(None), Phrase.kind == kind)
    wanted = wanted.order_by(Phrase.position, Phrase.id)
    bank = list(work.session.scalars(wanted))
    used = used_phrases(work, *children)
    return [phrase for phrase in bank if phrase.id not in used] or bank


def phrase_by_key(work: Work, key: str) -> Phrase | None:
    """A phrase of the school's bank by its lasting key."""
    return work.session.scalar(select(Phrase).where(Phrase.key == key, Phrase.retired_at.is_(None)))


def phrase_by_id(work: Work, phrase_id: uuid.UUID) -> Phrase | None:
    """A phrase of the school's bank."""
    return work.session.get(Phrase, phrase_id)


def value_name(value: str, language: Language) -> str:
    """The name of a value in a language; a value the school made up keeps its own name."""
    known = labels("value").get(value)
    return label(known, language) if known else value
