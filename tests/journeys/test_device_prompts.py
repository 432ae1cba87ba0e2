"""A browser is added by keyboard to those that take prompts, and shows one as a notice, once."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from commsbridge import schools
from tests.journeys.browser import DESK
from tests.journeys.conftest import SignIn
from tests.journeys.house import House
from tests.story import Story

pytestmark = pytest.mark.journey

# A browser under test has no push service of its own: it is given what the pretend one says, as its own would.
SUBSCRIBES = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async (asked) => {
  if (btoa(String.fromCharCode(...asked.applicationServerKey)) !== %(key)s) throw new Error("another key");
  return { toJSON: () => (%(subscription)s) };
};
"""
SHOWN = "navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) => all.map((n) => n.title))"


def test_by_keyboard_this_browser_is_added_and_then_shows_a_prompt_once(
    house: House, story: Story, sign_in: SignIn
) -> None:
    walsh = sign_in("walsh", DESK, service_workers="allow")
    walsh.context.grant_permissions(["notifications"])
    key = house.runtime.gateways.pushes.application_key
    device = house.town.device("A browser", key)
    subscription = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    plain = key.replace("-", "+").replace("_", "/") + "=" * (-len(key) % 4)
    walsh.page.add_init_script(SUBSCRIBES % {"key": json.dumps(plain), "subscription": json.dumps(subscription)})

    page = walsh.open("/devices")
    page.get_by_role("button", name="Send prompts to this device").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("This device is added.")).to_be_visible()
    with story.work() as work:
        [kept] = schools.devices_told(work, story.staff["walsh"].id)
        assert (kept.endpoint, kept.p256dh, kept.auth) == (device.endpoint, device.p256dh, device.auth)

    session = walsh.context.new_cdp_session(page)
    registered: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registered.extend(each["registrationId"] for each in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    told = {
        "title": "Who shone today?",
        "body": "One home.",
        "tag": "one",
        "lang": "en-NZ",
        "url": f"{house.url}/today",
    }
    for _ in range(2):  # twice it is shown once
        session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": house.url, "registrationId": registered[-1], "data": json.dumps(told)},
        )
    page.wait_for_function(f"async () => (await {SHOWN}).length > 0")
    assert page.evaluate(SHOWN) == ["Who shone today?"]
