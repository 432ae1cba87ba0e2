"""What SQL counts equals what anybody counts from the exported rows: every number of a report, over several times."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from commsbridge import reports
from commsbridge.foundation.language import Language
from commsbridge.reports import Report, Share, taking
from tests.rooms.large import LittleSister
from tests.rooms.report_by_hand import ByHand, groups_by_hand, read, rest_by_hand, shares_by_hand
from tests.rooms.reporting import aim_high, made

SEEN = ("in_time", "late", "overdue", "timely", "reo_checked", "prompts_answered", "prompts_helped", "met")


@pytest.mark.parametrize(
    ("first_on", "last_on"),
    [
        (date(2026, 10, 12), date(2026, 11, 17)),  # this term
        (date(2026, 7, 20), date(2026, 9, 25)),  # the one before
        (date(2026, 9, 21), date(2026, 10, 16)),  # over the holidays and the change of the clocks on 27 September
        (date(2026, 9, 26), date(2026, 9, 28)),  # the weekend of that change alone, and the Monday after
        (date(2026, 11, 14), date(2026, 11, 15)),  # a weekend
        (date(2026, 11, 17), date(2026, 11, 17)),  # today alone
    ],
)
def test_plain_python_over_the_exported_rows_equals_the_sql(
    sister: LittleSister, first_on: date, last_on: date
) -> None:
    report, lines, prompts = made(sister, first_on, last_on, before=aim_high)
    by_hand = ByHand(lines, prompts, first_on, last_on, list(report.calendar.every_school_day))
    exported = [dict(zip(taking.STUDENT, row, strict=True)) for row in taking.student_rows(report)]
    assert len(exported) >= 60
    assert {student["target"] for student in exported} >= {1, 2, 3, 4, 5}
    if (last_on - first_on).days > 60:
        for name in SEEN:
            assert sum(student[name] for student in exported), name
        assert any(0 < student["met"] < student["weeks"] for student in exported)
    for student in exported:
        expected = by_hand.of(student["student_id"], student["began_on"], student["target"])
        assert {name: student[name] for name in expected} == expected, student["name"]
    rows = read(taking.as_csv(taking.STUDENT, taking.student_rows(report)))
    shares = {name: (share.count, share.of) for name, share in report.summary.shares.items()}
    assert shares_by_hand(rows, report.aims.guide) == shares
    assert rest_by_hand(rows) == rest_of(report)
    assert_groups(report, groups_by_hand(rows))


def rest_of(report: Report) -> dict[str, Any]:
    """Whatever stands beside the measures, as the report tells it."""
    told = report.summary
    names = [each.name for those in reports.COUNTS.values() for each in those]
    return {
        "students": told.students,
        "paused": told.paused,
        "declined": told.declined,
        "unpraised": told.unpraised,
        "weeks": (told.weeks.count, told.weeks.of),
        "middle_wait": told.middle_wait,
        "middle_step": told.middle_step,
        "middle": told.answers.middle,
        "ninth": told.answers.ninth,
        "waits": sorted(str(each.facts.id) for each in report.waiting),
        "longest": list(reports.gaps(report.found).values()),
        "took": list(reports.took(report.found).values()),
        "counts": {
            name: sum(count for _, count in reports.counted(report.found, name, Language.EN)[1]) for name in names
        },
    }


def assert_groups(report: Report, expected: dict[str, dict[str, tuple[int, int]]]) -> None:
    """What is told of a group is what it counts, and at least one group is."""
    told: dict[str, dict[str, Share]] = {
        "language": reports.by_language(report.found),
        "level": reports.by_year_level(report.found),
        "support": reports.by_support(report.found),
    }
    for kind, groups in told.items():
        assert set(groups) == set(expected[kind])
        for name, share in groups.items():
            if share.told:
                assert (share.count, share.of) == expected[kind][name], (kind, name)
    assert any(share.told for groups in told.values() for share in groups.values())
