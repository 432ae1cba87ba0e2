"""Slips and names: whom words name when they are mistyped, cut short, a verb, a signature; and robots' answers."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from commsbridge.conversations.matching import Ask, Candidate, Match, Sent, match
from commsbridge.conversations.robots import sent_by_itself

NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
PARENT = uuid.UUID(int=1)


def whom(words: str, *names: str, told_of: tuple[str, ...] = (), writer: str = "Ana Lo") -> str:
    """The first names that ``words`` are filed with, of a family of ``names``; "ask" where they are asked."""
    children = {uuid.uuid5(uuid.NAMESPACE_URL, name): (name.split()[0], name) for name in names}
    ids = {called[0]: child for child, called in children.items()}
    sent = [Sent(PARENT, ids[name], NOW - timedelta(minutes=9 - at), name) for at, name in enumerate(told_of)]
    found = match(words, [Candidate(PARENT, children, name=writer)], sent, NOW)
    if isinstance(found, Match):
        return " ".join(children[child][0] for child in found.student_ids)
    return "ask" if isinstance(found, Ask) else str(found)


@pytest.mark.parametrize(
    ("words", "names", "about"),
    [
        ("jadyn forgot his lunch", ("Jayden Lo", "Tegan Lo"), "Jayden"),
        ("Miaa is away today", ("Mia Lo", "Maia Lo"), "ask"),
        ("Miaa is away today", ("Mia Lo", "Zoe Lo"), "Mia"),
        ("Maaka is away today", ("Maaka Lo", "Mara Lo"), "Maaka"),
        ("Can Ari go home with Nana", ("Aria Lo", "Ariana Lo"), "ask"),
        ("Dear teacher, Lily have fever", ("Wei Lo", "Lily Lo"), "Lily"),
        ("hi miss tama is away today", ("Tama Lo", "Lily Lo"), "Tama"),
        ("Hi Matua Tama is he away", ("Tama Lo", "Lily Lo"), "ask"),
    ],
)
def test_a_name_mistyped_cut_short_or_after_a_greeting_is_read_unless_it_may_be_a_siblings(
    words: str, names: tuple[str, ...], about: str
) -> None:
    assert whom(words, *names) == about


@pytest.mark.parametrize(
    ("words", "names", "about"),
    [
        ("Will parents be able to come and watch?", ("Will Lo", "Edie Lo"), "Edie"),
        ("Will forgot his hat", ("Will Lo", "Edie Lo"), "Will"),
        ("Will might be late", ("Will Lo", "Edie Lo"), "ask"),
        ("May his sister come too", ("May Lo", "Edie Lo"), "Edie"),
        ("No dairy for her please", ("Daisy Lo", "Edie Lo"), "Edie"),
        ("the login doesnt work", ("Logan Lo", "Edie Lo"), "Edie"),
        ("Tino pai tana mahi", ("Tane Lo", "Edie Lo"), "Edie"),
        ("Her uncle, Tama, will pick her up", ("Tama Lo", "Edie Lo"), "Edie"),
    ],
)
def test_a_word_that_is_a_verb_or_a_thing_names_no_child(words: str, names: tuple[str, ...], about: str) -> None:
    assert whom(words, *names, told_of=("Edie",)) == about


def test_a_signature_of_one_who_is_called_as_their_child_is_no_child_named() -> None:
    family = ("Tama Rewi", "Lily Rewi")
    signed = "So good to hear\n\nTama Rewi\nSite Manager\nPh 07 555 0199"
    assert whom(signed, *family, told_of=("Lily",), writer="Tama Rewi") == "Lily"
    assert whom("Tama is sick\nTama Rewi", *family, told_of=("Lily",), writer="Tama Rewi") == "Tama"


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("Thanks for both messages", "Losa Tevita"),
        ("So proud, lovely to get two texts", "Losa Tevita"),
        ("Ngā mihi mō ngā karere e rua", "Losa Tevita"),
        ("Thank you both", "ask"),
    ],
)
def test_thanks_for_two_messages_are_about_the_two_they_told_of(words: str, about: str) -> None:
    assert whom(words, "Losa Vea", "Tevita Vea", "Ana Vea", told_of=("Losa", "Tevita")) == about


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("Automatic reply: I am on annual leave until 3 August.", None),
        ("I am away.", "Automatic reply: News from school"),
        ("Out of office: back on Monday", None),
        ("I’m driving with Do Not Disturb turned on.", None),
        ("I am currently out of the office with limited access to emails.", "Re: News"),
        ("I'm on parental leave. If urgent please contact the front desk.", None),
    ],
)
def test_an_answer_that_a_machine_wrote_is_known_by_its_words(words: str, subject: str | None) -> None:
    assert sent_by_itself(words, subject=subject)


@pytest.mark.parametrize(
    "words",
    [
        "I am on annual leave this week so I can help at the gala",
        "I'm driving him in today, we will be late",
        "I will be out of the office by two, see you then",
        "Is this an automatic reply",
        "If it's urgent please ring his nan, I'm in a meeting",
        "",
    ],
)
def test_who_tells_of_leave_or_driving_has_written_themselves(words: str) -> None:
    assert not sent_by_itself(words, subject="Re: News from school")
