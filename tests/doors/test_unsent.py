"""What a device keeps of the service for bad wifi, and whom it tells who is here."""

from __future__ import annotations

import json
import re

from flask import Flask

from tests.doors.conftest import SignIn
from tests.doors.moments import answered, praised
from tests.doors.pages import Visitor
from tests.story import Story


def kept_by(worker: str) -> dict[str, object]:
    """What the worker's script says it keeps."""
    found = re.search(r"^const kept = (\{.*\});$", worker, flags=re.MULTILINE)
    assert found
    kept: dict[str, object] = json.loads(found.group(1))
    return kept


def test_the_worker_keeps_files_and_the_one_page_that_is_the_same_for_everybody(sign_in: SignIn) -> None:
    walsh = sign_in("walsh")
    page = walsh.open("/sw.js")
    assert page.response.mimetype == "text/javascript"
    kept = kept_by(page.response.text)
    files, shells = kept["files"], kept["shells"]
    assert isinstance(files, list)
    assert isinstance(shells, dict)
    assert all(re.fullmatch(r"/static/.+\?v=[0-9a-f]{10}", file) for file in files)
    for path in (*files, *shells.values()):
        assert walsh.client.get(path, buffered=True).status_code == 200
    for tag in ("mi", "en-NZ"):
        assert f'<html lang="{tag}">' in walsh.open(shells[tag]).response.text


def test_the_page_it_keeps_knows_nobody_and_sets_no_cookie(sign_in: SignIn, stranger: Visitor) -> None:
    walsh = sign_in("walsh")
    for_her, for_nobody = walsh.open("/unsent?reo=en"), stranger.open("/unsent?reo=en")
    assert for_her.response.text == for_nobody.response.text
    assert "Set-Cookie" not in for_nobody.response.headers
    assert "csrf_token" not in for_her.response.text


def test_who_is_here_is_told_with_a_token_that_sends_a_form(sign_in: SignIn, story: Story, stranger: Visitor) -> None:
    assert stranger.open("/here").response.get_json() == {"writer": None}
    walsh = sign_in("walsh")
    told = walsh.open("/here").response.get_json()
    assert told["writer"] == str(story.staff["walsh"].account_id)
    at = f"/students/{story.students['aroha'].id}/praise"
    fields = {"form_key": "k", "own_words": "She sang.", "act": "send", "csrf_token": told["token"]}
    assert walsh.post(at, fields).location == walsh.post(at, fields).location


def test_pages_of_whanau_leave_no_worker_and_no_manifest_on_their_phone(web: Flask, story: Story) -> None:
    praised(story, "aroha", words="She was sick after lunch and rested.", as_link=True)
    answered(story, "+64215550101", "Ka pai!")
    with story.work() as work:
        found = work.session.connection().exec_driver_sql("SELECT body FROM deliveries WHERE body LIKE '%%/note/%%'")
        path = re.search(r"/note/\S+", found.scalars().first() or "")
    assert path
    note = Visitor(web.test_client()).open(path.group())
    assert note.status == 200
    for forbidden in ("unsent.js", "store.js", "webmanifest", "data-writer"):
        assert forbidden not in note.response.text
    assert "unsent.js" in Visitor(web.test_client()).open("/sign-in").response.text
