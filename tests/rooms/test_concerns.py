"""Concerns and hard days: rung first, read by two, out as a neutral line; good news waits on a hard day."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest

from commsbridge import messages, partnership, schools, tasks, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed
from commsbridge.messages import Delivery, State, Why, concerns
from commsbridge.messages.concerns import Account, Call, Concern, ConcernKind, ConcernState, Rang
from commsbridge.messages.gateways import Cause
from commsbridge.partnership import Moment
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind
from tests.rooms.posting import Posting

HAPPENED = "At lunch he was hurt in a game, and two adults held him for his safety."
TOLD = Account(happened=HAPPENED, helped="Sitting by the creek.", asked="What do you think?", offers_talk=True)


def write(
    posting: Posting,
    *,
    child: str = "aroha",
    to: tuple[str, ...] = ("ngaire", "dave"),
    kind: ConcernKind = ConcernKind.CONCERN,
    call: bool = False,
    account: Account = TOLD,
    key: str | None = None,
    by: str = "walsh",
) -> Concern:
    with posting.story.work(by) as work:
        people = posting.story.contacts
        rang = Call(people[to[0]].id, work.now - timedelta(minutes=9), Rang.TALKED) if call else None
        return concerns.send_concern(
            work,
            posting.story.students[child],
            kind,
            account,
            to=[people[each].id for each in to],
            call=rang,
            links=posting.links,
            once_key=key,
        )


def sent(posting: Posting, concern: Concern) -> dict[str, Delivery]:
    keys = {contact.id: key for key, contact in posting.story.contacts.items()}
    with posting.story.work() as work:
        assert concern.message_id is not None
        told = messages.written(work, [concern.message_id])[concern.message_id]
        return {keys[each.contact_id]: each for each in told.deliveries if each.contact_id}


def read_first(posting: Posting) -> None:
    with posting.story.work() as work:
        schools.read_concerns_first(work, read_first=True)


def release(posting: Posting, concern: Concern, by: str = "leota") -> Concern:
    with posting.story.work(by) as work:
        return concerns.release_concern(work, concern.id, posting.story.students["aroha"], links=posting.links)


def test_each_contact_gets_a_neutral_line_with_a_link_of_their_own_and_no_words(posting: Posting) -> None:
    found = sent(posting, write(posting))
    assert set(found) == {"ngaire", "dave"}
    bodies = [each.body for each in found.values()]
    assert all("hurt" not in body and "creek" not in body for body in bodies)
    assert all("/note/" in body for body in bodies)
    assert "hurt" not in (found["dave"].subject or "") + (found["dave"].html or "")
    assert len({body.partition("/note/")[2].split()[0] for body in bodies}) == 2


def test_only_those_who_were_chosen_and_may_hear_of_the_child_get_it(posting: Posting) -> None:
    assert set(sent(posting, write(posting, to=("dave",)))) == {"dave"}
    with pytest.raises(Invalid, match="Nobody you chose"):
        write(posting, to=("rangi",))


def test_it_stands_in_the_log_as_a_concern_and_is_no_good_news(posting: Posting) -> None:
    concern = write(posting)
    with posting.story.work() as work:
        [entry] = [
            each
            for each in partnership.timeline(work, posting.story.students["aroha"].id)
            if each.line.moment is Moment.CONCERN
        ]
        assert (entry.line.subject, entry.line.subject_id) == ("concern", concern.id)
        partnership.fold_onto(work, entry.line, Moment.ARRIVED)
        assert partnership.good_news_reached(work) == {}


@pytest.mark.parametrize(
    ("account", "field"),
    [
        (Account(happened="  "), "happened"),
        (Account(happened="x" * 2001), "happened"),
        (Account(happened=HAPPENED, helped="x" * 2001), "helped"),
    ],
)
def test_what_cannot_be_told_is_refused_by_field(posting: Posting, account: Account, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(posting, account=account)
    assert refused.value.field == field


def test_nobody_chosen_is_refused(posting: Posting) -> None:
    with posting.story.work("walsh") as work, pytest.raises(Invalid) as refused:
        concerns.send_concern(
            work, posting.story.students["aroha"], ConcernKind.CONCERN, TOLD, to=(), call=None, links=posting.links
        )
    assert refused.value.field == "to"


def test_the_same_form_twice_is_one_concern(posting: Posting) -> None:
    assert write(posting, key="once").id == write(posting, key="once").id


def test_a_concern_kept_in_the_log_sends_nothing(posting: Posting) -> None:
    with posting.story.work("walsh") as work:
        kept = concerns.keep_concern(
            work, posting.story.students["aroha"], ConcernKind.CONCERN, TOLD, call=None, once_key="k"
        )
    assert (kept.state, kept.message_id) == (ConcernState.KEPT, None)


def test_who_was_rung_and_when_is_kept_and_a_call_to_come_is_refused(posting: Posting) -> None:
    concern = write(posting, call=True)
    assert (concern.rang, concern.rang_contact_id) == (Rang.TALKED, posting.story.contacts["ngaire"].id)
    with posting.story.work("walsh") as work:
        call = Call(posting.story.contacts["dave"].id, work.now + timedelta(minutes=1), Rang.TALKED)
        student, to = posting.story.students["aroha"], [call.contact_id]
        with pytest.raises(Invalid) as refused:
            concerns.send_concern(work, student, ConcernKind.CONCERN, TOLD, to=to, call=call, links=posting.links)
    assert refused.value.field == "rang_at"


# A second pair of eyes


def test_where_the_school_asks_nothing_goes_until_a_second_person_has_read_it(posting: Posting) -> None:
    read_first(posting)
    concern = write(posting)
    assert (concern.state, concern.message_id) == (ConcernState.WAITING, None)
    with posting.story.work() as work:
        [task] = tasks.open_tasks(work, staff_id=uuid.uuid4(), roles=[Role.LEARNING_SUPPORT])
        assert (task.kind, task.subject_id) == (TaskKind.READ_CONCERN, concern.id)
    gone = release(posting, concern)
    assert (gone.state, gone.settled_by) == (ConcernState.GONE, posting.story.staff["leota"].id)
    assert set(sent(posting, gone)) == {"ngaire", "dave"}
    with posting.story.work() as work:
        assert tasks.open_tasks(work, staff_id=uuid.uuid4(), roles=[Role.LEARNING_SUPPORT]) == []


def test_nobody_is_their_own_second_person_and_nobody_reads_twice(posting: Posting) -> None:
    read_first(posting)
    concern = write(posting, by="leota")
    with pytest.raises(NotAllowed):
        release(posting, concern)
    release(posting, concern, by="burns")
    with pytest.raises(Conflict):
        release(posting, concern, by="burns")


def test_one_given_back_sends_nothing_and_asks_its_writer_to_write_anew(posting: Posting) -> None:
    read_first(posting)
    concern = write(posting)
    with posting.story.work("leota") as work:
        with pytest.raises(Invalid):
            concerns.return_concern(work, concern.id, note=" ")
        back = concerns.return_concern(work, concern.id, note="Leave the other child out.")
    assert (back.state, back.message_id, back.settled_note) == (
        ConcernState.RETURNED,
        None,
        "Leave the other child out.",
    )
    walsh = posting.story.staff["walsh"].id
    with posting.story.work("walsh") as work:
        assert [each.kind for each in tasks.open_tasks(work, staff_id=walsh, roles=[])] == [TaskKind.REWRITE_CONCERN]
        concerns.close_returned(work, concern.id)
        assert tasks.open_tasks(work, staff_id=walsh, roles=[]) == []


# Hard days


def test_a_hard_day_is_rung_before_anything_is_written(posting: Posting) -> None:
    with pytest.raises(Invalid) as refused:
        write(posting, kind=ConcernKind.HARD_DAY)
    assert refused.value.field == "rang"


def test_on_a_hard_day_praise_to_the_homes_waits_until_the_next_school_day(posting: Posting) -> None:
    before = posting.praise("aroha")
    write(posting, kind=ConcernKind.HARD_DAY, call=True)
    after = posting.praise("wi", by="fox")
    for message in (before, after):
        held = posting.of(message)["dave"]
        assert (held.state, held.why) == (State.HELD, Why.HARD_DAY)
        assert held.held_until is not None
        assert held.held_until.astimezone().date() <= date(2026, 11, 18)
    assert posting.of(posting.praise("hemi"))["hine"].state is State.QUEUED


def test_the_concern_itself_goes_on_a_hard_day(posting: Posting) -> None:
    concern = write(posting, kind=ConcernKind.HARD_DAY, call=True)
    assert {each.state for each in sent(posting, concern).values()} == {State.QUEUED}


def test_what_waited_goes_when_the_next_school_day_comes(posting: Posting) -> None:
    message = posting.praise("aroha")
    write(posting, kind=ConcernKind.HARD_DAY, call=True)
    posting.clock.forward(hours=22)
    with posting.story.work() as work:
        messages.settle(work)
    assert posting.of(message)["dave"].state is State.QUEUED


def test_a_person_lets_good_news_go_again_and_who_and_when_is_kept(posting: Posting) -> None:
    message = posting.praise("aroha")
    write(posting, kind=ConcernKind.HARD_DAY, call=True)
    with posting.story.work("leota") as work:
        student = posting.story.students["aroha"]
        held = concerns.good_news_held(work, student)
        assert {each.name for each in held} == {"Ngaire Kereama", "Dave Kereama"}
        concerns.end_hard_day(work, student)
        assert concerns.good_news_held(work, student) == []
        assert {(each.pause.begun_by, each.pause.ended_by) for each in held} == {
            (posting.story.staff["walsh"].id, posting.story.staff["leota"].id)
        }
        messages.settle(work)
    assert posting.of(message)["dave"].state is State.QUEUED
    assert posting.of(posting.praise("wi", by="fox"))["dave"].state is State.QUEUED


def test_a_hard_day_is_no_wish_of_the_family_and_no_pause(posting: Posting) -> None:
    write(posting, kind=ConcernKind.HARD_DAY, call=True)
    with posting.story.work() as work:
        dave = posting.story.contacts["dave"].id
        assert whanau.running_pauses(work, on=schools.today(work), contact_ids=[dave]) == []
        assert whanau.ledger_of(work, dave) == []


def test_a_neutral_line_that_cannot_arrive_goes_the_other_way_with_a_link_of_its_own(posting: Posting) -> None:
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts["hine"].id])
    concern = write(posting, child="hemi", to=("hine",))
    text = sent(posting, concern)["hine"]
    posting.refused(text, Cause.NOT_IN_SERVICE)
    with posting.story.work() as work:
        assert messages.turn_to_other_way(work, links=posting.links) == 1
        assert concern.message_id is not None
        told = messages.written(work, [concern.message_id])[concern.message_id]
        [mail] = [each for each in told.deliveries if each.instead_of_id == text.id]
        assert (mail.channel, mail.state) == ("email", State.QUEUED)
        assert "/note/" in mail.body
        assert mail.body.partition("/note/")[2].split()[0] != text.body.partition("/note/")[2].split()[0]
        assert "hurt" not in f"{mail.subject} {mail.body} {mail.html}"
