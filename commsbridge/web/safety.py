"""Safety: what worries is opened and decided by the people a school named, and the school says who they are."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, conversations, meetings, schools, whanau
from commsbridge.books import BookCorrection, BookEntry, ChildSound
from commsbridge.conversations import ChildAnswer, Reply
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings import HuiVoice
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.reply_pictures import picture_response, pictures_shown
from commsbridge.web.seen import children_seen
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
safety = conversations.safety
Outcome = conversations.safety.Outcome
SafetyAlert = conversations.safety.SafetyAlert
SaidIn = conversations.safety.SaidIn
Watch = conversations.safety.Watch
OPEN = may(Permission.OPEN_SAFETY)
SET = may(Permission.SET_SAFETY, confirmed=True)
# What was decided stays in the list for a school year; the address of each stays good for ever.
SHOWN_FOR = timedelta(days=365)
STANDS = {
    None: N_("Opened by %(who)s, %(day)s. Not decided yet."),
    Outcome.FILED: N_("%(who)s put it into the log, %(day)s."),
    Outcome.KEPT: N_("%(who)s keeps it here, %(day)s."),
}
LET_STAND = N_("%(who)s let it stand at school, %(day)s.")
NOBODY_YET = N_("Nobody has opened it yet.")
TOLD = (
    N_("Nobody has been told yet."),
    N_("The first person has been told."),
    N_("The first and the second person have been told."),
    N_("Everybody named has been told, and the leaders."),
)
NOTHING_WRITTEN = N_("(no words)")
# So many messages of one phone stand below the one that is read, and can be decided with it.
MOST_BESIDE = 50
WITH_NAMED = N_("A message from home of %(day)s is with the people named for safety.")
SAID_WITH_NAMED = N_("What %(child)s said, written down on %(day)s, is with the people named for safety.")
WRITTEN_DOWN = {
    SaidIn.BOOK: N_("In the communication book, written down by %(who)s"),
    SaidIn.BESIDE: N_("Beside a page of the communication book, written by %(who)s"),
    SaidIn.ANSWER: N_("An answer to news from home, written down by %(who)s"),
    SaidIn.HUI: N_("For a hui, written down by %(who)s"),
}
BEHIND: dict[SaidIn, Callable[[Work, uuid.UUID], BookEntry | ChildSound | BookCorrection | ChildAnswer | HuiVoice]] = {
    SaidIn.BOOK: books.said_behind,
    SaidIn.BESIDE: books.correction_behind,
    SaidIn.ANSWER: conversations.answer_behind,
    SaidIn.HUI: meetings.voice_behind,
}
SAVED = N_("Kept.")
MINUTES_MISSING = N_("Write the minutes as a number.")
NOBODY = N_("Nobody")
OUTCOMES = (
    (Outcome.FILED, N_("Put it into the log"), N_("Whoever teaches the child reads it, like any reply.")),
    (Outcome.KEPT, N_("Keep it here"), N_("Only the people named read it. It is in no log, report or book.")),
)
OUTCOMES_OF_CHILD = (
    (
        Outcome.FILED,
        N_("Let it stand at school"),
        N_("Whoever teaches the child reads it where it was written. It goes to no home."),
    ),
    OUTCOMES[1],
)


@pages.route("/safety", OPEN, endpoint="safety")
def everything() -> str:
    """What is open, and what was decided."""
    with at_school() as here:
        note_frame(here)
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        found = _seen(here, safety.alerts_of(here.work, since=here.work.now - SHOWN_FOR))
        watch = safety.watch_of(here.work)
        return render_template(
            "safety.html",
            waiting=_waiting(here.work, shown, [alert for alert in found if alert.outcome is None]),
            decided=[_row(here.work, shown, alert) for alert in found if alert.outcome is not None],
            screens=watch.screens,
            set_url=url_for("safety_watch") if here.viewer.may(Permission.SET_SAFETY) else None,
        )


def _sees(here: Here, alert: SafetyAlert) -> bool:
    """Not where it is about a child whom this person does not see: then there is nothing here for them."""
    return bool(_seen(here, [alert]))


def _seen(here: Here, found: Sequence[SafetyAlert]) -> list[SafetyAlert]:
    seen = children_seen(here, {child for alert in found for child in alert.student_ids}).keys()
    return [alert for alert in found if {*alert.student_ids} <= seen]


def _waiting(work: Work, shown: Shown, found: Sequence[SafetyAlert]) -> list[dict[str, Any]]:
    """One row for all that came from one phone or mailbox: the last of it, and how much more there is."""
    addresses = safety.came_from(work, found)
    together: dict[object, list[SafetyAlert]] = {}
    for alert in found:
        together.setdefault((addresses.get(alert.id, alert.id), alert.opened_at is None), []).append(alert)
    return [_row(work, shown, those[0]) | {"more": len(those) - 1} for those in together.values()]


def _row(work: Work, shown: Shown, alert: SafetyAlert) -> dict[str, Any]:
    return {
        "day": shown.day(alert.raised_at),
        "time": shown.time(alert.raised_at),
        "iso": shown.iso(alert.raised_at),
        "stands": _stands(work, shown, alert),
        "told": shown.say(TOLD[alert.told]) if alert.opened_at is None else None,
        "opened": alert.opened_at is not None,
        "decided": alert.outcome is not None,
        "url": url_for("safety_message", alert_id=alert.id),
    }


def _stands(work: Work, shown: Shown, alert: SafetyAlert) -> str:
    if alert.opened_at is None or alert.opened_by is None:
        return shown.say(NOBODY_YET)
    by, at = (alert.decided_by, alert.decided_at) if alert.decided_at else (alert.opened_by, alert.opened_at)
    staff = schools.staff_by_id(work, [by] if by else [])
    said = LET_STAND if alert.said_in and alert.outcome is Outcome.FILED else STANDS[alert.outcome]
    return shown.say(said, who=staff[by].shown_name if by in staff else "", day=shown.day(at))


def with_named_sentences(work: Work, student: Student, shown: Shown) -> list[str]:
    """That something a child or their home said is with the people named for safety: for whoever works with them."""
    return [_with_named(alert, student, shown) for alert in safety.with_named_people(work, student.id)]


def _with_named(alert: SafetyAlert, student: Student, shown: Shown) -> str:
    said = SAID_WITH_NAMED if alert.said_in else WITH_NAMED
    day = shown.date(shown.calendar.local(alert.raised_at).date())
    return shown.say(said, child=student.preferred_name, day=day)


@pages.route("/safety/<uuid:alert_id>", OPEN, methods=("GET", "POST"), endpoint="safety_message")
def message(alert_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """One message: before it was opened only that it is there; then whole, with what was decided."""
    with at_school() as here:
        alert, reply = safety.alert_by_id(here.work, alert_id)
        if not _sees(here, alert):
            raise NotFound(N_("That message is not here."))
        if request.method == "GET":
            return _page(here, alert, reply, {})
        errors = kept(here.work, lambda: _act(here, alert))
        if errors:
            return _page(here, alert, reply, errors), 400
    return redirect(url_for("safety_message", alert_id=alert_id))


@pages.route("/safety/<uuid:alert_id>/pictures/<uuid:picture_id>", OPEN)
def safety_picture(alert_id: uuid.UUID, picture_id: uuid.UUID) -> Response:
    """A picture that came with a message that somebody has opened; each look is written down."""
    with at_school() as here:
        alert, reply = safety.alert_by_id(here.work, alert_id)
        if reply is None or alert.opened_at is None or not _sees(here, alert):
            raise NotFound(N_("That picture is not here."))
        return picture_response(conversations.picture_with(here.work, reply.id, picture_id))


def _others(here: Here, alert: SafetyAlert) -> list[SafetyAlert]:
    """What else came from there, undecided and for this person's eyes, the oldest first."""
    return _seen(here, safety.undecided_from(here.work, alert))


def _act(here: Here, alert: SafetyAlert) -> None:
    others = _others(here, alert)
    if request.form.get("act") == "open":
        for each in (alert, *(other for other in others if other.opened_at is None)):
            safety.open_alert(here.work, each.id)
        return
    chosen = request.form.get("outcome", "")
    if chosen not in set(Outcome):
        raise Invalid(N_("Choose what happens with it."), field="outcome")
    go_on = request.form.get("go_on") == "yes"
    also = set(request.form.getlist("also")) if request.form.get("together") == "yes" else set()
    for each in (alert, *(other for other in others if str(other.id) in also and other.opened_at is not None)):
        safety.decide(here.work, each.id, Outcome(chosen), reason=request.form.get("reason", ""), go_on=go_on)


def _page(here: Here, alert: SafetyAlert, reply: Reply | None, errors: dict[str, str]) -> str:
    note_frame(here)
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    children = children_seen(here, alert.student_ids)
    others = _others(here, alert)
    return render_template(
        "safety_message.html",
        opens_too=sum(other.opened_at is None for other in others) if alert.opened_at is None else 0,
        others=_said_there(here.work, shown, others) if alert.opened_at is not None else [],
        **_row(here.work, shown, alert),
        whole=_whole(here.work, shown, alert, reply, list(children.values())) if alert.opened_at is not None else None,
        children=[
            {"name": child.preferred_name, "url": url_for("student", student_id=child.id)}
            for child in children.values()
        ],
        outcomes=[
            {"value": value.value, "label": shown.say(label), "small": shown.say(small)}
            for value, label, small in (OUTCOMES_OF_CHILD if alert.said_in else OUTCOMES)
        ],
        may_decide=alert.opened_at is not None and alert.outcome is not Outcome.FILED,
        values={"outcome": request.form.get("outcome", ""), "reason": request.form.get("reason", "")},
        errors=errors,
    )


def _said_there(work: Work, shown: Shown, others: Sequence[SafetyAlert]) -> list[dict[str, Any]]:
    """The words of what else came from there and was opened; each look is written down."""
    rows = []
    for other in [each for each in others if each.opened_at is not None][:MOST_BESIDE]:
        _, reply = safety.alert_by_id(work, other.id)
        if reply is not None:
            words, lang = reply.words or shown.say(NOTHING_WRITTEN), lang_of(reply.language)
            rows.append({**_row(work, shown, other), "alert_id": other.id, "words": words, "lang": lang})
    return rows


def _whole(
    work: Work, shown: Shown, alert: SafetyAlert, reply: Reply | None, children: Sequence[Student]
) -> dict[str, Any]:
    return {
        **(_by_child(work, shown, alert, children) if reply is None else _from_home(work, shown, alert, reply)),
        "because": alert.because,
        "reason": alert.reason,
        "paused": bool(alert.pause_ids),
    }


def _from_home(work: Work, shown: Shown, alert: SafetyAlert, reply: Reply) -> dict[str, Any]:
    names = whanau.contact_names(work, [reply.contact_id]) if reply.contact_id else {}
    address = reply.from_address
    came = conversations.pictures_with(work, [reply.id]).get(reply.id, [])
    return {
        **pictures_shown(
            shown,
            came,
            who=names.get(reply.contact_id, address) if reply.contact_id else address,
            url_of=lambda picture: url_for("safety_picture", alert_id=alert.id, picture_id=picture.id),
        ),
        "unread": bool(came),
        "who": names.get(reply.contact_id) if reply.contact_id else None,
        "from_words": show_phone(address) if address.startswith("+") else address,
        "words": reply.words or shown.say(NOTHING_WRITTEN),
        "lang": lang_of(reply.language),
    }


def _by_child(work: Work, shown: Shown, alert: SafetyAlert, children: Sequence[Student]) -> dict[str, Any]:
    """A child's own words, and who at school wrote them down where."""
    where = alert.said_in or SaidIn.ANSWER
    said = BEHIND[where](work, alert.id)
    staff = schools.staff_by_id(work, [said.staff_id] if said.staff_id else [])
    who = shown.names([each.shown_name for each in staff.values()])
    return {
        "who": shown.names([child.preferred_name for child in children]),
        "from_words": shown.say(WRITTEN_DOWN[where], who=who),
        "words": said.words,
        "lang": "",
    }


@pages.route("/school/safety", SET, methods=("GET", "POST"), endpoint="safety_watch")
def watch() -> str | tuple[str, int] | Response:
    """Whether what comes in is screened, and who reads first."""
    with at_school() as here:
        if request.method == "GET":
            return _watch_page(here, {})
        errors = kept(here.work, lambda: safety.set_watch(here.work, _typed()))
        if errors:
            return _watch_page(here, errors), 400
    return redirect(url_for("safety_watch", saved="yes"))


def _typed() -> Watch:
    minutes = request.form.get("minutes", "").strip()
    if not minutes.isdecimal() or len(minutes) > 4:
        raise Invalid(MINUTES_MISSING, field="minutes")
    return Watch(
        screens=request.form.get("screens") == "yes",
        lead_id=read_id(request.form.get("lead")),
        deputy_id=read_id(request.form.get("deputy")),
        minutes=int(minutes),
        answers=request.form.get("answers") == "yes",
    )


def _watch_page(here: Here, errors: dict[str, str]) -> str:
    note_frame(here)
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    now = safety.watch_of(here.work)
    sent = request.method == "POST"
    people = [{"value": str(staff.id), "label": staff.name} for staff in safety.those_who_may_be_named(here.work)]
    return render_template(
        "safety_watch.html",
        saved=shown.say(SAVED) if request.args.get("saved") and not errors else None,
        people=[{"value": "", "label": shown.say(NOBODY)}, *people],
        values={
            "screens": request.form.get("screens") == "yes" if sent else now.screens,
            "lead": request.form.get("lead", "") if sent else str(now.lead_id or ""),
            "deputy": request.form.get("deputy", "") if sent else str(now.deputy_id or ""),
            "minutes": request.form.get("minutes", "") if sent else str(now.minutes),
            "answers": request.form.get("answers") == "yes" if sent else now.answers,
        },
        errors=errors,
    )
