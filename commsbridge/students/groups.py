"""Groups: children whom a teacher puts together under a name, kept by that teacher alone.

A group gives nobody a right to see a child: of its members only those count whom its teacher teaches on the day.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete, select

from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold, sort_key
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.schools import Viewer, today
from commsbridge.students.models import Group, GroupMember
from commsbridge.students.queries import students_taught_by

MOST_GROUPS = 20
LONGEST_NAME = 60
NO_CHILD = N_("Choose at least one child.")
NOT_TAUGHT = N_("Choose children that you teach.")
SAME_NAME = N_("You have a group of that name already.")
TOO_MANY = N_("You have %(num)s groups. End one before you make another.")
NOT_HERE = N_("That group is not here.")


def groups_of(work: Work, staff_id: uuid.UUID) -> list[Group]:
    """The groups somebody keeps, by name."""
    rows = select(Group).where(Group.staff_id == staff_id, Group.ended_at.is_(None))
    return sorted(work.session.scalars(rows), key=lambda each: sort_key(each.name))


def group_of(work: Work, staff_id: uuid.UUID, group_id: uuid.UUID) -> Group:
    """One of somebody's own groups. Raises NotFound for what is none, or somebody else's, or has ended."""
    found = next((each for each in groups_of(work, staff_id) if each.id == group_id), None)
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def members_of(work: Work, group_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The ids of the children in these groups, by group, whoever teaches them now."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = select(GroupMember.group_id, GroupMember.student_id).where(GroupMember.group_id.in_(group_ids))
    for group_id, student_id in work.session.execute(rows):
        found[group_id].add(student_id)
    return found


def keep_group(
    work: Work, viewer: Viewer, name: str, student_ids: Collection[uuid.UUID], *, group_id: uuid.UUID | None = None
) -> Group:
    """Make a group, or (``group_id``) give one another name and other children.

    Raises Invalid for no name, a name in use, no child, a child the viewer does not teach today, and more than
    MOST_GROUPS groups; NotFound for a group that is not theirs.
    """
    own = groups_of(work, viewer.staff_id)
    group = group_of(work, viewer.staff_id, group_id) if group_id is not None else None
    if group is None and len(own) >= MOST_GROUPS:
        raise Invalid(TOO_MANY, num=MOST_GROUPS)
    line = one_line(name, field="name", longest=LONGEST_NAME)
    if any(fold(each.name) == fold(line) for each in own if each is not group):
        raise Invalid(SAME_NAME, field="name")
    if not student_ids:
        raise Invalid(NO_CHILD, field="child")
    if not set(student_ids) <= {child.id for child in students_taught_by(work, viewer, today(work))}:
        raise Invalid(NOT_TAUGHT, field="child")
    group = group or Group(id=uuid.uuid4(), staff_id=viewer.staff_id, made_at=work.now)
    group.name = line
    work.session.add(group)
    work.session.flush()
    work.session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
    work.session.add_all(GroupMember(group_id=group.id, student_id=each) for each in set(student_ids))
    work.session.flush()
    return group


def end_group(work: Work, staff_id: uuid.UUID, group_id: uuid.UUID) -> None:
    """Keep a group no longer. Raises NotFound for one that is not theirs."""
    group_of(work, staff_id, group_id).ended_at = work.now
    work.session.flush()
