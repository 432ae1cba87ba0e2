"""Long vowels in texts are written as the school chose; names stay as people write them, mails keep macrons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.names import search_fold
from commsbridge.foundation.orthography import LongVowels, respelt
from commsbridge.foundation.segments import count
from commsbridge.messages import letters
from commsbridge.messages.bank import Pair, praises
from commsbridge.messages.letters import News, Reads, Recipient, School, TextSender

RIMU = School("Te Kura o Rimu", "Rimu Road School", "Rimu Road School")
ZERO_RATED = TextSender(reply_costs=False, carrier_adds_charge_words=False)
PHRASE = Pair(mi="He tino pai te mahi a {name} i tēnei rā.", en="{name} did great work today, kia ora whānau.")
NEWS = News(child="Hēmi", writer="Whaea Tūī", phrase=PHRASE, words="Ka rawe, ē hoa!")


@pytest.mark.parametrize(
    ("vowels", "written"),
    [
        (LongVowels.MACRONS, "Ngā mihi, ĀPŌPŌ %(name)s {name}"),
        (LongVowels.DOUBLED, "Ngaa mihi, AaPOoPOo %(name)s {name}"),
        (LongVowels.PLAIN, "Nga mihi, APOPO %(name)s {name}"),
    ],
)
def test_long_vowels_are_respelt_and_slots_left_alone(vowels: LongVowels, written: str) -> None:
    assert respelt("Ngā mihi, ĀPŌPŌ %(name)s {name}", vowels) == written


@pytest.mark.parametrize(
    ("vowels", "text"),
    [
        (LongVowels.MACRONS, "He tino pai te mahi a Hēmi i tēnei rā. Ka rawe, ē hoa!\nNā Whaea Tūī"),
        (LongVowels.DOUBLED, "He tino pai te mahi a Hēmi i teenei raa. Ka rawe, ē hoa!\nNaa Whaea Tūī"),
        (LongVowels.PLAIN, "He tino pai te mahi a Hēmi i tenei ra. Ka rawe, ē hoa!\nNa Whaea Tūī"),
    ],
)
def test_a_text_respells_wordings_alone_never_names_or_own_words(vowels: LongVowels, text: str) -> None:
    school = replace(RIMU, text_vowels=vowels)
    assert letters.praise_text(school, ZERO_RATED, Recipient("Mere", Reads.MI), NEWS) == f"Rimu Road School: {text}"


@pytest.mark.parametrize("vowels", LongVowels)
def test_mails_and_english_keep_their_macrons(vowels: LongVowels) -> None:
    school = replace(RIMU, text_vowels=vowels)
    mail = letters.praise_mail(school, Recipient("Mere", Reads.MI), NEWS, change_link="https://kura.example/c/x")
    assert "i tēnei rā." in mail.text
    assert "kia ora whānau." in letters.praise_text(school, ZERO_RATED, Recipient("Mere", Reads.EN), NEWS)


def test_double_vowels_make_one_text_of_a_praise_where_no_name_has_a_macron() -> None:
    school = replace(RIMU, text_vowels=LongVowels.DOUBLED)
    for praise in praises():
        news = News(child="Maximilianoo", writer="Ms Walsh", phrase=praise.pair)
        text = letters.praise_text(school, ZERO_RATED, Recipient("Mere", Reads.MI), news)
        assert (count(text).encoding, count(text).segments) == ("gsm7", 1)


@given(st.text(), st.sampled_from(LongVowels))
def test_what_is_respelt_is_still_found_by_search(wording: str, vowels: LongVowels) -> None:
    if set("\u0304") & set(wording):
        return
    assert search_fold(respelt(wording, vowels)) == search_fold(wording)
