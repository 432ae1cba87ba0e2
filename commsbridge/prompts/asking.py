"""Asking: a prompt that is due names the children who waited longest, once, and goes the ways its teacher chose."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import DateTime, Integer, String, Uuid, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from commsbridge import messages, schools, students
from commsbridge.foundation.columns import among, unnested
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.messages import Links, PromptMail
from commsbridge.prompts.around import Around, look_around
from commsbridge.prompts.choosing import EARLIEST, Waiting
from commsbridge.prompts.missing import Due, due_now
from commsbridge.prompts.models import Late, Prompt, PromptedChild, Schedule
from commsbridge.prompts.noticing import GoalsOf, With, known_of
from commsbridge.prompts.pushing import forget_old_pushes, push_prompt
from commsbridge.prompts.rules import rules_of
from commsbridge.prompts.schedules import MOVES_AHEAD, moves_of, schedules_to_look_at
from commsbridge.prompts.texting import text_prompt
from commsbridge.prompts.tiring import resting, tired_among
from commsbridge.schools import Permission, Viewer
from commsbridge.students import Student


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt that was just made, with its children in order."""

    prompt: Prompt
    schedule: Schedule
    children: Sequence[Student]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A prompt to make: for whom, at which moment, about which children."""

    schedule: Schedule
    staff_id: uuid.UUID
    due_at: datetime
    late: Late | None
    found: Sequence[Waiting]


def ask_due(work: Work, *, links: Links, planned: GoalsOf = None) -> list[Asked]:
    """Make every prompt of this school that is due; asking twice makes none twice.

    What was missed meanwhile is dropped, or moved to now, as the school chose, and written down as such. One that was
    asked for by mail or text goes that way, too, where the school can send any. A teacher of whose children nobody is
    due yet is not asked; for one who is away or does not work today, whoever stands in is. However many are due in one
    minute, what that takes to know is asked for once, and who asked about one child comes before who asked about any.
    ``planned`` tells the goals of plans, of which one may be named.
    """
    calendar = schools.calendar_of(work)
    due = _due_now(work, calendar)
    if not due:
        return []
    _write(work, [_Wanted(each, each.staff_id, at, Late.DROP, ()) for each, of in due for at in of.dropped])
    asking = [(schedule, of.ask, of.late) for schedule, of in due if of.ask is not None]
    tired = tired_among(work, [schedule for schedule, _, _ in asking], calendar)
    rests = resting(work, [schedule for schedule, _, _ in asking if schedule.id in tired], calendar)
    awake = sorted((each for each in asking if each[0].id not in rests), key=lambda each: _breadth(each[0]))
    askers = _askers(work, [schedule for schedule, _, _ in awake])
    viewers = _viewers(work, [schedule.staff_id for schedule, _, _ in awake], askers)
    around = look_around(work, viewers.values(), calendar)
    wanted = []
    for schedule, due_at, late in awake:
        staff_id = askers.get(schedule.id)
        if staff_id is None or staff_id not in viewers:
            continue
        found = _found(work, around, schedule, staff_id)
        if found:
            around.note_asked(staff_id, [each.student_id for each in found])
            wanted.append(_Wanted(schedule, staff_id, due_at, Late.MOVE if late else None, found))
    made = _made(_write(work, wanted), wanted, around)
    _write_children(work, made, wanted)
    readers = {staff_id for staff_id, viewer in viewers.items() if viewer.may(Permission.READ_LOG)}
    _send(work, made, tired, readers, links=links, planned=planned)
    return made


def _send(
    work: Work,
    made: Sequence[Asked],
    tired: Collection[uuid.UUID],
    readers: Collection[uuid.UUID],
    *,
    links: Links,
    planned: GoalsOf,
) -> None:
    """Send each prompt one way alone: to a device, else by text, else by mail, of those its teacher chose.

    With it goes what to notice; what is said of a child goes to ``readers`` of their page alone.
    """
    leaving = [each for each in made if each.schedule.by_push or each.schedule.by_text or each.schedule.by_mail]
    known = known_of(work, {child.id for asked in leaving for child in asked.children}, planned=planned)
    to_devices = {asked.prompt.staff_id for asked in made if asked.schedule.by_push}
    devices = schools.devices_in_use(work, to_devices) if to_devices else {}
    staff = schools.staff_by_id(work, devices.keys()) if devices else {}
    if devices:
        forget_old_pushes(work)
    by_mail = []
    for asked in leaving:
        prompt, schedule = asked.prompt, asked.schedule
        with_it = With(known, reads=prompt.staff_id in readers, tired=schedule.id in tired, links=links)
        on = devices.get(prompt.staff_id) if schedule.by_push else None
        if on:
            push_prompt(work, prompt, staff[prompt.staff_id], asked.children, on, with_it=with_it)
        elif not text_prompt(work, prompt, schedule, asked.children, with_it) and schedule.by_mail:
            by_mail.append((asked, with_it))
    _mail(work, by_mail, links)


def _due_now(work: Work, calendar: SchoolCalendar) -> list[tuple[Schedule, Due]]:
    """The schedules with moments to judge now; those are not looked at again."""
    looked_at = schedules_to_look_at(work)
    rules = rules_of(work)
    moves = moves_of(work, [each.id for each in looked_at], from_on=schools.today(work) - MOVES_AHEAD)
    judged = [(each, due_now(each, calendar, work.now, rules.late, moves[each.id])) for each in looked_at]
    due = [(each, found) for each, found in judged if found is not None]
    if due:
        looked = update(Schedule).where(among(Schedule.id, [each.id for each, _ in due])).values(asked_until=work.now)
        work.session.execute(looked.execution_options(synchronize_session=False))
    return due


def _askers(work: Work, schedules: Collection[Schedule]) -> Mapping[uuid.UUID, uuid.UUID]:
    """Who is asked today, by schedule: whose it is, or who stands in for them; nobody when neither is at school."""
    today = schools.today(work)
    here = schools.here_on(work, {each.staff_id for each in schedules}, today)
    found = {each.id: each.staff_id for each in schedules if each.staff_id in here}
    for each in schedules:
        stand_in = schools.stand_in_of(work, each.staff_id, today) if each.staff_id not in here else None
        if stand_in is not None and schools.here_on(work, [stand_in.id], today):
            found[each.id] = stand_in.id
    return found


def _breadth(schedule: Schedule) -> int:
    """What is about one child goes before what is about a group or class, and that before what is about anybody."""
    return 0 if schedule.student_id else 1 if schedule.group_id or schedule.class_id else 2


def _viewers(
    work: Work, owners: Collection[uuid.UUID], askers: Mapping[uuid.UUID, uuid.UUID]
) -> dict[uuid.UUID, Viewer]:
    """Everybody who is asked and may praise, and those they stand in for."""
    found = schools.viewers_for(work, {*owners, *askers.values()}) if owners else []
    return {viewer.staff_id: viewer for viewer in found if viewer.may(Permission.SEND_PRAISE)}


def _found(work: Work, around: Around, schedule: Schedule, staff_id: uuid.UUID) -> list[Waiting]:
    """The children to ask about; a schedule for one child asks whether or not they are due."""
    only: set[uuid.UUID] | None = None
    if schedule.student_id is not None:
        only = {schedule.student_id}
    elif schedule.class_id is not None:
        only = {child.id for child in students.students_in(work, schedule.class_id, around.today)}
    elif schedule.group_id is not None:
        only = students.members_of(work, [schedule.group_id])[schedule.group_id]
    if staff_id != schedule.staff_id:
        of_the_other = {*around.taught.get(schedule.staff_id, ())}
        only = of_the_other if only is None else only & of_the_other
    earliest = EARLIEST if schedule.student_id is None else 0.0
    return around.next_for(staff_id, schedule.how_many, only=only, earliest=earliest)


def _write(work: Work, wanted: Sequence[_Wanted]) -> dict[tuple[uuid.UUID, datetime], Prompt]:
    """Write prompts down; one that another clock has written meanwhile is left to that one."""
    if not wanted:
        return {}
    rows = select(
        unnested([uuid.uuid4() for _ in wanted], Uuid()),
        unnested([each.schedule.id for each in wanted], Uuid()),
        unnested([each.staff_id for each in wanted], Uuid()),
        unnested([each.due_at for each in wanted], DateTime(timezone=True)),
        unnested([each.late for each in wanted], String()),
        literal(work.now, DateTime(timezone=True)),
    )
    once = (
        insert(Prompt)
        .from_select(["id", "schedule_id", "staff_id", "due_at", "late", "made_at"], rows)
        .on_conflict_do_nothing(index_elements=[Prompt.school_id, Prompt.schedule_id, Prompt.due_at])
    )
    written = work.session.scalars(once.returning(Prompt))
    return {(prompt.schedule_id, prompt.due_at): prompt for prompt in written}


def _made(
    written: Mapping[tuple[uuid.UUID, datetime], Prompt], wanted: Sequence[_Wanted], around: Around
) -> list[Asked]:
    made = []
    for each in wanted:
        prompt = written.get((each.schedule.id, each.due_at))
        if prompt is not None:
            taught = around.taught[each.staff_id]
            made.append(Asked(prompt, each.schedule, [taught[child.student_id] for child in each.found]))
    return made


def _write_children(work: Work, made: Sequence[Asked], wanted: Sequence[_Wanted]) -> None:
    found = {(each.schedule.id, each.due_at): each.found for each in wanted}
    children = [
        (asked.prompt.id, child, place)
        for asked in made
        for place, child in enumerate(found[asked.schedule.id, asked.prompt.due_at])
    ]
    if not children:
        return
    rows = select(
        unnested([uuid.uuid4() for _ in children], Uuid()),
        unnested([prompt_id for prompt_id, _, _ in children], Uuid()),
        unnested([child.student_id for _, child, _ in children], Uuid()),
        unnested([place for _, _, place in children], Integer()),
        unnested([child.waited for _, child, _ in children], Integer()),
        unnested([child.concerns for _, child, _ in children], Integer()),
    )
    names = ["id", "prompt_id", "student_id", "place", "waited", "concerns"]
    work.session.execute(insert(PromptedChild).from_select(names, rows))


def _mail(work: Work, wanted: Sequence[tuple[Asked, With]], links: Links) -> None:
    """Mail these prompts, all at once; they are worth nothing the day after."""
    if not wanted or schools.sender_for_mails(work) is None:
        return
    staff = schools.staff_by_id(work, {asked.prompt.staff_id for asked, _ in wanted})
    languages, today = schools.languages_of(work, staff.values()), schools.today(work)
    messages.mail_prompts(
        work,
        [
            PromptMail(
                staff[asked.prompt.staff_id],
                languages[asked.prompt.staff_id],
                asked.children,
                late=asked.prompt.late is not None,
                tired=with_it.tired,
                ideas=with_it.ideas(asked.children, languages[asked.prompt.staff_id], today),
            )
            for asked, with_it in wanted
        ],
        links=links,
        expires_at=schools.day_begins(work, today + timedelta(days=1)),
    )


def who_next(work: Work, viewer: Viewer, *, how_many: int) -> list[tuple[Student, Waiting]]:
    """The children a member of staff would be asked about now, the most due first, with why.

    Left out: who cannot be reached at all, who is paused, who another adult was asked about just now, and whom this
    adult left to somebody else.
    """
    around = look_around(work, [viewer], schools.calendar_of(work))
    taught = around.taught[viewer.staff_id]
    return [(taught[each.student_id], each) for each in around.next_for(viewer.staff_id, how_many, again_today=True)]
