"""Te reo Māori at this school: who checked which wording, what may leave, and the way to the desks."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, whanau
from commsbridge.foundation.language import N_, say_many
from commsbridge.foundation.names import search_fold
from commsbridge.schools import Permission
from commsbridge.web.access import AT_SCHOOL, Pages, may
from commsbridge.web.acting import Here, at_school, language, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.shown import Shown
from commsbridge.web.te_reo_style import style_row

pages = Pages()
TE_REO = ("mi", "both")
NOT_CHECKED = N_("Not yet checked")
CHECKED = N_("Checked by %(who)s, %(day)s")
CHECKED_LICENSED = N_("Checked by %(who)s, licensed translator, %(day)s")
REJECTED = N_("Rejected by %(who)s, %(day)s: %(note)s")
KINDS = {
    messages.wordings.Kind.PHRASE: N_("A phrase to choose"),
    messages.wordings.Kind.LETTER: N_("A sentence in every message"),
}
SHOWN = {
    "": N_("All"),
    messages.wordings.Standing.UNCHECKED: N_("Not yet checked"),
    messages.wordings.Standing.CHECKED: N_("Checked"),
    messages.wordings.Standing.REJECTED: N_("Rejected"),
}


@pages.route("/te-reo", AT_SCHOOL)
def te_reo() -> str:
    """How the te reo of this school stands, for everybody who works here."""
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        speakers = schools.staff_with(work, Permission.CHECK_TE_REO, schools.today(work))
        return render_template(
            "te_reo.html",
            tally=messages.wordings.tally(messages.wordings.all_wordings(work)),
            speakers=shown.names([each.name for each in speakers]) if speakers else None,
            only_checked=schools.school_of(work).only_checked_te_reo,
            checks=here.viewer.may(Permission.CHECK_TE_REO),
            leads=here.viewer.may(Permission.LEAD_TE_REO),
            style=style_row(shown, schools.school_of(work).text_vowels),
            exchanges=here.viewer.may(Permission.EXCHANGE_TE_REO),
            translates=here.viewer.may(Permission.TRANSLATE),
        )


@pages.route("/te-reo/wordings", AT_SCHOOL)
def wording_list() -> str:
    """Every wording in both languages, with who checked it."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        note_frame(here)
        asked, chosen = request.args.get("q", ""), request.args.get("show", "")
        found = [each for each in messages.wordings.all_wordings(here.work) if _asked_for(each, asked, chosen)]
        checks = here.viewer.may(Permission.CHECK_TE_REO)
        return render_template(
            "wordings.html",
            rows=[wording_row(shown, each, checks=checks) for each in found],
            asked=asked,
            chosen=chosen,
            choices=[{"value": value, "label": shown.say(label)} for value, label in SHOWN.items()],
        )


def _asked_for(wording: messages.wordings.Wording, asked: str, chosen: str) -> bool:
    said = search_fold(f"{wording.en} {wording.mi}")
    return chosen in {"", wording.standing} and all(word in said for word in search_fold(asked).split())


def wording_row(shown: Shown, wording: messages.wordings.Wording, *, checks: bool) -> dict[str, Any]:
    """A wording as the templates take it."""
    return {
        "key": wording.key,
        "kind": shown.say(KINDS[wording.kind]),
        "en": wording.en,
        "mi": wording.mi,
        "state": standing_row(shown, wording.check),
        "url": url_for("wording_desk", key=wording.key) if checks else None,
    }


def standing_row(shown: Shown, check: messages.wordings.WordingCheck | None) -> dict[str, str]:
    """What was said of a wording, as a state row."""
    if check is None or check.checked_on is None or check.verdict is messages.wordings.Verdict.WRITTEN:
        return {"kind": "heed", "sentence": shown.say(NOT_CHECKED)}
    slots = {"who": check.checked_by, "day": shown.date(check.checked_on)}
    if check.verdict is messages.wordings.Verdict.REJECTED:
        return {"kind": "amiss", "sentence": shown.say(REJECTED, note=check.note, **slots)}
    return {"kind": "", "sentence": shown.say(CHECKED_LICENSED if check.licensed else CHECKED, **slots)}


@pages.route("/te-reo/only-checked", may(Permission.LEAD_TE_REO), methods=("GET", "POST"))
def only_checked() -> str | Response:
    """What it would mean to send only checked te reo, before it is switched on; and the switch."""
    with at_school() as here:
        work = here.work
        if request.method == "POST":
            schools.send_only_checked_te_reo(work, only_checked=request.form.get("act") == "on")
            messages.let_checked_follow(work, links=runtime().links)
            return redirect(url_for("te_reo"))
        note_frame(here)
        return render_template(
            "te_reo_only_checked.html",
            on=schools.school_of(work).only_checked_te_reo,
            consequence=_consequence(here),
        )


def _consequence(here: Here) -> list[str]:
    """How many wordings and how many homes it is about, in words."""
    work = here.work
    counted = messages.wordings.tally(messages.wordings.all_wordings(work))
    waiting = counted.unchecked + counted.rejected
    homes = whanau.homes_reading(work, TE_REO, on=schools.today(work))
    return [
        say_many(
            language(),
            "%(num)s wording of %(all)s is not checked.",
            "%(num)s wordings of %(all)s are not checked.",
            waiting,
            all=counted.all,
        ),
        say_many(
            language(),
            "%(num)s family asked for te reo Māori, alone or beside English.",
            "%(num)s families asked for te reo Māori, alone or beside English.",
            homes,
        ),
    ]
