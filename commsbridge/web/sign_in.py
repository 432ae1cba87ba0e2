"""Pages of the lobby: sign in and out, choose a school, confirm, a new password, the language."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import current_app, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from commsbridge import messages, schools
from commsbridge.foundation.errors import Invalid, NotAllowed, NotFound, Refusal
from commsbridge.foundation.language import KNOWN, N_, say
from commsbridge.schools import Opened, ResetLink
from commsbridge.web import carrying
from commsbridge.web.access import OPEN, SIGNED_IN, Pages
from commsbridge.web.acting import (
    COOKIE,
    LANGUAGE_COOKIE,
    language,
    read_id,
    remembers,
    runtime,
    safe_next,
    signed_in,
)
from commsbridge.web.errors import status_of
from commsbridge.web.lobby import DemoPerson, choose_page, confirm_page, sign_in_form

pages = Pages()
COOKIE_LASTS = timedelta(days=80)
LANGUAGE_LASTS = timedelta(days=365)
SHORTEST_PASSWORD = 10
SIGNED_OUT = N_("You are signed out.")


def _address() -> str:
    return request.remote_addr or ""


def _keep(response: Response, secret: str, *, remember: bool) -> Response:
    """Put the sign-in's secret into its cookie; on a shared machine it ends with the browser."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=COOKIE_LASTS if remember else None,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response


@pages.route("/", OPEN)
def home() -> Response:
    """Today for whoever is signed in, else the door."""
    return redirect(url_for("today" if signed_in() else "sign_in"))


@pages.route("/sign-in", OPEN, methods=("GET", "POST"), endpoint="sign_in")
def sign_in_page() -> str | tuple[str, int] | Response:
    """Sign in with email and password; in the demo also as one of its people, with one press."""
    if request.method == "GET":
        told = say(language(), SIGNED_OUT) if request.args.get("out") else None
        return sign_in_form(told=told)
    people: tuple[DemoPerson, ...] = current_app.extensions["demo_people"]
    demo = next((each for each in people if each.email == request.form.get("demo_as")), None)
    email = demo.email if demo else request.form.get("email", "")
    password = demo.password if demo else request.form.get("password", "")
    remember = demo is not None or bool(request.form.get("remember"))
    with runtime().lobby() as lobby:
        opened: Opened | Refusal = schools.sign_in(
            lobby,
            email=email,
            password=password,
            remember=remember,
            from_address=_address(),
            replacing=g.secret or None,
        )
    if isinstance(opened, Refusal):
        sentence = say(language(), opened.sentence, **opened.slots)
        carried = request.form.get(carrying.SEALED, "")
        return sign_in_form(email, {opened.field or "": sentence}, carried=carried), status_of(opened)
    return _let_in(opened, remember=remember)


def _let_in(opened: Opened, *, remember: bool) -> Response:
    session.clear()
    carried = carrying.unseal(opened.account_id)
    if carried is not None:
        sealed = request.form[carrying.SEALED]
        page = carrying.go_on(carried) if opened.school_id else choose_page(opened.schools, carried=sealed)
        return _keep(make_response(page), opened.secret, remember=remember)
    wanted = safe_next(request.form.get("next"))
    target = wanted if opened.school_id else url_for("choose_school", next=wanted)
    return _keep(redirect(target), opened.secret, remember=remember)


@pages.route("/sign-out", OPEN, methods=("POST",))
def sign_out() -> Response:
    """End this device's sign-in, or with "everywhere" all of the person's."""
    person = signed_in()
    with runtime().lobby() as lobby:
        if person is not None and request.form.get("everywhere"):
            schools.sign_out_everywhere(lobby, person.account_id)
        elif g.secret:
            schools.sign_out(lobby, g.secret)
    session.clear()
    response = redirect(url_for("sign_in", out=1))
    response.delete_cookie(COOKIE)
    # Not "storage": what waits on this device may be somebody else's. The script has taken this person's away.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.route("/school", SIGNED_IN, methods=("GET", "POST"))
def choose_school() -> str | Response:
    """Choose among the schools of one sign-in."""
    person = signed_in()
    if person is None:
        raise NotFound(N_("Sign in first."))
    if request.method == "POST":
        chosen = read_id(request.form.get("school_id"))
        with runtime().lobby() as lobby:
            secret = schools.choose_school(lobby, g.secret, chosen or uuid.UUID(int=0))
        session.clear()
        return _keep(_onward(person.account_id), secret, remember=remembers())
    return choose_page(person.schools)


def _onward(account_id: uuid.UUID) -> Response:
    """Behind the door: on with the form it held up, else to the page that was asked for."""
    carried = carrying.unseal(account_id)
    return make_response(carrying.go_on(carried)) if carried else redirect(safe_next(request.form.get("next")))


@pages.route("/confirm", SIGNED_IN, methods=("GET", "POST"))
def confirm() -> str | tuple[str, int] | Response:
    """The password once more before a page that needs care."""
    person = signed_in()
    if person is None:
        raise NotAllowed(N_("Sign in first."))
    if request.method == "GET":
        return confirm_page()
    with runtime().lobby() as lobby:
        confirmed = schools.confirm(lobby, g.secret, request.form.get("password", ""))
    if isinstance(confirmed, str):
        return _keep(_onward(person.account_id), confirmed, remember=remembers())
    errors = {"password": say(language(), confirmed.sentence, **confirmed.slots)}
    return confirm_page(errors, carried=request.form.get(carrying.SEALED, "")), status_of(confirmed)


@pages.route("/password/forgotten", OPEN, methods=("GET", "POST"))
def reset_ask() -> str | tuple[str, int]:
    """Ask for a link to set a new password; the answer is the same whether or not the address is known."""
    email = request.form.get("email", "")
    if request.method == "GET":
        return render_template("reset_ask.html", sent=False, email="", errors={})
    try:
        with runtime().lobby() as lobby:
            link = schools.ask_reset(lobby, email, from_address=_address())
    except Refusal as refusal:
        sentence = say(language(), refusal.sentence, **refusal.slots)
        return render_template("reset_ask.html", sent=False, email=email, errors={"email": sentence}), status_of(
            refusal
        )
    if link is not None:
        _mail_reset(link)
    return render_template("reset_ask.html", sent=True, email=email, errors={})


def _mail_reset(link: ResetLink) -> None:
    """Mail the link from a school the person works at."""
    with runtime().lobby() as lobby:
        places = schools.places_by_email(lobby, link.email)
    url = runtime().settings.public_url + url_for("reset_set", token=link.secret)
    for place in places:
        with runtime().work(place.school_id) as work:
            if schools.sender_for_mails(work) is None:
                continue
            staff = schools.staff_by_id(work, [place.staff_id])[place.staff_id]
            minutes = int((link.expires_at - work.now).total_seconds() // 60)
            letter = messages.letters.reset_mail(link.language, name=staff.name, link=url, minutes=minutes)
            messages.mail_staff(work, staff, letter, language=link.language, expires_at=link.expires_at)
            return


@pages.route("/password/new/<token>", OPEN, methods=("GET", "POST"))
def reset_set(token: str) -> str | tuple[str, int] | Response:
    """Set a new password through the mailed link; looking at the page uses nothing up."""
    errors: dict[str, str] = {}
    with runtime().lobby() as lobby:
        if not schools.reset_stands(lobby, token):
            raise NotFound(N_("This link was used already or is too old. Please ask for a new one."))
    if request.method == "POST":
        password = request.form.get("password", "")
        if password != request.form.get("again", ""):
            errors = {"again": say(language(), N_("The two are not the same."))}
        else:
            try:
                with runtime().lobby() as lobby:
                    schools.use_reset(lobby, token, password=password)
            except Invalid as refusal:
                errors = {"password": say(language(), refusal.sentence, **refusal.slots)}
            else:
                return redirect(url_for("sign_in"))
    page = render_template("reset_set.html", token=token, shortest=SHORTEST_PASSWORD, errors=errors)
    return page, 400 if errors else 200


@pages.route("/language", OPEN, methods=("POST",), endpoint="language")
def set_language() -> Response:
    """Change the language: it stays with the person, and before sign-in with the device."""
    wanted = request.form.get("language", "")
    chosen = KNOWN.get(wanted, language())
    person = signed_in()
    if person is not None:
        with runtime().lobby() as lobby:
            schools.set_language(lobby, person.account_id, chosen)
    response = redirect(safe_next(request.form.get("next")))
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen.value,
        max_age=LANGUAGE_LASTS,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response
