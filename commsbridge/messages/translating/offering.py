"""Offering: words to translate are offered, never assigned; each translator says how many a week they would do."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import schools, students
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages.models import Awaits, Delivery, Message, State
from commsbridge.messages.translations import MOST_A_WEEK, Translation, TranslationDeclined, Translator
from commsbridge.schools import Permission

# Whoever reads it in the morning has till noon; news itself keeps three days.
ANSWER_BY = time(12)
LONGEST_WAIT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Week:
    """What a translator said they would do a week (None: nothing yet), and how many they have taken up in this one."""

    weekly: int | None
    taken: int

    @property
    def left(self) -> int:
        """How many more may be offered this week."""
        return max(0, (self.weekly or 0) - self.taken)


def deadline_from(work: Work, at: datetime) -> datetime:
    """Until when words sent at a moment wait for te reo: noon of the next school day, never more than two days."""
    calendar = schools.calendar_of(work)
    following = calendar.next_school_day(calendar.local(at).date())
    noon = calendar.moment(following, ANSWER_BY) if following else at + LONGEST_WAIT
    return min(noon, at + LONGEST_WAIT)


def somebody_can(work: Work, student_id: uuid.UUID, *, asked_by: uuid.UUID) -> bool:
    """Whether anybody could be offered words about a child this week: not the writer, nobody barred from the child."""
    barred = students.bars_of(work, student_id)
    return any(
        week_of(work, staff_id).left > 0
        for staff_id in _present(work)
        if staff_id != asked_by and staff_id not in barred
    )


def offer(work: Work, message: Message, *, deadline_at: datetime) -> Translation:
    """Offer a message's own words to the translators, from when the time to undo is over."""
    if message.student_id is None or message.staff_id is None:
        raise ValueError("words to translate are one person's, about one child")
    translation = Translation(
        id=uuid.uuid4(),
        message_id=message.id,
        student_id=message.student_id,
        asked_by=message.staff_id,
        offered_at=message.undo_until or work.now,
        deadline_at=deadline_at,
    )
    work.session.add(translation)
    work.session.flush()
    return translation


def set_weekly(work: Work, *, weekly: int) -> Translator:
    """Say how many a week the actor is glad to translate; 0 is a rest. Raises Invalid for more than MOST_A_WEEK."""
    if not 0 <= weekly <= MOST_A_WEEK:
        raise Invalid(N_("Choose a number from 0 to %(most)s."), field="weekly", most=MOST_A_WEEK)
    row = insert(Translator).values(staff_id=work.actor.id, weekly=weekly, changed_at=work.now)
    kept = row.on_conflict_do_update(
        index_elements=[Translator.school_id, Translator.staff_id],
        set_={"weekly": row.excluded.weekly, "changed_at": row.excluded.changed_at},
    )
    return work.session.scalars(kept.returning(Translator).execution_options(populate_existing=True)).one()


def week_of(work: Work, staff_id: uuid.UUID) -> Week:
    """A translator's week, from Monday on the school's clock; what they gave back does not count."""
    calendar = schools.calendar_of(work)
    today = calendar.local(work.now).date()
    monday = calendar.moment(today - timedelta(days=today.weekday()), time())
    weekly = work.session.scalar(select(Translator.weekly).where(Translator.staff_id == staff_id))
    taken = work.session.scalar(
        select(func.count()).where(Translation.taken_by == staff_id, Translation.taken_at >= monday)
    )
    return Week(weekly, taken or 0)


def offers_for(work: Work, staff_id: uuid.UUID) -> list[tuple[Translation, int]]:
    """What a translator may take up, the most pressing first, each with how many words it has, which is all they see.

    Nothing when their week is full. What somebody held who has left since is offered again.
    """
    if week_of(work, staff_id).left == 0:
        return []
    declined = exists().where(
        TranslationDeclined.translation_id == Translation.id, TranslationDeclined.staff_id == staff_id
    )
    free = or_(Translation.taken_by.is_(None), Translation.taken_by.not_in(_present(work)))
    rows = work.session.execute(
        select(Translation, Message.words)
        .join(Message, Message.id == Translation.message_id)
        .where(is_open(work), free, ~declined, Translation.asked_by != staff_id)
        .order_by(Translation.deadline_at, Translation.offered_at, Translation.id)
    )
    return [
        (translation, len(words.split()))
        for translation, words in rows
        if staff_id not in students.bars_of(work, translation.student_id)
    ]


def in_hand(work: Work, staff_id: uuid.UUID) -> Sequence[Translation]:
    """What a translator took up and has not answered, the most pressing first."""
    wanted = select(Translation).where(is_open(work), Translation.taken_by == staff_id)
    return work.session.scalars(wanted.order_by(Translation.deadline_at, Translation.id)).all()


def own_translation(work: Work, translation_id: uuid.UUID) -> tuple[Translation, Message]:
    """What the actor has in hand, with the words. Raises NotFound for all else."""
    found = work.session.execute(
        select(Translation, Message)
        .join(Message, Message.id == Translation.message_id)
        .where(is_open(work), Translation.id == translation_id, Translation.taken_by == work.actor.id)
    ).first()
    if found is None or work.actor.id in students.bars_of(work, found[0].student_id):
        raise NotFound(N_("There is nothing here to translate: it may have gone, or someone else has it."))
    return found[0], found[1]


def is_open(work: Work) -> ColumnElement[bool]:
    """That a translation is still wanted: nobody has answered, there is time, and a delivery waits for it."""
    waits = exists().where(
        Delivery.school_id == Translation.school_id,
        Delivery.message_id == Translation.message_id,
        Delivery.state == State.HELD,
        Delivery.awaits == Awaits.TRANSLATION,
    )
    return and_(
        Translation.answered_at.is_(None), Translation.offered_at <= work.now, Translation.deadline_at > work.now, waits
    )


def _present(work: Work) -> list[uuid.UUID]:
    return [each.id for each in schools.staff_with(work, Permission.TRANSLATE, schools.today(work))]
