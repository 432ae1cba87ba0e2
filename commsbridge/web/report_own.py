"""Reports nearer to a child: a teacher's own, a class, one student; no rates, and nobody's numbers but one's own."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

from flask import render_template, url_for

from commsbridge import partnership, reports, schools, students
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.partnership import Entry, Moment
from commsbridge.reports import Period
from commsbridge.schools import Permission
from commsbridge.web import figures
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.reports import allowed, asked_for, asked_period, choices, last_heard, named, waiting_rows
from commsbridge.web.shown import Shown
from commsbridge.web.timeline import log_rows

pages = Pages()
MOST_MOMENTS = 40
# The moments that a student's numbers are made of.
COUNTED = frozenset({Moment.PRAISE, Moment.CONCERN, Moment.GATE, Moment.CALL, Moment.REPLY, Moment.BOOK, Moment.HUI})


@pages.route("/reports/mine", may(Permission.SEE_TAUGHT), endpoint="report_mine")
def mine() -> str:
    """A teacher's own: the children they teach who need news, and their own numbers, which nobody else sees."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        taught = students.students_taught_by(here.work, here.viewer, shown.today)
        found = reports.report(here.work, shown.calendar, period, only=[each.id for each in taught])
        since = schools.day_begins(here.work, period.first_on)
        praised = partnership.praised_since(here.work, since=since, staff_id=here.viewer.staff_id)
        note_frame(here)
        return render_template(
            "reports/own.html",
            title=None,
            period=named(shown, period),
            waiting=waiting_rows(here, shown, allowed(here, found.waiting)),
            own=reports.own_numbers(here.work, here.viewer.staff_id, shown.calendar, period),
            rooms=students.classes_taught_by(here.work, here.viewer.staff_id, shown.today),
            children=len(taught),
            praised=sum(each.id in praised for each in taught),
            url=url_for("report_mine"),
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
        members = students.students_in(here.work, class_id, shown.today)
        found = reports.report(here.work, shown.calendar, period, only=[each.id for each in members])
        note_frame(here)
        return render_template(
            "reports/own.html",
            title=known[class_id].name,
            period=named(shown, period),
            waiting=waiting_rows(here, shown, allowed(here, found.waiting)),
            own=None,
            rooms=[],
            children=None,
            praised=None,
            url=url_for("report_class", class_id=class_id),
            **choices(),
        )


@pages.route("/students/<uuid:student_id>/report", may(Permission.READ_LOG), endpoint="report_student")
def student(student_id: uuid.UUID) -> str:
    """One student: the term as a strip of days, and the numbers behind it."""
    with at_school() as here:
        child = students.student_for(here.work, here.viewer, student_id)
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        found = reports.report(here.work, shown.calendar, period, only=[child.id]).found
        note_frame(here)
        one = found[0] if found else None
        entries = _behind(here, shown, child, period)
        return render_template(
            "reports/student.html",
            child=child,
            period=named(shown, period),
            one=one,
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


def _behind(here: Here, shown: Shown, child: students.Student, period: Period) -> list[Entry]:
    """The moments of the log behind a student's numbers, the newest first; one more than is shown where there is."""
    begins = shown.calendar.moment(period.first_on, time())
    until = shown.calendar.moment(period.last_on + timedelta(days=1), time())
    entries = partnership.timeline(here.work, child.id, moments=COUNTED, before=(until, 0), limit=MOST_MOMENTS + 1)
    return [each for each in entries if each.line.at >= begins]
