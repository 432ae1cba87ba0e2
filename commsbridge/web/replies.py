"""Replies: what whānau wrote back and nobody has seen yet, then what has been seen."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, schools, students, whanau
from commsbridge.conversations import How, QuestionKind
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
PICTURES = N_("(Only a picture came. It is not kept here: ask them to send it by mail.)")
# How sure we are that it is about this child, in words; the surest need none.
HOW = {
    How.LAST_MESSAGE: N_("About this child because the last message to that phone was."),
    How.NEAR_NAME: N_("The name was spelled another way. Check that it is about this child."),
    How.ANSWER: N_("They said which child it is about."),
    How.ALL: N_("They wrote about all their children here."),
    How.PERSON: N_("A person at school said which child it is about."),
}
ASKED = N_("We have asked them which child this is about.")
HELD = N_("They may want no more messages. Everything is held; we have asked, and no answer means stop.")


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
                "words": reply.words or shown.say(PICTURES if reply.pictures else NOTHING_WRITTEN),
                "lang": lang_of(reply.language),
                "how": shown.say(HOW[How(reply.how)]) if reply.how in HOW else None,
                "unread": reply.unread and about.seen_at is None,
                "move_url": url_for("reply_move", reply_id=reply.id),
                "question": False,
                "seen": seen,
                "answer_url": None,
            }
        )
    return rows


def asked_rows(work: Work, children: Sequence[Student], shown: Shown) -> list[dict[str, Any]]:
    """Words that wait until home says which child they are about, for whoever sees one of these children."""
    names = {child.id: child.preferred_name for child in children}
    found = conversations.waiting_for_family(work, list(names))
    people = whanau.contact_names(work, [reply.contact_id for reply, _ in found if reply.contact_id])
    return [
        {
            "reply_id": reply.id,
            "day": shown.day(reply.received_at),
            "time": shown.time(reply.received_at),
            "iso": shown.iso(reply.received_at),
            "who": people.get(reply.contact_id, reply.from_address) if reply.contact_id else reply.from_address,
            "words": reply.words or shown.say(NOTHING_WRITTEN),
            "lang": lang_of(reply.language),
            "state": shown.say(ASKED if question.kind is QuestionKind.WHICH_CHILD else HELD),
            "choices": [{"id": child, "name": names[child]} for child in question.student_ids if child in names]
            if question.kind is QuestionKind.WHICH_CHILD
            else [],
            "url": url_for("reply_child", reply_id=reply.id),
        }
        for reply, question in found
    ]


@pages.route("/replies/<uuid:reply_id>/child", may(Permission.READ_LOG), methods=("POST",))
def reply_child(reply_id: uuid.UUID) -> Response:
    """Say which child words are about that wait for the family's answer: one whom this person sees."""
    with at_school() as here:
        student_id = read_id(request.form.get("student_id"))
        if student_id is None or conversations.reply_by_id(here.work, reply_id) is None:
            raise NotFound(N_("That message is not here."))
        students.student_for(here.work, here.viewer, student_id)
        conversations.settle_asked(here.work, reply_id, student_ids=[student_id])
    return redirect(safe_next(request.form.get("next") or url_for("replies")))


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
            "replies.html",
            waiting=waiting,
            asked=asked_rows(work, children, shown),
            seen=[row for row in rows if row["seen"] is not None],
            older_url=None,
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
