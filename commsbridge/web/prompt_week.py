"""The weeks ahead: the prompts to come as a calendar, moved or left out by form; and what another rhythm would cost."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from commsbridge import prompts, schools, students
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, say_many
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.prompts import Ahead, Schedule
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import one_act
from commsbridge.web.shown import Shown

pages = Pages()
PRAISES = may(Permission.SEND_PRAISE)
LEFT_OUT = N_("Left out.")
PERHAPS = N_("Perhaps %(names)s.")
ABOUT = N_("About %(name)s.")
NOBODY_DUE = N_("Perhaps nobody: then nothing is asked.")
TOLD = {
    "move": N_("Moved."),
    "skip": N_("Left out. The next one comes at its own time."),
    "back": N_("It comes at its own time again."),
}


@pages.route("/prompts/week", PRAISES, methods=("GET", "POST"), endpoint="prompt_week")
def show_week() -> str | tuple[str, int] | Response:
    """The prompts of this week and the next; one of them moved, left out or put back."""
    return one_act("prompt_week", _page, _act)


def _act(here: Here, act: str) -> None:
    schedule, from_on = _own(here), _day("from_on")
    if act == "back":
        prompts.put_back(here.work, schedule, from_on)
    elif act == "skip":
        prompts.move_prompt(here.work, schedule, from_on, to=None)
    elif act == "move":
        prompts.move_prompt(here.work, schedule, from_on, to=(_day("day"), _time()))
    else:
        raise Invalid(N_("That button does not work any more. Open the page again."))


def _own(here: Here) -> Schedule:
    wanted = read_id(request.form.get("schedule_id"))
    found = [each for each in prompts.schedules_of(here.work, here.viewer.staff_id) if each.id == wanted]
    if not found:
        raise NotFound(N_("That prompt is not here."))
    return found[0]


def _day(field: str) -> date:
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        raise Invalid(N_("Choose a day."), field="day") from None


def _time() -> time:
    try:
        return time.fromisoformat(request.form.get("at", "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Invalid(N_("Write a time like 15:30."), field="at") from None


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    calendar = schools.calendar_of(work)
    shown = Shown(language(), calendar, work.now)
    note_frame(here)
    until = shown.today + timedelta(days=13 - shown.today.weekday())
    found = prompts.ahead_of(work, here.viewer, until_on=until)
    return render_template(
        "prompt_week.html",
        ahead=[_ahead(here, shown, each) for each in found],
        days=[
            {"value": day.isoformat(), "label": shown.weekday(day)} for day in calendar.school_days(shown.today, until)
        ],
        closed=_closed(calendar, shown, until),
        what_if=_what_if(here, shown),
        errors=errors,
        told=shown.say(TOLD[request.args["told"]]) if request.args.get("told") in TOLD and not errors else None,
    )


def _ahead(here: Here, shown: Shown, each: Ahead) -> dict[str, Any]:
    at = each.at or shown.calendar.moment(each.from_on, each.schedule.at)
    local = shown.calendar.local(at)
    return {
        "schedule_id": each.schedule.id,
        "from_on": each.from_on.isoformat(),
        "day": shown.weekday(local.date()),
        "short": shown.ahead(at),
        "time": shown.time(at),
        "iso": shown.iso(at),
        "says": shown.say(LEFT_OUT) if each.at is None else _about(here, shown, each),
        "moved": each.moved,
        "left_out": each.at is None,
        "at": f"{local:%H:%M}",
        "on": local.date().isoformat(),
    }


def _about(here: Here, shown: Shown, each: Ahead) -> str:
    schedule = each.schedule
    if schedule.student_id is not None:
        names = students.names_of(here.work, [schedule.student_id])
        return shown.say(ABOUT, name=names[schedule.student_id].preferred)
    if not each.children:
        return shown.say(NOBODY_DUE)
    return shown.say(PERHAPS, names=shown.names([child.preferred_name for child in each.children]))


def _closed(calendar: SchoolCalendar, shown: Shown, until: date) -> list[str]:
    """The weekdays until then on which there is no school, so that a gap in the list is no riddle."""
    days = (shown.today + timedelta(days=number) for number in range((until - shown.today).days + 1))
    return [shown.weekday(day) for day in days if day.weekday() < 5 and not calendar.is_school_day(day)]


def _what_if(here: Here, shown: Shown) -> dict[str, Any]:
    """What praising so often would cost: of all children one teaches, or of those with a book."""
    taught = students.students_taught_by(here.work, here.viewer, shown.today)
    own = students.targets_of(here.work, [child.id for child in taught])
    books = sum(target.has_book for target in own.values())
    whom = "books" if request.args.get("whom") == "books" else "all"
    written = request.args.get("times", "")
    times = int(written) if written in {"1", "2", "3", "4", "5"} else 0
    count = books if whom == "books" else len(taught)
    return {"whom": whom, "times": written, "books": books, "all": len(taught), "says": _costs(shown, count, times)}


def _costs(shown: Shown, children: int, times: int) -> str | None:
    if not times or not children:
        return None
    minutes = max(1, round(prompts.minutes_a_day(children, times)))
    return say_many(shown.language, "About one minute a school day.", "About %(num)s minutes a school day.", minutes)
