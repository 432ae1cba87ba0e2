"""The translation desk on a phone: offered unseen, taken up, written, and seen by leaders as time given."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from commsbridge import messages, schools
from commsbridge.messages import Delivery, Draft, Message, MessageKind, State
from commsbridge.schools import Role
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import answered
from tests.doors.pages import Page, Visitor
from tests.story import START, Story

DESK = "/te-reo/translate"
WORDS = "She showed the new boy where the library is."
REO = "I whakaatu ia i te ara ki te whare pukapuka ki te tama hou."


@pytest.fixture
def kiri(story: Story, sign_in: SignIn) -> Visitor:
    """Whaea Kiri, who is glad to translate three a week."""
    with story.work() as work:
        schools.set_roles(work, story.staff["kiri"], [Role.CHILD_PROTECTION, Role.SPEAKER], from_on=START)
    with story.work("kiri") as work:
        messages.translating.set_weekly(work, weekly=3)
    return sign_in("kiri")


def ask(story: Story, clock: Clock) -> None:
    """Ms Walsh would like her words about Aroha to go in te reo first."""
    with story.work("walsh") as work:
        draft = Draft(words=WORDS, te_reo_first=True)
        messages.send_praise(work, story.students["aroha"], draft, links=story.runtime.links)
    clock.forward(minutes=5)


def press(visitor: Visitor, act: str) -> Page:
    assert visitor.page is not None
    return visitor.send(visitor.page.form(DESK, having="id"), ("act", act))


def to_ngaire(story: Story) -> tuple[State, str]:
    """Where the praise to Aroha's kuia stands, and its words."""
    with story.work() as work:
        [told] = messages.last_received(work, story.students["aroha"].id)
        delivery = next(each for each in told.deliveries if each.contact_id == story.contacts["ngaire"].id)
        return delivery.state, delivery.body


def test_an_offer_says_how_much_and_until_when_and_nothing_else(kiri: Visitor, story: Story, clock: Clock) -> None:
    ask(story, clock)
    page = kiri.open(DESK)
    assert "About 9 words" in page.text
    assert "until 18 Nov 2026, 12:00 pm" in page.text
    assert "library" not in page.text
    assert "Aroha" not in page.text
    assert "Walsh" not in page.text
    assert press(kiri, "decline").status == 302
    assert "It is offered to you no more." in kiri.follow().text
    assert "Nothing waits just now." in kiri.open(DESK).text


def test_a_translator_takes_it_up_writes_it_and_it_goes_home_with_their_name(
    kiri: Visitor, story: Story, clock: Clock
) -> None:
    ask(story, clock)
    kiri.open(DESK)
    at = press(kiri, "take").location.removeprefix("http://localhost")
    page = kiri.follow()
    assert "Ms Walsh wrote this about Aroha." in page.text
    assert WORDS in page.text
    assert kiri.send(page.form(at), words_mi="Ka pai te mähi.", minutes="4").status == 400
    page = kiri.send(kiri.open(at).form(at), words_mi="Ka pai te zoo.", minutes="4")
    assert page.wrong["words_mi"].startswith("Please look again at: zoo.")
    page = kiri.send(kiri.open(at).form(at), words_mi=REO, minutes="four")
    assert page.wrong["minutes"] == "Write a number here."
    assert page.form(at).values["words_mi"] == REO
    assert kiri.send(page.form(at), minutes="4").status == 302
    assert "It goes home with your name below it." in kiri.follow().text
    with story.work() as work:
        messages.settle(work)
    state, body = to_ngaire(story)
    assert state is State.QUEUED
    assert REO in body
    assert "Whaea Kiri" in body
    assert kiri.open(at).status == 404


def test_an_answer_to_a_home_that_reads_te_reo_waits_for_a_person_who_writes_it(
    kiri: Visitor, sign_in: SignIn, story: Story, clock: Clock
) -> None:
    reply_id = answered(story, "+64215550101", "He aha te wā o te hui mō Aroha?")
    walsh = sign_in("walsh")
    walsh.open("/replies")
    walsh.act(f"/replies/{reply_id}/claim")
    form = walsh.follow().form(f"/replies/{reply_id}/answer#answer")
    assert walsh.send(form, ("act", "send"), words=WORDS, te_reo_first="yes").status == 302
    rows = select(Delivery).join(Message, Message.id == Delivery.message_id).where(Message.kind == MessageKind.ANSWER)
    with story.work() as work:
        held = work.session.scalars(rows).one()
        assert (held.state, held.contact_id) == (State.HELD, story.contacts["ngaire"].id)
    clock.forward(minutes=5)
    kiri.open(DESK)
    at = press(kiri, "take").location.removeprefix("http://localhost")
    assert kiri.send(kiri.follow().form(at), words_mi=REO, minutes="4").status == 302
    with story.work() as work:
        messages.settle(work)
    with story.work() as work:
        sent = work.session.scalars(rows).one()
        assert sent.state is State.QUEUED
        assert REO in sent.body
        assert WORDS not in sent.body


def test_what_is_given_back_is_nobody_elses_business(kiri: Visitor, story: Story, clock: Clock) -> None:
    ask(story, clock)
    kiri.open(DESK)
    press(kiri, "take")
    page = kiri.follow()
    assert kiri.send(page.form(DESK)).status == 302
    assert "Nothing waits just now." in kiri.follow().text
    assert to_ngaire(story)[0] is State.HELD


def test_a_speaker_says_how_many_a_week(kiri: Visitor, story: Story, clock: Clock) -> None:
    ask(story, clock)
    form = kiri.open(DESK).form(DESK, having="weekly")
    for wrong, sentence in (
        ("21", "Choose a number from 0 to 20."), ("-1", "Write a number here."), ("", "Write a number here."),
        ("٣", "Write a number here."),
    ):  # fmt: skip
        assert kiri.send(form, weekly=wrong).wrong["weekly"] == sentence
    assert kiri.send(form, ("act", "weekly"), weekly="0").status == 302
    assert "Your week is full" in kiri.follow().text


def test_somebody_who_has_not_said_so_is_offered_nothing(sign_in: SignIn, story: Story, clock: Clock) -> None:
    with story.work() as work:
        schools.set_roles(work, story.staff["matiu"], [Role.KAIAWHINA, Role.SPEAKER], from_on=START)
    assert "First say how many a week you would be glad to do." in sign_in("matiu").open(DESK).text


@pytest.mark.parametrize("who", ["walsh", "burns", "jan"])
def test_the_desk_is_the_translators_alone(
    sign_in: SignIn, kiri: Visitor, story: Story, clock: Clock, who: str
) -> None:
    ask(story, clock)
    kiri.open(DESK)
    at = press(kiri, "take").location.removeprefix("http://localhost")
    visitor = sign_in(who)
    assert visitor.open(DESK).status == 403
    assert visitor.open(at).status == 403
    visitor.open("/te-reo")
    assert visitor.act(at, words_mi=REO, minutes="4").status == 403
    assert visitor.act(DESK, act="take").status == 403


@pytest.mark.parametrize("act", ["take", "decline", "give_back"])
def test_an_offer_that_is_not_there_cannot_be_acted_on(kiri: Visitor, act: str) -> None:
    kiri.open(DESK)
    assert kiri.act(DESK, act=act, id="6f0dbf8e-2a0e-4b5e-9d0a-5f4f9ce31a11").status in {404, 409}
    kiri.open(DESK)
    assert kiri.act(DESK, act=act, id="nonsense").status in {404, 409}


def test_a_teacher_is_asked_only_where_somebody_reads_te_reo_and_somebody_can_write_it(
    sign_in: SignIn, story: Story, kiri: Visitor
) -> None:
    assert kiri.page is not None
    walsh = sign_in("walsh")
    aroha = f"/students/{story.students['aroha'].id}/praise"

    def asked(path: str, words: str) -> bool:
        page = walsh.open(path)
        page = walsh.send(page.form(path), ("act", "preview"), phrase="", own_words=words)
        return "Let a person write it in te reo first" in page.text

    assert asked(aroha, WORDS)
    assert not asked(aroha, "")
    assert not asked(aroha, "Ka pai tana mahi i te akomanga i tēnei rā.")
    with story.work("kiri") as work:
        messages.translating.set_weekly(work, weekly=0)
    assert not asked(aroha, WORDS)


def test_the_choice_on_the_praise_page_lets_it_wait(sign_in: SignIn, story: Story, kiri: Visitor, clock: Clock) -> None:
    walsh = sign_in("walsh")
    path = f"/students/{story.students['aroha'].id}/praise"
    form = walsh.open(path).form(path)
    page = walsh.send(form, ("act", "preview"), phrase="", own_words=WORDS)
    assert "It waits until 18 Nov 2026, 12:00 pm at the latest" in page.text
    assert walsh.send(page.form(path), ("act", "send"), te_reo_first="yes").status == 302
    assert "Waiting for a person to write it in te reo" in walsh.follow().text
    assert to_ngaire(story)[0] is State.HELD
    clock.forward(minutes=1)
    assert "About 9 words" in kiri.open(DESK).text


def test_leaders_see_the_time_given_and_nobody_else_does(
    sign_in: SignIn, story: Story, kiri: Visitor, clock: Clock
) -> None:
    ask(story, clock)
    kiri.open(DESK)
    at = press(kiri, "take").location.removeprefix("http://localhost")
    kiri.send(kiri.follow().form(at), words_mi=REO, minutes="7")
    page = sign_in("burns").open("/te-reo/translators")
    assert "Kiri Hōhepa" in page.text
    assert "1 message, 7 minutes" in page.text
    assert "not to compare anyone" in page.text
    assert kiri.open("/te-reo/translators").status == 403


def test_words_for_several_children_may_wait_for_te_reo_with_one_tick(
    kiri: Visitor, sign_in: SignIn, story: Story, clock: Clock
) -> None:
    burns = sign_in("burns")
    ids = [str(story.students[child].id) for child in ("aroha", "hemi")]
    burns.page = Page(burns.client.get("/praise/several", query_string={"child": ids, "go": "yes"}))
    form = burns.page.form("/praise/several", having="own_words")
    fields = {**form.values, "child": ids, "own_words": "(name) made room on the mat."}
    seen = burns.post("/praise/several", {**fields, "act": "preview"})
    assert seen.text.count("Let a person write it in te reo first") == 1
    assert burns.post("/praise/several", {**fields, "act": "send", "te_reo_first": "yes"}).status == 302
    clock.forward(minutes=5)
    assert to_ngaire(story)[0] is State.HELD
    assert "About 6 words" in kiri.open(DESK).text


def test_where_nobody_could_write_te_reo_the_page_for_several_offers_none(sign_in: SignIn, story: Story) -> None:
    burns = sign_in("burns")
    ids = [str(story.students[child].id) for child in ("aroha", "hemi")]
    burns.page = Page(burns.client.get("/praise/several", query_string={"child": ids, "go": "yes"}))
    form = burns.page.form("/praise/several", having="own_words")
    fields = {**form.values, "child": ids, "own_words": "(name) made room on the mat.", "act": "preview"}
    assert "te reo first" not in burns.post("/praise/several", fields).text
