"""Safety at any hour: lead, deputy, principal, one by one, also at night and in the holidays; and the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from commsbridge import schools, whanau
from commsbridge.conversations import ReplyState, safety
from commsbridge.conversations.safety import SafetyAlert, Watch
from commsbridge.foundation.names import fold
from commsbridge.messages import Delivery
from commsbridge.schools import Role
from commsbridge.whanau import Channel
from commsbridge.worker.safety import tell_named_people
from tests.doors.moments import screened
from tests.rooms.mailroom import Mailroom
from tests.rooms.posting import Posting

HINE, PHONE = "+64215550104", "+64215550199"
WORRIES = "Hemi is scared to go home, his uncle hit him."
NIGHT = datetime(2026, 11, 17, 13, 30, tzinfo=UTC)  # half past two in the morning in Auckland
HOLIDAYS = datetime(2026, 12, 26, 20, tzinfo=UTC)  # nine on a Sunday morning between Christmas and New Year
NOBODYS_HOURS = datetime(2027, 1, 2, 11, tzinfo=UTC)  # midnight in the holidays


def named_three(posting: Posting, *, minutes: int) -> dict[str, str]:
    """A lead, a deputy and a principal who are three people, by the mail addresses they are told at."""
    with posting.story.work("burns") as work:
        deputy = schools.add_staff(
            work, email="deputy@rimu.test", name="Rua Deputy", shown_name="Rua", roles={Role.CHILD_PROTECTION},
            from_on=schools.today(work),
        )  # fmt: skip
        lead, principal = posting.story.staff["kiri"], posting.story.staff["burns"]
        safety.set_watch(work, Watch(True, lead.id, deputy.id, minutes))
        return {str(lead.id): "lead", str(deputy.id): "deputy", str(principal.id): "principal"}


def told(posting: Posting, people: dict[str, str]) -> list[str]:
    """Who was mailed, in order; what went to them says nothing of anybody."""
    with posting.story.work() as work:
        mails = work.session.scalars(
            select(Delivery).where(Delivery.staff_id.is_not(None)).order_by(Delivery.made_at, Delivery.id)
        ).all()
        for each in mails:
            assert not any(word in f"{each.subject}{each.body}" for word in ("Hēmi", "Hemi", "uncle", "Hine", HINE))
            assert each.due_at == each.made_at
        return [people[str(each.staff_id)] for each in mails]


@pytest.mark.parametrize("when", [NIGHT, HOLIDAYS, NOBODYS_HOURS])
def test_the_lead_then_the_deputy_then_the_principal_are_told_in_the_minutes_the_school_set(
    posting: Posting, when: datetime
) -> None:
    people = named_three(posting, minutes=20)
    posting.clock.now = when
    Mailroom(posting).text(WORRIES, HINE)
    expected = [(0, ["lead"]), (19, []), (1, ["deputy"]), (19, []), (1, ["principal"])]
    so_far: list[str] = []
    for minutes, more in expected:
        posting.clock.forward(minutes=minutes)
        tell_named_people(posting.story.runtime)
        so_far += more
        assert told(posting, people) == so_far
    posting.clock.forward(hours=1)
    tell_named_people(posting.story.runtime)
    assert sorted(told(posting, people)[3:]) == ["deputy", "lead", "principal"]


def test_whoever_opens_it_ends_the_telling_and_nobody_further_up_is_woken(posting: Posting) -> None:
    people = named_three(posting, minutes=15)
    posting.clock.now = NIGHT
    Mailroom(posting).text(WORRIES, HINE)
    tell_named_people(posting.story.runtime)
    with posting.story.work("kiri") as work:
        safety.open_alert(work, work.session.scalars(select(SafetyAlert)).one().id)
    posting.clock.forward(days=2)
    assert tell_named_people(posting.story.runtime) == 0
    assert told(posting, people) == ["lead"]


def test_an_answer_is_short_in_both_languages_gives_the_numbers_and_refers_to_nothing_written(
    posting: Posting,
) -> None:
    screened(posting.story, answers=True)
    mailroom = Mailroom(posting)
    mailroom.text(WORRIES, HINE)
    (answer,) = mailroom.answers_to(HINE)
    assert answer.body.count("1737") == 2
    assert "registered for 111 TXT? Text 111." in answer.body
    assert "kua rehitatia to waea mo te patuhi 111" in fold(answer.body)
    assert "kei te morearea koe" in fold(answer.body)
    assert not any(word in answer.body for word in ("Hemi", "Hēmi", "scared", "uncle", "home"))
    assert len(answer.body) < 480


def test_no_answer_goes_to_a_phone_of_two_people_by_mail_or_where_the_school_wants_none(posting: Posting) -> None:
    screened(posting.story, answers=True)
    with posting.story.work("jan") as work:
        for name in ("Mere Parata", "Wiremu Parata"):
            made = whanau.add_contact(
                work, name, language="en", ways=((Channel.TEXT, "021 555 0199"),), from_on=schools.today(work)
            )
            whanau.relate(
                work, made.id, posting.story.students["hemi"].id, relationship="auntie",
                may_message=whanau.MayMessage.YES, from_on=schools.today(work),
            )  # fmt: skip
    mailroom = Mailroom(posting)
    assert mailroom.text(WORRIES, PHONE).state is ReplyState.SAFETY
    assert mailroom.answers_to(PHONE) == []
    assert mailroom.mail(WORRIES, "hine@homes.test").state is ReplyState.SAFETY
    assert mailroom.answers_to("hine@homes.test") == []
    screened(posting.story, answers=False)
    mailroom.text(WORRIES, HINE)
    assert mailroom.answers_to(HINE) == []
