"""The partnership view of a child: for school each home apart, for each home its own; true to one another."""

from __future__ import annotations

import uuid

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import schools, students, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.schools import Permission
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import at_school, language
from commsbridge.web.family_here import at_home, child_of, here_url
from commsbridge.web.frame import note_frame
from commsbridge.web.links import other_languages
from commsbridge.web.partnership_shown import home_facts
from commsbridge.web.shown import Shown

pages = Pages()
NOT_HERE = N_("This page is not here.")
NAMED = N_("Kept. Where another home asks too, each page names the people of both.")
UNNAMED = N_("Kept. Nothing names your home.")


@pages.route("/students/<uuid:student_id>/partnership", may(Permission.READ_LOG))
def partnership_view(student_id: uuid.UUID) -> str:
    """For school: with each home of the child, what that home reads on its own page."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        schools.note_seen(here.work, subject="child", subject_id=student.id)
        note_frame(here)
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        homes = whanau.homes_about(here.work, student.id, on=schools.today(here.work))
        return render_template(
            "partnership.html",
            student={"id": student.id, "name": student.name, "short": student.preferred_name},
            homes=[home_facts(here.work, shown, student, each, homes, viewer=here.viewer) for each in homes],
            links=[
                {"url": url_for(endpoint, student_id=student.id), "label": shown.say(label)}
                for endpoint, label in (
                    ("plan", N_("Plan")),
                    ("student_hui", N_("Hui")),
                    ("student_books", N_("Books")),
                )
            ],
        )


@pages.route("/w/<secret>/partnership", LINK)
def family_partnership(secret: str) -> str | Response:
    """For a home: what stands between them and school; of another home nothing, unless both asked."""
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        student, place = child_of(home)
        homes = whanau.homes_about(home.work, student.id, on=schools.today(home.work))
        key = whanau.home_of(home.holder.contact)
        own = next((each for each in homes if each.key == key), None)
        if own is None:
            raise NotFound(NOT_HERE)
        school = schools.school_of(home.work)
        done = {"yes": NAMED, "no": UNNAMED}.get(request.args.get("named", ""))
        return render_template(
            "family_partnership.html",
            school=school.name_mi if g.language is Language.MI else school.name_en,
            child=student.preferred_name,
            place=place,
            facts=home_facts(home.work, home.shown, student, own, homes),
            asks=key in whanau.homes_asking(home.work, student.id),
            done=home.shown.say(done) if done else "",
            url=here_url(secret, "family_partnership_named"),
            back_url=here_url(secret, child=place),
            leave_url=here_url(secret, "family_leave"),
            others=other_languages("family_partnership", secret=secret, child=place),
        )


@pages.route("/w/<secret>/partnership", LINK, methods=("POST",))
def family_partnership_named(secret: str) -> Response:
    """Ask that this home is named to another one that asks too, or take that back."""
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        student, place = child_of(home)
        asks = request.form.get("asks") == "yes"
        whanau.ask_to_be_named(home.work, home.holder.contact, student.id, asks=asks)
    return redirect(here_url(secret, "family_partnership", child=place, named="yes" if asks else "no"))
