"""Rows -> a judged roll: every rule of the roll import, without a database."""

from __future__ import annotations

from dataclasses import dataclass

from commsbridge.foundation.addresses import Phone
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold, name_key
from commsbridge.whanau.models import MayMessage
from commsbridge.whanau.roll import cells
from commsbridge.whanau.roll.issues import Issues, Said, Severity, otherwise, said
from commsbridge.whanau.roll.judged import ChangedNumber, JudgedLink, JudgedRoll, KnownRoll
from commsbridge.whanau.roll.people import Met, People, Person
from commsbridge.whanau.roll.pupils import Pupils
from commsbridge.whanau.roll.reading import Row, Sheet

_STRICTEST_FIRST = (MayMessage.NO, MayMessage.ASK, MayMessage.YES)


def judge(sheet: Sheet, known: KnownRoll) -> JudgedRoll:
    """What the sheet says, row by row, beside what the school already holds. Changes nothing and never raises."""
    bench = _Bench(known)
    for row in sheet.rows:
        bench.take(row)
    return bench.judged(sheet)


@dataclass(slots=True)
class _Link:
    relationship: str
    row: int


@dataclass(frozen=True, slots=True)
class _Address:
    """The contact's cells of one row, as far as they could be read."""

    phone: Phone | None
    email: str | None
    refused: tuple[tuple[str, Said], ...]


class _Bench:
    """Where the rows of one file meet."""

    def __init__(self, known: KnownRoll) -> None:
        self._known = known
        self._issues = Issues()
        self._pupils = Pupils(known.students, self._issues)
        self._people = People(known)
        self._links: dict[tuple[str, Person], _Link] = {}
        self._wishes: dict[tuple[str, str], list[tuple[int, MayMessage]]] = {}
        self._changes: dict[tuple[Person, str], tuple[int, str, str]] = {}
        self._alone: list[tuple[int, str]] = []
        self._seen: dict[tuple[str, ...], int] = {}

    def take(self, row: Row) -> None:
        """Take what is good of one row."""
        if row.fault is not None:
            self._issues.error(row.number, None, row.fault)
            self._pupils.rows_of_nobody += 1
            return
        student = self._pupils.take(row)
        if student is None:
            return
        if self._is_repeated(row):
            return
        if not any(row.cells.get(column) for column in ("contact_name", "mobile", "email")):
            self._alone.append((row.number, student))
            return
        self._take_contact(row, student)

    def judged(self, sheet: Sheet) -> JudgedRoll:
        """Everything taken so far, in the order of the file."""
        people = list(dict.fromkeys(person for _, person in self._links))
        place = {person: number for number, person in enumerate(people)}
        self._warn_of_students_alone()
        self._warn_of_contradictions()
        links = tuple(
            JudgedLink(student, place[person], link.relationship, self._may_message(student, person.key))
            for (student, person), link in self._links.items()
        )
        changes = tuple(
            ChangedNumber(row, student, place[person], old, new)
            for (person, new), (row, student, old) in self._changes.items()
        )
        issues = sorted([*sheet.issues, *self._issues], key=lambda issue: issue.row)
        bad = {issue.row for issue in issues if issue.severity is Severity.ERROR}
        return JudgedRoll(
            self._pupils.judged(),
            tuple(person.judged() for person in people),
            links,
            changes,
            tuple(issues),
            sheet.header,
            tuple(row for row in sheet.rows if row.number in bad),
            frozenset(self._pupils.met),
            self._pupils.rows_of_nobody,
        )

    def _is_repeated(self, row: Row) -> bool:
        first = self._seen.setdefault(tuple(row.cells.values()), row.number)
        if first == row.number or first in self._issues.rows:
            return False
        self._issues.warn(row.number, None, said(N_("This row says the same as row %(row)s."), row=first))
        return True

    def _take_contact(self, row: Row, student: str) -> None:
        name = self._name(row)
        address = self._address(row)
        self._tell_of_refused(row.number, name, address)
        if name is None:
            return
        key = name_key(name)
        self._take_wish(row, student, key)
        if address.phone is None and address.email is None:
            return
        met = self._people.meet(student, name, key, phone=address.phone, email=address.email)
        self._take_link(row, student, met.person)
        self._tell_of_numbers(row, student, met, address)
        self._take_language(row, met.person)
        self._take_channels(row, met.person)

    def _name(self, row: Row) -> str | None:
        try:
            return cells.read_name(row.cells["contact_name"])
        except Invalid as refusal:
            self._issues.error(row.number, "contact_name", Said.by(refusal))
            return None

    def _address(self, row: Row) -> _Address:
        phone, email, refused = None, None, []
        if row.cells.get("mobile"):
            try:
                number = cells.read_number(row.cells["mobile"])
                phone = number.phone
                self._doubt(row.number, "mobile", number.doubt)
            except Invalid as refusal:
                refused.append(("mobile", Said.by(refusal)))
        if row.cells.get("email"):
            try:
                mailbox = cells.read_mailbox(row.cells["email"])
                email = mailbox.address
                self._doubt(row.number, "email", mailbox.doubt)
            except Invalid as refusal:
                refused.append(("email", Said.by(refusal)))
        return _Address(phone, email, tuple(refused))

    def _doubt(self, row: int, column: str, doubt: Said | None) -> None:
        if doubt is not None:
            self._issues.warn(row, column, doubt)

    def _tell_of_refused(self, row: int, name: str | None, address: _Address) -> None:
        """Every bad address is an error, and the last one says what became of its contact; none at all is one, too."""
        unreachable = address.phone is None and address.email is None
        for column, why in address.refused[:-1]:
            self._issues.error(row, column, why)
        for column, why in address.refused[-1:]:
            self._issues.error(row, column, why, *_outcome(name, taken=not unreachable))
        if unreachable and not address.refused and name is not None:
            sentence = N_("%(name)s has no phone number or email address, so they were left out.")
            self._issues.error(row, "mobile", said(sentence, name=name))

    def _tell_of_numbers(self, row: Row, student: str, met: Met, address: _Address) -> None:
        person, phone = met.person, address.phone
        if phone is None:
            return
        if not phone.textable:
            self._issues.warn(row.number, "mobile", said(N_("This is a landline: it can be rung, but not texted.")))
        if met.newer is not None:
            sentence = N_("A person has said that this is not the mobile of %(name)s any more. It was not taken.")
            self._issues.warn(row.number, "mobile", said(sentence, name=person.name))
        if met.instead_of is not None:
            self._changes.setdefault((person, phone.e164), (row.number, student, met.instead_of))
            sentence = N_("This is another mobile for %(name)s. The old one is held until a person confirms this one.")
            self._issues.warn(row.number, "mobile", said(sentence, name=person.name))

    def _take_wish(self, row: Row, student: str, key: str) -> None:
        written = row.cells.get("may_message", "")
        wish = cells.read_may_message(written)
        if wish is None:
            return
        self._wishes.setdefault((student, key), []).append((row.number, wish))
        if wish is MayMessage.ASK and fold(written) != wish:
            sentence = N_("This is neither yes, no nor ask. Nothing is sent until a person confirms it.")
            self._issues.warn(row.number, "may_message", said(sentence))

    def _take_link(self, row: Row, student: str, person: Person) -> None:
        relationship = self._word(row, "relationship")
        link = self._links.setdefault((student, person), _Link(relationship, row.number))
        if not link.relationship:
            link.relationship, link.row = relationship, row.number
        elif relationship and fold(relationship) != fold(link.relationship):
            self._issues.warn(row.number, "relationship", otherwise(link.row))

    def _word(self, row: Row, column: str) -> str:
        try:
            return cells.read_word(row.cells.get(column, ""))
        except Invalid as refusal:
            self._issues.warn(row.number, column, Said.by(refusal))
            return ""

    def _take_language(self, row: Row, person: Person) -> None:
        try:
            language = cells.read_language(row.cells.get("language", ""))
        except Invalid as refusal:
            self._issues.warn(row.number, "language", Said.by(refusal))
            return
        if person.language is None:
            person.language, person.language_row = language, row.number
        elif language is not None and fold(language) != fold(person.language):
            self._issues.warn(row.number, "language", otherwise(person.language_row))

    def _take_channels(self, row: Row, person: Person) -> None:
        channels, unknown = cells.read_channels(row.cells.get("channel", ""))
        if unknown:
            sentence = N_("“%(word)s” is not a way of reaching someone that can be used here.")
            self._issues.warn(row.number, "channel", said(sentence, word=unknown[0][: cells.LONGEST_WORD]))
        if not person.channels:
            person.channels, person.channels_row = channels, row.number
        elif channels and channels != person.channels:
            self._issues.warn(row.number, "channel", otherwise(person.channels_row))

    def _may_message(self, student: str, key: str) -> MayMessage:
        if (student, key) in self._known.restrictions:
            return MayMessage.NO
        return self._wish_of_file(student, key)

    def _wish_of_file(self, student: str, key: str) -> MayMessage:
        """The strictest word of the file, whichever row it stands in."""
        wishes = {wish for _, wish in self._wishes.get((student, key), [])}
        return next((wish for wish in _STRICTEST_FIRST if wish in wishes), MayMessage.YES)

    def _warn_of_contradictions(self) -> None:
        """A yes beside a no or an ask of the same file. A restriction on the roll itself is not told to the office."""
        for (student, key), wishes in self._wishes.items():
            stands = self._wish_of_file(student, key)
            for row, wish in wishes:
                if wish is not stands and _STRICTEST_FIRST.index(wish) > _STRICTEST_FIRST.index(stands):
                    sentence = N_("Another row says “%(stands)s” for the same person and child. We kept that.")
                    self._issues.warn(row, "may_message", said(sentence, stands=stands.value))

    def _warn_of_students_alone(self) -> None:
        linked = {student for student, _ in self._links}
        for row, student in self._alone:
            if student not in linked:
                self._issues.warn(row, "contact_name", said(N_("No one at home is listed for this student.")))


def _outcome(name: str | None, *, taken: bool) -> tuple[Said, ...]:
    if name is None:
        return ()
    if taken:
        return (said(N_("%(name)s was taken with the other address."), name=name),)
    return (said(N_("%(name)s was not taken: there is no other way to reach them."), name=name),)
