"""Making the large school: itself and its staff by the product's own verbs, everybody else and the past poured."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random

from sqlalchemy import select

from commsbridge import messages, schools, students
from commsbridge.demo import people
from commsbridge.demo.large import years
from commsbridge.demo.large.crowd import LEVELS, Crowd, Pupil
from commsbridge.demo.large.pouring import NULL, Pour
from commsbridge.demo.large.years import Room, Years
from commsbridge.demo.roll import SHORT_CODE, know_terms, make_school, set_passwords
from commsbridge.foundation.actors import OPERATOR
from commsbridge.foundation.names import fold
from commsbridge.foundation.work import Work
from commsbridge.messages import Phrase, PhraseKind
from commsbridge.runtime import Runtime
from commsbridge.schools import Role, Staff

ROOM_SIZE = 27
FIRSTS = "Ria Tom Sam Hine Pou Lena Max Ata Joe Wai Kim Ella"
LASTS = "Boyd Hura Lang Nepia Orr Tahi Vose"
DAYS_A_BATCH = 5


@dataclass(frozen=True, slots=True)
class Size:
    """How large: so many students on the roll, and so many years back."""

    students: int
    years: float


FULL = Size(3500, 2)
LITTLE = Size(80, 0.5)


@dataclass(frozen=True, slots=True)
class Made:
    """The school that was made, who signs in there, and how many lines its log holds."""

    school_id: uuid.UUID
    staff: dict[str, Staff]
    lines: int


def seed_large_school(
    runtime: Runtime,
    above_walls_url: str,
    *,
    size: Size = FULL,
    seed: int = 7,
    short_code: str = SHORT_CODE,
    passed: Callable[[int, int], None] = lambda _days, _of: None,
) -> Made:
    """Make a large Rimu Road School with a past that ends yesterday; the same ``seed`` makes the same school.

    ``above_walls_url`` is the address of the same database for the superuser of a private PostgreSQL: rows are poured
    by COPY, which forced row-level security refuses to everybody else. A second school beside it needs a seed and a
    ``short_code`` of its own. ``passed`` hears how many school days of how
    many have been told.
    """
    dice = Random(seed)
    with runtime.lobby() as lobby:
        school_id = make_school(lobby, short_code=short_code, mail_sender=f"kiaora@{short_code}.rimuroad.test")
    with runtime.work(school_id, OPERATOR) as work:
        today = schools.today(work)
        first_on = today - timedelta(days=round(365.25 * size.years))
        know_terms(work, range(first_on.year, today.year + 1))
        calendar = schools.calendar_of(work)
        days = calendar.school_days(first_on, today - timedelta(days=1))
        messages.seed_phrases(work)
        how_many = round(size.students / ROOM_SIZE)
        staff = _staff(work, days[0], how_many)
        rooms = _rooms(work, dice, staff, days, how_many)
        bank = _bank(work)
        checked = _checked(work, dice, staff[people.ERANA.name], days[len(days) // 4])
    set_passwords(runtime, [staff[each.name] for each in people.STAFF])
    with Pour(above_walls_url, str(school_id)) as pour:
        for row in checked:
            pour.row("wording_checks", *row)
        crowd = Crowd(pour, dice, days[0], days[-1])
        pupils = list(crowd.draw(size.students))
        _settle_in(crowd, pupils, rooms, sorted({day.year for day in days}))
        for adult in {id(adult): adult for pupil in pupils for adult in pupil.adults if adult.stopped_on}.values():
            pour.row("opt_outs", bank.senders["text"], adult.address, f"{adult.stopped_on} 12:00+13")
        _tell(Years(pour, dice, calendar, bank, calendar.moment(today, time())), days, rooms, pupils, passed)
    return Made(school_id, staff, pour.counts["lines"])


def _tell(
    told: Years,
    days: Sequence[date],
    rooms: Sequence[Room],
    pupils: Sequence[Pupil],
    passed: Callable[[int, int], None],
) -> None:
    for number, day in enumerate(days, start=1):
        present: dict[int, list[Pupil]] = defaultdict(list)
        for pupil in pupils:
            if pupil.from_on <= day and (pupil.left_on is None or day < pupil.left_on) and day.year in pupil.rooms:
                present[pupil.rooms[day.year]].append(pupil)
        told.day(day, [(room, present[place]) for place, room in enumerate(rooms)])
        if number % DAYS_A_BATCH == 0 or number == len(days):
            told.pour.pour()
            passed(number, len(days))


def _settle_in(crowd: Crowd, pupils: Sequence[Pupil], rooms: Sequence[Room], in_years: Sequence[int]) -> None:
    """Each calendar year a class of one's level: most change rooms with their level, some within it."""
    for pupil in pupils:
        for year in in_years:
            began = max(pupil.from_on, date(year, 1, 1)) if year != in_years[0] else pupil.from_on
            ended = None if year == in_years[-1] else date(year, 12, 31)
            level = pupil.level - (in_years[-1] - year)
            if level < 1 or began.year > year or (pupil.left_on and pupil.left_on <= began):
                continue
            place = pupil.rooms[year] = _place(crowd.dice, level, len(rooms))
            ended = min(ended or date.max, pupil.left_on - timedelta(days=1)) if pupil.left_on else ended
            crowd.pour.row(
                "enrolments", crowd.new_id(), rooms[place].id, pupil.id, str(began), str(ended) if ended else NULL
            )
            if pupil.left_on and pupil.left_on.year == year:
                break


def _place(dice: Random, level: int, how_many: int) -> int:
    """One of the rooms that a level has; with few rooms levels share them."""
    first, after = (level - 1) * how_many // LEVELS, level * how_many // LEVELS
    return first if after <= first + 1 else dice.randrange(first, after)


def _staff(work: Work, from_on: date, rooms: int) -> dict[str, Staff]:
    """Those who sign in to the demo, and two teachers for each room: one may stop."""
    found = {
        each.name: schools.add_staff(
            work, email=each.email, name=each.name, shown_name=each.shown_name, roles=each.roles, from_on=from_on
        )
        for each in people.STAFF
    }
    firsts, lasts = FIRSTS.split(), LASTS.split()
    for number in range(rooms + rooms // 6):
        name = f"{firsts[number % len(firsts)]} {lasts[number % len(lasts)]} {number + 1}"
        found[name] = schools.add_staff(
            work,
            email=f"{fold(name).replace(' ', '.')}@rimuroad.test",
            name=name,
            shown_name=name,
            roles={Role.KAIAKO},
            from_on=from_on,
        )
    return found


def _rooms(work: Work, dice: Random, staff: dict[str, Staff], days: Sequence[date], how_many: int) -> list[Room]:
    """Rooms with who teaches them: a sixth change hands on the way, and whoever comes may not have the habit yet."""
    teachers = [each for name, each in staff.items() if name not in {one.name for one in people.STAFF}]
    names = [people.ROOM_7, people.ROOM_3, people.TE_PUNA, *(f"Room {number}" for number in range(10, how_many + 10))]
    named = students.classes_named(work, names[:how_many])
    own = {room: staff[each.name] for each in people.STAFF if Role.KAIAKO in each.roles for room in each.rooms}
    spare, rooms = teachers[how_many:], []
    for place, name in enumerate(names[:how_many]):
        first = own.get(name) or teachers[place]
        changes = place % 6 == 5 and bool(spare)
        second = spare.pop() if changes else first
        on = days[dice.randrange(len(days) // 3, len(days))] if changes else date.max
        keen = dice.choices((1.0, 1.5, 0.5), (6, 2, 2))[0]
        students.teach(work, first, named[name], from_on=days[0])
        if changes:
            students.end_teaching(work, first, named[name], on=on)
            students.teach(work, second, named[name], from_on=on)
        rooms.append(Room(named[name].id.hex, (first.id.hex, second.id.hex), on, (keen, dice.choice((0.0, 0.3, 1.0)))))
    return rooms


def _checked(work: Work, dice: Random, speaker: Staff, on: date) -> list[tuple[str, ...]]:
    """The verdicts of the school's speaker, who looked at half of the phrases on one day and liked nearly all."""
    wordings = [each for each in messages.wordings.on_desk(work) if each.kind is messages.wordings.Kind.PHRASE]
    return [
        (
            dice.randbytes(16).hex(), each.key, "rejected" if place % 20 == 19 else "approved", each.en, each.mi,
            speaker.id.hex, speaker.name, str(on), f"{on} 15:30+13",
        )
        for place, each in enumerate(wordings[: len(wordings) // 2])
    ]  # fmt: skip


def _bank(work: Work) -> years.Bank:
    rows = work.session.scalars(select(Phrase).where(Phrase.kind == PhraseKind.PRAISE).order_by(Phrase.position))
    senders = {("email" if each.kind == "mail" else "text"): each.id.hex for each in schools.senders_of(work)}
    return years.Bank([years.Phrase(row.id.hex, row.text_en, row.text_mi) for row in rows], senders)
