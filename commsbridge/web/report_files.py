"""Taking a report away: a spreadsheet, rows, JSON, or on paper, for leaders or for a board."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from werkzeug.wrappers import Response

from commsbridge import reports, schools, students
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.reports import Report
from commsbridge.schools import Permission
from commsbridge.web.access import Pages
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.reports import LEADS, asked_period, earlier_report, hears, made_for, named, of_level
from commsbridge.web.shown import Shown

pages = Pages()
FILES = {
    "report.pdf": "application/pdf",
    "board.pdf": "application/pdf",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "students.csv": "text/csv",
    "lines.csv": "text/csv",
    "prompts.csv": "text/csv",
    "hui.csv": "text/csv",
    "voice.csv": "text/csv",
    "report.json": "application/json",
}


@pages.route("/reports/take/<file>", LEADS, endpoint="report_take")
def take(file: str) -> Response:
    """The report as a file: a spreadsheet, rows, JSON, or on paper, for leaders or for a board."""
    if file not in FILES:
        raise NotFound(N_("There is no such file."))
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        made = made_for(here, shown, period)
        if file == "voice.csv":
            schools.allow(here.viewer, Permission.HEAR_WHANAU)
        made = of_level(reports.with_voice(here.work, made) if hears(here) else made)
        content = _written(here, shown, file, made)
    return Response(
        content,
        mimetype=FILES[file],
        headers={
            "Content-Disposition": f'attachment; filename="{period.first_on}-{period.last_on}-{file}"',
            "Cache-Control": "no-store",
        },
    )


def _rows(here: Here, name: str, made: Report) -> tuple[Sequence[str], Iterable[tuple[Any, ...]]]:
    """The columns and rows of a file of rows; of children alone whom the reader sees as staff."""
    taking, known = reports.taking, {each.facts.id for each in made.found}
    rows: dict[str, Callable[[], tuple[Sequence[str], Iterable[tuple[Any, ...]]]]] = {
        "students.csv": lambda: (taking.STUDENT, taking.student_rows(made)),
        "lines.csv": lambda: (taking.LINE, (row for row in taking.line_rows(here.work, made) if row[1] in known)),
        "prompts.csv": lambda: (
            taking.PROMPT,
            (row for row in taking.prompt_rows(here.work, made) if row[1] in known),
        ),
        "hui.csv": lambda: (
            reports.HUI,
            (row for row in reports.hui_rows(here.work, made.calendar, made.period) if row[2] in known),
        ),
        "voice.csv": lambda: (reports.VOICE, reports.voice_rows(made.voice)),
    }
    return rows[name]()


def _written(here: Here, shown: Shown, name: str, made: Report) -> bytes | str:
    if name == "report.xlsx":
        return reports.taking.as_xlsx(made, shown.language)
    if name.endswith(".csv"):
        return "".join(reports.taking.as_csv(*_rows(here, name, made)))
    if name == "report.json":
        return reports.taking.as_json(made)
    for_board = name == "board.pdf"
    waits = [] if for_board else made.waiting
    classes = students.classes_by_student(here.work, made.period.last_on, [each.facts.id for each in waits])
    school = schools.school_of(here.work)
    earlier = earlier_report(here, shown, made.period)
    return reports.on_paper(
        made,
        shown.language,
        school=school.name_mi if shown.language is Language.MI else school.name_en,
        period=named(shown, made.period),
        made_at=here.work.now,
        before=earlier.summary if earlier else None,
        waiting=waits,
        rooms={student_id: ", ".join(each.name for each in rooms) for student_id, rooms in classes.items()},
        for_board=for_board,
    )
