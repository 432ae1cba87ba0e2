"""Keywords: the whole message or none; in both languages, with or without macrons, however it is typed."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.conversations import post_of_mail, post_of_text
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.conversations.keywords import ROUND_ABOUT, WORDS, Keyword, keyword_of

RAW = uuid.UUID(int=1)


def text(body: str, opt_out: str | None = None) -> InboundText:
    return InboundText("SM1", "+64215550101", "4545", body, (), opt_out)


def mail(body: str, *, spf: str | None = "pass", dkim: str | None = None) -> InboundMail:
    return InboundMail("<1@homes.test>", "Dave@Homes.test", ("kura@rimu.test",), "", body, False, (), spf, dkim)


@pytest.mark.parametrize(
    ("said", "keyword"),
    [
        ("STOP", Keyword.STOP),
        (" stop. ", Keyword.STOP),
        ("Stop!!", Keyword.STOP),
        ("“Stop”", Keyword.STOP),
        ("Stop…", Keyword.STOP),
        ("'STOP'", Keyword.STOP),
        ("STOP STOP STOP", Keyword.STOP),
        ("stop! stop!", Keyword.STOP),
        ("STOPALL", Keyword.STOP),
        ("Unsubscribe", Keyword.STOP),
        ("kāti", Keyword.STOP),
        ("KĀTI", Keyword.STOP),
        ("kati", Keyword.STOP),
        ("ka\u0304ti", Keyword.STOP),
        ("START", Keyword.START),
        ("Tīmata", Keyword.START),
        ("timata", Keyword.START),
        ("HELP?", Keyword.HELP),
        ("Āwhina", Keyword.HELP),
        ("awhina", Keyword.HELP),
    ],
)
def test_a_keyword_is_known_however_it_is_typed(said: str, keyword: Keyword | None) -> None:
    assert keyword_of(said) is keyword


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "...",
        "Please stop texting",
        "stop it Aroha, that is so good",
        "When does it start?",
        "YES",
        "Āe",
        "1",
        "help me with the form please",
        "kāti rā",
        "stop\nthanks",
        "the end",
        "🛑",
    ],
)
def test_a_sentence_is_for_a_person_to_read(said: str) -> None:
    assert keyword_of(said) is None


EVERY = [(keyword, word) for keyword, words in WORDS.items() for word in words]


@given(st.sampled_from(EVERY), st.text(ROUND_ABOUT), st.text(ROUND_ABOUT))
def test_signs_and_spaces_round_a_keyword_do_not_matter(said: tuple[Keyword, str], before: str, after: str) -> None:
    keyword, word = said
    assert keyword_of(f"{before}{word.upper()}{after}") is keyword


@given(st.text())
def test_whatever_is_typed_is_a_keyword_or_none(said: str) -> None:
    assert keyword_of(said) in {None, *Keyword}


def test_no_word_asks_for_two_things() -> None:
    assert len(EVERY) == len({word for _, word in EVERY})


# in a text


def test_a_stop_that_the_carrier_answered_is_obeyed_and_not_answered_again() -> None:
    post = post_of_text(RAW, text("Stop", "STOP"))
    assert (post.keyword, post.carrier_answered) == (Keyword.STOP, True)


def test_a_stop_that_the_carrier_did_not_see_is_ours_to_answer() -> None:
    post = post_of_text(RAW, text("kāti"))
    assert (post.keyword, post.carrier_answered) == (Keyword.STOP, False)


def test_a_wish_the_carrier_speaks_of_in_words_unknown_to_us_is_only_words() -> None:
    post = post_of_text(RAW, text("Hello", "MAYBE"))
    assert (post.keyword, post.carrier_answered) == (None, False)


def test_an_empty_text_is_no_keyword() -> None:
    assert post_of_text(RAW, text("")).keyword is None


# in a mail


def test_a_mail_that_says_stop_unsubscribes() -> None:
    assert post_of_mail(RAW, mail("Stop\n"), delivery_id=None, our_domain="reply.rimu.test").keyword is Keyword.STOP


def test_a_mail_that_asks_for_help_is_a_letter_for_a_person() -> None:
    assert post_of_mail(RAW, mail("Help!"), delivery_id=None, our_domain="reply.rimu.test").keyword is None


@pytest.mark.parametrize(("spf", "dkim"), [("fail", None), ("softfail", None), ("pass", "fail")])
def test_a_forged_mail_unsubscribes_nobody(spf: str | None, dkim: str | None) -> None:
    forged = mail("STOP", spf=spf, dkim=dkim)
    assert post_of_mail(RAW, forged, delivery_id=None, our_domain="reply.rimu.test").keyword is None
    with_token = post_of_mail(RAW, forged, delivery_id=uuid.uuid4(), our_domain="reply.rimu.test")
    assert (with_token.keyword, with_token.proven) == (Keyword.STOP, False)


def test_an_address_is_read_as_the_school_keeps_it() -> None:
    assert post_of_mail(RAW, mail("Ka pai"), delivery_id=None, our_domain="x.test").from_address == "dave@homes.test"
    assert post_of_text(RAW, InboundText("SM1", "021 555 0101", "4545", "Ka pai")).from_address == "+64215550101"
    assert post_of_text(RAW, InboundText("SM1", "4321", "4545", "Ka pai")).from_address == "4321"
