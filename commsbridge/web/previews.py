"""What each contact will get, before it goes: a bubble or a mail each, one line that sums up, what Send says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from commsbridge import messages, schools
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, say_many
from commsbridge.foundation.reading_language import WrittenIn, language_written
from commsbridge.foundation.work import Work
from commsbridge.messages import Draft, Preview
from commsbridge.schools import School
from commsbridge.students import Student
from commsbridge.web.acting import Here, language, runtime
from commsbridge.web.shown import Shown, lang_of, tone

SEND_TO = N_("Send to %(names)s")
SEND = N_("Send")
BY_HAND = N_("%(num)s by hand")
UNTIL = N_("It waits until %(until)s at the latest, then it goes as you wrote it.")
TE_REO = frozenset({"mi", "both"})
NOT_CHECKED = N_("Te reo not yet checked by a translator")


def previews(here: Here, student: Student, draft: Draft, *, goes_at: datetime | None = None) -> dict[str, Any]:
    """What each contact will get now, or at ``goes_at``, as parts/previews.html takes it."""
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    empty = draft.phrase_id is None and not draft.words.strip()
    try:
        found = messages.preview_praise(
            work,
            student,
            _sample(work, student, draft) if empty else draft,
            links=runtime().links,
            goes_at=goes_at,
        )
    except Invalid:
        found = []
    school = schools.school_of(work)
    cards = [_card(shown, each, school=school, empty=empty) for each in found if each.planned is not None]
    names = [each.recipient.name.split()[0] for each in found if each.planned is not None]
    return {
        "previews": cards,
        "not_written_to": [
            {"name": each.recipient.name, "why": shown.told(messages.reason(each.why), None)}
            for each in found
            if each.planned is None and each.why is not None
        ],
        "te_reo_first": _te_reo_first(work, student, draft, found, shown),
        "summary": summed_up(shown, [each.planned.channel.value for each in found if each.planned is not None]),
        "send_label": send_words(shown, names),
    }


def _te_reo_first(
    work: Work, student: Student, draft: Draft, found: list[Preview], shown: Shown
) -> dict[str, Any] | None:
    """The choice to let own words wait for a translator, where somebody reads te reo and somebody could write it."""
    reads = any(each.composed is not None and each.composed.language in TE_REO for each in found)
    if not reads or language_written(draft.words) is WrittenIn.TE_REO:
        return None
    deadline = messages.te_reo_deadline(work, student, draft)
    if deadline is None:
        return None
    return {"checked": draft.te_reo_first, "small": shown.say(UNTIL, until=shown.until(deadline))}


def _sample(work: Work, student: Student, draft: Draft) -> Draft:
    """Before anything is chosen, the preview shows who gets what way with the first phrase on offer."""
    offered = messages.offered_phrases(work, student)
    return replace(draft, phrase_id=offered[0].id if offered else None)


def _card(shown: Shown, seen: Preview, *, school: School, empty: bool) -> dict[str, Any]:
    planned, composed = seen.planned, seen.composed
    if planned is None or composed is None:
        raise NotFound(N_("That message is not here."))
    card: dict[str, Any] = {
        "contact_id": seen.recipient.contact_id,
        "name": seen.recipient.name.split()[0],
        "channel": planned.channel.value,
        "language": shown.language_asked(seen.recipient.language),
        "lang": lang_of(composed.language),
        "text": None,
        "meter": None,
        "mail": None,
        "states": _states(shown, seen),
    }
    if empty:
        return card
    if composed.length is not None:
        card["text"] = composed.body
        card["meter"] = {
            "units": composed.length.units,
            "texts": composed.length.segments,
            "room": composed.length.room,
        }
    elif composed.html is not None:
        card["mail"] = {
            "sender": _sender(school, seen),
            "subject": composed.subject,
            "paragraphs": [{"text": words, "lang": code} for words, code in composed.paragraphs],
            "footer": None,
        }
    else:
        card["text"] = composed.body
    return card


def _sender(school: School, seen: Preview) -> str:
    """The name the school's mail comes under, in the reader's language; te reo Māori first for who reads both."""
    return school.name_in(seen.composed.language if seen.composed else "")


def _states(shown: Shown, seen: Preview) -> list[dict[str, str]]:
    states = []
    if seen.planned is not None and seen.why is not None:
        until = seen.planned.held_until
        told = messages.reason(seen.why, until)
        states.append({"kind": tone(told), "sentence": shown.told(told, until or seen.planned.due_at)})
    if seen.unchecked:
        states.append({"kind": "", "sentence": shown.say(NOT_CHECKED)})
    return states


def send_words(shown: Shown, names: list[str]) -> str:
    """What the button that sends says."""
    return shown.say(SEND_TO, names=shown.names(names)) if names else shown.say(SEND)


def summed_up(shown: Shown, kinds: list[str]) -> str:
    """Texts, mails and what goes by hand in one line, from the channel of each."""
    texts, mails = kinds.count("text"), kinds.count("email")
    by_hand = len(kinds) - texts - mails
    parts = [
        say_many(language(), "%(num)s text", "%(num)s texts", texts) if texts else "",
        say_many(language(), "%(num)s email", "%(num)s emails", mails) if mails else "",
        shown.say(BY_HAND, num=by_hand) if by_hand else "",
    ]
    return shown.names([part for part in parts if part])
