"""python -m bench.lighthouse [--runs N]: Today, praise, a student, a family's page; 1 when one falls short.

Lighthouse comes from npm into build/lighthouse as its lock file says, and opens the school of the journeys' album in
Chromium as a slow phone with slow 4G (its own default). Each run has a browser of its own, signed in by a cookie as
people are: a header alone would be missing from whatever the pages' own worker fetches. A page is asked for once
before it is measured, for a service that runs has its templates read. Of several runs the middle one counts.
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
from pathlib import Path

from playwright.sync_api import sync_playwright

from commsbridge.demo import listen_at
from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import LocalPostgres
from conftest import BROWSER_ARGUMENTS, find_browser
from tests.conftest import RoleUrls
from tests.journeys.album import Album, open_album
from tests.journeys.browser import signed_in

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "lighthouse"
AIMS = {"performance": 98, "accessibility": 100, "best-practices": 100}
PATIENCE_SECONDS = 240


def main() -> int:
    """Measure and print a line for each page."""
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="how often each page is opened")
    runs = parser.parse_args().runs
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
                for name, url in pages(album).items()
                if not measured(name, url, key=album.key("walsh"), program=program, browser=browser, runs=runs)
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


def pages(album: Album) -> dict[str, str]:
    """What is measured, by name."""
    aroha = f"{album.house.url}/students/{album.children['Aroha Kereama'].id}"
    return {
        "today": f"{album.house.url}/today",
        "praise": f"{aroha}/praise",
        "student": aroha,
        "family": f"{album.house.url}{album.paths['note']}",
    }


@contextmanager
def signed_in_browser(browser: str, url: str, key: str | None) -> Iterator[int]:
    """A fresh browser that holds the sign-in, if there is one; the port at which Lighthouse finds it."""
    with closing(listen_at(0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=browser,
            args=[*BROWSER_ARGUMENTS, f"--remote-debugging-port={port}"],
        )
        if key is not None:
            signed_in(context, url, key)
        context.request.get(url)
        yield port
        context.close()


def measured(name: str, url: str, *, key: str, program: Path, browser: str, runs: int) -> bool:
    """Open a page, keep the reports, print its figures; whether it is as good as it has to be."""
    found: dict[str, list[float]] = {aim: [] for aim in AIMS}
    for run in range(runs):
        report = BUILD / f"{name}-{run + 1}.json"
        with signed_in_browser(browser, url, None if name == "family" else key) as port:
            command = ["node", str(program), url, "--quiet", "--output=json", f"--output-path={report}"]
            command += [f"--only-categories={','.join(AIMS)}", f"--port={port}"]
            subprocess.run(command, check=True, timeout=PATIENCE_SECONDS)
        told = json.loads(report.read_text("utf-8"))
        if told["finalDisplayedUrl"] != url:
            sys.exit(f"{name}: {told['finalDisplayedUrl']} was measured instead.")
        for aim, figures in found.items():
            figures.append(round(told["categories"][aim]["score"] * 100))
    middle = {aim: statistics.median_low(figures) for aim, figures in found.items()}
    print(f"{name:10}" + "".join(f"{aim} {figure:g}   " for aim, figure in middle.items()), flush=True)
    return all(middle[aim] >= wanted for aim, wanted in AIMS.items())


sys.exit(main())
