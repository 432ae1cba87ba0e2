"""Pictures that come with texts: fetched from the carrier, made anew, shown where the words are, or refused plainly."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from commsbridge import conversations
from commsbridge.conversations import PictureState, Reply, ReplyPicture, ReplyState
from commsbridge.conversations.pictures import AGAIN_AFTER, Judged
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.pictures import LARGEST_FILE
from tests.conftest import Clock
from tests.doors.moments import answered
from tests.doors.pages import signed_in_as
from tests.doors.routes import picture, sent_picture
from tests.doors.service import Service
from tests.story import Story

HINE, SCHOOL = "+64215550104", "4545"
PLACE = b"-36.8485 174.7633"


def taken_at_home() -> bytes:
    """A photo with a place hidden in it."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    Image.new("RGB", (1600, 1200), "green").save(made, "JPEG", exif=exif)
    assert PLACE in made.getvalue()
    return made.getvalue()


def test_a_text_that_is_only_a_picture_keeps_it_clean_and_what_is_no_picture_is_refused_plainly(
    service: Service,
) -> None:
    media = [("image/jpeg", taken_at_home()), ("image/jpeg", b"MZ, no picture at all")]
    service.town.text_in(HINE, SCHOOL, "", media=media)
    service.town.settle()
    service.carry()
    with service.story.work() as work:
        rows = {row.state: row.id for row in work.session.scalars(select(ReplyPicture))}
        assert set(rows) == {PictureState.KEPT, PictureState.UNREADABLE}
        row, about = conversations.picture_about(work, rows[PictureState.KEPT])
        assert about == [service.story.students["hemi"].id]
        assert row.content is not None
        assert PLACE not in row.content
        assert max(Image.open(io.BytesIO(row.content)).size) == 1280
    reader = signed_in_as(service.web.test_client(), service.story.staff["burns"], service.runtime)
    page = reader.open("/replies", whose="school")
    assert "(Only a picture came.)" in page.text
    assert "no picture we can open" in page.text
    shown = reader.client.get(f"/replies/pictures/{rows[PictureState.KEPT]}")
    assert (shown.status_code, shown.mimetype, shown.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    service.worker.receiving.close()


@pytest.fixture
def reply(story: Story) -> Reply:
    """Hine wrote about Hēmi, and a picture came with it that is still at the carrier."""
    reply_id = answered(story, HINE, "Look at this, Hēmi!")
    with story.work() as work:
        found = conversations.reply_by_id(work, reply_id)
        assert found is not None
        conversations.note_pictures(work, found, ["https://carrier.test/ME1"])
        return found


def fetched(story: Story, found: Judged | None) -> PictureState | None:
    """A worker asks for what is due and gets this; None where nothing is due."""
    with story.work() as work:
        for each in conversations.pictures_to_fetch(work):
            return conversations.keep_fetched(work, each.id, found).state
    return None


def test_what_a_carrier_does_not_give_is_asked_for_again_and_at_last_said_to_be_gone(
    story: Story, reply: Reply, clock: Clock
) -> None:
    for again in AGAIN_AFTER:
        assert fetched(story, None) is PictureState.WAITING
        assert fetched(story, None) is None
        clock.now += again
    assert fetched(story, None) is PictureState.GONE
    clock.forward(days=400)
    assert fetched(story, None) is None
    with story.work() as work:
        assert [each.state for each in conversations.pictures_with(work, [reply.id])[reply.id]] == [PictureState.GONE]


def test_what_is_being_fetched_is_nobody_elses_and_is_kept_once(story: Story, reply: Reply, clock: Clock) -> None:
    with story.work() as work:
        (mine,) = conversations.pictures_to_fetch(work)
        assert conversations.pictures_to_fetch(work) == []
    assert fetched(story, None) is None
    good = conversations.judge_picture(picture())
    with story.work() as work:
        assert conversations.keep_fetched(work, mine.id, good).state is PictureState.KEPT
        assert conversations.keep_fetched(work, mine.id, None).state is PictureState.KEPT
    clock.forward(days=1)
    assert fetched(story, None) is None
    with story.work() as work:
        assert conversations.picture_about(work, mine.id)[0].reply_id == reply.id


def test_a_picture_that_is_too_large_is_said_to_be_so() -> None:
    assert conversations.judge_picture(b"\xff\xd8\xff" + bytes(LARGEST_FILE)) is PictureState.TOO_LARGE
    assert conversations.judge_picture(b"") is PictureState.UNREADABLE


def test_a_picture_beside_words_that_are_not_filed_is_shown_to_no_teacher_here(story: Story) -> None:
    reply_id = answered(story, HINE, "Tau kē, Hēmi!")
    picture_id = sent_picture(story, reply_id)
    with story.work() as work:
        assert conversations.picture_about(work, picture_id)[1] == [story.students["hemi"].id]
        work.session.get_one(Reply, reply_id).state = ReplyState.SAFETY
        work.session.flush()
        with pytest.raises(NotFound):
            conversations.picture_about(work, picture_id)
