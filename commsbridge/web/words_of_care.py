"""Words with care: what a school adds to the hints beside own words, and whether concerns are read by two."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, PAIR, Language
from commsbridge.messages import HintKind
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
KEEP = may(Permission.KEEP_HINTS)
KINDS = {
    HintKind.LABEL: N_("Names the child, not the deed"),
    HintKind.STING: N_("Takes praise back"),
    HintKind.DEFICIT: N_("Tells what is hard, or did not happen"),
    HintKind.COMPARISON: N_("Measures against others"),
    HintKind.DIAGNOSIS: N_("Is about health"),
    HintKind.SARCASM: N_("Hurts without a voice"),
}


@pages.route("/care", KEEP, methods=("GET", "POST"), endpoint="words_of_care")
def care() -> str | tuple[str, int] | Response:
    """The school's own list, and the second pair of eyes."""
    with at_school() as here:
        if request.method == "GET":
            return _page(here, {})
        errors = kept(here.work, lambda: _act(here))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("words_of_care"))


def _act(here: Here) -> None:
    act = request.form.get("act")
    if act in {"two", "one"}:
        schools.read_concerns_first(here.work, read_first=act == "two")
        return
    category, reads = request.form.get("category", ""), request.form.get("language", "")
    if category not in set(HintKind):
        raise Invalid(N_("Choose what such words do."), field="category")
    if reads not in PAIR:
        raise Invalid(N_("Choose the language of the words."), field="language")
    messages.add_own_hint(here.work, HintKind(category), Language(reads), request.form.get("words", ""))


@pages.route("/care/<uuid:hint_id>/drop", KEEP, methods=("POST",), endpoint="drop_hint")
def drop(hint_id: uuid.UUID) -> Response:
    """Take words out of the school's list."""
    with at_school() as here:
        messages.drop_own_hint(here.work, hint_id)
    return redirect(url_for("words_of_care"))


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    note_frame(here)
    shown = Shown(language(), schools.calendar_of(work), work.now)
    return render_template(
        "words_of_care.html",
        rows=[
            {
                "words": each.words,
                "lang": each.language.tag,
                "kind": shown.say(KINDS[each.category]),
                "drop_url": url_for("drop_hint", hint_id=each.id),
            }
            for each in messages.own_hints(work)
        ],
        kinds=[{"value": kind.value, "label": shown.say(label)} for kind, label in KINDS.items()],
        languages=[{"value": each.value, "label": each.idiom.name, "lang": each.tag} for each in PAIR],
        values={
            "words": request.form.get("words", ""),
            "category": request.form.get("category", HintKind.LABEL.value),
            "language": request.form.get("language", language().value),
        },
        longest=messages.LONGEST_HINT,
        read_first=schools.school_of(work).concerns_read_first,
        errors=errors,
    )
