"""Voice notes on the pages of a book: heard at school, and at home behind its link; a press plays, never before."""

from __future__ import annotations

import uuid

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response as Answer

from commsbridge import books, schools
from commsbridge.books import BookSound, ChildSound
from commsbridge.schools import Permission
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import at_school
from commsbridge.web.book_pages import page_there, read_on
from commsbridge.web.books import book_here
from commsbridge.web.family_here import at_home

pages = Pages()


@pages.route("/books/<uuid:book_id>/sounds/<uuid:sound_id>", may(Permission.READ_LOG))
def book_sound(book_id: uuid.UUID, sound_id: uuid.UUID) -> Answer:
    """A voice note, for staff who see the child."""
    with at_school() as here:
        found, _ = book_here(here, book_id)
        return _heard(books.sound_of(here.work, found.id, sound_id))


@pages.route("/books/<uuid:book_id>/sounds/<uuid:sound_id>/out", may(Permission.WRITE_BOOK), methods=("POST",))
def book_sound_out(book_id: uuid.UUID, sound_id: uuid.UUID) -> Answer:
    """Take a voice note off a page that has not gone home."""
    with at_school() as here:
        found, _ = book_here(here, book_id)
        on = read_on(request.form.get("on"), schools.today(here.work))
        books.remove_sound(here.work, page_there(here.work, found, on), sound_id)
    return redirect(url_for("book_page", book_id=book_id, on=on.isoformat()))


@pages.route("/books/<uuid:book_id>/voices/<uuid:voice_id>", may(Permission.READ_LOG))
def child_voice(book_id: uuid.UUID, voice_id: uuid.UUID) -> Answer:
    """What a child recorded alone, for staff who see the child."""
    with at_school() as here:
        found, _ = book_here(here, book_id)
        return _heard(books.child_sound_of(here.work, found.id, voice_id))


@pages.route("/books/<uuid:book_id>/voices/<uuid:voice_id>/heard", may(Permission.WRITE_BOOK), methods=("POST",))
def child_voice_heard(book_id: uuid.UUID, voice_id: uuid.UUID) -> Answer:
    """Somebody listened to what a child recorded alone, and writes its words beside it."""
    with at_school() as here:
        found, _ = book_here(here, book_id)
        books.hear(here.work, found, voice_id, request.form.get("words", ""))
        on = read_on(request.form.get("on"), schools.today(here.work))
    return redirect(url_for("book_page", book_id=book_id, on=on.isoformat()))


@pages.route("/w/<secret>/voices/<uuid:voice_id>", LINK)
def family_voice_note(secret: str, voice_id: uuid.UUID) -> Answer:
    """What a child recorded for this home, once it was heard at school, on a device that proved itself."""
    with at_home(secret) as home:
        if not home.known:
            raise PageNotFound
        return _heard(books.child_sound_at_home(home.work, home.holder.contact, home.holder.students, voice_id))


@pages.route("/w/<secret>/sounds/<uuid:sound_id>", LINK)
def family_sound(secret: str, sound_id: uuid.UUID) -> Answer:
    """A voice note of a page that went home, for whoever's page this is, on a device that proved itself."""
    with at_home(secret) as home:
        if not home.known:
            raise PageNotFound
        return _heard(books.sound_at_home(home.work, home.holder.contact, home.holder.students, sound_id))


def _heard(sound: BookSound | ChildSound) -> Answer:
    """The sound itself, or the piece that a player asks for (RFC 9110, section 14): some play nothing without."""
    content = sound.content
    answer = Response(content, mimetype=sound.media_type, headers={"Content-Disposition": "inline"})
    return answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
