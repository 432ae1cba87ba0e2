"""A next step on the page for the room: who may take it, by when, and how it is mended."""

from __future__ import annotations

from datetime import timedelta

from commsbridge import meetings, schools
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings import Hui, HuiStep, Welcome
from commsbridge.students import Student
from commsbridge.web.hui_together import people_in
from commsbridge.web.shown import Shown

FAMILY = N_("Whānau")
BY_NAME = N_("Somebody else, by name")
ONE_WEEK = N_("In one week, %(day)s")
TWO_WEEKS = N_("In two weeks, %(day)s")
TERM_ENDS = N_("By the end of term, %(day)s")


def who_may(work: Work, shown: Shown, hui: Hui, student: Student) -> list[dict[str, str]]:
    """Who may take a next step: the family, the student, whoever is there, then the others of the staff."""
    there = {each.staff_id for each in meetings.people_of(work, hui) if each.answer is Welcome.YES} | {hui.staff_id}
    staff = sorted(meetings.those_who_may_come(work, student.id), key=lambda each: each.id not in there)
    families = [{"value": "family", "label": shown.say(FAMILY)}]
    if hui.joint:
        families = [
            {"value": f"home:{each.key}", "label": people_in(shown, each)}
            for each in meetings.homes_behind(work, student, hui)
        ]
    others = [{"value": f"person:{each.id}", "label": each.name} for each in meetings.guests_there(work, hui)]
    return [
        *families,
        {"value": "student", "label": student.preferred_name},
        *({"value": str(each.id), "label": each.name} for each in staff if each.id in there),
        *others,
        *({"value": str(each.id), "label": each.name} for each in staff if each.id not in there),
        {"value": "", "label": shown.say(BY_NAME)},
    ]


def soon(work: Work, shown: Shown) -> list[dict[str, str]]:
    """The days that a step is mostly done by."""
    today = schools.today(work)
    term = schools.calendar_of(work).term_of(today)
    days = {today + timedelta(days=7): ONE_WEEK, today + timedelta(days=14): TWO_WEEKS}
    if term is not None and term.last_on > today:
        days.setdefault(term.last_on, TERM_ENDS)
    return [{"value": day.isoformat(), "label": shown.say(words, day=shown.date(day))} for day, words in days.items()]


def mends(work: Work, hui: Hui, student: Student) -> dict[str, dict[str, str]]:
    """How each step that may still be changed stands in its form, by its id."""
    people = {each.name: f"person:{each.id}" for each in meetings.guests_there(work, hui)}
    people[student.preferred_name] = "student"
    return {
        str(each.id): {
            "mark": meetings.mark_of(each),
            "by": _by(each, people),
            "who": each.who if each.staff_id is None and each.home is None and each.who not in people else "",
            "due_on": each.due_on.isoformat(),
        }
        for each in meetings.steps_of(work, [hui.id], still_open=True)
    }


def _by(step: HuiStep, people: dict[str, str]) -> str:
    if step.by_family:
        return f"home:{step.home}" if step.home else "family"
    return str(step.staff_id) if step.staff_id else people.get(step.who, "")
