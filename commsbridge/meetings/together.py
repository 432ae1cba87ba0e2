"""Two homes that meet together: only where both said so, each for itself; there, each speaks for itself.

Neither home learns that the other exists, or what it said, before both said so. School opens the hui; either home may
leave it again, and the other one is told that it is off, and not why.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from itertools import combinations

from sqlalchemy import func, or_, select

from commsbridge import schools, tasks, whanau
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Agrees, Hui, HuiState, HuiWish, Welcome
from commsbridge.meetings.reading import Home, homes_of
from commsbridge.meetings.together_models import HuiHomeWord
from commsbridge.students import Student
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Contact

# Of what two homes say of a point, what stands for both is the word that asks for most care.
CARE = (Agrees.LATER, Agrees.DIFFERENTLY, Agrees.NOT_YET, Agrees.AGREE)
WHICH_HOME = N_("Say which home told you.")


def homes_that_would(work: Work, student_id: uuid.UUID) -> set[uuid.UUID]:
    """The homes that would meet together: of each what it said last, in a hui of its own."""
    rows = (
        select(func.coalesce(Hui.household_id, Hui.contact_id), HuiWish.together)
        .join(HuiWish, (HuiWish.school_id == Hui.school_id) & (HuiWish.hui_id == Hui.id))
        .where(Hui.student_id == student_id, Hui.with_household_id.is_(None), Hui.with_contact_id.is_(None))
        .order_by(HuiWish.at, HuiWish.together.desc())
    )
    last = {row[0]: row[1] for row in work.session.execute(rows)}
    return {home for home, together in last.items() if together}


def pairs_together(work: Work, student: Student) -> list[tuple[Home, Home]]:
    """Each two homes that both said they would meet together, and in which nobody is kept from the child."""
    would = homes_that_would(work, student.id)
    if len(would) < 2:
        return []
    on = schools.today(work)
    about = whanau.homes_about(work, student.id, on=on)
    able = {each.key for each in whanau.homes_not_kept(work, about, student.id, on=on)}
    return list(combinations([each for each in homes_of(work, student) if each.key in would & able], 2))


def note_together(work: Work, hui: Hui, student: Student) -> None:
    """After wishes were said: whoever opened the hui is told when two homes would meet together, or no longer would."""
    if pairs_together(work, student) and not _open_together(work, student.id):
        tasks.give_task(
            work, TaskKind.HUI_TOGETHER, staff_id=hui.staff_id, student_id=student.id, subject_id=student.id
        )
    else:
        tasks.close_tasks_about(work, TaskKind.HUI_TOGETHER, student.id, outcome="no longer")


def _open_together(work: Work, student_id: uuid.UUID) -> bool:
    both = or_(Hui.with_household_id.is_not(None), Hui.with_contact_id.is_not(None))
    states = (HuiState.PREPARED, HuiState.ASKED, HuiState.SET)
    rows = select(Hui.id).where(Hui.student_id == student_id, both, Hui.state.in_(states))
    return work.session.scalar(rows.limit(1)) is not None


def home_speaking(work: Work, hui: Hui, contact_id: uuid.UUID | None, told_by: uuid.UUID | None) -> uuid.UUID:
    """Which home says something: that of its contact, or the one that told the school. Raises Invalid for neither."""
    if contact_id is not None:
        told_by = whanau.home_of(work.session.get_one(Contact, contact_id))
    if not hui.joint:
        return hui.homes[0]
    if told_by not in hui.homes:
        raise Invalid(WHICH_HOME, field="home")
    return told_by


def keep_word(
    work: Work,
    hui: Hui,
    subject_id: uuid.UUID,
    word: str,
    *,
    home: uuid.UUID,
    contact_id: uuid.UUID | None = None,
    words: str = "",
) -> None:
    """Keep what one home says of a time, a person or a point."""
    staff_id = work.actor.id if contact_id is None and work.actor.kind is ActorKind.STAFF else None
    work.session.add(
        HuiHomeWord(
            id=uuid.uuid4(), hui_id=hui.id, home=home, subject_id=subject_id, word=word, words=words,
            contact_id=contact_id, staff_id=staff_id, at=_after_the_last(work, hui, subject_id),
        )
    )  # fmt: skip
    work.session.flush()


def _after_the_last(work: Work, hui: Hui, subject_id: uuid.UUID) -> datetime:
    """Now; words about one thing keep their order also within one act."""
    rows = select(func.max(HuiHomeWord.at)).where(
        HuiHomeWord.hui_id == hui.id, HuiHomeWord.subject_id == subject_id, HuiHomeWord.at >= work.now
    )
    last = work.session.scalar(rows)
    return last + datetime.resolution if last else work.now


def words_of_homes(work: Work, hui: Hui, subject_id: uuid.UUID) -> dict[uuid.UUID, HuiHomeWord]:
    """The newest word of each home about one thing; a home that has none is not in it."""
    rows = select(HuiHomeWord).where(HuiHomeWord.hui_id == hui.id, HuiHomeWord.subject_id == subject_id)
    last = {each.home: each for each in work.session.scalars(rows.order_by(HuiHomeWord.at))}
    return {home: each for home, each in last.items() if each.word}


def welcome_of(hui: Hui, said: Collection[HuiHomeWord]) -> Welcome:
    """Whether somebody is at the table: no where one home says no, yes where both say yes."""
    words = [each.word for each in said]
    if Welcome.NO in words:
        return Welcome.NO
    return Welcome.YES if len(words) == len(hui.homes) else Welcome.WAITING


def agrees_of(hui: Hui, said: Collection[HuiHomeWord]) -> Agrees | None:
    """What stands for both homes of a point; None while one of them has not spoken."""
    words = {each.word for each in said}
    return next((each for each in CARE if each in words), None) if len(said) == len(hui.homes) else None


def take_back(work: Work, hui: Hui, home: uuid.UUID, contact_id: uuid.UUID | None) -> None:
    """A home would rather meet on its own: what it wished stands, but for that it would meet together."""
    rows = (
        select(HuiWish)
        .join(Hui, (HuiWish.school_id == Hui.school_id) & (HuiWish.hui_id == Hui.id))
        .where(
            Hui.student_id == hui.student_id,
            func.coalesce(Hui.household_id, Hui.contact_id) == home,
            Hui.with_household_id.is_(None),
            Hui.with_contact_id.is_(None),
        )
    )
    last = work.session.scalars(rows.order_by(HuiWish.at.desc(), HuiWish.together).limit(1)).one()
    kept = {
        name: getattr(last, name)
        for name in ("place", "tikanga", "interpreter", "support", "access", "kaitakawaenga", "timer", "part")
    }
    staff_id = work.actor.id if contact_id is None and work.actor.kind is ActorKind.STAFF else None
    work.session.add(
        HuiWish(
            id=uuid.uuid4(), hui_id=last.hui_id, contact_id=contact_id, staff_id=staff_id, at=work.now,
            together=False, **kept,
        )
    )  # fmt: skip
    work.session.flush()
