"""Withdrawals: whatever takes a permission away stops what waits, in the same act; giving it back lets it go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from commsbridge import messages, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import Language
from commsbridge.messages import Delivery, MessageKind, State, Why
from commsbridge.messages.gateways import Accepted, Cause, NotSent, Uncertain
from commsbridge.messages.letters import reset_mail
from commsbridge.partnership import Moment
from commsbridge.tasks import TaskKind
from commsbridge.whanau import Channel, ConsentKind, MayMessage, WayState
from tests.rooms.posting import Posting

NGAIRE = "+64215550101"


def stop(posting: Posting, address: str = NGAIRE, channel: Channel = Channel.TEXT) -> int:
    sender = posting.story.texts if channel is Channel.TEXT else posting.story.mails
    with posting.story.work() as work:
        return messages.stop_messages(work, channel=channel, address=address, sender_id=sender.id, evidence="reply")


def set_access(posting: Posting, contact: str, child: str, may: MayMessage) -> None:
    with posting.story.work("leota") as work:
        pair = posting.story.contacts[contact].id, posting.story.students[child].id
        messages.set_access(work, *pair, may_message=may, reason=None)


def praised(posting: Posting, child: str, contact: str, *, by: str = "walsh") -> Delivery:
    """A delivery to a contact who has been welcomed long since, still waiting."""
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts[contact].id])
    return posting.of(posting.praise(child, by=by))[contact]


# STOP and START


def test_stop_cancels_everything_that_waits_for_that_phone_whoever_the_child_is(posting: Posting) -> None:
    posting.praise("aroha")
    posting.praise("wi", by="fox")
    assert stop(posting) == 3
    assert {(each.state, each.why) for each in posting.all_to("ngaire")} == {(State.CANCELLED, Why.STOPPED)}
    assert posting.all_to("dave")[0].state is State.QUEUED
    assert posting.opt_outs() == {NGAIRE}


def test_stop_by_text_leaves_the_mail(posting: Posting) -> None:
    stop(posting, "+64215550104")
    sent = posting.of(posting.praise("hemi"))["hine"]
    assert (sent.channel, sent.address, sent.state) == ("email", "hine@homes.test", State.QUEUED)


def test_a_stopped_phone_gets_nothing_more_and_the_preview_says_why(posting: Posting) -> None:
    stop(posting)
    with posting.story.work("walsh") as work:
        draft = messages.Draft(words="Ka pai!")
        shown = messages.preview_praise(work, posting.story.students["aroha"], draft, links=posting.links)
    assert {each.recipient.name: each.why for each in shown}["Ngaire Kereama"] is Why.STOPPED
    assert "ngaire" not in posting.of(posting.praise("aroha"))


def test_stop_holds_for_everybody_on_a_shared_phone(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        tia = work.session.get_one(whanau.Contact, posting.story.contacts["tia"].id)
        messages.change_ways(work, tia, [(Channel.TEXT, "021 555 0104")])
    posting.praise("hemi")
    stop(posting, "+64215550104")
    assert {each.why for key in ("hine", "tia") for each in posting.all_to(key)} == {Why.STOPPED}


def test_start_lets_later_messages_come_and_what_was_cancelled_stays_so(posting: Posting) -> None:
    old = praised(posting, "aroha", "ngaire")
    stop(posting)
    with posting.story.work() as work:
        messages.start_messages(
            work, channel=Channel.TEXT, address=NGAIRE, sender_id=posting.story.texts.id, evidence="reply"
        )
    assert posting.opt_outs() == set()
    assert posting.delivery(old.id).state is State.CANCELLED
    assert posting.of(posting.praise("aroha"))["ngaire"].state is State.QUEUED


def test_the_ledger_keeps_every_wish_with_how_we_know(posting: Posting) -> None:
    stop(posting)
    stop(posting, "dave.kereama@homes.test", Channel.EMAIL)
    with posting.story.work() as work:
        kept = work.session.query(whanau.ConsentEntry).order_by(whanau.ConsentEntry.address).all()
    assert [(each.kind, each.address, each.evidence) for each in kept] == [
        (ConsentKind.STOP, NGAIRE, "reply"),
        (ConsentKind.UNSUBSCRIBE, "dave.kereama@homes.test", "reply"),
    ]


def test_unsubscribing_does_not_stop_mail_about_ones_own_sign_in(posting: Posting) -> None:
    walsh = posting.story.staff["walsh"]
    with posting.story.work() as work:
        letter = reset_mail(Language.EN, name="Mere", link="https://kura.test/reset/x", minutes=30)
        until = work.now + timedelta(hours=1)
        mail = messages.mail_staff(work, walsh, letter, language=Language.EN, expires_at=until)
    assert stop(posting, walsh.email, Channel.EMAIL) == 0
    assert posting.delivery(mail.id).state is State.QUEUED


# who may hear about a child


def test_a_restriction_cancels_what_waits_about_that_child_alone(posting: Posting) -> None:
    about_aroha, about_wi = praised(posting, "aroha", "ngaire"), praised(posting, "wi", "ngaire", by="fox")
    set_access(posting, "ngaire", "aroha", MayMessage.NO)
    assert (posting.delivery(about_aroha.id).state, posting.delivery(about_aroha.id).why) == (
        State.CANCELLED,
        Why.NOT_ALLOWED,
    )
    assert posting.delivery(about_wi.id).state is State.QUEUED
    assert posting.about(about_aroha) == [Moment.CANCELLED]


def test_doubt_about_a_contact_holds_and_a_yes_lets_go(posting: Posting) -> None:
    waiting = praised(posting, "aroha", "dave")
    set_access(posting, "dave", "aroha", MayMessage.ASK)
    assert (posting.delivery(waiting.id).state, posting.delivery(waiting.id).why) == (
        State.HELD,
        Why.ACCESS_UNCONFIRMED,
    )
    set_access(posting, "dave", "aroha", MayMessage.YES)
    posting.settle()
    assert posting.delivery(waiting.id).state is State.QUEUED


def test_a_task_to_ring_is_closed_when_the_contact_may_not_hear_any_more(posting: Posting) -> None:
    posting.praise("hemi")
    assert [each.kind for each in posting.tasks_of("walsh")] == [TaskKind.RING]
    set_access(posting, "koro", "hemi", MayMessage.NO)
    assert posting.tasks_of("walsh") == []


def test_a_child_who_leaves_takes_everything_with_them(posting: Posting) -> None:
    posting.praise("hemi")
    with posting.story.work("jan") as work:
        student = work.session.get_one(type(posting.story.students["hemi"]), posting.story.students["hemi"].id)
        assert messages.student_leaves(work, student, on=date(2026, 11, 17)) == 5
    for contact in ("hine", "tia", "koro"):
        assert {each.state for each in posting.all_to(contact)} == {State.CANCELLED}
    assert posting.tasks_of("walsh") == []


# quiet times


def test_a_pause_for_a_child_holds_everything_whoever_wrote_it_and_whoever_carries_it(posting: Posting) -> None:
    posting.praise("hemi")
    posting.praise("hemi", by="burns")
    with posting.story.work("burns") as work:
        messages.pause(work, student_id=posting.story.students["hemi"].id)
    for contact in ("hine", "tia", "koro"):
        assert {each.state for each in posting.all_to(contact)} == {State.HELD}
    assert posting.tasks_of("walsh") == []
    assert posting.of(posting.praise("hemi"))["koro"].state is State.HELD


def test_when_the_pause_ends_each_goes_its_own_way_again(posting: Posting) -> None:
    message_id = posting.praise("hemi")
    with posting.story.work("burns") as work:
        pause = messages.pause(work, student_id=posting.story.students["hemi"].id)
    posting.clock.forward(hours=1)
    with posting.story.work("burns") as work:
        messages.end_pause(work, pause.id)
    posting.settle()
    assert {key: (each.state, each.why) for key, each in posting.of(message_id).items()} == {
        "hine": (State.QUEUED, None),
        "tia": (State.HELD, Why.ACCESS_UNCONFIRMED),
        "koro": (State.BY_HAND, Why.CARRIED_BY_PERSON),
    }
    assert [each.kind for each in posting.tasks_of("walsh")] == [TaskKind.RING]


def test_a_pause_to_a_day_ends_by_itself_on_the_morning_after(posting: Posting) -> None:
    waiting = praised(posting, "aroha", "ngaire")
    with posting.story.work("burns") as work:
        messages.pause(work, contact_id=posting.story.contacts["ngaire"].id, until_on=date(2026, 11, 18))
    posting.clock.forward(hours=32)  # Wednesday, 11 pm
    posting.settle()
    assert posting.delivery(waiting.id).state is State.HELD
    posting.clock.forward(hours=2)  # Thursday, 1 am
    posting.settle()
    kept = posting.delivery(waiting.id)
    assert (kept.state, kept.why, f"{kept.due_at:%d %H:%M}") == (State.QUEUED, Why.QUIET_HOURS, "18 18:30")


def test_praise_that_grew_old_in_a_pause_is_not_sent_late(posting: Posting) -> None:
    posting.praise("aroha")
    with posting.story.work("burns") as work:
        pause = messages.pause(work, student_id=posting.story.students["aroha"].id, by_family=True)
    posting.clock.forward(days=14)
    with posting.story.work("burns") as work:
        messages.end_pause(work, pause.id)
    posting.settle()
    assert {(each.state, each.why) for each in posting.all_to("ngaire")} == {(State.FAILED, Why.NEWS_TOO_OLD)}
    posting.praise("aroha")
    assert len(posting.all_to("ngaire", MessageKind.WELCOME)) == 2


def test_two_pauses_both_have_to_end(posting: Posting) -> None:
    waiting = praised(posting, "aroha", "ngaire")
    with posting.story.work("burns") as work:
        child = messages.pause(work, student_id=posting.story.students["aroha"].id)
        messages.pause(work, contact_id=posting.story.contacts["ngaire"].id, until_on=date(2026, 11, 18))
    with posting.story.work("burns") as work:
        messages.end_pause(work, child.id)
    posting.settle()
    kept = posting.delivery(waiting.id)
    assert (kept.state, kept.why) == (State.HELD, Why.PAUSED)
    assert kept.held_until is not None


@pytest.mark.parametrize("order", [("ask", "pause"), ("pause", "ask")])
def test_the_end_of_a_pause_does_not_confirm_a_contact(posting: Posting, order: tuple[str, str]) -> None:
    waiting = praised(posting, "aroha", "dave")
    pauses = []
    for act in order:
        if act == "ask":
            set_access(posting, "dave", "aroha", MayMessage.ASK)
            continue
        with posting.story.work("burns") as work:
            pauses.append(messages.pause(work, student_id=posting.story.students["aroha"].id))
    with posting.story.work("burns") as work:
        messages.end_pause(work, pauses[0].id)
    posting.settle()
    assert posting.delivery(waiting.id).state is State.HELD
    set_access(posting, "dave", "aroha", MayMessage.YES)
    posting.settle()
    assert posting.delivery(waiting.id).state is State.QUEUED


# numbers that may have changed hands


def test_a_number_that_may_have_changed_hands_holds_what_waits_for_it(posting: Posting) -> None:
    waiting = praised(posting, "aroha", "ngaire")
    with posting.story.work("jan") as work:
        assert messages.hold_address(work, NGAIRE, why="number_changed") == 1
        (way,) = whanau.ways_in_use(work, posting.story.contacts["ngaire"].id)
    assert (way.state, posting.delivery(waiting.id).why) == (WayState.HELD, Why.ADDRESS_HELD)
    assert "ngaire" not in posting.of(posting.praise("aroha"))
    with posting.story.work("jan") as work:
        with pytest.raises(Invalid):
            messages.settle_address(work, way.id, right=True)
        messages.settle_address(work, way.id, right=True, rung=whanau.FACE_TO_FACE)
    posting.settle()
    assert posting.delivery(waiting.id).state is State.QUEUED


def test_a_held_number_is_not_let_go_by_the_end_of_a_pause(posting: Posting) -> None:
    waiting = praised(posting, "aroha", "ngaire")
    with posting.story.work("jan") as work:
        messages.hold_address(work, NGAIRE, why="number_changed")
        pause = messages.pause(work, student_id=posting.story.students["aroha"].id)
    with posting.story.work("jan") as work:
        messages.end_pause(work, pause.id)
    posting.settle()
    assert (posting.delivery(waiting.id).state, posting.delivery(waiting.id).why) == (State.HELD, Why.ADDRESS_HELD)


# what is already on its way


WITHDRAWN: dict[str, tuple[Callable[[Posting], object], State]] = {
    "stop": (stop, State.CANCELLED),
    "restriction": (lambda posting: set_access(posting, "ngaire", "aroha", MayMessage.NO), State.CANCELLED),
    "doubt": (lambda posting: set_access(posting, "ngaire", "aroha", MayMessage.ASK), State.HELD),
}


@pytest.mark.parametrize("withdrawn", WITHDRAWN)
@pytest.mark.parametrize("ending", [NotSent(Cause.BUSY, "429"), Uncertain("timeout")])
def test_what_was_in_flight_is_not_tried_again_after_the_permission_went(
    posting: Posting, withdrawn: str, ending: NotSent | Uncertain
) -> None:
    flying = praised(posting, "aroha", "ngaire")
    posting.in_state(flying, "sending")
    act, state = WITHDRAWN[withdrawn]
    act(posting)
    assert posting.delivery(flying.id).state is State.SENDING
    if isinstance(ending, NotSent):
        posting.in_state(flying, "queued")
        posting.settle()
    else:
        posting.in_state(flying, "uncertain")
        with posting.story.work() as work:
            messages.settle_doubt(work, flying.id, carrier_id=None)
    assert posting.delivery(flying.id).state is state


def test_what_the_carrier_took_before_the_stop_is_told_as_it_was(posting: Posting) -> None:
    flying = praised(posting, "aroha", "ngaire")
    posting.gone(flying, Accepted("SM1"))
    stop(posting)
    assert posting.delivery(flying.id).state is State.SENT
