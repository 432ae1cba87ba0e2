"""Hui at school: open one, ask the home, prepare it, run it in the room, and follow what was agreed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, meetings, schools, students, whanau
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.meetings import Hears, Hui, HuiKind, HuiState, Whose
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, runtime
from commsbridge.web.book_shown import option
from commsbridge.web.frame import note_frame
from commsbridge.web.hui_acts import PREPARES, RUNS, Act, look_back, purpose_typed
from commsbridge.web.hui_shown import HEARS, hui_facts, kind_title, state_words, whose_home
from commsbridge.web.hui_steps import BY_NAME, mends, soon, who_may
from commsbridge.web.hui_together import HOME, people_in
from commsbridge.web.keeping import kept
from commsbridge.web.partnership_shown import asked_words
from commsbridge.web.shown import Shown
from commsbridge.web.support_requests import open_sentences

pages = Pages()
READ = may(Permission.READ_LOG)
HOLD = may(Permission.HOLD_HUI)
USUAL_MINUTES = 45
TOGETHER = N_("Together, as each of them said: %(one)s; and %(other)s")
DONE = {
    "invite": N_("Asked. The answer will stand here."),
    "call_off": N_("Called off. Whoever had been asked is told."),
    "minutes": N_("The minutes are on their way, and stay as they are from now on."),
    "finish": N_("Held. It stands in the log now."),
}
WITH_NAMED = N_("Something the student said is with the people named for safety.")
RUNG = N_("No message could go to %(people)s: a wish of theirs, a limit or a number stands against it. Ring them.")


def _shown(work: Work) -> Shown:
    return Shown(language(), schools.calendar_of(work), work.now)


@pages.route("/students/<uuid:student_id>/hui", READ, endpoint="student_hui")
def student_hui(student_id: uuid.UUID) -> str:
    """The hui about a child that this person may read, and a form to open one."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        schools.note_seen(here.work, subject="child", subject_id=student.id)
        return _list_page(here, student, {})


@pages.route("/students/<uuid:student_id>/hui", HOLD, methods=("POST",), endpoint="open_hui")
def open_hui(student_id: uuid.UUID) -> tuple[str, int] | Response:
    """Open one; nothing goes out yet."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        made: list[Hui] = []
        errors = kept(here.work, lambda: made.append(_open(here.work, student)))
        if errors:
            return _list_page(here, student, errors), 400
        made_id = made[0].id
    return redirect(url_for("hui", hui_id=made_id))


@pages.route("/students/<uuid:student_id>/hui/not-this-term", HOLD, methods=("POST",))
def hui_not_this_term(student_id: uuid.UUID) -> tuple[str, int] | Response:
    """Say why there is no hui about the plan this term."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        why = request.form.get("why", "")
        errors = kept(here.work, lambda: meetings.not_this_term(here.work, student.id, why))
        if errors:
            return _list_page(here, student, errors), 400
    return redirect(url_for("student_hui", student_id=student_id))


def _open(work: Work, student: Student) -> Hui:
    chosen = request.form.get("home", "")
    both = next((each for each in meetings.pairs_together(work, student) if _both(each) == chosen), None)
    if both is not None:
        return meetings.open_hui(work, student, both[0], purpose_typed(), other=both[1])
    home = next((each for each in meetings.homes_of(work, student) if str(each.key) == chosen), None)
    if home is None:
        raise Invalid(N_("Choose with which home. Each home has a hui of its own."), field="home")
    return meetings.open_hui(work, student, home, purpose_typed())


def _both(pair: tuple[meetings.Home, meetings.Home]) -> str:
    """What names two homes in a form."""
    return "+".join(str(each.key) for each in pair)


def _kinds(shown: Shown) -> list[dict[str, str]]:
    return [{"value": each.value, "label": kind_title(shown, each)} for each in meetings.KIND_NAMES]


def _list_page(here: Here, student: Student, errors: Mapping[str, str]) -> str:
    work = here.work
    shown = _shown(work)
    note_frame(here)
    homes = meetings.homes_of(work, student)
    about = whanau.homes_about(work, student.id, on=schools.today(work))
    asked = {each.key: asked_words(work, shown, each) for each in about}
    form = request.form if errors else {}
    return render_template(
        "hui_list.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        rows=[
            {
                "url": url_for("hui", hui_id=each.id),
                "title": kind_title(shown, each.kind),
                "whose_home": whose_home(work, shown, each, student),
                "state": state_words(shown, each),
            }
            for each in meetings.hui_about(work, here.viewer, student.id)
        ],
        opens=here.viewer.may(Permission.HOLD_HUI),
        support=open_sentences(here, shown, student),
        due=student.id in meetings.iep_due(work, here.viewer),
        why_not=_why_not(work, shown, student),
        homes=[
            *(
                {
                    "value": str(each.key),
                    "label": shown.say(HOME, people=people_in(shown, each)),
                    "small": asked.get(each.key, ""),
                }
                for each in homes
            ),
            *(
                {
                    "value": _both(pair),
                    "label": shown.say(TOGETHER, **dict(zip(("one", "other"), _people(shown, pair), strict=True))),
                }
                for pair in meetings.pairs_together(work, student)
            ),
        ],
        kinds=_kinds(shown),
        values={
            "kind": form.get("kind", HuiKind.CATCH_UP.value),
            "home": form.get("home", str(homes[0].key) if len(homes) == 1 else ""),
            "minutes": form.get("minutes", str(USUAL_MINUTES)),
            **{name: form.get(name, "") for name in ("purpose", "needed", "place", "video_url")},
        },
        longest=meetings.LONGEST_WORDS,
        errors=errors,
    )


def _why_not(work: Work, shown: Shown, student: Student) -> dict[str, str] | None:
    said = meetings.why_not_this_term(work, student.id)
    if said is None:
        return None
    by = schools.staff_by_id(work, [said.staff_id]).get(said.staff_id)
    return {"words": said.why, "by": f"{by.shown_name if by else ''}, {shown.day(said.at)}"}


def _people(shown: Shown, homes: Sequence[meetings.Home]) -> list[str]:
    return [people_in(shown, each) for each in homes]


def _hui_here(here: Here, hui_id: uuid.UUID, *, change: bool = False) -> tuple[Hui, Student]:
    find = meetings.hui_to_change if change else meetings.hui_for
    hui = find(here.work, here.viewer, hui_id)
    schools.note_seen(here.work, subject="child", subject_id=hui.student_id)
    return hui, here.work.session.get_one(Student, hui.student_id)


@pages.route("/hui/<uuid:hui_id>", READ)
def hui(hui_id: uuid.UUID) -> str:
    """A hui as it is prepared: who, when, where, the agenda, and what each says beforehand."""
    with at_school() as here:
        found, student = _hui_here(here, hui_id)
        return _page(here, found, student, {})


@pages.route("/hui/<uuid:hui_id>", HOLD, methods=("POST",), endpoint="change_hui")
def change_hui(hui_id: uuid.UUID) -> tuple[str, int] | Response:
    """Do one thing for it, and come back."""
    act = request.form.get("act", "")
    with at_school() as here:
        found, student = _hui_here(here, hui_id, change=True)
        errors = kept(here.work, lambda: _act(PREPARES, act)(here, found, student))
        if errors:
            return _page(here, found, student, errors), 400
    return redirect(url_for("hui", hui_id=hui_id, done=act if act in DONE else None, _anchor=f"do-{act}"))


def _act(acts: Mapping[str, Act], act: str) -> Act:
    if act not in acts:
        raise NotFound(N_("That hui is not here."))
    return acts[act]


def _page(here: Here, found: Hui, student: Student, errors: Mapping[str, str]) -> str:
    work = here.work
    shown = _shown(work)
    note_frame(here)
    facts = hui_facts(work, shown, found, student, home=False)
    unreached = meetings.not_reached(work, found) if found.state is HuiState.ASKED else []
    done = DONE.get(request.args.get("done", "")) if not errors else None
    return render_template(
        "hui.html",
        hui=facts,
        url=url_for("hui", hui_id=found.id),
        room_url=url_for("hui_room", hui_id=found.id) if found.state in {HuiState.SET, HuiState.HELD} else None,
        file_url=url_for("hui_file", hui_id=found.id) if found.begins_at else None,
        back_url=url_for("student_hui", student_id=student.id) if _sees(here, student) else url_for("today"),
        student={"name": student.name, "short": student.preferred_name},
        done=shown.say(done) if done else "",
        rung=shown.say(RUNG, people=shown.names(unreached)) if unreached else "",
        with_named=shown.say(WITH_NAMED) if meetings.waiting_voices(work, found) else "",
        writes=here.viewer.may(Permission.HOLD_HUI),
        is_open=found.state in {HuiState.PREPARED, HuiState.ASKED, HuiState.SET},
        kinds=_kinds(shown),
        kind=found.kind.value,
        forms_of_school=_forms(work, shown) if found.kind is HuiKind.IEP else [],
        staff=[{"value": "", "label": shown.say(BY_NAME)}, *_staff(work, found)],
        roles=[{"value": key, "label": shown.say(role.name)} for key, role in meetings.ROLES.items()],
        hears=[{"value": each.value, "label": shown.say(HEARS[each])} for each in Hears],
        pictures=_pictures(shown, request.form.getlist("pictures") if errors else ()),
        errors=errors,
        typed=request.form if errors else {},
    )


def _pictures(shown: Shown, pointed: Collection[str]) -> list[dict[str, Any]]:
    """The pictures a student may point at, each with its word."""
    return [
        {"key": key, "label": option(pair, shown.language), "on": key in pointed}
        for key, pair in books.PICTURES.items()
    ]


def _forms(work: Work, shown: Shown) -> list[dict[str, str]]:
    """The school's own forms that the agenda may begin with."""
    return [{"value": str(each.form_id), "label": each.title_in(shown.language)} for each in meetings.forms_of(work)]


def _sees(here: Here, student: Student) -> bool:
    seen = students.students_seen_by(here.work, here.viewer, schools.today(here.work))
    return student.id in {each.id for each in seen}


def _staff(work: Work, found: Hui) -> list[dict[str, str]]:
    able = meetings.those_who_may_come(work, found.student_id)
    return [{"value": str(each.id), "label": each.name} for each in able]


@pages.route("/hui/<uuid:hui_id>/room", READ)
def hui_room(hui_id: uuid.UUID) -> str:
    """The page for the room, and afterwards the minutes and what follows."""
    with at_school() as here:
        found, student = _hui_here(here, hui_id)
        return _room(here, found, student, {})


@pages.route("/hui/<uuid:hui_id>/room", HOLD, methods=("POST",), endpoint="run_hui")
def run_hui(hui_id: uuid.UUID) -> tuple[str, int] | Response:
    """Write down what is spoken, or what came of it, and come back."""
    act = request.form.get("act", "")
    with at_school() as here:
        found, student = _hui_here(here, hui_id, change=True)
        errors = kept(here.work, lambda: _act(RUNS, act)(here, found, student))
        if errors:
            return _room(here, found, student, errors), 400
    return redirect(url_for("hui_room", hui_id=hui_id, done=act if act in DONE else None))


@pages.route("/hui/<uuid:hui_id>/went", READ, methods=("POST",))
def hui_went(hui_id: uuid.UUID) -> tuple[str, int] | Response:
    """Say how a next step went: everyone who was there may, also who only reads."""
    with at_school() as here:
        found, student = _hui_here(here, hui_id)
        errors = kept(here.work, lambda: look_back(here, found))
        if errors:
            return _room(here, found, student, errors), 400
    return redirect(url_for("hui_room", hui_id=hui_id))


def _guests(here: Here, found: Hui) -> list[dict[str, str]]:
    """The guests in whose name whoever looks may write."""
    if not here.viewer.may(Permission.HOLD_HUI):
        return []
    return [{"value": str(each.id), "label": each.name} for each in meetings.guests_there(here.work, found)]


def _room(here: Here, found: Hui, student: Student, errors: Mapping[str, str]) -> str:
    work = here.work
    shown = _shown(work)
    if found.state not in {HuiState.SET, HuiState.HELD}:
        raise NotFound(N_("That hui is not here."))
    note_frame(here)
    done = DONE.get(request.args.get("done", "")) if not errors else None
    return render_template(
        "hui_room.html",
        hui=hui_facts(work, shown, found, student, home=False),
        url=url_for("hui_room", hui_id=found.id),
        went_url=url_for("hui_went", hui_id=found.id),
        back_url=url_for("hui", hui_id=found.id),
        student={"name": student.name, "short": student.preferred_name},
        done=shown.say(done) if done else "",
        papers=[
            {"url": url_for("hui_paper", hui_id=found.id, reo=each.value), "lang": each.tag, "title": each.title}
            for each in Language
        ],
        writes=here.viewer.may(Permission.HOLD_HUI),
        prompts=[shown.say(each) for each in meetings.PROMPTS],
        hard=[shown.say(each) for each in meetings.HARD_MOMENTS],
        who=who_may(work, shown, found, student),
        mends=mends(work, found, student),
        soon=soon(work, shown),
        whose=[
            {"value": Whose.STUDENT.value, "label": student.preferred_name},
            {"value": Whose.SCHOOL.value, "label": shown.say(N_("School"))},
            *_guests(here, found),
        ],
        errors=errors,
        typed=request.form if errors else {},
    )


@pages.route("/hui/<uuid:hui_id>/calendar.ics", READ)
def hui_file(hui_id: uuid.UUID) -> FlaskResponse:
    """The hui for a calendar; it names nobody."""
    with at_school() as here:
        found, _ = _hui_here(here, hui_id)
        return calendar_answer(here.work, _shown(here.work), found)


def calendar_answer(work: Work, shown: Shown, found: Hui) -> FlaskResponse:
    """A hui as a file that a calendar takes."""
    host = urlsplit(runtime().settings.public_url).hostname or "commsbridge"
    content = meetings.hui_calendar(work, found, language=shown.language, host=host)
    answer = FlaskResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="hui.ics"'
    return answer
