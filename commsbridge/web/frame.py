"""What every page's frame shows: who is here, at which school, how many replies wait."""

from __future__ import annotations

from typing import Any

from flask import g, request

from commsbridge.foundation.language import Language
from commsbridge.schools import Permission
from commsbridge.web import acting


def frame() -> dict[str, Any]:
    """The context of base.html; a page of somebody at school sets ``g.me`` and ``g.replies_waiting`` while it works."""
    return {
        "page_language": g.get("language", Language.EN).value,
        "here": request.path,
        "me": g.get("me"),
        "replies_waiting": g.get("replies_waiting", 0),
    }


def note_frame(here: acting.Here, *, replies_waiting: int = 0) -> None:
    """Remember for the frame who is here."""
    person = acting.signed_in()
    if person is None or person.place is None:
        return
    place = person.place
    office = (Permission.SEE_PARKED_NUMBER, Permission.IMPORT_ROLL, Permission.MANAGE_STAFF)
    g.me = {
        "name": g.get("my_name") or place.name_en,
        "school": place.name_mi if acting.language() is Language.MI else place.name_en,
        "several_schools": len(person.schools) > 1,
        "office": any(here.viewer.may(permission) for permission in office),
    }
    g.replies_waiting = replies_waiting
