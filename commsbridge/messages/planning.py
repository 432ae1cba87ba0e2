"""Planning: whether, how and when one message may go to one person. Pure: facts in, a plan or a reason out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from commsbridge.foundation.asked_language import language_meant
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.messages.models import Lane, MessageKind, State
from commsbridge.whanau import CARRIED, Channel, MayMessage, Recipient, WayFacts, WayState, WishKind

# Good news older than this is no longer news; it is then said to the teacher instead.
NEWS_LASTS = timedelta(days=3)
# Longer than a long weekend nothing waits for better hours: it would come out of the blue.
LONGEST_WAIT = timedelta(days=5)
# Something urgent that has not left by then is no longer urgent; a person is told.
URGENT_LASTS = timedelta(hours=6)
EVENING = time(17)
FRIDAY = 4
BOTH = "both"
# What answers a person, or a word of theirs, is their own conversation: no wish is against it.
CONVERSATION = frozenset({MessageKind.ANSWER, MessageKind.CONSENT})
ALWAYS_WISHED = CONVERSATION | {MessageKind.STAFF}
# What one person writes of their own accord: not from whom a contact would rather not hear.
OF_ONE_PERSON = frozenset({MessageKind.PRAISE, MessageKind.WORK_ON, MessageKind.NOTICE})
# Going again to a wrong number or a held one is never right; a landline cannot be texted.
USABLE = frozenset({WayState.OK})
# What home and school can both work on is read in peace, beside a person's own words: by mail, or said.
NEVER_TEXTED = frozenset({MessageKind.WORK_ON})


class Why(StrEnum):
    """Every reason for waiting, holding or not sending; messages.states has the plain words."""

    UNDO = "undo"
    QUIET_HOURS = "quiet_hours"
    ACCESS_UNCONFIRMED = "access_unconfirmed"
    PAUSED = "paused"
    NOT_ALLOWED = "not_allowed"
    STOPPED = "stopped"
    NO_WAY = "no_way"
    ADDRESS_WRONG = "address_wrong"
    ADDRESS_HELD = "address_held"
    NO_SENDER = "no_sender"
    OTHER_LANGUAGE = "other_language"
    CARRIED_BY_PERSON = "carried_by_person"
    NEWS_TOO_OLD = "news_too_old"
    UNDONE = "undone"
    PHOTO_WITHDRAWN = "photo_withdrawn"
    NOT_TOLD = "not_told"
    SAME_PHONE = "same_phone"
    TOLD_ONCE = "told_once"
    NOT_BY_TEXT = "not_by_text"
    TOO_MANY_FAIL = "too_many_fail"
    TE_REO_CHECK = "te_reo_check"
    TE_REO_LATE = "te_reo_late"
    HARD_DAY = "hard_day"
    WISHED_OTHERWISE = "wished_otherwise"
    SCHOOL_DAY = "school_day"
    SCHOOL_CLOSED = "school_closed"
    AFTER_WEEKEND = "after_weekend"
    FRIDAY_EVENING = "friday_evening"
    TRANSLATING = "translating"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the school's side says: its senders, its calendar and its quiet hours (local, from and until).

    ``school_days_only`` are the kinds of message it sends on school days alone; ``bulk_stopped``: what goes to many is
    held until somebody has looked at why so much does not arrive.
    """

    text_sender_id: uuid.UUID | None
    mail_sender_id: uuid.UUID | None
    calendar: SchoolCalendar
    quiet: tuple[time, time]
    school_days_only: frozenset[MessageKind] = frozenset()
    bulk_stopped: bool = False

    def sender_for(self, channel: Channel) -> uuid.UUID | None:
        """The sender of a way that a carrier carries."""
        return self.text_sender_id if channel is Channel.TEXT else self.mail_sender_id


@dataclass(frozen=True, slots=True)
class Planned:
    """One delivery to make: ``language`` is one we write, or both; ``due_at`` and ``expires_at`` bound it.

    ``urgent`` is what it is, whatever lane it goes in: it overrides hours whenever it is looked at again.
    """

    contact_id: uuid.UUID
    channel: Channel
    address: str | None
    sender_id: uuid.UUID | None
    language: str
    state: State
    lane: Lane
    why: Why | None
    held_until: datetime | None
    due_at: datetime
    expires_at: datetime
    welcome_first: bool
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class NotPlanned:
    """Nothing can go to this person, and why."""

    contact_id: uuid.UUID
    why: Why


def plan(
    kind: MessageKind,
    recipient: Recipient,
    rules: Rules,
    now: datetime,
    *,
    earliest: datetime,
    urgent: bool = False,
    lane: Lane = Lane.NORMAL,
) -> Planned | NotPlanned:
    """The delivery of one message to one recipient, or why there is none. ``earliest`` is after the undo time.

    ``urgent`` overrides hours alone: never a STOP, a wish or a limit. ``lane`` is for what goes to many.
    """
    if recipient.may_message is MayMessage.NO:
        return NotPlanned(recipient.contact_id, Why.NOT_ALLOWED)
    if not is_wished(kind, recipient, urgent=urgent):
        return NotPlanned(recipient.contact_id, Why.WISHED_OTHERWISE)
    way = _first_usable(kind, recipient, rules)
    if isinstance(way, Why):
        return NotPlanned(recipient.contact_id, way)
    language = BOTH if recipient.language == BOTH else language_meant(recipient.language)
    if language is None or way.channel not in CARRIED:
        why = Why.OTHER_LANGUAGE if language is None else Why.CARRIED_BY_PERSON
        return _by_hand(kind, recipient, way, rules, now, why=why)
    hours = hours_for(kind, recipient, way.channel, rules, earliest, urgent=urgent)
    if hours is None:
        return NotPlanned(recipient.contact_id, Why.SCHOOL_CLOSED)
    welcome_first = kind is not MessageKind.CONSENT and not recipient.welcomed
    hold = hold_for(kind, recipient, rules)
    if hold is None and rules.bulk_stopped and lane is Lane.BULK and not urgent:
        hold = Why.TOO_MANY_FAIL, None
    return Planned(
        contact_id=recipient.contact_id,
        channel=way.channel,
        address=way.address,
        sender_id=rules.sender_for(way.channel),
        language=str(language),
        state=State.HELD if hold else State.QUEUED,
        lane=Lane.URGENT if urgent else Lane.CONVERSATION if kind in CONVERSATION else lane,
        why=hold[0] if hold else hours.why or (Why.UNDO if earliest > now else None),
        held_until=hold[1] if hold else None,
        due_at=hours.opens_at,
        expires_at=hours.closes_at,
        welcome_first=welcome_first,
        urgent=urgent,
    )


def is_wished(kind: MessageKind, recipient: Recipient, *, urgent: bool = False) -> bool:
    """Whether a contact's finer wishes let this come: who asked for praise alone hears that, and answers to them.

    The two questions of a term come to whoever said yes to being asked, and to nobody else.
    """
    if kind in ALWAYS_WISHED:
        return True
    if kind is MessageKind.PULSE:
        return recipient.questions
    if recipient.other_child or (recipient.unheard and kind in OF_ONE_PERSON and not urgent):
        return False
    if recipient.hears is WishKind.PRAISE_ONLY:
        return kind in {MessageKind.PRAISE, MessageKind.WELCOME}
    return urgent or recipient.hears is not WishKind.URGENT_ONLY


@dataclass(frozen=True, slots=True)
class Hours:
    """When a message may leave: not before ``opens_at``, not after ``closes_at``; ``why`` it waits, if it does."""

    opens_at: datetime
    closes_at: datetime
    why: Why | None


def hours_for(
    kind: MessageKind,
    recipient: Recipient | None,
    channel: Channel,
    rules: Rules,
    earliest: datetime,
    *,
    urgent: bool = False,
) -> Hours | None:
    """The first hours that fit the family, the school and the kind; None when they are too far off for news.

    Mail keeps quiet hours only where the contact asked for some: it wakes nobody.
    """
    own = recipient.quiet if recipient else None
    quiet = own or rules.quiet
    kept = quiet if channel is Channel.TEXT or own else None
    opens, why = (earliest, None) if urgent else _opening(kind, recipient, kept, rules, earliest)
    if opens - earliest > LONGEST_WAIT:
        return None
    closes = window_end(opens, quiet, rules.calendar) if channel is Channel.TEXT else opens + NEWS_LASTS
    if urgent:
        closes = max(closes, opens + URGENT_LASTS)
    return Hours(opens, closes, why)


def _opening(
    kind: MessageKind,
    recipient: Recipient | None,
    quiet: tuple[time, time] | None,
    rules: Rules,
    earliest: datetime,
) -> tuple[datetime, Why | None]:
    """Each rule may move the moment on; it stands when none does any more."""
    moment, why = earliest, None
    weekend = recipient.weekend if recipient else None
    while moment - earliest <= LONGEST_WAIT:
        for reason, later in (
            (Why.FRIDAY_EVENING, _friday_evening(kind, weekend, rules, moment)),
            (Why.AFTER_WEEKEND, _after_weekend(weekend, rules, moment)),
            (Why.SCHOOL_DAY, _on_school_day(kind, rules, moment)),
            (Why.QUIET_HOURS, rules.calendar.next_opening(moment, quiet)),
        ):
            if later > moment:
                moment, why = later, reason
                break
        else:
            return moment, why
    return moment, why


def _friday_evening(kind: MessageKind, weekend: WishKind | None, rules: Rules, moment: datetime) -> datetime:
    """Praise of a Friday waits for the evening where the family likes to hear it together."""
    local = rules.calendar.local(moment)
    if kind is not MessageKind.PRAISE or weekend is not WishKind.FRIDAY_EVENING or local.weekday() != FRIDAY:
        return moment
    return max(moment, rules.calendar.moment(local.date(), EVENING))


def _after_weekend(weekend: WishKind | None, rules: Rules, moment: datetime) -> datetime:
    """From Friday evening on nothing comes until Monday, where the family wishes for that."""
    local = rules.calendar.local(moment)
    rests = local.weekday() > FRIDAY or (local.weekday() == FRIDAY and local.time() >= EVENING)
    if weekend is not WishKind.WEEKEND_REST or not rests:
        return moment
    return rules.calendar.moment(local.date() + timedelta(days=7 - local.weekday()), time())


def _on_school_day(kind: MessageKind, rules: Rules, moment: datetime) -> datetime:
    """Kinds the school sends on school days alone wait for the next; for ever, when none is known."""
    if kind not in rules.school_days_only:
        return moment
    today = rules.calendar.local(moment).date()
    if rules.calendar.is_school_day(today):
        return moment
    day = rules.calendar.next_school_day(today)
    return rules.calendar.moment(day, time()) if day else moment + 2 * LONGEST_WAIT


def window_end(opens: datetime, quiet: tuple[time, time], calendar: SchoolCalendar) -> datetime:
    """When the hours that began at ``opens`` end: a text not at its phone by then waits for the next day.

    Quiet hours that never end the day (from = until) leave a day's window.
    """
    local = calendar.local(opens)
    end = local.replace(hour=quiet[0].hour, minute=quiet[0].minute, second=0, microsecond=0)
    if end <= local:
        end = (local + timedelta(days=1)).replace(hour=quiet[0].hour, minute=quiet[0].minute, second=0, microsecond=0)
    return end.astimezone(UTC)


def start_of(day: date, calendar: SchoolCalendar) -> datetime:
    """The first moment of a day in the school's time zone, as UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(calendar.time_zone)).astimezone(UTC)


def _first_usable(kind: MessageKind, recipient: Recipient, rules: Rules) -> WayFacts | Why:
    """The first way, in the order they like, that can be used now; else what stands against the last one tried."""
    against = Why.NO_WAY
    for way in recipient.ways:
        if way.channel is Channel.TEXT and kind in NEVER_TEXTED:
            against = Why.NOT_BY_TEXT
        elif way.stopped:
            against = Why.STOPPED
        elif way.state is WayState.HELD:
            against = Why.ADDRESS_HELD
        elif way.state not in USABLE:
            against = Why.ADDRESS_WRONG
        elif way.channel in CARRIED and rules.sender_for(way.channel) is None:
            against = Why.NO_SENDER
        else:
            return way
    return against


def hold_for(kind: MessageKind, recipient: Recipient, rules: Rules) -> tuple[Why, datetime | None] | None:
    """Whether a person, a pause or (praise) a hard day must let it go first, and until when if that is known.

    A pause holds no answer: whoever asks something in a quiet time is not left without one.
    """
    if recipient.may_message is MayMessage.ASK:
        return Why.ACCESS_UNCONFIRMED, None
    if not recipient.paused or kind in CONVERSATION:
        if kind is not MessageKind.PRAISE or recipient.hard_day_until is None:
            return None
        return Why.HARD_DAY, start_of(recipient.hard_day_until + timedelta(days=1), rules.calendar)
    if recipient.paused_until is None:
        return Why.PAUSED, None
    return Why.PAUSED, start_of(recipient.paused_until + timedelta(days=1), rules.calendar)


def _by_hand(
    kind: MessageKind, recipient: Recipient, way: WayFacts, rules: Rules, now: datetime, *, why: Why
) -> Planned:
    """A person carries it: a call, a slip, a video call, an interpreter; a family's quiet time holds that, too."""
    channel = way.channel if way.channel not in CARRIED else Channel.INTERPRETER
    hold = hold_for(kind, recipient, rules)
    return Planned(
        contact_id=recipient.contact_id,
        channel=channel,
        address=way.address,
        sender_id=None,
        language=recipient.language[:8],
        state=State.HELD if hold else State.BY_HAND,
        lane=Lane.NORMAL,
        why=hold[0] if hold else why,
        held_until=hold[1] if hold else None,
        due_at=now,
        expires_at=now + NEWS_LASTS,
        welcome_first=False,
    )
