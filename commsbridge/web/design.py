"""The component sheet: every component in every state, in both languages side by side, in the demo alone."""

from __future__ import annotations

from flask import current_app, g, render_template
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from commsbridge.foundation.language import Language
from commsbridge.web.access import OPEN, Pages
from commsbridge.web.shown import lang_of

pages = Pages()
SIDES = (Language.MI, Language.EN)
# The parts of parts/components.html; their headings are English, as the names of things in the source are.
PARTS = {
    "type": "Type",
    "buttons": "Buttons and chips",
    "tally": "The tally",
    "tags": "Tags, states, notes",
    "rows": "Rows with a margin",
    "arrive": "Words where they arrive",
    "praise": "Writing praise",
    "fields": "Fields",
    "cards": "A card, settings, a table",
}


@pages.route("/design", OPEN)
def design() -> str:
    """All components; there is no such page outside the demo."""
    if not current_app.extensions["demo_people"]:
        raise NotFound
    return render_template(
        "design.html",
        parts=[
            {
                "title": title,
                "sides": [{"lang": lang_of(language.value), "markup": _drawn(part, language)} for language in SIDES],
            }
            for part, title in PARTS.items()
        ],
    )


def _drawn(part: str, language: Language) -> Markup:
    """One part in one language, whatever the language of the page is."""
    chosen, g.language = g.language, language
    try:
        return Markup(render_template("parts/components.html", part=part))  # noqa: S704 - our own template, escaped
    finally:
        g.language = chosen
