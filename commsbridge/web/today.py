"""Today: who shone lately and who has waited, what came back, what did not arrive."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template

from commsbridge import schools
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school, language
from commsbridge.web.children import failures, mine, waited
from commsbridge.web.frame import note_frame
from commsbridge.web.replies import reply_rows
from commsbridge.web.shown import Shown

pages = Pages()
# What did not arrive is a matter of the last days; older ones are on the child's page.
FAILURES_SHOWN = timedelta(days=7)


@pages.route("/today", may(Permission.READ_LOG))
def today() -> str:
    """The first page of a teacher's day."""
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        children = mine(work, here.viewer)
        replies = reply_rows(work, children, shown, waiting=True)
        note_frame(here, replies_waiting=len(replies))
        can_send = here.viewer.may(Permission.SEND_PRAISE)
        return render_template(
            "today.html",
            moment=shown.moment(),
            waiting=[{**each.row(shown), "can_send": can_send and each.can_send} for each in waited(work, children)],
            replies=replies,
            failures=failures(work, children, shown, since=work.now - FAILURES_SHOWN),
            undo=None,
        )
