"""Praise for several children at once: choose them, write once, see what each family gets, send, undo all of it."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students, whanau
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language, say, say_many
from commsbridge.foundation.names import sort_key
from commsbridge.messages import Draft
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime
from commsbridge.web.asking import question_before
from commsbridge.web.children import mine, waited
from commsbridge.web.frame import note_frame
from commsbridge.web.hints import hints_beside
from commsbridge.web.keeping import beside
from commsbridge.web.later import later_form, moment_written
from commsbridge.web.phrases import phrase_groups
from commsbridge.web.praise import draft_written, keeper
from commsbridge.web.previews import previews, summed_up
from commsbridge.web.sent import UNDO_OVER, UNDONE, delivery_rows, undo_row
from commsbridge.web.shown import Shown, phrase_lang
from commsbridge.web.students import class_lines

pages = Pages()
PRAISE = may(Permission.SEND_PRAISE)
FIELDS = {"words": "own_words"}
AT_LEAST_ONE = N_("Choose at least one student.")
MARK_EN, MARK_MI = "(name)", "(ingoa)"
MOST_NAMED = 4
ON_ITS_WAY = N_("On its way to the families of %(names)s.")


def _chosen(here: Here) -> list[Student]:
    """The children the address or the form names, each of whom the viewer must see, by name."""
    named = request.form.getlist("child") or request.args.getlist("child")
    wanted = {found for found in map(read_id, named) if found is not None}
    if len(wanted) > messages.MOST_AT_ONCE:
        raise Invalid(N_("Choose at most %(limit)s students at once."), field="child", limit=messages.MOST_AT_ONCE)
    found = [students.student_for(here.work, here.viewer, each) for each in wanted]
    return sorted(found, key=lambda each: (sort_key(each.name), each.id))


def _own(children: list[Student]) -> dict[uuid.UUID, str]:
    """The words for one child alone, by student."""
    return {each.id: request.form.get(f"own_{each.id}", "") for each in children}


@pages.route("/praise/several", PRAISE)
def several() -> str | Response:
    """Choose the children; once they are chosen, the page to write on."""
    with at_school() as here:
        children = _chosen(here)
        asked = "go" in request.args
        if len(children) == 1 and asked:
            return redirect(url_for("praise", student_id=children[0].id))
        if children and asked:
            return _page(here, children, Draft(), errors={})
        return _choose(here, children, {"child": say(language(), AT_LEAST_ONE)} if asked else {})


def _choose(here: Here, chosen: list[Student], errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    found = mine(work, here.viewer)
    lines = class_lines(work, found)
    rows = sorted(waited(work, found), key=lambda each: sort_key(each.student.name))
    return render_template(
        "several_choose.html",
        children=[
            {
                **each.row(shown),
                "name": each.student.name,
                "class_line": lines[each.student.id] if len(set(lines.values())) > 1 else "",
            }
            for each in rows
        ],
        chosen={child.id for child in chosen},
        errors=errors,
    )


@pages.route("/praise/several", PRAISE, methods=("POST",), endpoint="send_several")
def send() -> str | tuple[str, int] | Response:
    """Send to each child's own family, keep it for later, or show again what each will get."""
    draft = draft_written()
    with at_school() as here:
        children = _chosen(here)
        if not children:
            return _choose(here, children, {"child": say(language(), AT_LEAST_ONE)}), 400
        if request.form.get("act") == "preview":
            return _page(here, children, draft, errors={})
        question = _question(here, children, draft)
        if question is not None:
            return _page(here, children, draft, errors={}, question=question), 409
    try:
        with at_school() as here:
            return redirect(_done(here, _chosen(here), draft))
    except Invalid as refusal:
        with at_school() as here:
            return _page(here, _chosen(here), draft, errors=beside(refusal, FIELDS)), 400


def _done(here: Here, children: list[Student], draft: Draft) -> str:
    """Do what the form asks for; the address of the page that says so."""
    own = _own(children)
    said = sorted((str(child_id), words) for child_id, words in own.items())
    key = once_key(draft.phrase_id, draft.words, draft.as_link, said) or secrets.token_hex(16)
    if request.form.get("act") == "later":
        goes_at = moment_written(schools.calendar_of(here.work))
        messages.keep_together(here.work, children, draft, own=own, goes_at=goes_at, once_key=key)
        return url_for("waiting")
    together_id = messages.send_together(here.work, children, draft, own=own, links=runtime().links, once_key=key)
    return url_for("sent_several", together_id=together_id)


@pages.route("/praise/several/preview", PRAISE, methods=("POST",), endpoint="several_preview")
def preview() -> str:
    """What each family will get, alone: the live preview."""
    with at_school() as here:
        children = _chosen(here)
        return render_template("parts/previews_several.html", **_previews(here, children, draft_written()))


def _question(here: Here, children: list[Student], draft: Draft) -> dict[str, Any] | None:
    """The one question for all of it: the first that the words about any of the children raise."""
    own = _own(children)
    for child in children:
        about = messages.draft_about(draft, child.preferred_name, own[child.id])
        if (question := question_before(here, child, about)) is not None:
            return question
    return None


def _page(
    here: Here, children: list[Student], draft: Draft, *, errors: dict[str, str], question: dict[str, Any] | None = None
) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    own = _own(children)
    mark = MARK_MI if language() is Language.MI else MARK_EN
    asked = request.form.get("act") == "preview"
    return render_template(
        "several.html",
        children=[
            {"id": each.id, "name": each.name, "short": each.preferred_name, "own": own[each.id]} for each in children
        ],
        again_url=url_for("several", child=[each.id for each in children]),
        names=_named(shown, children),
        groups=phrase_groups(work, messages.offered_phrases(work, *children), draft, name=MARK_EN, name_mi=MARK_MI),
        phrase=str(draft.phrase_id or ""),
        mark=mark,
        own_words=draft.words,
        own_words_max=messages.LONGEST_WORDS,
        preview_url=url_for("several_preview"),
        question=question,
        form_key=request.form.get("form_key") or secrets.token_urlsafe(16),
        keeper=keeper(),
        errors=errors,
        later=later_form(work, errors),
        hinting=hints_beside(work, shown, _written(children, draft, own, mark), asked=asked),
        **_previews(here, children, draft),
    )


def _written(children: list[Student], draft: Draft, own: dict[uuid.UUID, str], mark: str) -> dict[str, tuple[str, str]]:
    """The words of each field, with the name they are about: in those for all of them, the mark."""
    about_one = {f"own_{each.id}": (own[each.id], each.preferred_name) for each in children}
    return {"own_words": (draft.words, mark), **about_one}


def _named(shown: Shown, children: list[Student]) -> str:
    """The children by name, or how many they are where that would be a long list."""
    if len(children) <= MOST_NAMED:
        return shown.names([each.preferred_name for each in children])
    return say_many(language(), "%(num)s student", "%(num)s students", len(children))


def _previews(here: Here, children: list[Student], draft: Draft) -> dict[str, Any]:
    """What each family gets, child by child, with one line that sums up all."""
    own = _own(children)
    shown = Shown(language(), schools.calendar_of(here.work), here.work.now)
    families = []
    for child in children:
        about = messages.draft_about(draft, child.preferred_name, own[child.id])
        families.append({"name": child.preferred_name, "id": child.id, **previews(here, child, about)})
    channels = [card["channel"] for family in families for card in family["previews"]]
    return {
        "families": families,
        "te_reo_first": next(filter(None, (family["te_reo_first"] for family in families)), None),
        "summary": summed_up(shown, channels),
        "send_label": say_many(language(), "Send for %(num)s student", "Send for %(num)s students", len(children)),
    }


@pages.route("/praise/together/<uuid:together_id>", PRAISE)
def sent_several(together_id: uuid.UUID) -> str:
    """What was just sent for several children: undo all of it first, then each child's own."""
    with at_school() as here:
        work = here.work
        found = messages.sent_together(work, together_id)
        told = messages.written(work, [each.id for each in found])
        shown = Shown(language(), schools.calendar_of(work), work.now)
        note_frame(here)
        contacts = whanau.contact_names(
            work, [each.contact_id for one in told.values() for each in one.deliveries if each.contact_id]
        )
        names = students.names_of(work, {each.student_id for each in found if each.student_id})
        rows, called = [], []
        for message in found:
            if message.student_id is None:
                continue
            child = names[message.student_id].preferred
            called.append(child)
            rows.append(
                {
                    "student_id": message.student_id,
                    "name": child,
                    "words": messages.words_of(told[message.id], child, language()),
                    "lang": phrase_lang(language()) if told[message.id].phrase else None,
                    "deliveries": delivery_rows(told[message.id], contacts, shown),
                }
            )
        first = found[0]
        url = url_for("undo_several", together_id=together_id)
        says = shown.say(ON_ITS_WAY, names=shown.names(sorted(called, key=sort_key)))
        undo = undo_row(first, shown, says, over=UNDO_OVER, url=url)
        return render_template(
            "sent_several.html",
            undo=undo,
            over=_over(shown, first, undo),
            children=sorted(rows, key=lambda row: sort_key(row["name"])),
        )


def _over(shown: Shown, message: messages.Message, undo: dict[str, Any] | None) -> str | None:
    if message.undone_at:
        return shown.say(UNDONE)
    return None if undo else shown.say(UNDO_OVER)


@pages.route("/praise/together/<uuid:together_id>/undo", PRAISE, methods=("POST",), endpoint="undo_several")
def undo_all(together_id: uuid.UUID) -> Response:
    """Take all of it back; when it is too late the page says so."""
    with at_school() as here:
        messages.undo_together(here.work, together_id)
    return redirect(url_for("sent_several", together_id=together_id))
