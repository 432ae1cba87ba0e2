"""A school's whole roll: 300 students brought in, praised, answered by a family, told in the log."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from commsbridge import conversations, messages, partnership, schools, students, whanau
from commsbridge.foundation.actors import Actor
from commsbridge.messages import Draft
from commsbridge.partnership import Moment
from commsbridge.schools import Role, Staff
from commsbridge.whanau.roll import Applied, JudgedRoll, bad_rows_csv, judge, known_roll, read_roll, report
from tests.doors.service import Service
from tests.labelled import make_roster
from tests.story import START, Story

LABELLED = Path(make_roster.__file__).parent
FILE = LABELLED / "roster_300.csv"
EXPECTED: dict[str, Any] = json.loads((LABELLED / "roster_300.expected.json").read_text("utf-8"))
# Rongo and Aroha Kereama are siblings with two homes (of the second, nobody has said whether she may be written to
# about Aroha); Tāne and Jack Parāone have one; two of Priya Fa'aleo's three share a phone.
RONGO, AROHA, PRIYA, TANE, JACK = "S1002", "S1003", "S1167", "S1168", "S1169"
TAUGHT = {"kaiako2": (RONGO, AROHA), "kaiako9": (TANE,), "kaiako10": (PRIYA, JACK)}
RAHERA, SARAH_WALKER = "whanau2@kainga.test", "whanau195@kainga.test"
SARAH, SHARED, RUA = "+64215550003", "+64215550194", "+64215550197"
# name, channel, language and fate of what each contact is sent about each child
WANTED: Mapping[str, set[tuple[str, str, str, str]]] = {
    RONGO: {("Rāhera Kereama", "email", "en", "queued"), ("Sarah Smith", "text", "mi", "queued")},
    AROHA: {("Rāhera Kereama", "email", "en", "queued"), ("Sarah Smith", "text", "mi", "held")},
    PRIYA: {
        ("Makareta Fa'aleo", "text", "mi", "queued"),
        ("Sarah Walker", "email", "mi", "queued"),
        ("Mere Fa’aleo", "text", "en", "queued"),
    },
    TANE: {("Rua Paraone", "text", "mi", "queued")},
    JACK: {("Rua Paraone", "text", "mi", "queued")},
}
KEPT = ("students", "classes", "enrolments", "teaching", "contacts", "languages_asked", "ways", "guardianships")
ANSWER = "Ka pai Tāne, tino harikoa mātou! 😊"


def take(story: Story) -> tuple[JudgedRoll, Applied]:
    """The office brings the file in."""
    with story.work("jan") as work:
        judged = judge(read_roll(FILE.read_bytes()), known_roll(work))
        return judged, messages.take_roll(work, judged)


def rows(story: Story) -> dict[str, Counter[str]]:
    """Everything that an import could write, and the deliveries."""
    tables = (*KEPT, "deliveries", "lines", "tasks")
    with story.work() as work:
        return {each: Counter(work.session.scalars(text(f"SELECT {each}::text FROM {each}"))) for each in tables}


@pytest.fixture
def teachers(service: Service) -> dict[str, Staff]:
    """Teachers of three classes, on the staff before the file comes."""
    with service.story.work() as work:
        return {
            name: schools.add_staff(
                work, email=f"{name}@kura.test", name=name, shown_name=name, roles={Role.KAIAKO}, from_on=START
            )
            for name in TAUGHT
        }


def praise(service: Service, teacher: Staff, roll_id: str) -> set[tuple[str, str, str, str]]:
    """Praise a child as their teacher; what goes to whom."""
    story = service.story
    with story.runtime.work(story.school_id, Actor.staff(teacher.id)) as work:
        viewer = schools.viewer_for(work, teacher.id)
        (child,) = (
            each for each in students.students_taught_by(work, viewer, schools.today(work)) if each.roll_id == roll_id
        )
        phrase = messages.offered_phrases(work, child)[0].id
        message_id = messages.send_praise(work, child, Draft(phrase), links=service.runtime.links).id
        told = messages.written(work, [message_id])[message_id]
        names = whanau.contact_names(work, [each.contact_id for each in told.deliveries if each.contact_id])
        return {
            (names[each.contact_id], each.channel, each.language, each.state)
            for each in told.deliveries
            if each.contact_id
        }


def moments(service: Service, roll_id: str) -> list[Moment]:
    """The kinds of a child's moments, newest first."""
    with service.story.work() as work:
        child = students.find_student(work, roll_id)
        return [entry.line.moment for entry in partnership.timeline(work, child.id)]


def test_the_shipped_file_holds_what_it_is_said_to_hold() -> None:
    """300 students, macrons, siblings and ten rows that are wrong."""
    raw, expected = make_roster.make()
    assert (FILE.read_bytes(), EXPECTED) == (raw, expected)
    assert EXPECTED["students"] == 300
    assert Counter(issue["severity"] for issue in EXPECTED["issues"])["error"] == 10


def test_ten_broken_rows_come_back_as_they_stood_each_with_why(service: Service) -> None:
    judged, applied = take(service.story)
    assert report(judged) == EXPECTED
    assert (applied.students_added, applied.contacts_added, applied.links_added) == (300, 330, 504)
    came = FILE.read_text("utf-8-sig").splitlines()
    wrong = [issue for issue in EXPECTED["issues"] if issue["severity"] == "error"]
    back = list(csv.reader(io.StringIO(bad_rows_csv(judged).decode("utf-8-sig"))))[1:]
    assert len(back) == 10
    for row, issue in zip(back, wrong, strict=True):
        (stood,) = csv.reader([came[issue["row"] - 1]])
        assert [cell.removeprefix("'") for cell in row] == [*stood, issue["reason"]]


def test_the_roll_is_brought_in_praised_carried_answered_and_told_and_a_second_import_changes_nothing(
    service: Service, teachers: dict[str, Staff]
) -> None:
    _, first = take(service.story)
    assert (first.students_added, len(first.teachers_unknown)) == (300, 9)
    sent = {roll_id: praise(service, teachers[name], roll_id) for name, taught in TAUGHT.items() for roll_id in taught}
    assert sent == WANTED
    service.carry()
    assert_arrived(service)
    service.town.text_in(RUA, "4545", ANSWER)
    service.carry()
    assert moments(service, TANE)[0] is Moment.REPLY
    assert Moment.REPLY not in moments(service, JACK)
    with service.story.work() as work:
        tane = students.find_student(work, TANE)
        ((reply, _),) = conversations.replies_about(work, [tane.id], waiting=True)
        assert (reply.words, conversations.parked(work)) == (ANSWER, [])
        found = partnership.timeline(work, tane.id, search="harikoa matou")
        assert [entry.line.moment for entry in found] == [Moment.REPLY]
    before = rows(service.story)
    _, second = take(service.story)
    assert second == Applied(0, 0, 0, 0, (), (), (), (), first.teachers_unknown)
    assert rows(service.story) == before


def assert_arrived(service: Service) -> None:
    """Each home has the welcome once and then each praise, in its own language, the macrons kept; nobody has more."""
    town = service.town
    assert service.states() == {"delivered": 14, "held": 1}
    assert {each.number for each in town.phones()} == {SARAH, SHARED, RUA}
    assert {each.address for each in town.mailboxes()} == {RAHERA, SARAH_WALKER}
    welcome, *praises = (each.body for each in town.phone(RUA).texts)
    assert welcome.startswith("Rimu Road School: Kia ora Rua. Kei te rārangi a te kura tō ingoa")
    assert len(praises) == 2
    assert {name for name in ("Tāne", "Jack") for body in praises if name in body} == {"Tāne", "Jack"}
    assert all("tēnei" in body for body in praises)
    first, *others = (letter.subject for letter in town.mailbox(RAHERA).letters)
    assert first == "Rimu Road School: Welcome: good news about Rongo"
    assert sorted(others) == [f"Rimu Road School: Good news about {name}" for name in ("Aroha", "Rongo")]
    shared = [each.body for each in town.phone(SHARED).texts]
    assert len(shared) == 4
    assert Counter("Kia ora Makareta" in body for body in shared)[True] == 1
    assert Counter("Kia ora Mere" in body for body in shared)[True] == 1
    assert len(town.phone(SARAH).texts) == 2
