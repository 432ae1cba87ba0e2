"""What a copy that somebody asked for holds of a hui at which two homes met: their own, and whose each word is."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from commsbridge import meetings, schools, students, whanau
from commsbridge.books import About
from commsbridge.foundation.language import Language
from commsbridge.meetings import Agrees, Helped, NewStep, Whose, Wishes
from tests.rooms.gathering import Gathering
from tests.rooms.test_hui_together import choose, joint

HOMES = ("ngaire", "dave")


@pytest.fixture
def hui_id(gathering: Gathering) -> uuid.UUID:
    """Two homes met: each wished something, said something before, said something to the point and to the step."""
    hui_id = joint(gathering)
    gathering.invite(hui_id)
    links = gathering.posting.links
    ids = {each: gathering.posting.story.contacts[each].id for each in HOMES}
    for contact in HOMES:
        choose(gathering, hui_id, 1, contact)
        with gathering.work() as work:
            hui = work.session.get_one(meetings.Hui, hui_id)
            meetings.say_wishes(work, hui, Wishes(access=f"access of {contact}"), contact_id=ids[contact])
            meetings.say_for_family(work, hui, f"beforehand of {contact}", contact_id=ids[contact])
    gathering.posting.clock.now = gathering.times((3,))[0] + timedelta(minutes=20)
    with gathering.work("walsh") as work:
        hui = work.session.get_one(meetings.Hui, hui_id)
        (item,) = meetings.add_items(work, hui, Whose.SCHOOL, ["Reading"])
        meetings.take_places(work, hui, chair="Ms Walsh", minute_taker="Matua Matiu")
        meetings.decide(work, hui, item.id, "Ten minutes a night.", before="")
        step = meetings.add_step(work, hui, NewStep("Send books home", schools.today(work), who="Ms Walsh"))
        for contact in HOMES:
            meetings.agree(work, hui, item.id, Agrees.AGREE, f"to the point, {contact}", contact_id=ids[contact])
        meetings.read_back(work, hui, "Matua Matiu")
        meetings.finish(work, hui)
        meetings.send_minutes(work, hui, links=links)
        meetings.end_step(work, hui, step.id, done=True, explained="", links=links)
        said = {"helped": Helped.YES, "words": "It went well."}
        meetings.evaluate(work, hui, step.id, whose=Whose.STUDENT, contact_id=None, **said)  # type: ignore[arg-type]
        for contact in HOMES:
            meetings.evaluate(
                work, hui, step.id, whose=Whose.FAMILY, helped=Helped.YES, words=f"of {contact}",
                contact_id=ids[contact],
            )  # fmt: skip
    return hui_id


@pytest.mark.parametrize(("contact", "other"), [HOMES, HOMES[::-1]])
def test_a_copy_of_one_home_has_its_own_wishes_and_words_and_says_whose_the_others_are(
    gathering: Gathering, hui_id: uuid.UUID, contact: str, other: str
) -> None:
    story = gathering.posting.story
    with gathering.work() as work:
        who = work.session.get_one(whanau.Contact, story.contacts[contact].id)
        aroha = story.students["aroha"].id
        named = {aroha: students.names_of(work, [aroha])[aroha]}
        about = About(contact=who, children=named, language=Language.EN)
        found = [(each.title, each.words) for each in meetings.gather_hui(work, about)]
    by_title = {title: words for title, words in found if "before the hui" in title or "wished" in title}
    assert by_title == {
        "How your home wished the hui about Aroha to be": f"access of {contact}",
        "What your home said before the hui about Aroha": f"beforehand of {contact}",
        "What the other home said before the hui about Aroha": f"beforehand of {other}",
    }
    (point,) = (words for _, words in found if "Ten minutes a night." in words)
    assert f"to the point, {contact}" in point
    assert f"to the point, {other}" not in point
    (step,) = (words for title, words in found if title.startswith("A next step"))
    names = [story.contacts[each].name for each in HOMES]
    for line in ("Aroha: It went well.", f"{names[0]}: of ngaire", f"{names[1]}: of dave"):
        assert line in step.splitlines()
