"""Answering: claimed while somebody writes, sent the family's way, settled without, given to another, found again."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from commsbridge import conversations, messages, partnership
from commsbridge.conversations import promises
from commsbridge.messages import Delivery, Message, MessageKind, State
from commsbridge.partnership import Moment
from commsbridge.whanau import MayMessage
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import answered, mailed
from tests.doors.pages import Page, Visitor
from tests.doors.test_today_pages import moments
from tests.story import Story

NGAIRE, HINE, SINA = "+64215550101", "+64215550104", "+64215550107"
ASKS = "Can you tell me when camp is?"
SAYS = "Camp is on Friday, bring a hat."


def sent(story: Story) -> list[tuple[Message, Delivery]]:
    """Every answer that was written, with where it goes."""
    rows = select(Message, Delivery).join(Delivery, Delivery.message_id == Message.id)
    with story.work() as work:
        found = work.session.execute(rows.where(Message.kind == MessageKind.ANSWER).order_by(Message.made_at))
        return [(message, delivery) for message, delivery in found]


def opened(visitor: Visitor, reply_id: uuid.UUID, **fields: str) -> Page:
    """The page of a reply with the box open."""
    visitor.open("/replies")
    visitor.act(f"/replies/{reply_id}/claim", **fields)
    return visitor.follow()


def send(visitor: Visitor, reply_id: uuid.UUID, words: str = SAYS, **fields: str) -> Page:
    page = opened(visitor, reply_id)
    return visitor.send(page.form(f"/replies/{reply_id}/answer#answer"), ("act", "send"), words=words, **fields)


def test_an_answer_goes_to_whoever_wrote_the_way_they_wrote_and_stands_in_the_log(
    sign_in: SignIn, story: Story
) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh = sign_in("walsh")
    assert "Ms Walsh has it." in walsh.open("/today").text
    assert send(walsh, reply_id).status == 302
    page = walsh.follow()
    assert SAYS in page.text
    assert "Answered by Ms Walsh" in page.text
    ((message, delivery),) = sent(story)
    assert (delivery.contact_id, delivery.channel, delivery.address) == (story.contacts["hine"].id, "text", HINE)
    assert SAYS in delivery.body
    assert delivery.body.startswith("Rimu Road School: ")
    assert "Ms Walsh" in delivery.body
    assert Moment.ANSWER in [moment for moment, _ in moments(story, "hemi")]
    assert message.words == SAYS
    assert "Ms Walsh has it." not in walsh.open("/today").text


def test_the_same_form_sent_twice_is_one_answer(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh = sign_in("walsh")
    form = opened(walsh, reply_id).form(f"/replies/{reply_id}/answer#answer")
    for _ in range(2):
        assert walsh.send(form, ("act", "send"), words=SAYS).status == 302
    assert len(sent(story)) == 1


def test_two_people_do_not_answer_twice(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh, matiu = sign_in("walsh"), sign_in("matiu")
    first = opened(walsh, reply_id).form(f"/replies/{reply_id}/answer#answer")
    assert "Ms Walsh is writing an answer." in matiu.open("/replies").text
    page = opened(matiu, reply_id)
    assert "Ms Walsh is writing an answer." in page.text
    assert not [form for form in page.forms if form.action.endswith("#answer")]
    second = opened(matiu, reply_id, take="yes").form(f"/replies/{reply_id}/answer#answer")
    assert matiu.send(second, ("act", "send"), words="On Friday.").status == 302
    page = walsh.send(first, ("act", "send"), words=SAYS)
    assert page.status == 409
    assert "Somebody has answered meanwhile." in page.text
    form = page.form(f"/replies/{reply_id}/answer#answer")
    assert form.values["words"] == SAYS
    assert walsh.send(form, ("act", "send")).status == 302
    assert len(sent(story)) == 2


def test_a_claim_ends_by_itself_and_by_a_press(sign_in: SignIn, story: Story, clock: Clock) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh, matiu = sign_in("walsh"), sign_in("matiu")
    opened(walsh, reply_id)
    clock.forward(minutes=11)
    assert "is writing an answer" not in matiu.open("/replies").text
    form = opened(matiu, reply_id).form(f"/replies/{reply_id}/answer#answer")
    assert matiu.send(form, ("act", "release")).status == 302
    assert "is writing an answer" not in walsh.open("/replies").text


def test_an_answer_is_looked_at_first(sign_in: SignIn, story: Story, clock: Clock) -> None:
    reply_id = answered(story, NGAIRE, "Can Aroha bring her bike?")
    walsh = sign_in("walsh")
    form = opened(walsh, reply_id).form(f"/replies/{reply_id}/answer#answer")
    page = walsh.send(form, ("act", "preview"), words=SAYS)
    assert f"Rimu Road School: {SAYS}" in page.text
    assert sent(story) == []
    clock.forward(hours=8)  # eleven at night
    form = opened(walsh, reply_id).form(f"/replies/{reply_id}/answer#answer")
    page = walsh.send(form, ("act", "preview"), words=SAYS)
    assert "It goes 18 Nov 2026, 7:30 am." in page.text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"words": "  "}, "Write a few words first."),
        ({"words": "x" * 601}, "longer than 600 letters"),
        ({"later": "yes", "goes_on": "", "goes_time": ""}, "Choose a day and a time."),
        ({"later": "yes", "goes_on": "2026-11-16", "goes_time": "08:30"}, "Choose a time within the next"),
        ({"later": "yes", "goes_on": "2027-11-16", "goes_time": "08:30"}, "Choose a time within the next"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_the_words_stay(
    sign_in: SignIn, story: Story, fields: dict[str, str], says: str
) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh = sign_in("walsh")
    page = send(walsh, reply_id, **{"words": SAYS, **fields})
    assert page.status == 400
    assert says in page.text
    assert sent(story) == []


def test_an_answer_goes_later_and_is_taken_back_until_then(sign_in: SignIn, story: Story, clock: Clock) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh = sign_in("walsh")
    assert send(walsh, reply_id, later="yes", goes_on="2026-11-19", goes_time="09:00").status == 302
    ((message, delivery),) = sent(story)
    assert delivery.due_at == clock.now + timedelta(days=1, hours=18)
    with story.work() as work:
        promise = promises.promise_of(work, reply_id)
        assert promise is not None
        assert promise.late
    clock.forward(hours=2)
    walsh.open(f"/replies/{reply_id}")
    assert sign_in("matiu").open("/replies").status == 200
    assert walsh.act(f"/answers/{message.id}/undo").status == 302
    assert sent(story)[0][1].state is State.CANCELLED
    assert "Ms Walsh has it." in walsh.open("/today").text
    assert walsh.act(f"/answers/{uuid.uuid4()}/undo").status == 404


def test_a_late_answer_is_shown_as_late_and_stays_so(sign_in: SignIn, story: Story, clock: Clock) -> None:
    reply_id = answered(story, HINE, ASKS)
    clock.forward(days=2)
    for who in ("walsh", "matiu"):
        assert "The answer is late: it was promised by" in sign_in(who).open("/replies").text
    walsh = sign_in("walsh")
    assert send(walsh, reply_id).status == 302
    clock.forward(days=20)
    for who, path in (("walsh", "/replies"), ("walsh", f"/replies/{reply_id}"), ("matiu", "/replies")):
        page = sign_in(who).open(path)
        assert "Answered by Ms Walsh" in page.text
        assert "That was later than promised." in page.text


def test_an_answer_in_time_says_nothing_of_late(sign_in: SignIn, story: Story, clock: Clock) -> None:
    reply_id = answered(story, HINE, ASKS)
    send(sign_in("walsh"), reply_id)
    clock.forward(days=20)
    page = sign_in("walsh").open(f"/replies/{reply_id}")
    assert "Answered by Ms Walsh" in page.text
    assert "late" not in page.text


def test_only_its_writer_takes_an_answer_back(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, ASKS)
    send(sign_in("walsh"), reply_id)
    matiu = sign_in("matiu")
    matiu.open("/replies")
    assert matiu.act(f"/answers/{sent(story)[0][0].id}/undo").status == 404


def test_a_family_that_reads_another_language_is_answered_by_a_person(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, SINA, "Can Leo bring his bike?")
    send(sign_in("fox"), reply_id, "Yes, with a helmet.")
    assert [delivery.state for _, delivery in sent(story)] == [State.BY_HAND]


def test_a_pause_holds_no_answer_but_a_limit_does(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, ASKS)
    with story.work("leota") as work:
        messages.pause(work, contact_id=story.contacts["hine"].id)
    send(sign_in("walsh"), reply_id)
    assert [delivery.state for _, delivery in sent(story)] == [State.QUEUED]
    second = answered(story, HINE, "Is Hēmi ok today?")
    with story.work("leota") as work:
        hine, hemi = story.contacts["hine"].id, story.students["hemi"].id
        messages.set_access(work, hine, hemi, may_message=MayMessage.NO, reason="A court order.")
    page = send(sign_in("walsh"), second)
    assert page.status == 409
    assert "Ring them" in page.text


def test_settled_without_an_answer_and_taken_up_again(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh = sign_in("walsh")
    walsh.open(f"/replies/{reply_id}")
    assert walsh.act(f"/replies/{reply_id}/settle", act="not_needed").status == 302
    assert "Ms Walsh said that no answer is needed" in walsh.open(f"/replies/{reply_id}").text
    assert walsh.act(f"/replies/{reply_id}/settle", act="asks").status == 302
    assert "Ms Walsh said that it asks something." in walsh.open(f"/replies/{reply_id}").text
    for _ in range(2):
        walsh.open(f"/replies/{reply_id}")
        assert walsh.act(f"/replies/{reply_id}/settle", act="talked").status == 302
    assert "Ms Walsh talked with them" in walsh.open("/replies").text
    with story.work() as work:
        entries = partnership.timeline(work, story.students["hemi"].id)
        (talk,) = [each.line for each in entries if each.line.moment is Moment.GATE]
        assert (talk.contact_id, talk.staff_id) == (story.contacts["hine"].id, story.staff["walsh"].id)
    assert "We talked about what they wrote." in walsh.open(f"/students/{story.students['hemi'].id}").text
    assert walsh.act(f"/replies/{reply_id}/settle", act="nonsense").status == 400
    assert walsh.act(f"/replies/{reply_id}/settle", act="assign").status == 400


def test_given_to_somebody_it_waits_for_them_even_where_they_do_not_teach_the_child(
    sign_in: SignIn, story: Story
) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh, leota = sign_in("walsh"), sign_in("leota")
    walsh.open(f"/replies/{reply_id}")
    given = {"act": "assign", "staff": str(story.staff["leota"].id)}
    assert walsh.act(f"/replies/{reply_id}/settle", **given).status == 302
    assert ASKS in leota.open("/replies", whose="me").text
    assert ASKS not in walsh.open("/replies", whose="me").text
    assert walsh.act(f"/replies/{reply_id}/settle", act="assign", staff=str(story.staff["fox"].id)).status == 400


def test_nobody_opens_or_answers_what_is_about_a_child_they_do_not_see(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, ASKS)
    fox, jan, kiri = sign_in("fox"), sign_in("jan"), sign_in("kiri")
    fox.open("/replies")
    for path in ("", "/claim", "/answer", "/settle"):
        page = fox.open(f"/replies/{reply_id}") if not path else fox.act(f"/replies/{reply_id}{path}", act="asks")
        assert page.status == 404, path
        fox.open("/replies")
    assert jan.open(f"/replies/{reply_id}").status == 403
    assert ASKS in kiri.open(f"/replies/{reply_id}").text
    assert kiri.act(f"/replies/{reply_id}/claim").status == 403
    assert fox.open(f"/replies/{uuid.uuid4()}").status == 404


def test_words_are_kept_for_next_time_by_their_writer_alone(sign_in: SignIn, story: Story) -> None:
    first, second = answered(story, HINE, ASKS), answered(story, HINE, "Is Hēmi ok today?")
    walsh = sign_in("walsh")
    send(walsh, first, keep="yes")
    page = opened(walsh, second)
    link = next(each for each in page.links if "words=" in each)
    assert walsh.open(link).form(f"/replies/{second}/answer#answer").values["words"] == SAYS
    begin = next(each for each in page.links if "begin=0" in each)
    assert walsh.open(begin).form(f"/replies/{second}/answer#answer").values["words"] == "Thank you for telling us."
    matiu = sign_in("matiu")
    assert SAYS not in opened(matiu, second, take="yes").text
    with story.work("walsh") as work:
        kept = conversations.kept_words(work)[0].id
    assert matiu.act(f"/answers/words/{kept}").status == 404
    assert walsh.act(f"/answers/words/{kept}").status == 302
    walsh.follow()
    assert walsh.act(f"/answers/words/{kept}").status == 404


def test_replies_are_found_by_their_words_and_by_whose_they_are(sign_in: SignIn, story: Story) -> None:
    answered(story, HINE, "Kei te māuiui a Hēmi")
    answered(story, HINE, ASKS)
    walsh, burns = sign_in("walsh"), sign_in("burns")
    found = walsh.open("/replies", q="mauiui")
    assert "Kei te māuiui a Hēmi" in found.text
    assert ASKS not in found.text
    assert "1 reply found" in found.text
    assert ASKS in burns.open("/replies", whose="school").text
    assert "Whole school" not in walsh.open("/replies").text
    assert ASKS not in sign_in("fox").open("/replies", whose="school").text


def test_the_whole_of_a_long_mail_is_one_tap_away(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    reply_id = answered(story, HINE, f"  {ASKS}\n\n")
    assert "All that came" not in walsh.open(f"/replies/{reply_id}").text
    whole = "Aroha loved it!\n\nOn Tuesday the school wrote:\n> She shared her blocks."
    mail_id = mailed(story, "dave.kereama@homes.test", "Aroha loved it!", whole)
    assert "She shared her blocks" not in walsh.open("/replies").text
    page = walsh.open(f"/replies/{mail_id}")
    assert "All that came" in page.text
    assert "On Tuesday the school wrote:" in page.text


# ---- the school's promise, and who is away ----


def test_a_leader_sets_how_soon_the_school_answers(sign_in: SignIn, story: Story) -> None:
    burns = sign_in("burns")
    form = burns.open("/school/answering").form("/school/answering")
    assert form.values["days"] == "1"
    leota = str(story.staff["leota"].id)
    assert burns.send(form, days="2", named=leota, acknowledges="always").status == 302
    assert burns.follow().form("/school/answering").values["named"] == leota
    for wrong in ({"opens": "nine"}, {"closes": "07:00"}, {"days": "9"}, {"named": str(story.staff["fox"].id)}):
        assert burns.send(form, **wrong).status == 400
    assert sign_in("walsh").open("/school/answering").status == 403


def test_leave_is_noted_by_oneself_or_by_the_office(sign_in: SignIn, story: Story) -> None:
    reply_id = answered(story, HINE, ASKS)
    walsh, jan = sign_in("walsh"), sign_in("jan")
    form = walsh.open("/away").form("/away", having="from_on")
    assert walsh.send(form, ("act", "note"), from_on="2026-11-18", to_on="2026-11-17").status == 400
    assert walsh.send(form, ("act", "note"), from_on="").status == 400
    assert walsh.send(form, ("act", "note"), staff=str(story.staff["fox"].id)).status == 404
    assert walsh.send(form, ("act", "note")).status == 302
    page = walsh.follow()
    assert "Mere Walsh" in page.text
    back = page.form("/away", having="absence")
    assert sign_in("fox").open("/away").text.count("Back at school") == 0
    assert jan.open("/away", staff=str(story.staff["fox"].id)).text.count("Ana Fox is away") == 1
    assert walsh.send(back).status == 302
    assert walsh.send(back).status == 404
    # Ms Fox does not see Ms Walsh's students, and would be passed over.
    offered = {value for value in form.choices["stand_in"] if value}
    assert offered == {str(story.staff[key].id) for key in ("burns", "leota", "matiu")}
    fox = str(story.staff["fox"].id)
    assert walsh.send(form, ("act", "note"), stand_in=fox).status == 400
    days = walsh.open("/away").form("/away", having="day-0")
    assert walsh.send(days, ("act", "days"), **{"day-2": ""}).status == 302
    with story.work() as work:
        promise = promises.promise_of(work, reply_id)
        assert promise is not None
        assert promise.holder_id == story.staff["walsh"].id
