"""A child's own people say who the child is, and whether photos may show them: who said it, when, and all before."""

from __future__ import annotations

import pytest

from commsbridge import students, whanau
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.story import Story

LOVES = "I love dragons and my dog Pango."


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    """A teacher of Room 7."""
    return sign_in("walsh")


def path(story: Story, rest: str = "", child: str = "aroha") -> str:
    return f"/students/{story.students[child].id}{rest}"


def say(visitor: Visitor, story: Story, tells: str = "loves", **fields: str) -> Page:
    visitor.open(path(story, "/about"))
    return visitor.act(path(story, "/about"), **{"tells": tells, "said_by": "Aroha and her kuia", **fields})


def permit(visitor: Visitor, story: Story, **fields: str) -> Page:
    visitor.open(path(story, "/photo-permission"))
    return visitor.act(path(story, "/photo-permission"), **{"given": "yes", "said_by": "Ngaire Kereama", **fields})


def test_what_a_child_says_stands_first_on_their_page_with_who_said_it_and_who_wrote_it_down(
    walsh: Visitor, story: Story
) -> None:
    assert "Nobody has said yet who Aroha is" in walsh.open(path(story)).text
    assert say(walsh, story, words=LOVES, said_on="2026-03-12", language="en").status == 302
    say(walsh, story, "strengths", words="He ringa raupā ia.", language="mi")
    say(walsh, story, "helps", words="Show me first.")
    page = walsh.open(path(story))
    assert f"{LOVES} Aroha and her kuia, 12 Mar 2026, written down by Ms Walsh" in page.text
    assert page.text.index(LOVES) < page.text.index("Strengths") < page.text.index("What helps")
    assert 'lang="mi" dir="auto">He ringa raupā ia.' in page.response.text


def test_what_stood_before_is_kept_and_what_was_taken_back_is_said_to_be(walsh: Visitor, story: Story) -> None:
    say(walsh, story, words="I love trains.", said_on="2026-03-12")
    say(walsh, story, words=LOVES)
    say(walsh, story, words="", said_by="")
    page = walsh.open(path(story, "/about"))
    assert "I love trains." in page.text
    assert LOVES in page.text
    assert "Taken back on 17 Nov 2026 by Ms Walsh" in page.text
    assert LOVES not in walsh.open(path(story)).text


def test_the_same_form_twice_is_kept_once(walsh: Visitor, story: Story) -> None:
    for _ in range(2):
        say(walsh, story, words=LOVES)
    with story.work() as work:
        assert len(students.history_about(work, story.students["aroha"].id)) == 1


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"words": LOVES, "said_by": ""}, "said_by-loves", "Please write something here."),
        ({"words": "ā" * 601}, "words-loves", "longer than 600"),
        ({"words": LOVES, "said_on": "2026-11-18"}, "said_on-loves", "still to come"),
        ({"words": LOVES, "said_on": "March"}, "said_on-loves", "Write the day like"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field_and_the_words_stay(
    walsh: Visitor, story: Story, fields: dict[str, str], field: str, said: str
) -> None:
    page = say(walsh, story, **fields)
    assert page.status == 400
    assert said in page.wrong[field]
    assert fields["words"] in page.response.text


def test_only_whoever_sees_the_child_and_may_write_keeps_words(sign_in: SignIn, story: Story) -> None:
    assert sign_in("fox").open(path(story, "/about")).status == 404
    assert sign_in("jan").open(path(story, "/about")).status == 403


def test_the_office_writes_down_who_allowed_photos_and_the_page_of_the_child_says_so(
    sign_in: SignIn, walsh: Visitor, story: Story
) -> None:
    assert "We have not asked yet, so photos may only show work." in walsh.open(path(story)).text
    jan = sign_in("jan")
    assert path(story, "/photo-permission") in jan.open("/contacts", q="Aroha").links
    permit(jan, story, said_on="2026-03-12")
    assert "Ngaire Kereama said yes on 12 Mar 2026." in walsh.open(path(story)).text


def test_permission_is_withdrawn_and_what_was_said_before_is_kept(walsh: Visitor, story: Story, clock: Clock) -> None:
    permit(walsh, story)
    clock.forward(minutes=1)
    permit(walsh, story, given="no", said_by="Dave Kereama")
    page = walsh.open(path(story, "/photo-permission"))
    assert page.text.index("Dave Kereama said no") < page.text.rindex("Ngaire Kereama said yes")
    with story.work() as work:
        assert not whanau.may_show(work, story.students["aroha"].id)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"given": ""}, "given"),
        ({"given": "maybe"}, "given"),
        ({"said_by": " "}, "said_by"),
        ({"said_on": "2027-01-01"}, "said_on"),
    ],
)
def test_a_permission_without_who_or_what_is_refused(
    walsh: Visitor, story: Story, fields: dict[str, str], field: str
) -> None:
    page = permit(walsh, story, **fields)
    assert page.status == 400
    assert field in page.wrong
    with story.work() as work:
        assert whanau.photo_permissions(work, story.students["aroha"].id) == []


def test_a_teacher_aide_does_not_keep_permissions_and_another_class_does_not_see_them(
    sign_in: SignIn, story: Story
) -> None:
    assert sign_in("matiu").open(path(story, "/photo-permission")).status == 403
    assert sign_in("fox").open(path(story, "/photo-permission")).status == 404


def test_the_page_of_permission_names_no_restricted_contact(walsh: Visitor, story: Story) -> None:
    assert "Rangi" not in walsh.open(path(story, "/photo-permission")).text
