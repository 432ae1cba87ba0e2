"""Entries of the directory that a person of this school checked with the service itself: who, when, and how."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from commsbridge import schools
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.support.directory import service_named
from commsbridge.support.models import CheckedHow, ServiceCheck

LONGEST_CHECK = 300
# Older than that, a check says little.
OLDEST_CHECK = timedelta(days=366)


def check_service(
    work: Work, key: str, how: CheckedHow, on_day: date, words: str = "", *, agrees: bool = True
) -> ServiceCheck:
    """Write down that whoever acts checked an entry, or found it otherwise (``agrees`` is False).

    Raises NotFound, and Invalid for a day to come or long ago, and where it is not said what is otherwise.
    """
    service = service_named(key)
    today = schools.today(work)
    if not today - OLDEST_CHECK <= on_day <= today:
        raise Invalid(N_("Choose a day of the last year."), field="on_day")
    kept = tidy(words)
    if len(kept) > LONGEST_CHECK:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_CHECK)
    if not agrees and not kept:
        raise Invalid(N_("Write what is otherwise, so that others can rely on it."), field="words")
    row = ServiceCheck(
        service=service.key, staff_id=work.actor.id, how=how, on_day=on_day, words=kept, agrees=agrees, at=work.now
    )
    work.session.add(row)
    work.session.flush()
    return row


def checks_of(work: Work) -> dict[str, ServiceCheck]:
    """The latest check of each entry that somebody of this school checked, by its key."""
    rows = select(ServiceCheck).order_by(ServiceCheck.on_day, ServiceCheck.at, ServiceCheck.id)
    return {each.service: each for each in work.session.scalars(rows)}
