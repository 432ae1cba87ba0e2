"""Photos on a page: asked about and made anew as those of praise, put there until the page goes home."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete, select

from commsbridge import messages
from commsbridge.books.models import BookPage, BookPhoto
from commsbridge.books.reading import page_for
from commsbridge.books.writing import hold_page
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages import Photo
from commsbridge.students import Student
from commsbridge.whanau import Contact

MOST_PHOTOS = 4
_NOT_HERE = N_("That photo is not here.")


def add_photo(work: Work, page: BookPage, student: Student, content: bytes, *, alt: str, shows: str) -> Photo | None:
    """Put a photo on a page; None where the very same stands there already.

    Raises Invalid as messages.keep_photo does and for too many, Conflict for a page that went home.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    hold_page(work, page)
    there = [each.id for each in photos_on(work, [page])[page.id]]
    photo = messages.keep_photo(work, student, content, alt=alt, shows=shows, in_book=True)
    if messages.same_photo(work, photo, there):
        messages.drop_photo(work, photo)
        return None
    if len(there) >= MOST_PHOTOS:
        raise Invalid(N_("A page holds at most %(most)s photos."), field="photo", most=MOST_PHOTOS)
    work.session.add(BookPhoto(page_id=page.id, photo_id=photo.id, staff_id=work.actor.id, at=work.now))
    work.session.flush()
    return photo


def remove_photo(work: Work, page: BookPage, photo_id: uuid.UUID) -> None:
    """Take a photo off a page and throw it away. Raises NotFound, or Conflict for a page that went home."""
    hold_page(work, page)
    photo = next((each for each in photos_on(work, [page])[page.id] if each.id == photo_id), None)
    if photo is None:
        raise NotFound(_NOT_HERE)
    work.session.execute(delete(BookPhoto).where(BookPhoto.page_id == page.id, BookPhoto.photo_id == photo_id))
    messages.drop_photo(work, photo)


def photos_on(work: Work, pages: Collection[BookPage]) -> dict[uuid.UUID, list[Photo]]:
    """The photos on pages, the first first, without their content; two queries however many pages."""
    found: dict[uuid.UUID, list[Photo]] = defaultdict(list)
    if not pages:
        return found
    rows = (
        select(BookPhoto.page_id, BookPhoto.photo_id)
        .where(BookPhoto.page_id.in_([page.id for page in pages]))
        .order_by(BookPhoto.at, BookPhoto.id)
    )
    placed = work.session.execute(rows).all()
    photos = messages.photos_by_id(work, [photo_id for _, photo_id in placed])
    for page_id, photo_id in placed:
        found[page_id].append(photos[photo_id])
    return found


def photo_at_home(work: Work, contact: Contact, student_ids: Collection[uuid.UUID], photo_id: uuid.UUID) -> Photo:
    """A photo of a page that went home, for somebody whose page that is. Raises NotFound for any other.

    Also where photos that show the child may not be shown any more.
    """
    page_id = work.session.scalar(select(BookPhoto.page_id).where(BookPhoto.photo_id == photo_id))
    if page_id is None:
        raise NotFound(_NOT_HERE)
    page_for(work, contact, student_ids, page_id, no=_NOT_HERE)
    photo = messages.photo_by_id(work, photo_id)
    if photo is None or not messages.photo_may_show(work, photo):
        raise NotFound(_NOT_HERE)
    return photo
