"""The book's words in full by text: only for whoever asked for it in writing, which is kept here."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, schools
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.web.about import read_day
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.seen import Seen, contact_for
from commsbridge.web.shown import Shown

pages = Pages()
EDIT = may(Permission.EDIT_CONTACTS, confirmed=True)
SINCE = N_("Written on %(day)s, kept by %(who)s.")


@pages.route("/contacts/<uuid:contact_id>/whole", EDIT, methods=("GET", "POST"))
def contact_whole(contact_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Keep what a contact wrote to have all words by text; or end it."""
    with at_school() as here:
        seen = contact_for(here, contact_id)
        if request.method == "GET":
            return _page(here, seen, {})
        errors = kept(here.work, lambda: _act(here, contact_id))
        if errors:
            return _page(here, seen, errors), 400
    return redirect(url_for("contact_whole", contact_id=contact_id))


def _act(here: Here, contact_id: uuid.UUID) -> None:
    if request.form.get("act") == "end":
        books.end_whole(here.work, contact_id)
        return
    written_on = read_day(request.form.get("written_on", ""), schools.today(here.work), field="written_on")
    books.ask_whole(here.work, contact_id, request.form.get("words", ""), written_on=written_on)


def _page(here: Here, seen: Seen, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    stands = books.writing_of(work, seen.contact.id)
    staff = schools.staff_by_id(work, [stands.staff_id] if stands and stands.staff_id else [])
    by = "".join(each.shown_name for each in staff.values())
    return render_template(
        "contact_whole.html",
        contact={"id": seen.contact.id, "name": seen.contact.name},
        url=url_for("contact_whole", contact_id=seen.contact.id),
        stands={"words": stands.words, "by": shown.say(SINCE, day=shown.date(stands.written_on), who=by)}
        if stands
        else None,
        words=request.form.get("words", ""),
        written_on=request.form.get("written_on", shown.today.isoformat()),
        longest=books.LONGEST_WRITING,
        back_url=url_for("contact_wishes", contact_id=seen.contact.id),
        errors=errors,
    )
