"""Reading requests for support: a child's, as school sees them all and a home its own."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.support.models import SupportConsent, SupportRequest, SupportState, SupportStep
from commsbridge.support.requests import ENDED


@dataclass(frozen=True, slots=True)
class Tracked:
    """A request with every step (the first first) and every yes given or taken back, in their order.

    ``words`` are what would help, as far as this reader may read them.
    """

    request: SupportRequest
    steps: tuple[SupportStep, ...]
    consents: tuple[SupportConsent, ...]
    words: str

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

    ``home`` are the contacts of one home: then only requests that somebody there said yes to, of every yes theirs, and
    what became of it while that yes stood; nothing of what another home wrote.
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
    tracked = [Tracked(each, tuple(steps[each.id]), tuple(consents[each.id]), each.words) for each in found]
    return tracked if home is None else [_at_home(each, home) for each in tracked if each.consents]


def _at_home(tracked: Tracked, home: Collection[uuid.UUID]) -> Tracked:
    """A request as a home reads it: from its first yes on, and to its end where it took its yes back."""
    first, last = tracked.consents[0].at, tracked.consents[-1].at
    latest = {each.contact_id: each.given for each in tracked.consents}
    before = [each for each in tracked.steps if each.at < first]
    # Where it stood when they said yes; the words with it were for somebody else.
    seen = [_copy(each, words="") for each in before[-1:]]
    seen += [each for each in tracked.steps if each.at >= first and (any(latest.values()) or each.at <= last)]
    if not any(latest.values()) and seen[-1].state not in ENDED:
        seen.append(
            _copy(
                seen[-1], number=seen[-1].number + 1, state=SupportState.WITHDRAWN, on_day=tracked.consents[-1].on_day,
                words="", waiting_with="", look_on=None, staff_id=None, at=last,
            )
        )  # fmt: skip
    writer = tracked.request.from_contact
    return Tracked(
        tracked.request, tuple(seen), tracked.consents, tracked.words if writer is None or writer in home else ""
    )


def _copy(step: SupportStep, **other: Any) -> SupportStep:
    """A step as somebody reads it, kept nowhere."""
    kept = {column.key: getattr(step, column.key) for column in SupportStep.__table__.columns}
    return SupportStep(**{**kept, **other})


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
