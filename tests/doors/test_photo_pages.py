"""A photo with praise: asked about, cleaned, within a mail or behind the link of a text, and seen by nobody else."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from commsbridge import messages
from commsbridge.foundation.actors import SERVICE
from commsbridge.messages import Delivery, Draft, LaterPraise, LaterState, Photo, State, Why
from commsbridge.whanau import MayMessage
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import praises
from tests.doors.pages import PUBLIC_URL, Form, Page, Visitor, upload
from tests.doors.service import Service
from tests.story import Story

SEND, PREVIEW, LATER = ("act", "send"), ("act", "preview"), ("act", "later")
ALT = "A bridge of sticks"


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    """A teacher of Room 7."""
    return sign_in("walsh")


def picture(colour: str = "red") -> bytes:
    kept = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Phone of Mere"
    Image.new("RGB", (800, 600), colour).save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def allow(story: Story, *, given: bool = True, child: str = "aroha") -> None:
    with story.work("jan") as work:
        messages.set_photo_permission(
            work, story.students[child], given=given, said_by="Ngaire Kereama", said_on=date(2026, 3, 12)
        )


def form_of(visitor: Visitor, story: Story, child: str = "aroha") -> Form:
    path = f"/students/{story.students[child].id}/praise"
    return visitor.open(path).form(path, having="own_words")


def praise(
    visitor: Visitor,
    story: Story,
    button: tuple[str, str] = SEND,
    *,
    child: str = "aroha",
    content: bytes | None = None,
    name: str = "IMG_1.jpg",
    **fields: Any,
) -> Page:
    usual = {"own_words": "Look at this!", "photo_shows": "work", "photo_alt": ALT}
    file = upload(picture() if content is None else content, name)
    return visitor.send(form_of(visitor, story, child), button, photo=file, **{**usual, **fields})


def deliveries(story: Story, contact: str) -> list[Delivery]:
    """What a contact was written, welcomes left out."""
    rows = select(Delivery).join(messages.Message, messages.Message.id == Delivery.message_id)
    rows = rows.where(Delivery.contact_id == story.contacts[contact].id, messages.Message.kind == "praise")
    with story.work() as work:
        return list(work.session.scalars(rows))


def link_of(story: Story) -> str:
    body = next(each.body for each in deliveries(story, "ngaire") if "Look at this!" in each.body)
    found = re.search(r"/photo/\S+", body)
    assert found
    return found.group()


def test_it_goes_within_a_mail_and_behind_a_link_of_a_text(walsh: Visitor, story: Story) -> None:
    assert praise(walsh, story).status == 302
    [mail], [text] = deliveries(story, "dave"), deliveries(story, "ngaire")
    [sent] = praises(story)
    assert f'<img src="cid:photo" alt="{ALT}"' in (mail.html or "")
    assert f"Photo: {ALT}" in mail.body
    assert (mail.photo_id, text.photo_id) == (sent.photo_id, None)
    assert f"He whakaahua: {PUBLIC_URL}/photo/" in text.body


def test_the_page_of_the_link_shows_it_without_where_it_was_taken(
    walsh: Visitor, stranger: Visitor, story: Story
) -> None:
    praise(walsh, story)
    link = link_of(story)
    page = stranger.open(link)
    assert page.status == 200
    assert ALT in page.text
    assert "Look at this!" not in page.text
    answer = stranger.client.get(f"{link}/picture")
    assert answer.mimetype == "image/jpeg"
    assert b"Phone of Mere" not in answer.data
    for header, value in {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}.items():
        assert answer.headers[header] == value


def test_a_link_that_is_none_of_ours_shows_nothing(stranger: Visitor, walsh: Visitor, story: Story) -> None:
    praise(walsh, story)
    link = link_of(story)
    for path in ("/photo/x", link[:-1], link.replace("/photo/", "/change/")):
        assert stranger.open(path).status == 404
        assert stranger.open(f"{path}/picture").status == 404


def test_the_link_closes_after_a_month_and_with_the_right_to_hear_about_the_child(
    walsh: Visitor, stranger: Visitor, story: Story, clock: Clock
) -> None:
    praise(walsh, story)
    link = link_of(story)
    ngaire, aroha = story.contacts["ngaire"], story.students["aroha"]
    for may, status in ((MayMessage.NO, 404), (MayMessage.YES, 200)):
        with story.work("leota") as work:
            messages.set_access(work, ngaire.id, aroha.id, may_message=may, reason="An order.")
        # What was cancelled with the right stays closed; a fresh praise opens a link of its own.
        if may is MayMessage.YES:
            praise(walsh, story, own_words="Look again!")
            with story.work() as work:
                newest = select(Delivery.body).where(Delivery.contact_id == ngaire.id, Delivery.body.contains("again"))
                found = re.search(r"/photo/\S+", work.session.scalars(newest).one())
            assert found
            link = found.group()
        assert stranger.open(link).status == status
    clock.forward(days=31)
    assert stranger.open(link).status == 404


def test_a_face_goes_only_with_permission_and_the_page_says_whose(walsh: Visitor, story: Story) -> None:
    assert "child" not in form_of(walsh, story).choices["photo_shows"]
    page = praise(walsh, story, photo_shows="child")
    assert page.status == 400
    assert "Nobody has allowed photos that show Aroha." in page.wrong["photo_shows"]
    allow(story)
    form = form_of(walsh, story)
    assert "child" in form.choices["photo_shows"]
    assert walsh.page is not None
    assert "Ngaire Kereama said yes on 12 Mar 2026." in walsh.page.text
    assert praise(walsh, story, photo_shows="child").status == 302


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"photo_shows": "others"}, "photo_shows", "We cannot send a photo with someone else in it"),
        ({"photo_shows": ""}, "photo_shows", "Say who is in the photo."),
        ({"photo_alt": " "}, "photo_alt", "Please write something here."),
        ({"content": b"%PDF-1.7", "name": "photo.jpg"}, "photo", "not a photo we can read"),
        ({"content": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "name": "a.svg"}, "photo", "not a photo"),
        ({"content": b"\0\0\0\x18ftypheic" + b"\0" * 99, "name": "IMG.HEIC"}, "photo", "Most Compatible"),
        ({"content": b"\xff\xd8\xff" + b"\0" * 22_000_000}, "photo", "That photo is 21 MB. The most is 20 MB"),
    ],
)
def test_what_cannot_go_is_said_beside_its_field_the_words_stay_and_nothing_is_kept(
    walsh: Visitor, story: Story, fields: dict[str, Any], field: str, said: str
) -> None:
    page = praise(walsh, story, **fields)
    assert page.status == 400
    assert said in page.wrong[field]
    path = f"/students/{story.students['aroha'].id}/praise"
    assert page.form(path, having="own_words").values["own_words"] == "Look at this!"
    assert praises(story) == []
    with story.work() as work:
        assert work.session.scalars(select(Photo.id)).all() == []


def test_a_photo_stays_with_the_form_while_one_question_is_answered(walsh: Visitor, story: Story) -> None:
    page = praise(walsh, story, own_words="Aroha helped Hēmi.")
    assert page.status == 409
    form = page.form(f"/students/{story.students['aroha'].id}/praise", having="own_words")
    assert form.values["photo_id"]
    walsh.send(form, SEND, answer="as_it_is")
    [sent] = praises(story)
    assert str(sent.photo_id) == form.values["photo_id"]


def test_a_photo_can_be_left_out_again(walsh: Visitor, story: Story) -> None:
    page = praise(walsh, story, PREVIEW)
    form = page.form(f"/students/{story.students['aroha'].id}/praise", having="own_words")
    walsh.send(form, SEND, photo_leave="yes")
    [sent] = praises(story)
    assert sent.photo_id is None


def test_a_photo_of_another_child_cannot_be_named(walsh: Visitor, story: Story) -> None:
    page = praise(walsh, story, PREVIEW, child="hemi")
    theirs = page.form(f"/students/{story.students['hemi'].id}/praise", having="own_words").values["photo_id"]
    form = form_of(walsh, story)
    page = walsh.send(form, SEND, own_words="Look!", photo_id=theirs)
    assert page.status == 400
    assert praises(story) == []


def test_the_same_form_twice_is_one_praise(walsh: Visitor, story: Story) -> None:
    form = form_of(walsh, story)
    fields = {"own_words": "Look!", "photo_shows": "work", "photo_alt": ALT}
    first = walsh.send(form, SEND, photo=upload(picture(), "a.jpg"), **fields)
    assert walsh.send(form, SEND, photo=upload(picture(), "a.jpg"), **fields).location == first.location
    assert len(praises(story)) == 1


def test_staff_who_see_the_child_see_the_photo_in_the_log_and_nobody_else(
    walsh: Visitor, sign_in: SignIn, stranger: Visitor, story: Story
) -> None:
    praise(walsh, story)
    page = walsh.open(f"/students/{story.students['aroha'].id}")
    found = re.search(r'src="(/students/[^"]+/photos/[^"]+)" alt="A bridge of sticks"', page.response.text)
    assert found
    assert walsh.client.get(found.group(1)).mimetype == "image/jpeg"
    assert sign_in("fox").open(found.group(1)).status == 404
    assert sign_in("jan").open(found.group(1)).status == 403
    assert stranger.client.get(found.group(1)).status_code == 302
    another = found.group(1).replace(str(story.students["aroha"].id), str(story.students["hemi"].id))
    assert walsh.open(another).status == 404


def test_withdrawing_permission_stops_what_waits_and_closes_the_links(
    walsh: Visitor, stranger: Visitor, story: Story
) -> None:
    allow(story)
    praise(walsh, story, photo_shows="child")
    praise(walsh, story, LATER, photo_shows="child", own_words="For Thursday.", goes_on="2026-11-19", goes_time="15:30")
    work_only = praise(walsh, story, own_words="Only the bridge.", photo_alt="The bridge alone")
    assert work_only.status == 302
    link = link_of(story)
    assert stranger.open(link).status == 200
    allow(story, given=False)
    assert stranger.open(link).status == 404
    whys = {(each.body.split("\n")[0][-16:], each.state, each.why) for each in deliveries(story, "ngaire")}
    assert {state for words, state, why in whys if why == Why.PHOTO_WITHDRAWN} == {State.CANCELLED}
    assert any(state is State.QUEUED and "Only the bridge." in words for words, state, _ in whys)
    with story.work() as work:
        assert work.session.scalars(select(LaterPraise.state)).all() == [LaterState.STOPPED]
    assert "photos that show Aroha may no longer go" in walsh.open("/waiting").text


def test_it_waits_with_its_praise_and_goes_with_it(walsh: Visitor, story: Story, clock: Clock) -> None:
    praise(walsh, story, LATER, goes_on="2026-11-19", goes_time="15:30")
    clock.now = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
    with story.runtime.work(story.school_id, SERVICE) as work:
        messages.send_due(work, links=story.runtime.links)
    [mail] = deliveries(story, "dave")
    assert mail.photo_id is not None


def test_photos_that_were_never_sent_are_forgotten_after_two_days(sign_in: SignIn, story: Story, clock: Clock) -> None:
    praise(sign_in("walsh"), story, PREVIEW)
    praise(sign_in("walsh"), story)
    clock.forward(days=3)
    praise(sign_in("walsh"), story, own_words="And again.")
    with story.work() as work:
        kept = set(work.session.scalars(select(Photo.id)))
    assert kept == {each.photo_id for each in praises(story)}


def test_the_mail_that_arrives_holds_the_photo_and_shows_it_in_its_place(service: Service) -> None:
    aroha = service.story.students["aroha"]
    with service.story.work("walsh") as work:
        photo = messages.keep_photo(work, aroha, picture(), alt=ALT, shows="work")
        draft = Draft(words="Look at this!", photo_id=photo.id)
        messages.send_praise(work, aroha, draft, links=service.runtime.links)
        content = photo.content
    service.carry()
    letter = service.town.mailbox("dave.kereama@homes.test").letters[-1]
    [attached] = letter.attachments
    assert (attached.content, attached.content_type) == (content, "image/jpeg")
    assert "cid:photo" in letter.html


def test_behind_the_link_of_a_note_the_photo_stands_with_the_words(
    walsh: Visitor, stranger: Visitor, story: Story
) -> None:
    praise(walsh, story, own_words="Aroha helped Hēmi.", answer="link")
    [mail] = deliveries(story, "dave")
    assert mail.photo_id is None
    assert "cid:" not in (mail.html or "")
    found = re.search(r"/note/\S+", mail.body)
    assert found
    page = stranger.open(found.group())
    picture_url = re.search(r'src="(/photo/[^"]+/picture)"', page.response.text)
    assert picture_url
    assert stranger.client.get(picture_url.group(1)).mimetype == "image/jpeg"
