"""The demo's small school: a believable one, made through the product's own verbs, its last weeks lived through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random

from commsbridge import conversations, messages, prompts, schools, students
from commsbridge.demo import people, stories
from commsbridge.demo.history import HISTORY_DAYS, ZONE, Story, tell_history
from commsbridge.demo.past import Clock, Past
from commsbridge.demo.people import Child
from commsbridge.demo.roll import NAME_EN, SmallSchool, make_school, school_days, set_passwords, take_in
from commsbridge.foundation.actors import OPERATOR
from commsbridge.foundation.work import Work
from commsbridge.neighbourhood import Neighbourhood
from commsbridge.runtime import Runtime
from commsbridge.schools import Permission

safety = conversations.safety
ASKED_AT = time(14, 30)
BEFORE_HISTORY, JUST_NOW = timedelta(days=40), timedelta(minutes=2)
LOOKED_AT, SPEAKER_WEEKLY = 3, 5
REJECTED = "Kāore tēnei i te rere pai. Ka tuhia anō e au."


def _silence(_said: str) -> None:
    """Tell nobody."""


def seed_small_school(
    runtime: Runtime, town: Neighbourhood, clock: Clock, *, seed: int = 7, tell: Callable[[str], None] = _silence
) -> SmallSchool:
    """Make Rimu Road School and let its last five school weeks pass; the same ``seed`` makes the same school.

    ``clock`` must be what the runtime asks for its ``now``; it goes back to the beginning and ends where it stood.
    ``town`` must reach a web application over ``runtime`` (see demo.past), bring texts at once (no step_gap), and keep
    the time of ``clock`` if what lies in its phones is to have the right dates. ``tell`` hears of each step.
    """
    today, dice = clock.now, Random(seed)
    with runtime.lobby() as lobby:
        school_id = make_school(lobby)
    with runtime.work(school_id, OPERATOR) as work:
        days = school_days(work, HISTORY_DAYS)
    others = tuple(people.everybody_else(dice))
    children = (*people.WITH_A_STORY, *others)
    began_on = days[0] - BEFORE_HISTORY
    clock.now = datetime.combine(began_on, time(9), tzinfo=ZONE).astimezone(UTC)
    with runtime.work(school_id, OPERATOR) as work:
        small = take_in(work, children, from_on=began_on)
    set_passwords(runtime, small.staff.values())
    tell(f"{NAME_EN}: {len(children)} ākonga, {len(small.contacts)} of their whānau, {len(small.staff)} staff")
    past = Past(runtime, town, clock, school_id)
    _name_phones(town, children)
    tell_history(Story(past, small, others, days, dice), tell=tell)
    past.until(today - JUST_NOW)
    _lay_on_the_desks(past, small)
    past.until(today)
    with runtime.work(school_id, OPERATOR) as work:
        _let_teachers_be_asked(work, small)
        _have_it_screened(work)
        if runtime.gateways.pushes.application_key:
            _let_one_be_asked_on_her_phone(work, small, runtime, town)
    return small


def _let_one_be_asked_on_her_phone(work: Work, small: SmallSchool, runtime: Runtime, town: Neighbourhood) -> None:
    """Kate Walsh takes her prompts as notices, on a pretend browser of the town."""
    person = small.staff[people.WALSH.name]
    device = town.device(f"{person.name}’s phone", runtime.gateways.pushes.application_key)
    schools.add_device(
        work, person.id, endpoint=device.endpoint, p256dh=device.p256dh, auth=device.auth,
        service_url=runtime.settings.push_service_url,
    )  # fmt: skip
    prompts.set_schedule(work, person.id, days=range(5), at=ASKED_AT, how_many=1, by_mail=True, by_push=True)


def _have_it_screened(work: Work) -> None:
    """What comes in is screened: whoever is in charge of child protection reads first, then a leader."""
    able = safety.those_who_may_be_named(work)
    lead, deputy = sorted(able, key=lambda staff: schools.viewer_for(work, staff.id).may(Permission.SET_SAFETY))[:2]
    safety.set_watch(work, safety.Watch(True, lead.id, deputy.id))


def _lay_on_the_desks(past: Past, small: SmallSchool) -> None:
    """The speaker has begun to look at the te reo, and is offered words to write in it; most still waits for her."""
    with past.work(small.staff[people.ERANA.name].id) as work:
        messages.translating.set_weekly(work, weekly=SPEAKER_WEEKLY)
        praises = [each for each in messages.wordings.on_desk(work) if each.kind is messages.wordings.Kind.PHRASE]
        for each in praises[:LOOKED_AT]:
            messages.wordings.approve(work, each.key, seen=each.version, text_mi=each.mi, as_meant=True)
        doubtful = praises[LOOKED_AT]
        messages.wordings.reject(work, doubtful.key, seen=doubtful.version, note=REJECTED)
    for by, child, words in stories.TO_TRANSLATE:
        with past.work(small.staff[by.name].id) as work:
            draft = messages.Draft(words=words, te_reo_first=True)
            messages.send_praise(work, small.students[child.name], draft, links=past.runtime.links)


def _let_teachers_be_asked(work: Work, small: SmallSchool) -> None:
    """Whoever has a class is asked who shone, twice a week at the end of the day."""
    for person in small.staff.values():
        if students.classes_taught_by(work, person.id, schools.today(work)):
            prompts.set_schedule(work, person.id, days={1, 3}, at=ASKED_AT, how_many=1, by_mail=True)


def _name_phones(town: Neighbourhood, children: Sequence[Child]) -> None:
    """Write on each phone and mailbox whose it is; a shared one bears every name."""
    owners: dict[str, dict[str, list[str]]] = {}
    for child in children:
        for adult in child.adults:
            for _channel, address in adult.ways:
                if address:
                    owners.setdefault(address, {}).setdefault(adult.name, []).append(child.name.split()[0])
    for address, adults in owners.items():
        town.name(address, ", ".join(f"{name} ({' and '.join(dict.fromkeys(of))})" for name, of in adults.items()))
