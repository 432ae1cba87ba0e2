"""Phones of families and teachers: which child is asked, praise goes by text, words in both languages, a new number."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from commsbridge.foundation.language import Language, say
from commsbridge.schools import Sender, SenderKind
from tests.journeys.acts import HINE, KUIA
from tests.journeys.browser import PHONE
from tests.journeys.conftest import SignIn
from tests.journeys.house import House
from tests.story import Story
from tests.texting import prove

pytestmark = pytest.mark.journey


def write(phone: Page, words: str) -> None:
    phone.get_by_label(re.compile("^Text as")).fill(words)
    phone.get_by_role("button", name="Send").click()


def test_which_child_is_asked_by_text_and_a_teacher_praises_by_text(
    house: House, story: Story, sign_in: SignIn, devices: SignIn
) -> None:
    with story.work() as work:
        work.session.get_one(Sender, story.texts.id).kind = SenderKind.ZERO_RATED
    kuia = devices(PHONE).open(f"{house.town.url}/phones/{KUIA}")
    kuia.get_by_label("To", exact=True).fill(story.texts.address)
    write(kuia, "Ka tōmuri ia āpōpō")
    asked = kuia.get_by_role("log")
    expect(asked).to_contain_text("1 mō Aroha, 2 mō Wī")
    write(kuia, "1")
    teacher = sign_in("walsh")
    log = teacher.open(f"/students/{story.students['aroha'].id}?show=replies")
    teacher.wait_for(log.get_by_role("listitem").filter(has_text="Ka tōmuri ia āpōpō"))

    own = devices(PHONE).open(f"{house.town.url}/phones/{prove(story)}")
    write(own, "Aroha shared her blocks with a new friend")
    shown = own.get_by_role("log")
    expect(shown).to_contain_text("1 send")
    expect(asked).not_to_contain_text("shared her blocks")
    write(own, "1")
    expect(asked).to_contain_text("Aroha shared her blocks with a new friend")


def phone(devices: SignIn, house: House, story: Story, number: str) -> Page:
    """A phone of the neighbourhood that writes to the school, which it knows once the school has written to anybody."""
    opened = devices(PHONE).open(f"{house.town.url}/phones/{number}")
    if (to := opened.get_by_label("To", exact=True)).count():
        to.fill(story.texts.address)
    return opened


def test_stop_start_a_call_a_pause_and_a_new_number_are_asked_for_by_phone(
    house: House, story: Story, sign_in: SignIn, devices: SignIn
) -> None:
    kuia = phone(devices, house, story, KUIA)
    stopped = say(Language.MI, "No more texts from us will come to this phone. To start again, reply START.")
    started = say(Language.MI, "Texts from us have started again.")
    for words, said in (("Kāti", stopped), ("timata", started), ("STOP", stopped), ("TĪMATA", started)):
        already = kuia.get_by_role("log").get_by_text(said).count()
        write(kuia, words)
        expect(kuia.get_by_role("log").get_by_text(said)).to_have_count(already + 1)

    hine = phone(devices, house, story, HINE)
    write(hine, "WAEA MAI after 3pm")
    expect(hine.get_by_role("log")).to_contain_text("Ms Walsh")
    write(hine, "PAUSE until Friday")
    teacher = sign_in("walsh")
    teacher.wait_for(teacher.open("/to-do").get_by_text("who asked for it (after 3pm)"))

    new = phone(devices, house, story, "+64215559990")
    write(new, "Kia ora, ko te kuia tēnei o Aroha, he waea hou")
    office = sign_in("leota")
    parked = office.open("/parked")
    row = parked.get_by_role("listitem").filter(has_text="021 555 9990")
    office.wait_for(row)
    ngaire = story.contacts["ngaire"].id
    row.get_by_role("radio", name=re.compile("^Ngaire")).first.check()
    rung = row.get_by_label("Is this number or address theirs from now on?")
    rung.select_option(value=f"{ngaire} {KUIA}")
    row.get_by_role("button", name="It is this person").click()
    expect(parked.get_by_text("Nothing is parked.")).to_be_visible()
    office.wait_for(office.open(f"/contacts/{ngaire}").get_by_text("Kept after Mrs Leota rang 021 555 0101"))
