"""Asking a family what only they can say: which child, and whether we shall stop; the words wait meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commsbridge import messages, schools, students, whanau
from commsbridge.conversations.choices import Choice, read_choice
from commsbridge.conversations.finding import candidates_of, find, writers_of
from commsbridge.conversations.keywords import Keyword
from commsbridge.conversations.matching import CONTEXT_LASTS, Ask, How, Match, Parked
from commsbridge.conversations.models import FamilyQuestion, QuestionKind, RawInbound, Reply, ReplyState
from commsbridge.conversations.posts import Post
from commsbridge.conversations.stopping import read_stop_answer
from commsbridge.conversations.wishes import answered_to, grant, log_wish
from commsbridge.conversations.writing_down import file_in_logs, give_to_match, keep
from commsbridge.foundation.work import Work
from commsbridge.schools import OptOut, Sender, SenderKind
from commsbridge.whanau import Channel, Writer

# Who asked us to stop and then says nothing has said it.
STOPS_AFTER = timedelta(hours=24)
CHOSEN = "CHOICE"
_DUE = text("SELECT DISTINCT school_id FROM family_questions WHERE closed_at IS NULL AND expires_at <= :now")


def open_questions(work: Work, address: str) -> list[FamilyQuestion]:
    """What a phone has been asked and has not answered, the newest first."""
    return work.once(("asked", address), lambda: questions_open(work, [address])[address])


def questions_open(work: Work, addresses: Collection[str]) -> dict[str, list[FamilyQuestion]]:
    """What each of these phones has been asked and has not answered, the newest first."""
    asked: dict[str, list[FamilyQuestion]] = {address: [] for address in addresses}
    rows = select(FamilyQuestion).where(
        FamilyQuestion.address.in_(asked), FamilyQuestion.closed_at.is_(None), FamilyQuestion.expires_at > work.now
    )
    for question in work.session.scalars(rows.order_by(FamilyQuestion.asked_at.desc(), FamilyQuestion.id)):
        asked[question.address].append(question)
    return asked


def question_of(work: Work, reply_id: uuid.UUID) -> FamilyQuestion | None:
    """The open question about words that wait."""
    rows = select(FamilyQuestion).where(FamilyQuestion.reply_id == reply_id, FamilyQuestion.closed_at.is_(None))
    return work.session.scalars(rows.limit(1)).first()


def may_ask(work: Work, post: Post, sender: Sender | None) -> bool:
    """Whether a question may go to that phone: never where an answer costs the family, or where they said STOP."""
    if sender is None or post.channel is not Channel.TEXT or sender.kind == SenderKind.STANDARD:
        return False
    return not has_stopped(work, post.from_address, sender)


def has_stopped(work: Work, address: str, sender: Sender) -> bool:
    """Whether an address said STOP to a sender."""
    return work.once(("stopped", sender.id, address), lambda: address in have_stopped(work, [address], sender))


def have_stopped(work: Work, addresses: Collection[str], sender: Sender) -> set[str]:
    """Those of these addresses that said STOP to a sender."""
    stopped = select(OptOut.address).where(OptOut.sender_id == sender.id, OptOut.address.in_(addresses))
    return set(work.session.scalars(stopped))


def ask_which_child(work: Work, post: Post, raw: RawInbound, ask: Ask, sender: Sender) -> Reply:
    """Keep the words for their place and ask; a phone that has an open question is not asked again."""
    asked = any(each.kind is QuestionKind.WHICH_CHILD for each in open_questions(work, post.from_address))
    names = students.names_of(work, ask.student_ids)
    to = answered_to(work, post, sender, writers_of(work, post))
    sent = asked or messages.ask_which_child(work, to, [names[child].preferred for child in ask.student_ids])
    if not sent:
        reply = keep(work, post, raw, ReplyState.PARKED, why=Parked.WHICH_CHILD, contact_id=ask.contact_id)
        give_to_match(work, reply)
        return reply
    reply = keep(work, post, raw, ReplyState.ASKED, why=Parked.WHICH_CHILD, contact_id=ask.contact_id)
    _note(work, reply, QuestionKind.WHICH_CHILD, sender, ask.student_ids, lasts=CONTEXT_LASTS)
    return reply


def _note(
    work: Work, reply: Reply, kind: QuestionKind, sender: Sender, children: Sequence[uuid.UUID], *, lasts: timedelta
) -> None:
    work.session.add(
        FamilyQuestion(
            id=uuid.uuid4(), reply_id=reply.id, contact_id=reply.contact_id, sender_id=sender.id,
            address=reply.from_address, kind=kind, student_ids=list(children), asked_at=work.now,
            expires_at=work.now + lasts,
        )
    )  # fmt: skip
    work.session.flush()
    work.forget(("asked", reply.from_address))


def take_answer(work: Work, post: Post, raw: RawInbound, sender: Sender) -> Reply | None:
    """Take a message as the answer to what was asked; None when it is none, and is read like any other."""
    for question in open_questions(work, post.from_address):
        if question.kind is QuestionKind.STOP:
            stop = read_stop_answer(post.words)
            if stop is not None:
                return _stop_answered(work, post, raw, question, sender, stop=stop)
        elif (choice := _choice(work, post, question)) is not None:
            return _chosen(work, post, raw, choice)
    return None


def _choice(work: Work, post: Post, question: FamilyQuestion) -> Choice | None:
    writers = writers_of(work, post)
    known = {child: names for each in candidates_of(work, writers) for child, names in each.students.items()}
    offered = {child: known[child] for child in question.student_ids if child in known}
    return read_choice(post.words, offered, order=question.student_ids)


def _chosen(work: Work, post: Post, raw: RawInbound, choice: Choice) -> Reply:
    """Everything that waits from this phone goes where its writer says, and the answer too, where it says more."""
    for question in open_questions(work, post.from_address):
        if question.kind is QuestionKind.WHICH_CHILD:
            _place(work, question, choice.children)
    if not choice.more:
        return keep(work, post, raw, ReplyState.COMMAND, command=CHOSEN)
    found = find(work, post, None)
    about = found.student_ids if isinstance(found, Match) else choice.children
    contact_id = found.contact_id if isinstance(found, Match) else None
    reply = keep(work, post, raw, ReplyState.FILED, contact_id=contact_id, how=How.ANSWER)
    file_in_logs(work, reply, about)
    return reply


def _place(work: Work, question: FamilyQuestion, children: Sequence[uuid.UUID]) -> None:
    """File the words that waited, where whoever wrote them may still hear of these children, and none has left."""
    writers = whanau.writers_at(work, question.address, on=schools.today(work))
    able = [writer for writer in writers if {*children} <= {*writer.students}]
    reply = work.session.get_one(Reply, question.reply_id, with_for_update=True)
    barred = {child for writer in writers for child in writer.barred} & {*children}
    left = students.left_by(work, {*children}, schools.today(work))
    fits = bool(children and able and not (barred or left) and {*children} <= {*question.student_ids})
    close_question(work, question, "answered" if fits else "none")
    if fits:
        reply.state, reply.how, reply.why = ReplyState.FILED, How.ANSWER, None
        file_in_logs(work, reply, children)
    else:
        park_again(work, reply, Parked.LEFT if left and not barred else Parked.WHICH_CHILD)


def close_question(work: Work, question: FamilyQuestion, outcome: str) -> None:
    """Nothing is asked any more."""
    question.closed_at, question.outcome = work.now, outcome
    work.session.flush()
    work.forget(("asked", question.address))


def park_again(work: Work, reply: Reply, why: Parked) -> None:
    """Words that waited for their writer wait for a person now."""
    reply.state, reply.why = ReplyState.PARKED, why
    work.session.flush()
    give_to_match(work, reply)


# Shall we stop?


def ask_to_stop(work: Work, post: Post, raw: RawInbound, sender: Sender) -> Reply:
    """Hold everything for that phone but the question; who is nobody's contact, or writes a mail, is obeyed at once."""
    writers = writers_of(work, post)
    only = writers[0].contact.id if len(writers) == 1 else None
    if not writers or post.channel is not Channel.TEXT:
        reply = keep(work, post, raw, ReplyState.PARKED, why=Parked.STOP_ASKED, contact_id=only, command=Keyword.STOP)
        grant(work, Keyword.STOP, post, sender, evidence_id=reply.id, contact_id=only)
        log_wish(work, reply, writers)
        give_to_match(work, reply)
        return reply
    reply = keep(work, post, raw, ReplyState.ASKED, why=Parked.STOP_ASKED, contact_id=only)
    asked = any(each.kind is QuestionKind.STOP for each in open_questions(work, post.from_address))
    children = list(dict.fromkeys(child for writer in writers for child in writer.students))
    _note(work, reply, QuestionKind.STOP, sender, children, lasts=STOPS_AFTER)
    if not asked:
        for writer in writers:
            messages.pause(work, contact_id=writer.contact.id, by_family=True)
        messages.ask_to_stop(work, answered_to(work, post, sender, writers))
    return reply


def _stop_answered(
    work: Work, post: Post, raw: RawInbound, question: FamilyQuestion, sender: Sender, *, stop: bool
) -> Reply:
    writers = writers_of(work, post)
    only = writers[0].contact.id if len(writers) == 1 else None
    reply = keep(work, post, raw, ReplyState.COMMAND, contact_id=only, command=Keyword.STOP if stop else Keyword.START)
    if stop:
        grant(work, Keyword.STOP, post, sender, evidence_id=reply.id, contact_id=only)
        log_wish(work, reply, writers)
        messages.answer_stop(work, answered_to(work, post, sender, writers))
    else:
        messages.answer_going_on(work, answered_to(work, post, sender, writers))
    _end_stop(work, question, writers, "answered")
    return reply


def settle_stop(work: Work, address: str) -> None:
    """STOP or START itself answers whether we shall stop."""
    for question in open_questions(work, address):
        if question.kind is QuestionKind.STOP:
            _end_stop(work, question, whanau.writers_at(work, address, on=schools.today(work)), "answered")
            return


def _end_stop(work: Work, question: FamilyQuestion, writers: Sequence[Writer], outcome: str) -> None:
    """Let go what the question held (after a STOP nothing is left to go), and give its words to a person to read."""
    held = {writer.contact.id for writer in writers}
    for pause in whanau.running_pauses(work, on=schools.today(work), contact_ids=held):
        if pause.asked_by_family and pause.from_at == question.asked_at:
            messages.end_pause(work, pause.id)
    rows = select(FamilyQuestion).where(
        FamilyQuestion.address == question.address,
        FamilyQuestion.kind == QuestionKind.STOP,
        FamilyQuestion.closed_at.is_(None),
    )
    for each in work.session.scalars(rows).all():
        close_question(work, each, outcome)
        park_again(work, work.session.get_one(Reply, each.reply_id), Parked.STOP_ASKED)


# What nobody answered


def schools_with_due_questions(session: Session, now: datetime) -> list[uuid.UUID]:
    """The schools with a question whose time is over, through the carrier's door."""
    return list(session.scalars(_DUE, {"now": now}))


def end_due_questions(work: Work) -> int:
    """Which child: a person decides. Shall we stop: no answer is a yes. Returns how many were closed."""
    rows = select(FamilyQuestion).where(FamilyQuestion.closed_at.is_(None), FamilyQuestion.expires_at <= work.now)
    due = work.session.scalars(rows.order_by(FamilyQuestion.asked_at).with_for_update(skip_locked=True)).all()
    for question in due:
        if question.closed_at is not None:
            continue
        if question.kind is QuestionKind.STOP:
            _stop_unanswered(work, question)
        else:
            close_question(work, question, "expired")
            park_again(work, work.session.get_one(Reply, question.reply_id), Parked.WHICH_CHILD)
    return len(due)


def _stop_unanswered(work: Work, question: FamilyQuestion) -> None:
    writers = whanau.writers_at(work, question.address, on=schools.today(work))
    reply = work.session.get_one(Reply, question.reply_id)
    messages.stop_messages(
        work, channel=Channel.TEXT, address=question.address, sender_id=question.sender_id, evidence="silence",
        evidence_id=reply.id, contact_id=question.contact_id,
    )  # fmt: skip
    log_wish(work, reply, writers)
    _end_stop(work, question, writers, "expired")
