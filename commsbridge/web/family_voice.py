"""The two questions of a term as a contact's own page asks them, where a text would cost or a mail came."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request

from commsbridge import messages, pulse, reports
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.web.shown import Shown

ANSWERED = N_("Thank you. Your answer is counted with those of others. Nobody at school is told who answered what.")


def questions_for(work: Work, shown: Shown, contact_id: uuid.UUID) -> list[dict[str, Any]]:
    """What a contact was asked and has not answered, each with its four answers; nothing when nothing is open."""
    asked = pulse.open_for(work, contact_id)
    return [
        {
            "key": key,
            "question": reports.asked(shown.language, key),
            "options": [
                {"value": str(number), "label": shown.say(said)}
                for number, said in enumerate(messages.PULSE_SAYS, start=1)
            ],
        }
        for key in (asked.questions if asked else ())
    ]


def answer_questions(work: Work, contact_id: uuid.UUID) -> bool:
    """Count what the form says; False when nothing of it could be counted."""
    chosen = {key: int(said) for key, said in request.form.items() if said in {"1", "2", "3", "4"}}
    return pulse.answer(work, contact_id, chosen)
