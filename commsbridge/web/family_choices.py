"""What a contact chooses on their own page, what is held about them, and what they may ask the school for."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import time, timedelta
from functools import partial
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, conversations, messages, schools, students, tasks, whanau
from commsbridge.books import Comes
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.working_days import DECIDED_WITHIN, working_days_after
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import read_id
from commsbridge.web.asked_copies import copies_at_home
from commsbridge.web.family_held import held_rows
from commsbridge.web.family_here import Home, at_home, here_url, store_words
from commsbridge.web.family_trust import keep_word, looked_rows
from commsbridge.web.keeping import kept
from commsbridge.web.links import HEARS, other_languages
from commsbridge.web.pauses import paused_until, read_day
from commsbridge.web.wishes import WEEKENDS, options, ticked_questions
from commsbridge.whanau import Asked, Channel, WishKind

pages = Pages()
safety = conversations.safety
Screened = conversations.safety.Screened
LONGEST_ASKED = 1000
WROTE_WITHIN = timedelta(days=365)
COMES: dict[str, tuple[str, str | None]] = {
    Comes.EACH: (N_("Each page as it is written"), None),
    Comes.DAILY: (N_("Once a school day, at four"), None),
    Comes.WEEKLY: (N_("Once a week, on its last school day at four"), None),
    Comes.NEVER: (N_("Not by message: I look here"), None),
}
TONGUES = {"mi": "Te reo Māori", "en": "English", "both": None}
BOTH = N_("Te reo Māori and English")
ALL_CHILDREN = N_("All my children here")
ONLY = N_("Only %(name)s")
ASKED_COPY = N_(
    "Thank you. A person at the school will decide by %(day)s, and check that nobody else’s words are in it."
)
ASKED_CORRECTION = N_("Thank you. A person at the school will answer you by %(day)s.")
WHOLE = N_("Texts bring all the words of the book, as you asked in writing on %(day)s.")
KEPT = N_("Kept. It holds from now on.")
DONE = {"kept": KEPT, "copy": ASKED_COPY, "correction": ASKED_CORRECTION}


@pages.route("/w/<secret>/choices", LINK, methods=("GET", "POST"))
def family_choices(secret: str) -> str | tuple[str, int] | Response:
    """Choose how it comes, see what is held, ask for a copy or to have something put right."""
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        if request.method == "GET":
            return _page(home, secret, {})
        act = request.form.get("act", "")
        holder, school_id = home.holder, home.work.school_id
        words = request.form.get("words", "")
        # What worries takes the way of everything that comes in, to the people named for safety; what the screening
        # cannot read takes it as well.
        screens = act == "correction" and bool(holder.students)
        said = safety.screened(home.work, words) if screens else Screened.CLEAR
        errors = kept(home.work, lambda: _act(home, act)) if said is not Screened.URGENT else {}
        if errors:
            return _page(home, secret, errors), 400
    if said is not Screened.CLEAR:
        store_words(holder, school_id, holder.students[0], words[:LONGEST_ASKED])
    if act == "close":
        return redirect(here_url(secret))
    done = act if act in {"copy", "correction"} else "kept"
    reo = None if act == "language" else request.args.get("reo")
    return redirect(url_for("family_choices", secret=secret, reo=reo, done=done))


def _act(home: Home, act: str) -> None:
    acts: dict[str, Callable[[Home], None]] = {
        "language": _set_language,
        "book": _set_book,
        "wishes": _set_wishes,
        "hours": _set_hours,
        "pause": _pause,
        "resume": _resume,
        "copy": partial(_ask, kind=TaskKind.COPY_ASKED),
        "correction": partial(_ask, kind=TaskKind.CORRECTION_ASKED),
        "close": _close,
        "word": keep_word,
        "way": _set_way,
        "whole_end": _end_whole,
    }
    if act in acts:
        acts[act](home)


def _set_language(home: Home) -> None:
    if request.form.get("language") in TONGUES:
        whanau.ask_language(home.work, home.holder.contact, request.form["language"], by_family=True)


def _set_book(home: Home) -> None:
    if request.form.get("comes") in set(Comes):
        tells_none = request.form.get("tells_none") == "yes"
        comes = Comes(request.form["comes"])
        books.set_how_it_comes(home.work, home.holder.contact.id, comes=comes, tells_none=tells_none)


def _set_way(home: Home) -> None:
    if request.form.get("channel") in set(Channel):
        whanau.prefer(home.work, home.holder.contact, Channel(request.form["channel"]), evidence="link")


def _end_whole(home: Home) -> None:
    books.end_whole(home.work, home.holder.contact.id)


def _set_wishes(home: Home) -> None:
    not_from = frozenset(_writers(home)) & {read_id(each) for each in request.form.getlist("not_from")}
    asked = Asked(_one("hears", HEARS), _about(home), _one("weekend", WEEKENDS), ticked_questions(), not_from)
    messages.set_wishes(home.work, home.holder.contact.id, asked, evidence="link", evidence_id=home.holder.delivery.id)


def _writers(home: Home) -> dict[uuid.UUID, str]:
    """Whoever wrote to them within the year, and whom they named before, by name: they choose among these."""
    work, contact = home.work, home.holder.contact
    wrote = messages.writers_to(work, contact.id, since=work.now - WROTE_WITHIN)
    named = whanau.wishes_of(work, [contact.id])[contact.id].not_from
    staff = schools.staff_by_id(work, {*wrote, *named})
    return {each.id: each.shown_name for each in sorted(staff.values(), key=lambda each: each.shown_name)}


def _set_hours(home: Home) -> None:
    messages.set_hours(home.work, home.holder.contact, quiet_from=_time("quiet_from"), quiet_until=_time("quiet_until"))


def _pause(home: Home) -> None:
    until_on = read_day(request.form.get("until_on", ""))
    messages.pause(home.work, contact_id=home.holder.contact.id, until_on=until_on, by_family=True)


def _close(home: Home) -> None:
    books.close_pages(home.work, home.holder.contact.id)


def _one(field: str, offered: dict[str, tuple[str, str | None]]) -> WishKind | None:
    written = request.form.get(field, "")
    return WishKind(written) if written and written in offered else None


def _about(home: Home) -> frozenset[Any]:
    chosen = read_id(request.form.get("about"))
    return frozenset({chosen}) if chosen in home.holder.students else frozenset()


def _time(field: str) -> time | None:
    written = request.form.get(field, "")
    try:
        return time.fromisoformat(written) if written else None
    except ValueError:
        raise Invalid(N_("Write a time like 15:30."), field=field) from None


def _resume(home: Home) -> None:
    """What they began here or by text is theirs to end; what the school began is not."""
    on = schools.today(home.work)
    for each in whanau.running_pauses(home.work, on=on, contact_ids=[home.holder.contact.id]):
        if each.asked_by_family:
            messages.end_pause(home.work, each.id)


def _ask(home: Home, *, kind: TaskKind) -> None:
    """A task for a leader, who checks authority: never the asker's own doing."""
    words = request.form.get("words", "").strip()[:LONGEST_ASKED] if kind is TaskKind.CORRECTION_ASKED else ""
    if kind is TaskKind.CORRECTION_ASKED and not words:
        raise Invalid(N_("Say in a few words what is wrong, and what is right."), field="words")
    tasks.give_task(
        home.work,
        kind,
        role=Role.LEADER,
        contact_id=home.holder.contact.id,
        subject_id=home.holder.contact.id if kind is TaskKind.COPY_ASKED else None,
        words=words,
        due_on=working_days_after(schools.today(home.work), DECIDED_WITHIN),
    )


def _page(home: Home, secret: str, errors: dict[str, str]) -> str:
    work, contact, shown = home.work, home.holder.contact, home.shown
    on = schools.today(work)
    school = schools.school_of(work)
    wish = books.how_it_comes(work, [contact.id]).get(contact.id)
    asked = whanau.wishes_of(work, [contact.id])[contact.id]
    writing = books.writing_of(work, contact.id)
    names = students.names_of(work, home.holder.students)
    # What began for somebody's safety is never shown to the home it is about.
    paused = whanau.running_pauses(work, on=on, contact_ids=[contact.id])
    running = [each for each in paused if not each.for_safety]
    done = DONE.get(request.args.get("done", ""))
    return render_template(
        "family_choices.html",
        school=school.name_mi if g.language is Language.MI else school.name_en,
        url=here_url(secret, "family_choices"),
        back_url=here_url(secret),
        done=shown.say(done, day=shown.date(working_days_after(on, DECIDED_WITHIN))) if done else "",
        tongues=[
            {"value": value, "label": name or shown.say(BOTH), "lang": {"mi": "mi", "en": "en-NZ"}.get(value)}
            for value, name in TONGUES.items()
        ],
        tongue=whanau.language_of(work, contact.id, on=on),
        comes=options(shown, COMES),
        coming=(wish.comes if wish else Comes.EACH).value,
        hears=options(shown, HEARS),
        weekends=options(shown, WEEKENDS),
        children=[
            {"value": "", "label": shown.say(ALL_CHILDREN)},
            *(
                {"value": str(each), "label": shown.say(ONLY, name=names[each].preferred)}
                for each in home.holder.students
            ),
        ]
        if len(home.holder.students) > 1
        else [],
        asked={
            "questions": asked.questions,
            "not_from": {str(each) for each in asked.not_from},
            "hears": asked.hears or "",
            "weekend": asked.weekend or "",
            "about": next((str(each) for each in home.holder.students if each in asked.about), ""),
        },
        writers=[{"value": str(staff_id), "name": name} for staff_id, name in _writers(home).items()],
        quiet={"from": _hour(contact.quiet_from), "until": _hour(contact.quiet_until)},
        paused=paused_until(shown, running) or "",
        tells_none=bool(wish and wish.tells_none),
        may_resume=any(each.asked_by_family for each in running),
        held=held_rows(work, contact, shown, names),
        copies=copies_at_home(work, shown, secret, contact),
        looked=looked_rows(home),
        reach=[{"value": each.value, "label": shown.channel(each)} for each in whanau.ways_to_choose(work, contact.id)],
        whole=shown.say(WHOLE, day=shown.date(writing.written_on)) if writing else "",
        has_word=books.has_word(work, contact.id),
        form_key=secrets.token_hex(16),
        longest=LONGEST_ASKED,
        errors=errors,
        leave_url=here_url(secret, "family_leave"),
        others=other_languages("family_choices", secret=secret),
    )


def _hour(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""
