"""What a copy that somebody asked for holds of requests for support: those their own home said yes to."""

from __future__ import annotations

from collections.abc import Iterator

from commsbridge import schools, whanau
from commsbridge.books import About, Gathered
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.support.directory import service_named
from commsbridge.support.reading import requests_about

_ASKED = N_("Support that was asked for %(child)s: %(service)s")


def gather_support(work: Work, about: About) -> Iterator[Gathered]:
    """What was asked, and the words of each step of what became of it."""
    calendar, own = schools.calendar_of(work), whanau.household_contacts(work, about.contact)
    for child_id, called in about.children.items():
        for each in requests_about(work, child_id, home=own):
            service = service_named(each.request.service).name_in(about.language)
            title = about.say(_ASKED, child=called.preferred, service=service)
            yield Gathered(calendar.local(each.request.asked_at).date(), title, each.words)
            for step in each.steps:
                said = "\n".join(filter(None, [step.words, step.waiting_with]))
                if said:
                    yield Gathered(step.on_day, title, said)
