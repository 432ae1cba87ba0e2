"""A contact's own page, behind the link of a message: the book, the praise, their answers. No sign-in, no password.

A device that is new there shows nothing of anybody before a code came to the phone or mail that the link went to.
Looking changes nothing: whoever scans links presses no button.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from commsbridge import books, conversations, meetings, messages, plans, schools, specialists, students, whanau
from commsbridge.books import Holder
from commsbridge.conversations import CARD_WORDS, Card, ChildAnswer
from commsbridge.foundation.errors import Conflict, NotAllowed
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.messages import MessageKind
from commsbridge.students import Student
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import read_id, runtime
from commsbridge.web.book_agreed import agreed_at_home
from commsbridge.web.book_shown import page_rows
from commsbridge.web.family_voice import ANSWERED, answer_questions, questions_for
from commsbridge.web.hooks import wake_desk
from commsbridge.web.hui_shown import home_rows
from commsbridge.web.keeping import beside
from commsbridge.web.links import LONGEST_ANSWER, once_for, other_languages, reader_language
from commsbridge.web.shown import Shown, lang_of
from commsbridge.web.support_shown import support_at_home

pages = Pages()
COOKIE = "whanau"
PAGES_SHOWN = 3
# A page that anybody might be reading.
ELSEWHERE = "https://www.govt.nz/"
LATELY_SHOWN = 5
WRONG = N_("That is not the code we sent. Look once more.")
WRONG_PAIR = N_("That code and your word do not fit. Look once more.")
BESIDE = N_("Thank you. Your words stand beside the page, and a leader at school has been told.")
SAID_YES = N_("Thank you. The school sees that you said yes.")
WANTS_HUI = N_("Thank you. A person at school will offer you times for a hui.")
OTHER_WORDS = N_("These words have changed since you read them. Read them once more.")
BY_TEXT = N_("We will text a code to the phone that this link came to. It ends in %(end)s.")
BY_MAIL = N_("We will mail a code to the address that this link came to.")


@dataclass(frozen=True, slots=True)
class Home:
    """A page's work with whose page it is, and whether this device has proved itself."""

    work: Work
    holder: Holder
    known: bool
    shown: Shown


@contextmanager
def at_home(secret: str) -> Iterator[Home]:
    """The work of a contact's page. Raises a 404 for a link that opens nothing, NotFound for one that did."""
    with runtime().lobby() as lobby:
        named = schools.behind_door(lobby, secret, purpose=messages.FAMILY_DOOR)
    if named is None:
        raise PageNotFound
    school_id, delivery_id = named
    with runtime().work(school_id) as work:
        holder = books.holder_of(work, delivery_id)
        g.language = reader_language(holder.delivery)
        known = books.knows_device(work, holder, request.cookies.get(COOKIE, ""))
        yield Home(work, holder, known, Shown(g.language, schools.calendar_of(work), work.now))


def here_url(secret: str, endpoint: str = "family", **more: Any) -> str:
    """An address of this page, in the language it is read in."""
    return url_for(endpoint, secret=secret, reo=request.args.get("reo") or None, **more)


def children_in_order(home: Home) -> list[uuid.UUID]:
    """Their children as their page counts them."""
    names = students.names_of(home.work, home.holder.students)
    return sorted(home.holder.students, key=lambda each: names[each].preferred)


def child_of(home: Home) -> tuple[Student, int]:
    """Which of their children it is about, as their page counts them; where nothing was said, whom the message told of.

    The first where that was about none of them.
    """
    ordered = children_in_order(home)
    asked = request.values.get("child", "")
    if asked.isdecimal() and 0 < int(asked[:4]) <= len(ordered):
        place = int(asked[:4])
    else:
        told = messages.message_by_id(home.work, home.holder.delivery.message_id)
        place = ordered.index(told.student_id) + 1 if told and told.student_id in ordered else 1
    return home.work.session.get_one(Student, ordered[place - 1]), place


@pages.route("/w/<secret>", LINK)
def family(secret: str) -> str:
    """The page; before it, on a new device, the door that sends a code."""
    with at_home(secret) as home:
        return _page(home, secret, {}) if home.known else _door(home, secret, {})


def _door(home: Home, secret: str, errors: dict[str, str]) -> str:
    """Nothing here says who it is for: a link may have been passed on."""
    school, address = schools.school_of(home.work), home.holder.delivery.address or ""
    by_text = home.holder.delivery.channel == "text"
    return render_template(
        "family_door.html",
        school=school.name_mi if g.language is Language.MI else school.name_en,
        sentence=home.shown.say(BY_TEXT, end=address[-2:]) if by_text else home.shown.say(BY_MAIL),
        waits=books.waits_for_code(home.work, home.holder),
        has_word=books.has_word(home.work, home.holder.contact.id),
        code_url=here_url(secret, "family_code"),
        open_url=here_url(secret, "family_open"),
        errors=errors,
        others=other_languages("family", secret=secret),
    )


@pages.route("/w/<secret>/code", LINK, methods=("POST",))
def family_code(secret: str) -> Response | tuple[str, int]:
    """Send a code to where the link went."""
    try:
        with at_home(secret) as home:
            books.ask_code(home.work, home.holder, links=runtime().links)
    except NotAllowed as refusal:
        with at_home(secret) as home:
            return _door(home, secret, {"": home.shown.say(refusal.sentence)}), 403
    return redirect(here_url(secret))


@pages.route("/w/<secret>/open", LINK, methods=("POST",))
def family_open(secret: str) -> Response | tuple[str, int]:
    """Prove this device with the code; from then on it opens this person's page."""
    try:
        with at_home(secret) as home:
            proof = books.try_code(home.work, home.holder, request.form.get("code", ""), request.form.get("word", ""))
    except Conflict as refusal:
        with at_home(secret) as home:
            return _door(home, secret, beside(refusal)), 400
    if proof is None:
        with at_home(secret) as home:
            wrong = WRONG_PAIR if books.has_word(home.work, home.holder.contact.id) else WRONG
            return _door(home, secret, {"code": home.shown.say(wrong)}), 400
    answer = redirect(here_url(secret))
    answer.set_cookie(
        COOKIE,
        proof,
        max_age=int(books.DEVICE_LASTS.total_seconds()) if request.form.get("remember") else None,
        path="/w",
        secure=runtime().settings.public_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )
    return answer


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
    found = books.pages_for(work, holder.contact, child_id, before=before, limit=PAGES_SHOWN + 1)
    own = whanau.household_contacts(work, holder.contact)
    read = books.reads_of(work, found, [holder.contact.id])
    school = schools.school_of(work)
    sections = [
        section
        for book in books.books_of(work, [child_id], ended=True)
        for section in books.sections_of(work, book, ended=True)
    ]
    rows = page_rows(
        work,
        shown,
        found[:PAGES_SHOWN],
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
            {**row, "read": (row["page_id"], False) in read, "told": (row["page_id"], True) in read} for row in rows
        ],
        older_url=here_url(secret, child=place, before=found[PAGES_SHOWN - 1].on_day.isoformat())
        if len(found) > PAGES_SHOWN
        else None,
        praise=_praise(home, child_id, child) if before is None else [],
        said=_said(home, child_id, child, own) if before is None else [],
        place=place,
        read_url=here_url(secret, "family_read"),
        told=_told(home.shown),
        wants_hui_url=here_url(secret, "family_wants_hui"),
        hui=home_rows(
            shown,
            meetings.hui_of_home(work, holder.contact, [child_id]),
            lambda each: here_url(secret, "family_hui", hui_id=each.id),
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


def _child_says(home: Home, answered: ChildAnswer | None, child: str) -> dict[str, Any] | None:
    """What the child answered when it was read to them."""
    if answered is None:
        return None
    card = Card(answered.card) if answered.card else None
    return {
        "card": card.value if card else None,
        "card_words": home.shown.say(CARD_WORDS[card]) if card else "",
        "words": answered.words,
        "by": f"{child}, {home.shown.day(answered.at)}",
    }


def _said(home: Home, child_id: uuid.UUID, child: str, own: set[uuid.UUID]) -> list[dict[str, Any]]:
    """What this home has written; another home's words are not theirs to read."""
    found = conversations.replies_about(home.work, [child_id], waiting=False, limit=LATELY_SHOWN, by=own)
    names = whanau.contact_names(home.work, own)
    told = conversations.answers_of_children(home.work, [reply.id for reply, _ in found])
    return [
        {
            "day": home.shown.day(reply.received_at),
            "words": reply.words,
            "lang": lang_of(reply.language) or "",
            "by": names.get(reply.contact_id, "") if reply.contact_id else "",
            "seen": about.seen_at is not None,
            "answer": _child_says(home, told.get((reply.id, child_id)), child),
        }
        for reply, about in found
        if reply.words
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


def store_words(
    holder: Holder, school_id: uuid.UUID, student_id: uuid.UUID, words: str, *, for_child: bool = False
) -> None:
    """Store what a contact wrote about a child as it came; the desk screens and files it.

    ``for_child``: it is good news that they would like to be read to the child.

    The same words of one form are stored once, and those of a form without a key once a day; other words never get
    lost by being sent from a form that was sent before.
    """
    said = {
        "delivery_id": str(holder.delivery.id),
        "contact_id": str(holder.contact.id),
        "student_id": str(student_id),
        "words": words,
        **({"for_child": True} if for_child else {}),
    }
    with runtime().lobby(ingest=True) as lobby:
        conversations.store_raw(
            lobby,
            carrier="page",
            carrier_key=f"{said['contact_id']}:{once_for(words)}",
            content_type="application/json",
            body=json.dumps(said).encode(),
            school_id=school_id,
        )
    wake_desk()


@pages.route("/w/<secret>/forget", LINK, methods=("POST",))
def family_forget(secret: str) -> Response:
    """This device opens the page no more, until a code proves it anew."""
    _forget(secret)
    answer = redirect(here_url(secret))
    answer.delete_cookie(COOKIE, path="/w")
    return answer


@pages.route("/w/<secret>/leave", LINK, methods=("POST",))
def family_leave(secret: str) -> Response:
    """Leave quickly: the device is forgotten, and another page stands there; going back shows the door alone."""
    _forget(secret)
    answer = make_response(render_template("family_left.html", elsewhere=ELSEWHERE))
    answer.delete_cookie(COOKIE, path="/w")
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _forget(secret: str) -> None:
    with at_home(secret) as home:
        if proof := request.cookies.get(COOKIE, ""):
            books.forget_device(home.work, proof)


__all__ = ["COOKIE", "Home", "at_home", "child_of", "children_in_order", "here_url", "pages", "store_words"]
