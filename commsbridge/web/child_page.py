"""A child alone at a device: their own part of one page, in big targets, and nothing else until an adult signs in.

Whoever hands the device over is signed out by it. What opens the child's page is a secret in a cookie of this device
alone: no address leads there, and half an hour later it opens nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from commsbridge import books, conversations, schools
from commsbridge.books import BookEntry, BookSection, Sees, Sitting, Stale, Typed
from commsbridge.conversations import CARD_WORDS, Card
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import COOKIE as SIGN_IN
from commsbridge.web.acting import LANGUAGE_COOKIE, at_school, language, read_id, runtime
from commsbridge.web.book_pages import read_on
from commsbridge.web.book_sections import home_choices
from commsbridge.web.book_shown import STEPS, option, title_of
from commsbridge.web.books import book_here, shown_for
from commsbridge.web.keeping import kept
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
COOKIE = "mine"
PATH = "/mine"
MEANWHILE = N_("Someone else wrote here too. Look once more, then press again.")


@dataclass(frozen=True, slots=True)
class Alone:
    """A child's page with its work."""

    work: Work
    sitting: Sitting
    shown: Shown


@pages.route("/books/<uuid:book_id>/hand-over", may(Permission.WRITE_BOOK), methods=("POST",))
def book_hand_over(book_id: uuid.UUID) -> Response:
    """Hand the device to the child: this sign-in ends, and the child's page is all that opens here."""
    with at_school() as here:
        found, _ = book_here(here, book_id)
        if not request.form.get("on"):
            raise Invalid(N_("Open the page of a day first, then hand the device over."))
        on = read_on(request.form.get("on"), schools.today(here.work))
        secret = books.hand_over(here.work, found, books.begin_page(here.work, found, on))
    spoken = language()
    with runtime().lobby() as lobby:
        schools.sign_out(lobby, g.secret)
    session.clear()
    answer = redirect(url_for("child_page"))
    answer.delete_cookie(SIGN_IN)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(LANGUAGE_COOKIE, spoken.value, secure=secure, httponly=True, samesite="Lax")
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(books.SITTING_LASTS.total_seconds()),
        path=PATH,
        secure=secure,
        httponly=True,
        samesite="Strict",
    )
    # Going back must not show the adult's pages.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@contextmanager
def _alone() -> Iterator[Alone | None]:
    """The child's page that this device holds; None where it holds none, or one that is over."""
    with runtime().lobby() as lobby:
        named = schools.behind_door(lobby, request.cookies.get(COOKIE, ""), purpose=books.CHILD_DOOR)
    if named is None:
        yield None
        return
    with runtime().work(named[0]) as work:
        try:
            sitting = books.sitting_by_id(work, named[1])
        except NotFound:
            yield None
            return
        yield Alone(work, sitting, shown_for(work))


@pages.route(PATH, LINK, methods=("GET", "POST"))
def child_page() -> str | tuple[str, int] | Response:
    """The child's own page; what they say is kept, and then it is over."""
    with _alone() as alone:
        if alone is None:
            return _over()
        if request.method == "GET":
            return _page(alone, {}, ())
        said: list[books.Said] = []
        sitting_id, file = alone.sitting.row.id, request.files.get("sound")
        recorded = file.read() if file is not None and file.filename else b""
        errors = kept(
            alone.work,
            lambda: said.append(
                books.say_alone(
                    alone.work,
                    sitting_id,
                    _typed(alone),
                    recorded=recorded,
                    pointed=books.Pointed(_pointed(), runtime().links),
                )
            ),
        )
        if errors:
            return _page(alone, errors, ()), 400
        if said[0].saved.stale:
            return _page(alone, {"": alone.shown.say(MEANWHILE)}, said[0].saved.stale), 409
        book_id = alone.sitting.book.id
    first = "first" if said[0].read_first else "heard" if said[0].heard_first else "yes"
    return _ended(book_id, first)


@pages.route(f"{PATH}/stop", LINK, methods=("POST",))
def child_stop() -> Response:
    """The child would rather say nothing now: nothing is kept."""
    with _alone() as alone:
        if alone is not None:
            books.end_sitting(alone.work, alone.sitting.row.id)
        book_id = alone.sitting.book.id if alone else None
    return _ended(book_id, None)


def _ended(book_id: uuid.UUID | None, said: str | None) -> Response:
    answer = redirect(url_for("child_page", said=said, book=book_id))
    answer.delete_cookie(COOKIE, path=PATH)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _over() -> str:
    """What stands here once it is over: nothing of anybody, and the door for the adult."""
    book_id = read_id(request.args.get("book"))
    wanted = url_for("book", book_id=book_id) if book_id else None
    return render_template(
        "child_over.html", said=request.args.get("said", ""), sign_in_url=url_for("sign_in", next=wanted)
    )


def _typed(alone: Alone) -> list[Typed]:
    form = request.form
    chosen = form.get("sees", "")
    offered = {each["value"] for each in _homes(alone)}
    sees, _, home = chosen.partition(":") if chosen in offered else ("", "", "")
    found = []
    for section in alone.sitting.sections:
        number, step = form.get(f"v-{section.id}", ""), form.get(f"g-{section.id}", "")
        found.append(
            Typed(
                section.id,
                int(number) if number.isdecimal() and len(number) < 9 else 0,
                words=form.get(f"s-{section.id}", ""),
                ticked=tuple(int(each) for each in form.getlist(f"t-{section.id}") if each in PLACES),
                step=int(step) if step in PLACES else None,
                sees=Sees(sees) if sees else None,
                household_id=read_id(home),
            )
        )
    return found


def _pointed() -> dict[uuid.UUID, Card]:
    """The picture chosen for each good news; whether it may be answered here is the room's to say."""
    chosen = {read_id(name.removeprefix("n-")): value for name, value in request.form.items() if name.startswith("n-")}
    return {reply_id: Card(value) for reply_id, value in chosen.items() if reply_id and value in set(Card)}


def _news(alone: Alone) -> list[dict[str, Any]]:
    """Good news from home that this child may read alone, with the picture chosen so far."""
    return [
        {
            "id": str(each.reply.id),
            "words": each.reply.words,
            "lang": lang_of(each.reply.language),
            "who": each.contact.name,
            "cards": [
                {
                    "value": card.value,
                    "label": alone.shown.say(label),
                    "on": request.form.get(f"n-{each.reply.id}") == card.value,
                }
                for card, label in CARD_WORDS.items()
            ],
        }
        for each in conversations.news_for_child(alone.work, alone.sitting.student)
    ]


# The places of options and steps that a form may name.
PLACES = frozenset(str(each) for each in range(40))


def _homes(alone: Alone) -> list[dict[str, str]]:
    return [each for each in home_choices(alone.work, alone.sitting.student, alone.shown) if each["value"]]


def _page(alone: Alone, errors: dict[str, str], stale: Sequence[Stale]) -> str:
    work, sitting = alone.work, alone.sitting
    page = books.page_on(work, sitting.book, sitting.row.on_day)
    entries = books.standing(work, [page])[page.id] if page else {}
    others = {each.typed.section_id: each.stands for each in stale}
    school = schools.school_of(work)
    return render_template(
        "child_page.html",
        school=school.name_mi if alone.shown.language is Language.MI else school.name_en,
        name=alone.sitting.student.preferred_name,
        day=alone.shown.weekday(sitting.row.on_day),
        sections=[_section(alone.shown, each, entries.get(each.id), others.get(each.id)) for each in sitting.sections],
        news=_news(alone),
        homes=_homes(alone),
        sees=request.form.get("sees", ""),
        longest=books.LONGEST_WORDS,
        errors=errors,
    )


def _section(shown: Shown, section: BookSection, entry: BookEntry | None, theirs: BookEntry | None) -> dict[str, Any]:
    """A section as the child sees it: what was chosen on this page, else what stands there of the child's."""
    key, form = str(section.id), request.form
    asked = request.method == "POST"
    ticked = set(form.getlist(f"t-{key}")) if asked else {str(each) for each in (entry.ticked if entry else ())}
    stands = theirs or entry
    step = form.get(f"g-{key}", "") if asked else str(entry.step) if entry and entry.step else ""
    return {
        "id": key,
        "title": title_of(section, shown.language),
        "holds": section.holds.value,
        "number": theirs.number if theirs else form.get(f"v-{key}") if asked else stands.number if stands else 0,
        "options": [
            {
                "value": str(place),
                "label": option(pair, shown.language),
                "picture": books.picture_of(pair[0]),
                "on": str(place) in ticked,
            }
            for place, pair in enumerate(section.options)
        ],
        "steps": [
            {"value": str(value), "place": value, "label": shown.say(label), "on": step == str(value)}
            for value, label in STEPS.items()
        ],
        "words": form.get(f"s-{key}", "") if asked else entry.words if entry else "",
        "theirs": theirs.words if theirs else "",
    }


__all__ = ["COOKIE", "pages"]
