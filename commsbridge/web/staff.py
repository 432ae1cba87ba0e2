"""Staff: who works here and as what; people are added, changed and said to have left."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students
from commsbridge.foundation.addresses import read_email
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission, Role, Staff
from commsbridge.web.access import AT_SCHOOL, Pages, may
from commsbridge.web.acting import Here, at_school, language, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
MANAGE = may(Permission.MANAGE_STAFF, confirmed=True)

ROLES = {
    Role.KAIAKO: (N_("Kaiako"), N_("Sees and praises the students they teach.")),
    Role.KAIAWHINA: (N_("Kaiāwhina"), N_("Like a kaiako, but without phone numbers and addresses.")),
    Role.LEARNING_SUPPORT: (N_("Learning support"), N_("Sees the whole school, and decides who may not be messaged.")),
    Role.LEADER: (N_("Leader"), N_("Sees the whole school, and looks after staff and settings.")),
    Role.OFFICE: (N_("Office"), N_("Keeps contacts and the roll; does not read the log.")),
    Role.CHILD_PROTECTION: (N_("Child protection"), N_("Sees the whole school, and reads what worries.")),
    Role.SPEAKER: (N_("Te reo speaker"), N_("Checks the school’s wordings in te reo Māori, and may translate.")),
}
TOLD = {
    "mailed": N_("A link is on its way to %(name)s. It works once, for a week."),
    "ready": N_("%(name)s has a password already, and signs in with it."),
    "unmailed": N_("%(name)s is on the staff. No link could be mailed: this school cannot send mail yet."),
    "kept": N_("Kept."),
    "left": N_("%(name)s is no longer on the staff. What they wrote stays."),
}
NO_PASSWORD = N_("Has not set a password yet.")
LAST_MANAGER = N_("That would leave no leader to look after the staff. Make someone else a leader first.")
FIELDS = ("name", "shown_name", "email", "role")


@pages.route("/staff", AT_SCHOOL, endpoint="staff_list")
def list_staff() -> str:
    """Everybody who works here today, with what they do and whom they teach."""
    with at_school() as here:
        return _page(here)


@pages.route("/staff/new", MANAGE, methods=("GET", "POST"))
def staff_add() -> str | tuple[str, int] | Response:
    """Take somebody on, or back, from today, and mail them a link to set their password."""
    with at_school() as here:
        values = {field: request.form.get(field, "") for field in FIELDS}
        if request.method == "GET":
            return _page(here, adding=values)
        added: list[Staff] = []
        errors = kept(here.work, lambda: added.append(_take_on(here, values)))
        if errors:
            return _page(here, adding=values, errors=errors), 400
    return redirect(url_for("staff_list", told=_invite(added[0]), who=added[0].id))


def _take_on(here: Here, values: Mapping[str, str]) -> Staff:
    return schools.add_staff(
        here.work,
        email=_email(values["email"]),
        name=values["name"],
        shown_name=values["shown_name"],
        roles={Role(values["role"])} if values["role"] in set(Role) else set(),
        from_on=schools.today(here.work),
    )


def _email(written: str) -> str:
    try:
        return read_email(written)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field="email", **refusal.slots) from None


def _invite(person: Staff) -> str:
    """Mail a link, unless they have a password already; gives which sentence says what was done."""
    with at_school() as here:
        if schools.sender_for_mails(here.work) is None:
            return "unmailed"
    with runtime().lobby() as lobby:
        link = schools.invite(lobby, person.account_id)
    if link is None:
        return "ready"
    url = runtime().settings.public_url + url_for("reset_set", token=link.secret)
    with at_school() as here:
        messages.mail_invitation(here.work, person, link, url=url)
    return "mailed"


@pages.route("/staff/<uuid:staff_id>", MANAGE, methods=("GET", "POST"))
def staff_edit(staff_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """What one person does here and whom they teach; that they left; a new link to set their password."""
    with at_school() as here:
        person = _person(here, staff_id)
        if request.method == "GET":
            return _edit_page(here, person, {})
        act = request.form.get("act")
        if act != "invite":
            errors = kept(here.work, lambda: _change(here, person, leaves=act == "leave"))
            if errors:
                return _edit_page(here, person, errors), 400
    if act == "invite":
        return redirect(url_for("staff_list", told=_invite(person), who=staff_id))
    return redirect(url_for("staff_list", told="left" if act == "leave" else "kept", who=staff_id))


def _person(here: Here, staff_id: uuid.UUID) -> Staff:
    on = schools.today(here.work)
    person = next((each for each in schools.staff_all(here.work, on) if each.id == staff_id), None)
    if person is None:
        raise NotFound(N_("We cannot find that person on this school’s staff."))
    return person


def _change(here: Here, person: Staff, *, leaves: bool) -> None:
    """Note that somebody left, or what they do and teach from today. Raises Conflict when no leader would be left."""
    work, today = here.work, schools.today(here.work)
    if leaves:
        schools.leave_staff(work, person, on=today)
    else:
        schools.set_roles(work, person, _roles_typed(), from_on=today)
        _teach(here, person)
    if not schools.staff_with(work, Permission.MANAGE_STAFF, today):
        raise Conflict(LAST_MANAGER, field="roles")


def _roles_typed() -> set[Role]:
    return {role for role in Role if request.form.get(f"role-{role.value}")}


def _teach(here: Here, person: Staff) -> None:
    today = schools.today(here.work)
    taught = {room.id for room in students.classes_taught_by(here.work, person.id, today)}
    for room in students.classes_all(here.work):
        wanted = bool(request.form.get(f"class-{room.id}"))
        if wanted and room.id not in taught:
            students.teach(here.work, person, room, from_on=today)
        elif not wanted and room.id in taught:
            students.end_teaching(here.work, person, room, on=today)


def _page(here: Here, *, adding: Mapping[str, str] | None = None, errors: dict[str, str] | None = None) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    everybody = schools.staff_all(work, schools.today(work))
    manages = here.viewer.may(Permission.MANAGE_STAFF)
    without = schools.without_password(work, [person.account_id for person in everybody]) if manages else set()
    return render_template(
        "office/staff.html",
        people=[_row(here, shown, person, waits=person.account_id in without) for person in everybody],
        add=_add_form(shown, adding) if adding is not None else None,
        add_url=url_for("staff_add") if manages and adding is None else None,
        errors=_beside(errors or {}),
        told=_told(here, shown),
    )


def _beside(errors: dict[str, str]) -> dict[str, str]:
    """The form has one field for a role."""
    return {"role" if field == "roles" else field: sentence for field, sentence in errors.items()}


def _row(here: Here, shown: Shown, person: Staff, *, waits: bool) -> dict[str, Any]:
    today = schools.today(here.work)
    roles = schools.roles_of(here.work, person.id, today)
    manages = here.viewer.may(Permission.MANAGE_STAFF)
    return {
        "staff_id": person.id,
        "name": person.name,
        "shown_name": person.shown_name,
        "email": person.email,
        "roles": [shown.say(label) for role, (label, _) in ROLES.items() if role in roles],
        "classes": ", ".join(room.name for room in students.classes_taught_by(here.work, person.id, today)),
        "state": {"kind": "heed", "sentence": shown.say(NO_PASSWORD)} if waits else None,
        "edit_url": url_for("staff_edit", staff_id=person.id) if manages else None,
    }


def _add_form(shown: Shown, values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "url": url_for("staff_add"),
        "typed": {**values, "role": values["role"] or Role.KAIAKO.value},
        "roles": [
            {"value": role.value, "label": shown.say(label), "small": shown.say(small)}
            for role, (label, small) in ROLES.items()
        ],
    }


def _told(here: Here, shown: Shown) -> str | None:
    """What was just done, about whom."""
    sentence = TOLD.get(request.args.get("told", ""))
    try:
        staff_id = uuid.UUID(request.args.get("who", ""))
    except ValueError:
        return None
    person = schools.staff_by_id(here.work, [staff_id]).get(staff_id)
    return shown.say(sentence, name=person.name) if sentence and person else None


def _edit_page(here: Here, person: Staff, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    today = schools.today(work)
    sent = request.method == "POST"
    held = _roles_typed() if sent else schools.roles_of(work, person.id, today)
    taught = {room.id for room in students.classes_taught_by(work, person.id, today)}
    return render_template(
        "office/staff_edit.html",
        person={"id": person.id, "name": person.name, "shown_name": person.shown_name, "email": person.email},
        url=url_for("staff_edit", staff_id=person.id),
        roles=[
            {"name": f"role-{role.value}", "label": shown.say(label), "small": shown.say(small), "on": role in held}
            for role, (label, small) in ROLES.items()
        ],
        classes=[
            {
                "name": f"class-{room.id}",
                "label": room.name,
                "on": bool(request.form.get(f"class-{room.id}")) if sent else room.id in taught,
            }
            for room in students.classes_all(work)
        ],
        no_password=bool(schools.without_password(work, [person.account_id])),
        errors=errors,
    )
