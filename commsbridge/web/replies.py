"""Replies: what whānau wrote back and nobody has seen yet, then what has been seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, schools, students, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school, language, read_id, safe_next
from commsbridge.web.children import mine
from commsbridge.web.frame import note_frame
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
NOTHING_WRITTEN = N_("(Nothing was written.)")
SEEN_BY = N_("Seen by %(who)s, %(day)s")


def reply_rows(work: Work, children: Sequence[Student], shown: Shown, *, waiting: bool) -> list[dict[str, Any]]:
    """Replies about children as the templates take them."""
    names = {child.id: child.preferred_name for child in children}
    found = conversations.replies_about(work, list(names), waiting=waiting) if names else []
    people = whanau.contact_names(work, [reply.contact_id for reply, _ in found if reply.contact_id])
    relations = whanau.relationships(
        work, [(reply.contact_id, about.student_id) for reply, about in found], on=schools.today(work)
    )
    seers = schools.staff_by_id(work, [about.seen_by for _, about in found if about.seen_by])
    rows = []
    for reply, about in found:
        seer = seers.get(about.seen_by) if about.seen_by else None
        seen = None
        if about.seen_at is not None:
            seen = shown.say(SEEN_BY, who=seer.shown_name if seer else "", day=shown.day(about.seen_at))
        rows.append(
            {
                "reply_id": reply.id,
                "day": shown.day(reply.received_at),
                "time": shown.time(reply.received_at),
                "iso": shown.iso(reply.received_at),
                "who": people.get(reply.contact_id, reply.from_address) if reply.contact_id else reply.from_address,
                "relationship": relations.get((reply.contact_id, about.student_id), ""),
                "student_id": about.student_id,
                "student_name": names[about.student_id],
                "words": reply.words or shown.say(NOTHING_WRITTEN),
                "lang": lang_of(reply.language),
                "question": False,
                "seen": seen,
                "answer_url": None,
            }
        )
    return rows


@pages.route("/replies", may(Permission.READ_LOG))
def replies() -> str:
    """Everything whānau wrote about the children this person teaches, or may see."""
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        children = mine(work, here.viewer)
        rows = reply_rows(work, children, shown, waiting=False)
        waiting = [row for row in rows if row["seen"] is None]
        note_frame(here)
        return render_template(
            "replies.html", waiting=waiting, seen=[row for row in rows if row["seen"] is not None], older_url=None
        )


@pages.route("/replies/<uuid:reply_id>/seen", may(Permission.READ_LOG), methods=("POST",))
def reply_seen(reply_id: uuid.UUID) -> Response:
    """Say that a reply was read; for each of its children that this person may see."""
    with at_school() as here:
        asked = read_id(request.form.get("student_id"))
        about = conversations.students_of_reply(here.work, reply_id)
        if not about:
            raise NotFound(N_("That message is not here."))
        for student_id in about:
            if asked not in {None, student_id}:
                continue
            students.student_for(here.work, here.viewer, student_id)
            conversations.see_reply(here.work, reply_id, student_id)
    return redirect(safe_next(request.form.get("next") or url_for("replies")))
