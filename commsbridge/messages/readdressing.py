"""Readdressing: when a contact's numbers and addresses change, what already waits follows them or stops."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from commsbridge import tasks, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery
from commsbridge.messages.planning import Why
from commsbridge.messages.sharing import pass_on
from commsbridge.messages.waiting import cancel, hold, release, waiting_deliveries
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, Contact, Way, WayState

ABOUT_ADDRESSES = (TaskKind.CONFIRM_ADDRESS, TaskKind.MEND_ADDRESS)


def change_ways(work: Work, contact: Contact, ways: Sequence[tuple[Channel, str | None]]) -> list[Way]:
    """Give a contact these ways, in order; what waits for a number they no longer have goes to the new one, or stops.

    Raises Invalid, and changes nothing, when an address cannot be.
    """
    before = whanau.ways_in_use(work, contact.id)
    kept = whanau.set_ways(work, contact, ways)
    for way in before:
        if way.rank == 0:
            _close_tasks(work, way, outcome="replaced")
    _follow(work, contact.id)
    return kept


def settle_address(work: Work, way_id: uuid.UUID, *, right: bool, rung: str | None = None) -> None:
    """A person says whether a way is its contact's: one that was held or thought wrong is used again, or taken away.

    ``rung`` is which other number they rang before a held one is used again, or whanau.FACE_TO_FACE. What waits for
    it goes, follows the contact to the same kind of way, or stops. Raises NotFound for one out of use, Invalid where a
    held one is said to be right and nobody rang.
    """
    way = whanau.way_by_id(work, way_id)
    if way.state == WayState.HELD and way.address is not None:
        if right:
            whanau.hear_of_held(work, way, rung=rung)
        whanau.roll.settle_number(work, way.id, right=right)
    elif right:
        _close_tasks(work, whanau.trust_way(work, way.id), outcome="right")
    else:
        _close_tasks(work, whanau.drop_way(work, way.id), outcome="wrong")
    _follow(work, way.contact_id)


def _close_tasks(work: Work, way: Way, *, outcome: str) -> None:
    for kind in ABOUT_ADDRESSES:
        tasks.close_tasks_about(work, kind, way.id, outcome=outcome)


def _follow(work: Work, contact_id: uuid.UUID) -> None:
    """Bring what waits for a contact in line with the ways they have now."""
    ways = whanau.ways_in_use(work, contact_id)
    for delivery in waiting_deliveries(work, Delivery.contact_id == contact_id, Delivery.address.is_not(None)):
        if delivery.sender_id is None:
            _show_number(delivery, ways)
            continue
        way = _way_for(delivery, ways)
        if way is None or way.address != delivery.address:
            pass_on(work, [delivery])
        if way is None:
            cancel(work, [delivery], Why.ADDRESS_WRONG)
            continue
        delivery.address = way.address
        if way.state == WayState.HELD:
            hold(work, [delivery], Why.ADDRESS_HELD, until_on=None)
        elif delivery.why == Why.ADDRESS_HELD:
            release(work, [delivery])
    work.session.flush()


def _way_for(delivery: Delivery, ways: Sequence[Way]) -> Way | None:
    """The way a waiting delivery goes now: its own while the contact has it, else the first of its kind that works."""
    same_kind = [way for way in ways if way.channel == delivery.channel]
    own = next((way for way in same_kind if way.address == delivery.address), None)
    return own or next((way for way in same_kind if way.state == WayState.OK), None)


def _show_number(delivery: Delivery, ways: Sequence[Way]) -> None:
    """What a person carries stays theirs to carry; only the number beside it changes."""
    numbers = [way.address for way in ways if way.address is not None and way.channel != Channel.EMAIL]
    if delivery.address not in numbers:
        delivery.address = next(iter(numbers), None)
