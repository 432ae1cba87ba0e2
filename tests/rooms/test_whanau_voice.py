"""Whānau voice: two questions a term, to whoever said yes; numbers are counted and lead back to nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import ProgrammingError

from commsbridge import bots, conversations, messages, pulse, schools, whanau
from commsbridge.conversations import Post, Reply, ReplyState
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.foundation.actors import SERVICE
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.school_time import SchoolCalendar, calendar_for, national_terms
from commsbridge.meetings import HuiState
from commsbridge.messages import Delivery, MessageKind
from commsbridge.partnership import Line, Moment
from commsbridge.pulse import PulseAnswer, PulseAsk, PulseRound
from commsbridge.schools import Sender, SenderKind
from commsbridge.whanau import Asked, WishKind
from tests.rooms.gathering import Gathering
from tests.rooms.mailroom import DOMAIN, Mailroom
from tests.rooms.posting import Posting

HINE, NGAIRE, DAVE = "+64215550104", "+64215550101", "dave.kereama@homes.test"
EARLY = datetime(2026, 10, 19, 21, tzinfo=UTC)  # Tuesday morning in the second week of term 4
CALENDAR = calendar_for("AUK", "Pacific/Auckland", [term for term in national_terms() if term.year in {2025, 2026}])
MOMENTS = st.timedeltas(timedelta(), timedelta(days=690)).map(lambda since: datetime(2025, 1, 1, tzinfo=UTC) + since)


@pytest.fixture
def asking(posting: Posting) -> Posting:
    """The school asks, on a line where a reply costs nothing; Hine, Ngaire and Dave said yes."""
    story, posting.clock.now = posting.story, EARLY
    with story.work() as work:
        work.session.get_one(Sender, story.texts.id).kind = SenderKind.ZERO_RATED
    story.texts.kind = SenderKind.ZERO_RATED
    for who in ("hine", "ngaire", "dave"):
        say_yes(posting, who)
    with story.work("burns") as work:
        pulse.begin(work)
    return posting


def say_yes(posting: Posting, who: str, asked: Asked | None = None) -> None:
    with posting.story.work() as work:
        contact = posting.story.contacts[who].id
        messages.set_wishes(work, contact, asked or Asked(questions=True), evidence="staff")


def due(posting: Posting) -> int:
    """What a worker does now."""
    story = posting.story
    with story.runtime.carrier() as session:
        there = pulse.schools_with_pulse_due(session, story.runtime.now())
    if story.school_id not in there:
        return 0
    with story.runtime.work(story.school_id) as work:
        return pulse.send_due(work, links=posting.links)


def middle_of_term(posting: Posting) -> None:
    with posting.story.work() as work:
        going = pulse.standing_of(work).going
    assert going is not None
    posting.clock.now = going.at


def sent_to(posting: Posting, who: str) -> list[Delivery]:
    return posting.all_to(who, MessageKind.PULSE)


def asked_all(posting: Posting) -> None:
    """The questions go, and leave."""
    middle_of_term(posting)
    assert due(posting) == 3
    for who in ("hine", "ngaire", "dave"):
        for delivery in sent_to(posting, who):
            posting.in_state(delivery, "delivered")
    posting.clock.forward(hours=1)


def take(posting: Posting, post: Post) -> Reply:
    story = posting.story
    sender = story.texts if post.channel == "text" else story.mails
    with story.runtime.work(story.school_id, SERVICE) as work:
        reply = bots.take(work, post, sender=sender, links=story.runtime.links)
    assert reply is not None
    return reply


def text(posting: Posting, words: str, number: str = HINE) -> Reply:
    raw_id = Mailroom(posting).store(f"SM-{words}-{number}-{posting.clock()}")
    posting.clock.forward(minutes=1)
    return take(posting, conversations.post_of_text(raw_id, InboundText(f"SM{raw_id.hex}", number, "4545", words)))


def counted(posting: Posting) -> list[tuple[str, int]]:
    rows = select(PulseAnswer.question, PulseAnswer.score).order_by(PulseAnswer.question)
    with posting.story.work() as work:
        return [(question, score) for question, score in work.session.execute(rows)]


def told_to(posting: Posting, number: str = HINE) -> list[str]:
    return [each.body for each in Mailroom(posting).answers_to(number)]


def lines(posting: Posting, *moments: Moment) -> int:
    rows = select(func.count()).select_from(Line).where(Line.moment.in_(moments))
    with posting.story.work() as work:
        return work.session.scalar(rows) or 0


# ---- when ----


@given(MOMENTS)
def test_it_goes_on_a_school_day_after_school_and_closes_within_its_term(after: datetime) -> None:
    going = pulse.next_going(CALENDAR, after)
    if going is None:
        assert after.date() > date(2026, 10, 12)
        return
    local = CALENDAR.local(going.at)
    assert going.at > after
    assert CALENDAR.is_school_day(local.date())
    assert (local.hour, local.minute) == (16, 0)
    assert local.date() <= going.closes_on <= going.term.last_on


@given(MOMENTS)
def test_what_is_late_by_days_still_goes_and_what_is_late_by_a_week_does_not(now: datetime) -> None:
    found = pulse.due_going(CALENDAR, now)
    assert found is None or timedelta() <= now - found.at < timedelta(days=5)


def test_without_terms_nothing_goes() -> None:
    bare = SchoolCalendar("Pacific/Auckland", (), frozenset())
    assert pulse.next_going(bare, EARLY) is None
    assert pulse.due_going(bare, EARLY) is None


def test_six_terms_ask_every_question_once() -> None:
    asked = [key for number in range(6) for key in pulse.pair(number)]
    assert sorted(asked) == sorted([*pulse.ELEMENTS, *pulse.EXPECTATIONS])
    assert pulse.pair(6) == pulse.pair(0)


# ---- asking ----


def test_who_said_yes_is_asked_once_a_term_and_nobody_else(asking: Posting) -> None:
    assert due(asking) == 0
    middle_of_term(asking)
    assert [due(asking), due(asking)] == [3, 0]
    with asking.story.work() as work:
        asked = set(work.session.scalars(select(PulseAsk.contact_id)))
    assert asked == {asking.story.contacts[who].id for who in ("hine", "ngaire", "dave")}
    asking.clock.forward(days=10)
    assert due(asking) == 0
    assert lines(asking, Moment.PRAISE, Moment.NOTICE) == 0


def test_a_text_asks_the_first_question_with_its_numbers_and_a_mail_both_with_a_link(asking: Posting) -> None:
    middle_of_term(asking)
    due(asking)
    [body] = [each.body for each in sent_to(asking, "hine")]
    assert "Do the school’s leaders show that they want to work with whānau?" in body
    assert "Reply with a number: 1 no, 2 a little, 3 mostly, 4 yes." in body
    assert "/w/" not in body
    [mail] = sent_to(asking, "dave")
    assert "/w/" in mail.body
    assert "Does the school value what you know about your child?" in mail.body


def test_where_an_answer_costs_the_text_has_the_link_alone(asking: Posting) -> None:
    with asking.story.work() as work:
        work.session.get_one(Sender, asking.story.texts.id).kind = SenderKind.STANDARD
    middle_of_term(asking)
    due(asking)
    [body] = [each.body for each in sent_to(asking, "hine")]
    assert "/w/" in body
    assert "Reply with a number" not in body


def test_a_quiet_time_a_no_and_a_limit_are_kept(asking: Posting) -> None:
    with asking.story.work() as work:
        messages.pause(work, contact_id=asking.story.contacts["hine"].id, by_family=True)
    say_yes(asking, "ngaire", Asked())
    say_yes(asking, "rangi")
    middle_of_term(asking)
    assert due(asking) == 1
    assert len(sent_to(asking, "dave")) == 1


def test_who_changes_their_mind_is_not_asked_any_more(asking: Posting) -> None:
    middle_of_term(asking)
    due(asking)
    say_yes(asking, "hine", Asked(hears=WishKind.PRAISE_ONLY))
    assert [each.state for each in sent_to(asking, "hine")] == ["cancelled"]


def test_quiet_hours_are_kept(asking: Posting) -> None:
    with asking.story.work() as work:
        messages.set_hours(
            work, work.session.get_one(whanau.Contact, asking.story.contacts["hine"].id),
            quiet_from=time(15), quiet_until=time(18),
        )  # fmt: skip
    middle_of_term(asking)
    due(asking)
    [delivery] = sent_to(asking, "hine")
    with asking.story.work() as work:
        assert schools.calendar_of(work).local(delivery.due_at).hour == 18


def test_one_phone_is_asked_once_whoever_shares_it(asking: Posting) -> None:
    with asking.story.work() as work:
        shared = whanau.add_contact(
            work, "Moana Parata", language="en", ways=[(whanau.Channel.TEXT, "021 555 0104")], from_on=date(2026, 2, 2)
        )
        hemi = asking.story.students["hemi"].id
        whanau.relate(
            work, shared.id, hemi, relationship="aunt", may_message=whanau.MayMessage.YES, from_on=date(2026, 2, 2)
        )
        messages.set_wishes(work, shared.id, Asked(questions=True), evidence="staff")
    middle_of_term(asking)
    assert due(asking) == 3


def test_a_school_that_stops_asks_no_more_and_one_without_terms_cannot_begin(asking: Posting) -> None:
    with asking.story.work("burns") as work:
        pulse.end(work)
        assert not pulse.standing_of(work).asks
    asking.clock.forward(days=24)
    assert due(asking) == 0
    asking.clock.now = datetime(2040, 1, 5, tzinfo=UTC)
    with asking.story.work("burns") as work, pytest.raises(Invalid):
        pulse.begin(work)


def test_a_school_that_begins_after_the_middle_of_a_term_asks_in_the_next(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        pulse.begin(work)
        pulse.begin(work)
        going = pulse.standing_of(work).going
    assert going is not None
    assert going.term.first_on > posting.clock().date()
    assert due(posting) == 0


def test_the_carriers_door_sees_which_school_and_nothing_more(posting: Posting) -> None:
    with posting.story.runtime.carrier() as session:
        assert pulse.schools_with_pulse_due(session, posting.clock.now) == []
        for column in (pulse.Pulse.begun_by, PulseAsk.contact_id, PulseAnswer.score):
            with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
                session.execute(select(column))


# ---- answering ----


def test_two_numbers_answer_two_questions_and_are_filed_with_no_child(asking: Posting) -> None:
    asked_all(asking)
    first, second = text(asking, "4"), text(asking, "3 thanks")
    assert {first.state, second.state} == {ReplyState.COMMAND}
    assert counted(asking) == [("leadership", 4), ("valued", 3)]
    assert lines(asking, Moment.REPLY) == 0
    next_question, thanks = told_to(asking)
    assert "Does the school value what you know about your child?" in next_question
    assert "Nobody at school is told who answered what." in thanks


def test_the_number_is_kept_beside_nobody(asking: Posting) -> None:
    asked_all(asking)
    reply = text(asking, "4")
    assert (reply.words, reply.original, reply.contact_id) == ("", "", None)
    columns = {column.key for column in inspect(PulseAnswer).columns}
    assert columns == {"id", "school_id", "round_id", "question", "score", "language"}


@pytest.mark.parametrize("words", ["He was sick today", "4 tamariki are home sick", "111", "ok", "4pm", "1 2 3", "56"])
def test_what_is_no_number_of_the_scale_is_a_message_to_a_person_as_always(asking: Posting, words: str) -> None:
    asked_all(asking)
    assert text(asking, words).state is ReplyState.FILED
    assert counted(asking) == []


def test_a_number_that_says_nothing_is_asked_about_again_and_goes_to_nobody(asking: Posting) -> None:
    asked_all(asking)
    assert text(asking, "7").state is ReplyState.COMMAND
    assert counted(asking) == []
    assert "leaders show that they want" in told_to(asking)[-1]
    text(asking, "wha")
    assert counted(asking) == [("leadership", 4)]


def test_a_third_number_changes_nothing(asking: Posting) -> None:
    asked_all(asking)
    for words in ("4", "3", "1"):
        assert text(asking, words).state is ReplyState.COMMAND
    assert counted(asking) == [("leadership", 4), ("valued", 3)]


def test_a_number_after_the_last_day_is_not_counted_and_still_goes_to_no_teacher(asking: Posting) -> None:
    asked_all(asking)
    asking.clock.forward(days=16)
    assert text(asking, "4").state is ReplyState.COMMAND
    assert counted(asking) == []
    assert "is over" in told_to(asking)[-1]


def test_a_number_before_anything_was_asked_is_a_message(asking: Posting) -> None:
    assert text(asking, "4").state is ReplyState.FILED
    middle_of_term(asking)
    due(asking)
    assert text(asking, "3").state is ReplyState.FILED  # the question has not left yet
    assert counted(asking) == []


def test_a_number_after_a_person_wrote_to_them_answers_that_person(asking: Posting) -> None:
    asked_all(asking)
    hemi = asking.story.students["hemi"]
    with asking.story.work("walsh") as work:
        contact = asking.story.contacts["hine"].id
        child = work.session.get_one(type(hemi), hemi.id)
        answer = messages.Answer("When does the bus come?")
        told = messages.send_answer(work, [child], contact, answer, links=asking.links)
    asking.in_state(asking.of(told.id)["hine"], "delivered")
    assert text(asking, "4").state is ReplyState.FILED
    assert counted(asking) == []


def test_praise_in_between_changes_nothing(asking: Posting) -> None:
    asked_all(asking)
    for delivery in asking.of(asking.praise("hemi")).values():
        if delivery.state == "queued":
            asking.in_state(delivery, "delivered")
    assert text(asking, "4").state is ReplyState.COMMAND
    assert counted(asking) == [("leadership", 4)]


def test_which_child_is_answered_before_the_questions_of_the_term(asking: Posting) -> None:
    asked_all(asking)
    assert text(asking, "She is sick today", NGAIRE).state is ReplyState.ASKED
    text(asking, "1", NGAIRE)
    assert counted(asking) == []
    text(asking, "2", NGAIRE)
    assert counted(asking) == [("leadership", 2)]


def test_of_a_hui_and_the_questions_of_the_term_the_later_one_is_answered(asking: Posting) -> None:
    gathering = Gathering(asking)
    before = gathering.open("hemi", "hine")
    gathering.invite(before, (29, 30, 31))  # the questions go in four weeks
    asked_all(asking)
    text(asking, "4")
    assert gathering.hui(before).state is HuiState.ASKED
    text(asking, "3")
    assert counted(asking) == [("leadership", 4), ("valued", 3)]
    text(asking, "1")  # all questions of the term are answered: this is a time
    assert gathering.hui(before).state is not HuiState.ASKED
    assert counted(asking) == [("leadership", 4), ("valued", 3)]


def test_a_hui_that_was_asked_about_later_gets_the_number(asking: Posting) -> None:
    asked_all(asking)
    gathering = Gathering(asking)
    hui = gathering.open("hemi", "hine")
    gathering.invite(hui)
    text(asking, "2")
    assert gathering.hui(hui).state is not HuiState.ASKED
    text(asking, "5")  # what the hui asked next
    assert counted(asking) == []
    text(asking, "4")  # the hui waits for words now, and for no number
    assert counted(asking) == [("leadership", 4)]


def test_numbers_in_answer_to_the_mail_count_and_are_filed_with_no_child(asking: Posting) -> None:
    asked_all(asking)
    [delivery] = sent_to(asking, "dave")
    for words in ("4 2", "4 2"):
        raw_id = Mailroom(asking).store(f"M-{words}-{asking.clock.forward(minutes=1)}")
        mail = InboundMail(f"<{raw_id}@homes.test>", DAVE, ("reply+token@x.test",), "Re: Two questions", words, False)
        post = conversations.post_of_mail(raw_id, mail, delivery_id=delivery.id, our_domain=DOMAIN)
        assert take(asking, post).state is ReplyState.COMMAND
    assert counted(asking) == [("leadership", 4), ("valued", 2)]


def test_on_their_own_page_each_question_counts_once(asking: Posting) -> None:
    asked_all(asking)
    hine = asking.story.contacts["hine"].id
    with asking.story.work() as work:
        asked = pulse.open_for(work, hine)
        assert asked is not None
        assert asked.questions == ("leadership", "valued")
        assert pulse.answer(work, hine, {"leadership": 2, "valued": 9, "respected": 1})
        assert not pulse.answer(work, hine, {"leadership": 4})
        assert pulse.open_for(work, asking.story.contacts["koro"].id) is None
    text(asking, "3")
    assert counted(asking) == [("leadership", 2), ("valued", 3)]


def test_a_stop_ends_nothing_that_was_answered_and_words_that_worry_still_go_to_people(asking: Posting) -> None:
    asked_all(asking)
    text(asking, "4")
    text(asking, "STOP")
    assert counted(asking) == [("leadership", 4)]
    with asking.story.work() as work:
        assert work.session.scalar(select(PulseRound.first)) == "leadership"
