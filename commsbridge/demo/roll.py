"""Making the demo's school: the school itself, its staff, its classes, and the families with their limits."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from commsbridge import messages, schools, students, whanau
from commsbridge.demo import people
from commsbridge.demo.people import Adult, Child
from commsbridge.foundation.work import Work
from commsbridge.runtime import Lobby, Runtime
from commsbridge.schools import SenderKind, Staff
from commsbridge.students import BarKind, NewStudent, Student
from commsbridge.whanau import Contact

NAME_EN, NAME_MI, TEXT_NAME = "Rimu Road School", "Te Kura o Rimu", "Rimu Road School"
SHORT_CODE = "8123"
MAIL_SENDER = "kiaora@rimuroad.test"
# Four words in a row, as the product advises. It opens the demo alone.
PASSWORD = "rimu tui moana kete"  # noqa: S105 - printed on purpose
# A year without a term table gets these terms (first month and day, last month and day): school days in any year.
TERMS = ((1, 29, 4, 12), (4, 29, 7, 5), (7, 20, 9, 27), (10, 12, 12, 18))


@dataclass(frozen=True, slots=True)
class SmallSchool:
    """The school as it was made, its people by name (demo.people)."""

    school_id: uuid.UUID
    staff: Mapping[str, Staff]
    students: Mapping[str, Student]
    contacts: Mapping[str, Contact]


def make_school(lobby: Lobby, *, short_code: str = SHORT_CODE, mail_sender: str = MAIL_SENDER) -> uuid.UUID:
    """The school with a short code that families answer free of charge, and a mail address."""
    school = schools.create_school(
        lobby, name_en=NAME_EN, name_mi=NAME_MI, text_name=TEXT_NAME, region="AUK", office_phone="09 555 0123"
    )
    # set_quiet_hours rightly refuses a school without any; in the demo messages flow whenever somebody looks at it.
    school.quiet_from = school.quiet_until = time(0)
    for kind, address in ((SenderKind.ZERO_RATED, short_code), (SenderKind.MAIL, mail_sender)):
        sender = schools.add_sender(lobby, kind=kind, address=address, rate=20, burst=40)
        schools.give_sender(lobby, school.id, sender.id)
    return school.id


def school_days(work: Work, count: int) -> list[date]:
    """The last ``count`` school days before today, in order; years without a term table get TERMS first."""
    today = schools.today(work)
    know_terms(work, (today.year - 1, today.year))
    return schools.calendar_of(work).last_school_days(count, today - timedelta(days=1))


def know_terms(work: Work, years: Iterable[int]) -> None:
    """Give TERMS to those of these years that have no term table."""
    for year in set(years) - schools.calendar_of(work).years_known:
        for number, (month, day, last_month, last_day) in enumerate(TERMS, start=1):
            first_on, last_on = date(year, month, day), date(year, last_month, last_day)
            schools.set_term(work, year=year, number=number, first_on=first_on, last_on=last_on)


def take_in(work: Work, children: Sequence[Child], *, from_on: date) -> SmallSchool:
    """Everybody comes: staff, ākonga in their classes, and the adults around each."""
    messages.seed_phrases(work)
    staff = {each.name: _staff(work, each, from_on) for each in people.STAFF}
    rows = [NewStudent(f"R{n:03d}", child.name, year_level=child.year_level) for n, child in enumerate(children, 1)]
    enrolled = dict(zip((child.name for child in children), students.add_students(work, rows), strict=True))
    rooms = {room: students.class_named(work, room) for room in people.SIZES}
    students.enrol_all(work, [(enrolled[each.name].id, rooms[each.room].id) for each in children], from_on=from_on)
    taught = [(staff[each.name].id, rooms[room].id) for each in people.STAFF for room in each.rooms]
    students.teach_all(work, taught, from_on=from_on)
    contacts = _families(work, children, enrolled, from_on)
    students.bar_staff(
        work, staff[people.SINGH.name].id, student_id=enrolled[people.ANAYA.name].id, kind=BarKind.WHANAU
    )
    return SmallSchool(work.school_id, staff, enrolled, contacts)


def set_passwords(runtime: Runtime, staff: Collection[Staff]) -> None:
    """Everybody signs in with PASSWORD, as pages that need care ask for it again."""
    for each in staff:
        with runtime.lobby() as lobby:
            schools.set_password(lobby, each.account_id, password=PASSWORD)


def _staff(work: Work, who: people.Colleague, from_on: date) -> Staff:
    return schools.add_staff(
        work, email=who.email, name=who.name, shown_name=who.shown_name, roles=who.roles, from_on=from_on
    )


def _families(
    work: Work, children: Sequence[Child], enrolled: Mapping[str, Student], from_on: date
) -> dict[str, Contact]:
    """Each adult once, however many children they are with."""
    contacts: dict[str, Contact] = {}
    for child in children:
        homes = {home: whanau.add_household(work).id for home in {adult.home for adult in child.adults}}
        for adult in child.adults:
            contact = contacts.get(adult.name) or _contact(work, adult, homes[adult.home], from_on)
            contacts[adult.name] = contact
            whanau.relate(
                work,
                contact.id,
                enrolled[child.name].id,
                relationship=adult.relationship,
                may_message=adult.may_message,
                limit_reason=adult.limit_reason,
                primary=adult is child.adults[0],
                from_on=from_on,
            )
    return contacts


def _contact(work: Work, adult: Adult, household_id: uuid.UUID, from_on: date) -> Contact:
    contact = whanau.add_contact(
        work,
        adult.name,
        language=adult.language,
        ways=adult.ways,
        household_id=household_id,
        from_on=from_on,
        greeting=adult.greeting,
    )
    if adult.quiet:
        whanau.set_hours(work, contact, quiet_from=adult.quiet[0], quiet_until=adult.quiet[1])
    return contact
