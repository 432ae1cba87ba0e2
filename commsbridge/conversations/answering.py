"""Answering a reply: claimed while somebody writes, so that two do not answer twice; sent, and the promise is kept."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import func, select

from commsbridge import messages, partnership, schools, whanau
from commsbridge.conversations.models import AnswerWords, Reply, ReplyAnswer, ReplyState
from commsbridge.conversations.placing import see_reply
from commsbridge.conversations.promises.keeping import ask, keep, promise_of, students_of
from commsbridge.conversations.promises.models import Kept
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import Answer, Links, Message
from commsbridge.partnership import Moment
from commsbridge.schools import Staff
from commsbridge.students import Student

# Who opened the answer and did not write it in this time is not writing it.
CLAIM_LASTS = timedelta(minutes=10)
TALKED = N_("We talked about what they wrote.")
LONGEST_KEPT, MOST_KEPT = 300, 20


def claim(work: Work, reply_id: uuid.UUID, *, take_over: bool = False) -> Staff | None:
    """Say that the actor writes an answer; gives whoever already does, who keeps the claim unless it is taken over.

    Raises NotFound.
    """
    reply = _to_answer(work, reply_id)
    other = claimed_by(work, reply)
    if other is not None and other.id != work.actor.id and not take_over:
        return other
    reply.claimed_by, reply.claimed_until = work.actor.id, work.now + CLAIM_LASTS
    work.session.flush()
    return None


def release(work: Work, reply_id: uuid.UUID) -> None:
    """The actor does not write an answer after all; another's claim stays."""
    reply = _to_answer(work, reply_id)
    if reply.claimed_by == work.actor.id:
        reply.claimed_by = reply.claimed_until = None
        work.session.flush()


def talked(work: Work, reply_id: uuid.UUID, *, language: Language) -> None:
    """They talked instead of writing: nothing is owed any more, and the talk stands in the log of each child, once.

    ``language`` is what its few words are said in.
    """
    promise = promise_of(work, reply_id, lock=True)
    if promise is None or promise.kept_at is not None:
        return
    keep(work, reply_id, Kept.TALKED)
    reply = work.session.get_one(Reply, reply_id)
    for student_id in students_of(work, reply_id):
        partnership.write_korero(
            work,
            student_id=student_id,
            moment=Moment.GATE,
            words=say(language, TALKED),
            happened_at=work.now,
            contact_id=reply.contact_id,
        )


def claimed_by(work: Work, reply: Reply) -> Staff | None:
    """Who is writing an answer to a reply now."""
    if reply.claimed_by is None or reply.claimed_until is None or reply.claimed_until <= work.now:
        return None
    return schools.staff_by_id(work, [reply.claimed_by]).get(reply.claimed_by)


def writer_of(work: Work, reply: Reply, student_ids: Sequence[uuid.UUID]) -> uuid.UUID | None:
    """The contact an answer goes to: who wrote, else the first on that phone who may hear of all these children."""
    if reply.contact_id is not None:
        return reply.contact_id
    writers = whanau.writers_at(work, reply.from_address, on=schools.today(work))
    return next((each.contact.id for each in writers if {*student_ids} <= {*each.students}), None)


def answer(
    work: Work,
    reply_id: uuid.UUID,
    children: Sequence[Student],
    said: Answer,
    *,
    links: Links,
    seen: int,
    once_key: str | None = None,
) -> Message:
    """Send an answer to whoever wrote; it keeps the promise, if one was owed, and the reply counts as seen.

    ``children`` are those the reply is about; ``seen`` how many answers the writer of this one had seen. Raises as
    messages.send_answer does; Conflict when somebody answered meanwhile; NotFound.
    """
    reply = _to_answer(work, reply_id)
    if once_key and (known := messages.message_once(work, once_key)):
        return known
    if answers_count(work, reply_id) != seen:
        raise Conflict(N_("Somebody has answered meanwhile. Read it, then send yours if it is still needed."))
    about = [child.id for child in children]
    contact_id = writer_of(work, reply, about)
    if contact_id is None or {*about} != {*students_of(work, reply_id)}:
        raise Conflict(N_("No way to write to them works now. Ring them, and say here that you talked."))
    message = messages.send_answer(work, children, contact_id, said, links=links, once_key=once_key)
    work.session.add(ReplyAnswer(id=uuid.uuid4(), reply_id=reply.id, message_id=message.id, at=work.now))
    reply.claimed_by = reply.claimed_until = None
    keep(work, reply_id, Kept.ANSWERED, message_id=message.id, until=said.goes_at)
    for student_id in about:
        see_reply(work, reply_id, student_id)
    return message


def take_back_answer(work: Work, message_id: uuid.UUID) -> uuid.UUID:
    """Take an answer back while there is time; what was owed is owed again. Gives the reply's id.

    Raises NotFound, or Conflict when it has gone.
    """
    row = work.session.scalars(select(ReplyAnswer).where(ReplyAnswer.message_id == message_id)).first()
    if row is None:
        raise NotFound(N_("That message is not here."))
    message = messages.undo_message(work, message_id)
    partnership.fold_others(work, ("message", message_id), Moment.UNDONE, but=message.line_id)
    promise = promise_of(work, row.reply_id)
    if promise is not None and promise.message_id == message_id:
        ask(work, row.reply_id)
    return row.reply_id


def answers_to(work: Work, reply_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The messages that answered replies, by reply, the first first; those taken back among them."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    rows = select(ReplyAnswer).where(ReplyAnswer.reply_id.in_(reply_ids)).order_by(ReplyAnswer.at, ReplyAnswer.id)
    for row in work.session.scalars(rows) if reply_ids else ():
        found.setdefault(row.reply_id, []).append(row.message_id)
    return found


def answers_count(work: Work, reply_id: uuid.UUID) -> int:
    """How many answers were written to a reply."""
    rows = select(func.count()).select_from(ReplyAnswer).where(ReplyAnswer.reply_id == reply_id)
    return work.session.scalar(rows) or 0


def _to_answer(work: Work, reply_id: uuid.UUID) -> Reply:
    reply = work.session.get(Reply, reply_id, with_for_update=True)
    if reply is None or reply.state is not ReplyState.FILED:
        raise NotFound(N_("That message is not here."))
    return reply


# Words somebody keeps for next time


def kept_words(work: Work) -> Sequence[AnswerWords]:
    """The actor's own short answers, the last kept first."""
    rows = select(AnswerWords).where(AnswerWords.staff_id == work.actor.id, AnswerWords.dropped_at.is_(None))
    return work.session.scalars(rows.order_by(AnswerWords.kept_at.desc(), AnswerWords.id)).all()


def keep_words(work: Work, words: str) -> AnswerWords:
    """Keep words for other answers. Raises Invalid for none, too many letters, or more than MOST_KEPT of them."""
    tidied = tidy(words)
    if not tidied or len(tidied) > LONGEST_KEPT:
        raise Invalid(N_("Keep 1 to %(longest)s letters for next time."), field="keep", longest=LONGEST_KEPT)
    own = kept_words(work)
    if known := next((each for each in own if each.words == tidied), None):
        return known
    if len(own) >= MOST_KEPT:
        raise Invalid(N_("You keep %(most)s already. Drop one first."), field="keep", most=MOST_KEPT)
    row = AnswerWords(id=uuid.uuid4(), staff_id=work.actor.id, words=tidied, kept_at=work.now)
    work.session.add(row)
    work.session.flush()
    return row


def drop_words(work: Work, words_id: uuid.UUID) -> None:
    """Keep words no longer. Raises NotFound for another's."""
    row = work.session.get(AnswerWords, words_id)
    if row is None or row.staff_id != work.actor.id or row.dropped_at is not None:
        raise NotFound(N_("Those words are not kept here any more."))
    row.dropped_at = work.now
    work.session.flush()
