"""A phone is somebody's own once they typed the code that was texted to it; guessing is hopeless."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import text

from commsbridge import prompts, schools
from commsbridge.foundation.errors import Invalid
from tests.conftest import Clock
from tests.story import Story
from tests.texting import MOBILE, prove


def test_the_right_code_proves_it_and_a_wrong_one_does_not(story: Story) -> None:
    staff_id = story.staff["walsh"].id
    with story.work("walsh") as work:
        _, code = schools.ask_phone(work, staff_id, MOBILE)
        wrong = f"{(int(code) + 1) % 10**6:06}"
        assert not schools.check_code(work, staff_id, wrong)
        assert schools.phone_in_use(work, staff_id) is None
        assert schools.check_code(work, staff_id, f" {code[:3]} {code[3:]} ")
        assert schools.phone_in_use(work, staff_id) is not None


def test_after_five_wrong_codes_even_the_right_one_is_none(story: Story) -> None:
    staff_id = story.staff["walsh"].id
    with story.work("walsh") as work:
        _, code = schools.ask_phone(work, staff_id, MOBILE)
        for _ in range(5):
            assert not schools.check_code(work, staff_id, f"{(int(code) + 1) % 10**6:06}")
        assert not schools.check_code(work, staff_id, code)


def test_a_code_lives_ten_minutes_and_only_its_digest_is_kept(story: Story, clock: Clock) -> None:
    staff_id = story.staff["walsh"].id
    with story.work("walsh") as work:
        _, code = schools.ask_phone(work, staff_id, MOBILE)
        kept = work.session.execute(text("SELECT staff_phones::text FROM staff_phones")).scalar_one()
        assert code not in kept.replace(MOBILE, "")
    clock.forward(minutes=10)
    with story.work("walsh") as work:
        assert not schools.check_code(work, staff_id, code)


def test_nobody_asks_for_codes_without_end(story: Story, clock: Clock) -> None:
    with story.work("walsh") as work:
        for _ in range(3):
            schools.ask_phone(work, story.staff["walsh"].id, MOBILE)
        with pytest.raises(Invalid):
            schools.ask_phone(work, story.staff["walsh"].id, "021 555 0191")
    with story.work("fox") as work, pytest.raises(Invalid):
        schools.ask_phone(work, story.staff["fox"].id, MOBILE)
    clock.forward(minutes=61)
    with story.work("fox") as work:
        schools.ask_phone(work, story.staff["fox"].id, MOBILE)


@pytest.mark.parametrize("written", ["", "09 555 0106", "021 55", "call me", "walsh@rimu.test"])
def test_what_is_no_mobile_is_refused(story: Story, written: str) -> None:
    with story.work("walsh") as work, pytest.raises(Invalid):
        schools.ask_phone(work, story.staff["walsh"].id, written)


def test_a_phone_has_one_owner_the_last_to_prove_it(story: Story) -> None:
    address = prove(story)
    prove(story, "fox")
    with story.work() as work:
        found = schools.staff_phone_at(work, address)
        assert found is not None
        assert found.staff_id == story.staff["fox"].id
        assert schools.phone_in_use(work, story.staff["walsh"].id) is None


def test_the_old_phone_is_in_use_until_the_new_one_is_proven(story: Story) -> None:
    staff_id = story.staff["walsh"].id
    old = prove(story)
    with story.work("walsh") as work:
        asked, code = schools.ask_phone(work, staff_id, "021 555 0191")
        assert schools.staff_phone_at(work, old) is not None
        assert schools.check_code(work, staff_id, code)
        assert schools.staff_phone_at(work, old) is None
        assert schools.staff_phone_at(work, asked.address) is not None


def test_nobody_is_prompted_by_text_without_a_proven_phone(story: Story) -> None:
    with story.work("walsh") as work, pytest.raises(Invalid) as refused:
        prompts.set_schedule(
            work, story.staff["walsh"].id, days={0}, at=time(14, 30), how_many=1, by_mail=False, by_text=True
        )
    assert refused.value.field == "by_text"
