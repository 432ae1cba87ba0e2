"""Minutes on paper: a tagged PDF in either language, for the school or for the one home, each with what is theirs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, url_for

from commsbridge import meetings, schools, whanau
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.paper import set_on_paper
from commsbridge.foundation.work import Work
from commsbridge.meetings import Hui
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import at_school
from commsbridge.web.family_here import at_home
from commsbridge.web.hui_shown import hui_facts
from commsbridge.web.shown import Shown

pages = Pages()
TITLE = N_("What was agreed: %(name)s")
LABELS = {
    "there": N_("Who was there"),
    "voices": N_("Said beforehand"),
    "points": N_("What we agreed"),
    "steps": N_("Next steps"),
    "corrections": N_("Put right since"),
}
WHANAU_SAY = N_("Whānau: %(said)s")
BY_DAY = N_("%(who)s, by %(day)s")
LED = N_("%(chair)s leads, %(writer)s writes.")


@pages.route("/hui/<uuid:hui_id>/minutes-<reo>.pdf", may(Permission.READ_LOG))
def hui_paper(hui_id: uuid.UUID, reo: str) -> Response:
    """The minutes as those at school read them, once they have gone home."""
    with at_school() as here:
        hui = meetings.hui_for(here.work, here.viewer, hui_id)
        schools.note_seen(here.work, subject="child", subject_id=hui.student_id)
        return _paper(here.work, hui, reo, home=False)


@pages.route("/w/<secret>/hui/<uuid:hui_id>/minutes-<reo>.pdf", LINK)
def family_hui_paper(secret: str, hui_id: uuid.UUID, reo: str) -> Response:
    """The minutes as the home reads them."""
    with at_home(secret) as home:
        if not home.known:
            return redirect(url_for("family", secret=secret))  # type: ignore[return-value]
        hui = meetings.hui_at_home(home.work, home.holder.contact, home.holder.students, hui_id)
        return _paper(home.work, hui, reo, home=True, speaks=whanau.home_of(home.holder.contact))


def _said(voice: Mapping[str, Any]) -> str:
    """A voice's words, and the pictures a child pointed at by their words."""
    return "\n".join(filter(None, [voice["words"], ", ".join(each["label"] for each in voice.get("pictures", ()))]))


def _paper(work: Work, hui: Hui, reo: str, *, home: bool, speaks: uuid.UUID | None = None) -> Response:
    if hui.minutes_sent_at is None or reo not in set(Language):
        raise NotFound(N_("That hui is not here."))
    shown = Shown(Language(reo), schools.calendar_of(work), work.now)
    student = work.session.get_one(Student, hui.student_id)
    pdf = set_on_paper(
        "web/papers/hui.typ",
        _told(shown, hui_facts(work, shown, hui, student, home=home, speaks=speaks), home=home),
        title=shown.say(TITLE, name=student.preferred_name),
        foot=schools.school_of(work).name_in(reo),
        language=shown.language,
        made_at=hui.minutes_sent_at,
    )
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="minutes.pdf"'})


def _told(shown: Shown, facts: dict[str, Any], *, home: bool) -> dict[str, Any]:
    """What stands on paper; the school's is handed to guests, so it has only what everybody there may hear."""
    about = [
        facts["kind"],
        facts["state_words"],
        facts["place"],
        _led(shown, facts),
        facts["purpose"],
        facts["read_back"],
    ]
    return {
        "about": list(filter(None, about)),
        "there": [f"{each['name']}, {each['role']}" for each in facts["people"] if each["answer"] == "yes"],
        "voices": [{"words": _said(each), "by": each["by"]} for each in facts["voices" if home else "aloud"]],
        "points": [_point(shown, each) for each in facts["items"]],
        "steps": [_step(shown, each) for each in facts["steps"]],
        "corrections": [
            {"words": each["words"], "by": ", ".join(filter(None, [each["by"], each["day"]]))}
            for each in facts["corrections"]
        ],
        "labels": {key: shown.say(label) for key, label in LABELS.items()},
        "next": facts["next"],
    }


def _led(shown: Shown, facts: dict[str, Any]) -> str:
    chair, writer = facts["chair"], facts["minute_taker"]
    return shown.say(LED, chair=chair, writer=writer) if chair else ""


def _point(shown: Shown, item: dict[str, Any]) -> dict[str, str]:
    said, more = item["agrees_said"], item["agrees_words"]
    whanau_say = shown.say(WHANAU_SAY, said=said) if said else ""
    if item["homes"]:
        whanau_say, more = "; ".join(_home_says(each) for each in item["homes"] if each["said"]), ""
    return {
        "words": item["words"],
        "by": item["by"],
        "decided": item["decided"],
        "said": whanau_say,
        "more": more,
    }


def _home_says(home: dict[str, str]) -> str:
    """What one of two homes says of a point."""
    said = f"{home['by']}: {home['said']}"
    return f"{said} ({home['words']})" if home["words"] else said


def _step(shown: Shown, step: dict[str, Any]) -> dict[str, str]:
    who, day = step["who"], step["day"]
    more = " ".join(filter(None, (step["ended"], step["explained"])))
    return {"what": step["what"], "who": shown.say(BY_DAY, who=who, day=day), "more": more}
