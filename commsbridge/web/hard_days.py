"""Hard days on pages: whose good news waits, and letting it go before the next school day."""

from __future__ import annotations

import uuid

from flask import redirect, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, students
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school
from commsbridge.web.shown import Shown

pages = Pages()
HELD = N_("A hard day: good news to %(name)s waits until the end of %(day)s.")


@pages.route("/students/<uuid:student_id>/hard-day", may(Permission.PAUSE), methods=("POST",), endpoint="end_hard_day")
def end_hard_day(student_id: uuid.UUID) -> Response:
    """Let good news go again before the next school day."""
    with at_school() as here:
        messages.concerns.end_hard_day(here.work, students.student_for(here.work, here.viewer, student_id))
    return redirect(url_for("pause_student", student_id=student_id))


def held_sentences(work: Work, student: Student, shown: Shown) -> list[str]:
    """That good news waits for a hard day, for whom and until when."""
    return [
        shown.say(HELD, name=each.name, day=shown.date(each.pause.until_on))
        for each in messages.concerns.good_news_held(work, student)
        if each.pause.until_on is not None
    ]
