"""One's own mobile: asked for a code, proven, taken away; nothing about a child goes to a phone before that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import bots, messages, schools, whanau
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_, say
from commsbridge.schools import Permission, StaffPhone
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
PRAISES = may(Permission.SEND_PRAISE)
CODE = N_("%(code)s is your code for texting with school. It works for ten minutes. Tell it to nobody.")
YOURS = N_("This phone is yours now. Write a child’s name and what you saw. HELP says more.")
WRONG_CODE = N_("That is not the code, or its ten minutes are over. Check the text, or ask for a new code.")
NO_TEXTS = N_("This school cannot send texts yet. Ask whoever runs the service.")
SINCE = N_("It is yours: the code was typed on %(day)s.")
OVER = N_("The code was typed more than a year ago. Ask for a new one, to use the phone again.")
STOPPED = N_("It said STOP, so nothing is texted to it. Write START from it, and texts come again.")
SHARED = N_("A family at this school has this number, too. Begin with KURA what you text to school.")
TOLD = {
    "asked": N_("A code is on its way to that phone."),
    "proven": N_("The phone is yours. A text that says so is on its way."),
    "dropped": N_("Nothing goes to that phone any more, and texts from it are not taken as yours."),
}


@pages.route("/phone", PRAISES, methods=("GET", "POST"), endpoint="phone")
def own_phone() -> str | tuple[str, int] | Response:
    """The mobile somebody texts school from: ask for a code, type it, or take the phone away."""
    with at_school() as here:
        if request.method == "GET":
            return _page(here)
        act = request.form.get("act", "")
        # A wrong code is not undone with its refusal: tries must count.
        errors = _prove(here) if act == "code" else kept(here.work, lambda: _act(here, act))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("phone", told={"ask": "asked", "code": "proven"}.get(act, "dropped")))


def _act(here: Here, act: str) -> None:
    work, staff_id = here.work, here.viewer.staff_id
    if act == "drop":
        schools.drop_phone(work, staff_id)
    elif act == "ask":
        _ask(here)
    else:
        raise Invalid(N_("That button does not work any more. Open the page again."))


def _ask(here: Here) -> None:
    try:
        asked, code = schools.ask_phone(here.work, here.viewer.staff_id, request.form.get("number", ""))
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field="number", **refusal.slots) from None
    if not _text(here, asked, say(language(), CODE, code=code), until=asked.code_until):
        raise Conflict(NO_TEXTS)


def _prove(here: Here) -> dict[str, str]:
    if not schools.check_code(here.work, here.viewer.staff_id, request.form.get("code", "")):
        return {"code": say(language(), WRONG_CODE)}
    proven = schools.phone_of(here.work, here.viewer.staff_id)
    if proven is not None:
        shared = [say(language(), bots.BEGIN)] if _is_a_familys(here, proven) else []
        _text(here, proven, " ".join([say(language(), YOURS), *shared]), until=proven.code_until)
    return {}


def _text(here: Here, to: StaffPhone, words: str, *, until: datetime) -> bool:
    person = schools.staff_by_id(here.work, [here.viewer.staff_id])[here.viewer.staff_id]
    sent = messages.text_staff(here.work, person, to.address, words, language=language(), expires_at=until)
    return sent is not None


def _is_a_familys(here: Here, found: StaffPhone) -> bool:
    return bool(whanau.writers_at(here.work, found.address, on=schools.today(here.work)))


def _page(here: Here, errors: dict[str, str] | None = None) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    sender = schools.sender_for_texts(work)
    return render_template(
        "phone.html",
        proven=_proven(here, shown),
        asked=_asked(here),
        school_number=show_phone(sender.address) if sender else None,
        typed={"number": request.form.get("number", "")},
        errors=errors or {},
        told=shown.say(TOLD[request.args["told"]]) if request.args.get("told") in TOLD and not errors else None,
    )


def _proven(here: Here, shown: Shown) -> dict[str, Any] | None:
    """The phone in use, with what to know about it."""
    found = schools.proven_phone(here.work, here.viewer.staff_id)
    if found is None or found.verified_at is None:
        return None
    usable = schools.phone_in_use(here.work, here.viewer.staff_id) is not None
    since = shown.date(shown.calendar.local(found.verified_at).date())
    heed = [shown.say(STOPPED)] if found.stopped_at else [] if usable else [shown.say(OVER)]
    return {
        "number": show_phone(found.address),
        "since": shown.say(SINCE, day=since),
        "heed": heed + ([shown.say(SHARED)] if _is_a_familys(here, found) else []),
    }


def _asked(here: Here) -> str | None:
    """The number that waits for its code."""
    found = schools.phone_of(here.work, here.viewer.staff_id)
    waits = found is not None and found.verified_at is None and found.code_until > here.work.now
    return show_phone(found.address) if found is not None and waits else None
