from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from commsbridge.foundation.language import Language
from commsbridge.foundation.paper import set_on_paper

FACES = sorted((Path(__file__).parents[2] / "commsbridge/foundation/data/paper").glob("*.ttf"))
AT = datetime(2026, 11, 17, 2, tzinfo=UTC)
MACRONS = "āēīōūĀĒĪŌŪ"


def specimen(*words: str, language: Language = Language.MI, at: datetime = AT) -> bytes:
    return set_on_paper(
        "foundation/data/paper/specimen.typ",
        {"words": words},
        title="Pūrongo",
        foot="Te Kura",
        language=language,
        made_at=at,
    )


def drawn(pdf: bytes) -> set[str]:
    """The letters that the PDF says its glyphs stand for."""
    streams = re.findall(rb"stream\r?\n(.*?)\nendstream", pdf, re.DOTALL)
    # A packed stream may itself end in \r, and what follows it is no part of it.
    maps = [zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"\x78"]
    found = [
        code for stream in maps if b"beginbfchar" in stream for code in re.findall(rb"<([0-9A-Fa-f]{4})>\s*\n", stream)
    ]
    return {bytes.fromhex(code.decode()).decode("utf-16-be") for code in found}


def test_a_document_is_tagged_and_says_its_title_and_its_language() -> None:
    pdf = specimen("Kia ora")
    assert b"/StructTreeRoot" in pdf
    assert b"/MarkInfo<</Marked true" in pdf
    assert b"/Lang(mi)" in pdf
    assert "Pūrongo".encode() in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang(en-NZ)" in specimen("Hello", language=Language.EN)


def test_a_document_draws_every_macron_in_the_houses_two_faces_alone() -> None:
    pdf = specimen(MACRONS, "Ngā mihi")
    assert drawn(pdf) >= set(MACRONS)
    assert set(re.findall(rb"/BaseFont/\w+\+(\w+)-", pdf)) == {b"BridgeHand", b"BridgeType"}


def test_words_are_words_and_never_source() -> None:
    evil = '#panic("evil") $x$ *b* `c` <label> @ref \\ [ ] "'
    assert drawn(specimen(evil)) >= set("#$*`<>@[]")


def test_the_same_contents_at_the_same_moment_make_the_same_bytes() -> None:
    assert specimen("Kia ora") == specimen("Kia ora")


@pytest.mark.parametrize("face", FACES, ids=lambda path: path.stem)
def test_each_face_for_paper_has_every_macron_and_no_reserved_name_and_lies_beside_its_licence(face: Path) -> None:
    font = TTFont(face)
    assert {ord(letter) for letter in MACRONS} <= font.getBestCmap().keys()
    shown = " ".join(font["name"].getDebugName(number) or "" for number in (1, 3, 4, 6, 16))
    assert "Andika" not in shown
    assert "Source" not in shown
    assert face.with_name(f"OFL-{face.stem.removesuffix('-600')}.txt").exists()
