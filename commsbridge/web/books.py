"""The books of a child: begin one, turn its pages, say how it is kept and who agreed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, schools, students, whanau
from commsbridge.books import Book, Holds, Rhythm, Whose
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
from commsbridge.web.book_shown import RHYTHMS, at_school_url, page_rows, sound_at_school, title_of, voice_at_school
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown
from commsbridge.whanau import MayMessage

pages = Pages()
READ = may(Permission.READ_LOG)
KEEP = may(Permission.KEEP_BOOK)
PAGES_SHOWN = 5
NOT_AGREED = N_("Not agreed yet: home and school each say yes to the same words.")
AGREED = N_("Agreed by home and school.")
SIGNED = N_("%(who)s, %(day)s")
WRITTEN_DOWN = N_("%(who)s, %(day)s, written down by %(staff)s")
READ_BY = N_("Read at home by %(names)s")
DAY_NAMES = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"))


def book_here(here: Here, book_id: uuid.UUID) -> tuple[Book, Student]:
    """A book of a child whom the viewer sees. Raises NotFound, the same for a book that is not there."""
    book = books.book_by_id(here.work, book_id)
    student = students.student_for(here.work, here.viewer, book.student_id)
    schools.note_seen(here.work, subject="child", subject_id=student.id)
    return book, student


def shown_for(work: Work) -> Shown:
    """How this page shows days and words."""
    return Shown(language(), schools.calendar_of(work), work.now)


@pages.route("/students/<uuid:student_id>/books", READ, endpoint="student_books")
def student_books(student_id: uuid.UUID) -> str:
    """The books of a child, and the templates to begin one from."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        return _list_page(here, student, {})


@pages.route("/students/<uuid:student_id>/books", KEEP, methods=("POST",), endpoint="begin_book")
def begin_book(student_id: uuid.UUID) -> tuple[str, int] | Response:
    """Begin a book from a template."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        made: list[Book] = []
        errors = kept(here.work, lambda: made.append(_begin(here.work, student)))
        if errors:
            return _list_page(here, student, errors), 400
        made_id = made[0].id
    return redirect(url_for("book_setup", book_id=made_id))


def _begin(work: Work, student: Student) -> Book:
    key = request.form.get("template", "")
    found = next((each for each in books.templates_of(work) if each.key == key), None)
    if found is None:
        raise Invalid(N_("Choose what the book is for."), field="template")
    return books.begin_book(work, student, found, rhythm=_rhythm(), days=_days())


def _rhythm() -> Rhythm:
    written = request.form.get("rhythm", "")
    return Rhythm(written) if written in set(Rhythm) else Rhythm.DAILY


def _days() -> list[int]:
    return [int(each) for each in request.form.getlist("days") if each in {"0", "1", "2", "3", "4"}]


def _list_page(here: Here, student: Student, errors: dict[str, str]) -> str:
    work = here.work
    shown = shown_for(work)
    note_frame(here)
    found = books.books_of(work, [student.id], ended=True)
    reo = shown.language is Language.MI
    return render_template(
        "books.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        books=[
            {
                "url": url_for("book", book_id=each.id),
                "title": title_of(each, shown.language),
                "rhythm": shown.say(RHYTHMS[each.rhythm]),
                "ended": each.ended_at is not None,
                "agreed": books.agreement_of(work, each).stands,
            }
            for each in found
        ],
        begin=None
        if not here.viewer.may(Permission.KEEP_BOOK)
        else {
            "url": url_for("begin_book", student_id=student.id),
            "templates": [
                {"value": each.key, "label": each.title[reo], "small": each.about[reo]}
                for each in books.templates_of(work)
            ],
            **_rhythm_choices(shown, Rhythm.DAILY, set()),
        },
        chosen=request.form.get("template", ""),
        errors=errors,
    )


def _rhythm_choices(shown: Shown, rhythm: Rhythm, days: set[int]) -> dict[str, Any]:
    return {
        "rhythms": [{"value": each.value, "label": shown.say(label)} for each, label in RHYTHMS.items()],
        "rhythm": rhythm.value,
        "days": [
            {"value": str(day), "label": shown.say(name), "checked": day in days} for day, name in enumerate(DAY_NAMES)
        ],
    }


@pages.route("/books/<uuid:book_id>", READ)
def book(book_id: uuid.UUID) -> str:
    """The book, its newest pages first; ``before`` a day turns to the earlier ones."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        work = here.work
        shown = shown_for(work)
        note_frame(here)
        before = _day(request.args.get("before"))
        turned = books.pages_of(work, [found.id], before=before, limit=PAGES_SHOWN + 1)
        more = len(turned) > PAGES_SHOWN
        rows = page_rows(
            work,
            shown,
            turned[:PAGES_SHOWN],
            books.sections_of(work, found, ended=True),
            photo_url=at_school_url,
            sound_url=sound_at_school,
            voice_url=voice_at_school,
        )
        readers = books.readers_of(work, turned[:PAGES_SHOWN])
        names = whanau.contact_names(work, {who for each in readers.values() for who in each})
        return render_template(
            "book.html",
            student={"id": student.id, "name": student.name, "short": student.preferred_name},
            title=title_of(found, shown.language),
            book_id=found.id,
            ended=found.ended_at is not None,
            due=books.is_due(found, shown.calendar, shown.today),
            today=shown.today.isoformat(),
            rhythm=shown.say(RHYTHMS[found.rhythm]),
            agreed=_agreed(shown, books.agreement_of(work, found).stands),
            pages=[
                {**row, "read_said": _read_by(shown, [names[who] for who in readers[row["page_id"]]])} for row in rows
            ],
            older_url=url_for("book", book_id=found.id, before=turned[PAGES_SHOWN - 1].on_day.isoformat())
            if more
            else None,
            writes=here.viewer.may(Permission.WRITE_BOOK) and found.ended_at is None,
            setup_url=url_for("book_setup", book_id=found.id) if here.viewer.may(Permission.KEEP_BOOK) else None,
        )


def _read_by(shown: Shown, names: Sequence[str]) -> str:
    """Who at home has read a page: pressed that they did, or answered it."""
    return shown.say(READ_BY, names=shown.names(sorted(names))) if names else ""


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None


def _agreed(shown: Shown, stands: bool) -> dict[str, str]:  # noqa: FBT001 - a fact, not a switch
    return {"kind": "" if stands else "heed", "sentence": shown.say(AGREED if stands else NOT_AGREED)}


@pages.route("/books/<uuid:book_id>/kept", KEEP, methods=("GET", "POST"))
def book_setup(book_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """How the book is kept: its rhythm, its sections in both languages, and what home and school agreed."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        if request.method == "GET":
            return _setup_page(here, found, student, {})
        errors = kept(here.work, lambda: _change(here, found))
        if errors:
            return _setup_page(here, found, student, errors), 400
    return redirect(url_for("book_setup", book_id=book_id, saved="yes"))


def _change(here: Here, found: Book) -> None:
    work, act = here.work, request.form.get("act", "")
    if act == "agreement":
        books.set_agreement(work, found, request.form.get("agreement", ""))
    elif act == "sign":
        books.sign_agreement(work, found)
    elif act == "sign_home":
        contact_id = read_id(request.form.get("contact_id"))
        if contact_id is None:
            raise Invalid(N_("Choose someone we may tell about this child."), field="contact_id")
        books.sign_agreement(work, found, contact_id=contact_id)
    elif act == "rhythm":
        books.set_rhythm(work, found, rhythm=_rhythm(), days=_days())
    elif act == "sections":
        titles = {
            each.id: (request.form.get(f"en-{each.id}", ""), request.form.get(f"mi-{each.id}", ""))
            for each in books.sections_of(work, found)
            if f"en-{each.id}" in request.form
        }
        books.rename_sections(work, found, titles)
    elif act == "add":
        holds = request.form.get("holds", "")
        books.add_section(
            work,
            found,
            (request.form.get("title_en", ""), request.form.get("title_mi", "")),
            holds=Holds.GOAL if holds == Holds.GOAL else Holds.WORDS,
            whose=Whose.CHILD if request.form.get("whose") == Whose.CHILD else Whose.SCHOOL,
        )
    elif act == "end":
        books.end_book(work, found)


def _setup_page(here: Here, found: Book, student: Student, errors: dict[str, str]) -> str:
    work = here.work
    shown = shown_for(work)
    note_frame(here)
    agreement = books.agreement_of(work, found)
    cards = whanau.contacts_of(work, student.id, on=schools.today(work), with_limited=False, sender_ids=[])
    may_hear = [card for card in cards if card.guardianship.may_message == MayMessage.YES]
    names = whanau.contact_names(work, [each.contact_id for each in agreement.by_home if each.contact_id])
    staff = schools.staff_by_id(
        work,
        {each for row in (*agreement.by_school, *agreement.by_home) for each in (row.staff_id, row.written_by) if each},
    )
    signed_here = {each.staff_id for each in agreement.by_school}
    form = request.form if errors else {}
    days = {day for day in range(5) if found.days >> day & 1}
    return render_template(
        "book_setup.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        title=title_of(found, shown.language),
        book_id=found.id,
        ended=found.ended_at is not None,
        url=url_for("book_setup", book_id=found.id),
        commitment=books.commitment_of(work)[shown.language is Language.MI],
        agreement=form.get("agreement", found.agreement),
        longest=books.LONGEST_AGREEMENT,
        agreed=_agreed(shown, agreement.stands),
        signatures=[
            *(
                shown.say(
                    SIGNED, who=staff[each.staff_id].shown_name, day=shown.date(shown.calendar.local(each.at).date())
                )
                for each in agreement.by_school
                if each.staff_id in staff
            ),
            *(_home_signed(shown, each, names, staff) for each in agreement.by_home),
        ],
        may_sign=found.agreement_number > 0 and here.viewer.staff_id not in signed_here,
        contacts=[{"value": str(card.contact.id), "label": card.contact.name} for card in may_hear]
        if found.agreement_number
        else [],
        sections=[
            {"id": each.id, "title_en": each.title_en, "title_mi": each.title_mi, "child": each.whose is Whose.CHILD}
            for each in books.sections_of(work, found)
        ],
        saved=bool(request.args.get("saved")),
        errors=errors,
        **_rhythm_choices(shown, found.rhythm, days),
    )


def _home_signed(shown: Shown, each: Any, names: dict[uuid.UUID, str], staff: Any) -> str:
    day = shown.date(shown.calendar.local(each.at).date())
    who = names.get(each.contact_id, "")
    if each.written_by in staff:
        return shown.say(WRITTEN_DOWN, who=who, day=day, staff=staff[each.written_by].shown_name)
    return shown.say(SIGNED, who=who, day=day).removeprefix(", ")
