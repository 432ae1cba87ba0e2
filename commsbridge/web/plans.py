"""A child's plan at school: written in, agreed to, looked at again; on paper in both languages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response as Paper
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import books, conversations, messages, partnership, plans, schools, students, whanau
from commsbridge.books import Holds
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.paper import set_on_paper
from commsbridge.partnership import Moment
from commsbridge.plans import Around, Item, Part, Place, Plan, Standing
from commsbridge.schools import Permission
from commsbridge.students import Student, Tells
from commsbridge.web.about import about_rows, read_day
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id, runtime
from commsbridge.web.book_shown import title_of
from commsbridge.web.directory_shown import group_rows
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.plan_shown import on_paper, plan_rows
from commsbridge.web.plan_words import AROUND, PARTS, PLACES
from commsbridge.web.shown import Shown
from commsbridge.web.support_requests import open_sentences
from commsbridge.whanau import Contact, MayMessage

pages = Pages()
READ = may(Permission.READ_LOG)
KEEP = may(Permission.KEEP_PLAN)
TITLE = N_("The plan for %(name)s")
ANYWHERE = N_("Wherever it helps")
NOTHING_AROUND = N_("It is no change around the child")
NO_GOAL = N_("No goal of a book")
FOR_ALL = N_("School’s words, or the child’s: every home reads them")
WORDS_OF = N_("The words of %(who)s: their home and school read them")
FROM_REPLY = N_("%(who)s wrote this to school. Choose where it belongs, and keep it in their words.")
LATELY = 12
TYPED = ("part", "words", "place", "who", "by_on", "said_by", "home", "around", "goal_id")
ORDER = (Tells.LOVES, Tells.STRENGTHS, Tells.HELPS, Tells.AVOIDS)


@pages.route("/students/<uuid:student_id>/plan", READ, endpoint="plan")
def show_plan(student_id: uuid.UUID) -> str:
    """The plan as it stands, with what changed; or the way to begin one."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        schools.note_seen(here.work, subject="child", subject_id=student.id)
        return _page(here, student, {}, typed=_from_reply(here, student))


@pages.route("/students/<uuid:student_id>/plan", KEEP, methods=("POST",), endpoint="keep_plan")
def keep_plan(student_id: uuid.UUID) -> tuple[str, int] | Response:
    """Write in the plan: each act is one form, and says which version its writer had read."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        errors = kept(here.work, lambda: _act(here, student))
        if errors:
            return _page(here, student, errors), 409 if "" in errors else 400
    return redirect(url_for("plan", student_id=student_id, saved="yes"))


def _act(here: Here, student: Student) -> None:
    act = request.form.get("act", "")
    if act == "begin":
        plans.begin_plan(here.work, student, review_on=_review(here))
        return
    plan = plans.plan_of(here.work, student.id)
    if plan is None:
        raise Conflict(N_("There is no plan yet. Begin one first."))
    acts: dict[str, Callable[[Here, Plan], object]] = {
        "item": _keep_item,
        "drop": lambda here, plan: plans.drop_item(here.work, plan, _item_id(), seen=_seen()),
        "review": lambda here, plan: plans.set_review(here.work, plan, _review(here), seen=_seen()),
        "sign": lambda here, plan: plans.agree_for_school(here.work, plan, number=_seen(), links=runtime().links),
        "yes": partial(_write_yes, student=student),
        "tag": lambda here, plan: plans.tag_praise(
            here.work, plan, _item_id(), read_id(request.form.get("message_id")) or uuid.UUID(int=0)
        ),
        "end": lambda here, plan: plans.end_plan(here.work, plan),
    }
    if act not in acts:
        raise Invalid(N_("Choose what to do."))
    acts[act](here, plan)


def _seen() -> int:
    written = request.form.get("seen", "")
    return int(written) if written.isdecimal() and len(written) < 6 else 0


def _item_id() -> uuid.UUID:
    return read_id(request.form.get("item_id")) or uuid.UUID(int=0)


def _review(here: Here) -> Any:
    return read_day(request.form.get("review_on", ""), schools.today(here.work), field="review_on")


def _keep_item(here: Here, plan: Plan) -> None:
    part, place, by_on, around = (request.form.get(name, "") for name in ("part", "place", "by_on", "around"))
    home = read_id(request.form.get("home"))
    if home is not None and home not in _homes(here, plan.student_id):
        raise Invalid(N_("Choose whose words they are."), field="home")
    standing = {each.id: each for each in plans.standing_of(here.work, plan).items}
    known = standing.get(_item_id())
    item = Item(
        known.id if known else uuid.uuid4(),
        known.part if known else Part(part) if part in set(Part) else Part.NOW,
        request.form.get("words", ""),
        Place(place) if place in set(Place) else None,
        request.form.get("who", ""),
        read_day(by_on, schools.today(here.work), field="by_on") if by_on else None,
        known.home if known else home,
        request.form.get("said_by", ""),
        read_id(request.form.get("goal_id")),
        Around(around) if around in set(Around) else None,
    )
    plans.keep_item(here.work, plan, item, seen=_seen())


def _write_yes(here: Here, plan: Plan, *, student: Student) -> None:
    wanted = read_id(request.form.get("contact_id"))
    chosen = next((each for each in _contacts(here, student.id) if each.id == wanted), None)
    if chosen is None:
        raise Invalid(N_("Choose someone we may tell about this child."), field="contact_id")
    plans.agree(here.work, plan, number=_seen(), contact=chosen)


def _contacts(here: Here, student_id: uuid.UUID) -> list[Contact]:
    on = schools.today(here.work)
    cards = whanau.contacts_of(here.work, student_id, on=on, with_limited=False, sender_ids=())
    return [each.contact for each in cards if each.guardianship.may_message == MayMessage.YES]


def _homes(here: Here, student_id: uuid.UUID) -> dict[uuid.UUID, list[str]]:
    """The homes of a child, each with the names of whoever of it hears from school."""
    homes: dict[uuid.UUID, list[str]] = {}
    for each in _contacts(here, student_id):
        homes.setdefault(plans.home_of(each), []).append(each.name)
    return homes


def own_words(here: Here, student: Student, shown: Shown) -> list[dict[str, Any]]:
    """What the child and whānau said for the page about the child: the plan begins with it."""
    said = about_rows(here.work, student, shown)
    return [said[each.value] for each in ORDER if each.value in said]


def _from_reply(here: Here, student: Student) -> dict[str, str]:
    """What somebody at home wrote to school, ready to be put in the plan as theirs; {}: nothing."""
    reply_id = read_id(request.args.get("reply"))
    rows = conversations.inbox_of(here.work, reply_id) if reply_id else []
    reply = next((each.reply for each in rows if each.about.student_id == student.id), None)
    known = {each.id: each for each in _contacts(here, student.id)}
    if reply is None or reply.contact_id not in known or not reply.proven:
        return {}
    writer = known[reply.contact_id]
    return {
        "act": "item",
        "part": Part.HOPES.value,
        "words": reply.words[: plans.LONGEST_ITEM],
        "said_by": writer.name[: plans.LONGEST_NAMED],
        "home": str(plans.home_of(writer)),
    }


def _page(here: Here, student: Student, errors: dict[str, str], *, typed: dict[str, str] | None = None) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    plan = plans.plan_of(work, student.id)
    standing = plans.standing_of(work, plan) if plan else None
    keeps = here.viewer.may(Permission.KEEP_PLAN)
    wrote = (typed or {}).get("said_by", "")
    return render_template(
        "plan.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        says=own_words(here, student, shown),
        about_url=url_for("about", student_id=student.id) if here.viewer.may(Permission.WRITE_NOTE) else None,
        plan=plan_rows(work, shown, student, standing) if standing else None,
        form=_form(here, shown, student, standing) if keeps else None,
        typed=_typed(standing) if errors else typed or {},
        written=shown.say(FROM_REPLY, who=wrote) if wrote else "",
        errors=errors,
        saved=request.args.get("saved") == "yes" and not errors,
        groups=group_rows(shown.language, families=False, work=work),
        support=open_sentences(here, shown, student),
        sends=here.viewer.may(Permission.SEND_NOTICE),
        papers=[
            {"url": url_for("plan_paper", student_id=student.id, reo=each.value), "label": each.title}
            for each in Language
        ]
        if plan
        else [],
    )


def _typed(standing: Standing | None) -> dict[str, str]:
    """What was typed, for the form it came from: ``item_id`` of what was to be said otherwise, "" of what is new."""
    known = {str(each.id) for each in standing.items} if standing else set[str]()
    item_id = request.form.get("item_id", "")
    told = {name: request.form.get(name, "") for name in TYPED}
    return {**told, "act": request.form.get("act", ""), "item_id": item_id if item_id in known else ""}


def _form(here: Here, shown: Shown, student: Student, standing: Standing | None) -> dict[str, Any]:
    homes = _homes(here, student.id)
    sections = [
        section
        for book in books.books_of(here.work, [student.id])
        for section in books.sections_of(here.work, book)
        if section.holds is Holds.GOAL
    ]
    return {
        "parts": [{"value": part.value, "label": shown.say(label)} for part, label in PARTS.items()],
        "places": [
            {"value": "", "label": shown.say(ANYWHERE)},
            *({"value": place.value, "label": shown.say(label)} for place, label in PLACES.items()),
        ],
        "arounds": [
            {"value": "", "label": shown.say(NOTHING_AROUND)},
            *({"value": each.value, "label": shown.say(label)} for each, label in AROUND.items()),
        ],
        "homes": [
            {"value": "", "label": shown.say(FOR_ALL)},
            *({"value": str(key), "label": shown.say(WORDS_OF, who=shown.names(who))} for key, who in homes.items()),
        ],
        "goals": [
            {"value": "", "label": shown.say(NO_GOAL)},
            *({"value": str(each.id), "label": title_of(each, shown.language)} for each in sections),
        ],
        "contacts": [{"value": str(each.id), "label": each.name} for each in _contacts(here, student.id)],
        "praise": _lately(here, shown, student) if standing else [],
        "items": {each.id: {**_values(each), "changes": each.part is Part.ADJUSTMENT} for each in standing.items}
        if standing
        else {},
        "longest": plans.LONGEST_ITEM,
        "longest_named": plans.LONGEST_NAMED,
    }


def _values(item: Item) -> dict[str, str | bool]:
    return {
        "changes": item.part is Part.ADJUSTMENT,
        "words": item.words,
        "place": item.place.value if item.place else "",
        "who": item.who,
        "by_on": item.by_on.isoformat() if item.by_on else "",
        "said_by": item.said_by,
        "goal_id": str(item.goal_id or ""),
        "around": item.around.value if item.around else "",
    }


def _lately(here: Here, shown: Shown, student: Student) -> list[dict[str, str]]:
    """The praise of lately that may show how a goal goes."""
    found = partnership.timeline(here.work, student.id, moments=(Moment.PRAISE,), limit=LATELY)
    ids = [each.line.subject_id for each in found if each.line.subject == "message" and each.line.subject_id]
    told = messages.written(here.work, ids)
    return [
        {
            "value": str(each),
            "label": f"{shown.day(told[each].message.made_at)}: "
            f"{messages.words_of(told[each], student.preferred_name, shown.language)[:80]}",
        }
        for each in ids
        if each in told and told[each].message.undone_at is None
    ]


@pages.route("/students/<uuid:student_id>/plan/<reo>.pdf", READ)
def plan_paper(student_id: uuid.UUID, reo: str) -> Paper:
    """The plan on paper as school reads it: tagged, in the language chosen."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        plan = plans.plan_of(here.work, student.id)
        chosen = Language(reo) if reo in set(Language) else language()
        shown = Shown(chosen, schools.calendar_of(here.work), here.work.now)
        if plan is None:
            raise NotFound(N_("That plan is not here."))
        standing = plans.standing_of(here.work, plan)
        told = on_paper(shown, plan_rows(here.work, shown, student, standing), own_words(here, student, shown))
        schools.note_seen(here.work, subject="child", subject_id=student.id)
        foot = schools.school_of(here.work).name_in(chosen)
        return printed(shown, student, told, foot=foot)


def printed(shown: Shown, student: Student, told: dict[str, Any], *, foot: str) -> Paper:
    """A plan as a tagged PDF."""
    pdf = set_on_paper(
        "web/papers/plan.typ",
        told,
        title=shown.say(TITLE, name=student.preferred_name),
        foot=foot,
        language=shown.language,
        made_at=shown.now,
    )
    return Paper(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="plan.pdf"'})
