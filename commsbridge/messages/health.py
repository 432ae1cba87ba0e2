"""How sending goes: rates and queues of every sender and school, and the alarms a school is told of once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Result, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from commsbridge import schools
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.messages import letters
from commsbridge.messages.models import LANE_RANK, Alarm, AlarmKind, Delivery, Lane, State
from commsbridge.messages.planning import Why
from commsbridge.messages.rules import bulk_is_stopped
from commsbridge.messages.staff_mail import mail_staff
from commsbridge.messages.waiting import WAITING, hold, release, waiting_deliveries
from commsbridge.schools import Permission

# Of what was handed over in a day: at the first the school is warned, at the second what goes to many is held.
WARN_RATE, STOP_RATE = 0.05, 0.10
# Fewer than these say nothing about a rate.
FEWEST = 20
LOOKS_BACK = timedelta(days=1)
OLD_QUEUE = timedelta(minutes=15)
MANY_UNCERTAIN = 5
# Most doubts are settled within minutes, by the carrier's report or by asking it: a leader hears of what stays.
OLD_DOUBT = timedelta(minutes=15)
# At this part of the budget the school is warned; at all of it, told again. Nothing is stopped, and no language is cut.
BUDGET_WARNS = 0.8
MAIL_LASTS = timedelta(days=2)

# Deliveries are written in the order of time, so that the block range index on made_at finds a day of them at once.
_RATES = text("""
SELECT school_id, sender_id,
       count(*) FILTER (WHERE attempt > 0 AND state IN ('sent', 'delivered', 'failed', 'uncertain')) AS handed,
       count(*) FILTER (WHERE attempt > 0 AND state = 'failed' AND why IS DISTINCT FROM 'opted_out') AS failed,
       count(*) FILTER (WHERE state = 'uncertain' AND settled_at < now() - :doubted) AS uncertain
FROM deliveries WHERE made_at >= :since AND sender_id IS NOT NULL GROUP BY school_id, sender_id
""")
_QUEUES = text("""
SELECT school_id, sender_id, count(*) AS waiting, min(due_at) AS oldest_at
FROM deliveries WHERE state = 'queued' AND due_at <= :now AND expires_at > :now GROUP BY school_id, sender_id
""")
_SPENT = text("""
SELECT school_id, sum(units) AS segments FROM deliveries
WHERE made_at >= :since AND channel = 'text' AND attempt > 0 GROUP BY school_id
""")


@dataclass(frozen=True, slots=True)
class SenderHealth:
    """How one sender fared for one school: what was handed over in the last day, and what waits now.

    ``failed`` leaves out what a STOP stopped: that is a wish. ``uncertain`` counts doubts older than OLD_DOUBT.
    ``oldest_at`` is when the first waiting fell due.
    """

    school_id: uuid.UUID
    sender_id: uuid.UUID
    handed: int = 0
    failed: int = 0
    uncertain: int = 0
    waiting: int = 0
    oldest_at: datetime | None = None

    @property
    def failure_rate(self) -> float:
        """Part of what was handed over that did not arrive; 0 where too few say anything."""
        return rate_of(self.handed, self.failed)

    def notable(self, now: datetime) -> bool:
        """Whether a school should hear of it."""
        late = self.oldest_at is not None and now - self.oldest_at > OLD_QUEUE
        return self.failure_rate >= WARN_RATE or self.uncertain >= MANY_UNCERTAIN or late


@dataclass(frozen=True, slots=True)
class SchoolHealth:
    """How everything that one school handed over in the last day fared, all its senders together."""

    school_id: uuid.UUID
    handed: int
    failed: int

    @property
    def failure_rate(self) -> float:
        """Part of what was handed over that did not arrive; 0 where too few say anything."""
        return rate_of(self.handed, self.failed)


def rate_of(handed: int, failed: int) -> float:
    """The part that failed; 0 where fewer than FEWEST were handed over."""
    return failed / handed if handed >= FEWEST else 0.0


def schools_health(health: Iterable[SenderHealth]) -> list[SchoolHealth]:
    """The same by school."""
    by_school: dict[uuid.UUID, list[SenderHealth]] = defaultdict(list)
    for each in health:
        by_school[each.school_id].append(each)
    return [
        SchoolHealth(school_id, sum(each.handed for each in several), sum(each.failed for each in several))
        for school_id, several in by_school.items()
    ]


def senders_health(session: Session, now: datetime) -> list[SenderHealth]:
    """Every sender of every school that sent in the last day or has something waiting; through any door.

    Through the carrier's door that is all schools, through a school's own its own.
    """
    rates = {(row.school_id, row.sender_id): row for row in _rates_since(session, now - LOOKS_BACK)}
    queues = {(row.school_id, row.sender_id): row for row in session.execute(_QUEUES, {"now": now})}
    return [
        SenderHealth(
            *key,
            handed=rates[key].handed if key in rates else 0,
            failed=rates[key].failed if key in rates else 0,
            uncertain=rates[key].uncertain if key in rates else 0,
            waiting=queues[key].waiting if key in queues else 0,
            oldest_at=queues[key].oldest_at if key in queues else None,
        )
        for key in sorted({*rates, *queues}, key=str)
    ]


def _rates_since(session: Session, since: datetime) -> Result[Any]:
    return session.execute(_RATES, {"since": since, "doubted": OLD_DOUBT})


def segments_since(session: Session, since: datetime) -> dict[uuid.UUID, int]:
    """Text segments handed over since a moment, by school."""
    return {row.school_id: int(row.segments) for row in session.execute(_SPENT, {"since": since})}


def month_began(work: Work) -> datetime:
    """The first moment of this calendar month on the school's clock (UTC)."""
    calendar = schools.calendar_of(work)
    first = calendar.local(work.now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return calendar.moment(first.date(), first.time())


def open_alarms(work: Work) -> Sequence[Alarm]:
    """What the school has been told of and is not over, the oldest first."""
    return work.session.scalars(select(Alarm).where(Alarm.ended_at.is_(None)).order_by(Alarm.since_at, Alarm.id)).all()


def watch_school(work: Work, health: Sequence[SenderHealth], *, segments: int | None = None, url: str) -> list[Alarm]:
    """Raise and end this school's alarms by how its senders fare; leaders are mailed once for each that begins.

    At STOP_RATE what goes to many is held, until a person lets it go. ``segments`` are this month's (None: not asked
    now). Returns those that began.
    """
    standing = _standing(work, health, segments)
    begun = [alarm for kind, subject in sorted(standing) if (alarm := _begin(work, kind, subject)) is not None]
    asked = {*AlarmKind} - {AlarmKind.BULK_STOPPED} - (_OF_BUDGET if segments is None else set())
    for alarm in open_alarms(work):
        if alarm.kind in asked and (alarm.kind, alarm.subject) not in standing:
            alarm.ended_at = work.now
    if bulk_is_stopped(work):
        _hold_bulk(work)
    for alarm in begun:
        _mail_leaders(work, alarm, url=url)
    work.session.flush()
    return begun


_OF_BUDGET = frozenset({AlarmKind.BUDGET_NEAR, AlarmKind.BUDGET_REACHED})


def _standing(work: Work, health: Sequence[SenderHealth], segments: int | None) -> set[tuple[AlarmKind, str]]:
    looked = _looked_at(work)
    found = {(kind, str(each.sender_id)) for each in health for kind in _of_sender(work, each, looked)}
    told = {kind for kind, _ in found}
    found |= {
        (kind, "") for each in schools_health(health) for kind in _of_school(work, each, looked) if kind not in told
    }
    found |= {(AlarmKind.SENDER, str(sender.id)) for sender in schools.senders_of(work) if sender.alarm is not None}
    return found | {(kind, "") for kind in _of_budget(work, segments)}


def _of_school(work: Work, health: SchoolHealth, looked: datetime | None) -> Iterator[AlarmKind]:
    """What all its senders together show, when none of them hands over enough to show it alone."""
    yield from _of_rate(work, health.failure_rate, looked, sender_id=None)


def _of_rate(work: Work, rate: float, looked: datetime | None, *, sender_id: uuid.UUID | None) -> Iterator[AlarmKind]:
    if rate >= WARN_RATE:
        yield AlarmKind.FAILURES
    if rate >= STOP_RATE and (looked is None or _fails_since(work, sender_id, looked)):
        yield AlarmKind.BULK_STOPPED


def _of_sender(work: Work, health: SenderHealth, looked: datetime | None) -> Iterator[AlarmKind]:
    yield from _of_rate(work, health.failure_rate, looked, sender_id=health.sender_id)
    if health.oldest_at is not None and work.now - health.oldest_at > OLD_QUEUE:
        yield AlarmKind.QUEUE_OLD
    if health.uncertain >= MANY_UNCERTAIN:
        yield AlarmKind.UNCERTAIN


def _of_budget(work: Work, segments: int | None) -> Iterator[AlarmKind]:
    rules = schools.sending_of(work)
    if segments is None or rules.budget_cents is None:
        return
    part = segments * rules.text_cents / rules.budget_cents
    if part >= BUDGET_WARNS:
        yield AlarmKind.BUDGET_REACHED if part >= 1 else AlarmKind.BUDGET_NEAR


def _looked_at(work: Work) -> datetime | None:
    """When somebody last let go what had been stopped: what failed before is known."""
    return work.session.scalar(select(func.max(Alarm.ended_at)).where(Alarm.kind == AlarmKind.BULK_STOPPED))


def _fails_since(work: Work, sender_id: uuid.UUID | None, looked: datetime) -> bool:
    """Whether what one sender (None: all of the school's) handed over since then fails as often."""
    since = _rates_since(work.session, max(looked, work.now - LOOKS_BACK))
    rows = [row for row in since if sender_id in {None, row.sender_id}]
    return rate_of(sum(row.handed for row in rows), sum(row.failed for row in rows)) >= STOP_RATE


def _begin(work: Work, kind: AlarmKind, subject: str) -> Alarm | None:
    """The alarm, or None when it stands already."""
    written = insert(Alarm).values(id=uuid.uuid4(), kind=kind, subject=subject, since_at=work.now)
    once = written.on_conflict_do_nothing(
        index_elements=[Alarm.school_id, Alarm.kind, Alarm.subject],
        index_where=Alarm.ended_at.is_(None),
    )
    return work.session.scalar(once.returning(Alarm))


def _hold_bulk(work: Work) -> None:
    bulk = waiting_deliveries(work, Delivery.lane == LANE_RANK[Lane.BULK], Delivery.state == State.QUEUED)
    hold(work, bulk, Why.TOO_MANY_FAIL, until_on=None)


def let_bulk_go(work: Work) -> int:
    """A person has looked: what goes to many goes again, in the hours that fit. Returns how many were held."""
    for alarm in open_alarms(work):
        if alarm.kind is AlarmKind.BULK_STOPPED:
            alarm.ended_at = work.now
    held = waiting_deliveries(work, Delivery.why == Why.TOO_MANY_FAIL, Delivery.state.in_(WAITING))
    release(work, held)
    return len(held)


SUBJECT = N_("Messages from %(school)s need a look")
SAYS: dict[AlarmKind, str] = {
    AlarmKind.FAILURES: N_("More than 5 in 100 messages of the last day did not arrive."),
    AlarmKind.BULK_STOPPED: N_(
        "More than 10 in 100 messages of the last day did not arrive. What goes to many is held until you have looked."
    ),
    AlarmKind.QUEUE_OLD: N_("Messages have been waiting for more than 15 minutes."),
    AlarmKind.UNCERTAIN: N_("We do not know whether several messages went."),
    AlarmKind.SENDER: N_("The carrier does not accept the school’s number or password. Nothing is lost: it waits."),
    AlarmKind.BUDGET_NEAR: N_("This month’s texts have used four fifths of the school’s budget."),
    AlarmKind.BUDGET_REACHED: N_(
        "This month’s texts have used up the school’s budget. Everything still goes, in every language."
    ),
}


def _mail_leaders(work: Work, alarm: Alarm, *, url: str) -> None:
    """Once for each alarm that begins; where the school has no mail sender the page alone says it."""
    if schools.sender_for_mails(work) is None:
        return
    school = schools.school_of(work)
    for staff in schools.staff_with(work, Permission.SET_SENDING, schools.today(work)):
        language = schools.language_of(work, staff)
        letter = letters.alarm_mail(
            language,
            subject=say(language, SUBJECT, school=school.name_mi if language is Language.MI else school.name_en),
            name=staff.name,
            says=say(language, SAYS[alarm.kind]),
            link=url,
        )
        mail_staff(work, staff, letter, language=language, expires_at=work.now + MAIL_LASTS)


def schools_to_watch(health: Collection[SenderHealth], now: datetime) -> set[uuid.UUID]:
    """The schools that have something to be told."""
    ill = {each.school_id for each in schools_health(health) if each.failure_rate >= WARN_RATE}
    return ill | {each.school_id for each in health if each.notable(now)}
