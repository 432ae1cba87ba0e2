"""Concerns on pages: ring first, tell with care, read by two, a page for each contact alone, and an answer back."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from commsbridge import conversations, messages, schools, whanau
from commsbridge.messages import concerns
from commsbridge.messages.concerns import Concern, ConcernState
from commsbridge.whanau import MayMessage
from commsbridge.worker.receiving import Receiving
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.moments import answered, praised
from tests.doors.pages import PUBLIC_URL, Form, Page, Visitor
from tests.story import Story

HAPPENED = "At lunch he was hurt in a game, and two adults held him."
HELPED = "Sitting by the creek."
SEND, KEEP = ("act", "send"), ("act", "keep")


@pytest.fixture
def walsh(sign_in: SignIn) -> Visitor:
    """A teacher of Room 7."""
    return sign_in("walsh")


@pytest.fixture
def leota(sign_in: SignIn) -> Visitor:
    """Learning support."""
    return sign_in("leota")


def form_of(visitor: Visitor, story: Story, child: str = "aroha", **asked: str) -> Form:
    path = f"/students/{story.students[child].id}/concern"
    return visitor.open(path, **asked).form(path)


def tell(visitor: Visitor, story: Story, button: tuple[str, str] = SEND, **fields: str) -> Page:
    form = form_of(visitor, story, **({"kind": fields.pop("kind")} if "kind" in fields else {}))
    to = [str(story.contacts[each].id) for each in ("ngaire", "dave")]
    return visitor.send(form, button, **{"happened": HAPPENED, "helped": HELPED, "to": to, **fields})


def raised(story: Story, page: Page) -> Concern:
    with story.work() as work:
        return concerns.concern_by_id(work, uuid.UUID(page.location.rpartition("/")[2]))


def notes(story: Story, concern: Concern) -> dict[str, str]:
    """The path of each contact's own page, by short name."""
    keys = {contact.id: key for key, contact in story.contacts.items()}
    with story.work() as work:
        assert concern.message_id is not None
        told = messages.written(work, [concern.message_id])[concern.message_id]
        found = {keys[each.contact_id]: each.body for each in told.deliveries if each.contact_id}
    paths = {key: re.search(rf"{PUBLIC_URL}(/note/[\w-]+)", body) for key, body in found.items()}
    return {key: path[1] for key, path in paths.items() if path}


def test_ringing_comes_first_with_the_numbers_of_those_who_may_be_rung(walsh: Visitor, story: Story) -> None:
    page = walsh.open(f"/students/{story.students['aroha'].id}/concern")
    assert page.text.index("Ring first") < page.text.index("What happened")
    assert "021 555 0101" in page.text
    assert "Rangi Moke" not in page.text


def test_a_concern_goes_as_a_neutral_line_and_the_page_says_so(walsh: Visitor, story: Story) -> None:
    page = tell(walsh, story)
    assert page.status == 302, page.text
    told = walsh.open(page.location)
    assert HAPPENED in told.text
    assert HELPED in told.text
    assert "Sent as a plain line with a link." in told.text
    assert "Dave Kereama" in told.text
    assert raised(story, page).state is ConcernState.GONE


def test_what_was_rung_is_told_and_a_call_needs_its_outcome_and_time(walsh: Visitor, story: Story) -> None:
    dave = str(story.contacts["dave"].id)
    page = tell(walsh, story, rang_contact_id=dave)
    assert (page.status, set(page.wrong)) == (400, {"rang"})
    assert HAPPENED in page.text
    page = tell(walsh, story, rang_contact_id=dave, rang="talked", rang_time="soon")
    assert (page.status, set(page.wrong)) == (400, {"rang_time"})
    page = tell(walsh, story, rang_contact_id=dave, rang="talked")
    assert "Rang Dave Kereama first: today 3:00 pm. They talked." in walsh.open(page.location).text


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"happened": ""}, "happened"), ({"helped": "x" * 2001}, "helped"), ({"to": []}, "to")],
)
def test_what_cannot_go_is_refused_beside_its_field(
    walsh: Visitor, story: Story, fields: dict[str, Any], field: str
) -> None:
    page = tell(walsh, story, **fields)
    assert page.status == 400
    assert field in page.wrong or field == "to"


def test_kept_in_the_log_only_nothing_goes(walsh: Visitor, story: Story) -> None:
    concern = raised(story, tell(walsh, story, KEEP))
    assert (concern.state, concern.message_id) == (ConcernState.KEPT, None)


def test_the_log_shows_it_to_the_teacher_and_only_that_it_was_to_the_aide(
    walsh: Visitor, sign_in: SignIn, story: Story
) -> None:
    page = tell(walsh, story)
    at = f"/students/{story.students['aroha'].id}"
    assert HAPPENED in walsh.open(at).text
    aide = sign_in("matiu")
    assert "A concern" in aide.open(at).text
    assert HAPPENED not in aide.open(at).text
    assert aide.open(page.location).status == 403


@pytest.mark.parametrize("who", ["matiu", "jan", "kiri"])
def test_who_may_not_write_concerns_is_turned_away(sign_in: SignIn, story: Story, who: str) -> None:
    assert sign_in(who).open(f"/students/{story.students['aroha'].id}/concern").status == 403


def test_a_child_one_does_not_see_is_not_there(sign_in: SignIn, walsh: Visitor, story: Story) -> None:
    page = tell(walsh, story)
    fox = sign_in("fox")
    assert fox.open(f"/students/{story.students['aroha'].id}/concern").status == 404
    assert fox.open(page.location).status == 404


# ---- a second pair of eyes ----


def ask_for_two(leota: Visitor) -> None:
    [form] = [each for each in leota.open("/care").forms if each.values.get("act") == "two"]
    assert leota.send(form).status == 302


def test_where_two_read_it_waits_on_a_list_and_a_to_do_until_let_go(
    walsh: Visitor, leota: Visitor, story: Story
) -> None:
    ask_for_two(leota)
    page = tell(walsh, story)
    assert "Waits for a second person to read it." in walsh.open(page.location).text
    assert "Aroha Kereama" in leota.open("/concerns").text
    assert "Read a concern before it goes" in leota.open("/to-do").text
    [form] = [each for each in leota.open(page.location).forms if each.values.get("act") == "release"]
    assert leota.send(form).status == 302
    assert raised(story, page).state is ConcernState.GONE
    assert "Read by Mrs Leota, today." in walsh.open(page.location).text
    assert "No concern waits to be read." in leota.open("/concerns").text


def test_its_writer_cannot_let_it_go_nor_can_the_teacher_next_door(
    walsh: Visitor, leota: Visitor, story: Story
) -> None:
    ask_for_two(leota)
    own = tell(leota, story)
    assert "Let it go to whānau" not in leota.open(own.location).text
    token = str(form_of(leota, story).values["csrf_token"])
    assert leota.post(own.location, {"csrf_token": token, "act": "release"}).status == 403
    token = str(form_of(walsh, story).values["csrf_token"])
    assert walsh.post(own.location, {"csrf_token": token, "act": "release"}).status == 403
    assert raised(story, own).state is ConcernState.WAITING


def test_given_back_with_a_note_it_is_written_anew_from_its_own_words(
    walsh: Visitor, leota: Visitor, story: Story
) -> None:
    ask_for_two(leota)
    page = tell(walsh, story)
    form = next(each for each in leota.open(page.location).forms if "note" in each.values)
    assert leota.send(form, ("act", "return"), note=" ").status == 400
    assert leota.send(form, ("act", "return"), note="Leave out the game.").status == 302
    told = walsh.open(page.location)
    assert "Given back by Mrs Leota: Leave out the game." in told.text
    assert "A concern came back to you" in walsh.open("/to-do").text
    form = form_of(walsh, story, anew=page.location.rpartition("/")[2])
    assert form.values["happened"] == HAPPENED
    assert walsh.send(form, SEND, happened="He was hurt.").status == 302
    assert "A concern came back to you" not in walsh.open("/to-do").text
    assert leota.open(f"/students/{story.students['aroha'].id}/concern", anew=str(raised(story, page).id)).status == 404


# ---- the page behind the link ----


def test_each_contact_reads_their_own_page_in_their_language_and_looking_changes_nothing(
    walsh: Visitor, stranger: Visitor, story: Story
) -> None:
    paths = notes(story, raised(story, tell(walsh, story, offers_talk="yes")))
    assert set(paths) == {"ngaire", "dave"}
    english, reo = stranger.open(paths["dave"]), stranger.open(paths["ngaire"])
    assert "What happened" in english.text
    assert "We would like to talk about this." in english.text
    assert "Te mea i puta" in reo.text
    for page in (english, reo):
        assert HAPPENED in page.text
        assert "Kereama" not in page.text
    with story.work() as work:
        assert conversations.waiting_count(work, [story.students["aroha"].id]) == 0


def test_an_answer_on_the_page_is_filed_in_the_childs_log_from_that_contact(
    walsh: Visitor, stranger: Visitor, story: Story
) -> None:
    path = notes(story, raised(story, tell(walsh, story)))["dave"]
    form = stranger.open(path).form(path)
    assert stranger.send(form, words="  ").status == 302
    first, again = (stranger.send(form, words="He likes the creek.") for _ in range(2))
    assert first.location == again.location
    assert "Thank you." in stranger.open(first.location.partition("#")[0]).text
    assert Receiving(story.runtime).file() == 1
    page = walsh.open("/replies").text
    assert page.count("He likes the creek.") == 1
    assert "Dave Kereama" in page
    assert "He likes the creek." not in stranger.open(notes_of_ngaire(story)).text


def notes_of_ngaire(story: Story) -> str:
    with story.work() as work:
        found = work.session.scalars(text("SELECT id FROM concerns")).one()
        return notes(story, concerns.concern_by_id(work, found))["ngaire"]


HANDED_OVER = (
    "SET state = 'sending', worker = 'w', attempt = 1, lease_until = made_at WHERE state = 'queued'",
    "SET state = 'sent', sent_at = made_at, lease_until = NULL WHERE state = 'sending'",
)


def test_a_text_back_finds_its_way_to_the_child(walsh: Visitor, story: Story) -> None:
    concern = raised(story, tell(walsh, story))
    with story.work() as work:
        for step in HANDED_OVER:
            work.session.execute(text(f"UPDATE deliveries {step} AND message_id = :id"), {"id": concern.message_id})
    answered(story, "+64215550101", "Ka kōrero tātou.")
    assert "Ka kōrero tātou." in walsh.open(f"/students/{story.students['aroha'].id}").text


def test_a_page_closes_to_whoever_may_no_longer_hear_of_the_child(
    walsh: Visitor, stranger: Visitor, story: Story
) -> None:
    path = notes(story, raised(story, tell(walsh, story)))["dave"]
    form = stranger.open(path).form(path)
    with story.work("leota") as work:
        pair = story.contacts["dave"].id, story.students["aroha"].id
        messages.set_access(work, *pair, may_message=MayMessage.NO, reason="A court order.")
    assert stranger.open(path).status == 404
    assert stranger.send(form, words="Hello").status == 404
    assert Receiving(story.runtime).file() == 0


def test_a_note_of_praise_takes_no_answer_and_a_wrong_link_opens_nothing(stranger: Visitor, story: Story) -> None:
    praised(story, "aroha", words="He was brave.", as_link=True)
    with story.work() as work:
        bodies = work.session.scalars(text("SELECT body FROM deliveries WHERE body LIKE '%/note/%'")).all()
    path = re.search(rf"{PUBLIC_URL}(/note/[\w-]+)", bodies[0])
    assert path is not None
    assert all(each.action != path[1] for each in stranger.open(path[1]).forms)
    assert stranger.open("/note/none").status == 404


# ---- hard days ----


def test_a_hard_day_must_be_rung_and_holds_good_news_until_somebody_lets_it_go(
    walsh: Visitor, story: Story, clock: Clock
) -> None:
    praised(story, "aroha")
    page = tell(walsh, story, kind="hard_day")
    assert (page.status, set(page.wrong)) == (400, {"rang"})
    assert "Ring first. Then say here who you rang" in page.text
    dave = str(story.contacts["dave"].id)
    assert tell(walsh, story, kind="hard_day", rang_contact_id=dave, rang="no_answer").status == 302
    at = f"/students/{story.students['aroha'].id}"
    child = walsh.open(at).text
    assert "A hard day" in child
    assert "good news to Dave Kereama waits" in child
    assert "Held: a hard day" in child
    form = walsh.open(f"{at}/pause").form(f"{at}/hard-day")
    assert walsh.send(form).status == 302
    assert "good news to Dave Kereama waits" not in walsh.open(at).text


def test_the_contacts_page_of_a_hard_day_says_nothing_of_a_pause(walsh: Visitor, story: Story) -> None:
    dave = story.contacts["dave"].id
    tell(walsh, story, kind="hard_day", rang_contact_id=str(dave), rang="talked")
    with story.work() as work:
        assert whanau.running_pauses(work, on=schools.today(work), contact_ids=[dave]) == []


def test_the_pages_speak_te_reo(walsh: Visitor, story: Story) -> None:
    walsh.post("/language", {"language": "mi", "csrf_token": str(form_of(walsh, story).values["csrf_token"])})
    assert (
        "Waea atu i te tuatahi" in walsh.open(f"/students/{story.students['aroha'].id}/concern", kind="hard_day").text
    )


def failed_to_ngaire(story: Story, concern: Concern) -> uuid.UUID:
    """The neutral line to Ngaire is refused by the carrier, and settled; its delivery."""
    assert concern.message_id is not None
    with story.work() as work:
        told = messages.written(work, [concern.message_id])[concern.message_id]
        [delivery] = [each for each in told.deliveries if each.contact_id == story.contacts["ngaire"].id]
        delivery.state, delivery.why = messages.State.FAILED, "not_in_service"
        work.session.flush()
        messages.settle(work)
        return delivery.id


def test_a_neutral_line_that_did_not_arrive_is_rung_or_sent_again_from_the_concern_and_the_queue(
    walsh: Visitor, story: Story, sign_in: SignIn, clock: Clock
) -> None:
    concern = raised(story, tell(walsh, story))
    clock.forward(minutes=5)
    failed_to_ngaire(story, concern)
    page = walsh.open(f"/concerns/{concern.id}")
    assert "The number is no longer in service. Ring them, or send the neutral line again." in page.text
    queue = walsh.open("/deliveries")
    assert "A concern about Aroha" in queue.text
    assert f"/concerns/{concern.id}" in queue.links
    # The office sends notices, too, but does not read concerns: it does not learn that there is one.
    assert "A concern" not in sign_in("jan").open("/deliveries").text


def test_a_neutral_line_is_sent_again_once_the_number_works_and_by_nobody_who_may_not_know(
    walsh: Visitor, story: Story, sign_in: SignIn, clock: Clock
) -> None:
    concern = raised(story, tell(walsh, story))
    clock.forward(minutes=5)
    path = f"/deliveries/{failed_to_ngaire(story, concern)}/again"
    with story.work("jan") as work:
        row = work.session.get_one(whanau.Contact, story.contacts["ngaire"].id)
        messages.change_ways(work, row, [(whanau.Channel.TEXT, "021 555 0188")])
    office = sign_in("jan")
    office.open("/deliveries")
    assert office.act(path).status == 404
    walsh.open(f"/concerns/{concern.id}")
    assert walsh.act(path, next=f"/concerns/{concern.id}").location == f"/concerns/{concern.id}"
    assert "Ring them, or send" not in walsh.open(f"/concerns/{concern.id}").text
