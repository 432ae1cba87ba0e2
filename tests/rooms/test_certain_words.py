"""Certain words: what is said outright is urgent whatever stands around it, and only what a pardon covers is not."""

from __future__ import annotations

import csv

import pytest

from commsbridge.conversations.safety import Screened, screen
from commsbridge.conversations.safety.screening import TABLE, certain, is_urgent, said

# Cheerful everyday words without a stop, as people text them: nothing in them is urgent.
CHEERFUL = (
    "hi miss thank you so much for the lovely photo of the kapa haka group we all loved it nan has it on the fridge",
    "see you on friday for the gala we are bringing lamingtons and sausages and the whole whanau is coming ka kite",
)
OUTRIGHT = {
    "self_harm": (
        "he said he is going to kill himself after school",
        "she tried to hang herself",
        "my son doesnt want to be alive",
        "she took all the panadol last nite",
        "I have been cutting myself",
        "he tlkd bout killin himself",
        "Kua kōrero ia mō te whakamomori",
        "Kei te pīrangi ia ki te mate",
    ),
    "harm": (
        "my dad punched me in the face last night",
        "mums bf choked me again",
        "he hits us with the belt",
        "dad gave me a hiding",
        "im scared 2 go home",
        "I patua ia e tōna matua",
        "Ka patu taku pāpā i ahau",
    ),
    "home_violence": ("stepdad bashed mum", "he had his hands round my throat", "he broke the protection order"),
    "sexual_harm": (
        "my uncle touched my privates",
        "he wants her to send nudes",
        "she was raped",
        "I pāngia e ia ōku wāhi tapu",
    ),
    "missing": ("our daughter is missing", "the police are looking for him", "Kua ngaro taku tamaiti"),
    "neglect": ("there is no food in the house", "they are left alone all night", "i cant wake mum up"),
    "threat": ("he brought a knife to school", "im going to shoot everyone", "he will burn down the school"),
}
# What sounds like it and is not: no certain row takes it (the rules and how the words lean may still think of it).
ALIKE = (
    "dad beat me at uno again",
    "he hits me for six every time",
    "mum hits me up for lollies",
    "Dad kicked me the ball and I scored",
    "nan gave me a hiding at cards",
    "koro gave them a good hiding at table tennis",
    "Nan smacks her lips when she eats pudding",
    "mum gave him the strap for the bag",
    "In the book the stepdad hits the boy every night, is that all right for year 4?",
    "She wants to die her hair blue",
    "she wanted to be dead in the school play",
    "he wanted to kill himself laughing",
    "he took all his tablets to camp",
    "he overdosed on lollies",
    "hes cutting himself a slice",
    "scared to go home in the dark",
    "my son is missing his hat",
    "our boy is missing two teeth",
    "brought a knife to school for the cooking class",
    "they will blow up the school balloons",
    "going to shoot the school photos on Monday",
    "the kids are going to kill that teacher with kindness",
    "dad hit mum with a snowball",
    "there is no food in the house lol we had pizza",
    "kua ngaro te pōtae o taku tamaiti",
    "I patua e te matua i te chess",
    "E pīrangi ana au ki te mate wai",
)


@pytest.mark.parametrize("category", OUTRIGHT)
def test_what_is_said_outright_cannot_be_outweighed_by_cheerful_words(category: str) -> None:
    before, after = CHEERFUL
    for words in OUTRIGHT[category]:
        for written in (words, words.upper(), f"{before} {words} {after}", f"{before} {before} {words}"):
            found = screen(written)
            assert found.says is Screened.URGENT, written
            assert found.because in said(words.upper()), written


def test_cheerful_words_alone_are_clear() -> None:
    assert [screen(each).says for each in (*CHEERFUL, " ".join(CHEERFUL))] == [Screened.CLEAR] * 3


def test_however_everyday_the_words_lean_what_is_certain_does_not_ask_them() -> None:
    words = "my dad punched me in the face last night"
    assert certain(said(words))
    assert not is_urgent(-50.0, found=True)
    assert screen(f"{' '.join(CHEERFUL * 20)} {words}").says is Screened.URGENT


@pytest.mark.parametrize("words", ALIKE)
def test_what_only_sounds_like_it_is_not_certain(words: str) -> None:
    assert certain(said(words)) == ""


def test_every_certain_row_says_where_it_comes_from_and_each_category_has_one_in_english() -> None:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    reason, rows = "", []
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True):
        reason = row["reason"] or reason
        if row["row"] == "certain":
            rows.append((row["category"], row["lang"], reason))
    assert {category for category, lang, _ in rows if lang == "en"} == set(OUTRIGHT)
    assert {category for category, lang, _ in rows if lang == "mi"} >= {"harm", "self_harm", "sexual_harm", "missing"}
    assert all(len(reason) > 20 and not reason.startswith("A look-alike") for *_, reason in rows)


def test_a_wall_in_te_reo_is_no_blow() -> None:
    assert screen("Kua whakairia tana mahi ki te pātū.").says is Screened.CLEAR
    assert "pakitara" in said("KI TE PĀTŪ")
    assert screen("I patua au e taku pāpā.").says is Screened.URGENT
