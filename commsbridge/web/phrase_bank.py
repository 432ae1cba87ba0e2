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
from commsbridge.foundation.orthography import LONG_VOWELS, respelt
from commsbridge.foundation.segments import Segments, count, tidy
from commsbridge.messages import Phrase, PhraseDraft, PhraseKind, TextFrame
from commsbridge.schools import Permission
from commsbridge.web.access import AT_SCHOOL, Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
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
LANGUAGES = {"text_mi": Language.MI, "text_en": Language.EN}
TOO_LONG = N_(
    "With your school’s name, who writes it and what a reply costs, it takes %(texts)s texts (%(units)s of %(room)s "
    "characters). Two are enough for most phrases: make it shorter if you can."
)
# What the browser puts its own count in place of.
SLOTS = {"texts": "{texts}", "units": "{units}", "room": "{room}"}
KEPT_LONG = N_("Kept. %(told)s")
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
        frames = _frames(here)
        kept_now = read_id(request.args.get("kept"))
        phrase = messages.phrase_by_id(here.work, kept_now) if kept_now else None
        return render_template(
            "phrase_bank.html",
            groups=_groups(shown, messages.bank_of(here.work, retired=retired), frames),
            told=_kept_long(shown, phrase, frames) if phrase else None,
            retired=retired,
            open=request.args.get("open", ""),
            keeps=here.viewer.may(Permission.KEEP_PHRASES),
        )


def _frames(here: Here) -> dict[str, TextFrame]:
    """What a text of this school puts around a phrase, by the field of its language."""
    return {field: messages.text_frame(here.work, reads) for field, reads in LANGUAGES.items()}


def _texts(phrase: Phrase, frames: Mapping[str, TextFrame]) -> Segments | None:
    """How long the longer of its texts is, where that is longer than it should be; what never goes by text is not."""
    if phrase.kind is not PhraseKind.PRAISE:
        return None
    lengths = [frame.length(getattr(phrase, field), child=LONG_NAME) for field, frame in frames.items()]
    longest = max(lengths, key=lambda each: each.segments)
    return longest if longest.segments > messages.MOST_TEXTS else None


def _kept_long(shown: Shown, phrase: Phrase, frames: Mapping[str, TextFrame]) -> str | None:
    length = _texts(phrase, frames)
    return shown.say(KEPT_LONG, told=_too_long(shown, length)) if length else None


def _too_long(shown: Shown, length: Segments) -> str:
    return shown.say(TOO_LONG, texts=length.segments, units=length.units, room=length.room)


def _groups(shown: Shown, bank: Sequence[Phrase], frames: Mapping[str, TextFrame]) -> list[dict[str, Any]]:
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
                "texts": length.segments if (length := _texts(phrase, frames)) else None,
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
        made: list[Phrase] = []
        errors = kept(here.work, lambda: made.append(messages.add_phrase(here.work, _draft())))
        if errors:
            return _form(here, None, request.form, errors), 400
        return _back(here, made[0])


@pages.route("/phrases/<uuid:phrase_id>", KEEP, methods=("GET", "POST"))
def phrase_edit(phrase_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Change a phrase; what was already sent stays as it was."""
    with at_school() as here:
        phrase = messages.phrase_by_id(here.work, phrase_id)
        if phrase is None or phrase.retired_at is not None:
            raise NotFound(N_("That phrase is no longer in the bank. Choose another."))
        if request.method == "GET":
            return _form(here, phrase, {field: getattr(phrase, field) for field in FIELDS}, {})
        made: list[Phrase] = []
        errors = kept(here.work, lambda: made.append(messages.change_phrase(here.work, phrase_id, _draft())))
        if errors:
            return _form(here, phrase, request.form, errors), 400
        return _back(here, made[0])


def _back(here: Here, phrase: Phrase) -> Response:
    """To the bank; a phrase that makes long texts is kept all the same, and said so."""
    return redirect(url_for("phrase_bank", kept=phrase.id if _texts(phrase, _frames(here)) else None))


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
        meters={field: _meter(values[field]) for field in LANGUAGES},
        wholes={field: _whole(shown, frame, values, field) for field, frame in _frames(here).items()},
        long_name=LONG_NAME,
        errors=errors,
    )


def _whole(shown: Shown, frame: TextFrame, values: Mapping[str, str], field: str) -> dict[str, Any]:
    """What the page counts a whole text with while one writes, and what it says now."""
    length = frame.length(values[field], child=LONG_NAME)
    long = values[field] and values["kind"] == PhraseKind.PRAISE and length.segments > messages.MOST_TEXTS
    return {
        "before": frame.before,
        "after": frame.after,
        "spelt": {vowel: respelt(vowel, frame.vowels) for vowel in LONG_VOWELS},
        "most": messages.MOST_TEXTS,
        "says": shown.say(TOO_LONG, **SLOTS),
        "told": _too_long(shown, length) if long else "",
    }


def _meter(words: str) -> dict[str, int]:
    """How long a phrase is with a long name in it."""
    length = count(tidy(words).replace(messages.NAME_SLOT, LONG_NAME))
    return {"units": length.units, "texts": length.segments, "room": length.room}
