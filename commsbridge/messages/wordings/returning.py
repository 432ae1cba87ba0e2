"""Wordings that come back from a translator: judged row by row first, then taken, never over a newer edit."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from commsbridge import schools
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.messages.wordings.checking import LONGEST_NOTE, keep_words, lock_wording
from commsbridge.messages.wordings.files import FileRow
from commsbridge.messages.wordings.known import Wording, all_wordings
from commsbridge.messages.wordings.models import Verdict, WordingCheck
from commsbridge.messages.wordings.soundness import doubtful_words, sound_wording

UNKNOWN = N_("No wording here has this key.")
TWICE = N_("This key is in the file twice; the first row counts.")
NEWER = N_("Someone changed this wording here after the file was taken out. We kept the one here.")
DOUBTFUL = N_("Please look again at: %(words)s.")


class Fate(StrEnum):
    """What becomes of a row."""

    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A row with what would become of it; ``reason`` and ``slots`` say why not, or (with a change) what to look at."""

    row: FileRow
    fate: Fate
    wording: Wording | None = None
    mi: str = ""
    reason: str | None = None
    slots: tuple[tuple[str, object], ...] = ()


def judge_rows(work: Work, rows: Sequence[FileRow]) -> list[JudgedRow]:
    """What would become of each row of a file; nothing is changed."""
    known = {each.key: each for each in all_wordings(work)}
    seen: set[str] = set()
    judged = []
    for row in rows:
        judged.append(_judged(row, known.get(row.key), twice=row.key in seen))
        seen.add(row.key)
    return judged


def _judged(row: FileRow, wording: Wording | None, *, twice: bool) -> JudgedRow:
    if wording is None:
        return JudgedRow(row, Fate.REFUSED, reason=UNKNOWN)
    if twice:
        return JudgedRow(row, Fate.REFUSED, wording, reason=TWICE)
    try:
        mi = sound_wording(wording.kind, wording.en, row.mi)
    except Invalid as refusal:
        return JudgedRow(row, Fate.REFUSED, wording, reason=refusal.sentence, slots=tuple(refusal.slots.items()))
    if mi == wording.mi:
        return JudgedRow(row, Fate.SAME, wording, mi)
    if row.version != wording.version:
        return JudgedRow(row, Fate.REFUSED, wording, mi, reason=NEWER)
    doubtful = doubtful_words(mi)
    slots = (("words", ", ".join(doubtful)),) if doubtful else ()
    return JudgedRow(row, Fate.CHANGED, wording, mi, reason=DOUBTFUL if doubtful else None, slots=slots)


def take_rows(
    work: Work, rows: Sequence[FileRow], *, checked_by: str | None = None, licensed: bool = False
) -> list[JudgedRow]:
    """Take the good rows of a file, judged anew. Gives what became of each.

    Only where the person who brings it in states who ``checked_by`` (and whether ``licensed``) does a row count as
    checked, also one that came back as it went; else a changed row is written and not yet checked.
    """
    who = one_line(checked_by, field="checked_by", longest=120) if checked_by is not None else None
    if work.actor.id is None:
        raise NotFound(N_("Sign in first."))
    for key in sorted({row.key for row in rows}):
        lock_wording(work, key)
    work.session.expire_all()
    judged = judge_rows(work, rows)
    for each in judged:
        if each.wording is None or each.fate is Fate.REFUSED or (each.fate is Fate.SAME and who is None):
            continue
        keep_words(work, each.wording, each.mi)
        work.session.add(_check(work, each, each.wording, who, licensed=licensed))
    work.session.flush()
    return judged


def _check(work: Work, judged: JudgedRow, wording: Wording, who: str | None, *, licensed: bool) -> WordingCheck:
    return WordingCheck(
        id=uuid.uuid4(),
        key=wording.key,
        verdict=Verdict.APPROVED if who else Verdict.WRITTEN,
        text_en=wording.en,
        text_mi=judged.mi,
        staff_id=work.actor.id,
        checked_by=who,
        licensed=licensed and who is not None,
        checked_on=schools.today(work) if who else None,
        note=tidy(judged.row.note)[:LONGEST_NOTE],
        made_at=work.now,
    )
