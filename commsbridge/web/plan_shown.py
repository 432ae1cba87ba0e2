"""A plan as pages and papers take it: its parts in words, who agreed to each thing, and what changed when."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from commsbridge import books, messages, plans
from commsbridge.foundation.language import N_, say_many
from commsbridge.foundation.work import Work
from commsbridge.plans import Item, Part, Standing
from commsbridge.students import Student
from commsbridge.web.plan_agreed import People, Yeses, sides_of
from commsbridge.web.plan_told import history_rows
from commsbridge.web.plan_words import AROUND, PARTS, PLACES
from commsbridge.web.profile import goal_rows, term_around
from commsbridge.web.shown import Shown, phrase_lang

BY = N_("by %(day)s")
SAID_BY = N_("in the words of %(who)s")
SAID_WRITTEN = N_("in the words of %(who)s, written down by %(staff)s")
NO_TIME = N_("no time is set yet")
DOES = N_("%(who)s does it")
PRAISED = N_("Praise, %(day)s: %(words)s")
REVIEW = N_("We look at it together again by %(day)s.")
WHO_AGREED = N_("Who has agreed")
REMINDED = N_("No school is on that day: the school is reminded on %(day)s, the last school day before.")
# The newest are shown; how many there are is said.
PRAISE_SHOWN = 3


def plan_rows(
    work: Work,
    shown: Shown,
    student: Student,
    standing: Standing,
    *,
    home: uuid.UUID | None = None,
    own: Collection[uuid.UUID] | None = None,
    contact_id: uuid.UUID | None = None,
) -> dict[str, Any]:
    """A plan as templates and papers take it. ``home`` and its ``own`` contacts: what one home reads; None: school."""
    people = People(work, standing, own)
    yeses = Yeses(shown, people, standing, home, sides_of(work, student, home, own))
    items = plans.seen_at(standing.items, home)
    goals = _progress(work, shown, student, items, own=own, home=home)
    praise = _praise(work, shown, student, standing, contact_id)
    return {
        "number": standing.number_read(home) if home else standing.last.number,
        "has_goal": any(each.part is Part.GOAL for each in items),
        "has_hopes": any(each.part is Part.HOPES for each in items),
        "parts": [
            {
                "key": part.value,
                "title": shown.say(title),
                "items": [
                    {
                        **item_row(shown, each, people.who(standing.written_in(each).staff_id, None)),
                        "agreed": yeses.of(each),
                        "progress": goals.get(each.goal_id) if each.goal_id else None,
                        **_few(shown, praise.get(each.id, [])),
                    }
                    for each in items
                    if each.part is part
                ],
            }
            for part, title in PARTS.items()
        ],
        "review": shown.say(REVIEW, day=shown.date(standing.last.review_on)),
        "reminded": _reminded(work, shown, standing) if home is None else "",
        "review_on": standing.last.review_on.isoformat(),
        "standing": yeses.sentence,
        "signed": yeses.signed,
        "agreed": yeses.all,
        "history": history_rows(shown, people, standing, home, own),
    }


def _reminded(work: Work, shown: Shown, standing: Standing) -> str:
    on = plans.reminded_on(work, standing.last.review_on)
    return shown.say(REMINDED, day=shown.date(on)) if on != standing.last.review_on else ""


def item_row(shown: Shown, item: Item, writer: str = "") -> dict[str, Any]:
    """One thing in a plan, with where, who and by when; ``writer`` at school wrote down what somebody else said."""
    said = SAID_WRITTEN if writer and writer != item.said_by else SAID_BY
    about = [
        shown.say(AROUND[item.around]) if item.around else "",
        shown.say(PLACES[item.place]) if item.place else "",
        shown.say(DOES, who=item.who) if item.who else "",
        _by_when(shown, item),
        shown.say(said, who=item.said_by, staff=writer) if item.said_by else "",
    ]
    return {
        "item_id": item.id,
        "words": item.words,
        "about": " · ".join(filter(None, about)),
        "own": item.home is not None,
        "goal": item.part is Part.GOAL,
    }


def _by_when(shown: Shown, item: Item) -> str:
    """By when; of a goal it is said that no time is set."""
    if item.by_on:
        return shown.say(BY, day=shown.date(item.by_on))
    return shown.say(NO_TIME) if item.part is Part.GOAL else ""


def _progress(
    work: Work,
    shown: Shown,
    student: Student,
    items: Sequence[Item],
    *,
    own: Collection[uuid.UUID] | None,
    home: uuid.UUID | None,
) -> dict[uuid.UUID, dict[str, Any]]:
    """How goals that a book tells of went this term: at home, by what went home alone."""
    wanted = {each.goal_id for each in items if each.goal_id}
    if not wanted:
        return {}
    span = term_around(shown)
    found = books.goals_of(work, student.id, *span, home=None if own is None else (home,))
    chosen = [each for each in found if each.section.id in wanted]
    rows = goal_rows(shown, student, chosen, span)
    return {each.section.id: row for each, row in zip(chosen, rows, strict=True)}


def _praise(
    work: Work, shown: Shown, student: Student, standing: Standing, contact_id: uuid.UUID | None
) -> dict[uuid.UUID, list[dict[str, str | None]]]:
    """Praise that shows how a goal goes: at home, only what reached this very contact."""
    tagged = plans.praise_for(work, standing.plan)
    ids = [each for found in tagged.values() for each in found]
    if contact_id is not None:
        reached = messages.told_to(work, contact_id, student.id, messages.MessageKind.PRAISE, limit=200)
        told = {each.message.id: each for each in reached}
    else:
        told = messages.written(work, ids)
    return {
        goal: [
            _good(shown, student, each)
            for each in sorted(
                (told[one] for one in found if one in told and told[one].message.undone_at is None),
                key=lambda each: each.message.made_at,
                reverse=True,
            )
        ]
        for goal, found in tagged.items()
    }


def _few(shown: Shown, praise: Sequence[Mapping[str, str | None]]) -> dict[str, Any]:
    """Praise with a goal: how much there is, the newest, and what came before."""
    count = len(praise)
    told = say_many(shown.language, "%(num)s praise shows how it goes", "%(num)s praises show how it goes", count)
    return {
        "praised": told if praise else "",
        "praise": praise[:PRAISE_SHOWN],
        "earlier": praise[PRAISE_SHOWN:],
    }


def _good(shown: Shown, student: Student, told: messages.Written) -> dict[str, str | None]:
    words = messages.words_of(told, student.preferred_name, shown.language)
    return {
        "day": shown.day(told.message.made_at),
        "words": words,
        "said": shown.say(PRAISED, day=shown.on(told.message.made_at), words=words),
        "lang": phrase_lang(shown.language) if told.phrase else None,
    }


def on_paper(shown: Shown, told: dict[str, Any], says: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A plan's rows as papers/plan.typ takes them; ``says``: what the child's own people say, before all else."""
    return {
        "says": [{"title": each["title"], "words": each["words"], "by": each["by"]} for each in says if each["words"]],
        "parts": [
            {
                "title": part["title"],
                "items": [
                    {
                        "words": each["words"],
                        "about": each["about"],
                        "agreed": each["agreed"],
                        "progress": each["progress"]["said"] if each["progress"] else "",
                        "praised": each["praised"],
                        "praise": [good["said"] for good in each["praise"]],
                    }
                    for each in part["items"]
                ],
            }
            for part in told["parts"]
            if part["items"]
        ],
        "standing": told["standing"],
        "signed": told["signed"],
        "labels": {"signed": shown.say(WHO_AGREED)},
        "review": told["review"],
    }
