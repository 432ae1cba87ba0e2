"""Notices: one note to a family, a class or the whole school, a message about each child and each person told once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import partnership, schools, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import composing
from commsbridge.messages.composing import NO_DELIVERY, Composed
from commsbridge.messages.letters import Notice as NoticeWords
from commsbridge.messages.links import Links
from commsbridge.messages.models import Audience, Delivery, Lane, Message, MessageKind, Notice, State
from commsbridge.messages.planning import NotPlanned, Planned, Why, plan
from commsbridge.messages.telling import give_to_person
from commsbridge.messages.welcomes import Welcomes
from commsbridge.messages.writing import (
    UNDO,
    Greeting,
    Letterhead,
    SharedPhones,
    Written,
    letterhead_of,
    note_numbers,
    queue_delivery,
    wake_workers,
    write_welcomes,
)
from commsbridge.partnership import Line, Moment, NewLine
from commsbridge.students import Student
from commsbridge.whanau import Channel, Recipient

LONGEST_NOTICE = 600
LONGEST_REASON = 240
# More people are hit by a slip of the finger: there is more time to take it back.
UNDO_MANY = timedelta(seconds=60)
STATE_ORDER = {State.QUEUED: 0, State.BY_HAND: 1, State.HELD: 2}


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What somebody wrote to many, in English, in te reo Māori, or in both.

    ``urgent`` overrides hours, and needs a ``reason`` that is written down.
    """

    audience: Audience
    audience_id: uuid.UUID | None = None
    words_en: str = ""
    words_mi: str = ""
    urgent: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One person about one child: what they will get, or why nothing; ``carried_by`` tells it them already."""

    student: Student
    recipient: Recipient
    planned: Planned | None
    composed: Composed | None
    why: Why | None
    id: uuid.UUID = NO_DELIVERY
    carried_by: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a notice would do: whom it reaches how, what it costs (cents), and how long it takes to leave (seconds)."""

    told: tuple[Told, ...]
    texts: int
    segments: int
    mails: int
    by_hand: int
    held: int
    families_not_reached: tuple[Student, ...]
    cents: float
    seconds: float

    @property
    def people(self) -> int:
        """How many people it goes to."""
        return self.texts + self.mails + self.by_hand


@dataclass(slots=True)
class _Count:
    texts: int = 0
    segments: int = 0
    mails: int = 0
    by_hand: int = 0
    held: int = 0
    reached: set[uuid.UUID] = field(default_factory=set)


def check_notice(work: Work, draft: NoticeDraft, viewer: schools.Viewer) -> NoticeDraft:
    """The draft as it is kept. Raises Invalid for no words, too many, or urgency without a reason; NotAllowed."""
    words_en, words_mi, reason = tidy(draft.words_en), tidy(draft.words_mi), tidy(draft.reason)
    if not words_en and not words_mi:
        raise Invalid(N_("Write what whānau should know, in one language or in both."), field="words_en")
    for field_name, words in (("words_en", words_en), ("words_mi", words_mi)):
        if len(words) > LONGEST_NOTICE:
            raise Invalid(
                N_("That is longer than %(limit)s letters. Shorten it."), field=field_name, limit=LONGEST_NOTICE
            )
    if draft.urgent:
        if viewer.roles.isdisjoint(schools.sending_of(work).urgent_roles):
            raise NotAllowed(N_("Your role at this school does not send urgent messages. Ask somebody who does."))
        if not reason or len(reason) > LONGEST_REASON:
            raise Invalid(N_("Write in a few words why it cannot wait. It is kept."), field="reason")
    return replace(draft, words_en=words_en, words_mi=words_mi, reason=reason if draft.urgent else "")


def outlook(
    work: Work, draft: NoticeDraft, children: Sequence[Student], *, links: Links, to_send: bool = False
) -> Outlook:
    """What this notice to these children's families would do now."""
    head = letterhead_of(work, links)
    told = _plan_all(work, head, draft, children, to_send=to_send)
    count = _count(told)
    sending = schools.sending_of(work)
    sender = head.senders.get(head.rules.text_sender_id) if head.rules.text_sender_id else None
    mailer = head.senders.get(head.rules.mail_sender_id) if head.rules.mail_sender_id else None
    return Outlook(
        told=tuple(told),
        texts=count.texts,
        segments=count.segments,
        mails=count.mails,
        by_hand=count.by_hand,
        held=count.held,
        families_not_reached=tuple(child for child in children if child.id not in count.reached),
        cents=count.segments * sending.text_cents,
        seconds=max(
            max(0, count.segments - sender.burst) / sender.rate if sender else 0.0,
            max(0, count.mails - mailer.burst) / mailer.rate if mailer else 0.0,
        ),
    )


def _count(told: Sequence[Told]) -> _Count:
    count = _Count()
    for each in told:
        if each.planned is None or each.composed is None:
            continue
        count.reached.add(each.student.id)
        if each.carried_by is not None:
            continue
        count.held += each.planned.state is State.HELD
        if each.planned.channel is Channel.TEXT:
            count.texts += 1
            count.segments += each.composed.units
        elif each.planned.channel is Channel.EMAIL:
            count.mails += 1
        else:
            count.by_hand += 1
    return count


def _plan_all(
    work: Work, head: Letterhead, draft: NoticeDraft, children: Sequence[Student], *, to_send: bool
) -> list[Told]:
    """Everybody about every child; who is told about several children is told once, by what can go first."""
    earliest = work.now + undo_time(draft) if to_send else work.now
    lane = Lane.NORMAL if draft.audience is Audience.FAMILY else Lane.BULK
    today = schools.today(work)
    present = [child for child in children if child.left_on is None or child.left_on > today]
    recipients = whanau.recipients_about(work, [child.id for child in present], on=today, sender_ids=list(head.senders))
    writer = _writer(work)
    told: list[Told] = []
    for child in present:
        for recipient in recipients[child.id]:
            planned = plan(
                MessageKind.NOTICE, recipient, head.rules, work.now, earliest=earliest, urgent=draft.urgent, lane=lane
            )
            if isinstance(planned, NotPlanned):
                told.append(Told(child, recipient, None, None, planned.why))
                continue
            delivery_id = uuid.uuid4()
            composed = compose(head, draft, recipient, planned, writer=writer, delivery_id=delivery_id)
            told.append(Told(child, recipient, planned, composed, planned.why, delivery_id))
    return _each_once(told)


def _each_once(told: Sequence[Told]) -> list[Told]:
    phones, people = SharedPhones(), dict[uuid.UUID, uuid.UUID]()
    once: dict[int, Told] = {}
    order = sorted(range(len(told)), key=lambda place: _rank(told[place]))
    for place in order:
        each = told[place]
        if each.planned is None or each.composed is None:
            once[place] = each
            continue
        first = people.setdefault(each.planned.contact_id, each.id)
        shared = phones.carrier_of(each.planned, each.composed, each.id) if first == each.id else None
        carried_by = shared or (first if first != each.id else None)
        why = Why.SAME_PHONE if shared else Why.TOLD_ONCE if carried_by else each.why
        once[place] = replace(each, carried_by=carried_by, why=why)
    return [once[place] for place in range(len(told))]


def _rank(told: Told) -> int:
    return STATE_ORDER.get(told.planned.state, 3) if told.planned else 4


def undo_time(draft: NoticeDraft) -> timedelta:
    """How long a notice may be taken back."""
    return UNDO if draft.audience is Audience.FAMILY else UNDO_MANY


def _writer(work: Work) -> str:
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    return schools.staff_by_id(work, [work.actor.id])[work.actor.id].shown_name


def compose(
    head: Letterhead,
    draft: NoticeDraft | Notice,
    recipient: Recipient,
    planned: Planned,
    *,
    writer: str,
    delivery_id: uuid.UUID,
) -> Composed:
    """The notice for one person: their language where it was written, else the language it was typed in."""
    words = {Language.MI: draft.words_mi, Language.EN: draft.words_en}
    notice = NoticeWords(writer, {language: said for language, said in words.items() if said})
    return composing.compose_notice(
        head.paper, head.sender(planned), recipient, planned, notice, change_url=head.change_url(delivery_id)
    )


def send_notice(
    work: Work,
    draft: NoticeDraft,
    children: Sequence[Student],
    *,
    links: Links,
    once_key: str | None = None,
    confirmed: int | None = None,
) -> Notice:
    """Send a checked notice to these children's families. The same ``once_key`` again returns what was sent.

    To more than a class it must be ``confirmed`` with the number of people it goes to: Conflict when that is another
    by now. Raises Invalid when nobody can be reached; then nothing is written.
    """
    if once_key and (known := work.session.scalar(select(Notice).where(Notice.once_key == once_key))):
        return known
    seen = outlook(work, draft, children, links=links, to_send=True)
    if not seen.people:
        raise Invalid(N_("Nobody can be sent this message. Ask the office to add or mend contacts."))
    if draft.audience is Audience.SCHOOL and confirmed != seen.people:
        raise Conflict(N_("Look at the numbers again, then send: they have changed, or no one has confirmed them."))
    notice = _write_notice(work, draft, seen, once_key)
    if notice is None:
        return work.session.scalars(select(Notice).where(Notice.once_key == once_key)).one()
    _write_all(work, letterhead_of(work, links), notice, seen)
    wake_workers(work)
    return notice


def _write_notice(work: Work, draft: NoticeDraft, seen: Outlook, once_key: str | None) -> Notice | None:
    written = insert(Notice).values(
        id=uuid.uuid4(),
        staff_id=work.actor.id,
        audience=draft.audience,
        audience_id=draft.audience_id,
        words_en=draft.words_en,
        words_mi=draft.words_mi,
        urgent=draft.urgent,
        reason=draft.reason or None,
        people=seen.people,
        once_key=once_key,
        made_at=work.now,
        undo_until=work.now + undo_time(draft),
    )
    once = written.on_conflict_do_nothing(index_elements=[Notice.school_id, Notice.once_key])
    return work.session.scalar(once.returning(Notice))


def _write_all(work: Work, head: Letterhead, notice: Notice, seen: Outlook) -> None:
    """The welcomes first, then a message and a line for each child, and what goes to each person."""
    going = [each for each in seen.told if each.planned is not None and each.composed is not None]
    firsts = _welcome_all(work, head, [each for each in going if each.carried_by is None])
    messages = _messages(work, notice, {each.student.id: each.student for each in going})
    carriers_first = sorted(going, key=lambda each: each.carried_by is not None)
    with work.session.no_autoflush:
        for each in carriers_first:
            if each.planned is None or each.composed is None:
                continue
            message, line = messages[each.student.id]
            delivery = queue_delivery(
                work,
                head,
                Written(message, line, firsts.get(each.id)),
                each.planned,
                each.composed,
                delivery_id=each.id,
                carried_by_id=each.carried_by,
                carried_why=each.why if each.carried_by else None,
                flush=False,
            )
            if delivery.state is State.HELD:
                partnership.fold_onto(
                    work, line, Moment.HELD, contact_id=each.planned.contact_id, channel=each.planned.channel,
                    subject=("delivery", delivery.id), why=each.planned.why,
                )  # fmt: skip
    work.session.flush()
    note_numbers(work, head, [each.planned for each in going if each.planned is not None])
    for each in going:
        if each.carried_by is None and each.planned is not None and each.planned.state is State.BY_HAND:
            give_to_person(work, work.session.get_one(Delivery, each.id), messages[each.student.id][0])


def _welcome_all(work: Work, head: Letterhead, going: Sequence[Told]) -> dict[uuid.UUID, Delivery]:
    carried = [each for each in going if each.planned is not None and each.planned.sender_id]
    welcomes = Welcomes(work, [each.recipient.contact_id for each in carried])
    firsts: dict[uuid.UUID, Delivery] = {}
    new: dict[uuid.UUID, Greeting] = {}
    for each in carried:
        if each.planned is None:
            continue
        first = welcomes.before(each.planned)
        if first is not None:
            firsts[each.id] = first
        elif welcomes.wanted(each.planned):
            new[each.id] = Greeting(each.student, each.recipient, each.planned)
    written = write_welcomes(work, head, list(new.values()), staff_id=work.actor.id)
    whanau.mark_welcomed(work, [each.to.contact_id for each in new.values()])
    return firsts | dict(zip(new, written, strict=True))


def _messages(
    work: Work, notice: Notice, children: Mapping[uuid.UUID, Student]
) -> dict[uuid.UUID, tuple[Message, Line]]:
    """A message about each child with its line in the log, in a few statements however many there are."""
    words = "\n\n".join(filter(None, [notice.words_mi, notice.words_en]))
    ids = {student_id: uuid.uuid4() for student_id in children}
    new = [NewLine(student_id, ("message", ids[student_id])) for student_id in children]
    written = partnership.write_lines(work, Moment.NOTICE, new, staff_id=notice.staff_id, words=words)
    lines = dict(zip(children, written, strict=True))
    made = {
        student_id: Message(
            id=ids[student_id],
            kind=MessageKind.NOTICE,
            staff_id=notice.staff_id,
            student_id=student_id,
            notice_id=notice.id,
            words=words,
            line_id=lines[student_id].id,
            made_at=work.now,
            undo_until=notice.undo_until,
        )
        for student_id in children
    }
    work.session.add_all(made.values())
    work.session.flush()
    return {student_id: (made[student_id], lines[student_id]) for student_id in children}
