"""Hui as the album shows them: one that is prepared, and one that was held."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import select

from commsbridge import meetings, schools
from commsbridge.foundation.work import Work
from commsbridge.meetings import (
    Agrees,
    Hears,
    Helped,
    Home,
    Hui,
    HuiKind,
    NewStep,
    Proposed,
    Purpose,
    Welcome,
    Whose,
    Wishes,
)
from commsbridge.messages import Delivery
from commsbridge.students import Student
from tests.journeys.album import Album


def _open(album: Album, work: Work) -> Hui:
    child, hine = album.children["Hēmi Parata"], album.story.contacts["hine"].id
    home = _home_with(work, child, hine)
    purpose = Purpose(
        HuiKind.IEP, "What Hēmi is proud of, and what he would like next.", "His book, and the drum.", "Room 7"
    )
    hui = meetings.open_hui(work, child, home, purpose)
    leota = album.story.staff["leota"].id
    senco = meetings.propose(work, hui, Proposed("senco", "Knows what help can be asked for.", staff_id=leota))
    meetings.propose(work, hui, Proposed("speech", "Has met Hēmi twice this term.", name="Ana Tau"))
    meetings.decide_person(work, hui, senco.id, Welcome.YES, contact_id=hine)
    meetings.bring(work, hui, hine, name="Nan", role="whanau", why="His nan.")
    meetings.bring(work, hui, hine, name="Aunty Mere", role="whanau", why="", email="mere@home.test", language="mi")
    wishes = Wishes(place="Te marae", tikanga="Karakia to begin.", kaitakawaenga=True, part=meetings.Part.SOME)
    meetings.say_wishes(work, hui, wishes, contact_id=hine)
    meetings.add_items(work, hui, Whose.FAMILY, ["The bus in the morning"], contact_id=hine)
    meetings.add_items(work, hui, Whose.SCHOOL, ["How the goals have gone"])
    meetings.say_for_student(
        work,
        hui,
        "I like drums. Not so loud.",
        hears=Hears.EVERYONE,
        with_whom="Matua Matiu",
        pictures=["quiet", "friends"],
    )
    meetings.say_for_family(work, hui, "He sleeps well again.", contact_id=hine)
    days = [work.now + timedelta(days=each) for each in (3, 4, 5)]
    meetings.invite(work, hui, days, links=album.house.runtime.links)
    return hui


def asked(album: Album) -> str:
    """A hui whose home has not chosen a time yet."""
    if "hui" not in album.paths:
        with album.story.work("walsh") as work:
            album.paths["hui"] = f"/hui/{_open(album, work).id}"
    return album.paths["hui"]


def held(album: Album, *, sent: bool) -> str:
    """A hui in its room, or after its minutes have gone out."""
    name = "hui-sent" if sent else "hui-room"
    if name not in album.paths:
        with album.story.work("walsh") as work:
            album.paths[name] = f"/hui/{_hold(album, work, sent=sent)}"
    return album.paths[name]


def _hold(album: Album, work: Work, *, sent: bool) -> object:
    hui, hine, links = _open(album, work), album.story.contacts["hine"].id, album.house.runtime.links
    meetings.choose(work, hui, 1, contact_id=hine, links=links)
    hui.begins_at = work.now - timedelta(hours=1)
    meetings.take_places(work, hui, chair="Hine", minute_taker="Ms Walsh")
    bus, goals = meetings.items_of(work, hui)
    meetings.decide(work, hui, bus.id, "The bus stops at the gate from Monday.", before="")
    meetings.agree(work, hui, bus.id, Agrees.AGREE, "", contact_id=None)
    today = schools.today(work)
    step = meetings.add_step(work, hui, NewStep("Ring the bus", today, by_family=True))
    meetings.add_step(work, hui, NewStep("A quiet drum", today, staff_id=album.story.staff["walsh"].id))
    if not sent:
        return hui.id
    meetings.decide(work, hui, goals.id, "One goal for next term: waiting for a turn.", before="")
    meetings.agree(work, hui, goals.id, Agrees.LATER, "We ask his koro.", contact_id=None)
    meetings.read_back(work, hui, "Ms Walsh")
    meetings.finish(work, hui)
    meetings.send_minutes(work, hui, links=links)
    meetings.end_step(work, hui, step.id, done=True, explained="They were glad to.", links=links)
    meetings.evaluate(
        work, hui, step.id, whose=Whose.STUDENT, helped=Helped.YES, words="I wave to the driver.", contact_id=hine
    )
    meetings.correct(work, hui, "It stops at the shop.", contact_id=hine, links=links)
    return hui.id


def together(album: Album) -> str:
    """Two homes meet together, as each had asked in a hui of its own; the time is chosen."""
    if "hui-together" not in album.paths:
        links, purpose = album.house.runtime.links, Purpose(HuiKind.TRANSITION, "A good start at her next school.")
        with album.story.work("walsh") as work:
            child = album.children["Aroha Kereama"]
            people = [album.story.contacts[each].id for each in ("ngaire", "dave")]
            homes = [_home_with(work, child, each) for each in people]
            for home, contact_id in zip(homes, people, strict=True):
                own = meetings.open_hui(work, child, home, purpose)
                meetings.say_wishes(work, own, Wishes(together=True), contact_id=contact_id)
                meetings.call_off(work, own, "", links=links)
            hui = meetings.open_hui(work, child, homes[0], purpose, other=homes[1])
            meetings.invite(work, hui, [work.now + timedelta(days=each) for each in (6, 7)], links=links)
            for contact_id in people:
                meetings.choose(work, hui, 1, contact_id=contact_id, links=links)
            album.paths["hui-together"] = f"/hui/{hui.id}"
    return album.paths["hui-together"]


def _home_with(work: Work, child: Student, contact_id: uuid.UUID) -> Home:
    return next(
        each for each in meetings.homes_of(work, child) if contact_id in {one.contact_id for one in each.people}
    )


def room(*, sent: bool) -> Callable[[Album], str]:
    """The page for the room, or the minutes."""
    return lambda album: f"{held(album, sent=sent)}/room"


def unfold(page: Page) -> None:
    """Everything that lies folded on the page is opened, to be looked at too."""
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")


def at_home(which: Callable[[Album], str], family: Callable[[Album], str]) -> Callable[[Album], str]:
    """The page of a hui on Hine's phone: the way there comes with the proof, after the #."""
    return lambda album: f"{family(album)}!{which(album)}"


def come(page: Page) -> None:
    """The phone has proved itself before; open the hui there."""
    address, _, proof = page.url.partition("#")
    proof, _, rest = proof.partition("!")
    page.context.add_cookies([{"name": "whanau", "value": proof, "url": address.partition("/w/")[0] + "/w/"}])
    path, _, said = address.partition("?")
    page.goto(f"{path}{rest}?{said}")
    unfold(page)


def form(album: Album) -> str:
    """A form of the school's own."""
    if "hui-form" not in album.paths:
        with album.story.work("leota") as work:
            made = meetings.make_form(
                work,
                ("Our IEP", "Tā mātou IEP"),
                [
                    ("Strengths and interests", "Ngā pūmanawa me ngā kaingākau"),
                    ("Next goals", "Ngā whāinga e whai ake nei"),
                ],
            )
            album.paths["hui-form"] = f"/at-school/hui-forms/{made.form_id}"
    return album.paths["hui-form"]


def guest(album: Album) -> str:
    """The page on which a guest says how a step went."""
    if "hui-guest" not in album.paths:
        held(album, sent=True)
        with album.story.work() as work:
            rows = select(Delivery.body).where(Delivery.body.contains("/went/"))
            found = re.search(r"/went/[\w-]+", work.session.scalars(rows).first() or "")
            assert found
            album.paths["hui-guest"] = found[0]
    return f"{album.paths['hui-guest']}?reo={album.language}"
