"""A browser added to take prompts, told of, taken away; and the whole way of a notice over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from commsbridge import prompts, schools
from commsbridge.web import make_web
from commsbridge.worker.pushing import Pushing
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor, signed_in_as
from tests.doors.service import Service
from tests.story import Story

TUESDAY = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)  # 2:30 pm in Auckland


def change(visitor: Visitor, path: str, /, **fields: object) -> Page:
    visitor.open(path)
    page = visitor.act(path, **fields)
    return visitor.follow() if page.status == 302 else page


def test_where_nobody_made_a_key_the_page_says_so_and_adds_nothing(sign_in: SignIn) -> None:
    walsh = sign_in("walsh")
    assert "cannot send notices to devices yet" in walsh.open("/devices").text
    token = next(form.values["csrf_token"] for form in walsh.open("/prompts").forms if "csrf_token" in form.values)
    fields = {"csrf_token": token, "act": "add", "endpoint": "https://updates.push.services.mozilla.com/x"}
    page = walsh.post("/devices", fields)
    assert page.status == 400
    assert "js/push.js" not in page.response.text


@pytest.mark.parametrize("who", ["jan", "kiri"])
def test_whoever_does_not_praise_has_no_devices_here(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).open("/devices").status == 403


@pytest.fixture
def pushing(service: Service, clock: Clock) -> tuple[Service, Story, Visitor]:
    """The service on a school day at half past one, with Ms Walsh signed in; its worker keeps that clock, too."""
    clock.now = TUESDAY - timedelta(hours=1)
    runtime = replace(service.runtime, now=clock)
    service.worker.pushing = Pushing(runtime)
    story = replace(service.story, runtime=runtime)
    return service, story, walsh_at(story)


def walsh_at(story: Story) -> Visitor:
    """Ms Walsh, signed in by the clock of the story."""
    return signed_in_as(make_web(story.runtime).test_client(), story.staff["walsh"], story.runtime)


def ask(service: Service, story: Story) -> None:
    with story.work() as work:
        assert len(prompts.ask_due(work, links=story.runtime.links)) == 1
    service.carry()


def test_a_prompt_travels_to_the_device_and_one_that_is_gone_is_told_of(
    pushing: tuple[Service, Story, Visitor], clock: Clock
) -> None:
    service, story, walsh = pushing
    device = service.town.device("Ms Walsh's phone", service.runtime.gateways.pushes.application_key)
    page = walsh.open("/devices")
    assert "js/push.js" in page.response.text
    assert device.application_key in page.response.text
    fields = {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth}
    assert "This device is added." in change(walsh, "/devices", act="add", **fields).text
    chosen = {"day-1": "yes", "day-2": "yes", "at": "14:30", "how_many": "1", "by_push": "yes", "by_mail": ""}
    assert walsh.send(walsh.open("/prompts").form("/prompts", having="how_many"), **chosen).status == 302

    clock.now = TUESDAY
    ask(service, story)
    [notice] = device.notices
    assert notice.told["title"] == "Who shone today?"
    assert notice.told["url"].startswith(service.runtime.settings.public_url)

    device.gone = True
    clock.now = TUESDAY + timedelta(days=1)
    ask(service, story)
    assert len(device.notices) == 1
    walsh = walsh_at(story)
    assert "its browser has forgotten us" in walsh.open("/devices").text
    assert "No device of yours takes prompts any more" in walsh.open("/prompts").text
    with story.work() as work:
        [row] = schools.devices_told(work, story.staff["walsh"].id)
    assert "Nothing goes to that device" in change(walsh, "/devices", act="drop", device_id=str(row.id)).text
    assert "its browser has forgotten us" not in walsh.open("/devices").text


def test_an_address_elsewhere_a_strange_device_and_a_button_of_no_page_are_refused(
    pushing: tuple[Service, Story, Visitor],
) -> None:
    service, story, walsh = pushing
    device = service.town.device("A phone", service.runtime.gateways.pushes.application_key)
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    for endpoint in ("https://updates.push.services.mozilla.com/x", "http://127.0.0.1:5432/push/x", ""):
        page = change(walsh, "/devices", act="add", endpoint=endpoint, **keys)
        assert page.status == 400
        assert "no address that notices can go to" in page.text
    assert change(walsh, "/devices", act="dance").status == 400
    assert change(walsh, "/devices", act="drop", device_id=str(story.school_id)).status == 404
    assert change(walsh, "/devices", act="names", device_id=str(story.school_id), names="yes").status == 404


def test_a_notice_on_the_device_may_name_children_where_its_owner_chose_that(
    pushing: tuple[Service, Story, Visitor], clock: Clock
) -> None:
    service, story, walsh = pushing
    device = service.town.device("A phone", service.runtime.gateways.pushes.application_key)
    change(walsh, "/devices", act="add", endpoint=device.endpoint, p256dh=device.p256dh, auth=device.auth)
    with story.work() as work:
        [row] = schools.devices_told(work, story.staff["walsh"].id)
    assert "Kept." in change(walsh, "/devices", act="names", device_id=str(row.id), names="yes").text
    with story.work("walsh") as work:
        prompts.set_schedule(
            work, story.staff["walsh"].id, days={1}, at=time(14, 30), how_many=2, by_mail=False, by_push=True
        )
    clock.now = TUESDAY
    ask(service, story)
    assert "shine?" in device.notices[0].told["body"]


def test_the_service_worker_knows_notices_and_the_first_pages_load_nothing_for_them(sign_in: SignIn) -> None:
    walsh = sign_in("walsh")
    script = walsh.open("/sw.js").response.text
    assert 'addEventListener("push"' in script
    assert 'addEventListener("notificationclick"' in script
    assert "js/push.js" not in walsh.open("/today").response.text
