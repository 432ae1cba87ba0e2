"""The face: fonts that hold every letter, files small enough for bad wifi, templates that a strict CSP accepts."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

WEB = Path(__file__).parents[2] / "commsbridge" / "web"
STATIC = WEB / "static"
FONTS = sorted((STATIC / "fonts").glob("*.woff2"))
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STYLE = STATIC / "css" / "commsbridge.css"

MACRON_VOWELS = "āēīōūĀĒĪŌŪ"
LATIN_1 = "".join(chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100)))
PUNCTUATION = "‘’“”–—…•ʻʼ€−"
RESERVED = {"bridge-hand": ("Andika", "SIL"), "bridge-type": ("Source",)}

# Today and praise come in at most 70 KB over the wire in all; what these leave is for the page itself.
FONT_BUDGET = 42 * 1024
STYLE_BUDGET = 10 * 1024
SCRIPT_BUDGET = 9 * 1024

TEXT_PAIRS = [
    (words, ground)
    for words, grounds in {
        "ink": ("paper", "sheet", "sunk", "wash", "heed-wash", "amiss-wash"),
        "soft": ("paper", "sheet", "sunk", "wash"),
        "pen": ("paper", "sheet", "wash"),
        "pen-deep": ("wash",),
        "on-pen": ("pen", "pen-deep"),
        "heed": ("paper", "sheet", "heed-wash"),
        "amiss": ("paper", "sheet", "amiss-wash"),
        "paper": ("ink",),
    }.items()
    for ground in grounds
]


@pytest.mark.parametrize("font", FONTS, ids=lambda path: path.stem)
def test_each_face_draws_every_macron_vowel_and_all_of_latin_1(font: Path) -> None:
    drawn = TTFont(font).getBestCmap()
    missing = [letter for letter in MACRON_VOWELS + LATIN_1 + PUNCTUATION if ord(letter) not in drawn]
    assert not missing


@pytest.mark.parametrize("font", FONTS, ids=lambda path: path.stem)
def test_a_changed_face_does_not_carry_a_reserved_name(font: Path) -> None:
    shown = {TTFont(font)["name"].getDebugName(number) for number in (1, 3, 4, 6, 16)}
    assert not [name for name in shown if name for word in RESERVED[font.stem] if word in name]


@pytest.mark.parametrize("font", FONTS, ids=lambda path: path.stem)
def test_each_face_lies_beside_its_licence(font: Path) -> None:
    licence = font.with_name(f"OFL-{font.stem}.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name" in licence


def test_there_are_two_faces_and_together_they_are_light() -> None:
    assert [font.stem for font in FONTS] == ["bridge-hand", "bridge-type"]
    assert sum(font.stat().st_size for font in FONTS) <= FONT_BUDGET


def test_style_and_scripts_are_light_over_the_wire() -> None:
    assert len(gzip.compress(STYLE.read_bytes(), 9)) <= STYLE_BUDGET
    scripts = [STATIC / "js" / f"{name}.js" for name in ("commsbridge", "keys", "store", "unsent")]
    assert sum(len(gzip.compress(script.read_bytes(), 9)) for script in scripts) <= SCRIPT_BUDGET


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda path: path.name)
def test_no_template_carries_what_a_strict_content_security_policy_forbids(page: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", page.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)
    assert not re.search(r"https?://", source)


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_changes_something_carries_the_csrf_field(page: Path) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", page.read_text("utf-8"), flags=re.DOTALL):
        assert "{{ csrf_field() }}" in form


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda path: path.name)
def test_every_template_says_what_it_is(page: Path) -> None:
    assert page.read_text("utf-8").startswith("{# ")


@pytest.mark.parametrize("scheme", ["light", "dark", "more contrast", "more contrast, dark"])
@pytest.mark.parametrize(("words", "ground"), TEXT_PAIRS)
def test_words_stand_out_from_their_ground(words: str, ground: str, scheme: str) -> None:
    tokens = _tokens()[scheme]
    assert _contrast(tokens[words], tokens[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark", "more contrast", "more contrast, dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet", "sunk"])
def test_the_border_of_a_control_is_seen(ground: str, scheme: str) -> None:
    tokens = _tokens()[scheme]
    assert _contrast(tokens["edge"], tokens[ground]) >= 3


def _tokens() -> dict[str, dict[str, str]]:
    """Colour tokens by scheme, each scheme laid over those before it as a browser does."""
    blocks = re.findall(r"^(@media [^{]*\{\s*)?\s*:root \{(.*?)\}", STYLE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    found = {media.strip(" {\n"): dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,8});", body)) for media, body in blocks}
    light = found[""]
    dark = light | found["@media (prefers-color-scheme: dark)"]
    more = found["@media (prefers-contrast: more)"]
    both = found["@media (prefers-contrast: more) and (prefers-color-scheme: dark)"]
    return {"light": light, "dark": dark, "more contrast": light | more, "more contrast, dark": dark | more | both}


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours written #rgb or #rrggbb, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
