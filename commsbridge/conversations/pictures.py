"""Pictures that came with what somebody wrote: noted with the words, fetched from the carrier, kept as made anew."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.orm import Session, undefer

from commsbridge.conversations.models import PictureState, RawInbound, Reply, ReplyPicture, ReplyState, ReplyStudent
from commsbridge.conversations.posts import HUNG
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.pictures import (
    APPLE_TYPE,
    LARGEST_FILE,
    MEDIA_TYPE,
    Picture,
    is_apple_form,
    read_picture,
)
from commsbridge.foundation.work import Work

# What is being fetched is fetched by nobody else meanwhile.
FETCHING_LASTS = timedelta(minutes=5)
# A carrier that does not give it: after a while, a longer while, and so on; a text's picture lies there for months.
AGAIN_AFTER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12), timedelta(days=1))
MOST_AT_ONCE = 10
_DUE = text("SELECT DISTINCT school_id FROM reply_pictures WHERE fetch_at <= :now")


@dataclass(frozen=True, slots=True)
class InMail:
    """A thing that hung on a stored mail: the request it came in, and its place among what hung there."""

    content_type: str
    body: bytes
    number: int


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A picture that nobody has looked at yet, and where it lies: at the carrier (``url``), or in a mail we hold."""

    id: uuid.UUID
    url: str
    mail: InMail | None


def note_pictures(work: Work, reply: Reply, urls: Sequence[str]) -> None:
    """Pictures came with words and are still at the carrier."""
    for url in urls:
        work.session.add(
            ReplyPicture(
                id=uuid.uuid4(), reply_id=reply.id, url=url, state=PictureState.WAITING, tries=0, fetch_at=work.now
            )
        )
    work.session.flush()


def schools_with_pictures_to_fetch(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """The schools that have a picture at the carrier, through the carrier's door."""
    return session.scalars(_DUE, {"now": now}).all()


def pictures_to_fetch(work: Work) -> list[ToFetch]:
    """Some pictures to fetch now, the longest due first; for some minutes they are nobody else's to fetch.

    Of mails one at a time: each lies in memory whole, and may be 30 MB.
    """
    due = select(ReplyPicture).where(ReplyPicture.fetch_at <= work.now).order_by(ReplyPicture.fetch_at)
    rows = work.session.scalars(due.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
    mail = next((row.reply_id for row in rows if row.url.startswith(HUNG)), None)
    taken = [row for row in rows if not row.url.startswith(HUNG) or row.reply_id == mail]
    for row in taken:
        row.fetch_at = work.now + FETCHING_LASTS
    work.session.flush()
    return [ToFetch(row.id, row.url, _in_mail(work, row)) for row in taken]


def _in_mail(work: Work, row: ReplyPicture) -> InMail | None:
    if not row.url.startswith(HUNG):
        return None
    reply = work.session.get_one(Reply, row.reply_id)
    raw = work.session.get_one(RawInbound, reply.raw_id)
    return InMail(raw.content_type, raw.body, int(row.url.removeprefix(HUNG)))


class Unopened(StrEnum):
    """A photo that we do not open, in a form with a name: whoever sent it can send it in another."""

    APPLE = APPLE_TYPE


Judged = Picture | PictureState | Unopened


def judge_picture(content: bytes) -> Judged:
    """What was fetched, made anew as every picture is, or why it is not taken. Pure, and takes a moment."""
    try:
        return read_picture(content, field="picture")
    except Invalid:
        if is_apple_form(content) and len(content) <= LARGEST_FILE:
            return Unopened.APPLE
        return PictureState.TOO_LARGE if len(content) > LARGEST_FILE else PictureState.UNREADABLE


def keep_fetched(work: Work, picture_id: uuid.UUID, found: Judged | None) -> ReplyPicture:
    """Keep what was fetched, or say why it is not; None: the carrier did not give it, and is asked again.

    A picture that is kept already stays as it is. Raises NotFound.
    """
    row = work.session.get(ReplyPicture, picture_id, with_for_update=True)
    if row is None:
        raise NotFound(N_("That picture is not here."))
    if row.state is not PictureState.WAITING:
        return row
    if found is None:
        row.tries += 1
        again = row.tries <= len(AGAIN_AFTER)
        row.state = PictureState.WAITING if again else PictureState.GONE
        row.fetch_at = work.now + AGAIN_AFTER[row.tries - 1] if again else None
    elif isinstance(found, Unopened):
        row.state, row.fetch_at, row.media_type = PictureState.UNREADABLE, None, found.value
    elif isinstance(found, PictureState):
        row.state, row.fetch_at = found, None
    else:
        row.state, row.fetch_at, row.media_type = PictureState.KEPT, None, MEDIA_TYPE
        row.content, row.width, row.height = found.content, found.width, found.height
    work.session.flush()
    return row


def pictures_with(work: Work, reply_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[ReplyPicture]]:
    """What came with replies, without the pictures themselves; a reply with none is left out."""
    found: dict[uuid.UUID, list[ReplyPicture]] = defaultdict(list)
    for row in work.session.scalars(select(ReplyPicture).where(ReplyPicture.reply_id.in_(reply_ids))):
        found[row.reply_id].append(row)
    return found


def picture_with(work: Work, reply_id: uuid.UUID, picture_id: uuid.UUID) -> ReplyPicture:
    """A picture that is kept and came with these words, wherever they are: whoever asks may read them.

    Raises NotFound.
    """
    row = work.session.get(ReplyPicture, picture_id, options=[undefer(ReplyPicture.content)])
    if row is None or row.reply_id != reply_id or row.state is not PictureState.KEPT:
        raise NotFound(N_("That picture is not here."))
    return row


def picture_about(work: Work, picture_id: uuid.UUID) -> tuple[ReplyPicture, list[uuid.UUID]]:
    """A picture that is kept, and the children its words are filed about. Raises NotFound for any other."""
    row = work.session.get(ReplyPicture, picture_id, options=[undefer(ReplyPicture.content)])
    reply = work.session.get(Reply, row.reply_id) if row is not None else None
    if row is None or reply is None or row.state is not PictureState.KEPT or reply.state is not ReplyState.FILED:
        raise NotFound(N_("That picture is not here."))
    about = select(ReplyStudent.student_id).where(ReplyStudent.reply_id == reply.id, ReplyStudent.moved_at.is_(None))
    return row, list(work.session.scalars(about))
