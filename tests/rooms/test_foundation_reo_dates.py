"""Days, times and lists are said as people say them."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.language import Language
from commsbridge.foundation.reo_dates import (
    DayNames,
    clock_time,
    list_of,
    long_date,
    margin_day,
    money,
    number,
    relative_day,
    short_date,
)
from commsbridge.foundation.reo_spelling import misspellings

MI, EN = Language.MI, Language.EN


@pytest.mark.parametrize(
    ("day", "mi", "en"),
    [
        (date(2026, 1, 5), "Rāhina, te 5 o Kohitātea 2026", "Monday, 5 January 2026"),
        (date(2026, 2, 3), "Rātū, te 3 o Huitanguru 2026", "Tuesday, 3 February 2026"),
        (date(2026, 3, 4), "Rāapa, te 4 o Poutūterangi 2026", "Wednesday, 4 March 2026"),
        (date(2026, 4, 9), "Rāpare, te 9 o Paengawhāwhā 2026", "Thursday, 9 April 2026"),
        (date(2026, 5, 1), "Rāmere, te 1 o Haratua 2026", "Friday, 1 May 2026"),
        (date(2026, 6, 6), "Rāhoroi, te 6 o Pipiri 2026", "Saturday, 6 June 2026"),
        (date(2026, 7, 5), "Rātapu, te 5 o Hōngongoi 2026", "Sunday, 5 July 2026"),
        (date(2026, 8, 31), "Rāhina, te 31 o Hereturikōkā 2026", "Monday, 31 August 2026"),
        (date(2026, 9, 1), "Rātū, te 1 o Mahuru 2026", "Tuesday, 1 September 2026"),
        (date(2026, 10, 14), "Rāapa, te 14 o Whiringa-ā-nuku 2026", "Wednesday, 14 October 2026"),
        (date(2026, 11, 12), "Rāpare, te 12 o Whiringa-ā-rangi 2026", "Thursday, 12 November 2026"),
        (date(2026, 12, 25), "Rāmere, te 25 o Hakihea 2026", "Friday, 25 December 2026"),
    ],
)
def test_long_dates_of_every_month_and_weekday(day: date, mi: str, en: str) -> None:
    assert long_date(day, MI) == mi
    assert long_date(day, EN) == en


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 1, 5), "Mane, te 5 o Hānuere 2026"),
        (date(2026, 2, 3), "Tūrei, te 3 o Pēpuere 2026"),
        (date(2026, 3, 4), "Wenerei, te 4 o Māehe 2026"),
        (date(2026, 4, 9), "Tāite, te 9 o Āperira 2026"),
        (date(2026, 5, 1), "Paraire, te 1 o Mei 2026"),
        (date(2026, 6, 6), "Hātarei, te 6 o Hune 2026"),
        (date(2026, 7, 5), "Rātapu, te 5 o Hūrae 2026"),
        (date(2026, 8, 31), "Mane, te 31 o Ākuhata 2026"),
        (date(2026, 9, 1), "Tūrei, te 1 o Hepetema 2026"),
        (date(2026, 10, 14), "Wenerei, te 14 o Oketopa 2026"),
        (date(2026, 11, 12), "Tāite, te 12 o Noema 2026"),
        (date(2026, 12, 25), "Paraire, te 25 o Tīhema 2026"),
    ],
)
def test_a_school_may_choose_the_loan_names(day: date, said: str) -> None:
    assert long_date(day, MI, names=DayNames.LOAN) == said


def test_short_dates() -> None:
    assert short_date(date(2026, 7, 2), MI) == "2 Hōngongoi 2026"
    assert short_date(date(2026, 7, 2), MI, names=DayNames.LOAN) == "2 Hūrae 2026"
    assert short_date(date(2026, 7, 2), EN) == "2 Jul 2026"


@pytest.mark.parametrize(
    ("at", "mi", "en"),
    [
        (time(0, 5), "12:05 i te ata", "12:05 am"),
        (time(8, 30), "8:30 i te ata", "8:30 am"),
        (time(12, 0), "12:00 i te ahiahi", "12:00 pm"),
        (time(14, 50), "2:50 i te ahiahi", "2:50 pm"),
        (time(17, 59), "5:59 i te ahiahi", "5:59 pm"),
        (time(18, 0), "6:00 i te pō", "6:00 pm"),
        (time(23, 59), "11:59 i te pō", "11:59 pm"),
    ],
)
def test_times_of_day(at: time, mi: str, en: str) -> None:
    assert clock_time(at, MI) == mi
    assert clock_time(at, EN) == en


@pytest.mark.parametrize(
    ("words", "language", "joiner", "said"),
    [
        ([], MI, "and", ""),
        (["Aroha"], MI, "and", "Aroha"),
        (["Aroha", "Mere"], MI, "and", "Aroha me Mere"),
        (["Aroha", "Hemi", "Mere"], MI, "and", "Aroha, Hemi me Mere"),
        (["Aroha"], MI, "or", "Aroha"),
        (["Aroha", "Mere"], MI, "or", "Aroha, Mere rānei"),
        (["Aroha", "Hemi", "Mere"], MI, "or", "Aroha, Hemi, Mere rānei"),
        ([], EN, "or", ""),
        (["Aroha", "Mere"], EN, "and", "Aroha and Mere"),
        (["Aroha", "Hemi", "Mere"], EN, "and", "Aroha, Hemi and Mere"),
        (["Aroha", "Hemi", "Mere"], EN, "or", "Aroha, Hemi or Mere"),
    ],
)
def test_lists_of_none_one_two_and_three(
    words: list[str], language: Language, joiner: Literal["and", "or"], said: str
) -> None:
    assert list_of(words, language, joiner) == said


def test_near_days_have_words_of_their_own_and_others_their_date() -> None:
    today = date(2026, 12, 31)
    days = [today + timedelta(days=n) for n in (-2, -1, 0, 1, 2)]
    assert [relative_day(day, today, MI) for day in days] == [
        "29 Hakihea 2026",
        "inanahi",
        "i tēnei rā",
        "āpōpō",
        "2 Kohitātea 2027",
    ]
    assert [relative_day(day, today, EN) for day in days] == [
        "29 Dec 2026",
        "yesterday",
        "today",
        "tomorrow",
        "2 Jan 2027",
    ]
    assert relative_day(days[0], today, MI, names=DayNames.LOAN) == "29 Tīhema 2026"


@given(st.dates(), st.times(), st.sampled_from(list(Language)), st.sampled_from(DayNames))
def test_nothing_said_holds_a_space_that_would_cost_a_text_its_alphabet(
    day: date, at: time, language: Language, names: DayNames
) -> None:
    said = f"{long_date(day, language, names)} {short_date(day, language, names)} {clock_time(at, language)}"
    assert not {"\u00a0", "\u202f", "\u2009"} & set(said)
    assert (language is Language.MI) or said.isascii()


@given(st.dates(), st.times(), st.sampled_from(DayNames))
def test_the_te_reo_words_pass_the_spelling_check(day: date, at: time, names: DayNames) -> None:
    assert misspellings(long_date(day, MI, names)) == []
    assert misspellings(clock_time(at, MI)) == []


@pytest.mark.parametrize(
    ("day", "language", "shown"),
    [
        (date(2026, 11, 17), Language.EN, "17 nov"),
        (date(2026, 11, 17), Language.MI, "17/11"),
        (date(2025, 11, 17), Language.EN, "17 nov 2025"),
        (date(2025, 11, 17), Language.MI, "17/11/2025"),
        (date(2026, 11, 22), Language.EN, "today"),
        (date(2026, 11, 21), Language.MI, "inanahi"),
    ],
)
def test_a_day_in_the_margin_is_short_and_leaves_out_this_year(day: date, language: Language, shown: str) -> None:
    assert margin_day(day, date(2026, 11, 22), language).casefold() == shown


@pytest.mark.parametrize(
    ("cents", "said"),
    [(0, "$0.00"), (5, "$0.05"), (20, "$0.20"), (-20, "-$0.20"), (123450, "$1,234.50"), (100000000, "$1,000,000.00")],
)
def test_money_is_said_alike_in_both_languages_and_never_breaks(cents: int, said: str) -> None:
    assert money(cents) == said
    assert money(cents).isascii()


@pytest.mark.parametrize(("n", "said"), [(0, "0"), (999, "999"), (1234, "1,234"), (-1234567, "-1,234,567")])
def test_numbers_have_commas_by_thousands(n: int, said: str) -> None:
    assert number(n) == said
