"""Two homes at one hui as pages show it: whose word is whose, and what stands for both."""

from __future__ import annotations

import uuid
from typing import Any

from commsbridge import meetings
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings import Agrees, Home, Hui, HuiItem, HuiPerson, Welcome
from commsbridge.students import Student
from commsbridge.web.shown import Shown

HOME = N_("The home of %(people)s")
WITH = N_("Together with %(people)s, as you both asked.")
BOTH = N_("Two homes meet together, as each of them asked.")
PARTED = N_("One of the two homes may not be told any more. Call this hui off, and open one with each home.")
CHOSEN_BY = N_("%(time)s (chosen by %(people)s)")
YOU_SAID = {
    Welcome.YES: N_("You said yes. They are there once the other home says so too."),
    Welcome.NO: N_("You said no. They will not be there."),
}
NOT_THERE = N_("They will not be there.")


def people_in(shown: Shown, home: Home) -> str:
    """The names of those of a home."""
    return shown.names([each.name for each in home.people])


def together_facts(work: Work, shown: Shown, hui: Hui, student: Student, speaks: uuid.UUID | None) -> dict[str, Any]:
    """What a page says of two homes that meet; ``speaks`` is the home that reads it, None at school."""
    homes = meetings.homes_behind(work, student, hui)
    if not hui.joint:
        return {"joint": False, "together": "", "parted": "", "homes": []}
    others = [each for each in homes if each.key != speaks]
    names = "; ".join(people_in(shown, each) for each in others)
    return {
        "joint": True,
        "together": shown.say(WITH, people=names) if speaks else shown.say(BOTH),
        "parted": "" if homes else shown.say(PARTED),
        "homes": [{"value": str(each.key), "label": people_in(shown, each)} for each in others] if not speaks else [],
    }


def time_labels(work: Work, shown: Shown, hui: Hui, student: Student, times: list[dict[str, str]]) -> None:
    """Beside each time, which home has chosen it already."""
    chosen = meetings.chosen_by_homes(work, hui) if hui.joint else {}
    for home in meetings.homes_behind(work, student, hui) if chosen else ():
        if home.key in chosen:
            number = str(chosen[home.key].number)
            for each in times:
                if each["value"] == number:
                    at = each["label"]
                    each["label"] = shown.say(CHOSEN_BY, time=at, people=people_in(shown, home))


def person_said(work: Work, shown: Shown, hui: Hui, person: HuiPerson, speaks: uuid.UUID) -> dict[str, str]:
    """What one of two homes reads of somebody: what it said itself, and a no of the other without whose it is."""
    word = meetings.words_of_homes(work, hui, person.id).get(speaks)
    if person.by_family:
        return {}
    if word is not None and (word.word == Welcome.NO or person.answer is not Welcome.NO):
        alone = person.answer is not Welcome.YES
        return {"answer": word.word, "said": shown.say(YOU_SAID[Welcome(word.word)]) if alone else ""}
    if person.answer is Welcome.NO:
        return {"answer": "no", "said": shown.say(NOT_THERE)}
    return {"answer": Welcome.WAITING.value, "said": ""}


def point_said(work: Work, shown: Shown, hui: Hui, item: HuiItem, labels: dict[Agrees, str]) -> list[dict[str, str]]:
    """What each of two homes says of a point."""
    if not hui.joint:
        return []
    words = meetings.words_of_homes(work, hui, item.id)
    student = work.session.get_one(Student, hui.student_id)
    return [
        {
            "home": str(home.key),
            "by": people_in(shown, home),
            "value": words[home.key].word if home.key in words else "",
            "said": shown.say(labels[Agrees(words[home.key].word)]) if home.key in words else "",
            "words": words[home.key].words if home.key in words else "",
        }
        for home in meetings.homes_behind(work, student, hui)
    ]
