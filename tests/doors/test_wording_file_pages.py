"""The page for a translator's file: out, a dry run, and in."""

from __future__ import annotations

import pytest

from commsbridge.messages import wordings
from tests.doors.conftest import SignIn
from tests.doors.pages import upload
from tests.story import Story

FILES = "/te-reo/files"
KUPU = "Ka pai tana mahi a {name} i te akomanga."


def returned(story: Story) -> tuple[wordings.Wording, bytes]:
    """A wording, and the CSV in which a translator wrote it better."""
    with story.work() as work:
        every = wordings.all_wordings(work)
    wording = next(each for each in every if each.kind is wordings.Kind.PHRASE)
    return wording, wordings.write_file("csv", every).replace(wording.mi.encode(), KUPU.encode())


@pytest.mark.parametrize("kind", ["po", "csv", "xlsx"])
def test_the_wordings_are_taken_out_as_a_file(sign_in: SignIn, kind: str) -> None:
    page = sign_in("jan").open(f"/te-reo/wordings.{kind}")
    assert page.status == 200
    assert page.response.headers["Content-Disposition"] == f"attachment; filename=te-reo.{kind}"
    assert wordings.read_file(page.response.data)


def test_another_kind_of_file_is_not_there(sign_in: SignIn) -> None:
    assert sign_in("jan").open("/te-reo/wordings.exe").status == 404


@pytest.mark.parametrize("who", ["walsh", "matiu", "leota", "kiri"])
def test_others_take_nothing_out_and_bring_nothing_in(sign_in: SignIn, who: str) -> None:
    visitor = sign_in(who)
    assert visitor.open("/te-reo/wordings.csv").status == 403
    assert visitor.open(FILES).status == 403
    visitor.open("/te-reo")
    assert visitor.act(FILES, act="take", token="").status == 403


def test_a_file_is_shown_row_by_row_before_it_is_taken_and_names_the_checker_only_when_told(
    sign_in: SignIn, story: Story
) -> None:
    wording, raw = returned(story)
    jan = sign_in("jan")
    page = jan.send(jan.open(FILES).form(FILES), ("act", "read"), file=upload(raw, "te-reo.csv"))
    assert KUPU in page.text
    with story.work() as work:
        kept = wordings.wording_of(work, wording.key)
        assert kept is not None
        assert kept.mi == wording.mi
    form = page.form(FILES, having="token")
    page = jan.send(form, ("act", "take"), states="yes", checked_by=" ")
    assert page.status == 400
    assert page.wrong["checked_by"] == "Please write something here."
    page = jan.send(
        page.form(FILES, having="token"), ("act", "take"), states="yes", checked_by="Hēmi Tāwhiri", licensed="yes"
    )
    assert page.status == 200
    shown = jan.open("/te-reo/wordings", show="checked").text
    assert "Checked by Hēmi Tāwhiri, licensed translator" in shown
    assert KUPU in shown


def test_without_the_statement_nothing_counts_as_checked(sign_in: SignIn, story: Story) -> None:
    wording, raw = returned(story)
    jan = sign_in("jan")
    page = jan.send(jan.open(FILES).form(FILES), ("act", "read"), file=upload(raw, "te-reo.csv"))
    page = jan.send(page.form(FILES, having="token"), ("act", "take"), checked_by="Hēmi Tāwhiri", licensed="yes")
    assert page.status == 200
    with story.work() as work:
        kept = wordings.wording_of(work, wording.key)
    assert kept is not None
    assert (kept.mi, kept.checked_by) == (KUPU, None)


def test_a_file_that_is_none_and_a_token_that_is_none_are_refused(sign_in: SignIn) -> None:
    jan = sign_in("jan")
    form = jan.open(FILES).form(FILES)
    assert jan.send(form, ("act", "read")).wrong["file"] == "Choose a file."
    page = jan.send(form, ("act", "read"), file=upload(b"nothing of the kind", "te-reo.csv"))
    assert page.status == 400
    assert page.wrong["file"].startswith("The column")
    jan.open(FILES)
    assert jan.act(FILES, act="take", token="nonsense").status == 400
