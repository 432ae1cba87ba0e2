"""Views of a report: what stood before beside what stands now, and nothing that tells whom a reader may not see."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest

from commsbridge import reports, students
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.rooms.posting import Posting
from tests.story import Story

LEFT_OUT = "Children whom you do not see as staff are left out of every number here."


@pytest.fixture
def barred(story: Story) -> Story:
    """The leader is family of Aroha, and does not see her as staff."""
    with story.work() as work:
        students.bar_staff(
            work, story.staff["burns"].id, student_id=story.students["aroha"].id, kind=students.BarKind.WHANAU
        )
    return story


def listed(text: str) -> set[str]:
    """The students a page links to."""
    return set(re.findall(r'href="/students/([0-9a-f-]{36})/report', text))


def test_no_list_can_be_taken_from_a_total_by_whoever_is_barred_from_a_child(
    sign_in: SignIn, barred: Story, clock: Clock
) -> None:
    """Each number of each page, and of each file, is of the same students as the list behind it."""
    posting = Posting(barred, clock)
    for child in ("aroha", "hemi"):
        posting.praise(child)
    leader = sign_in("burns")
    told: dict[str, Any] = json.loads(leader.client.get("/reports/take/report.json").data)
    assert (told["students"], len(told["rows"]), told["in_part"]) == (5, 5, True)
    page = leader.open("/reports")
    assert LEFT_OUT in page.text
    for name, share in told["measures"].items():
        behind = leader.open(f"/reports/behind/{name}")
        assert LEFT_OUT in behind.text
        assert len(listed(behind.response.text)) == share["of"], name
    rows = list(csv.DictReader(io.StringIO(leader.client.get("/reports/take/students.csv").data.decode("utf-8-sig"))))
    for those in reports.COUNTS.values():
        for each in those:
            counted = leader.open(f"/reports/counted/{each.name}")
            numbers = [int(number) for number in re.findall(r'<td class="num">(\d+)</td>', counted.response.text)]
            if each.name in rows[0]:
                assert sum(numbers) == sum(int(row[each.name]) for row in rows), each.name
    everybody = json.loads(sign_in("leota").client.get("/reports/take/report.json").data)
    assert (everybody["students"], everybody["in_part"]) == (6, False)
    assert LEFT_OUT not in sign_in("leota").open("/reports").text


def test_what_a_barred_leader_takes_to_the_board_is_counted_over_the_same_children(
    sign_in: SignIn, barred: Story
) -> None:
    leader, other = sign_in("burns"), sign_in("leota")
    papers = {who: person.client.get("/reports/take/board.pdf") for who, person in (("b", leader), ("o", other))}
    assert [paper.status_code for paper in papers.values()] == [200, 200]
    # The page that stands at the foot of a paper says of how many students it is.
    assert json.loads(leader.client.get("/reports/take/report.json").data)["students"] == 5
    assert papers["b"].data != papers["o"].data


def test_a_class_is_set_beside_the_time_before_by_how_many_waited_and_by_nothing_else(
    sign_in: SignIn, story: Story
) -> None:
    with story.work() as work:
        rooms = {room.name: room.id for room in students.classes_all(work)}
    teacher = sign_in("walsh")
    path = f"/reports/classes/{rooms['Room 7']}"
    assert "At the end of that time" not in teacher.open(path).text
    page = teacher.open(f"{path}?against=yes")
    assert "Compared with 20 Jul 2026 to" in page.text
    assert "At the end of that time 2 of these children had waited ten school days or longer." in page.text
    assert "%" not in page.text
    assert "You had praised" not in page.text
    assert "What you were asked" not in page.text


def test_a_teachers_own_page_is_set_beside_their_own_time_before(sign_in: SignIn, story: Story, clock: Clock) -> None:
    Posting(story, clock).praise("aroha")
    teacher = sign_in("walsh")
    now = teacher.open("/reports/mine?against=yes").text
    assert "You have praised 1 of the 2 children you teach in this time." in now
    assert "You had praised 0 of these 2 children then." in now
    before = teacher.open("/reports/mine?span=last_term").text
    assert "You have praised 0 of the 2 children you teach in this time." in before
    assert "Hēmi Parata" in teacher.open("/reports/mine").text
    assert "You had praised" not in teacher.open("/reports/mine").text


def test_a_students_numbers_stand_beside_those_of_the_time_before(sign_in: SignIn, story: Story, clock: Clock) -> None:
    Posting(story, clock).praise("hemi")
    teacher, path = sign_in("walsh"), f"/students/{story.students['hemi'].id}/report"
    assert '<th scope="col" class="num">Before' not in teacher.open(path).response.text
    page = teacher.open(f"{path}?against=yes").response.text
    assert re.search(r'Praise written</th><td class="num">1</td><td class="num">0</td>', page)
    assert "Compared with 20 Jul 2026 to" in page


def test_each_number_of_a_teachers_own_page_leads_to_the_children_behind_it(sign_in: SignIn, story: Story) -> None:
    page = sign_in("walsh").open("/reports/mine")
    assert "Not from you yet" in page.text
    assert str(story.students["hemi"].id) in listed(page.response.text)


def test_every_page_of_a_report_says_as_of_when_and_what_still_changes_it(sign_in: SignIn, story: Story) -> None:
    with story.work() as work:
        room = students.class_named(work, "Room 7").id
    hemi = story.students["hemi"].id
    leader, teacher = sign_in("burns"), sign_in("walsh")
    pages = [leader.open(path) for path in ("/reports", "/reports/behind/heard", "/reports/counted/sent")]
    pages += [teacher.open(path) for path in ("/reports/mine", f"/reports/classes/{room}", f"/students/{hemi}/report")]
    for page in pages:
        assert "It stands as of the end of 17 Nov 2026. What a carrier tells us later" in page.text
        assert "Absences are not held here, so they are not taken off." in page.text
        assert "It does not mean read." in page.text


@pytest.mark.parametrize("asked", ["first_on=2026-11-10&last_on=2026-11-02", "first_on=&last_on=2026-11-02"])
def test_days_that_make_no_period_are_refused_by_every_view_and_file(sign_in: SignIn, story: Story, asked: str) -> None:
    with story.work() as work:
        room = students.class_named(work, "Room 7").id
    leader, teacher = sign_in("burns"), sign_in("walsh")
    days = f"span=dates&{asked}"
    for path in ("behind/heard", "counted/sent", "take/report.xlsx", "take/report.pdf", "take/lines.csv"):
        assert leader.open(f"/reports/{path}?{days}").status == 400, path
    for path in ("/reports/mine", f"/reports/classes/{room}", f"/students/{story.students['hemi'].id}/report"):
        assert teacher.open(f"{path}?{days}").status == 400, path


def test_nobody_takes_a_file_or_sees_a_child_behind_a_number_who_may_not(sign_in: SignIn, story: Story) -> None:
    for who in ("walsh", "fox", "matiu", "jan", "kiri"):
        person = sign_in(who)
        for path in ("", "/behind/heard", "/counted/sent", "/take/board.pdf", "/take/students.csv", "/mails"):
            assert person.open(f"/reports{path}").status == 403, (who, path)
    assert sign_in("fox").open(f"/students/{story.students['hemi'].id}/report").status == 404
