"""python -m bench.shop_window: the two pictures of the README, Today and praise as a phone shows them, made anew.

They are of the school of the journeys' album, on one afternoon: the same pages make the same pictures on any day.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import LocalPostgres
from conftest import BROWSER_ARGUMENTS, find_browser
from tests.conftest import RoleUrls
from tests.journeys.album import Album, open_album
from tests.journeys.browser import make_device
from tests.journeys.sheets import SHEETS

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
# 780 by 1520 points: a phone of 390 by 760, two points to a pixel.
SHAPE = {
    "viewport": {"width": 390, "height": 760},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
}
TAKEN = {"today": "today", "praise": "praise-chosen"}


def main() -> int:
    """Take them; 1 where there is no browser."""
    browser = find_browser()
    if browser is None:
        sys.stderr.write("Pictures need Chromium (on Debian: apt-get install chromium).\n")
        return 1
    with tempfile.TemporaryDirectory() as directory, LocalPostgres(Path(directory), durable=False) as server:
        server.create_database("shop_window")
        app, owner, carrier = (server.url(f"commsbridge_{role}", "shop_window") for role in ("app", "owner", "carrier"))
        migrate(owner)
        with open_album(RoleUrls("shop_window", app, owner, carrier)) as album:
            take(album, browser)
    return 0


def take(album: Album, browser: str) -> None:
    """Open each page as a teacher and keep what the phone shows first."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser, args=list(BROWSER_ARGUMENTS))
        for name, sheet in TAKEN.items():
            device = make_device(launched, album.house.url, key=album.key("walsh"), **SHAPE)
            page = device.open(SHEETS[sheet].path(album))
            page.evaluate("document.fonts.ready.then(() => true)")
            page.screenshot(path=PICTURES / f"{name}.png")
        launched.close()


if __name__ == "__main__":
    sys.exit(main())
