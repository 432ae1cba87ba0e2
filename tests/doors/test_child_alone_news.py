"""Good news from home stands on the page of a child alone at a device, and a picture answers it for whom they chose."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from commsbridge import conversations
from commsbridge.conversations.safety import Watch
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, come_in, press, send_home, take_pages
from tests.doors.pages import Page, Visitor
from tests.doors.test_book_pages import begun
from tests.doors.test_child_alone import handed
from tests.doors.test_child_answers import NEWS, answering, read_out, sent_since
from tests.story import Story


def tell(story: Story, phone: Visitor, home: Home, words: str = NEWS) -> None:
    """Dave writes good news on his page, to be read to the child, and the desk files it."""
    page = phone.open(home.links["dave"])
    press(phone, page, "/answer", words=words, for_child="yes")
    take_pages(story)


def dads(story: Story, device: Device, words: str = NEWS) -> tuple[Home, Visitor]:
    """A home that wrote good news; what it wrote waits for somebody at school."""
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    tell(story, phone, home, words)
    return home, phone


def picture_fields(page: Page) -> list[str]:
    """The fields of the pictures, one for each good news."""
    return sorted(name for name in page.form("/mine").choices if name.startswith("n-"))


def kept(story: Story) -> list[tuple[str, bool, bool]]:
    with story.work() as work:
        rows = work.session.execute(text("SELECT card, alone, at_school FROM child_answers")).all()
    return [(row.card, row.alone, row.at_school) for row in rows]


def test_a_picture_answers_the_home_that_wrote_where_the_child_chose_it(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dad = dads(story, device)
    kuia, book, dads_home = device(), begun(story, "aroha"), story.contacts["dave"].household_id
    come_in(story, kuia, home, "ngaire")
    unread = handed(sign_in("walsh"), book)
    assert NEWS not in unread.text  # nobody at school has read it yet
    read_out(sign_in("walsh"))
    child = sign_in("walsh")
    page = handed(child, book)
    assert NEWS in page.text
    assert f"Good news from {story.contacts['dave'].name}" in page.text
    [field] = picture_fields(page)
    assert child.send(page.form("/mine"), **{field: "heart"}).status == 400  # who may see it is the child's to say
    assert kept(story) == []
    form = child.page.form("/mine") if child.page else page.form("/mine")
    assert form.values[field] == "heart"
    assert child.send(form, sees=f"one_home:{dads_home}").status == 302
    assert kept(story) == [("heart", True, False)]
    [body] = sent_since(story, "dave")
    assert "Aroha heard your news and chose a picture for you: a heart." in body
    assert sent_since(story, "ngaire") == []
    assert "a heart" in dad.open(home.links["dave"]).text
    assert "a heart" not in kuia.open(home.links["ngaire"]).text
    assert NEWS not in handed(sign_in("walsh"), book).text  # answered once


@pytest.mark.parametrize("who", ["teacher", "one_home"])
def test_a_picture_that_is_not_for_the_writer_stays_at_school(
    sign_in: SignIn, story: Story, device: Device, who: str
) -> None:
    home, dad = dads(story, device)
    read_out(sign_in("walsh"))
    child = sign_in("walsh")
    page = handed(child, begun(story, "aroha"))
    [field] = picture_fields(page)
    sees = f"one_home:{story.contacts['ngaire'].household_id}" if who == "one_home" else who
    assert child.send(page.form("/mine"), sees=sees, **{field: "star"}).status == 302
    assert kept(story) == [("star", True, True)]
    assert sent_since(story, "dave") == sent_since(story, "ngaire") == []
    assert "a star" not in dad.open(home.links["dave"]).text
    with story.work() as work:
        reply_id = work.session.scalar(text("SELECT reply_id FROM child_answers"))
    at = f"/replies/{reply_id}/child/{story.students['aroha'].id}"
    page = sign_in("walsh").open(at)
    assert "Aroha alone, today; Ms Walsh handed over the device" in page.text
    assert "It stays at school, and goes to no home." in page.text


def test_an_answer_given_meanwhile_is_not_given_twice_and_another_childs_news_is_no_news(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    dads(story, device)
    adults = sign_in("walsh")
    answer = answering(read_out(adults))
    child, hemis = sign_in("walsh"), sign_in("walsh")
    page = handed(child, begun(story, "aroha"))
    [field] = picture_fields(page)
    other = handed(hemis, begun(story))
    assert picture_fields(other) == []
    assert hemis.send(other.form("/mine"), sees="homes", **{field: "star"}).status == 400
    assert adults.send(answer, card="smile").status == 302
    late = child.send(page.form("/mine"), sees="homes", **{field: "heart"})
    assert late.status == 400
    assert "Aroha has answered this already." in late.text
    assert kept(story) == [("smile", False, False)]


@pytest.mark.parametrize("words", ["Hēmi came to our house", "I hurt myself and nobody knows"])
def test_words_that_name_another_child_or_worry_are_not_shown_to_a_child_alone(
    sign_in: SignIn, story: Story, device: Device, words: str
) -> None:
    dads(story, device, words)
    read_out(sign_in("walsh"))
    page = handed(sign_in("walsh"), begun(story, "aroha"))
    assert picture_fields(page) == []
    assert words not in page.text


@pytest.mark.parametrize("because", ["ended", "safety"])
def test_news_of_a_contact_who_may_hear_no_more_or_under_a_safety_hold_is_not_shown(
    sign_in: SignIn, story: Story, device: Device, because: str
) -> None:
    dads(story, device)
    read_out(sign_in("walsh"))
    with story.work("burns") as work:
        if because == "ended":
            work.session.execute(
                text("UPDATE guardianships SET may_message = 'no' WHERE contact_id = :who"),
                {"who": story.contacts["dave"].id},
            )
        else:
            named = [each.id for each in conversations.safety.those_who_may_be_named(work)]
            conversations.safety.set_watch(work, Watch(True, named[0], named[1]))
            conversations.safety.raise_for_child(
                work, story.students["aroha"].id, "My uncle hits me", said_in=conversations.safety.SaidIn.BOOK
            )
    page = handed(sign_in("walsh"), begun(story, "aroha"))
    assert picture_fields(page) == []
    assert NEWS not in page.text
