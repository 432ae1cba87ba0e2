"""Taking a report away: as a spreadsheet, as rows, as JSON. Whatever could be a formula goes out as plain text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from sqlalchemy import text

from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.reports.measures import MEASURES
from commsbridge.reports.regularity import Regularity
from commsbridge.reports.report import Report
from commsbridge.reports.statements import VOUCHED
from commsbridge.reports.voice import jsoned
from commsbridge.reports.words import asked, how, title, told_of, voice_how

# A cell that a spreadsheet would take for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
STUDENT = (
    "student_id", "name", "year_level", "began_on", "paused", "declined", "asked", "has_book", "target", "last_on",
    "waited",
    "longest", "middle", "met", "weeks", "sent", "arrived", "failed", "uncertain", "reo_of", "reo_got",
    "other_of", "other_got", "answerable", "praise", "own_words", "concerns", "gate", "calls", "pages", "hui",
    "replies", "by_text", "by_mail", "by_page", "begun", "timely", "reo_sent",
    "reo_checked", "in_time", "late", "overdue", "open", "took", "prompts", "prompts_answered", "prompts_helped",
    "hui_held", "hui_chosen", "hui_voiced", "steps_due", "steps_in_time", "steps_explained",
)  # fmt: skip
LINE = (
    "line",
    "student_id",
    "at",
    "moment",
    "about",
    "contact_id",
    "channel",
    "language",
    "delivery",
    "own_words",
    "answers",
    "asked",
    "written_at",
    "checked",
    "promised_minutes",
    "took_minutes",
    "due_at",
)
PROMPT = ("prompt", "student_id", "at", "answer", "answered_at")  # fmt: skip
# Every line that a measure may read, with what it asks of the message, the reply or the contact behind it. What was
# answered or set aside after the last day is open in it; a reply without ``promised_minutes`` asked nothing.
LINES = """
{vouched}
SELECT l.id AS line, l.student_id, l.at,
       CASE WHEN l.moment = 'hui' AND l.subject <> 'hui' THEN 'hui_told' ELSE l.moment END AS moment,
       l.about, l.contact_id, l.channel, l.language,
       CASE WHEN l.subject = 'delivery' THEN l.subject_id END AS delivery, m.words <> '' AS own_words,
       r.delivery_id AS answers, a.language AS asked,
       CASE WHEN l.moment = 'praise' THEN coalesce(p.made_at, l.at) END AS written_at,
       CASE WHEN m.words = '' OR t.answered_at < :until THEN m.phrase_id IS NULL OR v.phrase_id IS NOT NULL
            WHEN m.id IS NOT NULL THEN false END AS checked,
       q.allowed_minutes, CASE WHEN q.kept_at < :until THEN q.took_minutes END, q.due_at
FROM lines l LEFT JOIN messages m ON l.moment = 'praise' AND m.school_id = l.school_id AND m.id = l.subject_id
  LEFT JOIN later_praises p ON p.school_id = m.school_id AND p.message_id = m.id
  LEFT JOIN translations t ON t.school_id = m.school_id AND t.message_id = m.id
  LEFT JOIN vouched v ON v.phrase_id = m.phrase_id AND l.at >= v.from_at AND (v.until_at IS NULL OR l.at < v.until_at)
  LEFT JOIN replies r ON l.moment = 'reply' AND r.school_id = l.school_id AND r.id = l.subject_id
  LEFT JOIN promises q ON q.school_id = r.school_id AND q.reply_id = r.id
    AND (q.kept_how = 'not_needed' AND q.kept_at < :until) IS NOT TRUE
  LEFT JOIN languages_asked a ON l.subject = 'delivery' AND a.school_id = l.school_id AND a.contact_id = l.contact_id
    AND a.from_on <= (l.at AT TIME ZONE :zone)::date
    AND (a.to_on IS NULL OR a.to_on >= (l.at AT TIME ZONE :zone)::date)
WHERE l.at >= :start AND l.at < :until ORDER BY l.at, l.number
""".replace("{vouched}", VOUCHED)
PROMPTS = """
SELECT c.id, c.student_id, p.made_at, CASE WHEN c.answered_at < :until THEN c.answer END,
       CASE WHEN c.answered_at < :until THEN c.answered_at END
FROM prompts p JOIN prompted_children c ON c.school_id = p.school_id AND c.prompt_id = p.id
WHERE p.due_at >= :start AND p.due_at < :until AND p.made_at < :until ORDER BY p.made_at, c.id
"""
BATCH = 5000


def student_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    """A row a student, of STUDENT columns."""
    for each in report.found:
        of = {"student_id": each.facts.id, **{name: getattr(each, name) for name in ("waited", "longest", "middle")}}
        of |= {"met": each.met, "weeks": each.weeks}
        yield tuple(of[name] if name in of else getattr(each.facts, name) for name in STUDENT)


def line_rows(work: Work, report: Report, *, first_on: date | None = None) -> Iterator[tuple[Any, ...]]:
    """The lines of the log behind a report, of LINE columns, the oldest first; from ``first_on`` when that is given.

    Ids alone: nobody's words are among them. Lines before the period matter for waits that began before it.
    """
    given = {"zone": report.calendar.time_zone, **_between(report, first_on)}
    for row in work.session.execute(text(LINES).execution_options(yield_per=BATCH), given):
        yield tuple(map(_moment, row))


def prompt_rows(work: Work, report: Report) -> Iterator[tuple[Any, ...]]:
    """Every time somebody was asked about a child in the period, of PROMPT columns; not who was asked."""
    for row in work.session.execute(text(PROMPTS).execution_options(yield_per=BATCH), _between(report, None)):
        yield tuple(map(_moment, row))


def _between(report: Report, first_on: date | None) -> dict[str, datetime]:
    begins, midnight = report.calendar.moment, datetime.min.time()
    return {
        "start": begins(first_on or report.period.first_on, midnight),
        "until": begins(date.fromordinal(report.period.last_on.toordinal() + 1), midnight),
    }


def _moment(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows as CSV, piece by piece, with a byte-order mark so that a spreadsheet reads the macrons."""
    written = io.StringIO()
    writer = csv.writer(written)
    written.write("\ufeff")
    writer.writerow(columns)
    for number, row in enumerate(rows):
        writer.writerow([plain(each) for each in row])
        if number % BATCH == 0:
            yield written.getvalue()
            written.seek(0)
            written.truncate()
    yield written.getvalue()


def plain(value: Any) -> str:
    """A value for a cell: empty for nothing, 1 and 0 for yes and no, and never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    written = " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"'{written}" if written.startswith(FORMULA) and not _is_number(value) else written


def as_json(report: Report) -> str:
    """The measures and every student's numbers as JSON."""
    found = report.summary
    shares = {name: {"count": share.count, "of": share.of} for name, share in found.shares.items()}
    made = {
        "first_on": report.period.first_on.isoformat(),
        "last_on": report.period.last_on.isoformat(),
        "in_part": report.in_part,
        "targets": {"usual": report.aims.usual, "book": report.aims.book, "guide": report.aims.guide},
        "students": found.students,
        "paused": found.paused,
        "declined": found.declined,
        "weeks": {"count": found.weeks.count, "of": found.weeks.of},
        "middle_wait": found.middle_wait,
        "middle_step": found.middle_step,
        "measures": shares,
        "voice": [jsoned(each) for each in report.voice],
        "rows": [dict(zip(STUDENT, map(_jsoned, row), strict=True)) for row in student_rows(report)],
    }
    return json.dumps(made, ensure_ascii=False, indent=1)


def as_xlsx(report: Report, language: Language) -> bytes:
    """A spreadsheet: the measures with how they are counted, and a row for every student and measure."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "in_memory": False})
    head = book.add_format({"bold": True})
    said = [say(language, each) for each in (N_("Measure"), N_("Students"), N_("Of"), N_("How is this counted?"))]
    shares = report.summary.shares
    rows = (
        [title(language, name), each.count, each.of, how(language, name, report.aims)] for name, each in shares.items()
    )
    _sheet(book, say(language, N_("Measures")), said, rows, head)
    if report.voice:
        heads = (N_("Question"), N_("Mostly or yes"), N_("Answered"), N_("Asked"), N_("How is this counted?"))
        rows_said = (
            [asked(language, each.question), each.share.count if each.scores else None, each.answered, each.asked,
             voice_how(language)]
            for each in report.voice
        )  # fmt: skip
        _sheet(book, say(language, N_("Whānau voice")), [say(language, each) for each in heads], rows_said, head)
    said = [say(language, each) for each in (N_("Student"), N_("Year level"), N_("Measure"), N_("Counted"))]
    _sheet(book, say(language, N_("Students")), said, _each_measure(report.found, language), head)
    _sheet(book, say(language, N_("About these numbers")), told_of(language, report), (), head)
    book.close()
    return made.getvalue()


def _each_measure(found: Iterable[Regularity], language: Language) -> Iterator[list[Any]]:
    yes, no = say(language, N_("Yes")), say(language, N_("Not yet"))
    titles = {name: title(language, name) for name in MEASURES}
    for each in found:
        for name, has in MEASURES.items():
            if (said := has(each)) is not None:
                yield [each.facts.name, each.facts.year_level, titles[name], yes if said else no]


def _sheet(book: Any, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], bold: Any) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 30)
    for column, words in enumerate(head):
        sheet.write_string(0, column, words, bold)
    for place, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if _is_number(value):
                sheet.write_number(place, column, value)
            else:
                sheet.write_string(place, column, "" if value is None else str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _jsoned(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str | tuple) else str(value)
