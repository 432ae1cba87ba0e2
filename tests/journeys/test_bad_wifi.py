"""Bad wifi: the service opens without a connection, praise waits visibly and goes once, and leaves with its writer."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.doors.pages import PASSWORD
from tests.journeys.acts import (
    KUIA,
    choose,
    first_phrase,
    open_menu,
    open_praise,
    praises,
    send_button,
    texts_to,
    write,
)
from tests.journeys.browser import PHONE, Device
from tests.journeys.conftest import SignIn
from tests.journeys.house import House, until
from tests.journeys.test_sessions import sign_out_behind
from tests.story import Story

WORDS = "She carried the chairs."
WAITS = "1 thing waits on this device"
pytestmark = pytest.mark.journey

# Everything the browser keeps: each cached address with its text, and the two boxes of the store.
KEPT = """async () => {
  const pages = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      pages[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return [pages, await store.all(), (await store.device()) ?? null];
}"""


def wait_until(page: Page, is_so: str, what: str) -> None:
    """Ask the page again and again; the pages' own policy forbids the driver to poll from within."""
    until(lambda: page.evaluate(is_so), what=what)


def with_worker(sign_in: SignIn, who: str = "walsh") -> Device:
    """Somebody's own phone, which has been at the service before: its worker answers."""
    device = sign_in(who, PHONE, service_workers="allow")
    page = device.open("/today")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(page, "navigator.serviceWorker.controller !== null", "the worker")
    return device


def kept(page: Page) -> tuple[dict[str, str], list[dict[str, object]], dict[str, object] | None]:
    """What lies in the browser: cached pages by path, what waits, and whose device it is."""
    pages, waiting, device = page.evaluate(KEPT)
    return pages, waiting, device


def lose_connection(device: Device) -> None:
    """The wifi is gone; what the browser says of that is no complaint."""
    device.context.set_offline(True)


def find_connection(device: Device) -> None:
    """The wifi is back; complaints about its absence are forgotten."""
    device.context.set_offline(False)
    device.watch.complaints.clear()


def praise_without_connection(device: Device, story: Story, child: str = "aroha") -> Page:
    """Praise a child and press Send when there is no connection."""
    page = open_praise(device, story, child)
    write(page, WORDS)
    lose_connection(device)
    send_button(page).tap()
    expect(page.get_by_role("heading", name="What waits on this device")).to_be_visible()
    return page


def test_praise_without_a_connection_waits_visibly_and_goes_once(house: House, story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    page = open_praise(device, story, "aroha")
    phrase = first_phrase(story, "aroha")
    choose(page, phrase, "Aroha")
    write(page, WORDS)
    lose_connection(device)
    send_button(page).tap()
    item = page.locator("#waits-list").get_by_role("listitem")
    expect(item).to_contain_text("Aroha")
    expect(item).to_contain_text(WORDS)
    expect(item).to_contain_text("Waiting for a connection")
    page.reload()
    expect(item).to_have_count(1)
    assert praises(story, "aroha") == 0
    find_connection(device)
    expect(page.get_by_text("Nothing of yours is waiting here.")).to_be_visible()
    sent = until(lambda: texts_to(house.town, KUIA), what="the praise on her phone")
    assert [WORDS in text.body for text in sent] == [True]
    assert phrase.text_mi.replace("{name}", "Aroha") in sent[0].body
    device.open("/today")
    expect(page.locator(".waits")).to_have_count(0)
    assert praises(story, "aroha") == 1


def test_an_answer_that_is_lost_on_the_way_back_makes_no_second_praise(story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    page = open_praise(device, story, "aroha")
    write(page, WORDS)
    reached: list[int] = []

    def answer_is_lost(route: object) -> None:
        reached.append(route.fetch(max_redirects=0).status)  # type: ignore[attr-defined]
        route.abort("connectionreset")  # type: ignore[attr-defined]

    device.context.route("**/praise", answer_is_lost, times=1)
    send_button(page).tap()
    expect(page.get_by_text("Nothing of yours is waiting here.")).to_be_visible()
    assert reached == [302]
    assert praises(story, "aroha") == 1
    device.watch.complaints.clear()


def test_every_page_says_what_waits_until_it_has_gone(story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    device.context.route("**/here", lambda route: route.abort())
    page = praise_without_connection(device, story)
    find_connection(device)
    device.open("/students")
    expect(page.get_by_role("link", name=WAITS)).to_be_visible()
    device.watch.complaints.clear()
    device.context.unroute("**/here")
    device.open("/replies")
    expect(page.get_by_text("What waited on this device has gone.")).to_be_visible()
    assert praises(story, "aroha") == 1
    device.watch.complaints.clear()


def test_without_a_connection_it_opens_and_praise_is_written(story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    # A page on which one writes about a child leaves the names that Today left here.
    open_praise(device, story, "aroha")
    lose_connection(device)
    page = device.open("/today")
    expect(page.get_by_text("There is no connection just now, or you are signed out")).to_be_visible()
    page.get_by_label("Who shone?").select_option(label="Aroha")
    page.get_by_label("In your own words").fill(WORDS)
    page.get_by_role("button", name="Keep it to send").tap()
    expect(page.locator("#waits-list").get_by_role("listitem")).to_contain_text(WORDS)
    page = device.open("/help-now")
    expect(page.get_by_role("link", name="Ring 111")).to_be_visible()
    page = device.open("/help-now?reo=mi")
    expect(page.get_by_role("link", name="Waea 111")).to_be_visible()
    page = device.open("/today")
    find_connection(device)
    expect(page.get_by_text("Nothing of yours is waiting here.")).to_be_visible()
    assert praises(story, "aroha") == 1


def test_what_the_service_asks_about_comes_back_to_its_writer(story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    page = open_praise(device, story, "aroha")
    write(page, "Aroha and Hēmi built a bridge.")
    lose_connection(device)
    send_button(page).tap()
    expect(page.locator("#waits-list").get_by_role("listitem")).to_have_count(1)
    find_connection(device)
    expect(page.get_by_text("It needs you: there is a question to answer")).to_be_visible()
    page.get_by_role("button", name="Open it Aroha").tap()
    expect(page.get_by_role("heading", name="One question before it goes")).to_be_visible()
    page.get_by_role("radio", name="Send it as it is").check()
    send_button(page).tap()
    expect(page.get_by_text("On its way to")).to_be_visible()
    assert praises(story, "aroha") == 1
    assert kept(page)[1] == []


def test_no_page_about_anybody_is_ever_kept(story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    for path in ("/today", "/students", f"/students/{story.students['aroha'].id}", "/replies"):
        page = device.open(path)
    pages, waiting, _ = kept(page)
    assert {path for path in pages if not path.startswith("/static/")} == {"/unsent", "/help-now"}
    everything = json.dumps(pages, ensure_ascii=False)
    assert len(everything) > 20_000
    assert [name for name in ("Aroha", "Kereama", "Walsh", "Rimu Road") if name in everything] == []
    assert "csrf_token" not in pages["/unsent"] + pages["/help-now"]
    assert waiting == []


def test_a_shared_computer_keeps_no_names(story: Story, devices: SignIn) -> None:
    device = devices(PHONE, service_workers="allow")
    page = device.open("/sign-in")
    page.get_by_label("School email").fill(story.staff["walsh"].email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    expect(page.get_by_role("heading", name="Who shone today?")).to_be_visible()
    wait_until(page, "navigator.serviceWorker.controller !== null", "the worker")
    wait_until(page, "store.device().then(told => told !== undefined)", "a device that is somebody's")
    _, _, told = kept(page)
    assert told is not None
    assert told["children"] == []


def test_signing_out_says_what_has_not_gone_and_offers_to_send_it_first(story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    device.context.route("**/here", lambda route: route.abort())
    page = praise_without_connection(device, story)
    find_connection(device)
    device.open("/today")
    expect(page.get_by_role("link", name=WAITS)).to_be_visible()
    open_menu(page)
    page.get_by_role("button", name="Sign out").tap()
    dialog = page.get_by_role("dialog", name="Not everything has gone yet")
    expect(dialog).to_contain_text(WAITS)
    dialog.get_by_role("button", name="Stay signed in").tap()
    expect(dialog).to_be_hidden()
    assert len(kept(page)[1]) == 1
    device.context.unroute("**/here")
    open_menu(page)
    page.get_by_role("button", name="Sign out").tap()
    dialog.get_by_role("button", name="Send first").tap()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert praises(story, "aroha") == 1
    assert kept(page)[1:] == ([], None)
    device.watch.complaints.clear()


def test_what_is_thrown_away_at_signing_out_never_goes_and_nothing_stays(story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    device.context.route("**/here", lambda route: route.abort())
    page = praise_without_connection(device, story)
    find_connection(device)
    device.open("/today")
    open_menu(page)
    page.get_by_role("button", name="Sign out").tap()
    page.get_by_role("button", name="Throw away and sign out").tap()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert kept(page)[1:] == ([], None)
    assert praises(story, "aroha") == 0
    device.watch.complaints.clear()


def test_an_older_look_at_what_waits_never_hides_what_a_newer_one_found(sign_in: SignIn) -> None:
    device = sign_in("walsh", PHONE)
    asked: list[Route] = []
    device.context.route("**/here", lambda route: route.continue_() if asked else asked.append(route))
    page = device.open("/unsent")
    until(lambda: page.evaluate("looks") and asked, what="the page's own look, whose answer is long in coming")
    page.evaluate(
        """async () => {
          const { writer } = await (await fetch("/here")).json();
          await store.note({ writer, language: "en", children: [] });
          await store.add({ key: "1", writer, url: "", fields: [], about: "Aroha", words: "", at: 0, stuck: true });
          await showList();
        }"""
    )
    item = page.locator("#waits-list").get_by_role("listitem")
    expect(item).to_have_count(1)
    asked[0].continue_()
    page.evaluate("begun")
    expect(item).to_have_count(1)


def test_when_the_sign_in_has_ended_it_waits_for_its_writer_alone(house: House, story: Story, sign_in: SignIn) -> None:
    device = with_worker(sign_in)
    page = praise_without_connection(device, story)
    sign_out_behind(story, "walsh")
    find_connection(device)
    device.open("/today")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    wait_until(page, "store.device().then(told => told === undefined)", "a device that is nobody's")
    device.open("/unsent")
    expect(page.get_by_text("Something waits for the person who wrote it.")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_have_count(0)
    device.context.add_cookies([{"name": "commsbridge", "value": house.key_of(story.staff["leota"]), "url": house.url}])
    device.open("/today")
    wait_until(page, "store.device().then(told => told !== undefined)", "a device that is somebody's")
    expect(page.locator(".waits")).to_have_count(0)
    device.open("/unsent")
    expect(page.get_by_text("Something waits for the person who wrote it.")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_have_count(0)
    open_page = device.open("/today")
    open_menu(open_page)
    page.get_by_role("button", name="Sign out").tap()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert len(kept(page)[1]) == 1
    assert praises(story, "aroha") == 0
    device.context.add_cookies([{"name": "commsbridge", "value": house.key_of(story.staff["walsh"]), "url": house.url}])
    device.open("/today")
    expect(page.get_by_text("What waited on this device has gone.")).to_be_visible()
    assert praises(story, "aroha") == 1
    device.watch.complaints.clear()
