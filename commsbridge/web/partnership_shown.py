"""The partnership of one home with school about one child, as facts: school's page and the home's show the same."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from commsbridge import (
    books,
    conversations,
    meetings,
    messages,
    plans,
    reports,
    schools,
    specialists,
    students,
    support,
    whanau,
)
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.language import N_
from commsbridge.foundation.reo_dates import clock_time
from commsbridge.foundation.work import Work
from commsbridge.meetings import Hui, HuiPerson, HuiState, Welcome
from commsbridge.messages import MessageKind
from commsbridge.plans import Part
from commsbridge.schools import Viewer
from commsbridge.students import Student
from commsbridge.web.book_agreed import FOR_SCHOOL
from commsbridge.web.book_shown import RHYTHMS, title_of
from commsbridge.web.hui_shown import state_words, step_row
from commsbridge.web.plan_agreed import AGREED_HOME, AGREED_WRITTEN
from commsbridge.web.plan_shown import plan_rows
from commsbridge.web.shown import Shown, phrase_lang
from commsbridge.whanau import HomeOfChild

TEACHES = N_("teaches %(name)s")
KEEPS_PLAN = N_("keeps the plan")
FOLLOWS = N_("follows up what was asked for")
SPEAKS = N_("opened the hui")
COMES_PLAIN = N_("comes to the hui")
COMES = N_("comes to the hui: %(role)s")
OUTSIDE = N_("%(role)s, from outside school; sees what your home said yes to, until %(day)s")
REACH_SCHOOL = N_("Answer a message, or ring the school on %(phone)s.")
REACH_PLAIN = N_("Answer a message, or write on the page of the family.")
REACHED_BY = N_("How we reach %(who)s first: %(way)s")
READ = N_("Messages are read on school days, from %(opens)s to %(closes)s.")
NOT_REACHED = N_("%(who)s: no way to reach them is written down")
OTHER_HOME = N_("Both homes asked to be named to one another. The other home: %(names)s.")
CAME = N_("Messages that came in the last seven days: %(count)s, of them good news: %(good)s")
WORDS = N_("People or points of a hui that wait for a yes or no: %(count)s")
CHOOSE = N_("Hui to choose a time for, or in the next seven days: %(count)s")
STEPS = N_("Next steps of the family by then: %(count)s")
FORMS = N_("Papers that wait for a yes: %(count)s")
ALREADY = N_("Messages in the last seven days, from all sides: %(messages)s. Waiting for this home: %(waits)s.")
NO_HUI = N_("No hui is planned. The family can ask for one whenever they like.")
NOT_YOURS = N_("There is a hui of this home. Whoever is at its table reads it.")
BY = N_("%(who)s, %(day)s")


def home_facts(
    work: Work,
    shown: Shown,
    student: Student,
    home: HomeOfChild,
    homes: Sequence[HomeOfChild],
    *,
    viewer: Viewer | None = None,
) -> dict[str, Any]:
    """All that stands between one home and school. ``viewer``: at school, a hui is shown to whoever is at its table."""
    hui = meetings.hui_of_home(work, home.people[0][0], [student.id])
    theirs = hui if viewer is None else [each for each in meetings.hui_about(work, viewer, student.id) if each in hui]
    plan = _plan(work, shown, student, home)
    return {
        "names": shown.names([contact.name for contact, _ in home.people]),
        "team": _team(work, shown, student, home, theirs),
        "reach": _reach(work, shown, home),
        "others": _others(work, shown, student, home, homes),
        "load": _load(work, shown, home),
        "agreements": _agreements(work, shown, student, home),
        "goals": plan.get(Part.GOAL.value, []),
        "strategies": [*plan.get(Part.ADJUSTMENT.value, []), *plan.get(Part.STRATEGY.value, [])],
        "steps": [
            step_row(shown, each)
            for each in meetings.steps_of(
                work, [one.id for one in theirs if one.state is not HuiState.CANCELLED], still_open=True
            )
        ],
        "good": _good(work, shown, student, home),
        "hui": _next_hui(work, shown, theirs, all_of_them=len(theirs) == len(hui)),
    }


def _team(work: Work, shown: Shown, student: Student, home: HomeOfChild, hui: Sequence[Hui]) -> list[dict[str, str]]:
    """Whoever of school works with this home, and what they do; then the people of the home."""
    does: dict[uuid.UUID, list[str]] = defaultdict(list)
    for each in students.teachers_of(work, student.id, schools.today(work)):
        does[each.id].append(shown.say(TEACHES, name=student.preferred_name))
    plan = plans.plan_of(work, student.id)
    if plan is not None:
        does[plan.begun_by].append(shown.say(KEEPS_PLAN))
    asked = [each for each in support.requests_about(work, student.id, home=home.everybody) if each.open]
    for owner in dict.fromkeys(each.last.owner_id for each in asked):
        does[owner].append(shown.say(FOLLOWS))
    for opener in dict.fromkeys(each.staff_id for each in hui if each.state in {HuiState.ASKED, HuiState.SET}):
        does[opener].append(shown.say(SPEAKS))
    team, means = [], defaultdict(list)
    for person in _at_table(work, hui):
        role = meetings.ROLES[person.role]
        known = person.role not in meetings.SAY_NOTHING
        comes = shown.say(COMES, role=shown.say(role.name)) if known else shown.say(COMES_PLAIN)
        explained = shown.say(role.does) if known else ""
        if person.staff_id is None:
            team.append({"name": person.name, "does": comes, "means": explained})
        elif comes not in does[person.staff_id]:
            does[person.staff_id].append(comes)
            means[person.staff_id].append(explained)
    staff = schools.staff_by_id(work, set(does))
    today = schools.today(work)
    here = {key: each for key, each in staff.items() if each.left_on is None or each.left_on > today}
    return [
        *(
            {"name": here[key].shown_name, "does": ", ".join(done), "means": " ".join(filter(None, means[key]))}
            for key, done in does.items()
            if key in here
        ),
        *team,
        *_from_outside(work, shown, student, home),
        *({"name": contact.name, "does": relationship, "means": ""} for contact, relationship in home.people),
    ]


def _at_table(work: Work, hui: Sequence[Hui]) -> list[HuiPerson]:
    """Whom this home said yes to for a hui that is still to come, each once."""
    ahead = [each for each in hui if each.state in {HuiState.ASKED, HuiState.SET}]
    people = [each for one in ahead for each in meetings.people_of(work, one)]
    wanted = [each for each in people if each.answer is Welcome.YES and not each.by_family]
    return list({each.staff_id or (each.name, each.role): each for each in wanted}.values())


def _from_outside(work: Work, shown: Shown, student: Student, home: HomeOfChild) -> list[dict[str, str]]:
    """The specialists who see what this home said yes to."""
    shares = [each for each in specialists.shares_about(work, [student.id]) if not specialists.is_over(work, each)]
    said = specialists.answers_to(work, [each.id for each in shares])
    told = {contact.id for contact, _ in home.people}
    return [
        {"name": each.name, "does": shown.say(OUTSIDE, role=each.role, day=shown.date(each.until_on)), "means": ""}
        for each in shares
        if told & {yes.contact_id for yes in said[each.id]}
    ]


def _reach(work: Work, shown: Shown, home: HomeOfChild) -> list[str]:
    phone = schools.school_of(work).office_phone
    school = shown.say(REACH_SCHOOL, phone=show_phone(phone)) if phone else shown.say(REACH_PLAIN)
    hours = conversations.promises.answering_of(work)
    opens, closes = (clock_time(each, shown.language) for each in (hours.opens, hours.closes))
    senders = [each.id for each in schools.senders_of(work)]
    ways = whanau.ways_of(work, [contact.id for contact, _ in home.people], sender_ids=senders)
    told = [
        shown.say(REACHED_BY, who=contact.name, way=shown.channel(ways[contact.id][0].channel.value))
        if ways[contact.id]
        else shown.say(NOT_REACHED, who=contact.name)
        for contact, _ in home.people
    ]
    return [school, shown.say(READ, opens=opens, closes=closes), *told]


def _others(work: Work, shown: Shown, student: Student, home: HomeOfChild, homes: Sequence[HomeOfChild]) -> list[str]:
    found = whanau.named_to(work, homes, student.id, home.key, on=schools.today(work))
    return [shown.say(OTHER_HOME, names=shown.names([who.name for who, _ in each.people])) for each in found]


def asked_words(work: Work, shown: Shown, home: HomeOfChild) -> str:
    """How much is asked of a home already, in a line for whoever is about to ask for more."""
    asked = reports.asked_of_home(work, home)
    return shown.say(ALREADY, messages=asked.messages, waits=asked.waits)


def _load(work: Work, shown: Shown, home: HomeOfChild) -> list[str]:
    asked = reports.asked_of_home(work, home)
    return [
        shown.say(CAME, count=asked.messages, good=asked.good),
        shown.say(CHOOSE, count=asked.hui),
        shown.say(WORDS, count=asked.words),
        shown.say(STEPS, count=asked.steps),
        shown.say(FORMS, count=asked.forms),
    ]


def _agreements(work: Work, shown: Shown, student: Student, home: HomeOfChild) -> list[dict[str, Any]]:
    """How home and school communicate, and who of school and of this home said yes to the very words."""
    rows = []
    for book in (each for each in books.books_of(work, [student.id]) if each.agreement_number):
        agreement = books.agreement_of(work, book)
        own = [each for each in agreement.by_home if each.contact_id in home.everybody]
        by = {key for each in (*agreement.by_school, *own) for key in (each.staff_id, each.written_by) if key}
        staff = schools.staff_by_id(work, by)
        names = whanau.contact_names(work, home.everybody)
        signed = [
            shown.say(FOR_SCHOOL, who=staff[each.staff_id].shown_name, day=shown.on(each.at))
            for each in agreement.by_school
            if each.staff_id in staff
        ]
        for each in own:
            writer = staff.get(each.written_by) if each.written_by else None
            sentence = AGREED_WRITTEN if writer else AGREED_HOME
            signed.append(
                shown.say(
                    sentence,
                    who=names[each.contact_id] if each.contact_id else "",
                    day=shown.on(each.at),
                    staff=writer.shown_name if writer else "",
                )
            )
        rows.append(
            {
                "title": f"{title_of(book, shown.language)} · {shown.say(RHYTHMS[book.rhythm])}",
                "words": agreement.words,
                "signed": signed,
            }
        )
    return rows


def _plan(work: Work, shown: Shown, student: Student, home: HomeOfChild) -> dict[str, list[dict[str, Any]]]:
    plan = plans.plan_of(work, student.id)
    if plan is None:
        return {}
    told = plan_rows(work, shown, student, plans.standing_of(work, plan), home=home.key, own=home.everybody)
    return {part["key"]: part["items"] for part in told["parts"]}


def _good(work: Work, shown: Shown, student: Student, home: HomeOfChild) -> dict[str, Any] | None:
    """The last good news that reached somebody of this home."""
    found = [
        told
        for contact, _ in home.people
        for told in messages.told_to(work, contact.id, student.id, MessageKind.PRAISE, limit=1)
    ]
    if not found:
        return None
    last = max(found, key=lambda each: each.message.made_at)
    writer = schools.staff_by_id(work, {last.message.staff_id} if last.message.staff_id else set())
    who = next((each.shown_name for each in writer.values()), "")
    return {
        "words": messages.words_of(last, student.preferred_name, shown.language),
        "lang": phrase_lang(shown.language) if last.phrase and not last.message.words else "",
        "by": shown.say(BY, who=who, day=shown.on(last.message.made_at)),
    }


def _next_hui(work: Work, shown: Shown, hui: Sequence[Hui], *, all_of_them: bool) -> str:
    ahead = [each for each in hui if each.state is HuiState.SET and each.begins_at and each.begins_at > work.now]
    waiting = [each for each in hui if each.state is HuiState.ASKED]
    nearest = min(ahead, key=lambda each: each.begins_at or work.now, default=waiting[0] if waiting else None)
    if nearest is not None:
        return f"{shown.say(meetings.KIND_NAMES[nearest.kind])}: {state_words(shown, nearest)}"
    return shown.say(NO_HUI if all_of_them else NOT_YOURS)
