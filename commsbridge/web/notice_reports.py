"""What became of a message to many: undo first, then the numbers, then family by family in plain words."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, say_many
from commsbridge.foundation.names import sort_key
from commsbridge.messages import Audience, Notice, State
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.notice_previews import seen_children
from commsbridge.web.shown import ICONS, Shown

pages = Pages()
WRITE = may(Permission.SEND_NOTICE)

UNDO_UNTIL = N_("You can undo it until %(time)s.")
UNDO_OVER = N_("It has gone.")
UNDONE = N_("Taken back. Nothing was sent.")
URGENT = N_("Sent as urgent: %(reason)s")
TO_SCHOOL = N_("To the whole school")
TO_CLASS = N_("To %(name)s")
TO_GROUP = N_("To the group %(name)s")
TO_A_GROUP = N_("To a group")
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


def may_see(here: Here, notice: Notice) -> bool:
    """Its writer, and whoever may write to the school; one about a family only for those who see the child."""
    mine = notice.staff_id == here.viewer.staff_id
    if notice.audience is not Audience.FAMILY:
        return mine or here.viewer.may(Permission.SEND_TO_SCHOOL)
    return notice.audience_id in seen_children(here) and (mine or here.viewer.may(Permission.READ_LOG))


def to_whom(here: Here, shown: Shown, notice: Notice) -> str:
    """Whom a message was for, in words."""
    if notice.audience is Audience.SCHOOL:
        return shown.say(TO_SCHOOL)
    if notice.audience is Audience.CLASS:
        names = {each.id: each.name for each in students.classes_all(here.work)}
        return shown.say(TO_CLASS, name=names.get(notice.audience_id, "") if notice.audience_id else "")
    if notice.audience is Audience.GROUP:
        return _to_group(here, shown, notice)
    known = students.names_of(here.work, [notice.audience_id] if notice.audience_id else [])
    child = known.get(notice.audience_id) if notice.audience_id else None
    return shown.say(TO_FAMILY, name=child.preferred if child else "")


def _to_group(here: Here, shown: Shown, notice: Notice) -> str:
    """The group by its name, for its writer, and where it is shared."""
    kept = students.group_names(here.work, [notice.audience_id] if notice.audience_id else [])
    group = kept.get(notice.audience_id) if notice.audience_id else None
    if group is None or (notice.staff_id != here.viewer.staff_id and not group.shared):
        return shown.say(TO_A_GROUP)
    return shown.say(TO_GROUP, name=group.name)


@pages.route("/messages/<uuid:notice_id>", WRITE, endpoint="notice")
def notice(notice_id: uuid.UUID) -> str:
    """What became of one message: undo first, then the numbers, then family by family in plain words."""
    with at_school() as here:
        work = here.work
        report = messages.notice_report(work, notice_id)
        if report is None or not may_see(here, report.notice):
            raise NotFound(N_("That message is not here."))
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        sent = report.notice
        staff = schools.staff_by_id(work, [sent.staff_id])
        return render_template(
            "notice.html",
            to=to_whom(here, shown, sent),
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
