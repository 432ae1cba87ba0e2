"""A copy that whānau asked for: looked at entry by entry, other people blanked, and read by that contact alone."""

from __future__ import annotations

import json
import re
import uuid
from base64 import b64decode
from typing import Any

from commsbridge import books, partnership, students
from commsbridge.books import Book, Marked
from commsbridge.partnership import Moment
from commsbridge.students import Tells
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import FOR_DAD, GOOD, Home, choices, come_in, press, send_home, take_pages
from tests.doors.one_home import OURS, all_but_a_copy, hui_held
from tests.doors.pages import Form, Page, Visitor
from tests.rooms.test_sounds import wav
from tests.story import START, Story

NOTE = "Hēmi and Aroha built a raft; Hēmi's nan watched."
BY_NGAIRE = "Her dad forgot the togs again."
RUNG = "Rung on the number on the enrolment form."


def noted(story: Story) -> None:
    with story.work("walsh") as work:
        student_id = story.students["aroha"].id
        partnership.write_korero(
            work, student_id=student_id, moment=Moment.STAFF_NOTE, words=NOTE, happened_at=work.now
        )


def copy_form(visitor: Visitor, story: Story, contact: str) -> tuple[Page, str]:
    """A copy that a leader has begun, and its address."""
    at = f"/contacts/{story.contacts[contact].id}/copy"
    page = visitor.send(visitor.open(at).form(at), authority=RUNG)
    assert page.status == 302, page.text
    return visitor.follow(), page.location


def look_form(page: Page) -> Form:
    """The form of the entries, with every word that is ticked (a form of tests keeps one value of each name)."""
    form = next(each for each in page.forms if any(button[:2] == ("act", "looked") for button in each.buttons))
    ticked: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(b-[0-9a-f-]+)"[^>]*value="(\d+)" checked', page.response.text):
        ticked.setdefault(name, []).append(value)
    form.values.update(ticked)
    return form


def read(visitor: Visitor, home: Home, contact: str) -> dict[str, Any]:
    at = next(each for each in choices(visitor, home, contact).links if each.split("?")[0].endswith("/data"))
    found: dict[str, Any] = json.loads(visitor.open(at).response.text)
    return found


def test_a_leader_blanks_other_people_and_one_contact_alone_reads_the_copy(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    noted(story)
    home, kuia, dad = send_home(story), device(), device()
    press(kuia, come_in(story, kuia, home, "ngaire"), "/answer", words=BY_NGAIRE)
    take_pages(story)
    come_in(story, dad, home, "dave")
    dad.act(choices(dad, home, "dave").forms[1].action, act="copy")
    burns = sign_in("burns")
    assert "Prepare the copy" in burns.open("/to-do").text
    page, at = copy_form(burns, story, "dave")
    assert BY_NGAIRE not in page.text  # what another home said is that home's
    form = look_form(page)
    ticked = [value for name, value in form.values.items() if name.startswith("b-")]
    assert ticked, "the names of others are ticked before anybody looks"
    early = burns.post(at, {"csrf_token": form.values["csrf_token"], "act": "release"})
    assert early.status == 409
    assert "nothing goes that nobody looked at" in early.text
    assert "/copies/" not in choices(dad, home, "dave").response.text
    page = burns.open(at)
    assert burns.send(look_form(page), ("act", "looked")).status == 302
    assert burns.open(f"{at}/paper").response.data.startswith(b"%PDF-")
    release = burns.post(at, {"csrf_token": form.values["csrf_token"], "act": "release"})
    assert release.status == 302, release.text
    assert burns.post(at, {"csrf_token": form.values["csrf_token"], "act": "release"}).status == 409
    told = read(dad, home, "dave")
    said = "\n".join(each["words"] for each in told["entries"])
    assert "[blanked] and Aroha built a raft; [blanked] nan watched." in said
    assert GOOD in said
    assert FOR_DAD in said
    assert BY_NGAIRE not in said
    links = choices(dad, home, "dave").links
    paper = next(each for each in links if each.split("?")[0].endswith("/paper"))
    pdf = dad.open(paper).response.data
    assert b"/StructTreeRoot" in pdf
    assert "Prepare the copy" not in burns.open("/to-do").text
    for other, link in ((kuia, home.links["ngaire"]), (device(), home.links["dave"])):
        tail = paper.split("/copies/")[1].split("?")[0]
        assert other.open(f"{link}/copies/{tail}").status == 404


def test_all_that_is_theirs_is_in_the_copy_with_its_photos_and_voice_notes_and_nothing_of_another_home(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    links, _ = all_but_a_copy(story, "dave")
    hui_held(story, "ngaire", said="Quince")
    with story.work("walsh") as work:
        students.say_about(
            work, story.students["aroha"], Tells.HELPS, words="A quiet corner.", said_by="Aroha", said_on=START
        )
    home, dad, burns = Home(Book(), links, {}), device(), sign_in("burns")
    press(dad, come_in(story, dad, home, "dave"), "/answer", words="She sang all evening.")
    take_pages(story)
    _page, at = copy_form(burns, story, "dave")
    sheets = [burns.open(at, sheet=str(each)).response.text for each in range(9)]
    played = re.findall(rf'src="({at}/files/[^"]+)"', "\n".join(sheets))
    assert {burns.open(each).response.mimetype for each in played} == {"image/jpeg", "audio/wav"}
    with story.work("burns") as work:
        copy = books.copy_by_id(work, uuid.UUID(at.rpartition("/")[2]))
        items = books.items_of(work, copy)
        books.look_at_items(work, copy, [Marked(each.id, each.number, frozenset(), False) for each in items])
    with story.work("burns") as work:
        books.release_copy(work, copy)
    told = read(dad, home, "dave")
    said = "\n".join(each["words"] for each in told["entries"])
    for words in (
        f"{OURS} and reading",  # why there was a hui
        f"{OURS} rides in front.",  # what was decided
        f"{OURS} makes her happy.",  # what the home wrote in the plan
        f"{OURS} at transitions.",  # support that was asked for
        f"{OURS}, I sing it.",  # what she recorded for this home
        f"{OURS} on Tuesdays.",  # what she kept for this home
        "Ana Tau",  # who was offered a look
        "A quiet corner.",
        "Listen to the bridge.",
        "She sang all evening.",
        "dave.kereama@homes.test",
    ):
        assert words in said
    assert "Quince" not in said
    kept = {
        kind: b64decode(each[kind]["content"])
        for each in told["entries"]
        for kind in ("photo", "sound")
        if kind in each
    }
    assert kept["photo"].startswith(b"\xff\xd8")
    assert kept["sound"] == wav()
    paper = next(each for each in choices(dad, home, "dave").links if each.split("?")[0].endswith("/paper"))
    assert b"/Image" in dad.open(paper).response.data


def test_nobody_else_prepares_a_copy_and_nothing_goes_without_a_reason_or_unseen(sign_in: SignIn, story: Story) -> None:
    noted(story)
    at = f"/contacts/{story.contacts['dave'].id}/copy"
    for who in ("walsh", "matiu", "leota", "jan"):
        assert sign_in(who).open(at).status == 403
    burns, other = sign_in("burns"), sign_in("burns")
    page = burns.send(burns.open(at).form(at), authority="  ")
    assert page.status == 400
    assert "Write how you know" in page.wrong["authority"]
    page, copy_at = copy_form(burns, story, "dave")
    late = look_form(other.open(copy_at))
    assert burns.send(look_form(page), ("act", "looked")).status == 302
    stale = other.send(late, ("act", "looked"))
    assert stale.status == 409
    assert "Somebody else looked at these entries meanwhile." in stale.text
    page = burns.open(copy_at)
    added = burns.send(page.form(copy_at, having="title"), ("act", "add"), title="", words="On paper.")
    assert added.status == 400
    assert burns.send(added.form(copy_at, having="title"), ("act", "add"), title="A letter").status == 302
    assert "1 still to look at." in burns.open(copy_at).text
