"""How soon a school answers: days, hours, who hears of what nobody answered, and what a phone is told at once."""

from __future__ import annotations

from datetime import time

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, schools
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
SETS = may(Permission.SET_PROMISE)
TELLS = {
    conversations.promises.Acknowledges.FREE: N_("Where a reply costs them nothing"),
    conversations.promises.Acknowledges.ALWAYS: N_("Always"),
    conversations.promises.Acknowledges.NEVER: N_("Never"),
}
LEADERS = N_("The leaders")
SAME = N_("The same as above")
SAVED = N_("Kept. It counts for what is asked from now on.")
NO_TIME = N_("Write the time like 08:30.")


@pages.route("/school/answering", SETS, methods=("GET", "POST"))
def answering() -> str | tuple[str, int] | Response:
    """Look at the school's promise, or change it."""
    with at_school() as here:
        if request.method == "GET":
            return _page(here, {})
        errors = kept(here.work, lambda: conversations.promises.set_answering(here.work, _typed()))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("answering", saved="yes"))


def _typed() -> conversations.promises.Answering:
    kinds = conversations.promises.Acknowledges
    days, told = request.form.get("days", ""), request.form.get("acknowledges", "")
    return conversations.promises.Answering(
        days=int(days) if days in set("12345") else 0,
        opens=_time("opens"),
        closes=_time("closes"),
        named_id=read_id(request.form.get("named")),
        acknowledges=kinds(told) if told in set(kinds) else kinds.FREE,
        slowed_id=read_id(request.form.get("slowed")),
    )


def _time(field: str) -> time:
    try:
        return time.fromisoformat(request.form.get(field, "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Invalid(NO_TIME, field=field) from None


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    rules = conversations.promises.answering_of(work)
    able = [{"value": str(each.id), "label": each.name} for each in conversations.promises.may_be_named(work)]
    return render_template(
        "office/answering.html",
        saved=shown.say(SAVED) if request.args.get("saved") and not errors else None,
        days=[{"value": str(number), "label": str(number)} for number in range(1, 6)],
        people=[{"value": "", "label": shown.say(LEADERS)}, *able],
        readers=[{"value": "", "label": shown.say(SAME)}, *able],
        tells=[{"value": key.value, "label": shown.say(label)} for key, label in TELLS.items()],
        values={
            "days": request.form.get("days", str(rules.days)),
            "opens": request.form.get("opens", f"{rules.opens:%H:%M}"),
            "closes": request.form.get("closes", f"{rules.closes:%H:%M}"),
            "named": request.form.get("named", str(rules.named_id or "")),
            "slowed": request.form.get("slowed", str(rules.slowed_id or "")),
            "acknowledges": request.form.get("acknowledges", rules.acknowledges.value),
        },
        errors=errors,
    )
