"""A guest of a hui says by one press how a step went. Looking changes nothing, and the page names nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from commsbridge import conversations, meetings, schools
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import KNOWN, Language, say, shown_in
from commsbridge.foundation.work import Work
from commsbridge.meetings import GuestAsked, Helped
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import runtime
from commsbridge.web.hui_acts import one_of
from commsbridge.web.hui_shown import HELPED
from commsbridge.web.keeping import kept
from commsbridge.web.links import BOTH, other_languages, store_answer

pages = Pages()
safety = conversations.safety
Screened = safety.Screened


@contextmanager
def _asked(secret: str) -> Iterator[tuple[Work, GuestAsked]]:
    """What a guest's link opens. Raises a 404 for one that opens nothing, or nothing any more."""
    with runtime().lobby() as lobby:
        named = schools.behind_door(lobby, secret, purpose=meetings.GUEST_DOOR)
    if named is None:
        raise PageNotFound
    with runtime().work(named[0]) as work:
        try:
            asked = meetings.guest_asked(work, named[1])
        except NotFound:
            raise PageNotFound from None
        reads = asked.person.language
        g.language = KNOWN.get(request.args.get("reo", ""), Language.MI if reads == BOTH else shown_in(reads))
        yield work, asked


@pages.route("/went/<secret>", LINK)
def guest_went(secret: str) -> str:
    """The question, without the child, the step or what was said before: a link may have been passed on."""
    with _asked(secret) as (work, _):
        return _page(work, secret, {})


@pages.route("/went/<secret>", LINK, methods=("POST",), endpoint="guest_says")
def guest_says(secret: str) -> tuple[str, int] | Response:
    """Keep it. Words that may be about somebody's safety go to a person instead, as all words from outside do."""
    words = request.form.get("words", "")[: meetings.LONGEST_WORDS]
    with _asked(secret) as (work, asked):
        said = safety.screened(work, words)
        shown = "" if said is Screened.URGENT else words
        errors = kept(work, lambda: meetings.guest_says(work, asked, one_of(Helped, "helped"), shown))
        if errors:
            return _page(work, secret, errors), 400
        school_id, delivery_id = work.school_id, asked.asking.delivery_id
    if said is not Screened.CLEAR:
        store_answer(school_id, delivery_id, words)
    return redirect(url_for("guest_went", secret=secret, reo=request.args.get("reo") or None, done="yes"))


def _page(work: Work, secret: str, errors: Mapping[str, str]) -> str:
    return render_template(
        "guest_went.html",
        school=schools.school_of(work).name_in(g.language),
        url=url_for("guest_says", secret=secret, reo=request.args.get("reo") or None),
        helped=[{"value": each.value, "label": say(g.language, label)} for each, label in HELPED.items()],
        done=request.args.get("done") == "yes" and not errors,
        longest=meetings.LONGEST_WORDS,
        errors=errors,
        typed=request.form if errors else {},
        leave_url=None,
        others=other_languages("guest_went", secret=secret),
    )
