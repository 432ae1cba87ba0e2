"""The page on which a school adds words of its own to the hints, and asks for a second pair of eyes."""

from __future__ import annotations

import pytest

from commsbridge import messages, schools
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.story import Story

ADD = ("act", "add")


@pytest.fixture
def leota(sign_in: SignIn) -> Visitor:
    """Learning support."""
    return sign_in("leota")


def add(visitor: Visitor, words: str, **fields: str) -> Page:
    return visitor.send(visitor.open("/care").form("/care", having="words"), ADD, words=words, **fields)


def test_words_a_school_adds_bring_a_hint_and_taken_out_bring_none(
    leota: Visitor, sign_in: SignIn, story: Story
) -> None:
    assert add(leota, "space cadet").status == 302
    assert add(leota, "Space  cadet").status == 302
    assert leota.open("/care").text.count("space cadet") == 2  # the words, and the name of the button beside them
    walsh = sign_in("walsh")
    path = f"/students/{story.students['aroha'].id}/praise"
    written = {"own_words": "Our space cadet sang."}
    assert "names the child" in walsh.send(walsh.open(path).form(path), ("act", "preview"), **written).text
    [form] = [each for each in leota.open("/care").forms if each.action.endswith("/drop")]
    assert leota.send(form).status == 302
    assert "names the child" not in walsh.send(walsh.open(path).form(path), ("act", "preview"), **written).text
    assert leota.open("/care").text.count("space cadet") == 0


@pytest.mark.parametrize(
    ("words", "fields", "field"),
    [
        (" ?! ", {}, "words"),
        ("x" * 81, {}, "words"),
        ("wild", {"category": "rude"}, "category"),
        ("wild", {"language": "sm"}, "language"),
    ],
)
def test_what_cannot_be_on_the_list_is_refused_beside_its_field(
    leota: Visitor, words: str, fields: dict[str, str], field: str
) -> None:
    page = add(leota, words, **fields)
    assert (page.status, set(page.wrong)) == (400, {field})


def test_the_list_of_one_school_is_not_anothers(leota: Visitor, story: Story) -> None:
    add(leota, "space cadet")
    with story.work() as work:
        assert [each.words for each in messages.own_hints(work)] == ["space cadet"]
        assert messages.own_rows(work)[0].split("\t")[4] == "space cadet"


def test_a_school_switches_the_second_pair_of_eyes_on_and_off(leota: Visitor, story: Story) -> None:
    for wanted, act in ((True, "two"), (False, "one")):
        [form] = [each for each in leota.open("/care").forms if each.values.get("act") == act]
        assert leota.send(form).status == 302
        with story.work() as work:
            assert schools.school_of(work).concerns_read_first is wanted


@pytest.mark.parametrize("who", ["walsh", "matiu", "jan", "kiri"])
def test_only_those_who_keep_the_list_come_in(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).open("/care").status == 403
