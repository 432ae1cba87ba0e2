"""The same words in several books: written once, seen child by child, then put on each child's own page."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, schools
from commsbridge.books import Book, Copy
from commsbridge.foundation.language import N_, Language, say, say_many
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
from commsbridge.web.book_pages import read_on
from commsbridge.web.book_shown import title_of
from commsbridge.web.books import book_here, shown_for
from commsbridge.web.children import mine
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept

pages = Pages()
WRITE = may(Permission.WRITE_BOOK)
LOOK_FIRST = N_("Look at each page first. Then put the words there.")


@pages.route("/books/<uuid:book_id>/several", WRITE, methods=("GET", "POST"))
def book_several(book_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Choose other children's books, see what each page would get, and put it there: each a page of its own."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        on = read_on(request.values.get("on"), schools.today(here.work))
        offered = books.books_to_copy_to(here.work, found, mine(here.work, here.viewer))
        if request.method == "GET":
            return _page(here, found, student, on, offered)
        copies: list[Copy] = []
        count: list[int] = []
        errors = kept(here.work, lambda: copies.extend(_copies(here, found, offered)))
        if not errors and request.form.get("act") == "copy":
            if request.form.get("shown") == _seal(copies):
                errors = kept(here.work, lambda: count.append(books.copy_to(here.work, copies, on)))
            else:
                errors = {"": say(language(), LOOK_FIRST)}
        if not count:
            page = _page(here, found, student, on, offered, copies=copies, errors=errors)
            return (page, 400) if errors else page
    return redirect(url_for("book_page", book_id=book_id, on=on.isoformat(), copied=count[0]))


def _copies(here: Here, found: Book, offered: Sequence[tuple[Book, Student]]) -> list[Copy]:
    chosen = {read_id(each) for each in request.form.getlist("to")}
    words = {
        each.id: request.form.get(f"s-{each.id}", "")
        for each in books.may_be_copied(books.sections_of(here.work, found))
    }
    return books.copies_of(here.work, found, words, [each for each in offered if each[0].id in chosen])


def _seal(copies: Sequence[Copy]) -> str:
    """What was shown, so that nothing else is put on a page than what somebody looked at."""
    said = [f"{copy.book.id} {section.id} {words}" for copy in copies for section, words in copy.parts]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


def _page(
    here: Here,
    found: Book,
    student: Student,
    on: date,
    offered: Sequence[tuple[Book, Student]],
    *,
    copies: Sequence[Copy] = (),
    errors: dict[str, str] | None = None,
) -> str:
    work, shown = here.work, shown_for(here.work)
    note_frame(here)
    page = books.page_on(work, found, on)
    entries = books.standing(work, [page])[page.id] if page else {}
    chosen = set(request.form.getlist("to"))
    return render_template(
        "book_several.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        title=title_of(found, shown.language),
        book_id=found.id,
        on=on.isoformat(),
        day=shown.weekday(on),
        mark=books.MARKS[shown.language is Language.MI],
        sections=[
            {
                "id": str(each.id),
                "title": title_of(each, shown.language),
                "words": request.form.get(f"s-{each.id}", entries[each.id].words if each.id in entries else ""),
            }
            for each in books.may_be_copied(books.sections_of(work, found))
        ],
        offered=[
            {
                "value": str(other.id),
                "label": child.name,
                "small": title_of(other, shown.language),
                "checked": str(other.id) in chosen,
            }
            for other, child in offered
        ],
        copies=[
            {
                "name": copy.student.name,
                "title": title_of(copy.book, shown.language),
                "parts": [(title_of(section, shown.language), words) for section, words in copy.parts],
            }
            for copy in copies
        ],
        shown=_seal(copies),
        label=say_many(language(), "Put it in %(num)s book", "Put it in %(num)s books", len(copies)),
        longest=books.LONGEST_WORDS,
        errors=errors or {},
    )
