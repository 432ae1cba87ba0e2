"""A plan as pages and papers take it: its parts in words, who agreed to each thing, and what changed when."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from commsbridge import books, messages, plans, schools, whanau
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.plans import Agreed, Around, Change, Item, Part, Place, PlanSignature, Standing, Told
from commsbridge.schools import Staff
from commsbridge.students import Student
from commsbridge.web.profile import goal_rows, term_around
from commsbridge.web.shown import Shown, phrase_lang

PARTS = {
    Part.HOPES: N_("Strengths, interests and hopes"),
    Part.NOW: N_("How things are now"),
    Part.GOAL: N_("Goals"),
    Part.ADJUSTMENT: N_("What changes around the child"),
    Part.RESOURCE: N_("What is needed for it"),
    Part.STRATEGY: N_("What we do, at school and at home"),
}
PLACES = {
    Place.CLASS: N_("In class"),
    Place.PLAYGROUND: N_("In the playground"),
    Place.HOME: N_("At home"),
}
AROUND = {
    Around.ENVIRONMENT: N_("The room and what is around"),
    Around.TASK: N_("Tasks"),
    Around.ROUTINE: N_("Routines"),
}
BY = N_("by %(day)s")
SAID_BY = N_("in the words of %(who)s")
DOES = N_("%(who)s does it")
AGREED_SCHOOL = N_("For the school: %(who)s, %(day)s")
AGREED_HOME = N_("At home: %(who)s, %(day)s")
NOT_SCHOOL = N_("For the school: nobody has agreed yet")
NOT_HOME = N_("At home: nobody has agreed yet")
PRAISED = N_("Praise, %(day)s: %(words)s")
AGREED_WRITTEN = N_("At home: %(who)s, %(day)s, as %(staff)s wrote down")
STANDS = N_("Home and school have agreed to this plan.")
WAITS_HOME = N_("The school has agreed. It waits for home.")
WAITS_SCHOOL = N_("Home has agreed. It waits for the school.")
WAITS_BOTH = N_("Nobody has agreed to these words yet.")
REVIEW = N_("We look at it together again by %(day)s.")
CHANGED = N_("%(who)s, %(day)s")
NEW = N_("New: %(words)s")
NOW_SAYS = N_("“%(before)s” became “%(after)s”")
AGAIN = N_("Said more exactly: %(words)s")
GONE = N_("Taken out: %(words)s")
REVIEW_MOVED = N_("Looked at again by %(day)s")


class People:
    """The names a plan mentions: staff as whānau know them, and of contacts those this reader may be told of."""

    def __init__(self, work: Work, standing: Standing, told_of: Collection[uuid.UUID] | None) -> None:
        """``told_of``: contacts of one home; None: whoever is in the plan."""
        rows: list[Any] = [*standing.versions, *standing.signatures]
        written = [each.written_by for each in standing.signatures if each.written_by]
        self.staff: Mapping[uuid.UUID, Staff] = schools.staff_by_id(
            work, {*(each.staff_id for each in rows if each.staff_id), *written}
        )
        named = {each.contact_id for each in rows if each.contact_id}
        self.contacts = whanau.contact_names(work, named if told_of is None else named & set(told_of))

    def who(self, staff_id: uuid.UUID | None, contact_id: uuid.UUID | None) -> str:
        """Whoever did something, by the name this reader knows."""
        if staff_id is not None and staff_id in self.staff:
            return self.staff[staff_id].shown_name
        return self.contacts.get(contact_id, "") if contact_id else ""


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
    items = plans.seen_at(standing.items, home)
    goals = _progress(work, shown, student, items, own=own, home=home)
    praise = _praise(work, shown, student, standing, contact_id)
    signed = _agreed(shown, people, standing.agreed(home, own))
    return {
        "number": standing.number_read(home) if home else standing.last.number,
        "has_goal": any(each.part is Part.GOAL for each in items),
        "parts": [
            {
                "key": part.value,
                "title": shown.say(title),
                "items": [
                    {
                        **item_row(shown, each),
                        "agreed": _own_yes(shown, people, signed, each, standing.agreed_to(each, own)),
                        "progress": goals.get(each.goal_id) if each.goal_id else None,
                        "praise": praise.get(each.id, []),
                    }
                    for each in items
                    if each.part is part
                ],
            }
            for part, title in PARTS.items()
        ],
        "review": shown.say(REVIEW, day=shown.date(standing.last.review_on)),
        "review_on": standing.last.review_on.isoformat(),
        "standing": shown.say(_standing(standing.agreed(home, own))),
        "signed": signed,
        "history": [_told(shown, people, each) for each in standing.history(home)],
    }


def _own_yes(shown: Shown, people: People, signed: list[str], item: Item, agreed: Agreed) -> list[str]:
    """Who agreed to one thing: of what is done always both sides, else only where it is not as with the plan."""
    told = _agreed(shown, people, agreed)
    if item.part is not Part.STRATEGY:
        return told if told != signed else []
    none = [shown.say(NOT_SCHOOL) if not agreed.school else "", shown.say(NOT_HOME) if not agreed.home else ""]
    return [*told, *filter(None, none)]


def _standing(agreed: Agreed) -> str:
    if agreed.both:
        return STANDS
    if agreed.school:
        return WAITS_HOME
    return WAITS_SCHOOL if agreed.home else WAITS_BOTH


def item_row(shown: Shown, item: Item) -> dict[str, Any]:
    """One thing in a plan, with where, who and by when."""
    about = [
        shown.say(AROUND[item.around]) if item.around else "",
        shown.say(PLACES[item.place]) if item.place else "",
        shown.say(DOES, who=item.who) if item.who else "",
        shown.say(BY, day=shown.date(item.by_on)) if item.by_on else "",
        shown.say(SAID_BY, who=item.said_by) if item.said_by else "",
    ]
    return {
        "item_id": item.id,
        "words": item.words,
        "about": " · ".join(filter(None, about)),
        "own": item.home is not None,
        "goal": item.part is Part.GOAL,
    }


def _agreed(shown: Shown, people: People, agreed: Agreed) -> list[str]:
    told = []
    if agreed.school:
        who, day = people.who(agreed.school.staff_id, None), _day(shown, agreed.school)
        told.append(shown.say(AGREED_SCHOOL, who=who, day=day))
    if agreed.home:
        who, day = people.who(None, agreed.home.contact_id), _day(shown, agreed.home)
        writer = people.who(agreed.home.written_by, None)
        told.append(
            shown.say(AGREED_WRITTEN, who=who, day=day, staff=writer)
            if writer
            else shown.say(AGREED_HOME, who=who, day=day)
        )
    return told


def _day(shown: Shown, signature: PlanSignature) -> str:
    return shown.date(shown.calendar.local(signature.at).date())


def _told(shown: Shown, people: People, told: Told) -> dict[str, Any]:
    version = told.version
    lines = [_change(shown, each) for each in told.changes]
    if told.review_moved:
        lines.append(shown.say(REVIEW_MOVED, day=shown.date(version.review_on)))
    day = shown.date(shown.calendar.local(version.at).date())
    return {"by": shown.say(CHANGED, who=people.who(version.staff_id, version.contact_id), day=day), "lines": lines}


def _change(shown: Shown, change: Change) -> str:
    before, after = change.before, change.after
    if after is None:
        return shown.say(GONE, words=before.words if before else "")
    if before is None:
        return shown.say(NEW, words=after.words)
    if before.words == after.words:
        return shown.say(AGAIN, words=after.words)
    return shown.say(NOW_SAYS, before=before.words, after=after.words)


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
        goal: [_good(shown, student, told[each]) for each in found if each in told and not told[each].message.undone_at]
        for goal, found in tagged.items()
    }


def _good(shown: Shown, student: Student, told: messages.Written) -> dict[str, str | None]:
    words = messages.words_of(told, student.preferred_name, shown.language)
    return {
        "day": shown.day(told.message.made_at),
        "words": words,
        "said": shown.say(PRAISED, day=shown.on(told.message.made_at), words=words),
        "lang": phrase_lang(shown.language) if told.phrase else None,
    }


def on_paper(told: dict[str, Any], says: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
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
                        "praise": [good["said"] for good in each["praise"]],
                    }
                    for each in part["items"]
                ],
            }
            for part in told["parts"]
            if part["items"]
        ],
        "standing": [told["standing"], *told["signed"]],
        "review": told["review"],
    }
