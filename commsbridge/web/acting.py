"""Who is here, at which school, in which language; and the one way a page opens a work."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from commsbridge import schools
from commsbridge.foundation.actors import Actor
from commsbridge.foundation.errors import NotAllowed
from commsbridge.foundation.language import N_, Language, say, shown_in
from commsbridge.foundation.work import Work
from commsbridge.runtime import Runtime
from commsbridge.schools import SignedIn, Viewer
from commsbridge.web import carrying
from commsbridge.web.access import Access, Entrance
from commsbridge.web.errors import kept_words, signed_out_page
from commsbridge.web.lobby import choose_page, confirm_page, sign_in_form

COOKIE = "commsbridge"
A_DAY = timedelta(days=1)
LANGUAGE_COOKIE = "reo"
SIGNED_OUT = N_("You were signed out. Sign in, and what you were sending goes on: nothing is lost.")
# Asked for when nothing else is at hand, the database least of all; they are the same for everybody.
NEED_NOBODY = frozenset({"static", "healthz", "help_now", "find_support", "worker"})
# Browsers read a backslash as a slash and leave out tabs and line ends: each of them can hide another host.
OUR_OWN = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class Here:
    """A page's work and who looks: what every page of a school begins with."""

    work: Work
    viewer: Viewer


def runtime() -> Runtime:
    """The runtime this application was made with."""
    return cast(Runtime, current_app.extensions["runtime"])


def signed_in() -> SignedIn | None:
    """Who is signed in on this device, if anybody."""
    return cast(SignedIn | None, g.get("signed_in"))


def remembers() -> bool:
    """Whether this device's sign-in outlives the browser: it is somebody's own."""
    person = signed_in()
    return person is not None and person.expires_at - runtime().now() > A_DAY


def language() -> Language:
    """The language of the page: the person's own, else the one chosen on this device, else English."""
    return cast(Language, g.language)


@contextmanager
def at_school() -> Iterator[Here]:
    """The work of a page: one act, by the person signed in, in the school they chose."""
    person = signed_in()
    if person is None or person.place is None:
        raise NotAllowed(N_("Sign in first."))
    with runtime().work(person.place.school_id, Actor.staff(person.place.staff_id)) as work:
        yield Here(work, schools.viewer_for(work, person.place.staff_id))


def greet() -> None:
    """Before each request: find out who is here and which language the page is in."""
    g.signed_in = None
    g.secret = request.cookies.get(COOKIE, "")
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    g.language = shown_in(chosen)
    if request.endpoint in NEED_NOBODY or _entrance() is Entrance.CARRIER:
        return
    if g.secret:
        with runtime().lobby() as lobby:
            g.signed_in = schools.resume(lobby, g.secret)
    if g.signed_in:
        g.language = g.signed_in.language
        carrying.note_writer(g.signed_in.account_id)


def _entrance() -> Entrance | None:
    access = current_app.extensions["access"].get(request.endpoint)
    return access.entrance if access else None


def guard() -> Response | tuple[str, int] | None:
    """Before each request: let in whoever the route says, and send others to where they can mend it.

    A route that says nothing lets nobody in.
    """
    if request.endpoint in {None, "static"}:
        return None
    access: Access | None = current_app.extensions["access"].get(request.endpoint)
    if access is None:
        abort(500)
    if access.entrance in {Entrance.OPEN, Entrance.CARRIER, Entrance.LINK}:
        return None
    person = signed_in()
    if person is None:
        return _ask_who(access)
    return _guard_school(access, person) if access.entrance is Entrance.AT_SCHOOL else None


def _ask_who(access: Access) -> Response | tuple[str, int]:
    """The door; a form that was being sent waits there for its writer."""
    sealed = carrying.seal(carrying.last_writer()) if access.entrance is Entrance.AT_SCHOOL else None
    if sealed:
        return sign_in_form(told=say(language(), SIGNED_OUT), carried=sealed), 403
    return signed_out_page() if kept_words() else _to("sign_in")


def _guard_school(access: Access, person: SignedIn) -> Response | tuple[str, int] | None:
    if person.place is None:
        sealed = carrying.seal(person.account_id)
        return (choose_page(person.schools, carried=sealed), 403) if sealed else _to("choose_school")
    if access.permission is not None:
        with at_school() as here:
            schools.allow(here.viewer, access.permission)
    if access.confirmed and not person.confirmed_lately(runtime().now()):
        sealed = carrying.seal(person.account_id)
        return (confirm_page(carried=sealed), 403) if sealed else _to("confirm")
    return None


def _to(endpoint: str) -> Response:
    """Go there first and come back to this page."""
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for(endpoint, next=here or None))


def safe_next(wanted: str | None) -> str:
    """An address of our own to go on to; anything else is Today."""
    return wanted if wanted and OUR_OWN.fullmatch(wanted) else url_for("today")


def once_key(*said: object) -> str | None:
    """What makes a form one act however often it is sent: the key that its page carried, with what it says.

    A page that the Back button brings again carries the old key; what is written anew on it is another act.
    """
    key = request.form.get("form_key")
    return hashlib.sha256("\n".join(map(str, (key, *said))).encode()).hexdigest() if key else None


def read_id(written: str | None) -> uuid.UUID | None:
    """An id from a form; None when it is none."""
    try:
        return uuid.UUID(written) if written else None
    except ValueError:
        return None
