"""The review desk and the school's choice: a speaker checks, a leader decides, everybody sees who checked what."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from commsbridge import messages, schools
from commsbridge.messages import Delivery, wordings
from commsbridge.messages.wordings import Standing
from commsbridge.schools import Role
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.story import START, Story

DESK = "/te-reo/desk"


@pytest.fixture
def speaker(story: Story, sign_in: SignIn) -> Visitor:
    """Whaea Kiri, named as a speaker of te reo."""
    with story.work() as work:
        schools.set_roles(work, story.staff["kiri"], [Role.CHILD_PROTECTION, Role.SPEAKER], from_on=START)
    return sign_in("kiri")


def judge(visitor: Visitor, act: str, **typed: str) -> Page:
    """Send the form of the desk that is open."""
    assert visitor.page is not None
    return visitor.send(visitor.page.form(DESK, having="key"), ("act", act), **typed)


def standing(story: Story, key: str) -> Standing:
    with story.work() as work:
        wording = wordings.wording_of(work, key)
    assert wording is not None
    return wording.standing


def held_for_te_reo(story: Story) -> int:
    """How many messages wait for a check of their te reo."""
    with story.work() as work:
        return len(work.session.scalars(select(Delivery.id).where(Delivery.awaits.is_not(None))).all())


def approve_everything(story: Story, *, but: int = 0) -> None:
    with story.work("kiri") as work:
        for each in wordings.on_desk(work)[but:]:
            wordings.approve(work, each.key, seen=each.version, text_mi=each.mi, as_meant=True)


@pytest.mark.parametrize("who", ["walsh", "matiu", "leota", "jan", "kiri", "burns"])
def test_everybody_reads_that_no_licensed_translator_has_checked_anything(sign_in: SignIn, who: str) -> None:
    page = sign_in(who).open("/te-reo")
    assert page.status == 200
    assert "No licensed translator has checked the words this service came with." in page.text
    assert "Nobody here is named as a te reo speaker." in page.text
    assert "/te-reo/desk" not in page.links


@pytest.mark.parametrize("who", ["walsh", "matiu", "leota", "jan", "burns"])
def test_the_desk_is_the_speakers_alone(sign_in: SignIn, who: str) -> None:
    visitor = sign_in(who)
    visitor.open("/te-reo/wordings")
    assert visitor.page is not None
    assert not [link for link in visitor.page.links if link.startswith(DESK)]
    assert visitor.open(DESK).status == 403
    visitor.open("/te-reo")
    assert visitor.act(DESK, key="letter:x", act="approve").status == 403


@pytest.mark.parametrize("who", ["walsh", "jan", "kiri"])
def test_the_setting_is_a_leaders_alone(sign_in: SignIn, who: str) -> None:
    visitor = sign_in(who)
    assert "/te-reo/only-checked" not in visitor.open("/te-reo").links
    assert visitor.open("/te-reo/only-checked").status == 403
    visitor.open("/te-reo")
    assert visitor.act("/te-reo/only-checked", act="on").status == 403


def test_a_speaker_reads_one_wording_after_the_other_with_the_english_beside_it(speaker: Visitor, story: Story) -> None:
    first = speaker.open(DESK)
    key = first.form(DESK, having="key").values["key"]
    with story.work() as work:
        wording = wordings.wording_of(work, key)
    assert wording is not None
    assert wording.en in first.text
    assert "Not yet checked" in first.text
    assert first.form(DESK, having="key").values["text_mi"] == wording.mi
    assert judge(speaker, "approve", as_meant="yes").status == 302
    second = speaker.follow()
    assert "Kept, with your name beside it." in second.text
    assert second.form(DESK, having="key").values["key"] != key
    assert standing(story, key) is Standing.CHECKED
    page = speaker.open("/te-reo/wordings", show="checked")
    assert "Checked by Kiri Hōhepa, " in page.text
    later = next(link for link in second.links if "after=" in link)
    assert speaker.open(later).form(DESK, having="key").values["key"] not in {
        key,
        second.form(DESK, having="key").values["key"],
    }


def test_a_broken_wording_comes_back_with_what_was_typed_and_what_to_do(speaker: Visitor, story: Story) -> None:
    with story.work() as work:
        phrase = next(each for each in wordings.all_wordings(work) if each.kind is wordings.Kind.PHRASE)
    speaker.open(DESK, key=phrase.key)
    page = judge(speaker, "approve", text_mi="Ka pai te mahi.")
    assert page.status == 400
    assert page.wrong["text_mi"] == "{name} is missing: the te reo needs it once."
    assert page.form(DESK, having="key").values["text_mi"] == "Ka pai te mahi."
    page = judge(speaker, "approve", text_mi="Ka pai te zoo a {name}.")
    assert page.wrong["text_mi"].startswith("Please look again at: zoo.")
    page = judge(speaker, "reject")
    assert page.wrong["note"] == "Say in a few words what is wrong, for the person who rewrites it."
    assert standing(story, phrase.key) is Standing.UNCHECKED
    speaker.open(DESK, key=phrase.key)
    assert judge(speaker, "reject", note="Kei te hē te kupu tuatahi.").status == 302
    assert "Families get it in English until someone rewrites it." in speaker.follow().text
    assert "Rejected by Kiri Hōhepa" in speaker.open(DESK, key=phrase.key).text


def test_somebody_who_was_slower_is_told_so(speaker: Visitor, story: Story) -> None:
    with story.work() as work:
        phrase = next(each for each in wordings.all_wordings(work) if each.kind is wordings.Kind.PHRASE)
    speaker.open(DESK, key=phrase.key)
    with story.work("burns") as work:
        wordings.approve(work, phrase.key, seen=phrase.version, text_mi="Ka pai te mahi a {name}.", as_meant=True)
    page = judge(speaker, "approve")
    assert page.status == 400
    assert "Somebody changed this wording while you were reading." in page.text


def test_an_empty_desk_says_so(speaker: Visitor, story: Story) -> None:
    approve_everything(story)
    assert "The desk is empty: every wording has been checked." in speaker.open(DESK).text


@pytest.mark.parametrize("key", ["letter:nothing", "phrase:nothing", "nothing", "'; --"])
def test_a_wording_that_is_not_there_is_not_found(speaker: Visitor, key: str) -> None:
    assert speaker.open(DESK, key=key).status == 404
    speaker.open(DESK)
    assert speaker.act(DESK, key=key, act="approve").status == 404


def test_a_leader_reads_what_it_means_before_only_checked_te_reo_is_sent(
    sign_in: SignIn, speaker: Visitor, story: Story
) -> None:
    burns = sign_in("burns")
    page = burns.open("/te-reo/only-checked")
    with story.work() as work:
        counted = wordings.tally(wordings.all_wordings(work))
    assert f"{counted.all} wordings of {counted.all} are not checked." in page.text
    assert "3 families asked for te reo Māori" in page.text
    assert "No family misses out" in page.text
    with story.work() as work:
        assert not schools.school_of(work).only_checked_te_reo
    assert burns.send(page.form("/te-reo/only-checked")).status == 302
    assert "We send only te reo Māori that someone has checked." in burns.follow().text
    with story.work("walsh") as work:
        messages.send_praise(
            work,
            story.students["aroha"],
            messages.Draft(messages.offered_phrases(work, story.students["aroha"])[0].id),
            links=story.runtime.links,
        )
    approve_everything(story, but=1)
    assert held_for_te_reo(story) == 1
    last = speaker.open(DESK)
    assert "1 wording waits." in last.text
    assert judge(speaker, "approve", as_meant="yes").status == 302
    assert held_for_te_reo(story) == 0
    page = burns.open("/te-reo/only-checked")
    assert "It is on." in page.text
    assert burns.send(page.form("/te-reo/only-checked")).status == 302
    with story.work() as work:
        assert not schools.school_of(work).only_checked_te_reo
