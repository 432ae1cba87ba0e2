"""What was just sent: undo while there is time, where each delivery stands, who else has waited."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import sort_key
from commsbridge.messages import MessageKind, Written
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import at_school, language
from commsbridge.web.children import mine, waited
from commsbridge.web.frame import note_frame
from commsbridge.web.photos import photo_row
from commsbridge.web.shown import ICONS, Shown, phrase_lang

pages = Pages()
NEXT_SHOWN = 6
PRAISE = may(Permission.SEND_PRAISE)
NOT_GOING = {messages.State.HELD, messages.State.BY_HAND, messages.State.FAILED, messages.State.CANCELLED}
UNDO_SAYS = N_("On its way to %(names)s.")
UNDO_SAYS_NOBODY = N_("Written in the log. Nothing goes out for now.")
UNDO_OVER = N_("It has gone.")
SENT = {
    MessageKind.PRAISE: N_("Praise for %(name)s"),
    MessageKind.WORK_ON: N_("Something to work on with %(name)s"),
}
UNDO_UNTIL = N_("You can undo it until %(time)s.")
UNDONE = N_("Taken back. Nothing was sent.")


@pages.route("/praise/<uuid:message_id>", PRAISE)
def sent(message_id: uuid.UUID) -> str:
    """What was just sent: undo first, then where each delivery stands, then who else has waited."""
    with at_school() as here:
        work = here.work
        told = messages.written(work, [message_id]).get(message_id)
        if told is None or told.message.student_id is None:
            raise NotFound(N_("That message is not here."))
        student = students.student_for(work, here.viewer, told.message.student_id)
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        contacts = whanau.contact_names(work, [each.contact_id for each in told.deliveries if each.contact_id])
        names = going_to(told, contacts)
        own = told.message.staff_id == here.viewer.staff_id
        says = shown.say(UNDO_SAYS, names=shown.names(names)) if names else shown.say(UNDO_SAYS_NOBODY)
        url = url_for("undo", message_id=message_id)
        undo = undo_row(told.message, shown, says, over=UNDO_OVER if names else "", url=url) if own else None
        over = (
            shown.say(UNDONE)
            if told.message.undone_at
            else None
            if undo
            else shown.say(UNDO_OVER)
            if own and names
            else None
        )
        others = [
            each for each in waited(work, mine(work, here.viewer)) if each.student.id != student.id and each.can_send
        ]
        return render_template(
            "sent.html",
            title=shown.say(SENT[told.message.kind], name=student.preferred_name),
            student={"id": student.id, "name": student.name, "short": student.preferred_name},
            undo=undo,
            over=over,
            words=messages.words_of(told, student.preferred_name, language()),
            lang=phrase_lang(language()) if told.phrase else None,
            photo=photo_row(student.id, told.photo) if told.photo else None,
            deliveries=delivery_rows(told, contacts, shown),
            next_up=[each.row(shown) for each in others[:NEXT_SHOWN]],
        )


def _name(contacts: dict[uuid.UUID, str], delivery: messages.Delivery) -> str:
    return contacts.get(delivery.contact_id, "") if delivery.contact_id else ""


def going_to(told: Written, contacts: dict[uuid.UUID, str]) -> list[str]:
    """Whom a message is on its way to, by name."""
    going = [_name(contacts, each) for each in told.deliveries if each.state not in NOT_GOING]
    return sorted(going, key=sort_key)


def delivery_rows(told: Written, contacts: dict[uuid.UUID, str], shown: Shown) -> list[dict[str, str]]:
    """Where each delivery of a message stands, by the name of whom it is for."""
    return [
        {
            "kind": shown.standing(each)["kind"],
            "sentence": f"{_name(contacts, each)}: {shown.standing(each)['sentence']}",
            "icon": ICONS.get(each.channel, "text"),
        }
        for each in sorted(told.deliveries, key=lambda each: sort_key(_name(contacts, each)))
    ]


def undo_row(message: messages.Message, shown: Shown, says: str, *, over: str, url: str) -> dict[str, Any] | None:
    """The row that offers to take it back, while there is time; ``over`` is what it says then (or "")."""
    if message.undone_at is not None or message.undo_until is None or message.undo_until <= shown.now:
        return None
    local = shown.calendar.local(message.undo_until)
    return {
        "sentence": says,
        "url": url,
        "seconds": max(1, int((message.undo_until - shown.now).total_seconds())),
        "until": shown.say(UNDO_UNTIL, time=f"{local:%H:%M:%S}"),
        "over": shown.say(over) if over else "",
    }


@pages.route("/praise/<uuid:message_id>/undo", PRAISE, methods=("POST",))
def undo(message_id: uuid.UUID) -> Response:
    """Take it back; when it is too late the page says so."""
    with at_school() as here:
        messages.undo_message(here.work, message_id)
    return redirect(url_for("sent", message_id=message_id))
