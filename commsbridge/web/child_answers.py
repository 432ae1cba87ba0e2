"""Good news from home is read to the child, and the child answers: a picture or words, to that home alone."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, schools, students, whanau
from commsbridge.conversations import CARD_WORDS, Card, Reply
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
ENTERED = N_("%(child)s, %(day)s, entered by %(who)s")
ALONE = N_("%(child)s alone, %(day)s; %(who)s handed over the device")


@pages.route("/replies/<uuid:reply_id>/child/<uuid:student_id>", may(Permission.SEND_PRAISE), methods=("GET", "POST"))
def child_answer(reply_id: uuid.UUID, student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Read what home wrote to the child, and keep what the child answers."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        found = conversations.reply_by_id(here.work, reply_id)
        if found is None or student_id not in conversations.students_of_reply(here.work, reply_id):
            raise NotFound(N_("That message is not here."))
        if request.method == "GET":
            return _page(here, found, student, {})
        chosen = request.form.get("card", "")
        card = Card(chosen) if chosen in set(Card) else None
        words, links = request.form.get("words", ""), runtime().links
        errors = kept(
            here.work,
            lambda: conversations.answer_as_child(here.work, reply_id, student, card=card, words=words, links=links),
        )
        if errors:
            return _page(here, found, student, errors), 400
    return redirect(url_for("child_answer", reply_id=reply_id, student_id=student_id))


def _page(here: Here, found: Reply, student: Student, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    names = whanau.contact_names(work, [found.contact_id] if found.contact_id else [])
    answered = conversations.answer_to(work, found.id, student.id)
    staff = schools.staff_by_id(work, [answered.staff_id] if answered and answered.staff_id else [])
    return render_template(
        "child_answer.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        who="".join(names.values()),
        words=found.words,
        lang=lang_of(found.language),
        url=url_for("child_answer", reply_id=found.id, student_id=student.id),
        back_url=url_for("reply", reply_id=found.id),
        cards=[{"value": each.value, "label": shown.say(said)} for each, said in CARD_WORDS.items()],
        card=request.form.get("card", ""),
        typed=request.form.get("words", ""),
        longest=conversations.LONGEST_CHILD_ANSWER,
        answered={
            "withheld": conversations.is_withheld(work, answered),
            "at_school": answered.alert_id is not None or answered.at_school,
            "card": answered.card,
            "card_words": shown.say(CARD_WORDS[Card(answered.card)]) if answered.card else "",
            "words": "" if conversations.is_withheld(work, answered) else answered.words,
            "by": shown.say(
                ALONE if answered.alone else ENTERED,
                child=student.preferred_name,
                day=shown.day(answered.at),
                who="".join(each.shown_name for each in staff.values()),
            ),
        }
        if answered
        else None,
        errors=errors,
    )
