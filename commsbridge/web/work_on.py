"""Something home and school can both work on: said gently, by mail or by a person, never by text."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_
from commsbridge.messages import Draft, PhraseKind
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime
from commsbridge.web.asking import question_before
from commsbridge.web.frame import note_frame
from commsbridge.web.hints import SAYS_OF_HARD_THINGS, hints_beside
from commsbridge.web.keeping import beside
from commsbridge.web.phrases import phrase_groups
from commsbridge.web.previews import previews
from commsbridge.web.shown import Shown

pages = Pages()
WRITE = may(Permission.SEND_PRAISE)
FIELDS = {"words": "own_words"}
CHOOSE = N_("Choose what you would like to work on.")


@pages.route("/students/<uuid:student_id>/work-on", WRITE)
def work_on(student_id: uuid.UUID) -> str:
    """The page to choose what to work on, with who gets it which way."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        return _page(here, student, _written(), errors={})


@pages.route("/students/<uuid:student_id>/work-on", WRITE, methods=("POST",), endpoint="send_work_on")
def send_work_on(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Send it, or show again what each contact will get. The same form sent twice is one message."""
    draft = _written()
    key = once_key(student_id, draft.phrase_id, draft.words, draft.as_link)
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        if request.form.get("act") == "preview":
            return _page(here, student, draft, errors={})
        question = question_before(here, student, draft)
        if question is not None:
            return _page(here, student, draft, errors={}, question=question), 409
    try:
        with at_school() as here:
            student = students.student_for(here.work, here.viewer, student_id)
            return redirect(url_for("sent", message_id=_send(here, student, draft, key).id))
    except Invalid as refusal:
        with at_school() as here:
            student = students.student_for(here.work, here.viewer, student_id)
            return _page(here, student, draft, errors=beside(refusal, FIELDS)), 400
    except Conflict:
        with at_school() as here:
            known = messages.sent_before(here.work, key)
        if known is None:
            raise
    return redirect(url_for("sent", message_id=known))


def _send(here: Here, student: Student, draft: Draft, key: str | None) -> messages.Message:
    phrase = messages.phrase_by_id(here.work, draft.phrase_id) if draft.phrase_id else None
    if phrase is None or phrase.kind is not PhraseKind.WORK_ON:
        raise Invalid(CHOOSE, field="phrase")
    return messages.send_praise(here.work, student, draft, links=runtime().links, once_key=key)


def _written() -> Draft:
    return Draft(
        phrase_id=read_id(request.form.get("phrase") or request.args.get("phrase")),
        words=request.form.get("own_words", ""),
        as_link=request.form.get("answer") == messages.Choice.LINK.value,
    )


def _bank(here: Here, student: Student) -> list[messages.Phrase]:
    return messages.offered_phrases(here.work, student, kind=PhraseKind.WORK_ON)


def _page(
    here: Here, student: Student, draft: Draft, *, errors: dict[str, str], question: dict[str, Any] | None = None
) -> str:
    note_frame(here)
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    offered = _bank(here, student)
    chosen = draft.phrase_id if draft.phrase_id in {each.id for each in offered} else None
    # Before anything is chosen the first shows who gets it which way.
    seen = draft if chosen else replace(draft, phrase_id=offered[0].id if offered else None)
    name = student.preferred_name
    return render_template(
        "work_on.html",
        student={"id": student.id, "name": student.name, "short": name},
        groups=phrase_groups(here.work, offered, replace(draft, phrase_id=chosen), name=name, name_mi=name),
        phrase=str(chosen or ""),
        own_words=draft.words,
        own_words_max=messages.LONGEST_WORDS,
        question=question,
        form_key=request.form.get("form_key") or secrets.token_urlsafe(16),
        hinting=hints_beside(
            here.work,
            shown,
            {"own_words": (draft.words, name)},
            asked=request.form.get("act") == "preview",
            says=SAYS_OF_HARD_THINGS,
        ),
        errors=errors,
        **previews(here, student, seen),
    )
