"""Sharing with a specialist from outside: offered at school, approved at home, each look shown to both."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import schools, specialists, students, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say_many
from commsbridge.foundation.work import Work
from commsbridge.messages import State
from commsbridge.schools import Permission
from commsbridge.specialists import Key, Offer, SharedPart, SpecialistAnswer, SpecialistShare
from commsbridge.students import Student
from commsbridge.web.about import read_day
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id, runtime
from commsbridge.web.family_here import at_home, child_of, here_url
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.links import other_languages
from commsbridge.web.shown import Shown

pages = Pages()
READ = may(Permission.READ_LOG)
KEEP = may(Permission.KEEP_PLAN)
LOOKS_SHOWN = 12
TYPED = ("name", "role", "why", "until_on", "email")
PARTS = {
    SharedPart.PROFILE: N_("Who the child is: what they love, strengths, what helps, what to avoid"),
    SharedPart.NOW: N_("Of the plan: hopes, and how things are now"),
    SharedPart.GOALS: N_("Of the plan: goals"),
    SharedPart.DOING: N_("Of the plan: what changes, what is needed, and what we do"),
}
WAITS = N_("Waits for the yes of whānau. Nothing is open.")
WAITS_FOR_YOU = N_("Waits for your yes. Nothing that your home wrote is open.")
OPEN = N_("Open until the end of %(day)s.")
APPROVED = N_("Whānau said yes. Make a link and a code to open it until the end of %(day)s.")
OVER = N_("Over. Nothing is shared any more.")
OVER_ON = N_("Ended on %(day)s. Nothing is shared any more.")
YES_OF = N_("%(who)s said yes on %(day)s.")
YES_WRITTEN = N_("%(who)s said yes on %(day)s, as %(staff)s wrote down.")
OFFERED = N_("Offered by %(staff)s on %(day)s")
CLOSED_AT_HOME = N_("Closed at home by %(who)s.")
LOOKED = N_("%(day)s, %(time)s")
MAIL_GOES = N_("The link goes to them by mail. Say the code by phone.")
MAIL_LOST = N_("The mail with the link did not arrive. Ring them, and make a new link and code.")
DONE = {
    "yes": N_("Thank you. The school sees that you said yes."),
    "end": N_("Closed. Nothing is shared any more."),
}


def share_rows(
    work: Work, shown: Shown, found: list[SpecialistShare], own: set[uuid.UUID] | None
) -> list[dict[str, Any]]:
    """Offers as both pages show them. ``own``: the contacts of the home that reads; of answers only theirs are told."""
    answers = specialists.answers_to(work, [each.id for each in found])
    looks = specialists.looks_at(work, [each.id for each in found])
    said = [one for each in answers.values() for one in each if own is None or one.contact_id in own]
    closed = {each.ended_at_home for each in found if each.ended_at_home}
    told_of = {each.contact_id for each in said} | (closed if own is None else closed & own)
    names = whanau.contact_names(work, told_of)
    staff = schools.staff_by_id(
        work, {each.offered_by for each in found} | {one.written_by for one in said if one.written_by}
    )
    return [
        {
            "share_id": each.id,
            "name": each.name,
            "role": each.role,
            "why": each.why,
            "parts": [shown.say(PARTS[SharedPart(part)]) for part in each.parts],
            "email": each.email,
            "mailed": _mailed(work, shown, each) if own is None else "",
            "lost": own is None and specialists.mail_stands(work, each) is State.FAILED,
            "over": specialists.is_over(work, each),
            "state": _state(work, shown, each, own, answers[each.id]),
            "closed": shown.say(CLOSED_AT_HOME, who=names[each.ended_at_home]) if each.ended_at_home in names else "",
            "offered": shown.say(OFFERED, staff=staff[each.offered_by].shown_name, day=shown.on(each.offered_at)),
            "yeses": [
                shown.say(
                    YES_WRITTEN if one.written_by else YES_OF,
                    who=names[one.contact_id],
                    day=shown.on(one.at),
                    staff=staff[one.written_by].shown_name if one.written_by else "",
                )
                for one in answers[each.id]
                if one.contact_id in names
            ],
            **_looks(shown, [one.at for one in looks[each.id] if own is None or _since(answers[each.id], own, one.at)]),
            "said": {one.contact_id for one in answers[each.id]},
        }
        for each in found
    ]


def _looks(shown: Shown, times: list[datetime]) -> dict[str, Any]:
    """When they looked, the newest first: how often, the last of them, and of what is older each one too."""
    told = [shown.say(LOOKED, day=shown.on(at), time=shown.time(at)) for at in times]
    often = say_many(shown.language, "They looked %(num)s time", "They looked %(num)s times", len(told))
    return {"looks": told[:LOOKS_SHOWN], "looks_before": told[LOOKS_SHOWN:], "looked": often if told else ""}


def _mailed(work: Work, shown: Shown, share: SpecialistShare) -> str:
    """What became of the mail with the link, to school; "" where none went."""
    stands = specialists.mail_stands(work, share)
    if stands is None:
        return ""
    return shown.say(MAIL_LOST if stands is State.FAILED else MAIL_GOES)


def _since(answers: list[SpecialistAnswer], own: set[uuid.UUID], at: datetime) -> bool:
    """Whether this home had said yes by then: looks before that would tell of another home."""
    return any(each.contact_id in own and each.at <= at for each in answers)


def _state(
    work: Work, shown: Shown, share: SpecialistShare, own: set[uuid.UUID] | None, answers: list[SpecialistAnswer]
) -> str:
    """Where it stands; a home is told by its own yes alone."""
    if share.ended_at is not None:
        return shown.say(OVER_ON, day=shown.on(share.ended_at))
    if specialists.is_over(work, share):
        return shown.say(OVER)
    if own is not None and not any(each.contact_id in own for each in answers):
        return shown.say(WAITS_FOR_YOU)
    if not specialists.approving_homes(work, share):
        return shown.say(WAITS)
    return shown.say(OPEN if share.link else APPROVED, day=shown.date(share.until_on))


@pages.route("/students/<uuid:student_id>/specialists", READ, endpoint="specialists")
def show_shares(student_id: uuid.UUID) -> str:
    """What is shared with whom, by whose yes, and every look."""
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        schools.note_seen(here.work, subject="child", subject_id=student.id)
        return _page(here, student, {})


@pages.route("/students/<uuid:student_id>/specialists", KEEP, methods=("POST",), endpoint="keep_specialists")
def keep_shares(student_id: uuid.UUID) -> str | tuple[str, int] | Response:
    """Offer, write down a yes, make a link and a code (shown once), or end it."""
    made: list[Key] = []
    mailed: list[bool] = []
    with at_school() as here:
        student = students.student_for(here.work, here.viewer, student_id)
        errors = kept(here.work, lambda: _act(here, student, made, mailed))
        if errors:
            return _page(here, student, errors), 409 if "" in errors else 400
        if made:
            return _page(here, student, {}, key=_told(made[0], mailed=any(mailed)))
    return redirect(url_for("specialists", student_id=student_id, saved="yes"))


def _act(here: Here, student: Student, made: list[Key], mailed: list[bool]) -> None:
    act = request.form.get("act", "")
    if act == "offer":
        share = specialists.offer(here.work, student, _offer(here))
        specialists.ask_homes(here.work, share, links=runtime().links)
        return
    share = specialists.share_by_id(here.work, read_id(request.form.get("share_id")) or uuid.UUID(int=0))
    if share.student_id != student.id:
        raise NotFound(N_("That is not here."))
    acts: dict[str, Callable[[], object]] = {
        "yes": lambda: specialists.say_yes(
            here.work, share.id, read_id(request.form.get("contact_id")) or uuid.UUID(int=0)
        ),
        "key": lambda: _make_key(here, share, made, mailed),
        "end": lambda: specialists.end_share(here.work, share.id),
    }
    if act not in acts:
        raise Invalid(N_("Choose what to do."))
    acts[act]()


def _make_key(here: Here, share: SpecialistShare, made: list[Key], mailed: list[bool]) -> None:
    """Make a link and a code; the link goes by mail to the address that whānau read."""
    key = specialists.make_key(here.work, share.id)
    made.append(key)
    mailed.append(specialists.mail_link(here.work, share.id, _url(key)))


def _offer(here: Here) -> Offer:
    name, role, why, until, email = (request.form.get(field, "") for field in TYPED)
    parts = [SharedPart(each) for each in request.form.getlist("parts") if each in set(SharedPart)]
    return Offer(name, role, why, parts, read_day(until, schools.today(here.work), field="until_on"), email)


def _page(here: Here, student: Student, errors: dict[str, str], *, key: dict[str, str] | None = None) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    rows = share_rows(work, shown, list(specialists.shares_about(work, [student.id])), None)
    people = [
        {"value": str(contact.id), "label": contact.name}
        for home in whanau.homes_about(work, student.id, on=schools.today(work))
        for contact, _ in home.people
    ]
    for row in rows:
        row["others"] = [each for each in people if uuid.UUID(each["value"]) not in row["said"]]
    return render_template(
        "specialists.html",
        student={"id": student.id, "name": student.name, "short": student.preferred_name},
        shares=rows,
        keeps=here.viewer.may(Permission.KEEP_PLAN),
        parts=[{"value": part.value, "label": shown.say(label)} for part, label in PARTS.items()],
        typed={name: request.form.get(name, "") for name in TYPED} if errors else {},
        chosen=request.form.getlist("parts") if errors else [],
        key=key,
        days=specialists.CODE_DAYS,
        longest={"named": specialists.LONGEST_NAMED, "why": specialists.LONGEST_WHY},
        errors=errors,
        saved=request.args.get("saved") == "yes" and not errors,
    )


def _url(key: Key) -> str:
    return f"{runtime().settings.public_url}{url_for('specialist', secret=key.secret)}"


def _told(key: Key, *, mailed: bool) -> dict[str, str]:
    """What is shown once: the code, and the link where no mail brings it."""
    return {"url": "" if mailed else _url(key), "code": f"{key.code[:4]} {key.code[4:]}"}


@pages.route("/w/<secret>/specialists", LINK)
def family_specialists(secret: str) -> str | Response:
    """What school would like to share, and what is shared: with whom, why, which parts, until when, and each look."""
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        student, place = child_of(home)
        contact = home.holder.contact
        own = whanau.household_contacts(home.work, contact)
        rows = share_rows(home.work, home.shown, list(specialists.shares_about(home.work, [student.id])), own)
        school = schools.school_of(home.work)
        done = DONE.get(request.args.get("done", ""))
        return render_template(
            "family_specialists.html",
            school=school.name_mi if g.language is Language.MI else school.name_en,
            child=student.preferred_name,
            place=place,
            shares=[{**row, "asks": not row["over"] and contact.id not in row["said"]} for row in rows],
            done=home.shown.say(done) if done else "",
            url=here_url(secret, "family_specialists_act"),
            back_url=here_url(secret, child=place),
            leave_url=here_url(secret, "family_leave"),
            others=other_languages("family_specialists", secret=secret, child=place),
        )


@pages.route("/w/<secret>/specialists", LINK, methods=("POST",))
def family_specialists_act(secret: str) -> Response:
    """Say yes, or end it: at once, and for good."""
    act = request.form.get("act", "")
    with at_home(secret) as home:
        if not home.known:
            return redirect(here_url(secret))
        student, place = child_of(home)
        share = specialists.share_by_id(home.work, read_id(request.form.get("share_id")) or uuid.UUID(int=0))
        if share.student_id != student.id:
            raise NotFound(N_("That is not here."))
        try:
            if act == "yes":
                specialists.say_yes(home.work, share.id, home.holder.contact.id)
            elif act == "end":
                specialists.end_share(home.work, share.id, contact_id=home.holder.contact.id)
        except Conflict:
            # It is over meanwhile: the page says so.
            act = ""
    return redirect(here_url(secret, "family_specialists", child=place, done=act if act in DONE else None))
