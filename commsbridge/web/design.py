"""The component sheet: every component in every state, in the demo alone."""

from __future__ import annotations

from flask import current_app, render_template
from werkzeug.exceptions import NotFound

from commsbridge.web.access import OPEN, Pages

pages = Pages()


@pages.route("/design", OPEN)
def design() -> str:
    """All components; there is no such page outside the demo."""
    if not current_app.extensions["demo_people"]:
        raise NotFound
    return render_template("design.html")
