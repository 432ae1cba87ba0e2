"""Praise that goes later: the moment chosen on the page of praise, the list of what waits, and calling it off."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.messages import LaterPraise, LaterState
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school, language, read_id
from commsbridge.web.children import mine
from commsbridge.web.frame import note_frame
from commsbridge.web.shown import Shown, phrase_lang

pages = Pages()
PRAISE = may(Permission.SEND_PRAISE)
# Home from school, before tea.
USUAL_TIME = time(15, 30)
WAITS_UNTIL = N_("This waits until %(until)s. Change it here, send it now, or call it off.")
STOPPED = {
    "nobody": N_("It did not go: nobody could be sent a message about %(name)s."),
    "not_seen": N_("It did not go: %(who)s no longer has %(name)s among their students."),
    "phrase_retired": N_("It did not go: its phrase is no longer in the bank."),
    "photo": N_("It did not go: photos that show %(name)s may no longer go."),
    "no_school_day": N_("It did not go: we know of no school day to send it on."),
}


def later_written() -> uuid.UUID | None:
    """The praise waiting that this page writes anew."""
    return read_id(request.form.get("later") or request.args.get("later"))


def moment_written(calendar: SchoolCalendar) -> datetime:
    """The moment that the form's day and time name on the school's clock. Raises Invalid when they name none."""
    try:
        day = date.fromisoformat(request.form.get("goes_on", ""))
        at = time.fromisoformat(request.form.get("goes_time", ""))
    except ValueError:
        raise Invalid(N_("Choose a day and a time."), field="goes_at") from None
    return calendar.moment(day, at.replace(tzinfo=None))


def later_form(work: Work, errors: dict[str, str]) -> dict[str, Any]:
    """What the page of praise asks and says of going later; ``goes_at`` is the moment its previews are for, if any."""
    calendar = schools.calendar_of(work)
    later_id = later_written()
    later = messages.own_waiting(work, later_id) if later_id else None
    following = calendar.next_school_day(calendar.local(work.now).date())
    local = calendar.local(later.goes_at) if later else None
    day = local.date() if local else following
    shown = Shown(language(), calendar, work.now)
    return {
        "id": later_id or "",
        "on": request.form.get("goes_on") or (day.isoformat() if day else ""),
        "time": request.form.get("goes_time") or f"{local.time() if local else USUAL_TIME:%H:%M}",
        "open": later is not None or "goes_at" in errors or request.form.get("act") == "later",
        "says": shown.say(WAITS_UNTIL, until=shown.until(later.goes_at)) if later else None,
        "cancel_url": url_for("cancel_later", later_id=later_id) if later else None,
        "goes_at": later.goes_at if later else None,
    }


def later_rows(work: Work, waiting: Sequence[LaterPraise], shown: Shown) -> list[dict[str, Any]]:
    """What waits to go, as macros/moments.html takes it."""
    names = students.names_of(work, {each.student_id for each in waiting})
    writers = schools.staff_by_id(work, {each.staff_id for each in waiting})
    phrases = {each.phrase_id: messages.phrase_by_id(work, each.phrase_id) for each in waiting if each.phrase_id}
    rows = []
    for each in waiting:
        child, who = names[each.student_id].preferred, writers[each.staff_id].shown_name
        phrase = phrases.get(each.phrase_id) if each.phrase_id else None
        sentence = (phrase.text_mi if shown.language is Language.MI else phrase.text_en) if phrase else ""
        own = each.staff_id == work.actor.id and each.state is LaterState.WAITING
        stopped = STOPPED.get(each.why or "") if each.state is LaterState.STOPPED else None
        rows.append(
            {
                "later_id": each.id,
                "day": shown.ahead(each.goes_at),
                "time": shown.time(each.goes_at),
                "iso": shown.iso(each.goes_at),
                "student_id": each.student_id,
                "student_name": child,
                "byline": shown.say(N_("from %(who)s"), who=who),
                "words": " ".join(filter(None, [sentence.replace("{name}", child), each.words])),
                "lang": phrase_lang(shown.language) if phrase else None,
                "stopped": shown.say(stopped, name=child, who=who) if stopped else None,
                "change_url": url_for("praise", student_id=each.student_id, later=each.id) if own else None,
                "cancel_url": url_for("cancel_later", later_id=each.id) if own else None,
            }
        )
    return rows


@pages.route("/waiting", PRAISE)
def waiting() -> str:
    """Everything that waits to go about the children one praises, the next first."""
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        found = messages.waiting_praise(work, [child.id for child in mine(work, here.viewer)])
        return render_template("waiting.html", waiting=later_rows(work, found, shown))


@pages.route("/waiting/<uuid:later_id>/cancel", PRAISE, methods=("POST",), endpoint="cancel_later")
def cancel(later_id: uuid.UUID) -> Response:
    """Call off what waits; only its writer may."""
    with at_school() as here:
        messages.cancel_later(here.work, later_id)
    return redirect(url_for("waiting"))
