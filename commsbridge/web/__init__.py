"""The web: pages for people, hooks for carriers. A door to the rooms, with no rules of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog
from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from commsbridge.foundation.language import Language, catalogue
from commsbridge.runtime import Runtime
from commsbridge.web import (
    about,
    acting,
    answering,
    asked_copies,
    away,
    book_pages,
    book_papers,
    book_photos,
    book_several,
    book_sounds,
    book_summary,
    book_templates,
    books,
    calendar,
    child_answers,
    child_page,
    concerns,
    contacts,
    deliveries,
    design,
    devices,
    family,
    family_choices,
    family_door,
    family_hui,
    family_keeping,
    family_plan,
    family_shared,
    family_trust,
    groups,
    guest_door,
    hard_days,
    health,
    hidden,
    hooks,
    hui,
    hui_forms,
    hui_papers,
    later,
    links,
    metrics,
    moving,
    notice_reports,
    notices,
    own_times,
    packing,
    parked,
    partnership_page,
    pauses,
    phone,
    photo_permission,
    photos,
    phrase_bank,
    plans,
    praise,
    profile,
    promise_rules,
    prompt_mirror,
    prompt_rules,
    prompt_week,
    prompts,
    replies,
    report_behind,
    report_files,
    report_mails,
    report_own,
    reports,
    roll,
    safety,
    school,
    sending,
    sent,
    several,
    sign_in,
    slowed,
    specialist_door,
    specialists,
    staff,
    students,
    support,
    support_requests,
    targets,
    te_reo,
    te_reo_style,
    to_do,
    today,
    translating,
    unsent,
    voice,
    whole_words,
    wishes,
    wording_desk,
    wording_files,
    words_of_care,
    work_on,
)
from commsbridge.web.access import add_pages
from commsbridge.web.assets import asset
from commsbridge.web.errors import add_errors
from commsbridge.web.frame import frame
from commsbridge.web.lobby import DemoPerson
from commsbridge.web.shown import Shown
from commsbridge.web.timeline import log_rows
from commsbridge.web.within import allowed_within, style_within

log = structlog.get_logger()

# A roll of 3,500 students is about half a megabyte; a mail with attachments comes through the hook, which has its own.
LARGEST_FORM = 6 * 1024 * 1024
POLICY = (
    "default-src 'none'; "
    "style-src 'self'; "
    "script-src 'self'; "
    "font-src 'self'; "
    "img-src 'self'; "
    "media-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
ROOMS = (
    health.pages,
    design.pages,
    hooks.pages,
    links.pages,
    child_answers.pages,
    child_page.pages,
    book_summary.pages,
    family.pages,
    family_door.pages,
    profile.pages,
    family_choices.pages,
    family_hui.pages,
    hui_forms.pages,
    hui_papers.pages,
    family_keeping.pages,
    family_trust.pages,
    family_shared.pages,
    sign_in.pages,
    slowed.pages,
    today.pages,
    school.pages,
    to_do.pages,
    whole_words.pages,
    wishes.pages,
    notices.pages,
    notice_reports.pages,
    metrics.pages,
    sending.pages,
    report_behind.pages,
    report_files.pages,
    report_mails.pages,
    report_own.pages,
    reports.pages,
    deliveries.pages,
    students.pages,
    about.pages,
    books.pages,
    book_pages.pages,
    book_papers.pages,
    book_photos.pages,
    book_several.pages,
    book_sounds.pages,
    book_templates.pages,
    photo_permission.pages,
    photos.pages,
    plans.pages,
    family_plan.pages,
    praise.pages,
    prompts.pages,
    prompt_rules.pages,
    prompt_mirror.pages,
    prompt_week.pages,
    own_times.pages,
    groups.pages,
    guest_door.pages,
    targets.pages,
    phone.pages,
    devices.pages,
    work_on.pages,
    phrase_bank.pages,
    sent.pages,
    several.pages,
    later.pages,
    replies.pages,
    answering.pages,
    asked_copies.pages,
    promise_rules.pages,
    away.pages,
    contacts.pages,
    pauses.pages,
    concerns.pages,
    hui.pages,
    hard_days.pages,
    words_of_care.pages,
    hidden.pages,
    parked.pages,
    safety.pages,
    moving.pages,
    roll.pages,
    staff.pages,
    support.pages,
    support_requests.pages,
    partnership_page.pages,
    specialists.pages,
    specialist_door.pages,
    calendar.pages,
    te_reo.pages,
    te_reo_style.pages,
    wording_desk.pages,
    wording_files.pages,
    unsent.pages,
    voice.pages,
    translating.pages,
)


def make_web(runtime: Runtime, *, demo_people: Sequence[DemoPerson] = ()) -> Flask:
    """The web application over a runtime. ``demo_people`` are offered for one-click sign-in: in the demo only."""
    app = Flask(__name__)
    secure = runtime.settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=runtime.settings.secret_key,
        SECRET_KEY_FALLBACKS=[runtime.settings.old_secret_key] if runtime.settings.old_secret_key else [],
        SESSION_COOKIE_NAME="commsbridge-form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A form's token lives as long as the form cookie: a page left open over night can still be sent.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
    )
    app.extensions["runtime"] = runtime
    app.extensions["demo_people"] = tuple(demo_people)
    # Who is here comes first: a form that is refused is answered in the reader's language.
    app.before_request(_begin)
    app.before_request(acting.greet)
    app.extensions["csrf"] = CSRFProtect(app)
    if runtime.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=runtime.settings.trusted_proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]
    _set_up_templates(app)
    add_pages(app, ROOMS)
    add_errors(app)
    app.before_request(acting.guard)
    app.after_request(packing.pack)
    app.after_request(_finish)
    return app


def _set_up_templates(app: Flask) -> None:
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda msgid: catalogue(acting.language()).gettext(msgid),
        ngettext=lambda singular, plural, n: catalogue(acting.language()).ngettext(singular, plural, n),
        newstyle=True,
    )
    environment.trim_blocks = False
    environment.globals["csrf_field"] = _csrf_field
    environment.globals["asset"] = asset
    environment.globals["style_within"] = _style_within
    environment.globals["languages"] = lambda: list(Language)
    app.context_processor(frame)


def _style_within() -> Markup:
    """The style that a page carries within it; the page's own policy then allows that very style."""
    g.styled_within = True
    return style_within()


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _begin() -> None:
    g.began = time.perf_counter()
    if request.endpoint in {"send_praise", "book_page"}:
        request.max_content_length = photos.LARGEST_FORM


def policy_within() -> str:
    """The policy of a page that carries its style within it: that very style, and no other."""
    return POLICY.replace("style-src 'self'", f"style-src 'self' {allowed_within()}")


def _finish(response: Response) -> Response:
    """Headers that keep pages private, and one log line that names the route and nobody."""
    headers = response.headers
    headers["Content-Security-Policy"] = policy_within() if g.get("styled_within") else POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if request.url_rule is not None and request.endpoint == "static":
        headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if request.args.get("v") else "public, max-age=3600"
        )
    else:
        # These two speak of a page alone: with each small file they would only weigh.
        hears = "self" if request.endpoint in {"book_page", "child_page"} else ""
        headers["Permissions-Policy"] = f"camera=(), microphone=({hears}), geolocation=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cache-Control"] = "no-store"
    if request.endpoint != "static":
        log.info(
            "web.answered",
            route=str(request.url_rule),
            method=request.method,
            status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
        )
    return response


__all__ = ["DemoPerson", "Shown", "log_rows", "make_web"]
