"""Reports as leaders, teachers and others open them: what they show, what they refuse, and the files they give."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook

from commsbridge import messages, reports, students, whanau
from commsbridge.messages.gateways import Arrival, Receipt
from commsbridge.whanau import Channel
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.rooms.posting import Posting
from tests.story import Story

ALL = "?span=dates&first_on=2026-10-12&last_on=2026-11-17"


@pytest.fixture
def praised(story: Story, clock: Clock) -> Story:
    """Aroha's homes have heard; nobody else's."""
    posting = Posting(story, clock)
    for delivery in posting.of(posting.praise("aroha")).values():
        posting.in_state(delivery, "sent")
        with story.work() as work:
            receipt = Receipt("", "", Arrival.DELIVERED, f"{delivery.id}/delivered")
            messages.take_receipt(work, delivery.id, receipt)
    return story


def test_a_leader_reads_who_has_not_heard_and_a_teacher_does_not_see_the_page(sign_in: SignIn, story: Story) -> None:
    page = sign_in("burns").open("/reports")
    assert page.status == 200
    assert "Is every family hearing good news?" in page.text
    assert "No good news has reached home yet." in page.text
    assert "How is this counted?" in page.text
    for somebody in ("walsh", "jan"):
        assert sign_in(somebody).open("/reports").status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/reports/behind/heard",
        "/reports/counted/sent",
        "/reports/take/report.xlsx",
        "/reports/take/lines.csv",
        "/reports/take/prompts.csv",
    ],
)
def test_a_number_asked_for_by_someone_who_may_not_see_it_is_refused(sign_in: SignIn, story: Story, path: str) -> None:
    assert sign_in("walsh").open(path).status == 403


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first_on=2026-11-10&last_on=2026-11-02", "The last day comes before the first."),
        ("first_on=&last_on=2026-11-02", "Choose two dates"),
        ("first_on=2027-02-02&last_on=2027-02-03", "These days are still to come."),
        ("first_on=2001-01-01&last_on=2026-11-02", "A report spans two years at most."),
    ],
)
def test_days_that_make_no_period_are_answered_in_words(sign_in: SignIn, story: Story, asked: str, said: str) -> None:
    page = sign_in("burns").open(f"/reports?span=dates&{asked}")
    assert page.status == 400
    assert said in page.text


def test_a_measure_a_file_or_a_class_that_is_none_is_not_there(sign_in: SignIn, story: Story) -> None:
    leader = sign_in("burns")
    nobody = "00000000-0000-4000-8000-000000000000"
    for path in (
        "/reports/behind/best",
        "/reports/behind/heard?group=language-mi",
        "/reports/counted/best",
        "/reports/take/all.zip",
        f"/reports/classes/{nobody}",
        "/reports?level=77",
    ):
        assert leader.open(path).status == 404, path


def test_a_child_that_the_viewer_is_barred_from_stands_in_no_list(sign_in: SignIn, story: Story) -> None:
    with story.work() as work:
        students.bar_staff(
            work, story.staff["burns"].id, student_id=story.students["aroha"].id, kind=students.BarKind.WHANAU
        )
    leader = sign_in("burns")
    for path in ("?all=yes", "/behind/heard", "/counted/longest-20", "/take/students.csv", "/take/report.json"):
        text = leader.client.get(f"/reports{path}").text
        assert "Hēmi Parata" in text, path
        assert "Aroha Kereama" not in text, path
    assert leader.open(f"/students/{story.students['aroha'].id}/report").status == 404


def test_a_class_lists_children_who_need_news_and_holds_no_rate(sign_in: SignIn, story: Story) -> None:
    with story.work() as work:
        rooms = {room.name: room.id for room in students.classes_all(work)}
    teacher = sign_in("walsh")
    page = teacher.open(f"/reports/classes/{rooms['Room 7']}")
    assert "Aroha Kereama" in page.text
    assert "Pare Walsh" not in page.text  # her own child: she does not see her as staff
    assert "%" not in page.text
    assert teacher.open(f"/reports/classes/{rooms['Room 8']}").status == 404


def test_a_teachers_own_numbers_are_theirs_alone(sign_in: SignIn, praised: Story) -> None:
    assert "You have praised 1 of the 2 children" in sign_in("walsh").open("/reports/mine").text
    assert sign_in("burns").open("/reports/mine").status == 403


def test_a_students_report_marks_the_days_of_good_news(sign_in: SignIn, praised: Story) -> None:
    aroha, hemi = (praised.students[name].id for name in ("aroha", "hemi"))
    teacher = sign_in("walsh")
    page = teacher.open(f"/students/{aroha}/report")
    assert "Good news last reached home on 17 Nov 2026." in page.text
    assert 'class="stroke"' in page.response.text
    assert "None in this time." in teacher.open(f"/students/{hemi}/report").text
    assert teacher.open(f"/students/{praised.students['leo'].id}/report").status == 404


def test_the_files_open_and_say_the_same_as_the_page(sign_in: SignIn, praised: Story) -> None:
    leader = sign_in("burns")

    def taken(name: str) -> bytes:
        response = leader.client.get(f"/reports/take/{name}{ALL}")
        assert response.status_code == 200
        assert response.headers["Content-Disposition"] == f'attachment; filename="2026-10-12-2026-11-17-{name}"'
        return bytes(response.data)

    told: dict[str, Any] = json.loads(taken("report.json"))
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(taken("students.csv").decode("utf-8-sig")))}
    book = load_workbook(io.BytesIO(taken("report.xlsx")), read_only=True)
    lines = list(csv.DictReader(io.StringIO(taken("lines.csv").decode("utf-8-sig"))))
    assert told["measures"]["heard"] == {"count": 1, "of": 6}
    assert rows["Aroha Kereama"]["arrived"] == "2"
    assert book.sheetnames == ["Measures", "Students", "About these numbers"]
    assert next(iter(book["Measures"].iter_rows(min_row=2, values_only=True)))[2] == told["measures"]["heard"]["of"]
    assert {row["moment"] for row in lines} >= {"praise", "arrived"}
    assert taken("report.pdf").startswith(b"%PDF")


def test_the_boards_paper_names_no_child(sign_in: SignIn, praised: Story) -> None:
    leader = sign_in("burns")
    named = leader.client.get(f"/reports/take/report.pdf{ALL}").data
    unnamed = leader.client.get(f"/reports/take/board.pdf{ALL}").data
    assert len(unnamed) < len(named)
    assert unnamed.count(b"/S/Table") == 1
    assert named.count(b"/S/Table") == 2


def test_a_name_that_would_be_a_formula_is_plain_text_in_every_file(sign_in: SignIn, story: Story) -> None:
    with story.work() as work:
        work.session.get_one(students.Student, story.students["leo"].id).name = "=1+1"
    leader = sign_in("burns")
    written = leader.client.get("/reports/take/students.csv").data.decode("utf-8-sig")
    assert "'=1+1" in written
    book = load_workbook(io.BytesIO(leader.client.get("/reports/take/report.xlsx").data))
    cells = [cell for row in book["Students"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_leader_offers_cover_once_and_the_teacher_finds_it_among_what_there_is_to_do(
    sign_in: SignIn, story: Story
) -> None:
    leader, hemi = sign_in("burns"), story.students["hemi"].id
    assert "Offer cover" in leader.open("/reports").text
    for _ in range(2):
        leader.open("/reports")
        assert leader.act(f"/reports/cover/{hemi}").status == 302
    assert "Cover is offered" in leader.open("/reports").text
    teacher = sign_in("walsh")
    assert teacher.open("/to-do").text.count("Thanks, that is done") == 1
    assert teacher.act(f"/reports/cover/{hemi}").status == 403


def test_behind_a_students_numbers_stand_the_moments_they_are_made_of(sign_in: SignIn, praised: Story) -> None:
    teacher, aroha = sign_in("walsh"), praised.students["aroha"].id
    page = teacher.open(f"/students/{aroha}/report")
    assert "The moments behind the numbers" in page.text
    assert page.response.text.count('<li class="entry') == 1
    before = teacher.open(f"/students/{aroha}/report?span=dates&first_on=2026-11-02&last_on=2026-11-13")
    assert '<li class="entry' not in before.response.text


def test_a_teacher_finds_their_classes_and_what_they_were_asked(sign_in: SignIn, story: Story) -> None:
    page = sign_in("walsh").open("/reports/mine")
    assert "What you were asked" in page.text
    assert "/reports/classes/" in page.response.text
    assert "/reports/classes/" in sign_in("burns").open("/reports").response.text


def test_a_leader_names_who_gets_the_report_by_mail_and_stops_it_again(sign_in: SignIn, story: Story) -> None:
    leader, leota = sign_in("burns"), story.staff["leota"].id
    page = leader.open("/reports/mails")
    form = page.form(f"/reports/mails/{leota}")
    assert leader.send(form, week="yes", term="yes", board_month="yes").status == 302
    kept = leader.follow().response.text
    assert 'name="term" value="yes" checked' in kept
    assert 'name="board_month" value="yes" checked' in kept
    assert 'name="board_term" value="yes" checked' not in kept
    leader.act(f"/reports/mails/{leota}")
    assert "checked" not in leader.follow().response.text
    assert leader.act(f"/reports/mails/{story.staff['walsh'].id}", week="yes").status == 404
    assert sign_in("walsh").open("/reports/mails").status == 403


def test_a_wish_for_no_messages_is_left_out_and_why_nothing_arrived_is_told_with_what_helps(
    sign_in: SignIn, praised: Story
) -> None:
    with praised.work() as work:
        for sender, channel, address in (
            (praised.texts, Channel.TEXT, "+64215550104"),
            (praised.mails, Channel.EMAIL, "hine@homes.test"),
        ):
            messages.stop_messages(
                work, channel=channel, address=address, sender_id=sender.id, evidence="reply", evidence_id=None
            )
        for who in ("tia", "koro"):
            whanau.set_access(
                work,
                praised.contacts[who].id,
                praised.students["hemi"].id,
                may_message=whanau.MayMessage.NO,
                reason="A wish.",
            )
    leader = sign_in("burns")
    report = leader.open("/reports")
    assert "The people of 1 student asked for no messages, which is their wish" in report.text
    assert "Hēmi Parata" not in report.text
    assert "Hēmi Parata" in leader.open("/reports/counted/declined").text
    for line in ("Nobody is written down who may get messages about them.", "No number or address of theirs works"):
        assert line in report.text, line
    page = leader.open("/reports/behind/reached")
    assert "Hēmi Parata" not in page.text
    assert "No number or address of theirs works" in page.text  # Pare's father has no way
    assert "Nobody is written down who may get messages about them." in page.text  # Tāma


def test_against_last_term_each_number_has_the_one_before_beside_it(sign_in: SignIn, praised: Story) -> None:
    leader = sign_in("burns")
    assert "before:" not in leader.open("/reports").text
    page = leader.open("/reports?against=yes")
    assert "before: 0 %" in page.text
    for path in ("/reports", "/reports?against=yes"):
        page = leader.open(path)
        assert "Compared with 20 Jul 2026 to" in page.text, path
        assert "in a hundred more than before." in page.text, path
    assert "It stands as of the end of 17 Nov 2026." in page.text
    assert page.text.count("How is this counted?") >= len(reports.MEASURES) + 3


def test_every_number_of_the_page_leads_to_its_students_and_their_moments(sign_in: SignIn, praised: Story) -> None:
    leader = sign_in("burns")
    page = leader.open(f"/reports{ALL}")
    leads = set(re.findall(r'href="(/reports/(?:behind|counted)/[^"]+)"', page.response.text))
    assert {urlsplit(each).path for each in leads} >= {"/reports/counted/sent", "/reports/behind/heard"}
    for each in sorted(leads):
        assert leader.open(unescape(each)).status == 200, each
    sent = leader.open(f"/reports/counted/sent{ALL}")
    [path] = re.findall(r'href="(/students/[^"]+)"[^>]*>Aroha Kereama', sent.response.text)
    assert '<li class="entry' in leader.open(unescape(path)).response.text


def test_a_teacher_and_a_class_are_looked_at_between_any_two_dates(sign_in: SignIn, story: Story) -> None:
    teacher = sign_in("walsh")
    assert (
        "2 Nov 2026 to 6 Nov 2026"
        in teacher.open("/reports/mine?span=dates&first_on=2026-11-02&last_on=2026-11-06").text
    )
    assert teacher.open("/reports/mine?span=dates&first_on=2026-11-06&last_on=2026-11-02").status == 400


@pytest.mark.parametrize("typed", ["0", "21", "five", "", "-3", "1e9"])
def test_a_guide_that_is_no_sane_number_is_refused_beside_its_field(sign_in: SignIn, story: Story, typed: str) -> None:
    leader = sign_in("burns")
    leader.open("/reports/mails")
    answer = leader.act("/reports/guide", guide=typed)
    assert answer.status == 400
    assert "Choose a number from 1 to 20." in answer.text


def test_a_schools_own_guide_stands_in_how_balance_is_counted(sign_in: SignIn, story: Story) -> None:
    leader = sign_in("burns")
    leader.open("/reports/mails")
    leader.act("/reports/guide", guide="3")
    assert "praised at least 3 times for each concern" in leader.open("/reports/behind/balanced").text
