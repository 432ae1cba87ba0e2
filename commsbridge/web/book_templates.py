"""The templates a school keeps for its books, and what it promises every home that has one."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books
from commsbridge.books import Holds, Shape, Template, Whose
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language, say
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept

pages = Pages()
KEEP = may(Permission.KEEP_BOOK_TEMPLATES)
# Empty places for further sections.
SPARE = 2
ROW = ("en", "mi", "holds", "whose", "ticks_en", "ticks_mi")
HOLDS = {Holds.WORDS: N_("Words"), Holds.TICKS: N_("Quick ticks"), Holds.GOAL: N_("How a goal went")}
WHOSE = {Whose.SCHOOL: N_("School"), Whose.CHILD: N_("The child’s own")}


@pages.route("/at-school/books", KEEP, methods=("GET", "POST"))
def book_templates() -> str | tuple[str, int] | Response:
    """Every template of the school, and the school's commitment, which a POST sets."""
    with at_school() as here:
        if request.method == "GET":
            return _list(here, {})
        words = (request.form.get("words_en", ""), request.form.get("words_mi", ""))
        errors = kept(here.work, lambda: books.set_commitment(here.work, words))
        if errors:
            return _list(here, errors), 400
    return redirect(url_for("book_templates", saved="yes"))


def _list(here: Here, errors: dict[str, str]) -> str:
    note_frame(here)
    work, reo = here.work, language() is Language.MI
    english, reo_words = books.commitment_of(work)
    form = request.form if errors else {}
    return render_template(
        "book_templates.html",
        templates=[
            {
                "key": each.key,
                "title": each.title[reo],
                "about": each.about[reo],
                "sections": [section.title[reo] for section in each.sections],
                "retired": each.retired,
            }
            for each in books.templates_of(work, retired=True)
        ],
        words={"en": form.get("words_en", english), "mi": form.get("words_mi", reo_words)},
        longest=books.LONGEST_COMMITMENT,
        saved=bool(request.args.get("saved")),
        errors=errors,
    )


@pages.route("/at-school/books/<template>", KEEP, methods=("GET", "POST"))
def book_template(template: str) -> str | tuple[str, int] | Response:
    """One template: its names, its sections and their order; the same page copies and retires it."""
    with at_school() as here:
        found = books.template_named(here.work, template)
        if request.method == "GET":
            return _one(here, found, {})
        copied: list[Template] = []
        errors = kept(here.work, lambda: _change(here, found, copied))
        if errors:
            return _one(here, found, errors), 400
        key = copied[0].key if copied else None
    return redirect(url_for("book_template", template=key) if key else url_for("book_templates", saved="yes"))


def _change(here: Here, found: Template, copied: list[Template]) -> None:
    act = request.form.get("act", "")
    if act == "copy":
        copied.append(books.copy_template(here.work, found))
    elif act in {"retire", "back"}:
        books.retire_template(here.work, found, retired=act == "retire")
    else:
        sections = [_shape(row) for row in _rows_typed() if any(row[each].strip() for each in ("en", "mi"))]
        title, about = (
            (request.form.get(f"{each}_en", ""), request.form.get(f"{each}_mi", "")) for each in ("title", "about")
        )
        books.change_template(here.work, found, sections=sections, title=title, about=about)


def _rows_typed() -> list[dict[str, Any]]:
    """The rows of the form in the order that its writer gave them."""
    form = request.form
    rows = [
        {
            "number": number,
            "place": form.get(f"place-{number}", ""),
            "good": form.get("good", "") == str(number),
            **{each: form.get(f"{each}-{number}", "") for each in ROW},
        }
        for number in range(1, books.MOST_SECTIONS + 1)
        if f"en-{number}" in form
    ]
    return sorted(rows, key=_place)


def _place(row: dict[str, Any]) -> tuple[int, int]:
    written = row["place"]
    return (int(written) if written.isdecimal() and len(written) < 4 else row["number"], row["number"])


def _shape(row: dict[str, Any]) -> Shape:
    holds, whose = row["holds"], row["whose"]
    if holds not in set(Holds) or whose not in set(Whose):
        raise Invalid(N_("Choose one of these."), field="sections")
    lines = [[line for line in row[each].splitlines() if line.strip()] for each in ("ticks_en", "ticks_mi")]
    return Shape(
        (row["en"], row["mi"]),
        Holds(holds),
        Whose(whose),
        row["good"],
        tuple(zip_longest(*lines, fillvalue="")),
    )


def _rows_of(template: Template) -> list[dict[str, Any]]:
    return [
        {
            "en": each.title[0],
            "mi": each.title[1],
            "holds": each.holds.value,
            "whose": each.whose.value,
            "good": each.good,
            "ticks_en": "\n".join(english for english, _ in each.options),
            "ticks_mi": "\n".join(other for _, other in each.options),
        }
        for each in template.sections
    ]


def _one(here: Here, found: Template, errors: dict[str, str]) -> str:
    note_frame(here)
    typed = bool(errors) and "title_en" in request.form
    rows = _rows_typed() if typed else _rows_of(found)
    empty = {"en": "", "mi": "", "holds": "words", "whose": "school", "good": False, "ticks_en": "", "ticks_mi": ""}
    if not typed:
        rows += [dict(empty) for _ in range(min(SPARE, books.MOST_SECTIONS - len(rows)))]
    form = request.form if typed else {}
    (title_en, title_mi), (about_en, about_mi) = found.title, found.about
    stands = {"title_en": title_en, "title_mi": title_mi, "about_en": about_en, "about_mi": about_mi}
    return render_template(
        "book_template.html",
        key=found.key,
        title=found.title[language() is Language.MI],
        retired=found.retired,
        values={name: form.get(name, value) for name, value in stands.items()},
        rows=[{**row, "number": number} for number, row in enumerate(rows, 1)],
        holds=[{"value": each.value, "label": say(language(), label)} for each, label in HOLDS.items()],
        whose=[{"value": each.value, "label": say(language(), label)} for each, label in WHOSE.items()],
        limits={"name": books.LONGEST_NAME, "about": books.LONGEST_ABOUT, "title": books.LONGEST_TITLE},
        errors=errors,
    )
