"""Hints on wording: what stings is seen, look-alikes are left alone, in Python and in the browser alike."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.language import PAIR, Language
from commsbridge.messages import HintKind, bank, hints_for
from commsbridge.messages.hints import COLUMNS, TABLE, own_row, shipped

LABELLED = Path(__file__).parents[1] / "labelled"
TUNED, HELD_OUT = "wording.tsv", "wording_held_out.tsv"
LATER_LOOKS = tuple(f"wording_{each}_look.tsv" for each in ("second", "third", "fourth", "fifth", "sixth"))
READER = Path(__file__).with_name("hints_in_node.js")


def labelled(name: str) -> list[dict[str, str]]:
    with (LABELLED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def texts(name: str, label: str) -> list[str]:
    return [row["text"] for row in labelled(name) if row["label"] == label]


def hinted(words: str) -> set[HintKind]:
    return {hint.category for hint in hints_for(words, child="Hana")}


def in_the_browser(words: list[str], checkout: Path, own: list[str]) -> list[list[dict[str, object]]]:
    """What the browser's reader gives, run by Node."""
    asked = {
        "table": TABLE.read_text(encoding="utf-8"),
        "header": "\t".join(COLUMNS),
        "own": own,
        "texts": words,
        "child": "Hana",
    }
    script = checkout / "commsbridge" / "web" / "static" / "js" / "hints.js"
    ran = subprocess.run(
        [shutil.which("node") or "node", str(READER), str(script)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told: list[list[dict[str, object]]] = json.loads(ran.stdout)
    return told


@pytest.mark.parametrize("name", [TUNED, HELD_OUT, *LATER_LOOKS])
def test_at_most_two_look_alikes_in_a_hundred_are_hinted_at(name: str) -> None:
    innocent = texts(name, "ok")
    raised = [text for text in innocent if hinted(text)]
    assert len(innocent) >= 48
    assert len(raised) <= 0.02 * len(innocent), raised


@pytest.mark.parametrize("name", [TUNED, HELD_OUT, *LATER_LOOKS])
def test_nine_in_ten_of_the_words_that_sting_are_found(name: str) -> None:
    stinging = texts(name, "hint")
    missed = [text for text in stinging if not hinted(text)]
    assert len(missed) <= 0.1 * len(stinging), missed


def test_no_phrase_of_the_bank_and_no_innocent_sentence_of_another_set_is_hinted_at() -> None:
    told = bank.praises()
    phrases = [words.replace("{name}", "Aroha") for each in told for words in (each.pair.en, each.pair.mi)]
    others = [row["text"] for row in labelled("sensitive.tsv") if row["label"] in {"ok", "other_child"}]
    assert len(phrases) + len(others) >= 250
    assert [words for words in (*phrases, *others) if hinted(words)] == []


def test_the_set_is_large_and_half_of_it_is_innocent() -> None:
    rows = labelled(TUNED)
    assert len(rows) >= 250
    assert 0.45 <= len(texts(TUNED, "ok")) / len(rows) <= 0.55
    assert {row["category"] for row in rows} == set(HintKind)
    assert {row["lang"] for row in rows} == set(PAIR)


@pytest.mark.parametrize(
    ("words", "innocent"),
    [
        ("She was quiet for once.", "For once the rain stopped."),
        ("Good work, but he must learn to sit.", "He was tired but kept going."),
        ("He finally listened.", "He finally finished the mural he'd been working on."),
        ("She behaved like a normal kid.", "We are back to the normal timetable."),
        ("He is a special needs child.", "She was our special helper."),
        ("He didn't hit anyone.", "He did not hit a single wrong note."),
        ("He is lazy.", "The quick brown fox jumps over the lazy dog."),
        ("Good boy!", "He told the dog good boy and it sat."),
        ("Ahakoa tōna takiwātanga, i tākaro ia.", "I kōrero ia ki te karaihe mō te takiwātanga."),
        ("I pai tana mahi, engari me whakarongo ia.", "I ngenge ia, engari i oma tonu."),
    ],
)
def test_the_words_around_decide(words: str, innocent: str) -> None:
    assert hinted(words)
    assert not hinted(innocent)


def test_a_hint_holds_the_writers_words_and_two_ways_of_saying_the_deed() -> None:
    (hint,) = hints_for("Great listening for once, and a big smile.", child="Hēmi")
    assert (hint.category, hint.language) == (HintKind.STING, Language.EN)
    assert hint.words == "Great listening for once"
    assert hint.ways[0] == "Great listening, and a big smile."
    assert "Hēmi" in hint.ways[1]


def test_where_no_words_can_be_left_out_both_ways_are_of_the_table_and_name_the_child() -> None:
    (hint,) = hints_for("He tamaiti haututū ia.", child="Tāma")
    assert hint.language is Language.MI
    assert all("Tāma" in way for way in hint.ways)


def test_the_mark_for_each_childs_own_name_is_read_as_a_name_and_given_back_as_it_was() -> None:
    (hint,) = hints_for("(ingoa) is lazy.", child="(ingoa)")
    assert (hint.category, hint.words) == (HintKind.LABEL, "(ingoa) is lazy")
    (hint,) = hints_for("Today (NAME) listened for once.", child="(name)")
    assert hint.ways[0] == "Today (name) listened."


def test_macrons_capitals_and_composition_do_not_matter() -> None:
    for words in ("HE TAMAITI HAUTUTŪ IA", "he tamaiti haututu ia", "He tamaiti haututu\u0304 ia."):
        assert hinted(words) == {HintKind.LABEL}


def test_a_school_adds_words_of_its_own_that_are_found_wherever_they_stand() -> None:
    own = [own_row(HintKind.LABEL, Language.EN, "Wild Child"), own_row(HintKind.STING, Language.MI, "ā te wā")]
    (hint,) = hints_for("Our wild child sang.", child="Hana", own=own)
    assert hint.words == "wild child"
    assert hints_for("Wildly childish.", child="Hana", own=own) == []
    assert [each.category for each in hints_for("A te wa.", child="Hana", own=own)] == [HintKind.STING]


def test_words_of_a_school_are_words_and_no_pattern() -> None:
    own = [own_row(HintKind.LABEL, Language.EN, "so (what)+ [x]")]
    assert hints_for("so what x", child="Hana", own=own)
    assert hints_for("sooo", child="Hana", own=own) == []
    assert own_row(HintKind.LABEL, Language.EN, " ?! ") == ""


def test_every_rule_has_a_reason_two_ways_and_only_what_both_readers_know() -> None:
    lines = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[0] == list(COLUMNS)
    assert {len(line) for line in lines} == {len(COLUMNS)}
    for pattern in (line[4] for line in lines[1:]):
        assert pattern.isascii() or "{name}" in pattern
        assert not re.search(r"\(\?(?![:=!])|\\[^wbs.]|\(\?<", pattern), pattern
    rules = shipped()
    assert {category for category, _ in rules.finds} == set(HintKind)
    assert all(len(rules.ways[key]) == 2 for key in rules.finds)


@given(st.text(max_size=300))
def test_any_text_is_read_and_what_is_quoted_was_written(words: str) -> None:
    for hint in hints_for(words, child="Hana"):
        assert hint.words


@pytest.mark.node
def test_the_browser_finds_the_same_with_the_same_words_and_ways(checkout: Path) -> None:
    own = [own_row(HintKind.LABEL, Language.EN, "wild child")]
    words = [row["text"] for name in (TUNED, HELD_OUT, *LATER_LOOKS) for row in labelled(name)]
    words += [
        "Our wild child sang.",
        "",
        " \u00a0\r\n",
        "HE TAMAITI HAUTUTŪ",
        "\u200bFor once\u0000 she listened 😀 ½",
        "He’s lazy…",
        "(name) is lazy. Today (Ingoa) listened for once.",
    ]
    told = in_the_browser(words, checkout, own)
    for text, hints in zip(words, told, strict=True):
        here = [
            {
                "category": hint.category.value,
                "language": hint.language.value,
                "words": hint.words,
                "ways": list(hint.ways),
            }
            for hint in hints_for(text, child="Hana", own=own)
        ]
        assert hints == here, text
