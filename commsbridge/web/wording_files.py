"""Wordings out as a file for a translator, and in again: shown row by row before anything is taken."""

from __future__ import annotations

from typing import Any

from flask import Response as Answer
from flask import abort, render_template, request

from commsbridge import messages, schools
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import beside
from commsbridge.web.roll import pack, unpack
from commsbridge.web.shown import Shown

pages = Pages()
EXCHANGE = may(Permission.EXCHANGE_TE_REO)
KINDS = {
    "po": "text/x-gettext-translation",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LARGEST = 2 * 1024 * 1024
MOST_SHOWN = 200
NO_FILE = N_("Choose a file.")
TOO_LARGE = N_("This file is larger than %(size)s. Please check that it is the right one.")
FATES = {"changed": N_("Changes"), "same": N_("As it is here"), "refused": N_("Not taken")}


@pages.route("/te-reo/wordings.<kind>", EXCHANGE)
def wordings_out(kind: str) -> Answer:
    """Every wording as a file."""
    if kind not in KINDS:
        abort(404)
    with at_school() as here:
        raw = messages.wordings.write_file(kind, messages.wordings.all_wordings(here.work))
    answer = Answer(raw, mimetype=KINDS[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"te-reo.{kind}")
    return answer


@pages.route("/te-reo/files", EXCHANGE, methods=("GET", "POST"))
def wording_files() -> str | tuple[str, int]:
    """Choose a file that came back; see what would become of each row; take it."""
    with at_school() as here:
        note_frame(here)
        if request.method == "GET":
            return _page(here, None, {})
        taking = request.form.get("act") == "take"
        raw = b""
        try:
            raw = unpack(request.form.get("token", "")) if taking else _chosen()
            rows = messages.wordings.read_file(raw)
            if taking:
                with here.work.session.begin_nested():
                    judged = messages.wordings.take_rows(here.work, rows, **_stated())
                messages.let_checked_follow(here.work, links=runtime().links)
            else:
                judged = messages.wordings.judge_rows(here.work, rows)
        except Invalid as refusal:
            errors = beside(refusal, otherwise="file")
            again = messages.wordings.judge_rows(here.work, rows) if refusal.field == "checked_by" else None
            return _page(here, again, errors, raw=raw), 400
        return _page(here, judged, {}, raw=raw, done=taking)


def _chosen() -> bytes:
    file = request.files.get("file")
    raw = file.read(LARGEST + 1) if file and file.filename else b""
    if not raw:
        raise Invalid(NO_FILE, field="file")
    if len(raw) > LARGEST:
        raise Invalid(TOO_LARGE, field="file", size="2 MB")
    return raw


def _stated() -> dict[str, Any]:
    """Who checked it, only where whoever brings it in states so."""
    if request.form.get("states") != "yes":
        return {}
    return {"checked_by": request.form.get("checked_by", ""), "licensed": request.form.get("licensed") == "yes"}


def _page(
    here: Here,
    judged: list[messages.wordings.JudgedRow] | None,
    errors: dict[str, str],
    *,
    raw: bytes = b"",
    done: bool = False,
) -> str:
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    counted = {fate: sum(each.fate == fate for each in judged or ()) for fate in FATES}
    told = [each for each in judged or () if each.fate is not messages.wordings.Fate.SAME]
    return render_template(
        "wording_files.html",
        kinds=list(KINDS),
        counts=[{"label": shown.say(FATES[fate]), "count": count} for fate, count in counted.items()]
        if judged is not None
        else None,
        rows=[_row(shown, each) for each in told[:MOST_SHOWN]],
        more=max(0, len(told) - MOST_SHOWN),
        token=pack(raw) if judged is not None else "",
        done=done,
        typed={name: request.form.get(name, "") for name in ("checked_by", "licensed", "states")},
        errors=errors,
    )


def _row(shown: Shown, judged: messages.wordings.JudgedRow) -> dict[str, Any]:
    refused = judged.fate is messages.wordings.Fate.REFUSED
    return {
        "number": judged.row.number,
        "en": judged.wording.en if judged.wording else judged.row.key,
        "before": judged.wording.mi if judged.wording and not refused else None,
        "mi": judged.mi or judged.row.mi,
        "kind": "amiss" if refused else "heed" if judged.reason else "",
        "sentence": shown.say(judged.reason, **dict(judged.slots)) if judged.reason else shown.say(FATES["changed"]),
    }
