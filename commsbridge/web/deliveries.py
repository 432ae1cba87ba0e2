"""Deliveries: what waits and why, what did not arrive, and what a person can do about each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.messages import MessageKind, State, Watched
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, runtime, safe_next
from commsbridge.web.frame import note_frame
from commsbridge.web.shown import ICONS, Shown

pages = Pages()
SEE = may(Permission.SEND_NOTICE)
LOOKS_BACK = timedelta(days=14)
KINDS = {
    MessageKind.PRAISE: N_("Praise about %(name)s"),
    MessageKind.WELCOME: N_("Welcome, about %(name)s"),
    MessageKind.NOTICE: N_("Message about %(name)s"),
    MessageKind.ANSWER: N_("Answer about %(name)s"),
    MessageKind.BOOK: N_("A page of the book of %(name)s"),
    MessageKind.HUI: N_("About a hui for %(name)s"),
    MessageKind.ON_PAGE: N_("That something stands on their page, about %(name)s"),
    MessageKind.WORK_ON: N_("Something to work on with %(name)s"),
    MessageKind.CONCERN: N_("A concern about %(name)s"),
}


@pages.route("/deliveries", SEE)
def deliveries() -> str:
    """What did not arrive in the last two weeks, then what waits, about the children one sees."""
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        seen = {each.id: each for each in students.students_seen_by(work, here.viewer, schools.today(work))}
        troubled = messages.troubled_deliveries_about(work, seen, since=work.now - LOOKS_BACK)
        waiting = messages.waiting_deliveries_about(work, seen)
        return render_template(
            "deliveries.html",
            troubled=_rows(here, shown, troubled, seen),
            waiting=_rows(here, shown, waiting, seen),
        )


def _rows(here: Here, shown: Shown, found: Sequence[Watched], seen: dict[uuid.UUID, Student]) -> list[dict[str, Any]]:
    names = whanau.contact_names(here.work, {each.delivery.contact_id for each in found if each.delivery.contact_id})
    return [
        _row(here, shown, each, names.get(each.delivery.contact_id, "") if each.delivery.contact_id else "", child)
        for each in found
        if (child := seen.get(each.message.student_id) if each.message.student_id else None) is not None
        and _may_know(here, each.message)
    ]


def _may_know(here: Here, message: messages.Message) -> bool:
    """That there is a concern is for those who may read it."""
    return message.kind is not MessageKind.CONCERN or here.viewer.may(Permission.READ_CONCERN)


def _row(here: Here, shown: Shown, watched: Watched, who: str, child: Student) -> dict[str, Any]:
    delivery = watched.delivery
    at = delivery.held_until or delivery.due_at
    standing = shown.standing(delivery)
    failed, doubtful = delivery.state is State.FAILED, delivery.state is State.UNCERTAIN
    again = failed and watched.message.kind in messages.SENT_AGAIN
    concern = watched.message.kind is MessageKind.CONCERN
    raised = messages.concerns.concern_of_message(here.work, watched.message.id) if concern else None
    mends = failed and delivery.contact_id is not None and here.viewer.may(Permission.EDIT_CONTACTS)
    return {
        "day": shown.day(at),
        "time": shown.time(at),
        "iso": shown.iso(at),
        "who": who,
        "about": shown.say(KINDS[watched.message.kind], name=child.preferred_name),
        "icon": ICONS.get(delivery.channel, "text"),
        "kind": standing["kind"],
        "sentence": standing["sentence"],
        "again_url": url_for("send_again", delivery_id=delivery.id) if again else None,
        "settle_url": url_for("settle_delivery", delivery_id=delivery.id) if doubtful else None,
        "mend_url": url_for("contact_edit", contact_id=delivery.contact_id) if mends else None,
        "open_url": url_for("concern_told", concern_id=raised.id) if raised else None,
    }


def _may_touch(here: Here, delivery_id: uuid.UUID) -> None:
    """Raise NotFound unless the delivery is about a child this person sees."""
    found = messages.delivery_of(here.work, delivery_id)
    if found is None or found[1].student_id is None or not _may_know(here, found[1]):
        raise NotFound(N_("That message is not here."))
    students.student_for(here.work, here.viewer, found[1].student_id)


@pages.route("/deliveries/<uuid:delivery_id>/again", SEE, methods=("POST",))
def send_again(delivery_id: uuid.UUID) -> Response:
    """Send what did not arrive once more, by a way that works."""
    with at_school() as here:
        _may_touch(here, delivery_id)
        messages.send_again(here.work, delivery_id, links=runtime().links)
    return redirect(safe_next(request.form.get("next") or url_for("deliveries")))


@pages.route("/deliveries/<uuid:delivery_id>/settle", SEE, methods=("POST",))
def settle_delivery(delivery_id: uuid.UUID) -> Response:
    """Say what a person found out: it came, or it did not."""
    with at_school() as here:
        _may_touch(here, delivery_id)
        messages.settle_by_hand(here.work, delivery_id, arrived=request.form.get("act") == "came")
    return redirect(url_for("deliveries"))
