"""Who gets the report by mail, how often, and the school's own guide for balance."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import reports
from commsbridge.foundation.language import N_, Language, say
from commsbridge.reports import Rhythm
from commsbridge.web.access import Pages
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.reports import LEADS

pages = Pages()
# What the ticks of a form are called: the report itself, and the board's version of it.
FIELDS = {False: "", True: "board_"}
COMES = {
    Rhythm.WEEK: N_("after each school week"),
    Rhythm.MONTH: N_("after each month"),
    Rhythm.TERM: N_("after each term"),
}


@pages.route("/reports/mails", LEADS, endpoint="report_mails")
def mails() -> str:
    """Who gets the report by mail."""
    with at_school() as here:
        return _page(here, {})


@pages.route("/reports/mails/<uuid:staff_id>", LEADS, methods=("POST",), endpoint="report_mails_set")
def choose(staff_id: uuid.UUID) -> Response:
    """Say how often one person gets it; nothing ticked stops it."""
    with at_school() as here:
        for for_board, prefix in FIELDS.items():
            wanted = {each for each in Rhythm if request.form.get(prefix + each.value) == "yes"}
            reports.set_mails(here.work, staff_id, wanted, for_board=for_board)
    return redirect(url_for("report_mails", saved="yes"))


@pages.route("/reports/guide", LEADS, methods=("POST",), endpoint="report_guide")
def guide() -> str | tuple[str, int] | Response:
    """Set the school's own guide for balance."""
    with at_school() as here:
        typed = request.form.get("guide", "")
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
        errors = kept(here.work, lambda: reports.set_guide(here.work, number))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("report_mails", saved="yes"))


def _ticks(spoken: Language, prefix: str, chosen: Collection[Rhythm]) -> list[dict[str, Any]]:
    return [
        {"value": prefix + rhythm.value, "label": say(spoken, COMES[rhythm]), "on": rhythm in chosen}
        for rhythm in Rhythm
    ]


def _page(here: Here, errors: dict[str, str]) -> str:
    chosen = {for_board: reports.mails_of(here.work, for_board=for_board) for for_board in FIELDS}
    spoken = language()
    note_frame(here)
    return render_template(
        "reports/mails.html",
        saved=bool(request.args.get("saved")) and not errors,
        people=[
            {
                "staff_id": each.id,
                "name": each.name,
                "rhythms": _ticks(spoken, FIELDS[False], chosen[False].get(each.id, set())),
                "for_board": _ticks(spoken, FIELDS[True], chosen[True].get(each.id, set())),
            }
            for each in reports.may_get_mail(here.work)
        ],
        guide=request.form.get("guide", str(reports.guide_of(here.work))),
        errors=errors,
    )
