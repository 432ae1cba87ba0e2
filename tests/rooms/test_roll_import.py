"""The roll import on a real database: it adds and tightens, and undoes nothing that anybody chose."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, time

import pytest
from sqlalchemy import select, text

from commsbridge import students, tasks, whanau
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.work import Work
from commsbridge.schools import Role
from commsbridge.tasks import Task, TaskKind
from commsbridge.whanau import Channel, Contact, Guardianship, MayMessage, Way, WayState
from commsbridge.whanau.roll import (
    Applied,
    JudgedRoll,
    apply_roll,
    judge,
    known_roll,
    read_roll,
    report,
    settle_number,
)
from tests.conftest import Clock, SharedDatabase
from tests.labelled import make_roster
from tests.rooms.acts import Acts
from tests.rooms.rolls import row, written

NEW_MOBILE = "021 555 0102"
TABLES = (
    "students",
    "classes",
    "enrolments",
    "teaching",
    "contacts",
    "languages_asked",
    "ways",
    "guardianships",
    "tasks",
)


class School:
    """A school that imports rolls."""

    def __init__(self, acts: Acts, name: str = "Rimu Road School") -> None:
        self.acts = acts
        self.id = acts.school(name)

    def take(self, *rows: list[str], whole_school: bool = False) -> tuple[JudgedRoll, Applied]:
        return self.take_file(written(*rows).encode(), whole_school=whole_school)

    def take_file(self, raw: bytes, *, whole_school: bool = False) -> tuple[JudgedRoll, Applied]:
        with self.acts.work(self.id) as work:
            judged = judge(read_roll(raw), known_roll(work))
            return judged, apply_roll(work, judged, whole_school=whole_school)

    def rows(self) -> dict[str, set[str]]:
        """Every row of the tables that an import may write."""
        with self.acts.work(self.id) as work:
            return {table: set(work.session.scalars(text(f"SELECT {table}::text FROM {table}"))) for table in TABLES}


@pytest.fixture
def acts(database: SharedDatabase, clock: Clock) -> Acts:
    return Acts(database, clock)


@pytest.fixture
def school(acts: Acts) -> School:
    return School(acts)


def contact(work: Work, name: str = "Mere Kereama") -> Contact:
    return work.session.scalars(select(Contact).where(Contact.name == name)).one()


def ways(work: Work) -> list[tuple[str, str | None, str]]:
    """Channel, address and state of every way in its order."""
    found = work.session.scalars(select(Way).where(Way.rank > 0).order_by(Way.rank)).all()
    return [(str(way.channel), way.address, str(way.state)) for way in found]


def access(work: Work) -> list[str]:
    """What may be sent to the contacts of today, by the order of names."""
    rows = select(Guardianship.may_message).join(Contact, Contact.id == Guardianship.contact_id)
    return list(work.session.scalars(rows.where(Guardianship.to_on.is_(None)).order_by(Contact.name)))


def open_tasks(work: Work, kind: TaskKind) -> Sequence[Task]:
    return work.session.scalars(select(Task).where(Task.kind == kind, Task.done_at.is_(None))).all()


def test_the_roster_of_300_goes_in_and_a_second_import_changes_nothing_and_reports_the_same(school: School) -> None:
    raw, expected = make_roster.make()
    first, applied = school.take_file(raw)
    assert report(first) == expected
    assert (applied.students_added, applied.contacts_added) == (expected["students"], expected["contacts"])
    assert applied.links_added == expected["links"]
    before = school.rows()
    assert len(before["students"]) == expected["students"]
    assert [table for table in TABLES if not before[table]] == ["teaching"]
    again, nothing = school.take_file(raw)
    assert report(again) == expected
    assert nothing == Applied(0, 0, 0, 0, (), (), (), (), applied.teachers_unknown)
    assert school.rows() == before


def test_another_school_sees_nothing_of_a_roll(school: School, acts: Acts) -> None:
    school.take(row())
    other = School(acts, "Tōtara School")
    with acts.work(other.id) as work:
        assert known_roll(work).contacts == {}
    _, applied = other.take(row(student_name="Wiremu Paki"))
    assert (applied.students_added, applied.contacts_added) == (1, 1)


def test_siblings_share_a_contact_across_imports_and_spellings(school: School, acts: Acts) -> None:
    school.take(row(contact_name="Mere Pātū"))
    school.take(row(student_id="S2", student_name="Wī Kereama", contact_name="PATU, mere"))
    with acts.work(school.id) as work:
        mere = contact(work, "Mere Pātū")
        assert len(whanau.ties_of(work, [mere.id], on=date(2026, 11, 17))[mere.id]) == 2


def test_a_fuller_spelling_is_taken_and_a_macron_is_never_taken_off(school: School, acts: Acts) -> None:
    for spelling in ("Wi Kereama", "Wī Kereama", "WI KEREAMA"):
        school.take(row(student_name=spelling, contact_name=spelling))
    with acts.work(school.id) as work:
        assert students.find_student(work, "S1").name == "Wī Kereama"
        assert contact(work, "Wī Kereama").name_key == "kereama wi"


def test_the_first_contact_of_a_child_is_the_primary_one(school: School, acts: Acts) -> None:
    school.take(row(contact_name="Tama", may_message="no"), row(), row(contact_name="Rua Kereama"))
    with acts.work(school.id) as work:
        primary = select(Contact.name).join(Guardianship, Guardianship.contact_id == Contact.id)
        assert list(work.session.scalars(primary.where(Guardianship.primary))) == ["Mere Kereama"]


def test_language_and_ways_go_in_as_asked_for(school: School, acts: Acts) -> None:
    school.take(row(language="Samoan", channel="email, slip", email="mere@kainga.test"))
    with acts.work(school.id) as work:
        assert whanau.language_of(work, contact(work).id, on=date(2026, 11, 17)) == "Samoan"
        assert [way[0] for way in ways(work)] == ["email", "slip", "text"]


def test_what_a_family_chose_is_never_overwritten(school: School, acts: Acts) -> None:
    school.take(row(language="en", channel="text", email="mere@kainga.test"))
    with acts.work(school.id) as work:
        mere = contact(work)
        whanau.ask_language(work, mere, "mi", by_family=True)
        whanau.set_ways(work, mere, [(Channel.CALL, "021 555 0101")])
        whanau.set_hours(work, mere, quiet_from=time(18), quiet_until=time(9))
        whanau.start_pause(work, contact_id=mere.id, by_family=True)
    before = school.rows()
    school.take(row(language="Samoan", channel="email", email="mere@kainga.test"))
    assert school.rows() == before


def test_a_mobile_that_is_only_to_be_rung_still_tells_who_it_is_and_stays_so(school: School, acts: Acts) -> None:
    rung = [(Channel.CALL, "021 555 0101")]
    with acts.work(school.id) as work:
        whanau.add_contact(work, "Mere Kereama", language="en", ways=rung, from_on=date(2026, 11, 1))
    _, applied = school.take(row(channel="text, slip"))
    assert applied.contacts_added == 0
    with acts.work(school.id) as work:
        assert ways(work) == [("call", "+64215550101", "ok")]


def test_a_language_that_no_family_asked_for_follows_the_roll(school: School, acts: Acts) -> None:
    school.take(row(language="en"))
    school.take(row(language=""))
    school.take(row(language="mi"))
    with acts.work(school.id) as work:
        assert whanau.language_of(work, contact(work).id, on=date(2026, 11, 17)) == "mi"


def test_a_known_contact_gains_the_address_they_lacked(school: School, acts: Acts) -> None:
    school.take(row())
    school.take(row(email="mere@kainga.test"))
    with acts.work(school.id) as work:
        assert ways(work) == [("text", "+64215550101", "ok"), ("email", "mere@kainga.test", "ok")]


def test_a_restriction_is_never_lifted_by_a_file(school: School, acts: Acts) -> None:
    school.take(row(may_message="no"))
    for word in ("", "yes", "ask"):
        judged, applied = school.take(row(may_message=word))
        assert report(judged)["restricted_links"] == 1
        assert applied.restricted == ()
        with acts.work(school.id) as work:
            assert access(work) == [MayMessage.NO]


def test_a_restricted_name_comes_back_restricted_under_another_address(school: School, acts: Acts) -> None:
    school.take(row(may_message="no"))
    school.take(row(mobile="", email="mere@kainga.test"))
    with acts.work(school.id) as work:
        assert access(work) == [MayMessage.NO, MayMessage.NO]


def test_a_no_restricts_a_contact_who_could_be_messaged_and_says_so(school: School, acts: Acts, clock: Clock) -> None:
    school.take(row())
    clock.forward(days=1)
    _, applied = school.take(row(may_message="no"))
    with acts.work(school.id) as work:
        assert applied.restricted == ((contact(work).id, students.find_student(work, "S1").id),)
        assert access(work) == [MayMessage.NO]
        kept = work.session.scalars(select(Guardianship).where(Guardianship.to_on.is_not(None))).one()
        assert (kept.may_message, kept.to_on) == (MayMessage.YES, date(2026, 11, 17))


def test_unclear_access_is_held_and_asked_once_until_a_person_confirms(school: School, acts: Acts) -> None:
    school.take(row(may_message="perhaps"))
    school.take(row(may_message="perhaps"))
    school.take(row(may_message="yes"))
    with acts.work(school.id) as work:
        assert access(work) == [MayMessage.ASK]
        [task] = open_tasks(work, TaskKind.CONFIRM_ACCESS)
        assert task.role == Role.LEARNING_SUPPORT
        whanau.set_access(
            work, contact(work).id, task.student_id or uuid.uuid4(), may_message=MayMessage.YES, reason=None
        )
        tasks.close_task(work, task.id, outcome="yes")
    school.take(row(may_message="perhaps"))
    with acts.work(school.id) as work:
        assert access(work) == [MayMessage.YES]
        assert open_tasks(work, TaskKind.CONFIRM_ACCESS) == []


def test_an_ask_in_a_later_file_holds_a_contact_nobody_was_asked_about(school: School, acts: Acts) -> None:
    school.take(row())
    _, applied = school.take(row(may_message="ask"))
    assert len(applied.asked) == 1
    with acts.work(school.id) as work:
        assert access(work) == [MayMessage.ASK]
        assert len(open_tasks(work, TaskKind.CONFIRM_ACCESS)) == 1


def test_a_contact_whom_a_person_took_off_a_child_comes_back_as_a_question(
    school: School, acts: Acts, clock: Clock
) -> None:
    school.take(row())
    with acts.work(school.id) as work:
        work.session.scalars(select(Guardianship)).one().to_on = date(2026, 11, 17)
    clock.forward(days=2)
    school.take(row())
    school.take(row())
    with acts.work(school.id) as work:
        assert access(work) == [MayMessage.ASK]
        assert len(open_tasks(work, TaskKind.CONFIRM_ACCESS)) == 1


def test_another_number_holds_the_old_one_at_once_and_asks_the_office_once(school: School, acts: Acts) -> None:
    school.take(row())
    judged, applied = school.take(row(mobile=NEW_MOBILE))
    assert applied.numbers_held == ("+64215550101",)
    assert applied.contacts_added == 0
    before = school.rows()
    with acts.work(school.id) as work:
        assert ways(work) == [("text", "+64215550101", "held"), ("text", "+64215550102", "held")]
        [task] = open_tasks(work, TaskKind.CONFIRM_ADDRESS)
        assert (task.role, task.contact_id) == (Role.OFFICE, contact(work).id)
    again, nothing = school.take(row(mobile=NEW_MOBILE))
    assert report(again) == report(judged)
    assert nothing.numbers_held == ()
    assert school.rows() == before


def test_two_numbers_in_one_file_are_a_change_to_confirm_on_both_imports(school: School, acts: Acts) -> None:
    rows = [row(), row(mobile=NEW_MOBILE)]
    first, _ = school.take(*rows)
    before = school.rows()
    second, _ = school.take(*rows)
    assert report(first) == report(second)
    assert school.rows() == before
    with acts.work(school.id) as work:
        assert [state for *_, state in ways(work)] == ["held", "held"]


@pytest.mark.parametrize(("right", "kept"), [(True, "+64215550102"), (False, "+64215550101")])
def test_a_person_settles_a_changed_number_and_neither_file_brings_it_back(
    school: School, acts: Acts, *, right: bool, kept: str
) -> None:
    school.take(row(email="mere@kainga.test"))
    school.take(row(mobile=NEW_MOBILE))
    with acts.work(school.id) as work:
        [task] = open_tasks(work, TaskKind.CONFIRM_ADDRESS)
        settle_number(work, task.subject_id or uuid.uuid4(), right=right)
        assert ways(work) == [("text", kept, "ok"), ("email", "mere@kainga.test", "ok")]
        assert open_tasks(work, TaskKind.CONFIRM_ADDRESS) == []
        with pytest.raises(NotFound):
            settle_number(work, task.subject_id or uuid.uuid4(), right=right)
    before = school.rows()
    school.take(row())
    school.take(row(mobile=NEW_MOBILE))
    assert school.rows() == before


def test_somebody_else_on_the_old_number_is_held_too_and_can_be_let_go(school: School, acts: Acts) -> None:
    school.take(row(), row(contact_name="Tama Kereama"))
    school.take(row(mobile=NEW_MOBILE), row(contact_name="Tama Kereama"))
    with acts.work(school.id) as work:
        tama = contact(work, "Tama Kereama")
        [task] = [task for task in open_tasks(work, TaskKind.CONFIRM_ADDRESS) if task.contact_id == tama.id]
        settle_number(work, task.subject_id or uuid.uuid4(), right=True)
        way = work.session.scalars(select(Way).where(Way.contact_id == tama.id)).one()
        assert (way.state, way.rank) == (WayState.OK, 1)


def test_absence_changes_nothing_unless_the_file_is_of_the_whole_school(school: School, acts: Acts) -> None:
    school.take(row(), row(student_id="S2", student_name="Wī Paki", contact_name="Rua Paki", mobile=NEW_MOBILE))
    school.take(row())
    with acts.work(school.id) as work:
        assert students.find_student(work, "S2").left_on is None
    _, applied = school.take(row(), whole_school=True)
    with acts.work(school.id) as work:
        wi = students.find_student(work, "S2")
        assert applied.left == (wi.id,)
        assert wi.left_on == date(2026, 11, 17)
        assert contact(work, "Rua Paki").name == "Rua Paki"
        assert students.find_student(work, "S1").left_on is None
    _, again = school.take(row(), whole_school=True)
    assert again.left == ()
    _, back = school.take(row(student_id="S2", student_name="Wī Paki"))
    assert back.students_returned == 1
    with acts.work(school.id) as work:
        assert students.find_student(work, "S2").left_on is None
        assert [place.name for place in students.classes_by_student(work, date(2026, 11, 17))[wi.id]] == ["Room 4"]


def test_a_child_who_is_going_to_leave_is_not_taken_back_before(school: School, acts: Acts) -> None:
    school.take(row())
    with acts.work(school.id) as work:
        students.leave_student(work, students.find_student(work, "S1"), on=date(2026, 12, 1))
    before = school.rows()
    _, applied = school.take(row(), whole_school=True)
    assert (applied.students_returned, applied.left) == (0, ())
    assert school.rows() == before


def test_nobody_is_thought_to_have_left_because_their_row_was_broken(school: School, acts: Acts) -> None:
    school.take(row(), row(student_id="S2", student_name="Wī Paki"))
    _, applied = school.take(row(), row(student_id="S2", student_name="=Wī"), whole_school=True)
    assert applied.left == ()
    before = school.rows()
    for broken in (row(student_id=""), [*row(student_id="S2"), "one cell too many"]):
        with pytest.raises(Conflict):
            school.take(row(), broken, whole_school=True)
    with pytest.raises(Conflict):
        school.take(whole_school=True)
    assert school.rows() == before


def test_a_year_and_a_class_follow_the_file_and_what_was_keeps_its_dates(
    school: School, acts: Acts, clock: Clock
) -> None:
    school.take(row())
    clock.forward(days=1)
    school.take(row(**{"class": "Room 5", "year_level": "5"}))
    school.take(row(**{"class": "", "year_level": ""}))
    with acts.work(school.id) as work:
        aroha = students.find_student(work, "S1")
        assert aroha.year_level == 5
        in_class = [
            [place.name for place in students.classes_by_student(work, date(2026, 11, day))[aroha.id]]
            for day in (17, 18)
        ]
        assert in_class == [["Room 4"], ["Room 5"]]


def test_a_teacher_of_the_staff_teaches_the_class_and_an_unknown_one_is_named(school: School, acts: Acts) -> None:
    walsh = acts.staff(school.id)
    _, applied = school.take(
        row(teacher_email="MERE.walsh@rimu.test"), row(student_id="S2", teacher_email="new@rimu.test")
    )
    assert applied.teachers_unknown == ("new@rimu.test",)
    with acts.work(school.id) as work:
        taught = students.classes_taught_by(work, walsh.id, date(2026, 11, 17))
        assert [place.name for place in taught] == ["Room 4"]


def test_the_same_id_with_another_name_leaves_the_held_student_as_they_are(school: School, acts: Acts) -> None:
    school.take(row())
    judged, applied = school.take(row(student_name="Wiremu Paki", contact_name="Rua Paki"))
    assert [issue.column for issue in judged.issues] == ["student_name"]
    assert (applied.students_added, applied.contacts_added) == (0, 0)
    with acts.work(school.id) as work:
        assert students.find_student(work, "S1").name == "Aroha Kereama"
