"""A hard day: what is cheerful waits until the next school day for every home of the child, or until a person says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from commsbridge import schools, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Delivery, Message, MessageKind
from commsbridge.messages.planning import Why
from commsbridge.messages.waiting import hold, release, waiting_deliveries
from commsbridge.messages.welcomes import welcomes_only_for
from commsbridge.students import Student
from commsbridge.whanau import MayMessage, Pause


@dataclass(frozen=True, slots=True)
class HeldNews:
    """That good news to one contact, by ``name``, is held for a hard day."""

    pause: Pause
    name: str


def hold_good_news(work: Work, student: Student) -> list[Pause]:
    """Hold all waiting praise to each contact of the child, about whichever child, until the next school day.

    New praise is held as it is planned. A contact whose good news is held already is left as they are.
    """
    today = schools.today(work)
    next_day = schools.calendar_of(work).next_school_day(today)
    until_on = next_day - timedelta(days=1) if next_day else today
    begun = []
    for each in whanau.recipients_of(work, student.id, on=today, sender_ids=()):
        if each.may_message is MayMessage.NO or each.hard_day_until is not None:
            continue
        begun.append(whanau.start_pause(work, contact_id=each.contact_id, until_on=until_on, hard_day=True))
        praise = waiting_deliveries(work, Delivery.contact_id == each.contact_id, Message.kind == MessageKind.PRAISE)
        hold(work, [*welcomes_only_for(work, praise), *praise], Why.HARD_DAY, until_on=until_on)
    return begun


def end_hard_day(work: Work, student: Student) -> None:
    """Let good news go again to the child's contacts, in the hours that fit."""
    for running in good_news_held(work, student):
        whanau.end_pause(work, running.pause.id)
        waiting = waiting_deliveries(work, Delivery.contact_id == running.pause.contact_id)
        release(work, [each for each in waiting if each.why == Why.HARD_DAY])


def good_news_held(work: Work, student: Student) -> Sequence[HeldNews]:
    """The hard days in force for the child's contacts, with the name of each contact."""
    today = schools.today(work)
    with_child = whanau.recipients_of(work, student.id, on=today, sender_ids=())
    names = {each.contact_id: each.name for each in with_child if each.may_message is not MayMessage.NO}
    running = whanau.hard_days_of(work, list(names), on=today)
    return [HeldNews(each, names[each.contact_id]) for each in running if each.contact_id is not None]
