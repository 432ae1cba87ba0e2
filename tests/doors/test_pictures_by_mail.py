"""What hangs on a mail: judged by what is in it, pictures made anew, all else said plainly to whoever reads."""

from __future__ import annotations

import io
import json
from email.message import EmailMessage

import pytest
from PIL import Image
from sqlalchemy import select, text

from commsbridge import conversations
from commsbridge.conversations import PictureState, Reply, ReplyPicture, ReplyState
from commsbridge.mail_reading import Apart, read_hung
from commsbridge.runtime import Runtime
from commsbridge.worker.receiving import Receiving
from tests.doors.conftest import SignIn
from tests.doors.inbound_posts import REPLY_ADDRESS, TYPE, form, mail
from tests.doors.moments import answered, screened, worried
from tests.doors.routes import picture, sent_picture
from tests.doors.test_hostile_mail import DEEP
from tests.doors.test_parked_pages import text_from
from tests.doors.test_pictures_by_text import PLACE, taken_at_home
from tests.story import Story

DAVE = "dave.kereama@homes.test"
HINE = "+64215550104"
A_PDF = b"%PDF-1.7 not a picture"
AN_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def mail_with(*hung: tuple[str, str, bytes], words: str = "Look what Aroha made!") -> EmailMessage:
    """A mail of Dave's with things on it: (name, type, what it is)."""
    made = mail(words, From=f"Dave <{DAVE}>")
    for name, kind, content in hung:
        main, _, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made


def logo() -> bytes:
    """What a workplace puts under every mail."""
    made = io.BytesIO()
    Image.new("RGB", (60, 20), "navy").save(made, "PNG")
    return made.getvalue()


def comes_in(story: Story, runtime: Runtime, made: EmailMessage) -> dict[PictureState, list[ReplyPicture]]:
    """The mail is stored, filed, and what hung on it is looked at; gives that by its state."""
    body = form(email=bytes(made), envelope=json.dumps({"to": [REPLY_ADDRESS], "from": DAVE}), SPF="pass")
    with runtime.lobby(ingest=True) as ingest:
        conversations.store_raw(
            ingest, carrier="sendgrid", carrier_key="one", content_type=TYPE, body=body, school_id=story.school_id
        )
    receiving = Receiving(runtime)
    try:
        assert receiving.file() == 1
        receiving.pictures.ask()
        while receiving.pictures.asking:
            receiving.pictures.hear(block=True)
    finally:
        receiving.close()
    found: dict[PictureState, list[ReplyPicture]] = {}
    with story.work() as work:
        for row in work.session.scalars(select(ReplyPicture)):
            found.setdefault(row.state, []).append(row)
    return found


def test_a_photo_on_a_mail_is_made_anew_and_what_only_claims_to_be_one_is_said_to_be_none(
    story: Story, runtime: Runtime, sign_in: SignIn
) -> None:
    screened(story)
    made = mail_with(
        ("IMG_1.JPG", "image/jpeg", taken_at_home()),
        ("hemi.jpg", "image/jpeg", A_PDF),
        ("card.vcf", "text/vcard", b"BEGIN:VCARD"),
        ("drawing.svg", "image/svg+xml", AN_SVG),
    )
    made.add_attachment(logo(), maintype="image", subtype="png", filename="logo.png", cid="<logo@work.test>")
    found = comes_in(story, runtime, made)
    assert {state: len(rows) for state, rows in found.items()} == {PictureState.KEPT: 1, PictureState.UNREADABLE: 2}
    with story.work() as work:
        (reply,) = work.session.scalars(select(Reply)).all()
        # No screening reads a picture: a person looks at it first.
        assert (reply.state, reply.pictures, reply.unread) == (ReplyState.FILED, 3, True)
        row, about = conversations.picture_about(work, found[PictureState.KEPT][0].id)
        assert about == [story.students["aroha"].id]
        assert row.content is not None
        assert PLACE not in row.content
        assert max(Image.open(io.BytesIO(row.content)).size) == 1280
    reader = sign_in("walsh")
    page = reader.open("/replies")
    assert "Not screened: please read it yourself." in page.text
    assert page.text.count("no picture we can open") == 2
    assert reader.client.get(f"/replies/pictures/{found[PictureState.KEPT][0].id}").mimetype == "image/jpeg"


def test_a_photo_in_apples_own_form_is_said_to_be_one_and_what_to_ask_for(
    story: Story, runtime: Runtime, sign_in: SignIn
) -> None:
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100
    found = comes_in(story, runtime, mail_with(("IMG_1.HEIC", "image/heic", heic)))
    assert {state: len(rows) for state, rows in found.items()} == {PictureState.UNREADABLE: 1}
    page = sign_in("walsh").open("/replies")
    assert "Apple’s own form (HEIC)" in page.text
    assert "no picture we can open" not in page.text


def test_more_than_ten_things_on_one_mail_are_not_looked_at(story: Story, runtime: Runtime) -> None:
    many = [(f"{number}.png", "image/png", picture()) for number in range(12)]
    assert len(comes_in(story, runtime, mail_with(*many))[PictureState.KEPT]) == 10


def test_what_hung_on_two_mails_is_looked_at_one_mail_after_the_other(story: Story) -> None:
    both = [answered(story, HINE, "Look at this!"), answered(story, "+64215550101", "And at this, Aroha!")]
    with story.work() as work:
        for reply_id in both:
            reply = conversations.reply_by_id(work, reply_id)
            assert reply is not None
            conversations.note_pictures(work, reply, ["mail:0", "mail:1"])
        rows = {row.id: row.reply_id for row in work.session.scalars(select(ReplyPicture))}
        rounds = [{rows[each.id] for each in conversations.pictures_to_fetch(work)} for _ in range(3)]
    assert sorted(map(len, rounds)) == [0, 1, 1]
    assert set.union(*rounds) == set(both)


def test_what_hung_on_a_mail_is_found_by_its_place_and_no_more_of_it_is_given_than_was_asked_for() -> None:
    made = bytes(mail_with(("a.png", "image/png", b"first"), ("b.png", "image/png", b"second " * 1000)))
    body = form(email=made)
    assert [read_hung(TYPE, body, number) for number in (0, 2, -3)] == [b"first", b"", b""]
    apart = Apart()
    assert apart.hung(TYPE, body, 0, most=100) == b"first"
    assert len(apart.hung(TYPE, body, 1, most=100) or b"") == 101
    apart.close()
    # SendGrid's other form: the files lie beside the words.
    ready_made = body.replace(b'name="email"', b'name="attachment1"; filename="a.png"')
    assert read_hung(TYPE, ready_made, 0).startswith(b"From:")


def test_a_mail_that_keeps_its_reader_busy_gives_nothing_that_hung_on_it() -> None:
    apart = Apart(seconds=0.1)
    assert apart.hung(TYPE, form(email=DEEP + b"x\n" * 40_000), 0, most=100) is None
    assert apart.hung(TYPE, form(email=DEEP + b"x\n" * 60_000), 0, most=100) == b""
    apart.close()


def test_a_picture_beside_parked_words_is_shown_to_whoever_may_read_them_and_each_look_is_written_down(
    story: Story, sign_in: SignIn
) -> None:
    plain, unread = text_from(story, words="Who are you?"), text_from(story, "+64215550191", words="")
    picture_id = sent_picture(story, unread)
    with story.work() as work:
        reply = work.session.get_one(Reply, unread)
        reply.pictures, reply.unread = 1, True
        work.session.flush()
    at = f"/parked/{unread}/pictures/{picture_id}"
    kiri = sign_in("kiri")
    page = kiri.open("/parked")
    assert at in page.response.text
    assert "Not screened: please read it yourself." in page.text
    # What no screening could read stands before what came earlier.
    assert page.response.text.index(f"parked-{unread}") < page.response.text.index(f"parked-{plain}")
    assert kiri.client.get(at).mimetype == "image/jpeg"
    assert kiri.open(f"/parked/{plain}/pictures/{picture_id}").status == 404
    with story.work() as work:
        looks = text("SELECT count(*) FROM looks WHERE subject = 'parked_words' AND subject_id = :reply")
        assert work.session.scalar(looks, {"reply": unread}) == 2
    assert at not in sign_in("jan").open("/parked").response.text
    for who in ("jan", "walsh"):
        assert sign_in(who).open(at).status == 403


def test_a_picture_beside_words_that_worry_is_shown_to_the_named_people_once_they_opened_them(
    story: Story, sign_in: SignIn
) -> None:
    alert_id = worried(story, HINE)
    with story.work() as work:
        reply = conversations.safety.alert_by_id(work, alert_id)[1]
        assert reply is not None
    picture_id = sent_picture(story, reply.id)
    at = f"/safety/{alert_id}/pictures/{picture_id}"
    kiri = sign_in("kiri")
    assert kiri.open(at).status == 404
    kiri.send(kiri.open(f"/safety/{alert_id}").form(f"/safety/{alert_id}"), ("act", "open"))
    page = kiri.follow()
    assert at in page.response.text
    assert "Not screened: please read it yourself." in page.text
    assert kiri.client.get(at).mimetype == "image/jpeg"
    assert sign_in("walsh").open(at).status == 403


@pytest.mark.parametrize("where", ["parked", "safety"])
def test_a_filed_picture_is_not_given_by_the_doors_for_those_that_wait(
    story: Story, sign_in: SignIn, where: str
) -> None:
    alert_id = worried(story, HINE)
    filed = answered(story, "+64215550101", "Tau kē, Aroha!")
    picture_id = sent_picture(story, filed)
    at = {"parked": f"/parked/{filed}", "safety": f"/safety/{alert_id}"}[where]
    assert sign_in("kiri").open(f"{at}/pictures/{picture_id}").status == 404
