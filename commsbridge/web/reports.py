"""Reports: who hears from school, for leaders; a class's children who need news; a teacher's own; one student's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import time, timedelta
from math import ceil
from types import MappingProxyType
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, messages, partnership, reports, schools, students, tasks, whanau
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.partnership import Entry, Moment
from commsbridge.reports import Period, Regularity, Report, Share, Span, Voice
from commsbridge.schools import Permission
from commsbridge.tasks import TaskKind
from commsbridge.web import figures
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, safe_next
from commsbridge.web.frame import note_frame
from commsbridge.web.report_reach import why_not
from commsbridge.web.shown import Shown
from commsbridge.web.timeline import log_rows

pages = Pages()
LEADS = may(Permission.SEE_REPORTS)
SHOWN_FIRST = 20
NO_REASONS: Mapping[uuid.UUID, str] = MappingProxyType({})
MOST_MOMENTS = 40
# The moments that a student's numbers are made of.
COUNTED = frozenset({Moment.PRAISE, Moment.CONCERN, Moment.GATE, Moment.CALL, Moment.REPLY, Moment.BOOK, Moment.HUI})
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
SUPPORTS = {"book": N_("With a communication book"), "none": N_("Without one")}
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
        made = of_level(reports.report(here.work, shown.calendar, period))
        before = _before(here, shown, period)
        found = made.summary
        voice = reports.with_voice(here.work, made).voice if hears(here) and not request.args.get("level") else ()
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
            measures=[_measure(shown, name, share, made.guide, before) for name, share in found.shares.items()],
            deliveries=found.deliveries,
            answers=found.answers,
            prompts=found.prompts,
            hears=hears(here),
            voice=[voice_shown(shown, each) for each in voice],
            took=figures.columns(reports.took(made.found), past=_promised_hours(here)),
            matches=_groups(shown, reports.by_match(made.found), lambda shown, name: shown.say(MATCHES[name])),
            levels=[{"level": level, "label": shown.say(YEAR, level=level)} for level in made.year_levels],
            gaps=figures.columns(reports.gaps(made.found), past=10),
            width_of=figures.width_of,
            languages=_groups(shown, reports.by_language(made.found), _language_name),
            replies=found.replies,
            middle_wait=found.middle_wait,
            supports=_groups(shown, reports.by_support(made.found), lambda shown, name: shown.say(SUPPORTS[name])),
            year_levels=_groups(shown, reports.by_year_level(made.found), _level_name),
            smallest=reports.SMALLEST_GROUP,
            rooms=_rooms(here, made),
            **_choices(),
        )


@pages.route("/reports/behind/<measure>", LEADS, endpoint="report_behind")
def behind(measure: str) -> str:
    """The students behind a number: who has it, who has it not, each a way to the student's own report."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        period = asked_period(shown.calendar, shown)
        made = of_level(reports.report(here.work, shown.calendar, period))
        has, has_not = made.behind(measure)
        not_yet = _allowed(here, has_not)
        note_frame(here)
        return render_template(
            "reports/behind.html",
            title=reports.title(shown.language, measure),
            how=reports.how(shown.language, measure, made.guide),
            period=named(shown, period),
            has=_names(_allowed(here, has)),
            has_not=_names(not_yet, why_not(here, shown, not_yet) if measure == "reached" else {}),
            asked=_asked(),
        )


@pages.route("/reports/cover/<uuid:student_id>", LEADS, endpoint="report_cover", methods=("POST",))
def offer_cover(student_id: uuid.UUID) -> Response:
    """Offer a child's teachers ten minutes in which to write home; offered once until they have taken it."""
    with at_school() as here:
        child = students.student_for(here.work, here.viewer, student_id)
        own = schools.staff_by_id(here.work, [here.viewer.staff_id])[here.viewer.staff_id]
        if not tasks.students_with_open(here.work, TaskKind.COVER_OFFERED, [child.id]):
            for teacher in students.teachers_of(here.work, child.id, schools.today(here.work)):
                tasks.give_task(
                    here.work,
                    TaskKind.COVER_OFFERED,
                    staff_id=teacher.id,
                    student_id=child.id,
                    words=own.shown_name,
                )
    return redirect(safe_next(request.form.get("next") or url_for("reports")))


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
            own=reports.own_numbers(here.work, here.viewer.staff_id, shown.calendar, period),
            rooms=students.classes_taught_by(here.work, here.viewer.staff_id, shown.today),
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
            own=None,
            rooms=[],
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
        entries = _behind(here, shown, child, period)
        return render_template(
            "reports/student.html",
            child=child,
            period=named(shown, period),
            one=one,
            last=_last(shown, one) if one else "",
            strip=figures.strip(shown.calendar, period.first_on, period.last_on, one.facts.days) if one else None,
            day_name=shown.date,
            log=log_rows(
                here.work,
                entries[:MOST_MOMENTS],
                child,
                shown,
                sees_limits=here.viewer.may(Permission.SEE_LIMITS),
                viewer=here.viewer,
            ),
            more=len(entries) > MOST_MOMENTS,
            asked=_asked(),
            **_choices(),
        )


def _behind(here: Here, shown: Shown, child: students.Student, period: Period) -> list[Entry]:
    """The moments of the log behind a student's numbers, the newest first; one more than is shown where there is."""
    begins = shown.calendar.moment(period.first_on, time())
    until = shown.calendar.moment(period.last_on + timedelta(days=1), time())
    entries = partnership.timeline(here.work, child.id, moments=COUNTED, before=(until, 0), limit=MOST_MOMENTS + 1)
    return [each for each in entries if each.line.at >= begins]


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


def of_level(made: Report) -> Report:
    """The report, or that of the year level which the page was asked for."""
    level = request.args.get("level", "")
    return made.of_level(int(level)) if level.isascii() and level.isdigit() and len(level) < 3 else made


def _before(here: Here, shown: Shown, period: Period) -> Report | None:
    """What the period is compared with, where that was asked for and there is something."""
    earlier = reports.one_before(shown.calendar, period) if request.args.get("against") else None
    return of_level(reports.report(here.work, shown.calendar, earlier)) if earlier else None


def _allowed(here: Here, found: Sequence[Regularity]) -> list[Regularity]:
    """Without the children whom the viewer does not see as staff."""
    barred = students.barred_from(here.work, here.viewer)
    return [each for each in found if each.facts.id not in barred]


def waiting_rows(here: Here, shown: Shown, found: Sequence[Regularity]) -> list[dict[str, Any]]:
    """Who has not heard good news: since when, what is known, and what helps."""
    ids = [each.facts.id for each in found]
    reachable = whanau.reachable(here.work, ids, on=shown.today)
    rooms = students.classes_by_student(here.work, shown.today, ids)
    covered = tasks.students_with_open(here.work, TaskKind.COVER_OFFERED, ids)
    offers = here.viewer.may(Permission.SEE_REPORTS)
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
            "offer": offers and each.facts.id in reachable and bool(rooms.get(each.facts.id)),
            "offered": each.facts.id in covered,
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


def _measure(shown: Shown, name: str, share: Share, guide: int, before: Report | None) -> dict[str, Any]:
    then = before.summary.shares[name].percent if before else None
    return {
        "name": name,
        "title": reports.title(shown.language, name),
        "how": reports.how(shown.language, name, guide),
        "share": share,
        "before": then,
    }


def _rooms(here: Here, made: Report) -> list[students.Class]:
    """The classes of these students, by name; no number stands beside any."""
    theirs = {class_id for each in made.found for class_id in each.facts.class_ids}
    return [each for each in students.classes_all(here.work) if each.id in theirs]


def _promised_hours(here: Here) -> int:
    """The whole school hours within which the school promises an answer now."""
    rules = conversations.promises.answering_of(here.work)
    hours = conversations.promises.Hours(schools.calendar_of(here.work), rules.opens, rules.closes)
    return ceil(rules.days * hours.day_minutes / 60)


def hears(here: Here) -> bool:
    """Whether the viewer may know what homes said."""
    return here.viewer.may(Permission.HEAR_WHANAU)


def voice_shown(shown: Shown, each: Voice) -> dict[str, Any]:
    """One question of a term as a page tells it: figures alone, and no way to anybody behind them."""
    scores = each.scores
    return {
        "question": reports.asked(shown.language, each.question),
        "share": each.share,
        "response": each.response,
        "told_on": shown.date(each.told_on),
        "how": reports.voice_how(shown.language),
        "scores": [
            {"name": shown.say(say), "count": count}
            for say, count in zip(messages.PULSE_SAYS, scores, strict=bool(scores))
        ],
        "languages": _groups(shown, each.languages, _language_name),
    }


def _names(found: Sequence[Regularity], why: Mapping[uuid.UUID, str] = NO_REASONS) -> list[dict[str, Any]]:
    rows = [{"student_id": each.facts.id, "name": each.facts.name, "why": why.get(each.facts.id)} for each in found]
    return sorted(rows, key=lambda row: str(row["name"]))


def _groups(shown: Shown, groups: dict[str, Share], name: Callable[[Shown, str], str]) -> list[dict[str, Any]]:
    return [{"name": name(shown, group), "share": share} for group, share in groups.items()]


def _language_name(shown: Shown, group: str) -> str:
    return shown.say(LANGUAGE_GROUPS[group])


def _level_name(shown: Shown, group: str) -> str:
    return shown.say(YEAR, level=int(group)) if int(group) else shown.say(NO_YEAR)
