"""Contacts: how a home is reached, in which language and when, and who may be written to about which child."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import sort_key
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web import contact_form
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.contact_form import Values, Wishes
from commsbridge.web.contact_page import (
    contact_page,
    decides,
    new_contact_page,
    new_tie_errors,
    tie_errors,
    tie_typed,
    values_now,
)
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.pauses import read_day
from commsbridge.web.seen import Seen, contact_for, contacts_seen, may_know
from commsbridge.web.shown import Shown
from commsbridge.web.students import class_lines
from commsbridge.whanau import Channel, MayMessage, Way

pages = Pages()
EDIT = may(Permission.EDIT_CONTACTS, confirmed=True)
MOST_LISTED = 30


@pages.route("/contacts", may(Permission.EDIT_CONTACTS), endpoint="contacts")
def find_contacts() -> str:
    """The contacts of a child, or whoever has this name, and a way to add somebody."""
    searched = request.args.get("q", "").strip()
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        note_frame(here)
        found = _found(here, searched) if searched else []
        listed = found[:MOST_LISTED]
        lines = class_lines(here.work, listed)
        return render_template(
            "office/contacts.html",
            q=searched,
            students=[_row(here, shown, student, lines[student.id]) for student in listed],
            more=len(found) > MOST_LISTED,
        )


def _found(here: Here, searched: str) -> list[Student]:
    """The children of this name, and those of a contact of this name; all of them children the viewer sees."""
    on = schools.today(here.work)
    found = {each.id: each for each in students.students_seen_by(here.work, here.viewer, on, search=searched)}
    contacts = whanau.contacts_found(here.work, searched, limit=MOST_LISTED)
    for seen in contacts_seen(here, [contact.id for contact in contacts]):
        found.update({tie.student.id: tie.student for tie in seen.ties})
    return sorted(found.values(), key=lambda student: sort_key(student.name))


def _row(here: Here, shown: Shown, student: Student, class_line: str) -> dict[str, Any]:
    with_limited = here.viewer.may(Permission.SEE_LIMITS)
    on = schools.today(here.work)
    cards = whanau.contacts_of(here.work, student.id, on=on, with_limited=with_limited, sender_ids=[])
    if any(card.guardianship.may_message == MayMessage.NO for card in cards):
        schools.note_look(here.work, subject="limit", subject_id=student.id)
    return {
        "name": student.name,
        "class_line": class_line,
        "add_url": url_for("contact_add", student_id=student.id),
        "pause_url": url_for("pause_student", student_id=student.id),
        "photos_url": url_for("photo_permission", student_id=student.id),
        "contacts": [
            {
                "name": card.contact.name,
                "relation": card.guardianship.relationship,
                "language": shown.language_asked(card.language),
                "edit_url": url_for("contact_edit", contact_id=card.contact.id),
            }
            for card in cards
        ],
    }


@pages.route("/contacts/<uuid:contact_id>", EDIT, methods=("GET", "POST"))
def contact_edit(contact_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """One contact: look, or keep what was changed."""
    with at_school() as here:
        seen = contact_for(here, contact_id)
        if request.method == "GET":
            return contact_page(here, seen, values_now(here.work, seen), {})
        values = contact_form.typed(request.form)
        wishes, errors = contact_form.read(values, language())
        errors |= tie_errors(here, seen)
        if wishes is not None and not errors:
            errors = kept(here.work, lambda: _keep(here, seen, values, wishes))
        if errors:
            return contact_page(here, seen, values, errors), 400
        ways = whanau.ways_in_use(here.work, contact_id)
    return redirect(url_for("contact_edit", contact_id=contact_id, saved=_outcome(values, ways)))


def _keep(here: Here, seen: Seen, values: Values, wishes: Wishes) -> None:
    work, contact = here.work, seen.contact
    whanau.describe(work, contact, name=values["name"], greeting=values["greeting"], note=values["note"])
    before = whanau.ways_in_use(work, contact.id)
    messages.change_ways(work, contact, [*wishes.ways, *contact_form.beyond_form(before)])
    _keep_wishes(here, contact, wishes)
    for tie in seen.ties:
        relationship, may_message, reason = tie_typed(tie.student.id)
        if relationship != tie.guardianship.relationship:
            whanau.set_relationship(work, contact.id, tie.student.id, relationship=relationship)
        standing = MayMessage(tie.guardianship.may_message), tie.guardianship.limit_reason or ""
        if decides(here) and may_message is not None and (may_message, reason) != standing:
            messages.set_access(work, contact.id, tie.student.id, may_message=may_message, reason=reason or None)


def _keep_wishes(here: Here, contact: whanau.Contact, wishes: Wishes) -> None:
    work = here.work
    if whanau.language_of(work, contact.id, on=schools.today(work)) != wishes.language:
        whanau.ask_language(work, contact, wishes.language, by_family=False)
    quiet_from, quiet_until = wishes.quiet or (None, None)
    messages.set_hours(work, contact, quiet_from=quiet_from, quiet_until=quiet_until)


@pages.route("/students/<uuid:student_id>/contacts/new", EDIT, methods=("GET", "POST"))
def contact_add(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Somebody more for a child: an empty form, or the one that was filled."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        if request.method == "GET":
            return new_contact_page(here, student, contact_form.blank(), {})
        values = contact_form.typed(request.form)
        wishes, errors = contact_form.read(values, language())
        errors |= new_tie_errors(here, student)
        added: list[whanau.Guardianship] = []
        if wishes is not None and not errors:
            errors = kept(here.work, lambda: added.append(_introduce(here, student, values, wishes)))
        if errors:
            return new_contact_page(here, student, values, errors), 400
        tie = added[0]
        ways = whanau.ways_in_use(here.work, tie.contact_id)
        told = "asked" if tie.may_message == MayMessage.ASK else _outcome(values, ways)
        if not may_know(here, tie):
            raise NotFound(N_("We cannot find that contact among those you see."))
    return redirect(url_for("contact_edit", contact_id=tie.contact_id, saved=told))


def _introduce(here: Here, student: Student, values: Values, wishes: Wishes) -> whanau.Guardianship:
    relationship, may_message, reason = tie_typed(student.id)
    chosen = may_message if decides(here) and may_message is not None else MayMessage.YES
    return whanau.introduce(
        here.work,
        student.id,
        name=values["name"],
        greeting=values["greeting"],
        note=values["note"],
        language=wishes.language,
        ways=wishes.ways,
        relationship=relationship,
        may_message=chosen,
        limit_reason=reason or None if decides(here) else None,
        quiet=wishes.quiet,
    )


def _outcome(values: Values, ways: list[Way]) -> str:
    """Which sentence says that it is kept: a number that cannot be texted, and nobody reached, are worth a word."""
    if not ways:
        return "unreached"
    wanted_texts = Channel.TEXT.value in {values[field] for field in contact_form.ORDER}
    return "rung" if wanted_texts and all(way.channel != Channel.TEXT for way in ways) else "yes"


@pages.route("/contacts/<uuid:contact_id>/ways/<uuid:way_id>", EDIT, methods=("POST",))
def contact_way(contact_id: uuid.UUID, way_id: uuid.UUID) -> tuple[str, int] | Response:
    """A number or address is right, and how we know, or is taken away; what waits for it goes, or goes no more."""
    with at_school() as here:
        seen = contact_for(here, contact_id)
        if whanau.way_by_id(here.work, way_id).contact_id != contact_id:
            raise NotFound(N_("That number or address is not in use any more."))
        right, rung = request.form.get("act") == "right", request.form.get("rung")
        errors = kept(here.work, lambda: messages.settle_address(here.work, way_id, right=right, rung=rung))
        if errors:
            return contact_page(here, seen, values_now(here.work, seen), errors), 400
    return redirect(url_for("contact_edit", contact_id=contact_id, saved="yes", _anchor="addresses"))


@pages.route("/contacts/<uuid:contact_id>/pause", EDIT, methods=("POST",))
def contact_pause(contact_id: uuid.UUID) -> tuple[str, int] | Response:
    """Pause everything to one contact, or start it again."""
    with at_school() as here:
        seen = contact_for(here, contact_id)
        errors = kept(here.work, lambda: _pause(here, contact_id))
        if errors:
            return contact_page(here, seen, values_now(here.work, seen), errors), 400
    return redirect(url_for("contact_edit", contact_id=contact_id, _anchor="pause"))


def _pause(here: Here, contact_id: uuid.UUID) -> None:
    work = here.work
    running = whanau.running_pauses(work, on=schools.today(work), contact_ids=[contact_id])
    for pause in running:
        if request.form.get("act") == "end" or not pause.for_safety:
            messages.end_pause(work, pause.id)
    if request.form.get("act") != "end":
        messages.pause(work, contact_id=contact_id, until_on=read_day(request.form.get("until_on", "")))
