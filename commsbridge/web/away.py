"""Who is away: one's own leave for everybody, that of others and working days for those who note it; who stands in."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from commsbridge import conversations, schools
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission, Staff
from commsbridge.web.access import AT_SCHOOL, Pages
from commsbridge.web.acting import Here, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import one_act
from commsbridge.web.prompts import WEEKDAYS
from commsbridge.web.shown import Shown

pages = Pages()
UNTIL = N_("From %(first)s to %(last)s.")
STANDS_IN = N_("%(who)s stands in.")
TOLD = {"note": N_("Kept. What waits for an answer passes on."), "back": N_("Kept."), "days": N_("Kept.")}


@pages.route("/away", AT_SCHOOL, methods=("GET", "POST"))
def away() -> str | tuple[str, int] | Response:
    """Who is away now and soon; a form to say so, and to say on which weekdays somebody works."""
    return one_act("away", _page, _act)


def _act(here: Here, act: str) -> None:
    work = here.work
    if act == "back":
        absence_id = read_id(request.form.get("absence"))
        own = {each.id for each in schools.absences(work) if _may_note(here, each.staff_id)}
        if absence_id not in own or absence_id is None:
            raise NotFound(N_("That is not written down here any more."))
        schools.end_absence(work, absence_id)
        return
    staff_id = _whose(here)
    if act == "days":
        schools.set_working_days(work, staff_id, {day for day in range(5) if request.form.get(f"day-{day}")})
    elif act == "note":
        stand_in_id = read_id(request.form.get("stand_in"))
        offered = {each.id for each in conversations.promises.may_stand_in(work, staff_id)}
        if stand_in_id is not None and stand_in_id not in offered:
            raise Invalid(
                N_("Choose somebody who sees the same students, or leave it to another teacher of theirs."),
                field="stand_in",
            )
        schools.note_absence(
            work,
            staff_id,
            from_on=_day("from_on"),
            to_on=_day("to_on"),
            stand_in_id=stand_in_id,
        )
    else:
        raise Invalid(N_("That button does not work any more. Open the page again."))


def _may_note(here: Here, staff_id: uuid.UUID) -> bool:
    return staff_id == here.viewer.staff_id or here.viewer.may(Permission.NOTE_AWAY)


def _whose(here: Here) -> uuid.UUID:
    """Whose leave or days: one's own, unless this person notes those of others."""
    staff_id = read_id(request.values.get("staff")) or here.viewer.staff_id
    if not _may_note(here, staff_id) or staff_id not in {each.id for each in _everybody(here)}:
        raise NotFound(N_("There is no such person on the staff of this school."))
    return staff_id


def _everybody(here: Here) -> list[Staff]:
    return schools.staff_all(here.work, schools.today(here.work))


def _day(field: str) -> date:
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        raise Invalid(N_("Choose a day."), field=field) from None


def _page(here: Here, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    everybody = _everybody(here)
    whose = _whose(here)
    person = next(each for each in everybody if each.id == whose)
    notes = here.viewer.may(Permission.NOTE_AWAY)
    people = [{"value": str(each.id), "label": each.name} for each in everybody]
    able = [
        {"value": str(each.id), "label": each.name} for each in conversations.promises.may_stand_in(work, person.id)
    ]
    told = TOLD.get(request.args.get("told", ""))
    return render_template(
        "office/away.html",
        told=shown.say(told) if told and not errors else None,
        absent=[_row(here, shown, each) for each in schools.absences(work)],
        people=people if notes else None,
        others=[{"value": "", "label": shown.say(N_("Another teacher of the student"))}, *able],
        person={"id": str(whose), "name": person.name, "own": whose == here.viewer.staff_id},
        days=[
            {"name": f"day-{day}", "label": shown.say(label), "on": bool(person.working_days >> day & 1)}
            for day, label in enumerate(WEEKDAYS)
        ],
        values={
            "from_on": request.form.get("from_on", shown.today.isoformat()),
            "to_on": request.form.get("to_on", shown.today.isoformat()),
            "stand_in": request.form.get("stand_in", ""),
        },
        errors=errors,
    )


def _row(here: Here, shown: Shown, absence: schools.Absence) -> dict[str, Any]:
    ids = [each for each in (absence.staff_id, absence.stand_in_id) if each]
    people = schools.staff_by_id(here.work, ids)
    last = absence.to_on or absence.from_on
    said = shown.say(UNTIL, first=shown.date(absence.from_on), last=shown.date(last))
    if absence.stand_in_id in people:
        said = f"{said} {shown.say(STANDS_IN, who=people[absence.stand_in_id].name)}"
    return {
        "id": absence.id,
        "name": people[absence.staff_id].name,
        "sentence": said,
        "may_end": _may_note(here, absence.staff_id),
    }
