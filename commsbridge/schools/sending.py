"""How a school sends: on which days, who may say that something is urgent, what a month may cost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools.models import Role, SendingRules

# A text of one segment to a New Zealand mobile costs about this much, in cents, before a school writes its own price.
TEXT_CENTS = 13.0
DEAREST_TEXT, LARGEST_BUDGET = 500.0, 100_000_000


@dataclass(frozen=True, slots=True)
class Sending:
    """A school's rules of sending.

    ``praise_on_school_days`` and ``notices_on_school_days`` hold that kind back on other days; ``urgent_roles`` may
    send at any hour, with a reason; ``text_cents`` is the price of one text segment, ``budget_cents`` what the texts
    of a calendar month may cost before the school is warned (None: no budget).
    """

    praise_on_school_days: bool = False
    notices_on_school_days: bool = False
    urgent_roles: frozenset[Role] = frozenset({Role.LEADER})
    text_cents: float = TEXT_CENTS
    budget_cents: int | None = None


def sending_of(work: Work) -> Sending:
    """The rules of this school; the common ones until it sets its own."""
    row = work.session.scalar(select(SendingRules))
    if row is None:
        return Sending()
    return Sending(
        row.praise_on_school_days,
        row.notices_on_school_days,
        frozenset(Role(name) for name in row.urgent_roles.split()),
        row.text_cents,
        row.budget_cents,
    )


def set_sending(work: Work, sending: Sending) -> None:
    """Set the school's rules. Raises Invalid for a price or budget that cannot be."""
    if not 0 < sending.text_cents <= DEAREST_TEXT:
        raise Invalid(N_("A text costs more than nothing, and less than 5 dollars."), field="text_cents")
    if sending.budget_cents is not None and not 0 < sending.budget_cents <= LARGEST_BUDGET:
        raise Invalid(N_("Write what a month may cost in dollars, or leave it empty."), field="budget")
    row = work.session.scalar(select(SendingRules).with_for_update()) or SendingRules()
    row.praise_on_school_days = sending.praise_on_school_days
    row.notices_on_school_days = sending.notices_on_school_days
    row.urgent_roles = _written(sending.urgent_roles)
    row.text_cents, row.budget_cents = sending.text_cents, sending.budget_cents
    work.session.add(row)
    work.session.flush()


def _written(roles: Collection[Role]) -> str:
    return " ".join(sorted(role.value for role in roles))
