"""Hui of a drawn year in a report, counted again one by one from what was done, and not from what was kept."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest

from commsbridge import meetings, reports, schools
from commsbridge.meetings import Hears, Hui, NewStep, Welcome
from commsbridge.reports import Period, Span
from tests.rooms.gathering import Gathering
from tests.rooms.test_hui_together import choose as one_home_chooses
from tests.rooms.test_hui_together import open_joint, two, wish

FROM = date(2026, 11, 1)
NAMES = ("hui_held", "hui_chosen", "hui_voiced", "steps_due", "steps_in_time", "steps_explained")
CHILDREN = {"aroha": ("ngaire", "dave"), "hemi": ("hine",)}


def counted(gathering: Gathering, last_on: date) -> dict[str, dict[str, int]]:
    """What the report says of each child."""
    with gathering.work() as work:
        made = reports.report(work, schools.calendar_of(work), Period(Span.DATES, FROM, last_on))
    keys = {gathering.posting.story.students[key].id: key for key in CHILDREN}
    return {
        keys[each.facts.id]: {name: getattr(each.facts, name) for name in NAMES}
        for each in made.found
        if each.facts.id in keys
    }


def voice(gathering: Gathering, hui_id: uuid.UUID, said: str) -> None:
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        if said == "nothing":
            meetings.says_nothing(work, hui, with_whom="Ms Walsh")
        elif said == "family":
            meetings.say_for_family(work, hui, "Reading goes well.", contact_id=None)
        elif said in {"everyone", "home"}:
            meetings.say_for_student(work, hui, "I like drawing.", hears=Hears(said), with_whom="Ms Walsh")


def lived(gathering: Gathering, chance: random.Random, child: str, contact: str, tally: Counter[str]) -> None:
    """One hui as it may go, and what of it counts, by the sentences of the report."""
    clock, story = gathering.posting.clock, gathering.posting.story
    hui_id = gathering.open(child, contact)
    offered = chance.choice([1, 2, 3])
    gathering.invite(hui_id, tuple(range(2, 2 + offered)))
    proposed, answered = chance.random() < 0.6, chance.choice(["before", "during", "never"])
    person_id = gathering.propose(hui_id) if proposed else None

    def answers() -> None:
        if person_id is not None:
            with gathering.work() as work:
                welcome = chance.choice([Welcome.YES, Welcome.NO])
                meetings.decide_person(work, work.session.get_one(Hui, hui_id), person_id, welcome,
                                       contact_id=story.contacts[contact].id)  # fmt: skip

    said, when = chance.choice(["nothing", "family", "everyone", "home", "none"]), chance.choice(["before", "during"])
    if answered == "before":
        answers()
    if when == "before":
        voice(gathering, hui_id, said)
    with gathering.work() as work:
        # By the school's hand: the family rang.
        who = None if chance.random() < 0.5 else story.contacts[contact].id
        meetings.choose(work, work.session.get_one(Hui, hui_id), 1, contact_id=who, links=gathering.posting.links)
    if chance.random() < 0.2:
        with gathering.work("walsh") as work:
            hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
            meetings.call_off(work, hui, "", links=gathering.posting.links)
        return
    clock.now = gathering.times((2,))[0] + timedelta(minutes=20)
    if answered == "during":
        answers()
    if when == "during":
        voice(gathering, hui_id, said)
    tally["hui_held"] += 1
    tally["hui_chosen"] += offered > 1 and (not proposed or answered == "before")
    tally["hui_voiced"] += when == "before" and said in {"nothing", "family", "everyone"}
    held(gathering, chance, hui_id, tally)


def held(gathering: Gathering, chance: random.Random, hui_id: uuid.UUID, tally: Counter[str]) -> None:
    clock = gathering.posting.clock
    with gathering.work("walsh") as work:
        hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        due = schools.today(work) + timedelta(days=2)
        walsh = gathering.posting.story.staff["walsh"].id
        steps = [NewStep(f"Step {each}", due, staff_id=walsh) for each in range(chance.randint(0, 2))]
        went = [chance.choice(["done", "late", "explained", "explained late", "open"]) for _ in steps]
        ends = [(meetings.add_step(work, hui, each).id, end) for each, end in zip(steps, went, strict=True)]
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
    for late in (False, True):
        clock.forward(days=3 if late else 1)
        for step_id, end in ends:
            if end != "open" and ("late" in end) is late:
                with gathering.work("walsh") as work:
                    hui = meetings.hui_to_change(work, gathering.viewer(work, "walsh"), hui_id)
                    explained = "" if end in {"done", "late"} else "The books are away."
                    meetings.end_step(
                        work, hui, step_id, done=not explained, explained=explained, links=gathering.posting.links
                    )
    tally["steps_due"] += len(ends)
    tally["steps_in_time"] += sum(end == "done" for _, end in ends)
    tally["steps_explained"] += sum(end == "explained" for _, end in ends)


@pytest.mark.parametrize("seed", range(4))
def test_hui_of_a_drawn_year_are_counted_as_the_report_says_in_words(gathering: Gathering, seed: int) -> None:
    chance = random.Random(seed)
    tallies = {key: Counter[str]() for key in CHILDREN}
    for _ in range(6):
        child = chance.choice(list(CHILDREN))
        lived(gathering, chance, child, chance.choice(CHILDREN[child]), tallies[child])
    with gathering.work() as work:
        last_on = schools.today(work)
    assert sum(each["hui_held"] for each in tallies.values()) > 1
    assert counted(gathering, last_on) == {
        key: {name: tally[name] for name in NAMES} for key, tally in tallies.items()
    }  # fmt: skip


def test_a_hui_of_two_homes_is_one_hui_and_chosen_once_both_chose(gathering: Gathering) -> None:
    for hui_id, contact in zip(two(gathering), ("ngaire", "dave"), strict=True):
        wish(gathering, hui_id, contact)
    hui_id = open_joint(gathering)
    gathering.invite(hui_id)
    for contact in ("ngaire", "dave"):
        one_home_chooses(gathering, hui_id, 1, contact)
    person_id = gathering.propose(hui_id)
    gathering.decide(hui_id, person_id, Welcome.YES)
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    tally = Counter[str](hui_held=1)
    held(gathering, random.Random(0), hui_id, tally)
    with gathering.work() as work:
        last_on = schools.today(work)
    assert counted(gathering, last_on)["aroha"] == {name: tally[name] for name in NAMES}
