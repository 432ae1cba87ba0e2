"""The sections of a page as its form shows them, and as what was typed comes back from it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import request

from commsbridge import books, schools, whanau
from commsbridge.books import BookEntry, BookSection, Holds, Sees, Stale, Typed, Whose
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.students import Student
from commsbridge.web.acting import read_id
from commsbridge.web.book_shown import SEES, STEPS, option, title_of
from commsbridge.web.shown import Shown

MEANWHILE = N_("%(who)s wrote here while you were writing")
HOME_OF = N_("The home of %(names)s")


def typed_in(sections: Sequence[BookSection]) -> list[Typed]:
    """What the form holds, of the sections it showed."""
    form = request.form
    found = []
    for section in sections:
        number = form.get(f"v-{section.id}", "")
        if not number.isdecimal():
            continue
        sees, _, home = form.get(f"sees-{section.id}", "").partition(":")
        step = form.get(f"g-{section.id}", "")
        found.append(
            Typed(
                section.id,
                int(number),
                words=form.get(f"s-{section.id}", ""),
                ticked=tuple(int(each) for each in form.getlist(f"t-{section.id}") if each.isdecimal()),
                step=int(step) if step.isdecimal() else None,
                sees=Sees(sees) if sees in set(Sees) else None,
                household_id=read_id(home),
            )
        )
    return found


def home_choices(work: Work, student: Student, shown: Shown) -> list[dict[str, str]]:
    """Who may see what the child says: the ways to choose, each home by the names of its people."""
    cards = whanau.contacts_of(work, student.id, on=schools.today(work), with_limited=False, sender_ids=[])
    names: dict[uuid.UUID, list[str]] = {}
    for card in cards:
        if card.contact.household_id is not None:
            names.setdefault(card.contact.household_id, []).append(card.contact.name)
    choices = [{"value": "", "label": shown.say(N_("Ask first"))}]
    for sees, label in SEES.items():
        if sees is not Sees.ONE_HOME:
            choices.append({"value": sees.value, "label": shown.say(label)})
            continue
        if len(names) > 1:
            choices += [
                {"value": f"{sees.value}:{home}", "label": shown.say(HOME_OF, names=shown.names(called))}
                for home, called in names.items()
            ]
    return choices


def section_row(
    shown: Shown,
    section: BookSection,
    entry: BookEntry | None,
    staff: dict[uuid.UUID, schools.Staff],
    stale: Stale | None,
    *,
    typed: bool,
    last: BookEntry | None = None,
    carried: bool = False,
) -> dict[str, Any]:
    """A section as the form shows it: what stands, or what was typed where the form came back.

    ``last`` is what stood there on the page before; ``carried``: it is taken over, below what was typed.
    """
    key, form = str(section.id), request.form
    asked = typed and f"v-{key}" in form
    ticked = (
        {int(each) for each in form.getlist(f"t-{key}") if each.isdecimal()}
        if asked
        else set(entry.ticked if entry else ())
    )
    written = form.get(f"s-{key}", "") if asked else entry.words if entry else ""
    if carried and last is not None:
        ticked |= set(last.ticked)
        written = "\n".join(filter(None, [written.rstrip(), last.words if last.words not in written else ""]))
    sees = ""
    if entry is not None and entry.sees:
        sees = f"{entry.sees.value}:{entry.household_id}" if entry.household_id else entry.sees.value
    step = str(entry.step) if entry and entry.step else ""
    return {
        "id": key,
        "title": title_of(section, shown.language),
        "holds": section.holds.value,
        "child": section.whose is Whose.CHILD,
        "good": section.good,
        # Whoever was late has now seen what stands: their next save is a choice.
        "number": stale.stands.number if stale else form[f"v-{key}"] if asked else entry.number if entry else 0,
        "words": written,
        "options": [
            {
                "value": place,
                "label": option(pair, shown.language),
                "checked": place in ticked,
                "picture": books.picture_of(pair[0]) if section.whose is Whose.CHILD else None,
            }
            for place, pair in enumerate(section.options)
        ],
        "steps": [{"value": str(value), "label": shown.say(label)} for value, label in STEPS.items()],
        "step": form.get(f"g-{key}", "") if asked else step,
        "sees": form.get(f"sees-{key}", "") if asked else sees,
        "by": staff[entry.staff_id].shown_name if entry and entry.staff_id in staff else "",
        "last": _said(shown, section, last) if last else "",
        "theirs": _theirs(shown, section, stale.stands, staff) if stale else None,
    }


def _theirs(
    shown: Shown, section: BookSection, entry: BookEntry, staff: dict[uuid.UUID, schools.Staff]
) -> dict[str, str]:
    who = staff[entry.staff_id].shown_name if entry.staff_id in staff else ""
    return {"who": shown.say(MEANWHILE, who=who), "words": _said(shown, section, entry)}


def _said(shown: Shown, section: BookSection, entry: BookEntry) -> str:
    """What stands in a section, as one text."""
    ticks = [option(section.options[each], shown.language) for each in entry.ticked if each < len(section.options)]
    step = shown.say(STEPS[entry.step]) if entry.step and section.holds is Holds.GOAL else ""
    return "\n".join(filter(None, [entry.words, *ticks, step]))
