"""What is urgent: it stays urgent whatever lane it waits in, its welcome goes with it, and many are written at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import event, text

from commsbridge import messages, schools, students, whanau
from commsbridge.messages import Audience, Delivery, MessageKind, NoticeDraft, State, Why
from commsbridge.messages.models import LANE_RANK, Lane
from commsbridge.whanau import Channel, MayMessage
from tests.conftest import SharedDatabase
from tests.rooms.posting import Posting
from tests.story import START

FLOOD = NoticeDraft(
    Audience.SCHOOL,
    words_en="School is closed today.",
    words_mi="Kua kati te kura i tēnei rā.",
    urgent=True,
    reason="Flood",
)


def send(posting: Posting, draft: NoticeDraft = FLOOD) -> None:
    with posting.story.work("burns") as work:
        audience = students.students_in(work, None, schools.today(work))
        seen = messages.outlook(work, draft, audience, links=posting.links)
        messages.send_notice(work, draft, audience, links=posting.links, confirmed=seen.people)


def text_to(posting: Posting, contact: str, kind: MessageKind) -> Delivery:
    (found,) = [each for each in posting.all_to(contact, kind) if each.state is not State.CANCELLED]
    return found


def settled(posting: Posting, delivery: Delivery) -> Delivery:
    with posting.story.work() as work:
        messages.settle(work)
    return posting.delivery(delivery.id)


def test_what_is_urgent_stays_so_when_it_waits_again_in_another_lane(posting: Posting) -> None:
    posting.clock.forward(hours=8)
    send(posting)
    urgent = text_to(posting, "ngaire", MessageKind.NOTICE)
    with posting.story.work() as work:
        slower = text("UPDATE deliveries SET lane = 3, expires_at = :now WHERE id = :id")
        work.session.execute(slower, {"now": work.now, "id": urgent.id})
    posting.clock.forward(minutes=2)
    again = settled(posting, urgent)
    assert (again.state, again.why) == (State.QUEUED, None)
    assert again.due_at <= posting.clock.now


def test_what_is_not_urgent_does_not_become_so_by_the_lane_it_goes_in(posting: Posting) -> None:
    posting.clock.forward(hours=8)
    send(posting, replace(FLOOD, urgent=False, reason=""))
    calm = text_to(posting, "ngaire", MessageKind.NOTICE)
    with posting.story.work() as work:
        faster = text("UPDATE deliveries SET lane = 0, expires_at = :now WHERE id = :id")
        work.session.execute(faster, {"now": work.now, "id": calm.id})
    again = settled(posting, calm)
    assert (again.state, again.why) == (State.QUEUED, Why.QUIET_HOURS)


def test_the_welcome_before_something_urgent_goes_in_the_lane_of_what_is_urgent(posting: Posting) -> None:
    posting.clock.forward(hours=8)
    send(posting)
    welcome, urgent = (text_to(posting, "ngaire", kind) for kind in (MessageKind.WELCOME, MessageKind.NOTICE))
    assert urgent.after_id == welcome.id
    assert (welcome.lane, welcome.urgent, welcome.due_at) == (LANE_RANK[Lane.URGENT], True, urgent.due_at)


def test_a_welcome_that_waits_for_the_morning_goes_at_once_before_something_urgent(posting: Posting) -> None:
    posting.clock.forward(hours=8)
    posting.praise("aroha")
    waiting = text_to(posting, "ngaire", MessageKind.WELCOME)
    assert waiting.why == Why.QUIET_HOURS
    send(posting)
    welcome, urgent = (text_to(posting, "ngaire", kind) for kind in (MessageKind.WELCOME, MessageKind.NOTICE))
    assert (welcome.id, urgent.after_id) == (waiting.id, waiting.id)
    assert (welcome.lane, welcome.due_at) == (LANE_RANK[Lane.URGENT], urgent.due_at)
    assert text_to(posting, "ngaire", MessageKind.PRAISE).why == Why.QUIET_HOURS


@contextmanager
def statements(database: SharedDatabase) -> Iterator[list[str]]:
    """Every statement that goes to the database meanwhile; many rows written in one go are one."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(database.connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.connection, "before_cursor_execute", note)


def new_families(posting: Posting, *numbers: int) -> None:
    with posting.story.work() as work:
        room = students.class_named(work, "Room 8")
        for number in numbers:
            child = students.add_student(work, roll_id=f"N{number}", name=f"Mere Hou{number}")
            students.enrol(work, child, room, from_on=START)
            ways = [(Channel.TEXT, f"+6421557{number:04d}")]
            contact = whanau.add_contact(work, f"Kuia Hou{number}", language="mi", ways=ways, from_on=START)
            whanau.relate(work, contact.id, child.id, relationship="kuia", may_message=MayMessage.YES, from_on=START)


def test_a_notice_to_many_new_families_takes_no_more_statements_than_one_to_few(
    posting: Posting, database: SharedDatabase
) -> None:
    with posting.story.work() as work:
        work.session.execute(text("UPDATE senders SET shared = true"))
    taken = []
    for first, last in ((0, 3), (3, 33)):
        new_families(posting, *range(first, last))
        with statements(database) as seen:
            send(posting)
        taken.append(len(seen))
    assert taken[1] <= taken[0]
    with posting.story.work() as work:
        welcomes = "SELECT count(*) FROM messages WHERE kind = 'welcome'"
        assert (work.session.scalar(text(welcomes)) or 0) >= 33
        heard = text("SELECT count(*) FROM number_schools WHERE address LIKE '+6421557%'")
        assert work.session.scalar(heard) == 33
