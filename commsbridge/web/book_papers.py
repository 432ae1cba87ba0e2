"""The book to keep and carry: a day, a week, a term or all of it as a tagged PDF, and as data when a child leaves.

A home's copy holds what is that home's alone; the school's copy is another. Photos go along while they may be shown.
"""

from __future__ import annotations

import uuid
from base64 import b64encode
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response, jsonify, render_template, request, url_for

from commsbridge import books, conversations, messages, schools, whanau
from commsbridge.books import Book, BookPage, BookSound, ChildSound
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.paper import set_on_paper
from commsbridge.foundation.work import Work
from commsbridge.messages import Photo
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, read_id
from commsbridge.web.book_pages import read_on
from commsbridge.web.book_shown import page_rows, title_of
from commsbridge.web.books import book_here, shown_for
from commsbridge.web.frame import note_frame
from commsbridge.web.shown import Shown

pages = Pages()
READ = may(Permission.READ_LOG)
KEEP = may(Permission.KEEP_BOOK)
SPANS = {"day": N_("This day"), "week": N_("This week"), "term": N_("This term"), "all": N_("The whole book")}
SCHOOLS_COPY = N_("The school’s copy")
HOMES_COPY = N_("For %(names)s")
TITLE = N_("%(title)s, the book of %(name)s")
ABOUT = N_("From %(first)s to %(last)s. %(copy)s.")
WRITTEN = N_("What home wrote")
WENT = N_("Went home %(when)s")
NOT_GONE = N_("Not sent home yet")
MOST_WRITTEN = 1000
# No page is older.
BEFORE_ANY = date(2000, 1, 1)
# A household, and those of its contacts who hear of the child.
Home = tuple[uuid.UUID, set[uuid.UUID]]


@pages.route("/books/<uuid:book_id>/paper", READ)
def book_paper(book_id: uuid.UUID) -> Response:
    """A span of the book as a PDF, tagged, in the language of whoever asks; ``home`` makes it one home's copy."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        shown = shown_for(here.work)
        told = _told(here, found, student, shown)
        school = schools.school_of(here.work)
        name = school.name_mi if shown.language is Language.MI else school.name_en
        title = shown.say(TITLE, title=title_of(found, shown.language), name=student.name)
        pdf = set_on_paper(
            "web/papers/book.typ", told, title=title, foot=name, language=shown.language, made_at=here.work.now
        )
        schools.note_look(here.work, subject="book copy", subject_id=found.id)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="book.pdf"'})


@pages.route("/books/<uuid:book_id>/export", KEEP)
def book_export(book_id: uuid.UUID) -> Response:
    """The same as data, for when a child leaves: one for each home, and the school's apart."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        told = _told(here, found, student, shown_for(here.work))
        schools.note_look(here.work, subject="book copy", subject_id=found.id)
    answer = jsonify(told)
    answer.headers["Content-Disposition"] = 'attachment; filename="book.json"'
    return answer


def _told(here: Here, found: Book, student: Student, shown: Shown) -> dict[str, Any]:
    """The words of a copy; a home's is without what another home said or was told."""
    work = here.work
    home = home_asked(work, student)
    first, last = since_home(work, student, _span(shown), home)
    sections = books.sections_of(work, found, ended=True)
    between = books.pages_between(work, found, first, last, home=home is not None)
    rows = page_rows(work, shown, between, sections, home=home)
    photos = _photos(work, between)
    sounds = books.sounds_on(work, between)
    voices = books.child_sounds_on(work, between, home=home[0] if home else None, at_home=home is not None)
    said = conversations.replies_about(
        work, [student.id], waiting=False, limit=MOST_WRITTEN, by=home[1] if home else None
    )
    names = whanau.contact_names(work, [reply.contact_id for reply, _ in said if reply.contact_id])
    copy = (
        shown.say(HOMES_COPY, names=shown.names(sorted(named_in(work, home[1])))) if home else shown.say(SCHOOLS_COPY)
    )
    return {
        "child": student.preferred_name,
        "about": shown.say(
            ABOUT,
            first=shown.date(between[0].on_day if between else last),
            last=shown.date(between[-1].on_day if between else last),
            copy=copy,
        ),
        "agreed": found.agreement,
        "labels": {"written": shown.say(WRITTEN)},
        "pages": [
            {
                "on": row["on"],
                "day": row["long_day"],
                "went": _went(shown, row),
                "parts": [{**part, "by": _by(part)} for part in row["parts"]]
                + [_spoken(shown, each, books.VOICE_NOTE) for each in sounds[row["page_id"]]]
                + [_spoken(shown, each, books.CHILDS_VOICE) for each in voices[row["page_id"]]],
                "sounds": [_carried_sound(each) for each in sounds[row["page_id"]]]
                + [_carried_sound(each) for each in voices[row["page_id"]]],
                "beside": row["beside"],
                "photos": photos[row["page_id"]],
            }
            for row in rows
        ],
        "written": [
            {
                "words": reply.words,
                "by": ", ".join(
                    filter(
                        None,
                        [
                            names.get(reply.contact_id, "") if reply.contact_id else "",
                            shown.date(shown.calendar.local(reply.received_at).date()),
                        ],
                    )
                ),
            }
            for reply, _ in reversed(said)
            if first <= shown.calendar.local(reply.received_at).date() <= last
        ],
    }


def _photos(work: Work, between: Sequence[BookPage]) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """The photos of each page that may be shown today."""
    found = books.photos_on(work, between)
    return {
        page.id: [_carried(each) for each in found[page.id] if messages.photo_may_show(work, each)] for page in between
    }


def _spoken(shown: Shown, sound: BookSound | ChildSound, title: str) -> dict[str, Any]:
    """A voice note on paper: its words."""
    return {
        "title": shown.say(title),
        "words": sound.words,
        "ticked": [],
        "pictures": [],
        "step": None,
        "step_words": "",
        "child": False,
        "sees": "",
        "by": "",
    }


def _carried_sound(sound: BookSound | ChildSound) -> dict[str, str]:
    """A voice note as it is kept, its content in base64."""
    content = b64encode(sound.content).decode()
    return {"words": sound.words, "media_type": sound.media_type, "content": content}


def since_home(work: Work, student: Student, span: tuple[date, date], home: Home | None) -> tuple[date, date]:
    """The days of a span on which this home was the child's, as on its own page; for the school's copy, all of it."""
    if home is None:
        return span
    ties = whanau.ties_of(work, home[1], on=schools.today(work))
    since = min(tie.from_on for found in ties.values() for tie in found if tie.student_id == student.id)
    return max(span[0], since), span[1]


def _carried(photo: Photo) -> dict[str, Any]:
    """A photo as it is kept, its content in base64."""
    return {
        "alt": photo.alt,
        "width": photo.width,
        "height": photo.height,
        "media_type": photo.media_type,
        "content": b64encode(photo.content).decode(),
    }


def _went(shown: Shown, row: dict[str, Any]) -> str:
    when = row["home_said"]
    return shown.say(WENT, when=when) if when else shown.say(NOT_GONE)


def _by(part: dict[str, Any]) -> str:
    return " · ".join(filter(None, [part["by"], part["sees"]]))


def named_in(work: Work, contact_ids: set[uuid.UUID]) -> list[str]:
    """The names of these people."""
    return list(whanau.contact_names(work, contact_ids).values())


def _span(shown: Shown) -> tuple[date, date]:
    """The first and last day that were asked for."""
    on = read_on(request.args.get("on"), shown.today)
    asked = request.args.get("span", "day")
    if asked == "week":
        monday = on - timedelta(days=on.weekday())
        return monday, monday + timedelta(days=6)
    if asked == "term" and (term := shown.calendar.term_of(on)) is not None:
        return term.first_on, term.last_on
    if asked in {"all", "term"}:
        return BEFORE_ANY, shown.today
    return on, on


def home_asked(work: Work, student: Student) -> Home | None:
    """The home whose copy it is, with its people; None for the school's. Raises NotFound for another child's home."""
    written = request.args.get("home")
    if not written:
        return None
    found = homes_of(work, student).get(read_id(written) or uuid.UUID(int=0))
    if found is None:
        raise NotFound(N_("That home is not one of this child’s."))
    return uuid.UUID(written), found


def homes_of(work: Work, student: Student) -> dict[uuid.UUID, set[uuid.UUID]]:
    """The homes of a child who may hear of them, each with those of its people who may."""
    cards = whanau.contacts_of(work, student.id, on=schools.today(work), with_limited=False, sender_ids=[])
    homes: dict[uuid.UUID, set[uuid.UUID]] = {}
    for card in cards:
        if card.contact.household_id is not None:
            homes.setdefault(card.contact.household_id, set()).add(card.contact.id)
    return homes


@pages.route("/books/<uuid:book_id>/copies", READ)
def book_copies(book_id: uuid.UUID) -> str:
    """What there is to print and to carry away."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        shown = shown_for(here.work)
        note_frame(here)
        return render_template(
            "book_copies.html",
            student={"id": student.id, "name": student.name, "short": student.preferred_name},
            title=title_of(found, shown.language),
            book_id=found.id,
            copies=_copies(here.work, found, student, shown),
            exports=here.viewer.may(Permission.KEEP_BOOK),
        )


def _copies(work: Work, found: Book, student: Student, shown: Shown) -> list[dict[str, Any]]:
    """What there is to print: the school's copy, and one for each home, by span; and each as data."""
    homes: list[tuple[str | None, str]] = [(None, shown.say(SCHOOLS_COPY))]
    homes += [
        (str(home), shown.say(HOMES_COPY, names=shown.names(sorted(named_in(work, people)))))
        for home, people in homes_of(work, student).items()
    ]
    return [
        {
            "label": label,
            "papers": [
                {"label": shown.say(said), "url": url_for("book_paper", book_id=found.id, span=span, home=home)}
                for span, said in SPANS.items()
            ],
            "summaries": [
                {"label": each.title, "url": url_for("book_summary", book_id=found.id, reo=each.value, home=home)}
                for each in Language
            ],
            "export_url": url_for("book_export", book_id=found.id, span="all", home=home),
        }
        for home, label in homes
    ]
