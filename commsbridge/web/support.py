"""Who can help with learning support: for staff, for whānau, and the page for when help is needed now.

The two open pages are the same for everybody: no sign-in, no name, nothing about a child or a school.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import schools, support
from commsbridge.foundation.language import KNOWN, N_, Language, say
from commsbridge.foundation.reo_dates import long_date
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission, Staff
from commsbridge.support import CheckedHow, Group, Service, ServiceCheck
from commsbridge.web.about import read_day
from commsbridge.web.access import AT_SCHOOL, OPEN, Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.links import other_languages

pages = Pages()
GROUPS = {
    Group.FIRST: N_("Ask here first"),
    Group.HOME: N_("Whānau may ask for these themselves"),
    Group.SCHOOL: N_("School and whānau ask for these together"),
    Group.HARD: N_("After something very hard"),
    Group.READ: N_("To read"),
}
CHECKED = N_("Checked on %(day)s.")
READ_ON = N_("Written from a kept copy of its page, read on %(day)s. Not yet checked with the service.")
CHECKED_BY = {
    CheckedHow.PAGE: N_("%(who)s read its page on %(day)s and found it so."),
    CheckedHow.RANG: N_("%(who)s rang them on %(day)s and found it so."),
    CheckedHow.MET: N_("%(who)s met them on %(day)s and found it so."),
}
CHECKS = {
    CheckedHow.PAGE: N_("I read its page"),
    CheckedHow.RANG: N_("I rang them"),
    CheckedHow.MET: N_("I met them"),
}
UNCHECKED = N_("Not yet checked.")


def group_rows(shown_in: Language, *, families: bool, work: Work | None = None) -> list[dict[str, Any]]:
    """The directory as templates take it, by group; ``families``: only what stands on the page for whānau.

    With the ``work`` of a school each entry says who there checked it. What is written about a child decides nothing.
    """
    checks = support.checks_of(work) if work else {}
    staff = schools.staff_by_id(work, {each.staff_id for each in checks.values()}) if work and checks else {}
    chosen = [each for each in support.services() if each.families or not families]
    return [
        {
            "key": group.value,
            "title": say(shown_in, title),
            "services": [
                {**_row(shown_in, each), "checked": _by_person(shown_in, checks[each.key], staff)}
                if each.key in checks
                else _row(shown_in, each)
                for each in chosen
                if each.group is group
            ],
        }
        for group, title in GROUPS.items()
        if any(each.group is group for each in chosen)
    ]


def _row(shown_in: Language, service: Service) -> dict[str, Any]:
    return {
        "key": service.key,
        "name": service.name_in(shown_in),
        "whom": service.whom_in(shown_in),
        "how": service.how_in(shown_in),
        "phone": service.phone,
        "source": service.source,
        "checked": checked_sentence(shown_in, service),
    }


def _by_person(shown_in: Language, check: ServiceCheck, staff: dict[uuid.UUID, Staff]) -> str:
    told = say(
        shown_in,
        CHECKED_BY[check.how],
        day=long_date(check.on_day, shown_in),
        who=staff[check.staff_id].shown_name if check.staff_id in staff else "",
    )
    return f"{told} {check.words}".strip()


def checked_sentence(shown_in: Language, service: Service) -> str:
    """What was checked of an entry, and when: never more than was done."""
    if service.checked_on:
        return say(shown_in, CHECKED, day=long_date(service.checked_on, shown_in))
    if service.read_on:
        return say(shown_in, READ_ON, day=long_date(service.read_on, shown_in))
    return say(shown_in, UNCHECKED)


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
        chosen = CheckedHow(how) if how in set(CheckedHow) else CheckedHow.PAGE
        errors = kept(
            here.work,
            lambda: support.check_service(here.work, key, chosen, on_day, request.form.get("words", "")),
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
