"""Whānau voice at the doors: leaders turn it on and hear figures, families say yes and answer on their own page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from commsbridge import messages, pulse, whanau
from commsbridge.messages import MessageKind
from commsbridge.pulse import PulseAnswer
from commsbridge.whanau import Asked
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import Home, choices, come_in, press, send_home
from tests.doors.pages import PUBLIC_URL
from tests.rooms.posting import Posting
from tests.story import Story

EARLY = datetime(2026, 10, 19, 21, tzinfo=UTC)


@pytest.fixture
def asked(story: Story, clock: Clock) -> Home:
    """Dave has been asked by mail; his link is that mail's."""
    clock.now = EARLY
    home = send_home(story)
    with story.work("burns") as work:
        messages.set_wishes(work, story.contacts["dave"].id, Asked(questions=True), evidence="staff")
        pulse.begin(work)
        going = pulse.standing_of(work).going
    assert going is not None
    clock.now = going.at
    with story.work() as work:
        assert pulse.send_due(work, links=story.runtime.links) == 1
    [mail] = Posting(story, clock).all_to("dave", MessageKind.PULSE)
    link = re.search(rf"{PUBLIC_URL}(/w/[\w-]+)", mail.body)
    assert link is not None
    return Home(home.book, {"dave": link[1]}, {})


def scores(story: Story) -> set[tuple[str, int]]:
    with story.work() as work:
        return {(row.question, row.score) for row in work.session.scalars(select(PulseAnswer))}


def test_a_home_answers_on_its_own_page_once(story: Story, device: Device, asked: Home) -> None:
    dave = device()
    page = come_in(story, dave, asked, "dave")
    assert "Two questions from school" in page.text
    press(dave, page, "/voice", leadership="4")
    page = dave.follow()
    assert "Your answer is counted with those of others." in page.text
    assert "Do the school’s leaders" not in page.text
    for said in ("9", "", "4; DROP"):
        press(dave, page, "/voice", valued=said)
        page = dave.follow()
    assert scores(story) == {("leadership", 4)}


def test_whoever_has_not_proved_the_device_answers_nothing(story: Story, device: Device, asked: Home) -> None:
    stranger = device()
    page = stranger.open(asked.links["dave"])
    assert "Two questions from school" not in page.text
    token = next(form.values["csrf_token"] for form in page.forms if "csrf_token" in form.values)
    assert stranger.post(asked.links["dave"] + "/voice", {"csrf_token": token, "leadership": "1"}).status == 302
    assert scores(story) == set()


def test_a_family_says_yes_on_its_own_page_and_no_again(story: Story, device: Device) -> None:
    home = send_home(story)
    ngaire = device()
    come_in(story, ngaire, home, "ngaire")

    def says() -> bool:
        with story.work() as work:
            contact = story.contacts["ngaire"].id
            return whanau.wishes_of(work, [contact])[contact].questions

    for yes in (True, False):
        page = choices(ngaire, home, "ngaire")
        form = next(each for each in page.forms if "hears" in each.values or "weekend" in each.values)
        ngaire.send(form, ("act", "wishes"), **({"questions": "yes"} if yes else {"questions": ""}))
        assert says() is yes
    with story.work() as work:
        kinds = [entry.kind for entry in whanau.ledger_of(work, story.contacts["ngaire"].id) if entry.wish]
    assert set(kinds) == {whanau.ConsentKind.WISH, whanau.ConsentKind.WISH_ENDED}


def test_the_office_writes_a_yes_down_and_the_ledger_says_so(sign_in: SignIn, story: Story) -> None:
    jan, hine = sign_in("jan"), story.contacts["hine"].id
    page = jan.open(f"/contacts/{hine}/wishes")
    jan.send(page.form(f"/contacts/{hine}/wishes"), questions="yes")
    assert "Asked for: Two short questions a term." in jan.follow().text


def test_a_leader_turns_it_on_sees_when_it_goes_and_stops_it(sign_in: SignIn, story: Story, clock: Clock) -> None:
    clock.now = EARLY
    leader = sign_in("burns")
    page = leader.open("/reports/voice")
    assert "Nobody is asked now." in page.text
    leader.act("/reports/voice", act="begin")
    page = leader.follow()
    assert re.search(r"The next two questions go on .* Nov", page.text)
    assert "Do the school’s leaders show that they want to work with whānau?" in page.text
    leader.act("/reports/voice", act="end")
    assert "Nobody is asked now." in leader.follow().text


def test_where_no_term_is_known_beginning_is_refused_in_words(sign_in: SignIn, story: Story, clock: Clock) -> None:
    leader = sign_in("burns")
    leader.open("/reports/voice")
    clock.now += timedelta(days=5000)
    leader = sign_in("burns")
    leader.open("/reports/voice")
    page = leader.act("/reports/voice", act="begin")
    assert page.status == 400
    assert "We do not know the days of the next term yet." in page.text


@pytest.mark.parametrize("who", ["walsh", "leota", "jan", "kiri"])
def test_nobody_but_leaders_hears_what_homes_said(sign_in: SignIn, story: Story, who: str) -> None:
    somebody = sign_in(who)
    for path in ("/reports/voice", "/reports/take/voice.csv"):
        assert somebody.open(path).status == 403
    if who == "leota":
        assert "What whānau say" not in somebody.open("/reports").text
        assert b'"voice": []' in somebody.client.get("/reports/take/report.json").data


def test_a_leader_finds_the_figures_in_the_report_and_takes_them_away(
    sign_in: SignIn, asked: Home, clock: Clock
) -> None:
    clock.forward(days=20)
    leader = sign_in("burns")
    page = leader.open("/reports")
    assert "What whānau say" in page.text
    assert "too few to show" in page.text
    rows = leader.client.get("/reports/take/voice.csv").data.decode("utf-8-sig").splitlines()
    assert rows[0] == "term_on,told_on,question,asked,answered,language,score,answers"
    assert len(rows) == 3
