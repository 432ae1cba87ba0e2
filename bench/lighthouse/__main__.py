"""python -m bench.lighthouse [--runs N]: Today, praise, a student, a family's page; 1 when one falls short.

Lighthouse comes from npm into build/lighthouse as its lock file says, and opens the school of the journeys' album in
Chromium as a slow phone with slow 4G (its own default). Of several runs the middle one counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from commsbridge.foundation.migrating import migrate
from commsbridge.local_postgres import LocalPostgres
from conftest import find_browser
from tests.conftest import RoleUrls
from tests.journeys.album import Album, open_album

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "lighthouse"
AIMS = {"performance": 98, "accessibility": 100, "best-practices": 100}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking"
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


def measured(name: str, url: str, *, key: str, program: Path, browser: str, runs: int) -> bool:
    """Open a page, keep the reports, print its figures; whether it is as good as it has to be."""
    headers = BUILD / "headers.json"
    headers.write_text(json.dumps({"Cookie": f"commsbridge={key}"} if name != "family" else {}))
    found: dict[str, list[float]] = {aim: [] for aim in AIMS}
    for run in range(runs):
        report = BUILD / f"{name}-{run + 1}.json"
        command = ["node", str(program), url, "--quiet", "--output=json", f"--output-path={report}"]
        command += [f"--only-categories={','.join(AIMS)}", f"--extra-headers={headers}", f"--chrome-flags={FLAGS}"]
        environment = {**os.environ, "CHROME_PATH": browser}
        subprocess.run(command, check=True, env=environment, timeout=PATIENCE_SECONDS)
        told = json.loads(report.read_text("utf-8"))["categories"]
        for aim, figures in found.items():
            figures.append(round(told[aim]["score"] * 100))
    middle = {aim: statistics.median_low(figures) for aim, figures in found.items()}
    print(f"{name:10}" + "".join(f"{aim} {figure:g}   " for aim, figure in middle.items()), flush=True)
    return all(middle[aim] >= wanted for aim, wanted in AIMS.items())


sys.exit(main())
