"""Messages to whānau: a note to a family, a group, a class or the school, looked at before it goes."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, support
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.messages import Audience, NoticeDraft
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import beside
from commsbridge.web.notice_previews import outlook_rows, question_rows, samples
from commsbridge.web.notice_reports import may_see, to_whom
from commsbridge.web.shown import Shown

pages = Pages()
WRITE = may(Permission.SEND_NOTICE)

SCHOOL = N_("The whole school")
GROUP = N_("%(name)s (group)")
FAMILY = N_("The whānau of %(name)s")
SIGNPOST = N_("You might like to know of this: %(service)s. What it does and how to ask: %(page)s")
NOBODY_LEFT = N_("You see nobody of that group any more. Put other children in it first.")
NO_AUDIENCE = N_("Choose who it is for.")


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
                    "to": to_whom(here, shown, notice),
                    "by": staff[notice.staff_id].shown_name,
                    "words": notice.words_mi or notice.words_en,
                    "lang": "mi" if notice.words_mi else "en-NZ",
                    "undone": notice.undone_at is not None,
                    "url": url_for("notice", notice_id=notice.id),
                }
                for notice in found
                if may_see(here, notice)
            ],
        )


def _audiences(here: Here, shown: Shown) -> list[dict[str, Any]]:
    """Whom this person may write to at once; families are found by their child."""
    offered = [{"value": "", "label": shown.say(N_("Choose"))}]
    if here.viewer.may(Permission.SEND_TO_SCHOOL):
        offered.append({"value": "school", "label": shown.say(SCHOOL)})
    if here.viewer.may(Permission.SEND_TO_CLASS):
        offered += [{"value": f"class:{each.id}", "label": each.name} for each in _classes(here)]
        groups = students.groups_for(here.work, here.viewer)
        offered += [{"value": f"group:{each.id}", "label": shown.say(GROUP, name=each.name)} for each in groups]
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
        words_en=request.form.get("words_en", _signpost(Language.EN)),
        words_mi=request.form.get("words_mi", _signpost(Language.MI)),
        urgent=request.form.get("urgent") == "yes",
        reason=request.form.get("reason", ""),
    )


def _signpost(reads: Language) -> str:
    """What a page about learning support begins a message with: its writer reads it, changes it, and sends it."""
    named = request.args.get("service", "")
    found = next((each for each in support.services() if each.key == named), None)
    if found is None:
        return ""
    page = f"{runtime().settings.public_url}{url_for('find_support', reo=reads.value, _anchor=f's-{named}')}"
    return say(reads, SIGNPOST, service=found.name_in(reads), page=page)


def _children(here: Here, draft: NoticeDraft) -> list[Student]:
    """Whose families it is for. Raises NotAllowed or NotFound for whom this person may not write to."""
    on = schools.today(here.work)
    if draft.audience is Audience.SCHOOL:
        schools.allow(here.viewer, Permission.SEND_TO_SCHOOL)
        return students.students_in(here.work, None, on)
    if draft.audience_id is None:
        raise NotFound(N_("We cannot find that class or child among those you may write to."))
    if draft.audience is Audience.CLASS:
        schools.allow(here.viewer, Permission.SEND_TO_CLASS)
        if all(each.id != draft.audience_id for each in _classes(here)):
            raise NotFound(N_("We cannot find that class or child among those you may write to."))
        return students.students_in(here.work, draft.audience_id, on)
    if draft.audience is Audience.GROUP:
        return _members(here, draft.audience_id)
    return [students.student_for(here.work, here.viewer, draft.audience_id)]


def _members(here: Here, group_id: uuid.UUID) -> list[Student]:
    """The children of a group whom this person sees. Raises NotAllowed, NotFound, and Conflict where there are none."""
    schools.allow(here.viewer, Permission.SEND_TO_CLASS)
    group = students.group_for(here.work, here.viewer, group_id)
    members = students.members_of(here.work, [group.id])[group.id]
    seen = students.students_seen_by(here.work, here.viewer, schools.today(here.work))
    found = [child for child in seen if child.id in members]
    if not found:
        raise Conflict(NOBODY_LEFT)
    return found


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
            return _page(here, draft, beside(refusal)), 400
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
            return _page(here, checked, beside(refusal), children=children), status
    return redirect(url_for("notice", notice_id=notice_id))


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
        outlook=outlook_rows(here, shown, seen) if seen and draft else None,
        questions=question_rows(here, shown, draft, children) if seen and draft else [],
        **samples(here, shown, seen),
    )
