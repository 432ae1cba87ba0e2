"""Good news from home is read to the child, and the child answers: to that home alone, entered by a named adult."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from commsbridge.conversations import safety
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, come_in, press, send_home, take_pages
from tests.doors.pages import Form, Page, Visitor
from tests.story import Story

NEWS = "Aroha cooked tea for us!"


def tell_news(story: Story, phone: Visitor, home: Home) -> None:
    """Dave writes good news on his page, and the desk files it."""
    page = come_in(story, phone, home, "dave")
    press(phone, page, "/answer", words=NEWS)
    take_pages(story)


def read_out(visitor: Visitor) -> Page:
    """Press "Read to Aroha" where replies wait, and stand on the page for her answer."""
    page = visitor.open("/replies")
    form = next(each for each in page.forms if each.values.get("act") == "read")
    assert visitor.send(form).status == 302
    return visitor.follow()


def answering(page: Page) -> Form:
    """The form in which the child's answer is entered."""
    return next(each for each in page.forms if "/child/" in each.action)


def sent_since(story: Story, contact: str) -> list[str]:
    with story.work() as work:
        rows = text(
            "SELECT body FROM deliveries d JOIN messages m ON m.id = d.message_id "
            "WHERE d.contact_id = :contact AND m.kind = 'answer'"
        )
        return list(work.session.scalars(rows, {"contact": story.contacts[contact].id}))


def test_what_the_child_answers_goes_to_the_home_that_wrote_and_to_no_other(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dad, kuia = send_home(story), device(), device()
    tell_news(story, dad, home)
    come_in(story, kuia, home, "ngaire")
    walsh = sign_in("walsh")
    page = read_out(walsh)
    assert NEWS in page.text
    page = walsh.send(answering(page), card="heart", words="I stirred it myself")
    assert page.status == 302
    page = walsh.follow()
    assert "Aroha, today, entered by Ms Walsh" in page.text
    at_home = dad.open(home.links["dave"]).text
    assert "I stirred it myself" in at_home
    assert "a heart" in at_home
    assert "I stirred it myself" not in kuia.open(home.links["ngaire"]).text
    [body] = sent_since(story, "dave")
    assert "Aroha heard your news and says: “I stirred it myself”" in body
    assert sent_since(story, "ngaire") == []
    assert "read to Aroha by Ms Walsh" in walsh.open(f"/students/{story.students['aroha'].id}").text


def test_a_picture_alone_is_told_in_words_and_an_answer_is_given_once(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dad, walsh = send_home(story), device(), sign_in("walsh")
    tell_news(story, dad, home)
    page = read_out(walsh)
    form = answering(page)
    assert walsh.send(form).wrong["card"]
    assert walsh.send(form, words="x" * 201).wrong["words"]
    assert walsh.send(form, card="again").status == 302
    assert walsh.send(form, card="smile").status == 400
    [body] = sent_since(story, "dave")
    assert "Aroha heard your news and chose a picture for you: tell it again." in body


@pytest.mark.parametrize("words", ["Hēmi took my hat", "I had a seizure"])
def test_words_that_give_pause_stand_on_the_page_and_in_no_message(
    sign_in: SignIn, story: Story, device: Device, words: str
) -> None:
    home, dad, walsh = send_home(story), device(), sign_in("walsh")
    tell_news(story, dad, home)
    assert walsh.send(answering(read_out(walsh)), words=words).status == 302
    [body] = sent_since(story, "dave")
    assert words not in body
    assert "Aroha heard your news." in body
    assert words in dad.open(home.links["dave"]).text


def test_where_nobody_is_named_words_about_safety_are_refused_and_stay_in_the_form(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dad, walsh = send_home(story), device(), sign_in("walsh")
    tell_news(story, dad, home)
    page = walsh.send(answering(read_out(walsh)), words="Hēmi hit me")
    assert page.status == 400
    assert "they go to no home" in page.wrong["words"]
    assert "Hēmi hit me" in page.response.text
    assert sent_since(story, "dave") == []
    assert "Hēmi hit me" not in dad.open(home.links["dave"]).text


def test_what_may_be_about_safety_goes_to_no_home_and_the_named_person_reads_it_now(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dad, walsh = send_home(story), device(), sign_in("walsh")
    tell_news(story, dad, home)
    with story.work("burns") as work:
        safety.set_watch(work, safety.Watch(True, story.staff["kiri"].id, story.staff["burns"].id))
    assert walsh.send(answering(read_out(walsh)), words="I want to kill myself").status == 302
    page = walsh.follow()
    assert "The people named for it have been asked to read them now." in page.text
    assert "kill myself" not in page.text
    assert sent_since(story, "dave") == []
    assert "kill myself" not in dad.open(home.links["dave"]).text
    with story.work() as work:
        [alert] = safety.unopened(work)
        at = f"/safety/{alert.id}"
    kiri = sign_in("kiri")
    kiri.send(kiri.open(at).form(at), ("act", "open"))
    page = kiri.follow()
    assert "I want to kill myself" in page.text
    assert "An answer to news from home, written down by Ms Walsh" in page.text


def test_whoever_does_not_see_the_child_reads_and_answers_nothing(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dad, fox = send_home(story), device(), sign_in("fox")
    tell_news(story, dad, home)
    with story.work() as work:
        reply_id = work.session.scalar(text("SELECT id FROM replies"))
    at = f"/replies/{reply_id}/child"
    assert fox.open(f"{at}/{story.students['aroha'].id}").status == 404
    assert sign_in("walsh").open(f"{at}/{story.students['hemi'].id}").status == 404
    assert sign_in("jan").open(f"{at}/{story.students['aroha'].id}").status == 403
