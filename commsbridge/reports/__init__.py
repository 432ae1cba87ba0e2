"""Consistency: who hears from school, how regularly, in which language. Reads, and changes nothing."""

from __future__ import annotations

from commsbridge.reports import taking
from commsbridge.reports.asked_of_home import AskedOfHome, asked_of_home
from commsbridge.reports.counts import COUNTS, counted, in_group, told_range
from commsbridge.reports.facts import Facts
from commsbridge.reports.groups import by_language, by_match, by_support, by_year_level, gaps, took
from commsbridge.reports.hui import HUI, hui_rows
from commsbridge.reports.mailing import (
    mail_reports,
    mails_of,
    may_get_mail,
    schools_with_reports_to_mail,
    set_mails,
)
from commsbridge.reports.measures import MEASURES
from commsbridge.reports.models import ReportMail, Rhythm
from commsbridge.reports.own import Owed, Own, OwnPrompt, OwnQuestion, own_numbers
from commsbridge.reports.periods import Period, Span, one_before, read_period
from commsbridge.reports.printing import on_paper
from commsbridge.reports.regularity import Regularity
from commsbridge.reports.report import Report, report, with_voice
from commsbridge.reports.rules import GUIDE, Aims, guide_of, set_guide
from commsbridge.reports.summary import SMALLEST_GROUP, Answers, Deliveries, Prompts, Replies, Share, Summary
from commsbridge.reports.timing import Due, latest_due, next_due
from commsbridge.reports.voice import SCORES, VOICE, Voice, voice, voice_rows, voices
from commsbridge.reports.words import FIGURES, asked, how, how_figure, three_sentences, title, told_of, voice_how

__all__ = [
    "COUNTS",
    "FIGURES",
    "GUIDE",
    "HUI",
    "MEASURES",
    "SCORES",
    "SMALLEST_GROUP",
    "VOICE",
    "Aims",
    "Answers",
    "AskedOfHome",
    "Deliveries",
    "Due",
    "Facts",
    "Owed",
    "Own",
    "OwnPrompt",
    "OwnQuestion",
    "Period",
    "Prompts",
    "Regularity",
    "Replies",
    "Report",
    "ReportMail",
    "Rhythm",
    "Share",
    "Span",
    "Summary",
    "Voice",
    "asked",
    "asked_of_home",
    "by_language",
    "by_match",
    "by_support",
    "by_year_level",
    "counted",
    "gaps",
    "guide_of",
    "how",
    "how_figure",
    "hui_rows",
    "in_group",
    "latest_due",
    "mail_reports",
    "mails_of",
    "may_get_mail",
    "next_due",
    "on_paper",
    "one_before",
    "own_numbers",
    "read_period",
    "report",
    "schools_with_reports_to_mail",
    "set_guide",
    "set_mails",
    "taking",
    "three_sentences",
    "title",
    "told_of",
    "told_range",
    "took",
    "voice",
    "voice_how",
    "voice_rows",
    "voices",
    "with_voice",
]
