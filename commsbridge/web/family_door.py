"""The door of a contact's own page: a code proves a new device; forgetting it, or leaving quickly, shuts it again."""

from __future__ import annotations

from flask import g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from commsbridge import books, schools
from commsbridge.foundation.errors import Conflict, NotAllowed
from commsbridge.foundation.language import N_, Language
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import runtime
from commsbridge.web.family_here import COOKIE, Home, at_home, here_url
from commsbridge.web.keeping import beside
from commsbridge.web.links import other_languages

pages = Pages()
# A page that anybody might be reading.
ELSEWHERE = "https://www.govt.nz/"
WRONG = N_("That is not the code we sent. Look once more.")
WRONG_PAIR = N_("That code and your word do not fit. Look once more.")
BY_TEXT = N_("We will text a code to the phone that this link came to. It ends in %(end)s.")
BY_MAIL = N_("We will mail a code to the address that this link came to.")


def door_page(home: Home, secret: str, errors: dict[str, str]) -> str:
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
            return door_page(home, secret, {"": home.shown.say(refusal.sentence)}), 403
    return redirect(here_url(secret))


@pages.route("/w/<secret>/open", LINK, methods=("POST",))
def family_open(secret: str) -> Response | tuple[str, int]:
    """Prove this device with the code; from then on it opens this person's page."""
    try:
        with at_home(secret) as home:
            proof = books.try_code(home.work, home.holder, request.form.get("code", ""), request.form.get("word", ""))
    except Conflict as refusal:
        with at_home(secret) as home:
            return door_page(home, secret, beside(refusal)), 400
    if proof is None:
        with at_home(secret) as home:
            wrong = WRONG_PAIR if books.has_word(home.work, home.holder.contact.id) else WRONG
            return door_page(home, secret, {"code": home.shown.say(wrong)}), 400
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
