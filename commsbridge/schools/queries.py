"""Verbs of the lobby that read: schools, staff, and what a member of staff may see and do today."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from commsbridge.foundation.columns import among, in_force
from commsbridge.foundation.errors import Conflict, NotAllowed, NotFound
from commsbridge.foundation.language import N_, Language, shown_in
from commsbridge.foundation.names import fold, name_key, sort_key
from commsbridge.foundation.work import Work
from commsbridge.schools.calendar import today
from commsbridge.schools.lobby import Lobby
from commsbridge.schools.models import Account, Role, School, Staff, StaffRole
from commsbridge.schools.roles import MAY, Permission, Viewer


def schools_all(lobby: Lobby) -> Sequence[School]:
    """Every school, in the order they were made."""
    return lobby.session.scalars(select(School).order_by(School.number)).all()


def the_one_school(lobby: Lobby) -> School:
    """The school, where there is one. Raises NotFound when there is none, Conflict, which names them, when several."""
    schools = schools_all(lobby)
    if not schools:
        raise NotFound(N_("There is no school yet. Make one with: commsbridge school create"))
    if len(schools) > 1:
        raise Conflict(N_("There are several schools. Say which with --school: %(schools)s"), schools=_listed(schools))
    return schools[0]


def find_school(lobby: Lobby, written: str) -> School:
    """The school with this number, id or name (any of its names, however folded).

    Raises NotFound when there is none, Conflict, which names them, when several have the name.
    """
    wanted = fold(written)
    found = [school for school in schools_all(lobby) if wanted in _ways_to_say(school)]
    if not found:
        raise NotFound(N_("There is no school “%(written)s”."), written=written)
    if len(found) > 1:
        raise Conflict(N_("Several schools have this name. Say the number: %(schools)s"), schools=_listed(found))
    return found[0]


def staff_all(work: Work, on: date) -> list[Staff]:
    """The staff on a day, by name."""
    return _by_name(work.session.scalars(select(Staff).where(staff_present(on))))


def staff_with(work: Work, permission: Permission, on: date) -> list[Staff]:
    """The staff who may do something on a day, by name: whom to ask where somebody must."""
    return _by_name(work.session.scalars(select(Staff).where(may_on(permission, on))))


def staff_by_id(work: Work, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Staff]:
    """Staff by id, those who left among them; an unknown id is left out."""
    return {staff.id: staff for staff in work.session.scalars(select(Staff).where(among(Staff.id, ids)))}


def without_password(work: Work, account_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these accounts that have no password yet: whoever was invited and has not followed the link."""
    wanted = select(Account.id).where(Account.id.in_(account_ids), Account.password_hash.is_(None))
    return set(work.session.scalars(wanted))


def staff_named(work: Work, written: str) -> Staff:
    """The member of staff, today, with this mail address, name or shown name, however folded.

    Raises NotFound when there is none, Conflict when several have the name.
    """
    key = name_key(written)
    found = [
        staff
        for staff in staff_all(work, today(work))
        if key in {name_key(staff.name), name_key(staff.shown_name), name_key(staff.email)}
    ]
    if not found:
        raise NotFound(N_("Nobody on the staff is called “%(written)s”."), written=written)
    if len(found) > 1:
        raise Conflict(N_("Several people are called “%(written)s”. Please give the email address."), written=written)
    return found[0]


def roles_of(work: Work, staff_id: uuid.UUID, on: date) -> frozenset[Role]:
    """The roles somebody holds on a day."""
    wanted = select(StaffRole.role).where(StaffRole.staff_id == staff_id, in_force(StaffRole, on))
    return frozenset(work.session.scalars(wanted))


def viewer_for(work: Work, staff_id: uuid.UUID) -> Viewer:
    """A member of staff with today's roles. Raises NotFound for nobody of this school, NotAllowed once they left."""
    staff = work.session.get(Staff, staff_id)
    if staff is None:
        raise NotFound(N_("We cannot find that person on this school’s staff."))
    on = today(work)
    if staff.left_on is not None and staff.left_on <= on:
        raise NotAllowed(N_("You no longer work at this school."))
    return Viewer(staff.id, staff.account_id, roles_of(work, staff_id, on))


def viewers_for(work: Work, staff_ids: Collection[uuid.UUID]) -> list[Viewer]:
    """Those of these members of staff who work here today, with today's roles; for many at once."""
    on = today(work)
    rows = (
        select(Staff.id, Staff.account_id, StaffRole.role)
        .outerjoin(
            StaffRole,
            and_(StaffRole.school_id == Staff.school_id, StaffRole.staff_id == Staff.id, in_force(StaffRole, on)),
        )
        .where(among(Staff.id, staff_ids), staff_present(on))
    )
    roles: dict[tuple[uuid.UUID, uuid.UUID], set[Role]] = {}
    for staff_id, account_id, role in work.session.execute(rows):
        roles.setdefault((staff_id, account_id), set()).update({role} - {None})
    return [Viewer(staff_id, account_id, frozenset(held)) for (staff_id, account_id), held in roles.items()]


def staff_present(on: date) -> ColumnElement[bool]:
    """That a row of staff works here on a day."""
    return or_(Staff.left_on.is_(None), Staff.left_on > on)


def may_on(permission: Permission, on: date) -> ColumnElement[bool]:
    """That a row of staff works here and may do something on a day."""
    held = select(StaffRole.staff_id).where(StaffRole.role.in_(MAY[permission]), in_force(StaffRole, on))
    return and_(staff_present(on), Staff.id.in_(held))


def _by_name(staff: Iterable[Staff]) -> list[Staff]:
    return sorted(staff, key=lambda person: sort_key(person.name))


def _ways_to_say(school: School) -> set[str]:
    return {str(school.number), str(school.id), *map(fold, (school.text_name, school.name_en, school.name_mi))}


def _listed(schools: Sequence[School]) -> str:
    return ", ".join(f"{school.text_name} ({school.number})" for school in schools)


def language_of(work: Work, staff: Staff) -> Language:
    """The language a member of staff reads the service in."""
    return languages_of(work, [staff])[staff.id]


def languages_of(work: Work, staff: Collection[Staff]) -> dict[uuid.UUID, Language]:
    """The language in which each of these members of staff reads the service, by staff id."""
    rows = select(Account.id, Account.language).where(among(Account.id, {each.account_id for each in staff}))
    chosen = {row.id: row.language for row in work.session.execute(rows)}
    return {each.id: shown_in(chosen[each.account_id]) for each in staff}
