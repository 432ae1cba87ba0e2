"""Pauses: one action, and nothing cheerful goes to a child's whānau; one more, and it goes again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.hard_days import held_sentences
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown
from commsbridge.whanau import ContactCard, Pause

pages = Pages()
UNTIL = N_("Everything is paused until the end of %(day)s.")
OPEN = N_("Everything is paused until somebody starts it again.")
ABOUT = N_("Everything about %(name)s is paused until the end of %(day)s.")
ABOUT_OPEN = N_("Everything about %(name)s is paused until somebody starts it again.")
TO = N_("Everything to %(name)s is paused until the end of %(day)s.")
TO_OPEN = N_("Everything to %(name)s is paused until somebody starts it again.")
CHILD = N_("Everything about %(name)s")
FAMILY = N_("Everything to %(name)s’s whānau")
FAMILY_MORE = N_("About brothers and sisters, too.")


@pages.route("/students/<uuid:student_id>/pause", may(Permission.PAUSE), methods=("GET", "POST"))
def pause_student(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Pause everything about a child, or to all of their whānau; or start it again."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        cards = _cards(here, student)
        if request.method == "GET":
            return _page(here, student, cards, {})
        errors = kept(here.work, lambda: _act(here, student, cards))
        if errors:
            return _page(here, student, cards, errors), 400
    return redirect(url_for("pause_student", student_id=student_id))


def _cards(here: Here, student: Student) -> list[ContactCard]:
    on = schools.today(here.work)
    return whanau.contacts_of(here.work, student.id, on=on, with_limited=False, sender_ids=[])


def _running(here: Here, student: Student, cards: Sequence[ContactCard]) -> list[Pause]:
    ids = [card.contact.id for card in cards]
    on = schools.today(here.work)
    return whanau.running_pauses(here.work, on=on, student_ids=[student.id], contact_ids=ids)


def _act(here: Here, student: Student, cards: Sequence[ContactCard]) -> None:
    """End what runs; and unless that was all that was asked, begin anew with the day that was chosen."""
    until_on = read_day(request.form.get("until_on", ""))
    for pause in _running(here, student, cards):
        if request.form.get("act") == "end" or not pause.for_safety:
            messages.end_pause(here.work, pause.id)
    if request.form.get("act") == "end":
        return
    messages.pause(here.work, student_id=student.id, until_on=until_on)
    if request.form.get("whom") == "family":
        for card in cards:
            messages.pause(here.work, contact_id=card.contact.id, until_on=until_on)


def _page(here: Here, student: Student, cards: Sequence[ContactCard], errors: dict[str, str]) -> str:
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    note_frame(here)
    names = {card.contact.id: card.contact.name for card in cards}
    name = student.preferred_name
    return render_template(
        "pause.html",
        student={"id": student.id, "name": student.name, "short": name},
        running=[
            _told(shown, pause, ABOUT, ABOUT_OPEN, name)
            if pause.contact_id is None
            else _told(shown, pause, TO, TO_OPEN, names[pause.contact_id])
            for pause in _running(here, student, cards)
        ],
        whom=[
            {"value": "child", "label": shown.say(CHILD, name=name), "small": None},
            {"value": "family", "label": shown.say(FAMILY, name=name), "small": shown.say(FAMILY_MORE)},
        ],
        held=held_sentences(here.work, student, shown),
        values={
            "whom": request.form.get("whom", "child"),
            "until_on": request.form.get("until_on", ""),
        },
        errors=errors,
        back_url=url_for("student", student_id=student.id)
        if here.viewer.may(Permission.READ_LOG)
        else url_for("contacts"),
    )


def _told(shown: Shown, pause: Pause, until: str, without: str, name: str) -> str:
    if pause.until_on is None:
        return shown.say(without, name=name)
    return shown.say(until, name=name, day=shown.date(pause.until_on))


def paused_until(shown: Shown, pauses: Sequence[Pause]) -> str | None:
    """That one contact, or one child, is paused, and how long; None when they are not."""
    if not pauses:
        return None
    ends = [pause.until_on for pause in pauses if pause.until_on is not None]
    if len(ends) < len(pauses):
        return shown.say(OPEN)
    return shown.say(UNTIL, day=shown.date(max(ends)))


def child_paused(shown: Shown, pause: Pause, name: str) -> str:
    """That everything about a child is paused, and how long."""
    return _told(shown, pause, ABOUT, ABOUT_OPEN, name)


def read_day(written: str, *, field: str = "until_on") -> date | None:
    """The day a pause ends, as a date field writes it; None when left empty. Raises Invalid for anything else."""
    if not written.strip():
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise Invalid(N_("Write the day like 2026-11-17."), field=field) from None
