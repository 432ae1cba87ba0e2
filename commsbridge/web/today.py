"""Today: who shone lately and who has waited, what came back, what did not arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools
from commsbridge.schools import Permission
from commsbridge.web.access import AT_SCHOOL, Pages
from commsbridge.web.acting import at_school, language
from commsbridge.web.children import Waited, failures, mine, waited
from commsbridge.web.frame import note_frame
from commsbridge.web.prompts import prompted
from commsbridge.web.replies import asked_rows, reply_rows, waiting_rows
from commsbridge.web.shown import Shown
from commsbridge.web.to_do import to_do_rows

pages = Pages()
# What did not arrive is a matter of the last days; older ones are on the child's page.
FAILURES_SHOWN = timedelta(days=7)
SCHOOL_WEEK = 5
LATELY_SHOWN = 6


@pages.route("/today", AT_SCHOOL)
def today() -> str | Response:
    """The first page of a teacher's day; whoever does not read the log begins with what there is to do."""
    with at_school() as here:
        if not here.viewer.may(Permission.READ_LOG):
            return redirect(url_for("to_do"))
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        children = mine(work, here.viewer)
        replies = reply_rows(work, waiting_rows(here, children), here.viewer, shown)
        note_frame(here)
        can_send, mends = here.viewer.may(Permission.SEND_PRAISE), here.viewer.may(Permission.EDIT_CONTACTS)
        found = waited(work, children)
        return render_template(
            "today.html",
            moment=shown.moment(),
            waiting=[{**each.row(shown), "can_send": can_send and each.can_send} for each in found],
            lately=_lately(found, shown),
            replies=replies,
            asked=asked_rows(work, children, shown),
            failures=failures(work, children, shown, since=work.now - FAILURES_SHOWN, mends=mends),
            later=len(messages.waiting_praise(work, [child.id for child in children])) if can_send else 0,
            tasks=to_do_rows(here),
            prompt=prompted(here, shown),
            undo=None,
        )


def _lately(found: list[Waited], shown: Shown) -> list[dict[str, Any]]:
    """Who shone lately: the children whom good news reached home about in the last school week, the newest first."""
    newest = sorted(
        (each for each in found if each.reached_at is not None and each.days is not None and each.days <= SCHOOL_WEEK),
        key=lambda each: each.reached_at or shown.now,
        reverse=True,
    )
    return [
        {"student_id": each.student.id, "name": each.called, "day": shown.day(each.reached_at or shown.now)}
        for each in newest[:LATELY_SHOWN]
    ]
