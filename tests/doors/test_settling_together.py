"""The log of many schools is told in one go, and one in trouble holds up none of the others."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from commsbridge import messages, whanau
from commsbridge.messages import Delivery
from commsbridge.partnership import Moment
from commsbridge.runtime import Runtime
from commsbridge.worker.carrying import Carrying
from tests.conftest import Clock, SharedDatabase
from tests.rooms.posting import Posting
from tests.story import Story

# A fault of the database's own, for one school's rows alone.
REFUSE = """
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
CREATE TRIGGER refused BEFORE INSERT ON lines FOR EACH ROW
WHEN (NEW.school_id = '{school_id}') EXECUTE FUNCTION pg_temp.refuse();
"""


@pytest.fixture
def sent(story: Story, kauri: Story, clock: Clock) -> list[tuple[Posting, Delivery]]:
    """A praise in each of two schools, which the carrier has and neither log knows of."""
    found = []
    for school in (story, kauri):
        posting = Posting(school, clock)
        with school.work() as work:
            whanau.mark_welcomed(work, [school.contacts["ngaire"].id])
        delivery = posting.of(posting.praise("aroha"))["ngaire"]
        posting.in_state(delivery, "sent")
        found.append((posting, delivery))
    return found


def test_each_school_is_told_of_its_own_and_once(runtime: Runtime, sent: list[tuple[Posting, Delivery]]) -> None:
    carrying = Carrying(runtime, threads=1, name="one")
    assert carrying.settle() == 2
    assert carrying.settle() == 0
    for posting, delivery in sent:
        assert posting.about(delivery) == [Moment.SENT]
    carrying.drain()


def test_a_school_in_trouble_holds_up_none_of_those_it_is_told_with(
    runtime: Runtime, story_database: SharedDatabase, sent: list[tuple[Posting, Delivery]]
) -> None:
    (ill, unheard), (well, heard) = sent
    with story_database.connection.begin_nested():
        story_database.connection.execute(text("SET LOCAL ROLE NONE"))
        story_database.connection.execute(text(REFUSE.format(school_id=ill.story.school_id)))
    carrying = Carrying(runtime, threads=1, name="one")
    assert carrying.settle() == 1
    assert well.about(heard) == [Moment.SENT]
    assert ill.about(unheard) == []
    with runtime.carrier() as session:
        assert ill.story.school_id in {each.school_id for each in messages.schools_to_settle(session)}
    carrying.drain()
