"""What a copy that somebody asked for holds of sharing: what was offered about the child, to whom, and each look."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from commsbridge import schools
from commsbridge.books import About, Gathered
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.specialists.models import SpecialistLook
from commsbridge.specialists.sharing import shares_about

_SHARED = N_("Shared about %(child)s with a specialist")
_LOOKED = N_("A specialist looked at what is shared about %(child)s")


def gather_shares(work: Work, about: About) -> Iterator[Gathered]:
    """Each offer with its reason, and each time that the specialist looked."""
    calendar = schools.calendar_of(work)
    for child_id, called in about.children.items():
        for share in shares_about(work, [child_id]):
            who, child = f"{share.name}, {share.role}", called.preferred
            offered = calendar.local(share.offered_at).date()
            yield Gathered(offered, about.say(_SHARED, child=child), f"{who}\n{share.why}")
            rows = select(SpecialistLook.at).where(SpecialistLook.share_id == share.id).order_by(SpecialistLook.at)
            for at in work.session.scalars(rows):
                yield Gathered(calendar.local(at).date(), about.say(_LOOKED, child=child), who)
