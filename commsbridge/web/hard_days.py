"""Hard days on pages: where to go from one, whose good news waits, and letting it go before the next school day."""

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
from commsbridge.web.acting import Here, at_school
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


def ways_on(here: Here, student: Student, shown: Shown) -> list[dict[str, str]]:
    """Where whoever writes of a hard day may go: the record of it, who can help, the page for a crisis.

    The same for every child: nothing that is written decides which are shown.
    """
    found = [(url_for("help_now", reo=shown.language.value), N_("Help now: the page for a crisis"))]
    if here.viewer.may(Permission.READ_LOG):
        found.insert(0, (url_for("student_support", student_id=student.id), N_("Learning support: who can help")))
    if here.viewer.may(Permission.WRITE_CONCERN):
        record = url_for("concern", student_id=student.id, kind="hard_day")
        found.insert(0, (record, N_("Record a hard day")))
    return [{"url": url, "label": shown.say(label)} for url, label in found]
