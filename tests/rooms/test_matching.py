"""Matching: whose words these are and which child they are about; where that is not sure, a person says it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations.matching import CONTEXT_LASTS, Ask, Candidate, How, Match, Parked, Sent, match

NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
NGAIRE, DAVE, HINE = (uuid.UUID(int=number) for number in (1, 2, 3))
AROHA, WI, HEMI = (uuid.UUID(int=number) for number in (11, 12, 13))
NAMES = {AROHA: ("Aroha", "Aroha Kereama"), WI: ("Wī", "Wiremu Kereama"), HEMI: ("Hēmi", "Hēmi Parata")}


def person(contact: uuid.UUID, *children: uuid.UUID, barred: Sequence[uuid.UUID] = ()) -> Candidate:
    own, closed = ({child: NAMES[child] for child in some} for some in (children, barred))
    return Candidate(contact, own, barred=closed)


def sent(contact: uuid.UUID | None, child: uuid.UUID | None, *, hours_ago: float = 1) -> Sent:
    return Sent(contact, child, NOW - timedelta(hours=hours_ago))


Found = tuple[uuid.UUID | None, tuple[uuid.UUID, ...]]
ASKED = "asked"


def to(contact: uuid.UUID | None, children: tuple[uuid.UUID, ...]) -> Found:
    return contact, children


def whose(words: str, candidates: Sequence[Candidate], context: Sequence[Sent] = ()) -> Found | Parked | str:
    """What matching says: from whom and about whom, why it is parked, or that the family is asked."""
    found = match(words, candidates, context, NOW)
    if isinstance(found, Match):
        return found.contact_id, found.student_ids
    return ASKED if isinstance(found, Ask) else found


SIBLINGS = [person(NGAIRE, AROHA, WI)]
COUPLE = [person(HINE, HEMI), person(DAVE, HEMI)]


@pytest.mark.parametrize(
    ("words", "candidates", "context", "found"),
    [
        # one person, one child
        ("Ka pai!", [person(NGAIRE, AROHA)], [], to(NGAIRE, (AROHA,))),
        ("", [person(NGAIRE, AROHA)], [], to(NGAIRE, (AROHA,))),
        ("😊", [person(NGAIRE, AROHA)], [sent(NGAIRE, AROHA, hours_ago=900)], to(NGAIRE, (AROHA,))),
        # nobody
        ("Hello", [], [], Parked.UNKNOWN_SENDER),
        ("Hello", [], [sent(NGAIRE, AROHA)], Parked.UNKNOWN_SENDER),
        # brothers and sisters
        ("Ka pai!", SIBLINGS, [], ASKED),
        ("Ka pai Aroha!", SIBLINGS, [], to(NGAIRE, (AROHA,))),
        ("ka pai wi", SIBLINGS, [], to(NGAIRE, (WI,))),
        ("Ka pai Wii", SIBLINGS, [], to(NGAIRE, (WI,))),
        ("Wiremu Kereama is sick today", SIBLINGS, [], to(NGAIRE, (WI,))),
        ("Aroha and Wī are home today", SIBLINGS, [], to(NGAIRE, (AROHA, WI))),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, WI)], to(NGAIRE, (WI,))),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, WI), sent(NGAIRE, AROHA, hours_ago=2)], ASKED),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, WI), sent(NGAIRE, AROHA, hours_ago=9)], to(NGAIRE, (WI,))),
        ("Ka pai Aroha!", SIBLINGS, [sent(NGAIRE, WI)], to(NGAIRE, (AROHA,))),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, WI, hours_ago=73)], ASKED),
        ("Ka pai!", SIBLINGS, [sent(NGAIRE, HEMI)], ASKED),
        ("Ka pai!", SIBLINGS, [sent(None, None)], ASKED),
        # a name inside another word is no name
        ("Wicked stuff", SIBLINGS, [], ASKED),
        # a shared phone
        ("Ka pai!", COUPLE, [], to(None, (HEMI,))),
        ("Ka pai Hemi", COUPLE, [], to(None, (HEMI,))),
        ("Ka pai!", COUPLE, [sent(HINE, HEMI)], to(HINE, (HEMI,))),
        ("Ka pai!", COUPLE, [sent(HINE, HEMI), sent(DAVE, HEMI)], to(None, (HEMI,))),
        ("Ka pai!", COUPLE, [sent(HINE, HEMI, hours_ago=100)], to(None, (HEMI,))),
        ("Ka pai!", COUPLE, [sent(NGAIRE, AROHA)], to(None, (HEMI,))),
        # two households on one phone
        ("Ka pai!", [person(NGAIRE, AROHA), person(HINE, HEMI)], [sent(HINE, HEMI)], to(HINE, (HEMI,))),
        ("Ka pai Hēmi", [person(NGAIRE, AROHA), person(HINE, HEMI)], [sent(HINE, HEMI)], to(HINE, (HEMI,))),
        ("Ka pai Aroha", [person(NGAIRE, AROHA), person(HINE, HEMI)], [sent(HINE, HEMI)], to(NGAIRE, (AROHA,))),
        ("Ka pai!", [person(NGAIRE, AROHA), person(HINE, HEMI)], [], Parked.WHICH_PERSON),
        # somebody who may hear of nobody
        ("Ka pai!", [person(DAVE)], [], Parked.NO_ACCESS),
        ("Ka pai!", [person(DAVE, barred=[AROHA])], [sent(DAVE, AROHA)], Parked.NO_ACCESS),
        # a limited contact of two children
        ("Ka pai!", [person(DAVE, WI, barred=[AROHA])], [], to(DAVE, (WI,))),
        ("Ka pai Wī!", [person(DAVE, WI, barred=[AROHA])], [], to(DAVE, (WI,))),
        ("Ka pai!", [person(DAVE, WI, barred=[AROHA])], [sent(DAVE, WI)], to(DAVE, (WI,))),
        ("How is Aroha?", [person(DAVE, WI, barred=[AROHA])], [sent(DAVE, WI)], Parked.NO_ACCESS),
        ("Aroha and Wī", [person(DAVE, WI, barred=[AROHA])], [], Parked.NO_ACCESS),
        # a limited contact on a shared phone
        ("Ka pai!", [person(HINE, HEMI), person(DAVE, barred=[HEMI])], [], Parked.WHICH_PERSON),
        ("Ka pai!", [person(HINE, HEMI), person(DAVE, barred=[HEMI])], [sent(HINE, HEMI)], Parked.WHICH_PERSON),
    ],
)
def test_words_find_their_place_or_a_person(
    words: str, candidates: Sequence[Candidate], context: Sequence[Sent], found: Found | Parked | str
) -> None:
    assert whose(words, candidates, context) == found


@pytest.mark.parametrize(
    "words", ["hēmi", "HĒMI", "Heemi", "hemi.", "(Hēmi)", "Hēmi's", "he\u0304mi", "mō Hēmi", "Hēmi-Parata", "#Hēmi"]
)
def test_a_name_is_known_in_any_spelling(words: str) -> None:
    assert whose(words, [person(NGAIRE, AROHA, HEMI)]) == to(NGAIRE, (HEMI,))


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
    found = match(words, people, context, NOW)
    if isinstance(found, Match | Ask):
        assert found.student_ids
        barred = {child for each in people for child in each.barred}
        assert not barred & {*found.student_ids}
        assert any({*found.student_ids} <= {*each.students} for each in people)


# names as they are typed


@pytest.mark.parametrize(
    ("words", "how"),
    [
        ("Aroha is sick", How.NAME),
        ("AROHA WONT BE IN", How.NAME),
        ("kei te māuiui a aroha", How.NAME),
        ("Arohha has a cold", How.NEAR_NAME),
        ("Arhoa has a cold", How.NEAR_NAME),
    ],
)
def test_how_sure_a_name_is_goes_with_the_words(words: str, how: How) -> None:
    assert match(words, SIBLINGS, [], NOW) == Match(NGAIRE, (AROHA,), how)


@pytest.mark.parametrize(
    "words",
    [
        "Aroha mai, running late",
        "Arohanui",
        "Me te aroha nui",
        "Thank you Whaea Aroha",
        "Thanks, both of us are so proud",
        "Aroha's brother is away",
        "Not Aroha",
        "her cousin Aroha is coming",
    ],
)
def test_a_name_that_is_not_the_childs_is_no_name(words: str) -> None:
    assert whose(words, SIBLINGS) == ASKED


@pytest.mark.parametrize(
    "words", ["Both are sick", "my kids are away today", "aku tamariki", "kei te māuiui rāua tokorua"]
)
def test_words_about_all_stand_in_every_log(words: str) -> None:
    assert whose(words, SIBLINGS) == to(NGAIRE, (AROHA, WI))


@pytest.mark.parametrize(
    "words", ["Wrong number", "who is this?", "new phone who dis", "I don't have any kids", "Kua hē te nama"]
)
def test_a_number_that_changed_hands_says_so_and_is_not_filed(words: str) -> None:
    assert whose(words, [person(NGAIRE, AROHA)], [sent(NGAIRE, AROHA)]) is Parked.CHANGED_HANDS


@pytest.mark.parametrize("words", ["Tama is sick", "This is Tama's mum", "Kei te māuiui a Tama"])
def test_somebody_elses_child_spoken_of_as_ones_own_waits_for_a_person(words: str) -> None:
    assert whose(words, [person(NGAIRE, AROHA)]) is Parked.OTHER_NAME


TRIO = [person(NGAIRE, AROHA, WI, HEMI)]


@pytest.mark.parametrize("words", ["the girls are with their nan", "my two are sick", "our boys had fun"])
def test_of_three_children_some_are_not_all(words: str) -> None:
    assert whose(words, TRIO) == ASKED


def test_an_everyday_word_beside_a_childs_name_is_a_name_as_well() -> None:
    assert whose("aroha and hemi hv nits", TRIO) == to(NGAIRE, (AROHA, HEMI))


@pytest.mark.parametrize("words", ["This isnt Ngaire its her flatmate", "ehara au i a Ngaire"])
def test_who_says_not_to_be_the_contact_is_not_filed(words: str) -> None:
    contact = Candidate(NGAIRE, {AROHA: ["Aroha Kereama"]}, name="Ngaire Kereama")
    assert whose(words, [contact]) is Parked.CHANGED_HANDS


def test_who_signs_with_a_childs_name_does_not_name_the_child() -> None:
    father = Candidate(DAVE, {HEMI: NAMES[HEMI], AROHA: NAMES[AROHA]}, name="Hēmi Parata")
    assert whose("Running late. Cheers, Hemi", [father]) == ASKED


def test_a_child_who_left_is_not_taken_for_the_one_who_is_here() -> None:
    nan = Candidate(NGAIRE, {WI: NAMES[WI]}, former={AROHA: NAMES[AROHA]})
    assert whose("Aroha misses you", [nan]) is Parked.LEFT
    assert whose("Thanks", [nan]) == to(NGAIRE, (WI,))


def test_the_class_that_is_named_says_which_of_two() -> None:
    nan = Candidate(NGAIRE, {AROHA: NAMES[AROHA], WI: NAMES[WI]}, rooms={AROHA: ["Room 7"], WI: ["Room 8"]})
    assert whose("Note for room 8: dentist at one", [nan]) == to(NGAIRE, (WI,))


def test_a_question_never_names_one_family_of_a_phone_to_the_other() -> None:
    assert whose("sick today", [person(NGAIRE, AROHA, WI), person(HINE, HEMI)]) is Parked.WHICH_PERSON


@given(st.text())
def test_whatever_is_typed_is_read(words: str) -> None:
    assert match(words, SIBLINGS, [], NOW) is not None


ZHANG = {AROHA: ("Xin Yi Zhang",), WI: ("Zihao Zhang",)}
FONUA = {AROHA: ("\u2018Ana Fonua",), WI: ("Sione Fonua", "Jay"), HEMI: ("Mele Fonua",)}
VOSS = {AROHA: ("Summer Voss",), WI: ("Hunter Voss",), HEMI: ("April Voss",)}
TUHORO = {AROHA: ("Hineahuone T\u016bhoro", "Hine"), WI: ("T\u0101whiri T\u016bhoro",)}


@pytest.mark.parametrize(
    ("words", "names", "about"),
    [
        ("Xinyi say thank you teacher", ZHANG, (AROHA,)),
        ("Xin Yi has no hat", ZHANG, (AROHA,)),
        ("zi hao will be late", ZHANG, (WI,)),
        ("jays home w me 2day", FONUA, (WI,)),
        ("Meli and Ana wont make the bus", FONUA, (AROHA, HEMI)),
        ("Ana & meli wont make the bus", FONUA, (AROHA, HEMI)),
        ("tell hunter its his nan today", VOSS, (WI,)),
        ("kua ngaro te p\u014dtae o hine", TUHORO, (AROHA,)),
        ("te p\u014dtae o te hine", TUHORO, ASKED),
        ("a hunter went by", VOSS, ASKED),
    ],
)
def test_a_name_is_known_however_its_words_are_spaced_joined_or_owned(
    words: str, names: dict[uuid.UUID, tuple[str, ...]], about: tuple[uuid.UUID, ...] | str
) -> None:
    found = match(words, [Candidate(NGAIRE, names)], [], NOW)
    assert (found.student_ids if isinstance(found, Match) else ASKED) == about


def test_who_is_to_be_told_something_is_somebody_also_a_child_the_writer_may_not_hear_of() -> None:
    father = Candidate(DAVE, {HEMI: VOSS[HEMI]}, barred={WI: VOSS[WI]})
    assert match("tell hunter i'll pick him up tonight", [father], [], NOW) is Parked.NO_ACCESS
