"""Why nothing has arrived at a home: a wish is told as a wish, a fault with what helps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from commsbridge import schools, whanau
from commsbridge.foundation.language import N_
from commsbridge.reports import Regularity
from commsbridge.web.acting import Here
from commsbridge.web.shown import Shown
from commsbridge.whanau import CARRIED, MayMessage, Recipient, WayState

NOBODY = N_("Nobody is written down who may get messages about them.")
WISHED = N_("Their people asked for no messages, which is their wish. A talk or a call may be welcome.")
NO_WAY = N_("No number or address of theirs works: it can be mended, or a call may do better.")
BY_PERSON = N_("They are told by a person, and nobody has said yet that it was done.")
FAILED = N_("Messages went, and none of them arrived.")
UNCERTAIN = N_("Messages went, and nobody knows yet whether they arrived.")
NOTHING = N_("No praise was written in this time.")


def why_not(here: Here, shown: Shown, found: Sequence[Regularity]) -> dict[uuid.UUID, str]:
    """For each student to whose home nothing arrived: why, as things stand today."""
    ids = [each.facts.id for each in found]
    senders = [sender.id for sender in schools.senders_of(here.work)]
    people = whanau.recipients_about(here.work, ids, on=shown.today, sender_ids=senders)
    return {each.facts.id: shown.say(_why(each, people[each.facts.id])) for each in found}


def _why(each: Regularity, people: Sequence[Recipient]) -> str:
    able = [person for person in people if person.may_message is not MayMessage.NO]
    ways = [way for person in able for way in person.ways]
    works = [way for way in ways if way.state is WayState.OK and not way.stopped]
    if not able:
        return NOBODY
    if not works:
        return WISHED if any(way.stopped for way in ways) else NO_WAY
    if not each.facts.sent:
        by_person = not any(way.channel in CARRIED for way in works)
        return BY_PERSON if by_person and each.facts.praise else NOTHING
    return FAILED if each.facts.failed else UNCERTAIN
