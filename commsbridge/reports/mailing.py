"""Reports by mail: who gets one and how often; sent once when its time is over, in sentences that name no child."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from commsbridge import messages, schools, students
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.reo_dates import short_date
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.reports.models import ReportMail, Rhythm
from commsbridge.reports.periods import one_before
from commsbridge.reports.printing import figures_in_lines
from commsbridge.reports.report import report, with_voice
from commsbridge.reports.timing import Due, latest_due, next_due
from commsbridge.reports.words import three_sentences, told_of
from commsbridge.schools import Permission, Staff

# A report that could not leave within a week is no news any more.
LASTS = timedelta(days=7)
# Where no term is known that would have something to tell, the clock looks again after this.
LOOKS_AGAIN = timedelta(days=14)
_DUE = text("SELECT DISTINCT school_id FROM report_mails WHERE ended_at IS NULL AND next_at <= :now")


def mails_of(work: Work, *, for_board: bool = False) -> dict[uuid.UUID, set[Rhythm]]:
    """Who gets reports by mail now, and how often; or (``for_board``) the board's version, to pass on."""
    found: dict[uuid.UUID, set[Rhythm]] = {}
    now = (ReportMail.ended_at.is_(None), ReportMail.for_board.is_(for_board))
    for row in work.session.scalars(select(ReportMail).where(*now)):
        found.setdefault(row.staff_id, set()).add(row.rhythm)
    return found


def may_get_mail(work: Work) -> list[Staff]:
    """Who can be named: whoever sees the reports, by name."""
    return schools.staff_with(work, Permission.SEE_REPORTS, schools.today(work))


def set_mails(work: Work, staff_id: uuid.UUID, rhythms: Collection[Rhythm], *, for_board: bool = False) -> None:
    """Say how often somebody gets the report by mail; nothing at all stops it. The first is about what ends next.

    ``for_board`` says so of the board's version, which is a mail of its own. Raises NotFound for somebody who may not
    see the reports, or is nobody here.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    if staff_id not in {each.id for each in may_get_mail(work)}:
        raise NotFound(N_("Choose somebody who may see the reports."))
    rows = {row.rhythm: row for row in _open(work, staff_id, for_board=for_board)}
    calendar = schools.calendar_of(work)
    for rhythm in Rhythm:
        if rhythm in rhythms and rhythm not in rows:
            work.session.add(
                ReportMail(
                    id=uuid.uuid4(), staff_id=staff_id, named_by=work.actor.id, rhythm=rhythm, for_board=for_board,
                    made_at=work.now,
                    next_at=_next_look(calendar, rhythm, work.now),
                )
            )  # fmt: skip
        elif rhythm not in rhythms and rhythm in rows:
            rows[rhythm].ended_at = work.now
    work.session.flush()


def schools_with_reports_to_mail(session: Session, now: datetime) -> list[uuid.UUID]:
    """The schools where a report is due by mail; through the carrier's door, which sees no more of them."""
    return list(session.scalars(_DUE, {"now": now}))


def mail_reports(work: Work, *, links: Links) -> int:
    """Mail this school's reports that are due, each once. Returns how many.

    Of several that were missed only the latest goes. Who may no longer see reports gets none, and the row ends. The
    row is locked and moved on in the act that queues the mail, so a second worker finds nothing due.
    """
    due = select(ReportMail).where(ReportMail.ended_at.is_(None), ReportMail.next_at <= work.now)
    rows = work.session.scalars(due.order_by(ReportMail.id).with_for_update(skip_locked=True)).all()
    if not rows:
        return 0
    calendar = schools.calendar_of(work)
    able = {each.id: each for each in may_get_mail(work)}
    sent = 0
    for row in rows:
        over = latest_due(calendar, row.rhythm, work.now)
        row.next_at = _next_look(calendar, row.rhythm, work.now)
        if row.staff_id not in able:
            row.ended_at = work.now
        elif over is not None and over.at > (row.sent_at or row.made_at) and over.at + LASTS > work.now:
            row.sent_at = work.now
            _mail(work, able[row.staff_id], over, links, for_board=row.for_board)
            sent += 1
    work.session.flush()
    return sent


def _next_look(calendar: SchoolCalendar, rhythm: Rhythm, now: datetime) -> datetime:
    due = next_due(calendar, rhythm, now)
    return min(due.at, now + LOOKS_AGAIN) if due else now + LOOKS_AGAIN


def _mail(work: Work, staff: Staff, over: Due, links: Links, *, for_board: bool) -> None:
    language, calendar = schools.language_of(work, staff), schools.calendar_of(work)
    viewer = schools.viewer_for(work, staff.id)
    barred, earlier = students.barred_from(work, viewer), one_before(calendar, over.period)
    found = report(work, calendar, over.period, without=barred)
    before = report(work, calendar, earlier, without=barred).summary if earlier else None
    first, last = (
        short_date(each, language, calendar.day_names) for each in (over.period.first_on, over.period.last_on)
    )
    sentences = three_sentences(language, found.summary, before, for_board=for_board)
    if for_board:
        # Who may not hear what homes said passes nothing of it on.
        hears = viewer.may(Permission.HEAR_WHANAU)
        sentences += figures_in_lines(with_voice(work, found) if hears else found, language)
    sentences += told_of(language, found, for_board=for_board)
    messages.mail_report(
        work,
        staff,
        days=(first, last),
        sentences=sentences,
        report=links.report_url(over.period.first_on, over.period.last_on, for_board=for_board),
        stop=links.report_mails_url(),
        expires_at=over.at + LASTS,
        for_board=for_board,
    )


def _open(work: Work, staff_id: uuid.UUID, *, for_board: bool) -> Sequence[ReportMail]:
    theirs = (ReportMail.staff_id == staff_id, ReportMail.for_board.is_(for_board))
    wanted = select(ReportMail).where(*theirs, ReportMail.ended_at.is_(None))
    return work.session.scalars(wanted.with_for_update()).all()
