"""The translation desk: offered and never assigned, a deadline after which it goes as written, and never twice."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from commsbridge import messages, partnership, schools, students
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.messages import Draft, State, Why, translating
from commsbridge.messages.gateways import Cause
from commsbridge.schools import Role
from commsbridge.students import BarKind
from commsbridge.whanau import Channel
from tests.conftest import Clock
from tests.rooms.posting import Posting
from tests.story import START, Story

WORDS = "She showed the new boy where the library is."
REO = "I whakaatu ia i te ara ki te whare pukapuka ki te tama hou."
NOON = datetime(2026, 11, 17, 23, 0, tzinfo=UTC)  # Wednesday noon in Auckland


@pytest.fixture
def desk(story: Story) -> Story:
    """Whaea Kiri and Matua Matiu are speakers; Kiri is glad to translate two a week."""
    with story.work() as work:
        for who, also in (("kiri", Role.CHILD_PROTECTION), ("matiu", Role.KAIAWHINA)):
            schools.set_roles(work, story.staff[who], [also, Role.SPEAKER], from_on=START)
    weekly(story, "kiri", 2)
    return story


def weekly(story: Story, who: str, number: int) -> None:
    with story.work(who) as work:
        translating.set_weekly(work, weekly=number)


def praise(
    desk: Story, child: str = "aroha", *, by: str = "walsh", words: str = WORDS, phrase: bool = False
) -> uuid.UUID:
    student = desk.students[child]
    with desk.work(by) as work:
        chosen = messages.offered_phrases(work, student)[0].id if phrase else None
        draft = Draft(chosen, words, te_reo_first=True)
        return messages.send_praise(work, student, draft, links=desk.runtime.links).id


def offers(desk: Story, who: str = "kiri") -> list[uuid.UUID]:
    with desk.work(who) as work:
        return [each.id for each, _ in translating.offers_for(work, desk.staff[who].id)]


def hand(desk: Story, who: str = "kiri") -> list[uuid.UUID]:
    with desk.work(who) as work:
        return [each.id for each in translating.in_hand(work, desk.staff[who].id)]


def take(desk: Story, who: str = "kiri") -> uuid.UUID:
    [offered] = offers(desk, who)
    with desk.work(who) as work:
        return translating.take(work, offered).id


def answer(desk: Story, taken: uuid.UUID, who: str = "kiri", *, words: str = REO, minutes: int = 6) -> None:
    with desk.work(who) as work:
        translating.answer(work, taken, words_mi=words, minutes=minutes, links=desk.runtime.links)


def test_words_wait_for_a_translator_only_for_whoever_reads_te_reo(desk: Story, posting: Posting) -> None:
    sent = posting.of(praise(desk))
    assert (sent["ngaire"].state, sent["ngaire"].why) == (State.HELD, Why.TRANSLATING)
    assert sent["ngaire"].held_until == NOON
    assert sent["dave"].state is State.QUEUED


def test_the_te_reo_goes_home_with_the_name_of_whoever_wrote_it(desk: Story, posting: Posting, clock: Clock) -> None:
    sent = praise(desk)
    clock.forward(minutes=5)
    answer(desk, take(desk))
    posting.settle()
    after = posting.of(sent)["ngaire"]
    assert (after.state, after.language) == (State.QUEUED, "mi")
    first, signed, by, *_ = after.body.splitlines()
    assert first == f"Rimu Road School: {REO}"
    assert signed.endswith("Ms Walsh")
    assert "Whaea Kiri" in by
    assert WORDS not in after.body


def test_a_reader_of_both_gets_the_te_reo_in_one_block_and_the_words_as_typed_in_the_other(
    desk: Story, posting: Posting, clock: Clock
) -> None:
    sent = praise(desk, "hemi", phrase=True)
    clock.forward(minutes=5)
    answer(desk, take(desk))
    posting.settle()
    mi, en = posting.of(sent)["hine"].body.split("\n\n")
    assert REO in mi
    assert "Whaea Kiri" in mi
    assert WORDS in en
    assert WORDS not in mi


def test_if_nobody_answers_it_goes_as_it_was_written_in_the_hours_that_fit_and_once(
    desk: Story, posting: Posting, clock: Clock
) -> None:
    sent = praise(desk)
    taken_late = offers_later(desk, clock)
    clock.now = NOON
    posting.settle()
    posting.settle()
    after = posting.of(sent)["ngaire"]
    assert (after.state, after.awaits) == (State.QUEUED, None)
    assert WORDS in after.body
    assert offers(desk) == []
    with pytest.raises(NotFound):
        answer(desk, taken_late)
    assert posting.of(sent)["ngaire"].body == after.body


def offers_later(desk: Story, clock: Clock) -> uuid.UUID:
    clock.forward(minutes=5)
    return take(desk)


def test_an_answer_that_comes_as_it_goes_is_refused_and_nothing_goes_twice(
    desk: Story, posting: Posting, clock: Clock
) -> None:
    sent = praise(desk)
    taken = offers_later(desk, clock)
    with desk.work() as work:
        work.session.execute(text("UPDATE deliveries SET state = 'queued', awaits = NULL, awaits_until = NULL"))
    with pytest.raises(NotFound):
        answer(desk, taken)
    assert WORDS in posting.of(sent)["ngaire"].body


def test_the_answer_waits_for_the_morning_when_it_comes_in_quiet_hours(
    desk: Story, posting: Posting, clock: Clock
) -> None:
    sent = praise(desk)
    clock.now = datetime(2026, 11, 17, 8, 30, tzinfo=UTC)  # half past nine at night
    answer(desk, take(desk))
    posting.settle()
    after = posting.of(sent)["ngaire"]
    assert (after.state, after.why) == (State.QUEUED, Why.QUIET_HOURS)
    assert after.due_at == datetime(2026, 11, 17, 18, 30, tzinfo=UTC)


def test_on_a_friday_it_waits_two_days_at_most(desk: Story, posting: Posting, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert posting.of(praise(desk))["ngaire"].held_until == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


# what ends it


def test_undo_stop_and_a_limit_end_the_translation_too(desk: Story, posting: Posting, clock: Clock) -> None:
    posting.undo(praise(desk))
    clock.forward(minutes=1)
    assert offers(desk) == []
    praise(desk, words="She sang.")
    clock.forward(minutes=1)
    taken = take(desk)
    address = posting.all_to("ngaire")[-1].address
    assert address
    with desk.work() as work:
        messages.stop_messages(work, channel=Channel.TEXT, address=address, sender_id=desk.texts.id, evidence="STOP")
    assert hand(desk) == []
    with pytest.raises(NotFound):
        answer(desk, taken)


def test_nothing_is_offered_before_the_time_to_undo_is_over(desk: Story, clock: Clock) -> None:
    praise(desk)
    assert offers(desk) == []
    clock.forward(seconds=11)
    assert len(offers(desk)) == 1


def test_a_pause_meanwhile_holds_it_and_the_te_reo_is_kept_for_when_it_ends(
    desk: Story, posting: Posting, clock: Clock
) -> None:
    sent = praise(desk)
    clock.forward(minutes=1)
    with desk.work("walsh") as work:
        paused = messages.pause(work, student_id=desk.students["aroha"].id)
    answer(desk, take(desk))
    posting.settle()
    assert posting.of(sent)["ngaire"].why == Why.PAUSED
    with desk.work("walsh") as work:
        messages.end_pause(work, paused.id)
    posting.settle()
    after = posting.of(sent)["ngaire"]
    assert after.state is State.QUEUED
    assert REO in after.body


def test_a_pause_that_ends_in_time_goes_on_waiting_for_the_translator(
    desk: Story, posting: Posting, clock: Clock
) -> None:
    sent = praise(desk)
    with desk.work("walsh") as work:
        paused = messages.pause(work, student_id=desk.students["aroha"].id)
    with desk.work("walsh") as work:
        messages.end_pause(work, paused.id)
    posting.settle()
    assert posting.of(sent)["ngaire"].why == Why.TRANSLATING
    clock.now = NOON
    posting.settle()
    assert posting.of(sent)["ngaire"].state is State.QUEUED


# offered, never assigned


def test_nothing_is_offered_to_a_speaker_who_has_not_said_how_many(desk: Story, clock: Clock) -> None:
    praise(desk)
    clock.forward(minutes=1)
    assert (offers(desk, "matiu"), len(offers(desk))) == ([], 1)


def test_a_week_that_is_full_brings_no_more_offers_until_the_next(desk: Story, clock: Clock) -> None:
    weekly(desk, "kiri", 1)
    weekly(desk, "matiu", 5)
    praise(desk)
    clock.forward(minutes=1)
    take(desk)
    praise(desk, words="She sang.")
    clock.forward(minutes=1)
    assert offers(desk) == []
    assert len(offers(desk, "matiu")) == 1
    clock.now = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # Monday
    praise(desk, "hemi", words="He sang.")
    clock.forward(minutes=1)
    assert len(offers(desk)) == 1


def test_a_translator_declines_unseen_and_it_stays_offered_to_the_others(desk: Story, clock: Clock) -> None:
    weekly(desk, "matiu", 5)
    praise(desk)
    clock.forward(minutes=1)
    [offered] = offers(desk)
    with desk.work("kiri") as work:
        translating.decline(work, offered)
        translating_week = translating.week_of(work, desk.staff["kiri"].id)
    assert translating_week.left == 2
    assert (offers(desk), offers(desk, "matiu")) == ([], [offered])


def test_two_who_take_it_up_at_once_are_one(desk: Story, clock: Clock) -> None:
    weekly(desk, "matiu", 5)
    praise(desk)
    clock.forward(minutes=1)
    taken = take(desk)
    with pytest.raises(Conflict), desk.work("matiu") as work:
        translating.take(work, taken)
    with pytest.raises(NotFound):
        answer(desk, taken, "matiu")


def test_what_is_given_back_is_offered_again_and_does_not_count(desk: Story, clock: Clock) -> None:
    weekly(desk, "matiu", 5)
    praise(desk)
    clock.forward(minutes=1)
    taken = take(desk)
    with desk.work("kiri") as work:
        translating.give_back(work, taken)
        assert translating.week_of(work, desk.staff["kiri"].id).taken == 0
    assert (offers(desk), offers(desk, "matiu")) == ([], [taken])


def test_a_translator_who_leaves_returns_what_they_held(desk: Story, clock: Clock) -> None:
    weekly(desk, "matiu", 5)
    praise(desk)
    clock.forward(minutes=1)
    taken = take(desk)
    with desk.work() as work:
        schools.leave_staff(work, desk.staff["kiri"], on=date(2026, 11, 17))
    assert offers(desk, "matiu") == [taken]
    with desk.work("matiu") as work:
        translating.take(work, taken)
    answer(desk, taken, "matiu")


def test_words_about_a_child_are_not_offered_to_somebody_barred_from_them(
    desk: Story, posting: Posting, clock: Clock
) -> None:
    with desk.work() as work:
        students.bar_staff(work, desk.staff["kiri"].id, student_id=desk.students["aroha"].id, kind=BarKind.WHANAU)
    sent = praise(desk)
    clock.forward(minutes=1)
    assert offers(desk) == []
    assert posting.of(sent)["ngaire"].state is State.QUEUED


def test_where_nobody_could_be_offered_it_goes_at_once(desk: Story, posting: Posting) -> None:
    weekly(desk, "kiri", 0)
    assert posting.of(praise(desk))["ngaire"].state is State.QUEUED


@pytest.mark.parametrize("number", [-1, 21])
def test_nobody_offers_less_than_nothing_or_more_than_is_bearable(desk: Story, number: int) -> None:
    with pytest.raises(Invalid):
        weekly(desk, "kiri", number)


@pytest.mark.parametrize(
    ("words", "minutes", "field"),
    [("", 5, "words_mi"), ("Ka pai te mähi.", 5, "words_mi"), ("Ka pai te zoo.", 5, "as_meant"), (REO, 0, "minutes"),
     (REO, 999, "minutes"), ("ā" * 401, 5, "words_mi")],
)  # fmt: skip
def test_broken_te_reo_is_refused_and_goes_on_waiting(
    desk: Story, clock: Clock, words: str, minutes: int, field: str
) -> None:
    praise(desk)
    clock.forward(minutes=1)
    taken = take(desk)
    with pytest.raises(Invalid) as said:
        answer(desk, taken, words=words, minutes=minutes)
    assert said.value.field == field
    assert hand(desk) == [taken]


def test_leaders_see_the_time_given_by_name_also_of_those_who_left(desk: Story, clock: Clock) -> None:
    praise(desk)
    clock.forward(minutes=1)
    answer(desk, take(desk), minutes=12)
    with desk.work() as work:
        schools.leave_staff(work, desk.staff["kiri"], on=date(2026, 11, 17))
        given = translating.given_since(work, datetime(2026, 10, 12, tzinfo=UTC))
    assert [(each.name, each.weekly, each.written, each.minutes) for each in given] == [
        ("Kiri Hōhepa", None, 1, 12),
        ("Matiu Rangi", None, 0, 0),
    ]


def test_praise_that_goes_later_is_offered_when_it_goes(desk: Story, posting: Posting, clock: Clock) -> None:
    with desk.work("walsh") as work:
        draft = Draft(words=WORDS, te_reo_first=True)
        messages.keep_for_later(work, desk.students["aroha"], draft, goes_at=datetime(2026, 11, 18, 1, 0, tzinfo=UTC))
    clock.now = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
    with desk.work() as work:
        assert messages.send_due(work, links=posting.links) == 1
    assert len(offers(desk)) == 1


def test_what_goes_another_way_goes_in_the_te_reo_a_person_wrote(desk: Story, posting: Posting, clock: Clock) -> None:
    sent = praise(desk, "hemi")
    clock.forward(minutes=1)
    answer(desk, take(desk))
    posting.settle()
    posting.refused(posting.of(sent)["hine"], Cause.NOT_IN_SERVICE)
    with desk.work() as work:
        assert messages.turn_to_other_way(work, links=posting.links) == 1
    mails = [each for each in posting.all_to("hine") if each.channel == "email" and each.message_id == sent]
    assert [REO in each.body for each in mails] == [True]


def test_what_a_translator_wrote_is_found_in_the_log(desk: Story, clock: Clock) -> None:
    praise(desk)
    clock.forward(minutes=5)
    student = desk.students["aroha"].id
    with desk.work() as work:
        assert partnership.timeline(work, student, search="whare pukapuka") == []
    answer(desk, take(desk))
    with desk.work() as work:
        for searched in ("whare pukapuka", "WHAKAATU", "library"):
            [entry] = partnership.timeline(work, student, search=searched)
            assert entry.line.moment is partnership.Moment.PRAISE
