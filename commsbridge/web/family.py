"""A contact's own page, behind the link of a message: the book, the praise, their answers. No sign-in, no password.

A device that is new there shows nothing of anybody before a code came to the phone or mail that the link went to.
Looking changes nothing: whoever scans links presses no button.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import date
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, meetings, messages, plans, schools, specialists, students, whanau
from commsbridge.foundation.language import N_, Language
from commsbridge.messages import MessageKind
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import read_id
from commsbridge.web.book_agreed import agreed_at_home
from commsbridge.web.book_shown import page_rows, title_of
from commsbridge.web.family_door import door_page
from commsbridge.web.family_here import Home, at_home, child_of, children_in_order, here_url, store_words
from commsbridge.web.family_shared import LATELY_SHOWN, others_rows, said_rows
from commsbridge.web.family_voice import ANSWERED, answer_questions, questions_for
from commsbridge.web.hui_shown import home_rows
from commsbridge.web.links import LONGEST_ANSWER, other_languages
from commsbridge.web.shown import Shown
from commsbridge.web.support_shown import support_at_home

pages = Pages()
PAGES_SHOWN = 3
BESIDE = N_("Thank you. Your words stand beside the page, and a leader at school has been told.")
SAID_YES = N_("Thank you. The school sees that you said yes.")
WANTS_HUI = N_("Thank you. A person at school will offer you times for a hui.")
OTHER_WORDS = N_("These words have changed since you read them. Read them once more.")


@pages.route("/w/<secret>", LINK)
def family(secret: str) -> str:
    """The page; before it, on a new device, the door that sends a code."""
    with at_home(secret) as home:
        return _page(home, secret, {}) if home.known else door_page(home, secret, {})


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None


def _page(home: Home, secret: str, errors: dict[str, str], *, typed: str = "") -> str:
    work, holder, shown = home.work, home.holder, home.shown
    names, ordered = students.names_of(work, holder.students), children_in_order(home)
    student, place = child_of(home)
    child_id, child = student.id, names[student.id].preferred
    before = _day(request.args.get("before"))
    found = books.pages_for(work, holder.contact, child_id, before=before, limit=PAGES_SHOWN)
    kept = books.books_of(work, [child_id], ended=True)
    named = {each.id: title_of(each, shown.language) for each in kept} if len(kept) > 1 else {}
    own = whanau.household_contacts(work, holder.contact)
    read = books.reads_of(work, found, [holder.contact.id])
    school = schools.school_of(work)
    sections = [section for book in kept for section in books.sections_of(work, book, ended=True)]
    rows = page_rows(
        work,
        shown,
        found,
        sections,
        home=(holder.contact.household_id, own),
        photo_url=lambda photo: url_for("family_photo", secret=secret, photo_id=photo.id),
        sound_url=lambda _page, sound: url_for("family_sound", secret=secret, sound_id=sound.id),
        voice_url=lambda _page, voice: url_for("family_voice_note", secret=secret, voice_id=voice.id),
    )
    return render_template(
        "family.html",
        school=school.name_mi if g.language is Language.MI else school.name_en,
        contact=holder.contact.greeting or holder.contact.name.split()[0],
        child=child,
        children=[
            {"name": names[each].preferred, "url": here_url(secret, child=number), "on": each == child_id}
            for number, each in enumerate(ordered, start=1)
        ]
        if len(ordered) > 1
        else [],
        pages=[
            {
                **row,
                "title": " · ".join(filter(None, [row["long_day"], named.get(row["book_id"], "")])),
                "read": (row["page_id"], False) in read,
                "told": (row["page_id"], True) in read,
            }
            for row in rows
        ],
        older_url=here_url(secret, child=place, before=found[-1].on_day.isoformat())
        if found and books.pages_for(work, holder.contact, child_id, before=found[-1].on_day, limit=1)
        else None,
        praise=_praise(home, child_id, child) if before is None else [],
        said=said_rows(home, child_id, child, own) if before is None else [],
        others_said=others_rows(home, child_id) if before is None else [],
        share_url=here_url(secret, "family_share"),
        place=place,
        read_url=here_url(secret, "family_read"),
        told=_told(home.shown),
        wants_hui_url=here_url(secret, "family_wants_hui"),
        hui=home_rows(
            work,
            shown,
            meetings.hui_of_home(work, holder.contact, [child_id]),
            lambda each: here_url(secret, "family_hui", hui_id=each.id),
            speaks=whanau.home_of(holder.contact),
        ),
        kept=agreed_at_home(work, shown, holder.contact.id, child_id) if before is None else None,
        together_url=here_url(secret, "family_partnership", child=place),
        shares_url=here_url(secret, "family_specialists", child=place)
        if specialists.shares_about(work, [child_id])
        else None,
        plan_url=here_url(secret, "family_plan", child=place) if plans.plan_of(work, child_id) else None,
        support=_support(home, child_id) if before is None else [],
        support_url=here_url(secret, "family_support"),
        help_url=here_url(secret, "family_support_page", child=place),
        agree_url=here_url(secret, "family_agree"),
        questions=questions_for(work, shown, holder.contact.id) if before is None else [],
        voice_url=here_url(secret, "family_voice"),
        beside_url=here_url(secret, "family_beside"),
        answer={
            "url": here_url(secret, "family_answer"),
            "key": secrets.token_urlsafe(16),
            "answered": request.args.get("answered") == "yes",
            "longest": LONGEST_ANSWER,
            "typed": typed,
        },
        choices_url=here_url(secret, "family_choices"),
        forget_url=here_url(secret, "family_forget"),
        leave_url=here_url(secret, "family_leave"),
        errors=errors,
        others=other_languages("family", secret=secret),
    )


def _support(home: Home, child_id: uuid.UUID) -> list[dict[str, Any]]:
    """What was asked with the yes of this home, and what became of it."""
    own = whanau.household_contacts(home.work, home.holder.contact)
    return support_at_home(home.work, home.shown, home.holder.contact.id, own, child_id)


def _told(shown: Shown) -> str:
    """What was just done, where the address says so."""
    said = {
        ("beside", "yes"): BESIDE,
        ("agreed", "yes"): SAID_YES,
        ("agreed", "changed"): OTHER_WORDS,
        ("voiced", "yes"): ANSWERED,
        ("hui", "asked"): WANTS_HUI,
    }
    return next((shown.say(words) for (asked, done), words in said.items() if request.args.get(asked) == done), "")


def _praise(home: Home, child_id: uuid.UUID, child: str) -> list[dict[str, Any]]:
    """Good news that went to this very person about this child."""
    told = messages.told_to(home.work, home.holder.contact.id, child_id, MessageKind.PRAISE, limit=LATELY_SHOWN)
    staff = schools.staff_by_id(home.work, {each.message.staff_id for each in told if each.message.staff_id})
    reo = home.shown.language is Language.MI
    return [
        {
            "day": home.shown.day(each.message.made_at),
            "words": messages.words_of(each, child, home.shown.language),
            "lang": "" if each.message.words else "mi" if reo else "en-NZ",
            "by": staff[each.message.staff_id].shown_name if each.message.staff_id in staff else "",
        }
        for each in told
    ]


@pages.route("/w/<secret>/read", LINK, methods=("POST",))
def family_read(secret: str) -> Response:
    """They have read a page, or told the child of it: a press, never the opening of a mail."""
    with at_home(secret) as home:
        page_id = read_id(request.form.get("page_id"))
        if home.known and page_id is not None:
            page = books.page_for(home.work, home.holder.contact, home.holder.students, page_id)
            told = request.form.get("act") == "told"
            books.note_read(home.work, home.holder.contact, page, told_child=told)
            if told:
                books.note_read(home.work, home.holder.contact, page, told_child=False)
    return redirect(here_url(secret, child=request.form.get("child") or None))


@pages.route("/w/<secret>/voice", LINK, methods=("POST",))
def family_voice(secret: str) -> Response:
    """Count what they chose of the questions of the term; nothing chosen changes nothing."""
    with at_home(secret) as home:
        done = home.known and answer_questions(home.work, home.holder.contact.id)
    return redirect(here_url(secret, voiced="yes" if done else None))


@pages.route("/w/<secret>/answer", LINK, methods=("POST",))
def family_answer(secret: str) -> Response:
    """What they write to school: stored as it came, screened and filed like any reply."""
    words = request.form.get("words", "")[:LONGEST_ANSWER]
    child = request.form.get("child", "")
    with at_home(secret) as home:
        ordered = children_in_order(home)
        fits = child.isdecimal() and 0 < int(child) <= len(ordered)
        if not home.known or not fits or not words.strip():
            return redirect(here_url(secret, child=child or None, _anchor="words"))
        holder, school_id = home.holder, home.work.school_id
    for_child = request.form.get("for_child") == "yes"
    store_words(holder, school_id, ordered[int(child) - 1], words, for_child=for_child)
    return redirect(here_url(secret, child=child, answered="yes", _anchor="answered"))
