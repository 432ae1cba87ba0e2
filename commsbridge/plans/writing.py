"""Verbs of a plan: begin it, write in it from school and from home, agree to it, end it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import books, conversations, messages, partnership, schools, tasks, whanau
from commsbridge.books import Holds
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import Links, PageTelling
from commsbridge.partnership import Moment
from commsbridge.plans.items import Item, Part, seen_at, stored
from commsbridge.plans.models import Plan, PlanPraise, PlanSignature, PlanVersion
from commsbridge.plans.reading import last_version, standing_of
from commsbridge.students import Student
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Contact, home_of

LONGEST_ITEM = 600
LONGEST_NAMED = 120
MOST_ITEMS = 60
# Few goals are worked on; many are a list.
MOST_GOALS = 5
LATEST_REVIEW = timedelta(days=366)


def begin_plan(work: Work, student: Student, *, review_on: date) -> Plan:
    """Begin a child's plan, empty. Raises Conflict where one is open, Invalid for a review that is not ahead."""
    _check_review(work, review_on)
    row = insert(Plan).values(id=uuid.uuid4(), student_id=student.id, begun_by=work.actor.id, begun_at=work.now)
    plan: Plan | None = work.session.scalar(row.on_conflict_do_nothing().returning(Plan))
    if plan is None:
        raise Conflict(N_("There is a plan already. Write in that one."))
    _keep(work, plan, 1, (), review_on)
    _remind(work, plan, review_on)
    return plan


def keep_item(work: Work, plan: Plan, item: Item, *, seen: int) -> PlanVersion:
    """Put something into the plan, or say it otherwise (an item of the same id). ``seen`` is the version before them.

    Raises Conflict for an older version or a plan that ended, Invalid for no words, too many, too many goals, a goal
    of no book of this child, or words that the people named for safety must see first.
    """
    last = _at_version(work, plan, seen)
    items = standing_of(work, plan).items
    checked = _checked(work, plan, item)
    known = any(each.id == checked.id for each in items)
    changed = [checked if each.id == checked.id else each for each in items] if known else [*items, checked]
    return _rewrite(work, plan, last, changed)


def drop_item(work: Work, plan: Plan, item_id: uuid.UUID, *, seen: int) -> PlanVersion:
    """Take something out; it stays in the versions before. Raises NotFound and Conflict."""
    last = _at_version(work, plan, seen)
    items = standing_of(work, plan).items
    if all(each.id != item_id for each in items):
        raise NotFound(N_("That is not in the plan."))
    return _rewrite(work, plan, last, [each for each in items if each.id != item_id])


def set_review(work: Work, plan: Plan, review_on: date, *, seen: int) -> PlanVersion:
    """Say by when the plan is looked at again. Raises Conflict, and Invalid for a day that is not ahead."""
    last = _at_version(work, plan, seen)
    _check_review(work, review_on)
    items = standing_of(work, plan).items
    _remind(work, plan, review_on)
    return _keep(work, plan, last.number + 1, items, review_on)


def write_from_home(
    work: Work, plan: Plan, contact: Contact, part: Part, words: str, *, by_on: date | None = None
) -> PlanVersion:
    """Somebody at home writes a hope, or a goal with its time: for their home and school. The same words stand once.

    Raises Invalid for another part, no words, too many of them or too many goals, a day that is over,
    Conflict for a plan that ended.
    """
    if part not in {Part.HOPES, Part.GOAL}:
        raise Invalid(N_("Choose whether it is a hope or a goal."), field="part")
    plan = _locked(work, plan)
    last = last_version(work, plan)
    items = standing_of(work, plan).items
    said_by = contact.name[:LONGEST_NAMED]
    item = Item(uuid.uuid4(), part, tidy(words), by_on=by_on, home=home_of(contact), said_by=said_by)
    if any(replace(each, id=item.id) == item for each in items):
        return last
    checked = _checked(work, plan, item)
    return _rewrite(work, plan, last, [*items, checked], contact_id=contact.id)


def drop_from_home(work: Work, plan: Plan, contact: Contact, item_id: uuid.UUID) -> PlanVersion:
    """Somebody at home takes back what their home wrote. Raises NotFound for what is not theirs."""
    plan = _locked(work, plan)
    last = last_version(work, plan)
    items = standing_of(work, plan).items
    if not any(each.id == item_id and each.home == home_of(contact) for each in items):
        raise NotFound(N_("That is not in the plan."))
    kept = [each for each in items if each.id != item_id]
    return _rewrite(work, plan, last, kept, contact_id=contact.id)


def agree(work: Work, plan: Plan, *, number: int, contact: Contact | None = None) -> PlanSignature:
    """Agree to the plan as it was read in version ``number``: for school, or for a contact and what their home reads.

    The same person agrees to the same words once. Raises Conflict where what they read has changed since or the plan
    has ended, Invalid for a plan without a goal and for a contact who may not hear of the child.
    """
    plan = _locked(work, plan)
    standing = standing_of(work, plan)
    home = home_of(contact) if contact else None
    if not standing.reads_the_same(number, home):
        raise Conflict(N_("The plan has changed since you read it. Read it once more."))
    if all(each.part is not Part.GOAL for each in seen_at(standing.items, home)):
        raise Invalid(N_("A plan needs a goal before anybody agrees to it."))
    if contact is not None and plan.student_id not in _heard_of(work, contact.id):
        raise Invalid(N_("Choose someone we may tell about this child."), field="contact_id")
    by_staff = work.actor.kind is ActorKind.STAFF
    staff_id = work.actor.id if by_staff and contact is None else None
    for each in standing.signatures:
        who = (each.staff_id, each.contact_id) == (staff_id, contact.id if contact else None)
        if who and standing.reads_the_same(each.number, home):
            return each
    signature = PlanSignature(
        id=uuid.uuid4(),
        plan_id=plan.id,
        number=number,
        staff_id=staff_id,
        contact_id=contact.id if contact else None,
        written_by=work.actor.id if by_staff and contact else None,
        at=work.now,
    )
    work.session.add(signature)
    work.session.flush()
    partnership.write_line(
        work,
        Moment.PLAN,
        student_id=plan.student_id,
        staff_id=work.actor.id if by_staff else None,
        contact_id=signature.contact_id,
        subject=("plan", signature.id),
    )
    return signature


def agree_for_school(work: Work, plan: Plan, *, number: int, links: Links) -> PlanSignature:
    """Agree for the school; whoever at home has not agreed to it as they read it is told that it is there to read.

    The same person agrees to the same words once, and nobody is told of them twice. Raises as agreeing does.
    """
    before = {each.id for each in standing_of(work, plan).signatures}
    signature = agree(work, plan, number=number)
    if signature.id not in before:
        standing = standing_of(work, plan)
        homes = whanau.homes_about(work, plan.student_id, on=schools.today(work))
        messages.tell_of_page(
            work,
            work.session.get_one(Student, plan.student_id),
            PageTelling.PLAN,
            to={one.id for home in homes for one, _ in home.people if standing.agreed(home.key, {one.id}).home is None},
            staff_id=work.actor.id,
            links=links,
        )
    return signature


def tag_praise(work: Work, plan: Plan, item_id: uuid.UUID, message_id: uuid.UUID) -> None:
    """Say that a praise of this child shows how a goal goes; once each. Raises NotFound for another child's."""
    goal = any(each.id == item_id and each.part is Part.GOAL for each in standing_of(work, plan).items)
    message = messages.message_by_id(work, message_id)
    if not goal or message is None or message.student_id != plan.student_id or message.undone_at is not None:
        raise NotFound(N_("That praise is not here."))
    row = insert(PlanPraise).values(
        id=uuid.uuid4(),
        plan_id=plan.id,
        item_id=item_id,
        message_id=message_id,
        staff_id=work.actor.id,
        at=work.now,
    )
    work.session.execute(row.on_conflict_do_nothing())


def reminded_on(work: Work, review_on: date) -> date:
    """When school is reminded of a review: on its day; where no school is, on the last school day before it."""
    calendar, today = schools.calendar_of(work), schools.today(work)
    if calendar.missing_terms(review_on, review_on) is not None:
        return review_on
    return next((day for day in calendar.last_school_days(1, review_on) if day > today), review_on)


def end_plan(work: Work, plan: Plan) -> None:
    """Nothing more is written in it; what stands there stays. Raises Conflict where it has ended."""
    _locked(work, plan).ended_at = work.now
    work.session.flush()
    tasks.close_tasks_about(work, TaskKind.PLAN_REVIEW, plan.id, outcome="told")


def _heard_of(work: Work, contact_id: uuid.UUID) -> Sequence[uuid.UUID]:
    today = whanau.writer_for(work, contact_id, on=schools.today(work))
    return today.students if today else ()


def _locked(work: Work, plan: Plan) -> Plan:
    """The plan as it is now, with one writer at a time. Raises Conflict for one that has ended."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"plan {plan.id}", 0))))
    now = work.session.get_one(Plan, plan.id, populate_existing=True)
    if now.ended_at is not None:
        raise Conflict(N_("This plan has ended. Nothing more is written in it."))
    return now


def _at_version(work: Work, plan: Plan, seen: int) -> PlanVersion:
    plan = _locked(work, plan)
    last = last_version(work, plan)
    if last.number != seen:
        raise Conflict(N_("Somebody has just written in the plan. Read it, then write yours."))
    return last


def _checked(work: Work, plan: Plan, item: Item) -> Item:
    kept = replace(item, words=tidy(item.words), who=" ".join(item.who.split()), said_by=" ".join(item.said_by.split()))
    if not kept.words:
        raise Invalid(N_("Please write something here."), field="words")
    if len(kept.words) > LONGEST_ITEM:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_ITEM)
    for field, written in (("who", kept.who), ("said_by", kept.said_by)):
        if len(written) > LONGEST_NAMED:
            limit = LONGEST_NAMED
            raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field=field, limit=limit)
    if conversations.safety.screened(work, kept.words) is conversations.safety.Screened.URGENT:
        raise Invalid(
            N_("This may be about somebody’s safety. Show it to the people named for that first; it is not kept here."),
            field="words",
        )
    if kept.by_on is not None and not plan.begun_at.date() <= kept.by_on <= schools.today(work) + LATEST_REVIEW:
        raise Invalid(N_("Choose a day within a year from now."), field="by_on")
    if kept.around is not None and kept.part is not Part.ADJUSTMENT:
        raise Invalid(N_("Only a change around the child says what it changes."), field="around")
    if kept.goal_id is not None and kept.goal_id not in _goals_of_books(work, plan):
        raise Invalid(N_("Choose a goal of one of this child’s books."), field="goal_id")
    return kept


def _goals_of_books(work: Work, plan: Plan) -> set[uuid.UUID]:
    return {
        section.id
        for book in books.books_of(work, [plan.student_id])
        for section in books.sections_of(work, book)
        if section.holds is Holds.GOAL
    }


def _check_review(work: Work, review_on: date) -> None:
    today = schools.today(work)
    if not today < review_on <= today + LATEST_REVIEW:
        raise Invalid(N_("Choose a day within a year from now."), field="review_on")


def _check_many(items: Sequence[Item]) -> None:
    if len(items) > MOST_ITEMS:
        raise Invalid(N_("A plan that long is read by nobody. Take something out first."), field="words")
    for home in {each.home for each in items} | {uuid.UUID(int=0)}:
        goals = [each for each in seen_at(items, home or uuid.UUID(int=0)) if each.part is Part.GOAL]
        if len(goals) > MOST_GOALS:
            raise Invalid(N_("A plan has at most %(most)s goals. Which can wait?"), field="words", most=MOST_GOALS)


def _rewrite(
    work: Work, plan: Plan, last: PlanVersion, after: Sequence[Item], *, contact_id: uuid.UUID | None = None
) -> PlanVersion:
    if [stored(each) for each in after] == last.items:
        return last
    if len(after) >= len(last.items):
        _check_many(after)
    return _keep(work, plan, last.number + 1, after, last.review_on, contact_id=contact_id)


def _keep(
    work: Work,
    plan: Plan,
    number: int,
    items: Sequence[Item],
    review_on: date,
    *,
    contact_id: uuid.UUID | None = None,
) -> PlanVersion:
    version = PlanVersion(
        id=uuid.uuid4(),
        plan_id=plan.id,
        number=number,
        items=[stored(each) for each in items],
        review_on=review_on,
        staff_id=None if contact_id else work.actor.id,
        contact_id=contact_id,
        at=work.now,
    )
    work.session.add(version)
    work.session.flush()
    return version


def _remind(work: Work, plan: Plan, review_on: date) -> None:
    """Whoever began the plan looks at it again with whānau, by the day it says."""
    tasks.close_tasks_about(work, TaskKind.PLAN_REVIEW, plan.id, outcome="told")
    tasks.give_task(
        work,
        TaskKind.PLAN_REVIEW,
        staff_id=plan.begun_by,
        student_id=plan.student_id,
        subject_id=plan.id,
        due_on=reminded_on(work, review_on),
    )
