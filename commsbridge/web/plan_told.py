"""What changed in a plan and who agreed to it then, the newest first: what went, what came, and what else is other."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from commsbridge import plans
from commsbridge.foundation.language import N_
from commsbridge.plans import Change, Item, Run, Standing, Told
from commsbridge.web.plan_agreed import People, signed_line
from commsbridge.web.plan_words import AROUND, PARTS, PLACES
from commsbridge.web.shown import Shown

CHANGED = N_("%(who)s, %(day)s")
NEW = N_("New in “%(part)s”")
GONE = N_("Taken out of “%(part)s”")
OTHERWISE = N_("Said otherwise in “%(part)s”")
REVIEW_MOVED = N_("Looked at again by %(day)s")
MOVED = N_("%(what)s: %(after)s. Before: %(before)s.")
NOTHING = N_("nothing")
OTHER_GOAL = N_("What the book tells of it comes from another goal.")
WHERE, WHO, WHEN = N_("Where"), N_("Who does it"), N_("By when")
SAID, AROUND_IT = N_("Who said it"), N_("What changes around the child")


def history_rows(
    shown: Shown, people: People, standing: Standing, home: uuid.UUID | None, own: Collection[uuid.UUID] | None
) -> list[dict[str, Any]]:
    """Each change and each yes, as one side reads them, the newest first."""
    rows = [(each.version.number, 0, _changed(shown, people, each)) for each in standing.history(home)[::-1]]
    rows += [
        (each.number, 1, {"by": signed_line(shown, people, each), "changes": [], "review": ""})
        for each in standing.signed(home, own)
    ]
    return [row for _, _, row in sorted(rows, key=lambda each: each[:2])][::-1]


def _changed(shown: Shown, people: People, told: Told) -> dict[str, Any]:
    version = told.version
    return {
        "by": shown.say(CHANGED, who=people.who(version.staff_id, version.contact_id), day=shown.on(version.at)),
        "changes": [_change(shown, each) for each in told.changes],
        "review": shown.say(REVIEW_MOVED, day=shown.date(version.review_on)) if told.review_moved else "",
    }


def _change(shown: Shown, change: Change) -> dict[str, Any]:
    before, after = change.before, change.after
    item = after or before
    if item is None:
        raise ValueError("a change is of something")
    went, came = plans.runs(before.words if before else "", after.words if after else "")
    title, more = (NEW if before is None else GONE), list[str]()
    if before and after:
        title, more = OTHERWISE, _other(shown, before, after)
        went = () if before.words == after.words else went
    else:
        # All of it is new, or gone: no word of it stands out.
        went, came = (tuple(Run(each.words, changed=False) for each in side) for side in (went, came))
    return {"title": shown.say(title, part=shown.say(PARTS[item.part])), "before": went, "after": came, "more": more}


def _other(shown: Shown, before: Item, after: Item) -> list[str]:
    """What beside the words is other now: where, who, by when."""
    sides = [
        (
            (WHERE, shown.say(PLACES[each.place]) if each.place else ""),
            (WHO, each.who),
            (WHEN, shown.date(each.by_on) if each.by_on else ""),
            (SAID, each.said_by),
            (AROUND_IT, shown.say(AROUND[each.around]) if each.around else ""),
        )
        for each in (before, after)
    ]
    told = [
        shown.say(MOVED, what=shown.say(what), after=now or shown.say(NOTHING), before=was or shown.say(NOTHING))
        for (what, was), (_, now) in zip(*sides, strict=True)
        if was != now
    ]
    return [*told, shown.say(OTHER_GOAL)] if before.goal_id != after.goal_id else told
