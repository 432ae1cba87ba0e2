"""Words that wait for home to say which child: teachers see them and may say it; a wrong match is moved."""

from __future__ import annotations

import uuid

import pytest

from commsbridge.schools import Sender, SenderKind
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, send_home
from tests.doors.moments import answered
from tests.story import Story

NGAIRE, HINE = "+64215550101", "+64215550104"


def free(story: Story) -> None:
    """A reply costs nothing."""
    with story.work() as work:
        work.session.get_one(Sender, story.texts.id).kind = SenderKind.ZERO_RATED
    story.texts.kind = SenderKind.ZERO_RATED


def test_words_that_wait_are_seen_by_the_teachers_and_placed_by_one(sign_in: SignIn, story: Story) -> None:
    free(story)
    reply_id = answered(story, NGAIRE, "Ka pai!")
    fox = sign_in("fox")
    page = fox.open("/today")
    assert "We have asked them which child this is about." in page.text
    assert "It is about Wī" in page.text
    assert "It is about Aroha" not in page.text
    assert "Ka pai!" in sign_in("walsh").open("/replies").text
    wi, aroha = (str(story.students[key].id) for key in ("wi", "aroha"))
    assert fox.act(f"/replies/{reply_id}/child", student_id=aroha).status == 404
    assert fox.act(f"/replies/{reply_id}/child").status == 404
    assert fox.act(f"/replies/{uuid.uuid4()}/child", student_id=wi).status == 404
    assert fox.act(f"/replies/{reply_id}/child", student_id=wi).status == 302
    assert "A person at school said which child it is about." in fox.open("/replies").text


def test_a_wrong_match_is_moved_by_whoever_sees_both_children(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, NGAIRE, "Ka pai Aroha")
    burns = sign_in("burns")
    page = burns.open(f"/replies/{reply_id}/move")
    assert "Ka pai Aroha" in page.text
    target = f"{story.contacts['ngaire'].id} {story.students['wi'].id}"
    assert burns.act(f"/replies/{reply_id}/move", who="").status == 400
    assert burns.act(f"/replies/{reply_id}/move", who=target).status == 302
    assert "Moved by Mr Burns" in burns.open(f"/replies/{reply_id}/move").text
    assert sign_in("walsh").open(f"/replies/{reply_id}/move").status == 404
    assert "Ka pai Aroha" in sign_in("fox").open("/replies").text
    assert burns.open(f"/replies/{uuid.uuid4()}/move").status == 404


def test_nobody_moves_words_to_children_they_do_not_see(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, NGAIRE, "Ka pai Aroha")
    target = f"{story.contacts['ngaire'].id} {story.students['wi'].id}"
    walsh = sign_in("walsh")
    walsh.open("/replies")
    assert walsh.act(f"/replies/{reply_id}/move", who=target).status == 400
    assert sign_in("fox").open(f"/replies/{reply_id}/move").status == 404


@pytest.mark.parametrize(
    ("number", "words", "says"),
    [
        (NGAIRE, "Ka pai Aroha", "Sure: they named this child."),
        (HINE, "Ka pai!", "Sure: it is the only child of theirs here."),
        (NGAIRE, "Ka pai Arhoa", "The name was spelled another way. Check that it is about this child."),
        (NGAIRE, "Both are home sick", "They wrote about all their children here."),
    ],
)
def test_a_reply_says_in_plain_words_how_sure_we_are_whose_it_is(
    sign_in: SignIn, story: Story, number: str, words: str, says: str
) -> None:
    reply_id = answered(story, number, words)
    assert says in sign_in("burns").open(f"/replies/{reply_id}").text


def test_that_words_were_moved_stands_where_staff_look_and_never_on_the_familys_page(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    reply_id = answered(story, NGAIRE, "Ka pai Aroha")
    burns = sign_in("burns")
    burns.open(f"/replies/{reply_id}/move")
    target = f"{story.contacts['ngaire'].id} {story.students['wi'].id}"
    assert burns.act(f"/replies/{reply_id}/move", who=target).status == 302
    assert "Moved by Mr Burns" in burns.open(f"/replies/{reply_id}/move").text
    home = send_home(story, "wi")
    page = come_in(story, device(), home, "ngaire")
    assert "Moved by" not in page.text
    assert "Mr Burns" not in page.text
