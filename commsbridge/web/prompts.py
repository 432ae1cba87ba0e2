"""Prompts: when a teacher is asked who shone, and their answers in one step."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import plans, prompts, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, say_many
from commsbridge.prompts import Answer, Known, Late, Moves, Prompt, Rules, Schedule
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.children import called
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
PRAISES = may(Permission.SEND_PRAISE)
WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"))
NEVER = N_("No good news has reached home yet.")
NEXT = N_("You will be asked next on %(day)s, at %(time)s.")
IN_HOLIDAYS = N_("No school until %(first)s, so nothing is asked before then.")
NO_NEXT = N_("We do not know yet when we will ask you next.")
PAUSED = N_("Paused until the end of %(day)s.")
TIRED = N_("Nothing came of the last two weeks, so we now ask you less often. Would another time suit you better?")
MOVED = N_("The prompt of %(day)s, %(time)s could not come then. It came later: %(when)s.")
DROPPED = N_("The prompt of %(day)s, %(time)s could not come, and was left out.")
NO_DEVICE = N_("No device of yours takes prompts any more, so they come another way. Add the device again.")
NO_TIME = N_("Write a time like 15:30.")
TOLD = {
    "set": N_("Kept. You can change it at any time."),
    "pause": N_("Paused."),
    "resume": N_("You will be asked again."),
    "stop": N_("You will not be asked any more."),
}
ANSWERED = {
    Answer.NOT_TODAY: N_("Not today: kept."),
    Answer.AWAY: N_("Away: kept. Something like “we missed you” is good news, too."),
    Answer.LATER: N_("You will be asked again on the next school day."),
    Answer.SOMEONE_ELSE: N_("Left to somebody else for two weeks."),
    Answer.GATE: N_("The talk at the gate is in the log."),
}


@pages.route("/prompts", PRAISES, methods=("GET", "POST"), endpoint="prompts")
def show_prompts() -> str | tuple[str, int] | Response:
    """When this person is asked, and about whom they would be asked now; changed, paused or ended here."""
    with at_school() as here:
        if request.method == "GET":
            return _page(here)
        act = request.form.get("act", "")
        errors = kept(here.work, lambda: _act(here, act))
        if errors:
            return _page(here, errors), 400
    return redirect(url_for("prompts", told=act))


def _act(here: Here, act: str) -> None:
    work, staff_id = here.work, here.viewer.staff_id
    if act == "set":
        prompts.ask_about_any(work, here.viewer)
        prompts.set_schedule(
            work, staff_id, days=days_typed(), at=time_typed(), how_many=count_typed(),
            by_mail=bool(request.form.get("by_mail")), by_text=bool(request.form.get("by_text")),
            by_push=bool(request.form.get("by_push")),
        )  # fmt: skip
        return
    schedule = prompts.schedule_of(work, staff_id)
    if schedule is None or act not in {"pause", "resume", "stop"}:
        raise Invalid(N_("That button does not work any more. Open the page again."))
    if act == "stop":
        prompts.stop_schedule(work, schedule)
    else:
        prompts.pause_schedule(work, schedule, until_on=_day_typed() if act == "pause" else None)


def days_typed() -> set[int]:
    """The weekdays that are ticked, Monday 0."""
    return {day for day in prompts.MONDAY_TO_FRIDAY if request.form.get(f"day-{day}")}


def time_typed(field: str = "at") -> time:
    """The time of day in a field. Raises Invalid for what is none."""
    try:
        return time.fromisoformat(request.form.get(field, "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Invalid(NO_TIME, field=field) from None


def count_typed() -> int:
    """How many children are asked for; 0 for what cannot be chosen."""
    written = request.form.get("how_many", "")
    return int(written) if written in {"1", "2", "3"} else 0


def _day_typed() -> date:
    try:
        return date.fromisoformat(request.form.get("until_on", ""))
    except ValueError:
        raise Invalid(N_("Choose a day."), field="until_on") from None


@pages.route("/prompts/<uuid:prompted_id>", PRAISES, methods=("POST",))
def prompt_answer(prompted_id: uuid.UUID) -> Response:
    """Answer for one child, or take the answer back; then Today again."""
    said = request.form.get("answer", "")
    with at_school() as here:
        staff_id = here.viewer.staff_id
        students.student_for(here.work, here.viewer, prompts.prompted_student(here.work, prompted_id, staff_id))
        if said == "back":
            prompts.take_back(here.work, prompted_id, staff_id)
            return redirect(url_for("today", _anchor="prompt"))
        if said not in set(Answer):
            raise Invalid(N_("That button does not work any more. Open the page again."))
        prompts.answer(here.work, prompted_id, staff_id, Answer(said), language=language())
    return redirect(url_for("today", answered=prompted_id, said=said, _anchor="prompt"))


def prompted(here: Here, shown: Shown) -> dict[str, Any] | None:
    """The prompt on Today: children with why they are named, and what was just answered; None when there is neither."""
    if not here.viewer.may(Permission.SEND_PRAISE):
        return None
    found = prompts.open_children(here.work, here.viewer.staff_id)
    today = schools.today(here.work)
    seen = {child.id: child for child in students.students_seen_by(here.work, here.viewer, today)} if found else {}
    shared = Counter(child.preferred_name for child in seen.values())
    known = prompts.known_of(here.work, {each.student_id for each in found} & seen.keys(), planned=plans.goals_named)
    children = [
        {
            "id": each.id,
            "student_id": each.student_id,
            "name": called(seen[each.student_id], among=shared),
            "days": each.waited,
            "why": why_asked(here, shown, each.waited, each.concerns),
            "look_for": _look_for(here, shown, known[each.student_id]),
        }
        for each in found
        if each.student_id in seen
    ]
    done = _just_answered(shown)
    return {"children": children, "done": done} if children or done else None


def _look_for(here: Here, shown: Shown, known: Known) -> dict[str, str | None] | None:
    """One idea of what to notice today: {says, words, lang}; None when nothing is known."""
    idea = known.idea(shown.language, shown.today, reads=here.viewer.may(Permission.READ_LOG))
    if idea is None:
        return None
    return {"says": idea.says, "words": idea.words, "lang": idea.language.tag if idea.language else None}


def why_asked(here: Here, shown: Shown, waited: int | None, concerns: int) -> str:
    """Why a child is named: how long they waited, and how many concerns, for whoever may read those."""
    if waited is None:
        sentences = [shown.say(NEVER)]
    else:
        sentences = [
            say_many(
                shown.language,
                "Nothing has reached home for %(num)s school day.",
                "Nothing has reached home for %(num)s school days.",
                waited,
            )
        ]
    if concerns and here.viewer.may(Permission.READ_CONCERN):
        sentences.append(
            say_many(
                shown.language,
                "One concern in the last two weeks.",
                "%(num)s concerns in the last two weeks.",
                concerns,
            )
        )
    return " ".join(sentences)


def _just_answered(shown: Shown) -> dict[str, str] | None:
    said, prompted_id = request.args.get("said", ""), request.args.get("answered", "")
    try:
        url = url_for("prompt_answer", prompted_id=uuid.UUID(prompted_id))
    except ValueError:
        return None
    return {"sentence": shown.say(ANSWERED[Answer(said)]), "url": url} if said in set(Answer) else None


def _page(here: Here, errors: dict[str, str] | None = None) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    schedule = prompts.schedule_of(work, here.viewer.staff_id)
    rules = prompts.rules_of(work)
    sent = bool(errors) and request.form.get("act") == "set"
    return render_template(
        "prompts.html",
        chosen=_chosen(here, shown, schedule),
        days=[
            {"name": f"day-{day}", "label": shown.say(WEEKDAYS[day]), "on": day in _days(schedule, rules, sent=sent)}
            for day in prompts.MONDAY_TO_FRIDAY
        ],
        typed=_typed(schedule, rules, sent=sent),
        next_ones=[
            {
                "student_id": student.id,
                "name": student.preferred_name,
                "why": why_asked(here, shown, waiting.waited, waiting.concerns),
            }
            for student, waiting in prompts.who_next(work, here.viewer, how_many=prompts.MOST_CHILDREN)
        ],
        has_phone=schools.phone_in_use(work, here.viewer.staff_id) is not None,
        has_device=has_device(here),
        late=[_late(shown, each) for each in prompts.late_lately(work, here.viewer.staff_id)],
        sets_rules=here.viewer.may(Permission.SET_SENDING),
        errors=errors or {},
        told=shown.say(TOLD[request.args["told"]]) if request.args.get("told") in TOLD else None,
    )


def has_device(here: Here) -> bool:
    """Whether prompts can come to a device of whoever looks."""
    staff_id = here.viewer.staff_id
    return bool(schools.devices_in_use(here.work, [staff_id])[staff_id])


def _moves(here: Here, schedule: Schedule) -> Moves:
    since = schools.today(here.work) - prompts.MOVES_AHEAD
    return prompts.moves_of(here.work, [schedule.id], from_on=since)[schedule.id]


def _late(shown: Shown, prompt: Prompt) -> str:
    """That a prompt could not be made in time, and what became of it."""
    day, time_of_day = shown.weekday(shown.calendar.local(prompt.due_at).date()), shown.time(prompt.due_at)
    if prompt.late is Late.MOVE:
        return shown.say(MOVED, day=day, time=time_of_day, when=shown.until(prompt.made_at))
    return shown.say(DROPPED, day=day, time=time_of_day)


def _days(schedule: Schedule | None, rules: Rules, *, sent: bool) -> set[int]:
    if sent:
        return days_typed()
    return set(schedule.weekdays if schedule else rules.begin_days)


def _typed(schedule: Schedule | None, rules: Rules, *, sent: bool) -> Mapping[str, Any]:
    if sent:
        ways = {way: bool(request.form.get(way)) for way in ("by_mail", "by_text", "by_push")}
        return {**request.form, **ways}
    if schedule is None:
        return {
            "at": f"{rules.after_at:%H:%M}",
            "how_many": "1",
            "by_mail": True,
            "by_text": False,
            "by_push": False,
            "until_on": "",
        }
    return {
        "at": f"{schedule.at:%H:%M}",
        "how_many": str(schedule.how_many),
        "by_mail": schedule.by_mail,
        "by_text": schedule.by_text,
        "by_push": schedule.by_push,
        "until_on": "",
    }


def _chosen(here: Here, shown: Shown, schedule: Schedule | None) -> dict[str, Any] | None:
    """What was chosen, in sentences; None when this person is not asked."""
    if schedule is None:
        return None
    moment = prompts.next_moment(schedule, shown.calendar, shown.now, _moves(here, schedule))
    until = schedule.paused_until
    return {
        "next": next_told(shown, moment) if moment else shown.say(NO_NEXT),
        "paused": shown.say(PAUSED, day=shown.date(until)) if until and until >= shown.today else None,
        "device": shown.say(NO_DEVICE) if schedule.by_push and not has_device(here) else None,
        "tired": shown.say(TIRED) if prompts.is_tired(here.work, schedule) else None,
    }


def next_told(shown: Shown, moment: datetime) -> str:
    """When somebody is asked next; in the holidays with the day on which school begins again."""
    day = shown.calendar.local(moment).date()
    told = shown.say(NEXT, day=shown.weekday(day), time=shown.time(moment))
    first = shown.calendar.next_school_day(shown.today)
    if shown.calendar.term_of(shown.today) is not None or first is None:
        return told
    return f"{shown.say(IN_HOLIDAYS, first=shown.weekday(first))} {told}"
