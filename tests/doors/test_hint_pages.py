"""Hints beside own words: at the preview where no script runs, for the writer alone, holding nothing up."""

from __future__ import annotations

import json

import pytest

from commsbridge.messages.hints import TABLE
from tests.doors.conftest import SignIn
from tests.doors.moments import praises
from tests.doors.pages import Page, Visitor
from tests.story import Story

STINGS = "She listened for once."
HINT = "may take some of the praise back"


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    """A teacher of Room 7."""
    return sign_in("walsh")


def test_the_preview_hints_with_two_ways_and_the_childs_name(walsh: Visitor, story: Story) -> None:
    path = f"/students/{story.students['aroha'].id}/praise"
    page = walsh.send(walsh.open(path).form(path), ("act", "preview"), own_words=STINGS)
    assert page.status == 200
    assert HINT in page.text
    assert "She listened." in page.text
    assert "Aroha listened to the end of the story" in page.text
    assert "Only you see this, and nothing is kept." in page.text


def test_innocent_words_and_a_fresh_page_bring_no_hint(walsh: Visitor, story: Story) -> None:
    path = f"/students/{story.students['aroha'].id}/praise"
    fresh = walsh.open(path)
    page = walsh.send(fresh.form(path), ("act", "preview"), own_words="For once the rain stopped.")
    assert "Two other ways" not in fresh.text
    assert "Two other ways" not in page.text


def test_a_hint_stops_nobody_who_means_it(walsh: Visitor, story: Story) -> None:
    path = f"/students/{story.students['aroha'].id}/praise"
    page = walsh.send(walsh.open(path).form(path), ("act", "send"), own_words=STINGS)
    assert page.status == 302
    assert len(praises(story)) == 1


def test_the_browser_gets_the_one_table_that_the_service_reads(walsh: Visitor) -> None:
    answer = walsh.client.get("/static/data/hints.tsv", buffered=True)
    assert answer.status_code == 200
    assert answer.data == TABLE.read_bytes()


def test_the_page_gives_the_browser_a_sentence_for_every_kind_of_hint(walsh: Visitor, story: Story) -> None:
    markup = walsh.open(f"/students/{story.students['aroha'].id}/praise").response.get_data(as_text=True)
    says = markup.partition('data-says="')[2].partition('"')[0].replace("&#34;", '"').replace("\\u0026", "&")
    assert {"deficit", "comparison", "diagnosis", "sarcasm", "sting", "label"} == set(json.loads(says))
    assert all("{words}" in sentence for sentence in json.loads(says).values())


def test_words_for_several_children_are_hinted_at_under_their_mark_and_each_line_under_its_name(
    sign_in: SignIn, story: Story
) -> None:
    burns = sign_in("burns")
    ids = [str(story.students[child].id) for child in ("aroha", "hemi")]
    burns.page = Page(burns.client.get("/praise/several", query_string={"child": ids, "go": "yes"}))
    form = burns.page.form("/praise/several", having="own_words")
    own = {f"own_{ids[1]}": "He is lazy."}
    fields = {**form.values, "child": ids, "act": "preview", "own_words": "(name) listened for once.", **own}
    text = burns.post("/praise/several", fields).text
    assert "(name) listened to the end of the story" in text
    assert "“He is lazy” names the child." in text
    assert "Hēmi helped a friend" in text


def test_something_to_work_on_a_note_and_a_concern_are_hinted_at_as_hard_things(walsh: Visitor, story: Story) -> None:
    student = f"/students/{story.students['aroha'].id}"
    gentle = "may sound like a reproach. Two other ways:"
    page = walsh.open(f"{student}/work-on")
    assert gentle in walsh.send(page.form(f"{student}/work-on"), ("act", "preview"), own_words=STINGS).text
    page = walsh.open(f"{student}/concern", kind="hard_day")
    refused = walsh.send(page.form(f"{student}/concern"), ("act", "send"), happened="A hard day.", suggested=STINGS)
    assert (refused.status, gentle in refused.text) == (400, True)
    page = walsh.open(student)
    refused = walsh.send(page.form(f"{student}/log"), words=STINGS, happened_on="no day")
    assert (refused.status, gentle in refused.text) == (400, True)
    assert "She listened." in refused.text
