"""What a run of the tests leaves out for want of a program, and says so; under --nothing-left-out that is a failure."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--force-color-profile=srgb",
)

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_browser() -> str | None:
    """The program of the first browser of BROWSERS that is there."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("commsbridge")
    group.addoption("--nothing-left-out", action="store_true", help="a test that is skipped fails")
    group.addoption("--long", action="store_true", help="fault and picture tests run in full length")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; a test that asks for it is marked ``journey`` or ``picture``."""
    browser = find_browser()
    assert browser, "mark this test journey or picture: then it is left out where there is no browser"
    return browser


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The one browser of a run, headless: Playwright's synchronous face allows no second one beside it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def long(pytestconfig: pytest.Config) -> bool:
    """Whether fault and picture tests run in full length (make faults, make pictures)."""
    return bool(pytestconfig.getoption("long"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to --long what is only run in full length, and skip what this machine cannot run."""
    if not config.getoption("long"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    needs = {"Chromium": ("journey", "picture"), "Node": ("node",)}
    found = {"Chromium": find_browser(), "Node": shutil.which("node")}
    for program, markers in needs.items():
        for item in items if not found[program] else ():
            if any(item.get_closest_marker(marker) for marker in markers):
                item.add_marker(pytest.mark.skip(reason=f"{program} is not installed"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_if_left_out(report, item.config)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_left_out(report, collector.config)
    return report


def fail_if_left_out(report: pytest.TestReport | pytest.CollectReport, config: pytest.Config) -> None:
    """Turn a skip into a failure where nothing may be left out; an expected failure is none of either."""
    if report.skipped and not hasattr(report, "wasxfail") and config.getoption("nothing_left_out"):
        report.outcome = "failed"
        report.longrepr = f"Nothing may be left out, and this was: {reason(report)}"


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a skipped test was skipped."""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was left out, and why."""
    for why, number in Counter(map(reason, terminalreporter.stats.get("skipped", []))).items():
        terminalreporter.write_line(f"Left out: {number} {'test' if number == 1 else 'tests'}: {why}", yellow=True)
