"""Planning: whether, how and when one message may go to one person. Pure: facts in, a plan or a reason out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from commsbridge.foundation.language import Language
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.messages.models import Lane, MessageKind, State
from commsbridge.whanau import CARRIED, Channel, MayMessage, Recipient, WayFacts, WayState

# Good news older than this is no longer news; it is then said to the teacher instead.
NEWS_LASTS = timedelta(days=3)
BOTH = "both"
# Going again to a wrong number or a held one is never right; a landline cannot be texted.
USABLE = frozenset({WayState.OK})


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
    NOT_TOLD = "not_told"
    SAME_PHONE = "same_phone"
    TE_REO_CHECK = "te_reo_check"
    TE_REO_LATE = "te_reo_late"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the school's side says: its senders, its calendar and its quiet hours (local, from and until)."""

    text_sender_id: uuid.UUID | None
    mail_sender_id: uuid.UUID | None
    calendar: SchoolCalendar
    quiet: tuple[time, time]

    def sender_for(self, channel: Channel) -> uuid.UUID | None:
        """The sender of a way that a carrier carries."""
        return self.text_sender_id if channel is Channel.TEXT else self.mail_sender_id


@dataclass(frozen=True, slots=True)
class Planned:
    """One delivery to make. ``language`` is mi, en or both; ``due_at`` and ``expires_at`` bound when it may leave."""

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


@dataclass(frozen=True, slots=True)
class NotPlanned:
    """Nothing can go to this person, and why."""

    contact_id: uuid.UUID
    why: Why


def plan(
    kind: MessageKind, recipient: Recipient, rules: Rules, now: datetime, *, earliest: datetime
) -> Planned | NotPlanned:
    """The delivery of one message to one recipient, or why there is none. ``earliest`` is after the undo time."""
    if recipient.may_message is MayMessage.NO:
        return NotPlanned(recipient.contact_id, Why.NOT_ALLOWED)
    way = _first_usable(recipient, rules)
    if isinstance(way, Why):
        return NotPlanned(recipient.contact_id, way)
    language = recipient.language if recipient.language in {*Language, BOTH} else None
    if language is None or way.channel not in CARRIED:
        why = Why.OTHER_LANGUAGE if language is None else Why.CARRIED_BY_PERSON
        return _by_hand(recipient, way, rules, now, why=why)
    quiet = recipient.quiet or rules.quiet
    opens = rules.calendar.next_opening(earliest, quiet if way.channel is Channel.TEXT or recipient.quiet else None)
    welcome_first = kind is not MessageKind.CONSENT and not recipient.welcomed
    hold = hold_for(recipient, rules)
    return Planned(
        contact_id=recipient.contact_id,
        channel=way.channel,
        address=way.address,
        sender_id=rules.sender_for(way.channel),
        language=language,
        state=State.HELD if hold else State.QUEUED,
        lane=Lane.CONVERSATION if kind in {MessageKind.ANSWER, MessageKind.CONSENT} else Lane.NORMAL,
        why=hold[0] if hold else Why.QUIET_HOURS if opens > earliest else Why.UNDO if earliest > now else None,
        held_until=hold[1] if hold else None,
        due_at=opens,
        expires_at=window_end(opens, quiet, rules.calendar) if way.channel is Channel.TEXT else opens + NEWS_LASTS,
        welcome_first=welcome_first,
    )


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


def _first_usable(recipient: Recipient, rules: Rules) -> WayFacts | Why:
    """The first way, in the order they like, that can be used now; else what stands against the last one tried."""
    against = Why.NO_WAY
    for way in recipient.ways:
        if way.stopped:
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


def hold_for(recipient: Recipient, rules: Rules) -> tuple[Why, datetime | None] | None:
    """Whether a person or a pause must let it go first, and until when if that is known."""
    if recipient.may_message is MayMessage.ASK:
        return Why.ACCESS_UNCONFIRMED, None
    if not recipient.paused:
        return None
    if recipient.paused_until is None:
        return Why.PAUSED, None
    return Why.PAUSED, start_of(recipient.paused_until + timedelta(days=1), rules.calendar)


def _by_hand(recipient: Recipient, way: WayFacts, rules: Rules, now: datetime, *, why: Why) -> Planned:
    """A person carries it: a call, a slip, a video call, an interpreter; a family's quiet time holds that, too."""
    channel = way.channel if way.channel not in CARRIED else Channel.INTERPRETER
    hold = hold_for(recipient, rules)
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
