"""Reports: who hears from school, for leaders; a class's children who need news; a teacher's own; one student's."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from math import ceil
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, messages, reports, schools, students, tasks, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.reports import Period, Regularity, Report, Share, Span, Voice
from commsbridge.schools import Permission
from commsbridge.tasks import TaskKind
from commsbridge.web import figures
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, safe_next
from commsbridge.web.frame import note_frame
from commsbridge.web.report_reach import why_not
from commsbridge.web.shown import Shown

pages = Pages()
LEADS = may(Permission.SEE_REPORTS)
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
                "reports/none.html", wrong=shown.say(refusal.sentence, **refusal.slots), **choices()
            ), 400
        made = of_level(made_for(here, shown, period))
        earlier = earlier_report(here, shown, period)
        before = earlier if request.args.get("against") else None
        found = made.summary
        voice = reports.with_voice(here.work, made).voice if hears(here) and asked_level() is None else ()
        waits = made.waiting
        first = waits if request.args.get("all") else waits[:SHOWN_FIRST]
        return render_template(
            "reports/school.html",
            period=named(shown, period),
            told=reports.told_of(shown.language, made),
            how={name: reports.how_figure(shown.language, name) for name in reports.FIGURES},
            asked=asked_for(),
            sentences=reports.three_sentences(shown.language, found, earlier.summary if earlier else None),
            before=named(shown, earlier.period) if earlier else None,
            waiting=waiting_rows(here, shown, first),
            more=len(waits) - len(first),
            paused=found.paused,
            declined=found.declined,
            measures=[_measure(shown, name, share, made.aims, before) for name, share in found.shares.items()],
            answers=found.answers,
            counts=count_rows(shown, made),
            why=_why(here, shown, made),
            hears=hears(here),
            voice=[voice_shown(shown, each) for each in voice],
            took=figures.columns(reports.took(made.found), past=_promised_hours(here)),
            matches=_groups(shown, reports.by_match(made.found), _match_name, _behind_url),
            levels=[{"level": level, "label": shown.say(YEAR, level=level)} for level in made.year_levels],
            gaps=figures.columns(reports.gaps(made.found), past=10),
            width_of=figures.width_of,
            languages=_groups(shown, reports.by_language(made.found), _language_name, _of_group("language")),
            middle_wait=found.middle_wait,
            middle_step=found.middle_step,
            weeks=found.weeks,
            spread=asked_level() is None,
            supports=_groups(shown, reports.by_support(made.found), _support_name, _of_group("support")),
            year_levels=_groups(shown, reports.by_year_level(made.found), _level_name, _of_group("level")),
            smallest=reports.SMALLEST_GROUP,
            rooms=_rooms(here, made),
            **choices(),
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


def choices() -> dict[str, Any]:
    """The choice of days as it was made, for parts.choose."""
    return {
        "spans": [{"value": span.value, "label": label} for span, label in SPANS.items()],
        "span": request.args.get("span", Span.TERM.value),
        "first_on": request.args.get("first_on", ""),
        "last_on": request.args.get("last_on", ""),
        "against": bool(request.args.get("against")),
        "level": request.args.get("level", ""),
    }


def asked_for() -> dict[str, str]:
    """What the page was asked for, to carry it on in links."""
    return {name: request.args[name] for name in ("span", "first_on", "last_on", "level") if request.args.get(name)}


def asked_level() -> int | None:
    """The year level that the page was asked for."""
    level = request.args.get("level", "")
    return int(level) if level.isascii() and level.isdigit() and len(level) < 3 else None


def of_level(made: Report) -> Report:
    """The report, or that of the year level which the page was asked for."""
    level = asked_level()
    return made if level is None else made.of_level(level)


def earlier_report(here: Here, shown: Shown, period: Period) -> Report | None:
    """What a period is compared with, of the same year level; None where there is nothing, or too few to be told."""
    earlier, level = reports.one_before(shown.calendar, period), asked_level()
    if earlier is None:
        return None
    made = made_for(here, shown, earlier)
    if level is None:
        return made
    return made.of_level(level) if level in made.year_levels else None


def count_rows(shown: Shown, made: Report) -> list[dict[str, Any]]:
    """The plain numbers beside the measures, under their headings; each leads to the students behind it."""
    return [
        {
            "title": shown.say(title),
            "rows": [
                {"name": each.name, "title": shown.say(each.title), "count": sum(map(each.of, made.found))}
                for each in those
            ],
        }
        for title, those in reports.COUNTS.items()
    ]


def _why(here: Here, shown: Shown, made: Report) -> list[dict[str, Any]]:
    """Why nothing arrived, and for how many students each."""
    reasons = Counter(why_not(here, shown, made.behind("reached")[1]).values())
    return [{"why": why, "count": count} for why, count in reasons.most_common()]


def made_for(here: Here, shown: Shown, period: Period, only: Collection[uuid.UUID] | None = None) -> Report:
    """A report for the viewer: of everybody, or of ``only`` these, and of nobody whom they do not see as staff."""
    barred = students.barred_from(here.work, here.viewer)
    return reports.report(here.work, shown.calendar, period, only=only, without=barred)


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
            "last": last_heard(shown, each),
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


def last_heard(shown: Shown, each: Regularity) -> str:
    """When good news last reached somebody's home, in words."""
    return shown.say(LAST, day=shown.date(each.facts.last_on)) if each.facts.last_on else shown.say(NEVER)


def _measure(shown: Shown, name: str, share: Share, aims: reports.Aims, before: Report | None) -> dict[str, Any]:
    then = before.summary.shares[name].percent if before else None
    return {
        "name": name,
        "title": reports.title(shown.language, name),
        "how": reports.how(shown.language, name, aims),
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
        "languages": _groups(shown, each.languages, _language_name, _nobody_behind),
    }


def _groups(
    shown: Shown, groups: dict[str, Share], name: Callable[[Shown, str], str], url: Callable[[str], str | None]
) -> list[dict[str, Any]]:
    """Groups to show, each with the page of the students behind it where it is told."""
    return [
        {"name": name(shown, group), "share": share, "url": url(group) if share.told else None}
        for group, share in groups.items()
    ]


def _behind_url(measure: str, group: str | None = None) -> str:
    asked: dict[str, Any] = asked_for()
    return url_for("report_behind", measure=measure, group=group, **asked)


def _of_group(kind: str) -> Callable[[str], str]:
    return lambda group: _behind_url("heard", f"{kind}-{group}")


def _nobody_behind(_group: str) -> None:
    """What homes said leads back to nobody."""


def _match_name(shown: Shown, group: str) -> str:
    return shown.say(MATCHES[group])


def _support_name(shown: Shown, group: str) -> str:
    return shown.say(SUPPORTS[group])


def group_name(shown: Shown, group: str) -> str:
    """What a group of students is called, by its kind and name as in an address: ``language-mi``."""
    kind, _, name = group.partition("-")
    return {"language": _language_name, "support": _support_name, "level": _level_name}[kind](shown, name)


def _language_name(shown: Shown, group: str) -> str:
    return shown.say(LANGUAGE_GROUPS[group])


def _level_name(shown: Shown, group: str) -> str:
    return shown.say(YEAR, level=int(group)) if int(group) else shown.say(NO_YEAR)
