"""Finer wishes: praise alone, urgent alone, one child alone, the weekend; they hold for what waits, and are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from commsbridge import messages, schools, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.school_time import SchoolCalendar, Term
from commsbridge.messages import MessageKind, State, Why
from commsbridge.messages.letters import texts
from commsbridge.messages.planning import LONGEST_WAIT, NotPlanned, Planned, Rules, plan
from commsbridge.schools import OptOut, Role, Sending
from commsbridge.whanau import Asked, Channel, ConsentEntry, ConsentKind, MayMessage, WishKind
from tests.rooms.posting import Posting
from tests.rooms.test_planning import NGAIRE, NIGHT, TEXTS, ZONES, local, moments, recipients

NGAIRE_PHONE = "+64215550101"
TERM = Term(2026, 4, date(2026, 10, 12), date(2026, 12, 18), date(2026, 10, 12))
FRIDAY_3PM = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def rules(*kinds: MessageKind, zone: str = "Pacific/Auckland", closed: tuple[date, ...] = ()) -> Rules:
    calendar = SchoolCalendar(zone, (TERM,), frozenset(closed))
    return Rules(TEXTS, TEXTS, calendar, NIGHT, frozenset(kinds))


def wishing(
    hears: WishKind | None = None, *, weekend: WishKind | None = None, other_child: bool = False
) -> whanau.Recipient:
    return replace(NGAIRE, hears=hears, weekend=weekend, other_child=other_child)


def going(
    recipient: whanau.Recipient,
    kind: MessageKind = MessageKind.PRAISE,
    *,
    school: Rules | None = None,
    at: datetime = FRIDAY_3PM,
    urgent: bool = False,
) -> Planned | Why:
    found = plan(kind, recipient, school or rules(), at, earliest=at, urgent=urgent)
    return found.why if isinstance(found, NotPlanned) else found


def when(planned: Planned | Why, zone: str = "Pacific/Auckland") -> tuple[str, Why | None]:
    assert isinstance(planned, Planned)
    return local(planned.due_at, zone), planned.why


# what they like to hear


def test_praise_alone_lets_praise_through_and_nothing_else_not_even_the_urgent() -> None:
    praise_only = wishing(WishKind.PRAISE_ONLY)
    assert isinstance(going(praise_only), Planned)
    assert going(praise_only, MessageKind.NOTICE) is Why.WISHED_OTHERWISE
    assert going(praise_only, MessageKind.NOTICE, urgent=True) is Why.WISHED_OTHERWISE


def test_urgent_alone_lets_only_the_urgent_through() -> None:
    urgent_only = wishing(WishKind.URGENT_ONLY)
    assert going(urgent_only) is Why.WISHED_OTHERWISE
    assert going(urgent_only, MessageKind.NOTICE) is Why.WISHED_OTHERWISE
    assert isinstance(going(urgent_only, MessageKind.NOTICE, urgent=True), Planned)


@pytest.mark.parametrize("kind", [MessageKind.ANSWER, MessageKind.CONSENT])
@pytest.mark.parametrize("hears", [WishKind.PRAISE_ONLY, WishKind.URGENT_ONLY])
def test_an_answer_to_their_own_words_always_comes(kind: MessageKind, hears: WishKind) -> None:
    assert isinstance(going(wishing(hears, other_child=True), kind), Planned)


def test_a_wish_for_another_child_alone_keeps_this_childs_news_away() -> None:
    assert going(wishing(other_child=True)) is Why.WISHED_OTHERWISE


@given(recipients, moments, st.sampled_from(ZONES))
def test_urgent_overrides_hours_and_nothing_else(recipient: whanau.Recipient, at: datetime, zone: str) -> None:
    school = rules(MessageKind.NOTICE, zone=zone)
    urgent = going(recipient, MessageKind.NOTICE, school=school, at=at, urgent=True)
    calm = going(recipient, MessageKind.NOTICE, school=school, at=at)
    if isinstance(urgent, Why):
        assert calm is urgent
    elif urgent.state is State.QUEUED:
        assert urgent.due_at == at
        assert urgent.expires_at > at
    if recipient.may_message is not MayMessage.YES or recipient.paused:
        assert not isinstance(urgent, Planned) or urgent.state is State.HELD


# when


def test_praise_of_a_friday_waits_for_the_evening_where_the_family_likes_that() -> None:
    assert when(going(wishing(weekend=WishKind.FRIDAY_EVENING))) == ("Fri 17:00", Why.FRIDAY_EVENING)
    notice = going(wishing(weekend=WishKind.FRIDAY_EVENING), MessageKind.NOTICE)
    assert when(notice) == ("Fri 15:00", None)
    thursday = going(wishing(weekend=WishKind.FRIDAY_EVENING), at=FRIDAY_3PM - timedelta(days=1))
    assert when(thursday) == ("Thu 15:00", None)


@pytest.mark.parametrize(("hours", "opens"), [(0, "Fri 15:00"), (2, "Mon 07:30"), (24, "Mon 07:30"), (60, "Mon 07:30")])
def test_from_friday_evening_nothing_comes_to_a_family_that_rests(hours: int, opens: str) -> None:
    at = FRIDAY_3PM + timedelta(hours=hours)
    assert when(going(wishing(weekend=WishKind.WEEKEND_REST), at=at))[0] == opens


def test_a_kind_for_school_days_alone_waits_over_the_weekend_and_a_closed_monday() -> None:
    evening = FRIDAY_3PM + timedelta(hours=8)
    closed = rules(MessageKind.PRAISE, closed=(date(2026, 11, 23),))
    assert when(going(NGAIRE, school=closed, at=evening))[0] == "Tue 07:30"
    assert when(going(NGAIRE, MessageKind.NOTICE, school=closed, at=evening))[0] == "Sat 07:30"


def test_in_the_holidays_what_would_wait_too_long_does_not_go_at_all() -> None:
    holidays = datetime(2026, 12, 21, 0, 0, tzinfo=UTC)
    assert going(NGAIRE, school=rules(MessageKind.PRAISE), at=holidays) is Why.SCHOOL_CLOSED
    assert isinstance(going(NGAIRE, at=holidays), Planned)


@given(recipients, moments, st.sampled_from(ZONES), st.sampled_from([None, *list(WishKind)[3:]]))
def test_nothing_leaves_in_quiet_hours_or_after_longer_than_news_may_wait(
    recipient: whanau.Recipient, at: datetime, zone: str, weekend: WishKind | None
) -> None:
    found = going(replace(recipient, weekend=weekend), school=rules(zone=zone), at=at)
    if isinstance(found, Planned) and found.state is State.QUEUED:
        quiet = recipient.quiet or NIGHT
        calendar = rules(zone=zone).calendar
        assert at <= found.due_at <= at + LONGEST_WAIT
        if found.channel is Channel.TEXT:
            assert not calendar.within_hours(found.due_at, *quiet)
            assert found.expires_at > found.due_at


@pytest.mark.parametrize(
    ("zone", "night", "opens"),
    [
        # clocks go on from 2 to 3 on Sunday 27 September 2026, and back from 3 to 2 on Sunday 4 April 2027
        ("Pacific/Auckland", datetime(2026, 9, 26, 12, 0, tzinfo=UTC), datetime(2026, 9, 26, 18, 30, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2027, 4, 3, 12, 0, tzinfo=UTC), datetime(2027, 4, 3, 19, 30, tzinfo=UTC)),
        # Chatham is three quarters of an hour ahead, and changes at the same moment
        ("Pacific/Chatham", datetime(2026, 9, 26, 12, 0, tzinfo=UTC), datetime(2026, 9, 26, 17, 45, tzinfo=UTC)),
        ("Pacific/Chatham", datetime(2027, 4, 3, 12, 0, tzinfo=UTC), datetime(2027, 4, 3, 18, 45, tzinfo=UTC)),
    ],
)
def test_the_nights_the_clocks_change_open_at_half_past_seven_all_the_same(
    zone: str, night: datetime, opens: datetime
) -> None:
    planned = going(NGAIRE, school=rules(zone=zone), at=night)
    assert isinstance(planned, Planned)
    assert planned.due_at == opens
    assert when(planned, zone)[0].endswith("07:30")
    assert rules(zone=zone).calendar.local(planned.expires_at).time() == NIGHT[0]


# what waits


def ask(posting: Posting, contact: str, asked: Asked) -> int:
    with posting.story.work("jan") as work:
        return messages.set_wishes(work, posting.story.contacts[contact].id, asked, evidence="staff")


def welcomed(posting: Posting, contact: str = "ngaire") -> None:
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts[contact].id])


def test_a_wish_cancels_what_already_waits_and_says_so_quietly(posting: Posting) -> None:
    welcomed(posting)
    waiting = posting.of(posting.praise("aroha"))["ngaire"]
    assert ask(posting, "ngaire", Asked(hears=WishKind.URGENT_ONLY)) == 1
    kept = posting.delivery(waiting.id)
    assert (kept.state, kept.why) == (State.CANCELLED, Why.WISHED_OTHERWISE)
    assert messages.standing(kept).tone == "quiet"
    assert posting.of(posting.praise("aroha")).keys() == {"dave"}


def test_a_wish_about_one_child_leaves_that_childs_news(posting: Posting) -> None:
    welcomed(posting)
    about = {key: posting.of(posting.praise(key, by=by))["ngaire"] for key, by in (("aroha", "walsh"), ("wi", "fox"))}
    ask(posting, "ngaire", Asked(about=frozenset({posting.story.students["wi"].id})))
    states = {key: posting.delivery(each.id).state for key, each in about.items()}
    assert states == {"aroha": State.CANCELLED, "wi": State.QUEUED}


def test_whom_a_contact_would_rather_not_hear_from_does_not_reach_them_and_others_do(posting: Posting) -> None:
    welcomed(posting)
    by = {who: posting.of(posting.praise("aroha", by=who))["ngaire"] for who in ("walsh", "matiu")}
    not_from = frozenset({posting.story.staff["walsh"].id})
    assert ask(posting, "ngaire", Asked(not_from=not_from)) == 1
    states = {who: posting.delivery(each.id).state for who, each in by.items()}
    assert states == {"walsh": State.CANCELLED, "matiu": State.QUEUED}
    assert posting.of(posting.praise("aroha", by="walsh")).keys() == {"dave"}
    assert "ngaire" in posting.of(posting.praise("aroha", by="matiu"))
    ask(posting, "ngaire", Asked())
    assert "ngaire" in posting.of(posting.praise("aroha", by="walsh"))


@pytest.mark.parametrize(
    ("kind", "urgent", "comes"),
    [
        (MessageKind.PRAISE, False, False),
        (MessageKind.NOTICE, False, False),
        (MessageKind.NOTICE, True, True),
        (MessageKind.BOOK, False, True),
        (MessageKind.ANSWER, False, True),
        (MessageKind.CONCERN, False, True),
    ],
)
def test_what_is_urgent_an_answer_a_concern_or_the_book_comes_whoever_wrote_it(
    kind: MessageKind, *, urgent: bool, comes: bool
) -> None:
    assert isinstance(going(replace(NGAIRE, unheard=True), kind, urgent=urgent), Planned) is comes


def test_what_is_in_flight_when_the_wish_comes_does_not_go_a_second_time(posting: Posting) -> None:
    welcomed(posting)
    waiting = posting.of(posting.praise("aroha"))["ngaire"]
    posting.in_state(waiting, "uncertain")
    ask(posting, "ngaire", Asked(hears=WishKind.URGENT_ONLY))
    with posting.story.work() as work:
        messages.settle_doubt(work, waiting.id, carrier_id=None)
    assert posting.delivery(waiting.id).why == Why.WISHED_OTHERWISE


def test_new_hours_hold_for_what_waits_and_the_row_says_until_when(posting: Posting) -> None:
    welcomed(posting)
    waiting = posting.of(posting.praise("aroha"))["ngaire"]
    with posting.story.work("jan") as work:
        contact = work.session.get_one(whanau.Contact, posting.story.contacts["ngaire"].id)
        messages.set_hours(work, contact, quiet_from=time(9), quiet_until=time(18))
    posting.settle()
    kept = posting.delivery(waiting.id)
    assert (local(kept.due_at), kept.why) == ("Tue 18:00", Why.QUIET_HOURS)


def test_what_a_new_wish_for_the_weekend_moves_goes_on_monday(posting: Posting) -> None:
    posting.clock.now = FRIDAY_3PM + timedelta(hours=1, minutes=59, seconds=55)
    welcomed(posting)
    waiting = posting.of(posting.praise("aroha"))["ngaire"]
    ask(posting, "ngaire", Asked(weekend=WishKind.WEEKEND_REST))
    posting.settle()
    kept = posting.delivery(waiting.id)
    assert (local(kept.due_at), kept.state) == ("Mon 07:30", State.QUEUED)


def test_a_pause_says_until_when(posting: Posting) -> None:
    with posting.story.work("walsh") as work:
        messages.pause(work, student_id=posting.story.students["aroha"].id, until_on=date(2026, 11, 20))
    held = posting.of(posting.praise("aroha"))["dave"]
    assert held.held_until == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    assert "%(until)s" in messages.standing(held).sentence


# the ledger


def entries(posting: Posting, contact: str = "ngaire") -> list[ConsentEntry]:
    with posting.story.work() as work:
        return list(reversed(whanau.ledger_of(work, posting.story.contacts[contact].id)))


def test_the_ledger_keeps_each_wish_with_who_wrote_it_down_and_the_wording(posting: Posting) -> None:
    ask(posting, "ngaire", Asked(hears=WishKind.PRAISE_ONLY, about=frozenset({posting.story.students["wi"].id})))
    posting.clock.forward(days=1)
    ask(posting, "ngaire", Asked(hears=WishKind.URGENT_ONLY))
    kept = entries(posting)
    told = {(each.kind, each.wish, each.student_id is not None) for each in kept}
    assert told == {
        (ConsentKind.WISH, "praise_only", False),
        (ConsentKind.WISH, "only_about", True),
        (ConsentKind.WISH_ENDED, "praise_only", False),
        (ConsentKind.WISH_ENDED, "only_about", True),
        (ConsentKind.WISH, "urgent_only", False),
    }
    assert {each.staff_id for each in kept} == {posting.story.staff["jan"].id}
    assert {(each.wording, each.evidence) for each in kept} == {(whanau.WORDING, "staff")}


def test_the_same_wish_again_is_no_new_line(posting: Posting) -> None:
    for _ in range(2):
        ask(posting, "ngaire", Asked(hears=WishKind.PRAISE_ONLY))
    assert len(entries(posting)) == 1


def test_a_number_given_by_hand_is_in_the_ledger(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        contact = work.session.get_one(whanau.Contact, posting.story.contacts["ngaire"].id)
        messages.change_ways(work, contact, [(Channel.TEXT, "021 555 0101"), (Channel.EMAIL, "ngaire@homes.test")])
    (agreed,) = entries(posting)
    assert (agreed.kind, agreed.channel, agreed.address) == (ConsentKind.AGREED, Channel.EMAIL, "ngaire@homes.test")


def test_a_pause_and_its_end_are_in_the_ledger(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        begun = messages.pause(work, contact_id=posting.story.contacts["ngaire"].id, until_on=date(2026, 11, 30))
    posting.clock.forward(hours=1)
    with posting.story.work("jan") as work:
        messages.end_pause(work, begun.id)
        messages.end_pause(work, begun.id)
    assert [(each.kind, each.wish) for each in entries(posting)] == [
        (ConsentKind.PAUSE, "until 2026-11-30"),
        (ConsentKind.PAUSE_ENDED, "until 2026-11-30"),
    ]


def test_the_database_lets_nobody_change_the_ledger(posting: Posting) -> None:
    ask(posting, "ngaire", Asked(hears=WishKind.PRAISE_ONLY))
    for change in (update(ConsentEntry).values(wish="urgent_only"), delete(ConsentEntry)):
        with pytest.raises(DBAPIError, match="permission denied"), posting.story.work() as work:
            work.session.execute(change)


def test_the_wording_of_the_ledger_is_the_one_the_letters_have() -> None:
    """Whoever changes one of these sentences gives the wording a new version, so that old consents stay readable."""
    said = (texts.WHY, texts.STOP_BY_TEXT, texts.STOP_EITHER_WAY, texts.STOPPED, texts.STARTED)
    assert (whanau.WORDING, said) == (
        "2026-11",
        (
            "The school has you down as a contact for %(name)s, so we will send you good news.",
            "To stop, reply STOP.",
            "To stop, reply STOP or use this link (no cost): %(link)s",
            "No more texts from us will come to this phone. To start again, reply START.",
            "Texts from us have started again.",
        ),
    )


# START from a number that is no contact's


def said(posting: Posting, address: str, *, start: bool) -> None:
    with posting.story.work() as work:
        verb = messages.start_messages if start else messages.stop_messages
        verb(work, channel=Channel.TEXT, address=address, sender_id=posting.story.texts.id, evidence="reply")


def all_opt_outs(posting: Posting) -> set[str]:
    with posting.story.work() as work:
        contact = work.session.get_one(whanau.Contact, posting.story.contacts["joe"].id)
        whanau.set_ways(work, contact, [(Channel.TEXT, "021 555 0777")])
        return set(work.session.scalars(select(OptOut.address)))


def test_start_from_a_number_on_no_contact_ends_its_opt_out(posting: Posting) -> None:
    stranger = "+64215550777"
    said(posting, stranger, start=False)
    said(posting, stranger, start=True)
    assert stranger not in all_opt_outs(posting)


def test_stop_from_a_number_on_no_contact_holds_when_it_becomes_one(posting: Posting) -> None:
    said(posting, "+64215550777", start=False)
    assert all_opt_outs(posting) == {"+64215550777"}


def test_start_ends_nothing_at_a_sender_that_is_not_this_schools(posting: Posting) -> None:
    said(posting, NGAIRE_PHONE, start=False)
    with posting.story.runtime.lobby() as lobby:
        other = schools.add_sender(lobby, kind=schools.SenderKind.STANDARD, address="4777")
        school = schools.create_school(lobby, name_en="Tōtara", name_mi="Tōtara", text_name="Tōtara", region="AUK")
        schools.give_sender(lobby, school.id, other.id)
        lobby.session.add(OptOut(sender_id=other.id, address=NGAIRE_PHONE, since=posting.clock()))
    with posting.story.work() as work:
        messages.start_messages(work, channel=Channel.TEXT, address=NGAIRE_PHONE, sender_id=other.id, evidence="reply")
        kept = work.session.scalars(select(OptOut.sender_id).where(OptOut.address == NGAIRE_PHONE)).all()
    assert set(kept) == {posting.story.texts.id, other.id}


# the school's own rules


def test_a_school_sends_by_the_common_rules_until_it_sets_its_own(posting: Posting) -> None:
    with posting.story.work() as work:
        assert schools.sending_of(work) == Sending()
        own = Sending(
            praise_on_school_days=True,
            urgent_roles=frozenset({Role.LEADER, Role.OFFICE}),
            text_cents=11.5,
            budget_cents=5000,
        )
        schools.set_sending(work, own)
        schools.set_sending(work, own)
        assert schools.sending_of(work) == own
        assert messages.rules_of(work)[0].school_days_only == {MessageKind.PRAISE, MessageKind.PULSE}


@pytest.mark.parametrize("wrong", [Sending(text_cents=0), Sending(text_cents=900), Sending(budget_cents=0)])
def test_a_price_or_budget_that_cannot_be_is_refused(posting: Posting, wrong: Sending) -> None:
    with posting.story.work() as work, pytest.raises(Invalid):
        schools.set_sending(work, wrong)
