"""Two phones: a kuia of two children is asked which one she means, and a teacher praises a child by text alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from commsbridge.schools import Sender, SenderKind
from tests.journeys.acts import KUIA
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
