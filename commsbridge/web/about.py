"""Who a child is and what they love first, strengths and what helps: in the words of their own people."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, PAIR, Language
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission, Staff
from commsbridge.students import Student, StudentWords, Tells
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
TITLES = {
    Tells.LOVES: N_("Who they are and what they love"),
    Tells.STRENGTHS: N_("Strengths"),
    Tells.HELPS: N_("What helps"),
    Tells.AVOIDS: N_("What to avoid"),
    Tells.SCHOOL: N_("What school adds"),
}
QUESTIONS = {
    Tells.LOVES: N_("Who is %(name)s, and what do they love?"),
    Tells.STRENGTHS: N_("What is %(name)s good at?"),
    Tells.HELPS: N_("What helps %(name)s at school?"),
    Tells.AVOIDS: N_("What should people not do with %(name)s?"),
    Tells.SCHOOL: N_("What has school learned about %(name)s, beside these words?"),
}
SAID = N_("%(who)s, %(day)s")
WRITTEN_DOWN = N_("%(who)s, %(day)s, written down by %(staff)s")
TAKEN_BACK = N_("Taken back on %(day)s by %(staff)s")
EITHER = N_("Both, or another language")


def read_day(written: str, today: date, *, field: str) -> date:
    """A day from a form; no day is today. Raises Invalid for what is none."""
    try:
        return date.fromisoformat(written) if written else today
    except ValueError:
        raise Invalid(N_("Write the day like 2026-11-17."), field=field) from None


def about_rows(work: Work, student: Student, shown: Shown) -> dict[str, dict[str, Any]]:
    """What stands of a child, by what it tells, as the student's page shows it."""
    stands = students.words_about(work, student.id)
    staff = schools.staff_by_id(work, {said.written_by for said in stands.values() if said.written_by})
    return {tells.value: _row(said, staff, shown) for tells, said in stands.items()}


def _row(said: StudentWords, staff: dict[uuid.UUID, Staff], shown: Shown) -> dict[str, Any]:
    writer = staff[said.written_by].shown_name if said.written_by in staff else None
    day = shown.date(said.said_on)
    if not said.words:
        by = shown.say(TAKEN_BACK, day=day, staff=writer or "")
    elif writer:
        by = shown.say(WRITTEN_DOWN, who=said.said_by, day=day, staff=writer)
    else:
        by = shown.say(SAID, who=said.said_by, day=day).removeprefix(", ")
    return {
        "title": shown.say(TITLES[said.tells]),
        "words": said.words,
        "lang": (lang_of(said.language) or "") if said.language or said.words else None,
        "by": by,
    }


@pages.route("/students/<uuid:student_id>/about", may(Permission.WRITE_NOTE), methods=("GET", "POST"))
def about(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Write down what a child or its whānau said, on their behalf; what was said before stays below."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        if request.method == "GET":
            return _page(here, student, {}, None)
        tells = Tells(request.form["tells"]) if request.form.get("tells") in set(Tells) else Tells.LOVES
        errors = kept(here.work, lambda: _keep(here.work, student, tells))
        if errors:
            return _page(here, student, errors, tells), 400
    return redirect(url_for("student", student_id=student_id))


def _keep(work: Work, student: Student, tells: Tells) -> None:
    chosen = request.form.get("language", "")
    students.say_about(
        work,
        student,
        tells,
        words=request.form.get("words", ""),
        said_by=request.form.get("said_by", ""),
        said_on=read_day(request.form.get("said_on", ""), schools.today(work), field="said_on"),
        language=Language(chosen) if chosen in PAIR else None,
    )


def _page(here: Here, student: Student, errors: dict[str, str], sent: Tells | None) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    stands = students.words_about(work, student.id)
    told = students.history_about(work, student.id)
    staff = schools.staff_by_id(work, {said.written_by for said in told if said.written_by})
    return render_template(
        "about.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        url=url_for("about", student_id=student.id),
        longest=students.LONGEST_ABOUT,
        languages=[
            {"value": "", "label": shown.say(EITHER)},
            *({"value": each.value, "label": each.idiom.name, "lang": each.tag} for each in PAIR),
        ],
        parts=[
            _part(student, tells, stands.get(tells), shown, errors=errors if tells is sent else {}) for tells in Tells
        ],
        earlier=[_row(said, staff, shown) for said in told if stands.get(said.tells) is not said],
    )


def _part(
    student: Student, tells: Tells, stands: StudentWords | None, shown: Shown, *, errors: dict[str, str]
) -> dict[str, Any]:
    form = request.form if errors else {}
    return {
        "tells": tells.value,
        "title": shown.say(TITLES[tells]),
        "question": shown.say(QUESTIONS[tells], name=student.preferred_name),
        "words": form.get("words", stands.words if stands else ""),
        "said_by": form.get("said_by", stands.said_by if stands else ""),
        "said_on": form.get("said_on", shown.today.isoformat()),
        "language": form.get("language", (stands.language or "") if stands else ""),
        "errors": errors,
    }
