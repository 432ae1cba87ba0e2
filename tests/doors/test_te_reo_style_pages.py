"""How te reo is written: leaders choose, everybody sees it, and every page and text follows."""

from __future__ import annotations

import pytest

from commsbridge import messages, schools
from commsbridge.foundation.orthography import LongVowels
from commsbridge.foundation.reo_dates import DayNames
from commsbridge.messages import Draft
from tests.doors.conftest import SignIn
from tests.story import Story

AT = "/te-reo/written"


@pytest.mark.parametrize("who", ["walsh", "matiu", "leota", "jan", "kiri"])
def test_leaders_alone_choose_how_te_reo_is_written(sign_in: SignIn, who: str) -> None:
    visitor = sign_in(who)
    assert AT not in visitor.open("/te-reo").links
    assert visitor.open(AT).status == 403
    assert visitor.act(AT, day_names="loan", text_vowels="plain").status == 403


def test_a_school_begins_with_traditional_names_and_macrons(sign_in: SignIn) -> None:
    page = sign_in("walsh").open("/te-reo")
    assert "Rātū, te 17 o Whiringa-ā-rangi 2026" in page.text
    assert "Texts are written with macrons, like everything else." in page.text


def test_what_is_chosen_shows_what_it_costs_and_is_kept(sign_in: SignIn, story: Story) -> None:
    burns = sign_in("burns")
    page = burns.open(AT)
    assert "With macrons: whānau (1" in page.text
    assert "of 134 letters)" in page.text
    assert "With double vowels: whaanau" in page.text
    form = page.form(AT)
    assert (form.values["day_names"], form.values["text_vowels"]) == ("traditional", "macrons")
    assert burns.send(form, day_names="loan", text_vowels="doubled").location == "/te-reo"
    page = burns.follow()
    assert "Tūrei, te 17 o Noema 2026" in page.text
    assert "Texts are written with double vowels (whaanau)" in page.text
    with story.work() as work:
        school = schools.school_of(work)
        assert (school.day_names, school.text_vowels) == (DayNames.LOAN, LongVowels.DOUBLED)


def test_pages_in_te_reo_use_the_names_the_school_chose(sign_in: SignIn) -> None:
    burns = sign_in("burns")
    burns.send(burns.open(AT).form(AT), day_names="loan", text_vowels="macrons")
    burns.post("/language", {**burns.open("/today").form("/language").values, "language": "mi"})
    assert "Tūrei, te 17 o Noema 2026" in burns.open("/today").text


def test_texts_follow_and_the_names_in_them_do_not(sign_in: SignIn, story: Story) -> None:
    burns = sign_in("burns")
    burns.send(burns.open(AT).form(AT), day_names="traditional", text_vowels="doubled")
    with story.work("walsh") as work:
        phrase = messages.phrase_by_key(work, "helped-new-student")
        assert phrase is not None
        draft = Draft(phrase_id=phrase.id, words="Ka mau te wehi, Wī")
        found = messages.preview_praise(work, story.students["aroha"], draft, links=story.runtime.links)
    texts = [each.composed.body for each in found if each.composed and each.planned and each.planned.channel == "text"]
    assert any("I aawhina a Aroha i teetahi aakonga hou i teenei raa. Ka mau te wehi, Wī" in text for text in texts)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day_names": "french"}, "day_names"),
        ({"text_vowels": "none"}, "text_vowels"),
        ({"day_names": ""}, "day_names"),
    ],
)
def test_a_choice_that_is_not_there_changes_nothing(
    sign_in: SignIn, story: Story, typed: dict[str, str], field: str
) -> None:
    burns = sign_in("burns")
    page = burns.send(burns.open(AT).form(AT), **typed)
    assert page.status == 400
    assert page.wrong == {field: "Choose one of these."}
    with story.work() as work:
        assert schools.school_of(work).day_names is DayNames.TRADITIONAL
