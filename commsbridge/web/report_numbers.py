"""One student's numbers, as a table of words and numbers, with those of the time before beside them."""

from __future__ import annotations

from commsbridge.foundation.language import N_
from commsbridge.reports import Regularity
from commsbridge.web.shown import Shown

OF = N_("%(count)s of %(of)s")
WAITED = N_("School days since good news reached home")
LONGEST = N_("Longest wait, in school days")
MIDDLE = N_("From one good news to the next, in school days: the middle one")
WEEKS = N_("School weeks that met the target")
TARGET = N_("The target: good news on how many of ten school days")
PRAISE = N_("Praise written")
ARRIVED = N_("Messages that arrived")
TIMELY = N_("Messages that arrived within a day")
CHECKED = N_("Messages in te reo Māori that a person had checked")
SPOKEN = N_("Talks at the gate and calls")
PAGES = N_("Pages of the book that went home")
HUI = N_("Hui held")
WROTE = N_("Times home wrote")
ANSWERED = N_("Questions answered as promised")
ASKED = N_("Times a teacher was asked about them")


def numbers_of(shown: Shown, one: Regularity | None, before: Regularity | None) -> list[dict[str, str]]:
    """The rows of the table: label, number, and the one before (empty where there is none)."""
    if one is None:
        return []
    then = dict(_told(shown, before)) if before else {}
    return [{"label": shown.say(each), "now": now, "before": then.get(each, "")} for each, now in _told(shown, one)]


def _told(shown: Shown, one: Regularity) -> list[tuple[str, str]]:
    facts = one.facts
    asked = facts.in_time + facts.late + facts.overdue

    def share(count: int, of: int) -> str:
        return shown.say(OF, count=count, of=of)

    rows = [
        (WAITED, str(one.waited), True),
        (LONGEST, str(one.longest), True),
        (MIDDLE, f"{one.middle:g}" if one.middle is not None else "", one.middle is not None),
        (WEEKS, share(one.met, one.weeks), True),
        (TARGET, str(facts.target), True),
        (PRAISE, str(facts.praise), True),
        (ARRIVED, share(facts.arrived, facts.sent), True),
        (TIMELY, share(facts.timely, facts.arrived), True),
        (CHECKED, share(facts.reo_checked, facts.reo_sent), facts.reo_sent > 0),
        (SPOKEN, str(facts.gate + facts.calls), True),
        (PAGES, str(facts.pages), facts.has_book),
        (HUI, str(facts.hui), True),
        (WROTE, str(facts.replies), True),
        (ANSWERED, share(facts.in_time, asked), asked > 0),
        (ASKED, str(facts.prompts), facts.prompts > 0),
    ]
    return [(label, number) for label, number, shown_here in rows if shown_here]
