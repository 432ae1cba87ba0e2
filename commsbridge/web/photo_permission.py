"""Permission for photos that show a child: who said what and when, written down by the office or a teacher."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.about import read_day
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown
from commsbridge.whanau import PhotoPermission

pages = Pages()
YES = N_("Yes: photos that show %(name)s may go to their own whānau")
YES_MORE = N_("Never a photo with anyone else in it.")
NO = N_("No: only photos of work, without faces")
NO_MORE = N_("Anything waiting with a photo of %(name)s stops at once.")
SAID_YES = N_("%(who)s said yes on %(day)s")
SAID_NO = N_("%(who)s said no on %(day)s")
NOBODY_ASKED = N_("We have not asked yet, so photos may only show work.")
WRITTEN_DOWN = N_("written down by %(staff)s")


def permission_says(work: Work, student: Student, shown: Shown) -> dict[str, Any]:
    """What stands of photos of a child, in a sentence."""
    stands = whanau.photo_permission(work, student.id)
    if stands is None:
        return {"given": False, "sentence": shown.say(NOBODY_ASKED)}
    return {"given": stands.given, "sentence": f"{_said(stands, shown)}."}


def _said(noted: PhotoPermission, shown: Shown) -> str:
    return shown.say(SAID_YES if noted.given else SAID_NO, who=noted.said_by, day=shown.date(noted.said_on))


@pages.route(
    "/students/<uuid:student_id>/photo-permission", may(Permission.KEEP_PHOTO_PERMISSION), methods=("GET", "POST")
)
def photo_permission(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Write down that somebody allowed photos of the child, or withdrew it; all that was said before stays below."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        if request.method == "GET":
            return _page(here, student, {})
        errors = kept(here.work, lambda: _keep(here.work, student))
        if errors:
            return _page(here, student, errors), 400
    return redirect(url_for("photo_permission", student_id=student_id))


def _keep(work: Work, student: Student) -> None:
    given = request.form.get("given", "")
    if given not in {"yes", "no"}:
        raise Invalid(N_("Choose yes or no."), field="given")
    messages.set_photo_permission(
        work,
        student,
        given=given == "yes",
        said_by=request.form.get("said_by", ""),
        said_on=read_day(request.form.get("said_on", ""), schools.today(work), field="said_on"),
    )


def _page(here: Here, student: Student, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    told = whanau.photo_permissions(work, student.id)
    staff = schools.staff_by_id(work, {each.written_by for each in told if each.written_by})
    cards = whanau.contacts_of(work, student.id, on=schools.today(work), with_limited=False, sender_ids=[])
    name = student.preferred_name
    return render_template(
        "photo_permission.html",
        student={"id": student.id, "name": student.name, "short": name},
        stands=permission_says(work, student, shown),
        options=[
            {"value": "yes", "label": shown.say(YES, name=name), "small": shown.say(YES_MORE)},
            {"value": "no", "label": shown.say(NO), "small": shown.say(NO_MORE, name=name)},
        ],
        contacts=shown.names([f"{card.contact.name} ({card.guardianship.relationship})" for card in cards]),
        values={
            "given": request.form.get("given", ""),
            "said_by": request.form.get("said_by", ""),
            "said_on": request.form.get("said_on", "") or shown.today.isoformat(),
        },
        history=[
            {
                "says": _said(each, shown),
                "by": shown.say(WRITTEN_DOWN, staff=staff[each.written_by].shown_name)
                if each.written_by in staff
                else "",
            }
            for each in told
        ],
        back_url=url_for("student", student_id=student.id)
        if here.viewer.may(Permission.READ_LOG)
        else url_for("contacts", q=student.name),
        url=url_for("photo_permission", student_id=student.id),
        errors=errors,
    )
