"""The school: the ways to everything about it, for whoever may go there."""

from __future__ import annotations

from flask import render_template

from commsbridge.web.access import AT_SCHOOL, Pages
from commsbridge.web.acting import at_school
from commsbridge.web.frame import note_frame

pages = Pages()


@pages.route("/at-school", AT_SCHOOL)
def school() -> str:
    """What there is about the school itself; each page says for itself who may change what."""
    with at_school() as here:
        note_frame(here)
        return render_template("school.html")
