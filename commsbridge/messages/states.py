"""The plain words of where a delivery stands, why, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from commsbridge.foundation.language import N_
from commsbridge.messages.gateways import Cause
from commsbridge.messages.models import Delivery, State
from commsbridge.messages.planning import Why
from commsbridge.whanau import Channel

Tone = Literal["quiet", "heed", "amiss"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a delivery stands, as message ids: ``sentence`` and, where somebody can do something, ``next_action``.

    Sentences may hold the slot %(until)s. ``tone`` is "quiet" unless a person is needed.
    """

    sentence: str
    tone: Tone
    next_action: str | None = None


WAITING = Standing(N_("Waiting to go"), "quiet")
SENTENCES: dict[State, Standing] = {
    State.QUEUED: WAITING,
    State.SENDING: Standing(N_("On its way"), "quiet"),
    State.SENT: Standing(N_("Sent, not yet known to have arrived"), "quiet"),
    State.DELIVERED: Standing(N_("Arrived"), "quiet"),
    State.UNCERTAIN: Standing(
        N_("Not known whether it went"),
        "heed",
        N_("We are asking the carrier. We will not send it again until we know."),
    ),
    State.CANCELLED: Standing(N_("Cancelled before it went"), "quiet"),
    State.BY_HAND: Standing(N_("For a person to do"), "heed", N_("Tell them yourself, then tick it off.")),
    State.HELD: Standing(N_("Held"), "heed"),
    State.FAILED: Standing(N_("Did not arrive"), "amiss", N_("Try another way, or tell them yourself.")),
}
# A carrier keeps no list of mails that could be asked.
MAIL_IN_DOUBT = Standing(N_("Not known whether it went"), "heed", N_("Try another way, or tell them yourself."))
PAUSED_UNTIL = Standing(N_("Held until %(until)s: this family has a quiet time"), "heed")
REASONS: dict[str, Standing] = {
    Why.UNDO: Standing(N_("Goes in a few seconds"), "quiet"),
    Why.QUIET_HOURS: Standing(N_("Waiting until %(until)s, in quiet hours"), "heed"),
    Why.ACCESS_UNCONFIRMED: Standing(
        N_("Held until the office confirms this contact"), "heed", N_("Ask the office to confirm.")
    ),
    Why.PAUSED: Standing(N_("Held: this family has a quiet time"), "heed"),
    Why.STOPPED: Standing(
        N_("Asked for no messages this way"), "quiet", N_("Talk at the gate, or ask which way they would like.")
    ),
    Why.HARD_DAY: Standing(N_("Held: a hard day, so good news waits until the next school day"), "heed"),
    Why.NOT_ALLOWED: Standing(N_("Not sent"), "quiet"),
    Why.NO_WAY: Standing(
        N_("There is no way to reach them"), "amiss", N_("Ask the office for a number or an address.")
    ),
    Why.ADDRESS_WRONG: Standing(N_("Their number or address does not work"), "amiss", N_("Ask the office to mend it.")),
    Why.ADDRESS_HELD: Standing(
        N_("Held: their number may have changed hands"), "heed", N_("The office is asked to confirm it.")
    ),
    Why.NO_SENDER: Standing(N_("The school cannot send this way yet"), "amiss", N_("Tell them yourself for now.")),
    Why.OTHER_LANGUAGE: Standing(
        N_("They read another language"), "heed", N_("Ring them, or find an interpreter, then tick it off.")
    ),
    Why.CARRIED_BY_PERSON: Standing(N_("For a person to do"), "heed", N_("Tell them yourself, then tick it off.")),
    Why.NEWS_TOO_OLD: Standing(
        N_("It could not go in time, so it was not sent late"), "amiss", N_("Tell them yourself, or praise again.")
    ),
    Why.NOT_TOLD: Standing(N_("No one could tell them"), "amiss", N_("Try another way, or tell them yourself.")),
    Why.PHOTO_WITHDRAWN: Standing(
        N_("Stopped: photos of this child may no longer go"), "heed", N_("Praise again without the photo.")
    ),
    Why.UNDONE: Standing(N_("Taken back before it went"), "quiet"),
    Why.WISHED_OTHERWISE: Standing(N_("They asked not to get messages like this one"), "quiet"),
    Why.SCHOOL_DAY: Standing(N_("Waiting until %(until)s, a school day"), "heed"),
    Why.SCHOOL_CLOSED: Standing(
        N_("School is closed for longer than this can wait"), "heed", N_("Send it when school is open again.")
    ),
    Why.AFTER_WEEKEND: Standing(N_("Waiting until %(until)s: this family rests at the weekend"), "quiet"),
    Why.FRIDAY_EVENING: Standing(N_("Waiting until %(until)s: this family likes good news on Friday evening"), "quiet"),
    Why.TOO_MANY_FAIL: Standing(
        N_("Held: too many messages of the school do not arrive"), "heed", N_("A leader has been asked to look.")
    ),
    Why.TOLD_ONCE: Standing(N_("They are told once, for all their children"), "quiet"),
    Why.SAME_PHONE: Standing(N_("They share a phone: one text reaches everybody on it"), "quiet"),
    Why.NOT_BY_TEXT: Standing(
        N_("This does not go by text"), "quiet", N_("Ring them, say it at the gate, or ask for an email address.")
    ),
    Why.TE_REO_CHECK: Standing(N_("Gone in English; te reo follows once somebody has checked it"), "quiet"),
    Why.TRANSLATING: Standing(
        N_("Waiting for a person to write it in te reo"),
        "heed",
        N_("If nobody can in time, it goes as written."),
    ),
    Why.TE_REO_LATE: Standing(N_("Gone in English; nobody checked the te reo in time"), "quiet"),
    Cause.BAD_ADDRESS: Standing(
        N_("The number or address is not right"), "amiss", N_("The office is asked to mend it.")
    ),
    Cause.OPTED_OUT: Standing(
        N_("Asked for no messages this way"), "quiet", N_("Talk at the gate, or ask which way they would like.")
    ),
    Cause.NOT_TEXTABLE: Standing(N_("That phone cannot get texts"), "amiss", N_("The office is asked to mend it.")),
    Cause.NOT_IN_SERVICE: Standing(
        N_("The number is no longer in service"), "amiss", N_("The office is asked to mend it.")
    ),
    Cause.UNREACHABLE: Standing(N_("The phone was off or out of reach"), "amiss", N_("Send it again by day, or ring.")),
    Cause.BLOCKED: Standing(
        N_("The carrier would not take it"), "amiss", N_("Try another way, or tell them yourself.")
    ),
    Cause.TOO_LONG: Standing(N_("It is too long for a text"), "amiss", N_("Write it shorter.")),
    Cause.EXPIRED: Standing(
        N_("The phone was off until it was too late"), "amiss", N_("Send it again by day, or ring.")
    ),
    Cause.UNKNOWN: Standing(
        N_("It did not arrive, and the carrier does not say why"), "amiss", N_("Send it again, or ring.")
    ),
    Cause.ROUTE: Standing(
        N_("The school's sender cannot reach this number"), "heed", N_("Try another way. We will keep trying too.")
    ),
    Cause.SENDER: Standing(N_("Waiting: the school's sender needs attention"), "heed", N_("The office has been told.")),
    Cause.CREDENTIALS: Standing(
        N_("Waiting: the school's sender needs attention"), "heed", N_("The office has been told.")
    ),
    Cause.BUSY: Standing(N_("Waiting: the carrier is busy"), "quiet"),
}


def standing(delivery: Delivery) -> Standing:
    """Where a delivery stands. What has arrived or is on its way needs no reason; else the reason says more."""
    state = State(delivery.state)
    if state is State.UNCERTAIN and delivery.channel == Channel.EMAIL:
        return MAIL_IN_DOUBT
    if state in {State.DELIVERED, State.SENT, State.SENDING, State.UNCERTAIN} or delivery.why is None:
        return SENTENCES[state]
    if delivery.why == Why.PAUSED and delivery.held_until is not None:
        return PAUSED_UNTIL
    return REASONS.get(delivery.why, SENTENCES[state])


def reason(why: Why, held_until: datetime | None = None) -> Standing:
    """Why nothing goes to somebody, or not yet."""
    return PAUSED_UNTIL if why is Why.PAUSED and held_until else REASONS[why]
