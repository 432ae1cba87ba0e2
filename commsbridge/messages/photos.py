"""Photos that go with praise: kept once they are clean, sent only where they may, shown to nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, exists, select

from commsbridge import whanau
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.pictures import MEDIA_TYPE, read_picture
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, LaterPraise, Message, Photo, Shows
from commsbridge.messages.queries import note_may_be_read
from commsbridge.students import Student

LONGEST_ALT = 160
PHOTO_LASTS = timedelta(days=30)
# A photo whose praise was never sent: long enough to finish writing the next day.
UNSENT_LASTS = timedelta(days=2)


def keep_photo(work: Work, student: Student, content: bytes, *, alt: str, shows: str, in_book: bool = False) -> Photo:
    """Keep a photo for praise about a child, or for a page of the child's book.

    It is made smaller, turned upright, and holds nothing hidden.

    ``shows`` is a value of Shows. Raises Invalid for what is no photo, for no words about what it shows, for somebody
    else in it, and for the child's face where nobody gave permission.
    """
    _check_shows(work, student, shows)
    told = one_line(alt, field="photo_alt", longest=LONGEST_ALT)
    picture = read_picture(content, field="photo")
    _forget_unsent(work)
    photo = Photo(
        id=uuid.uuid4(),
        student_id=student.id,
        staff_id=work.actor.id,
        shows=Shows(shows),
        alt=told,
        media_type=MEDIA_TYPE,
        width=picture.width,
        height=picture.height,
        content=picture.content,
        in_book=in_book,
        made_at=work.now,
    )
    work.session.add(photo)
    work.session.flush()
    return photo


def _check_shows(work: Work, student: Student, shows: str) -> None:
    if shows == "others":
        raise Invalid(
            N_(
                "We cannot send a photo with someone else in it: their whānau were not asked. Crop it, or take another."
            ),
            field="photo_shows",
        )
    if shows not in set(Shows):
        raise Invalid(N_("Say who is in the photo."), field="photo_shows")
    if shows == Shows.CHILD and not whanau.may_show(work, student.id):
        raise Invalid(
            N_("Nobody has allowed photos that show %(name)s. A photo of their work may go."),
            field="photo_shows",
            name=student.preferred_name,
        )


def _forget_unsent(work: Work) -> None:
    """The actor's photos that never went anywhere are not kept."""
    sent = exists().where(Message.photo_id == Photo.id)
    waits = exists().where(LaterPraise.photo_id == Photo.id)
    old = Photo.made_at < work.now - UNSENT_LASTS
    mine = (Photo.staff_id == work.actor.id) & Photo.in_book.is_(False)
    work.session.execute(delete(Photo).where(mine, old, ~sent, ~waits))


def photo_for(work: Work, student: Student, photo_id: uuid.UUID) -> Photo:
    """A photo that may go with praise about a child now.

    Raises Invalid when it is none of this child's, or shows a child whose photos may no longer go.
    """
    photo = work.session.get(Photo, photo_id)
    if photo is None or photo.student_id != student.id:
        raise Invalid(N_("That photo is not here any more. Choose it again."), field="photo")
    _check_shows(work, student, photo.shows)
    return photo


def photo_of(work: Work, student: Student, photo_id: uuid.UUID) -> Photo:
    """A photo about a child, for staff who see the child. Raises NotFound for any other."""
    photo = work.session.get(Photo, photo_id)
    if photo is None or photo.student_id != student.id:
        raise NotFound(N_("That photo is not here."))
    return photo


def photo_by_id(work: Work, photo_id: uuid.UUID) -> Photo | None:
    """A photo, for the mail it goes in."""
    return work.session.get(Photo, photo_id)


def photo_may_show(work: Work, photo: Photo) -> bool:
    """Whether a photo may be seen at home today: of work always, of a child where that is allowed."""
    return photo.shows is Shows.WORK or whanau.may_show(work, photo.student_id)


def photos_by_id(work: Work, photo_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Photo]:
    """These photos by id, without their content, in one query."""
    rows = select(Photo).where(Photo.id.in_(photo_ids))
    return {each.id: each for each in work.session.scalars(rows)} if photo_ids else {}


def same_photo(work: Work, photo: Photo, others: Collection[uuid.UUID]) -> bool:
    """Whether one of these photos is this one, to the last byte: a form that came twice."""
    alike = select(Photo.id).where(Photo.id.in_(others), Photo.content == photo.content)
    return bool(others) and work.session.scalar(alike.limit(1)) is not None


def drop_photo(work: Work, photo: Photo) -> None:
    """Throw a photo away that stands nowhere any more."""
    work.session.execute(delete(Photo).where(Photo.id == photo.id))
    work.session.expunge(photo)


def photo_to_see(work: Work, delivery: Delivery) -> Photo | None:
    """The photo that came with a delivery, for whoever holds its link; None once it may not be seen any more.

    The link ends after PHOTO_LASTS, with the right to hear about the child, and with the permission to show them.
    """
    message = work.session.get(Message, delivery.message_id)
    if message is None or message.photo_id is None or work.now > delivery.made_at + PHOTO_LASTS:
        return None
    if not note_may_be_read(work, delivery):
        return None
    photo = work.session.get_one(Photo, message.photo_id)
    return photo if photo_may_show(work, photo) else None
