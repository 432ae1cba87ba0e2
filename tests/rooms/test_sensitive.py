"""Questions about own words: other children, health, toileting and behaviour are seen, look-alikes left alone."""

from __future__ import annotations

import csv
import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.language import Language
from commsbridge.foundation.segments import tidy
from commsbridge.messages.naming import common_word_names
from commsbridge.messages.sensitive import Choice, Matter, Question, questions_for

CLASSMATES = ["Sam", "Grace", "Will", "Hope", "Mark", "May", "Hēmi", "Te Rina", "Anna-Lee", "Moana"]
CLASSMATES += ["Rose", "Jo", "Manu", "Summer", "Jack"]
OTHERS = {uuid.uuid5(uuid.NAMESPACE_URL, name): [name] for name in CLASSMATES}
LABELLED = Path(__file__).parents[1] / "labelled" / "sensitive.tsv"


def ask(words: str, child: str = "Aroha") -> list[Question]:
    return questions_for(words, child_names=[child], other_children=OTHERS)


def labelled() -> list[dict[str, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_innocent_sentences_raise_at_most_two_questions_in_a_hundred() -> None:
    innocent = [row["text"] for row in labelled() if row["label"] == "ok"]
    raised = [text for text in innocent if ask(text)]
    assert len(innocent) >= 120
    assert len(raised) <= 0.02 * len(innocent), raised


@pytest.mark.parametrize("matter", Matter)
def test_sentences_about_a_matter_are_asked_about(matter: Matter) -> None:
    about = [row["text"] for row in labelled() if matter.value in row["label"].split(",")]
    missed = [text for text in about if matter not in {question.matter for question in ask(text)}]
    assert len(about) >= 12
    assert len(missed) <= 0.05 * len(about), missed


def test_a_sentence_about_one_matter_is_not_asked_about_for_another() -> None:
    rows = [row for row in labelled() if row["label"] != "ok"]
    strayed = [row["text"] for row in rows if {q.matter.value for q in ask(row["text"])} - set(row["label"].split(","))]
    assert strayed == []


def test_a_question_holds_the_writers_own_words_and_the_children_they_name() -> None:
    (question,) = ask("Aroha helped HEMI, and then Hēmi’s group.")
    assert question == Question(Matter.OTHER_CHILD, ("HEMI", "Hēmi’s"), (uuid.uuid5(uuid.NAMESPACE_URL, "Hēmi"),))


def test_one_sentence_can_raise_several_questions_one_a_matter() -> None:
    questions = ask("Aroha was sick, hit Sam and had a toilet accident.")
    assert [question.matter for question in questions] == [
        Matter.OTHER_CHILD,
        Matter.HEALTH,
        Matter.TOILETING,
        Matter.BEHAVIOUR,
    ]
    assert questions[3].words == ("hit Sam",)


def test_the_child_it_is_about_is_never_another_child() -> None:
    others = {uuid.uuid4(): ["Aroha"], uuid.uuid4(): ["Mere"]}
    assert questions_for("Aroha Mere sang.", child_names=["Aroha", "Aroha Mere"], other_children=others) == []


def test_two_children_of_one_name_are_both_given() -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    (question,) = questions_for(
        "Aroha sang with Sina.", child_names=["Aroha"], other_children={first: ["Sina"], second: ["sina"]}
    )
    assert question.children == (first, second)


def test_a_name_of_several_words_counts_only_whole() -> None:
    assert [q.words for q in ask("She sat with te rina today.")] == [("te rina",)]
    assert ask("I kite a Aroha i te awa.") == []
    assert ask("She wrote to Rina.") == []


def test_part_of_a_hyphenated_name_is_another_name() -> None:
    assert ask("She sat with Sam-Louis.") == []
    assert [q.words for q in ask("She sat with anna-lee.")] == [("anna-lee",)]


def test_a_grown_up_with_a_title_is_not_a_child() -> None:
    assert ask("Aroha thanked Mr Sam and Whaea Moana.") == []


def test_macrons_and_composition_do_not_matter() -> None:
    assert ask("She sat with He\u0304mi.")[0].words == ("H\u0113mi",)


def test_common_word_names_are_written_folded_and_once() -> None:
    path = Path(__file__).parents[2] / "commsbridge" / "messages" / "data" / "common_word_names.txt"
    names = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(names) == len(set(names)) == len(common_word_names())
    assert all(name.isascii() and name.islower() for name in names)


def test_a_link_comes_first_but_not_for_another_childs_name() -> None:
    assert ask("She was sick.")[0].choices == (Choice.LINK, Choice.CHANGE)
    assert ask("She read to Sam.")[0].choices == (Choice.CHANGE, Choice.LINK)


def test_a_question_is_said_in_the_writers_language_and_names_the_words() -> None:
    (question,) = ask("She was sick and had nits.")
    assert question.said(Language.EN) == (
        "This may be about somebody’s health: “sick” and “nits”. Send it as a link, or change the words?"
    )
    assert question.said(Language.MI) == (
        "He kōrero pea tēnei mō te hauora: “sick” me “nits”. Me tuku hei hono, me huri rānei ngā kupu?"
    )


@pytest.mark.parametrize("words", ["", "   ", "!!!", "😀", "مرحبا", "\0", "12 34"])
def test_words_that_say_nothing_raise_nothing(words: str) -> None:
    assert ask(words) == []


@given(st.text(max_size=400), st.sampled_from(["", " She was sick. ", " with Sam ", " hit her "]))
def test_whatever_is_typed_only_the_writers_own_words_come_back(noise: str, told: str) -> None:
    words = noise + told + noise
    clean = tidy(words)
    for question in ask(words):
        assert question.words
        assert all(word in clean for word in question.words)


@given(st.text(alphabet="Gracewil ,.and’s-", max_size=60))
def test_names_in_any_mixture_of_marks_are_read_without_fault(words: str) -> None:
    assert all(question.words for question in ask(words))
