"""After the minutes: what puts them right is told to whoever has them, and minutes that never came are asked for."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from commsbridge import meetings, schools
from commsbridge.meetings import NewStep, Proposed, Welcome
from commsbridge.messages import Delivery
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import Gathering

RIGHT = "It was fifteen minutes."
GUEST = "ana@therapy.test"


def sent(gathering: Gathering, *steps: NewStep) -> uuid.UUID:
    """A hui with a guest and a colleague whose minutes have gone out."""
    hui_id = gathering.set_up()
    gathering.decide(hui_id, gathering.propose(hui_id, "matiu"), Welcome.YES)
    with gathering.work("walsh") as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        guest = meetings.propose(work, hui, Proposed("speech", "Has met Aroha.", name="Ana Tau", email=GUEST)).id
    gathering.decide(hui_id, guest, Welcome.YES)
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    with gathering.work("walsh") as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        for step in steps:
            meetings.add_step(work, hui, step)
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
        meetings.send_minutes(work, hui, links=gathering.posting.links)
    return hui_id


def correct(gathering: Gathering, hui_id: uuid.UUID, who: str | None) -> None:
    gathering.posting.clock.forward(hours=1)
    with gathering.work(who) as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        contact_id = None if who else gathering.posting.story.contacts["ngaire"].id
        meetings.correct(work, hui, RIGHT, contact_id=contact_id, links=gathering.posting.links)


def mails_to_the_guest(gathering: Gathering) -> list[str]:
    rows = select(Delivery.body).where(Delivery.address == GUEST).order_by(Delivery.made_at)
    with gathering.work() as work:
        return list(work.session.scalars(rows))


def test_what_school_writes_beside_the_minutes_is_told_at_home_to_colleagues_and_to_the_guest(
    gathering: Gathering,
) -> None:
    hui_id = sent(gathering)
    before = len(gathering.told("ngaire"))
    correct(gathering, hui_id, "walsh")
    (told,) = gathering.told("ngaire")[before:]
    assert "I te taha o ngā whakaaetanga" in told
    assert RIGHT not in told  # a text says that it is there: others may read the phone
    assert RIGHT in mails_to_the_guest(gathering)[-1]
    assert len(gathering.tasks_of("matiu", TaskKind.HUI_CORRECTED)) == 1
    assert gathering.tasks_of("walsh", TaskKind.HUI_CORRECTED) == []


def test_what_a_family_writes_beside_the_minutes_is_told_to_school_and_not_back_to_who_wrote_it(
    gathering: Gathering,
) -> None:
    hui_id = sent(gathering)
    before = gathering.told("ngaire")
    correct(gathering, hui_id, None)
    correct(gathering, hui_id, None)
    assert gathering.told("ngaire") == before
    for who in ("walsh", "matiu"):
        (task,) = gathering.tasks_of(who, TaskKind.HUI_CORRECTED)
        with gathering.work() as work:
            assert meetings.hui_asking(work, task.subject_id or uuid.uuid4()) == hui_id


def test_a_text_tells_the_next_steps_that_others_may_read_and_says_where_the_rest_is(gathering: Gathering) -> None:
    with gathering.work() as work:
        today = schools.today(work)
    walsh = gathering.posting.story.staff["walsh"].id
    days = [today + timedelta(days=4 + each) for each in range(6)]
    sent(
        gathering,
        NewStep("Send books home", days[0], staff_id=walsh),
        NewStep("Read to her koro", days[1], by_family=True),
        NewStep("Talk about the medication with the doctor", days[2], by_family=True),
    )
    told = gathering.told("ngaire")[-1]
    assert "Ngā mahi whai ake:" in told
    assert "Ms Walsh: Send books home" in told
    assert "Read to her koro" in told
    assert "medication" not in told
    assert "Kei tō whārangi ngā mahi whai ake katoa." in told.splitlines()


def test_a_text_with_many_long_steps_stays_short(gathering: Gathering) -> None:
    with gathering.work() as work:
        on = schools.today(work) + timedelta(days=5)
    sent(gathering, *(NewStep(f"{number} {'read aloud ' * 8}", on, who="Nan") for number in range(4)))
    told = gathering.told("ngaire")[-1]
    assert told.count("Nan: ") == 2
    assert "Kei tō whārangi ngā mahi whai ake katoa." in told.splitlines()


def test_minutes_that_never_came_are_asked_for_once_on_the_next_school_morning_until_they_go(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    begins = gathering.times((3,))[0]  # a Friday
    gathering.posting.clock.now = begins + timedelta(hours=20)
    gathering.look()
    assert gathering.tasks_of("walsh", TaskKind.HUI_UNWRITTEN) == []
    gathering.posting.clock.now = begins + timedelta(days=3)
    gathering.look()
    gathering.posting.clock.forward(days=1)
    gathering.look()
    (task,) = gathering.tasks_of("walsh", TaskKind.HUI_UNWRITTEN)
    assert task.subject_id == hui_id
    with gathering.work("walsh") as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
        assert gathering.tasks_of("walsh", TaskKind.HUI_UNWRITTEN)
        meetings.send_minutes(work, hui, links=gathering.posting.links)
    assert gathering.tasks_of("walsh", TaskKind.HUI_UNWRITTEN) == []


def test_a_hui_at_which_nobody_met_is_called_off_afterwards_and_nobody_is_told_what_they_know(
    gathering: Gathering,
) -> None:
    hui_id = gathering.set_up()
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(days=3)
    gathering.look()
    before = gathering.told("ngaire")
    with gathering.work("walsh") as work:
        meetings.call_off(work, work.session.get_one(meetings.Hui, hui_id), "", links=gathering.posting.links)
    assert gathering.told("ngaire") == before
    assert gathering.tasks_of("walsh", TaskKind.HUI_UNWRITTEN) == []
