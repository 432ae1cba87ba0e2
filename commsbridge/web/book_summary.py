"""A term's summary that a family would keep: what went well, the child's own words, how the goals went, good news."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Response

from commsbridge import books, messages, schools
from commsbridge.books import Book, BookEntry, BookSection, Whose
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.paper import set_on_paper
from commsbridge.foundation.work import Work
from commsbridge.messages import MessageKind
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school, language
from commsbridge.web.book_papers import HOMES_COPY, SCHOOLS_COPY, Home, home_asked, homes_of, named_in, since_home
from commsbridge.web.book_shown import for_home
from commsbridge.web.books import book_here
from commsbridge.web.profile import GOALS, goal_rows, term_around
from commsbridge.web.shown import Shown

pages = Pages()
TITLE = N_("A term with %(name)s")
ABOUT = N_("From %(first)s to %(last)s. %(copy)s.")
WENT_WELL = N_("What went well")
OWN_WORDS = N_("In %(name)s’s own words")
GOOD_NEWS = N_("Good news about %(name)s")
EMPTY = N_("Nothing went home in this time.")
MOST_NEWS = 100


@pages.route("/books/<uuid:book_id>/summary/<reo>.pdf", may(Permission.READ_LOG))
def book_summary(book_id: uuid.UUID, reo: str) -> Response:
    """The summary as a tagged PDF in the language chosen; ``home`` makes it one home's, without anything of another."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        chosen = Language(reo) if reo in set(Language) else language()
        shown = Shown(chosen, schools.calendar_of(here.work), here.work.now)
        told = told_in(here.work, found, student, shown)
        pdf = set_on_paper(
            "web/papers/summary.typ",
            told,
            title=shown.say(TITLE, name=student.preferred_name),
            foot=schools.school_of(here.work).name_in(chosen),
            language=chosen,
            made_at=here.work.now,
        )
        schools.note_look(here.work, subject="book copy", subject_id=found.id)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="term.pdf"'})


def told_in(work: Work, found: Book, student: Student, shown: Shown) -> dict[str, Any]:
    """The words of a summary of this term, as the paper takes them; whose copy it is stands in the request."""
    home = home_asked(work, student)
    span = since_home(work, student, term_around(shown), home)
    copy = (
        shown.say(HOMES_COPY, names=shown.names(sorted(named_in(work, home[1])))) if home else shown.say(SCHOOLS_COPY)
    )
    said = _said(work, found, shown, span, home)
    goals = books.goals_of(work, student.id, *span, home=(home[0],) if home else None)
    news = _news(work, student, shown, span, home)
    rated = [each for each in goal_rows(shown, student, goals, span) if each["days"]]
    return {
        "about": shown.say(ABOUT, first=shown.date(span[0]), last=shown.date(span[1]), copy=copy),
        "empty": "" if any((said["school"], said["child"], rated, news)) else shown.say(EMPTY),
        "lists": [
            {"title": shown.say(WENT_WELL), "rows": said["school"]},
            {"title": shown.say(OWN_WORDS, name=student.preferred_name), "rows": said["child"]},
            {"title": shown.say(GOOD_NEWS, name=student.preferred_name), "rows": news},
        ],
        "goals": [{"title": each["title"], "words": each["words"]} for each in rated],
        "labels": {"goals": shown.say(GOALS)},
    }


def _said(
    work: Work, found: Book, shown: Shown, span: tuple[date, date], home: Home | None
) -> dict[str, list[dict[str, str]]]:
    """What the good sections of the pages that went home say, and what the child says there."""
    between = books.pages_between(work, found, *span, home=True)
    entries = books.standing(work, between)
    rows: dict[str, list[dict[str, str]]] = {"school": [], "child": []}
    for page in between:
        for section in books.sections_of(work, found, ended=True):
            entry = entries[page.id].get(section.id)
            if entry is not None and entry.words and _kept(section, entry, home):
                rows[section.whose.value].append({"day": shown.date(page.on_day), "words": entry.words})
    return rows


def _kept(section: BookSection, entry: BookEntry, home: Home | None) -> bool:
    if not section.good and section.whose is not Whose.CHILD:
        return False
    return home is None or for_home(entry, section, home[0])


def _news(
    work: Work, student: Student, shown: Shown, span: tuple[date, date], home: Home | None
) -> list[dict[str, str]]:
    """The praise of this time that went to this home, or to any; each once, the first first."""
    people = home[1] if home else {each for found in homes_of(work, student).values() for each in found}
    told = {
        each.message.id: each
        for contact_id in sorted(people, key=str)
        for each in messages.told_to(work, contact_id, student.id, MessageKind.PRAISE, limit=MOST_NEWS)
    }
    rows = []
    for each in sorted(told.values(), key=lambda one: one.message.made_at):
        on = shown.calendar.local(each.message.made_at).date()
        if span[0] <= on <= span[1]:
            words = messages.words_of(each, student.preferred_name, shown.language)
            rows.append({"day": shown.date(on), "words": words})
    return rows
