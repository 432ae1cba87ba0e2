"""The partnership log: append-only, folded for reading, found in either spelling, and honest about what arrived."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from commsbridge import partnership
from commsbridge.foundation.errors import Invalid
from commsbridge.messages.gateways import Arrival, Cause
from commsbridge.partnership import Korero, Line, Moment
from tests.rooms.posting import Posting

NOON = datetime(2026, 11, 17, 0, 0, tzinfo=UTC)  # Tuesday 1 pm in Auckland, 1.45 pm on the Chathams


def note(posting: Posting, words: str, *, child: str = "aroha", at: datetime = NOON, by: str = "walsh") -> Line:
    with posting.story.work(by) as work:
        student_id = posting.story.students[child].id
        return partnership.write_korero(
            work, student_id=student_id, moment=Moment.STAFF_NOTE, words=words, happened_at=at
        )


def found(posting: Posting, search: str, child: str = "aroha") -> list[uuid.UUID]:
    with posting.story.work() as work:
        return [each.line.id for each in partnership.timeline(work, posting.story.students[child].id, search=search)]


def reached(posting: Posting) -> dict[uuid.UUID, datetime]:
    with posting.story.work() as work:
        return partnership.good_news_reached(work)


def days(posting: Posting, child: str, *, zone: str = "Pacific/Auckland") -> set[date]:
    with posting.story.work() as work:
        student_id = posting.story.students[child].id
        since = NOON - timedelta(days=60)
        return partnership.good_news_days(work, [student_id], since=since, time_zone=zone)[student_id]


# append-only


@pytest.mark.parametrize("statement", ["UPDATE lines SET at = now()", "DELETE FROM lines", "DELETE FROM korero"])
def test_no_line_is_ever_changed_or_taken_out(posting: Posting, statement: str) -> None:
    note(posting, "A good morning.")
    with pytest.raises(ProgrammingError, match="permission denied"), posting.story.work() as work:
        work.session.execute(text(statement))
    assert len(posting.moments("aroha")) == 1


def test_only_what_speaks_of_an_earlier_line_is_folded(posting: Posting) -> None:
    line = note(posting, "A good morning.")
    with posting.story.work() as work, pytest.raises(ValueError, match="stands alone"):
        partnership.fold_onto(work, line, Moment.GATE)


# the timeline


def test_the_newest_moment_stands_first_with_what_became_of_it(posting: Posting) -> None:
    line = note(posting, "First", at=NOON - timedelta(days=1))
    note(posting, "Second")
    with posting.story.work("walsh") as work:
        partnership.fold_onto(work, line, Moment.SEEN)
        partnership.fold_onto(work, line, Moment.CORRECTED)
    assert posting.moments("aroha") == [
        (Moment.STAFF_NOTE, []),
        (Moment.STAFF_NOTE, [Moment.SEEN, Moment.CORRECTED]),
    ]
    with posting.story.work() as work:
        entry = partnership.entry_of(work, line.id)
        assert entry is not None
        assert entry.has(Moment.SEEN)
        assert not entry.undone
        assert partnership.entry_of(work, entry.later[0].id) is None
        assert partnership.entry_of(work, uuid.uuid4()) is None


def test_who_folded_a_line_is_known(posting: Posting) -> None:
    line = note(posting, "First")
    with posting.story.work("leota") as work:
        assert partnership.fold_onto(work, line, Moment.SEEN).staff_id == posting.story.staff["leota"].id
    with posting.story.work() as work:
        assert partnership.fold_onto(work, line, Moment.ARRIVED).staff_id is None


def test_a_moment_moved_to_another_child_is_no_longer_on_this_timeline(posting: Posting) -> None:
    line = note(posting, "Meant for Wī")
    with posting.story.work("walsh") as work:
        partnership.fold_onto(work, line, Moment.MOVED)
    assert posting.moments("aroha") == []


def test_what_was_taken_back_stays_on_the_timeline_as_taken_back(posting: Posting) -> None:
    posting.undo(posting.praise("aroha"))
    with posting.story.work() as work:
        entries = partnership.timeline(work, posting.story.students["aroha"].id, moments=[Moment.PRAISE])
    assert [entry.undone for entry in entries] == [True]


def test_the_timeline_can_be_narrowed_to_kinds_of_moment(posting: Posting) -> None:
    note(posting, "A good morning.")
    posting.praise("aroha")
    with posting.story.work() as work:
        student_id = posting.story.students["aroha"].id
        entries = partnership.timeline(work, student_id, moments=[Moment.STAFF_NOTE, Moment.GATE])
    assert [entry.line.moment for entry in entries] == [Moment.STAFF_NOTE]


def test_pages_follow_each_other_without_a_gap_also_within_one_moment(posting: Posting) -> None:
    for number in range(7):
        note(posting, f"Note {number}", at=NOON if number < 5 else NOON - timedelta(days=1))
    student_id = posting.story.students["aroha"].id
    seen: list[Line] = []
    with posting.story.work() as work:
        while True:
            before = (seen[-1].at, seen[-1].number) if seen else None
            page = partnership.timeline(work, student_id, before=before, limit=3)
            if not page:
                break
            seen += [entry.line for entry in page]
    assert len({line.id for line in seen}) == len(seen) == 7
    assert [(line.at, line.number) for line in seen] == sorted(((x.at, x.number) for x in seen), reverse=True)


# searching


@pytest.mark.parametrize("search", ["whānau", "whanau", "WHAANAU", "hui whānau", "whānau hui", "ha"])
def test_a_search_does_not_mind_macrons_double_vowels_case_or_order(posting: Posting, search: str) -> None:
    line = note(posting, "Te hui o te Whānau, i te rā nei.")
    note(posting, "Something else.")
    assert found(posting, search) == [line.id]


@pytest.mark.parametrize("search", ["%", "_", "\\", "%%%", "100%", "a_b"])
def test_signs_of_the_database_are_only_letters(posting: Posting, search: str) -> None:
    note(posting, "Nothing of the kind.")
    line = note(posting, f"It says {search} here.")
    assert found(posting, search) == [line.id]


@pytest.mark.parametrize("search", ["", "   ", "\0", "\0\0 "])
def test_a_search_for_nothing_finds_everything(posting: Posting, search: str) -> None:
    line = note(posting, "A good morning.")
    assert found(posting, search) == [line.id]


def test_a_search_as_long_as_a_letter_is_answered(posting: Posting) -> None:
    note(posting, "A good morning.")
    assert found(posting, "word " * 5000) == []


@settings(max_examples=40)
@given(st.text(max_size=40))
def test_no_search_is_a_fault(posting: Posting, search: str) -> None:
    assert isinstance(found(posting, search), list)


def test_the_words_of_praise_and_its_child_are_found_in_both_languages(posting: Posting) -> None:
    phrase = posting.phrase()
    posting.praise("aroha", phrase=phrase.id)
    for words in (phrase.text_mi, phrase.text_en):
        assert len(found(posting, words.replace("{name}", "Aroha"))) == 1


# by hand


def test_a_talk_at_the_gate_is_written_down_with_who_and_when(posting: Posting) -> None:
    with posting.story.work("walsh") as work:
        line = partnership.write_korero(
            work,
            student_id=posting.story.students["aroha"].id,
            moment=Moment.GATE,
            words="  Ngaire asked about\0 the trip. ",
            happened_at=NOON,
            contact_id=posting.story.contacts["ngaire"].id,
        )
        assert line.subject_id is not None
        kept = partnership.korero_words(work, [line.subject_id])[line.subject_id]
    assert (kept.words, kept.happened_at, line.at) == ("Ngaire asked about the trip.", NOON, NOON)
    assert (line.staff_id, line.contact_id) == (posting.story.staff["walsh"].id, posting.story.contacts["ngaire"].id)


@pytest.mark.parametrize(
    ("moment", "words", "ahead", "field"),
    [
        (Moment.PRAISE, "Ka pai", 0, "moment"),
        (Moment.GATE, " \0 ", 0, "words"),
        (Moment.GATE, "a" * 4001, 0, "words"),
        (Moment.GATE, "Ka pai", 1, "happened_at"),
    ],
)
def test_what_cannot_be_written_down_is_said(
    posting: Posting, moment: Moment, words: str, ahead: int, field: str
) -> None:
    with pytest.raises(Invalid) as refusal, posting.story.work("walsh") as work:
        partnership.write_korero(
            work,
            student_id=posting.story.students["aroha"].id,
            moment=moment,
            words=words,
            happened_at=posting.clock() + timedelta(seconds=ahead),
        )
    assert refusal.value.field == field
    assert posting.moments("aroha") == []


def test_the_same_form_twice_is_one_line(posting: Posting) -> None:
    def write() -> Line:
        with posting.story.work("walsh") as work:
            return partnership.write_korero(
                work,
                student_id=posting.story.students["aroha"].id,
                moment=Moment.CALL,
                words="Rang, no answer.",
                happened_at=NOON,
                once_key="form-1",
            )

    assert write().id == write().id
    with posting.story.work() as work:
        assert work.session.query(Korero).count() == 1


# good news that reached home


def test_good_news_has_reached_home_when_it_arrived_and_not_before(posting: Posting) -> None:
    message_id = posting.praise("aroha")
    assert reached(posting) == {}
    for delivery in [*posting.all_to("ngaire"), *posting.all_to("dave")]:
        posting.gone(delivery)
    assert reached(posting) == {}
    posting.clock.forward(minutes=5)
    posting.receipt(posting.of(message_id)["ngaire"].id, Arrival.DELIVERED)
    assert reached(posting) == {posting.story.students["aroha"].id: posting.clock()}


def test_a_welcome_alone_is_no_good_news(posting: Posting) -> None:
    posting.praise("aroha")
    welcome = posting.all_to("ngaire")[0]
    posting.gone(welcome)
    posting.receipt(welcome.id, Arrival.DELIVERED)
    assert reached(posting) == {}


def test_good_news_that_did_not_arrive_has_reached_nobody(posting: Posting) -> None:
    delivery = posting.of(posting.praise("aroha"))["dave"]
    posting.gone(delivery)
    posting.receipt(delivery.id, Arrival.FAILED, cause=Cause.UNKNOWN)
    assert reached(posting) == {}


@pytest.mark.parametrize("moment", [Moment.UNDONE, Moment.MOVED])
def test_good_news_taken_back_or_moved_has_not_reached_this_home(posting: Posting, moment: Moment) -> None:
    posting.arrived(posting.praise("aroha"))
    assert days(posting, "aroha") == {date(2026, 11, 17)}
    with posting.story.work("walsh") as work:
        student_id = posting.story.students["aroha"].id
        (entry,) = partnership.timeline(work, student_id, moments=[Moment.PRAISE])
        partnership.fold_onto(work, entry.line, moment)
    assert reached(posting) == {}
    assert days(posting, "aroha") == set()


def test_the_last_time_counts_for_each_child(posting: Posting) -> None:
    posting.arrived(posting.praise("aroha"))
    posting.clock.forward(days=1)
    posting.arrived(posting.praise("aroha"))
    posting.arrived(posting.praise("wi", by="fox"))
    wi, aroha = posting.story.students["wi"].id, posting.story.students["aroha"].id
    assert reached(posting) == {aroha: posting.clock(), wi: posting.clock()}
    with posting.story.work() as work:
        assert set(partnership.good_news_reached(work, [wi])) == {wi}


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 17, 10, 59, tzinfo=UTC), date(2026, 11, 17)),
        ("Pacific/Auckland", datetime(2026, 11, 17, 11, 0, tzinfo=UTC), date(2026, 11, 18)),
        ("Pacific/Chatham", datetime(2026, 11, 17, 10, 14, tzinfo=UTC), date(2026, 11, 17)),
        ("Pacific/Chatham", datetime(2026, 11, 17, 10, 15, tzinfo=UTC), date(2026, 11, 18)),
    ],
)
def test_the_tally_counts_the_schools_own_days(posting: Posting, zone: str, moment: datetime, day: date) -> None:
    message_id = posting.praise("aroha")
    for delivery in posting.all_to("dave"):
        posting.gone(delivery)
    posting.clock.now = moment
    posting.receipt(posting.of(message_id)["dave"].id, Arrival.DELIVERED)
    assert days(posting, "aroha", zone=zone) == {day}


def test_two_homes_reached_on_one_day_are_one_day(posting: Posting) -> None:
    posting.arrived(posting.praise("aroha"))
    assert days(posting, "aroha") == {date(2026, 11, 17)}
    assert days(posting, "wi") == set()
