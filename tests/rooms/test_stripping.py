"""What somebody wrote in a mail, without the letter they answered: in any language, in any program, in no time."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commsbridge.mail_reading import LONGEST_WORDS, reply_words
from commsbridge.messages import REPLY_MARKER

DOMAIN = "reply.rimu.test"
LETTER = f"{REPLY_MARKER}\n\nKia ora Dave,\n\nAroha read the whole page aloud.\n\nFrom Ms Walsh\nRimu Road School"
QUOTED = "\n".join(f"> {line}" for line in LETTER.splitlines())
ADDRESS = f"reply+abcdefgh2345@{DOMAIN}"
WORDS = "So proud of her, thank you!\n\nIs it swimming on Thursday?"


def words(text: str) -> str:
    return reply_words(text, our_domain=DOMAIN, marker=REPLY_MARKER)


ANSWERS = {
    "gmail": f"{WORDS}\n\nOn Tue, 17 Nov 2026 at 15:00, Rimu Road School <{ADDRESS}>\nwrote:\n\n{QUOTED}\n",
    "gmail in three lines": f"{WORDS}\n\nOn Tue, 17 Nov 2026 at 15:00, Rimu Road\n<{ADDRESS}>\nwrote:\n{QUOTED}\n",
    "apple": f"{WORDS}\n\nSent from my iPhone\n\n> On 17/11/2026, at 3:00 PM, <{ADDRESS}> wrote:\n> \n{QUOTED}\n",
    "apple without an address": f"{WORDS}\n\nOn 17/11/2026, at 3:00 PM, Rimu Road School wrote:\n\n{QUOTED}\n",
    "outlook": f"{WORDS}\n\n{'_' * 32}\nFrom: Rimu <{ADDRESS}>\nSent: Tuesday, 17 November 2026 3:00 pm\nTo: Dave\n"
    f"Subject: Good news\n\n{LETTER}\n",
    "outlook in bold": f"{WORDS}\n\n ------------------------------\n\n*From:* Rimu <{ADDRESS}>\n*Sent:* Tuesday 3 pm\n"
    f"*To:* dave@homes.test\n*Subject:* Good news\n\n{LETTER}\n",
    "outlook on a phone": f"{WORDS}\n\nGet Outlook for Android\n{'_' * 32}\nFrom: Rimu <{ADDRESS}>\nSent: Tuesday\n"
    f"To: Dave\n\n{LETTER}\n",
    "french": f"{WORDS}\n\nLe mar. 17 nov. 2026 à 15:00, Rimu Road School <{ADDRESS}> a écrit :\n\n{QUOTED}\n",
    "german": f"{WORDS}\n\nVon: Rimu <{ADDRESS}>\nGesendet: Dienstag, 17. November 2026\nAn: Dave\n"
    f"Betreff: Good news\n\n{LETTER}\n",
    "japanese": f"{WORDS}\n\n2026年11月17日(火) 15:00 Rimu Road School <{ADDRESS}>:\n\n{QUOTED}\n",
    "te reo": f"{WORDS}\n\nI te Rātū 17 Whiringa-ā-rangi 2026, i tuhi a Rimu Road School <{ADDRESS}>:\n\n{QUOTED}\n",
    "bare": f"{WORDS}\n",
    "marker alone": f"{WORDS}\n\n{LETTER}\n",
    "windows line ends": f"{WORDS}\n\n{LETTER}\n".replace("\n", "\r\n"),
}


@pytest.mark.parametrize("program", ANSWERS)
def test_only_what_the_person_wrote_is_shown(program: str) -> None:
    assert words(ANSWERS[program]).replace("\r\n", "\n") == WORDS


@pytest.mark.parametrize(
    "own",
    [
        "Things to bring:",
        "Here is what he said:",
        "Mum: yes\nDad: yes\nNana: not sure",
        "Pick up: 3pm\nBy: Nana",
        "Sent from my heart",
        "Thanks!\nhttps://homes.test/photo",
        "On Tuesday he wrote: wow",
    ],
)
def test_a_persons_own_lines_are_not_taken_for_a_programs(own: str) -> None:
    assert words(f"{own}\n\n{QUOTED}\n") == own


def test_an_answer_between_the_quoted_lines_is_kept_with_them() -> None:
    answered = f"> Is Thursday good?\nYes, Thursday.\n\nOn Tue, 17 Nov 2026, <{ADDRESS}> wrote:\n{QUOTED}"
    assert words(answered) == "> Is Thursday good?\nYes, Thursday."


@pytest.mark.parametrize(
    "text", [QUOTED, LETTER, f"\n\n{LETTER}", f"On Tue, 17 Nov 2026, <{ADDRESS}> wrote:\n{QUOTED}"]
)
def test_where_nothing_would_be_left_everything_is_kept(text: str) -> None:
    assert words(text) == text.strip()


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_an_empty_mail_is_empty(text: str) -> None:
    assert words(text) == ""


@given(st.text())
def test_what_is_shown_was_written(text: str) -> None:
    shown = words(text)
    assert len(shown) <= LONGEST_WORDS
    assert all(line in text for line in shown.splitlines())
    assert bool(shown) == bool(text.strip())


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_an_answer_above_our_marker_survives(own: str) -> None:
    assume(own.strip() and not own.lstrip().startswith(">") and not own.rstrip().endswith(":"))
    assert words(f"{own}\n\n{LETTER}") == own.strip()


@pytest.mark.parametrize(
    "hostile",
    [
        "> " * 500_000,
        "a:" * 500_000,
        ":" * 1_000_000,
        "From: a@b\n" * 100_000,
        "*" * 1_000_000,
        "sent from my " + "a " * 400_000,
        "1:00 @ " * 150_000 + ":\n> x",
        ">\n" * 400_000,
        "_" * 1_000_000,
    ],
)
def test_a_mail_made_to_hang_is_read_at_once(hostile: str) -> None:
    began = time.monotonic()
    words(hostile + "\n> x")
    words(hostile + f"\n{REPLY_MARKER}")
    assert time.monotonic() - began < 30  # one that backtracks would take days
