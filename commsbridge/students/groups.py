"""Groups: children whom a teacher puts together under a name, for themselves or for the adults who know them.

A group gives nobody a right to see a child: of its members only those count whom the reader may see on the day.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import and_, delete, or_, select

from commsbridge.foundation.columns import among
from commsbridge.foundation.errors import Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold, sort_key
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission, Viewer, allow, today
from commsbridge.students.models import Group, GroupMember
from commsbridge.students.queries import students_seen_by, students_taught_by

MOST_GROUPS = 20
LONGEST_NAME = 60
NO_CHILD = N_("Choose at least one child.")
NOT_TAUGHT = N_("Choose children that you teach.")
SAME_NAME = N_("You have a group of that name already.")
TOO_MANY = N_("You have %(num)s groups. End one before you make another.")
NOT_YOURS = N_("Whoever made that group, a leader or learning support can end it.")
NOT_HERE = N_("That group is not here.")


def groups_of(work: Work, staff_id: uuid.UUID) -> list[Group]:
    """The groups somebody keeps, by name."""
    rows = select(Group).where(Group.staff_id == staff_id, Group.ended_at.is_(None))
    return sorted(work.session.scalars(rows), key=lambda each: sort_key(each.name))


def groups_for(work: Work, viewer: Viewer) -> list[Group]:
    """The groups somebody keeps, and those shared with them because they see a child of it today, by name."""
    seen = select(GroupMember.group_id).where(
        among(GroupMember.student_id, [child.id for child in students_seen_by(work, viewer, today(work))])
    )
    mine = or_(Group.staff_id == viewer.staff_id, and_(Group.shared, Group.id.in_(seen)))
    rows = work.session.scalars(select(Group).where(mine, Group.ended_at.is_(None)))
    return sorted(rows, key=lambda each: (sort_key(each.name), each.id))


def group_for(work: Work, viewer: Viewer, group_id: uuid.UUID) -> Group:
    """A group that groups_for names. Raises NotFound for any other, and for what is none or has ended."""
    found = next((each for each in groups_for(work, viewer) if each.id == group_id), None)
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def group_names(work: Work, group_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Group]:
    """Groups by id, those that have ended among them; whoever asks knows whether they may be named."""
    return {each.id: each for each in work.session.scalars(select(Group).where(among(Group.id, group_ids)))}


def members_of(work: Work, group_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The ids of the children in these groups, by group, whoever teaches them now."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = select(GroupMember.group_id, GroupMember.student_id).where(GroupMember.group_id.in_(group_ids))
    for group_id, student_id in work.session.execute(rows):
        found[group_id].add(student_id)
    return found


def keep_group(
    work: Work,
    viewer: Viewer,
    name: str,
    student_ids: Collection[uuid.UUID],
    *,
    group_id: uuid.UUID | None = None,
    shared: bool = False,
) -> Group:
    """Make a group, or (``group_id``) give one another name and other children.

    Its keeper alone says whether it is ``shared``. Of a shared group nobody takes out a child they do not teach.

    Raises Invalid for no name, a name its keeper has in use, no child, a child the viewer does not teach today, and
    more than MOST_GROUPS groups; NotFound for a group they do not know; NotAllowed for who may share none.
    """
    group = _to_change(work, viewer, group_id)
    if shared or (group is not None and group.staff_id != viewer.staff_id):
        allow(viewer, Permission.SHARE_GROUP)
    own = groups_of(work, group.staff_id if group is not None else viewer.staff_id)
    if group is None and len(own) >= MOST_GROUPS:
        raise Invalid(TOO_MANY, num=MOST_GROUPS)
    line = one_line(name, field="name", longest=LONGEST_NAME)
    if any(fold(each.name) == fold(line) for each in own if each is not group):
        raise Invalid(SAME_NAME, field="name")
    if not student_ids:
        raise Invalid(NO_CHILD, field="child")
    taught = {child.id for child in students_taught_by(work, viewer, today(work))}
    if not set(student_ids) <= taught:
        raise Invalid(NOT_TAUGHT, field="child")
    others = members_of(work, [group.id])[group.id] - taught if group is not None and group.shared else set()
    group = group or Group(id=uuid.uuid4(), staff_id=viewer.staff_id, made_at=work.now)
    if group.staff_id == viewer.staff_id:
        group.shared = shared
    group.name = line
    _put(work, group, {*student_ids, *others})
    return group


def _to_change(work: Work, viewer: Viewer, group_id: uuid.UUID | None) -> Group | None:
    """The group to change, held until the act is over: two adults may change one at once. None for a new one."""
    if group_id is None:
        return None
    found = group_for(work, viewer, group_id)
    return work.session.get_one(Group, found.id, with_for_update=True)


def _put(work: Work, group: Group, student_ids: Collection[uuid.UUID]) -> None:
    work.session.add(group)
    work.session.flush()
    work.session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
    work.session.add_all(GroupMember(group_id=group.id, student_id=each) for each in student_ids)
    work.session.flush()


def may_end(viewer: Viewer, group: Group) -> bool:
    """Whether somebody may end a group they know: its keeper, or of a shared one whoever sees the whole school."""
    whole = viewer.may(Permission.SHARE_GROUP) and viewer.may(Permission.SEE_WHOLE_SCHOOL)
    return group.staff_id == viewer.staff_id or (group.shared and whole)


def end_group(work: Work, viewer: Viewer, group_id: uuid.UUID) -> None:
    """Keep a group no longer. Raises NotFound for one they do not know, NotAllowed where it is not theirs to end."""
    group = group_for(work, viewer, group_id)
    if not may_end(viewer, group):
        raise NotAllowed(NOT_YOURS)
    group.ended_at = work.now
    work.session.flush()
