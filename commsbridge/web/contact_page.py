"""A contact's page as the template takes it, and what its fields about each child say."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for

from commsbridge import books, schools, whanau
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web import contact_form
from commsbridge.web.acting import Here, language
from commsbridge.web.contact_form import Values
from commsbridge.web.frame import note_frame
from commsbridge.web.pauses import child_paused, paused_until
from commsbridge.web.seen import Seen, note_limits_seen
from commsbridge.web.shown import BOTH, CHANNELS, ICONS, Shown
from commsbridge.whanau import Channel, MayMessage, Way, WayState

LONGEST_REASON = 400
LONGEST_RELATIONSHIP = 60
SAVED = {
    "yes": N_("Kept."),
    "rung": N_("Kept. That number cannot get texts, so they are rung instead."),
    "unreached": N_("Kept. Nothing can reach them yet: there is no way to do it."),
    "asked": N_("Kept. Nothing goes to them about this child until learning support or a leader says so."),
}
NOTHING = N_("Nothing")
ANOTHER = N_("Another language")
MAY = {
    MayMessage.YES: (N_("Yes"), None),
    MayMessage.ASK: (N_("Ask first"), N_("Everything is held until somebody says yes.")),
    MayMessage.NO: (N_("No, never"), N_("Only learning support and leaders see that they are a contact.")),
}
RELATIONSHIP_MISSING = N_("Write who they are to the child, as they say it.")
REASON_MISSING = N_("Write why, so that the next person knows.")
TOO_LONG = N_("This is too long: write at most %(longest)s characters.")
NEW_IN_ROLL = N_("New in the roll. Nothing goes there until somebody says it is right.")
WAY_STATES = {
    WayState.HELD: (N_("Held: it may have changed hands. Is it still theirs?"), "heed"),
    WayState.WRONG: (N_("It does not work."), "amiss"),
    WayState.NOT_TEXTABLE: (N_("That phone cannot get texts."), "amiss"),
}
RUNG = N_("Kept after %(who)s rang %(number)s, %(day)s %(time)s.")
HEARD = N_("Kept after %(who)s heard it from them face to face, %(day)s %(time)s.")
CHOOSE = N_("Choose")
RANG = N_("I rang %(who)s on %(number)s, who says so")
TOLD_US = N_("They told me themselves, face to face")
STOPPED = N_("They asked for no messages this way. Only they can start them again.")


def decides(here: Here) -> bool:
    """Whether the viewer sets limits, and so sees the questions about them."""
    return here.viewer.may(Permission.SET_LIMITS)


def tie_field(what: str, student_id: uuid.UUID) -> str:
    """The name of a field about one child."""
    return f"{what}-{student_id}"


def tie_typed(student_id: uuid.UUID) -> tuple[str, MayMessage | None, str]:
    """What was typed about one child: the relationship, what may be sent (None: nothing chosen), and why."""
    chosen = request.form.get(tie_field("may", student_id), "")
    return (
        " ".join(request.form.get(tie_field("relationship", student_id), "").split()),
        MayMessage(chosen) if chosen in set(MayMessage) else None,
        " ".join(request.form.get(tie_field("reason", student_id), "").split()),
    )


def tie_errors(here: Here, seen: Seen) -> dict[str, str]:
    """What is wrong with the fields about each child."""
    wrong: dict[str, str] = {}
    for tie in seen.ties:
        wrong |= _errors_about(here, tie.student.id, MayMessage(tie.guardianship.may_message))
    return wrong


def new_tie_errors(here: Here, student: Student) -> dict[str, str]:
    """What is wrong with the fields about the child of a new contact."""
    return _errors_about(here, student.id, MayMessage.YES)


def _errors_about(here: Here, student_id: uuid.UUID, standing: MayMessage) -> dict[str, str]:
    relationship, may_message, reason = tie_typed(student_id)
    wrong = {}
    if not relationship:
        wrong[tie_field("relationship", student_id)] = say(language(), RELATIONSHIP_MISSING)
    elif len(relationship) > LONGEST_RELATIONSHIP:
        wrong[tie_field("relationship", student_id)] = say(language(), TOO_LONG, longest=LONGEST_RELATIONSHIP)
    if decides(here) and may_message is MayMessage.NO and standing is not MayMessage.NO and not reason:
        wrong[tie_field("reason", student_id)] = say(language(), REASON_MISSING)
    if len(reason) > LONGEST_REASON:
        wrong[tie_field("reason", student_id)] = say(language(), TOO_LONG, longest=LONGEST_REASON)
    return wrong


def values_now(work: Work, seen: Seen) -> Values:
    """The form's fields as the contact stands."""
    contact = seen.contact
    asked = whanau.language_of(work, contact.id, on=schools.today(work))
    return contact_form.values_of(contact, asked, whanau.ways_in_use(work, contact.id))


def contact_page(here: Here, seen: Seen, values: Values, errors: dict[str, str]) -> str:
    """The page of one contact, with the fields as given and what is wrong beside them."""
    work, contact = here.work, seen.contact
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    note_limits_seen(here, seen)
    schools.note_seen(work, subject="contact", subject_id=contact.id)
    today = schools.today(work)
    ids = [tie.student.id for tie in seen.ties]
    names = {tie.student.id: tie.student.preferred_name for tie in seen.ties}
    about = whanau.running_pauses(work, on=today, student_ids=ids)
    return render_template(
        "contact_edit.html",
        contact={"id": contact.id, "name": contact.name},
        title=contact.name,
        form_url=url_for("contact_edit", contact_id=contact.id),
        saved=_saved(shown),
        children=[
            _child(
                tie.student,
                tie.guardianship.relationship,
                tie.guardianship.may_message,
                tie.guardianship.limit_reason,
            )
            for tie in seen.ties
        ],
        addresses=_addresses(here, shown, seen),
        paused=paused_until(shown, whanau.running_pauses(work, on=today, contact_ids=[contact.id])),
        paused_children=[child_paused(shown, pause, names[pause.student_id]) for pause in about if pause.student_id],
        pause_url=url_for("contact_pause", contact_id=contact.id),
        page_url=url_for("contact_own_page", contact_id=contact.id),
        has_word=books.has_word(work, contact.id),
        wishes_url=url_for("contact_wishes", contact_id=contact.id),
        until_on=request.form.get("until_on", ""),
        back_url=_back(here, ids[0]),
        **_fields(here, shown, values, errors),
    )


def new_contact_page(here: Here, student: Student, values: Values, errors: dict[str, str]) -> str:
    """The empty form for somebody more, or the one that was sent, with what is wrong beside its fields."""
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    note_frame(here)
    return render_template(
        "contact_edit.html",
        contact=None,
        title=shown.say(N_("A new contact for %(name)s"), name=student.preferred_name),
        form_url=url_for("contact_add", student_id=student.id),
        saved=None,
        children=[_child(student, "", MayMessage.YES, None)],
        addresses=[],
        paused=None,
        paused_children=[],
        pause_url=None,
        page_url=None,
        has_word=False,
        wishes_url=None,
        until_on="",
        back_url=_back(here, student.id),
        **_fields(here, shown, values, errors),
    )


def _fields(here: Here, shown: Shown, values: Values, errors: dict[str, str]) -> dict[str, Any]:
    """What both pages need for the form."""
    named = [{"value": each.value, "label": each.idiom.name, "lang": each.tag} for each in Language]
    return {
        "values": values,
        "errors": errors,
        "sees_limits": decides(here),
        "languages": [
            *named,
            {"value": "both", "label": shown.say(BOTH)},
            {"value": contact_form.OTHER, "label": shown.say(ANOTHER)},
        ],
        "way_options": [
            {"value": "", "label": shown.say(NOTHING)},
            *({"value": key, "label": shown.say(label)} for key, label in CHANNELS.items()),
        ],
        "may_options": [
            {"value": each.value, "label": shown.say(label), "small": shown.say(small) if small else None}
            for each, (label, small) in MAY.items()
        ],
    }


def _child(student: Student, relationship: str, may_message: str, reason: str | None) -> dict[str, Any]:
    """One child's fields: as typed when the form was sent, else as they stand."""
    was_sent = tie_field("relationship", student.id) in request.form
    typed = tie_typed(student.id)
    chosen = typed[1] or MayMessage(may_message)
    return {
        "student_id": student.id,
        "name": student.preferred_name,
        "relationship": typed[0] if was_sent else relationship,
        "may_message": chosen.value if was_sent else MayMessage(may_message).value,
        "reason": typed[2] if was_sent else reason,
    }


def _saved(shown: Shown) -> str | None:
    sentence = SAVED.get(request.args.get("saved", "")) if request.method == "GET" else None
    return shown.say(sentence) if sentence else None


def _back(here: Here, student_id: uuid.UUID) -> str:
    """The child's page, for whoever may open it; the office goes back to the contacts."""
    may_open = here.viewer.may(Permission.READ_LOG)
    return url_for("student", student_id=student_id) if may_open else url_for("contacts")


def _addresses(here: Here, shown: Shown, seen: Seen) -> list[dict[str, Any]]:
    """Every number and address in use, with what is known of it and what can be said of it."""
    work, contact_id = here.work, seen.contact.id
    senders = [sender.id for sender in schools.senders_of(work)]
    facts = whanau.ways_of(work, [contact_id], sender_ids=senders)[contact_id]
    rung = whanau.rung_for(work, contact_id)
    staff = schools.staff_by_id(work, [row.staff_id for row in rung.values() if row.staff_id])
    stopped = {(way.channel, way.address) for way in facts if way.stopped}
    return [
        {
            "icon": ICONS[way.channel],
            "label": way.address if way.channel == Channel.EMAIL else show_phone(way.address),
            "way": shown.channel(way.channel),
            "state": _state(shown, way, stopped=(way.channel, way.address) in stopped),
            "rung": _rung(shown, rung.get(way.address), staff),
            "id": way.id,
            "doubtful": way.state not in {WayState.OK, WayState.HELD},
            "rings": _rings(here, shown, seen, way) if way.state == WayState.HELD else [],
            "url": url_for("contact_way", contact_id=contact_id, way_id=way.id),
        }
        for way in whanau.ways_in_use(work, contact_id)
        if way.address is not None
    ]


def _rings(here: Here, shown: Shown, seen: Seen, way: Way) -> list[dict[str, str]]:
    """How somebody may know that a held number is theirs."""
    who = seen.contact.name
    numbers = whanau.numbers_beside(here.work, way)
    return [
        {"value": "", "label": shown.say(CHOOSE)},
        *({"value": each, "label": shown.say(RANG, who=who, number=show_phone(each))} for each in numbers),
        {"value": whanau.FACE_TO_FACE, "label": shown.say(TOLD_US)},
    ]


def _rung(shown: Shown, row: whanau.RungNumber | None, staff: Mapping[uuid.UUID, schools.Staff]) -> str | None:
    """Who rang which number before this one was kept, and when."""
    if row is None:
        return None
    known = staff.get(row.staff_id) if row.staff_id else None
    who = known.shown_name if known else ""
    said, number = (HEARD, "") if row.rung == whanau.FACE_TO_FACE else (RUNG, show_phone(row.rung))
    return shown.say(said, who=who, number=number, day=shown.day(row.at), time=shown.time(row.at))


def _state(shown: Shown, way: Way, *, stopped: bool) -> dict[str, str] | None:
    if way.state == WayState.HELD and way.why == whanau.roll.TO_CONFIRM:
        return {"kind": "heed", "sentence": shown.say(NEW_IN_ROLL)}
    if way.state in WAY_STATES:
        sentence, kind = WAY_STATES[WayState(way.state)]
        return {"kind": kind, "sentence": shown.say(sentence)}
    return {"kind": "", "sentence": shown.say(STOPPED)} if stopped else None
