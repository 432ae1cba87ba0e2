"""Promises: a reply that asks something is owed an answer, in the school hours of whoever holds it."""

from commsbridge.conversations.promises.holding import hand_over, handed_to, may_stand_in
from commsbridge.conversations.promises.holding import sees as may_hold
from commsbridge.conversations.promises.hours import Hours
from commsbridge.conversations.promises.keeping import (
    ask,
    assign,
    holder_of,
    keep,
    may_be_assigned,
    promise_of,
    promises_of,
    steps_of,
)
from commsbridge.conversations.promises.models import Kept, Promise, PromiseStep, Step
from commsbridge.conversations.promises.reminding import look_at_promises, schools_with_promises_to_look_at
from commsbridge.conversations.promises.rules import (
    Acknowledges,
    Answering,
    answer_by,
    answering_of,
    may_be_named,
    set_answering,
)

__all__ = [
    "Acknowledges",
    "Answering",
    "Hours",
    "Kept",
    "Promise",
    "PromiseStep",
    "Step",
    "answer_by",
    "answering_of",
    "ask",
    "assign",
    "hand_over",
    "handed_to",
    "holder_of",
    "keep",
    "look_at_promises",
    "may_be_assigned",
    "may_be_named",
    "may_hold",
    "may_stand_in",
    "promise_of",
    "promises_of",
    "schools_with_promises_to_look_at",
    "set_answering",
    "steps_of",
]
