"""Finer wishes of a contact: asked for at school, or chosen by the family on its own page; and the consent ledger."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from commsbridge import messages, schools, whanau
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.links import HEARS, change_page, held_by_link
from commsbridge.web.seen import Seen, contact_for
from commsbridge.web.shown import Shown
from commsbridge.whanau import Asked, ConsentEntry, ConsentKind, WishKind

pages = Pages()
EDIT = may(Permission.EDIT_CONTACTS, confirmed=True)

WEEKENDS: dict[str, tuple[str, str | None]] = {
    "": (N_("Weekends are like other days"), None),
    WishKind.FRIDAY_EVENING: (
        N_("Friday’s good news on Friday evening"),
        N_("It waits until 5 pm, when the family is together."),
    ),
    WishKind.WEEKEND_REST: (
        N_("Rest at the weekend"),
        N_("Nothing from Friday 5 pm until Monday, unless it is urgent."),
    ),
}
QUESTIONS: dict[str, tuple[str, str | None]] = {WishKind.QUESTIONS: (N_("Two short questions a term"), None)}
PERSONS: dict[str, tuple[str, str | None]] = {WishKind.NOT_FROM: (N_("No news from one of the staff"), None)}
CHILD_ALL = N_("All their children here")
CHILD_ONLY = N_("Only %(name)s")
SAVED = N_("Kept. What was waiting follows it from now on.")
TOLD: dict[ConsentKind, str] = {
    ConsentKind.STOP: N_("No more texts to %(address)s."),
    ConsentKind.START: N_("Texts to %(address)s again."),
    ConsentKind.UNSUBSCRIBE: N_("No more email to %(address)s."),
    ConsentKind.RESUBSCRIBE: N_("Email to %(address)s again."),
    ConsentKind.HELP: N_("Asked for help from %(address)s."),
    ConsentKind.AGREED: N_("Gave %(address)s to be written to."),
    ConsentKind.WISH: N_("Asked for: %(wish)s."),
    ConsentKind.WISH_ENDED: N_("No longer asks for: %(wish)s."),
    ConsentKind.PAUSE: N_("A quiet time began."),
    ConsentKind.PAUSE_ENDED: N_("A quiet time ended."),
    ConsentKind.HOURS: N_("Changed the hours when messages may come."),
}
EVIDENCE = {
    "reply": N_("They wrote it themselves."),
    "carrier": N_("The carrier told us."),
    "link": N_("They chose it on their own page."),
    "staff": N_("Written down at school."),
    "roll": N_("From the school’s roll."),
}
BY_WAY = "way_"
WORDING = N_("Wording %(version)s.")


@pages.route("/contacts/<uuid:contact_id>/wishes", EDIT, methods=("GET", "POST"))
def contact_wishes(contact_id: uuid.UUID) -> str | Response:
    """What a contact asked for: look, or keep what they say now."""
    with at_school() as here:
        seen = contact_for(here, contact_id)
        if request.method == "GET":
            return _page(here, seen)
        messages.set_wishes(here.work, contact_id, _typed(here.work, seen), evidence="staff")
        no_answers = request.form.get("no_answers") == "yes"
        whanau.set_no_answers(here.work, seen.contact, no_answers=no_answers)
    return redirect(url_for("contact_wishes", contact_id=contact_id, saved="yes"))


def _typed(work: Work, seen: Seen) -> Asked:
    """What the form says; children the viewer does not see stay as they were."""
    asked = whanau.wishes_of(work, [seen.contact.id])[seen.contact.id]
    shown = {tie.student.id for tie in seen.ties}
    chosen = read_id(request.form.get("about"))
    about = asked.about
    if "about" in request.form:
        about = (about - shown) | {each for each in shown if each == chosen}
    return Asked(
        _one_of("hears", HEARS), about, _one_of("weekend", WEEKENDS), ticked_questions(), not_from=asked.not_from
    )


def ticked_questions() -> bool:
    """Whether the form says yes to two questions a term."""
    return request.form.get("questions") == "yes"


def _one_of(field: str, options: dict[str, tuple[str, str | None]]) -> WishKind | None:
    written = request.form.get(field, "")
    return WishKind(written) if written and written in options else None


def _page(here: Here, seen: Seen) -> str:
    work, contact = here.work, seen.contact
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    asked = whanau.wishes_of(work, [contact.id])[contact.id]
    return render_template(
        "wishes.html",
        contact={"id": contact.id, "name": contact.name},
        saved=shown.say(SAVED) if request.args.get("saved") else None,
        form_url=url_for("contact_wishes", contact_id=contact.id),
        hears=options(shown, HEARS),
        weekends=options(shown, WEEKENDS),
        children=_children(shown, seen),
        values={
            "hears": asked.hears or "",
            "weekend": asked.weekend or "",
            "no_answers": contact.no_answers,
            "questions": asked.questions,
            "about": next((str(tie.student.id) for tie in seen.ties if tie.student.id in asked.about), ""),
        },
        not_from=shown.names(names_of_staff(work, asked.not_from)),
        ledger=_ledger(work, shown, seen),
        whole_url=url_for("contact_whole", contact_id=contact.id),
        back_url=url_for("contact_edit", contact_id=contact.id),
    )


def names_of_staff(work: Work, staff_ids: Collection[uuid.UUID]) -> list[str]:
    """What these members of staff are called, in their order."""
    return sorted(each.shown_name for each in schools.staff_by_id(work, staff_ids).values())


def options(shown: Shown, offered: dict[str, tuple[str, str | None]]) -> list[dict[str, Any]]:
    """Answers as the form's macros take them."""
    return [
        {"value": str(value), "label": shown.say(label), "small": shown.say(small) if small else None}
        for value, (label, small) in offered.items()
    ]


def _children(shown: Shown, seen: Seen) -> list[dict[str, Any]]:
    """Whom they like to hear about, where there is more than one child to choose among."""
    if len(seen.ties) < 2:
        return []
    only = [
        {"value": str(tie.student.id), "label": shown.say(CHILD_ONLY, name=tie.student.preferred_name)}
        for tie in seen.ties
    ]
    return [{"value": "", "label": shown.say(CHILD_ALL)}, *only]


def _ledger(work: Work, shown: Shown, seen: Seen) -> list[dict[str, Any]]:
    entries = whanau.ledger_of(work, seen.contact.id)
    staff = schools.staff_by_id(work, {entry.staff_id for entry in entries if entry.staff_id})
    names = {tie.student.id: tie.student.preferred_name for tie in seen.ties}
    return [
        {
            "day": shown.day(entry.at),
            "time": shown.time(entry.at),
            "iso": shown.iso(entry.at),
            "sentence": _told(shown, entry, names),
            "evidence": " ".join(
                filter(
                    None,
                    [
                        shown.say(EVIDENCE[entry.evidence]) if entry.evidence in EVIDENCE else "",
                        staff[entry.staff_id].shown_name + "." if entry.staff_id in staff else "",
                        shown.say(WORDING, version=entry.wording) if entry.wording else "",
                    ],
                )
            ),
        }
        for entry in entries
        if entry.student_id is None or entry.student_id in names
    ]


def _told(shown: Shown, entry: ConsentEntry, names: dict[uuid.UUID, str]) -> str:
    address = entry.address or ""
    return shown.say(
        TOLD[entry.kind],
        address=show_phone(address) if address.startswith("+") else address,
        wish=_named(shown, entry, names),
    )


def _named(shown: Shown, entry: ConsentEntry, names: dict[uuid.UUID, str]) -> str:
    if entry.student_id is not None:
        return shown.say(CHILD_ONLY, name=names.get(entry.student_id, ""))
    if entry.wish and entry.wish.startswith(BY_WAY):
        return shown.channel(entry.wish.removeprefix(BY_WAY))
    known = {**HEARS, **WEEKENDS, **QUESTIONS, **PERSONS}
    return shown.say(known[entry.wish][0]) if entry.wish in known else ""


@pages.route("/wishes/<token>", LINK, methods=("POST",))
def family_wishes(token: str) -> str:
    """A family says on its own page how much should come: less or more of it, without signing in."""
    school, delivery_id = held_by_link(token)
    with runtime().work(school.id) as work:
        found = messages.delivery_of(work, delivery_id)
        if found is None or found[0].contact_id is None:
            raise PageNotFound
        contact_id = found[0].contact_id
        asked = whanau.wishes_of(work, [contact_id])[contact_id]
        wished = replace(asked, hears=_one_of("hears", HEARS))
        messages.set_wishes(work, contact_id, wished, evidence="link", evidence_id=delivery_id)
        return change_page(work, school, found[0], token, changed=False, wished=True)
