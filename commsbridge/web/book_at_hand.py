"""What is at hand beside a page of the book: what helps, what to avoid, goals and team; what is asked before home."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from commsbridge import books, schools, students
from commsbridge.books import BookPage
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.students import Student, Tells
from commsbridge.web.about import about_rows
from commsbridge.web.acting import Here
from commsbridge.web.asking import AS_IT_IS, CHANGE, CHANGE_MORE, QUESTION
from commsbridge.web.profile import goal_rows, term_around
from commsbridge.web.shown import Shown

# What a writer needs first, before the rest of the child's one page.
SHOWN = (Tells.HELPS, Tells.AVOIDS, Tells.STRENGTHS, Tells.LOVES, Tells.SCHOOL)
NAMES = N_("This page may name another child: %(words)s. Whānau of %(name)s would read it.")
NAMES_MEANT = N_("It is meant, and whānau of %(name)s may read it.")
CHANGE_ON_PAGE = "change"
MEANT = "as_it_is"


def at_hand(here: Here, student: Student, shown: Shown) -> dict[str, Any] | None:
    """Strategies, goals and team of a child, short; None for whoever may not read the child's log, or if all is empty.

    Reading them counts as having looked at the child.
    """
    if not here.viewer.may(Permission.READ_LOG):
        return None
    said = about_rows(here.work, student, shown)
    span = term_around(shown)
    goals = goal_rows(shown, student, books.goals_of(here.work, student.id, *span), span)
    parts = [said[each.value] for each in SHOWN if said.get(each.value, {}).get("words")]
    if not parts and not goals:
        return None
    schools.note_seen(here.work, subject="child", subject_id=student.id)
    team = students.teachers_of(here.work, student.id, schools.today(here.work))
    return {
        "parts": parts,
        "goals": [each["words"] if each["line"] else f"{each['title']}: {each['words']}" for each in goals],
        "team": shown.names([each.shown_name for each in team]),
        "url": url_for("profile", student_id=student.id),
    }


def question_home(work: Work, shown: Shown, page: BookPage, student: Student) -> dict[str, Any] | None:
    """What to ask before a page that names another child goes home; None once its writer said that it is meant."""
    if request.form.get("answer") == MEANT:
        return None
    asked = books.others_named(work, page, student)
    if asked is None:
        return None
    name = student.preferred_name
    return {
        "title": shown.say(QUESTION),
        "sentence": shown.say(NAMES, words=shown.names([f"“{each}”" for each in asked.words]), name=name),
        "options": [
            {"value": CHANGE_ON_PAGE, "label": shown.say(CHANGE), "small": shown.say(CHANGE_MORE)},
            {"value": MEANT, "label": shown.say(AS_IT_IS), "small": shown.say(NAMES_MEANT, name=name)},
        ],
        "chosen": CHANGE_ON_PAGE,
    }
