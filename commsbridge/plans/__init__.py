"""Plans: what home and school agreed to do for one child, in few goals, each home reading its own."""

from __future__ import annotations

from commsbridge.plans.asked import gather_plans
from commsbridge.plans.items import Around, Change, Item, Part, Place, changes, read_item, seen_at, stored
from commsbridge.plans.models import Plan, PlanPraise, PlanSignature, PlanVersion
from commsbridge.plans.reading import (
    Agreed,
    Standing,
    Told,
    Version,
    goals_named,
    open_plans,
    plan_of,
    plan_with,
    praise_for,
    signatures_by_id,
    standing_of,
)
from commsbridge.plans.telling import Run, runs
from commsbridge.plans.writing import (
    LONGEST_ITEM,
    LONGEST_NAMED,
    MOST_GOALS,
    agree,
    agree_for_school,
    begin_plan,
    drop_from_home,
    drop_item,
    end_plan,
    keep_item,
    reminded_on,
    set_review,
    tag_praise,
    write_from_home,
)
from commsbridge.whanau import home_of

__all__ = [
    "LONGEST_ITEM",
    "LONGEST_NAMED",
    "MOST_GOALS",
    "Agreed",
    "Around",
    "Change",
    "Item",
    "Part",
    "Place",
    "Plan",
    "PlanPraise",
    "PlanSignature",
    "PlanVersion",
    "Run",
    "Standing",
    "Told",
    "Version",
    "agree",
    "agree_for_school",
    "begin_plan",
    "changes",
    "drop_from_home",
    "drop_item",
    "end_plan",
    "gather_plans",
    "goals_named",
    "home_of",
    "keep_item",
    "open_plans",
    "plan_of",
    "plan_with",
    "praise_for",
    "read_item",
    "reminded_on",
    "runs",
    "seen_at",
    "set_review",
    "signatures_by_id",
    "standing_of",
    "stored",
    "tag_praise",
    "write_from_home",
]
