"""Reports nearer to a child: a teacher's own, a class, one student; no rates, and nobody's numbers but one's own."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask import render_template, request, url_for

from commsbridge import partnership, reports, schools, students
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.partnership import Entry, Moment
from commsbridge.reports import Owed, OwnPrompt, Period, Report
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web import figures
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.report_numbers import numbers_of
from commsbridge.web.reports import asked_for, asked_period, choices, last_heard, made_for, named, waiting_rows
from commsbridge.web.shown import Shown
from commsbridge.web.timeline import log_rows

pages = Pages()
MOST_MOMENTS = 40
NOT_TAUGHT = N_("a child you no longer teach")
STOOD = {
    Owed.IN_TIME: N_("Answered as promised"),
    Owed.LATE: N_("Answered late"),
    Owed.OVERDUE: N_("Overdue"),
    Owed.OPEN: N_("May still wait"),
}
HELPED = N_("Good news or a talk followed")
ANSWERED = N_("Answered")
NO_ANSWER = N_("Not answered")
# The moments that a student's numbers are made of.
COUNTED = frozenset({Moment.PRAISE, Moment.CONCERN, Moment.GATE, Moment.CALL, Moment.REPLY, Moment.BOOK, Moment.HUI})


@pages.route("/reports/mine", may(Permission.SEE_TAUGHT), endpoint="report_mine")
def mine() -> str:
    """A teacher's own: the children they teach who need news, and their own numbers, which nobody else sees."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        taught = students.students_taught_by(here.work, here.viewer, shown.today)
        found = made_for(here, shown, period, [each.id for each in taught])
        before = _compared(here, shown, period, [each.id for each in taught])
        note_frame(here)
        return render_template(
            "reports/own.html",
            title=None,
            period=named(shown, period),
            told=reports.told_of(shown.language, found),
            waiting=waiting_rows(here, shown, found.waiting),
            own=_mirror(here, shown, period, taught),
            before=before,
            own_before=_mirror(here, shown, before.made.period, taught) if before else None,
            rooms=students.classes_taught_by(here.work, here.viewer.staff_id, shown.today),
            url=url_for("report_mine"),
            asked=asked_for(),
            **choices(),
        )


@pages.route("/reports/classes/<uuid:class_id>", may(Permission.READ_LOG), endpoint="report_class")
def one_class(class_id: uuid.UUID) -> str:
    """A class: which children need news, and what helps. No rates: in a primary school a class is a teacher."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        known = {each.id: each for each in students.classes_all(here.work)}
        taught = {each.id for each in students.classes_taught_by(here.work, here.viewer.staff_id, shown.today)}
        if class_id not in known or not (class_id in taught or here.viewer.may(Permission.SEE_WHOLE_SCHOOL)):
            raise NotFound(N_("There is no such class among those you see."))
        period = asked_period(shown.calendar, shown)
        members = [each.id for each in students.students_in(here.work, class_id, shown.today)]
        found = made_for(here, shown, period, members)
        note_frame(here)
        return render_template(
            "reports/own.html",
            title=known[class_id].name,
            period=named(shown, period),
            told=reports.told_of(shown.language, found),
            waiting=waiting_rows(here, shown, found.waiting),
            own=None,
            before=_compared(here, shown, period, members),
            own_before=None,
            rooms=[],
            url=url_for("report_class", class_id=class_id),
            asked=asked_for(),
            **choices(),
        )


@pages.route("/students/<uuid:student_id>/report", may(Permission.READ_LOG), endpoint="report_student")
def student(student_id: uuid.UUID) -> str:
    """One student: the term as a strip of days, and the numbers behind it."""
    with at_school() as here:
        child = students.student_for(here.work, here.viewer, student_id)
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        made = reports.report(here.work, shown.calendar, period, only=[child.id])
        before = _compared(here, shown, period, [child.id])
        note_frame(here)
        one = made.found[0] if made.found else None
        entries = _behind(here, shown, child, period)
        return render_template(
            "reports/student.html",
            child=child,
            period=named(shown, period),
            told=reports.told_of(shown.language, made),
            one=one,
            before=before,
            numbers=numbers_of(shown, one, before.made.found[0] if before and before.made.found else None),
            last=last_heard(shown, one) if one else "",
            strip=figures.strip(shown.calendar, period.first_on, period.last_on, one.facts.days) if one else None,
            day_name=shown.date,
            log=log_rows(
                here.work,
                entries[:MOST_MOMENTS],
                child,
                shown,
                sees_limits=here.viewer.may(Permission.SEE_LIMITS),
                viewer=here.viewer,
            ),
            more=len(entries) > MOST_MOMENTS,
            asked=asked_for(),
            **choices(),
        )


@dataclass(frozen=True, slots=True)
class Before:
    """The time before, of the same children: its days in words, its report, and how many of them waited then."""

    period: str
    made: Report

    @property
    def waits(self) -> int:
        """How many had not heard good news for ten school days on its last day."""
        return len(self.made.waiting)


def _compared(here: Here, shown: Shown, period: Period, children: Collection[uuid.UUID]) -> Before | None:
    """The time before, where the page was asked to compare and there is one."""
    earlier = reports.one_before(shown.calendar, period) if request.args.get("against") else None
    return Before(named(shown, earlier), made_for(here, shown, earlier, children)) if earlier else None


def _mirror(here: Here, shown: Shown, period: Period, taught: Sequence[Student]) -> dict[str, Any]:
    """What a teacher sees of their own numbers in a period, with the children behind each."""
    own = reports.own_numbers(here.work, here.viewer.staff_id, shown.calendar, period)
    names = {each.id: each.name for each in taught}

    def row(at: datetime, student_id: uuid.UUID | None, said: str) -> dict[str, Any]:
        known = student_id in names
        return {
            "day": shown.on(at),
            "name": names[student_id] if known and student_id else shown.say(NOT_TAUGHT),
            "url": url_for("report_student", student_id=student_id) if known else None,
            "said": shown.say(said),
        }

    return {
        "answers": own.answers,
        "prompts": own.prompts,
        "children": len(names),
        "praised": len(own.praised & set(names)),
        "not_yet": sorted((each for each in taught if each.id not in own.praised), key=lambda each: each.name),
        "questions": [row(each.asked_at, each.student_id, STOOD[each.stood]) for each in own.questions],
        "asked": [row(each.at, each.student_id, _came_of(each)) for each in own.prompted],
    }


def _came_of(each: OwnPrompt) -> str:
    return HELPED if each.helped else ANSWERED if each.answered else NO_ANSWER


def _behind(here: Here, shown: Shown, child: Student, period: Period) -> list[Entry]:
    """The moments of the log behind a student's numbers, the newest first; one more than is shown where there is."""
    begins = shown.calendar.moment(period.first_on, time())
    until = shown.calendar.moment(period.last_on + timedelta(days=1), time())
    entries = partnership.timeline(here.work, child.id, moments=COUNTED, before=(until, 0), limit=MOST_MOMENTS + 1)
    return [each for each in entries if each.line.at >= begins]
