"""Whether a school asks: begun and ended by a leader; when the next questions go, and which."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import schools, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.pulse.models import Pulse, PulseRound
from commsbridge.pulse.questions import pair
from commsbridge.pulse.timing import Going, due_going, next_going

# Where no term is known that would hold a pulse, the clock looks again after this.
LOOKS_AGAIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Standing:
    """How whānau voice stands: ``going`` the next pulse (None: no term is known), its questions, who said yes."""

    asks: bool
    going: Going | None
    questions: tuple[str, str]
    may_be_asked: int
    rounds: int


def standing_of(work: Work) -> Standing:
    """Whether the school asks, when next, and what."""
    rounds = work.session.scalar(select(func.count()).select_from(PulseRound)) or 0
    pulse, calendar = running(work), schools.calendar_of(work)
    due = due_now(work, pulse, calendar) if pulse is not None else None
    going = due or next_going(calendar, work.now)
    return Standing(
        asks=pulse is not None,
        going=going,
        questions=pair(rounds),
        may_be_asked=len(whanau.who_may_be_asked(work)),
        rounds=rounds,
    )


def running(work: Work, *, lock: bool = False) -> Pulse | None:
    """The pulse that goes on, where the school asks."""
    rows = select(Pulse).where(Pulse.ended_at.is_(None))
    return work.session.scalar(rows.with_for_update() if lock else rows)


def begin(work: Work) -> None:
    """From now on ask two questions a term; asking already, nothing changes. Raises Invalid where no term is known."""
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    calendar = schools.calendar_of(work)
    if next_going(calendar, work.now) is None:
        raise Invalid(N_("We do not know the days of the next term yet. The office can write them down first."))
    # Two leaders who press at the same moment begin one.
    row = insert(Pulse).values(
        id=uuid.uuid4(), begun_by=work.actor.id, begun_at=work.now, next_at=next_look(calendar, work.now)
    )
    work.session.execute(row.on_conflict_do_nothing())


def end(work: Work) -> None:
    """Ask no more. What was asked already may still be answered: a number never goes to a teacher."""
    pulse = running(work, lock=True)
    if pulse is not None:
        pulse.ended_at, pulse.ended_by = work.now, work.actor.id
        work.session.flush()


def next_look(calendar: SchoolCalendar, now: datetime) -> datetime:
    """When the clock looks again."""
    going = next_going(calendar, now)
    return min(going.at, now + LOOKS_AGAIN) if going else now + LOOKS_AGAIN


def due_now(work: Work, pulse: Pulse, calendar: SchoolCalendar) -> Going | None:
    """What should go now: due since the school said that it asks, and not gone in this term yet."""
    going = due_going(calendar, work.now)
    if going is None or going.at <= pulse.begun_at:
        return None
    gone = select(PulseRound.id).where(PulseRound.term_on == going.term.first_on)
    return going if work.session.scalar(gone) is None else None
