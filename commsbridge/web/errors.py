"""Every no becomes a page with the right status, in the reader's language; a bug is logged without anybody's words."""

from __future__ import annotations

import structlog
from flask import Flask, current_app, g, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from commsbridge.foundation.language import N_, Language, say
from commsbridge.schools import TooManyTries
from commsbridge.web.access import Entrance

log = structlog.get_logger()

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (TooManyTries, 429),
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (Invalid, 400),
)
TITLES = {
    400: N_("That did not work"),
    403: N_("This page is not yours to open"),
    404: N_("There is nothing here"),
    405: N_("That did not work"),
    409: N_("Somebody was first"),
    413: N_("That is too large"),
    415: N_("That did not work"),
    429: N_("Too many tries"),
    500: N_("Something went wrong here"),
    503: N_("The service is away for a moment"),
}
SENTENCES = {
    400: N_("The page could not be read. Go back and try again."),
    404: N_("The address may be old or mistyped."),
    405: N_("The page could not be read. Go back and try again."),
    413: N_("The file or the text is larger than this page can take."),
    415: N_("The page could not be read. Go back and try again."),
    429: N_("Wait a while, then try again."),
    500: N_("It is not your doing, and it has been noted. Try again, or tell your school's office."),
    503: N_("What you wrote is on this page. Wait half a minute, then send it again."),
}
EXPIRED = N_(
    "This page was open too long, or you signed in again. What you wrote is below: copy it, open "
    "the page again, and send it."
)
SIGNED_OUT = N_("You were signed out")
SIGN_IN_AGAIN = N_("The page was open too long. Copy what you wrote, sign in, and send it again.")
# What a person may have been writing, in the order it is worth saving.
WRITTEN = ("own_words", "words", "note")


def status_of(refusal: Refusal) -> int:
    """The HTTP status of an expected no."""
    return next(status for kind, status in STATUS if isinstance(refusal, kind))


def error_page(status: int, sentence: str, *, title: str = "") -> tuple[str, int]:
    """The page of a no. Words that were being written come back on it, so that none are lost."""
    language: Language = g.get("language", Language.EN)
    page = render_template(
        "error.html",
        title=say(language, title or TITLES.get(status, TITLES[400])),
        sentence=sentence,
        kept=kept_words(status),
        on=_way_on(language),
        help_url=url_for("help_now", reo=language.value),
    )
    return page, status


def signed_out_page() -> tuple[str, int]:
    """The page for somebody whose sign-in ended while they wrote."""
    return error_page(403, say(g.language, SIGN_IN_AGAIN), title=SIGNED_OUT)


def kept_words(status: int = 0) -> str | None:
    """What was being written in the form that was sent, if it was anything."""
    if not form_can_be_read(status):
        return None
    return next((request.form[name] for name in WRITTEN if request.form.get(name)), None)


def _way_on(language: Language) -> dict[str, str] | None:
    """Where one can go from here: Today, or the door; for whānau who came by a link there is nowhere."""
    access = current_app.extensions["access"].get(request.endpoint)
    if access is not None and access.entrance is Entrance.LINK:
        return None
    if g.get("signed_in") is not None:
        return {"label": say(language, N_("Today")), "url": url_for("today")}
    return {"label": say(language, N_("Sign in")), "url": url_for("sign_in")}


def form_can_be_read(status: int = 0) -> bool:
    """Whether this request carries a form, and one that was not too large to look into."""
    return (
        request.method == "POST"
        and status != 413
        and request.mimetype
        in {
            "application/x-www-form-urlencoded",
            "multipart/form-data",
        }
    )


def add_errors(app: Flask) -> None:
    """Hang the table into the application."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[str, int]:
        language: Language = g.get("language", Language.EN)
        return error_page(status_of(refusal), say(language, refusal.sentence, **refusal.slots))

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> tuple[str, int]:
        return error_page(400, say(g.get("language", Language.EN), EXPIRED))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[str, int] | HTTPException:
        code = error.code or 500
        if code < 400:
            return error
        return error_page(code, say(g.get("language", Language.EN), SENTENCES.get(code, SENTENCES[400])))

    def database_away(error: Exception) -> tuple[str, int]:
        kind = type(getattr(error, "orig", error)).__name__
        log.error("web.database_away", route=str(request.url_rule), kind=kind)
        g.setdefault("signed_in", None)
        return error_page(503, say(g.get("language", Language.EN), SENTENCES[503]))

    for away in DATABASE_AWAY:
        app.register_error_handler(away, database_away)

    @app.errorhandler(Exception)
    def bug(error: Exception) -> tuple[str, int]:
        log.error("web.bug", route=str(request.url_rule), kind=type(error).__name__, where=_where(error))
        return error_page(500, say(g.get("language", Language.EN), SENTENCES[500]))


def _where(error: Exception) -> str:
    """File and line of a bug, without its message: messages may hold a person's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
