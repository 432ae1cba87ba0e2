"""Alerts: a message that worries goes to the people a school named, further up until one of them opens it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commsbridge import messages, schools, students, whanau
from commsbridge.conversations.matching import Parked
from commsbridge.conversations.models import Reply, ReplyState
from commsbridge.conversations.safety.models import Outcome, SafetyAlert, SaidIn
from commsbridge.conversations.safety.screening import Screened, Screening, screen
from commsbridge.conversations.safety.watch import Watch, watch_of
from commsbridge.conversations.writing_down import file_in_logs, give_to_match
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, say
from commsbridge.foundation.work import Work
from commsbridge.messages import Answered
from commsbridge.schools import Permission, Sender, Staff
from commsbridge.whanau import Channel, Contact, Writer

# Once everybody was told and nobody has opened it, all are told again this often.
AGAIN = timedelta(hours=1)
EVERYBODY = 3
# So many messages of one phone or mailbox that nobody has opened call somebody each; what comes on top goes with them.
MOST_CALLS = 3
READ_NOW = N_("A message needs you to read it now: %(link)s")
_DUE = text("SELECT DISTINCT school_id FROM safety_alerts WHERE next_at <= :now")


def raise_alert(
    work: Work,
    reply: Reply,
    found: Screening,
    *,
    watch: Watch,
    student_ids: Sequence[uuid.UUID],
    writers: Sequence[Writer],
    sender: Sender | None,
) -> SafetyAlert:
    """Give a message to the named people, and let everything cheerful to that home wait until they have decided.

    ``writers`` is everybody whose phone or mailbox it came from. The first person is told by ``tell_next``, at once;
    where much from there waits unopened, whoever was told of that is told of this with it.
    """
    before = _waiting_from(work, reply.from_address, student_ids)
    alert = SafetyAlert(
        reply_id=reply.id, student_ids=list(student_ids), pause_ids=_quieten(work, [each.contact for each in writers])
    )
    _raise(work, alert, found)
    if len(before) >= MOST_CALLS and (with_them := before[0].next_at) is not None:
        alert.told, alert.next_at = before[0].told, min(with_them, work.now + timedelta(minutes=watch.minutes))
    if watch.answers and sender is not None and _may_be_answered(reply, writers):
        contact = writers[0].contact
        messages.answer_in_danger(work, Answered(reply.from_address, sender, contact.id, "both"))
    return alert


def raise_for_child(work: Work, student_id: uuid.UUID, words: str, *, said_in: SaidIn) -> SafetyAlert | None:
    """Give what a child said to the named people, as ``raise_alert`` does; None where it does not worry.

    Also where the school has named nobody. Good news to every home of the child waits.
    """
    if not watch_of(work).screens or (found := screen(words)).says is not Screened.URGENT:
        return None
    today = schools.today(work)
    cards = whanau.contacts_of(work, student_id, on=today, with_limited=True, sender_ids=[])
    pauses = _quieten(work, [card.contact for card in cards])
    return _raise(work, SafetyAlert(said_in=said_in, student_ids=[student_id], pause_ids=pauses), found)


def _raise(work: Work, alert: SafetyAlert, found: Screening) -> SafetyAlert:
    alert.id, alert.because = uuid.uuid4(), found.because
    alert.raised_at = alert.next_at = work.now
    work.session.add(alert)
    work.session.flush()
    return alert


def _waiting_from(work: Work, address: str, student_ids: Sequence[uuid.UUID]) -> Sequence[SafetyAlert]:
    """The last that came from an address about these children, and that nobody has opened."""
    rows = select(SafetyAlert).join(Reply, Reply.id == SafetyAlert.reply_id).where(
        Reply.from_address == address, SafetyAlert.opened_at.is_(None), SafetyAlert.student_ids == list(student_ids)
    )  # fmt: skip
    return work.session.scalars(rows.order_by(SafetyAlert.raised_at.desc(), SafetyAlert.id).limit(MOST_CALLS)).all()


def let_stand(work: Work, alert_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these alerts whose words the named people have let stand where they were written."""
    rows = select(SafetyAlert.id).where(SafetyAlert.id.in_(alert_ids), SafetyAlert.outcome == Outcome.FILED)
    return set(work.session.scalars(rows)) if alert_ids else set()


def _quieten(work: Work, writing: Collection[Contact]) -> list[uuid.UUID]:
    """Pause everybody of the writers' homes; who is paused already stays as they are."""
    ids = {contact.id for contact in writing}
    ids |= whanau.in_households(work, {contact.household_id for contact in writing if contact.household_id})
    running = whanau.running_pauses(work, on=schools.today(work), contact_ids=ids)
    open_ended = {pause.contact_id for pause in running if pause.until_on is None}
    quiet = sorted(ids - open_ended, key=str)
    return [messages.pause(work, contact_id=each, for_safety=True).id for each in quiet]


def _may_be_answered(reply: Reply, writers: Sequence[Writer]) -> bool:
    """Never a phone that others read too, or one that the school was asked not to answer."""
    return reply.channel == Channel.TEXT and len(writers) == 1 and not writers[0].contact.no_answers


def schools_with_due_alerts(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """The schools in which somebody further up must be told, through the carrier's door."""
    return session.scalars(_DUE, {"now": now}).all()


def tell_next(work: Work, *, url: str) -> int:
    """Tell the next person of every alert that nobody opened in time, at any hour.

    By mail and, where they have proven a phone, by text, once for all that is due now; neither says anything of it.
    ``url`` is the page that opens it. Returns how many alerts there were.
    """
    due = select(SafetyAlert).where(SafetyAlert.next_at <= work.now).with_for_update(skip_locked=True)
    alerts = work.session.scalars(due.order_by(SafetyAlert.raised_at, SafetyAlert.id)).all()
    alike: dict[tuple[int, tuple[uuid.UUID, ...]], list[SafetyAlert]] = {}
    for alert in alerts:
        alike.setdefault((alert.told, tuple(alert.student_ids)), []).append(alert)
    told = {staff.id: staff for those in alike.values() for staff in _take_step(work, those, watch_of(work))}
    for staff in told.values():
        messages.mail_safety_alert(work, staff, url=url)
        _text(work, staff, url)
    return len(alerts)


def _take_step(work: Work, alike: Sequence[SafetyAlert], watch: Watch) -> list[Staff]:
    """The next step that reaches somebody who is still here, the same for all of these: after the last, everybody."""
    told: list[Staff] = []
    taken = alike[0].told
    for step in range(taken, EVERYBODY + 1):
        told = [staff for staff in _step(work, watch, step) if _sees(work, staff, alike[0].student_ids)]
        taken = min(step + 1, EVERYBODY)
        if told:
            break
    for alert in alike:
        alert.told = taken
        alert.next_at = work.now + (timedelta(minutes=watch.minutes) if taken < EVERYBODY else AGAIN)
    work.session.flush()
    return told


def _text(work: Work, staff: Staff, url: str) -> None:
    """The same to their phone, where they have proven one: a mail wakes nobody at night."""
    if (phone := schools.phone_in_use(work, staff.id)) is not None:
        language = schools.language_of(work, staff)
        words = say(language, READ_NOW, link=url)
        messages.text_staff(work, staff, phone.address, words, language=language, expires_at=work.now + AGAIN)


def _step(work: Work, watch: Watch, step: int) -> list[Staff]:
    """Whom a step tells: the lead, the deputy, the leaders, then all of them; who has left is nobody."""
    able = {staff.id: staff for staff in schools.staff_with(work, Permission.OPEN_SAFETY, schools.today(work))}
    leaders = {staff.id for staff in schools.staff_with(work, Permission.SET_SAFETY, schools.today(work))}
    named = {each for each in (watch.lead_id, watch.deputy_id) if each}
    wanted = ({watch.lead_id}, {watch.deputy_id}, leaders, leaders | named)[min(step, EVERYBODY)]
    return [staff for staff_id, staff in able.items() if staff_id in wanted]


def _sees(work: Work, staff: Staff, student_ids: Sequence[uuid.UUID]) -> bool:
    """Whoever is whānau of the child, or restricted from them, is not told of what came from their home."""
    viewer = schools.viewer_for(work, staff.id)
    try:
        for student_id in student_ids:
            students.student_for(work, viewer, student_id)
    except NotFound:
        return False
    return True


def with_named_people(work: Work, student_id: uuid.UUID) -> Sequence[SafetyAlert]:
    """What came from a child's home and is with the named people, undecided or kept by them, newest first."""
    rows = select(SafetyAlert).where(
        SafetyAlert.student_ids.contains([student_id]), SafetyAlert.outcome.is_distinct_from(Outcome.FILED)
    )
    return work.session.scalars(rows.order_by(SafetyAlert.raised_at.desc())).all()


def unopened(work: Work) -> Sequence[SafetyAlert]:
    """The alerts nobody has opened, the oldest first."""
    rows = select(SafetyAlert).where(SafetyAlert.opened_at.is_(None)).order_by(SafetyAlert.raised_at)
    return work.session.scalars(rows).all()


def alerts_of(work: Work, *, since: datetime) -> Sequence[SafetyAlert]:
    """Everything undecided, and what was decided since, the newest first."""
    rows = select(SafetyAlert).where(SafetyAlert.decided_at.is_(None) | (SafetyAlert.decided_at >= since))
    return work.session.scalars(rows.order_by(SafetyAlert.raised_at.desc())).all()


def alert_by_id(work: Work, alert_id: uuid.UUID) -> tuple[SafetyAlert, Reply | None]:
    """An alert with its message, None for a child's words; each look is written down once it was opened.

    Raises NotFound.
    """
    alert = work.session.get(SafetyAlert, alert_id)
    if alert is None:
        raise NotFound(N_("That message is not here."))
    if alert.opened_at is not None:
        schools.note_look(work, subject="safety", subject_id=alert.id)
    return alert, work.session.get_one(Reply, alert.reply_id) if alert.reply_id else None


def undecided_from(work: Work, alert: SafetyAlert) -> Sequence[SafetyAlert]:
    """What else came from the same phone or mailbox and is not decided, the oldest first."""
    if alert.reply_id is None:
        return []
    there = select(Reply.from_address).where(Reply.id == alert.reply_id).scalar_subquery()
    rows = select(SafetyAlert).join(Reply, Reply.id == SafetyAlert.reply_id).where(
        Reply.from_address == there, SafetyAlert.outcome.is_(None), SafetyAlert.id != alert.id
    )  # fmt: skip
    return work.session.scalars(rows.order_by(SafetyAlert.raised_at, SafetyAlert.id)).all()


def came_from(work: Work, alerts: Collection[SafetyAlert]) -> dict[uuid.UUID, str]:
    """The number or address that each of these alerts came from, by its id; what a child said came from none."""
    rows = select(SafetyAlert.id, Reply.from_address).join(Reply, Reply.id == SafetyAlert.reply_id)
    found = work.session.execute(rows.where(SafetyAlert.id.in_([alert.id for alert in alerts])))
    return {alert_id: address for alert_id, address in found}  # noqa: C416


def open_alert(work: Work, alert_id: uuid.UUID) -> SafetyAlert:
    """Whoever acts has it now: nobody else is told any more. Raises NotFound."""
    alert, _ = alert_by_id(work, alert_id)
    if alert.opened_at is None:
        alert.opened_at, alert.opened_by, alert.next_at = work.now, work.actor.id, None
        work.session.flush()
    return alert


def decide(
    work: Work, alert_id: uuid.UUID, outcome: Outcome, *, reason: str, go_on: bool
) -> tuple[SafetyAlert, Reply | None]:
    """Write down what was decided and why; with ``go_on`` what waits for that home may go again.

    A message that was kept may be filed later; one that was filed stays so. Raises NotFound, Invalid without a reason,
    Conflict where it was filed already or nobody has opened it. Where matching could not say whose it is, filing gives
    it to whoever places such words. What a child said then stands where it was written, for school alone.
    """
    alert, reply = alert_by_id(work, alert_id)
    if alert.opened_at is None:
        raise Conflict(N_("Open it first."))
    if alert.outcome is Outcome.FILED:
        raise Conflict(N_("It is in the log already."))
    if not reason.strip():
        raise Invalid(N_("Write what was decided, and why."), field="reason")
    before = f"{alert.reason}\n" if alert.reason else ""
    alert.outcome, alert.reason = outcome, before + reason.strip()
    alert.decided_at, alert.decided_by = work.now, work.actor.id
    if outcome is Outcome.FILED and reply is not None:
        _file(work, reply, alert)
    if go_on:
        for pause_id in alert.pause_ids:
            messages.end_pause(work, pause_id, for_safety=True)
        alert.pause_ids = []
    work.session.flush()
    return alert, reply


def _file(work: Work, reply: Reply, alert: SafetyAlert) -> None:
    if reply.how is not None and reply.contact_id is not None and alert.student_ids:
        reply.state = ReplyState.FILED
        file_in_logs(work, reply, alert.student_ids)
        return
    reply.state, reply.why = ReplyState.PARKED, Parked.WHICH_CHILD
    work.session.flush()
    give_to_match(work, reply)
