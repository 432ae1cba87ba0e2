"""What every page's frame shows: who is here, at which school, how many replies wait."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request

from commsbridge import conversations, messages, schools
from commsbridge.foundation.language import Language
from commsbridge.schools import Permission
from commsbridge.web import acting
from commsbridge.web.access import Access, Entrance
from commsbridge.web.children import mine
from commsbridge.web.seen import children_seen


def frame() -> dict[str, Any]:
    """The context of base.html; a page of somebody at school sets ``g.me`` and ``g.replies_waiting`` while it works."""
    person = acting.signed_in()
    return {
        "page_language": g.get("language", Language.EN),
        "here": request.path,
        "me": g.get("me"),
        "replies_waiting": g.get("replies_waiting", 0),
        "for_staff": _for_staff(),
        "writer": person.account_id if person else None,
        "own_device": acting.remembers(),
    }


def _alerts_for(here: acting.Here) -> int:
    """How many messages that worry nobody has opened, of those about children whom this person sees."""
    found = conversations.safety.unopened(here.work)
    seen = children_seen(here, {child for alert in found for child in alert.student_ids}).keys()
    return sum({*alert.student_ids} <= seen for alert in found)


def _for_staff() -> bool:
    """Whether a page is one of the staff's; whānau come by a link, and their pages leave nothing on a device."""
    access: Access | None = current_app.extensions["access"].get(request.endpoint)
    return access is None or access.entrance is not Entrance.LINK


def note_frame(here: acting.Here) -> None:
    """Remember for the frame who is here and how many replies wait for them."""
    person = acting.signed_in()
    if person is None or person.place is None:
        return
    place = person.place
    g.me = {
        "name": schools.staff_by_id(here.work, [place.staff_id])[place.staff_id].shown_name,
        "school": place.name_mi if acting.language() is Language.MI else place.name_en,
        "several_schools": len(person.schools) > 1,
        "praises": here.viewer.may(Permission.SEND_PRAISE),
        "reads_log": here.viewer.may(Permission.READ_LOG),
        "parked": here.viewer.may(Permission.SEE_PARKED_NUMBER),
        "contacts": here.viewer.may(Permission.EDIT_CONTACTS),
        "notices": here.viewer.may(Permission.SEND_NOTICE),
        "sending": here.viewer.may(Permission.SET_SENDING),
        "roll": here.viewer.may(Permission.IMPORT_ROLL),
        "reports": here.viewer.may(Permission.SEE_REPORTS),
        "teaches": here.viewer.may(Permission.SEE_TAUGHT),
        "translates": here.viewer.may(Permission.TRANSLATE),
        "words_offered": 0,
        "reads_concerns_first": here.viewer.may(Permission.RELEASE_CONCERN),
        "sets_promise": here.viewer.may(Permission.SET_PROMISE),
        "keeps_hints": here.viewer.may(Permission.KEEP_HINTS),
        "keeps_book_templates": here.viewer.may(Permission.KEEP_BOOK_TEMPLATES),
        "keeps_hui_forms": here.viewer.may(Permission.KEEP_HUI_FORMS),
        "opens_safety": here.viewer.may(Permission.OPEN_SAFETY),
        "safety_waiting": 0,
    }
    if g.me["opens_safety"]:
        g.me["safety_waiting"] = _alerts_for(here)
    if g.me["translates"]:
        g.me["words_offered"] = len(messages.translating.offers_for(here.work, place.staff_id))
    if g.me["reads_log"]:
        children = [child.id for child in mine(here.work, here.viewer)]
        g.replies_waiting = conversations.waiting_count(here.work, children, holder_id=place.staff_id)
