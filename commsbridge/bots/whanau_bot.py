"""The whānau bot: a keyword's deed and its one answer. It is no person, and promises nobody's time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from commsbridge import books, conversations, meetings, messages, pulse, schools, students, tasks, whanau
from commsbridge.bots.asked_days import day_asked
from commsbridge.conversations import Keyword, Post, Reply, ReplyState
from commsbridge.foundation.work import Work
from commsbridge.messages import Answered, Links
from commsbridge.schools import Role, Sender, Staff
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, Writer

# What went to a phone in the last fortnight says whose teacher is asked.
LATELY = timedelta(days=14)
# What one phone asks for of a person is one thing, however often it is typed.
NAMESPACE = uuid.NAMESPACE_OID
LANGUAGES = {Keyword.TE_REO: "mi", Keyword.ENGLISH: "en", Keyword.BOTH: "both"}
# Conversations did and answered all there is of these.
OBEYED_ALREADY = frozenset({Keyword.STOP.value, Keyword.HELP.value})
ASKED_OF_A_PERSON = {
    Keyword.CALL_ME: TaskKind.CALL_BACK,
    Keyword.HUI: TaskKind.WANTS_HUI,
    Keyword.BOOK: TaskKind.WANTS_BOOK,
}


def take(work: Work, post: Post, *, sender: Sender | None, links: Links) -> Reply | None:
    """File a stored request as conversations do, and do what its keyword asks for; None when it was taken before.

    A number that answers the questions of the term is theirs alone: it is counted, and filed with no child;
    so is the number of an answer about a hui. Of two questions on one phone the later one is answered. Words that a
    home was asked to say about a hui stand there, too.
    """
    numbers = conversations.numbers_said(post.words)
    hui_asked_at = meetings.asked_at(work, post.from_address, numbers) if numbers else None
    if (counted := pulse.take_numbers(work, post, sender=sender, else_asked_at=hui_asked_at)) is not None:
        return counted
    if (answered := meetings.take_number(work, post, links=links)) is not None:
        heard = post.channel is Channel.TEXT and not _is_slowed(work, answered.reply)
        if answered.none_suits and sender is not None and heard:
            _thank(work, answered.reply, sender)
        return answered.reply
    if (named := meetings.take_names(work, post, links=links)) is not None:
        return named
    reply = conversations.take(work, post, sender=sender)
    if reply is not None:
        meetings.take_words(work, reply, links=links)
    if reply is None or sender is None or reply.state is not ReplyState.COMMAND or post.channel is not Channel.TEXT:
        return reply
    if reply.command in {*map(str, Keyword)} - OBEYED_ALREADY:
        if reply.command == Keyword.BOOK and _send_pages(work, reply, links):
            return reply
        _do(work, Keyword(reply.command), reply, post, sender)
    return reply


def _thank(work: Work, reply: Reply, sender: Sender) -> None:
    """None of the times suits: a person will offer others, and nobody's time is promised."""
    writers = whanau.writers_at(work, reply.from_address, on=schools.today(work))
    messages.answer_received(
        work,
        _to(work, reply, sender, writers),
        by=None,
        closed_until=None,
        watched=False,
    )


def _send_pages(work: Work, reply: Reply, links: Links) -> bool:
    """Each person of that phone gets the link to their own page, a few times an hour at most.

    Where the number is doubted a person is asked.
    """
    writers = whanau.writers_at(work, reply.from_address, on=schools.today(work))
    if messages.links_lately(work, reply.from_address) >= messages.MOST_ANSWERS_AN_HOUR:
        return True
    able = [writer for writer in writers if writer.students]
    sent = [books.send_link(work, writer.contact, reply.from_address, links=links) for writer in able]
    return bool(sent) and all(sent)


def _do(work: Work, keyword: Keyword, reply: Reply, post: Post, sender: Sender) -> None:
    writers = whanau.writers_at(work, reply.from_address, on=schools.today(work))
    if keyword is Keyword.START:
        _end_quiet(work, writers)
    elif keyword in LANGUAGES:
        _set_language(work, keyword, reply, sender, writers)
    elif keyword is Keyword.PAUSE:
        _pause(work, reply, post, sender, writers)
    elif keyword in ASKED_OF_A_PERSON:
        _ask_a_person(work, reply, post, sender, writers)


def _to(work: Work, reply: Reply, sender: Sender, writers: Sequence[Writer], language: str | None = None) -> Answered:
    only = writers[0].contact.id if len(writers) == 1 else None
    reads = language or (whanau.language_of(work, only, on=schools.today(work)) if only else "both")
    return Answered(reply.from_address, sender, only, reads)


def _set_language(work: Work, keyword: Keyword, reply: Reply, sender: Sender, writers: Sequence[Writer]) -> None:
    """Everybody of that phone reads what comes to it."""
    for writer in writers:
        whanau.ask_language(work, writer.contact, LANGUAGES[keyword], by_family=True)
    if writers and not _is_slowed(work, reply):
        messages.answer_language(work, _to(work, reply, sender, writers, LANGUAGES[keyword]))


def _pause(work: Work, reply: Reply, post: Post, sender: Sender, writers: Sequence[Writer]) -> None:
    today = schools.today(work)
    term = schools.calendar_of(work).term_of(today)
    until = day_asked(conversations.when_asked(post.words), today, term_ends=term.last_on if term else None)
    for writer in writers:
        messages.pause(work, contact_id=writer.contact.id, until_on=until, by_family=True)
    if writers and not _is_slowed(work, reply):
        messages.answer_pause(work, _to(work, reply, sender, writers), until)


def _is_slowed(work: Work, reply: Reply) -> bool:
    """Whether the service answers nothing there: a wish is granted all the same."""
    return conversations.slowed_at(work, reply.from_address) is not None


def _end_quiet(work: Work, writers: Sequence[Writer]) -> None:
    """START ends what PAUSE began; what a person at school began is theirs to end."""
    contact_ids = [writer.contact.id for writer in writers]
    for pause in whanau.running_pauses(work, on=schools.today(work), contact_ids=contact_ids):
        if pause.asked_by_family:
            messages.end_pause(work, pause.id)


def _ask_a_person(work: Work, reply: Reply, post: Post, sender: Sender, writers: Sequence[Writer]) -> None:
    """A task for a teacher of a child of theirs, else for the office; and words that promise no more than that.

    However often they ask, it is one task until somebody has done it, with the hours they named last.
    """
    keyword = Keyword(reply.command or "")
    teacher, student_id = _teacher(work, reply.from_address, writers)
    hours = conversations.when_asked(post.words)
    task = tasks.give_task(
        work,
        ASKED_OF_A_PERSON[keyword],
        role=None if teacher else Role.OFFICE,
        staff_id=teacher.id if teacher else None,
        student_id=student_id,
        contact_id=writers[0].contact.id if writers else None,
        subject_id=uuid.uuid5(NAMESPACE, f"{work.school_id} {reply.from_address} {keyword}"),
        words=hours,
    )
    task.words = hours or task.words
    who = teacher.shown_name if teacher else None
    messages.answer_asked(work, _to(work, reply, sender, writers), keyword.value, who)


def _teacher(work: Work, address: str, writers: Sequence[Writer]) -> tuple[Staff | None, uuid.UUID | None]:
    """Who teaches the child last written about to that phone, or any child of theirs."""
    on = schools.today(work)
    theirs = [child for writer in writers for child in writer.students]
    lately = [message.student_id for _, message in messages.recent_to(work, address, since=work.now - LATELY)]
    for child in (*(each for each in lately if each in theirs), *theirs):
        found = students.teachers_of(work, child, on)
        if kaiako := [each for each in found if Role.KAIAKO in schools.roles_of(work, each.id, on)]:
            return kaiako[0], child
    return None, None
