"""Whether, how and when one message may go to one person: every yes, every hold and every no, with its reason."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.messages.models import Lane, MessageKind, State
from commsbridge.messages.planning import NEWS_LASTS, NotPlanned, Planned, Rules, Why, plan
from commsbridge.whanau import CARRIED, Channel, MayMessage, Recipient, WayFacts, WayState

TEXTS, MAILS = uuid.UUID(int=1), uuid.UUID(int=2)
AFTERNOON = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)  # Tuesday 3 pm in Auckland
NIGHT = (time(20), time(7, 30))
NO_QUIET = (time(0), time(0))
ZONES = ("Pacific/Auckland", "Pacific/Chatham")


def rules(
    zone: str = "Pacific/Auckland",
    quiet: tuple[time, time] = NIGHT,
    texts: uuid.UUID | None = TEXTS,
    mails: uuid.UUID | None = MAILS,
) -> Rules:
    return Rules(texts, mails, SchoolCalendar(zone, (), frozenset()), quiet)


def way(channel: Channel, *, state: WayState = WayState.OK, stopped: bool = False) -> WayFacts:
    addresses = {Channel.TEXT: "+64215550101", Channel.EMAIL: "ngaire@homes.test", Channel.CALL: "+6495550106"}
    return WayFacts(channel, addresses.get(channel), state, stopped)


TEXT, EMAIL, CALL = way(Channel.TEXT), way(Channel.EMAIL), way(Channel.CALL)
NGAIRE = Recipient(
    contact_id=uuid.UUID(int=3),
    name="Ngaire Kereama",
    greeting=None,
    household_id=None,
    relationship="kuia",
    language="mi",
    may_message=MayMessage.YES,
    ways=(TEXT,),
    quiet=None,
    paused=False,
    paused_until=None,
    welcomed=True,
    primary=True,
)


def planned(recipient: Recipient, school: Rules | None = None, now: datetime = AFTERNOON) -> Planned:
    found = plan(MessageKind.PRAISE, recipient, school or rules(), now, earliest=now)
    assert isinstance(found, Planned)
    return found


def refused(recipient: Recipient, school: Rules | None = None) -> Why:
    found = plan(MessageKind.PRAISE, recipient, school or rules(), AFTERNOON, earliest=AFTERNOON)
    assert isinstance(found, NotPlanned)
    return found.why


def local(moment: datetime, zone: str = "Pacific/Auckland") -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %H:%M}"


# who may hear


ways = st.lists(
    st.builds(way, st.sampled_from(Channel), state=st.sampled_from(WayState), stopped=st.booleans()), max_size=4
)
minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
recipients = st.builds(
    Recipient,
    contact_id=st.uuids(),
    name=st.just("Ngaire Kereama"),
    greeting=st.none(),
    household_id=st.none(),
    relationship=st.just("kuia"),
    language=st.sampled_from(["mi", "en", "both", "Samoan", "NZSL", "Cook Islands Māori"]),
    may_message=st.sampled_from(MayMessage),
    ways=ways.map(tuple),
    quiet=st.none() | st.tuples(minutes, minutes),
    paused=st.booleans(),
    paused_until=st.none() | st.dates(date(2026, 11, 17), date(2026, 12, 31)),
    welcomed=st.booleans(),
    primary=st.booleans(),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - see timezones
schools = st.builds(rules, zone=st.sampled_from(ZONES), quiet=st.tuples(minutes, minutes))


@given(recipients, schools, moments, st.sampled_from(MessageKind))
def test_nothing_is_ever_planned_for_somebody_who_may_not_be_messaged(
    recipient: Recipient, school: Rules, now: datetime, kind: MessageKind
) -> None:
    barred = replace(recipient, may_message=MayMessage.NO)
    found = plan(kind, barred, school, now, earliest=now)
    assert found == NotPlanned(recipient.contact_id, Why.NOT_ALLOWED)


@given(recipients, schools, moments)
def test_what_nobody_has_confirmed_or_a_family_paused_waits_for_a_person(
    recipient: Recipient, school: Rules, now: datetime
) -> None:
    reached = replace(recipient, ways=(*recipient.ways, CALL))
    assume(reached.may_message is not MayMessage.NO)
    found = plan(MessageKind.PRAISE, reached, school, now, earliest=now)
    assert isinstance(found, Planned)
    must_wait = reached.may_message is MayMessage.ASK or reached.paused
    assert (found.state is State.HELD) == must_wait
    if not must_wait:
        assert found.state is (State.QUEUED if found.sender_id else State.BY_HAND)


@given(recipients, schools, moments)
def test_a_way_is_only_used_when_it_works_and_was_not_stopped(
    recipient: Recipient, school: Rules, now: datetime
) -> None:
    usable = [each for each in recipient.ways if each.state is WayState.OK and not each.stopped]
    found = plan(MessageKind.PRAISE, recipient, school, now, earliest=now)
    if recipient.may_message is MayMessage.NO or not usable:
        assert isinstance(found, NotPlanned)
        return
    assert isinstance(found, Planned)
    assert found.address == usable[0].address
    carried = usable[0].channel in CARRIED and recipient.language in {"mi", "en", "both"}
    assert (found.sender_id is not None) == carried


@given(recipients, schools, moments, st.integers(0, 60))
def test_no_text_leaves_or_is_still_valid_in_quiet_hours_whatever_the_clocks_do(
    recipient: Recipient, school: Rules, now: datetime, undo: int
) -> None:
    one = replace(recipient, ways=(TEXT,), language="mi", may_message=MayMessage.YES)
    earliest = now + timedelta(seconds=undo)
    found = plan(MessageKind.PRAISE, one, school, now, earliest=earliest)
    assert isinstance(found, Planned)
    quiet = recipient.quiet or school.quiet
    assert earliest <= found.due_at < found.expires_at <= found.due_at + timedelta(hours=26)
    assert not school.calendar.within_hours(found.due_at, *quiet)
    last = found.expires_at - timedelta(seconds=1)
    assert last <= found.due_at or not school.calendar.within_hours(last, *quiet)


@pytest.mark.parametrize(
    ("ways", "why"),
    [
        ((), Why.NO_WAY),
        ((way(Channel.TEXT, stopped=True),), Why.STOPPED),
        ((way(Channel.TEXT, state=WayState.HELD),), Why.ADDRESS_HELD),
        ((way(Channel.TEXT, state=WayState.WRONG),), Why.ADDRESS_WRONG),
        ((way(Channel.TEXT, state=WayState.NOT_TEXTABLE),), Why.ADDRESS_WRONG),
        ((way(Channel.TEXT, state=WayState.WRONG), way(Channel.EMAIL, stopped=True)), Why.STOPPED),
    ],
)
def test_a_no_says_why(ways: tuple[WayFacts, ...], why: Why) -> None:
    assert refused(replace(NGAIRE, ways=ways)) is why


def test_a_school_without_a_sender_cannot_send_and_says_so() -> None:
    assert refused(NGAIRE, rules(texts=None)) is Why.NO_SENDER
    assert refused(replace(NGAIRE, ways=(EMAIL,)), rules(mails=None)) is Why.NO_SENDER


def test_until_the_short_code_comes_the_next_way_in_the_order_they_like_is_used() -> None:
    found = planned(replace(NGAIRE, ways=(TEXT, EMAIL)), rules(texts=None))
    assert (found.channel, found.sender_id) == (Channel.EMAIL, MAILS)


def test_ways_are_tried_in_the_order_they_like() -> None:
    assert planned(replace(NGAIRE, ways=(EMAIL, TEXT))).channel is Channel.EMAIL
    assert planned(replace(NGAIRE, ways=(TEXT, EMAIL))).channel is Channel.TEXT


def test_stop_on_one_way_leaves_the_other() -> None:
    found = planned(replace(NGAIRE, ways=(way(Channel.TEXT, stopped=True), EMAIL)))
    assert (found.channel, found.state) == (Channel.EMAIL, State.QUEUED)


def test_a_dead_number_falls_back_to_a_call_by_a_person() -> None:
    found = planned(replace(NGAIRE, ways=(way(Channel.TEXT, state=WayState.WRONG), CALL)))
    assert (found.channel, found.state, found.why) == (Channel.CALL, State.BY_HAND, Why.CARRIED_BY_PERSON)


# what a person carries


@pytest.mark.parametrize("language", ["Samoan", "NZSL", "gagana Tokelau"])
def test_another_language_is_never_turned_into_english_but_carried_by_a_person(language: str) -> None:
    found = planned(replace(NGAIRE, language=language))
    assert (found.channel, found.state, found.why) == (Channel.INTERPRETER, State.BY_HAND, Why.OTHER_LANGUAGE)
    assert found.sender_id is None
    assert not found.welcome_first


def test_who_reads_another_language_and_wants_to_be_rung_is_rung() -> None:
    found = planned(replace(NGAIRE, language="Samoan", ways=(CALL,)))
    assert (found.channel, found.why) == (Channel.CALL, Why.OTHER_LANGUAGE)


@pytest.mark.parametrize("channel", [Channel.CALL, Channel.SLIP, Channel.VIDEO, Channel.INTERPRETER])
def test_a_call_a_slip_or_a_video_call_is_a_persons_to_do(channel: Channel) -> None:
    found = planned(replace(NGAIRE, ways=(way(channel),)))
    assert (found.channel, found.state, found.why) == (channel, State.BY_HAND, Why.CARRIED_BY_PERSON)


def test_a_family_in_mourning_is_not_rung_either() -> None:
    found = planned(replace(NGAIRE, ways=(CALL,), paused=True))
    assert (found.state, found.why) == (State.HELD, Why.PAUSED)


# holds


def test_a_contact_nobody_has_confirmed_is_held_with_no_end() -> None:
    found = planned(replace(NGAIRE, may_message=MayMessage.ASK))
    assert (found.state, found.why, found.held_until) == (State.HELD, Why.ACCESS_UNCONFIRMED, None)


def test_a_pause_without_an_end_holds_until_somebody_ends_it() -> None:
    found = planned(replace(NGAIRE, paused=True))
    assert (found.state, found.why, found.held_until) == (State.HELD, Why.PAUSED, None)


@pytest.mark.parametrize("zone", ZONES)
def test_a_pause_to_a_day_holds_to_the_end_of_that_day_at_the_school(zone: str) -> None:
    found = planned(replace(NGAIRE, paused=True, paused_until=date(2026, 11, 20)), rules(zone))
    assert found.held_until is not None
    assert found.held_until.astimezone(ZoneInfo(zone)) == datetime(2026, 11, 21, tzinfo=ZoneInfo(zone))


def test_who_is_both_paused_and_unconfirmed_waits_for_the_confirmation() -> None:
    both = replace(NGAIRE, may_message=MayMessage.ASK, paused=True, paused_until=date(2026, 11, 20))
    assert planned(both).why is Why.ACCESS_UNCONFIRMED


# hours


@pytest.mark.parametrize(
    ("now", "leaves", "ends"),
    [
        (datetime(2026, 11, 17, 2, 0, tzinfo=UTC), "Tue 15:00", "Tue 20:00"),
        (datetime(2026, 11, 17, 7, 0, tzinfo=UTC), "Wed 07:30", "Wed 20:00"),
        (datetime(2026, 11, 17, 12, 30, tzinfo=UTC), "Wed 07:30", "Wed 20:00"),
        (datetime(2026, 11, 17, 18, 29, 59, tzinfo=UTC), "Wed 07:30", "Wed 20:00"),
        (datetime(2026, 11, 17, 18, 30, tzinfo=UTC), "Wed 07:30", "Wed 20:00"),
        # Sunday 27 September 2026: at 2 am the clocks go on to 3; the night is an hour shorter.
        (datetime(2026, 9, 26, 12, 0, tzinfo=UTC), "Sun 07:30", "Sun 20:00"),
        # Sunday 5 April 2026: at 3 am they go back to 2; the night is an hour longer.
        (datetime(2026, 4, 4, 12, 0, tzinfo=UTC), "Sun 07:30", "Sun 20:00"),
    ],
)
def test_a_text_waits_for_the_morning_on_the_schools_own_clock(now: datetime, leaves: str, ends: str) -> None:
    found = planned(NGAIRE, now=now)
    assert (local(found.due_at), local(found.expires_at)) == (leaves, ends)
    assert found.why is (Why.QUIET_HOURS if found.due_at > now else None)


def test_the_chathams_keep_their_own_morning() -> None:
    found = planned(NGAIRE, rules("Pacific/Chatham"), datetime(2026, 11, 17, 12, 0, tzinfo=UTC))
    assert local(found.due_at, "Pacific/Chatham") == "Wed 07:30"
    assert local(found.due_at) == "Wed 06:45"


def test_a_mail_may_come_at_night_unless_they_asked_for_quiet() -> None:
    midnight = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)
    mailed = replace(NGAIRE, ways=(EMAIL,))
    assert planned(mailed, now=midnight).due_at == midnight
    assert local(planned(replace(mailed, quiet=(time(22), time(9))), now=midnight).due_at) == "Wed 09:00"


def test_a_night_worker_gets_texts_in_their_own_hours() -> None:
    found = planned(replace(NGAIRE, quiet=(time(8), time(16))))
    assert (local(found.due_at), local(found.expires_at)) == ("Tue 16:00", "Wed 08:00")


def test_with_no_quiet_hours_at_all_a_text_has_a_day() -> None:
    found = planned(NGAIRE, rules(quiet=NO_QUIET))
    assert (found.due_at, local(found.expires_at)) == (AFTERNOON, "Wed 00:00")


def test_a_mail_is_news_for_three_days() -> None:
    assert planned(replace(NGAIRE, ways=(EMAIL,))).expires_at == AFTERNOON + NEWS_LASTS


def test_the_time_to_undo_comes_before_the_time_to_go() -> None:
    later = AFTERNOON + timedelta(seconds=10)
    found = plan(MessageKind.PRAISE, NGAIRE, rules(), AFTERNOON, earliest=later)
    assert isinstance(found, Planned)
    assert (found.due_at, found.why) == (later, Why.UNDO)


# lanes and welcomes


@pytest.mark.parametrize(
    ("kind", "lane"),
    [
        (MessageKind.PRAISE, Lane.NORMAL),
        (MessageKind.NOTICE, Lane.NORMAL),
        (MessageKind.ANSWER, Lane.CONVERSATION),
        (MessageKind.CONSENT, Lane.CONVERSATION),
    ],
)
def test_answers_go_ahead_of_news(kind: MessageKind, lane: Lane) -> None:
    found = plan(kind, NGAIRE, rules(), AFTERNOON, earliest=AFTERNOON)
    assert isinstance(found, Planned)
    assert found.lane is lane


@pytest.mark.parametrize(
    ("kind", "welcomed", "first"),
    [
        (MessageKind.PRAISE, False, True),
        (MessageKind.PRAISE, True, False),
        (MessageKind.CONSENT, False, False),
    ],
)
def test_a_first_message_asks_for_a_welcome_and_an_answer_to_stop_does_not(
    kind: MessageKind, *, welcomed: bool, first: bool
) -> None:
    found = plan(kind, replace(NGAIRE, welcomed=welcomed), rules(), AFTERNOON, earliest=AFTERNOON)
    assert isinstance(found, Planned)
    assert found.welcome_first is first
