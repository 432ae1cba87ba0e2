"""Who agreed to a plan and to each thing in it: school and each home named, as far as this reader may be told."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commsbridge import schools, whanau
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.plans import Item, Part, PlanSignature, Standing
from commsbridge.schools import Staff
from commsbridge.students import Student
from commsbridge.web.shown import Shown

AGREED_SCHOOL = N_("For the school: %(who)s, %(day)s")
AGREED_HOME = N_("At home: %(who)s, %(day)s")
AGREED_WRITTEN = N_("At home: %(who)s, %(day)s, as %(staff)s wrote down")
NOT_SCHOOL = N_("For the school: nobody has agreed yet")
NOT_HOME = N_("At home: nobody has agreed yet")
NOT_THIS_HOME = N_("At home, %(who)s: nobody has agreed yet")
STANDS = N_("Home and school have agreed to this plan.")
STANDS_ALL = N_("Every home and the school have agreed to this plan.")
WAITS_HOME = N_("The school has agreed. It waits for home.")
WAITS_THIS_HOME = N_("The school has agreed. It waits for the home of %(who)s.")
WAITS_SCHOOL = N_("Home has agreed. It waits for the school.")
WAITS_SCHOOL_AND_HOME = N_("It waits for the school, and for the home of %(who)s.")
WAITS_BOTH = N_("Nobody has agreed to these words yet.")


class People:
    """The names a plan mentions: staff as whānau know them, and of contacts those this reader may be told of."""

    def __init__(self, work: Work, standing: Standing, told_of: Collection[uuid.UUID] | None) -> None:
        """``told_of``: contacts of one home; None: whoever is in the plan."""
        rows: list[Any] = [*standing.versions, *standing.signatures]
        written = [each.written_by for each in standing.signatures if each.written_by]
        self.staff: Mapping[uuid.UUID, Staff] = schools.staff_by_id(
            work, {*(each.staff_id for each in rows if each.staff_id), *written}
        )
        named = {each.contact_id for each in rows if each.contact_id}
        self.contacts = whanau.contact_names(work, named if told_of is None else named & set(told_of))

    def who(self, staff_id: uuid.UUID | None, contact_id: uuid.UUID | None) -> str:
        """Whoever did something, by the name this reader knows."""
        if staff_id is not None and staff_id in self.staff:
            return self.staff[staff_id].shown_name
        return self.contacts.get(contact_id, "") if contact_id else ""


@dataclass(frozen=True, slots=True)
class Side:
    """One home as it agrees: its key, its contacts, and the names of those who hear of the child."""

    key: uuid.UUID
    own: frozenset[uuid.UUID]
    names: tuple[str, ...]


def sides_of(
    work: Work, student: Student, home: uuid.UUID | None, own: Collection[uuid.UUID] | None
) -> tuple[Side, ...]:
    """The homes whose yes a reader is told of: a home's own, or for school (``home`` None) each home of the child."""
    if home is not None:
        return (Side(home, frozenset(own or ()), ()),)
    return tuple(
        Side(each.key, each.everybody, tuple(contact.name for contact, _ in each.people))
        for each in whanau.homes_about(work, student.id, on=schools.today(work))
    )


def signed_line(shown: Shown, people: People, signature: PlanSignature) -> str:
    """One yes in words."""
    who, day = people.who(signature.staff_id, signature.contact_id), shown.on(signature.at)
    if signature.staff_id:
        return shown.say(AGREED_SCHOOL, who=who, day=day)
    writer = people.who(signature.written_by, None)
    if writer:
        return shown.say(AGREED_WRITTEN, who=who, day=day, staff=writer)
    return shown.say(AGREED_HOME, who=who, day=day)


class Yeses:
    """What this reader is told of who agreed to the plan as it stands."""

    def __init__(
        self, shown: Shown, people: People, standing: Standing, home: uuid.UUID | None, sides: Sequence[Side]
    ) -> None:
        self.shown, self.people, self.standing, self.sides = shown, people, standing, sides
        self.school = standing.agreed(home).school
        self.homes = [standing.agreed(each.key, each.own).home for each in sides]
        self.signed = self._lines(self.school, list(zip(sides, self.homes, strict=True)), says_no=any(self.homes))

    @property
    def all(self) -> bool:
        """Whether the school and every home that this reader is told of agreed."""
        return self.school is not None and bool(self.homes) and all(self.homes)

    @property
    def sentence(self) -> str:
        """Where the plan stands, in one sentence."""
        if self.all:
            return self.shown.say(STANDS_ALL if len(self.sides) > 1 else STANDS)
        if not any(self.homes):
            return self.shown.say(WAITS_HOME if self.school else WAITS_BOTH)
        if all(self.homes):
            return self.shown.say(WAITS_SCHOOL)
        waits = [name for side, yes in zip(self.sides, self.homes, strict=True) if yes is None for name in side.names]
        return self.shown.say(WAITS_THIS_HOME if self.school else WAITS_SCHOOL_AND_HOME, who=self.shown.names(waits))

    def of(self, item: Item) -> list[str]:
        """Who agreed to one thing: of what is done always each side, else only where it is not as with the plan."""
        asked = [each for each in self.sides if item.home in {None, each.key}]
        homes = [(each, self.standing.agreed_to(item, each.own).home) for each in asked]
        school = self.standing.agreed_to(item, ()).school
        if item.part is Part.STRATEGY:
            none = [] if school else [self.shown.say(NOT_SCHOOL)]
            return [*none, *self._lines(school, homes, says_no=True)]
        told = self._lines(school, homes, says_no=False)
        return [] if told == self._lines(self.school, self._as_with_plan(asked), says_no=False) else told

    def _as_with_plan(self, asked: Sequence[Side]) -> list[tuple[Side, PlanSignature | None]]:
        return [(side, yes) for side, yes in zip(self.sides, self.homes, strict=True) if side in asked]

    def _lines(
        self,
        school: PlanSignature | None,
        homes: Sequence[tuple[Side, PlanSignature | None]],
        *,
        says_no: bool,
    ) -> list[str]:
        told = [signed_line(self.shown, self.people, school)] if school else []
        told += [signed_line(self.shown, self.people, yes) for _, yes in homes if yes]
        return [*told, *self._noes(homes)] if says_no else told

    def _noes(self, homes: Sequence[tuple[Side, PlanSignature | None]]) -> list[str]:
        if not any(yes for _, yes in homes):
            return [self.shown.say(NOT_HOME)]
        return [self.shown.say(NOT_THIS_HOME, who=self.shown.names(list(side.names))) for side, yes in homes if not yes]
