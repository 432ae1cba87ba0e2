"""The review desk: a named speaker reads one wording after the other and approves, edits or rejects it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import Segments
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown
from commsbridge.web.te_reo import standing_row, wording_row

pages = Pages()
CHECK = may(Permission.CHECK_TE_REO)
TOLD = {
    "approve": N_("Kept, with your name beside it. Here is the next one."),
    "reject": N_("Rejected. Families get it in English until someone rewrites it."),
}


@pages.route("/te-reo/desk", CHECK)
def wording_desk() -> str:
    """The next wording that waits, the one asked for, or an empty desk."""
    with at_school() as here:
        note_frame(here)
        waiting = messages.wordings.on_desk(here.work)
        key = request.args.get("key")
        chosen = (
            messages.wordings.wording_of(here.work, key)
            if key
            else messages.wordings.after(waiting, request.args.get("after"))
        )
        if key and chosen is None:
            raise NotFound(N_("That wording is not here."))
        return _page(here, chosen, waiting)


@pages.route("/te-reo/desk", CHECK, methods=("POST",), endpoint="judge_wording")
def judge() -> str | tuple[str, int] | Response:
    """Approve a wording, as it stands or as it is written now, or reject it; then the next one comes."""
    key, act = request.form.get("key", ""), request.form.get("act", "")
    with at_school() as here:
        wording = messages.wordings.wording_of(here.work, key)
        if wording is None:
            raise NotFound(N_("That wording is not here."))
        waiting = messages.wordings.on_desk(here.work)
        errors = kept(here.work, lambda: _say(here, key, act))
        if errors:
            note_frame(here)
            return _page(here, messages.wordings.wording_of(here.work, key), waiting, errors=errors), 400
        messages.let_checked_follow(here.work, links=runtime().links)
    return redirect(url_for("wording_desk", after=key, told=act))


def _say(here: Here, key: str, act: str) -> None:
    seen, note = request.form.get("seen", ""), request.form.get("note", "")
    if act == "reject":
        messages.wordings.reject(here.work, key, seen=seen, note=note)
        return
    messages.wordings.approve(
        here.work,
        key,
        seen=seen,
        text_mi=request.form.get("text_mi", ""),
        note=note,
        as_meant=request.form.get("as_meant") == "yes",
    )


def _page(
    here: Here,
    wording: messages.wordings.Wording | None,
    waiting: list[messages.wordings.Wording],
    *,
    errors: dict[str, str] | None = None,
) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    told = TOLD.get(request.args.get("told", ""))
    sent = request.method == "POST"
    return render_template(
        "wording_desk.html",
        wording=_shown(shown, wording) if wording else None,
        typed={
            "text_mi": request.form.get("text_mi", "") if sent else wording.mi if wording else "",
            "note": request.form.get("note", ""),
        },
        length=_length(messages.wordings.sample_length(wording.kind, request.form.get("text_mi", wording.mi)), wording)
        if wording
        else None,
        history=[_verdict(shown, each) for each in messages.wordings.history_of(work, wording.key)] if wording else [],
        waiting=len(waiting),
        told=shown.say(told) if told else None,
        errors=errors or {},
    )


def _shown(shown: Shown, wording: messages.wordings.Wording) -> dict[str, Any]:
    return {
        **wording_row(shown, wording, checks=True),
        "seen": wording.version,
        "phrase": wording.kind is messages.wordings.Kind.PHRASE,
    }


def _length(length: Segments, wording: messages.wordings.Wording) -> dict[str, Any]:
    return {
        "units": length.units,
        "texts": length.segments,
        "room": length.room,
        "name": messages.wordings.LONGEST_NAME if wording.kind is messages.wordings.Kind.PHRASE else None,
    }


def _verdict(shown: Shown, check: messages.wordings.WordingCheck) -> dict[str, Any]:
    return {
        "day": shown.day(check.made_at),
        "time": shown.time(check.made_at),
        "iso": shown.iso(check.made_at),
        "mi": check.text_mi,
        "state": standing_row(shown, check),
        "note": check.note if check.verdict is not messages.wordings.Verdict.REJECTED else "",
    }
