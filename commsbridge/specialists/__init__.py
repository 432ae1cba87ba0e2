"""Specialists: what of a child is shared with somebody from outside, as whānau approve, for a time, each look kept."""

from __future__ import annotations

from commsbridge.specialists.asked import gather_shares
from commsbridge.specialists.doorway import (
    CODE_DAYS,
    SPECIALIST_DOOR,
    Key,
    Sight,
    knows,
    look,
    make_key,
    prove,
    share_behind,
)
from commsbridge.specialists.models import SharedPart, SpecialistAnswer, SpecialistLook, SpecialistShare
from commsbridge.specialists.sharing import (
    LONGEST_NAMED,
    LONGEST_WHY,
    Offer,
    answers_to,
    approving_homes,
    ask_homes,
    end_share,
    is_over,
    looks_at,
    mail_link,
    mail_stands,
    offer,
    say_yes,
    share_by_id,
    share_mailed,
    shares_about,
)

__all__ = [
    "CODE_DAYS",
    "LONGEST_NAMED",
    "LONGEST_WHY",
    "SPECIALIST_DOOR",
    "Key",
    "Offer",
    "SharedPart",
    "Sight",
    "SpecialistAnswer",
    "SpecialistLook",
    "SpecialistShare",
    "answers_to",
    "approving_homes",
    "ask_homes",
    "end_share",
    "gather_shares",
    "is_over",
    "knows",
    "look",
    "looks_at",
    "mail_link",
    "mail_stands",
    "make_key",
    "offer",
    "prove",
    "say_yes",
    "share_behind",
    "share_by_id",
    "share_mailed",
    "shares_about",
]
