"""Reading a plan: as school sees it whole and each home its own, with every version and who agreed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from commsbridge.foundation.columns import among
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.plans.items import Change, Item, Part, changes, read_item, seen_at
from commsbridge.plans.models import Plan, PlanPraise, PlanSignature, PlanVersion


@dataclass(frozen=True, slots=True)
class Version:
    """One version with its items read; the words of a plan at one moment."""

    number: int
    items: tuple[Item, ...]
    review_on: date
    staff_id: uuid.UUID | None
    contact_id: uuid.UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One step of the history as somebody reads it: what changed, when, and by whom."""

    version: Version
    changes: tuple[Change, ...]
    review_moved: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """Who agreed first to something as it stands now, on each side; None: nobody yet."""

    school: PlanSignature | None
    home: PlanSignature | None

    @property
    def both(self) -> bool:
        """Whether home and school have both agreed."""
        return self.school is not None and self.home is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan with all its versions and signatures, the first first. ``home`` everywhere: None is school."""

    plan: Plan
    versions: tuple[Version, ...]
    signatures: tuple[PlanSignature, ...]

    @property
    def last(self) -> Version:
        """The version that stands."""
        return self.versions[-1]

    @property
    def items(self) -> tuple[Item, ...]:
        """All that stands in it."""
        return self.last.items

    def reads_the_same(self, number: int, home: uuid.UUID | None) -> bool:
        """Whether what one side read in a version is what it reads now."""
        found = [each for each in self.versions if each.number == number]
        return bool(found) and _read(found[0], home) == _read(self.last, home)

    def number_read(self, home: uuid.UUID) -> int:
        """The first version since which a home has read the same: what another home writes does not move it."""
        number = self.last.number
        for each in reversed(self.versions):
            if _read(each, home) != _read(self.last, home):
                break
            number = each.number
        return number

    def agreed(self, home: uuid.UUID | None, own: Collection[uuid.UUID] | None = None) -> Agreed:
        """Who agreed to the plan as one side reads it now; ``own`` contacts: of home, only these are told."""
        return self._first(own, lambda each: self.reads_the_same(each.number, home))

    def agreed_to(self, item: Item, own: Collection[uuid.UUID] | None = None) -> Agreed:
        """Who agreed to one thing in these very words, whenever that was."""
        within = {each.number for each in self.versions if item in each.items}
        return self._first(own, lambda each: each.number in within)

    def _first(self, own: Collection[uuid.UUID] | None, fits: Callable[[PlanSignature], bool]) -> Agreed:
        school = next((each for each in self.signatures if each.staff_id and fits(each)), None)
        homes = (each for each in self.signatures if each.contact_id and (own is None or each.contact_id in own))
        return Agreed(school, next((each for each in homes if fits(each)), None))

    def written_in(self, item: Item) -> Version:
        """The version in which these words first stood there so: whoever made it wrote them."""
        same = (item.id, item.words, item.said_by)
        return next(
            (each for each in self.versions if any((one.id, one.words, one.said_by) == same for one in each.items)),
            self.last,
        )

    def signed(self, home: uuid.UUID | None, own: Collection[uuid.UUID] | None = None) -> list[PlanSignature]:
        """Every yes in its order as one side may read it; ``own`` contacts: of home, only these.

        A yes said anew because another home wrote, to what reads the same here, is told once.
        """
        told: list[PlanSignature] = []
        for each in self.signatures:
            if each.contact_id and own is not None and each.contact_id not in own:
                continue
            by = [one for one in told if (one.staff_id, one.contact_id) == (each.staff_id, each.contact_id)]
            if not (by and self._reads_alike(by[-1].number, each.number, home)):
                told.append(each)
        return told

    def _reads_alike(self, number: int, other: int, home: uuid.UUID | None) -> bool:
        read = {each.number: each for each in self.versions if each.number in {number, other}}
        return _read(read[number], home) == _read(read[other], home)

    def history(self, home: uuid.UUID | None) -> list[Told]:
        """What changed, the newest first, as one side reads it: what it cannot see has not happened."""
        told = []
        for before, after in zip(self.versions, self.versions[1:], strict=False):
            found = changes(seen_at(before.items, home), seen_at(after.items, home))
            moved = before.review_on != after.review_on
            if found or moved:
                told.append(Told(after, tuple(found), moved))
        return told[::-1]


def _read(version: Version, home: uuid.UUID | None) -> tuple[tuple[Item, ...], date]:
    return seen_at(version.items, home), version.review_on


def plan_with(work: Work, plan_id: uuid.UUID) -> Plan:
    """One plan. Raises NotFound; whoever asks looks whether they may see its child."""
    found = work.session.get(Plan, plan_id)
    if found is None:
        raise NotFound(N_("That plan is not here."))
    return found


def plan_of(work: Work, student_id: uuid.UUID) -> Plan | None:
    """The plan of a child that has not ended."""
    rows = select(Plan).where(Plan.student_id == student_id, Plan.ended_at.is_(None))
    return work.session.scalars(rows).one_or_none()


def open_plans(work: Work) -> list[Plan]:
    """Every plan of the school that has not ended, the oldest first."""
    rows = select(Plan).where(Plan.ended_at.is_(None))
    return list(work.session.scalars(rows.order_by(Plan.begun_at, Plan.id)))


def last_version(work: Work, plan: Plan) -> PlanVersion:
    """The version that stands."""
    rows = select(PlanVersion).where(PlanVersion.plan_id == plan.id)
    return work.session.scalars(rows.order_by(PlanVersion.number.desc()).limit(1)).one()


def standing_of(work: Work, plan: Plan) -> Standing:
    """A plan with all its versions, and who agreed."""
    rows = select(PlanVersion).where(PlanVersion.plan_id == plan.id).order_by(PlanVersion.number)
    versions = tuple(
        Version(
            each.number,
            tuple(read_item(item) for item in each.items),
            each.review_on,
            each.staff_id,
            each.contact_id,
            each.at,
        )
        for each in work.session.scalars(rows)
    )
    signed = select(PlanSignature).where(PlanSignature.plan_id == plan.id)
    return Standing(
        plan,
        versions,
        tuple(work.session.scalars(signed.order_by(PlanSignature.at, PlanSignature.number, PlanSignature.id))),
    )


def goals_named(work: Work, student_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The goals of these children's plans that everybody at school and each home reads, in their words.

    What stands in a plan between school and one home alone is left out.
    """
    newest = (
        select(Plan.student_id, PlanVersion.items)
        .join(PlanVersion, (PlanVersion.school_id == Plan.school_id) & (PlanVersion.plan_id == Plan.id))
        .where(among(Plan.student_id, student_ids), Plan.ended_at.is_(None))
        .ext(distinct_on(Plan.id))
        .order_by(Plan.id, PlanVersion.number.desc())
    )
    found = {}
    for student_id, kept in work.session.execute(newest):
        items = [read_item(each) for each in kept]
        found[student_id] = [each.words for each in items if each.part is Part.GOAL and each.home is None]
    return found


def praise_for(work: Work, plan: Plan) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The praises that show how each goal goes: messages by the goal's item, the newest first."""
    rows = select(PlanPraise).where(PlanPraise.plan_id == plan.id).order_by(PlanPraise.at.desc(), PlanPraise.id)
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for each in work.session.scalars(rows):
        found.setdefault(each.item_id, []).append(each.message_id)
    return found


def signatures_by_id(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, PlanSignature]:
    """Signatures by id: the log names them."""
    rows = select(PlanSignature).where(PlanSignature.id.in_(list(ids)))
    return {each.id: each for each in work.session.scalars(rows)}
