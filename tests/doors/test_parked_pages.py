"""Words of nobody known: the office sees the number, named people the words, and nothing is thrown away."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import text

from commsbridge import conversations, messages, partnership, students, tasks, whanau
from commsbridge.conversations import ReplyState
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.messages import Draft
from commsbridge.partnership import Moment
from commsbridge.schools import Role
from commsbridge.students import BarKind
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, MayMessage
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Form, Page, Visitor
from tests.story import MAIL_FROM, SHORT_CODE, Story

TODAY = date(2026, 11, 17)
STRANGER = "+64215550190"
WORDS = "Tino pai, Aroha told us all about it"


def raw_of(story: Story) -> uuid.UUID:
    """A stored request that the worker has not taken yet."""
    with story.runtime.lobby(ingest=True) as ingest:
        key = uuid.uuid4().hex
        conversations.store_raw(
            ingest, carrier="twilio", carrier_key=key, content_type="", body=b"", school_id=story.school_id
        )
        found = ingest.session.scalar(text("SELECT id FROM raw_inbound WHERE carrier_key = :key"), {"key": key})
    assert isinstance(found, uuid.UUID)
    return found


def text_from(story: Story, number: str = STRANGER, words: str = WORDS) -> uuid.UUID:
    """A text comes in and is filed; gives the reply's id."""
    post = conversations.post_of_text(raw_of(story), InboundText("SM1", number, SHORT_CODE, words))
    with story.work() as work:
        reply = conversations.take(work, post, sender=story.texts)
    assert reply is not None
    return reply.id


def mail_from(story: Story, address: str, words: str, delivery_id: uuid.UUID | None, spf: str = "pass") -> uuid.UUID:
    """A mail comes in and is filed."""
    inbound = InboundMail("<m@homes.test>", address, (MAIL_FROM,), "Re: praise", words, automatic=False, spf=spf)
    post = conversations.post_of_mail(raw_of(story), inbound, delivery_id=delivery_id, our_domain="reply.rimu.test")
    with story.work() as work:
        reply = conversations.take(work, post, sender=story.mails)
    assert reply is not None
    return reply.id


def state(story: Story, reply_id: uuid.UUID) -> str:
    with story.work() as work:
        reply = conversations.reply_by_id(work, reply_id)
        assert reply is not None
        return reply.state


def form_of(page: Page, reply_id: uuid.UUID) -> Form:
    return page.form(f"/parked/{reply_id}")


def option(story: Story, contact: str, *children: str) -> str:
    return " ".join(
        str(each) for each in (story.contacts[contact].id, *(story.students[child].id for child in children))
    )


def options(page: Page, reply_id: uuid.UUID) -> list[str]:
    return form_of(page, reply_id).choices.get(f"who-{reply_id}", [])


@pytest.fixture
def jan(sign_in: SignIn) -> Visitor:
    """The office: the number, not the words."""
    return sign_in("jan")


@pytest.fixture
def kiri(sign_in: SignIn) -> Visitor:
    """The child-protection lead: the number and the words."""
    return sign_in("kiri")


def test_a_school_without_parked_words_is_told_so(jan: Visitor) -> None:
    assert "Nothing is parked." in jan.open("/parked").text


def test_the_office_sees_the_number_and_who_may_read_but_not_the_words(jan: Visitor, story: Story) -> None:
    text_from(story)
    page = jan.open("/parked")
    assert "021 555 0190" in page.text
    assert "We do not know this number or address." in page.text
    assert "Whaea Kiri, Mrs Leota and Mr Burns may read the words." in page.text
    assert "Tino pai" not in page.response.text


def test_a_named_person_reads_the_words_and_the_look_is_noted(kiri: Visitor, story: Story) -> None:
    reply_id = text_from(story)
    page = kiri.open("/parked")
    assert WORDS in page.text
    with story.work() as work:
        looks = text("SELECT staff_id FROM looks WHERE subject = 'parked_words' AND subject_id = :reply")
        assert work.session.scalars(looks, {"reply": reply_id}).all() == [story.staff["kiri"].id]


@pytest.mark.parametrize(
    ("words", "lang"), [("Kei te pai ia", "mi"), ("He is well", "en-NZ"), ("Kei te pai ia but he is tired", "")]
)
def test_words_carry_their_language_where_it_is_sure(kiri: Visitor, story: Story, words: str, lang: str) -> None:
    text_from(story, words=words)
    assert f'lang="{lang}" dir="auto">{words}</p>' in kiri.open("/parked").response.text


@pytest.mark.parametrize("who", ["walsh", "matiu"])
def test_teachers_do_not_see_what_is_parked(sign_in: SignIn, story: Story, who: str) -> None:
    reply_id = text_from(story)
    visitor = sign_in(who)
    assert visitor.open("/parked").status == 403
    assert visitor.act(f"/parked/{reply_id}", act="not_ours").status == 403


def test_a_child_named_in_the_words_suggests_its_contacts_to_whoever_may_read_them(
    jan: Visitor, kiri: Visitor, story: Story
) -> None:
    reply_id = text_from(story)
    assert options(kiri.open("/parked"), reply_id) == [
        option(story, "dave", "aroha"),
        option(story, "dave", "wi"),
        option(story, "dave", "aroha", "wi"),
        option(story, "ngaire", "aroha"),
        option(story, "ngaire", "wi"),
        option(story, "ngaire", "aroha", "wi"),
    ]
    assert options(jan.open("/parked"), reply_id) == []


def test_words_that_fit_two_children_suggest_whoever_has_the_number(jan: Visitor, story: Story) -> None:
    reply_id = text_from(story, "+64215550101", "Ka pai!")
    page = jan.open("/parked")
    assert "We are not sure who wrote this, or which child it is about." in page.text
    assert option(story, "ngaire", "aroha", "wi") in options(page, reply_id)


def test_words_that_are_placed_stand_in_the_log_of_each_child_and_the_question_is_closed(
    jan: Visitor, story: Story
) -> None:
    reply_id = text_from(story, "+64215550101", "Ka pai!")
    form = form_of(jan.open("/parked"), reply_id)
    page = jan.send(form, ("act", "match"), **{f"who-{reply_id}": option(story, "ngaire", "aroha", "wi")})
    assert page.status == 302
    with story.work() as work:
        for child in ("aroha", "wi"):
            [entry] = partnership.timeline(work, story.students[child].id)
            assert (entry.line.moment, entry.line.contact_id) == (Moment.REPLY, story.contacts["ngaire"].id)
        assert tasks.open_tasks(work, staff_id=uuid.UUID(int=0), roles=list(Role), kinds=[TaskKind.MATCH_REPLY]) == []
    assert state(story, reply_id) == ReplyState.FILED
    assert "Nothing is parked." in jan.follow().text


def test_the_office_finds_somebody_by_name_and_keeps_the_new_number(jan: Visitor, story: Story) -> None:
    reply_id = text_from(story)
    page = jan.open("/parked", about=str(reply_id), q="ngaire")
    chosen = option(story, "ngaire", "aroha")
    assert chosen in options(page, reply_id)
    rang = f"{story.contacts['ngaire'].id} +64215550101"
    jan.send(form_of(page, reply_id), ("act", "match"), **{f"who-{reply_id}": chosen, f"rung-{reply_id}": rang})
    shown = jan.open(f"/contacts/{story.contacts['ngaire'].id}").text
    assert "Kept after Jan at the office rang 021 555 0101," in shown
    with story.work() as work:
        (row,) = whanau.rung_for(work, story.contacts["ngaire"].id).values()
        assert (row.staff_id, row.rung, row.address) == (story.staff["jan"].id, "+64215550101", STRANGER)
        ways = whanau.ways_in_use(work, story.contacts["ngaire"].id)
        assert [(way.channel, way.address) for way in ways] == [
            (Channel.TEXT, "+64215550101"),
            (Channel.TEXT, STRANGER),
        ]
    again = text_from(story, words="Aroha is home")
    assert state(story, again) == ReplyState.FILED


def test_a_new_number_is_kept_only_after_ringing_one_the_school_already_had(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        (known,) = whanau.ways_in_use(work, story.contacts["ngaire"].id)
        known.channel, known.address = Channel.EMAIL, "ngaire@homes.test"
    reply_id = text_from(story)
    page = jan.open("/parked", about=str(reply_id), q="ngaire")
    assert "no other number of theirs to ring" in page.text
    token = form_of(page, reply_id).values["csrf_token"]
    for rung in (f"{story.contacts['ngaire'].id} {STRANGER}", f"{story.contacts['dave'].id} +64215550102", "x y"):
        sent = {"act": "match", "csrf_token": str(token), f"who-{reply_id}": option(story, "ngaire", "aroha")}
        refused = jan.post(f"/parked/{reply_id}", {**sent, f"rung-{reply_id}": rung})
        assert refused.status == 400
        assert "Choose a number we hold for that person, and ring it first." in refused.text
    assert state(story, reply_id) == ReplyState.PARKED
    with story.work() as work:
        assert len(whanau.ways_in_use(work, story.contacts["ngaire"].id)) == 1


def test_a_number_is_kept_only_when_somebody_rang(jan: Visitor, story: Story) -> None:
    reply_id = text_from(story)
    page = jan.open("/parked", about=str(reply_id), q="ngaire")
    jan.send(form_of(page, reply_id), ("act", "match"), **{f"who-{reply_id}": option(story, "ngaire", "aroha")})
    with story.work() as work:
        assert len(whanau.ways_in_use(work, story.contacts["ngaire"].id)) == 1


def test_a_search_that_finds_nobody_says_so(jan: Visitor, story: Story) -> None:
    reply_id = text_from(story)
    assert "Nobody found under “zzz”." in jan.open("/parked", about=str(reply_id), q="zzz").text


@pytest.mark.parametrize(
    "chosen",
    [(), ("ngaire",), ("ngaire", "hemi"), ("rangi", "aroha"), ("tia", "hemi")],
    ids=["nobody", "no child", "not their child", "restricted", "unconfirmed"],
)
def test_words_are_never_placed_with_somebody_who_may_not_hear_of_the_child(
    jan: Visitor, story: Story, chosen: tuple[str, ...]
) -> None:
    reply_id = text_from(story)
    value = option(story, *chosen) if chosen else "nonsense"
    page = jan.send(form_of(jan.open("/parked"), reply_id), ("act", "match"), **{f"who-{reply_id}": value})
    assert page.status == 400
    assert "Choose" in page.text
    assert state(story, reply_id) == ReplyState.PARKED


def test_nobody_of_ours_is_set_aside_kept_and_can_be_brought_back(kiri: Visitor, story: Story) -> None:
    reply_id = text_from(story, words="Wrong number?")
    kiri.send(form_of(kiri.open("/parked"), reply_id), ("act", "not_ours"))
    page = kiri.follow()
    assert "Set aside by Whaea Kiri, today" in page.text
    assert "Wrong number?" in page.text
    assert state(story, reply_id) == ReplyState.NOT_OURS
    assert kiri.send(form_of(page, reply_id)).status == 302
    assert state(story, reply_id) == ReplyState.PARKED
    with story.work() as work:
        found = tasks.open_tasks(work, staff_id=uuid.UUID(int=0), roles=list(Role), kinds=[TaskKind.MATCH_REPLY])
        assert [task.subject_id for task in found] == [reply_id]


def test_what_was_set_aside_long_ago_is_not_shown_and_not_lost(kiri: Visitor, story: Story, clock: Clock) -> None:
    reply_id = text_from(story)
    kiri.send(form_of(kiri.open("/parked"), reply_id), ("act", "not_ours"))
    clock.forward(days=31)
    kiri = Visitor(kiri.client)
    page = kiri.open("/parked")
    assert page.status == 302 or "Set aside" not in page.text
    assert state(story, reply_id) == ReplyState.NOT_OURS


def test_of_two_people_who_place_the_same_words_the_second_is_told(jan: Visitor, kiri: Visitor, story: Story) -> None:
    reply_id = text_from(story)
    mine = form_of(jan.open("/parked"), reply_id)
    kiri.send(form_of(kiri.open("/parked"), reply_id), ("act", "not_ours"))
    page = jan.send(mine, ("act", "not_ours"))
    assert page.status == 400
    assert "Someone has already filed this message." in page.text


def test_that_a_contact_is_restricted_is_told_to_those_alone_who_may_know(
    jan: Visitor, sign_in: SignIn, story: Story
) -> None:
    text_from(story, "+64215550103", "I want to see her")
    page = jan.open("/parked")
    assert "We do not know this number or address." in page.text
    assert "Rangi" not in page.text
    assert "From Rangi Moke, who is never messaged about a child here." in sign_in("leota").open("/parked").text


def test_what_may_be_about_a_child_one_does_not_see_is_not_there(kiri: Visitor, story: Story) -> None:
    reply_id = text_from(story, "+64215550101", "Ka pai!")
    with story.work() as work:
        students.bar_staff(work, story.staff["kiri"].id, student_id=story.students["wi"].id, kind=BarKind.WHANAU)
    page = kiri.open("/parked")
    assert "Ka pai!" not in page.text
    assert "Nothing is parked." in page.text
    assert kiri.act(f"/parked/{reply_id}", act="not_ours").status == 404


def test_a_mail_that_was_passed_on_suggests_whom_it_was_sent_to(jan: Visitor, story: Story) -> None:
    with story.work("walsh") as work:
        phrase = messages.offered_phrases(work, story.students["aroha"])[0]
        messages.send_praise(work, story.students["aroha"], Draft(phrase_id=phrase.id), links=story.runtime.links)
        sent = text("SELECT id FROM deliveries WHERE contact_id = :contact ORDER BY due_at DESC, id LIMIT 1")
        delivery_id = work.session.scalar(sent, {"contact": story.contacts["dave"].id})
    reply_id = mail_from(story, "somebody@else.test", "So proud!", delivery_id)
    page = jan.open("/parked")
    assert "somebody@else.test" in page.text
    assert option(story, "dave", "aroha") in options(page, reply_id)


def test_a_mail_that_does_not_prove_its_sender_waits_and_its_address_is_not_offered_to_be_kept(
    jan: Visitor, story: Story
) -> None:
    with story.work() as work:
        messages.set_access(
            work, story.contacts["dave"].id, story.students["wi"].id, may_message=MayMessage.ASK, reason=None
        )
    reply_id = mail_from(story, "dave.kereama@homes.test", "Aroha is great", None, spf="fail")
    page = jan.open("/parked")
    assert "The mail does not prove that it comes from this address." in page.text
    assert f"rung-{reply_id}" not in page.text


def test_words_of_another_school_are_not_there(jan: Visitor, story: Story) -> None:
    assert jan.open("/parked").status == 200
    assert jan.act(f"/parked/{uuid.uuid4()}", act="not_ours").status == 404


def test_a_number_that_waits_to_be_confirmed_still_says_who_it_may_be(jan: Visitor, story: Story) -> None:
    with story.work() as work:
        messages.hold_address(work, "+64215550101", why="number_changed")
    reply_id = text_from(story, "+64215550101", "Ka pai!")
    assert option(story, "ngaire", "aroha") in options(jan.open("/parked"), reply_id)
