"""Matching: whose words these are and which child they are about; where that is not sure, a person says it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations.matching import CONTEXT_LASTS, Candidate, Match, Parked, Sent, match

NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
NGAIRE, DAVE, HINE = (uuid.UUID(int=number) for number in (1, 2, 3))
AROHA, WI, HEMI = (uuid.UUID(int=number) for number in (11, 12, 13))
NAMES = {AROHA: ("Aroha", "Aroha Kereama"), WI: ("Wī", "Wiremu Kereama"), HEMI: ("Hēmi", "Hēmi Parata")}


def person(contact: uuid.UUID, *children: uuid.UUID, barred: Sequence[uuid.UUID] = ()) -> Candidate:
    return Candidate(contact, {child: NAMES[child] for child in children}, barred=[NAMES[child] for child in barred])


def sent(contact: uuid.UUID | None, child: uuid.UUID | None, *, hours_ago: float = 1) -> Sent:
    return Sent(contact, child, NOW - timedelta(hours=hours_ago))


def whose(words: str, candidates: Sequence[Candidate], context: Sequence[Sent] = ()) -> Match | Parked:
    return match(words, candidates, context, NOW)


SIBLINGS = [person(NGAIRE, AROHA, WI)]
COUPLE = [person(HINE, HEMI), person(DAVE, HEMI)]


@pytest.mark.parametrize(
    ("words", "candidates", "context", "found"),
    [
        # one person, one child
        ("Ka pai!", [person(NGAIRE, AROHA)], [], Match(NGAIRE, (AROHA,))),
        ("", [person(NGAIRE, AROHA)], [], Match(NGAIRE, (AROHA,))),
        ("😊", [person(NGAIRE, AROHA)], [sent(NGAIRE, AROHA, hours_ago=900)], Match(NGAIRE, (AROHA,))),
        # nobody
        ("Hello", [], [], Parked.UNKNOWN_SENDER),
        ("Hello", [], [sent(NGAIRE, AROHA)], Parked.UNKNOWN_SENDER),
        # brothers and sisters
        ("Ka pai!", SIBLINGS, [], Parked.WHICH_CHILD),
        ("Ka pai Aroha!", SIBLINGS, [], Match(NGAIRE, (AROHA,))),
        ("ka pai wi", SIBLINGS, [], Match(NGAIRE, (WI,))),
        ("Ka pai Wii", SIBLINGS, [], Match(NGAIRE, (WI,))),
        ("Wiremu Kereama is sick today", SIBLINGS, [], Match(NGAIRE, (WI,))),
        ("Aroha and Wī are home today", SIBLINGS, [], Match(NGAIRE, (AROHA, WI))),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, WI)], Match(NGAIRE, (WI,))),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, WI), sent(NGAIRE, AROHA)], Parked.WHICH_CHILD),
        ("Ka pai Aroha!", SIBLINGS, [sent(NGAIRE, WI)], Match(NGAIRE, (AROHA,))),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, WI, hours_ago=73)], Parked.WHICH_CHILD),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, HEMI)], Parked.WHICH_CHILD),
        ("Ka pai!", SIBLINGS, [sent(None, None)], Parked.WHICH_CHILD),
        # a name inside another word is no name
        ("Wicked stuff", SIBLINGS, [], Parked.WHICH_CHILD),
        # a shared phone
        ("Ka pai!", COUPLE, [], Parked.WHICH_PERSON),
        ("Ka pai Hemi", COUPLE, [], Parked.WHICH_PERSON),
        ("Ka pai!", COUPLE, [sent(HINE, HEMI)], Match(HINE, (HEMI,))),
        ("Ka pai!", COUPLE, [sent(HINE, HEMI), sent(DAVE, HEMI)], Parked.WHICH_PERSON),
        ("Ka pai!", COUPLE, [sent(HINE, HEMI, hours_ago=100)], Parked.WHICH_PERSON),
        ("Ka pai!", COUPLE, [sent(NGAIRE, AROHA)], Parked.WHICH_PERSON),
        # two households on one phone
        ("Ka pai!", [person(NGAIRE, AROHA), person(HINE, HEMI)], [sent(HINE, HEMI)], Match(HINE, (HEMI,))),
        ("Ka pai Hēmi", [person(NGAIRE, AROHA), person(HINE, HEMI)], [sent(HINE, HEMI)], Match(HINE, (HEMI,))),
        ("Ka pai Aroha", [person(NGAIRE, AROHA), person(HINE, HEMI)], [sent(HINE, HEMI)], Parked.WHICH_PERSON),
        # somebody who may hear of nobody
        ("Ka pai!", [person(DAVE)], [], Parked.NO_ACCESS),
        ("Ka pai!", [person(DAVE, barred=[AROHA])], [sent(DAVE, AROHA)], Parked.NO_ACCESS),
        # a limited contact of two children
        ("Ka pai!", [person(DAVE, WI, barred=[AROHA])], [], Parked.WHICH_CHILD),
        ("Ka pai Wī!", [person(DAVE, WI, barred=[AROHA])], [], Match(DAVE, (WI,))),
        ("Ka pai!", [person(DAVE, WI, barred=[AROHA])], [sent(DAVE, WI)], Match(DAVE, (WI,))),
        ("How is Aroha?", [person(DAVE, WI, barred=[AROHA])], [sent(DAVE, WI)], Parked.NO_ACCESS),
        ("Aroha and Wī", [person(DAVE, WI, barred=[AROHA])], [], Parked.NO_ACCESS),
        # a limited contact on a shared phone
        ("Ka pai!", [person(HINE, HEMI), person(DAVE, barred=[HEMI])], [], Parked.WHICH_PERSON),
        ("Ka pai!", [person(HINE, HEMI), person(DAVE, barred=[HEMI])], [sent(HINE, HEMI)], Match(HINE, (HEMI,))),
    ],
)
def test_words_find_their_place_or_a_person(
    words: str, candidates: Sequence[Candidate], context: Sequence[Sent], found: Match | Parked
) -> None:
    assert whose(words, candidates, context) == found


@pytest.mark.parametrize(
    "words", ["hēmi", "HĒMI", "Heemi", "hemi.", "(Hēmi)", "Hēmi's", "he\u0304mi", "mō Hēmi", "Hēmi-Parata", "#Hēmi"]
)
def test_a_name_is_known_in_any_spelling(words: str) -> None:
    assert whose(words, [person(NGAIRE, AROHA, HEMI)]) == Match(NGAIRE, (HEMI,))


candidates = st.lists(
    st.builds(
        person,
        st.sampled_from([NGAIRE, DAVE, HINE]),
        st.sampled_from([AROHA, WI, HEMI]),
        barred=st.lists(st.sampled_from([AROHA, WI, HEMI]), max_size=1),
    ),
    max_size=3,
)
contexts = st.lists(
    st.builds(
        Sent,
        st.none() | st.sampled_from([NGAIRE, DAVE, HINE]),
        st.none() | st.sampled_from([AROHA, WI, HEMI]),
        st.timedeltas(timedelta(0), 2 * CONTEXT_LASTS).map(lambda ago: NOW - ago),
    ),
    max_size=4,
)


@given(st.text() | st.sampled_from(["Ka pai Aroha", "Wi and Hemi"]), candidates, contexts)
def test_nothing_is_ever_filed_with_a_child_its_writer_may_not_hear_of(
    words: str, people: list[Candidate], context: list[Sent]
) -> None:
    found = whose(words, people, context)
    if isinstance(found, Match):
        assert found.student_ids
        allowed = [each for each in people if each.contact_id == found.contact_id]
        assert any(set(found.student_ids) <= set(each.students) for each in allowed)
