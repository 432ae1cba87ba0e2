"""The roll import: a file from the school's own register, judged row by row, and taken without undoing any wish."""

from __future__ import annotations

from commsbridge.whanau.roll.applying import Applied, apply_roll
from commsbridge.whanau.roll.holding import TO_CONFIRM, known_roll
from commsbridge.whanau.roll.issues import Issue, Severity
from commsbridge.whanau.roll.judged import (
    ChangedNumber,
    JudgedContact,
    JudgedLink,
    JudgedRoll,
    JudgedStudent,
    JudgedWay,
    KnownContact,
    KnownRoll,
    Placement,
    Standing,
)
from commsbridge.whanau.roll.judging import judge
from commsbridge.whanau.roll.reading import COLUMNS, Row, Sheet, read_roll
from commsbridge.whanau.roll.renumbering import NUMBER_CHANGED, settle_number
from commsbridge.whanau.roll.returning import RollReport, bad_rows_csv, report

__all__ = [
    "COLUMNS",
    "NUMBER_CHANGED",
    "TO_CONFIRM",
    "Applied",
    "ChangedNumber",
    "Issue",
    "JudgedContact",
    "JudgedLink",
    "JudgedRoll",
    "JudgedStudent",
    "JudgedWay",
    "KnownContact",
    "KnownRoll",
    "Placement",
    "RollReport",
    "Row",
    "Severity",
    "Sheet",
    "Standing",
    "apply_roll",
    "bad_rows_csv",
    "judge",
    "known_roll",
    "read_roll",
    "report",
    "settle_number",
]
