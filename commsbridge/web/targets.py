"""How often good news should reach one child's home, where that is not as the school says."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import prompts, schools, students
from commsbridge.foundation.language import N_, say_many
from commsbridge.schools import Permission
from commsbridge.students import Student, Target
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.prompt_rules import in_two_weeks
from commsbridge.web.shown import Shown

pages = Pages()
SETS = may(Permission.SET_TARGET)
AS_SCHOOL = N_("As the school says: %(often)s")
WITH_BOOK = N_("With a book, the school asks for more than for most children.")
FOR_MOST = N_("The school has one aim for most children, and another for a child with a book.")
SET_BY = N_("Set by %(name)s, %(day)s.")


@pages.route("/students/<uuid:student_id>/target", SETS, methods=("GET", "POST"), endpoint="target")
def show_target(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """A child's own target, seen and set; back to the school's with one choice."""
    with at_school() as here:
        found = students.student_for(here.work, here.viewer, student_id)
        if request.method == "GET":
            return _page(here, found, {})
        errors = kept(here.work, lambda: students.set_target(here.work, found.id, _typed()))
        if errors:
            return _page(here, found, errors), 400
    return redirect(url_for("target", student_id=student_id, saved="yes"))


def _typed() -> int | None:
    written = request.form.get("times", "")
    if written == "school":
        return None
    return int(written) if written.isdecimal() and len(written) < 4 else 0


def _page(here: Here, found: Student, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    rules = prompts.rules_of(work)
    own = students.targets_of(work, [found.id]).get(found.id, Target())
    usual = rules.book_times if own.has_book else rules.usual_times
    as_school = {"value": "school", "label": shown.say(AS_SCHOOL, often=in_two_weeks(usual))}
    return render_template(
        "target.html",
        student={"id": found.id, "name": found.name, "short": found.preferred_name},
        times=[as_school, *({"value": str(each), "label": in_two_weeks(each)} for each in range(1, 11))],
        why=shown.say(WITH_BOOK if own.has_book else FOR_MOST),
        value="" if errors else str(own.times or "school"),
        set_by=_set_by(here, shown, own),
        stands=say_many(
            shown.language,
            "Good news should reach home once in two school weeks.",
            "Good news should reach home %(num)s times in two school weeks.",
            own.times or usual,
        ),
        errors=errors,
        saved=bool(request.args.get("saved")) and not errors,
    )


def _set_by(here: Here, shown: Shown, own: Target) -> str | None:
    if own.times is None or own.changed_by is None or own.changed_at is None:
        return None
    person = schools.staff_by_id(here.work, [own.changed_by])[own.changed_by]
    return shown.say(
        SET_BY, name=person.shown_name or person.name, day=shown.date(shown.calendar.local(own.changed_at).date())
    )
