"""What each measure of a report means: whom it can be asked of, who has it, and what lowers nothing."""

from __future__ import annotations

import inspect
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge import reports
from commsbridge.foundation.language import Language
from commsbridge.reports import Period, Share, Span, measures
from commsbridge.reports.regularity import Days, regularity
from commsbridge.reports.summary import answers
from tests.rooms.reporting import BARE, CALENDAR, DAYS, TERM, TODAY, facts, heard_on, one, shares_of, summed

SCHOOL_DAYS = CALENDAR.school_days(TERM.first_on, TERM.last_on)
HEARD = st.sets(st.dates(date(2026, 9, 1), TODAY), max_size=30)
TARGETS = st.integers(1, 10)
# Three whole school weeks, ending on Fridays.
WEEKS = Period(Span.DATES, date(2026, 11, 2), date(2026, 11, 20))


@given(HEARD, st.dates(date(2026, 9, 1), TODAY), TARGETS)
def test_one_more_day_of_good_news_never_makes_a_child_look_worse(heard: set[date], more: date, target: int) -> None:
    before, after = (heard_on(*each, target=target) for each in (heard, heard | {more}))
    assert after.waited <= before.waited
    assert after.longest <= before.longest
    assert after.met >= before.met
    assert after.weeks == before.weeks


@given(HEARD, TARGETS)
def test_asking_for_more_never_meets_more_weeks(heard: set[date], target: int) -> None:
    less, more = (heard_on(*heard, target=each) for each in (max(1, target - 1), target))
    assert more.met <= less.met <= less.weeks == more.weeks == 6


@given(HEARD, TARGETS, st.integers(0, 24))
def test_a_week_is_met_when_as_many_of_its_ten_school_days_brought_good_news_as_were_aimed_for(
    heard: set[date], target: int, here: int
) -> None:
    """Counted day by day, for a child who may have come in the middle of the term."""
    began = SCHOOL_DAYS[here]
    weeks: dict[int, date] = {day.isocalendar().week: day for day in SCHOOL_DAYS[here:]}
    met = asked = 0
    for end in weeks.values():
        ten = CALENDAR.last_school_days(10, end)
        needed = target * sum(day >= began for day in ten) // 10
        asked += needed > 0
        met += needed > 0 and sum(ten[0] <= day <= end for day in heard) >= needed
    told = heard_on(*heard, target=target, began_on=began)
    assert (told.met, told.weeks) == (met, asked)


@pytest.mark.parametrize(
    ("target", "heard", "met"),
    [
        (1, [date(2026, 11, 10)], 2),  # within ten school days of both Fridays after it
        (2, [date(2026, 11, 10)], 0),
        (2, [date(2026, 11, 10), date(2026, 11, 18)], 1),
        (4, [date(2026, 11, day) for day in (3, 5, 10, 12)], 1),  # two a week, and then nothing
    ],
)
def test_a_childs_own_target_is_what_their_weeks_are_set_beside(target: int, heard: list[date], met: int) -> None:
    found = regularity(facts(days=tuple(heard), last_on=heard[-1], target=target), DAYS, WEEKS)
    assert (found.met, found.weeks) == (met, 3)
    assert summed(found).shares["steady"] == Share(0, 1)


def test_whoever_has_just_come_is_asked_for_as_much_less_and_of_nothing_at_first() -> None:
    came = date(2026, 11, 12)  # a Thursday: two school days of that week, four of the next by today
    assert (heard_on(began_on=came).weeks, heard_on(began_on=came).waiting) == (0, False)
    assert heard_on(began_on=came, target=4).weeks == 1  # 4 * 4 // 10: once by today
    assert heard_on(TODAY, began_on=came, target=4).met == 1
    assert summed(heard_on(began_on=came)).shares["steady"].of == 0


def test_a_concern_lowers_nothing_but_is_set_beside_good_news() -> None:
    def others(**over: int) -> dict[str, Share]:
        return {name: share for name, share in shares_of(**over).items() if name != "balanced"}

    assert others(praise=3) == others(praise=3, concerns=9)


@given(st.integers(0, 40), st.integers(1, 9), st.integers(1, 20))
def test_balance_is_counted_by_the_guide_of_the_school(praise: int, concerns: int, guide: int) -> None:
    found = regularity(facts(praise=praise, concerns=concerns), DAYS, TERM, guide)
    assert measures.balanced(found) is (praise / concerns >= guide)


def test_whoever_asked_for_quiet_is_never_counted_as_waiting() -> None:
    quiet = one(paused=True)
    assert not quiet.waiting
    assert summed(quiet).shares["heard"] == Share(0, 0)


def test_whoever_asked_for_no_messages_is_no_failure_of_any_number() -> None:
    asked_for_none = one(declined=True)
    told = summed(asked_for_none)
    assert not asked_for_none.waiting
    assert (told.declined, told.paused, told.waits, told.weeks.of) == (1, 0, 0, 0)
    assert [told.shares[name].of for name in ("heard", "steady", "reached")] == [0, 0, 0]
    assert sum(reports.gaps([asked_for_none]).values()) == 0


def test_silence_where_a_reply_costs_money_counts_for_nothing() -> None:
    costs = shares_of(arrived=3, answerable=False)
    assert [costs[name].of for name in ("wrote", "replied", "begun")] == [0, 0, 0]
    free = shares_of(arrived=3, answerable=True, replies=1, begun=1)
    assert [free[name].count for name in ("wrote", "replied", "begun")] == [1, 0, 1]


def test_a_question_that_may_still_wait_says_nothing_and_an_overdue_one_does() -> None:
    assert shares_of(open=2)["answered"] == Share(0, 0)
    assert shares_of(open=2, in_time=1, took=(40,))["answered"] == Share(1, 1)
    assert shares_of(overdue=1, in_time=1, took=(40,))["answered"] == Share(0, 1)


def test_what_answers_took_is_not_told_of_fewer_than_five_and_nine_of_ten_is_a_time_somebody_waited() -> None:
    few = answers([facts(in_time=4, took=(10, 20, 30, 40))])
    assert (few.asked, few.middle, few.ninth) == (4, None, None)
    many = answers([facts(in_time=9, late=1, took=tuple(range(10, 110, 10)))])
    assert (many.middle, many.ninth) == (55, 90)


@given(st.lists(st.integers(0, 3000), min_size=5, max_size=60))
def test_nine_of_ten_answers_came_within_the_time_that_is_said(took: list[int]) -> None:
    told = answers([facts(in_time=len(took), took=tuple(took))])
    assert told.ninth in took
    assert sum(each <= told.ninth for each in took) >= 0.9 * len(took)
    assert sum(reports.took([one(took=tuple(took))]).values()) == len(took)


def test_good_news_on_a_saturday_takes_no_school_day_off_a_wait() -> None:
    saturday = date(2026, 10, 31)
    assert heard_on(saturday).longest == DAYS.since(date(2026, 10, 11), saturday)


def test_a_hui_that_was_held_counts_for_its_student() -> None:
    assert shares_of(hui=2)["hui"] == Share(1, 1)
    assert shares_of()["hui"] == Share(0, 1)
    assert shares_of(pages=3)["page"] == Share(0, 0)  # no book any more on the last day


@given(
    st.fixed_dictionaries(
        {
            name: st.integers(0, 3)
            for name in (
                "praise", "own_words", "concerns", "gate", "calls", "pages", "hui", "replies", "begun", "arrived",
                "sent", "timely", "reo_of", "reo_got", "in_time", "late", "overdue", "open", "prompts",
                "prompts_helped",
            )
        },
        optional={name: st.booleans() for name in ("paused", "declined", "answerable", "has_book")},
    )
)  # fmt: skip
def test_each_measure_says_yes_not_yet_or_that_it_cannot_be_asked_and_lists_agree_with_shares(
    over: dict[str, int],
) -> None:
    found = [one(**over), one()]
    for name, share in summed(*found).shares.items():
        has, has_not = measures.behind(found, name)
        assert share == Share(len(has), len(has) + len(has_not)), name
        assert {measures.MEASURES[name](each) for each in found} <= {True, False, None}, name


def test_each_measure_has_its_formula_its_source_and_plain_words_in_both_languages(checkout: Path) -> None:
    told = (checkout / "docs" / "reports.md").read_text("utf-8")
    for name, measure in measures.MEASURES.items():
        said = inspect.getdoc(measure) or ""
        assert "Formula: |" in said, name
        assert "Source: " in said, name
        title = reports.title(Language.EN, name)
        assert f"| {title} | " in told, name
        for language in Language.EN, Language.MI:
            how = reports.how(language, name, reports.Aims())
            assert len(how) > 40, name
            assert "%(" not in how, name
    for name in reports.FIGURES:
        assert reports.how_figure(Language.MI, name) != reports.how_figure(Language.EN, name)


def test_a_calendar_without_school_days_has_no_weeks_and_nobody_waits() -> None:
    found = regularity(facts(), Days(BARE), Period(Span.DATES, TODAY - timedelta(days=30), TODAY))
    assert (found.weeks, found.waited, found.waiting) == (0, 0, False)
