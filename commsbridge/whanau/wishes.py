"""Finer wishes of a contact: what they like to hear, about whom, and what of the weekend is theirs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from commsbridge.foundation.work import Work
from commsbridge.whanau.ledger import note_wish
from commsbridge.whanau.models import ConsentKind, Wish, WishKind

HEARS = (WishKind.PRAISE_ONLY, WishKind.URGENT_ONLY)
WEEKENDS = (WishKind.WEEKEND_REST, WishKind.FRIDAY_EVENING)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one contact asked for.

    ``hears`` is PRAISE_ONLY or URGENT_ONLY, None for everything; ``about`` the only children they wish to hear of
    (empty: all of theirs); ``weekend`` is WEEKEND_REST or FRIDAY_EVENING, None for no wish. ``questions``: they said
    yes to being asked two questions a term; nobody is asked who did not. ``not_from`` are the members of staff whose
    news they would rather not get.
    """

    hears: WishKind | None = None
    about: frozenset[uuid.UUID] = frozenset()
    weekend: WishKind | None = None
    questions: bool = False
    not_from: frozenset[uuid.UUID] = frozenset()

    def wants_child(self, student_id: uuid.UUID) -> bool:
        """Whether they wish to hear about this child."""
        return not self.about or student_id in self.about

    @property
    def parts(self) -> frozenset[tuple[WishKind, uuid.UUID | None]]:
        """The wishes one by one, each with its child or member of staff where it names one."""
        single = {(kind, None) for kind in (self.hears, self.weekend) if kind is not None}
        if self.questions:
            single.add((WishKind.QUESTIONS, None))
        about = {(WishKind.ONLY_ABOUT, student_id) for student_id in self.about}
        return frozenset(single | about | {(WishKind.NOT_FROM, staff_id) for staff_id in self.not_from})


NOTHING_ASKED = Asked()


def wishes_of(work: Work, contact_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Asked]:
    """What each of these contacts asks for now; every one of them is in the answer."""
    found: dict[uuid.UUID, list[Wish]] = defaultdict(list)
    rows = select(Wish).where(Wish.contact_id.in_(contact_ids), Wish.ended_at.is_(None)).order_by(Wish.from_at)
    for row in work.session.scalars(rows) if contact_ids else ():
        found[row.contact_id].append(row)
    return {contact_id: _asked(found[contact_id]) for contact_id in contact_ids}


def _asked(rows: Collection[Wish]) -> Asked:
    kinds = {row.kind for row in rows}
    return Asked(
        hears=next((kind for kind in HEARS if kind in kinds), None),
        about=frozenset(row.student_id for row in rows if row.kind is WishKind.ONLY_ABOUT and row.student_id),
        weekend=next((kind for kind in WEEKENDS if kind in kinds), None),
        questions=WishKind.QUESTIONS in kinds,
        not_from=frozenset(row.staff_id for row in rows if row.kind is WishKind.NOT_FROM and row.staff_id),
    )


def who_may_be_asked(work: Work) -> list[uuid.UUID]:
    """The contacts who said yes to two questions a term, in no order that means anything."""
    rows = select(Wish.contact_id).where(Wish.kind == WishKind.QUESTIONS, Wish.ended_at.is_(None)).distinct()
    return list(work.session.scalars(rows.order_by(Wish.contact_id)))


def set_wishes(
    work: Work, contact_id: uuid.UUID, asked: Asked, *, evidence: str, evidence_id: uuid.UUID | None = None
) -> None:
    """From now on a contact asks for this; each wish that begins or ends is a line of the ledger.

    ``evidence`` says how we know: "staff" (they told us) or "link" (they chose it on their own page).
    """
    rows = select(Wish).where(Wish.contact_id == contact_id, Wish.ended_at.is_(None)).with_for_update()
    standing = {(row.kind, row.student_id or row.staff_id): row for row in work.session.scalars(rows)}
    for part, row in standing.items():
        if part not in asked.parts:
            row.ended_at = work.now
            _note(work, ConsentKind.WISH_ENDED, contact_id, part, evidence=evidence, evidence_id=evidence_id)
    for part in sorted(asked.parts - standing.keys(), key=str):
        kind, named = part
        work.session.add(
            Wish(
                contact_id=contact_id,
                kind=kind,
                student_id=None if kind is WishKind.NOT_FROM else named,
                staff_id=named if kind is WishKind.NOT_FROM else None,
                from_at=work.now,
                asked_by_family=evidence == "link",
            )
        )
        _note(work, ConsentKind.WISH, contact_id, part, evidence=evidence, evidence_id=evidence_id)
    work.session.flush()


def _note(
    work: Work,
    kind: ConsentKind,
    contact_id: uuid.UUID,
    part: tuple[WishKind, uuid.UUID | None],
    *,
    evidence: str,
    evidence_id: uuid.UUID | None,
) -> None:
    wish, named = part
    note_wish(
        work,
        kind,
        contact_id=contact_id,
        wish=wish.value,
        student_id=None if wish is WishKind.NOT_FROM else named,
        evidence=evidence,
        evidence_id=evidence_id,
    )
