"""A hui on a contact's own page: they choose the time and the people, say how it should be, and follow what was agreed.

Another home of the child has a hui of its own; nothing here shows that there is one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from flask import Response as FlaskResponse
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, meetings, schools, students, whanau
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.meetings import Agrees, Helped, Hui, HuiState, Welcome, Whose
from commsbridge.students import Student
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import runtime
from commsbridge.web.family_here import Home, at_home, here_url, store_words
from commsbridge.web.hui import calendar_answer
from commsbridge.web.hui_acts import CHOOSE, an_id, bring_typed, mail_typed, one_of, wishes_typed
from commsbridge.web.hui_shown import hui_facts
from commsbridge.web.keeping import kept
from commsbridge.web.links import other_languages

pages = Pages()
safety = conversations.safety
Screened = conversations.safety.Screened
WRITTEN = ("wish_place", "tikanga", "interpreter", "support", "access", "words", "name", "why", "agrees_words",
           "correction", "explained")  # fmt: skip
TOLD = {
    "kept": N_("Kept. The school sees it."),
    "chosen": N_("Thank you. The time is set, and we will write to you."),
    "waits": N_("Kept. The time is set once the other home has chosen it too."),
    "none": N_("Thank you. The school will offer other times."),
    "school": N_("Thank you. Your words are with the school, and a person will read them."),
}


@pages.route("/w/<secret>/hui/<uuid:hui_id>", LINK, methods=("GET", "POST"))
def family_hui(secret: str, hui_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """The hui of this home: read it, answer, say, and look back.

    What may be about somebody's safety goes to the people named for that instead, like all that comes from home; what
    the screening cannot read is kept, and goes to a person as a message as well.
    """
    act = request.form.get("act", "") if request.method == "POST" else ""
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        hui, student = _hui(home, hui_id, change=bool(act))
        if not act:
            return _page(home, secret, hui, student, {})
        said = safety.screened(home.work, _words())
        holder, school_id, done = home.holder, home.work.school_id, "school"
        if said is not Screened.URGENT:
            errors = kept(home.work, lambda: _act(act)(home, hui))
            if errors:
                return _page(home, secret, hui, student, errors), 400
            done = _done(act, hui)
    if said is not Screened.CLEAR:
        store_words(holder, school_id, student.id, _words())
    return redirect(here_url(secret, "family_hui", hui_id=hui_id, done=done))


def _hui(home: Home, hui_id: uuid.UUID, *, change: bool) -> tuple[Hui, Student]:
    holder = home.holder
    hui = meetings.hui_at_home(home.work, holder.contact, holder.students, hui_id, change=change)
    return hui, home.work.session.get_one(Student, hui.student_id)


def _words() -> str:
    return "\n".join(words for name in WRITTEN if (words := request.form.get(name, "").strip()))[
        : meetings.LONGEST_WORDS
    ]


def _done(act: str, hui: Hui) -> str:
    if act != "choose":
        return "kept"
    if request.form.get("number") == "0":
        return "none"
    return "chosen" if hui.state is HuiState.SET else "waits"


def _choose(home: Home, hui: Hui) -> None:
    number, contact_id = request.form.get("number", ""), home.holder.contact.id
    if number == "0":
        meetings.none_suits(home.work, hui, contact_id)
    elif number in {"1", "2", "3"}:
        meetings.choose(home.work, hui, int(number), contact_id=contact_id, links=runtime().links)
    else:
        raise Invalid(CHOOSE, field="number")


def _person(home: Home, hui: Hui) -> None:
    welcome = one_of(Welcome, "welcome")
    meetings.decide_person(home.work, hui, an_id("person_id"), welcome, contact_id=home.holder.contact.id)


def _bring(home: Home, hui: Hui) -> None:
    bring_typed(home.work, hui, home.holder.contact.id)


def _mail(home: Home, hui: Hui) -> None:
    mail_typed(home.work, hui, home.holder.contact.id)


def _wishes(home: Home, hui: Hui) -> None:
    meetings.say_wishes(home.work, hui, wishes_typed(), contact_id=home.holder.contact.id)


def _item(home: Home, hui: Hui) -> None:
    contact_id = home.holder.contact.id
    meetings.add_items(home.work, hui, Whose.FAMILY, [request.form.get("words", "")], contact_id=contact_id)


def _voice(home: Home, hui: Hui) -> None:
    meetings.say_for_family(home.work, hui, request.form.get("words", ""), contact_id=home.holder.contact.id)


def _agree(home: Home, hui: Hui) -> None:
    words = request.form.get("agrees_words", "")
    agrees = one_of(Agrees, "agrees")
    meetings.agree(home.work, hui, an_id("item_id"), agrees, words, contact_id=home.holder.contact.id)


def _end(home: Home, hui: Hui) -> None:
    """A family ends its own steps alone."""
    step_id = an_id("step_id")
    own = whanau.home_of(home.holder.contact)
    steps = meetings.steps_of(home.work, [hui.id])
    if step_id not in {each.id for each in steps if each.by_family and each.home in {None, own}}:
        raise NotFound(N_("That next step is not here."))
    done = request.form.get("done") == "yes"
    meetings.end_step(
        home.work, hui, step_id, done=done, explained=request.form.get("explained", ""), links=runtime().links
    )


def _evaluate(home: Home, hui: Hui) -> None:
    whose = Whose.STUDENT if request.form.get("whose") == Whose.STUDENT else Whose.FAMILY
    meetings.evaluate(
        home.work,
        hui,
        an_id("step_id"),
        whose=whose,
        helped=one_of(Helped, "helped"),
        words=request.form.get("words", ""),
        contact_id=home.holder.contact.id,
    )


def _correct(home: Home, hui: Hui) -> None:
    words, contact_id = request.form.get("correction", ""), home.holder.contact.id
    meetings.correct(home.work, hui, words, contact_id=contact_id, links=runtime().links)


def _apart(home: Home, hui: Hui) -> None:
    meetings.leave_together(home.work, hui, contact_id=home.holder.contact.id, links=runtime().links)


ACTS: Mapping[str, Callable[[Home, Hui], None]] = {
    "choose": _choose,
    "person": _person,
    "bring": _bring,
    "mail": _mail,
    "wishes": _wishes,
    "item": _item,
    "voice": _voice,
    "agree": _agree,
    "end": _end,
    "evaluate": _evaluate,
    "correct": _correct,
    "apart": _apart,
}


def _act(act: str) -> Callable[[Home, Hui], None]:
    if act not in ACTS:
        raise NotFound(N_("That hui is not here."))
    return ACTS[act]


def _page(home: Home, secret: str, hui: Hui, student: Student, errors: Mapping[str, str]) -> str:
    work, shown = home.work, home.shown
    school = schools.school_of(work)
    own = whanau.home_of(home.holder.contact)
    facts = hui_facts(work, shown, hui, student, home=True, speaks=own)
    for each in facts["items"]:
        each["agrees"] = next((one["value"] for one in each["homes"] if one["home"] == str(own)), each["agrees"])
    for each in facts["steps"]:
        each["by_family"] = each["by_family"] and each["home"] in {None, own}
    if not facts["sent"]:
        # What is being written down in the room is read out there; it stands here once it has gone out.
        facts |= {"items": [{**each, "decided": ""} for each in facts["items"]], "steps": []}
    told = TOLD.get(request.args.get("done", "")) if not errors else None
    return render_template(
        "family_hui.html",
        school=school.name_mi if shown.language is Language.MI else school.name_en,
        hui=facts,
        url=here_url(secret, "family_hui", hui_id=hui.id),
        file_url=here_url(secret, "family_hui_file", hui_id=hui.id) if hui.begins_at else None,
        back_url=here_url(secret),
        is_open=hui.state in {HuiState.ASKED, HuiState.SET},
        told=shown.say(told) if told else "",
        papers=[
            {
                "url": url_for("family_hui_paper", secret=secret, hui_id=hui.id, reo=each.value),
                "lang": each.tag,
                "title": each.title,
            }
            for each in Language
        ],
        whose=[
            {"value": Whose.FAMILY.value, "label": shown.say(N_("Whānau"))},
            {"value": Whose.STUDENT.value, "label": student.preferred_name},
        ],
        errors=errors,
        typed=request.form if errors else {},
        leave_url=here_url(secret, "family_leave"),
        others=other_languages("family_hui", secret=secret, hui_id=hui.id),
    )


@pages.route("/w/<secret>/hui", LINK, methods=("POST",))
def family_wants_hui(secret: str) -> Response:
    """The standing invitation, taken up: a person who opens hui is asked, once until it is settled."""
    child = request.form.get("child", "")
    with at_home(secret) as home:
        names = students.names_of(home.work, home.holder.students)
        ordered = sorted(home.holder.students, key=lambda each: names[each].preferred)
        if not home.known or not child.isdecimal() or not 0 < int(child) <= len(ordered):
            return redirect(here_url(secret))
        meetings.ask_for_hui(home.work, home.holder.contact.id, ordered[int(child) - 1])
    return redirect(here_url(secret, child=child, hui="asked"))


@pages.route("/w/<secret>/hui/<uuid:hui_id>/calendar.ics", LINK)
def family_hui_file(secret: str, hui_id: uuid.UUID) -> FlaskResponse | Response:
    """Their hui for their own calendar."""
    with at_home(secret) as home:
        if not home.known:
            return redirect(url_for("family", secret=secret))
        hui, _ = _hui(home, hui_id, change=False)
        return calendar_answer(home.work, home.shown, hui)
