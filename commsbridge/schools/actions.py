"""Verbs of the lobby that change: a school is made, staff come, change roles, and go."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge.foundation.addresses import read_email, read_phone
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import calendar_for
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.schools.lobby import Lobby
from commsbridge.schools.models import Account, Membership, Role, School, Staff, StaffRole

LONGEST_TEXT_NAME = 20
_DAY = timedelta(days=1)


def create_school(
    lobby: Lobby,
    *,
    name_en: str,
    name_mi: str,
    text_name: str,
    region: str | None = None,
    time_zone: str = "Pacific/Auckland",
    observed_anniversary: str | None = None,
    office_phone: str | None = None,
) -> School:
    """Make a school; its terms are the shipped ones until it sets its own (set_term).

    ``text_name`` (at most 20 letters) stands first in every text. ``region`` and ``observed_anniversary`` are codes of
    foundation.school_time.REGIONS. Raises Invalid for a missing or too long name, an unknown region or time zone.
    """
    calendar_for(region, time_zone, (), observed_anniversary=observed_anniversary)
    school = School(
        name_en=one_line(name_en, field="name_en", longest=120),
        name_mi=one_line(name_mi, field="name_mi", longest=120),
        text_name=one_line(text_name, field="text_name", longest=LONGEST_TEXT_NAME),
        region=region,
        time_zone=time_zone,
        observed_anniversary=observed_anniversary,
        office_phone=None if office_phone is None else read_phone(office_phone).e164,
        created_at=lobby.now,
    )
    lobby.session.add(school)
    lobby.session.flush()
    return school


def add_staff(work: Work, *, email: str, name: str, shown_name: str, roles: Collection[Role], from_on: date) -> Staff:
    """Take somebody on, or back: their account (found by mail address, or made), membership and roles from a day on.

    ``shown_name`` is how families read it: "Ms Walsh". Raises Invalid for a bad address, name or no role, Conflict
    when they are on the staff already.
    """
    account = _account(work, read_email(email))
    staff = work.session.scalar(select(Staff).where(Staff.account_id == account.id))
    if staff is None:
        staff = Staff(id=uuid.uuid4(), account_id=account.id, email=account.email)
    elif staff.left_on is None:
        raise Conflict(N_("Someone on the staff already has this email address."), field="email")
    staff.name = one_line(name, field="name", longest=120)
    staff.shown_name = one_line(shown_name, field="shown_name", longest=60)
    staff.left_on = None
    work.session.add(staff)
    work.session.flush()
    _set_membership(work, staff, left_on=None)
    set_roles(work, staff, roles, from_on=from_on)
    return staff


def set_roles(work: Work, staff: Staff, roles: Collection[Role], *, from_on: date) -> None:
    """Let ``staff`` hold exactly these roles from a day on; what they held before stays known.

    Raises Invalid when there is none: whoever has no role any more has left (leave_staff).
    """
    if not roles:
        raise Invalid(N_("Please choose at least one role."), field="roles")
    kept = _end_roles(work, staff, from_on, but=frozenset(roles))
    work.session.add_all(StaffRole(staff_id=staff.id, role=role, from_on=from_on) for role in set(roles) - kept)
    work.session.flush()


def leave_staff(work: Work, staff: Staff, *, on: date) -> None:
    """Note that from ``on`` somebody no longer works here: no role, no sign-in to this school, nothing deleted."""
    work.session.get_one(Staff, staff.id).left_on = on
    _end_roles(work, staff, on, but=frozenset())
    _set_membership(work, staff, left_on=on)
    work.session.flush()


def _account(work: Work, email: str) -> Account:
    made = insert(Account).values(email=email, created_at=work.now).on_conflict_do_nothing(index_elements=["email"])
    work.session.execute(made)
    return work.session.scalars(select(Account).where(Account.email == email)).one()


def _set_membership(work: Work, staff: Staff, *, left_on: date | None) -> None:
    row = insert(Membership).values(
        account_id=staff.account_id, school_id=work.school_id, staff_id=staff.id, left_on=left_on
    )
    work.session.execute(
        row.on_conflict_do_update(index_elements=["account_id", "school_id"], set_={"left_on": row.excluded.left_on})
    )


def _end_roles(work: Work, staff: Staff, on: date, *, but: frozenset[Role]) -> set[Role]:
    """End what is held on or after ``on``, all but the roles of ``but`` held then and on; gives those."""
    later = or_(StaffRole.to_on.is_(None), StaffRole.to_on >= on)
    kept: set[Role] = set()
    for row in work.session.scalars(select(StaffRole).where(StaffRole.staff_id == staff.id, later)):
        if row.role in but and row.from_on <= on and row.to_on is None:
            kept.add(row.role)
        else:
            row.to_on = on - _DAY
    return kept
