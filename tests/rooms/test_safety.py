"""Safety: what worries goes to the people a school named, at any hour, further up until somebody opens it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from commsbridge import messages, schools, students, whanau
from commsbridge.conversations import ReplyState, safety
from commsbridge.conversations.safety import Outcome, SafetyAlert, Watch
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.messages import Delivery, MessageKind, State, Why
from commsbridge.messages.models import Message
from commsbridge.partnership import Moment
from commsbridge.schools import Role
from commsbridge.schools.models import Look
from commsbridge.students import BarKind
from commsbridge.tasks import TaskKind
from commsbridge.whanau import ConsentEntry, Pause
from commsbridge.worker.safety import tell_named_people
from tests.doors.moments import screened
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

HINE, NGAIRE = "+64215550104", "+64215550101"
WORRIES = "Hemi is scared to go home, his uncle hit him."


@pytest.fixture
def mailroom(posting: Posting) -> Mailroom:
    screened(posting.story)
    return Mailroom(posting)


def the_alert(posting: Posting) -> SafetyAlert:
    with posting.story.work() as work:
        return work.session.scalars(select(SafetyAlert)).one()


def mails_to_staff(posting: Posting) -> list[str]:
    """The names of those who were told, in order."""
    with posting.story.work() as work:
        rows = select(Delivery.staff_id).join(Message, Message.id == Delivery.message_id)
        told = work.session.scalars(rows.where(Message.kind == MessageKind.STAFF).order_by(Delivery.made_at)).all()
    names = {staff.id: key for key, staff in posting.story.staff.items()}
    return [names[each] for each in told if each]


def decide(posting: Posting, outcome: Outcome, *, who: str = "kiri", go_on: bool = False) -> SafetyAlert:
    alert = the_alert(posting)
    with posting.story.work(who) as work:
        safety.open_alert(work, alert.id)
        return safety.decide(work, alert.id, outcome, reason="Rang his mother: it is settled.", go_on=go_on)[0]


def test_nothing_is_screened_until_a_school_names_two_people(posting: Posting) -> None:
    assert Mailroom(posting).text(WORRIES, HINE).state is ReplyState.FILED


def test_words_that_worry_are_kept_whole_in_no_log_and_their_reader_is_told_at_once(
    mailroom: Mailroom, posting: Posting
) -> None:
    reply = mailroom.text(WORRIES, HINE)
    assert (reply.state, reply.words) == (ReplyState.SAFETY, WORRIES)
    assert Moment.REPLY not in dict(posting.moments("hemi"))
    assert the_alert(posting).student_ids == [posting.story.students["hemi"].id]
    assert tell_named_people(posting.story.runtime) == 1
    assert tell_named_people(posting.story.runtime) == 0
    assert mails_to_staff(posting) == ["kiri"]


def test_the_mail_says_nothing_of_it(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(WORRIES, HINE)
    tell_named_people(posting.story.runtime)
    with posting.story.work() as work:
        mail = work.session.scalars(select(Delivery).where(Delivery.staff_id.is_not(None))).one()
    assert not any(word in f"{mail.subject}{mail.body}" for word in ("Hēmi", "Hemi", "uncle", "Hine", HINE))
    assert mail.due_at == posting.clock()


def test_whoever_has_proven_a_phone_is_told_by_text_too(mailroom: Mailroom, posting: Posting) -> None:
    kiri = posting.story.staff["kiri"].id
    with posting.story.work("kiri") as work:
        _, code = schools.ask_phone(work, kiri, "021 555 0190")
        assert schools.check_code(work, kiri, code)
    mailroom.text(WORRIES, HINE)
    tell_named_people(posting.story.runtime)
    with posting.story.work() as work:
        texts = work.session.scalars(
            select(Delivery).where(
                Delivery.staff_id == kiri, Delivery.channel == "text", Delivery.body.contains("/safety")
            )
        ).all()
    assert [each.address for each in texts] == ["+64215550190"]
    assert "uncle" not in texts[0].body


def test_it_goes_further_up_until_somebody_opens_it_also_at_night(mailroom: Mailroom, posting: Posting) -> None:
    posting.clock.forward(hours=12)
    mailroom.text(WORRIES, HINE)
    for minutes, told in ((0, 1), (14, 0), (1, 1), (15, 1), (30, 0), (30, 1)):
        posting.clock.forward(minutes=minutes)
        assert tell_named_people(posting.story.runtime) == told
    names = mails_to_staff(posting)
    assert (names[:3], sorted(names[3:])) == (["kiri", "burns", "burns"], ["burns", "kiri"])
    with posting.story.work("burns") as work:
        safety.open_alert(work, the_alert(posting).id)
    posting.clock.forward(hours=9)
    assert tell_named_people(posting.story.runtime) == 0


def test_who_is_kept_from_the_child_is_passed_over(mailroom: Mailroom, posting: Posting) -> None:
    with posting.story.work("burns") as work:
        hemi = posting.story.students["hemi"].id
        students.bar_staff(work, posting.story.staff["kiri"].id, student_id=hemi, kind=BarKind.WHANAU)
    mailroom.text(WORRIES, HINE)
    tell_named_people(posting.story.runtime)
    assert mails_to_staff(posting) == ["burns"]


def test_good_news_to_that_home_waits_and_the_family_is_not_told(mailroom: Mailroom, posting: Posting) -> None:
    before = posting.of(posting.praise("hemi"))["hine"]
    mailroom.text(WORRIES, HINE)
    assert (posting.delivery(before.id).state, posting.delivery(before.id).why) == (State.HELD, Why.PAUSED)
    with posting.story.work() as work:
        pauses = work.session.scalars(select(Pause)).all()
        assert {pause.for_safety for pause in pauses} == {True}
        assert work.session.scalars(select(ConsentEntry).where(ConsentEntry.kind == "pause")).all() == []
    decide(posting, Outcome.KEPT, go_on=True)
    posting.settle()
    assert posting.delivery(before.id).state is State.QUEUED


def test_only_those_who_decide_end_what_began_for_somebodys_safety(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(WORRIES, HINE)
    pause_id = the_alert(posting).pause_ids[0]
    with pytest.raises(Conflict), posting.story.work("walsh") as work:
        messages.end_pause(work, pause_id)
    decide(posting, Outcome.KEPT, go_on=True)
    with posting.story.work() as work:
        assert work.session.get_one(Pause, pause_id).ended_at is not None


def test_what_is_put_into_the_log_stands_there_like_any_reply(mailroom: Mailroom, posting: Posting) -> None:
    reply = mailroom.text(WORRIES, HINE)
    decide(posting, Outcome.FILED)
    assert posting.moments("hemi")[0] == (Moment.REPLY, [])
    assert mailroom.about(reply) == {"hemi"}
    with pytest.raises(Conflict), posting.story.work("kiri") as work:
        safety.decide(work, the_alert(posting).id, Outcome.KEPT, reason="Again", go_on=False)


def test_what_is_kept_stays_in_no_log_and_may_be_filed_later(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(WORRIES, HINE)
    decide(posting, Outcome.KEPT)
    assert Moment.REPLY not in dict(posting.moments("hemi"))
    assert decide(posting, Outcome.FILED).reason == "Rang his mother: it is settled.\nRang his mother: it is settled."
    assert Moment.REPLY in dict(posting.moments("hemi"))


def test_a_strangers_words_go_to_the_named_people_and_when_filed_to_whoever_places_them(
    mailroom: Mailroom, posting: Posting
) -> None:
    reply = mailroom.text("my stepdad hit me", "+64215559999")
    assert (reply.state, the_alert(posting).student_ids) == (ReplyState.SAFETY, [])
    decide(posting, Outcome.FILED)
    assert TaskKind.MATCH_REPLY in {task.kind for task in posting.tasks_of("jan", Role.OFFICE)}


def test_stop_is_obeyed_whatever_else_and_a_sentence_that_worries_is_not_taken_for_it(
    mailroom: Mailroom, posting: Posting
) -> None:
    assert mailroom.text("STOP", HINE).state is ReplyState.COMMAND
    assert mailroom.text("stop texting me or I will come down there and smash you", NGAIRE).state is ReplyState.SAFETY


@pytest.mark.parametrize(("no_answers", "answers"), [(False, 1), (True, 0)])
def test_an_answer_gives_the_numbers_for_help_and_never_to_a_phone_others_read(
    posting: Posting, answers: int, *, no_answers: bool
) -> None:
    screened(posting.story, answers=True)
    with posting.story.work("jan") as work:
        whanau.set_no_answers(work, work.session.merge(posting.story.contacts["hine"]), no_answers=no_answers)
    mailroom = Mailroom(posting)
    mailroom.text(WORRIES, HINE)
    sent = mailroom.answers_to(HINE)
    assert len(sent) == answers
    assert all("111" in each.body and "1737" in each.body and "uncle" not in each.body for each in sent)


def test_every_look_is_written_down_once_it_was_opened(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(WORRIES, HINE)
    alert = the_alert(posting)
    with posting.story.work("kiri") as work:
        safety.alert_by_id(work, alert.id)
        assert work.session.scalars(select(Look).where(Look.subject == "safety")).all() == []
        safety.open_alert(work, alert.id)
        safety.alert_by_id(work, alert.id)
        assert [look.staff_id for look in work.session.scalars(select(Look).where(Look.subject == "safety"))] == [
            posting.story.staff["kiri"].id
        ]


def test_what_cannot_be_read_is_filed_and_says_so(mailroom: Mailroom) -> None:
    reply = mailroom.text("Fa'afetai tele lava mo le fesoasoani ia Hemi", HINE)
    assert (reply.state, reply.unread) == (ReplyState.FILED, True)
    assert not mailroom.text("Thank you so much", HINE).unread


@pytest.mark.parametrize(
    ("lead", "deputy", "minutes", "field"),
    [
        ("kiri", "kiri", 15, "deputy"),
        ("kiri", None, 15, "deputy"),
        (None, "kiri", 15, "lead"),
        ("jan", "kiri", 15, "lead"),
        ("kiri", "burns", 4, "minutes"),
        ("kiri", "burns", 500, "minutes"),
    ],
)
def test_it_cannot_be_switched_on_without_two_people_who_may_read(
    posting: Posting, lead: str | None, deputy: str | None, minutes: int, field: str
) -> None:
    ids = {key: staff.id for key, staff in posting.story.staff.items()}
    wanted = Watch(True, ids.get(lead or ""), ids.get(deputy or ""), minutes)
    with pytest.raises(Invalid) as refusal, posting.story.work("burns") as work:
        safety.set_watch(work, wanted)
    assert refusal.value.field == field


def test_it_cannot_be_switched_on_where_nobody_could_be_told(posting: Posting) -> None:
    ids = {key: staff.id for key, staff in posting.story.staff.items()}
    with posting.story.runtime.lobby() as lobby:
        lobby.session.execute(text("SET LOCAL ROLE postgres"))
        lobby.session.execute(text("DELETE FROM school_senders WHERE sender_id = :id"), {"id": posting.story.mails.id})
    with pytest.raises(Invalid, match="cannot send mail"), posting.story.work("burns") as work:
        safety.set_watch(work, Watch(True, ids["kiri"], ids["burns"]))


def test_a_decision_needs_an_opened_message_and_a_reason(mailroom: Mailroom, posting: Posting) -> None:
    mailroom.text(WORRIES, HINE)
    alert = the_alert(posting)
    with pytest.raises(Conflict), posting.story.work("kiri") as work:
        safety.decide(work, alert.id, Outcome.KEPT, reason="Rang.", go_on=False)
    with posting.story.work("kiri") as work:
        safety.open_alert(work, alert.id)
    with pytest.raises(Invalid), posting.story.work("kiri") as work:
        safety.decide(work, alert.id, Outcome.KEPT, reason="  ", go_on=False)
    with pytest.raises(NotFound), posting.story.work("kiri") as work:
        safety.alert_by_id(work, posting.story.school_id)


def test_a_lead_who_left_is_passed_over(mailroom: Mailroom, posting: Posting) -> None:
    with posting.story.work("burns") as work:
        kiri = work.session.merge(posting.story.staff["kiri"])
        schools.leave_staff(work, kiri, on=schools.today(work))
    posting.clock.forward(days=2)
    mailroom.text(WORRIES, HINE)
    tell_named_people(posting.story.runtime)
    assert mails_to_staff(posting) == ["burns"]
