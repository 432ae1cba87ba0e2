"""Threats to those who read them, and what is none: anger, sorrow, fear, jokes and what others said."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations.threats import TABLE, threatens

THREATS = (
    "I will kill you all",
    "im gonna kill u",
    "I will fucking smash you",
    "I'll smash ya face in",
    "gna bash that teacher, i will bash that teacher",
    "come near my kid again & ill knock u out",
    "Ill come down there n sort u out",
    "ur dead",
    "You’re dead meat.",
    "Mr Walsh is dead",
    "Watch your back.",
    "I know where you live",
    "i know what car u drive",
    "i will burn that school down",
    "Ill burn down the school",
    "someone is going to get hurt if you ring me again",
    "wait till i get my hands on that teacher",
    "I hope you die",
    "go kill yourself you stupid cow",
    "my brothers are going to bash you",
    "you better hide",
    "im coming for you",
    "If you touch him again I will stab you",
    "ima slit ur throat",
    "ill break your legs",
    "Ka patu ahau i a koe",
    "ka mate koe i ahau",
    "Ka tahu au i te kura",
)
NONE = (
    # anger, complaint, swearing: a family's own, and no threat
    "I am so angry with you",
    "This is bloody ridiculous, I am furious",
    "fuck you all",
    "You lot are useless. I'm going to the Board and the Ministry.",
    "you will regret this, my lawyer will be in touch",
    "you'll be sorry you ever rang them",
    "I'm coming in tomorrow to have it out with the principal",
    "I'm coming down there to sort this out",
    "ill be talking to the paper about you",
    "How dare you speak to my daughter like that!!!",
    "You have broken my heart",
    "stop texting me",
    # sorrow and fear, a child or a parent in need: always heard as ever
    "he will kill me if i come home",
    "dad said he will kill you",
    "I want to die",
    "im gonna kill myself",
    "im scared he is going to bash me, i will kill you if you tell mum",
    "She told him I will kill you and now he wont sleep",
    "help me or ill kill you, he hits me",
    "im 9 and i will smash you if you tell dad",
    "her uncle died, we are at the tangi",
    "my brother was stabbed last night",
    "kei te mataku au",
    "Kua mate tōna koro",
    # what others said
    "Kids at school told her to go kill yourself",
    "the boy said he knows where you live and he texted i will bash you",
    "He keeps saying I will smash you to his sister",
    # look-alikes
    "You killed it today!",
    "I'll kill you with kindness haha",
    "ur dead lol",
    "I will beat you there",
    "ill shoot you an email",
    "I'll drop you a line",
    "I'm coming for him at 3",
    "Im coming to get you and Aroha at the gate",
    "I'll get you the form tomorrow",
    "your dead plant is in the hall",
    "You are dead right",
    "watch your back on the wet steps, said her coach",
    "that fence is broken, someone is going to get hurt",
    "He smashed his cross country!",
    "my phone is dead",
    "I'll hit you up later",
    "they will smash you at netball on Saturday",
    "burn the old boxes at school if you like",
    "Ka patu te ua i te tuanui",
    "Ka mate te rama i te akomanga",
    "",
)


@pytest.mark.parametrize("words", THREATS)
def test_a_threat_to_those_who_read_it_is_one(words: str) -> None:
    assert threatens(words)


@pytest.mark.parametrize("words", NONE)
def test_anger_sorrow_fear_jokes_and_what_others_said_are_no_threat(words: str) -> None:
    assert not threatens(words)


@given(st.text(max_size=300))
def test_any_words_are_read(words: str) -> None:
    assert threatens(words) in {True, False}


def test_each_pattern_says_where_it_comes_from() -> None:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
    reason = ""
    for row in rows:
        if row["row"] != "set":
            reason = row["reason"] or reason
            assert reason, row
    assert {row["row"] for row in rows} == {"set", "threat", "told", "joke", "never"}
