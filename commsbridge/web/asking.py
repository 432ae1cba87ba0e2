"""The one question before words about another child, health, toileting or behaviour go out."""

from __future__ import annotations

from typing import Any

from flask import request

from commsbridge import messages, schools, students
from commsbridge.foundation.language import N_
from commsbridge.messages import Draft
from commsbridge.students import Student
from commsbridge.web.acting import Here, language
from commsbridge.web.shown import Shown

QUESTION = N_("One question before it goes")
AS_LINK = N_("Send it as a link")
AS_LINK_MORE = N_("The message only says that there is a note. The words stay on a page.")
CHANGE = N_("I will change the words")
CHANGE_MORE = N_("Nothing is sent yet.")
AS_IT_IS = N_("Send it as it is")
AS_IT_IS_MORE = N_("It is meant, and whānau may read it on a lock screen.")


def question_before(here: Here, student: Student, draft: Draft) -> dict[str, Any] | None:
    """What to ask before words about another child, health, toileting or behaviour go out; None once it is answered."""
    answer = request.form.get("answer", "")
    if not draft.words.strip() or answer in {messages.Choice.LINK.value, "as_it_is"}:
        return None
    work = here.work
    others = {each: tuple(names) for each, names in students.names_in_school(work, student.id).items()}
    asked = messages.questions_for(
        draft.words, child_names=(student.preferred_name, student.name), other_children=others
    )
    if not asked:
        return None
    shown = Shown(language(), schools.calendar_of(work), work.now)
    options = [
        {"value": "link", "label": shown.say(AS_LINK), "small": shown.say(AS_LINK_MORE)},
        {"value": "change", "label": shown.say(CHANGE), "small": shown.say(CHANGE_MORE)},
    ]
    if all(each.matter is messages.Matter.OTHER_CHILD for each in asked):
        options.append({"value": "as_it_is", "label": shown.say(AS_IT_IS), "small": shown.say(AS_IT_IS_MORE)})
    return {
        "title": shown.say(QUESTION),
        "sentence": " ".join(each.said(language()) for each in asked),
        "options": options,
        "chosen": asked[0].choices[0].value,
    }
