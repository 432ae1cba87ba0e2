"""Photos on the pages of a book: taken off at school until the page goes home, seen at home behind its link."""

from __future__ import annotations

import uuid

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response as Answer

from commsbridge import books, schools
from commsbridge.schools import Permission
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import at_school
from commsbridge.web.book_pages import page_there, read_on
from commsbridge.web.books import book_here
from commsbridge.web.family_here import at_home
from commsbridge.web.photos import picture

pages = Pages()


@pages.route("/books/<uuid:book_id>/photos/<uuid:photo_id>", may(Permission.WRITE_BOOK), methods=("POST",))
def book_photo_out(book_id: uuid.UUID, photo_id: uuid.UUID) -> Answer:
    """Take a photo off a page that has not gone home."""
    with at_school() as here:
        found, _ = book_here(here, book_id)
        on = read_on(request.form.get("on"), schools.today(here.work))
        books.remove_photo(here.work, page_there(here.work, found, on), photo_id)
    return redirect(url_for("book_page", book_id=book_id, on=on.isoformat()))


@pages.route("/w/<secret>/photos/<uuid:photo_id>", LINK)
def family_photo(secret: str, photo_id: uuid.UUID) -> Response:
    """A photo of a page that went home, for whoever's page this is, on a device that proved itself."""
    with at_home(secret) as home:
        if not home.known:
            raise PageNotFound
        return picture(books.photo_at_home(home.work, home.holder.contact, home.holder.students, photo_id))
