"""Messages to whānau: a note to a family, a class or the school; who gets what, its cost, and what became of it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say_many
from commsbridge.foundation.names import sort_key
from commsbridge.messages import Audience, Notice, NoticeDraft, Outlook, State, Told
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.shown import ICONS, Shown, lang_of, tone

pages = Pages()
WRITE = may(Permission.SEND_NOTICE)

SCHOOL = N_("The whole school")
FAMILY = N_("The whānau of %(name)s")
NO_AUDIENCE = N_("Choose whom it is for.")
MORE_LIKE = N_("And %(num)s more like this.")
AT_ONCE = N_("They leave at once.")
MINUTES = N_("They take about %(num)s minutes to leave.")
COST = N_("The texts cost about $%(dollars)s.")
HELD = N_("%(num)s of them are held until somebody lets them go, or a quiet time ends.")
NOT_REACHED = N_("No way to reach the whānau of %(names)s.")
UNDO_UNTIL = N_("You can undo it until %(time)s.")
UNDO_OVER = N_("It has gone.")
UNDONE = N_("Taken back. Nothing was sent.")
URGENT = N_("Sent as urgent: %(reason)s")
BY_HAND = N_("%(num)s by hand")
TO_SCHOOL = N_("To the whole school")
TO_CLASS = N_("To %(name)s")
TO_FAMILY = N_("To the whānau of %(name)s")
COUNTED = {
    State.DELIVERED: N_("%(num)s arrived"),
    State.SENT: N_("%(num)s sent, not yet known to have arrived"),
    State.SENDING: N_("%(num)s on their way"),
    State.QUEUED: N_("%(num)s waiting to go"),
    State.HELD: N_("%(num)s held"),
    State.BY_HAND: N_("%(num)s for a person to do"),
    State.UNCERTAIN: N_("%(num)s not known whether they went"),
    State.FAILED: N_("%(num)s did not arrive"),
    State.CANCELLED: N_("%(num)s cancelled"),
}
HEEDED = {State.HELD: "heed", State.BY_HAND: "heed", State.UNCERTAIN: "heed", State.FAILED: "amiss"}


@pages.route("/messages", WRITE, endpoint="notices")
def notices() -> str:
    """What was sent lately, and whom one may write to."""
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        sees_all = here.viewer.may(Permission.SEND_TO_SCHOOL)
        found = messages.notices_sent(work, by=None if sees_all else here.viewer.staff_id)
        staff = schools.staff_by_id(work, {notice.staff_id for notice in found})
        return render_template(
            "notices.html",
            audiences=[each for each in _audiences(here, shown) if each["value"]],
            rows=[
                {
                    "day": shown.day(notice.made_at),
                    "time": shown.time(notice.made_at),
                    "iso": shown.iso(notice.made_at),
                    "to": _to(here, shown, notice),
                    "by": staff[notice.staff_id].shown_name,
                    "words": notice.words_mi or notice.words_en,
                    "lang": "mi" if notice.words_mi else "en-NZ",
                    "undone": notice.undone_at is not None,
                    "url": url_for("notice", notice_id=notice.id),
                }
                for notice in found
                if _may_see(here, notice)
            ],
        )


def _audiences(here: Here, shown: Shown) -> list[dict[str, Any]]:
    """Whom this person may write to at once; families are found by their child."""
    offered = [{"value": "", "label": shown.say(N_("Choose"))}]
    if here.viewer.may(Permission.SEND_TO_SCHOOL):
        offered.append({"value": "school", "label": shown.say(SCHOOL)})
    if here.viewer.may(Permission.SEND_TO_CLASS):
        offered += [{"value": f"class:{each.id}", "label": each.name} for each in _classes(here)]
    return offered


def _classes(here: Here) -> list[students.Class]:
    """The classes this person may write to: those they teach, or those of the school that have children now."""
    on = schools.today(here.work)
    if not here.viewer.may(Permission.SEE_WHOLE_SCHOOL):
        return students.classes_taught_by(here.work, here.viewer.staff_id, on)
    used = {each.id for found in students.classes_by_student(here.work, on).values() for each in found}
    return [each for each in students.classes_all(here.work) if each.id in used]


def _draft_of_form() -> NoticeDraft | None:
    """What was typed; None when nobody was chosen."""
    to = request.values.get("to", "")
    kind, _, written = to.partition(":")
    if kind not in set(Audience):
        return None
    return NoticeDraft(
        Audience(kind),
        read_id(written),
        words_en=request.form.get("words_en", ""),
        words_mi=request.form.get("words_mi", ""),
        urgent=request.form.get("urgent") == "yes",
        reason=request.form.get("reason", ""),
    )


def _children(here: Here, draft: NoticeDraft) -> list[Student]:
    """Whose families it is for. Raises NotAllowed or NotFound for whom this person may not write to."""
    on = schools.today(here.work)
    if draft.audience is Audience.SCHOOL:
        schools.allow(here.viewer, Permission.SEND_TO_SCHOOL)
        return students.students_in(here.work, None, on)
    if draft.audience_id is None:
        raise NotFound(N_("There is no such class or child among those you may write to."))
    if draft.audience is Audience.CLASS:
        schools.allow(here.viewer, Permission.SEND_TO_CLASS)
        if all(each.id != draft.audience_id for each in _classes(here)):
            raise NotFound(N_("There is no such class or child among those you may write to."))
        return students.students_in(here.work, draft.audience_id, on)
    return [students.student_for(here.work, here.viewer, draft.audience_id)]


@pages.route("/messages/new", WRITE, methods=("GET", "POST"), endpoint="notice_new")
def notice_new() -> str | tuple[str, int] | Response:
    """Write a message, look at who gets what, and send it. The same form sent twice is one message."""
    draft = _draft_of_form()
    with at_school() as here:
        if request.method == "GET" or draft is None:
            errors = {"to": Shown(language(), schools.calendar_of(here.work), here.work.now).say(NO_AUDIENCE)}
            wrong = request.method == "POST"
            return (_page(here, draft, errors if wrong else {}), 400 if wrong else 200)
        children = _children(here, draft)
        try:
            checked = messages.check_notice(here.work, draft, here.viewer)
            if request.form.get("act") != "send":
                return _page(here, checked, {}, children=children)
        except Invalid as refusal:
            return _page(here, draft, _wrong(here, refusal)), 400
    confirmed = request.form.get("confirmed", "")
    key = once_key(draft.audience, draft.audience_id, draft.words_en, draft.words_mi, draft.urgent)
    try:
        with at_school() as here:
            sent = messages.send_notice(
                here.work,
                checked,
                children,
                links=runtime().links,
                once_key=key,
                confirmed=int(confirmed) if confirmed.isdecimal() else None,
            )
            notice_id = sent.id
    except (Invalid, Conflict) as refusal:
        with at_school() as here:
            status = 409 if isinstance(refusal, Conflict) else 400
            return _page(here, checked, _wrong(here, refusal), children=children), status
    return redirect(url_for("notice", notice_id=notice_id))


def _wrong(here: Here, refusal: Invalid | Conflict) -> dict[str, str]:
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    return {refusal.field or "": shown.say(refusal.sentence, **refusal.slots)}


def _page(here: Here, draft: NoticeDraft | None, errors: dict[str, str], *, children: Sequence[Student] = ()) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    audiences = _audiences(here, shown)
    if draft is not None and draft.audience is Audience.FAMILY and draft.audience_id is not None:
        child = students.student_for(work, here.viewer, draft.audience_id)
        family = {"value": f"family:{child.id}", "label": shown.say(FAMILY, name=child.preferred_name)}
        audiences = [family, *audiences]
    seen = messages.outlook(work, draft, children, links=runtime().links) if draft and children else None
    return render_template(
        "notice_new.html",
        audiences=audiences,
        values={
            "to": request.values.get("to", ""),
            "words_mi": draft.words_mi if draft else "",
            "words_en": draft.words_en if draft else "",
            "urgent": bool(draft and draft.urgent),
            "reason": draft.reason if draft else "",
        },
        longest=messages.LONGEST_NOTICE,
        may_be_urgent=not here.viewer.roles.isdisjoint(schools.sending_of(work).urgent_roles),
        form_key=request.form.get("form_key") or secrets.token_urlsafe(16),
        errors=errors,
        outlook=_outlook(here, shown, seen) if seen and draft else None,
        questions=_questions(here, shown, draft, children) if seen and draft else [],
        **_samples(here, shown, seen),
    )


def _outlook(here: Here, shown: Shown, seen: Outlook) -> dict[str, Any]:
    """What it would do, in sentences."""
    ways = [
        say_many(shown.language, "%(num)s text", "%(num)s texts", seen.texts) if seen.texts else "",
        say_many(shown.language, "%(num)s email", "%(num)s emails", seen.mails) if seen.mails else "",
        shown.say(BY_HAND, num=seen.by_hand) if seen.by_hand else "",
    ]
    minutes = round(seen.seconds / 60)
    hidden = {child.id for child in seen.families_not_reached} - _seen_children(here)
    names = [child.preferred_name for child in seen.families_not_reached if child.id not in hidden]
    return {
        "people": seen.people,
        "reaches": say_many(
            shown.language,
            "It goes to one person: %(ways)s.",
            "It goes to %(num)s people: %(ways)s.",
            seen.people,
            ways=shown.names([way for way in ways if way]),
        ),
        "cost": shown.say(COST, dollars=f"{seen.cents / 100:.2f}") if seen.texts else None,
        "takes": shown.say(MINUTES, num=minutes) if minutes else shown.say(AT_ONCE),
        "held": shown.say(HELD, num=seen.held) if seen.held else None,
        "not_reached": shown.say(NOT_REACHED, names=shown.names(names)) if names else None,
    }


def _seen_children(here: Here) -> set[uuid.UUID]:
    return {each.id for each in students.students_seen_by(here.work, here.viewer, schools.today(here.work))}


def _questions(here: Here, shown: Shown, draft: NoticeDraft, children: Sequence[Student]) -> list[str]:
    """What to look at before words that name a child, or speak of health, go to many."""
    own = children[0] if draft.audience is Audience.FAMILY and children else None
    others = {
        each.id: (each.preferred_name,)
        for each in students.students_in(here.work, None, schools.today(here.work))
        if own is None or each.id != own.id
    }
    names = (own.preferred_name, own.name) if own else ()
    words = f"{draft.words_en}\n{draft.words_mi}"
    return [
        each.said(shown.language) for each in messages.questions_for(words, child_names=names, other_children=others)
    ]


def _samples(here: Here, shown: Shown, seen: Outlook | None) -> dict[str, Any]:
    """One of each kind of text and mail, with how many more are like it; everybody of one family."""
    children = _seen_children(here) if seen else set()
    going = [
        each
        for each in (seen.told if seen else ())
        if each.planned is not None and each.carried_by is None and each.student.id in children
    ]
    kinds: dict[tuple[str, str], list[Told]] = {}
    for each in going:
        if each.planned is not None and each.composed is not None:
            kinds.setdefault((each.planned.channel.value, each.composed.language), []).append(each)
    return {
        "previews": [_card(here, shown, found[0], more=len(found) - 1) for found in kinds.values()],
        "not_written_to": [],
        "summary": "",
        "send_label": "",
    }


def _card(here: Here, shown: Shown, told: Told, *, more: int) -> dict[str, Any]:
    planned, composed = told.planned, told.composed
    if planned is None or composed is None:
        raise NotFound(N_("That message is not here."))
    school = schools.school_of(here.work)
    states = []
    if told.why is not None:
        standing = messages.reason(told.why, planned.held_until)
        until = planned.held_until or planned.due_at
        states.append({"kind": tone(standing), "sentence": shown.told(standing, until)})
    if more:
        states.append({"kind": "", "sentence": shown.say(MORE_LIKE, num=more)})
    length = composed.length
    return {
        "contact_id": told.recipient.contact_id,
        "name": told.recipient.name.split()[0],
        "channel": planned.channel.value,
        "language": shown.language_asked(composed.language),
        "lang": lang_of(composed.language),
        "text": None if composed.html else composed.body,
        "meter": {"units": length.units, "texts": length.segments, "room": length.room} if length else None,
        "mail": {
            "sender": school.name_en if composed.language == Language.EN.value else school.name_mi,
            "subject": composed.subject,
            "paragraphs": [{"text": words, "lang": code} for words, code in composed.paragraphs],
            "footer": None,
        }
        if composed.html
        else None,
        "states": states,
    }


def _may_see(here: Here, notice: Notice) -> bool:
    """Its writer, and whoever may write to the school; one about a family only for those who see the child."""
    mine = notice.staff_id == here.viewer.staff_id
    if notice.audience is not Audience.FAMILY:
        return mine or here.viewer.may(Permission.SEND_TO_SCHOOL)
    return notice.audience_id in _seen_children(here) and (mine or here.viewer.may(Permission.READ_LOG))


def _to(here: Here, shown: Shown, notice: Notice) -> str:
    if notice.audience is Audience.SCHOOL:
        return shown.say(TO_SCHOOL)
    if notice.audience is Audience.CLASS:
        names = {each.id: each.name for each in students.classes_all(here.work)}
        return shown.say(TO_CLASS, name=names.get(notice.audience_id, "") if notice.audience_id else "")
    known = students.names_of(here.work, [notice.audience_id] if notice.audience_id else [])
    child = known.get(notice.audience_id) if notice.audience_id else None
    return shown.say(TO_FAMILY, name=child.preferred if child else "")


@pages.route("/messages/<uuid:notice_id>", WRITE, endpoint="notice")
def notice(notice_id: uuid.UUID) -> str:
    """What became of one message: undo first, then the numbers, then family by family in plain words."""
    with at_school() as here:
        work = here.work
        report = messages.notice_report(work, notice_id)
        if report is None or not _may_see(here, report.notice):
            raise NotFound(N_("That message is not here."))
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        sent = report.notice
        staff = schools.staff_by_id(work, [sent.staff_id])
        return render_template(
            "notice.html",
            to=_to(here, shown, sent),
            by=staff[sent.staff_id].shown_name,
            undo=_undo_row(here, shown, sent),
            over=shown.say(UNDONE) if sent.undone_at else None,
            urgent=shown.say(URGENT, reason=sent.reason) if sent.urgent else None,
            words=[
                {"text": words, "lang": lang}
                for words, lang in ((sent.words_mi, "mi"), (sent.words_en, "en-NZ"))
                if words
            ],
            counts=[
                {"kind": HEEDED.get(state, ""), "sentence": f"{shown.say(COUNTED[state], num=report.counts[state])}."}
                for state in COUNTED
                if report.counts[state]
            ],
            families=_families(here, shown, report),
        )


def _undo_row(here: Here, shown: Shown, sent: Notice) -> dict[str, Any] | None:
    mine = sent.staff_id == here.viewer.staff_id
    if not mine or sent.undone_at is not None or sent.undo_until <= shown.now:
        return None
    return {
        "sentence": say_many(shown.language, "On its way to one person.", "On its way to %(num)s people.", sent.people),
        "url": url_for("undo_notice", notice_id=sent.id),
        "seconds": max(1, int((sent.undo_until - shown.now).total_seconds())),
        "until": shown.say(UNDO_UNTIL, time=f"{shown.calendar.local(sent.undo_until):%H:%M:%S}"),
        "over": shown.say(UNDO_OVER),
    }


def _families(here: Here, shown: Shown, report: messages.NoticeReport) -> list[dict[str, Any]]:
    """Each child's family with where what went to them stands; those who need somebody first."""
    seen = {each.id: each for each in students.students_seen_by(here.work, here.viewer, schools.today(here.work))}
    found = [(delivery, student_id) for delivery, student_id in report.deliveries if student_id in seen]
    contacts = whanau.contact_names(here.work, {each.contact_id for each, _ in found if each.contact_id})
    again = {delivery.instead_of_id for delivery, _ in found if delivery.state is not State.CANCELLED}
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    for delivery, student_id in found:
        if delivery.why == messages.Why.NOT_ALLOWED and not here.viewer.may(Permission.SEE_LIMITS):
            continue
        child = seen[student_id]
        family = rows.setdefault(student_id, {"name": child.name, "states": [], "rank": 2})
        standing = shown.standing(delivery)
        who = contacts.get(delivery.contact_id, "") if delivery.contact_id else ""
        failed = delivery.state is State.FAILED and delivery.id not in again
        family["rank"] = min(family["rank"], {"amiss": 0, "heed": 1}.get(standing["kind"], 2))
        family["states"].append(
            {
                "kind": standing["kind"],
                "sentence": f"{who}: {standing['sentence']}",
                "icon": ICONS.get(delivery.channel, "text"),
                "again_url": url_for("send_again", delivery_id=delivery.id) if failed else None,
                "who": who,
            }
        )
    return sorted(rows.values(), key=lambda family: (family["rank"], sort_key(family["name"])))


@pages.route("/messages/<uuid:notice_id>/undo", WRITE, methods=("POST",), endpoint="undo_notice")
def undo_notice(notice_id: uuid.UUID) -> Response:
    """Take it back from everybody; when it is too late the page says so."""
    with at_school() as here:
        messages.undo_notice(here.work, notice_id)
    return redirect(url_for("notice", notice_id=notice_id))
