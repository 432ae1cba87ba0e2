"""One school for stories: staff of every role, two classes, children of two homes, every kind of contact."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.actors import OPERATOR, Actor
from commsbridge.foundation.work import Work
from commsbridge.runtime import Runtime
from commsbridge.schools import Role, Sender, SenderKind, Staff
from commsbridge.students import BarKind, Student
from commsbridge.whanau import Channel, Contact, MayMessage

START = date(2026, 2, 2)
SHORT_CODE = "4545"
MAIL_FROM = "kura@rimu.test"

# key: name, the name whānau see, role, the class they teach
STAFF: dict[str, tuple[str, str, Role, str | None]] = {
    "walsh": ("Mere Walsh", "Ms Walsh", Role.KAIAKO, "Room 7"),
    "fox": ("Ana Fox", "Mrs Fox", Role.KAIAKO, "Room 8"),
    "matiu": ("Matiu Rangi", "Matua Matiu", Role.KAIAWHINA, "Room 7"),
    "leota": ("Sina Leota", "Mrs Leota", Role.LEARNING_SUPPORT, None),
    "burns": ("Tom Burns", "Mr Burns", Role.LEADER, None),
    "jan": ("Jan Pōhatu", "Jan at the office", Role.OFFICE, None),
    "kiri": ("Kiri Hōhepa", "Whaea Kiri", Role.CHILD_PROTECTION, None),
}
# key: roll id, name, preferred name, year level, class
STUDENTS: dict[str, tuple[str, str, str, int, str]] = {
    "aroha": ("S1", "Aroha Kereama", "Aroha", 5, "Room 7"),
    "hemi": ("S2", "Hēmi Parata", "Hēmi", 5, "Room 7"),
    "pare": ("S3", "Pare Walsh", "Pare", 5, "Room 7"),  # Mere Walsh's own child: she does not see her as staff
    "wi": ("S4", "Wī Kereama", "Wī", 3, "Room 8"),
    "leo": ("S5", "Leo Faleolo", "Leo", 3, "Room 8"),
    "tama": ("S6", "Tāma Rēweti", "Tāma", 3, "Room 8"),  # nobody is written down for him
}
Reach = tuple[Channel, str | None]
# key: name, language, ways in order, home
CONTACTS: dict[str, tuple[str, str, tuple[Reach, ...], str]] = {
    "ngaire": ("Ngaire Kereama", "mi", ((Channel.TEXT, "021 555 0101"),), "Kuia's"),
    "dave": ("Dave Kereama", "en", ((Channel.EMAIL, "dave.kereama@homes.test"),), "Dad's"),
    "rangi": ("Rangi Moke", "en", ((Channel.TEXT, "021 555 0103"),), "Rangi's"),  # restricted from Aroha
    "hine": ("Hine Parata", "both", ((Channel.TEXT, "021 555 0104"), (Channel.EMAIL, "hine@homes.test")), "Paratas"),
    "tia": ("Tia Parata", "en", ((Channel.TEXT, "021 555 0105"),), "Paratas"),  # nobody has said whether she may
    "koro": ("Hoani Parata", "mi", ((Channel.TEXT, "09 555 0106"),), "Koro's"),  # a landline: it is rung
    "sina": ("Sina Faleolo", "Samoan", ((Channel.TEXT, "021 555 0107"),), "Faleolos"),
    "losa": ("Losa Faleolo", "en", ((Channel.SLIP, None),), "Faleolos"),  # a printed slip home
    "joe": ("Joe Walsh", "en", (), "Walshes"),  # no way to reach him is known
}
YES, NO, ASK = MayMessage.YES, MayMessage.NO, MayMessage.ASK
# contact, student, relationship, may they be messaged about them
TIES: tuple[tuple[str, str, str, MayMessage], ...] = (
    ("ngaire", "aroha", "kuia", YES),
    ("ngaire", "wi", "kuia", YES),
    ("dave", "aroha", "pāpā", YES),
    ("dave", "wi", "pāpā", YES),
    ("rangi", "aroha", "uncle", NO),
    ("hine", "hemi", "māmā", YES),
    ("tia", "hemi", "auntie", ASK),
    ("koro", "hemi", "koro", YES),
    ("sina", "leo", "mother", YES),
    ("losa", "leo", "nana", YES),
    ("joe", "pare", "father", YES),
)
WHY_LIMITED = "A court order of 3 March: no contact about Aroha."


@dataclass(frozen=True)
class Story:
    """The school as it stands, and a way to act in it. People are found by the short names of the tables above."""

    runtime: Runtime
    school_id: uuid.UUID
    staff: Mapping[str, Staff]
    students: Mapping[str, Student]
    contacts: Mapping[str, Contact]
    texts: Sender
    mails: Sender

    @contextmanager
    def work(self, who: str | None = None) -> Iterator[Work]:
        """One act in the school, by a member of staff or (nobody named) by the operator."""
        actor = Actor.staff(self.staff[who].id) if who else OPERATOR
        with self.runtime.work(self.school_id, actor) as work:
            yield work

    def school_number(self, work: Work) -> int:
        """The number that signed links carry."""
        return schools.school_of(work).number


def open_school(
    runtime: Runtime,
    *,
    name: str = "Rimu Road School",
    domain: str = "rimu.test",
    short_code: str = SHORT_CODE,
    mail_from: str = MAIL_FROM,
) -> Story:
    """Make the school with everybody in it, through the faces of the rooms; a second one needs its own addresses."""
    with runtime.lobby() as lobby:
        school_id = schools.create_school(
            lobby, name_en=name, name_mi="Te Kura o Rimu", text_name=name[:20], region="AUK", office_phone="09 555 0100"
        ).id
        texts = schools.add_sender(lobby, kind=SenderKind.STANDARD, address=short_code)
        mails = schools.add_sender(lobby, kind=SenderKind.MAIL, address=mail_from)
        for sender in (texts, mails):
            schools.give_sender(lobby, school_id, sender.id)
    with runtime.work(school_id, OPERATOR) as work:
        messages.seed_phrases(work)
        staff = {key: _hire(work, key, domain) for key in STAFF}
        children = {key: _enrol(work, key) for key in STUDENTS}
        students.bar_staff(work, staff["walsh"].id, student_id=children["pare"].id, kind=BarKind.WHANAU)
        contacts = _gather(work, children)
    return Story(runtime, school_id, staff, children, contacts, texts, mails)


def _hire(work: Work, key: str, domain: str) -> Staff:
    name, shown, role, room = STAFF[key]
    staff = schools.add_staff(work, email=f"{key}@{domain}", name=name, shown_name=shown, roles={role}, from_on=START)
    if room is not None:
        students.teach(work, staff, students.class_named(work, room), from_on=START)
    return staff


def _enrol(work: Work, key: str) -> Student:
    roll_id, name, preferred, year, room = STUDENTS[key]
    student = students.add_student(work, roll_id=roll_id, name=name, preferred_name=preferred, year_level=year)
    students.enrol(work, student, students.class_named(work, room), from_on=START)
    return student


def _gather(work: Work, children: Mapping[str, Student]) -> dict[str, Contact]:
    homes = {label: whanau.add_household(work, label).id for label in {home for *_, home in CONTACTS.values()}}
    contacts = {
        key: whanau.add_contact(work, name, language=language, ways=ways, household_id=homes[home], from_on=START)
        for key, (name, language, ways, home) in CONTACTS.items()
    }
    for contact, child, relationship, may in TIES:
        whanau.relate(
            work,
            contacts[contact].id,
            children[child].id,
            relationship=relationship,
            may_message=may,
            from_on=START,
            limit_reason=WHY_LIMITED if may is NO else None,
        )
    return contacts
