"""Writing praise: a phrase or one's own words, what each contact will get, and send it, now or later."""

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
from commsbridge.foundation.work import Work
from commsbridge.messages import Draft
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime, signed_in
from commsbridge.web.asking import question_before
from commsbridge.web.children import waited
from commsbridge.web.frame import note_frame
from commsbridge.web.hints import hints_beside
from commsbridge.web.keeping import beside, kept
from commsbridge.web.later import later_form, later_written, moment_written
from commsbridge.web.photos import photo_form, photo_kept
from commsbridge.web.phrases import phrase_groups
from commsbridge.web.previews import previews
from commsbridge.web.shown import Shown, phrase_lang

pages = Pages()
PRAISE = may(Permission.SEND_PRAISE)
FIELDS = {"words": "own_words"}

NOBODY = N_("Nobody can be sent a message about %(name)s yet. Ask the office to add or mend a contact.")
LAST_RECEIVED = N_("This home last received, %(day)s:")


def draft_written() -> Draft:
    """What the form, or the address, says of the praise."""
    phrase_id = read_id(request.form.get("phrase") or request.args.get("phrase"))
    return Draft(
        phrase_id=phrase_id,
        words=request.form.get("own_words", ""),
        as_link=request.form.get("answer") == messages.Choice.LINK.value,
        te_reo_first=request.form.get("te_reo_first") == "yes",
        photo_id=None if request.form.get("photo_leave") else read_id(request.form.get("photo_id")),
    )


@pages.route("/students/<uuid:student_id>/praise", PRAISE)
def praise(student_id: uuid.UUID) -> str:
    """The page to write praise on; with ``later``, to write anew what waits."""
    later_id = read_id(request.args.get("later"))
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        if later_id is None:
            return _page(here, student, draft_written(), errors={})
        later = messages.own_waiting(here.work, later_id)
        return _page(here, student, messages.draft_of(later), errors={})


@pages.route("/students/<uuid:student_id>/praise", PRAISE, methods=("POST",), endpoint="send_praise")
def send_praise(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Send, keep for later, or show again what each contact will get. The same form sent twice is one message."""
    draft = draft_written()
    key = once_key(student_id, draft.phrase_id, draft.words, draft.as_link, request.form.get("photo_alt"))
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        refused, draft = _with_photo(here, student, draft)
        if refused:
            return _page(here, student, draft, errors=refused), 400
        if request.form.get("act") == "preview":
            return _page(here, student, draft, errors={})
        question = question_before(here, student, draft)
        if question is not None:
            return _page(here, student, draft, errors={}, question=question), 409
    try:
        with at_school() as here:
            student = students.student_for(here.work, here.viewer, student_id)
            return redirect(_done(here, student, draft, key))
    except Invalid as refusal:
        with at_school() as here:
            student = students.student_for(here.work, here.viewer, student_id)
            return _page(here, student, draft, errors=beside(refusal, FIELDS)), 400
    except Conflict:
        # The same form arrived twice: the first of the two has sent it.
        with at_school() as here:
            known = messages.sent_before(here.work, key) or messages.became(here.work, later_written())
        if known is None:
            raise
    return redirect(url_for("sent", message_id=known))


def _with_photo(here: Here, student: Student, draft: Draft) -> tuple[dict[str, str], Draft]:
    """The draft with the photo that the form brings, and what is wrong with it."""
    found: list[uuid.UUID] = []
    refused = kept(here.work, lambda: found.extend(filter(None, [photo_kept(here.work, student)])))
    return refused, replace(draft, photo_id=found[0]) if found else draft


def _done(here: Here, student: Student, draft: Draft, key: str | None) -> str:
    """Do what the form asks for; the address of the page that says so."""
    work, later_id = here.work, later_written()
    if request.form.get("act") == "later":
        goes_at = moment_written(schools.calendar_of(work))
        if later_id is None:
            later_id = messages.keep_for_later(work, student, draft, goes_at=goes_at, once_key=key).id
        else:
            messages.change_later(work, later_id, draft, goes_at=goes_at)
        return url_for("waiting", _anchor=f"later-{later_id}")
    if later_id is None:
        message = messages.send_praise(work, student, draft, links=runtime().links, once_key=key)
    else:
        message = messages.send_now(work, later_id, draft, links=runtime().links)
    return url_for("sent", message_id=message.id)


@pages.route("/students/<uuid:student_id>/praise/preview", PRAISE, methods=("POST",), endpoint="praise_preview")
def preview(student_id: uuid.UUID) -> str:
    """What each contact will get, alone: the live preview."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        return render_template("parts/previews.html", **previews(here, student, draft_written()))


def _page(
    here: Here, student: Student, draft: Draft, *, errors: dict[str, str], question: dict[str, Any] | None = None
) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    own = waited(work, [student])[0]
    later = later_form(work, errors)
    return render_template(
        "praise.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        tally=list(own.tally),
        tally_says=own.last(shown),
        last_received=_last_received(work, student, shown),
        groups=phrase_groups(
            work,
            messages.offered_phrases(work, student),
            draft,
            name=student.preferred_name,
            name_mi=student.preferred_name,
        ),
        phrase=str(draft.phrase_id or ""),
        own_words=draft.words,
        own_words_max=messages.LONGEST_WORDS,
        preview_url=url_for("praise_preview", student_id=student.id),
        question=question,
        form_key=request.form.get("form_key") or secrets.token_urlsafe(16),
        keeper=keeper(),
        errors=errors,
        nobody=None if own.can_send else shown.say(NOBODY, name=student.preferred_name),
        later=later,
        photo=photo_form(work, student, draft, shown, errors),
        hinting=hints_beside(
            work,
            shown,
            {"own_words": (draft.words, student.preferred_name)},
            asked=request.form.get("act") == "preview",
        ),
        **previews(here, student, draft, goes_at=later["goes_at"]),
    )


def keeper() -> uuid.UUID | None:
    """Whose words a browser keeps while they are written: it gives them back to nobody else."""
    person = signed_in()
    return person.account_id if person else None


def _last_received(work: Work, student: Student, shown: Shown) -> dict[str, Any] | None:
    latest = messages.last_received(work, student.id, limit=1)
    if not latest:
        return None
    told = latest[0]
    return {
        "sentence": shown.say(LAST_RECEIVED, day=shown.day(told.message.made_at)),
        "words": messages.words_of(told, student.preferred_name, language()),
        "lang": phrase_lang(language()) if told.phrase else None,
    }
