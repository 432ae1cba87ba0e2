"""Verbs of the review desk: a named speaker approves a wording, writes it better, or rejects it."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

from commsbridge import schools
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Phrase
from commsbridge.messages.wordings.known import Kind, Wording, wording_of
from commsbridge.messages.wordings.models import Verdict, WordingCheck
from commsbridge.messages.wordings.soundness import doubtful_words, sound_wording

LONGEST_NOTE = 500


def approve(work: Work, key: str, *, seen: str, text_mi: str, note: str = "", as_meant: bool = False) -> WordingCheck:
    """Say that a wording is right, as it stands or as ``text_mi`` writes it now, which makes it the school's own.

    ``seen`` is the version that was read. Words that look misspelt are asked about first: ``as_meant`` says they are
    right. Raises Invalid, or Conflict when somebody changed the wording meanwhile.
    """
    wording = _seen(work, key, seen)
    mi = sound_wording(wording.kind, wording.en, text_mi)
    doubtful = [] if as_meant else doubtful_words(mi)
    if doubtful:
        raise Invalid(
            N_("Please look again at: %(words)s. If that is how it is written, tick the box and approve it again."),
            field="as_meant",
            words=", ".join(doubtful),
        )
    keep_words(work, wording, mi)
    return _write(work, wording, Verdict.APPROVED, mi, note)


def reject(work: Work, key: str, *, seen: str, note: str) -> WordingCheck:
    """Say that a wording is wrong, and why: its te reo leaves the school no more until it is written anew.

    Raises Invalid when nothing says why, Conflict when somebody changed the wording meanwhile.
    """
    wording = _seen(work, key, seen)
    if not tidy(note):
        raise Invalid(N_("Say in a few words what is wrong, for the person who rewrites it."), field="note")
    return _write(work, wording, Verdict.REJECTED, wording.mi, note)


def keep_words(work: Work, wording: Wording, mi: str) -> None:
    """Make ``mi`` the school's te reo of a wording. A letter's sentence stands in the history itself."""
    if wording.kind is Kind.PHRASE and mi != wording.mi:
        phrase = work.session.scalars(select(Phrase).where(Phrase.key == wording.key.partition(":")[2])).one()
        phrase.text_mi = mi
        work.session.flush()


def _seen(work: Work, key: str, seen: str) -> Wording:
    """The wording as it was read, held until the act ends."""
    lock_wording(work, key)
    wording = wording_of(work, key)
    if wording is None:
        raise NotFound(N_("That wording is not here."))
    if wording.version != seen:
        raise Conflict(N_("Somebody changed this wording while you were reading. Please read it again."))
    return wording


def lock_wording(work: Work, key: str) -> None:
    """Two people who judge one wording come one after the other."""
    name = f"wording {work.school_id} {key}"
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _write(work: Work, wording: Wording, verdict: Verdict, mi: str, note: str) -> WordingCheck:
    person = schools.staff_by_id(work, [work.actor.id])[work.actor.id] if work.actor.id else None
    if person is None:
        raise Invalid(N_("Sign in first."))
    said = tidy(note)
    if len(said) > LONGEST_NOTE:
        raise Invalid(N_("This is too long: write at most %(longest)s characters."), field="note", longest=LONGEST_NOTE)
    check = WordingCheck(
        id=uuid.uuid4(),
        key=wording.key,
        verdict=verdict,
        text_en=wording.en,
        text_mi=mi,
        staff_id=person.id,
        checked_by=person.name,
        checked_on=schools.today(work),
        note=said,
        made_at=work.now,
    )
    work.session.add(check)
    work.session.flush()
    return check
