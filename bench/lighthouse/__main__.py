"""python -m bench.lighthouse [--runs N] [--only NAME]: pages of staff and of whānau; 1 when one falls short.

Lighthouse comes from npm into build/lighthouse as its lock file says, and opens the school of the journeys' album in
Chromium as a slow phone with slow 4G (its own default). Each run has a browser of its own, signed in by a cookie as
people are: a header alone would be missing from whatever the pages' own worker fetches. A page is asked for once
before it is measured, for a service that runs has its templates read. Of several runs the middle one counts.

``book`` is a contact's own page, proved by its cookie, on 2G as WebPageTest names it (280 kbit/s, 800 ms there and
back): it must be ready to read and to press within four seconds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from commsbridge.demo import listen_at
from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import LocalPostgres
from conftest import BROWSER_ARGUMENTS, find_browser
from tests.conftest import RoleUrls
from tests.journeys.album import Album, open_album
from tests.journeys.browser import signed_in
from tests.journeys.sheet_paths import gone_home

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "lighthouse"
AIMS = {"performance": 98, "accessibility": 100, "best-practices": 100}
PATIENCE_SECONDS = 240
ON_2G = ("--throttling.rttMs=800", "--throttling.throughputKbps=280", "--throttling.cpuSlowdownMultiplier=4")
READY_MS = 4000
READY = ("largest-contentful-paint", "interactive")


@dataclass(frozen=True)
class Measured:
    """A page to measure: who is signed in or whose phone it is, and on which line."""

    url: str
    key: str | None = None
    proof: str | None = None
    on_2g: bool = False


def main() -> int:
    """Measure and print a line for each page."""
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="how often each page is opened")
    parser.add_argument("--only", help="one page by its name")
    asked = parser.parse_args()
    program, browser = install(), find_browser()
    if browser is None:
        sys.exit("Lighthouse needs Chromium (on Debian: apt-get install chromium).")
    with tempfile.TemporaryDirectory() as directory, LocalPostgres(Path(directory), durable=False) as server:
        server.create_database("lighthouse")
        app, owner, carrier = (server.url(f"commsbridge_{role}", "lighthouse") for role in ("app", "owner", "carrier"))
        migrate(owner)
        with open_album(RoleUrls("lighthouse", app, owner, carrier)) as album:
            short = [
                name
                for name, page in pages(album).items()
                if asked.only in {None, name}
                and not measured(name, page, program=program, browser=browser, runs=asked.runs)
            ]
    return 1 if short else 0


def install() -> Path:
    """Lighthouse as the lock file says; its programs are never run while it is installed."""
    program = BUILD / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        if shutil.which("npm") is None:
            sys.exit("Lighthouse needs Node 20 and npm.")
        BUILD.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, BUILD / name)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=BUILD, check=True)  # noqa: S607
    return program


def pages(album: Album) -> dict[str, Measured]:
    """What is measured, by name."""
    url, key = album.house.url, album.key("walsh")
    aroha = f"{url}/students/{album.children['Aroha Kereama'].id}"
    link, proof = gone_home(album)
    return {
        "today": Measured(f"{url}/today", key),
        "praise": Measured(f"{aroha}/praise", key),
        "student": Measured(aroha, key),
        "family": Measured(f"{url}{album.paths['note']}"),
        "book": Measured(f"{url}{link}", proof=proof, on_2g=True),
    }


@contextmanager
def browser_for(browser: str, page: Measured) -> Iterator[int]:
    """A fresh browser that holds the sign-in or a phone's proof, if any; the port where Lighthouse finds it."""
    with closing(listen_at(0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=browser,
            args=[*BROWSER_ARGUMENTS, f"--remote-debugging-port={port}"],
        )
        if page.key is not None:
            signed_in(context, page.url, page.key)
        if page.proof is not None:
            at = page.url.partition("/w/")[0] + "/w/"
            context.add_cookies([{"name": "whanau", "value": page.proof, "url": at}])
        context.request.get(page.url)
        yield port
        context.close()


def measured(name: str, page: Measured, *, program: Path, browser: str, runs: int) -> bool:
    """Open a page, keep the reports, print its figures; whether it is as good as it has to be."""
    found: dict[str, list[float]] = {aim: [] for aim in AIMS}
    ready: list[float] = []
    for run in range(runs):
        report = BUILD / f"{name}-{run + 1}.json"
        with browser_for(browser, page) as port:
            command = ["node", str(program), page.url, "--quiet", "--output=json", f"--output-path={report}"]
            command += [f"--only-categories={','.join(AIMS)}", f"--port={port}"]
            command += ON_2G if page.on_2g else ()
            subprocess.run(command, check=True, timeout=PATIENCE_SECONDS)
        told = json.loads(report.read_text("utf-8"))
        if told["finalDisplayedUrl"] != page.url:
            sys.exit(f"{name}: {told['finalDisplayedUrl']} was measured instead.")
        for aim, figures in found.items():
            figures.append(round(told["categories"][aim]["score"] * 100))
        ready.append(max(told["audits"][audit]["numericValue"] for audit in READY))
    middle = {aim: statistics.median_low(figures) for aim, figures in found.items()}
    after = statistics.median_low(ready)
    print(
        f"{name:10}" + "".join(f"{aim} {figure:g}   " for aim, figure in middle.items()) + f"ready {after:.0f} ms",
        flush=True,
    )
    if page.on_2g:
        return after <= READY_MS and all(middle[aim] >= AIMS[aim] for aim in AIMS if aim != "performance")
    return all(middle[aim] >= wanted for aim, wanted in AIMS.items())


sys.exit(main())
