"""Finding a student while one types, and the way to everything about the school."""

from __future__ import annotations

import pytest

from commsbridge import students
from commsbridge.students import BarKind
from tests.doors.conftest import SignIn
from tests.story import Story


@pytest.mark.parametrize("typed", ["Aroha", "aroha", "āroha", "aaroha", "kereama aro"])
def test_a_few_letters_find_a_student_with_macrons_or_without(sign_in: SignIn, typed: str) -> None:
    page = sign_in("walsh").open("/students/found", q=typed)
    assert page.status == 200
    assert "Aroha Kereama" in page.text
    assert "<html" not in page.response.text


def test_nothing_typed_finds_nobody_and_says_nothing(sign_in: SignIn) -> None:
    assert sign_in("walsh").open("/students/found", q=" ").text == ""


def test_what_is_found_is_what_one_may_see(sign_in: SignIn, story: Story) -> None:
    walsh, burns = sign_in("walsh"), sign_in("burns")
    assert "Leo" in burns.open("/students/found", q="leo").text
    assert "Nobody found" in walsh.open("/students/found", q="leo").text
    with story.work() as work:
        students.bar_staff(work, story.staff["burns"].id, student_id=story.students["leo"].id, kind=BarKind.WHANAU)
    assert "Nobody found" in burns.open("/students/found", q="leo").text


def test_the_schools_page_leads_where_one_may_go_and_nowhere_else(sign_in: SignIn) -> None:
    for who in ("walsh", "jan", "burns", "kiri"):
        visitor = sign_in(who)
        ways = [link for link in visitor.open("/at-school").links if link.startswith("/")]
        assert len(ways) > 4
        for way in ways:
            assert visitor.open(way).status in {200, 302}, (who, way)
