"""How a home answers: a number by text or mail, a press on its own page, or told to somebody at school."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from commsbridge import conversations, schools, students, tasks, whanau
from commsbridge.conversations import Post, Reply
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings.inviting import settle_time
from commsbridge.meetings.models import Hui, HuiAsking, HuiState
from commsbridge.meetings.reading import held, times_of
from commsbridge.messages import Links
from commsbridge.schools import Permission, Role
from commsbridge.tasks import TaskKind

CHOSEN = "HUI_TIME"
TAKEN = N_("A time is chosen already. Write to the school if it no longer suits.")


class _Open(NamedTuple):
    """What an address was asked and has not answered, and how many times it was offered."""

    asking: HuiAsking
    hui: Hui
    times: int

    def offers(self, number: int) -> bool:
        """Whether the number stands for one of its times."""
        return self.asking.first_number <= number < self.asking.first_number + self.times


class Answered(NamedTuple):
    """The reply that an answer became, the hui, and the number of the time (0: none suits)."""

    reply: Reply
    hui: Hui
    number: int


def take_number(work: Work, post: Post, *, links: Links) -> Answered | None:
    """Take a text or mail as the answer to which time suits.

    None when it is no such answer: then it is read like any other. A number is never guessed at: it must stand for a
    time of one hui alone, of a child whom its writer may hear of today, and a question asked there later comes first.
    """
    number = conversations.read_number(post.words)
    if number is None or post.keyword is not None or post.automatic or post.pictures:
        return None
    if not post.proven and post.delivery_id is None:
        return None
    able = _open_at(work, post.from_address)
    later = conversations.open_questions(work, post.from_address)
    if not able or (later and later[0].asked_at > max(each.asking.asked_at for each in able)):
        return None
    meant = [each for each in able if number == 0 or each.offers(number)]
    if len({each.hui.id for each in meant}) != 1:
        return None
    return _take(work, post, meant[0], number, links)


def asked_at(work: Work, address: str) -> datetime | None:
    """When a phone or mailbox was last asked which time suits, while it may still answer; None when nothing is open."""
    return max((each.asking.asked_at for each in _open_at(work, address)), default=None)


def _take(work: Work, post: Post, meant: _Open, number: int, links: Links) -> Answered | None:
    hui, asking = held(work, meant.hui.id), meant.asking
    if hui.state is not HuiState.ASKED or hui.round != asking.round:
        return None
    reply = conversations.keep_command(work, post, CHOSEN)
    if reply is None:
        return None
    reply.contact_id = asking.contact_id
    if number == 0:
        none_suits(work, hui, asking.contact_id)
        return Answered(reply, hui, 0)
    chosen = number - asking.first_number + 1
    try:
        choose(work, hui, chosen, contact_id=asking.contact_id, links=links)
    except Conflict:
        # The time has passed meanwhile: whoever asked finds another one with them.
        none_suits(work, hui, asking.contact_id)
        return Answered(reply, hui, 0)
    return Answered(reply, hui, chosen)


def _open_at(work: Work, address: str) -> list[_Open]:
    """What this phone or mailbox was asked and may still answer today."""
    rows = (
        select(HuiAsking, Hui)
        .join(Hui, (Hui.school_id == HuiAsking.school_id) & (Hui.id == HuiAsking.hui_id))
        .where(HuiAsking.address == address, HuiAsking.round == Hui.round, Hui.state == HuiState.ASKED)
        .order_by(HuiAsking.asked_at.desc(), HuiAsking.id)
    )
    on = schools.today(work)
    writers = {each.contact.id: each.students for each in whanau.writers_at(work, address, on=on)}
    return [
        _Open(asking, hui, len(times_of(work, hui)))
        for asking, hui in work.session.execute(rows)
        if hui.student_id in writers.get(asking.contact_id, ())
    ]


def choose(work: Work, hui: Hui, number: int, *, contact_id: uuid.UUID | None, links: Links) -> None:
    """Choose one of the times on offer, for the home; hold the hui first. None: they told the school.

    Raises NotFound for a number that is not on offer, Conflict where one is chosen already or the time is past.
    """
    if hui.state is not HuiState.ASKED:
        raise Conflict(TAKEN)
    time = next((each for each in times_of(work, hui) if each.number == number), None)
    if time is None:
        raise NotFound(N_("That time is not on offer any more."))
    if time.begins_at <= work.now:
        raise Conflict(N_("That time is past. Say that none of these suits, and the school offers others."))
    settle_time(work, hui, time.begins_at, contact_id=contact_id, links=links)


def none_suits(work: Work, hui: Hui, contact_id: uuid.UUID | None) -> None:
    """None of the times suits: whoever opened the hui offers others. Raises Conflict where one is chosen already."""
    if hui.state is not HuiState.ASKED:
        raise Conflict(TAKEN)
    tasks.give_task(
        work,
        TaskKind.HUI_TIMES,
        staff_id=hui.staff_id,
        student_id=hui.student_id,
        contact_id=contact_id,
        subject_id=hui.id,
    )


def ask_for_hui(work: Work, contact_id: uuid.UUID, student_id: uuid.UUID) -> None:
    """A family takes the standing invitation up: a task for a teacher who may open a hui, else for learning support.

    Nobody is asked twice while it is open.
    """
    on = schools.today(work)
    able = {each.id for each in schools.staff_with(work, Permission.HOLD_HUI, on)}
    teacher = next((each for each in students.teachers_of(work, student_id, on) if each.id in able), None)
    if tasks.asked_already(work, TaskKind.WANTS_HUI, contact_id=contact_id, student_id=student_id):
        return
    tasks.give_task(
        work,
        TaskKind.WANTS_HUI,
        role=None if teacher else Role.LEARNING_SUPPORT,
        staff_id=teacher.id if teacher else None,
        student_id=student_id,
        contact_id=contact_id,
    )
