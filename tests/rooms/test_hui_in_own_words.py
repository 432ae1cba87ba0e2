"""How parents really answer: in their own words, in either language. Understood, or read by a person; never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge import meetings
from commsbridge.conversations import ReplyState
from commsbridge.meetings import HuiState, Welcome
from commsbridge.meetings.saying import has_nothing_to_say, read_option, read_yes
from commsbridge.tasks import TaskKind
from tests.rooms.gathering import Gathering

# Friday, Saturday, and the Wednesday that is the 2nd.
OFFERED = {1: date(2026, 11, 20), 2: date(2026, 11, 21), 3: date(2026, 12, 2)}


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2 pls", 2),
        ("2 works for us, see you then!", 2),
        ("No. 2", 2),
        ("hi um the second one would be good thank you", 2),
        ("the 1st one", 1),
        ("Fri works", 1),
        ("the saturday one thanks 😊", 2),
        ("the 21st suits us", 2),
        ("ka pai te tuarua", 2),
        ("Ko te mea tuatahi koa", 1),
        ("Rāhoroi", 2),
        ("āe, te Rāmere", 1),
        ("neither sorry", 0),
        ("can’t do any of them", 0),
        ("none of those days work for us sorry", 0),
        ("kāore he wā e pai ana", 0),
    ],
)
def test_a_time_is_chosen_by_number_weekday_or_day_in_either_language(words: str, number: int) -> None:
    assert read_option(words, OFFERED) == number


@pytest.mark.parametrize(
    "words",
    [
        "2?", "1 and 3 ok", "1 or 2", "2 but can nan come", "I can't do 2", "not Saturday", "Friday or Saturday",
        "at 3 works", "2pm", "the 2nd", "that one is good", "Thurs works", "Friday after 5", "sat is no good",
        "kāore e pai te 2", "āe", "👍", "sweet as", "", "Aroha is sick on Friday",
    ],
)  # fmt: skip
def test_what_could_be_meant_otherwise_chooses_no_time(words: str) -> None:
    assert read_option(words, OFFERED) is None


@pytest.mark.parametrize(
    ("words", "yes"),
    [
        ("yes", True), ("Yep", True), ("āe", True), ("Āe koa, mō Matua Matiu", True), ("yes please we would", True),
        ("no", False), ("Nah", False), ("kāo", False), ("No thank you", False), ("kāo, ehara a Matua Matiu", False),
        ("yes but not the psychologist", None), ("no not Mrs Leota", None), ("yes not him", None), ("yeah nah", None),
        ("no worries", None), ("who is that?", None), ("yes?", None), ("ok", None), ("ka pai", None), ("👍", None),
        ("👎", None), ("not sure", None), ("", None),
    ],
)  # fmt: skip
def test_only_a_plain_yes_or_no_is_one(words: str, *, yes: bool | None) -> None:
    assert read_yes(words, named="Matua Matiu") is yes


@given(st.text(max_size=80))
def test_nothing_that_is_typed_chooses_a_time_with_a_question_mark_or_breaks_the_reading(words: str) -> None:
    assert read_option(f"{words}?", OFFERED) is None
    assert read_yes(f"{words}?") is None
    assert read_option(words, OFFERED) in {None, *range(100)}
    assert has_nothing_to_say(words) in {True, False}


def welcomes(gathering: Gathering, hui_id: object) -> list[Welcome]:
    with gathering.work() as work:
        return [each.answer for each in meetings.people_of(work, work.session.get_one(meetings.Hui, hui_id))]


@pytest.mark.parametrize(
    ("words", "welcome"),
    [("āe", Welcome.YES), ("Yes please", Welcome.YES), ("kāo", Welcome.NO), ("Kāo, ehara a Matua Matiu", Welcome.NO)],
)
def test_yes_and_no_say_who_is_there(gathering: Gathering, words: str, welcome: Welcome) -> None:
    hui_id = gathering.open()
    gathering.propose(hui_id, "matiu")
    gathering.invite(hui_id)
    gathering.says("1")
    assert gathering.says(words).state is ReplyState.COMMAND
    assert welcomes(gathering, hui_id) == [welcome]
    assert "Kaitakawaenga" in gathering.told("ngaire")[-1]


@pytest.mark.parametrize("words", ["👍", "ok", "yes but not the psychologist", "what does he do?", "ka pai"])
def test_what_is_no_plain_answer_reaches_a_person_and_the_question_stays_open(gathering: Gathering, words: str) -> None:
    hui_id = gathering.open()
    gathering.propose(hui_id, "matiu")
    gathering.invite(hui_id)
    gathering.says("1")
    assert gathering.says(words).state in {ReplyState.PARKED, ReplyState.ASKED, ReplyState.FILED}
    assert welcomes(gathering, hui_id) == [Welcome.WAITING]
    gathering.says("no")
    assert welcomes(gathering, hui_id) == [Welcome.NO]


def test_a_yes_that_is_sent_twice_says_nothing_of_the_next_person(gathering: Gathering) -> None:
    hui_id = gathering.open()
    for each in ("matiu", "leota"):
        gathering.propose(hui_id, each)
    gathering.invite(hui_id)
    gathering.says("1")
    gathering.says("Āe")
    assert gathering.says("āe ").state is not ReplyState.COMMAND
    assert welcomes(gathering, hui_id).count(Welcome.WAITING) == 1
    gathering.posting.clock.forward(minutes=3)
    gathering.says("āe")
    assert welcomes(gathering, hui_id) == [Welcome.YES, Welcome.YES]


def test_a_yes_after_good_news_came_is_said_to_that(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.propose(hui_id, "matiu")
    gathering.invite(hui_id)
    gathering.says("1")
    gathering.posting.clock.forward(minutes=20)
    gathering.posting.no_quiet_hours()
    gathering.posting.praise(child="aroha")
    gathering.posting.clock.forward(minutes=20)
    gathering.posting.settle()
    for delivery in gathering.posting.all_to("ngaire"):
        if delivery.state.value in {"queued", "held"}:
            gathering.posting.gone(delivery)
    assert gathering.says("yes").state is not ReplyState.COMMAND
    assert welcomes(gathering, hui_id) == [Welcome.WAITING]
    gathering.says(gathering.number("Āe"))
    assert welcomes(gathering, hui_id) == [Welcome.YES]


def test_nothing_to_say_is_not_read_out_at_the_hui_and_neither_is_a_picture(gathering: Gathering) -> None:
    hui_id = gathering.set_up(by_text=True)
    gathering.says("no")  # no Kaitakawaenga
    gathering.says("👍 Aroha")
    gathering.posting.clock.forward(minutes=3)
    gathering.says("nothing thanks")
    assert "kaiwhakamāori" in gathering.told("ngaire")[-1]
    with gathering.work() as work:
        voices = meetings.voices_for(work, work.session.get_one(meetings.Hui, hui_id), home=True)
        assert [each.words for each in voices] in ([], ["👍 Aroha"])


def test_a_day_on_offer_sets_the_time_and_neither_asks_for_others(gathering: Gathering) -> None:
    hui_id = gathering.open()
    gathering.invite(hui_id)  # Friday, Saturday, Sunday
    assert gathering.says("neither sorry").state is ReplyState.COMMAND
    assert len(gathering.tasks_of("walsh", TaskKind.HUI_TIMES)) == 1
    assert gathering.says("actually saturday").state is not ReplyState.COMMAND
    gathering.says("Rāhoroi koa")
    hui = gathering.hui(hui_id)
    assert (hui.state, hui.begins_at) == (HuiState.SET, gathering.times((4,))[0])
