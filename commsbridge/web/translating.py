"""The translation desk: words that teachers would like to go home in te reo, offered to who is glad to write them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools, students
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, say_many
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id, runtime
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown

pages = Pages()
TRANSLATE = may(Permission.TRANSLATE)
UNTIL = N_("until %(until)s")
TOLD = {
    "weekly": N_("Kept."),
    "answered": N_("It goes home with your name below it. Ngā mihi nui."),
    "gone": N_("It is offered to you no more."),
}
NOT_A_NUMBER = N_("Write a number here.")
SHORTEST = 1
SEEN_BACK = timedelta(days=365)


@pages.route("/te-reo/translate", TRANSLATE)
def translation_desk() -> str:
    """What is in hand, what is offered unseen, and how many a week one is glad to do."""
    with at_school() as here:
        return _desk(here, {})


@pages.route("/te-reo/translate", TRANSLATE, methods=("POST",), endpoint="translation_acts")
def acts() -> str | tuple[str, int] | Response:
    """Say how many a week; take words up, rather not, or give them back."""
    act, translation_id = request.form.get("act", ""), read_id(request.form.get("id")) or uuid.UUID(int=0)
    with at_school() as here:
        work = here.work
        if act == "take":
            messages.translating.take(work, translation_id)
            return redirect(url_for("translate", translation_id=translation_id))
        if act in {"decline", "give_back"}:
            verb = messages.translating.decline if act == "decline" else messages.translating.give_back
            verb(work, translation_id)
            return redirect(url_for("translation_desk", told="gone"))
        errors = kept(work, lambda: messages.translating.set_weekly(work, weekly=_number("weekly")))
        if errors:
            return _desk(here, errors), 400
    return redirect(url_for("translation_desk", told="weekly"))


@pages.route("/te-reo/translate/<uuid:translation_id>", TRANSLATE, methods=("GET", "POST"))
def translate(translation_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Write in te reo what one has taken up; it goes as soon as it may."""
    with at_school() as here:
        if request.method == "GET":
            return _page(here, translation_id, {})
        errors = kept(here.work, lambda: _answer(here, translation_id))
        if errors:
            return _page(here, translation_id, errors), 400
    return redirect(url_for("translation_desk", told="answered"))


@pages.route("/te-reo/translators", may(Permission.LEAD_TE_REO))
def translators() -> str:
    """What the translators gave this year, by name: to see it, and to give them time for it."""
    with at_school() as here:
        work = here.work
        note_frame(here)
        given = messages.translating.given_since(work, work.now - SEEN_BACK)
        return render_template(
            "translators.html",
            rows=[
                {
                    "name": each.name,
                    "weekly": each.weekly,
                    "written": say_many(language(), "%(num)s message", "%(num)s messages", each.written),
                    "minutes": say_many(language(), "%(num)s minute", "%(num)s minutes", each.minutes),
                }
                for each in given
            ],
            minutes=say_many(language(), "%(num)s minute", "%(num)s minutes", sum(each.minutes for each in given)),
        )


def _number(field: str) -> int:
    written = request.form.get(field, "").strip()
    if not written.isascii() or not written.isdigit() or len(written) > 4:
        raise Invalid(NOT_A_NUMBER, field=field)
    return int(written)


def _answer(here: Here, translation_id: uuid.UUID) -> None:
    messages.translating.answer(
        here.work,
        translation_id,
        words_mi=request.form.get("words_mi", ""),
        minutes=_number("minutes"),
        links=runtime().links,
        as_meant=request.form.get("as_meant") == "yes",
    )


def _desk(here: Here, errors: dict[str, str]) -> str:
    work, own = here.work, here.viewer.staff_id
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    week = messages.translating.week_of(work, own)
    told = TOLD.get(request.args.get("told", ""))
    return render_template(
        "translation_desk.html",
        offers=[
            {
                "id": each.id,
                "until": shown.say(UNTIL, until=shown.until(each.deadline_at)),
                "length": say_many(language(), "About %(num)s word", "About %(num)s words", words),
            }
            for each, words in messages.translating.offers_for(work, own)
        ],
        in_hand=[
            {
                "url": url_for("translate", translation_id=each.id),
                "until": shown.say(UNTIL, until=shown.until(each.deadline_at)),
            }
            for each in messages.translating.in_hand(work, own)
        ],
        weekly=request.form.get("weekly", "") if errors else week.weekly,
        said=week.weekly is not None,
        left=week.left,
        most=messages.translating.MOST_A_WEEK,
        told=shown.say(told) if told else None,
        errors=errors,
    )


def _page(here: Here, translation_id: uuid.UUID, errors: dict[str, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    translation, message = messages.translating.own_translation(work, translation_id)
    note_frame(here)
    writer = schools.staff_by_id(work, [translation.asked_by])[translation.asked_by]
    return render_template(
        "translate.html",
        translation=_shown(shown, translation),
        child=students.names_of(work, [translation.student_id])[translation.student_id].preferred,
        writer=writer.shown_name,
        words=message.words,
        typed={
            "words_mi": request.form.get("words_mi", ""),
            "minutes": request.form.get("minutes") or _minutes_so_far(here, translation),
        },
        errors=errors,
    )


def _shown(shown: Shown, translation: messages.translating.Translation) -> dict[str, Any]:
    return {"id": translation.id, "until": shown.say(UNTIL, until=shown.until(translation.deadline_at))}


def _minutes_so_far(here: Here, translation: messages.translating.Translation) -> int:
    """A first guess at the time it took, which its translator puts right."""
    since = here.work.now - (translation.taken_at or here.work.now)
    return min(max(SHORTEST, round(since.total_seconds() / 60)), messages.translating.LONGEST_MINUTES)
