"""The page for a crisis: it opens when nothing else is at hand, the database least of all."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from commsbridge.foundation.database import Database, make_engine
from commsbridge.web import make_web
from tests.conftest import Clock
from tests.doors.pages import UNUSED, Visitor, make_runtime

IN_NODE = Path(__file__).with_name("worker_in_node.js")
COOKIES = ("commsbridge", "whanau", "specialist")


@pytest.fixture(scope="module")
def cut_off() -> Iterator[Visitor]:
    """Somebody signed in before, at a service whose database nobody can reach."""
    database = Database(make_engine(UNUSED), make_engine(UNUSED))
    client = make_web(make_runtime(database, Clock())).test_client()
    for name in COOKIES:
        client.set_cookie(name, "a-secret-of-a-device-that-was-here-before")
    yield Visitor(client)
    database.dispose()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/help-now?reo=en", "Ring 111"),
        ("/help-now?reo=mi", "Waea 111"),
        ("/help-now", "Ring or text 1737"),
        ("/find-support?reo=en", "Resource Teachers: Learning and Behaviour"),
        ("/find-support?reo=mi", "Kaitakawaenga"),
    ],
)
def test_the_page_for_a_crisis_opens_while_the_database_is_away_for_somebody_signed_in_too(
    cut_off: Visitor, path: str, words: str
) -> None:
    page = cut_off.open(path)
    assert page.status == 200
    assert words in page.text


def test_every_page_that_cannot_open_while_the_database_is_away_leads_to_the_page_for_a_crisis(
    cut_off: Visitor,
) -> None:
    page = cut_off.open("/today")
    assert page.status == 503
    assert "/help-now?reo=en" in page.links
    assert cut_off.open("/help-now?reo=en").status == 200


@pytest.mark.parametrize("reo", ["en", "mi"])
def test_the_page_comes_in_one_small_piece_and_says_what_it_cannot_do(cut_off: Visitor, reo: str) -> None:
    page = cut_off.open(f"/help-now?reo={reo}")
    assert len(gzip.compress(page.response.data)) < 20_000
    assert 'rel="stylesheet"' not in page.response.text
    cannot = {"en": "nobody comes because of one: ring", "mi": "kāore tētahi e haere mai nā te pātuhi"}
    assert cannot[reo] in page.text


def test_the_worker_that_keeps_the_page_on_a_device_comes_without_the_database(cut_off: Visitor) -> None:
    answer = cut_off.open("/sw.js").response
    assert answer.status_code == 200
    assert "/help-now?reo=mi" in answer.text


@pytest.mark.parametrize("reo", ["en", "mi"])
def test_the_page_needs_no_script_no_form_and_no_sign_in_and_rings_with_one_press(cut_off: Visitor, reo: str) -> None:
    page = cut_off.open(f"/help-now?reo={reo}")
    assert page.forms == []
    assert "<noscript" not in page.response.text
    assert "hidden" not in page.response.text.partition("<main")[2].partition("</main>")[0]
    assert {"tel:111", "tel:1737", "tel:0800848326"} <= set(page.links)


@pytest.mark.node
def test_a_device_that_kept_the_page_opens_it_where_what_stands_before_the_service_says_that_it_is_away(
    cut_off: Visitor,
) -> None:
    script = cut_off.open("/sw.js").response.text
    kept = json.loads(re.findall(r"const kept = (.*);", script)[0])
    pages = [*kept["help"].values(), *kept["shells"].values()]
    asked = [["/help-now", 502], ["/help-now?reo=mi", 503], ["/help-now", 0], ["/help-now", 200], ["/today", 502]]
    told = subprocess.run(
        [shutil.which("node") or "node", str(IN_NODE)],
        input=json.dumps({"script": script, "pages": dict.fromkeys(pages, True), "asked": asked}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(told.stdout) == ["kept", "kept", "kept", "network", "network"]
