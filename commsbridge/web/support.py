"""Who can help with learning support: for staff, for whānau, and the page for when help is needed now.

The two open pages are the same for everybody: no sign-in, no name, nothing about a child or a school.
"""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import schools, support
from commsbridge.foundation.language import KNOWN, N_, Language, say
from commsbridge.schools import Permission
from commsbridge.support import CheckedHow
from commsbridge.web.about import read_day
from commsbridge.web.access import AT_SCHOOL, OPEN, Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.directory_shown import group_rows
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.links import other_languages

pages = Pages()
FOUND = {"so": N_("It is as it stands here"), "otherwise": N_("Something is otherwise")}
CHECKS = {
    CheckedHow.PAGE: N_("I read its page"),
    CheckedHow.RANG: N_("I rang them"),
    CheckedHow.MET: N_("I met them"),
}


@pages.route("/at-school/support", AT_SCHOOL)
def support_directory() -> str:
    """The whole directory, for staff."""
    with at_school() as here:
        return _directory(here, {})


@pages.route("/at-school/support", may(Permission.ASK_SUPPORT), methods=("POST",))
def check_entry() -> tuple[str, int] | Response:
    """Write down that an entry was checked with its service."""
    how, key = request.form.get("how", ""), request.form.get("service", "")
    with at_school() as here:
        on_day = read_day(request.form.get("on_day", ""), schools.today(here.work), field="on_day")
        agrees = request.form.get("found") != "otherwise"
        chosen = CheckedHow(how) if how in set(CheckedHow) else CheckedHow.PAGE
        errors = kept(
            here.work,
            lambda: support.check_service(here.work, key, chosen, on_day, request.form.get("words", ""), agrees=agrees),
        )
        if errors:
            return _directory(here, errors), 400
    return redirect(url_for("support_directory", saved="yes"))


def _directory(here: Here, errors: dict[str, str]) -> str:
    note_frame(here)
    return render_template(
        "support_directory.html",
        groups=group_rows(language(), families=False, work=here.work),
        checks=here.viewer.may(Permission.ASK_SUPPORT),
        found=[{"value": key, "label": say(language(), label)} for key, label in FOUND.items()],
        hows=[{"value": each.value, "label": say(language(), label)} for each, label in CHECKS.items()],
        today=schools.today(here.work).isoformat(),
        longest=support.LONGEST_CHECK,
        errors=errors,
        saved=request.args.get("saved") == "yes" and not errors,
    )


@pages.route("/find-support", OPEN)
def find_support() -> str:
    """The directory for whānau: anybody may open it."""
    g.language = KNOWN.get(request.args.get("reo", ""), language())
    return render_template(
        "find_support.html",
        groups=group_rows(g.language, families=True),
        help_url=url_for("help_now", reo=request.args.get("reo") or None),
        others=other_languages("find_support"),
    )


@pages.route("/help-now", OPEN)
def help_now() -> str:
    """Whom to ring now, and what helps meanwhile. It is kept on a device that opened it, and can be printed."""
    return help_page(KNOWN.get(request.args.get("reo", ""), language()))


def help_page(shown_in: Language) -> str:
    """The page in one language, the same for everybody."""
    before, g.language = g.language, shown_in
    try:
        return render_template(
            "help_now.html",
            phone=support.service_named("traumatic_incident").phone,
            find_url=url_for("find_support", reo=shown_in.value),
            others=other_languages("help_now"),
        )
    finally:
        g.language = before
