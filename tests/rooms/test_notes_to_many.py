"""A note to a family, a class or the school: each person once, in their language, in the right lane, undone whole."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from commsbridge import messages, partnership, schools, students, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.messages import Audience, Delivery, MessageKind, Notice, NoticeDraft, State, Why
from commsbridge.messages.gateways import Cause
from commsbridge.messages.models import LANE_RANK, Lane
from commsbridge.partnership import Moment
from commsbridge.schools import Permission, Role, Sending
from commsbridge.students import Student
from commsbridge.whanau import Asked, Channel, MayMessage, WishKind
from tests.rooms.posting import Posting

SHOES = "Please bring running shoes tomorrow."
HU = "Mauria mai ngā hū oma āpōpō."
BOTH = NoticeDraft(Audience.SCHOOL, words_en=SHOES, words_mi=HU)


def children(posting: Posting, room: str | None = None) -> list[Student]:
    with posting.story.work() as work:
        class_id = students.class_named(work, room).id if room else None
        return students.students_in(work, class_id, schools.today(work))


def send(
    posting: Posting,
    draft: NoticeDraft = BOTH,
    *,
    room: str | None = None,
    by: str = "burns",
    confirmed: int | None = None,
    once_key: str | None = None,
) -> Notice:
    audience = children(posting, room)
    with posting.story.work(by) as work:
        seen = messages.outlook(work, draft, audience, links=posting.links)
        number = seen.people if confirmed is None else confirmed
        return messages.send_notice(work, draft, audience, links=posting.links, once_key=once_key, confirmed=number)


def notices(posting: Posting, contact: str) -> list[Delivery]:
    return posting.all_to(contact, MessageKind.NOTICE)


def going(posting: Posting, contact: str) -> list[Delivery]:
    return [each for each in notices(posting, contact) if each.state is not State.CANCELLED]


def test_whoever_reads_te_reo_gets_it_and_english_readers_get_english(posting: Posting) -> None:
    send(posting)
    (ngaire,), (dave,), (hine,) = (going(posting, key) for key in ("ngaire", "dave", "hine"))
    assert HU in ngaire.body
    assert SHOES not in ngaire.body
    assert SHOES in dave.body
    assert HU not in dave.body
    assert hine.body.index(HU) < hine.body.index(SHOES)
    assert (ngaire.language, dave.language, hine.language) == ("mi", "en", "both")


def test_without_te_reo_the_letter_comes_framed_in_the_language_it_was_typed_in(posting: Posting) -> None:
    send(posting, NoticeDraft(Audience.SCHOOL, words_en=SHOES))
    (ngaire,), (hine,) = going(posting, "ngaire"), going(posting, "hine")
    assert ngaire.body.startswith(f"Rimu Road School: {SHOES}\nFrom Mr Burns")
    assert (ngaire.language, hine.language) == ("en", "en")
    assert "Nā" not in hine.body


def test_te_reo_alone_goes_to_everybody_in_te_reo(posting: Posting) -> None:
    send(posting, NoticeDraft(Audience.SCHOOL, words_mi=HU))
    (dave,) = going(posting, "dave")
    assert HU in dave.body
    assert dave.language == "mi"


def test_whoever_has_two_children_here_is_told_once(posting: Posting) -> None:
    send(posting)
    assert [each.why for each in notices(posting, "ngaire") if each.state is State.CANCELLED] == [Why.TOLD_ONCE]
    assert len(going(posting, "ngaire")) == 1
    assert len(going(posting, "dave")) == 1


def test_each_child_has_the_message_in_the_log(posting: Posting) -> None:
    send(posting)
    for child in ("aroha", "wi", "hemi"):
        assert Moment.NOTICE in [moment for moment, _ in posting.moments(child)]
    with posting.story.work() as work:
        found = partnership.timeline(work, posting.story.students["wi"].id, search="hu oma")
    assert [entry.line.moment for entry in found] == [Moment.NOTICE]


def test_a_limit_on_one_child_still_lets_the_note_come_about_the_other(posting: Posting) -> None:
    send(posting)
    with posting.story.work("leota") as work:
        first = going(posting, "ngaire")[0]
        message = messages.delivery_of(work, first.id)
        assert message is not None
        assert message[1].student_id is not None
        messages.set_access(
            work, posting.story.contacts["ngaire"].id, message[1].student_id, may_message=MayMessage.NO, reason="x"
        )
    posting.settle()
    (left,) = going(posting, "ngaire")
    assert left.id != first.id
    assert left.state is State.QUEUED


def test_nobody_is_told_about_a_child_they_may_not_hear_of(posting: Posting) -> None:
    send(posting)
    assert notices(posting, "rangi") == []
    (tia,) = notices(posting, "tia")
    assert (tia.state, tia.why) == (State.HELD, Why.ACCESS_UNCONFIRMED)


def test_wishes_hold_for_notes_and_urgency_does_not_break_them(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        messages.set_wishes(
            work, posting.story.contacts["ngaire"].id, Asked(hears=WishKind.PRAISE_ONLY), evidence="staff"
        )
    send(posting, replace(BOTH, urgent=True, reason="Flood"))
    assert notices(posting, "ngaire") == []


def test_a_note_to_many_goes_in_the_bulk_lane_and_one_to_a_family_before_it(posting: Posting) -> None:
    send(posting)
    assert going(posting, "dave")[0].lane == LANE_RANK[Lane.BULK]
    send(posting, NoticeDraft(Audience.FAMILY, posting.story.students["aroha"].id, "Come in."), room="Room 7")
    assert LANE_RANK[Lane.NORMAL] in {each.lane for each in going(posting, "dave")}


def test_the_urgent_goes_at_night_and_before_everything(posting: Posting) -> None:
    posting.clock.forward(hours=8)
    send(posting, replace(BOTH, urgent=True, reason="The river is over the road."))
    send(posting, replace(BOTH, words_en="Calm."))
    texts = [each for each in going(posting, "ngaire") if each.channel == Channel.TEXT]
    by_lane = {each.lane: each for each in texts}
    urgent, calm = by_lane[LANE_RANK[Lane.URGENT]], by_lane[LANE_RANK[Lane.BULK]]
    assert urgent.due_at < calm.due_at
    assert urgent.why != Why.QUIET_HOURS
    assert calm.why == Why.QUIET_HOURS


def check(posting: Posting, draft: NoticeDraft, who: str = "burns") -> NoticeDraft:
    with posting.story.work(who) as work:
        return messages.check_notice(work, draft, schools.viewer_for(work, posting.story.staff[who].id))


def test_urgency_needs_a_role_the_school_named_and_a_reason_that_is_kept(posting: Posting) -> None:
    urgent = replace(BOTH, urgent=True)
    with pytest.raises(Invalid, match="cannot wait"):
        check(posting, urgent)
    with pytest.raises(NotAllowed, match="urgent"):
        check(posting, replace(urgent, reason="Flood"), "jan")
    with posting.story.work("burns") as work:
        schools.set_sending(work, Sending(urgent_roles=frozenset({Role.OFFICE})))
    assert check(posting, replace(urgent, reason=" Flood "), "jan").reason == "Flood"
    with pytest.raises(NotAllowed):
        check(posting, replace(urgent, reason="Flood"))


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(BOTH, words_en=" ", words_mi=""), "words_en"),
        (replace(BOTH, words_en="x" * 601), "words_en"),
        (replace(BOTH, words_mi="x" * 601), "words_mi"),
    ],
)
def test_words_that_say_nothing_or_too_much_are_refused(posting: Posting, draft: NoticeDraft, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(posting, draft)
    assert refused.value.field == field


def test_what_is_looked_at_first_is_what_it_does_costs_and_takes(posting: Posting) -> None:
    everybody = children(posting)
    with posting.story.work("burns") as work:
        schools.set_sending(work, Sending(text_cents=10.0))
        seen = messages.outlook(work, BOTH, everybody, links=posting.links)
    assert (seen.texts, seen.mails, seen.by_hand, seen.held) == (3, 1, 3, 1)
    assert seen.people == 7
    assert seen.cents == seen.segments * 10.0
    assert {child.preferred_name for child in seen.families_not_reached} == {"Tāma", "Pare"}
    sent = send(posting)
    assert sent.people == seen.people


def test_more_than_a_class_is_sent_only_with_the_number_confirmed(posting: Posting) -> None:
    for wrong in (0, 6, 400):
        with pytest.raises(Conflict):
            send(posting, confirmed=wrong)
    assert notices(posting, "dave") == []
    one_class = NoticeDraft(Audience.CLASS, words_en=SHOES)
    send(posting, one_class, room="Room 7", by="walsh", confirmed=0)
    assert len(going(posting, "dave")) == 1


def test_the_same_form_sent_twice_is_one_note(posting: Posting) -> None:
    first = send(posting, once_key="a")
    assert send(posting, once_key="a").id == first.id
    assert len(going(posting, "dave")) == 1


def test_nobody_to_reach_is_said_and_nothing_is_written(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        tama = work.session.get_one(Student, posting.story.students["tama"].id)
        draft = NoticeDraft(Audience.FAMILY, tama.id, SHOES)
        with pytest.raises(Invalid, match="Nobody"):
            messages.send_notice(work, draft, [tama], links=posting.links)
        assert work.session.scalars(select(Notice)).all() == []


# undo


def test_undo_takes_it_back_from_everybody_with_the_welcomes_and_the_tasks(posting: Posting) -> None:
    sent = send(posting)
    assert posting.tasks_of("burns")
    posting.clock.forward(seconds=30)
    with posting.story.work("burns") as work:
        messages.undo_notice(work, sent.id)
    for key in ("ngaire", "dave", "hine", "koro", "losa"):
        assert {each.state for each in posting.all_to(key)} == {State.CANCELLED}
    assert not posting.tasks_of("burns")
    assert posting.moments("wi")[0] == (Moment.NOTICE, [Moment.UNDONE])
    with posting.story.work() as work:
        assert (
            whanau.contacts_by_id(work, [posting.story.contacts["dave"].id])[
                posting.story.contacts["dave"].id
            ].welcomed_at
            is None
        )


def test_after_a_minute_or_by_another_it_cannot_be_undone(posting: Posting) -> None:
    sent = send(posting)
    with posting.story.work("jan") as work, pytest.raises(NotFound):
        messages.undo_notice(work, sent.id)
    posting.clock.forward(seconds=61)
    with posting.story.work("burns") as work, pytest.raises(Conflict):
        messages.undo_notice(work, sent.id)


def test_once_one_of_it_has_gone_none_of_it_is_taken_back(posting: Posting) -> None:
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts["dave"].id])
    sent = send(posting)
    posting.gone(going(posting, "dave")[0])
    with posting.story.work("burns") as work, pytest.raises(Conflict):
        messages.undo_notice(work, sent.id)
    assert going(posting, "hine")


# what did not arrive


def test_a_notice_that_cannot_arrive_turns_to_the_other_way_in_the_same_words(posting: Posting) -> None:
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts["hine"].id])
    send(posting)
    posting.refused(going(posting, "hine")[0], Cause.NOT_IN_SERVICE)
    with posting.story.work() as work:
        assert messages.turn_to_other_way(work, links=posting.links) == 1
    (mail,) = [each for each in going(posting, "hine") if each.channel == "email"]
    assert HU in mail.body
    assert SHOES in mail.body


def test_a_person_sends_again_what_did_not_arrive_once_a_way_works(posting: Posting) -> None:
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts["ngaire"].id])
    send(posting)
    (text,) = going(posting, "ngaire")
    posting.refused(text, Cause.NOT_IN_SERVICE)
    with posting.story.work("jan") as work, pytest.raises(Conflict, match="mend"):
        messages.send_again(work, text.id, links=posting.links)
    with posting.story.work("jan") as work:
        contact = work.session.get_one(whanau.Contact, posting.story.contacts["ngaire"].id)
        messages.change_ways(work, contact, [(Channel.TEXT, "021 555 0144")])
        messages.send_again(work, text.id, links=posting.links)
    again = [each for each in going(posting, "ngaire") if each.instead_of_id == text.id]
    assert [(each.address, each.state) for each in again] == [("+64215550144", State.QUEUED)]
    with posting.story.work("jan") as work, pytest.raises(Conflict, match="already"):
        messages.send_again(work, text.id, links=posting.links)


def test_what_has_not_failed_is_not_sent_again(posting: Posting) -> None:
    send(posting)
    with posting.story.work("jan") as work:
        with pytest.raises(Conflict):
            messages.send_again(work, going(posting, "dave")[0].id, links=posting.links)
        with pytest.raises(NotFound):
            messages.send_again(work, uuid.uuid4(), links=posting.links)


def test_who_may_send_to_how_many_is_by_role() -> None:
    may = {role: {each for each in Permission if role in schools.MAY[each]} for role in Role}
    assert Permission.SEND_TO_SCHOOL not in may[Role.KAIAKO]
    assert Permission.SEND_TO_CLASS not in may[Role.KAIAWHINA]
    assert Permission.SEND_NOTICE in may[Role.KAIAWHINA]
    assert {Permission.SEND_TO_SCHOOL, Permission.SEND_TO_CLASS} <= may[Role.LEADER] & may[Role.OFFICE]
