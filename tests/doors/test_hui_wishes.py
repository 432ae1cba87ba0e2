"""How a family wishes a hui to be: kept as they said it, read at school; what is offered is offered to every home."""

from __future__ import annotations

import pytest

from commsbridge.foundation.language import Language, say
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import act_on, asked, at_home
from tests.story import Story

OFFER = "We would like a Kaitakawaenga to be there"


@pytest.mark.parametrize(
    ("part", "said"),
    [("all", "For all of it"), ("some", "For some of it"), ("none", "Not there: others speak for them")],
)
def test_how_much_of_it_the_student_is_there_for_and_what_makes_it_easy_is_read_at_school(
    sign_in: SignIn, story: Story, device: Device, part: str, said: str
) -> None:
    walsh, at = asked(sign_in, story)
    phone = device()
    wishes = {"tikanga": "He karakia i te tīmatanga.", "access": "A ramp for Nan.", "support": "Aunty Rea"}
    home = at_home(story, phone, "ngaire")
    assert act_on(phone, home, "wishes", part=part, **wishes).status == 302
    assert act_on(phone, home, "choose", number="1").status == 302
    for page in (walsh.open(at).text, walsh.open(f"{at}/room").text):
        for words in (said, *wishes.values()):
            assert words in page, words
        assert "They would like a Kaitakawaenga to be there." not in page


def test_a_kaitakawaenga_is_offered_to_a_home_that_reads_english_as_to_one_that_reads_te_reo(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    offers = []
    for contact, language in (("ngaire", Language.MI), ("dave", Language.EN)):
        asked(sign_in, story, contact=contact)
        phone = device()
        offers.append(say(language, OFFER) in phone.open(at_home(story, phone, contact)).text)
    assert offers == [True, True]


def test_at_school_each_hui_says_with_which_home_it_is_and_that_it_would_meet_together_and_no_home_or_room_does(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    walsh, at = asked(sign_in, story)
    others = asked(sign_in, story, contact="dave")[1]
    phone = device()
    home = at_home(story, phone, "ngaire")
    assert act_on(phone, home, "wishes", together="yes").status == 302
    assert act_on(phone, home, "choose", number="1").status == 302
    would = "They would meet together with another home of Aroha, if that one says so too."
    own, other = (f"The home of {story.contacts[each].name}" for each in ("ngaire", "dave"))
    listed = walsh.open(f"/students/{story.students['aroha'].id}/hui").text
    assert own in listed
    assert other in listed
    at_school = walsh.open(at).text
    assert own in at_school
    assert would in at_school
    assert other not in at_school
    assert other in walsh.open(others).text
    assert would not in walsh.open(others).text
    for page in (walsh.open(f"{at}/room").text, phone.open(home).text):
        assert would not in page
        assert own not in page


def test_of_a_kaitakawaenga_nothing_is_kept_until_it_is_said_and_the_school_sees_that(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    walsh, at = asked(sign_in, story)
    phone = device()
    home = at_home(story, phone, "ngaire")
    assert act_on(phone, home, "wishes", tikanga="He karakia.").status == 302
    assert "Whether they would like a Kaitakawaenga there was not said yet." in walsh.open(at).text
    clock.forward(seconds=5)
    assert act_on(phone, home, "wishes", tikanga="He karakia.", kaitakawaenga="no").status == 302
    page = walsh.open(at).text
    assert "was not said yet" not in page
    assert "They would like a Kaitakawaenga to be there." not in page
    form = next(each for each in phone.open(home).forms if each.values.get("act") == "wishes")
    assert form.values["kaitakawaenga"] == "no"
    clock.forward(seconds=5)
    assert act_on(phone, home, "wishes", kaitakawaenga="yes").status == 302
    assert "They would like a Kaitakawaenga to be there." in walsh.open(at).text
