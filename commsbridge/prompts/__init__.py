"""Prompts: teachers are asked, when they chose to be, about the children whose homes waited longest for good news."""

from __future__ import annotations

from commsbridge.prompts.answering import OpenChild, answer, open_children, prompted_student, take_back, texted_children
from commsbridge.prompts.asking import TOO_LATE, Asked, ask_due, is_tired, who_next
from commsbridge.prompts.choosing import FORTNIGHT, Waiting, choose
from commsbridge.prompts.models import MONDAY_TO_FRIDAY, Answer, PromptTime, Schedule
from commsbridge.prompts.schedules import (
    EARLIEST,
    LATEST,
    MOST_CHILDREN,
    next_moment,
    pause_schedule,
    schedule_of,
    schools_at,
    schools_lately,
    set_schedule,
    stop_schedule,
    times_chosen,
)
from commsbridge.prompts.texting import NUMBERS

__all__ = [
    "EARLIEST",
    "FORTNIGHT",
    "LATEST",
    "MONDAY_TO_FRIDAY",
    "MOST_CHILDREN",
    "NUMBERS",
    "TOO_LATE",
    "Answer",
    "Asked",
    "OpenChild",
    "PromptTime",
    "Schedule",
    "Waiting",
    "answer",
    "ask_due",
    "choose",
    "is_tired",
    "next_moment",
    "open_children",
    "pause_schedule",
    "prompted_student",
    "schedule_of",
    "schools_at",
    "schools_lately",
    "set_schedule",
    "stop_schedule",
    "take_back",
    "texted_children",
    "times_chosen",
    "who_next",
]
