"""A hui of two homes together, from the invitation to a next step that was looked back on: a kuia by text alone, a
father on his own page, and the calm page of the room."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from commsbridge import meetings, schools
from commsbridge.foundation.language import Language, say
from commsbridge.meetings import Hui, HuiKind, Purpose, Wishes
from tests.journeys.acts import KUIA, texts_to
from tests.journeys.browser import DESK, PHONE, Device
from tests.journeys.conftest import SignIn
from tests.journeys.house import House, until
from tests.journeys.test_book_story import came_to
from tests.story import Story

POINT, DECIDED, STEP = "How she gets to school", "The bus stops at the gate from Monday.", "Ring the bus company"
pytestmark = pytest.mark.journey


def each_said_so(story: Story) -> None:
    """Each home has said, in a hui of its own, that it would meet with the other; both were called off again."""
    aroha = story.students["aroha"]
    for contact in ("ngaire", "dave"):
        with story.work("walsh") as work:
            who = story.contacts[contact].id
            home = next(
                each for each in meetings.homes_of(work, aroha) if who in {one.contact_id for one in each.people}
            )
            hui = meetings.open_hui(work, aroha, home, Purpose(HuiKind.CATCH_UP, "How it goes."))
            meetings.say_wishes(work, hui, Wishes(together=True), contact_id=who)
            meetings.call_off(work, hui, "", links=story.runtime.links)


class Kuia:
    """A kuia who has a phone that texts, and nothing else; she answers with the numbers it is told."""

    def __init__(self, device: Device, house: House, story: Story) -> None:
        self.house = house
        self.page = device.open(f"{house.town.url}/phones/{KUIA}")
        self.page.get_by_label("To", exact=True).fill(story.texts.address)
        self.before = 0

    def heard(self) -> list[str]:
        """What came since she last wrote, the newest first."""
        return [each.body for each in texts_to(self.house.town, KUIA)][self.before :][::-1]

    def says(self, words: str) -> None:
        self.before = len(texts_to(self.house.town, KUIA))
        self.page.get_by_label(re.compile("^Text as")).fill(words)
        self.page.get_by_role("button", name="Send").click()

    def answers(self, answer: str) -> None:
        """Wait for the question that offers this answer, and send its number."""

        def number() -> str | None:
            found = [re.search(rf"^(\d+): {answer}", each, re.MULTILINE) for each in self.heard()]
            return next((each[1] for each in found if each), None)

        self.says(until(number, what=f"a text that offers {answer}"))

    def hears(self, words: str) -> None:
        until(lambda: any(words in each for each in self.heard()), what=f"a text that says {words}")


def open_together(teacher: Device, story: Story) -> uuid.UUID:
    """The teacher opens the hui both homes asked for, proposes the SENCO and offers two times."""
    page = teacher.open(f"/students/{story.students['aroha'].id}/hui")
    page.get_by_role("radio", name=re.compile("^Together, as each of them said")).check()
    page.get_by_label("What is it for?").fill("What goes well for Aroha, and how she gets here.")
    page.get_by_label("Where?").fill("Room 7")
    page.get_by_role("button", name="Open the hui").click()
    expect(page.get_by_text("Two homes meet together")).to_be_visible()
    page.get_by_text("Propose somebody", exact=True).click()
    page.locator("#staff_id").select_option(str(story.staff["leota"].id))
    page.locator("#role").select_option("senco")
    page.locator("#why").fill("Knows what help there is.")
    page.get_by_role("button", name="Propose them").click()
    expect(page.get_by_text("The family has not said yet.")).to_be_visible()
    with story.work() as work:
        today = schools.today(work)
    for place in (1, 2):
        page.locator(f"#day_{place}").fill((today + timedelta(days=2 + place)).isoformat())
        page.locator(f"#time_{place}").fill("15:30")
    page.get_by_role("button", name="Ask the family").click()
    expect(page.get_by_text("Asked. The answer will stand here.")).to_be_visible()
    return uuid.UUID(page.url.partition("/hui/")[2][:36])


def come_in(device: Device, story: Story, contact: str) -> Page:
    """Open the link of the invitation on a phone that is new, and prove it with the code."""
    page = device.open(came_to(story, contact, r"(/w/[\w-]+)"))
    page.locator("form[action*='/code'] button").click()
    page.locator("#code").fill(came_to(story, contact, r"\b(\d{6})\b"))
    page.locator("form[action*='/open'] button").click()
    return page


def begin_now(story: Story, hui_id: uuid.UUID) -> None:
    """The day has come."""
    with story.work() as work:
        work.session.get_one(Hui, hui_id).begins_at = work.now - timedelta(minutes=20)


def run(page: Page, story: Story, homes: dict[str, uuid.UUID]) -> None:
    """In the room: who leads and writes, a point, what each home says to it, a next step, read back, held, sent."""
    page.get_by_label("Who leads the hui?").fill("Ngaire")
    page.get_by_label("Who writes?").fill("Ms Walsh")
    page.locator("form", has=page.locator("#chair")).get_by_role("button").click()
    expect(page.get_by_text("Ngaire leads, Ms Walsh writes.")).to_be_visible()
    page.locator("#point").fill(POINT)
    page.locator("form", has=page.locator("#point")).get_by_role("button").click()
    point = page.locator("ol.set > li").filter(has_text=POINT)
    point.get_by_text("Write what is decided").click()
    point.get_by_label("What is decided").fill(DECIDED)
    point.locator(f"select[name='agrees_{homes['dave']}']").select_option("agree")
    point.locator("form", has=page.locator("[name=decided]")).get_by_role("button").click()
    expect(page.get_by_text("The family has not spoken to these points yet:")).to_be_visible()
    page.get_by_text("Add a next step").click()
    page.locator("#what").fill(STEP)
    page.locator("#by").select_option(str(story.staff["walsh"].id))
    page.locator("form", has=page.locator("#what")).get_by_role("button").click()
    expect(page.get_by_text(STEP).first).to_be_visible()
    page.get_by_role("button", name="They decide these later, at home").click()
    expect(page.get_by_text("The family has not spoken to these points yet:")).to_have_count(0)
    page.get_by_role("button", name="The hui was held").click()
    expect(page.get_by_role("alert")).to_contain_text("Read all of it aloud first")
    page.get_by_role("button", name="It was read aloud").click()
    expect(page.get_by_text("Ms Walsh read all of it aloud")).to_be_visible()
    page.get_by_role("button", name="The hui was held").click()
    page.get_by_role("button", name="Send the minutes home").click()
    expect(page.get_by_text("The minutes are on their way")).to_be_visible()


def test_two_homes_one_by_text_alone_from_the_invitation_to_a_next_step_that_was_looked_back_on(
    house: House, story: Story, devices: SignIn, sign_in: SignIn
) -> None:
    each_said_so(story)
    teacher, kuia = sign_in("walsh", DESK), Kuia(devices(PHONE), house, story)
    hui_id = open_together(teacher, story)
    kuia.hears("Dave Kereama")
    kuia.answers(".*3:30")
    kuia.hears("Mrs Leota")
    father = devices(PHONE)
    page = come_in(father, story, "dave")
    page.locator(f"a[href*='/hui/{hui_id}']").first.click()
    expect(page.get_by_text("Together with Ngaire Kereama, as you both asked.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("chosen by Ngaire Kereama")
    page.get_by_role("radio", name=re.compile("chosen by")).check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("The time is set")).to_be_visible()
    page.get_by_role("button", name="Yes, be there").click()
    yes, no = (say(Language.MI, each) for each in ("Yes", "No"))
    kuia.answers(yes)
    kuia.hears("Kaitakawaenga")
    kuia.answers(no)
    kuia.hears("pānuitia")
    kuia.says("Aroha loves the sea.")
    kuia.hears("aiwhakamāori")
    kuia.says("haria mai a Moana")

    shown = teacher.open(f"/hui/{hui_id}")
    teacher.wait_for(shown.get_by_text("Moana"))
    teacher.wait_for(shown.get_by_text("Aroha loves the sea."))
    expect(shown.get_by_text("The family said yes.")).to_be_visible()
    begin_now(story, hui_id)
    with story.work() as work:
        found = meetings.homes_behind(work, story.students["aroha"], work.session.get_one(Hui, hui_id))
        homes = {name: each.key for each in found for name in ("ngaire", "dave")
                 if story.contacts[name].id in {one.contact_id for one in each.people}}  # fmt: skip
    run(teacher.open(f"/hui/{hui_id}/room"), story, homes)

    kuia.answers(say(Language.MI, "We agree"))
    page.reload()
    expect(page.locator("main")).to_contain_text(DECIDED)
    at_school = teacher.page
    at_school.get_by_text("Say what came of it").first.click()
    at_school.get_by_role("button", name="It is done").first.click()
    kuia.answers(say(Language.MI, "It helped"))
    page.reload()
    page.get_by_text("Say how it went").first.click()
    page.locator("select[name='whose']").select_option("family")
    page.locator("select[name='helped']").select_option("partly")
    page.locator("form", has=page.locator("select[name='helped']")).get_by_role("button").click()
    expect(page.get_by_text("It helped a little", exact=False).first).to_be_visible()
    teacher.wait_for(at_school.get_by_text(re.compile("Whānau say: It helped$")))
    expect(at_school.get_by_text("Whānau say: It helped a little")).to_be_visible()
    expect(at_school.get_by_text("Ngaire Kereama: We agree")).to_be_visible()
