"""Writes roster_300.csv and its expected report: a made-up school whose every family is known by construction.

Run ``python -m tests.labelled.make_roster``. The expected counts come from how the families were made and the expected
issues were written by hand beside each broken row, never from the code that reads the file.
"""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

HERE = Path(__file__).parent
ROSTER = HERE / "roster_300.csv"
EXPECTED = HERE / "roster_300.expected.json"
STUDENTS = 300
SEED = 2026
COLUMNS = [
    *("student_id", "student_name", "year_level", "class", "teacher_email"),
    *("contact_name", "relationship", "mobile", "email", "language", "channel", "may_message"),
]
FIRST = [
    *("Aroha", "Wī", "Hēmi", "Mārama", "Tāne", "Pānia", "Kahurangi", "Tūī", "Ngāio", "Rāwiri", "Hōhepa", "Ānahera"),
    *("Mereana", "Tama", "Hinewai", "Kōtuku", "Te Ariki", "Manaia", "Rongo", "Pita", "Sione", "Mele", "Leilani"),
    *("Priya", "Arjun", "Mia", "Jack", "Olivia", "Noah", "Isla", "Liam", "Ruby", "Zoe"),
]
LAST = [
    *("Kereama", "Paki", "Ngāta", "Tīpene", "Rāpata", "Hōne", "Parāone", "Wātene", "Te Kanawa", "Pōtatau", "Māhuta"),
    *("Smith", "O'Brien", "Fa’aleo", "Walker", "Patel", "Chen", "Taufa", "Brown", "Wilson"),
]
ADULT = [
    *("Mere", "Hōne", "Rua", "Tīmoti", "Whina", "Hēni", "Rāhera", "Wiremu", "Ngaire", "Piripi", "Makareta", "Hoani"),
    *("Sela", "Viliami", "Anjali", "Wei", "Sarah", "James", "Karen", "David", "Mārie", "Kāterina"),
]
RELATIONSHIPS = ("māmā", "pāpā", "kuia", "koro", "whaea kēkē", "matua kēkē", "caregiver")
LANGUAGES = ("mi", "Māori", "te reo", "en", "English", "both", "Samoan", "NZSL", "")
CHANNELS = ("text", "sms", "email", "call", "", "text, email")


@dataclass(frozen=True)
class Adult:
    """A contact as the school's register has them."""

    name: str
    relationship: str
    mobile: str
    email: str
    language: str
    channel: str


@dataclass(frozen=True)
class Child:
    """A student as the school's register has them."""

    id: str
    name: str
    year: str
    room: str
    teacher: str


@dataclass
class Roll:
    """Rows of the file and, beside them, what is true of the families."""

    rows: list[list[str]] = field(default_factory=list)
    students: set[str] = field(default_factory=set)
    contacts: set[Adult] = field(default_factory=set)
    links: set[tuple[str, Adult]] = field(default_factory=set)
    restricted: set[tuple[str, Adult]] = field(default_factory=set)
    issues: list[dict[str, object]] = field(default_factory=list)

    def row(self, child: Child, adult: Adult, *, may_message: str = "") -> None:
        """A row that is right in every cell."""
        self.write(child, adult, may_message)
        self.students.add(child.id)
        self.contacts.add(adult)
        self.links.add((child.id, adult))
        if may_message == "no":
            self.restricted.add((child.id, adult))

    def write(self, child: Child, adult: Adult, may_message: str = "") -> None:
        """A row as it stands, with nothing claimed about it."""
        about = [child.id, child.name, child.year, child.room, child.teacher]
        reach = [adult.name, adult.relationship, adult.mobile, adult.email, adult.language, adult.channel]
        self.rows.append([*about, *reach, may_message])

    def issue(self, severity: str, column: str | None, reason: str) -> None:
        """What is wrong with the row written last; the header is row 1."""
        row = len(self.rows) + 1
        self.issues.append({"row": row, "severity": severity, "reason": reason, "column": column})


class Register:
    """Hands out names, ids, numbers and rooms, each number and id once."""

    def __init__(self, seed: int) -> None:
        """The same seed gives the same school."""
        self.chance = random.Random(seed)
        self._students = 0
        self._phones = 0

    def child(self, last: str) -> Child:
        """A new student of a family."""
        self._students += 1
        room = self.chance.randrange(1, 13)
        year = self.chance.choice(("{0}", "Year {0}", "Y{0}")).format((room + 1) // 2)
        name = f"{self.chance.choice(FIRST)} {last}"
        return Child(f"S{1000 + self._students}", name, year, f"Room {room}", f"kaiako{room}@kura.test")

    def adult(self, last: str) -> Adult:
        """A new contact with a number and an address of their own."""
        self._phones += 1
        number = f"555 {self._phones:04d}"
        mobile = self.chance.choice(("021 {0}", "021-{0}", "+64 21 {0}", "021 {0} ")).format(number)
        name = f"{self.chance.choice(ADULT)} {last}"
        relationship, language = self.chance.choice(RELATIONSHIPS), self.chance.choice(LANGUAGES)
        email = f"whanau{self._phones}@kainga.test"
        return Adult(name, relationship, mobile, email, language, self.chance.choice(CHANNELS))


def other_spelling(name: str, chance: random.Random) -> str:
    """The same name as another office would write it."""
    bare = name.translate(str.maketrans("āēīōūĀĒĪŌŪ’", "aeiouAEIOU'"))
    first, _, last = name.partition(" ")
    return chance.choice((name, name.upper(), bare, f"{last}, {first}", f" {name}  ", name.replace(" ", "\u00a0")))


def families(roll: Roll, register: Register, until: int) -> None:
    """Families of one to three children; one home or two, now and then a phone that two people share."""
    chance = register.chance
    while len(roll.students) < until:
        last = chance.choice(LAST)
        size = min(chance.choice((1, 1, 1, 2, 2, 3)), until - len(roll.students))
        children = [register.child(last) for _ in range(size)]
        adults = household(register, last, chance.choice((1, 1, 2, 2, 3)))
        for child in children:
            for nth, adult in enumerate(adults):
                spelt = replace(child, name=other_spelling(child.name, chance)) if nth else child
                roll.row(spelt, adult, may_message=chance.choice(("", "", "", "", "yes", "ask" if nth else "", "")))
                roll.rows[-1][COLUMNS.index("contact_name")] = other_spelling(adult.name, chance)


def household(register: Register, last: str, size: int) -> list[Adult]:
    """The first adult, another home with its own number, and somebody who shares the first one's phone."""
    adults = [register.adult(last)]
    while len(adults) < size:
        candidate = register.adult(last if len(adults) == 2 else register.chance.choice(LAST))
        if len(adults) == 2:
            candidate = replace(candidate, mobile=adults[0].mobile, email="", channel="text")
        if all(candidate.name != adult.name for adult in adults):
            adults.append(candidate)
    return adults


def unusual_but_right(roll: Roll, register: Register) -> None:
    """What is fine, or fine with a word to the office."""
    child, twin = register.child("Kereama"), register.child("Kereama")
    kuia, namesake = register.adult("Kereama"), register.adult("Kereama")
    roll.row(child, replace(kuia, name="Mere Kereama"))
    roll.row(twin, replace(namesake, name="Mere Kereama"))
    roll.row(twin, register.adult("Paki"), may_message="no")
    roll.row(child, replace(register.adult("Paki"), mobile=""))
    roll.row(register.child("Ngāta"), replace(register.adult("Ngāta"), mobile="09 555 1234", channel="call"))
    roll.issue("warning", "mobile", "This is a landline: it can be rung, but not texted.")
    roll.row(register.child("Ngāta"), replace(register.adult("Ngāta"), name="Tui Ngāta"), may_message="perhaps")
    sentence = "This is neither yes, no nor ask. Nothing is sent until a person confirms it."
    roll.issue("warning", "may_message", sentence)
    roll.rows.append([""] * len(COLUMNS))


def ten_broken_rows(roll: Roll, register: Register) -> None:
    """Ten rows, each wrong in its own way; the child of each is taken unless the row does not say which child."""
    letter = "There is a letter in this phone number. Please write it in digits."
    kept = "Rua Paki was taken with the other address."
    lost = "Rua Paki was not taken: there is no other way to reach them."
    slip = "gmial.com looks like a slip. Did you mean gmail.com?"
    shortened = "A spreadsheet has shortened this phone number, and its last digits are lost."
    nothing = "Rua Paki has no phone number or email address, so they were left out."
    formula = "This looks like a spreadsheet formula, so we left it out."
    for changes, column, reason in (
        ({"mobile": "021 555 O199"}, "mobile", f"{letter} {kept}"),
        ({"mobile": "021 555 O199", "email": ""}, "mobile", f"{letter} {lost}"),
        ({"email": "rua@gmial.com"}, "email", f"{slip} {kept}"),
        ({"mobile": "6.42E+10", "email": ""}, "mobile", f"{shortened} {lost}"),
        ({"mobile": "", "email": ""}, "mobile", nothing),
        ({"name": '=HYPERLINK("http://example.test","Rua")'}, "contact_name", formula),
        ({"name": ""}, "contact_name", "There is no name in this cell."),
    ):
        child = register.child("Paki")
        adult = replace(register.adult("Paki"), **{"name": "Rua Paki", "channel": "", **changes})
        roll.students.add(child.id)
        roll.write(child, adult)
        roll.issue("error", column, reason)
        if "was taken" in reason:
            roll.contacts.add(adult)
            roll.links.add((child.id, adult))
    roll.write(replace(register.child("Paki"), id=""), register.adult("Paki"))
    roll.issue("error", "student_id", "There is no student id in this cell.")
    roll.write(replace(register.child("Paki"), name=""), register.adult("Paki"))
    roll.issue("error", "student_name", "There is no name in this cell.")
    first = roll.rows[0]
    roll.write(replace(register.child("Paki"), id=first[0], name="Somebody Else"), register.adult("Paki"))
    roll.issue("error", "student_name", f"Row 2 gives this student id to {first[1]}. One id is one student.")


def make() -> tuple[bytes, dict[str, object]]:
    """The file as a spreadsheet would save it (UTF-8 with its mark, CRLF), and the report it must give."""
    register, roll = Register(SEED), Roll()
    families(roll, register, until=STUDENTS // 2)
    unusual_but_right(roll, register)
    ten_broken_rows(roll, register)
    families(roll, register, until=STUDENTS)
    page = io.StringIO()
    csv.writer(page).writerows([COLUMNS, *roll.rows])
    expected = {
        "students": len(roll.students),
        "contacts": len(roll.contacts),
        "links": len(roll.links),
        "restricted_links": len(roll.restricted),
        "issues": roll.issues,
    }
    return page.getvalue().encode("utf-8-sig"), expected


if __name__ == "__main__":
    raw, expected_report = make()
    ROSTER.write_bytes(raw)
    EXPECTED.write_text(json.dumps(expected_report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
