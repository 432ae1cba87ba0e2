"""Reading requests for support: a child's, as school sees them all and a home its own."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.support.models import SupportConsent, SupportRequest, SupportStep
from commsbridge.support.requests import ENDED


@dataclass(frozen=True, slots=True)
class Tracked:
    """A request with every step (the first first) and every yes given or taken back, in their order."""

    request: SupportRequest
    steps: tuple[SupportStep, ...]
    consents: tuple[SupportConsent, ...]

    @property
    def last(self) -> SupportStep:
        """The step that stands."""
        return self.steps[-1]

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.last.state not in ENDED


def requests_about(work: Work, student_id: uuid.UUID, *, home: Collection[uuid.UUID] | None = None) -> list[Tracked]:
    """A child's requests, the newest first.

    ``home`` are the contacts of one home: then only requests that somebody there said yes to, and of every yes theirs.
    """
    rows = select(SupportRequest).where(SupportRequest.student_id == student_id)
    found = work.session.scalars(rows.order_by(SupportRequest.asked_at.desc(), SupportRequest.id)).all()
    ids = [each.id for each in found]
    steps: dict[uuid.UUID, list[SupportStep]] = {each: [] for each in ids}
    for step in work.session.scalars(
        select(SupportStep).where(SupportStep.request_id.in_(ids)).order_by(SupportStep.number)
    ):
        steps[step.request_id].append(step)
    consents: dict[uuid.UUID, list[SupportConsent]] = {each: [] for each in ids}
    for consent in work.session.scalars(
        select(SupportConsent).where(SupportConsent.request_id.in_(ids)).order_by(SupportConsent.at)
    ):
        if home is None or consent.contact_id in home:
            consents[consent.request_id].append(consent)
    tracked = [Tracked(each, tuple(steps[each.id]), tuple(consents[each.id])) for each in found]
    return [each for each in tracked if home is None or each.consents]


def request_by_id(work: Work, request_id: uuid.UUID) -> SupportRequest:
    """One request. Raises NotFound; whoever asks looks whether they may see its child."""
    found = work.session.get(SupportRequest, request_id)
    if found is None:
        raise NotFound(N_("That request is not here."))
    return found


def steps_by_id(work: Work, step_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[SupportStep, SupportRequest]]:
    """Steps with their requests, by the step's id: the log names steps."""
    rows = (
        select(SupportStep, SupportRequest)
        .join(
            SupportRequest,
            (SupportRequest.school_id == SupportStep.school_id) & (SupportRequest.id == SupportStep.request_id),
        )
        .where(SupportStep.id.in_(list(step_ids)))
    )
    return {step.id: (step, request) for step, request in work.session.execute(rows).all()}
