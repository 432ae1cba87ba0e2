"""What was to be looked at again and was not: it rises to whoever leads learning support, and to leaders."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import url_for

from commsbridge import schools, tasks
from commsbridge.foundation.language import N_
from commsbridge.foundation.working_days import working_days_after
from commsbridge.schools import Role
from commsbridge.students import Student
from commsbridge.tasks import Task, TaskKind
from commsbridge.web.acting import Here
from commsbridge.web.shown import Shown

# Whoever follows it up has their own day and the next one first.
RISES_AFTER = 2
HEARS = frozenset({Role.LEARNING_SUPPORT, Role.LEADER})
PAGES = {TaskKind.SUPPORT_LOOK: "student_support", TaskKind.PLAN_REVIEW: "plan"}
SENTENCES = {
    TaskKind.SUPPORT_LOOK: N_("Whānau wait for news of a request for support: %(who)s was to look again by %(day)s"),
    TaskKind.PLAN_REVIEW: N_("A plan was to be looked at again by %(day)s: ask %(who)s"),
}
OPENS = {TaskKind.SUPPORT_LOOK: N_("Open the request"), TaskKind.PLAN_REVIEW: N_("Open the plan")}
ABOUT = N_("about %(student)s")


def risen_rows(here: Here, shown: Shown, seen: Mapping[uuid.UUID, Student]) -> list[dict[str, Any]]:
    """What is late with somebody else, of children this person sees; it ends by itself when that person has looked."""
    if not HEARS & set(here.viewer.roles):
        return []
    found = [
        each
        for each in tasks.overdue_tasks(here.work, PAGES, before=shown.today)
        if each.staff_id != here.viewer.staff_id and each.student_id in seen and _is_late(each, shown)
    ]
    staff = schools.staff_by_id(here.work, {each.staff_id for each in found if each.staff_id})
    return [
        _row(shown, each, staff[each.staff_id].shown_name if each.staff_id in staff else "", seen) for each in found
    ]


def _is_late(task: Task, shown: Shown) -> bool:
    return task.due_on is not None and working_days_after(task.due_on, RISES_AFTER) <= shown.today


def _row(shown: Shown, task: Task, who: str, seen: Mapping[uuid.UUID, Student]) -> dict[str, Any]:
    if task.student_id is None or task.due_on is None:
        raise ValueError("what rises is about a child and was due on a day")
    student = seen[task.student_id]
    return {
        "day": shown.day(task.made_at),
        "time": shown.time(task.made_at),
        "iso": shown.iso(task.made_at),
        "title": shown.say(SENTENCES[task.kind], who=who, day=shown.date(task.due_on)),
        "about": shown.say(ABOUT, student=student.preferred_name),
        "student_url": url_for("student", student_id=student.id),
        "open_url": url_for(PAGES[task.kind], student_id=student.id),
        "open_label": shown.say(OPENS[task.kind]),
    }
