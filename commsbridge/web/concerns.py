"""Concerns and hard days: ring first, write it with care, have it read, and send it behind a link."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, time
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.messages import State
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime
from commsbridge.web.directory_shown import group_rows
from commsbridge.web.frame import note_frame
from commsbridge.web.hints import SAYS_OF_HARD_THINGS, hints_beside
from commsbridge.web.keeping import kept
from commsbridge.web.pauses import read_day
from commsbridge.web.shown import Shown
from commsbridge.whanau import ContactCard, MayMessage

pages = Pages()
concerns = messages.concerns
Account = messages.concerns.Account
Call = messages.concerns.Call
Concern = messages.concerns.Concern
ConcernKind = messages.concerns.ConcernKind
ConcernState = messages.concerns.ConcernState
Rang = messages.concerns.Rang
WRITE = may(Permission.WRITE_CONCERN)
READ = may(Permission.READ_CONCERN)
RELEASE = may(Permission.RELEASE_CONCERN)
FIELDS = ("kind", "happened", "helped", "suggested", "asked", "offers_talk", "rang_contact_id", "rang")

CAME = {Rang.TALKED: N_("We talked"), Rang.NO_ANSWER: N_("Nobody answered")}
NOBODY_YET = N_("Nobody yet")
STATES = {
    ConcernState.WAITING: N_("Waits for a second person to read it. Nothing has gone out."),
    ConcernState.GONE: N_("Sent as a plain line with a link."),
    ConcernState.KEPT: N_("Kept in the log. Nothing went out."),
    ConcernState.RETURNED: N_("Given back to its writer. Nothing went out."),
}
RANG_FIRST = {
    Rang.TALKED: N_("Rang %(contact)s first: %(day)s %(time)s. They talked."),
    Rang.NO_ANSWER: N_("Rang %(contact)s first: %(day)s %(time)s. Nobody answered."),
}
LET_GO = N_("Read by %(who)s, %(day)s.")
GIVEN_BACK = N_("Given back by %(who)s: %(note)s")
UNREACHED = N_("Nothing could go to them. Ring them.")
RING = N_("Ring them, or send the neutral line again.")
TALK = N_("A time to talk is offered.")
PARTS = (
    ("happened", N_("What happened")),
    ("helped", N_("What helped")),
    ("suggested", N_("What we suggest")),
    ("asked", N_("What do you think?")),
)


@pages.route("/students/<uuid:student_id>/concern", WRITE, methods=("GET", "POST"))
def concern(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Write a concern, or tell of a hard day: ringing comes first."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        if request.method == "GET":
            return _page(here, student, _first_values(here, student), {})
        made: list[Concern] = []
        errors = kept(here.work, lambda: made.append(_act(here, student)))
        if errors:
            values = {**dict.fromkeys(("rang_on", "rang_time"), ""), **request.form.to_dict()}
            return _page(here, student, {**values, "to": request.form.getlist("to")}, errors), 400
        made_id = made[0].id
    return redirect(url_for("concern_told", concern_id=made_id))


def _act(here: Here, student: Student) -> Concern:
    work, form = here.work, request.form
    kind = ConcernKind.HARD_DAY if form.get("kind") == ConcernKind.HARD_DAY else ConcernKind.CONCERN
    account = Account(
        happened=form.get("happened", ""),
        helped=form.get("helped", ""),
        suggested=form.get("suggested", ""),
        asked=form.get("asked", ""),
        offers_talk=form.get("offers_talk") == "yes",
    )
    key = once_key(student.id, form.get("act"), *(form.get(field) for field in FIELDS), *form.getlist("to"))
    call = _call(work)
    if form.get("act") == "keep":
        made = concerns.keep_concern(work, student, kind, account, call=call, once_key=key)
    else:
        to = [each for each in map(read_id, form.getlist("to")) if each]
        made = concerns.send_concern(
            work, student, kind, account, to=to, call=call, links=runtime().links, once_key=key
        )
    concerns.close_returned(work, read_id(form.get("instead_of")))
    return made


def _call(work: Work) -> Call | None:
    """Whom the writer rang; None when nobody was rung."""
    contact_id = read_id(request.form.get("rang_contact_id"))
    if contact_id is None:
        return None
    came = request.form.get("rang", "")
    if came not in set(Rang):
        raise Invalid(N_("Say what came of the call."), field="rang")
    calendar = schools.calendar_of(work)
    day = read_day(request.form.get("rang_on", ""), field="rang_on") or schools.today(work)
    try:
        at = time.fromisoformat(request.form.get("rang_time", ""))
    except ValueError:
        raise Invalid(N_("Write a time like 15:30."), field="rang_time") from None
    return Call(contact_id, min(calendar.moment(day, at), _at_most(work, day)), Rang(came))


def _at_most(work: Work, day: Any) -> datetime:
    """The minute that runs now is no time to come."""
    calendar = schools.calendar_of(work)
    local = calendar.local(work.now)
    same_minute = request.form.get("rang_time") == f"{local:%H:%M}" and day == local.date()
    return work.now if same_minute else datetime.max.replace(tzinfo=work.now.tzinfo)


def _first_values(here: Here, student: Student) -> dict[str, Any]:
    """What a fresh page holds; with ``anew``, the words of a concern that was given back to this writer."""
    local = schools.calendar_of(here.work).local(here.work.now)
    values: dict[str, Any] = {
        "kind": request.args.get("kind", ConcernKind.CONCERN.value),
        "rang_on": local.date().isoformat(),
        "rang_time": f"{local:%H:%M}",
        "to": None,
    }
    before = read_id(request.args.get("anew"))
    if before is not None:
        told = concerns.concern_by_id(here.work, before)
        if told.student_id != student.id or told.staff_id != here.viewer.staff_id:
            raise NotFound(N_("That concern is not here."))
        values |= {name: getattr(told, name) for name, _ in PARTS}
        values |= {
            "kind": told.kind.value,
            "instead_of": str(told.id),
            "to": [str(each) for each in told.recipient_ids],
        }
    return values


def _cards(here: Here, student: Student) -> list[ContactCard]:
    on = schools.today(here.work)
    cards = whanau.contacts_of(here.work, student.id, on=on, with_limited=False, sender_ids=[])
    return [card for card in cards if card.guardianship.may_message == MayMessage.YES]


def _page(here: Here, student: Student, values: dict[str, Any], errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    cards = _cards(here, student)
    chosen = values.get("to")
    people = [{"value": str(card.contact.id), "label": card.contact.name} for card in cards]
    return render_template(
        "concern.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        hard_day=values.get("kind") == ConcernKind.HARD_DAY,
        phones=[{"name": card.contact.name, "numbers": _numbers(here, card)} for card in cards],
        rung=[{"value": "", "label": shown.say(NOBODY_YET)}, *people],
        came=[{"value": each.value, "label": shown.say(label)} for each, label in CAME.items()],
        to=[{**each, "checked": chosen is None or each["value"] in chosen} for each in people],
        values=values,
        read_first=schools.school_of(work).concerns_read_first,
        longest=concerns.LONGEST_PART,
        form_key=request.form.get("form_key") or secrets.token_urlsafe(16),
        hinting=hints_beside(
            work,
            shown,
            {name: (values.get(name, ""), student.preferred_name) for name, _ in PARTS},
            asked=bool(errors),
            says=SAYS_OF_HARD_THINGS,
        ),
        errors=errors,
        groups=group_rows(shown.language, families=False, work=work),
        back_url=url_for("student", student_id=student.id),
    )


def _numbers(here: Here, card: ContactCard) -> list[str]:
    """The numbers to ring, for those who may see numbers."""
    if not here.viewer.may(Permission.SEE_ADDRESSES):
        return []
    numbers = [way.address for way in card.ways if way.address and way.address.startswith("+")]
    return list(dict.fromkeys(show_phone(number) for number in numbers))


@pages.route("/concerns", RELEASE, endpoint="concerns")
def waiting() -> str:
    """Concerns that wait for a second pair of eyes."""
    with at_school() as here:
        work = here.work
        note_frame(here)
        shown = Shown(language(), schools.calendar_of(work), work.now)
        seen = {each.id: each for each in students.students_seen_by(work, here.viewer, schools.today(work))}
        found = concerns.waiting_concerns(work, list(seen))
        writers = schools.staff_by_id(work, [each.staff_id for each in found])
        return render_template(
            "concerns.html",
            rows=[
                {
                    "url": url_for("concern_told", concern_id=each.id),
                    "day": shown.day(each.made_at),
                    "time": shown.time(each.made_at),
                    "iso": shown.iso(each.made_at),
                    "student": seen[each.student_id].name,
                    "writer": writers[each.staff_id].shown_name,
                }
                for each in found
            ],
        )


@pages.route("/concerns/<uuid:concern_id>", READ, endpoint="concern_told")
def told(concern_id: uuid.UUID) -> str:
    """One concern as staff read it: its words, where it stands, and what a second person may do."""
    with at_school() as here:
        found, student = _seen(here, concern_id)
        return _told_page(here, found, student, {})


@pages.route("/concerns/<uuid:concern_id>", RELEASE, methods=("POST",), endpoint="concern_read")
def read(concern_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """A second person lets it go, or gives it back with a note."""
    with at_school() as here:
        found, student = _seen(here, concern_id)
        errors = kept(here.work, lambda: _settle(here, found, student))
        if errors:
            return _told_page(here, found, student, errors), 400
    return redirect(url_for("concern_told", concern_id=concern_id))


def _settle(here: Here, found: Concern, student: Student) -> None:
    if request.form.get("act") == "return":
        concerns.return_concern(here.work, found.id, note=request.form.get("note", ""))
    else:
        concerns.release_concern(here.work, found.id, student, links=runtime().links)


def _seen(here: Here, concern_id: uuid.UUID) -> tuple[Concern, Student]:
    found = concerns.concern_by_id(here.work, concern_id)
    return found, students.student_for(here.work, here.viewer, found.student_id)


def _told_page(here: Here, found: Concern, student: Student, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    own = found.staff_id == here.viewer.staff_id
    waits = found.state is ConcernState.WAITING
    return render_template(
        "concern_told.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        hard_day=found.kind is ConcernKind.HARD_DAY,
        writer=schools.staff_by_id(work, [found.staff_id])[found.staff_id].shown_name,
        day=shown.day(found.made_at),
        parts=parts_for(found, language()),
        states=concern_states(work, found, shown),
        deliveries=_deliveries(here, found, shown),
        may_read=waits and not own and here.viewer.may(Permission.RELEASE_CONCERN),
        rewrite_url=url_for("concern", student_id=student.id, anew=found.id)
        if own and found.state is ConcernState.RETURNED
        else None,
        concern_id=found.id,
        note=request.form.get("note", ""),
        errors=errors,
    )


def parts_for(found: Concern, reads: Language) -> list[dict[str, str]]:
    """What a concern tells, each part under its heading in one language; empty parts left out."""
    return [
        {"title": say(reads, title), "words": getattr(found, name)} for name, title in PARTS if getattr(found, name)
    ]


def concern_states(work: Work, found: Concern, shown: Shown) -> list[dict[str, str]]:
    """Where a concern stands: rung first, read by whom, out or not."""
    states = []
    if found.rang is not None and found.rang_at is not None and found.rang_contact_id is not None:
        name = whanau.contact_names(work, [found.rang_contact_id]).get(found.rang_contact_id, "")
        day, at = shown.day(found.rang_at), shown.time(found.rang_at)
        states.append({"kind": "", "sentence": shown.say(RANG_FIRST[found.rang], contact=name, day=day, time=at)})
    if found.settled_by is not None and found.settled_at is not None:
        who = schools.staff_by_id(work, [found.settled_by])[found.settled_by].shown_name
        sentence = GIVEN_BACK if found.state is ConcernState.RETURNED else LET_GO
        slots = {"who": who, "note": found.settled_note, "day": shown.day(found.settled_at)}
        states.append({"kind": "", "sentence": shown.say(sentence, **slots)})
    states.append(
        {"kind": "heed" if found.state is ConcernState.WAITING else "", "sentence": shown.say(STATES[found.state])}
    )
    if found.offers_talk:
        states.append({"kind": "", "sentence": shown.say(TALK)})
    return states


def _deliveries(here: Here, found: Concern, shown: Shown) -> list[dict[str, Any]]:
    """Where it stands with each contact; what did not arrive may go again, the first way that works now, or be rung."""
    sent = messages.written(here.work, [found.message_id]).get(found.message_id) if found.message_id else None
    if sent is None:
        return []
    names = whanau.contact_names(here.work, found.recipient_ids)
    replaced = {each.instead_of_id for each in sent.deliveries if each.state is not State.CANCELLED}
    newest = {each.contact_id: each for each in sent.deliveries if each.id not in replaced}
    return [_standing_with(here, shown, name, newest.get(contact_id)) for contact_id, name in names.items()]


def _standing_with(here: Here, shown: Shown, name: str, delivery: messages.Delivery | None) -> dict[str, Any]:
    if delivery is None:
        return {"name": name, "kind": "heed", "sentence": shown.say(UNREACHED), "again_url": None}
    failed = delivery.state is State.FAILED
    again = url_for("send_again", delivery_id=delivery.id) if here.viewer.may(Permission.SEND_NOTICE) else None
    if failed:
        why = shown.say(messages.standing(delivery).sentence, until="")
        return {"name": name, "kind": "amiss", "sentence": f"{why}. {shown.say(RING)}", "again_url": again}
    return {"name": name, **shown.standing(delivery), "again_url": None}
