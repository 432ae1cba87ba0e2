"""The walls of two homes: whatever one of them does or is asked, no page of the other one changes by a letter."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest

from commsbridge import meetings, plans, schools, specialists, support, whanau
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.work import Work
from commsbridge.meetings import Hui, HuiKind, HuiState, NewStep, Proposed, Purpose, Welcome, Whose, Wishes
from commsbridge.plans import Part
from commsbridge.specialists import Offer, SharedPart
from commsbridge.support import Asking, Consent, ConsentHow
from commsbridge.whanau import Channel, MayMessage
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, come_in
from tests.doors.pages import Visitor
from tests.doors.test_partnership_pages import between, lived_through, of_home
from tests.story import START, Story

PAGES = ("", "/partnership", "/plan", "/support", "/specialists", "/choices")
DRAWS = range(4)
Act = Callable[[Work, Story, random.Random], None]


def kuias_hui(work: Work, story: Story, state: HuiState | None = None) -> Hui | None:
    """The newest hui of the kuia's home alone, in a state."""
    key = story.contacts["ngaire"].household_id
    found = work.session.query(Hui).where(Hui.household_id == key, Hui.with_household_id.is_(None))
    return found.where(Hui.state == state if state else Hui.state != HuiState.CANCELLED).order_by(Hui.made_at).first()


def opens(work: Work, story: Story, chance: random.Random) -> None:
    own = next(
        each
        for each in meetings.homes_of(work, story.students["aroha"])
        if each.key == story.contacts["ngaire"].household_id
    )
    kind = chance.choice([HuiKind.IEP, HuiKind.RESTORATIVE, HuiKind.CATCH_UP])
    hui = meetings.open_hui(work, story.students["aroha"], own, Purpose(kind, "What Kuia asked about.", place="Marae"))
    meetings.add_items(work, hui, Whose.FAMILY, ["The nights"], contact_id=story.contacts["ngaire"].id)
    meetings.propose(work, hui, Proposed("rtlb", "Knows of the nights.", name="Ria Tamihana"))
    meetings.say_for_family(work, hui, "She sleeps at mine.", contact_id=story.contacts["ngaire"].id)
    if chance.random() < 0.8:
        meetings.invite(
            work, hui, [work.now + timedelta(days=each, hours=chance.randint(1, 3)) for each in (4, 5)],
            links=story.runtime.links,
        )  # fmt: skip


def chooses(work: Work, story: Story, chance: random.Random) -> None:
    hui = kuias_hui(work, story, HuiState.ASKED)
    if hui is not None:
        number = chance.choice([1, 2])
        meetings.choose(work, hui, number, contact_id=story.contacts["ngaire"].id, links=story.runtime.links)


def agrees_who(work: Work, story: Story, chance: random.Random) -> None:
    hui = kuias_hui(work, story)
    for person in meetings.people_of(work, hui) if hui else []:
        welcome = chance.choice([Welcome.YES, Welcome.NO])
        meetings.decide_person(work, hui, person.id, welcome, contact_id=story.contacts["ngaire"].id)  # type: ignore[arg-type]


def steps(work: Work, story: Story, chance: random.Random) -> None:
    hui = kuias_hui(work, story, HuiState.SET)
    if hui is not None:
        due = schools.today(work) + timedelta(days=chance.randint(0, 5))
        meetings.add_step(work, hui, NewStep("Kuia rings the marae.", due, who="Ria", by_family=chance.random() < 0.5))


def would_meet(work: Work, story: Story, _chance: random.Random) -> None:
    hui = kuias_hui(work, story)
    if hui is not None:
        said = Wishes(place="Kuia's kitchen", together=True)
        meetings.say_wishes(work, hui, said, contact_id=story.contacts["ngaire"].id)


def calls_off(work: Work, story: Story, _chance: random.Random) -> None:
    hui = kuias_hui(work, story)
    if hui is not None:
        meetings.call_off(work, hui, "Kuia is away.", links=story.runtime.links)


def wants_hui(work: Work, story: Story, _chance: random.Random) -> None:
    meetings.ask_for_hui(work, story.contacts["ngaire"].id, story.students["aroha"].id)


def writes_goal(work: Work, story: Story, chance: random.Random) -> None:
    plan = plans.plan_of(work, story.students["aroha"].id)
    assert plan is not None
    part = chance.choice([Part.GOAL, Part.HOPES])
    plans.write_from_home(work, plan, story.contacts["ngaire"], part, f"With Kuia {chance.randint(1, 99)}.")


def agrees_plan(work: Work, story: Story, _chance: random.Random) -> None:
    plan = plans.plan_of(work, story.students["aroha"].id)
    assert plan is not None
    plans.agree(work, plan, number=plans.standing_of(work, plan).last.number, contact=story.contacts["ngaire"])


def asks_help(work: Work, story: Story, _chance: random.Random) -> None:
    ngaire = story.contacts["ngaire"].id
    service = support.asked_from_home()[0].key
    support.ask_from_home(work, story.students["aroha"], ngaire, service, "Help with the nights at Kuia's.")


def school_asks(work: Work, story: Story, _chance: random.Random) -> None:
    consent = Consent(story.contacts["ngaire"].id, ConsentHow.IN_PERSON, schools.today(work))
    service = next(each.key for each in support.services() if each.asked)
    asking = Asking(service, "The nights.", consent, story.staff["burns"].id, "", None)
    support.ask_for_support(work, story.students["aroha"], asking, links=story.runtime.links)


def lets_specialist(work: Work, story: Story, _chance: random.Random) -> None:
    for share in specialists.shares_about(work, [story.students["aroha"].id]):
        if not specialists.is_over(work, share):
            specialists.say_yes(work, share.id, story.contacts["ngaire"].id)


def asks_named(work: Work, story: Story, chance: random.Random) -> None:
    asks = chance.random() < 0.7
    whanau.ask_to_be_named(work, story.contacts["ngaire"], story.students["aroha"].id, asks=asks)


def step_sibling(work: Work, story: Story, _chance: random.Random) -> None:
    whanau.relate(
        work, story.contacts["ngaire"].id, story.students["leo"].id, relationship="nan", may_message=MayMessage.YES,
        from_on=START,
    )  # fmt: skip


def shares_phone(work: Work, story: Story, chance: random.Random) -> None:
    ways = [(Channel.EMAIL, "dave.kereama@homes.test"), (Channel.TEXT, "021 555 0101")]
    whanau.set_ways(work, story.contacts["ngaire"], ways if chance.random() < 0.5 else ways[1:])


def somebody_new(work: Work, story: Story, _chance: random.Random) -> None:
    new = whanau.add_contact(work, "Huhana Moana", language="mi", ways=[(Channel.TEXT, "021 555 0199")], from_on=START)
    whanau.relate(
        work, new.id, story.students["aroha"].id, relationship="auntie", may_message=MayMessage.YES, from_on=START
    )


ACTS: tuple[tuple[str, Act], ...] = (
    ("leota", opens), ("leota", opens), ("", chooses), ("", agrees_who), ("leota", steps), ("", would_meet),
    ("leota", calls_off), ("", wants_hui), ("", writes_goal), ("", agrees_plan), ("", asks_help),
    ("leota", school_asks), ("", lets_specialist), ("", asks_named), ("", step_sibling), ("", shares_phone),
    ("", somebody_new),
)  # fmt: skip


def told_at(phone: Visitor, home: Home, contact: str, hui: str, *languages: str) -> dict[str, str]:
    """Every page of a home as it reads, in these languages."""
    found = {}
    for reo in languages:
        for at in (*PAGES, hui):
            page = phone.open(f"{home.links[contact]}{at}?reo={reo}")
            assert page.status == 200, at
            found[f"{reo} {at}"] = page.text
    return found


@pytest.mark.parametrize("seed", DRAWS)
def test_nothing_of_a_drawn_life_of_one_home_is_read_on_any_page_of_the_other(
    seed: int, sign_in: SignIn, story: Story, device: Device
) -> None:
    chance = random.Random(seed)
    home, dads = lived_through(story), device()
    with story.work("leota") as work:
        wanted = Offer("Ana Tau", "Therapist", "To listen.", (SharedPart.GOALS,), date(2027, 1, 20))
        share = specialists.offer(work, story.students["aroha"], wanted)
        if chance.random() < 0.5:
            specialists.say_yes(work, share.id, story.contacts["dave"].id)
    come_in(story, dads, home, "dave")
    with story.work() as work:
        [own] = meetings.hui_of_home(work, story.contacts["dave"], [story.students["aroha"].id])
    before = told_at(dads, home, "dave", f"/hui/{own.id}", "en", "mi")
    done: list[Act] = []
    for who, act in chance.sample(ACTS, 14):
        with suppress(Conflict, Invalid), story.work(who or None) as work:
            act(work, story, chance)
            done.append(act)
        now = told_at(dads, home, "dave", f"/hui/{own.id}", chance.choice(["en", "mi"]))
        for at, words in now.items():
            assert words == before[at], f"after “{act.__name__}” the page “{at}” reads otherwise"
    assert len(done) >= 9
    at_school = sign_in("leota").open(f"/students/{story.students['aroha'].id}/partnership")
    assert of_home(at_school, "Dave") == between(dads.open(home.links["dave"] + "/partnership?reo=en"))
