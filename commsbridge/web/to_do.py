"""For you to do: what only a person can carry or settle, whose it is, and a press that says it is done."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import meetings, messages, schools, specialists, students, tasks, whanau
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.tasks import Task, TaskKind
from commsbridge.web.access import AT_SCHOOL, Pages
from commsbridge.web.acting import Here, at_school, language, safe_next
from commsbridge.web.frame import note_frame
from commsbridge.web.overdue import risen_rows
from commsbridge.web.seen import contacts_seen
from commsbridge.web.shown import Shown

pages = Pages()

BY_HAND = (TaskKind.RING, TaskKind.SLIP, TaskKind.INTERPRETER, TaskKind.SETTLE_UNCERTAIN)
TITLES = {
    TaskKind.RING: N_("Ring %(who)s"),
    TaskKind.SLIP: N_("Print a slip for %(who)s"),
    TaskKind.INTERPRETER: N_("Tell %(who)s, with an interpreter if need be"),
    TaskKind.MEND_ADDRESS: N_("Mend a number or address of %(who)s"),
    TaskKind.CONFIRM_ADDRESS: N_("Ring %(who)s on a number you already hold: has theirs changed?"),
    TaskKind.CONFIRM_ACCESS: N_("Confirm whether %(who)s may be messaged"),
    TaskKind.MATCH_REPLY: N_("Find out who wrote to the school"),
    TaskKind.READ_CONCERN: N_("Read a concern before it goes"),
    TaskKind.REWRITE_CONCERN: N_("A concern came back to you"),
    TaskKind.SETTLE_UNCERTAIN: N_("Find out whether a message to %(who)s went"),
    TaskKind.CALL_BACK: N_("Ring %(who)s, who asked for it"),
    TaskKind.WANTS_HUI: N_("%(who)s would like a hui"),
    TaskKind.WANTS_BOOK: N_("%(who)s would like the book"),
    TaskKind.FLOOD: N_("One phone or mailbox writes very much: read it, and decide what helps"),
    TaskKind.SLOWED: N_("You read for the others what somebody writes: see what helps"),
    TaskKind.COPY_ASKED: N_("%(who)s asks to see what is held about them. Decide by %(day)s."),
    TaskKind.CORRECTION_ASKED: N_("%(who)s asks to have something put right. Answer by %(day)s."),
    TaskKind.WRITE_PAGE: N_("There is no page in the book yet for %(day)s"),
    TaskKind.HUI_TIMES: N_("%(who)s: none of the times for the hui suits. Offer others."),
    TaskKind.HUI_COMING: N_("A hui wants you there, on %(day)s"),
    TaskKind.HUI_NOT_NEEDED: N_("A hui you were asked to goes ahead without you. Nothing is needed of you."),
    TaskKind.HUI_STEP: N_("By %(day)s, as agreed at a hui: %(words)s"),
    TaskKind.HUI_STEP_OVERDUE: N_("A next step of a hui was due on %(day)s: %(words)s"),
    TaskKind.HUI_MINUTES: N_("What was agreed at a hui you were at is there to read"),
    TaskKind.HUI_CORRECTED: N_("Beside the minutes of a hui you were at something is written: read it"),
    TaskKind.HUI_UNWRITTEN: N_("A hui was on %(day)s: send what was agreed, or call it off where nobody met"),
    TaskKind.HUI_AGAIN: N_("A hui agreed to meet again on %(day)s: offer times"),
    TaskKind.HUI_TOGETHER: N_("Two homes each said that they would meet together: open one hui with both"),
    TaskKind.HUI_APART: N_("A hui of two homes together is off: offer each home one of its own, and say no more of it"),
    TaskKind.HUI_LOOK_BACK: N_("A next step of a hui has come to its end: say how it went, and ask the student"),
    TaskKind.COVER_OFFERED: N_("%(who)s would take your class for ten minutes, so that you can write home"),
    TaskKind.GUEST_MAIL: N_("A mail to %(words)s, from outside the school, did not arrive: ring them"),
    TaskKind.PLAN_REVIEW: N_("Look at the plan again together with whānau"),
    TaskKind.SUPPORT_LOOK: N_("Ask how the request for support goes, and write it down for whānau"),
    TaskKind.READ_CHILD: N_("A student wrote words alone that may be about safety. Read them now."),
    TaskKind.HEAR_CHILD: N_("A student recorded their voice alone. Nothing has screened it: listen now."),
    TaskKind.SUPPORT_STOPPED: N_("Whānau took their yes to support back: tell the service today"),
}
# What a family asked for with a word; a press says what came of it.
ASKED = (
    TaskKind.CALL_BACK,
    TaskKind.WANTS_HUI,
    TaskKind.WANTS_BOOK,
    TaskKind.FLOOD,
    TaskKind.COPY_ASKED,
    TaskKind.CORRECTION_ASKED,
    TaskKind.COVER_OFFERED,
    TaskKind.SUPPORT_STOPPED,
    TaskKind.HUI_NOT_NEEDED,
    TaskKind.READ_CHILD,
    TaskKind.HUI_MINUTES,
    TaskKind.HUI_CORRECTED,
    TaskKind.HUI_AGAIN,
    TaskKind.HUI_TOGETHER,
    TaskKind.HUI_APART,
    TaskKind.GUEST_MAIL,
)
HUI = (
    TaskKind.WANTS_HUI,
    TaskKind.HUI_TIMES,
    TaskKind.HUI_COMING,
    TaskKind.HUI_STEP,
    TaskKind.HUI_STEP_OVERDUE,
    TaskKind.HUI_LOOK_BACK,
    TaskKind.HUI_MINUTES,
    TaskKind.HUI_CORRECTED,
    TaskKind.HUI_UNWRITTEN,
    TaskKind.HUI_AGAIN,
    TaskKind.HUI_TOGETHER,
    TaskKind.HUI_APART,
)
# Their words stand with the task: what is wrong, and what is right.
TOLD_WITH = (TaskKind.CORRECTION_ASKED,)
CALL_BACK_WHEN = N_("Ring %(who)s, who asked for it (%(hours)s)")
ABOUT = N_("about %(student)s")
OPEN_CONTACT = N_("Open the contact")
OPEN_PARKED = N_("Open the message")
OPEN_CONCERN = N_("Open the concern")
OPEN_PAGE = N_("Write the page")
READ_PAGE = N_("Read the page")
OPEN_COPY = N_("Prepare the copy")
OPEN_SUPPORT = N_("Open the request")
SUPPORT = (TaskKind.SUPPORT_LOOK, TaskKind.SUPPORT_STOPPED)
OPEN_HUI = N_("Open the hui")
OPEN_MAILED = N_("Open what it was about")
OPEN_PLAN = N_("Open the plan")
# The page of a child on which each is done.
OF_A_CHILD = {**dict.fromkeys(SUPPORT, "student_support"), TaskKind.PLAN_REVIEW: "plan"}
# The page of what came in, on which each is done.
OF_WHAT_CAME = {TaskKind.MATCH_REPLY: "parked", TaskKind.FLOOD: "slowed", TaskKind.SLOWED: "slowed"}
# What is for later is not shown before its day.
FOR_LATER = (TaskKind.SUPPORT_LOOK, TaskKind.PLAN_REVIEW)
# The page of a contact on which each is done, and the right it needs; any other: their card.
ABOUT_SOMEBODY = {TaskKind.COPY_ASKED: (Permission.RELEASE_COPY, "contact_copy")}
CONCERNS = (TaskKind.READ_CONCERN, TaskKind.REWRITE_CONCERN)
OPENS = {
    TaskKind.MATCH_REPLY: OPEN_PARKED,
    TaskKind.FLOOD: OPEN_PARKED,
    TaskKind.SLOWED: OPEN_PARKED,
    TaskKind.WRITE_PAGE: OPEN_PAGE,
    TaskKind.READ_CHILD: READ_PAGE,
    TaskKind.HEAR_CHILD: READ_PAGE,
    TaskKind.COPY_ASKED: OPEN_COPY,
    **dict.fromkeys(CONCERNS, OPEN_CONCERN),
    **dict.fromkeys(SUPPORT, OPEN_SUPPORT),
    **dict.fromkeys(HUI, OPEN_HUI),
    TaskKind.PLAN_REVIEW: OPEN_PLAN,
    TaskKind.GUEST_MAIL: OPEN_MAILED,
}
# A term's days are wanted before the year begins that they are in: from September on, of the year to come.
TERMS_IN_GOOD_TIME = timedelta(days=120)
TERMS_WANTED = N_("The terms of %(year)s are not known here yet. Without them nobody is prompted in %(year)s.")
OPEN_CALENDAR = N_("Open the calendar")
IEP_DUE = N_("This term’s hui about the plan for %(student)s: would now be a good time to offer one?")
OFFER_HUI = N_("Open a hui, or say why not this term")
THANKED = (TaskKind.COVER_OFFERED, TaskKind.HUI_NOT_NEEDED)
THANKS = N_("Thanks, that is done")
READS = N_("Reads %(language)s.")


@pages.route("/to-do", AT_SCHOOL)
def to_do() -> str:
    """Everything open for this person and the roles they hold."""
    with at_school() as here:
        note_frame(here)
        return render_template("to_do.html", rows=to_do_rows(here))


def to_do_rows(here: Here) -> list[dict[str, Any]]:
    """Open tasks as the template takes them; one about a child or contact this person may not see is left out."""
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    roles = [role.value for role in here.viewer.roles]
    seen = {child.id: child for child in students.students_seen_by(work, here.viewer, schools.today(work))}
    found = tasks.open_tasks(work, staff_id=here.viewer.staff_id, roles=roles)
    contact_ids = list({task.contact_id for task in found if task.contact_id})
    known = {each.contact.id for each in contacts_seen(here, contact_ids)}
    mine = [
        task
        for task in found
        if (task.student_id is None or task.student_id in seen)
        and (task.contact_id is None or task.contact_id in known)
        and not (task.kind in FOR_LATER and task.due_on is not None and task.due_on > shown.today)
    ]
    names = whanau.contact_names(work, [task.contact_id for task in mine if task.contact_id])
    due = [seen[each] for each in meetings.iep_due(work, here.viewer) if each in seen]
    ieps = [_iep_row(shown, each) for each in due]
    rows = (_row(here, shown, task, names, seen) for task in mine)
    return [*_terms_wanted(here, shown), *ieps, *risen_rows(here, shown, seen), *rows]


def _terms_wanted(here: Here, shown: Shown) -> list[dict[str, Any]]:
    """For whoever keeps the calendar: the years near enough that have no terms. It ends by itself."""
    missing = shown.calendar.missing_terms(shown.today, shown.today + TERMS_IN_GOOD_TIME)
    if missing is None or not here.viewer.may(Permission.SET_CALENDAR):
        return []
    return [
        {
            "day": shown.day(shown.now),
            "time": "",
            "iso": shown.iso(shown.now),
            "title": shown.say(TERMS_WANTED, year=year),
            "open_url": url_for("calendar"),
            "open_label": shown.say(OPEN_CALENDAR),
        }
        for year in missing.years
    ]


def _iep_row(shown: Shown, student: students.Student) -> dict[str, Any]:
    """A hui about a plan that is due this term: it ends with one that is opened, or with why not."""
    return {
        "day": shown.day(shown.now),
        "time": "",
        "iso": shown.iso(shown.now),
        "title": shown.say(IEP_DUE, student=student.preferred_name),
        "open_url": url_for("student_hui", student_id=student.id),
        "open_label": shown.say(OFFER_HUI),
    }


def _row(
    here: Here, shown: Shown, task: Task, names: dict[uuid.UUID, str], seen: dict[uuid.UUID, students.Student]
) -> dict[str, Any]:
    student = seen.get(task.student_id) if task.student_id else None
    by_hand = task.kind in BY_HAND
    told = messages.delivery_of(here.work, task.subject_id) if by_hand and task.subject_id else None
    delivery = told[0] if told else None
    return {
        "task_id": task.id,
        "day": shown.day(task.made_at),
        "time": shown.time(task.made_at),
        "iso": shown.iso(task.made_at),
        "title": _title(shown, task, names),
        "about": shown.say(ABOUT, student=student.preferred_name) if student else None,
        "student_url": url_for("student", student_id=student.id) if student else None,
        "number": _number(here, delivery),
        "reads": _reads(here, shown, task),
        "words": delivery.body if delivery else task.words if task.kind in TOLD_WITH else None,
        "done_label": shown.say(THANKS) if task.kind in THANKED else None,
        "done_url": url_for("task_done", task_id=task.id) if by_hand or task.kind in ASKED else None,
        "open_url": _opens(here, task),
        "open_label": shown.say(OPENS.get(task.kind, OPEN_CONTACT)),
    }


def _title(shown: Shown, task: Task, names: dict[uuid.UUID, str]) -> str:
    who = names.get(task.contact_id, "") if task.contact_id else ""
    if task.kind is TaskKind.CALL_BACK and task.words:
        return shown.say(CALL_BACK_WHEN, who=who, hours=task.words)
    if task.kind is TaskKind.COVER_OFFERED:
        who = task.words
    day = shown.date(task.due_on) if task.due_on else ""
    return shown.say(TITLES[task.kind], who=who, day=day, words=task.words)


def _number(here: Here, delivery: messages.Delivery | None) -> str | None:
    """The number to ring, for those who may see numbers."""
    if delivery is None or delivery.address is None or not here.viewer.may(Permission.SEE_ADDRESSES):
        return None
    return show_phone(delivery.address) if delivery.address.startswith("+") else delivery.address


def _reads(here: Here, shown: Shown, task: Task) -> str | None:
    """Which language they read, where it is not one the service writes."""
    if task.kind is not TaskKind.INTERPRETER or task.contact_id is None:
        return None
    asked = whanau.language_of(here.work, task.contact_id, on=schools.today(here.work))
    named = shown.language_asked(asked)["name"]
    return shown.say(READS, language=named)


def _opens(here: Here, task: Task) -> str | None:
    """The page on which a task is done; None where it is done elsewhere, or may not be seen."""
    if task.kind is TaskKind.GUEST_MAIL:
        return _where_mailed(here, task)
    return _hui_url(here, task) if task.kind in HUI else _open_url(here, task)


def _open_url(here: Here, task: Task) -> str | None:
    if task.kind in OF_WHAT_CAME:
        return url_for(OF_WHAT_CAME[task.kind])
    if task.kind in OF_A_CHILD:
        return url_for(OF_A_CHILD[task.kind], student_id=task.student_id)
    if task.kind in CONCERNS:
        return url_for("concern_told", concern_id=task.subject_id)
    if task.kind in {TaskKind.WRITE_PAGE, TaskKind.READ_CHILD, TaskKind.HEAR_CHILD} and task.due_on is not None:
        return url_for("book_page", book_id=task.subject_id, on=task.due_on.isoformat())
    right, page = ABOUT_SOMEBODY.get(task.kind, (Permission.EDIT_CONTACTS, "contact_edit"))
    if task.kind in BY_HAND or task.contact_id is None or not here.viewer.may(right):
        return None
    return url_for(page, contact_id=task.contact_id)


def _where_mailed(here: Here, task: Task) -> str | None:
    """The page from which a mail went to somebody from outside: of a hui, or of what is shared with a specialist."""
    if task.subject_id is None:
        return None
    hui_id = meetings.hui_asking(here.work, task.subject_id)
    if hui_id is not None:
        return url_for("hui", hui_id=hui_id)
    share = specialists.share_mailed(here.work, task.subject_id)
    return url_for("specialists", student_id=share.student_id) if share else None


def _hui_url(here: Here, task: Task) -> str | None:
    """The page on which a task about a hui is settled."""
    if task.kind in {TaskKind.WANTS_HUI, TaskKind.HUI_AGAIN, TaskKind.HUI_TOGETHER, TaskKind.HUI_APART}:
        return url_for("student_hui", student_id=task.student_id) if task.student_id else None
    if task.kind is TaskKind.HUI_TIMES:
        return url_for("hui", hui_id=task.subject_id)
    hui_id = meetings.hui_asking(here.work, task.subject_id) if task.subject_id else None
    if hui_id is None:
        return None
    return url_for("hui" if task.kind is TaskKind.HUI_COMING else "hui_room", hui_id=hui_id)


@pages.route("/to-do/<uuid:task_id>", AT_SCHOOL, methods=("POST",))
def task_done(task_id: uuid.UUID) -> Response:
    """Say that they were told, or that it could not be done."""
    with at_school() as here:
        if all(row.get("task_id") != task_id for row in to_do_rows(here)):
            raise NotFound(N_("That task is not here."))
        told = request.form.get("act") == "told"
        task = tasks.task_by_id(here.work, task_id)
        if task is not None and task.kind in ASKED:
            tasks.close_task(here.work, task_id, outcome="told" if told else "not_told")
        else:
            messages.close_by_hand(here.work, task_id, told=told)
    return redirect(safe_next(request.form.get("next") or url_for("to_do")))
