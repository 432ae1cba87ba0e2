"""Students: find one; one student's page with the partnership log and whānau beside it; write into the log by hand."""

from __future__ import annotations

import base64
import binascii
import secrets
import uuid
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, partnership, schools, students, whanau
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, say
from commsbridge.foundation.work import Work
from commsbridge.partnership import Moment
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.about import about_rows
from commsbridge.web.access import AT_SCHOOL, Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id
from commsbridge.web.children import waited
from commsbridge.web.frame import note_frame
from commsbridge.web.hard_days import held_sentences
from commsbridge.web.hints import SAYS_OF_HARD_THINGS, hints_beside
from commsbridge.web.keeping import beside
from commsbridge.web.later import later_rows
from commsbridge.web.photo_permission import permission_says
from commsbridge.web.safety import with_named_sentences
from commsbridge.web.shown import ICONS, Shown
from commsbridge.web.support_requests import open_sentences
from commsbridge.web.timeline import log_rows
from commsbridge.whanau import ContactCard, MayMessage, WayState

pages = Pages()
MOST_LISTED = 60
FEW = 7
LOG_PAGE = 20
LAST_NUMBER = 2**63 - 1  # lines are numbered with a bigint
NOON = time(12)
WRITTEN = ("kind", "contact_id", "words", "happened_on")

YEAR = N_("Year %(year)s")
EVERYTHING = N_("Everything")
TALKS = N_("Notes and talks")
LIMITED = N_("There is a contact here who is never messaged. You can see why because of your role.")
NEVER_MESSAGED = N_("Never messaged about this child")
ASK_FIRST = N_("Not yet confirmed: nothing goes until the office says so")
PAUSED = N_("This whānau is having a quiet time: nothing cheerful goes.")
NO_TEXTS = N_("Asked for no messages this way")
WAY_WRONG = N_("A number or address does not work: the office is asked to mend it")
HOURS = N_("Not between %(start)s and %(end)s")
FILTERS: dict[str, tuple[str, tuple[Moment, ...] | None]] = {
    "": (EVERYTHING, None),
    "praise": (N_("Praise"), (Moment.PRAISE,)),
    "replies": (N_("Replies"), (Moment.REPLY,)),
    "talks": (TALKS, (Moment.STAFF_NOTE, Moment.GATE, Moment.CALL)),
}
KINDS = {
    Moment.GATE: N_("A talk at the gate"),
    Moment.CALL: N_("A phone call"),
    Moment.STAFF_NOTE: N_("A note"),
}


def class_lines(work: Work, found: list[Student]) -> dict[uuid.UUID, str]:
    """Class and year of each student in a line."""
    today = schools.today(work)
    by_student = students.classes_by_student(work, today, [each.id for each in found])
    shown = Shown(language(), schools.calendar_of(work), work.now)
    lines = {}
    for each in found:
        parts = [room.name for room in by_student.get(each.id, [])]
        if each.year_level is not None:
            parts.append(shown.say(YEAR, year=each.year_level))
        lines[each.id] = ", ".join(parts)
    return lines


@pages.route("/students", AT_SCHOOL, endpoint="students")
def find_students() -> str:
    """Find a student by any part of the name, with or without macrons; or choose whom to praise."""
    searched = request.args.get("q", "").strip()
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        today = schools.today(work)
        everybody = students.students_seen_by(work, here.viewer, today)
        found = students.students_seen_by(work, here.viewer, today, search=searched) if searched else everybody
        listed = found[:MOST_LISTED]
        lines = class_lines(work, listed)
        rows = [
            {**each.row(shown), "name": each.student.name, "class_line": lines[each.student.id]}
            for each in waited(work, listed)
        ]
        return render_template(
            "students.html",
            q=searched,
            choosing=request.args.get("choose") == "praise" and here.viewer.may(Permission.SEND_PRAISE),
            total=len(everybody),
            students=rows,
            more=len(found) > MOST_LISTED,
        )


@pages.route("/students/found", AT_SCHOOL)
def found_students() -> str:
    """The few that a search in the bar finds while one types."""
    searched = request.args.get("q", "").strip()
    with at_school() as here:
        work = here.work
        found = students.students_seen_by(work, here.viewer, schools.today(work), search=searched) if searched else []
        listed = found[:FEW]
        lines = class_lines(work, listed)
        return render_template(
            "parts/found.html",
            q=searched,
            students=[{"student_id": each.id, "name": each.name, "class_line": lines[each.id]} for each in listed],
            more=len(found) > FEW,
            total=len(found),
        )


@pages.route("/students/<uuid:student_id>", may(Permission.READ_LOG))
def student(student_id: uuid.UUID) -> str:
    """One student: who they are, the partnership log, and whānau."""
    with at_school() as here:
        found = students.student_for(here.work, here.viewer, student_id)
        schools.note_seen(here.work, subject="child", subject_id=found.id)
        return _page(here, found, errors={})


@pages.route("/students/<uuid:student_id>/log", may(Permission.WRITE_NOTE), methods=("POST",))
def write_log(student_id: uuid.UUID) -> tuple[str, int] | Response:
    """Write a note, a talk at the gate or a phone call into the log."""
    with at_school() as here:
        work = here.work
        found = students.student_for(work, here.viewer, student_id)
        try:
            partnership.write_korero(
                work,
                student_id=found.id,
                moment=_moment(request.form.get("kind")),
                words=request.form.get("words", ""),
                happened_at=_happened(work, request.form.get("happened_on", "")),
                contact_id=_contact(work, found, request.form.get("contact_id")),
                once_key=once_key(found.id, *(request.form.get(field) for field in WRITTEN)),
            )
        except Invalid as refusal:
            return _page(here, found, errors=beside(refusal, {"moment": "kind", "happened_at": "happened_on"})), 400
    return redirect(url_for("student", student_id=student_id))


def _moment(written: str | None) -> Moment:
    return Moment(written) if written in set(KINDS) else Moment.PRAISE


def _happened(work: Work, written: str) -> datetime:
    """The moment a talk happened: now for today, noon for an earlier day."""
    today = schools.today(work)
    try:
        day = date.fromisoformat(written) if written else today
    except ValueError:
        raise Invalid(N_("Write the day like 2026-11-17."), field="happened_on") from None
    if day == today:
        return work.now
    return datetime.combine(day, NOON, tzinfo=ZoneInfo(schools.calendar_of(work).time_zone))


def _contact(work: Work, found: Student, written: str | None) -> uuid.UUID | None:
    """The contact a talk was with: one of this child's, or nobody in particular."""
    wanted = read_id(written)
    cards = whanau.contacts_of(work, found.id, on=schools.today(work), with_limited=False, sender_ids=[])
    return wanted if any(card.contact.id == wanted for card in cards) else None


def _page(here: Here, found: Student, *, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    today = schools.today(work)
    note_frame(here)
    sees_limits = here.viewer.may(Permission.SEE_LIMITS)
    sender_ids = [sender.id for sender in schools.senders_of(work)]
    cards = whanau.contacts_of(work, found.id, on=today, with_limited=sees_limits, sender_ids=sender_ids)
    if any(card.guardianship.may_message == MayMessage.NO for card in cards):
        schools.note_look(work, subject="limit", subject_id=found.id)
    own = waited(work, [found])[0]
    entries = partnership.timeline(
        work,
        found.id,
        moments=FILTERS.get(request.args.get("show", ""), FILTERS[""])[1],
        search=request.args.get("q", ""),
        before=_read_before(request.args.get("before")),
        limit=LOG_PAGE + 1,
    )
    shown_entries = entries[:LOG_PAGE]
    return render_template(
        "student.html",
        student={
            "id": found.id,
            "name": found.name,
            "short": found.preferred_name,
            "class_line": class_lines(work, [found])[found.id],
            "tally": list(own.tally),
            "term": own.last(shown),
            "can_send": here.viewer.may(Permission.SEND_PRAISE) and own.can_send,
            "paused": shown.say(PAUSED) if any(card.pauses for card in cards) else None,
        },
        about=about_rows(work, found, shown),
        about_url=url_for("about", student_id=found.id) if here.viewer.may(Permission.WRITE_NOTE) else None,
        target_url=url_for("target", student_id=found.id) if here.viewer.may(Permission.SET_TARGET) else None,
        photos=permission_says(work, found, shown),
        photos_url=_photos_url(here, found),
        contacts=[_card(here, shown, card) for card in cards],
        add_contact_url=_add_contact_url(here, found),
        pause_url=url_for("pause_student", student_id=found.id),
        concern_url=url_for("concern", student_id=found.id) if here.viewer.may(Permission.WRITE_CONCERN) else None,
        hard_days=[*held_sentences(work, found, shown), *with_named_sentences(work, found, shown)],
        hidden_url=_hidden_url(here, found),
        support=open_sentences(here, shown, found),
        limits=shown.say(LIMITED) if any(card.guardianship.may_message == MayMessage.NO for card in cards) else None,
        waiting=later_rows(work, messages.waiting_praise(work, [found.id]), shown),
        log=log_rows(work, shown_entries, found, shown, sees_limits=sees_limits, viewer=here.viewer),
        filters=_filters(found),
        q=request.args.get("q", ""),
        older_url=_older(found, shown_entries) if len(entries) > LOG_PAGE else None,
        write=_write(here, shown, found, cards) if here.viewer.may(Permission.WRITE_NOTE) else None,
        errors=errors,
    )


def _add_contact_url(here: Here, found: Student) -> str | None:
    may_add = here.viewer.may(Permission.EDIT_CONTACTS)
    return url_for("contact_add", student_id=found.id) if may_add else None


def _photos_url(here: Here, found: Student) -> str | None:
    keeps = here.viewer.may(Permission.KEEP_PHOTO_PERMISSION)
    return url_for("photo_permission", student_id=found.id) if keeps else None


def _hidden_url(here: Here, found: Student) -> str | None:
    sets_limits = here.viewer.may(Permission.SET_LIMITS)
    return url_for("hidden_from", student_id=found.id) if sets_limits else None


def _card(here: Here, shown: Shown, card: ContactCard) -> dict[str, Any]:
    sees = here.viewer.may(Permission.SEE_ADDRESSES)
    contact = card.contact
    ways = [
        {
            "icon": ICONS[way.channel],
            "label": _way_label(shown, way.channel.value, way.address if sees else None),
        }
        for way in card.ways
    ]
    hours = None
    if contact.quiet_from and contact.quiet_until:
        hours = shown.say(HOURS, start=f"{contact.quiet_from:%H:%M}", end=f"{contact.quiet_until:%H:%M}")
    edit = url_for("contact_edit", contact_id=contact.id) if here.viewer.may(Permission.EDIT_CONTACTS) else None
    return {
        "contact_id": contact.id,
        "name": contact.name,
        "relation": card.guardianship.relationship,
        "language": shown.language_asked(card.language),
        "ways": ways,
        "hours": hours,
        "state": _card_state(shown, card),
        "edit_url": edit,
    }


def _way_label(shown: Shown, channel: str, address: str | None) -> str:
    if address is None:
        return shown.channel(channel)
    return f"{shown.channel(channel)} {show_phone(address) if channel != 'email' else address}"


def _card_state(shown: Shown, card: ContactCard) -> dict[str, str] | None:
    if card.guardianship.may_message == MayMessage.NO:
        return {"kind": "heed", "sentence": shown.say(NEVER_MESSAGED)}
    if card.guardianship.may_message == MayMessage.ASK:
        return {"kind": "heed", "sentence": shown.say(ASK_FIRST)}
    if any(way.stopped for way in card.ways):
        return {"kind": "", "sentence": shown.say(NO_TEXTS)}
    if any(way.state != WayState.OK for way in card.ways):
        return {"kind": "amiss", "sentence": shown.say(WAY_WRONG)}
    return None


def _filters(found: Student) -> list[dict[str, Any]]:
    chosen = request.args.get("show", "")
    return [
        {
            "label": say(language(), label),
            "url": url_for("student", student_id=found.id, show=key or None),
            "on": key == chosen,
        }
        for key, (label, _) in FILTERS.items()
    ]


def _write(here: Here, shown: Shown, found: Student, cards: list[ContactCard]) -> dict[str, Any]:
    today = schools.today(here.work).isoformat()
    people = [{"value": str(card.contact.id), "label": card.contact.name} for card in cards]
    return {
        "url": url_for("write_log", student_id=found.id),
        "kind": request.form.get("kind", Moment.GATE.value),
        "contact_id": request.form.get("contact_id", ""),
        "words": request.form.get("words", ""),
        "key": request.form.get("form_key") or secrets.token_urlsafe(16),
        "happened_on": request.form.get("happened_on", ""),
        "today": today,
        "kinds": [{"value": moment.value, "label": shown.say(label)} for moment, label in KINDS.items()],
        "contacts": [{"value": "", "label": shown.say(N_("Nobody in particular"))}, *people] if people else [],
        "hinting": hints_beside(
            here.work,
            shown,
            {"words": (request.form.get("words", ""), found.preferred_name)},
            asked=request.method == "POST",
            says=SAYS_OF_HARD_THINGS,
        ),
    }


def _older(found: Student, entries: list[partnership.Entry]) -> str:
    last = entries[-1].line
    mark = base64.urlsafe_b64encode(f"{last.at.isoformat()} {last.number}".encode()).decode().rstrip("=")
    show, searched = request.args.get("show") or None, request.args.get("q") or None
    return url_for("student", student_id=found.id, before=mark, show=show, q=searched)


def _read_before(mark: str | None) -> tuple[datetime, int] | None:
    """The last line already seen; a mark that is none of ours begins at the newest."""
    if not mark:
        return None
    try:
        written, line = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().rsplit(" ", 1)
        at, number = datetime.fromisoformat(written), int(line)
    except (ValueError, binascii.Error):
        return None
    return (at, number) if at.tzinfo is not None and 0 < number <= LAST_NUMBER else None
