"""The school's own forms for a hui about a plan: the headings in both languages, and their order."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import meetings
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_
from commsbridge.meetings import HuiForm
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept

pages = Pages()
KEEP = may(Permission.KEEP_HUI_FORMS)
# Places for headings of a new form, and for further ones of a form that is there.
FIRST, SPARE = 5, 2


@pages.route("/at-school/hui-forms", KEEP, methods=("GET", "POST"))
def hui_forms() -> str | tuple[str, int] | Response:
    """Every form of the school, and a place to write a new one."""
    with at_school() as here:
        if request.method == "GET":
            return _list(here, {})
        rows = _rows_typed()
        errors = kept(here.work, lambda: meetings.make_form(here.work, _title_typed(), _headings(rows)))
        if errors:
            return _list(here, errors), 400
    return redirect(url_for("hui_forms", saved="yes"))


@pages.route("/at-school/hui-forms/<uuid:form_id>", KEEP, methods=("GET", "POST"))
def hui_form(form_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """One form: its names, its headings and their order; the same page retires it."""
    with at_school() as here:
        found = meetings.form_named(here.work, form_id)
        if request.method == "GET":
            return _one(here, found, {})
        errors = kept(here.work, lambda: _change(here, form_id))
        if errors:
            return _one(here, found, errors), 400
    return redirect(url_for("hui_forms", saved="yes"))


def _change(here: Here, form_id: uuid.UUID) -> None:
    written = request.form.get("before", "")
    before = int(written) if written.isascii() and written.isdecimal() and len(written) < 6 else 0
    act = request.form.get("act", "")
    if act in {"retire", "back"}:
        meetings.retire_form(here.work, form_id, retired=act == "retire", before=before)
    elif act == "keep":
        meetings.change_form(here.work, form_id, _title_typed(), _headings(_rows_typed()), before=before)
    else:
        raise NotFound(N_("There is no such form here."))


def _title_typed() -> tuple[str, str]:
    return request.form.get("title_en", ""), request.form.get("title_mi", "")


def _rows_typed() -> list[dict[str, Any]]:
    """The rows of the form in the order that its writer gave them; they are numbered anew by it."""
    form = request.form
    found = [
        (_place(form.get(f"place-{number}", ""), number), form.get(f"en-{number}", ""), form.get(f"mi-{number}", ""))
        for number in range(1, meetings.MOST_HEADINGS + 1)
        if f"en-{number}" in form
    ]
    in_order = sorted(found, key=lambda row: row[0])
    return [{"number": number, "en": en, "mi": mi} for number, (_, en, mi) in enumerate(in_order, 1)]


def _place(written: str, number: int) -> tuple[int, int]:
    given = int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else number
    return given, number


def _headings(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["en"], row["mi"]) for row in rows]


def _empty(rows: list[dict[str, Any]], more: int) -> list[dict[str, Any]]:
    last = min(len(rows) + more, meetings.MOST_HEADINGS)
    return rows + [{"number": number, "en": "", "mi": ""} for number in range(len(rows) + 1, last + 1)]


def _limits() -> dict[str, int]:
    return {"title": meetings.LONGEST_FORM_TITLE, "heading": meetings.LONGEST_HEADING}


def _list(here: Here, errors: dict[str, str]) -> str:
    note_frame(here)
    typed = request.form if errors else {}
    return render_template(
        "hui_forms.html",
        forms_there=[
            {
                "url": url_for("hui_form", form_id=each.form_id),
                "title": each.title_in(language()),
                "headings": each.headings_in(language()),
                "retired": each.retired,
            }
            for each in meetings.forms_of(here.work, retired=True)
        ],
        values={name: typed.get(name, "") for name in ("title_en", "title_mi")},
        rows=_rows_typed() if errors else _empty([], FIRST),
        limits=_limits(),
        saved=bool(request.args.get("saved")),
        errors=errors,
    )


def _one(here: Here, found: HuiForm, errors: dict[str, str]) -> str:
    note_frame(here)
    typed = bool(errors) and "title_en" in request.form
    rows = [{"number": number, "en": en, "mi": mi} for number, (en, mi) in enumerate(found.headings, 1)]
    form = request.form if typed else {"title_en": found.title_en, "title_mi": found.title_mi}
    return render_template(
        "hui_form.html",
        url=url_for("hui_form", form_id=found.form_id),
        title=found.title_in(language()),
        number=found.number,
        retired=found.retired,
        values={name: form.get(name, "") for name in ("title_en", "title_mi")},
        rows=_rows_typed() if typed else _empty(rows, SPARE),
        limits=_limits(),
        errors=errors,
    )
