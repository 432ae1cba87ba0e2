"""A Kaitakawaenga is offered to every home, word for word the same, once; nothing on a child's record decides."""

from __future__ import annotations

import uuid

import pytest

from commsbridge import meetings, students
from commsbridge.meetings import HuiKind, Wishes
from tests.rooms.gathering import Gathering

OFFER = "Kaitakawaenga"


def wish(gathering: Gathering, hui_id: uuid.UUID, wishes: Wishes) -> None:
    with gathering.work() as work:
        contact_id = gathering.posting.story.contacts["ngaire"].id
        meetings.say_wishes(work, work.session.get_one(meetings.Hui, hui_id), wishes, contact_id=contact_id)


def said(gathering: Gathering, hui_id: uuid.UUID) -> bool | None:
    with gathering.work() as work:
        kept = meetings.wish_of(work, work.session.get_one(meetings.Hui, hui_id))
        return kept.kaitakawaenga if kept else None


def offers(gathering: Gathering) -> int:
    return sum(OFFER in each for each in gathering.told("ngaire"))


def test_a_home_that_kept_other_wishes_on_its_page_is_asked_by_text_all_the_same(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    wish(gathering, hui_id, Wishes(place="Te marae", tikanga="He karakia."))
    gathering.says("1")
    assert offers(gathering) == 1
    gathering.says("āe")
    assert said(gathering, hui_id) is True
    with gathering.work() as work:
        kept = meetings.wish_of(work, work.session.get_one(meetings.Hui, hui_id))
        assert kept is not None
        assert (kept.place, kept.tikanga) == ("Te marae", "He karakia.")


@pytest.mark.parametrize("would", [True, False])
def test_a_home_that_said_so_on_its_page_is_not_asked_again(gathering: Gathering, *, would: bool) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)
    wish(gathering, hui_id, Wishes(kaitakawaenga=would))
    gathering.says("1")
    assert offers(gathering) == 0
    assert said(gathering, hui_id) is would


def test_it_is_asked_once_however_much_is_said_after(gathering: Gathering) -> None:
    hui_id = gathering.set_up(by_text=True)
    gathering.says("no")
    gathering.says("0")
    gathering.says("bring Nan. Interpreter Tongan. Together")
    gathering.invite(hui_id, (6, 7))
    gathering.says("1")
    assert offers(gathering) == 1
    assert said(gathering, hui_id) is False


def test_whom_it_is_about_and_what_they_need_changes_no_word_of_it(gathering: Gathering) -> None:
    plain = gathering.set_up(by_text=True)
    before = gathering.told("ngaire")[-1]
    gathering.says("0")
    with gathering.work("walsh") as work:
        meetings.call_off(
            work,
            meetings.hui_to_change(work, gathering.viewer(work, "walsh"), plain),
            "",
            links=gathering.posting.links,
        )
    gathering.posting.clock.forward(days=30)
    with gathering.work() as work:
        student = work.session.get_one(students.Student, gathering.posting.story.students["aroha"].id)
        student.name, student.name_key, student.search_key = "Aroha Smith", "aroha smith", "aroha smith"
        student.year_level, student.roll_id = 1, "ngati-porou-asd-ors"
        student.about, student.about_by = "Ngāti Porou. Autistic. ORS. Speaks te reo at home.", "Ngaire"
    hui_id = gathering.open(kind=HuiKind.IEP, purpose="Autism, ORS and te reo Māori.", needed="ORS report")
    gathering.invite(hui_id)
    gathering.says(gathering.told("ngaire")[-1].split("\n")[1].partition(":")[0].strip())
    after = gathering.told("ngaire")[-1]
    assert OFFER in after
    assert words_of(after) == words_of(before)


def words_of(told: str) -> list[str]:
    """All but the page's own address and the numbers before the answers."""
    return [
        line.partition(": ")[2] if line[:1].isdecimal() else line for line in told.splitlines() if "http" not in line
    ]
