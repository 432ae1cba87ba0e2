"""Learning support for one child: who can help, what was asked with whose yes, and what became of it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, schools, students, support, whanau
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.support import Asking, Consent, ConsentHow, News, SupportState
from commsbridge.web.about import read_day
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import Here, at_school, language, once_key, read_id, runtime
from commsbridge.web.directory_shown import group_rows
from commsbridge.web.family_here import Home, at_home, child_of, here_url, store_words
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.links import other_languages
from commsbridge.web.shown import Shown
from commsbridge.web.support_shown import CHOICES, HOWS, request_rows, state_sentence, support_at_home
from commsbridge.whanau import MayMessage

pages = Pages()
safety = conversations.safety
Screened = conversations.safety.Screened
READ = may(Permission.READ_LOG)
ASK = may(Permission.ASK_SUPPORT)
CHOOSE = N_("Choose")
NOBODY_YET = N_("Nobody said yes yet")
ASKED = ("service", "contact_id", "how", "on_day", "words", "owner_id")


@pages.route("/students/<uuid:student_id>/support", READ, endpoint="student_support")
def student_support(student_id: uuid.UUID) -> str:
    """What was asked for this child, and the directory with what can be sent home."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        schools.note_seen(here.work, subject="child", subject_id=student.id)
        return _page(here, student, {})


@pages.route("/students/<uuid:student_id>/support", ASK, methods=("POST",), endpoint="ask_support")
def ask_support(student_id: uuid.UUID) -> tuple[str, int] | Response:
    """Write a request down. The same form sent twice is one request."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        key = once_key(student_id, *(request.form.get(field) for field in ASKED))
        errors = kept(
            here.work,
            lambda: support.ask_for_support(here.work, student, _asking(here), links=runtime().links, once_key=key),
        )
        if errors:
            return _page(here, student, {None: errors}), 400
    return redirect(url_for("student_support", student_id=student_id, saved="yes"))


def _asking(here: Here) -> Asking:
    look = request.form.get("look_on", "")
    return Asking(
        request.form.get("service", ""),
        request.form.get("words", ""),
        _consent(here),
        read_id(request.form.get("owner_id")),
        request.form.get("waiting_with", ""),
        read_day(look, schools.today(here.work), field="look_on") if look else None,
    )


def _consent(here: Here) -> Consent:
    how = request.form.get("how", "")
    return Consent(
        read_id(request.form.get("contact_id")),
        ConsentHow(how) if how in set(HOWS) else ConsentHow.IN_PERSON,
        read_day(request.form.get("on_day", ""), schools.today(here.work), field="on_day"),
    )


@pages.route("/support/<uuid:support_id>", ASK, methods=("POST",), endpoint="support_news")
def support_news(support_id: uuid.UUID) -> tuple[str, int] | Response:
    """Write down what became of a request, somebody else's yes, or that a yes was taken back."""
    with at_school() as here:
        found = support.request_by_id(here.work, support_id)
        student = students.student_for(here.work, here.viewer, found.student_id)
        acts: dict[str, Callable[[], object]] = {
            "yes": lambda: support.add_consent(here.work, found, _consent(here), links=runtime().links),
            "back": lambda: support.take_back_consent(here.work, found, _consent(here)),
        }
        news = acts.get(
            request.form.get("act", ""), lambda: support.note_news(here.work, found, _news(here), links=runtime().links)
        )
        errors = kept(here.work, news)
        if errors:
            return _page(here, student, {found.id: errors}), 409 if "" in errors else 400
    return redirect(url_for("student_support", student_id=student.id, saved="yes"))


def _news(here: Here) -> News:
    seen, state, look = (request.form.get(name, "") for name in ("seen", "state", "look_on"))
    today = schools.today(here.work)
    return News(
        seen=int(seen) if seen.isdecimal() and len(seen) < 6 else 0,
        state=SupportState(state) if state in set(CHOICES) else SupportState.WITHDRAWN,
        on_day=read_day(request.form.get("on_day", ""), today, field="on_day"),
        words=request.form.get("words", ""),
        waiting_with=request.form.get("waiting_with", ""),
        owner_id=read_id(request.form.get("owner_id")),
        look_on=read_day(look, today, field="look_on") if look else None,
    )


def _page(here: Here, student: Student, errors: dict[uuid.UUID | None, dict[str, str]]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    today = schools.today(work)
    sees_limits = here.viewer.may(Permission.SEE_LIMITS)
    cards = whanau.contacts_of(work, student.id, on=today, with_limited=sees_limits, sender_ids=())
    names = {card.contact.id: card.contact.name for card in cards}
    people = [each for each in cards if each.guardianship.may_message == MayMessage.YES]
    contacts = [{"value": str(each.contact.id), "label": each.contact.name} for each in people]
    tracked = support.requests_about(work, student.id)
    rows = request_rows(work, shown, tracked, names)
    for row, each in zip(rows, tracked, strict=True):
        standing = support.standing_consents(work, each.request.id)
        row |= {
            "url": url_for("support_news", support_id=each.request.id),
            "errors": errors.get(each.request.id, {}),
            "states": [
                {"value": state.value, "label": shown.say(label)}
                for state, label in CHOICES.items()
                if state in support.NEXT[each.last.state]
            ],
            "now": each.last.state.value,
            "owner_id": str(each.last.owner_id),
            "waiting_with": each.last.waiting_with,
            "given": [{"value": str(who), "label": names[who]} for who in standing if who in names],
            "others": [each for each in contacts if uuid.UUID(each["value"]) not in standing],
        }
    asks = here.viewer.may(Permission.ASK_SUPPORT)
    wrong = errors.get(None, {})
    return render_template(
        "support.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        requests=rows,
        asks=asks,
        groups=group_rows(shown.language, families=False, work=work),
        sends=here.viewer.may(Permission.SEND_NOTICE),
        saved=request.args.get("saved") == "yes" and not errors,
        today=today.isoformat(),
        form=_form(here, shown, contacts, wrong) if asks else None,
    )


def _form(here: Here, shown: Shown, contacts: list[dict[str, str]], errors: dict[str, str]) -> dict[str, Any]:
    """The fields of a request, as they were sent where something is wrong, else empty."""
    choose = {"value": "", "label": shown.say(CHOOSE)}
    staff = schools.staff_with(here.work, Permission.ASK_SUPPORT, schools.today(here.work))
    sent = request.form if errors else {}
    return {
        "key": sent.get("form_key") or secrets.token_urlsafe(16),
        "values": {name: sent.get(name, "") for name in (*ASKED, "waiting_with", "look_on")}
        | {"owner_id": sent.get("owner_id", str(here.viewer.staff_id))},
        "services": [
            choose,
            *({"value": each.key, "label": each.name_in(shown.language)} for each in support.services() if each.asked),
        ],
        "contacts": [{"value": "", "label": shown.say(NOBODY_YET)}, *contacts],
        "hows": [{"value": each.value, "label": shown.say(label)} for each, label in HOWS.items()],
        "staff": [{"value": str(each.id), "label": each.shown_name or each.name} for each in staff],
        "longest": support.LONGEST_SUPPORT,
        "longest_waiting": support.LONGEST_WAITING,
        "errors": errors,
    }


def open_sentences(here: Here, shown: Shown, student: Student) -> list[str]:
    """What was asked for a child and goes on, for the child's page: the service and where it stands."""
    return [
        f"{support.service_named(each.request.service).name_in(shown.language)}: {state_sentence(shown, each.last)}"
        for each in support.requests_about(here.work, student.id)
        if each.open
    ]


@pages.route("/w/<secret>/support", LINK, endpoint="family_support_page")
def family_support_page(secret: str) -> str | Response:
    """Who can help, and the way to ask for it, the same for every family."""
    with at_home(secret) as home:
        return _family_page(home, secret, {}) if home.known else redirect(here_url(secret))


def _family_page(home: Home, secret: str, errors: dict[str, str]) -> str:
    student, place = child_of(home)
    school = schools.school_of(home.work)
    contact = home.holder.contact
    own = whanau.household_contacts(home.work, contact)
    return render_template(
        "family_support.html",
        school=school.name_in(home.shown.language),
        child=student.preferred_name,
        place=place,
        requests=support_at_home(home.work, home.shown, contact.id, own, student.id),
        services=[
            {"value": each.key, "label": each.name_in(home.shown.language)} for each in support.asked_from_home()
        ],
        groups=group_rows(home.shown.language, families=True, work=home.work),
        key=request.form.get("form_key") or secrets.token_urlsafe(16),
        typed={name: request.form.get(name, "") for name in ("service", "words")} if errors else {},
        longest=support.LONGEST_SUPPORT,
        to_school=request.args.get("done") == "school",
        url=here_url(secret, "family_support_ask"),
        stop_url=here_url(secret, "family_support"),
        back_url=here_url(secret, child=place),
        leave_url=here_url(secret, "family_leave"),
        errors=errors,
        others=other_languages("family_support_page", secret=secret, child=place),
    )


@pages.route("/w/<secret>/support/ask", LINK, methods=("POST",), endpoint="family_support_ask")
def family_support_ask(secret: str) -> Response | tuple[str, int]:
    """They ask for support themselves.

    What may be about somebody's safety goes to school as any message does; so does what the screening cannot read,
    which is asked for as well.
    """
    words = request.form.get("words", "")
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        student, place = child_of(home)
        contact = home.holder.contact
        said = safety.screened(home.work, words)
        if said is not Screened.URGENT:
            key = once_key(contact.id, student.id, request.form.get("service"), words)
            errors = kept(
                home.work,
                lambda: support.ask_from_home(
                    home.work, student, contact.id, request.form.get("service", ""), words, once_key=key
                ),
            )
            if errors:
                return _family_page(home, secret, errors), 400
        holder, school_id = home.holder, home.work.school_id
    if said is not Screened.CLEAR:
        store_words(holder, school_id, student.id, words[: support.LONGEST_SUPPORT])
    done = "school" if said is Screened.URGENT else None
    return redirect(here_url(secret, "family_support_page", child=place, done=done))


@pages.route("/w/<secret>/support", LINK, methods=("POST",))
def family_support(secret: str) -> Response:
    """They take their yes back, with one press on their own page."""
    with at_home(secret) as home:
        request_id = read_id(request.form.get("request_id"))
        if not home.known or request_id is None:
            return redirect(here_url(secret))
        found = support.request_by_id(home.work, request_id)
        if found.student_id not in home.holder.students:
            raise NotFound(N_("That request is not here."))
        consent = Consent(home.holder.contact.id, ConsentHow.PAGE, schools.today(home.work))
        try:
            support.take_back_consent(home.work, found, consent)
        except Conflict:
            # It has ended meanwhile: the page says so.
            return redirect(here_url(secret, _anchor="support"))
    child = request.form.get("child") or None
    return redirect(here_url(secret, child=child, _anchor="support"))
