"""The directory of learning support in words: its entries by group, and what was checked of each, never more."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from commsbridge import schools, support
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.reo_dates import long_date
from commsbridge.foundation.work import Work
from commsbridge.schools import Staff
from commsbridge.support import CheckedHow, Group, Service, ServiceCheck
from commsbridge.web.acting import runtime

GROUPS = {
    Group.FIRST: N_("Ask here first"),
    Group.HOME: N_("Whānau may ask for these themselves"),
    Group.SCHOOL: N_("School and whānau ask for these together"),
    Group.HARD: N_("After something very hard"),
    Group.READ: N_("To read"),
}
CHECKED = N_("Checked on %(day)s.")
READ_ON = N_("Written from a kept copy of its page, read on %(day)s. Not yet checked with the service.")
CHECKED_BY = {
    CheckedHow.PAGE: N_("%(who)s read its page on %(day)s and found it so."),
    CheckedHow.RANG: N_("%(who)s rang them on %(day)s and found it so."),
    CheckedHow.MET: N_("%(who)s met them on %(day)s and found it so."),
}
CHANGED_BY = {
    CheckedHow.PAGE: N_("%(who)s read its page on %(day)s and found it otherwise:"),
    CheckedHow.RANG: N_("%(who)s rang them on %(day)s and found it otherwise:"),
    CheckedHow.MET: N_("%(who)s met them on %(day)s and found it otherwise:"),
}
# Services change their names and their ways from one year to the next.
OLD_AFTER = timedelta(days=366)
OLD = N_("That was more than a year ago: ask before you count on it.")
NO_COST = N_("What it costs is not on that page: ask.")
UNCHECKED = N_("Not yet checked.")


def group_rows(shown_in: Language, *, families: bool, work: Work | None = None) -> list[dict[str, Any]]:
    """The directory as templates take it, by group; ``families``: only what stands on the page for whānau.

    With the ``work`` of a school each entry says who there checked it. What is written about a child decides nothing.
    """
    checks = support.checks_of(work) if work else {}
    today = schools.today(work) if work else runtime().now().date()
    staff = schools.staff_by_id(work, {each.staff_id for each in checks.values()}) if work and checks else {}
    chosen = [each for each in support.services() if each.families or not families]
    return [
        {
            "key": group.value,
            "title": say(shown_in, title),
            "services": [
                {**_row(shown_in, each), **_checked(shown_in, each, checks.get(each.key), staff, today)}
                for each in chosen
                if each.group is group
            ],
        }
        for group, title in GROUPS.items()
        if any(each.group is group for each in chosen)
    ]


def _row(shown_in: Language, service: Service) -> dict[str, Any]:
    return {
        "key": service.key,
        "name": service.name_in(shown_in),
        "whom": service.whom_in(shown_in),
        "how": service.how_in(shown_in),
        "phone": service.phone,
        "source": service.source,
        "cost": service.cost_in(shown_in) or (say(shown_in, NO_COST) if service.asked and service.families else ""),
        "heed": service.heed_in(shown_in),
    }


def _checked(
    shown_in: Language, service: Service, check: ServiceCheck | None, staff: dict[uuid.UUID, Staff], today: date
) -> dict[str, Any]:
    """Who looked last and when, whether they found it otherwise, and that it is long ago."""
    day = check.on_day if check else service.checked_on or service.read_on
    return {
        "checked": _by_person(shown_in, check, staff) if check else checked_sentence(shown_in, service),
        "changed": check is not None and not check.agrees,
        "old": say(shown_in, OLD) if day is not None and today - day > OLD_AFTER else "",
    }


def _by_person(shown_in: Language, check: ServiceCheck, staff: dict[uuid.UUID, Staff]) -> str:
    told = say(
        shown_in,
        (CHECKED_BY if check.agrees else CHANGED_BY)[check.how],
        day=long_date(check.on_day, shown_in),
        who=staff[check.staff_id].shown_name if check.staff_id in staff else "",
    )
    return f"{told} {check.words}".strip()


def checked_sentence(shown_in: Language, service: Service) -> str:
    """What was checked of an entry, and when: never more than was done."""
    if service.checked_on:
        return say(shown_in, CHECKED, day=long_date(service.checked_on, shown_in))
    if service.read_on:
        return say(shown_in, READ_ON, day=long_date(service.read_on, shown_in))
    return say(shown_in, UNCHECKED)
