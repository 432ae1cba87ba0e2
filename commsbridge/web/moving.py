"""Moving a reply that was filed with the wrong child; how it was moved is told to staff alone."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, schools, students
from commsbridge.conversations import Reply, ReplyState
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.parked import guesses_of, option_of
from commsbridge.web.seen import children_seen, contacts_seen
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
CHOOSE = N_("Choose whose words these are, and which child they are about.")
MOVED = N_("Moved by %(who)s, %(day)s: from %(before)s to %(after)s")


@pages.route("/replies/<uuid:reply_id>/move", may(Permission.READ_LOG))
def reply_move(reply_id: uuid.UUID) -> str:
    """The reply, where it is, where it has been, and where it may belong."""
    with at_school() as here:
        return _page(here, _reply(here, reply_id), error=None)


@pages.route("/replies/<uuid:reply_id>/move", may(Permission.READ_LOG), methods=("POST",))
def reply_moved(reply_id: uuid.UUID) -> tuple[str, int] | Response:
    """Move it: only to contacts and children this person sees."""
    with at_school() as here:
        reply = _reply(here, reply_id)
        errors = kept(here.work, lambda: _move(here, reply))
        if errors:
            return _page(here, reply, error=next(iter(errors.values()))), 400
    return redirect(url_for("replies"))


def _reply(here: Here, reply_id: uuid.UUID) -> Reply:
    """A reply about children all of whom this person sees."""
    reply = conversations.reply_by_id(here.work, reply_id)
    about = set(conversations.students_of_reply(here.work, reply_id))
    if reply is None or reply.state is not ReplyState.FILED or len(children_seen(here, about)) != len(about):
        raise NotFound(N_("That message is not here."))
    return reply


def _move(here: Here, reply: Reply) -> None:
    ids = [each for each in map(read_id, request.form.get("who", "").split()) if each is not None]
    seen = contacts_seen(here, ids[:1])
    if len(ids) < 2 or not {tie.student.id for each in seen for tie in each.ties} >= {*ids[1:]}:
        raise Invalid(CHOOSE, field="who")
    conversations.move_reply(here.work, reply.id, contact_id=ids[0], student_ids=ids[1:])


def _page(here: Here, reply: Reply, *, error: str | None) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    moves = conversations.moves_of(work, [reply.id])
    told = {*conversations.students_of_reply(work, reply.id)}
    told |= {child for move in moves for child in (*move.from_student_ids, *move.to_student_ids)}
    seen = children_seen(here, told)
    names = {child: each.preferred for child, each in students.names_of(work, seen).items()}
    people = schools.staff_by_id(work, [move.staff_id for move in moves if move.staff_id])
    searched = request.args.get("q", "").strip()
    return render_template(
        "move.html",
        reply={
            "day": shown.day(reply.received_at),
            "time": shown.time(reply.received_at),
            "iso": shown.iso(reply.received_at),
            "words": reply.words,
            "lang": lang_of(reply.language),
            "about": shown.names([names[each] for each in conversations.students_of_reply(work, reply.id)]),
        },
        options=[option_of(shown, guess) for guess in guesses_of(here, reply, searched)],
        q=searched,
        error=error,
        moves=[
            shown.say(
                MOVED,
                who=people[move.staff_id].shown_name if move.staff_id in people else "",
                day=shown.day(move.at),
                before=shown.names([names[each] for each in move.from_student_ids if each in names]),
                after=shown.names([names[each] for each in move.to_student_ids if each in names]),
            )
            for move in moves
        ],
        url=url_for("reply_moved", reply_id=reply.id),
        find_url=url_for("reply_move", reply_id=reply.id),
    )
