"""One's own mobile: proven by a code on the page; then a whole praise by text, through the carrier and back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text

from commsbridge import prompts
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor, signed_in_as
from tests.doors.service import Service
from tests.story import Story
from tests.texting import MOBILE, prove

TEACHER = "+64215550190"
TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)  # 2:30 pm in Auckland


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    return sign_in("walsh")


def does(visitor: Visitor, **fields: str) -> Page:
    visitor.open("/phone")
    page = visitor.act("/phone", **fields)
    return visitor.follow() if page.status == 302 else page


def comes(service: Service, number: str, words: str) -> str:
    """The text with these words, when it has come to a phone; a praise waits for its welcome, so not in one round."""
    for _ in range(20):
        service.carry()
        found = [each.body for each in service.town.phone(number).texts if words in each.body]
        if found:
            return found[-1]
    pytest.fail(f"no text with “{words}” came to {number}")


def asked_on_a_tuesday(service: Service) -> None:
    """Ms Walsh is asked by text at a time of a school day, whatever day it is when the text is carried."""
    runtime, staff_id = service.runtime, service.story.staff["walsh"].id
    with replace(runtime, now=lambda: TUESDAY - timedelta(minutes=5)).work(service.story.school_id) as work:
        prompts.set_schedule(work, staff_id, days={1}, at=time(14, 30), how_many=3, by_mail=False, by_text=True)
    with replace(runtime, now=lambda: TUESDAY).work(service.story.school_id) as work:
        assert len(prompts.ask_due(work, links=runtime.links)) == 1
        # The outbox goes by the database's clock, for which that Tuesday is another day.
        work.session.execute(
            text("UPDATE deliveries SET due_at = now(), expires_at = now() + interval '1 hour' WHERE due_at = :then"),
            {"then": TUESDAY},
        )


def test_a_phone_is_proven_by_the_code_a_prompt_comes_and_praise_goes_home_by_text(service: Service) -> None:
    visitor = signed_in_as(service.web.test_client(), service.story.staff["walsh"], service.runtime)
    assert "A code is on its way" in does(visitor, act="ask", number=MOBILE).text
    service.carry()
    found = re.search(r"\b\d{6}\b", service.town.phone(TEACHER).texts[-1].body)
    assert found
    assert "The phone is yours." in does(visitor, act="code", code=found.group()).text
    asked_on_a_tuesday(service)
    prompt = comes(service, TEACHER, "Did you see ")
    assert re.search(r"Did you see (Aroha or Hēmi|Hēmi or Aroha) shine\?", prompt)
    assert "Write the name and what you saw" in prompt
    service.town.text_in(TEACHER, "4545", "Aroha shared her blocks with a new friend")
    shown = comes(service, TEACHER, "1 send 2 change 3 not now")
    assert "About Aroha: “Aroha shared her blocks with a new friend” From Ms Walsh to " in shown
    service.town.text_in(TEACHER, "4545", "1")
    comes(service, TEACHER, "It goes to ")
    comes(service, "+64215550101", "Aroha shared her blocks with a new friend")


def test_a_wrong_code_is_refused_beside_its_field_and_counts(walsh: Visitor) -> None:
    does(walsh, act="ask", number=MOBILE)
    for _ in range(6):
        page = does(walsh, act="code", code="not it")
        assert page.status == 400
        assert "That is not the code" in page.text


def test_what_is_no_mobile_is_refused(walsh: Visitor) -> None:
    page = does(walsh, act="ask", number="09 555 0106")
    assert page.status == 400
    assert "This is not a mobile number." in page.text
    assert does(walsh, act="burn").status == 400


def test_a_parents_phone_says_how_to_tell_them_apart_and_a_phone_can_be_taken_away(
    walsh: Visitor, story: Story, clock: Clock
) -> None:
    prove(story, "walsh", "021 555 0101")
    assert "Begin with KURA" in walsh.open("/phone").text
    assert "By text, to my mobile" in walsh.open("/prompts").text
    assert "Nothing goes to that phone any more" in does(walsh, act="drop").text
    assert "Begin with KURA" not in walsh.open("/phone").text
    assert "Add your mobile" in walsh.open("/prompts").text


def test_a_proof_of_last_year_asks_for_a_new_code(walsh: Visitor, story: Story, clock: Clock) -> None:
    prove(story)
    clock.forward(days=366)
    assert "more than a year ago" in signed_in_as(walsh.client, story.staff["walsh"], story.runtime).open("/phone").text


@pytest.mark.parametrize("who", ["jan", "kiri"])
def test_whoever_does_not_praise_has_no_phone_here(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).open("/phone").status == 403
