"""Prompts: teachers are asked, when they chose to be, about the children whose homes waited longest for good news."""

from __future__ import annotations

from commsbridge.prompts.answering import (
    OpenChild,
    answer,
    late_lately,
    open_children,
    prompted_student,
    take_back,
    texted_children,
)
from commsbridge.prompts.asking import Asked, ask_due, who_next
from commsbridge.prompts.choosing import FORTNIGHT, Waiting, choose
from commsbridge.prompts.mirror import Mirror, mirror_of
from commsbridge.prompts.missing import TOO_LATE
from commsbridge.prompts.models import MONDAY_TO_FRIDAY, Answer, Late, Prompt, PromptTime, PushState, Schedule
from commsbridge.prompts.narrowing import (
    Taught,
    ask_about_any,
    end_group,
    end_own_times,
    keep_group,
    set_own_times,
    taught_by,
)
from commsbridge.prompts.noticing import Known, known_of
from commsbridge.prompts.planning import MINUTES_EACH, Ahead, ahead_of, minutes_a_day
from commsbridge.prompts.pushing import ClaimedPush, claim_pushes, finish_push, schools_with_pushes
from commsbridge.prompts.rules import EARLIEST, LATEST, Rules, rules_of, set_rules
from commsbridge.prompts.schedules import (
    MOST_CHILDREN,
    MOVES_AHEAD,
    Moves,
    move_prompt,
    moves_of,
    next_moment,
    pause_schedule,
    put_back,
    schedule_of,
    schedules_of,
    schools_asking,
    schools_at,
    schools_lately,
    set_schedule,
    stop_schedule,
    times_chosen,
)
from commsbridge.prompts.texting import NUMBERS
from commsbridge.prompts.tiring import is_tired

__all__ = [
    "EARLIEST",
    "FORTNIGHT",
    "LATEST",
    "MINUTES_EACH",
    "MONDAY_TO_FRIDAY",
    "MOST_CHILDREN",
    "MOVES_AHEAD",
    "NUMBERS",
    "TOO_LATE",
    "Ahead",
    "Answer",
    "Asked",
    "ClaimedPush",
    "Known",
    "Late",
    "Mirror",
    "Moves",
    "OpenChild",
    "Prompt",
    "PromptTime",
    "PushState",
    "Rules",
    "Schedule",
    "Taught",
    "Waiting",
    "ahead_of",
    "answer",
    "ask_about_any",
    "ask_due",
    "choose",
    "claim_pushes",
    "end_group",
    "end_own_times",
    "finish_push",
    "is_tired",
    "keep_group",
    "known_of",
    "late_lately",
    "minutes_a_day",
    "mirror_of",
    "move_prompt",
    "moves_of",
    "next_moment",
    "open_children",
    "pause_schedule",
    "prompted_student",
    "put_back",
    "rules_of",
    "schedule_of",
    "schedules_of",
    "schools_asking",
    "schools_at",
    "schools_lately",
    "schools_with_pushes",
    "set_own_times",
    "set_rules",
    "set_schedule",
    "stop_schedule",
    "take_back",
    "taught_by",
    "texted_children",
    "times_chosen",
    "who_next",
]
