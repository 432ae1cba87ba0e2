"""A hui about the plan once a term: whoever holds the plan is asked kindly, in school time, until it is settled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from commsbridge import meetings, plans, schools
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.meetings import HuiKind
from tests.rooms.gathering import Gathering

# A Tuesday in the fourth week of term 3, 2026; its first Wednesday; a Sunday; and the holidays after it.
SETTLED = datetime(2026, 8, 11, 1, 0, tzinfo=UTC)
EARLY = datetime(2026, 7, 21, 22, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 8, 9, 1, 0, tzinfo=UTC)
HOLIDAYS = datetime(2026, 9, 29, 22, 0, tzinfo=UTC)
NEXT_TERM = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)


def begin(gathering: Gathering, by: str = "walsh") -> None:
    gathering.posting.clock.now = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
    with gathering.work(by) as work:
        plans.begin_plan(work, gathering.posting.story.students["aroha"], review_on=date(2026, 9, 1))


def due(gathering: Gathering, who: str = "walsh", at: datetime = SETTLED) -> bool:
    gathering.posting.clock.now = at
    with gathering.work(who) as work:
        found = meetings.iep_due(work, gathering.viewer(work, who))
        assert set(found) <= {gathering.posting.story.students["aroha"].id}
        return bool(found)


def test_who_holds_the_plan_is_asked_once_the_term_has_settled_on_a_day_of_school(gathering: Gathering) -> None:
    assert not due(gathering)  # there is no plan
    begin(gathering)
    assert due(gathering)
    assert not due(gathering, "fox")
    assert not due(gathering, "leota")
    for at in (EARLY, SUNDAY, HOLIDAYS):
        assert not due(gathering, at=at), at


def test_it_ends_with_a_hui_of_that_kind_and_comes_back_next_term(gathering: Gathering) -> None:
    begin(gathering)
    gathering.posting.clock.now = SETTLED
    gathering.open()  # a catch-up is no hui about the plan
    assert due(gathering)
    gathering.posting.clock.now = SETTLED
    hui_id = gathering.open(kind=HuiKind.IEP, place="Te marae")
    assert not due(gathering)
    gathering.posting.clock.now = SETTLED
    gathering.invite(hui_id)
    gathering.says("1")
    assert not due(gathering)
    assert due(gathering, at=NEXT_TERM)


def test_why_not_this_term_is_written_down_and_nobody_is_asked_again_before_the_next(gathering: Gathering) -> None:
    begin(gathering)
    gathering.posting.clock.now = SETTLED
    aroha = gathering.posting.story.students["aroha"].id
    with gathering.work("walsh") as work:
        with pytest.raises(Invalid):
            meetings.not_this_term(work, aroha, " ")
        meetings.not_this_term(work, aroha, "Whānau would rather wait for the new baby.")
        said = meetings.why_not_this_term(work, aroha)
        assert said is not None
        assert said.why.startswith("Whānau would rather")
    assert not due(gathering)
    assert due(gathering, at=NEXT_TERM)
    gathering.posting.clock.now = HOLIDAYS
    with gathering.work("walsh") as work, pytest.raises(Conflict):
        meetings.not_this_term(work, aroha, "It is holidays.")


def test_a_plan_whose_holder_has_left_is_for_whoever_leads_support(gathering: Gathering) -> None:
    begin(gathering, "fox")
    assert not due(gathering, "leota")
    with gathering.work("burns") as work:
        schools.leave_staff(work, gathering.posting.story.staff["fox"], on=schools.today(work) - timedelta(days=1))
    assert due(gathering, "leota")
    assert not due(gathering, "walsh")
