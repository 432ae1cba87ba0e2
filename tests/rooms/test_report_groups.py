"""Groups in a report: none is told that is small, none can be worked out, and nothing is ranked or compared."""

from __future__ import annotations

import inspect
import re
import uuid
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge import reports
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import Language
from commsbridge.reports import Report, Share, Summary, groups, taking
from tests.rooms.large import LittleSister
from tests.rooms.reporting import CALENDAR, TERM, made, one, summed

# Words a league table would need.
RANKS = re.compile(r"\b(rank|league|best|worst|top|bottom|score|percentile|position)\b", re.IGNORECASE)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=8))
def test_a_small_group_can_neither_be_read_nor_worked_out_from_the_total(sizes: list[int]) -> None:
    told = groups.without_small({str(name): Share(1, of) for name, of in enumerate(sizes)})
    assert all(share.of >= reports.SMALLEST_GROUP for share in told.values() if share.told)
    hidden = sum(sizes[int(name)] for name, share in told.items() if not share.told)
    assert hidden == 0 or hidden >= reports.SMALLEST_GROUP or hidden == sum(sizes)


def test_two_small_groups_that_are_small_together_hide_a_third_and_a_year_level_likewise() -> None:
    told = groups.without_small({"mi": Share(1, 2), "both": Share(0, 1), "en": Share(5, 9)})
    assert [share.told for share in told.values()] == [False, False, False]
    found = [one(year_level=level) for level, many in {3: 2, 4: 6, 5: 30}.items() for _ in range(many)]
    report = Report(TERM, CALENDAR, found)
    assert report.year_levels == [5]  # the whole school less the years 4 and 5 would be year 3
    with pytest.raises(NotFound):
        report.of_level(4)
    assert len(reports.in_group(found, "level-05")) == 30
    for group in ("level-04", "level-09", "iwi-x", "level"):
        with pytest.raises(NotFound):
            reports.in_group(found, group)


def test_a_board_is_told_no_number_of_fewer_than_five_students() -> None:
    four = summed(*[one()] * 4)
    for language in Language.EN, Language.MI:
        [only] = reports.three_sentences(language, four, four, for_board=True)
        assert not any(letter.isdigit() for letter in only)


def test_every_plain_number_leads_to_its_students_and_adds_up(sister: LittleSister) -> None:
    report, _lines, _prompts = made(sister, date(2026, 7, 20), date(2026, 9, 25))
    names = [each.name for those in reports.COUNTS.values() for each in those]
    total = {name: sum(count for _, count in reports.counted(report.found, name, Language.EN)[1]) for name in names}
    assert total["sent"] == sum(total[name] for name in ("arrived", "failed", "uncertain", "on_the_way"))
    assert total["by_text"] + total["by_mail"] + total["by_page"] == total["answers"] + total["begun"] > 0
    assert total["phrase_alone"] > total["own_words"] > 0
    for kind, counts in (("longest", reports.gaps(report.found)), ("hours", reports.took(report.found))):
        for (low, _high), count in counts.items():
            title, found = reports.counted(report.found, f"{kind}-{low}", Language.EN)
            assert str(low) in title
            assert sum(each for _, each in found) == count
    for wrong in ("best", "longest-1", "hours-", "rank-0"):
        with pytest.raises(NotFound):
            reports.counted(report.found, wrong, Language.EN)


def test_what_falls_shortest_is_what_deserves_attention() -> None:
    def told(*found: reports.Regularity) -> str:
        return reports.three_sentences(Language.EN, summed(*found), None)[2]

    well = {"praise": 3, "arrived": 3, "sent": 3}
    late, english = {**well, "overdue": 1}, {**well, "reo_of": 2, "reo_got": 1}
    assert told(one(**well), one(**well)) == "At least one message arrived at every home."
    assert "nothing has arrived yet: 1." in told(one(**well), one(praise=2, sent=2))
    assert "nobody has written praise in this time: 1." in told(one(**well), one())
    assert "Overdue questions: 5." in told(one(**well), *[one(**late)] * 5)
    assert "Te reo Māori came each time to 0 of the 5" in told(one(**well), *[one(**english)] * 5)
    # of so few it would be read back to a family
    assert told(one(**well), one(**late), one(**english)) == "At least one message arrived at every home."
    assert told(one(declined=True)) == "Every family asked for no messages, which is their wish."


def test_few_students_are_said_to_be_few() -> None:
    assert reports.three_sentences(Language.EN, summed(one()), None)[-1].startswith("These are few students")


BLAMES = re.compile(
    r"\b(fail\w*|fault|blame|must|should|poor\w*|bad|worst|teacher\w*|kaiako|lazy|neglect\w*)\b", re.IGNORECASE
)


@given(st.lists(st.sampled_from([{}, {"praise": 1}, {"praise": 2, "sent": 2}, {"praise": 2, "arrived": 2, "sent": 2},
                                 {"overdue": 2}, {"late": 1}, {"reo_of": 2}, {"declined": True}, {"paused": True}]),
                min_size=1, max_size=30))  # fmt: skip
def test_whatever_the_numbers_the_sentences_at_the_top_blame_nobody(kinds: list[dict[str, int]]) -> None:
    now = summed(*[one(**each) for each in kinds])
    said = reports.three_sentences(Language.EN, now, summed(one(praise=1)))
    assert 3 <= len(said) <= 4
    for sentence in said:
        assert not BLAMES.search(sentence), sentence
        assert sentence.endswith(".")
    assert len(reports.three_sentences(Language.MI, now, None)) == len(said)


def test_no_report_can_be_ordered_by_teacher_or_class_or_school() -> None:
    """Nothing that a report holds, or any file of it, names who teaches or writes: there is nothing to rank by."""
    columns = {*taking.STUDENT, *taking.LINE, *taking.PROMPT, *reports.HUI, *reports.VOICE}
    assert not [name for name in columns if "staff" in name or "teacher" in name or "class" in name or "school" in name]
    held = {each.name for kind in (reports.Facts, reports.Regularity, Summary) for each in fields(kind)}
    assert not [name for name in held if "staff" in name or "teacher" in name or "school" in name]
    tells = {name: function for name, function in vars(reports).items() if name.startswith(("by_", "in_group"))}
    assert set(tells) == {"by_language", "by_match", "by_support", "by_year_level", "in_group"}


def test_no_statement_of_a_report_groups_by_anything_but_a_student(checkout: Path) -> None:
    room = checkout / "commsbridge" / "reports"
    grouped = {
        column.strip()
        for path in room.glob("*.py")
        for columns in re.findall(r"GROUP BY ([^\n)\"]+)", path.read_text("utf-8"))
        for column in columns.split(",")
    }
    assert not [each for each in grouped if re.search(r"staff|holder|class|teacher|taught", each)]
    # a teacher's own numbers are asked for one person by id, and only the page of that person asks
    askers = {
        path.name for path in (checkout / "commsbridge").rglob("*.py") if "own_numbers(" in path.read_text("utf-8")
    }
    assert askers == {"own.py", "report_own.py"}
    assert "reports.own_numbers(here.work, here.viewer.staff_id," in (
        checkout / "commsbridge" / "web" / "report_own.py"
    ).read_text("utf-8")


def test_no_word_of_a_report_is_a_word_of_a_league_table() -> None:
    english = Language.EN
    said = [reports.title(english, name) + reports.how(english, name, reports.Aims()) for name in reports.MEASURES]
    said += [reports.how_figure(english, name) for name in reports.FIGURES]
    assert not [each for each in said if RANKS.search(each)]


def test_rows_of_students_stand_in_an_order_that_means_nothing(sister: LittleSister) -> None:
    report, _lines, _prompts = made(sister, TERM.first_on, TERM.last_on)
    ids: list[uuid.UUID] = [each.facts.id for each in report.found]
    assert ids == sorted(ids)
    praised = [each.facts.praise for each in report.found]
    assert praised != sorted(praised)
    assert not [name for name in inspect.signature(reports.report).parameters if "staff" in name or "class" in name]
