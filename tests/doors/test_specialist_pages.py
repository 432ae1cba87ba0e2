"""Sharing with a specialist from outside: as whānau approve, for a time, and their link opens nothing else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from commsbridge import plans, specialists, students, whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import Language
from commsbridge.plans import Item, Part, Place
from commsbridge.specialists import Offer, SharedPart
from commsbridge.students import Tells
from commsbridge.web.access import Entrance
from commsbridge.whanau import MayMessage
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, come_in, send_home
from tests.doors.pages import Page, Visitor
from tests.doors.routes import WORDS, calls, ids_in
from tests.story import Story

TODAY = date(2026, 11, 17)
GOAL = "Aroha asks for a break with her card."
KUIAS = "She plants kūmara with her kuia."
CARD = "Show the card, then wait."
LOVES = "Dragons."
WHY = "To see what she likes to talk about."


def written(story: Story) -> None:
    """A plan with words of two homes, and what the child says of herself."""
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["aroha"], review_on=TODAY + timedelta(days=70))
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.GOAL, GOAL), seen=1)
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.STRATEGY, CARD, Place.CLASS), seen=2)
        plans.write_from_home(work, plan, story.contacts["ngaire"], Part.GOAL, KUIAS)
        students.say_about(
            work, story.students["aroha"], Tells.LOVES, words=LOVES, said_by="Aroha", said_on=TODAY,
            language=Language.EN,
        )  # fmt: skip


def offered(story: Story, *parts: SharedPart, days: int = 30) -> uuid.UUID:
    written(story)
    wanted = Offer(
        "Ana Tau", "Speech-language therapist", WHY, parts or (SharedPart.GOALS,), TODAY + timedelta(days=days)
    )
    with story.work("leota") as work:
        return specialists.offer(work, story.students["aroha"], wanted).id


def approved(story: Story, *parts: SharedPart, days: int = 30) -> tuple[uuid.UUID, specialists.Key]:
    share_id = offered(story, *parts, days=days)
    with story.work() as work:
        specialists.say_yes(work, share_id, story.contacts["dave"].id)
        return share_id, specialists.make_key(work, share_id)


def enter(phone: Visitor, key: specialists.Key) -> Page:
    page = phone.open(f"/with/{key.secret}", reo="en")
    assert phone.send(page.form(f"/with/{key.secret}?reo=en"), code=key.code).status == 302
    return phone.follow()


# ---- from the offer to the last look ----


def test_school_offers_whanau_approve_the_specialist_reads_only_that_and_both_see_the_look(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, leota, dads, ana = send_home(story), sign_in("leota"), device(), device()
    written(story)
    at = f"/students/{story.students['aroha'].id}/specialists"
    form = next(each for each in leota.open(at).forms if each.values.get("act") == "offer")
    fields = {"name": "Ana Tau", "role": "Speech-language therapist", "why": WHY, "until_on": "2026-12-18"}
    assert leota.send(form, **fields, parts="goals").status == 302
    assert "Waits for the yes of whānau. Nothing is open." in leota.follow().text
    come_in(story, dads, home, "dave")
    page = dads.open(home.links["dave"] + "/specialists?reo=en")
    for words in ("Ana Tau", "Speech-language therapist", WHY, "Of the plan: goals", "have not looked yet"):
        assert words in page.text
    assert dads.send(next(each for each in page.forms if each.values.get("act") == "yes")).status == 302
    assert "You can close it at any time" in dads.follow().text
    form = next(each for each in leota.open(at).forms if each.values.get("act") == "key")
    page = leota.send(form)
    link, code = re.findall(r"/with/([\w-]+)", page.text)[0], re.findall(r"\d{4} \d{4}", page.text)[-1]
    seen = enter(ana, specialists.Key(link, code))
    assert GOAL in seen.text
    for words in (CARD, KUIAS, LOVES, "Kereama", "Dave", "Ngaire", WHY):
        assert words not in seen.text
    assert link not in leota.open(at).text
    assert "17 Nov" in dads.open(home.links["dave"] + "/specialists?reo=en").text.partition("When they looked")[2]
    assert "When they looked" in leota.open(at).text


@pytest.mark.parametrize(
    ("parts", "shown", "hidden"),
    [
        ((SharedPart.PROFILE,), (LOVES,), (GOAL, CARD)),
        ((SharedPart.DOING,), (CARD,), (GOAL, LOVES)),
        ((SharedPart.NOW,), ("Nothing is written down yet.",), (GOAL, CARD, LOVES)),
    ],
)
def test_each_part_is_shown_only_where_it_was_chosen(
    story: Story, device: Device, parts: tuple[SharedPart, ...], shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    _, key = approved(story, *parts)
    page = enter(device(), key)
    assert [words for words in shown if words not in page.text] == []
    assert [words for words in hidden if words in page.text] == []


def test_words_of_a_home_are_shown_with_the_yes_of_that_home(story: Story, device: Device) -> None:
    share_id, key = approved(story)
    ana = device()
    assert KUIAS not in enter(ana, key).text
    with story.work("leota") as work:
        specialists.say_yes(work, share_id, story.contacts["ngaire"].id)
    assert KUIAS in ana.open(f"/with/{key.secret}").text


def test_no_device_keeps_what_a_specialist_read_and_every_look_is_told_however_many(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    home, dads, ana = send_home(story), device(), device()
    _, key = approved(story)
    page = enter(ana, key)
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    for _ in range(13):
        clock.now += timedelta(minutes=1)
        ana.open(f"/with/{key.secret}")
    come_in(story, dads, home, "dave")
    at_home = dads.open(home.links["dave"] + "/specialists?reo=en")
    at_school = sign_in("leota").open(f"/students/{story.students['aroha'].id}/specialists")
    for page in (at_home, at_school):
        assert "They looked 14 times" in page.text
        assert len(re.findall(r"17 Nov 2026, \d+[:.]\d\d", page.text.partition("When they looked")[2])) == 14


def test_what_somebody_at_home_said_of_a_child_opens_once_every_home_has_said_yes(story: Story, device: Device) -> None:
    share_id, key = approved(story, SharedPart.PROFILE)
    with story.work("leota") as work:
        students.say_about(
            work, story.students["aroha"], Tells.HELPS, words="Sing with her.", said_by="Aroha and her kuia",
            said_on=TODAY, language=Language.EN,
        )  # fmt: skip
    ana = device()
    seen = enter(ana, key).text
    assert (LOVES in seen, "Sing with her." in seen) == (True, False)
    with story.work() as work:
        specialists.say_yes(work, share_id, story.contacts["ngaire"].id)
    seen = ana.open(f"/with/{key.secret}").text
    assert (LOVES in seen, "Sing with her." in seen) == (True, True)


# ---- what it refuses ----


def test_a_link_that_was_passed_on_shows_nothing_and_its_code_opens_one_device_once(
    story: Story, device: Device
) -> None:
    _, key = approved(story)
    ana, other = device(), device()
    enter(ana, key)
    page = other.open(f"/with/{key.secret}", reo="en")
    for words in ("Aroha", GOAL, "Ana", "Leota"):
        assert words not in page.text
    answer = other.send(page.form(f"/with/{key.secret}?reo=en"), code=key.code)
    assert (answer.status, "That code is over" in answer.text) == (400, True)
    assert GOAL not in answer.text


def test_a_code_is_tried_five_times_and_holds_a_week(story: Story, device: Device, clock: Clock) -> None:
    share_id, key = approved(story)
    wrong = f"{(int(key.code) + 1) % 10**8:08d}"
    guess = device()
    form = guess.open(f"/with/{key.secret}").form(f"/with/{key.secret}")
    assert [guess.send(form, code=wrong).status for _ in range(5)] == [400] * 5
    assert "That code is over" in guess.send(form, code=key.code, reo="en").text
    with story.work("leota") as work:
        key = specialists.make_key(work, share_id)
    clock.now += timedelta(days=specialists.CODE_DAYS)
    answer = guess.send(guess.open(f"/with/{key.secret}").form(f"/with/{key.secret}"), code=key.code)
    assert answer.status == 400


def close_at_school(story: Story, share_id: uuid.UUID, clock: Clock) -> None:
    with story.work("leota") as work:
        specialists.end_share(work, share_id)


def close_at_home(story: Story, share_id: uuid.UUID, clock: Clock) -> None:
    with story.work() as work:
        specialists.end_share(work, share_id, contact_id=story.contacts["ngaire"].id)


def wait(story: Story, share_id: uuid.UUID, clock: Clock) -> None:
    clock.now += timedelta(days=31)


def limit(story: Story, share_id: uuid.UUID, clock: Clock) -> None:
    """Whoever said yes may not be told of the child any more."""
    with story.work("burns") as work:
        whanau.set_access(
            work,
            story.contacts["dave"].id,
            story.students["aroha"].id,
            may_message=MayMessage.NO,
            reason="An order.",
        )


def make_another(story: Story, share_id: uuid.UUID, clock: Clock) -> None:
    with story.work("leota") as work:
        specialists.make_key(work, share_id)


def leave(story: Story, share_id: uuid.UUID, clock: Clock) -> None:
    """The child has left the school."""
    with story.work("burns") as work:
        students.leave_student(work, story.students["aroha"], on=TODAY)


@pytest.mark.parametrize("ending", [close_at_school, close_at_home, wait, limit, leave, make_another])
def test_what_is_over_opens_nothing_at_once_even_on_a_device_that_proved_itself(
    story: Story, device: Device, clock: Clock, ending: Callable[[Story, uuid.UUID, Clock], None]
) -> None:
    share_id, key = approved(story)
    ana = device()
    assert GOAL in enter(ana, key).text
    ending(story, share_id, clock)
    page = ana.open(f"/with/{key.secret}")
    assert page.status == 404
    assert ana.post(f"/with/{key.secret}", {"code": key.code}).status in {400, 404}
    assert GOAL not in page.text


def test_the_link_and_device_of_a_specialist_open_no_other_page(web: Flask, story: Story, device: Device) -> None:
    _, key = approved(story)
    ids, ana, home = ids_in(story, "wi", "ngaire", "+64215550101"), device(), None
    enter(ana, key)
    ids = {**ids, "student_id": story.students["aroha"].id}
    found = []
    for call in calls(web, Entrance.AT_SCHOOL, Entrance.SIGNED_IN):
        if call.method == "GET":
            page = ana.open(call.at(ids))
            if page.status == 200 or WORDS in page.text or GOAL in page.text:
                found.append(call.rule.rule)
    assert found == []
    home = send_home(story)
    ways = [
        each.rule
        for each in web.url_map.iter_rules()
        if set(each.arguments) == {"secret"} and "GET" in (each.methods or ())
    ]
    others = [rule.replace("<secret>", key.secret) for rule in ways if not rule.startswith("/with/")]
    assert len(others) > 3
    assert {ana.open(each).status for each in others} <= {404, 302, 410}
    assert {ana.open(f"/with/{link.removeprefix('/w/')}").status for link in home.links.values()} == {404}


def test_nothing_opens_before_a_yes_and_nobody_says_it_who_may_not_hear_of_the_child(story: Story) -> None:
    share_id = offered(story)
    with pytest.raises(Conflict, match="said yes yet"), story.work("leota") as work:
        specialists.make_key(work, share_id)
    for who in ("rangi", "sina"):
        with pytest.raises(Invalid, match="tell about this child"), story.work() as work:
            specialists.say_yes(work, share_id, story.contacts[who].id)
        with pytest.raises(NotFound), story.work() as work:
            specialists.end_share(work, share_id, contact_id=story.contacts[who].id)
    with story.work() as work:
        specialists.end_share(work, share_id, contact_id=story.contacts["dave"].id)
    for again in (lambda work: specialists.say_yes(work, share_id, story.contacts["ngaire"].id),
                  lambda work: specialists.make_key(work, share_id)):  # fmt: skip
        with pytest.raises(Conflict, match="This is over"), story.work() as work:
            again(work)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("why", {"why": "x" * 601}),
        ("parts", {"parts": ()}),
        ("until_on", {"until_on": TODAY - timedelta(days=1)}),
        ("until_on", {"until_on": TODAY + timedelta(days=91)}),
    ],
)
def test_an_offer_says_whom_why_what_and_until_when(story: Story, field: str, wrong: dict[str, object]) -> None:
    fields = {"name": "Ana", "role": "Therapist", "why": WHY, "parts": (SharedPart.GOALS,), "until_on": TODAY}
    with pytest.raises(Invalid) as refusal, story.work("leota") as work:
        specialists.offer(work, story.students["aroha"], Offer(**{**fields, **wrong}))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_home_reads_its_own_yes_and_not_that_of_another(story: Story, device: Device) -> None:
    home: Home = send_home(story)
    share_id, kuias = offered(story), device()
    come_in(story, kuias, home, "ngaire")
    before = kuias.open(home.links["ngaire"] + "/specialists?reo=en")
    assert "Ana Tau" in before.text
    with story.work() as work:
        specialists.say_yes(work, share_id, story.contacts["dave"].id)
        key = specialists.make_key(work, share_id)
    enter(device(), key)
    assert kuias.open(home.links["ngaire"] + "/specialists?reo=en").text == before.text
    assert kuias.act(home.links["ngaire"] + "/specialists", act="end", share_id=str(uuid.uuid4())).status == 404


def test_only_who_keeps_plans_shares_and_nobody_shares_for_a_child_they_do_not_see(
    sign_in: SignIn, story: Story
) -> None:
    share_id = offered(story)
    at = f"/students/{story.students['aroha'].id}/specialists"
    for who, status in (("matiu", 403), ("fox", 404)):
        visitor = sign_in(who)
        visitor.open("/today")
        assert visitor.act(at, act="end", share_id=str(share_id)).status == status
    leota = sign_in("leota")
    leota.open(at)
    assert (
        leota.act(f"/students/{story.students['hemi'].id}/specialists", act="end", share_id=str(share_id)).status == 404
    )
