"""What a specialist from outside sees: the door that asks for a code, and what whānau approved, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from commsbridge import schools, specialists
from commsbridge.foundation.errors import Conflict
from commsbridge.foundation.language import KNOWN, N_, Language
from commsbridge.foundation.work import Work
from commsbridge.plans import Part
from commsbridge.specialists import Sight, SpecialistShare
from commsbridge.web.about import TITLES
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import language, runtime
from commsbridge.web.keeping import beside
from commsbridge.web.links import other_languages
from commsbridge.web.plan_shown import item_row
from commsbridge.web.plan_words import PARTS
from commsbridge.web.shown import Shown, lang_of

pages = Pages()
COOKIE = "specialist"
DAY = timedelta(days=1)
WRONG = N_("That is not the code. Look once more.")


@dataclass(frozen=True, slots=True)
class Guest:
    """A specialist's work: what their link opens, and whether this device has proved itself."""

    work: Work
    share: SpecialistShare
    known: bool
    shown: Shown


@contextmanager
def as_guest(secret: str) -> Iterator[Guest]:
    """The work behind a specialist's link. Raises a 404 for a link that opens nothing, NotFound for one that did."""
    with runtime().lobby() as lobby:
        named = schools.behind_door(lobby, secret, purpose=specialists.SPECIALIST_DOOR)
    if named is None:
        raise PageNotFound
    school_id, share_id = named
    with runtime().work(school_id) as work:
        share = specialists.share_behind(work, share_id, secret)
        g.language = KNOWN.get(request.args.get("reo", ""), language())
        known = specialists.knows(work, share, request.cookies.get(COOKIE, ""))
        yield Guest(work, share, known, Shown(g.language, schools.calendar_of(work), work.now))


@pages.route("/with/<secret>", LINK)
def specialist(secret: str) -> str:
    """What whānau approved; before it, on a device that is new, the door. Each look is written down."""
    with as_guest(secret) as guest:
        if not guest.known:
            return _door(guest, secret, {})
        sight = specialists.look(guest.work, guest.share)
        return render_template(
            "specialist_page.html",
            school=_school(guest),
            child=sight.child,
            until=guest.shown.date(guest.share.until_on),
            words=_words(guest.shown, sight),
            parts=_parts(guest.shown, sight),
            others=other_languages("specialist", secret=secret),
        )


def _words(shown: Shown, sight: Sight) -> list[dict[str, Any]]:
    """Own words without a name beside them: who said them may be somebody who approved nothing."""
    return [
        {"title": shown.say(TITLES[each.tells]), "words": each.words, "lang": lang_of(each.language) or ""}
        for each in sight.words
    ]


def _parts(shown: Shown, sight: Sight) -> list[dict[str, Any]]:
    found = {part: [item_row(shown, each) for each in sight.items if each.part is part] for part in Part}
    return [{"key": part.value, "title": shown.say(PARTS[part]), "items": rows} for part, rows in found.items() if rows]


def _school(guest: Guest) -> str:
    school = schools.school_of(guest.work)
    return school.name_mi if g.language is Language.MI else school.name_en


def _door(guest: Guest, secret: str, errors: dict[str, str]) -> str:
    """Nothing here says whom it is about or for: a link may have been passed on."""
    return render_template(
        "specialist_door.html",
        school=_school(guest),
        url=url_for("specialist_open", secret=secret, reo=request.args.get("reo") or None),
        errors=errors,
        others=other_languages("specialist", secret=secret),
    )


@pages.route("/with/<secret>", LINK, methods=("POST",))
def specialist_open(secret: str) -> Response | tuple[str, int]:
    """Prove this device with the code, once."""
    try:
        with as_guest(secret) as guest:
            ends = schools.day_begins(guest.work, guest.share.until_on + DAY) - guest.work.now
            proof = specialists.prove(guest.work, guest.share, request.form.get("code", ""))
    except Conflict as refusal:
        with as_guest(secret) as guest:
            return _door(guest, secret, beside(refusal)), 400
    if proof is None:
        with as_guest(secret) as guest:
            return _door(guest, secret, {"code": guest.shown.say(WRONG)}), 400
    answer = redirect(url_for("specialist", secret=secret, reo=request.args.get("reo") or None))
    answer.set_cookie(
        COOKIE,
        proof,
        max_age=int(ends.total_seconds()),
        path="/with",
        secure=runtime().settings.public_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )
    return answer
