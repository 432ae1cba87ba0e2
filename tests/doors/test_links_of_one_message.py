"""Links that need no device: of one note, photo, wish or stop, a specialist's, a guest's. Each opens its own alone.

A route behind a link that stands neither here nor in test_every_link fails the first test.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from commsbridge import meetings, messages, schools, specialists, whanau
from commsbridge.meetings import HuiKind, NewStep, Proposed, Purpose, Welcome
from commsbridge.messages import Delivery, Draft, concerns
from commsbridge.messages.concerns import Account, ConcernKind
from commsbridge.web.access import Entrance
from commsbridge.whanau import MayMessage
from tests.doors.family_acts import GOOD, TONIGHT, send_home
from tests.doors.one_home import PROOF_COOKIE, nothing_changes, proof_of
from tests.doors.pages import PUBLIC_URL, Visitor
from tests.doors.routes import calls, picture, token_of
from tests.doors.test_specialist_pages import GOAL, approved
from tests.story import Story, open_school

# What stands in the concern, the photo and the offer about Aroha, and nowhere else.
HARD, ALT, STEP = "A hard lunch, then the creek.", "A bridge of sticks", "Ring the bus driver"
HERS = (HARD, ALT, STEP, GOAL, "Aroha", GOOD, TONIGHT)
DOORS = ("/note/{}", "/photo/{}", "/photo/{}/picture", "/change/{}", "/with/{}", "/went/{}")
POSTS = ("/note/{}", "/change/{}", "/wishes/{}", "/with/{}", "/went/{}")


@dataclass(frozen=True)
class Links:
    """What opens each door of one contact's messages."""

    note: str
    photo: str
    change: str
    specialist: str
    guest: str

    def opened(self) -> dict[str, str]:
        """Each door with what opens it."""
        return {
            "/note/{}": self.note,
            "/photo/{}": self.photo,
            "/photo/{}/picture": self.photo,
            "/change/{}": self.change,
            "/wishes/{}": self.change,
            "/with/{}": self.specialist,
            "/went/{}": self.guest,
        }


def links_of(story: Story, contact: str = "ngaire") -> Links:
    """A concern, praise with a photo, and a share with a specialist about Aroha, as they came to one contact."""
    aroha, who = story.students["aroha"], story.contacts[contact]
    _, key = approved(story)
    with story.work("walsh") as work:
        photo = messages.keep_photo(work, aroha, picture(), alt=ALT, shows="work")
        drafted = Draft(words="Look at this!", photo_id=photo.id)
        praise = messages.send_praise(work, aroha, drafted, links=story.runtime.links)
        told = Account(happened=HARD)
        concern = concerns.send_concern(
            work, aroha, ConcernKind.CONCERN, told, to=[who.id], call=None, links=story.runtime.links
        )
        number = story.school_number(work)
        found = {
            each.message_id: each
            for each in work.session.scalars(select(Delivery).where(Delivery.contact_id == who.id))
        }
    assert concern.message_id is not None
    note = re.search(rf"{PUBLIC_URL}/note/([\w-]+)", found[concern.message_id].body)
    assert note
    of_photo = story.runtime.links.photo_url(number, found[praise.id].id).rpartition("/")[2]
    of_change = story.runtime.links.change_url(number, found[praise.id].id).rpartition("/")[2]
    return Links(note[1], of_photo, of_change, key.secret, of_guest(story, contact))


def of_guest(story: Story, contact: str) -> str:
    """What opens the page on which a guest of a hui about Aroha says how a step went."""
    aroha, who, links = story.students["aroha"], story.contacts[contact].id, story.runtime.links
    with story.work("walsh") as work:
        home = next(each for each in meetings.homes_of(work, aroha) if who in {one.contact_id for one in each.people})
        hui = meetings.open_hui(work, aroha, home, Purpose(HuiKind.CATCH_UP, "How it goes."))
        ana = Proposed("speech", "Has met her.", name="Ana Tau", email="ana@clinic.test")
        meetings.decide_person(work, hui, meetings.propose(work, hui, ana).id, Welcome.YES, contact_id=who)
        meetings.invite(work, hui, [work.now + timedelta(days=1)], links=links)
        meetings.choose(work, hui, 1, contact_id=who, links=links)
        hui.begins_at = work.now - timedelta(hours=1)
        meetings.take_places(work, hui, chair="Ngaire", minute_taker="Ms Walsh")
        step = meetings.add_step(work, hui, NewStep(STEP, schools.today(work), who="Ms Walsh"))
        meetings.read_back(work, hui, "Ms Walsh")
        meetings.finish(work, hui)
        meetings.send_minutes(work, hui, links=links)
        meetings.end_step(work, hui, step.id, done=True, explained="", links=links)
        asked = select(Delivery.body).where(Delivery.address == ana.email, Delivery.body.contains("/went/"))
        found = re.search(r"/went/([\w-]+)", work.session.scalars(asked).one())
    assert found
    return found[1]


def broken(token: str) -> tuple[str, ...]:
    """A link that was tampered with, cut short or made up, or typed in the other case where case tells."""
    typed = () if token == token.lower() else (token.swapcase(),)
    return (
        *typed,
        ("B" if token[0] != "B" else "C") + token[1:],
        token[:-1],
        token + "a",
        "a" * len(token),
        str(uuid.uuid4()),
    )


def without_tokens(visitor: Visitor, at: str) -> str:
    """What comes back, its words without the tokens of its forms."""
    answer = visitor.client.get(at)
    if answer.mimetype == "image/jpeg":
        return str(answer.data.hex())
    return re.sub(r'(csrf_token|form_key)" value="[^"]*"', "", str(answer.text))


@pytest.fixture
def anybody(web: Flask) -> Visitor:
    """Somebody with a browser and no device of anybody's."""
    return Visitor(web.test_client())


def test_every_route_behind_a_link_is_tried_here_or_as_a_contacts_page(web: Flask) -> None:
    behind = {
        (call.method, call.rule.rule)
        for call in calls(web, Entrance.LINK)
        if call.rule.arguments and not call.rule.rule.startswith("/w/<secret>")
    }
    tried = {("GET", door) for door in DOORS} | {("POST", door) for door in POSTS}
    assert {(method, re.sub("<[^>]+>", "{}", rule)) for method, rule in behind} == tried


def test_each_link_opens_its_own_door_and_looking_changes_nothing(anybody: Visitor, story: Story) -> None:
    opened = links_of(story).opened()
    with nothing_changes(story):
        for door in DOORS:
            at = door.format(opened[door])
            for _ in range(2):  # whoever scans links looks more than once
                assert anybody.open(at).status == 200, door
                assert anybody.client.head(at).status_code == 200, door
    said = {door: anybody.open(door.format(opened[door])).response for door in DOORS}
    assert HARD in said["/note/{}"].text
    assert ALT in said["/photo/{}"].text
    assert said["/photo/{}/picture"].mimetype == "image/jpeg"
    for door in ("/change/{}", "/with/{}", "/went/{}"):
        for words in (*HERS, "Kereama", "Ngaire"):
            assert words not in said[door].text, (door, words)


def test_no_link_opens_another_door_or_a_contacts_page_and_what_was_tampered_with_guessed_or_cut_none(
    anybody: Visitor, story: Story
) -> None:
    opened = links_of(story).opened()
    token, home = token_of(anybody, "/sign-in"), send_home(story)
    tries = {*opened.values(), home.links["ngaire"].rpartition("/")[2]}
    with nothing_changes(story):
        for door in {*DOORS, *POSTS, "/w/{}"}:
            for other in tries - {opened.get(door, home.links["ngaire"].rpartition("/")[2])}:
                at = door.format(other)
                answers = [anybody.open(at)] if door != "/wishes/{}" else []
                if door in POSTS:
                    answers.append(anybody.post(at, {"csrf_token": token, "words": "x", "code": "0000 0000"}))
                for page in answers:
                    assert page.status == 404, (at, page.status)
                    assert not [words for words in HERS if words in page.response.text]
        for door, key in opened.items():
            for wrong in broken(key):
                if door != "/wishes/{}":
                    assert anybody.open(door.format(wrong)).status == 404, (door, wrong)
                if door in POSTS:
                    sent = {"csrf_token": token, "words": "x", "act": "stop", "hears": "urgent_only"}
                    assert anybody.post(door.format(wrong), sent).status == 404, (door, wrong)


def test_a_link_of_one_school_is_nothing_to_another(anybody: Visitor, story: Story) -> None:
    elsewhere = open_school(
        story.runtime, name="Kauri Flat School", domain="kauri.test", short_code="4646", mail_from="kura@kauri.test"
    )
    theirs, token = links_of(elsewhere), token_of(anybody, "/sign-in")
    with nothing_changes(story):
        assert "Kauri Flat School" in anybody.open(f"/note/{theirs.note}", reo="en").text
        assert anybody.post(f"/note/{theirs.note}", {"csrf_token": token, "words": "Thank you."}).status == 302
        assert anybody.post(f"/wishes/{theirs.change}", {"csrf_token": token, "hears": "urgent_only"}).status == 200
        assert anybody.post(f"/went/{theirs.guest}", {"csrf_token": token, "helped": "yes"}).status == 302
    # A stop is of one sender and one phone: this school's texts still go there.
    assert anybody.post(f"/change/{theirs.change}", {"List-Unsubscribe": "One-Click"}).status == 200
    with story.work() as work:
        assert list(work.session.scalars(text("SELECT sender_id FROM opt_outs"))) == [elsewhere.texts.id]


@pytest.mark.parametrize("other", ["dave", "hine"])
def test_a_device_of_another_home_or_family_adds_nothing_to_a_link_and_a_press_is_its_owners_alone(
    web: Flask, story: Story, other: str
) -> None:
    opened = links_of(story).opened()
    link = send_home(story, "aroha" if other == "dave" else "hemi").links[other]
    device = Visitor(web.test_client())
    device.client.set_cookie(PROOF_COOKIE, proof_of(story, link, other), path="/")
    token, bare = token_of(device, "/sign-in"), Visitor(web.test_client())
    for door in DOORS:
        at = door.format(opened[door])
        assert without_tokens(device, at) == without_tokens(bare, at), door
    named = {"contact_id": str(story.contacts[other].id), "student_id": str(story.students["hemi"].id)}
    device.post(f"/change/{opened['/change/{}']}", {"csrf_token": token, "act": "stop", **named})
    device.post(f"/wishes/{opened['/wishes/{}']}", {"csrf_token": token, "hears": "urgent_only", **named})
    device.post(f"/note/{opened['/note/{}']}", {"csrf_token": token, "words": "We talked.", **named})
    with story.work() as work:
        asked = whanau.wishes_of(work, [story.contacts["ngaire"].id, story.contacts[other].id])
        stops = list(work.session.scalars(text("SELECT address FROM opt_outs")))
    assert asked[story.contacts["ngaire"].id].hears == whanau.WishKind.URGENT_ONLY
    assert asked[story.contacts[other].id].hears is None
    assert stops == ["+64215550101"]


def test_whose_access_ended_this_morning_reads_no_note_and_no_photo_and_stops_what_comes_all_the_same(
    anybody: Visitor, story: Story
) -> None:
    found = links_of(story)
    with story.work("leota") as work:
        ngaire, aroha = story.contacts["ngaire"].id, story.students["aroha"].id
        whanau.set_access(work, ngaire, aroha, may_message=MayMessage.NO, reason="An order of this morning.")
    for at in (f"/note/{found.note}", f"/photo/{found.photo}", f"/photo/{found.photo}/picture"):
        page = anybody.open(at)
        assert page.status == 404, at
        assert not [words for words in HERS if words in page.response.text]
    assert anybody.open(f"/change/{found.change}").status == 200


def test_a_specialists_link_that_a_home_closed_opens_nothing_and_names_nobody(anybody: Visitor, story: Story) -> None:
    share_id, key = approved(story)
    with story.work() as work:
        specialists.end_share(work, share_id, contact_id=story.contacts["ngaire"].id)
    page = anybody.open(f"/with/{key.secret}")
    assert page.status in {404, 410}
    assert not [words for words in HERS if words in page.response.text]
