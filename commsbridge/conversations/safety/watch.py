"""The watch: whether a school has its messages screened, and the two people it named."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from commsbridge import schools
from commsbridge.conversations.safety.models import SafetyWatch
from commsbridge.conversations.safety.screening import Screened, screen
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission, Staff

FEWEST_MINUTES, MOST_MINUTES = 5, 240


@dataclass(frozen=True, slots=True)
class Watch:
    """What a school decided: nothing is screened until it names two people."""

    screens: bool = False
    lead_id: uuid.UUID | None = None
    deputy_id: uuid.UUID | None = None
    minutes: int = 15
    answers: bool = False


def watch_of(work: Work) -> Watch:
    """The school's watch; off where it never decided."""
    row = work.once("watch", lambda: work.session.scalars(select(SafetyWatch)).first())
    return Watch(row.screens, row.lead_id, row.deputy_id, row.minutes, row.answers) if row else Watch()


def screened(work: Work, words: str) -> Screened:
    """What the screening says of words that are no message; clear where the school has nothing screened."""
    return screen(words).says if watch_of(work).screens else Screened.CLEAR


def those_who_may_be_named(work: Work) -> list[Staff]:
    """The staff whose role lets them open what worries, by name."""
    return schools.staff_with(work, Permission.OPEN_SAFETY, schools.today(work))


def set_watch(work: Work, wanted: Watch) -> None:
    """Decide about the screening.

    Raises Invalid where it would be on without two people who may open what worries, without a way to tell them, or
    with minutes that are too few or too many.
    """
    if not FEWEST_MINUTES <= wanted.minutes <= MOST_MINUTES:
        raise Invalid(
            N_("Write minutes between %(fewest)s and %(most)s."), field="minutes", fewest=FEWEST_MINUTES,
            most=MOST_MINUTES,
        )  # fmt: skip
    if wanted.screens:
        _two_people(work, wanted)
    row = work.session.scalars(select(SafetyWatch)).first()
    if row is None:
        row = SafetyWatch(id=uuid.uuid4(), minutes=wanted.minutes, changed_at=work.now)
        work.session.add(row)
    row.screens, row.lead_id, row.deputy_id = wanted.screens, wanted.lead_id, wanted.deputy_id
    row.minutes, row.answers = wanted.minutes, wanted.answers
    row.changed_at, row.changed_by = work.now, work.actor.id
    work.session.flush()


def _two_people(work: Work, wanted: Watch) -> None:
    able = {staff.id for staff in those_who_may_be_named(work)}
    if wanted.lead_id not in able:
        raise Invalid(N_("Name who reads it first: somebody in charge of child protection, or a leader."), field="lead")
    if wanted.deputy_id not in able or wanted.deputy_id == wanted.lead_id:
        raise Invalid(N_("Name a second person, for when the first cannot be reached."), field="deputy")
    if schools.sender_for_mails(work) is None:
        raise Invalid(N_("The school cannot send mail yet, so nobody could be told. Ask whoever runs the service."))
