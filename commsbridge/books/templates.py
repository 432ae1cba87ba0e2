"""Templates of books: six that come with the service, and a school's own; a book that was begun keeps its shape."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from commsbridge.books.models import BookTemplate, Holds, Whose
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work

# What a child can point at; each is drawn (templates/macros/book.html) and said in both languages.
PICTURES = {
    "happy": ("Happy", "Harikoa"),
    "calm": ("Calm", "Mauri tau"),
    "tired": ("Tired", "Ngenge"),
    "sad": ("Sad", "Pōuri"),
    "cross": ("Cross", "Riri"),
    "friends": ("With friends", "Me aku hoa"),
    "quiet": ("A quiet place", "He wāhi mārire"),
    "loud": ("Too loud", "He turituri rawa"),
}
LONGEST_TITLE = 80
LONGEST_NAME = 60
LONGEST_ABOUT = 200
MOST_SECTIONS = 12
MOST_TICKS = 12
MOST_TEMPLATES = 40
COPY = N_("%(title)s, a copy")


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
    """A way to begin a book; ``changed``: this school has made it its own; ``retired``: no book begins from it."""

    key: str
    title: tuple[str, str]
    about: tuple[str, str]
    sections: tuple[Shape, ...]
    changed: bool = False
    retired: bool = False


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
        options=tuple(PICTURES.values())
        if row.get("pictures")
        else tuple((option[0], option[1]) for option in row.get("options", ())),
    )


def picture_of(label_en: str) -> str | None:
    """The key of the picture that belongs to a tick of this English name; None where none is drawn."""
    return next((key for key, (english, _) in PICTURES.items() if english == label_en), None)


def templates_of(work: Work, *, retired: bool = False) -> list[Template]:
    """The templates of this school: those that come with the service as the school has changed them, then its own.

    With ``retired`` also those from which no book begins any more.
    """
    rows = work.session.scalars(select(BookTemplate).order_by(BookTemplate.title_en, BookTemplate.key))
    own = {row.key: _own(row) for row in rows}
    found = [own.pop(each.key, each) for each in shipped()] + list(own.values())
    return [each for each in found if retired or not each.retired]


def template_named(work: Work, key: str) -> Template:
    """One template, retired or not. Raises NotFound."""
    found = next((each for each in templates_of(work, retired=True) if each.key == key), None)
    if found is None:
        raise NotFound(N_("There is no such template here."))
    return found


def _own(row: BookTemplate) -> Template:
    return Template(
        row.key,
        (row.title_en, row.title_mi),
        (row.about_en, row.about_mi),
        tuple(_shape(dict(each)) for each in row.sections),
        changed=True,
        retired=row.retired_at is not None,
    )


def change_template(
    work: Work,
    template: Template,
    *,
    sections: Sequence[Shape],
    title: tuple[str, str] | None = None,
    about: tuple[str, str] | None = None,
) -> None:
    """From now on books begin with these sections in this school; books that are there already stay as they are.

    ``title`` and ``about`` are (English, te reo Māori), None as they are. Raises Invalid for no section, too many, a
    title missing in one of the languages, ticks that do not match, or a good line in the child's own voice.
    """
    english, reo = (tidy(each)[:LONGEST_NAME] for each in title or template.title)
    if not english or not reo:
        raise Invalid(N_("Name the template in both languages."), field="title_en")
    told = tuple(tidy(each)[:LONGEST_ABOUT] for each in about or template.about)
    _keep(work, replace(template, title=(english, reo), about=(told[0], told[1]), sections=tuple(sections)))


def copy_template(work: Work, template: Template) -> Template:
    """A template of the school's own that begins as this one stands. Raises Invalid for too many of them."""
    if len(templates_of(work, retired=True)) >= MOST_TEMPLATES:
        raise Invalid(N_("A school has at most %(most)s templates. Change one that is there."), most=MOST_TEMPLATES)
    english, reo = (
        say(language, COPY, title=title)[:LONGEST_NAME]
        for title, language in zip(template.title, (Language.EN, Language.MI), strict=True)
    )
    made = replace(template, key=f"own_{uuid.uuid4().hex[:20]}", title=(english, reo), retired=False)
    _keep(work, made)
    return template_named(work, made.key)


def retire_template(work: Work, template: Template, *, retired: bool = True) -> None:
    """No book begins from it any more, or again; books that did stay as they are. Raises Invalid for the last one."""
    others = [each for each in templates_of(work) if each.key != template.key]
    if retired and not others:
        raise Invalid(N_("This is the last template. Books need one to begin from."))
    row = _keep(work, template)
    row.retired_at = work.now if retired else None
    work.session.flush()


def _keep(work: Work, template: Template) -> BookTemplate:
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    kept = checked_shapes(template.sections)
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
    return row


def checked_shapes(sections: Sequence[Shape]) -> list[Shape]:
    """The sections as they are kept, tidied. Raises Invalid as change_template does."""
    kept = [_checked(each) for each in sections]
    if not 1 <= len(kept) <= MOST_SECTIONS:
        raise Invalid(N_("A page has between one and %(most)s sections."), field="sections", most=MOST_SECTIONS)
    return kept


def _checked(shape: Shape) -> Shape:
    english, reo = (tidy(each)[:LONGEST_TITLE] for each in shape.title)
    if not english or not reo:
        raise Invalid(N_("Name each section in both languages."), field="sections")
    if shape.good and shape.whose is Whose.CHILD:
        raise Invalid(
            N_("%(title)s is the child’s own. Choose a section of the school’s for the good line."),
            field="sections",
            title=english,
        )
    options: tuple[tuple[str, str], ...] = ()
    if shape.holds is Holds.TICKS:
        options = tuple((tidy(each)[:LONGEST_TITLE], tidy(other)[:LONGEST_TITLE]) for each, other in shape.options)
        if not 1 <= len(options) <= MOST_TICKS or not all(each and other for each, other in options):
            raise Invalid(
                N_("%(title)s: write one to %(most)s ticks, each on a line of its own, as many in each language."),
                field="sections",
                title=english,
                most=MOST_TICKS,
            )
    return Shape((english, reo), shape.holds, shape.whose, shape.good, options)
