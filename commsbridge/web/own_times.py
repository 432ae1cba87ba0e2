"""Times of their own: when a teacher is asked about one class, group or child; and back to the usual times."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from commsbridge import prompts, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, say_many
from commsbridge.foundation.reo_dates import clock_time
from commsbridge.prompts import Rules, Schedule, Taught
from commsbridge.schools import Permission
from commsbridge.students import Group
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import one_act
from commsbridge.web.prompts import WEEKDAYS, count_typed, days_typed, has_device, next_told, time_typed
from commsbridge.web.shown import Shown

pages = Pages()
PRAISES = may(Permission.SEND_PRAISE)
ONE_OF_THESE = N_("Choose one of these.")
EVERY_DAY = N_("Every school day")
THESE_DAYS = N_("On these days:")
BEFORE = N_("Before class, at %(time)s")
AFTER = N_("After class, at %(time)s")
AT = N_("At this time:")
SAYS = N_("%(days)s, at %(time)s.")
TO_THE_END = N_("To the end of %(day)s.")
GROUP = N_("%(name)s (your group)")
SHARED = N_("%(name)s (a shared group)")
OVER = N_("It ended with %(day)s.")
TOLD = {
    "set": N_("Kept. These times are their own now."),
    "stop": N_("Back to your usual times: you are asked about them with all the others."),
}


@pages.route("/prompts/own", PRAISES, methods=("GET", "POST"), endpoint="own_times")
def show_own_times() -> str | tuple[str, int] | Response:
    """The classes, groups and children that have times of their own; set, changed, or back to the usual times."""
    return one_act("own_times", _page, _act)


def _act(here: Here, act: str) -> None:
    about = read_id(request.form.get("about")) or uuid.UUID(int=0)
    if act == "stop":
        prompts.end_own_times(here.work, here.viewer.staff_id, about)
    elif act == "set":
        rules = prompts.rules_of(here.work)
        prompts.set_own_times(
            here.work, here.viewer, about, days=_days(rules), at=_time(rules), how_many=count_typed(),
            by_mail=bool(request.form.get("by_mail")), by_text=bool(request.form.get("by_text")),
            by_push=bool(request.form.get("by_push")),
            this_term=_one_of("lasts", {"on", "term"}) == "term",
        )  # fmt: skip
    else:
        raise Invalid(N_("That button does not work any more. Open the page again."))


def _one_of(field: str, allowed: set[str]) -> str:
    written = request.form.get(field, "")
    if written not in allowed:
        raise Invalid(ONE_OF_THESE, field=field)
    return written


def _days(rules: Rules) -> set[int]:
    often = _one_of("often", {"offered", "daily", "these"})
    if often == "these":
        return days_typed()
    return set(prompts.MONDAY_TO_FRIDAY if often == "daily" else rules.begin_days)


def _time(rules: Rules) -> time:
    when = _one_of("when", {"before", "after", "at"})
    if when == "at":
        return time_typed()
    return rules.before_at if when == "before" else rules.after_at


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    taught, rules = prompts.taught_by(work, here.viewer), prompts.rules_of(work)
    own = {each.about: each for each in prompts.schedules_of(work, here.viewer.staff_id)}
    own.pop(None, None)
    changed = own.get(read_id(request.args.get("about")))
    ticked = days_typed() if errors else set(changed.weekdays if changed else rules.begin_days)
    return render_template(
        "own_times.html",
        own=[_row(here, shown, each) for each in own.values()],
        whom=[{"value": str(each.id), "label": each.name} for each in taught.classes]
        + [{"value": str(each.id), "label": _group_called(here, shown, each)} for each in taught.groups]
        + [{"value": str(each.id), "label": each.name} for each in taught.children],
        often=_often(shown, rules),
        when=[
            {"value": "before", "label": shown.say(BEFORE, time=clock_time(rules.before_at, shown.language))},
            {"value": "after", "label": shown.say(AFTER, time=clock_time(rules.after_at, shown.language))},
            {"value": "at", "label": shown.say(AT)},
        ],
        typed={**request.form} if errors else _typed(changed, taught, rules, request.args.get("about", "")),
        days=[
            {
                "name": f"day-{day}",
                "label": shown.say(WEEKDAYS[day]),
                "on": day in ticked,
            }
            for day in prompts.MONDAY_TO_FRIDAY
        ],
        in_term=shown.calendar.term_of(shown.today) is not None,
        has_phone=schools.phone_in_use(work, here.viewer.staff_id) is not None,
        has_device=has_device(here),
        errors=errors,
        told=shown.say(TOLD[request.args["told"]]) if request.args.get("told") in TOLD and not errors else None,
    )


def _typed(changed: Schedule | None, taught: Taught, rules: Rules, about: str) -> dict[str, Any]:
    """What the form begins with: what was chosen, else what the school offers, for whom the address names."""
    if changed is None:
        kinds = (taught.classes, taught.groups, taught.children)
        known = [str(each.id) for kind in kinds for each in kind]
        return {
            "about": about if about in known else next(iter(known), ""), "often": "offered", "when": "after",
            "lasts": "on", "at": f"{rules.after_at:%H:%M}", "how_many": "1", "by_mail": True,
        }  # fmt: skip
    return {
        "about": str(changed.about),
        "often": "these",
        "when": "at",
        "at": f"{changed.at:%H:%M}",
        "how_many": str(changed.how_many),
        "lasts": "term" if changed.until_on else "on",
        "by_mail": changed.by_mail,
        "by_text": changed.by_text,
        "by_push": changed.by_push,
    }


def _often(shown: Shown, rules: Rules) -> list[dict[str, str]]:
    offered = say_many(
        shown.language,
        "Once a week: %(days)s",
        "%(num)s times a week: %(days)s",
        len(rules.begin_days),
        days=_names(shown, rules.begin_days),
    )
    return [
        {"value": "offered", "label": offered},
        {"value": "daily", "label": shown.say(EVERY_DAY)},
        {"value": "these", "label": shown.say(THESE_DAYS)},
    ]


def _names(shown: Shown, days: tuple[int, ...]) -> str:
    return shown.names([shown.say(WEEKDAYS[day]) for day in days])


def _row(here: Here, shown: Shown, schedule: Schedule) -> dict[str, Any]:
    says = [shown.say(SAYS, days=_names(shown, schedule.weekdays), time=clock_time(schedule.at, shown.language))]
    if schedule.until_on:
        sentence = OVER if schedule.until_on < shown.today else TO_THE_END
        says.append(shown.say(sentence, day=shown.date(schedule.until_on)))
    moment = prompts.next_moment(schedule, shown.calendar, shown.now)
    if moment is not None:
        says.append(next_told(shown, moment))
    return {"about": schedule.about, "name": _name(here, schedule), "says": " ".join(says)}


def _group_called(here: Here, shown: Shown, group: Group) -> str:
    return shown.say(GROUP if group.staff_id == here.viewer.staff_id else SHARED, name=group.name)


def _name(here: Here, schedule: Schedule) -> str:
    if schedule.student_id is not None:
        return students.names_of(here.work, [schedule.student_id])[schedule.student_id].preferred
    if schedule.group_id is not None:
        return students.group_names(here.work, [schedule.group_id])[schedule.group_id].name
    return next(each.name for each in students.classes_all(here.work) if each.id == schedule.class_id)
