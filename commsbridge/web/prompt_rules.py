"""What a school says about prompts: how often good news should reach each home, and what becomes of a late prompt."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import prompts
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, say, say_many
from commsbridge.prompts import Late, Rules
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.prompts import WEEKDAYS, days_typed, time_typed

pages = Pages()
LEADS = may(Permission.SET_SENDING)
LATE = {
    Late.MOVE: (N_("Ask when we can, and say that it is late"), N_("On a school day, between 7 and 6, once.")),
    Late.DROP: (N_("Leave it out, and say so"), N_("The next prompt comes at its own time.")),
}
SAVED = N_("Kept.")


@pages.route("/prompts/school", LEADS, methods=("GET", "POST"), endpoint="prompt_rules")
def show_rules() -> str | tuple[str, int] | Response:
    """The school's targets and its word on late prompts, seen and set."""
    with at_school() as here:
        if request.method == "GET":
            return _page(here, {})
        errors = kept(here.work, lambda: prompts.set_rules(here.work, _typed()))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("prompt_rules", saved="yes"))


def _typed() -> Rules:
    late = request.form.get("late", "")
    if late not in set(Late):
        raise Invalid(N_("Choose one of these."), field="late")
    return Rules(
        _times("usual_times"), _times("book_times"), Late(late), tuple(sorted(days_typed())),
        time_typed("before_at"), time_typed("after_at"),
    )  # fmt: skip


def _times(field: str) -> int:
    written = request.form.get(field, "")
    return int(written) if written.isdecimal() and len(written) < 4 else 0


def _page(here: Here, errors: dict[str, str]) -> str:
    note_frame(here)
    rules = prompts.rules_of(here.work)
    sent = request.form if errors else {}
    ticked = days_typed() if errors else set(rules.begin_days)
    return render_template(
        "prompt_rules.html",
        times=[{"value": str(each), "label": in_two_weeks(each)} for each in range(1, 11)],
        late=[
            {"value": each.value, "label": say(language(), label), "small": say(language(), small)}
            for each, (label, small) in LATE.items()
        ],
        values={
            "usual_times": sent.get("usual_times", str(rules.usual_times)),
            "book_times": sent.get("book_times", str(rules.book_times)),
            "late": sent.get("late", rules.late.value),
            "before_at": sent.get("before_at", f"{rules.before_at:%H:%M}"),
            "after_at": sent.get("after_at", f"{rules.after_at:%H:%M}"),
        },
        days=[
            {"name": f"day-{day}", "label": say(language(), WEEKDAYS[day]), "on": day in ticked}
            for day in prompts.MONDAY_TO_FRIDAY
        ],
        errors=errors,
        saved=say(language(), SAVED) if request.args.get("saved") and not errors else None,
    )


def in_two_weeks(times: int) -> str:
    """How often, in words, in the language of the page."""
    return say_many(language(), "Once in two school weeks", "%(num)s times in two school weeks", times)
