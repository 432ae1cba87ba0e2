"""Reports: who hears from school, for leaders; a class's children who need news; a teacher's own; one student's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from commsbridge import partnership, reports, schools, students, whanau
from commsbridge.conversations import promises
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.reports import Period, Regularity, Report, Share, Span
from commsbridge.schools import Permission
from commsbridge.web import figures
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.shown import Shown

pages = Pages()
LEADS = may(Permission.SEE_REPORTS)
FILES = {
    "report.pdf": "application/pdf",
    "board.pdf": "application/pdf",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "students.csv": "text/csv",
    "lines.csv": "text/csv",
    "prompts.csv": "text/csv",
    "report.json": "application/json",
}
SHOWN_FIRST = 20
SPANS = {
    Span.TERM: N_("This term"),
    Span.WEEK: N_("This week"),
    Span.LAST_TERM: N_("Last term"),
    Span.DATES: N_("Between two dates"),
}
IN_TERM = N_("Term %(number)s, %(first)s to %(last)s")
IN_DAYS = N_("%(first)s to %(last)s")
NO_WAY = N_("No number or address of theirs works: it can be mended, or a call may do better.")
NOTHING_ARRIVED = N_("Messages went, and none of them arrived.")
NOTHING_WRITTEN = N_("No praise was written in this time.")
LAST = N_("Good news last reached home on %(day)s.")
NEVER = N_("No good news has reached home yet.")
LANGUAGE_GROUPS = {
    "mi": N_("te reo Māori"),
    "en": N_("English"),
    "both": N_("te reo Māori and English"),
    "other": N_("another language"),
}
MATCHES = {
    "reo": N_("Te reo Māori, where it was asked for"),
    "other": N_("Another language, told by a person"),
    "checked": N_("Te reo Māori that a person has checked"),
}
YEAR = N_("Year %(level)s")
NO_YEAR = N_("No year level")


def asked_period(calendar: SchoolCalendar, shown: Shown) -> Period:
    """The period named in the address of the page."""
    asked = request.args
    return reports.read_period(calendar, shown.today, asked.get("span"), asked.get("first_on"), asked.get("last_on"))


def named(shown: Shown, period: Period) -> str:
    """A period in words."""
    days = {"first": shown.date(period.first_on), "last": shown.date(period.last_on)}
    if period.term is not None and period.span in {Span.TERM, Span.LAST_TERM}:
        return shown.say(IN_TERM, number=period.term.number, **days)
    return shown.say(IN_DAYS, **days)


@pages.route("/reports", LEADS, endpoint="reports")
def school_report() -> str | tuple[str, int]:
    """The report of the school or a year level: three sentences, who waits, the measures, and the figures."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        note_frame(here)
        try:
            period = asked_period(shown.calendar, shown)
        except Invalid as refusal:
            return render_template(
                "reports/none.html", wrong=shown.say(refusal.sentence, **refusal.slots), **_choices()
            ), 400
        made = _of_level(reports.report(here.work, shown.calendar, period))
        before = _before(here, shown, period)
        found = made.summary
        waits = _allowed(here, made.waiting)
        first = waits if request.args.get("all") else waits[:SHOWN_FIRST]
        return render_template(
            "reports/school.html",
            period=named(shown, period),
            as_of=shown.date(period.last_on),
            asked=_asked(),
            sentences=reports.three_sentences(shown.language, found, before.summary if before else None),
            before=named(shown, before.period) if before else None,
            waiting=waiting_rows(here, shown, first),
            more=len(waits) - len(first),
            paused=found.paused,
            measures=[_measure(shown, name, share, before) for name, share in found.shares.items()],
            deliveries=found.deliveries,
            answers=found.answers,
            prompts=found.prompts,
            took=figures.columns(reports.took(made.found), past=_promised_hours(here)),
            matches=_groups(shown, reports.by_match(made.found), lambda shown, name: shown.say(MATCHES[name])),
            levels=[{"level": level, "label": shown.say(YEAR, level=level)} for level in made.year_levels],
            gaps=figures.columns(reports.gaps(made.found), past=10),
            width_of=figures.width_of,
            languages=_groups(shown, reports.by_language(made.found), _language_name),
            year_levels=_groups(shown, reports.by_year_level(made.found), _level_name),
            smallest=reports.SMALLEST_GROUP,
            **_choices(),
        )


@pages.route("/reports/behind/<measure>", LEADS, endpoint="report_behind")
def behind(measure: str) -> str:
    """The students behind a number: who has it, who has it not, each a way to the student's own report."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        has, has_not = _of_level(reports.report(here.work, shown.calendar, period)).behind(measure)
        note_frame(here)
        return render_template(
            "reports/behind.html",
            title=reports.title(shown.language, measure),
            how=reports.how(shown.language, measure),
            period=named(shown, period),
            has=_names(_allowed(here, has)),
            has_not=_names(_allowed(here, has_not)),
            asked=_asked(),
        )


@pages.route("/reports/mine", may(Permission.SEE_TAUGHT), endpoint="report_mine")
def mine() -> str:
    """A teacher's own: the children they teach who need news, and their own numbers, which nobody else sees."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = reports.read_period(shown.calendar, shown.today, Span.TERM)
        taught = students.students_taught_by(here.work, here.viewer, shown.today)
        found = reports.report(here.work, shown.calendar, period, only=[each.id for each in taught])
        since = schools.day_begins(here.work, period.first_on)
        praised = partnership.praised_since(here.work, since=since, staff_id=here.viewer.staff_id)
        note_frame(here)
        return render_template(
            "reports/own.html",
            title=None,
            period=named(shown, period),
            waiting=waiting_rows(here, shown, _allowed(here, found.waiting)),
            children=len(taught),
            praised=sum(each.id in praised for each in taught),
        )


@pages.route("/reports/classes/<uuid:class_id>", may(Permission.READ_LOG), endpoint="report_class")
def one_class(class_id: uuid.UUID) -> str:
    """A class: which children need news, and what helps. No rates: in a primary school a class is a teacher."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        known = {each.id: each for each in students.classes_all(here.work)}
        taught = {each.id for each in students.classes_taught_by(here.work, here.viewer.staff_id, shown.today)}
        if class_id not in known or not (class_id in taught or here.viewer.may(Permission.SEE_WHOLE_SCHOOL)):
            raise NotFound(N_("There is no such class among those you see."))
        period = reports.read_period(shown.calendar, shown.today, Span.TERM)
        members = students.students_in(here.work, class_id, shown.today)
        found = reports.report(here.work, shown.calendar, period, only=[each.id for each in members])
        note_frame(here)
        return render_template(
            "reports/own.html",
            title=known[class_id].name,
            period=named(shown, period),
            waiting=waiting_rows(here, shown, _allowed(here, found.waiting)),
            children=None,
            praised=None,
        )


@pages.route("/students/<uuid:student_id>/report", may(Permission.READ_LOG), endpoint="report_student")
def student(student_id: uuid.UUID) -> str:
    """One student: the term as a strip of days, and the numbers behind it."""
    with at_school() as here:
        child = students.student_for(here.work, here.viewer, student_id)
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        found = reports.report(here.work, shown.calendar, period, only=[child.id]).found
        note_frame(here)
        one = found[0] if found else None
        return render_template(
            "reports/student.html",
            child=child,
            period=named(shown, period),
            one=one,
            last=_last(shown, one) if one else "",
            strip=figures.strip(shown.calendar, period.first_on, period.last_on, one.facts.days) if one else None,
            day_name=shown.date,
            asked=_asked(),
            **_choices(),
        )


def _choices() -> dict[str, Any]:
    return {
        "spans": [{"value": span.value, "label": label} for span, label in SPANS.items()],
        "span": request.args.get("span", Span.TERM.value),
        "first_on": request.args.get("first_on", ""),
        "last_on": request.args.get("last_on", ""),
        "against": bool(request.args.get("against")),
        "level": request.args.get("level", ""),
    }


def _asked() -> dict[str, str]:
    """What the page was asked for, to carry it on in links."""
    return {name: request.args[name] for name in ("span", "first_on", "last_on", "level") if request.args.get(name)}


def _of_level(made: Report) -> Report:
    level = request.args.get("level", "")
    return made.of_level(int(level)) if level.isascii() and level.isdigit() and len(level) < 3 else made


def _before(here: Here, shown: Shown, period: Period) -> Report | None:
    """What the period is compared with, where that was asked for and there is something."""
    earlier = reports.one_before(shown.calendar, period) if request.args.get("against") else None
    return _of_level(reports.report(here.work, shown.calendar, earlier)) if earlier else None


def _allowed(here: Here, found: Sequence[Regularity]) -> list[Regularity]:
    """Without the children whom the viewer does not see as staff."""
    barred = students.barred_from(here.work, here.viewer)
    return [each for each in found if each.facts.id not in barred]


def waiting_rows(here: Here, shown: Shown, found: Sequence[Regularity]) -> list[dict[str, Any]]:
    """Who has not heard good news: since when, what is known, and what helps."""
    ids = [each.facts.id for each in found]
    reachable = whanau.reachable(here.work, ids, on=shown.today)
    rooms = students.classes_by_student(here.work, shown.today, ids)
    sends, mends = here.viewer.may(Permission.SEND_PRAISE), here.viewer.may(Permission.EDIT_CONTACTS)
    return [
        {
            "student_id": each.facts.id,
            "name": each.facts.name,
            "class_line": ", ".join(room.name for room in rooms.get(each.facts.id, [])),
            "days": each.waited,
            "last": _last(shown, each),
            "known": _known(shown, each, reachable),
            "can_send": sends and each.facts.id in reachable,
            "mend": mends and each.facts.id not in reachable,
        }
        for each in found
    ]


def _known(shown: Shown, each: Regularity, reachable: Collection[uuid.UUID]) -> str:
    if each.facts.id not in reachable:
        return shown.say(NO_WAY)
    if each.facts.sent and not each.facts.arrived:
        return shown.say(NOTHING_ARRIVED)
    return "" if each.facts.praise else shown.say(NOTHING_WRITTEN)


def _last(shown: Shown, each: Regularity) -> str:
    return shown.say(LAST, day=shown.date(each.facts.last_on)) if each.facts.last_on else shown.say(NEVER)


def _measure(shown: Shown, name: str, share: Share, before: Report | None) -> dict[str, Any]:
    then = before.summary.shares[name].percent if before else None
    return {
        "name": name,
        "title": reports.title(shown.language, name),
        "how": reports.how(shown.language, name),
        "share": share,
        "before": then,
    }


def _promised_hours(here: Here) -> int:
    """The whole school hours within which the school promises an answer now."""
    rules = promises.answering_of(here.work)
    hours = promises.Hours(schools.calendar_of(here.work), rules.opens, rules.closes)
    return ceil(rules.days * hours.day_minutes / 60)


def _names(found: Sequence[Regularity]) -> list[dict[str, Any]]:
    rows = [{"student_id": each.facts.id, "name": each.facts.name} for each in found]
    return sorted(rows, key=lambda row: str(row["name"]))


def _groups(shown: Shown, groups: dict[str, Share], name: Callable[[Shown, str], str]) -> list[dict[str, Any]]:
    return [{"name": name(shown, group), "share": share} for group, share in groups.items()]


def _language_name(shown: Shown, group: str) -> str:
    return shown.say(LANGUAGE_GROUPS[group])


def _level_name(shown: Shown, group: str) -> str:
    return shown.say(YEAR, level=int(group)) if int(group) else shown.say(NO_YEAR)


@pages.route("/reports/take/<file>", LEADS, endpoint="report_take")
def take(file: str) -> Response:
    """The report as a file: a spreadsheet, rows, JSON, or on paper, for leaders or for a board."""
    if file not in FILES:
        raise NotFound(N_("There is no such file."))
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        made = _of_level(reports.report(here.work, shown.calendar, period))
        barred = students.barred_from(here.work, here.viewer)
        allowed = replace(made, found=[each for each in made.found if each.facts.id not in barred])
        content = _written(here, shown, file, made, allowed)
    return Response(
        content,
        mimetype=FILES[file],
        headers={
            "Content-Disposition": f'attachment; filename="{period.first_on}-{period.last_on}-{file}"',
            "Cache-Control": "no-store",
        },
    )


def _written(here: Here, shown: Shown, name: str, made: Report, allowed: Report) -> bytes | str:
    if name == "report.xlsx":
        return reports.taking.as_xlsx(allowed, shown.language)
    if name == "students.csv":
        return "".join(reports.taking.as_csv(reports.taking.STUDENT, reports.taking.student_rows(allowed)))
    if name == "lines.csv":
        known = {each.facts.id for each in allowed.found}
        rows = (row for row in reports.taking.line_rows(here.work, allowed) if row[1] in known)
        return "".join(reports.taking.as_csv(reports.taking.LINE, rows))
    if name == "prompts.csv":
        known = {each.facts.id for each in allowed.found}
        rows = (row for row in reports.taking.prompt_rows(here.work, allowed) if row[1] in known)
        return "".join(reports.taking.as_csv(reports.taking.PROMPT, rows))
    if name == "report.json":
        return reports.taking.as_json(allowed)
    waits = [] if name == "board.pdf" else allowed.waiting
    classes = students.classes_by_student(here.work, made.period.last_on, [each.facts.id for each in waits])
    school = schools.school_of(here.work)
    return reports.on_paper(
        made,
        shown.language,
        school=school.name_mi if shown.language is Language.MI else school.name_en,
        period=named(shown, made.period),
        made_at=here.work.now,
        waiting=waits,
        rooms={student_id: ", ".join(each.name for each in rooms) for student_id, rooms in classes.items()},
    )
