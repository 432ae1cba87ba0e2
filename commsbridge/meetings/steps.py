"""Next steps as they are spoken in the room; they and points are mended until the minutes go out."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from commsbridge import schools, tasks
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings.holding import LONGEST_AHEAD, check_runs, item_of_hui, not_read_back
from commsbridge.meetings.looking import next_look
from commsbridge.meetings.models import Hui, HuiItem, HuiStep, Whose
from commsbridge.meetings.opening import LONGEST_NAME, those_who_may_come, words_kept
from commsbridge.meetings.reading import steps_of
from commsbridge.meetings.together import home_speaking
from commsbridge.tasks import TaskKind

MOST_STEPS = 20
SAME_STEP = ("who", "staff_id", "by_family", "home", "due_on")


@dataclass(frozen=True, slots=True)
class NewStep:
    """A next step as it is spoken: what, who (of the staff, of the family, or by name), and by when.

    ``home``: which of two homes that meet takes it.
    """

    what: str
    due_on: date | None
    who: str = ""
    staff_id: uuid.UUID | None = None
    by_family: bool = False
    home: uuid.UUID | None = None
    item_id: uuid.UUID | None = None


def add_step(work: Work, hui: Hui, new: NewStep) -> HuiStep:
    """Write down a next step; whoever of the staff takes it finds it in what is theirs to do.

    The same words for the same person and day are the step that stands there already. Raises Invalid for a step without
    words, a person or a day to come, NotFound, Conflict.
    """
    check_runs(hui)
    said = _checked(work, hui, new)
    there = steps_of(work, [hui.id])
    for each in there:
        if each.what.casefold() == said["what"].casefold() and all(
            getattr(each, key) == said[key] for key in SAME_STEP
        ):
            return each
    if new.item_id is not None:
        item_of_hui(work, hui, new.item_id)
    if len(there) >= MOST_STEPS:
        raise Invalid(N_("That is more than anybody can carry. Choose the few that matter most."), field="what")
    step = HuiStep(id=uuid.uuid4(), hui_id=hui.id, item_id=new.item_id, made_at=work.now, **said)
    work.session.add(step)
    _written(work, hui, step)
    return step


def _checked(work: Work, hui: Hui, new: NewStep, *, stood: date | None = None) -> dict[str, Any]:
    """The columns of a step as it is spoken; ``stood``: the day it had, which may be over. Raises as ``add_step``."""
    what = words_kept(new.what, "what")
    who = words_kept(new.who, "who", longest=LONGEST_NAME)
    if not what:
        raise Invalid(N_("Write what will be done."), field="what")
    if new.staff_id is not None:
        able = {each.id: each.shown_name for each in those_who_may_come(work, hui.student_id)}
        who = able.get(new.staff_id, "")
    if new.by_family and hui.joint:
        home_speaking(work, hui, None, new.home)
    if not who and not new.by_family:
        raise Invalid(N_("Say who does it."), field="who")
    today = schools.today(work)
    if new.due_on is None or (new.due_on != stood and not today <= new.due_on <= today + LONGEST_AHEAD):
        raise Invalid(N_("Choose a day to come."), field="due_on")
    home = new.home if hui.joint and new.by_family else None
    return {
        "what": what, "who": who, "staff_id": new.staff_id, "by_family": new.by_family, "home": home,
        "due_on": new.due_on,
    }  # fmt: skip


def _written(work: Work, hui: Hui, step: HuiStep) -> None:
    """A step stands as it is now: it is read aloud again, and whoever of the staff takes it has it to do."""
    not_read_back(hui)
    work.session.flush()
    hui.look_at = next_look(work, hui)
    if step.staff_id is not None:
        tasks.give_task(
            work, TaskKind.HUI_STEP, staff_id=step.staff_id, subject_id=step.id, words=step.what, due_on=step.due_on
        )


def mark_of(step: HuiStep) -> str:
    """What tells whether a step still stands as a page showed it."""
    stands = (step.what, step.who, step.staff_id, step.by_family, step.home, step.due_on)
    return hashlib.sha256(repr(stands).encode()).hexdigest()[:16]


def _step(work: Work, hui: Hui, step_id: uuid.UUID, mark: str) -> HuiStep | None:
    step = work.session.get(HuiStep, step_id)
    if step is None or step.hui_id != hui.id:
        return None
    if step.done_at is not None:
        raise Conflict(N_("Somebody has said what came of this step. It stays as it is."))
    if mark_of(step) != mark:
        raise Conflict(N_("Somebody has changed this step meanwhile. Read how it stands now, then change it."))
    return step


def change_step(work: Work, hui: Hui, step_id: uuid.UUID, new: NewStep, *, mark: str) -> HuiStep:
    """Say a step otherwise: what, who or by when. ``mark`` is ``mark_of`` when the page was opened.

    Raises as ``add_step``, and Conflict where it was changed, taken out or came to something meanwhile.
    """
    check_runs(hui)
    step = _step(work, hui, step_id, mark)
    if step is None:
        raise Conflict(N_("Somebody has taken this step out meanwhile. Add it again, if it should stand."))
    said = _checked(work, hui, new, stood=step.due_on)
    if all(getattr(step, key) == value for key, value in said.items()):
        return step
    if said["due_on"] != step.due_on:
        step.reminded_at = step.raised_at = None
    for key, value in said.items():
        setattr(step, key, value)
    tasks.close_tasks_about(work, TaskKind.HUI_STEP, step.id, outcome="changed")
    _written(work, hui, step)
    return step


def take_step_out(work: Work, hui: Hui, step_id: uuid.UUID, *, mark: str) -> None:
    """A step was written by mistake, or nobody wants it any more; one that is out already stays out.

    Raises Conflict as ``change_step``, and once the minutes went out.
    """
    check_runs(hui)
    step = _step(work, hui, step_id, mark)
    if step is None:
        return
    for kind in (TaskKind.HUI_STEP, TaskKind.HUI_STEP_OVERDUE):
        tasks.close_tasks_about(work, kind, step.id, outcome="taken out")
    work.session.delete(step)
    not_read_back(hui)
    work.session.flush()
    hui.look_at = next_look(work, hui)


def take_item_out(work: Work, hui: Hui, item_id: uuid.UUID, *, asked: bool) -> None:
    """Take a point off the agenda of which nothing was decided; one that is off already stays off.

    ``asked``: whoever brought a point that is not the school's asks for it. Raises Invalid where they did not, Conflict
    where something was decided of it, and once the minutes went out.
    """
    check_runs(hui)
    item = work.session.get(HuiItem, item_id)
    if item is None or item.hui_id != hui.id:
        return
    if item.decided or any(each.item_id == item.id for each in steps_of(work, [hui.id])):
        raise Conflict(N_("Something was decided of this point. It stays on the agenda."))
    if item.whose is not Whose.SCHOOL and not asked:
        raise Invalid(
            N_("The school did not bring this point. Take it out only where whoever brought it asks for that."),
            field="asked",
        )
    work.session.delete(item)
    not_read_back(hui)
    work.session.flush()
