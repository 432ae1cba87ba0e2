"""A real browser as people hold it: a phone or a desk, light or dark; and a watch on what it complains of."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
# What waits for a page says "not for ever": machines differ, and how fast pages are is measured elsewhere.
WAIT_MS = 30_000
PATIENCE = 60.0
expect.set_options(timeout=WAIT_MS)


@dataclass
class Watch:
    """What a page's browser complained of, and every answer it got."""

    complaints: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        """Begin to watch a page."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        return page

    def _failed(self, request: Request) -> None:
        # What is under way when a page is left is broken off; that is how pages are left.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        self.answers.append(response)

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser also notes that a page it was meant to get is a 404; that page itself is what is looked at.
        # And the driver notes that it keeps the pages' worker away, but for the journeys that are about it.
        expected = ("Failed to load resource", "registration blocked by Playwright")
        if message.type in {"error", "warning"} and not any(each in message.text for each in expected):
            self.complaints.append(f"{message.type}: {message.text}")


@dataclass
class Device:
    """Somebody's browser at the service: it opens paths, counts the taps, and keeps the watch."""

    url: str
    context: BrowserContext
    page: Page
    watch: Watch
    touch: bool
    taps: int = 0

    def open(self, path: str) -> Page:
        """Go to a path of the service, or to a whole address."""
        self.page.goto(path if urlsplit(path).scheme else f"{self.url}{path}")
        return self.page

    def tap(self, target: Locator) -> None:
        """Press with a thumb (or a mouse, where there is no touch), and count it."""
        self.taps += 1
        if self.touch:
            target.tap()
        else:
            target.click()

    def wait_for(self, words: Locator) -> None:
        """Load the page again and again until the words are there; after ten seconds the test fails."""
        end = time.monotonic() + PATIENCE
        while not words.count():
            assert time.monotonic() < end, f"waited in vain for {words}"
            self.page.reload()


def make_context(browser: Browser, **shape: Any) -> BrowserContext:
    """A fresh browser profile in Auckland; ``shape`` are Playwright's context options."""
    usual = {"locale": "en-NZ", "timezone_id": "Pacific/Auckland", "service_workers": "block"}
    context = browser.new_context(**{**usual, **shape})
    context.set_default_timeout(WAIT_MS)
    return context


def signed_in(context: BrowserContext, url: str, key: str) -> None:
    """Put the secret of a sign-in where the service at ``url`` would have put it."""
    context.add_cookies([{"name": "commsbridge", "value": key, "url": url, "httpOnly": True, "sameSite": "Lax"}])


def make_device(browser: Browser, url: str, *, key: str | None = None, **shape: Any) -> Device:
    """A fresh browser profile at the service; ``key`` signs it in, ``shape`` are Playwright's context options."""
    context = make_context(browser, **shape)
    if key is not None:
        signed_in(context, url, key)
    watch = Watch()
    return Device(url, context, watch.over(context.new_page()), watch, bool(shape.get("has_touch")))
