"""The school's own phrases: everybody sees them; some add, change, order and retire them, in both languages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.segments import count, tidy
from commsbridge.messages import Phrase, PhraseDraft, PhraseKind
from commsbridge.schools import Permission
from commsbridge.web.access import AT_SCHOOL, Pages, may
from commsbridge.web.acting import Here, at_school, language
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
LOST = N_("That button does not work any more. Open the page again.")
CHOOSE_KIND = N_("Choose what kind of phrase it is.")
KEEP = may(Permission.KEEP_PHRASES)
FIELDS = ("kind", "value", "setting", "text_en", "text_mi")
# A long first name: what fits with it fits with nearly all.
LONG_NAME = "Manaakitanga"
KINDS = {
    PhraseKind.PRAISE: (N_("Praise"), N_("What a child did well. It goes by text or email.")),
    PhraseKind.WORK_ON: (
        N_("Something to work on"),
        N_("What home and school can both work on. It goes by email or is said, never by text."),
    ),
}


@pages.route("/phrases", AT_SCHOOL, endpoint="phrase_bank")
def list_phrases() -> str:
    """Every phrase on offer, grouped; with ``show=retired`` those that are offered no more."""
    with at_school() as here:
        shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
        note_frame(here)
        retired = request.args.get("show") == "retired"
        return render_template(
            "phrase_bank.html",
            groups=_groups(shown, messages.bank_of(here.work, retired=retired)),
            retired=retired,
            open=request.args.get("open", ""),
            keeps=here.viewer.may(Permission.KEEP_PHRASES),
        )


def _groups(shown: Shown, bank: Sequence[Phrase]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for phrase in bank:
        name = f"{shown.say(KINDS[phrase.kind][0])}: {messages.value_name(phrase.value, shown.language)}"
        group = groups.setdefault((phrase.kind, phrase.value), {"key": _key(phrase), "name": name, "phrases": []})
        group["phrases"].append(
            {
                "id": phrase.id,
                "anchor": f"phrase-{phrase.id}",
                "en": phrase.text_en,
                "mi": phrase.text_mi,
                "setting": _setting(phrase.setting, shown.language),
            }
        )
    return list(groups.values())


def _key(phrase: Phrase) -> str:
    return f"{phrase.kind}-{phrase.value}"


def _setting(setting: str, read: Language) -> str:
    known = messages.bank_labels("setting").get(setting)
    return messages.bank_label(known, read) if known else setting


@pages.route("/phrases/<uuid:phrase_id>/place", KEEP, methods=("POST",))
def phrase_place(phrase_id: uuid.UUID) -> Response:
    """Move a phrase up or down in its group, retire it, or bring it back."""
    act = request.form.get("act", "")
    with at_school() as here:
        if messages.phrase_by_id(here.work, phrase_id) is None:
            raise NotFound(N_("That phrase is no longer in the bank. Choose another."))
        if act in {"up", "down"}:
            messages.move_phrase(here.work, phrase_id, up=act == "up")
        elif act == "back":
            messages.bring_back_phrase(here.work, phrase_id)
        elif act == "retire":
            messages.retire_phrase(here.work, phrase_id)
        else:
            raise Invalid(LOST)
        phrase = messages.phrase_by_id(here.work, phrase_id)
        group = _key(phrase) if phrase else ""
    return redirect(url_for("phrase_bank", open=group, _anchor=f"phrase-{phrase_id}" if act != "retire" else None))


@pages.route("/phrases/new", KEEP, methods=("GET", "POST"))
def phrase_add() -> str | tuple[str, int] | Response:
    """Write a phrase in both languages."""
    with at_school() as here:
        if request.method == "GET":
            return _form(here, None, {"kind": PhraseKind.PRAISE.value, "setting": "any"}, {})
        errors = kept(here.work, lambda: messages.add_phrase(here.work, _draft()))
        if errors:
            return _form(here, None, request.form, errors), 400
    return redirect(url_for("phrase_bank"))


@pages.route("/phrases/<uuid:phrase_id>", KEEP, methods=("GET", "POST"))
def phrase_edit(phrase_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Change a phrase; what was already sent stays as it was."""
    with at_school() as here:
        phrase = messages.phrase_by_id(here.work, phrase_id)
        if phrase is None or phrase.retired_at is not None:
            raise NotFound(N_("That phrase is no longer in the bank. Choose another."))
        if request.method == "GET":
            return _form(here, phrase, {field: getattr(phrase, field) for field in FIELDS}, {})
        errors = kept(here.work, lambda: messages.change_phrase(here.work, phrase_id, _draft()))
        if errors:
            return _form(here, phrase, request.form, errors), 400
    return redirect(url_for("phrase_bank"))


def _draft() -> PhraseDraft:
    kind = request.form.get("kind", "")
    if kind not in set(PhraseKind):
        raise Invalid(CHOOSE_KIND, field="kind")
    return PhraseDraft(
        kind=PhraseKind(kind),
        value=request.form.get("value", ""),
        setting=request.form.get("setting", ""),
        text_en=request.form.get("text_en", ""),
        text_mi=request.form.get("text_mi", ""),
        as_meant=bool(request.form.get("as_meant")),
    )


def _form(here: Here, phrase: Phrase | None, typed: Mapping[str, str], errors: dict[str, str]) -> str:
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    note_frame(here)
    values = {field: typed.get(field, "") for field in FIELDS}
    named = {
        kind: [
            {"value": key, "label": messages.bank_label(names, shown.language)}
            for key, names in messages.bank_labels(kind).items()
        ]
        for kind in ("value", "setting")
    }
    return render_template(
        "phrase.html",
        phrase_id=phrase.id if phrase else None,
        values=values,
        kinds=[
            {"value": kind.value, "label": shown.say(label), "small": shown.say(small)}
            for kind, (label, small) in KINDS.items()
        ],
        value_names=named["value"],
        setting_names=named["setting"],
        meters={field: _meter(values[field]) for field in ("text_en", "text_mi")},
        long_name=LONG_NAME,
        errors=errors,
    )


def _meter(words: str) -> dict[str, int]:
    """How long a phrase is with a long name in it."""
    length = count(tidy(words).replace(messages.NAME_SLOT, LONG_NAME))
    return {"units": length.units, "texts": length.segments, "room": length.room}
