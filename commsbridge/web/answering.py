"""One reply: read whole, answered the family's way, given to somebody else, or settled without an answer."""

from __future__ import annotations

import secrets
import uuid
from datetime import date, datetime, time
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, messages, plans, schools, students, whanau
from commsbridge.conversations import InboxRow
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.reading_language import language_written
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.messages import Answer
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import beside, kept
from commsbridge.web.replies import READ_FOR, WRITING, reply_rows
from commsbridge.web.sent import UNDO_OVER, UNDO_SAYS, delivery_rows, going_to, undo_row
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
READS = may(Permission.READ_LOG)
ANSWERS = may(Permission.SEND_PRAISE)
NOT_HERE = N_("That message is not here.")
FROM = N_("%(who)s, %(day)s %(time)s")
# What may be said at once; it goes into the box to be changed, in the language of the page.
BEGINNINGS = (
    N_("Thank you for telling us."),
    N_("Thank you. I will find out and write again tomorrow."),
    N_("Thank you. When would be a good time to ring you?"),
)
STEPS = {
    conversations.promises.Step.FOUND: N_("It asks something. %(to)s has it."),
    conversations.promises.Step.ASKED: N_("%(who)s said that it asks something."),
    conversations.promises.Step.PASSED: N_("Passed on to %(to)s."),
    conversations.promises.Step.ASSIGNED: N_("%(who)s gave it to %(to)s."),
    conversations.promises.Step.REMINDED: N_("%(to)s was reminded."),
    conversations.promises.Step.RAISED: N_("%(to)s was told that the time is over."),
}
STEP_KEPT = {
    conversations.promises.Kept.ANSWERED: N_("%(who)s answered."),
    conversations.promises.Kept.TALKED: N_("%(who)s talked with them."),
    conversations.promises.Kept.NOT_NEEDED: N_("%(who)s said that no answer is needed."),
}
HANDED = N_("Whatever they write goes to %(who)s.")
IN_PLAN = N_("Put these words in the plan for %(name)s")
NOBODY = N_("nobody yet")
GOES_FROM = N_("It goes %(until)s.")
NO_REASON = N_("It was not handed over. Write why, in a sentence; if you did, ask a leader.")
NO_WAY = N_("No way to write to them works now. Ring them, and say here that you talked.")


@pages.route("/replies/<uuid:reply_id>", READS)
def reply(reply_id: uuid.UUID) -> str:
    """The reply with everything about it; the box to answer in is open for whoever has claimed it."""
    with at_school() as here:
        return _page(here, _found(here, reply_id))


@pages.route("/replies/<uuid:reply_id>/claim", ANSWERS, methods=("POST",))
def reply_claim(reply_id: uuid.UUID) -> Response:
    """Open the box: the others see who is writing."""
    with at_school() as here:
        _found(here, reply_id)
        conversations.claim(here.work, reply_id, take_over=request.form.get("take") == "yes")
    return redirect(url_for("reply", reply_id=reply_id, _anchor="answer"))


@pages.route("/replies/<uuid:reply_id>/answer", ANSWERS, methods=("POST",))
def reply_answer(reply_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Show what they will get, send it, or write nothing after all. The same form sent twice is one answer."""
    act = request.form.get("act")
    try:
        with at_school() as here:
            found = _found(here, reply_id)
            if act == "release":
                conversations.release(here.work, reply_id)
                return redirect(url_for("reply", reply_id=reply_id))
            said = _typed(schools.calendar_of(here.work), found[0])
            if act != "send":
                return _page(here, found, typed=said)
            message = conversations.answer(
                here.work, reply_id, _children(here, found), said, links=runtime().links, seen=_answers_seen(),
                once_key=once_key(reply_id, said.words, said.goes_at),
            )  # fmt: skip
            if request.form.get("keep") == "yes":
                conversations.keep_words(here.work, said.words)
            sent_id = message.id
    except (Invalid, Conflict) as refusal:
        with at_school() as here:
            status = 409 if isinstance(refusal, Conflict) else 400
            return _page(here, _found(here, reply_id), errors=beside(refusal, otherwise="words"), open_box=True), status
    return redirect(url_for("reply", reply_id=reply_id, sent=sent_id))


def _answers_seen() -> int:
    written = request.form.get("answers", "")
    return int(written) if written.isdecimal() else 0


@pages.route("/replies/<uuid:reply_id>/settle", ANSWERS, methods=("POST",))
def reply_settle(reply_id: uuid.UUID) -> tuple[str, int] | Response:
    """No answer is needed, they talked, it does ask something, or somebody else answers."""
    act = request.form.get("act", "")
    with at_school() as here:
        found = _found(here, reply_id)
        errors = kept(here.work, lambda: _settle(here, found, act))
        if errors:
            return _page(here, found, errors=errors), 400
    return redirect(url_for("reply", reply_id=reply_id))


def _settle(here: Here, found: list[InboxRow], act: str) -> None:
    reply_id = found[0].reply.id
    if act == "asks":
        conversations.promises.ask(here.work, reply_id)
    elif act == "assign":
        staff_id = read_id(request.form.get("staff"))
        if staff_id is None:
            raise Invalid(N_("Choose somebody."), field="staff")
        conversations.promises.assign(here.work, reply_id, staff_id)
        contact_id = found[0].reply.contact_id
        if request.form.get("all") == "yes" and contact_id is not None:
            conversations.promises.hand_over(here.work, contact_id, staff_id)
    elif act == "hand_back" and found[0].reply.contact_id is not None:
        conversations.promises.hand_over(here.work, found[0].reply.contact_id, None)
    elif act in {conversations.promises.Kept.TALKED, conversations.promises.Kept.NOT_NEEDED}:
        if act == conversations.promises.Kept.TALKED:
            conversations.talked(here.work, reply_id, language=language())
        else:
            conversations.promises.keep(here.work, reply_id, conversations.promises.Kept.NOT_NEEDED)
        for row in found:
            conversations.see_reply(here.work, reply_id, row.about.student_id)
    else:
        raise Invalid(N_("That button does not work any more. Open the page again."))


@pages.route("/answers/<uuid:message_id>/undo", ANSWERS, methods=("POST",))
def answer_undo(message_id: uuid.UUID) -> Response:
    """Take an answer back while there is time; only its writer may."""
    with at_school() as here:
        reply_id = conversations.take_back_answer(here.work, message_id)
        conversations.claim(here.work, reply_id)
    return redirect(url_for("reply", reply_id=reply_id, _anchor="answer"))


@pages.route("/answers/words/<uuid:words_id>", ANSWERS, methods=("POST",))
def answer_words_drop(words_id: uuid.UUID) -> Response:
    """Keep words no longer."""
    reply_id = read_id(request.args.get("reply"))
    with at_school() as here:
        conversations.drop_words(here.work, words_id)
    return redirect(url_for("reply", reply_id=reply_id) if reply_id else url_for("replies"))


def _found(here: Here, reply_id: uuid.UUID) -> list[InboxRow]:
    """A filed reply about children all of whom this person sees. Raises NotFound for all else."""
    found = conversations.inbox_of(here.work, reply_id)
    if not found:
        raise NotFound(NOT_HERE)
    _children(here, found)
    return found


def _children(here: Here, found: list[InboxRow]) -> list[Student]:
    return [students.student_for(here.work, here.viewer, each.about.student_id) for each in found]


def _typed(calendar: SchoolCalendar, row: InboxRow) -> Answer:
    goes_at = _moment(calendar) if request.form.get("later") == "yes" else None
    return Answer(
        request.form.get("words", ""),
        channel=row.reply.channel,
        goes_at=goes_at,
        te_reo_first=request.form.get("te_reo_first") == "yes",
    )


def _moment(calendar: SchoolCalendar) -> datetime:
    try:
        day = date.fromisoformat(request.form.get("goes_on", ""))
        at = time.fromisoformat(request.form.get("goes_time", ""))
    except ValueError:
        raise Invalid(N_("Choose a day and a time."), field="goes_at") from None
    return calendar.moment(day, at.replace(tzinfo=None))


def _page(
    here: Here,
    found: list[InboxRow],
    *,
    typed: Answer | None = None,
    errors: dict[str, str] | None = None,
    open_box: bool = False,
) -> str:
    work, first = here.work, found[0]
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    rows = reply_rows(work, found, here.viewer, shown, closely=True)
    answers = here.viewer.may(Permission.SEND_PRAISE)
    writer = conversations.claimed_by(work, first.reply)
    own = writer is not None and writer.id == here.viewer.staff_id
    box = answers and (own or open_box or typed is not None)
    told = _answers(here, first, shown)
    return render_template(
        "reply.html",
        rows_about=[{**row, "answer_url": None if box or writer else row["answer_url"]} for row in rows],
        original=_more(first),
        answers=told["rows"],
        undo=told["undo"],
        form=_form(here, found, shown, typed, errors or {}) if box else None,
        writing=shown.say(WRITING, who=writer.shown_name) if writer and not own and not box else None,
        take_url=url_for("reply_claim", reply_id=first.reply.id),
        acts=_acts(first, shown) if answers else [],
        assign=_assign(here, first, shown, errors or {}) if answers else None,
        steps=_steps(here, first.promise, shown) if first.promise else [],
        plans=_plans(here, found, shown),
        slow=_slow(here, first, shown) if answers else None,
    )


def _plans(here: Here, found: list[InboxRow], shown: Shown) -> list[dict[str, str]]:
    """The plans of these children in which the words may stand: a family that only texts writes in them so."""
    reply = found[0].reply
    if not here.viewer.may(Permission.KEEP_PLAN) or reply.contact_id is None or not reply.proven:
        return []
    return [
        {
            "url": url_for("plan", student_id=child.id, reply=reply.id, _anchor="add"),
            "label": shown.say(IN_PLAN, name=child.preferred_name),
        }
        for child in _children(here, found)
        if plans.plan_of(here.work, child.id) is not None
    ]


def _more(row: InboxRow) -> str | None:
    """All that came, where that is more than what is shown."""
    whole = "\n\n".join(filter(None, [row.reply.subject, row.reply.original]))
    return whole if whole.strip() != row.reply.words.strip() else None


def _acts(row: InboxRow, shown: Shown) -> list[dict[str, Any]]:
    url = url_for("reply_settle", reply_id=row.reply.id)
    if not row.owed:
        return [{"label": shown.say(N_("It asks something")), "icon": "clock", "url": url, "hidden": {"act": "asks"}}]
    return [
        {
            "label": shown.say(N_("No answer needed")),
            "icon": "tick",
            "url": url,
            "hidden": {"act": "not_needed"},
        },
        {
            "label": shown.say(N_("We talked")),
            "icon": "call",
            "url": url,
            "hidden": {"act": "talked"},
        },
    ]


def _assign(here: Here, row: InboxRow, shown: Shown, errors: dict[str, str]) -> dict[str, Any]:
    able = conversations.promises.may_be_assigned(here.work, row.reply.id)
    held = row.promise.holder_id if row.promise and row.owed else None
    offered = [{"value": str(each.id), "label": each.name} for each in able if each.id != held]
    handed = conversations.promises.handed_to(here.work, row.reply.contact_id)
    return {
        "url": url_for("reply_settle", reply_id=row.reply.id),
        "known": row.reply.contact_id is not None,
        "handed": shown.say(HANDED, who=handed.shown_name) if handed else None,
        "people": [{"value": "", "label": shown.say(N_("Choose"))}, *offered],
        "error": errors.get("staff"),
    }


def _slow(here: Here, row: InboxRow, shown: Shown) -> dict[str, Any]:
    """That one person reads what comes from there, or the way to hand it to them."""
    known = conversations.slowed_at(here.work, row.reply.from_address)
    reader = schools.staff_by_id(here.work, [known.staff_id])[known.staff_id] if known else None
    return {
        "url": url_for("reply_slow", reply_id=row.reply.id),
        "told": shown.say(READ_FOR, who=reader.shown_name) if reader else None,
        "page": url_for("slowed"),
        "error": shown.say(NO_REASON) if request.args.get("slow") else None,
    }


def _answers(here: Here, row: InboxRow, shown: Shown) -> dict[str, Any]:
    """The answers so far, and the way to take the last one back."""
    work = here.work
    ids = conversations.answers_to(work, [row.reply.id]).get(row.reply.id, [])
    told = messages.written(work, ids)
    contacts = whanau.contact_names(
        work, [each.contact_id for one in told.values() for each in one.deliveries if each.contact_id]
    )
    staff = schools.staff_by_id(work, [each.message.staff_id for each in told.values() if each.message.staff_id])
    rows, undo = [], None
    for message_id in ids:
        each = told[message_id]
        writer = staff[each.message.staff_id].shown_name if each.message.staff_id else ""
        at = each.message.made_at
        rows.append(
            {
                "words": each.message.words,
                "lang": lang_of(language_written(each.message.words)),
                "byline": shown.say(FROM, who=writer, day=shown.day(at), time=shown.time(at)),
                "states": delivery_rows(each, contacts, shown),
            }
        )
        if each.message.staff_id == here.viewer.staff_id:
            says = shown.say(UNDO_SAYS, names=shown.names(going_to(each, contacts)))
            url = url_for("answer_undo", message_id=message_id)
            undo = undo_row(each.message, shown, says, over=UNDO_OVER, url=url)
    return {"rows": rows, "undo": undo}


def _form(
    here: Here, found: list[InboxRow], shown: Shown, typed: Answer | None, errors: dict[str, str]
) -> dict[str, Any]:
    work, reply_id = here.work, found[0].reply.id
    own = conversations.kept_words(work)
    chosen = read_id(request.args.get("words"))
    begun = next((each.words for each in own if each.id == chosen), "")
    number = request.args.get("begin", "")
    if number.isdecimal() and int(number) < len(BEGINNINGS):
        begun = shown.say(BEGINNINGS[int(number)])
    can = messages.translating.somebody_can(work, found[0].about.student_id, asked_by=here.viewer.staff_id)
    following = shown.calendar.next_school_day(shown.today)
    return {
        "url": url_for("reply_answer", reply_id=reply_id),
        "words": request.form.get("words", begun),
        "words_max": messages.LONGEST_ANSWER,
        "kept": _offered(own, reply_id, shown),
        "te_reo_first": request.form.get("te_reo_first") == "yes",
        "can_translate": can,
        "later": request.form.get("later") == "yes",
        "on": request.form.get("goes_on", following.isoformat() if following else ""),
        "time": request.form.get("goes_time", "08:30"),
        "keep": request.form.get("keep") == "yes",
        "form_key": request.form.get("form_key") or secrets.token_urlsafe(16),
        "seen": conversations.answers_count(work, reply_id),
        "errors": errors,
        "preview": _preview(here, found, typed, shown) if typed else None,
    }


def _offered(own: Any, reply_id: uuid.UUID, shown: Shown) -> list[dict[str, Any]]:
    """Words to begin with: the service's own few, then those this person kept."""
    begin = [
        {"words": shown.say(each), "url": url_for("reply", reply_id=reply_id, begin=number, _anchor="answer")}
        for number, each in enumerate(BEGINNINGS)
    ]
    mine = [
        {
            "words": each.words,
            "url": url_for("reply", reply_id=reply_id, words=each.id, _anchor="answer"),
            "drop_url": url_for("answer_words_drop", words_id=each.id, reply=reply_id),
        }
        for each in own
    ]
    return [*begin, *mine]


def _preview(here: Here, found: list[InboxRow], typed: Answer, shown: Shown) -> dict[str, Any]:
    """What they will get, and when it leaves; or that nothing can go."""
    children = _children(here, found)
    contact_id = conversations.writer_of(here.work, found[0].reply, [child.id for child in children])
    seen = (
        messages.foresee_answer(here.work, children[0], contact_id, typed, links=runtime().links)
        if contact_id
        else None
    )
    if seen is None or seen.planned is None or seen.composed is None:
        return {"words": typed.words, "lang": None, "state": {"kind": "amiss", "sentence": shown.say(NO_WAY)}}
    waits = (seen.planned.due_at - here.work.now).total_seconds() > 60
    state = {"kind": "heed", "sentence": shown.say(GOES_FROM, until=shown.until(seen.planned.due_at))}
    return {"words": seen.composed.body, "lang": None, "state": state if waits else None}


def _steps(here: Here, promise: conversations.promises.Promise, shown: Shown) -> list[dict[str, str]]:
    steps = conversations.promises.steps_of(here.work, promise)
    people = schools.staff_by_id(here.work, [each for step in steps for each in (step.staff_id, step.to_id) if each])
    return [
        {
            "day": shown.day(step.at),
            "time": shown.time(step.at),
            "iso": shown.iso(step.at),
            "sentence": _said(step, people, shown),
        }
        for step in steps
    ]


def _said(step: conversations.promises.PromiseStep, people: dict[uuid.UUID, schools.Staff], shown: Shown) -> str:
    who = people[step.staff_id].shown_name if step.staff_id in people else ""
    to = people[step.to_id].shown_name if step.to_id in people else shown.say(NOBODY)
    sentence = STEP_KEPT[step.kept_how] if step.kept_how else STEPS[step.step]
    return shown.say(sentence, who=who, to=to)
