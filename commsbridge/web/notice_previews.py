"""Before a message to many goes: how many it reaches and how, what it costs, and one of each kind to look at."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from commsbridge import messages, schools, students
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, say_many
from commsbridge.foundation.reo_dates import money
from commsbridge.messages import Audience, NoticeDraft, Outlook, Told
from commsbridge.students import Student
from commsbridge.web.acting import Here
from commsbridge.web.shown import Shown, lang_of, tone

MORE_LIKE = N_("And %(num)s more like this.")
AT_ONCE = N_("They leave at once.")
MINUTES = N_("They take about %(num)s minutes to leave.")
COST = N_("The texts cost about %(dollars)s.")
HELD = N_("%(num)s of them are held until somebody lets them go, or a quiet time ends.")
NOT_REACHED = N_("No way to reach the whānau of %(names)s.")
BY_HAND = N_("%(num)s by hand")


def outlook_rows(here: Here, shown: Shown, seen: Outlook) -> dict[str, Any]:
    """What it would do, in sentences."""
    ways = [
        say_many(shown.language, "%(num)s text", "%(num)s texts", seen.texts) if seen.texts else "",
        say_many(shown.language, "%(num)s email", "%(num)s emails", seen.mails) if seen.mails else "",
        shown.say(BY_HAND, num=seen.by_hand) if seen.by_hand else "",
    ]
    minutes = round(seen.seconds / 60)
    hidden = {child.id for child in seen.families_not_reached} - seen_children(here)
    names = [child.preferred_name for child in seen.families_not_reached if child.id not in hidden]
    return {
        "people": seen.people,
        "reaches": say_many(
            shown.language,
            "It goes to one person: %(ways)s.",
            "It goes to %(num)s people: %(ways)s.",
            seen.people,
            ways=shown.names([way for way in ways if way]),
        ),
        "cost": shown.say(COST, dollars=money(round(seen.cents))) if seen.texts else None,
        "takes": shown.say(MINUTES, num=minutes) if minutes else shown.say(AT_ONCE),
        "held": shown.say(HELD, num=seen.held) if seen.held else None,
        "not_reached": shown.say(NOT_REACHED, names=shown.names(names)) if names else None,
    }


def seen_children(here: Here) -> set[uuid.UUID]:
    """The children whom whoever looks may see."""
    return {each.id for each in students.students_seen_by(here.work, here.viewer, schools.today(here.work))}


def question_rows(here: Here, shown: Shown, draft: NoticeDraft, children: Sequence[Student]) -> list[str]:
    """What to look at before words that name a child, or speak of health, go to many."""
    own = children[0] if draft.audience is Audience.FAMILY and children else None
    others = {
        each.id: (each.preferred_name,)
        for each in students.students_in(here.work, None, schools.today(here.work))
        if own is None or each.id != own.id
    }
    names = (own.preferred_name, own.name) if own else ()
    words = f"{draft.words_en}\n{draft.words_mi}"
    return [
        each.said(shown.language) for each in messages.questions_for(words, child_names=names, other_children=others)
    ]


def samples(here: Here, shown: Shown, seen: Outlook | None) -> dict[str, Any]:
    """One of each kind of text and mail, with how many more are like it; everybody of one family."""
    children = seen_children(here) if seen else set()
    going = [
        each
        for each in (seen.told if seen else ())
        if each.planned is not None and each.carried_by is None and each.student.id in children
    ]
    kinds: dict[tuple[str, str], list[Told]] = {}
    for each in going:
        if each.planned is not None and each.composed is not None:
            kinds.setdefault((each.planned.channel.value, each.composed.language), []).append(each)
    return {
        "previews": [_card(here, shown, found[0], more=len(found) - 1) for found in kinds.values()],
        "not_written_to": [],
        "summary": "",
        "send_label": "",
    }


def _card(here: Here, shown: Shown, told: Told, *, more: int) -> dict[str, Any]:
    planned, composed = told.planned, told.composed
    if planned is None or composed is None:
        raise NotFound(N_("That message is not here."))
    school = schools.school_of(here.work)
    states = []
    if told.why is not None:
        standing = messages.reason(told.why, planned.held_until)
        until = planned.held_until or planned.due_at
        states.append({"kind": tone(standing), "sentence": shown.told(standing, until)})
    if more:
        states.append({"kind": "", "sentence": shown.say(MORE_LIKE, num=more)})
    length = composed.length
    return {
        "contact_id": told.recipient.contact_id,
        "name": told.recipient.name.split()[0],
        "channel": planned.channel.value,
        "language": shown.language_asked(composed.language),
        "lang": lang_of(composed.language),
        "text": None if composed.html else composed.body,
        "meter": {"units": length.units, "texts": length.segments, "room": length.room} if length else None,
        "mail": {
            "sender": school.name_in(composed.language),
            "subject": composed.subject,
            "paragraphs": [{"text": words, "lang": code} for words, code in composed.paragraphs],
            "footer": None,
        }
        if composed.html
        else None,
        "states": states,
    }
