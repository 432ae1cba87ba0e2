"""The partnership view: what school reads of a home is what the home reads, and no home reads of another."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

from sqlalchemy import text

from commsbridge import books, meetings, plans, reports, schools, specialists, whanau
from commsbridge.meetings import Home as HuiHome
from commsbridge.meetings import HuiKind, NewStep, Proposed, Purpose, Welcome
from commsbridge.plans import Item, Part, Place
from commsbridge.specialists import Offer, SharedPart
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, come_in, send_home
from tests.doors.moments import praised
from tests.doors.pages import Page, Visitor
from tests.story import Story

GOAL = "Aroha asks for a break with her card."
DADS = "She sleeps over at her cousin’s."
CARD = "Show the card, then wait."
BUS = "Ring the bus about the gate."
WENT = (
    "UPDATE deliveries SET state = 'sending', worker = 'w', attempt = 1, lease_until = made_at WHERE state = 'queued'",
    "UPDATE deliveries SET state = 'sent', sent_at = made_at, lease_until = NULL WHERE state = 'sending'",
)
AGREED = "Each day by text. Hard things by phone."


def lived_through(story: Story) -> Home:
    """A plan with words of one home, a hui of that home, a book that is agreed, and praise that arrived."""
    aroha, dave = story.students["aroha"], story.contacts["dave"]
    home = send_home(story)
    with story.work("walsh") as work:
        book = books.book_by_id(work, home.book.id)
        books.set_agreement(work, book, AGREED)
        books.sign_agreement(work, book)
        books.sign_agreement(work, book, contact_id=dave.id)
    with story.work("leota") as work:
        plan = plans.begin_plan(work, aroha, review_on=date(2027, 2, 19))
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.GOAL, GOAL), seen=1)
        plans.keep_item(work, plan, Item(uuid.uuid4(), Part.STRATEGY, CARD, Place.CLASS, "Ms Walsh"), seen=2)
        plans.write_from_home(work, plan, dave, Part.GOAL, DADS)
        [own] = [each for each in meetings.homes_of(work, aroha) if dave.id in {one.contact_id for one in each.people}]
        hui(story, own)
    return home


def hui(story: Story, own: HuiHome) -> None:
    with story.work("leota") as work:
        found = meetings.open_hui(work, story.students["aroha"], own, Purpose(HuiKind.IEP, "What she is proud of."))
        meetings.invite(work, found, [work.now + timedelta(days=2)], links=story.runtime.links)
        meetings.choose(work, found, 1, contact_id=story.contacts["dave"].id, links=story.runtime.links)
        meetings.add_step(work, found, NewStep(BUS, schools.today(work) + timedelta(days=3), by_family=True))


def at_home(story: Story, phone: Visitor, home: Home, contact: str) -> Page:
    come_in(story, phone, home, contact)
    return phone.open(home.links[contact] + "/partnership?reo=en")


def between(page: Page) -> str:
    """The facts alone, as both pages show them: from the last good news to what is asked."""
    found = re.findall(r"The last good news.*?about every child of this home\.", page.text)
    assert len(found) == 1
    return str(found[0])


def of_home(page: Page, who: str) -> str:
    """The facts that school's page shows of one home."""
    [found] = [each for each in page.text.split("With ")[1:] if each.startswith(who)]
    return str(re.findall(r"The last good news.*?about every child of this home\.", found)[0])


def test_school_and_home_read_the_same_facts_and_another_home_reads_nothing_of_them(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, leota, dads, kuias = lived_through(story), sign_in("leota"), device(), device()
    page = at_home(story, dads, home, "dave")
    for words in (GOAL, DADS, CARD, BUS, AGREED, "At home: Dave Kereama", "Set for", "Mrs Leota", "09 555 0100"):
        assert words in page.text
    at_school = leota.open(f"/students/{story.students['aroha'].id}/partnership")
    assert of_home(at_school, "Dave") == between(page)
    other = at_home(story, kuias, home, "ngaire")
    assert of_home(at_school, "Ngaire") == between(other)
    assert GOAL in other.text
    for words in ("Dave", DADS, BUS, "Set for", "pāpā"):
        assert words not in other.text


def test_what_is_asked_of_a_home_is_counted_from_all_sides_and_apart(story: Story) -> None:
    lived_through(story)
    praised(story, "wi", "fox")
    with story.work() as work:
        for went in WENT:
            work.session.execute(text(went))
        homes = whanau.homes_about(work, story.students["aroha"].id, on=schools.today(work))
        asked = {each.people[0][0].name: reports.asked_of_home(work, each) for each in homes}
    dads, kuias = asked["Dave Kereama"], asked["Ngaire Kereama"]
    assert (dads.hui, dads.steps, dads.forms, kuias.hui, kuias.steps, kuias.forms) == (1, 1, 1, 0, 0, 2)
    assert dads.good == kuias.good == 1
    assert dads.messages > kuias.messages > kuias.good


def test_homes_are_named_to_one_another_only_when_both_asked_and_until_one_takes_it_back(
    story: Story, device: Device
) -> None:
    home, dads, kuias = lived_through(story), device(), device()

    def press(phone: Visitor, contact: str, asks: str) -> Page:
        form = next(
            each for each in phone.open(home.links[contact] + "/partnership?reo=en").forms if "asks" in each.values
        )
        assert form.values["asks"] == asks
        assert phone.send(form).status == 302
        return phone.follow()

    at_home(story, dads, home, "dave")
    before = at_home(story, kuias, home, "ngaire")
    assert "Ngaire" not in press(dads, "dave", "yes").text
    assert kuias.open(home.links["ngaire"] + "/partnership?reo=en").text == before.text
    assert "Dave Kereama" in press(kuias, "ngaire", "yes").text
    page = dads.open(home.links["dave"] + "/partnership?reo=en")
    assert "Ngaire Kereama" in page.text
    press(kuias, "ngaire", "no")
    assert "Ngaire" not in dads.open(home.links["dave"] + "/partnership?reo=en").text


def test_a_home_with_somebody_kept_from_the_child_is_named_to_nobody(story: Story) -> None:
    with story.work() as work:
        aroha, today = story.students["aroha"].id, schools.today(work)
        story.contacts["rangi"].household_id = story.contacts["ngaire"].household_id
        work.session.merge(story.contacts["rangi"])
        work.session.flush()
        for who in ("dave", "ngaire"):
            whanau.ask_to_be_named(work, story.contacts[who], aroha, asks=True)
        homes = whanau.homes_about(work, aroha, on=today)
        assert len(homes) == 2
        for who in ("dave", "ngaire"):
            assert whanau.named_to(work, homes, aroha, whanau.home_of(story.contacts[who]), on=today) == []


def test_the_page_is_for_a_device_that_proved_itself_and_for_staff_who_see_the_child(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home = lived_through(story)
    stranger, at = device(), home.links["dave"] + "/partnership"
    assert stranger.open(at).status == 302
    assert GOAL not in stranger.follow().text
    assert stranger.act(at, asks="yes").status == 302
    with story.work() as work:
        assert whanau.homes_asking(work, story.students["aroha"].id) == set()
    assert sign_in("fox").open(f"/students/{story.students['aroha'].id}/partnership").status == 404


def test_whoever_is_not_at_the_table_reads_that_there_is_a_hui_and_no_more(sign_in: SignIn, story: Story) -> None:
    lived_through(story)
    page = sign_in("matiu").open(f"/students/{story.students['aroha'].id}/partnership")
    assert BUS not in page.text
    assert "Whoever is at its table reads it." in page.text


def test_the_team_has_each_with_what_they_do_and_nobody_who_left_or_whom_the_home_did_not_want(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dads = lived_through(story), device()
    aroha, dave = story.students["aroha"], story.contacts["dave"]
    with story.work("leota") as work:
        [own] = meetings.hui_of_home(work, dave, [aroha.id])
        for name, role, welcome in (("Ana Tau", "speech", Welcome.YES), ("Ria Tamihana", "rtlb", Welcome.NO)):
            person = meetings.propose(work, own, Proposed(role, "Knows how she asks.", name=name))
            meetings.decide_person(work, own, person.id, welcome, contact_id=dave.id)
        wanted = Offer("Moe Faʻaloi", "Advisor", "To listen.", (SharedPart.GOALS,), date(2027, 1, 20))
        share = specialists.offer(work, aroha, wanted)
    page = at_home(story, dads, home, "dave")
    assert "comes to the hui: Speech-language therapist" in page.text
    assert "Helps with talking, understanding, and eating and drinking safely." in page.text
    assert "Messages are read on school days, from 8:30 am to 4:00 pm." in page.text
    for nobody in ("Ria", "Moe"):
        assert nobody not in page.text
    with story.work() as work:
        specialists.say_yes(work, share.id, dave.id)
        schools.leave_staff(work, work.session.merge(story.staff["leota"]), on=schools.today(work))
    page = dads.open(home.links["dave"] + "/partnership?reo=en")
    assert "Advisor, from outside school; sees what your home said yes to" in page.text
    assert "Mrs Leota" not in re.findall(r"The team, and how.*?What is asked", page.text)[0]
    other = at_home(story, device(), home, "ngaire")
    for nobody in ("Ana Tau", "Moe"):
        assert nobody not in other.text
    assert of_home(sign_in("burns").open(f"/students/{aroha.id}/partnership"), "Ngaire") == between(other)


def test_before_a_teacher_asks_a_home_for_one_more_hui_they_read_what_it_is_asked_already(
    sign_in: SignIn, story: Story
) -> None:
    lived_through(story)
    page = sign_in("leota").open(f"/students/{story.students['aroha'].id}/hui")
    told = re.findall(r"from all sides: (\d+)\. Waiting for this home: (\d+)\.", page.text)
    with story.work() as work:
        homes = whanau.homes_about(work, story.students["aroha"].id, on=schools.today(work))
        asked = [reports.asked_of_home(work, each) for each in homes]
    assert sorted(told) == sorted((str(each.messages), str(each.waits)) for each in asked)
    assert len({each.waits for each in asked}) == 2


def test_words_a_hui_waits_for_are_counted_until_they_are_said_and_no_more_once_it_is_off(story: Story) -> None:
    lived_through(story)
    aroha, dave = story.students["aroha"], story.contacts["dave"]

    def waits() -> tuple[int, int, int]:
        with story.work() as work:
            homes = whanau.homes_about(work, aroha.id, on=schools.today(work))
            found = next(each for each in homes if each.key == dave.household_id)
            asked = reports.asked_of_home(work, found)
            return asked.hui, asked.words, asked.steps

    with story.work("leota") as work:
        [own] = meetings.hui_of_home(work, dave, [aroha.id])
        person = meetings.propose(work, own, Proposed("speech", "Knows how she asks.", name="Ana Tau"))
    assert waits() == (1, 1, 1)
    with story.work() as work:
        meetings.decide_person(work, meetings.hui_at_home(work, dave, [aroha.id], own.id), person.id, Welcome.NO,
                               contact_id=dave.id)  # fmt: skip
    assert waits() == (1, 0, 1)
    with story.work("leota") as work:
        meetings.call_off(work, meetings.hui_at_home(work, dave, [aroha.id], own.id), "", links=story.runtime.links)
    assert waits() == (0, 0, 0)
