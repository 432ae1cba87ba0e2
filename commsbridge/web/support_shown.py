"""What became of a request for support, in words: the same sentences at school and at home."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from commsbridge import schools, support, whanau
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.schools import Staff
from commsbridge.support import ConsentHow, SupportState, SupportStep, Tracked
from commsbridge.web.shown import Shown

STATES = {
    SupportState.ASKED: N_("Asked on %(day)s"),
    SupportState.RECEIVED: N_("They have had it since %(day)s"),
    SupportState.PLANNED: N_("They said on %(day)s that they will help"),
    SupportState.DECLINED: N_("They said on %(day)s that they cannot help"),
    SupportState.REACHED_OUT: N_("They got in touch on %(day)s"),
    SupportState.PLAN: N_("There has been a plan since %(day)s"),
    SupportState.CLOSED: N_("Ended on %(day)s"),
    SupportState.WITHDRAWN: N_("Whānau took their yes back on %(day)s"),
}
CHOICES = {
    SupportState.ASKED: N_("It has been asked"),
    SupportState.RECEIVED: N_("They have it"),
    SupportState.PLANNED: N_("They will help"),
    SupportState.DECLINED: N_("They cannot help"),
    SupportState.REACHED_OUT: N_("They got in touch"),
    SupportState.PLAN: N_("There is a plan"),
    SupportState.CLOSED: N_("It has ended"),
}
HOWS = {
    ConsentHow.IN_PERSON: N_("In person"),
    ConsentHow.PHONE: N_("By phone"),
    ConsentHow.WRITING: N_("In writing"),
}
SAID_HOW = {**HOWS, ConsentHow.PAGE: N_("On their page")}
WAITING = N_("%(state)s, waiting with %(who)s.")
PLAIN = N_("%(state)s.")
LOOKS = N_("%(staff)s at school follows this up, and looks again by %(day)s.")
LATE = N_(
    "This still stands. Nothing new has been written yet; %(staff)s at school follows it up, and was to look by "
    "%(day)s."
)
SAID_YES = N_("%(who)s said yes on %(day)s. %(how)s.")
TOOK_BACK = N_("%(who)s took the yes back on %(day)s. %(how)s.")
WRITTEN = N_("%(staff)s, written on %(day)s")


def request_rows(
    work: Work, shown: Shown, found: list[Tracked], names: Mapping[uuid.UUID, str]
) -> list[dict[str, Any]]:
    """Requests as templates take them; ``names`` are the contacts that this reader may be told of."""
    involved = {by for each in found for step in each.steps for by in (step.staff_id, step.owner_id) if by}
    staff = schools.staff_by_id(work, involved)
    return [
        {
            "request_id": each.request.id,
            "number": each.last.number,
            "service": support.service_named(each.request.service).name_in(shown.language),
            "words": each.words,
            "open": each.open,
            "state": state_sentence(shown, each.last),
            "looks": _looks(shown, each.last, staff),
            "yeses": _yeses(shown, each, names),
            "steps": [_step(shown, step, staff) for step in reversed(each.steps)],
        }
        for each in found
    ]


def support_at_home(
    work: Work, shown: Shown, contact_id: uuid.UUID, own: Collection[uuid.UUID], student_id: uuid.UUID
) -> list[dict[str, Any]]:
    """What was asked with the yes of one home (``own`` contacts), as a contact's own page shows it."""
    found = support.requests_about(work, student_id, home=own)
    rows = request_rows(work, shown, found, whanau.contact_names(work, own))
    for row, each in zip(rows, found, strict=True):
        row["may_stop"] = each.open and contact_id in support.standing_consents(work, each.request.id)
    return rows


def state_sentence(shown: Shown, step: SupportStep) -> str:
    """Where a request stood after a step: since when, and with whom it waits."""
    state = shown.say(STATES[step.state], day=shown.date(step.on_day))
    if step.waiting_with:
        return shown.say(WAITING, state=state, who=step.waiting_with)
    return shown.say(PLAIN, state=state)


def _looks(shown: Shown, step: SupportStep, staff: Mapping[uuid.UUID, Staff]) -> str:
    if step.look_on is None or step.owner_id not in staff:
        return ""
    sentence = LATE if step.look_on < shown.today else LOOKS
    return shown.say(sentence, staff=staff[step.owner_id].shown_name, day=shown.date(step.look_on))


def _step(shown: Shown, step: SupportStep, staff: Mapping[uuid.UUID, Staff]) -> dict[str, str]:
    day = shown.date(shown.calendar.local(step.at).date())
    writer = staff.get(step.staff_id) if step.staff_id else None
    by = shown.say(WRITTEN, staff=writer.shown_name, day=day) if writer else day
    return {"sentence": state_sentence(shown, step), "words": step.words, "by": by}


def _yeses(shown: Shown, tracked: Tracked, names: Mapping[uuid.UUID, str]) -> list[str]:
    return [
        shown.say(
            SAID_YES if each.given else TOOK_BACK,
            who=names[each.contact_id],
            day=shown.date(each.on_day),
            how=shown.say(SAID_HOW[each.how]),
        )
        for each in tracked.consents
        if each.contact_id in names
    ]
