"""Prompts as notices: one way alone, no name unless wanted, tried again, forgotten with their device."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import text

from commsbridge import prompts, schools
from commsbridge.foundation.database import DatabaseRole
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.messages.gateways import Accepted, Cause, NotSent, Outcome, Refused, Uncertain
from commsbridge.prompts import ClaimedPush, PushState
from tests.conftest import Clock
from tests.story import Story
from tests.texting import prove

TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)  # 2:30 pm in Auckland
POINT = ec.derive_private_key(20261117, ec.SECP256R1()).public_key().public_bytes(
    Encoding.X962, PublicFormat.UncompressedPoint
)  # fmt: skip
P256DH = base64.urlsafe_b64encode(POINT).decode().rstrip("=")
AUTH = base64.urlsafe_b64encode(bytes(16)).decode().rstrip("=")
AT = "https://updates.push.services.mozilla.com/wpush/v2/"


def add(story: Story, who: str = "walsh", *, at: str = f"{AT}one", names: bool = False) -> uuid.UUID:
    with story.work(who) as work:
        device = schools.add_device(work, story.staff[who].id, endpoint=at, p256dh=P256DH, auth=AUTH)
        schools.name_children_on(work, story.staff[who].id, device.id, names=names)
        return device.id


def schedule(story: Story, *, how_many: int = 1, mail: bool = True, by_text: bool = False) -> None:
    with story.work("walsh") as work:
        prompts.set_schedule(
            work, story.staff["walsh"].id, days=range(5), at=time(14, 30), how_many=how_many, by_mail=mail,
            by_text=by_text, by_push=True,
        )  # fmt: skip


def ask(story: Story) -> int:
    with story.work() as work:
        return len(prompts.ask_due(work, links=story.runtime.links))


def claim(story: Story) -> list[ClaimedPush]:
    with story.work() as work:
        return prompts.claim_pushes(work)


def finish(story: Story, push: ClaimedPush, outcome: Outcome) -> PushState:
    with story.work() as work:
        return prompts.finish_push(work, push.id, attempt=push.attempt, outcome=outcome)


def told(push: ClaimedPush) -> dict[str, str]:
    found: dict[str, str] = json.loads(push.job.payload)
    return found


def sent_otherwise(story: Story) -> list[str]:
    with story.work() as work:
        rows = work.session.execute(text("SELECT channel FROM deliveries WHERE staff_id IS NOT NULL ORDER BY made_at"))
        return [row.channel for row in rows]


@pytest.fixture
def asked(story: Story, clock: Clock) -> Story:
    """Ms Walsh has one device, and was asked about a child just now."""
    clock.now = TUESDAY - timedelta(hours=1)
    add(story)
    schedule(story)
    clock.now = TUESDAY
    assert ask(story) == 1
    return story


def test_a_prompt_goes_to_the_device_alone_and_names_nobody(asked: Story) -> None:
    (push,) = claim(asked)
    assert push.job.endpoint == f"{AT}one"
    assert told(push)["title"] == "Who shone today?"
    assert told(push)["body"] == "One home has waited for good news. Open this to see whose."
    said = told(push)["title"] + told(push)["body"]
    assert not any(child.preferred_name in said for child in asked.students.values())
    assert told(push)["url"].endswith("/praise")
    assert sent_otherwise(asked) == []


def test_a_teacher_may_have_children_named(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=1)
    add(story, names=True)
    schedule(story, how_many=2)
    clock.now = TUESDAY
    ask(story)
    (push,) = claim(story)
    assert "Aroha or Hēmi shine?" in told(push)["body"] or "Hēmi or Aroha shine?" in told(push)["body"]
    assert told(push)["url"] == story.runtime.links.today_url()


def test_each_device_gets_it_and_asking_again_queues_none_twice(story: Story, clock: Clock) -> None:
    clock.now = TUESDAY - timedelta(hours=1)
    add(story)
    add(story, at=f"{AT}two")
    schedule(story)
    clock.now = TUESDAY
    ask(story)
    ask(story)
    pushes = claim(story)
    assert {push.job.endpoint for push in pushes} == {f"{AT}one", f"{AT}two"}
    assert len({push.job.topic for push in pushes}) == 1
    assert claim(story) == []


def test_nothing_goes_outside_the_hours_in_which_teachers_may_be_asked(asked: Story, clock: Clock) -> None:
    clock.now = TUESDAY + timedelta(hours=3, minutes=29)
    (push,) = claim(asked)
    assert push.job.lives == 60  # until six
    clock.now = TUESDAY + timedelta(hours=3, minutes=31)
    assert claim(asked) == []
    with asked.work() as work:
        assert work.session.scalar(text("SELECT state FROM prompt_pushes")) == "late"


def test_without_a_device_it_goes_by_text_and_without_a_phone_by_mail(asked: Story, clock: Clock) -> None:
    with asked.work("walsh") as work:
        staff_id = asked.staff["walsh"].id
        [device] = schools.devices_told(work, staff_id)
        schools.drop_device(work, staff_id, device.id)
    assert claim(asked) == []  # what waited for it does not go any more
    clock.now = TUESDAY + timedelta(days=1)
    assert ask(asked) == 1
    assert sent_otherwise(asked) == ["email"]
    prove(asked, "walsh")
    add(asked)
    schedule(asked, by_text=True)
    with asked.work("walsh") as work:
        [device] = schools.devices_told(work, staff_id)
        schools.drop_device(work, staff_id, device.id)
    clock.now = TUESDAY + timedelta(days=2)
    assert ask(asked) == 1
    assert sent_otherwise(asked)[-1] == "text"
    assert claim(asked) == []


def test_taken_it_is_over_and_its_words_are_forgotten(asked: Story) -> None:
    (push,) = claim(asked)
    assert finish(asked, push, Accepted("201")) is PushState.SENT
    assert finish(asked, push, Refused(Cause.NOT_IN_SERVICE, "410")) is PushState.SENT  # an answer that came twice
    with asked.work() as work:
        assert work.session.scalar(text("SELECT payload FROM prompt_pushes")) == ""
        assert len(schools.devices_in_use(work, [asked.staff["walsh"].id])[asked.staff["walsh"].id]) == 1


def test_a_device_its_service_forgot_is_forgotten_and_its_owner_told(asked: Story) -> None:
    (push,) = claim(asked)
    assert finish(asked, push, Refused(Cause.NOT_IN_SERVICE, "410")) is PushState.FAILED
    with asked.work() as work:
        staff_id = asked.staff["walsh"].id
        assert schools.devices_in_use(work, [staff_id])[staff_id] == []
        [device] = schools.devices_told(work, staff_id)
        assert device.gone


@pytest.mark.parametrize(
    "outcome", [NotSent(Cause.BUSY, "429"), NotSent(Cause.CREDENTIALS, "403"), Uncertain("timeout")]
)
def test_what_was_not_taken_is_tried_again_later(asked: Story, clock: Clock, outcome: Outcome) -> None:
    (push,) = claim(asked)
    assert finish(asked, push, outcome) is PushState.WAITING
    assert claim(asked) == []
    clock.forward(seconds=6)
    (again,) = claim(asked)
    assert (again.id, again.attempt, again.job.topic) == (push.id, 2, push.job.topic)
    assert finish(asked, push, Accepted("201")) is PushState.WAITING  # the first try's answer comes too late


def test_a_service_that_asks_for_patience_past_six_ends_it_and_the_page_may_say_so(asked: Story) -> None:
    (push,) = claim(asked)
    assert finish(asked, push, NotSent(Cause.BUSY, "503", 4 * 3600.0)) is PushState.FAILED
    with asked.work() as work:
        [device] = schools.devices_told(work, asked.staff["walsh"].id)
        assert device.failed_at is not None
        assert not device.gone


def test_a_worker_that_died_holding_it_is_followed_by_another(asked: Story, clock: Clock) -> None:
    (push,) = claim(asked)
    clock.forward(seconds=91)
    (again,) = claim(asked)
    assert (again.id, again.attempt) == (push.id, 2)


def test_a_notice_that_is_long_over_is_forgotten_and_its_prompt_is_not(asked: Story, clock: Clock) -> None:
    (push,) = claim(asked)
    finish(asked, push, Accepted("201"))

    def kept() -> tuple[int, int]:
        with asked.work() as work:
            pushes = work.session.scalar(text("SELECT count(*) FROM prompt_pushes WHERE id = :id"), {"id": push.id})
            return pushes or 0, work.session.scalar(text("SELECT count(*) FROM prompts")) or 0

    clock.now = TUESDAY + timedelta(days=27)
    ask(asked)
    assert kept()[0] == 1
    clock.now = TUESDAY + timedelta(days=30)
    before = kept()[1]
    ask(asked)
    assert kept()[0] == 0
    assert kept()[1] >= before


def test_the_carriers_door_sees_which_school_and_no_more(asked: Story) -> None:
    with asked.runtime.carrier() as session:
        assert prompts.schools_with_pushes(session, TUESDAY) == [asked.school_id]
        assert prompts.schools_with_pushes(session, TUESDAY - timedelta(minutes=1)) == []
    reads = "SELECT has_column_privilege('commsbridge_carrier', 'prompt_pushes', :column, 'SELECT')"
    with asked.runtime.database.session(DatabaseRole.APP) as session:
        may = {column: session.scalar(text(reads), {"column": column}) for column in ("school_id", "payload")}
    assert may == {"school_id": True, "payload": False}


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://updates.push.services.mozilla.com/x",
        "https://127.0.0.1/x",
        "https://10.0.0.7/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://localhost/x",
        "https://db/x",
        "https://metadata.internal/x",
        "https://printer.local/x",
        "https://push.example.com:8080/x",
        "https://somebody@push.example.com/x",
        "https://push.example.com\\@127.0.0.1/x",
        "https://push.example.com/x#y",
        "https://push.example.com/x\r\nHost: inside",
        "https://push.example.com/x y",
        "https://push.example.com/" + "x" * 1000,
        "file:///etc/passwd",
        "",
    ],
)
def test_an_address_that_leads_inside_or_nowhere_is_no_device(story: Story, endpoint: str) -> None:
    with pytest.raises(Invalid):
        add(story, at=endpoint)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", AUTH), (P256DH, ""), (AUTH, AUTH), (P256DH[:-4], AUTH), ("B" + "A" * 86, AUTH), ("ā", AUTH)],
)
def test_keys_that_nothing_could_be_sealed_for_are_no_device(story: Story, p256dh: str, auth: str) -> None:
    with story.work("walsh") as work, pytest.raises(Invalid):
        schools.add_device(work, story.staff["walsh"].id, endpoint=f"{AT}one", p256dh=p256dh, auth=auth)


def test_a_browser_that_changed_hands_asks_its_new_owner_alone(story: Story) -> None:
    add(story, "walsh")
    add(story, "fox")
    with story.work() as work:
        found = schools.devices_in_use(work, [story.staff["walsh"].id, story.staff["fox"].id])
    assert [len(found[story.staff[who].id]) for who in ("walsh", "fox")] == [0, 1]


def test_nobody_has_devices_without_end_nor_touches_anothers(story: Story) -> None:
    devices = [add(story, at=f"{AT}{number}") for number in range(schools.MOST_DEVICES)]
    with pytest.raises(Invalid):
        add(story, at=f"{AT}more")
    with story.work("fox") as work:
        with pytest.raises(NotFound):
            schools.drop_device(work, story.staff["fox"].id, devices[0])
        with pytest.raises(NotFound):
            schools.name_children_on(work, story.staff["fox"].id, devices[0], names=True)


def test_nobody_is_prompted_on_a_device_they_never_added(story: Story) -> None:
    with pytest.raises(Invalid) as refused:
        schedule(story)
    assert refused.value.field == "by_push"
