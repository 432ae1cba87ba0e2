"""Hidden: the staff who do not see a child as staff, because they are whānau of the child or restricted from them."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.students import BarKind, Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
KINDS = {
    BarKind.WHANAU: N_("They are whānau of the child"),
    BarKind.RESTRICTED: N_("They are restricted from the child"),
}
CHOOSE = N_("Choose somebody.")
CHOOSE_WHY = N_("Choose one of these.")


@pages.route("/students/<uuid:student_id>/hidden", may(Permission.SET_LIMITS, confirmed=True), methods=("GET", "POST"))
def hidden_from(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """From whom a child is hidden; hide it from somebody, or show it to them again."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        if request.method == "GET":
            return _page(here, student, {})
        errors = kept(here.work, lambda: _act(here, student))
        if errors:
            return _page(here, student, errors), 400
        sees_still = here.viewer.staff_id not in students.bars_of(here.work, student.id)
    return redirect(url_for("hidden_from", student_id=student_id) if sees_still else url_for("students"))


def _act(here: Here, student: Student) -> None:
    staff_id = read_id(request.form.get("staff_id"))
    if staff_id is None or not schools.staff_by_id(here.work, [staff_id]):
        raise Invalid(CHOOSE, field="staff_id")
    if request.form.get("act") == "show":
        students.lift_bar(here.work, staff_id, student_id=student.id)
        return
    kind = request.form.get("kind", "")
    if kind not in set(BarKind):
        raise Invalid(CHOOSE_WHY, field="kind")
    students.bar_staff(here.work, staff_id, student_id=student.id, kind=BarKind(kind))


def _page(here: Here, student: Student, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    schools.note_look(work, subject="limit", subject_id=student.id)
    bars = students.bars_of(work, student.id)
    hidden = schools.staff_by_id(work, list(bars))
    others = [person for person in schools.staff_all(work, schools.today(work)) if person.id not in bars]
    return render_template(
        "hidden.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        hidden=[
            {"staff_id": person.id, "name": person.name, "why": shown.say(KINDS[bars[person.id]])}
            for person in hidden.values()
        ],
        people=[{"value": "", "label": ""}, *({"value": str(each.id), "label": each.name} for each in others)],
        kinds=[{"value": kind.value, "label": shown.say(label)} for kind, label in KINDS.items()],
        values={"staff_id": request.form.get("staff_id", ""), "kind": request.form.get("kind", "")},
        url=url_for("hidden_from", student_id=student.id),
        errors=errors,
    )
