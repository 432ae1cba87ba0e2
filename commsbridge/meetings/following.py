"""After the hui: next steps are done or explained, looked back on by everybody, and raised when their day is over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commsbridge import schools, tasks
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.meetings.bringing import check_childs
from commsbridge.meetings.guest_words import ask_guests
from commsbridge.meetings.guests import guests_there
from commsbridge.meetings.inviting import tell_home
from commsbridge.meetings.looking import due_at, late_at, meet_again_at, next_look, reminder_at, unwritten_at
from commsbridge.meetings.models import Helped, Hui, HuiEvaluation, HuiPerson, HuiState, HuiStep, Welcome, Whose
from commsbridge.meetings.opening import words_kept
from commsbridge.meetings.question_models import About
from commsbridge.meetings.questions import ask_home, in_text
from commsbridge.meetings.reading import evaluations_of, items_of, people_of, steps_of
from commsbridge.messages import HuiTelling, Links, MinuteLine
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind

_DUE = text("SELECT DISTINCT school_id FROM hui WHERE look_at <= :now")


def step_of(work: Work, hui: Hui, step_id: uuid.UUID) -> HuiStep:
    """One next step of a hui, held until the act ends. Raises NotFound."""
    step = work.session.get(HuiStep, step_id, with_for_update=True, populate_existing=True)
    if step is None or step.hui_id != hui.id:
        raise NotFound(N_("That next step is not here."))
    return step


def end_step(work: Work, hui: Hui, step_id: uuid.UUID, *, done: bool, explained: str, links: Links) -> HuiStep:
    """Say that a step is done, or why it is not and will not be; everyone who took part is asked how it went.

    Raises NotFound, Invalid without a why, Conflict.
    """
    step = step_of(work, hui, step_id)
    if step.done_at is not None:
        raise Conflict(N_("Somebody has said already what came of it."))
    kept = words_kept(explained, "explained")
    if not done and not kept:
        raise Invalid(N_("Say why not, and what happens instead."), field="explained")
    step.done_at, step.done, step.explained = work.now, done, kept
    work.session.flush()
    for kind in (TaskKind.HUI_STEP, TaskKind.HUI_STEP_OVERDUE):
        tasks.close_tasks_about(work, kind, step.id, outcome="done" if done else "explained")
    _ask_to_look_back(work, hui, step, links)
    return step


def _ask_to_look_back(work: Work, hui: Hui, step: HuiStep, links: Links) -> None:
    """Ask the home, whoever opened the hui, and whom the family wanted there; a guest by mail."""
    ask_home(work, hui, About.WENT, step, links=links)
    ask_guests(work, hui, step, links=links)
    for staff_id, subject_id in _took_part(work, hui):
        tasks.give_task(
            work, TaskKind.HUI_LOOK_BACK, staff_id=staff_id, student_id=hui.student_id, subject_id=subject_id
        )


def _took_part(work: Work, hui: Hui) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """The staff of the table, each with what their task is about: the hui for who opened it, else themselves there."""
    there = [
        (each.staff_id, each.id)
        for each in people_of(work, hui)
        if each.staff_id is not None and each.staff_id != hui.staff_id and each.answer is Welcome.YES
    ]
    return [(hui.staff_id, hui.id), *there]


def _looked_back(work: Work, hui: Hui) -> None:
    """Whoever of the staff has spoken to each step that came to its end is asked no more."""
    ended = [each.id for each in steps_of(work, [hui.id]) if each.done_at is not None]
    said = evaluations_of(work, ended)
    for staff_id, subject_id in _took_part(work, hui):
        if all(
            staff_id in {each.staff_id for each in said.get(step_id, []) if each.guest_id is None} for step_id in ended
        ):
            tasks.close_tasks_about(work, TaskKind.HUI_LOOK_BACK, subject_id, outcome="looked back")


def evaluate(
    work: Work,
    hui: Hui,
    step_id: uuid.UUID,
    *,
    whose: Whose,
    helped: Helped,
    words: str,
    contact_id: uuid.UUID | None,
    guest_id: uuid.UUID | None = None,
) -> HuiEvaluation:
    """Keep how a step went, as somebody who took part sees it; a guest's words are written down by school.

    Raises NotFound, also for a guest who is not of this hui; Invalid; Conflict while the step is open.
    """
    step = step_of(work, hui, step_id)
    if guest_id is not None and guest_id not in {each.id for each in guests_there(work, hui)}:
        raise NotFound(N_("That person is not on the list."))
    if step.done_at is None:
        raise Conflict(N_("Say first what came of it."))
    if whose is Whose.STUDENT and contact_id is None:
        check_childs(words)
    said = HuiEvaluation(
        id=uuid.uuid4(),
        step_id=step.id,
        whose=Whose.GUEST if guest_id is not None else whose,
        helped=helped,
        words=words_kept(words, "words"),
        contact_id=contact_id,
        staff_id=work.actor.id if contact_id is None and work.actor.kind is ActorKind.STAFF else None,
        guest_id=guest_id,
        at=work.now,
    )
    work.session.add(said)
    work.session.flush()
    _looked_back(work, hui)
    return said


def schools_with_hui_to_look_at(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """The schools in which a hui is near or a next step late, through the carrier's door."""
    return session.scalars(_DUE, {"now": now}).all()


def look_at_hui(work: Work, *, links: Links) -> int:
    """Remind of each hui that is near and each step of a family's that is for today, and raise what is late.

    Returns how many hui were looked at.
    """
    rows = select(Hui).where(Hui.look_at <= work.now).order_by(Hui.look_at, Hui.id).with_for_update(skip_locked=True)
    due = work.session.scalars(rows).all()
    for hui in due:
        _remind(work, hui, links)
        _remind_of_steps(work, hui, links)
        _raise_steps(work, hui)
        _meet_again(work, hui)
        _ask_for_minutes(work, hui)
        hui.look_at = next_look(work, hui)
    work.session.flush()
    return len(due)


def _remind(work: Work, hui: Hui, links: Links) -> None:
    at = reminder_at(work, hui)
    if at is None or at > work.now or hui.begins_at is None:
        return
    hui.reminded_at = work.now
    if hui.begins_at > work.now:
        points: list[MinuteLine] = [
            ({language: each.words_in(language) for language in Language}, None) for each in items_of(work, hui)
        ]
        short = in_text(work, hui, points)
        tell_home(
            work, hui, HuiTelling.NEAR, links=links, agreed=points, steps=short, more_steps=len(short) < len(points)
        )


def _remind_of_steps(work: Work, hui: Hui, links: Links) -> None:
    """Ask the home, on its day, whether what it said it would do is done; one that is late already is not asked for."""
    for step in steps_of(work, [hui.id], still_open=True):
        if step.by_family and step.reminded_at is None and due_at(work, step.due_on) <= work.now:
            step.reminded_at = work.now
            if late_at(work, step.due_on) > work.now:
                ask_home(work, hui, About.DUE, step, links=links, only=step.home)
    work.session.flush()


def _ask_for_minutes(work: Work, hui: Hui) -> None:
    """Ask whoever opened the hui for what was agreed, once; learning support, where they have left."""
    at = unwritten_at(work, hui)
    if at is None or at > work.now or hui.begins_at is None:
        return
    hui.chased_at = work.now
    on = schools.calendar_of(work).local(hui.begins_at).date()
    _ask_opener(work, hui, TaskKind.HUI_UNWRITTEN, on)


def _ask_opener(work: Work, hui: Hui, kind: TaskKind, due_on: date) -> None:
    """A task of whoever opened the hui; of learning support, where they have left."""
    left = _has_left(work, hui.staff_id)
    tasks.give_task(
        work,
        kind,
        staff_id=None if left else hui.staff_id,
        role=_who_hears(work) if left else None,
        student_id=hui.student_id,
        subject_id=hui.id,
        due_on=due_on,
    )


def _meet_again(work: Work, hui: Hui) -> None:
    """Ask whoever opened the hui to offer times for the next one, as was agreed; a look by then is soon enough."""
    if hui.next_on is None or hui.next_asked_at is not None or meet_again_at(work, hui.next_on) > work.now:
        return
    hui.next_asked_at = work.now
    if hui.state is HuiState.HELD:
        _ask_opener(work, hui, TaskKind.HUI_AGAIN, hui.next_on)


def _raise_steps(work: Work, hui: Hui) -> None:
    """Raise what is late to learning support, once."""
    for step in steps_of(work, [hui.id], still_open=True):
        if step.raised_at is not None or late_at(work, step.due_on) > work.now:
            continue
        step.raised_at = work.now
        tasks.give_task(
            work,
            TaskKind.HUI_STEP_OVERDUE,
            role=_who_hears(work),
            student_id=hui.student_id,
            subject_id=step.id,
            words=step.what,
            due_on=step.due_on,
        )
    work.session.flush()


def _has_left(work: Work, staff_id: uuid.UUID) -> bool:
    return staff_id not in {each.id for each in schools.staff_all(work, schools.today(work))}


def _who_hears(work: Work) -> Role:
    """Learning support; where nobody holds that role, the leaders."""
    present = schools.staff_all(work, schools.today(work))
    roles = [schools.roles_of(work, each.id, schools.today(work)) for each in present]
    return Role.LEARNING_SUPPORT if any(Role.LEARNING_SUPPORT in each for each in roles) else Role.LEADER


def hui_asking(work: Work, subject_id: uuid.UUID) -> uuid.UUID | None:
    """Of which hui a next step is, or somebody at its table, a mail to them, or itself; None for none of them."""
    step = select(HuiStep.hui_id).where(HuiStep.id == subject_id)
    person = select(HuiPerson.hui_id).where(HuiPerson.id == subject_id)
    itself = select(Hui.id).where(Hui.id == subject_id)
    mail = select(HuiPerson.hui_id).where(HuiPerson.mail_id == subject_id)
    return (
        work.session.scalar(mail)
        or work.session.scalar(step)
        or work.session.scalar(person)
        or work.session.scalar(itself)
    )
