"""Praise: see what each contact will get, and send it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import partnership, schools, whanau
from commsbridge.foundation import tokens
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import composing, letters, translating, wordings
from commsbridge.messages.composing import NO_DELIVERY, Composed
from commsbridge.messages.links import Links
from commsbridge.messages.models import Awaits, Message, MessageKind, Phrase, State
from commsbridge.messages.photos import photo_for
from commsbridge.messages.planning import NEWS_LASTS, NotPlanned, Planned, Why, plan
from commsbridge.messages.telling import give_to_person
from commsbridge.messages.welcomes import Welcomes
from commsbridge.messages.writing import (
    UNDO,
    Letterhead,
    SharedPhones,
    Written,
    letterhead_of,
    news_of,
    queue_delivery,
    wake_workers,
    write_welcome,
)
from commsbridge.partnership import Line, Moment
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, Recipient

# A text of three segments says enough; the page says so before anyone is stopped by it.
LONGEST_WORDS = 300
NOTE_LASTS = timedelta(days=30)
TE_REO = frozenset({"mi", "both"})


@dataclass(frozen=True, slots=True)
class Draft:
    """What a teacher chose and wrote about one child. ``as_link``: the words stay behind a link, out of the message.

    ``te_reo_first``: for whoever reads te reo Māori, own words wait a while for a translator, then go as written.
    ``photo_id`` is a photo that was kept for this child.
    """

    phrase_id: uuid.UUID | None = None
    words: str = ""
    words_language: Language | None = None
    as_link: bool = False
    te_reo_first: bool = False
    photo_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What one contact will get, or why nothing. ``unchecked``: it holds te reo that nobody has checked yet."""

    recipient: Recipient
    planned: Planned | None
    composed: Composed | None
    why: Why | None
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class _Praise:
    """What one praise is written from."""

    head: Letterhead
    student: Student
    draft: Draft
    news: letters.News
    phrase: Phrase | None
    deadline: datetime | None = None

    @property
    def kind(self) -> MessageKind:
        """The phrase says whether it is praise, or something to work on."""
        return MessageKind.WORK_ON if self.news.work_on else MessageKind.PRAISE


@dataclass(frozen=True, slots=True)
class _Ready:
    """One delivery, composed; ``carried_by`` names the one that brings the same words to the same phone already."""

    id: uuid.UUID
    recipient: Recipient
    to: Planned
    composed: Composed
    carried_by: uuid.UUID | None


def preview_praise(
    work: Work, student: Student, draft: Draft, *, links: Links, goes_at: datetime | None = None
) -> list[Preview]:
    """What each contact of the child would get now, or at ``goes_at``, in the order of the child's page.

    Limits are not shown here.
    """
    praise = _praise(work, student, draft, links)
    phones = SharedPhones()
    unchecked = praise.phrase is not None and wordings.phrase_is_unchecked(work, praise.phrase)
    return [
        _preview(praise, recipient, phones, goes_at or work.now, unchecked=unchecked)
        for recipient in _recipients(work, praise)
        if recipient.may_message is not whanau.MayMessage.NO
    ]


def _preview(praise: _Praise, recipient: Recipient, phones: SharedPhones, at: datetime, *, unchecked: bool) -> Preview:
    planned = plan(praise.kind, recipient, praise.head.rules, at, earliest=at)
    if isinstance(planned, NotPlanned):
        return Preview(recipient, None, None, planned.why)
    composed = _compose(praise, recipient, planned, NO_DELIVERY, praise.head.links.note_url("·" * 22))
    if phones.carrier_of(planned, composed, recipient.contact_id) is not None:
        return Preview(recipient, None, None, Why.SAME_PHONE)
    return Preview(recipient, planned, composed, planned.why, unchecked and composed.language in TE_REO)


def check_draft(work: Work, student: Student, draft: Draft) -> letters.News:
    """The good news a draft holds, its words tidied. Raises Invalid as send_praise does for what it says."""
    return _news(work, student, draft)[0]


def _news(work: Work, student: Student, draft: Draft) -> tuple[letters.News, Phrase | None]:
    words = tidy(draft.words)
    if len(words) > LONGEST_WORDS:
        raise Invalid(
            N_("That is longer than %(limit)s letters. A short praise is read; say the rest at the gate."),
            field="words",
            limit=LONGEST_WORDS,
        )
    phrase = work.session.get(Phrase, draft.phrase_id) if draft.phrase_id else None
    if draft.phrase_id and (phrase is None or phrase.retired_at is not None):
        raise Invalid(N_("That phrase is no longer in the bank. Choose another."), field="phrase")
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    if draft.photo_id is not None:
        photo_for(work, student, draft.photo_id)
    news = news_of(
        work,
        student,
        phrase_id=draft.phrase_id,
        words=words,
        staff_id=work.actor.id,
        words_language=draft.words_language,
        photo_id=draft.photo_id,
    )
    return news, phrase


def _praise(work: Work, student: Student, draft: Draft, links: Links) -> _Praise:
    news, phrase = _news(work, student, draft)
    return _Praise(letterhead_of(work, links), student, draft, news, phrase)


def _recipients(work: Work, praise: _Praise) -> list[Recipient]:
    student = praise.student
    if student.left_on is not None and student.left_on <= schools.today(work):
        return []
    return whanau.recipients_of(work, student.id, on=schools.today(work), sender_ids=list(praise.head.senders))


def _compose(
    praise: _Praise, recipient: Recipient, planned: Planned, delivery_id: uuid.UUID, link: str | None
) -> Composed:
    """The words for one person; with a ``link`` to the note where these must not stand in the message."""
    head = praise.head
    change_url = head.change_url(delivery_id)
    if praise.draft.as_link and link is not None and planned.channel in CARRIED:
        return composing.compose_note(
            head.paper,
            head.sender(planned),
            recipient,
            planned,
            child=praise.news.child,
            link=link,
            change_url=change_url,
        )
    return composing.compose_praise(
        head.paper,
        head.sender(planned),
        recipient,
        planned,
        praise.news,
        change_url=change_url,
        photo_url=head.photo_url(delivery_id),
    )


def send_praise(
    work: Work,
    student: Student,
    draft: Draft,
    *,
    links: Links,
    once_key: str | None = None,
    undo: timedelta = UNDO,
    together_id: uuid.UUID | None = None,
) -> Message:
    """Praise one child to every contact who may hear it, each in their way and language, after the time to ``undo``.

    ``together_id`` is shared by what was written as one for several children.

    The same ``once_key`` again returns the message already sent. Raises Invalid when nothing is said, when the words
    are too long, or when nobody can be reached; then nothing is written.
    """
    if once_key and (known := work.session.scalar(select(Message).where(Message.once_key == once_key))):
        return known
    deadline = te_reo_deadline(work, student, draft) if draft.te_reo_first else None
    praise = replace(_praise(work, student, draft, links), deadline=deadline)
    earliest = work.now + undo
    rules = praise.head.rules
    planned = [
        (each, plan(praise.kind, each, rules, work.now, earliest=earliest)) for each in _recipients(work, praise)
    ]
    phones = SharedPhones()
    ready = [_ready(work, praise, each, to, phones) for each, to in planned if isinstance(to, Planned)]
    if not ready:
        raise Invalid(
            N_(
                "Nobody can be sent a message about %(name)s yet. Ask the office to add or mend a contact, "
                "or write it into the log as a talk at the gate."
            ),
            name=student.preferred_name,
        )
    message = _write_message(work, praise, once_key, undo_until=earliest, together_id=together_id)
    if message is None:
        return work.session.scalars(select(Message).where(Message.once_key == once_key)).one()
    # The welcomes are written first, as they leave first: the log tells them in that order.
    going = [each for each in ready if each.carried_by is None]
    welcomes = Welcomes(work, [each.to.contact_id for each in going if each.to.sender_id])
    firsts = {each.id: welcomes.before(each.to) for each in going}
    for each in going:
        if firsts[each.id] is None and welcomes.wanted(each.to):
            staff_id = work.actor.id
            firsts[each.id] = write_welcome(work, praise.head, student, each.recipient, each.to, staff_id=staff_id)
    line = _write_line(work, praise, message)
    message.line_id = line.id
    for each in ready:
        _deliver(work, praise, Written(message, line, firsts.get(each.id)), each)
    if deadline and any(_waits_for_te_reo(praise, each) for each in ready):
        translating.offer(work, message, deadline_at=deadline)
    whanau.mark_welcomed(work, [each.to.contact_id for each in going if welcomes.wanted(each.to)])
    wake_workers(work)
    return message


def _ready(work: Work, praise: _Praise, recipient: Recipient, to: Planned, phones: SharedPhones) -> _Ready:
    delivery_id = uuid.uuid4()
    link = None
    if praise.draft.as_link and to.channel in CARRIED:
        link = open_note(work, praise.head, delivery_id)
    composed = _compose(praise, recipient, to, delivery_id, link)
    return _Ready(delivery_id, recipient, to, composed, phones.carrier_of(to, composed, delivery_id))


def open_note(work: Work, head: Letterhead, delivery_id: uuid.UUID) -> str:
    """The link to the note of one delivery, open for NOTE_LASTS."""
    secret = tokens.new_secret()
    schools.open_door(work, secret, purpose="note", subject_id=delivery_id, expires_at=work.now + NOTE_LASTS)
    return head.links.note_url(secret)


def _write_message(
    work: Work, praise: _Praise, once_key: str | None, *, undo_until: datetime, together_id: uuid.UUID | None
) -> Message | None:
    """The message, or None when the same form has become one: a second one at this moment waits for the first."""
    written = insert(Message).values(
        id=uuid.uuid4(),
        kind=praise.kind,
        staff_id=work.actor.id,
        student_id=praise.student.id,
        phrase_id=praise.draft.phrase_id,
        words=praise.news.words,
        as_link=praise.draft.as_link,
        once_key=once_key,
        together_id=together_id,
        photo_id=praise.draft.photo_id,
        made_at=work.now,
        undo_until=undo_until,
    )
    once = written.on_conflict_do_nothing(index_elements=[Message.school_id, Message.once_key])
    return work.session.scalar(once.returning(Message))


def _write_line(work: Work, praise: _Praise, message: Message) -> Line:
    phrase = praise.phrase
    spoken = [phrase.text_en, phrase.text_mi] if phrase else []
    name = praise.news.child
    return partnership.write_line(
        work,
        Moment.PRAISE if praise.kind is MessageKind.PRAISE else Moment.NOTICE,
        student_id=praise.student.id,
        staff_id=work.actor.id,
        subject=("message", message.id),
        words=" ".join([*(words.replace("{name}", name) for words in spoken), praise.news.words]),
    )


def _deliver(work: Work, praise: _Praise, written: Written, ready: _Ready) -> None:
    to, deadline = ready.to, _waits_for_te_reo(praise, ready)
    if deadline is not None and to.state is State.QUEUED:
        to = replace(to, state=State.HELD, why=Why.TRANSLATING, held_until=deadline)
    delivery = queue_delivery(
        work,
        praise.head,
        written,
        to,
        ready.composed,
        delivery_id=ready.id,
        carried_by_id=ready.carried_by,
        awaits=(Awaits.TRANSLATION, deadline) if deadline else None,
    )
    if delivery.state is State.BY_HAND:
        give_to_person(work, delivery, written.message)
    elif delivery.state is State.HELD:
        partnership.fold_onto(
            work, written.line, Moment.HELD, contact_id=to.contact_id, channel=to.channel,
            subject=("delivery", delivery.id), why=to.why,
        )  # fmt: skip
    if ready.composed.held_back and praise.phrase is not None and not praise.draft.as_link and not ready.carried_by:
        _let_follow(work, praise, written, ready)


def _waits_for_te_reo(praise: _Praise, ready: _Ready) -> datetime | None:
    """Until when one delivery waits for a translator; None when it does not."""
    if praise.deadline is None or ready.carried_by or ready.composed.held_back or ready.to.channel not in CARRIED:
        return None
    return praise.deadline if ready.composed.language in TE_REO else None


def te_reo_deadline(work: Work, student: Student, draft: Draft) -> datetime | None:
    """Until when a draft's own words could wait for te reo Māori; None when nobody could be offered them."""
    if not draft.words.strip() or draft.as_link or work.actor.id is None:
        return None
    can = translating.somebody_can(work, student.id, asked_by=work.actor.id)
    return translating.deadline_from(work, work.now) if can else None


def _let_follow(work: Work, praise: _Praise, written: Written, ready: _Ready) -> None:
    """The te reo of what goes in English waits until a person has checked it, while it is still news."""
    head, delivery_id = praise.head, uuid.uuid4()
    until = work.now + NEWS_LASTS
    later = replace(ready.to, language=Language.MI.value, state=State.HELD, why=Why.TE_REO_CHECK, held_until=until)
    composed = composing.compose_praise(
        replace(head.paper, voice=replace(head.paper.voice, held_back=frozenset())),
        head.sender(later),
        ready.recipient,
        later,
        replace(praise.news, phrase_held_back=False),
        change_url=head.change_url(delivery_id),
        photo_url=head.photo_url(delivery_id),
    )
    delivery = queue_delivery(
        work, head, written, later, composed, delivery_id=delivery_id, awaits=(Awaits.CHECK, until)
    )
    partnership.fold_onto(
        work, written.line, Moment.HELD, contact_id=later.contact_id, channel=later.channel,
        subject=("delivery", delivery.id), why=later.why,
    )  # fmt: skip
