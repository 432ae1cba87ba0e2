"""A page of a book: written by several in a minute, each section saved by itself, and beside it once it went home."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, conversations, messages, schools, whanau
from commsbridge.books import Book, BookPage, Saved, Stale, Whose
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_, say_many
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, once_key, read_id, runtime
from commsbridge.web.book_at_hand import CHANGE_ON_PAGE, at_hand, question_home
from commsbridge.web.book_late import came_late, stands_already
from commsbridge.web.book_sections import home_choices, section_row, typed_in
from commsbridge.web.book_shown import (
    at_school_url,
    child_sound_rows,
    page_rows,
    sound_at_school,
    title_of,
    voice_at_school,
)
from commsbridge.web.books import book_here, shown_for
from commsbridge.web.frame import note_frame
from commsbridge.web.hard_days import ways_on
from commsbridge.web.keeping import beside, kept
from commsbridge.web.photos import photo_form, photo_row
from commsbridge.web.praise import keeper
from commsbridge.web.safety import with_named_sentences
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
WRITE = may(Permission.WRITE_BOOK)
LOST = N_("Someone else wrote here too. Nothing is lost: both are below. Keep what should stay, then save.")


def read_on(written: str | None, today: date) -> date:
    """The day of a page; today where none, or none that can be read, was named."""
    try:
        return date.fromisoformat(written) if written else today
    except ValueError:
        return today


@pages.route("/books/<uuid:book_id>/page", WRITE, methods=("GET", "POST"))
def book_page(book_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Write on the page of a day. Who saves what others changed meanwhile sees both, and nothing is replaced.

    ``carry`` names a section into which what stood there last time is taken over, to be looked at before it is saved.
    """
    with at_school() as here:
        found, student = book_here(here, book_id)
        on = read_on(request.values.get("on"), schools.today(here.work))
        if request.method == "GET":
            return _page(here, found, student, on)
        if request.form.get("act") == "preview":
            return _page(here, found, student, on, carried=read_id(request.args.get("carry")))
        saved: list[Saved] = []
        errors = kept(here.work, lambda: saved.append(_save(here.work, found, student, on)))
        typed = typed_in(books.sections_of(here.work, found))
        if errors and not stands_already(here.work, books.page_on(here.work, found, on), typed):
            return _page(here, found, student, on, errors=errors), 400
        if saved and saved[0].stale:
            return _page(here, found, student, on, stale=saved[0].stale), 409
    return redirect(url_for("book_page", book_id=book_id, on=on.isoformat(), saved="yes"))


def _save(work: Work, found: Book, student: Student, on: date) -> Saved:
    """Save what was written, and the photo and the voice note that came with it."""
    page = books.begin_page(work, found, on)
    saved = books.save(work, found, page, typed_in(books.sections_of(work, found)), once_key=once_key())
    file = request.files.get("photo")
    if file is not None and file.filename:
        alt, shows = request.form.get("photo_alt", ""), request.form.get("photo_shows", "")
        books.add_photo(work, page, student, file.read(), alt=alt, shows=shows)
    sound = request.files.get("sound")
    if sound is not None and sound.filename:
        books.add_sound(work, page, sound.read(), words=request.form.get("sound_words", ""))
    return saved


def _page(
    here: Here,
    found: Book,
    student: Student,
    on: date,
    *,
    errors: dict[str, str] | None = None,
    stale: Sequence[Stale] = (),
    words: str = "",
    carried: uuid.UUID | None = None,
    question: dict[str, Any] | None = None,
) -> str:
    work = here.work
    shown = shown_for(work)
    note_frame(here)
    sections = books.sections_of(work, found)
    page = books.page_on(work, found, on)
    entries = books.standing(work, [page])[page.id] if page else {}
    before = books.pages_of(work, [found.id], before=on, limit=1)
    last = books.standing(work, before)[before[0].id] if before else {}
    homes = home_choices(work, student, shown)
    staff = schools.staff_by_id(work, {each.staff_id for each in entries.values()})
    others = {each.typed.section_id: each for each in stale}
    late = came_late(work, shown, page, sections, typed_in(sections)) if page and page.home_at else None
    return render_template(
        "book_page.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        title=title_of(found, shown.language),
        book_id=found.id,
        on=on.isoformat(),
        day=shown.weekday(on),
        gone=page_rows(
            work,
            shown,
            [page],
            books.sections_of(work, found, ended=True),
            photo_url=at_school_url,
            sound_url=sound_at_school,
            voice_url=voice_at_school,
        )[0]
        if page and page.home_at
        else None,
        sections=[
            section_row(
                shown,
                each,
                entries.get(each.id),
                staff,
                others.get(each.id),
                typed=_came_back(errors, stale),
                last=last.get(each.id),
                carried=carried == each.id,
            )
            for each in sections
        ],
        homes=homes,
        photos=[photo_row(student.id, each) for each in books.photos_on(work, [page])[page.id]] if page else [],
        photo=photo_form(work, student, None, shown, errors or {}),
        sounds=[_sound_row(found, each) for each in books.sounds_on(work, [page])[page.id]] if page else [],
        sound=_sound_form(errors or {}),
        unheard=[
            {
                "url": url_for("child_voice", book_id=found.id, voice_id=each.id),
                "heard_url": url_for("child_voice_heard", book_id=found.id, voice_id=each.id),
            }
            for each in (books.unheard_on(work, page) if page else ())
        ],
        heard=[] if page is None or page.home_at else child_sound_rows(work, shown, page),
        before=page_rows(work, shown, before, books.sections_of(work, found, ended=True))[0]
        if before and page and page.home_at
        else None,
        last_day=shown.weekday(before[0].on_day) if before else "",
        form_key=request.form.get("form_key") or secrets.token_hex(16),
        keeper=keeper(),
        copied=_copied(shown),
        hands_over=(page is None or page.home_at is None) and any(each.whose is Whose.CHILD for each in sections),
        from_home=_from_home(work, student, shown),
        going=_going(work, shown, found, page, student) if page and not page.home_at else None,
        question=question,
        at_hand=at_hand(here, student, shown),
        hard=ways_on(here, student, shown),
        missed=_may_leave_out(work, found, on) if not entries else False,
        saved=bool(request.args.get("saved")),
        typed=_came_back(errors, stale),
        told=shown.say(LOST) if stale else "",
        with_named=with_named_sentences(work, student, shown),
        late=late,
        beside_words=words or (late["school"] if late else ""),
        longest=books.LONGEST_WORDS,
        errors=errors or {},
    )


def _sound_form(errors: dict[str, str]) -> dict[str, Any]:
    words = request.form.get("sound_words", "")
    return {"words": words, "open": bool(words) or bool({"sound", "sound_words"} & set(errors))}


def _sound_row(found: Book, sound: books.BookSound) -> dict[str, Any]:
    return {
        "url": url_for("book_sound", book_id=found.id, sound_id=sound.id),
        "out_url": url_for("book_sound_out", book_id=found.id, sound_id=sound.id),
        "words": sound.words,
        "by": "",
    }


def _came_back(errors: dict[str, str] | None, stale: Sequence[Stale]) -> bool:
    """Whether the form is shown with what was typed, rather than with what stands."""
    return bool(errors or stale) or "act" in request.form


def _may_leave_out(work: Work, found: Book, on: date) -> bool:
    """Whether somebody was asked for this page, and nobody has said that there is none."""
    missed = books.missed_on(work, found, on)
    return missed is not None and missed.staff_id is not None and missed.left_out_by is None


def _from_home(work: Work, student: Student, shown: Shown) -> list[dict[str, Any]]:
    """What home wrote and nobody at school has seen."""
    found = conversations.replies_about(work, [student.id], waiting=True)
    names = whanau.contact_names(work, [reply.contact_id for reply, _ in found if reply.contact_id])
    return [
        {
            "reply_id": reply.id,
            "day": shown.day(reply.received_at),
            "time": shown.time(reply.received_at),
            "who": names.get(reply.contact_id, "") if reply.contact_id else reply.from_address,
            "words": reply.words,
            "lang": lang_of(reply.language),
        }
        for reply, _ in found
        if reply.words
    ]


def _going(work: Work, shown: Shown, found: Book, page: BookPage, student: Student) -> dict[str, Any]:
    """What sending the page home would do: to whom it goes, and the line that stands in a text."""
    entries = books.standing(work, [page])[page.id]
    return {
        "to": shown.names([each.name for each in messages.may_hear(work, student)]),
        "good": books.good_line(work, books.sections_of(work, found), entries, student),
    }


def _copied(shown: Shown) -> str:
    """What is said after the words were put in other books."""
    count = request.args.get("copied", "")
    return (
        say_many(
            shown.language, "It stands in %(num)s more book now.", "It stands in %(num)s more books now.", int(count)
        )
        if count.isdecimal() and len(count) < 4
        else ""
    )


@pages.route("/books/<uuid:book_id>/none", WRITE, methods=("POST",))
def book_none(book_id: uuid.UUID) -> Response:
    """Say that there is no page on a day, so that nobody is asked for it."""
    with at_school() as here:
        found, _ = book_here(here, book_id)
        on = read_on(request.form.get("on"), schools.today(here.work))
        if books.missed_on(here.work, found, on) is not None:
            books.leave_out(here.work, found, on)
    return redirect(url_for("book", book_id=book_id))


@pages.route("/books/<uuid:book_id>/beside", WRITE, methods=("POST",))
def book_beside(book_id: uuid.UUID) -> tuple[str, int] | Response:
    """Write beside a page that went home."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        on = read_on(request.form.get("on"), schools.today(here.work))
        try:
            books.write_beside(here.work, page_there(here.work, found, on), request.form.get("words", ""))
        except (Invalid, Conflict) as refusal:
            words = request.form.get("words", "")
            return _page(here, found, student, on, errors=beside(refusal), words=words), 400
    return redirect(url_for("book_page", book_id=book_id, on=on.isoformat()))


@pages.route("/books/<uuid:book_id>/home", WRITE, methods=("POST",))
def book_home(book_id: uuid.UUID) -> tuple[str, int] | Response:
    """Send the page home: from then on it stays as it went."""
    with at_school() as here:
        found, student = book_here(here, book_id)
        on = read_on(request.form.get("on"), schools.today(here.work))
        page = books.page_on(here.work, found, on)
        asked = question_home(here.work, shown_for(here.work), page, student) if page else None
        if asked is not None and page is not None and page.home_at is None:
            if request.form.get("answer") != CHANGE_ON_PAGE:
                return _page(here, found, student, on, question=asked), 409
        else:
            errors = kept(here.work, lambda: _send_home(here.work, found, student, on))
            if errors:
                return _page(here, found, student, on, errors=errors), 400
    return redirect(url_for("book_page", book_id=book_id, on=on.isoformat()))


def _send_home(work: Work, found: Book, student: Student, on: date) -> None:
    books.send_home(work, found, page_there(work, found, on), student, links=runtime().links)


def page_there(work: Work, found: Book, on: date) -> BookPage:
    """The page of a day. Raises Invalid where none was begun."""
    page = books.page_on(work, found, on)
    if page is None:
        raise Invalid(N_("This page is empty. Write in at least one section."))
    return page
