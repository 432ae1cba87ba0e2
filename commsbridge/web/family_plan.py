"""A child's plan on a contact's own page: what their home reads, what they write in it, and their yes."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response as Paper
from flask import g, redirect, render_template, request
from werkzeug.wrappers import Response

from commsbridge import conversations, plans, schools, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.plans import Part, Plan
from commsbridge.students import Student
from commsbridge.web.about import read_day
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import read_id
from commsbridge.web.family_here import Home, at_home, child_of, here_url, store_words
from commsbridge.web.keeping import beside
from commsbridge.web.links import other_languages
from commsbridge.web.plan_shown import on_paper, plan_rows
from commsbridge.web.plans import printed
from commsbridge.web.shown import Shown

pages = Pages()
safety = conversations.safety
Screened = conversations.safety.Screened
NO_PLAN = N_("That plan is not here.")
KINDS = {
    Part.HOPES: N_("A strength, something they love, or what we hope for"),
    Part.GOAL: N_("A goal we would like"),
}
AGREED = N_("Thank you. The school sees that you agree.")
WRITTEN = N_("Thank you. It stands in the plan.")
TO_SCHOOL = N_("Thank you. Your words are with the school, and a person will read them.")
DONE = {"agreed": AGREED, "written": WRITTEN, "school": TO_SCHOOL}


def _plan(home: Home, student: Student) -> Plan:
    found = plans.plan_of(home.work, student.id)
    if found is None:
        raise NotFound(NO_PLAN)
    return found


@pages.route("/w/<secret>/plan", LINK)
def family_plan(secret: str) -> str | Response:
    """The plan as this home reads it."""
    with at_home(secret) as home:
        return _page(home, secret, {}) if home.known else redirect(here_url(secret))


@pages.route("/w/<secret>/plan", LINK, methods=("POST",), endpoint="family_plan_act")
def act_on_plan(secret: str) -> Response | tuple[str, int]:
    """Agree, write a goal or a hope, or take back what this home wrote.

    Words that may be about somebody's safety are no part of a plan: they go to school as any message does. So do
    those the screening cannot read, which stand in the plan as well.
    """
    words = request.form.get("words", "")
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        student, place = child_of(home)
        plan = _plan(home, student)
        writes = request.form.get("act") == "write"
        said = safety.screened(home.work, words) if writes else Screened.CLEAR
        done = "school"
        if said is not Screened.URGENT:
            try:
                with home.work.session.begin_nested():
                    done = _act(home, plan)
            except (Invalid, Conflict) as refusal:
                return _page(home, secret, beside(refusal)), 400 if isinstance(refusal, Invalid) else 409
        holder, school_id = home.holder, home.work.school_id
    if said is not Screened.CLEAR:
        store_words(holder, school_id, student.id, words[: plans.LONGEST_ITEM])
    return redirect(here_url(secret, "family_plan", child=place, done=done))


def _act(home: Home, plan: Plan) -> str:
    contact, act = home.holder.contact, request.form.get("act", "")
    if act == "write":
        part = request.form.get("part", "")
        chosen = Part(part) if part in set(KINDS) else Part.GOAL
        by_on = request.form.get("by_on", "")
        day = read_day(by_on, schools.today(home.work), field="by_on") if by_on else None
        plans.write_from_home(home.work, plan, contact, chosen, request.form.get("words", ""), by_on=day)
        return "written"
    if act == "drop":
        item_id = read_id(request.form.get("item_id")) or uuid.UUID(int=0)
        plans.drop_from_home(home.work, plan, contact, item_id)
        return "dropped"
    seen = request.form.get("number", "")
    plans.agree(home.work, plan, number=int(seen) if seen.isdecimal() and len(seen) < 6 else 0, contact=contact)
    return "agreed"


def _rows(home: Home, student: Student, shown: Shown) -> dict[str, Any]:
    contact = home.holder.contact
    own = whanau.household_contacts(home.work, contact)
    standing = plans.standing_of(home.work, _plan(home, student))
    at = plans.home_of(contact)
    told = plan_rows(home.work, shown, student, standing, home=at, own=own, contact_id=contact.id)
    told["asks"] = told["has_goal"] and standing.agreed(at, {contact.id}).home is None
    return told


def _page(home: Home, secret: str, errors: dict[str, str]) -> str:
    student, place = child_of(home)
    school = schools.school_of(home.work)
    done = DONE.get(request.args.get("done", ""))
    return render_template(
        "family_plan.html",
        school=school.name_mi if g.language is Language.MI else school.name_en,
        child=student.preferred_name,
        place=place,
        plan=_rows(home, student, home.shown),
        url=here_url(secret, "family_plan"),
        back_url=here_url(secret, child=place),
        kinds=[{"value": part.value, "label": home.shown.say(label)} for part, label in KINDS.items()],
        longest=plans.LONGEST_ITEM,
        typed=request.form.get("words", "") if errors else "",
        typed_part=request.form.get("part", "") if errors else "",
        typed_by_on=request.form.get("by_on", "") if errors else "",
        done=home.shown.say(done) if done else "",
        papers=[
            {"url": here_url(secret, "family_plan_paper", language=each.value, child=place), "label": each.title}
            for each in Language
        ],
        help_url=here_url(secret, "family_support_page", child=place),
        leave_url=here_url(secret, "family_leave"),
        errors=errors,
        others=other_languages("family_plan", secret=secret, child=place),
    )


@pages.route("/w/<secret>/plan/<language>.pdf", LINK)
def family_plan_paper(secret: str, language: str) -> Paper | Response:
    """The plan on paper as this home reads it."""
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        student, _ = child_of(home)
        chosen = Language(language) if language in set(Language) else home.shown.language
        shown = Shown(chosen, home.shown.calendar, home.shown.now)
        told = on_paper(shown, _rows(home, student, shown), [])
        return printed(shown, student, told, foot=schools.school_of(home.work).name_in(chosen))
