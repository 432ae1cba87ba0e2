"""Consistency: who hears from school, how regularly, in which language. Reads, and changes nothing."""

from __future__ import annotations

from commsbridge.reports import taking
from commsbridge.reports.facts import Facts
from commsbridge.reports.measures import (
    GUIDE,
    MEASURES,
    SMALLEST_GROUP,
    Answers,
    Deliveries,
    Prompts,
    Regularity,
    Share,
    Summary,
    by_language,
    by_match,
    by_year_level,
    gaps,
    took,
)
from commsbridge.reports.own import Own, own_numbers
from commsbridge.reports.periods import Period, Span, one_before, read_period
from commsbridge.reports.printing import on_paper
from commsbridge.reports.report import Report, report
from commsbridge.reports.words import how, three_sentences, title

__all__ = [
    "GUIDE",
    "MEASURES",
    "SMALLEST_GROUP",
    "Answers",
    "Deliveries",
    "Facts",
    "Own",
    "Period",
    "Prompts",
    "Regularity",
    "Report",
    "Share",
    "Span",
    "Summary",
    "by_language",
    "by_match",
    "by_year_level",
    "gaps",
    "how",
    "on_paper",
    "one_before",
    "own_numbers",
    "read_period",
    "report",
    "taking",
    "three_sentences",
    "title",
    "took",
]
