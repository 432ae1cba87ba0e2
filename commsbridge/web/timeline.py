"""The lines of the partnership log as a page shows them: who, when, which way, in what words, and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import url_for

from commsbridge import conversations, messages, partnership, schools, support, whanau
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import sort_key
from commsbridge.foundation.work import Work
from commsbridge.messages import MessageKind, Why
from commsbridge.partnership import Entry, Moment
from commsbridge.schools import Permission, Viewer
from commsbridge.students import Student
from commsbridge.support import SupportRequest, SupportStep
from commsbridge.web.concerns import concern_states
from commsbridge.web.photos import photo_row
from commsbridge.web.shown import Shown, lang_of, phrase_lang
from commsbridge.web.support_shown import state_sentence

TITLES = {
    Moment.PRAISE: N_("Praise"),
    Moment.WELCOME: N_("Welcome"),
    Moment.NOTICE: N_("Message"),
    Moment.REPLY: N_("Reply"),
    Moment.ANSWER: N_("Answer"),
    Moment.STAFF_NOTE: N_("Note"),
    Moment.GATE: N_("A talk at the gate"),
    Moment.CALL: N_("A phone call"),
    Moment.WISH: N_("A wish"),
    Moment.CONCERN: N_("A concern"),
    Moment.BOOK: N_("A page of the book"),
    Moment.SUPPORT: N_("Learning support"),
    Moment.HUI: N_("A hui"),
    Moment.PLAN: N_("Agreed to the plan"),
}
KIND = {
    Moment.PRAISE: "praise",
    Moment.WELCOME: "praise",
    Moment.REPLY: "reply",
    Moment.STAFF_NOTE: "note",
    Moment.GATE: "gate",
    Moment.CALL: "call",
    Moment.WISH: "change",
    Moment.CONCERN: "note",
    Moment.HUI: "meeting",
}
WORK_ON = N_("Something to work on")
FROM = N_("from %(who)s")
FROM_BY = N_("from %(who)s by %(way)s")
WRITTEN_BY = N_("written down by %(who)s")
WITH = N_("with %(contact)s, written down by %(who)s")
SEEN = N_("Seen by %(who)s")
READ_TO_CHILD = N_("Good news from home, read to %(child)s by %(who)s")
READ_AT_HOME = N_("%(who)s has read it.")
TOLD_CHILD = N_("%(who)s told %(child)s.")
WISH = N_("Asked for no messages, or for them again: it is a wish, not a fault.")
TO_BY = N_("%(who)s, by %(way)s, in %(language)s: %(standing)s")
OTHER_WAY = N_("It goes this way because the first did not arrive.")
HARD_DAY = N_("A hard day")
NOT_SHOWN = N_("Its words are for the teacher and for those who lead support.")
ALL_OF_IT = N_("All of it")
TAKEN_BACK = N_("Taken back before it went.")
WAYS = {
    "text": N_("text"),
    "email": N_("email"),
    "call": N_("a call"),
    "slip": N_("a printed slip"),
    "video": N_("a video call"),
    "interpreter": N_("an interpreter"),
}


def log_rows(
    work: Work,
    entries: Sequence[Entry],
    student: Student,
    shown: Shown,
    *,
    sees_limits: bool,
    viewer: Viewer | None = None,
) -> list[dict[str, Any]]:
    """Timeline entries as the template takes them.

    What became of a message to somebody who may not be messaged is shown only to those who may see limits, the words
    of a concern to its writer and to a ``viewer`` who may read concerns; None is the operator.
    """
    raised = messages.concerns.concerns_by_id(work, _ids(entries, "concern"))
    about = [each.message_id for each in raised.values() if each.message_id]
    told = messages.written(work, [*_ids(entries, "message"), *about])
    replies = conversations.replies_by_id(work, _ids(entries, "reply"))
    talks = partnership.korero_words(work, _ids(entries, "korero"))
    people = whanau.contact_names(work, _contacts(entries, told))
    staff = schools.staff_by_id(work, _staff(entries))
    steps = support.steps_by_id(work, _ids(entries, "support"))
    rows = []
    for entry in entries:
        line = entry.line
        moment = Moment(line.moment)
        writer = staff[line.staff_id].shown_name if line.staff_id in staff else ""
        contact = people.get(line.contact_id, "") if line.contact_id else ""
        row: dict[str, Any] = {
            "day": shown.day(line.at),
            "time": shown.time(line.at),
            "iso": shown.iso(line.at),
            "kind": KIND.get(moment, "note"),
            "title": shown.say(TITLES[moment]),
            "byline": _byline(shown, moment, writer, contact, line.channel),
            "words": None,
            "lang": None,
            "who": "us",
            "states": [],
            "photo": None,
            "tags": [],
        }
        if line.subject == "message" and line.subject_id in told:
            message = told[line.subject_id]
            if message.message.kind is MessageKind.WORK_ON:
                row["title"] = shown.say(WORK_ON)
            row["photo"] = photo_row(student.id, message.photo) if message.photo else None
            row["words"] = messages.words_of(message, student.preferred_name, shown.language) or None
            row["lang"] = phrase_lang(shown.language) if message.phrase else None
            row["states"] = _delivery_states(shown, entry, message, people, sees_limits=sees_limits)
            row["states"] += _read_states(shown, entry, people, student)
        elif line.subject == "reply" and line.subject_id in replies:
            row["who"] = "them"
            reply = replies[line.subject_id]
            row["words"], row["lang"] = reply.words or None, lang_of(reply.language)
            row["states"] = _reply_states(shown, entry, staff, student)
        elif line.subject == "concern" and line.subject_id in raised:
            found = raised[line.subject_id]
            row |= _concern(work, shown, found, viewer)
            if found.message_id in told:
                row["states"] += _delivery_states(shown, entry, told[found.message_id], people, sees_limits=sees_limits)
        elif line.subject == "support" and line.subject_id in steps:
            row |= _support(shown, *steps[line.subject_id])
        elif line.subject == "korero" and line.subject_id in talks:
            row["who"] = ""
            row["words"] = talks[line.subject_id].words
        rows.append(row)
    return rows


def _concern(work: Work, shown: Shown, found: messages.concerns.Concern, viewer: Viewer | None) -> dict[str, Any]:
    """A concern in the log: its words for those who may read them, else that there was one."""
    title = shown.say(HARD_DAY if found.kind is messages.concerns.ConcernKind.HARD_DAY else TITLES[Moment.CONCERN])
    if viewer and not viewer.may(Permission.READ_CONCERN) and found.staff_id != viewer.staff_id:
        return {"title": title, "words": None, "states": [{"kind": "", "sentence": shown.say(NOT_SHOWN)}]}
    return {
        "title": title,
        "words": found.happened,
        "url": url_for("concern_told", concern_id=found.id) if viewer else None,
        "url_label": shown.say(ALL_OF_IT),
        "states": concern_states(work, found, shown),
    }


def _support(shown: Shown, step: SupportStep, asked: SupportRequest) -> dict[str, Any]:
    """A step of a request in the log."""
    service = support.service_named(asked.service).name_in(shown.language)
    return {
        "title": service,
        "words": step.words or None,
        "states": [{"kind": "", "sentence": state_sentence(shown, step)}],
    }


def _ids(entries: Sequence[Entry], subject: str) -> list[uuid.UUID]:
    return [entry.line.subject_id for entry in entries if entry.line.subject == subject and entry.line.subject_id]


def _staff(entries: Sequence[Entry]) -> list[uuid.UUID]:
    lines = [line for entry in entries for line in (entry.line, *entry.later)]
    return [line.staff_id for line in lines if line.staff_id]


def _contacts(entries: Sequence[Entry], told: dict[uuid.UUID, messages.Written]) -> list[uuid.UUID]:
    named = [entry.line.contact_id for entry in entries if entry.line.contact_id]
    return named + [each.contact_id for message in told.values() for each in message.deliveries if each.contact_id]


def _byline(shown: Shown, moment: Moment, writer: str, contact: str, channel: str | None) -> str:
    if moment in partnership.BY_HAND:
        return shown.say(WITH, contact=contact, who=writer) if contact else shown.say(WRITTEN_BY, who=writer)
    if moment in {Moment.REPLY, Moment.WISH} and channel:
        return shown.say(FROM_BY, who=contact, way=shown.say(WAYS[channel]))
    return shown.say(FROM, who=writer) if writer else ""


def _delivery_states(
    shown: Shown, entry: Entry, told: messages.Written, people: dict[uuid.UUID, str], *, sees_limits: bool
) -> list[dict[str, str]]:
    if entry.undone:
        return [{"kind": "", "sentence": shown.say(TAKEN_BACK)}]
    states = []
    named = [(people.get(each.contact_id, "") if each.contact_id else "", each) for each in told.deliveries]
    for who, delivery in sorted(named, key=lambda each: sort_key(each[0])):
        if delivery.why == Why.NOT_ALLOWED and not sees_limits:
            continue
        standing = shown.standing(delivery)
        sentence = shown.say(
            TO_BY,
            who=who,
            way=shown.say(WAYS[delivery.channel]),
            language=shown.language_asked(delivery.language)["name"],
            standing=standing["sentence"],
        )
        if delivery.instead_of_id is not None:
            sentence = f"{sentence} {shown.say(OTHER_WAY)}"
        states.append({"kind": standing["kind"], "sentence": sentence})
    return states


def _read_states(shown: Shown, entry: Entry, people: dict[uuid.UUID, str], student: Student) -> list[dict[str, str]]:
    """Who at home pressed that they have read it, and who told the child."""
    told = {Moment.READ_AT_HOME: READ_AT_HOME, Moment.TOLD_CHILD: TOLD_CHILD}
    return [
        {
            "kind": "",
            "sentence": shown.say(told[line.moment], who=people[line.contact_id], child=student.preferred_name),
        }
        for line in entry.later
        if line.moment in told and line.contact_id in people
    ]


def _reply_states(
    shown: Shown, entry: Entry, staff: dict[uuid.UUID, schools.Staff], student: Student
) -> list[dict[str, str]]:
    if entry.line.moment is Moment.WISH:
        return [{"kind": "", "sentence": shown.say(WISH)}]
    seers = [
        staff[line.staff_id].shown_name for line in entry.later if line.moment == Moment.SEEN and line.staff_id in staff
    ]
    readers = [
        staff[line.staff_id].shown_name
        for line in entry.later
        if line.moment is Moment.READ_TO_CHILD and line.staff_id in staff
    ]
    if readers:
        sentence = shown.say(READ_TO_CHILD, child=student.preferred_name, who=shown.names(readers))
        return [{"kind": "", "sentence": sentence}]
    return [{"kind": "", "sentence": shown.say(SEEN, who=shown.names(seers))}] if seers else []
