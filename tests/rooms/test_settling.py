"""Settling: the log catches up with the carrier's door, what could not go waits or is given up, doubts find an end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from commsbridge import messages, whanau
from commsbridge.foundation.language import Language
from commsbridge.messages import Answered, Delivery, State, Why
from commsbridge.messages.gateways import Arrival, Uncertain
from commsbridge.messages.letters import reset_mail
from commsbridge.partnership import Moment
from commsbridge.whanau import MayMessage
from tests.rooms.posting import Posting
from tests.rooms.queue import Queue

TUESDAY_EVENING = datetime(2026, 11, 17, 6, 59, tzinfo=UTC)  # 7.59 pm in Auckland: the quiet hours begin at 8


@pytest.fixture
def waiting(posting: Posting) -> Delivery:
    """A praise for Ngaire, who was welcomed long since; nobody has taken it."""
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts["ngaire"].id])
    return posting.of(posting.praise("aroha"))["ngaire"]


def settled(posting: Posting, delivery: Delivery) -> Delivery:
    posting.settle()
    return posting.delivery(delivery.id)


# the log


@pytest.mark.parametrize(
    ("state", "moment"),
    [("sent", Moment.SENT), ("failed", Moment.DID_NOT_ARRIVE), ("uncertain", Moment.UNCERTAIN)],
)
def test_the_log_is_told_once_what_the_carriers_door_wrote(
    posting: Posting, waiting: Delivery, state: str, moment: Moment
) -> None:
    posting.in_state(waiting, state)
    assert posting.settle() == 1
    assert posting.settle() == 0
    assert posting.about(waiting) == [moment]


def test_sent_is_not_arrived(posting: Posting, waiting: Delivery) -> None:
    posting.in_state(waiting, "sent")
    posting.settle()
    assert Moment.ARRIVED not in posting.about(waiting)


def test_many_deliveries_are_told_in_one_go(posting: Posting) -> None:
    for number in range(4):
        posting.praise("aroha", words=f"{number}")
    rows = posting.all_to("ngaire") + posting.all_to("dave")
    for row in rows:
        posting.in_state(row, "sent")
    assert posting.settle() == len(rows)
    assert all(posting.about(row) == [Moment.SENT] for row in rows)


# hours


def test_what_did_not_leave_in_its_hours_waits_for_the_morning(posting: Posting, waiting: Delivery) -> None:
    posting.clock.now = TUESDAY_EVENING + timedelta(minutes=1)
    kept = settled(posting, waiting)
    assert (kept.state, kept.why) == (State.QUEUED, Why.QUIET_HOURS)
    assert (f"{kept.due_at:%d %H:%M}", f"{kept.expires_at:%d %H:%M}") == ("17 18:30", "18 07:00")
    assert posting.about(waiting) == []


def test_each_waits_for_their_own_hours(posting: Posting, waiting: Delivery) -> None:
    with posting.story.work() as work:
        ngaire = work.session.get_one(whanau.Contact, posting.story.contacts["ngaire"].id)
        whanau.set_hours(work, ngaire, quiet_from=time(19), quiet_until=time(10))
    posting.clock.now = TUESDAY_EVENING + timedelta(minutes=1)
    assert f"{settled(posting, waiting).due_at:%d %H:%M}" == "17 21:00"


def test_after_three_days_it_is_no_news_and_the_teacher_is_told(posting: Posting, waiting: Delivery) -> None:
    posting.clock.forward(days=3)
    assert settled(posting, waiting).state is State.QUEUED
    posting.clock.forward(days=1)
    kept = settled(posting, waiting)
    assert (kept.state, kept.why) == (State.FAILED, Why.NEWS_TOO_OLD)
    assert posting.about(waiting) == [Moment.DID_NOT_ARRIVE]


def test_an_answer_to_a_keyword_is_never_late(posting: Posting) -> None:
    with posting.story.work() as work:
        answer = messages.answer_stop(work, Answered("+64215550101", posting.story.texts, None, "mi"))
    assert answer is not None
    posting.clock.forward(hours=2, seconds=1)
    assert settled(posting, answer).state is State.FAILED


def test_a_link_for_a_password_is_not_mailed_after_it_has_closed(posting: Posting) -> None:
    with posting.story.work() as work:
        letter = reset_mail(Language.EN, name="Mere", link="https://kura.test/reset/x", minutes=30)
        until = work.now + timedelta(minutes=30)
        walsh = posting.story.staff["walsh"]
        mail = messages.mail_staff(work, walsh, letter, language=Language.EN, expires_at=until)
    posting.clock.forward(minutes=31)
    assert settled(posting, mail).state is State.FAILED


def test_a_contact_who_is_with_the_child_no_longer_gets_nothing_more(posting: Posting, waiting: Delivery) -> None:
    posting.clock.now = TUESDAY_EVENING + timedelta(minutes=1)
    with posting.story.work() as work:
        ngaire = posting.story.contacts["ngaire"].id
        for tie in whanau.ties_of(work, [ngaire], on=date(2026, 11, 17))[ngaire]:
            tie.to_on = date(2026, 11, 16)
    kept = settled(posting, waiting)
    assert (kept.state, kept.why) == (State.CANCELLED, Why.NOT_ALLOWED)


def test_one_that_waits_late_is_looked_at_like_any_other(posting: Posting, waiting: Delivery) -> None:
    with posting.story.work() as work:
        whanau.set_access(
            work,
            posting.story.contacts["ngaire"].id,
            posting.story.students["aroha"].id,
            may_message=MayMessage.ASK,
            reason=None,
        )
    posting.clock.now = TUESDAY_EVENING + timedelta(minutes=1)
    kept = settled(posting, waiting)
    assert (kept.state, kept.why, posting.about(waiting)) == (State.HELD, Why.ACCESS_UNCONFIRMED, [Moment.HELD])


# doubts


def doubt(posting: Posting, delivery: Delivery, carrier_id: str | None, *, attempt: int | None = None) -> Delivery:
    with posting.story.work() as work:
        messages.settle_doubt(work, delivery.id, carrier_id=carrier_id, attempt=attempt)
    return posting.delivery(delivery.id)


def test_a_text_the_carrier_has_is_adopted(posting: Posting, waiting: Delivery) -> None:
    posting.in_state(waiting, "uncertain")
    kept = doubt(posting, waiting, "SM1")
    assert (kept.state, kept.carrier_id) == (State.SENT, "SM1")
    assert posting.receipt(waiting.id, Arrival.DELIVERED)


def test_a_text_the_carrier_has_not_goes_again(posting: Posting, waiting: Delivery) -> None:
    posting.in_state(waiting, "uncertain")
    kept = doubt(posting, waiting, None)
    assert (kept.state, kept.due_at) == (State.QUEUED, posting.clock())


def test_one_that_goes_again_at_night_waits_for_the_morning(posting: Posting, waiting: Delivery) -> None:
    posting.in_state(waiting, "uncertain")
    posting.clock.forward(hours=6)
    assert f"{doubt(posting, waiting, None).due_at:%d %H:%M}" == "17 18:30"


def test_one_that_has_grown_old_in_doubt_is_given_up(posting: Posting, waiting: Delivery) -> None:
    posting.in_state(waiting, "uncertain")
    posting.clock.forward(days=4)
    kept = doubt(posting, waiting, None)
    assert (kept.state, kept.why) == (State.FAILED, Why.NEWS_TOO_OLD)


@pytest.mark.parametrize("state", ["sent", "delivered", "failed", "queued", "cancelled"])
def test_what_is_not_in_doubt_is_left_alone(posting: Posting, waiting: Delivery, state: str) -> None:
    posting.in_state(waiting, state)
    assert doubt(posting, waiting, None).state is State(state)
    assert doubt(posting, waiting, "SM1").carrier_id is None


def test_an_answer_about_an_earlier_try_says_nothing_of_this_one(posting: Posting, waiting: Delivery) -> None:
    posting.in_state(waiting, "uncertain", attempt=2)
    assert doubt(posting, waiting, None, attempt=1).state is State.UNCERTAIN
    assert doubt(posting, waiting, None, attempt=2).state is State.QUEUED


def test_one_text_of_the_carriers_settles_one_doubt(posting: Posting, waiting: Delivery) -> None:
    posting.clock.forward(minutes=1)
    other = posting.of(posting.praise("aroha"))["ngaire"]
    for each in (waiting, other):
        posting.in_state(each, "uncertain")
    assert doubt(posting, waiting, "SM1").state is State.SENT
    assert doubt(posting, other, "SM1").state is State.UNCERTAIN
    assert doubt(posting, other, "SM2").state is State.SENT


# history that is written down afterwards


def test_the_past_is_told_in_the_order_it_went(posting: Posting, waiting: Delivery) -> None:
    with posting.story.work() as work:
        due = messages.due_then(work, by=posting.clock.now + timedelta(seconds=10))
    assert waiting.id in {claimed.id for _, claimed in due}
    assert [at for at, _ in due] == sorted(at for at, _ in due)
    with posting.story.work() as work:
        assert messages.due_then(work, by=posting.clock.now) == []


def test_the_past_has_nothing_in_doubt(posting: Posting, waiting: Delivery) -> None:
    with pytest.raises(ValueError, match="no answer"):
        posting.gone(waiting, Uncertain("timeout"))


# while claims go on, with committed acts


def test_a_school_that_settles_does_not_wait_for_another_worker(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    queue.put(sender, 3)
    queue.complete(queue.claim())
    with queue.story.work() as work, queue.story.work() as beside:
        rows = text("SELECT id FROM deliveries WHERE logged_state IS DISTINCT FROM state LIMIT 1 FOR UPDATE")
        beside.session.execute(rows)
        messages.settle(work)
        lag = work.session.scalar(text("SELECT count(*) FROM deliveries WHERE logged_state IS DISTINCT FROM state"))
    assert lag == 1


def test_what_is_claimed_is_what_was_written(queue: Queue) -> None:
    sender = queue.sender("4646", queue.story.school_id)
    (put,) = queue.put(sender, body="Tino pai, Aroha! 🎉")
    (claimed,) = queue.claim()
    assert (claimed.id, claimed.body, claimed.sender, claimed.language) == (put, "Tino pai, Aroha! 🎉", "4646", "en")
    assert claimed.lives == pytest.approx(3600, abs=30)
