"""What to look for in a child one is asked about: a goal of theirs, a strength, a value not praised yet this term."""

from __future__ import annotations

from typing import Any

from commsbridge import books, messages, students
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.students import Student, Tells
from commsbridge.web.acting import Here
from commsbridge.web.book_shown import title_of
from commsbridge.web.shown import Shown, lang_of

GOAL = N_("They are working on: %(goal)s.")
STRENGTHS = N_("Said of their strengths:")
VALUE = N_("Perhaps: %(value)s.")
# Of longer words the beginning is enough for an idea (letters).
LONGEST = 90


def look_for(here: Here, shown: Shown, student: Student) -> dict[str, Any] | None:
    """One idea of what to notice today, another one tomorrow: {says, words, lang}; None when nothing is known.

    Goals and strengths are for whoever may read the child's page.
    """
    ideas = _own_ideas(here, shown, student) if here.viewer.may(Permission.READ_LOG) else []
    if ideas:
        return ideas[shown.today.toordinal() % len(ideas)]
    phrase = next(iter(messages.offered_phrases(here.work, student)), None)
    if phrase is None:
        return None
    return _idea(shown.say(VALUE, value=messages.value_name(phrase.value, shown.language)))


def _own_ideas(here: Here, shown: Shown, student: Student) -> list[dict[str, Any]]:
    unnamed = {shape.title[0] for template in books.shipped() for shape in template.sections}
    goals = books.goals_of(here.work, student.id, shown.today, shown.today)
    named = [each.section for each in goals if not each.child and each.section.title_en not in unnamed]
    ideas = [_idea(shown.say(GOAL, goal=title_of(section, shown.language))) for section in named]
    strengths = students.words_about(here.work, student.id).get(Tells.STRENGTHS)
    if strengths is not None:
        line = " ".join(strengths.words.split())
        words = line if len(line) <= LONGEST else line[:LONGEST].rpartition(" ")[0] + " …"
        ideas.append(_idea(shown.say(STRENGTHS), words, lang_of(strengths.language)))
    return ideas


def _idea(says: str, words: str = "", lang: str | None = None) -> dict[str, Any]:
    return {"says": says, "words": words, "lang": lang}
