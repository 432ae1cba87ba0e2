"""Groups: children put together under a name, for prompts with times of their own and notes; shared or not."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from commsbridge import prompts, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission, Staff
from commsbridge.students import Group
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, language, read_id
from commsbridge.web.children import called
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import one_act
from commsbridge.web.shown import Shown

pages = Pages()
PRAISES = may(Permission.SEND_PRAISE)
SHARED = N_("Shared with the adults who know its children.")
SHARED_BY = N_("Shared by %(name)s.")
TOLD = {"keep": N_("The group is kept."), "end": N_("The group is gone. Its children stay where they are.")}


@pages.route("/groups", PRAISES, methods=("GET", "POST"), endpoint="groups")
def show_groups() -> str | tuple[str, int] | Response:
    """The groups of whoever looks, and those shared with them: made, changed, ended."""
    return one_act("groups", _page, _act)


def _act(here: Here, act: str) -> None:
    group_id = read_id(request.form.get("group_id"))
    if act == "keep":
        chosen = {found for found in map(read_id, request.form.getlist("child")) if found is not None}
        shared = request.form.get("shared") == "yes"
        prompts.keep_group(
            here.work, here.viewer, request.form.get("name", ""), chosen, group_id=group_id, shared=shared
        )
    elif act == "end":
        prompts.end_group(here.work, here.viewer, group_id or uuid.UUID(int=0))
    else:
        raise Invalid(N_("That button does not work any more. Open the page again."))


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    taught = students.students_taught_by(work, here.viewer, shown.today)
    alike = Counter(child.preferred_name for child in taught)
    own = students.groups_for(work, here.viewer)
    seen = students.students_seen_by(work, here.viewer, shown.today)
    keepers = schools.staff_by_id(work, {each.staff_id for each in own})
    members = students.members_of(work, [each.id for each in own])
    wanted = read_id(request.form.get("group_id") if errors else request.args.get("change"))
    changed = next((each for each in own if each.id == wanted and _may_change(here, each)), None)
    return render_template(
        "groups.html",
        own=[
            {
                "id": each.id,
                "name": each.name,
                "who": shown.names([called(child, among=alike) for child in seen if child.id in members[each.id]]),
                "shared": _shared(here, shown, each, keepers[each.staff_id]),
                "may_change": _may_change(here, each),
                "may_end": students.may_end(here.viewer, each),
            }
            for each in own
        ],
        children=[{"student_id": child.id, "name": child.name} for child in taught],
        typed=_typed(changed, members[changed.id] if changed else set(), sent=bool(errors)),
        may_share=here.viewer.may(Permission.SHARE_GROUP)
        and (changed is None or changed.staff_id == here.viewer.staff_id),
        changed=changed.id if changed else None,
        errors=errors,
        told=shown.say(TOLD[request.args["told"]]) if request.args.get("told") in TOLD and not errors else None,
    )


def _may_change(here: Here, group: Group) -> bool:
    return group.staff_id == here.viewer.staff_id or here.viewer.may(Permission.SHARE_GROUP)


def _shared(here: Here, shown: Shown, group: Group, keeper: Staff) -> str | None:
    """Who has a group, where it is not one person's alone."""
    if not group.shared:
        return None
    if group.staff_id == here.viewer.staff_id:
        return shown.say(SHARED)
    return shown.say(SHARED_BY, name=keeper.shown_name)


def _typed(changed: Group | None, chosen: set[uuid.UUID], *, sent: bool) -> dict[str, Any]:
    if sent:
        return {
            "name": request.form.get("name", ""),
            "chosen": set(map(read_id, request.form.getlist("child"))),
            "shared": request.form.get("shared") == "yes",
        }
    return {"name": changed.name if changed else "", "chosen": chosen, "shared": changed is not None and changed.shared}
