"""Templates of books: six that come with the service, each of which a school may change for the books it begins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from commsbridge.books.models import BookTemplate, Holds, Whose
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work

LONGEST_TITLE = 80
MOST_SECTIONS = 12


@dataclass(frozen=True, slots=True)
class Shape:
    """One section as a template has it; each title and option is (English, te reo Māori)."""

    title: tuple[str, str]
    holds: Holds = Holds.WORDS
    whose: Whose = Whose.SCHOOL
    good: bool = False
    options: tuple[tuple[str, str], ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Template:
    """A way to begin a book; ``changed``: this school has made it its own."""

    key: str
    title: tuple[str, str]
    about: tuple[str, str]
    sections: tuple[Shape, ...]
    changed: bool = False


@cache
def shipped() -> tuple[Template, ...]:
    """The templates that come with the service (data/templates.json)."""
    rows = json.loads((Path(__file__).with_name("data") / "templates.json").read_text(encoding="utf-8"))
    return tuple(
        Template(row["key"], tuple(row["title"]), tuple(row["about"]), tuple(map(_shape, row["sections"])))
        for row in rows
    )


def _shape(row: dict[str, Any]) -> Shape:
    return Shape(
        title=(row["title"][0], row["title"][1]),
        holds=Holds(row.get("holds", Holds.WORDS)),
        whose=Whose(row.get("whose", Whose.SCHOOL)),
        good=bool(row.get("good")),
        options=tuple((option[0], option[1]) for option in row.get("options", ())),
    )


def templates_of(work: Work) -> list[Template]:
    """The templates of this school: those that come with the service, each as the school has changed it."""
    own = {row.key: row for row in work.session.scalars(select(BookTemplate))}
    return [_own(own[each.key]) if each.key in own else each for each in shipped()]


def template_named(work: Work, key: str) -> Template:
    """One template. Raises NotFound."""
    found = next((each for each in templates_of(work) if each.key == key), None)
    if found is None:
        raise NotFound(N_("There is no such template here."))
    return found


def _own(row: BookTemplate) -> Template:
    sections = tuple(_shape(dict(each)) for each in row.sections)
    return Template(row.key, (row.title_en, row.title_mi), (row.about_en, row.about_mi), sections, changed=True)


def change_template(work: Work, template: Template, *, sections: Sequence[Shape]) -> None:
    """From now on books begin with these sections in this school; books that are there already stay as they are.

    Raises Invalid for no section, too many, or a title missing in one of the languages.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    kept = checked_shapes(sections)
    row = work.session.scalar(select(BookTemplate).where(BookTemplate.key == template.key)) or BookTemplate(
        key=template.key
    )
    row.title_en, row.title_mi = template.title
    row.about_en, row.about_mi = template.about
    row.sections = [
        {
            "title": list(each.title),
            "holds": each.holds.value,
            "whose": each.whose.value,
            "good": each.good,
            "options": [list(option) for option in each.options],
        }
        for each in kept
    ]
    row.changed_by, row.changed_at = work.actor.id, work.now
    work.session.add(row)
    work.session.flush()


def checked_shapes(sections: Sequence[Shape]) -> list[Shape]:
    """The sections as they are kept, tidied. Raises Invalid as change_template does."""
    kept = []
    for each in sections:
        english, reo = tidy(each.title[0])[:LONGEST_TITLE], tidy(each.title[1])[:LONGEST_TITLE]
        if not english or not reo:
            raise Invalid(N_("Name each section in both languages."), field="sections")
        kept.append(Shape((english, reo), each.holds, each.whose, each.good, each.options))
    if not 1 <= len(kept) <= MOST_SECTIONS:
        raise Invalid(N_("A page has between one and %(most)s sections."), field="sections", most=MOST_SECTIONS)
    return kept
