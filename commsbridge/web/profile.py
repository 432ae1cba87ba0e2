"""A child on one page: who they are in their own people's words, what helps, what to avoid, goals and team.

For whoever takes the class today and has a minute.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, url_for

from commsbridge import books, plans, schools, students
from commsbridge.books import Goal
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.paper import set_on_paper
from commsbridge.foundation.work import Work
from commsbridge.plans import Item, Part, Place
from commsbridge.schools import Permission
from commsbridge.students import Student, Tells
from commsbridge.web.about import TITLES, about_rows
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.book_shown import STEPS, title_of
from commsbridge.web.figures import line
from commsbridge.web.frame import note_frame
from commsbridge.web.plan_words import PLACES
from commsbridge.web.shown import Shown
from commsbridge.web.students import class_lines

pages = Pages()
READ = may(Permission.READ_LOG)
# Outside the terms a goal is told over as many days as a term has.
TERM_LONG = timedelta(weeks=10)
ORDER = (Tells.LOVES, Tells.STRENGTHS, Tells.HELPS, Tells.AVOIDS, Tells.SCHOOL)
DREW = N_("%(goal)s: from “%(first)s” on %(first_on)s to “%(last)s” on %(last_on)s. The table below has each day.")
WENT = N_("%(goal)s: from “%(first)s” on %(first_on)s to “%(last)s” on %(last_on)s.")
RATED_ONCE = N_("%(goal)s: “%(last)s” on %(last_on)s.")
TITLE = N_("%(name)s on one page")
GOALS = N_("What we are working on together")
DOES = N_("What we do at school")
TEAM = N_("Who to ask")
UNSAID = N_("Nobody has said this yet.")
UNRATED = N_("Not rated this term.")
AS_CHILD = N_("%(goal)s (as %(name)s sees it)")


def term_around(shown: Shown) -> tuple[date, date]:
    """The days of this term up to today; in the holidays, the last ten weeks."""
    term = shown.calendar.term_of(shown.today)
    return (term.first_on, shown.today) if term else (shown.today - TERM_LONG, shown.today)


def goal_rows(shown: Shown, student: Student, goals: list[Goal], span: tuple[date, date]) -> list[dict[str, Any]]:
    """Goals as templates and papers take them, each with its line and its table."""
    return [_goal(shown, student, each, span) for each in goals]


def _goal(shown: Shown, student: Student, goal: Goal, span: tuple[date, date]) -> dict[str, Any]:
    title = title_of(goal.section, shown.language)
    if goal.child:
        title = shown.say(AS_CHILD, goal=title, name=student.preferred_name)
    told = [{"day": shown.date(on), "step": step, "words": shown.say(STEPS[step])} for on, step in goal.steps]
    return {
        "title": title,
        "line": line(shown.calendar, *span, goal.steps) if goal.steps else None,
        "words": _words(shown, title, told, DREW),
        # Where no table stands below it.
        "said": _words(shown, title, told, WENT),
        "days": told,
    }


def _words(shown: Shown, title: str, told: list[dict[str, Any]], sentence: str) -> str:
    if not told:
        return shown.say(UNRATED)
    first, last = told[0], told[-1]
    if len(told) == 1:
        return shown.say(RATED_ONCE, goal=title, last=last["words"], last_on=last["day"])
    return shown.say(
        sentence, goal=title, first=first["words"], first_on=first["day"], last=last["words"], last_on=last["day"]
    )


def _profile(here: Here, student: Student, shown: Shown) -> dict[str, Any]:
    work = here.work
    span = term_around(shown)
    said = about_rows(work, student, shown)
    team = students.teachers_of(work, student.id, schools.today(work))
    planned = _planned(work, student)
    return {
        "class_line": class_lines(work, [student])[student.id],
        "parts": [
            said.get(tells.value, {"title": shown.say(TITLES[tells]), "words": "", "lang": None, "by": ""})
            for tells in ORDER
            if tells is not Tells.SCHOOL or tells.value in said
        ],
        "planned": [each.words for each in planned if each.part is Part.GOAL],
        "does": [
            {"words": each.words, "place": shown.say(PLACES[each.place]) if each.place else ""}
            for each in planned
            if each.part is Part.STRATEGY and each.place is not Place.HOME
        ],
        "goals": goal_rows(shown, student, books.goals_of(work, student.id, *span), span),
        "team": [each.shown_name for each in team],
    }


def _planned(work: Work, student: Student) -> list[Item]:
    """What stands in the child's plan for everybody: what one home and school read alone is left out."""
    plan = plans.plan_of(work, student.id)
    stands = plans.standing_of(work, plan).items if plan else ()
    return [each for each in stands if each.home is None]


@pages.route("/students/<uuid:student_id>/profile", READ)
def profile(student_id: uuid.UUID) -> str:
    """The page, to read in a minute or to print."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        schools.note_seen(here.work, subject="child", subject_id=student.id)
        note_frame(here)
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        return render_template(
            "profile.html",
            student={"id": student.id, "name": student.name, "short": student.preferred_name},
            **_profile(here, student, shown),
            change_url=url_for("about", student_id=student.id) if here.viewer.may(Permission.WRITE_NOTE) else None,
            papers=[
                {"url": url_for("profile_paper", student_id=student.id, reo=each.value), "label": each.title}
                for each in Language
            ],
        )


@pages.route("/students/<uuid:student_id>/profile/<reo>.pdf", READ)
def profile_paper(student_id: uuid.UUID, reo: str) -> Response:
    """The same on paper: tagged, in the language chosen."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        chosen = Language(reo) if reo in set(Language) else language()
        shown = Shown(chosen, schools.calendar_of(here.work), here.work.now)
        told = _profile(here, student, shown)
        school = schools.school_of(here.work)
        words = {
            "class_line": told["class_line"],
            "parts": [{**each, "words": each["words"] or shown.say(UNSAID)} for each in told["parts"]],
            "planned": told["planned"],
            "goals": [{"title": each["title"], "words": each["said"]} for each in told["goals"]],
            "does": told["does"],
            "team": told["team"],
            "labels": {"goals": shown.say(GOALS), "does": shown.say(DOES), "team": shown.say(TEAM)},
        }
        pdf = set_on_paper(
            "web/papers/profile.typ",
            words,
            title=shown.say(TITLE, name=student.name),
            foot=school.name_in(chosen),
            language=chosen,
            made_at=here.work.now,
        )
        schools.note_seen(here.work, subject="child", subject_id=student.id)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="profile.pdf"'})
