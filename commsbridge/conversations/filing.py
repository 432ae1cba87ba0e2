"""Filing: a stored request becomes a reply in the log of the right child, an obeyed keyword, or a task for a person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from commsbridge import messages, partnership, schools, students, tasks, whanau
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.conversations.keywords import Keyword, keyword_of
from commsbridge.conversations.matching import CONTEXT_LASTS, Candidate, Match, Parked, Sent, match
from commsbridge.conversations.models import RawInbound, Reply, ReplyState, ReplyStudent
from commsbridge.conversations.stripping import reply_words
from commsbridge.foundation.addresses import read_phone
from commsbridge.foundation.errors import Conflict, Invalid, NotFound, Refusal
from commsbridge.foundation.language import N_
from commsbridge.foundation.reading_language import language_written
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import Answered, Delivery, Message
from commsbridge.partnership import Moment
from commsbridge.schools import Role, Sender
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, Writer

WISHES = {Keyword.STOP: messages.stop_messages, Keyword.START: messages.start_messages}


@dataclass(frozen=True, slots=True)
class Post:
    """An inbound message of either kind, as filing needs it. ``delivery_id`` is what a reply token named."""

    raw_id: uuid.UUID
    channel: Channel
    from_address: str
    to_address: str
    subject: str | None
    words: str
    original: str
    delivery_id: uuid.UUID | None
    automatic: bool
    proven: bool
    carrier_answered: bool
    keyword: Keyword | None


def post_of_text(raw_id: uuid.UUID, inbound: InboundText) -> Post:
    """A text as a post. What the carrier says it already obeyed (OptOutType) is obeyed, and not answered again."""
    words = tidy(inbound.body)
    obeyed = Keyword(inbound.opt_out) if inbound.opt_out in set(Keyword) else None
    return Post(
        raw_id=raw_id,
        channel=Channel.TEXT,
        from_address=_phone(inbound.from_number),
        to_address=inbound.to_number,
        subject=None,
        words=words,
        original=_kept(inbound.body),
        delivery_id=None,
        automatic=False,
        proven=True,
        carrier_answered=obeyed is not None,
        keyword=obeyed or keyword_of(words),
    )


def post_of_mail(raw_id: uuid.UUID, inbound: InboundMail, *, delivery_id: uuid.UUID | None, our_domain: str) -> Post:
    """A mail as a post: the words above our marker, the whole kept beside them."""
    original = _kept(inbound.text)
    words = tidy(reply_words(original, our_domain=our_domain))
    proven = not {inbound.spf, inbound.dkim} & {"fail", "softfail"}
    return Post(
        raw_id=raw_id,
        channel=Channel.EMAIL,
        from_address=inbound.from_address.casefold()[:254],
        to_address=(inbound.to_addresses or ("",))[0][:254],
        subject=tidy(inbound.subject)[:400] or None,
        words=words,
        original=original,
        delivery_id=delivery_id,
        automatic=inbound.automatic,
        proven=proven,
        carrier_answered=False,
        keyword=_mail_keyword(words) if proven or delivery_id else None,
    )


def post_of_page(raw_id: uuid.UUID, delivery: Delivery, words: str) -> Post:
    """An answer written on the page behind a delivery's own link: from whoever it went to, and no keyword."""
    return Post(
        raw_id=raw_id,
        channel=Channel(delivery.channel),
        from_address=delivery.address or "",
        to_address="page",
        subject=None,
        words=tidy(words),
        original=_kept(words),
        delivery_id=delivery.id,
        automatic=False,
        proven=True,
        carrier_answered=False,
        keyword=None,
    )


def _mail_keyword(words: str) -> Keyword | None:
    """STOP and START hold for mail, too; nobody answers HELP there but a person, so it is a letter like any other."""
    keyword = keyword_of(words)
    return None if keyword is Keyword.HELP else keyword


def _kept(text: str) -> str:
    """The words as they came, but for NUL, which no database keeps: where one stood is shown."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _phone(written: str) -> str:
    """The number as we keep numbers; short codes and anything else stay as they came."""
    try:
        return read_phone(written).e164
    except Refusal:
        return written[:254]


def take(work: Work, post: Post, *, sender: Sender | None) -> Reply | None:
    """File one stored request in this school, once; None when it was taken before. Everything is kept."""
    raw = work.session.get(RawInbound, post.raw_id, with_for_update={"skip_locked": True})
    if raw is None or raw.taken_at is not None:
        return None
    raw.taken_at = work.now
    raw.trouble = None
    answered = messages.delivery_of(work, post.delivery_id) if post.delivery_id else None
    if answered is None:
        # A token of ours, but for a delivery that is not here (an older backup was restored): the address must do.
        post = replace(post, delivery_id=None)
    if post.automatic:
        return _keep(work, post, raw, ReplyState.AUTOMATIC)
    if post.keyword is not None and sender is not None and _is_theirs(post, answered):
        return _obey(work, post, raw, sender)
    found = _by_token(work, post, *answered) if answered else _by_address(work, post)
    if isinstance(found, Parked):
        return _park(work, post, raw, found, sender)
    reply = _keep(work, post, raw, ReplyState.FILED, contact_id=found.contact_id)
    _file(work, reply, found.student_ids)
    return reply


def _keep(
    work: Work,
    post: Post,
    raw: RawInbound,
    state: ReplyState,
    *,
    contact_id: uuid.UUID | None = None,
    why: str | None = None,
    command: str | None = None,
) -> Reply:
    reply = Reply(
        id=uuid.uuid4(),
        raw_id=raw.id,
        contact_id=contact_id,
        delivery_id=post.delivery_id,
        channel=post.channel,
        from_address=post.from_address,
        to_address=post.to_address,
        subject=post.subject,
        words=post.words,
        original=post.original,
        proven=post.proven,
        state=state,
        why=why,
        command=command,
        language=language_written(post.words),
        received_at=raw.received_at,
    )
    work.session.add(reply)
    work.session.flush()
    return reply


def _writers(work: Work, post: Post) -> list[Writer]:
    return whanau.writers_at(work, post.from_address, on=schools.today(work))


def _is_theirs(post: Post, answered: tuple[Delivery, Message] | None) -> bool:
    """Whether a keyword is its writer's own wish: a mail that was passed on is not the passer's to stop."""
    return answered is None or post.from_address == answered[0].address


def _by_address(work: Work, post: Post) -> Match | Parked:
    """Without a token, the address it came from and what went there lately say whose words they are."""
    writers = _writers(work, post)
    related = {student_id for writer in writers for student_id in (*writer.students, *writer.barred)}
    names = students.names_of(work, related)
    candidates = [
        Candidate(
            writer.contact.id,
            {student_id: names[student_id] for student_id in writer.students},
            barred=[names[student_id] for student_id in writer.barred],
        )
        for writer in writers
    ]
    sent = [
        Sent(delivery.contact_id, message.student_id, delivery.sent_at or delivery.made_at)
        for delivery, message in messages.recent_to(work, post.from_address, since=work.now - CONTEXT_LASTS)
    ]
    found = match(post.words, candidates, sent, work.now)
    # A mail's From can be forged: without a token its words wait for a person when the domain did not vouch for it.
    if isinstance(found, Match) and post.channel is Channel.EMAIL and not post.proven:
        return Parked.FORGED
    return found


def _by_token(work: Work, post: Post, delivery: Delivery, message: Message) -> Match | Parked:
    """A token names the contact and the child it was about; it proves nothing about who wrote back."""
    writer = whanau.writer_for(work, delivery.contact_id, on=schools.today(work)) if delivery.contact_id else None
    if writer is None or message.student_id is None:
        return Parked.UNKNOWN_SENDER
    if message.student_id not in writer.students:
        return Parked.NO_ACCESS
    if post.from_address != delivery.address:
        # Passed on, or answered from another mailbox: the words are not dropped, and not taken for the contact's own.
        return Parked.WHICH_PERSON
    return Match(writer.contact.id, (message.student_id,))


def _file(work: Work, reply: Reply, student_ids: Sequence[uuid.UUID]) -> None:
    """One line in the log of each child it is about."""
    for student_id in student_ids:
        line = partnership.write_line(
            work,
            Moment.REPLY,
            student_id=student_id,
            at=reply.received_at,
            contact_id=reply.contact_id,
            channel=reply.channel,
            subject=("reply", reply.id),
            words=reply.words,
        )
        work.session.add(ReplyStudent(id=uuid.uuid4(), reply_id=reply.id, student_id=student_id, line_id=line.id))
    work.session.flush()


def _park(work: Work, post: Post, raw: RawInbound, why: Parked, sender: Sender | None) -> Reply:
    """Words that have no safe place wait for a person, and nothing is lost."""
    reply = _keep(work, post, raw, ReplyState.PARKED, why=why.value)
    _give_to_match(work, reply)
    if why is Parked.UNKNOWN_SENDER and post.channel is Channel.TEXT and sender is not None:
        messages.answer_stranger(work, Answered(post.from_address, sender, None, "both"))
    return reply


def obey_elsewhere(work: Work, post: Post, *, sender: Sender | None) -> None:
    """A wish about a sender that schools share holds in this school, too; its words belong to another."""
    if sender is not None and post.keyword is not None:
        _grant(work, post, sender, evidence_id=None, contact_id=None)


def _grant(
    work: Work, post: Post, sender: Sender, *, evidence_id: uuid.UUID | None, contact_id: uuid.UUID | None
) -> None:
    if post.keyword in WISHES:
        WISHES[post.keyword](
            work, channel=post.channel, address=post.from_address, sender_id=sender.id,
            evidence="carrier" if post.carrier_answered else "reply", evidence_id=evidence_id, contact_id=contact_id,
        )  # fmt: skip


def _obey(work: Work, post: Post, raw: RawInbound, sender: Sender) -> Reply:
    """STOP, START and HELP hold for the whole phone, whoever on it wrote."""
    writers = _writers(work, post)
    only = writers[0].contact.id if len(writers) == 1 else None
    reply = _keep(work, post, raw, ReplyState.COMMAND, contact_id=only, command=post.keyword)
    _grant(work, post, sender, evidence_id=reply.id, contact_id=only)
    for writer in writers:
        for student_id in writer.students:
            _log_wish(work, reply, writer.contact.id, student_id)
    if not post.carrier_answered and post.channel is Channel.TEXT:
        _answer_keyword(work, post, sender, writers)
    return reply


def _log_wish(work: Work, reply: Reply, contact_id: uuid.UUID, student_id: uuid.UUID) -> None:
    """A wish is told neutrally: it is no fault. HELP changes nothing and is not told."""
    if reply.command == Keyword.HELP:
        return
    partnership.write_line(
        work,
        Moment.WISH,
        student_id=student_id,
        at=reply.received_at,
        contact_id=contact_id,
        channel=reply.channel,
        subject=("reply", reply.id),
    )


def _answer_keyword(work: Work, post: Post, sender: Sender, writers: Sequence[Writer]) -> None:
    language = "both"
    if len(writers) == 1:
        language = whanau.language_of(work, writers[0].contact.id, on=schools.today(work))
    to = Answered(post.from_address, sender, writers[0].contact.id if len(writers) == 1 else None, language)
    answer = {
        Keyword.STOP: messages.answer_stop,
        Keyword.START: messages.answer_start,
        Keyword.HELP: messages.answer_help,
    }
    if post.keyword is not None:
        answer[post.keyword](work, to)


def settle_parked(work: Work, reply_id: uuid.UUID, *, contact_id: uuid.UUID, student_ids: Sequence[uuid.UUID]) -> Reply:
    """A person says whose parked words are and which child they are about.

    Raises NotFound; Conflict when somebody was first; Invalid when the contact may not hear of one of the children.
    """
    reply = _parked(work, reply_id, ReplyState.PARKED)
    writer = whanau.writer_for(work, contact_id, on=schools.today(work))
    if writer is None or not student_ids or any(student_id not in writer.students for student_id in student_ids):
        raise Invalid(N_("Choose a contact, and a child that this contact may hear of."), field="student")
    reply.contact_id = contact_id
    _settle_as(work, reply, ReplyState.FILED)
    _file(work, reply, student_ids)
    tasks.close_tasks_about(work, TaskKind.MATCH_REPLY, reply.id, outcome="placed")
    return reply


def dismiss_parked(work: Work, reply_id: uuid.UUID) -> Reply:
    """A person says that parked words are from nobody of the school's; they are set aside, and kept.

    Raises NotFound, or Conflict when somebody was first.
    """
    reply = _parked(work, reply_id, ReplyState.PARKED)
    _settle_as(work, reply, ReplyState.NOT_OURS)
    tasks.close_tasks_about(work, TaskKind.MATCH_REPLY, reply.id, outcome="not ours")
    return reply


def recall_parked(work: Work, reply_id: uuid.UUID) -> Reply:
    """Words that were set aside wait for a person again. Raises NotFound, or Conflict when somebody was first."""
    reply = _parked(work, reply_id, ReplyState.NOT_OURS)
    reply.state, reply.settled_by, reply.settled_at = ReplyState.PARKED, None, None
    work.session.flush()
    _give_to_match(work, reply)
    return reply


def _give_to_match(work: Work, reply: Reply) -> None:
    """Somebody must say whose words these are; that somebody is restricted is not the office's to know."""
    role = Role.LEARNING_SUPPORT if reply.why == Parked.NO_ACCESS else Role.OFFICE
    tasks.give_task(work, TaskKind.MATCH_REPLY, role=role, subject_id=reply.id, words=reply.why or "")


def _parked(work: Work, reply_id: uuid.UUID, state: ReplyState) -> Reply:
    """The reply in this state, held until the act ends. Raises NotFound, or Conflict when it is in another by now."""
    reply = work.session.get(Reply, reply_id, with_for_update=True)
    if reply is None:
        raise NotFound(N_("That message is not here."))
    if reply.state != state:
        raise Conflict(N_("Somebody has already placed this message."))
    return reply


def _settle_as(work: Work, reply: Reply, state: ReplyState) -> None:
    reply.state, reply.settled_by, reply.settled_at = state, work.actor.id, work.now
    work.session.flush()


def see_reply(work: Work, reply_id: uuid.UUID, student_id: uuid.UUID) -> None:
    """A member of staff has read a reply about a child; the log says who, once."""
    row = work.session.scalars(
        select(ReplyStudent)
        .where(ReplyStudent.reply_id == reply_id, ReplyStudent.student_id == student_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound(N_("That message is not here."))
    if row.seen_at is None:
        row.seen_at, row.seen_by = work.now, work.actor.id
        line = partnership.entry_of(work, row.line_id)
        if line is not None:
            partnership.fold_onto(work, line.line, Moment.SEEN)
        work.session.flush()
