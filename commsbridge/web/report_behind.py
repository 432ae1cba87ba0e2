"""The students behind a number: who has what a measure asks for, or how much of a count is each one's."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from flask import render_template, request

from commsbridge import reports, schools
from commsbridge.reports import Regularity, Report
from commsbridge.web.access import Pages
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.report_reach import why_not
from commsbridge.web.reports import LEADS, asked_for, asked_period, group_name, made_for, named, of_level
from commsbridge.web.shown import Shown

pages = Pages()
NO_REASONS: Mapping[uuid.UUID, str] = MappingProxyType({})


@pages.route("/reports/behind/<measure>", LEADS, endpoint="report_behind")
def behind(measure: str) -> str:
    """Who has it, who has it not, of everybody or of one group; each a way to the student's own report."""
    with at_school() as here:
        shown, made = _asked(here)
        group = request.args.get("group", "")
        found = reports.in_group(made.found, group) if group else made.found
        has, has_not = replace(made, found=found).behind(measure)
        note_frame(here)
        return render_template(
            "reports/behind.html",
            title=reports.title(shown.language, measure),
            group=group_name(shown, group) if group else "",
            how=reports.how(shown.language, measure, made.aims),
            period=named(shown, made.period),
            told=reports.told_of(shown.language, made),
            has=_names(has),
            has_not=_names(has_not, why_not(here, shown, has_not) if measure == "reached" else {}),
            asked=asked_for(),
        )


@pages.route("/reports/counted/<name>", LEADS, endpoint="report_counted")
def counted(name: str) -> str:
    """The students behind a plain number, each with how much of it is theirs, by name."""
    with at_school() as here:
        shown, made = _asked(here)
        title, found = reports.counted(made.found, name, shown.language)
        note_frame(here)
        return render_template(
            "reports/counted.html",
            title=title,
            period=named(shown, made.period),
            told=reports.told_of(shown.language, made),
            found=sorted(
                ({"student_id": each.facts.id, "name": each.facts.name, "count": count} for each, count in found),
                key=lambda row: str(row["name"]),
            ),
            asked=asked_for(),
        )


def _asked(here: Here) -> tuple[Shown, Report]:
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    period = asked_period(shown.calendar, shown)
    return shown, of_level(made_for(here, shown, period))


def _names(found: Sequence[Regularity], why: Mapping[uuid.UUID, str] = NO_REASONS) -> list[dict[str, Any]]:
    rows = [{"student_id": each.facts.id, "name": each.facts.name, "why": why.get(each.facts.id)} for each in found]
    return sorted(rows, key=lambda row: str(row["name"]))
