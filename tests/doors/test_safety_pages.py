"""Safety on its pages: who may open what worries, what each sees before and after, and the school's own rules."""

from __future__ import annotations

import re

import pytest

from commsbridge import students
from commsbridge.conversations import safety
from commsbridge.conversations.safety import Watch
from commsbridge.students import BarKind
from tests.doors.conftest import SignIn
from tests.doors.moments import screened, worried
from tests.doors.test_book_pages import DAY, begun, field, opened
from tests.story import Story

HINE = "+64215550104"
WORRIES = "Hemi is scared to go home, his uncle hit him."
THREAT = "I know where you live and I will smash you"
RULES = "/school/safety"


def test_a_named_person_opens_reads_and_decides(sign_in: SignIn, story: Story) -> None:
    at = f"/safety/{worried(story, HINE, WORRIES)}"
    kiri = sign_in("kiri")
    assert "1 message needs you to read it now." in kiri.open("/today").text
    page = kiri.open(at)
    assert "uncle" not in page.text
    assert "Opening it tells the others that you have it." in page.text
    kiri.send(page.form(at), ("act", "open"))
    page = kiri.follow()
    assert WORRIES in page.text
    assert "ring 111" in page.text
    assert kiri.send(page.form(at, having="reason"), outcome="kept").wrong["reason"]
    kiri.send(page.form(at, having="reason"), outcome="kept", reason="Rang his mother. She has a plan.")
    assert "She has a plan." in kiri.follow().text
    listed = kiri.open("/safety").text
    assert "keeps it here" in listed
    assert "needs you to read" not in listed


def test_much_from_one_phone_is_one_row_opens_together_and_may_be_decided_together(
    sign_in: SignIn, story: Story
) -> None:
    ids = [worried(story, HINE, f"{THREAT} {number}") for number in ("one", "two", "three")]
    other = worried(story, "+64215550101", WORRIES)
    kiri = sign_in("kiri")
    listed = kiri.open("/safety")
    assert "2 more messages came from there." in listed.text
    assert sum(f"/safety/{each}" in listed.links for each in ids) == 1
    at = f"/safety/{ids[0]}"
    page = kiri.open(at)
    assert "2 more messages came from there. They open with this one." in page.text
    assert "smash" not in page.text
    kiri.send(page.form(at), ("act", "open"))
    page = kiri.follow()
    assert all(f"{THREAT} {number}" in page.text for number in ("one", "two", "three"))
    assert "uncle" not in page.text
    form = page.form(at, having="reason")
    stranger = [str(other), "no id"]
    also = [str(each) for each in ids[1:]] + stranger
    kiri.send(form, outcome="kept", reason="Trespassed.", together="yes", also=also)
    with story.work() as work:
        decided = {alert.id: alert.reason for alert in safety.alerts_of(work, since=work.now) if alert.outcome}
        assert decided == dict.fromkeys(ids, "Trespassed.")
        assert [alert.id for alert in safety.unopened(work)] == [other]


def test_one_of_many_is_decided_alone_unless_the_others_are_meant(sign_in: SignIn, story: Story) -> None:
    ids = [worried(story, HINE, f"{THREAT} {number}") for number in ("one", "two")]
    kiri = sign_in("kiri")
    at = f"/safety/{ids[0]}"
    kiri.send(kiri.open(at).form(at), ("act", "open"))
    kiri.send(kiri.follow().form(at, having="reason"), outcome="kept", reason="Trespassed.")
    with story.work() as work:
        assert [a.id for a in safety.alerts_of(work, since=work.now) if a.outcome is None] == [ids[1]]


def test_a_teacher_sees_that_it_is_with_the_named_people_and_not_a_word_of_it(sign_in: SignIn, story: Story) -> None:
    alert_id = worried(story, HINE, WORRIES)
    teacher = sign_in("walsh")
    page = teacher.open(f"/students/{story.students['hemi'].id}")
    assert "is with the people named for safety" in page.text
    for address in (f"/students/{story.students['hemi'].id}", "/replies", "/today"):
        assert "uncle" not in teacher.open(address).text
    assert teacher.open(f"/safety/{alert_id}").status == 403
    assert "needs you to read" not in teacher.open("/today").text


def test_what_a_child_says_in_the_book_is_read_by_the_named_people_alone_until_they_let_it_stand(
    sign_in: SignIn, story: Story
) -> None:
    screened(story)
    book = begun(story)
    teacher, kiri = sign_in("walsh"), sign_in("kiri")
    at = f"/books/{book.id}/page"
    page = opened(teacher, book)
    mine = field(page, "In my own words")
    teacher.send(page.form(at, having=mine), **{mine: WORRIES, mine.replace("s-", "sees-", 1): "homes"})
    page = teacher.follow()
    assert re.search(
        r"What Hēmi said, written down on [^,.]*17[^,.]*, is with the people named for safety\.", page.text
    )
    for address in (f"{at}?on={DAY}", f"/books/{book.id}", f"/students/{book.student_id}"):
        assert "uncle" not in teacher.open(address).text
    with story.work() as work:
        [alert] = safety.unopened(work)
    reading = f"/safety/{alert.id}"
    assert teacher.open(reading).status == 403
    kiri.send(kiri.open(reading).form(reading), ("act", "open"))
    page = kiri.follow()
    assert WORRIES in page.text
    assert "In the communication book, written down by Ms Walsh" in page.text
    kiri.send(page.form(reading, having="reason"), outcome="filed", reason="Rang his mother. She has a plan.")
    assert "let it stand at school" in kiri.follow().text
    assert WORRIES in opened(teacher, book).text


def test_a_teacher_cannot_end_the_quiet_time_and_is_told_who_can(sign_in: SignIn, story: Story) -> None:
    worried(story, HINE, WORRIES)
    teacher = sign_in("walsh")
    at = f"/students/{story.students['hemi'].id}/pause"
    page = teacher.send(teacher.open(at).form(at, having="act"), ("act", "end"))
    assert page.status == 400
    assert "Those who are named for it decide when it ends." in page.text


def test_a_leader_who_is_whanau_of_the_child_finds_nothing(sign_in: SignIn, story: Story) -> None:
    alert_id = worried(story, HINE, WORRIES)
    with story.work("kiri") as work:
        hemi = story.students["hemi"].id
        students.bar_staff(work, story.staff["burns"].id, student_id=hemi, kind=BarKind.WHANAU)
    leader = sign_in("burns")
    assert leader.open(f"/safety/{alert_id}").status == 404
    assert "needs you to read" not in leader.open("/safety").text


def test_a_leader_names_two_people_and_only_then_is_anything_screened(sign_in: SignIn, story: Story) -> None:
    leader = sign_in("burns")
    page = leader.send(leader.open(RULES).form(RULES), screens="yes", lead=str(story.staff["kiri"].id))
    assert (page.status, bool(page.wrong["deputy"])) == (400, True)
    deputy = str(story.staff["burns"].id)
    leader.send(page.form(RULES), screens="yes", lead=str(story.staff["kiri"].id), deputy=deputy, minutes="20")
    assert "Kept." in leader.follow().text
    with story.work() as work:
        named = Watch(True, story.staff["kiri"].id, story.staff["burns"].id, 20)
        assert safety.watch_of(work) == named
    assert sign_in("kiri").open(RULES).status == 403


@pytest.mark.parametrize("minutes", ["", "soon", "3", "9999", "99999"])
def test_minutes_that_help_nobody_stand_beside_their_field(sign_in: SignIn, story: Story, minutes: str) -> None:
    leader = sign_in("burns")
    page = leader.send(leader.open(RULES).form(RULES), minutes=minutes)
    assert (page.status, bool(page.wrong["minutes"])) == (400, True)


def test_the_office_says_that_others_read_a_phone(sign_in: SignIn, story: Story) -> None:
    at = f"/contacts/{story.contacts['hine'].id}/wishes"
    office = sign_in("jan")
    office.send(office.open(at).form(at), no_answers="yes")
    assert office.follow().form(at).values.get("no_answers") == "yes"
