"""Slowed senders: who floods or threatens, what came from there, who reads it for the others, and how that is ended."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, schools, students, whanau
from commsbridge.conversations import Reply, ReplyState, SlowedFor, SlowedSender
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.replies import READ_FOR
from commsbridge.web.seen import children_seen
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
READS = may(Permission.READ_LOG)
# How long what is over stays on the page; it is kept for good.
SHOWN_FOR = timedelta(days=365)
NOT_HERE = N_("That is not here any more.")
CAUSES = {
    SlowedFor.FLOOD: N_("So much came from there at once."),
    SlowedFor.THREAT: N_("What came from there reads like a threat to somebody at school."),
    SlowedFor.PERSON: N_("%(who)s handed it over: %(reason)s"),
}
SINCE = N_("%(to)s reads it for the others since %(day)s.")
BY_ITSELF = N_("It ends by itself when a day goes by without another flood.")
GIVEN = N_("%(who)s gave it to %(to)s.")
ENDED = N_("%(who)s ended it: %(reason)s")
OVER = N_("It ended by itself.")
FILED = N_("In the log of %(names)s")
WAITS = N_("Not in a log yet: say whose it is")
NOTHING_WRITTEN = N_("(Nothing was written.)")


@pages.route("/replies/slowed", READS, endpoint="slowed")
def slowed_page() -> str:
    """Who is slowed now, with what came since; and the history of a year."""
    with at_school() as here:
        return _page(here, {})


@pages.route("/replies/slowed/<uuid:slowed_id>", READS, methods=("POST",))
def slowed_act(slowed_id: uuid.UUID) -> tuple[str, int] | Response:
    """End it, or give it to somebody else."""
    with at_school() as here:
        row = conversations.slowed_by_id(here.work, slowed_id)
        if not _may_act(here, row):
            raise NotFound(NOT_HERE)
        errors = kept(here.work, lambda: _act(here, row.id))
        if errors:
            return _page(here, {slowed_id: errors}), 400
    return redirect(url_for("slowed"))


@pages.route("/replies/<uuid:reply_id>/slow", may(Permission.SEND_PRAISE), methods=("POST",))
def reply_slow(reply_id: uuid.UUID) -> Response:
    """A teacher hands what somebody writes to the person the school named for it."""
    with at_school() as here:
        about = conversations.students_of_reply(here.work, reply_id)
        if not about:
            raise NotFound(NOT_HERE)
        for student_id in about:
            students.student_for(here.work, here.viewer, student_id)
        reason = request.form.get("reason", "")
        errors = kept(here.work, lambda: conversations.slow_by_hand(here.work, reply_id, reason=reason))
    return redirect(url_for("reply", reply_id=reply_id, slow="wrong" if errors else None, _anchor="slow"))


def _act(here: Here, slowed_id: uuid.UUID) -> None:
    if request.form.get("act") == "give":
        staff_id = read_id(request.form.get("staff"))
        if staff_id is None:
            raise Invalid(N_("Choose somebody."), field="staff")
        conversations.give_on(here.work, slowed_id, staff_id)
    else:
        conversations.end_slowing(here.work, slowed_id, reason=request.form.get("reason", ""))


def _may_act(here: Here, row: SlowedSender) -> bool:
    """Whoever reads it, whoever handed it over, and leaders; never who may not see one of the children."""
    theirs = here.viewer.staff_id in {row.staff_id, row.by} or here.viewer.may(Permission.SET_PROMISE)
    about = conversations.children_at(here.work, row.address)
    return theirs and len(children_seen(here, about)) == len(about)


def _page(here: Here, errors: dict[uuid.UUID, dict[str, str]]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    rows = [row for row in conversations.slowed_senders(work, since=work.now - SHOWN_FOR) if _may_act(here, row)]
    staff = {
        each.id: each.shown_name
        for each in schools.staff_by_id(
            work, [one for row in rows for one in (row.staff_id, row.by, row.ended_by) if one]
        ).values()
    }
    now = [row for row in rows if _is_now(here, row)]
    return render_template(
        "slowed.html",
        slowed=[_item(here, shown, row, staff, errors.get(row.id, {})) for row in now],
        past=_history(here, shown, rows, staff),
    )


def _is_now(here: Here, row: SlowedSender) -> bool:
    return row.ended_at is None and (row.until is None or row.until > here.work.now)


def _item(
    here: Here, shown: Shown, row: SlowedSender, staff: dict[uuid.UUID, str], errors: dict[str, str]
) -> dict[str, Any]:
    came = conversations.came_while_slowed(here.work, row)
    schools.note_look(here.work, subject="slowed", subject_id=row.id)
    by = staff.get(row.by, "") if row.by else ""
    able = [each for each in conversations.may_read(here.work, row.address) if each.id != row.staff_id]
    return {
        "slowed_id": row.id,
        "who": _who(here, row.address),
        "cause": shown.say(CAUSES[SlowedFor(row.cause)], who=by, reason=row.reason),
        "since": shown.say(SINCE, to=staff.get(row.staff_id, ""), day=shown.day(row.at)),
        "by_itself": shown.say(BY_ITSELF) if row.until else None,
        "day": shown.day(row.at),
        "time": shown.time(row.at),
        "iso": shown.iso(row.at),
        "came": [_came(here, shown, reply) for reply in came],
        "people": [{"value": "", "label": shown.say(N_("Choose"))}]
        + [{"value": str(each.id), "label": each.name} for each in able],
        "url": url_for("slowed_act", slowed_id=row.id),
        "reason": request.form.get("reason", "") if errors else "",
        "errors": errors,
    }


def _came(here: Here, shown: Shown, reply: Reply) -> dict[str, Any]:
    filed = reply.state is ReplyState.FILED
    about = students.names_of(here.work, conversations.students_of_reply(here.work, reply.id)) if filed else {}
    names = shown.names([each.preferred for each in about.values()])
    url = url_for("reply", reply_id=reply.id) if filed else None
    if not filed and here.viewer.may(Permission.SEE_PARKED_NUMBER):
        url = url_for("parked", _anchor=f"parked-{reply.id}")
    return {
        "day": shown.day(reply.received_at),
        "time": shown.time(reply.received_at),
        "words": reply.words or shown.say(NOTHING_WRITTEN),
        "lang": lang_of(reply.language),
        "url": url,
        "label": shown.say(FILED, names=names) if filed else shown.say(WAITS),
    }


def _who(here: Here, address: str) -> str:
    """Whoever writes from there, by name where known; the number or mailbox for those who may see these."""
    writers = whanau.writers_at(here.work, address, on=schools.today(here.work))
    names = ", ".join(each.contact.name for each in writers)
    seen = show_phone(address) if address.startswith("+") else address
    if not names:
        return seen
    return f"{names}, {seen}" if here.viewer.may(Permission.SEE_ADDRESSES) else names


def _history(
    here: Here, shown: Shown, rows: Sequence[SlowedSender], staff: dict[uuid.UUID, str]
) -> list[dict[str, str]]:
    """Each step of every sender, the latest first."""
    given = {(row.address, row.ended_at): row.ended_by for row in rows if row.ended_by and not row.end_reason}
    steps = []
    for row in rows:
        to = staff.get(row.staff_id, "")
        giver = given.get((row.address, row.at))
        began = shown.say(GIVEN, who=staff.get(giver, ""), to=to) if giver else shown.say(READ_FOR, who=to)
        steps.append((row.at, row, began))
        ended_at = row.ended_at or row.until
        if ended_at is not None and ended_at <= shown.now and (row.end_reason or not row.ended_by):
            who = staff.get(row.ended_by, "") if row.ended_by else ""
            steps.append((ended_at, row, shown.say(ENDED if row.ended_by else OVER, who=who, reason=row.end_reason)))
    return [
        {
            "day": shown.day(at),
            "time": shown.time(at),
            "iso": shown.iso(at),
            "who": _who(here, row.address),
            "sentence": sentence,
        }
        for at, row, sentence in sorted(steps, key=lambda step: step[0], reverse=True)
    ]
