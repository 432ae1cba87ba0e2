"""A guest is asked once by mail how a next step went, and answers on a small page: their newest word stands."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from commsbridge import schools
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.tokens import new_secret
from commsbridge.foundation.work import Work
from commsbridge.meetings.guest_models import HuiGuestAsking
from commsbridge.meetings.guests import guests_there, is_of_other_home, mail_went
from commsbridge.meetings.models import Helped, Hui, HuiEvaluation, HuiPerson, HuiState, HuiStep, Welcome, Whose
from commsbridge.meetings.opening import words_kept
from commsbridge.meetings.reading import evaluations_of, people_of
from commsbridge.messages import Links
from commsbridge.students import Student

GUEST_DOOR = "guest"
# Asked on the last day of a term, they may still answer when school is back: two weeks of holidays, and one more.
ANSWERED_WITHIN = timedelta(weeks=3)
NOT_OPEN = N_("This link has come to its end. Write to the school.")


@dataclass(frozen=True, slots=True)
class GuestAsked:
    """What a guest's link opens: who they are, and the step they were asked about."""

    asking: HuiGuestAsking
    person: HuiPerson
    step: HuiStep


def ask_guests(work: Work, hui: Hui, step: HuiStep, *, links: Links) -> None:
    """Ask each guest to whom this step was mailed how it went, once."""
    asked = set(work.session.scalars(select(HuiGuestAsking.person_id).where(HuiGuestAsking.step_id == step.id)))
    for person in guests_there(work, hui):
        if not person.email or person.agreed_at is None or person.id in asked:
            continue
        if step.home is not None and is_of_other_home(work, hui, person, step.home):
            continue
        secret = new_secret()
        mail = mail_went(work, hui, person, step.what, links.guest_url(secret))
        if mail is None:
            continue
        asking = HuiGuestAsking(
            id=uuid.uuid4(), step_id=step.id, person_id=person.id, delivery_id=mail.id, asked_at=work.now
        )
        work.session.add(asking)
        work.session.flush()
        schools.open_door(work, secret, purpose=GUEST_DOOR, subject_id=asking.id, expires_at=work.now + ANSWERED_WITHIN)


def guest_asked(work: Work, asking_id: uuid.UUID) -> GuestAsked:
    """What a guest was asked, held until the act ends.

    Raises NotFound, always in the same words, once they are not wanted any more, nothing is to be mailed to them, or
    the child is not of this school.
    """
    asking = work.session.get(HuiGuestAsking, asking_id, with_for_update=True, populate_existing=True)
    if asking is None:
        raise NotFound(NOT_OPEN)
    person = work.session.get_one(HuiPerson, asking.person_id)
    step, hui = work.session.get_one(HuiStep, asking.step_id), work.session.get_one(Hui, person.hui_id)
    left_on = work.session.get_one(Student, hui.student_id).left_on
    here = left_on is None or left_on > schools.today(work)
    wanted = person.answer is Welcome.YES and person.email and hui.state is HuiState.HELD
    if not here or not wanted or step.done_at is None:
        raise NotFound(NOT_OPEN)
    return GuestAsked(asking, person, step)


def guest_says(work: Work, asked: GuestAsked, helped: Helped, words: str) -> HuiEvaluation:
    """Keep how a step went as the guest says; the same pressed twice is kept once. Raises Invalid."""
    kept = words_kept(words, "words")
    before = [each for each in evaluations_of(work, [asked.step.id])[asked.step.id] if each.guest_id == asked.person.id]
    if before and (before[-1].helped, before[-1].words, before[-1].staff_id) == (helped, kept, None):
        return before[-1]
    said = HuiEvaluation(
        id=uuid.uuid4(),
        step_id=asked.step.id,
        whose=Whose.GUEST,
        helped=helped,
        words=kept,
        guest_id=asked.person.id,
        at=work.now,
    )
    work.session.add(said)
    work.session.flush()
    return said


def evaluations_for(
    work: Work, hui: Hui, step_ids: Collection[uuid.UUID], *, home: uuid.UUID | None, standing: bool = True
) -> dict[uuid.UUID, list[HuiEvaluation]]:
    """What was said of how these steps went, as school reads it or the home that ``home`` names.

    What somebody says whom the other of two homes brings is not for it. ``standing``: of a guest the newest word alone.
    """
    people = {each.id: each for each in people_of(work, hui)}
    hidden = {key for key, each in people.items() if home is not None and is_of_other_home(work, hui, each, home)}
    found = {}
    for step_id, said in evaluations_of(work, step_ids).items():
        newest = {each.guest_id: each.id for each in said if each.guest_id is not None}
        found[step_id] = [
            each
            for each in said
            if each.guest_id not in hidden
            and (not standing or each.guest_id is None or newest[each.guest_id] == each.id)
        ]
    return found
