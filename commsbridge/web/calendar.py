"""The school year: terms, closed days and holidays, kept by leaders and the office; calendar files in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import schools
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.school_time import REGIONS, TIME_ZONES, Term, public_holidays, shipped_terms
from commsbridge.schools import CalendarFile, Permission
from commsbridge.web.access import AT_SCHOOL, Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import beside, kept
from commsbridge.web.shown import Shown

pages = Pages()
KEEP = may(Permission.SET_CALENDAR)
# A school's calendar of a year is some tens of kilobytes.
LARGEST = 1024 * 1024
MOST_SHOWN = 20

HOLIDAYS = {
    "Waitangi Day": N_("Waitangi Day"),
    "Good Friday": N_("Good Friday"),
    "Easter Monday": N_("Easter Monday"),
    "Easter Tuesday": N_("Easter Tuesday"),
    "Anzac Day": N_("Anzac Day"),
    "King's Birthday": N_("King’s Birthday"),
    "Matariki": N_("Matariki"),
    "Labour Day": N_("Labour Day"),
    "Christmas Day": N_("Christmas Day"),
    "Boxing Day": N_("Boxing Day"),
    "New Year's Day": N_("New Year’s Day"),
    "Day after New Year's Day": N_("The day after New Year’s Day"),
}
ANNIVERSARY = N_("Anniversary day")
OWN_REGION = N_("That of our own region (%(region)s)")
NO_REGION = N_("None")
CLOCK_SHOWS = N_("On this school’s clock it is now %(time)s.")
ZONES = {"Pacific/Auckland": N_("Auckland and Wellington"), "Pacific/Chatham": N_("Chatham Islands, 45 minutes ahead")}
TERM = N_("Term %(number)s")
SPAN = N_("%(first)s to %(last)s")
IN_TERM = N_("Today is a school day: term %(number)s, week %(week)s.")
CLOSED_TODAY = N_("Today is not a school day. The next one is %(day)s.")
NO_NEXT = N_("Today is not a school day, and we do not know the next one.")
MISSING = N_("We do not know the terms of %(year)s yet. Set them below: until then no day of %(year)s counts.")
OWN = N_("Days set by this school.")
SHIPPED = N_("%(source)s, looked at on %(day)s.")
RANGE = N_("Schools begin between %(first)s and %(last)s: set your own first day.")
TOLD = {
    "closed": N_("Closed. Nothing that waits for a school day goes on that day."),
    "opened": N_("Open again."),
    "term": N_("The term’s days are kept."),
    "forgotten": N_("The term has the shipped days again."),
    "anniversary": N_("Kept."),
    "clock": N_("Kept. Every time of day here is now on that clock."),
    "taken": N_("The days you chose are closed."),
}
LOST = N_("That button does not work any more. Open the page again.")
NO_DAY = N_("Choose a day.")
NO_FILE = N_("Choose a file.")
TOO_LARGE = N_("This file is larger than 1 MB. Export this year alone.")
NONE_CHOSEN = N_("No day was chosen, so nothing changed.")


@pages.route("/calendar", AT_SCHOOL, endpoint="calendar")
def show_calendar() -> str:
    """This year and the next, for everybody; with what may be changed for those who keep it."""
    with at_school() as here:
        return _page(here)


@pages.route("/calendar", KEEP, methods=("POST",), endpoint="calendar_change")
def change_calendar() -> tuple[str, int] | Response:
    """Close a day or open it, set a term's days or go back to the shipped ones, say whose anniversary is kept."""
    with at_school() as here:
        act = ACTS.get(request.form.get("act", ""))
        if act is None:
            raise Invalid(LOST)
        errors = kept(here.work, lambda: act(here))
        if errors:
            return _page(here, errors=errors), 400
    return redirect(url_for("calendar", told=request.form["act"]))


def _close(here: Here) -> None:
    schools.close_day(here.work, _day("closed_on"), why=request.form.get("why", ""))


def _open(here: Here) -> None:
    schools.open_day(here.work, _day("closed_on"))


def _set_term(here: Here) -> None:
    year, number = _term_asked()
    schools.set_term(here.work, year=year, number=number, first_on=_day("first_on"), last_on=_day("last_on"))


def _forget_term(here: Here) -> None:
    year, number = _term_asked()
    schools.forget_term(here.work, year=year, number=number)


def _keep_anniversary(here: Here) -> None:
    schools.set_observed_anniversary(here.work, request.form.get("region") or None)


def _keep_time_zone(here: Here) -> None:
    schools.set_time_zone(here.work, request.form.get("time_zone", ""))


ACTS: Mapping[str, Callable[[Here], None]] = {
    "closed": _close,
    "opened": _open,
    "term": _set_term,
    "forgotten": _forget_term,
    "anniversary": _keep_anniversary,
    "clock": _keep_time_zone,
}


def _term_asked() -> tuple[int, int]:
    written = request.form.get("term", "").split("-")
    if len(written) != 2 or not all(part.isascii() and part.isdigit() for part in written):
        raise Invalid(LOST)
    return int(written[0]), int(written[1])


def _day(field: str) -> date:
    """The day in a field, as browsers write it. Raises Invalid for anything else."""
    try:
        return date.fromisoformat(request.form.get(field, "").strip())
    except ValueError:
        raise Invalid(NO_DAY, field=field) from None


@pages.route("/calendar/file", KEEP, methods=("POST",))
def calendar_file() -> str | tuple[str, int]:
    """Read a calendar file and show which school days its events lie on; nothing is closed yet."""
    with at_school() as here:
        try:
            found = schools.read_calendar_file(_chosen(), schools.calendar_of(here.work), schools.today(here.work))
        except Invalid as refusal:
            return _page(here, errors=beside(refusal, otherwise="file")), 400
        return _page(here, found=found)


@pages.route("/calendar/days", KEEP, methods=("POST",))
def calendar_take() -> tuple[str, int] | Response:
    """Close the days that were ticked, all or none; one that is closed by now is left as it is."""
    with at_school() as here:
        errors = kept(here.work, lambda: _take(here))
        if errors:
            return _page(here, errors=errors), 400
    return redirect(url_for("calendar", told="taken"))


def _take(here: Here) -> None:
    written = request.form.getlist("day")
    if not written:
        raise Invalid(NONE_CHOSEN, field="file")
    closed = {row.closed_on for row in schools.closed_days(here.work)}
    for each in written:
        try:
            day = date.fromisoformat(each)
        except ValueError:
            raise Invalid(NO_DAY, field="file") from None
        if day not in closed:
            schools.close_day(here.work, day, why=request.form.get(f"why-{each}", ""))


def _chosen() -> bytes:
    file = request.files.get("file")
    raw = file.read(LARGEST + 1) if file and file.filename else b""
    if not raw:
        raise Invalid(NO_FILE, field="file")
    if len(raw) > LARGEST:
        raise Invalid(TOO_LARGE, field="file")
    return raw


@pages.route("/calendar.ics", AT_SCHOOL)
def calendar_ics() -> Response:
    """The terms, holidays in term time and closed days as a calendar file, in the reader's language."""
    with at_school() as here:
        work = here.work
        shown = Shown(language(), schools.calendar_of(work), work.now)
        school = schools.school_of(work)
        raw = schools.write_calendar_file(
            school.id,
            school.name_mi if shown.language is Language.MI else school.name_en,
            _marked(here, shown),
            now=work.now,
        )
    answer = Response(raw, mimetype="text/calendar; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="school-year.ics")
    return answer


def _marked(here: Here, shown: Shown) -> Sequence[tuple[str, date, date, str]]:
    terms = [
        (f"term{term.number}", term.first_on, term.last_on, shown.say(TERM, number=term.number))
        for term in shown.calendar.terms
    ]
    free = [("holiday", day, day, name) for year in _years(shown) for day, name in _holidays(here, shown, year)]
    own = [("closed", row.closed_on, row.closed_on, row.why) for row in schools.closed_days(here.work)]
    return [*terms, *free, *own]


def _years(shown: Shown) -> tuple[int, int]:
    return shown.today.year, shown.today.year + 1


def _holidays(here: Here, shown: Shown, year: int) -> list[tuple[date, str]]:
    """The public holidays that fall on a weekday of a term, with their names."""
    school = schools.school_of(here.work)
    kept_in = school.observed_anniversary or school.region
    return [
        (day, _named(shown, name))
        for day, name in public_holidays(year, kept_in).items()
        if day.weekday() < 5 and shown.calendar.term_of(day)
    ]


def _named(shown: Shown, name: str) -> str:
    """A holiday's name; a region's own day is named for what it is."""
    known = HOLIDAYS.get(name.removesuffix(" (observed)"))
    return shown.say(known) if known else shown.say(ANNIVERSARY)


def _page(here: Here, *, errors: dict[str, str] | None = None, found: CalendarFile | None = None) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    closed = schools.closed_days(work)
    return render_template(
        "office/calendar.html",
        keeps=here.viewer.may(Permission.SET_CALENDAR),
        today_told=_today_told(shown),
        years=[_year(here, shown, year) for year in _years(shown)],
        closed=[
            {"on": row.closed_on.isoformat(), "day": shown.weekday(row.closed_on), "why": row.why}
            for row in closed
            if row.closed_on >= shown.today
        ],
        regions=_regions(here, shown),
        region=schools.school_of(work).observed_anniversary or "",
        zones=[{"value": zone, "label": shown.say(ZONES[zone])} for zone in TIME_ZONES],
        zone=shown.calendar.time_zone,
        clock_told=shown.say(CLOCK_SHOWS, time=shown.time(work.now)),
        found=_found(shown, found, {row.closed_on for row in closed}) if found else None,
        typed={"closed_on": request.form.get("closed_on", ""), "why": request.form.get("why", "")},
        wrong_term=request.form.get("term", "") if errors else "",
        errors=errors or {},
        told=shown.say(TOLD[request.args["told"]]) if request.args.get("told") in TOLD else None,
    )


def _today_told(shown: Shown) -> str:
    calendar, today = shown.calendar, shown.today
    term = calendar.term_of(today)
    if term and calendar.is_school_day(today):
        return shown.say(IN_TERM, number=term.number, week=_week(term, today))
    days = calendar.school_days(today, date(today.year + 1, 12, 31))
    return shown.say(CLOSED_TODAY, day=shown.weekday(days[0])) if days else shown.say(NO_NEXT)


def _week(term: Term, today: date) -> int:
    """The week of the term, weeks beginning on Mondays."""
    first, now = (day.toordinal() - day.weekday() for day in (term.first_on, today))
    return (now - first) // 7 + 1


def _year(here: Here, shown: Shown, year: int) -> dict[str, Any]:
    own = schools.own_terms(here.work)
    missing = year not in shown.calendar.years_known
    return {
        "year": year,
        "missing": shown.say(MISSING, year=year) if missing else None,
        "terms": [_term(shown, year, number, own=(year, number) in own) for number in range(1, 5)],
        "note": _origin(shown, year),
        "holidays": [
            {"day": shown.weekday(day), "name": name}
            for day, name in _holidays(here, shown, year)
            if day >= shown.today
        ],
    }


def _term(shown: Shown, year: int, number: int, *, own: bool) -> dict[str, Any]:
    term = next((each for each in shown.calendar.terms if (each.year, each.number) == (year, number)), None)
    key = f"{year}-{number}"
    sent = request.form.get("term") == key
    return {
        "key": key,
        "label": shown.say(TERM, number=number),
        "span": shown.say(SPAN, first=shown.date(term.first_on), last=shown.date(term.last_on)) if term else None,
        "note": shown.say(OWN) if own else None,
        "range": _range(shown, term) if term and not own else None,
        "own": own,
        "first_on": request.form.get("first_on", "") if sent else term.first_on.isoformat() if term else "",
        "last_on": request.form.get("last_on", "") if sent else term.last_on.isoformat() if term else "",
    }


def _origin(shown: Shown, year: int) -> str | None:
    """Where the shipped terms of a year come from, and when that was last looked at."""
    shipped = next((each for each in shipped_terms() if each.term.year == year), None)
    return shown.say(SHIPPED, source=shipped.source, day=shown.date(shipped.checked_on)) if shipped else None


def _range(shown: Shown, term: Term) -> str | None:
    if term.first_on == term.first_by or term.first_by < shown.today:
        return None
    return shown.say(RANGE, first=shown.date(term.first_on), last=shown.date(term.first_by))


def _regions(here: Here, shown: Shown) -> list[dict[str, str]]:
    region = schools.school_of(here.work).region
    own = shown.say(OWN_REGION, region=REGIONS[region]) if region else shown.say(NO_REGION)
    return [{"value": "", "label": own}, *({"value": code, "label": name} for code, name in REGIONS.items())]


def _found(shown: Shown, found: CalendarFile, closed: set[date]) -> dict[str, Any]:
    new = [each for each in found.days if each.day not in closed]
    return {
        "days": [
            {"on": each.day.isoformat(), "day": shown.weekday(each.day), "why": each.why, "ticked": each.closes}
            for each in new
        ],
        "left_out": [{"why": each.why, "reason": shown.say(each.reason)} for each in found.left_out[:MOST_SHOWN]],
        "more": max(0, len(found.left_out) - MOST_SHOWN),
    }
