"""Safety: words that somebody named at school should read now are screened out, told of, and decided by people."""

from commsbridge.conversations.safety.alerts import (
    alert_by_id,
    alerts_of,
    came_from,
    decide,
    let_stand,
    open_alert,
    raise_alert,
    raise_for_child,
    schools_with_due_alerts,
    tell_next,
    undecided_from,
    unopened,
    with_named_people,
)
from commsbridge.conversations.safety.models import Outcome, SafetyAlert, SafetyWatch, SaidIn
from commsbridge.conversations.safety.screening import Screened, Screening, screen, worries
from commsbridge.conversations.safety.watch import Watch, screened, set_watch, those_who_may_be_named, watch_of

__all__ = [
    "Outcome",
    "SafetyAlert",
    "SafetyWatch",
    "SaidIn",
    "Screened",
    "Screening",
    "Watch",
    "alert_by_id",
    "alerts_of",
    "came_from",
    "decide",
    "let_stand",
    "open_alert",
    "raise_alert",
    "raise_for_child",
    "schools_with_due_alerts",
    "screen",
    "screened",
    "set_watch",
    "tell_next",
    "those_who_may_be_named",
    "undecided_from",
    "unopened",
    "watch_of",
    "with_named_people",
    "worries",
]
