"""Whānau voice: a leader says whether homes are asked, sees when and what, and what was answered, as figures."""

from __future__ import annotations

from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import pulse, reports, schools
from commsbridge.foundation.language import N_
from commsbridge.reports import Period, Span
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.reports import voice_shown
from commsbridge.web.shown import Shown

pages = Pages()
HEARS = may(Permission.HEAR_WHANAU)
GOES = N_("The next two questions go on %(day)s. Answers are taken until %(last)s.")
UNKNOWN = N_("We do not know the days of the next term yet, so no day is set.")


@pages.route("/reports/voice", HEARS, endpoint="report_voice")
def voice() -> str:
    """Whether homes are asked, when, what, and what they said."""
    with at_school() as here:
        return _page(here, {})


@pages.route("/reports/voice", HEARS, methods=("POST",), endpoint="report_voice_set")
def choose() -> str | tuple[str, int] | Response:
    """Begin to ask, or stop."""
    act = pulse.end if request.form.get("act") == "end" else pulse.begin
    with at_school() as here:
        errors = kept(here.work, lambda: act(here.work))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("report_voice", saved="yes"))


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    standing = pulse.standing_of(work)
    going = standing.going
    ever = Period(Span.DATES, date(2000, 1, 1), shown.today)
    note_frame(here)
    return render_template(
        "reports/voice.html",
        saved=bool(request.args.get("saved")) and not errors,
        errors=errors,
        asks=standing.asks,
        goes=shown.say(GOES, day=shown.date(shown.calendar.local(going.at).date()), last=shown.date(going.closes_on))
        if going
        else shown.say(UNKNOWN),
        questions=[reports.asked(shown.language, each) for each in standing.questions],
        may_be_asked=standing.may_be_asked,
        voice=[voice_shown(shown, each) for each in reports.voices(work, ever)],
    )
