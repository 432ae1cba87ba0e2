"""What a PDF of ours says, read back without any library: its words in the order drawn, and its tagged structure."""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

_STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)endobj", re.DOTALL)
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\((?:[^\\()]|\\.)*\)|BT|ET", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Paper(NamedTuple):
    """The words in one line, and how many there are of each structure element (H1, H2, P, LI)."""

    words: str
    structure: dict[str, int]


def read_paper(pdf: bytes) -> Paper:
    """Read a PDF as Typst writes it: packed streams, faces with a table of what each glyph stands for."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    faces: dict[bytes, dict[int, str]] = {}
    for fonts in re.findall(rb"/Font<<(.*?)>>", pdf, re.DOTALL):
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", fonts):
            table = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
            assert table, "a face says what its glyphs stand for"
            faces[name] = _glyphs(_unpacked(objects[int(table[1])]))
    found = [_unpacked(body) for body in objects.values() if b"stream" in body]
    lines = [line for stream in found if b"BT" in stream and b"Tf" in stream for line in _lines(stream, faces)]
    kinds = [kind.decode() for kind in re.findall(rb"/S/(\w+)", pdf)]
    return Paper(" ".join(" ".join(lines).split()), {kind: kinds.count(kind) for kind in set(kinds)})


def _unpacked(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    if stream is None or stream[1][:1] != b"\x78":
        return b""
    # A packed stream may itself end in \r, and what follows it is no part of it.
    return zlib.decompressobj().decompress(stream[1])


def _glyphs(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n", table)
    return {int(glyph, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for glyph, letters in pairs}


def _lines(stream: bytes, faces: dict[bytes, dict[int, str]]) -> list[str]:
    lines: list[str] = []
    face: dict[int, str] = {}
    for shown in _SHOWN.finditer(stream):
        if shown[1]:
            face = faces.get(shown[1], {})
        elif shown[0] == b"BT":
            lines.append("")
        elif shown[0] != b"ET" and lines:
            glyphs = _ESCAPED.sub(_letter, shown[0][1:-1])
            lines[-1] += "".join(
                face.get(high << 8 | low, "?") for high, low in zip(glyphs[::2], glyphs[1::2], strict=True)
            )
    return lines


def _letter(escaped: re.Match[bytes]) -> bytes:
    if escaped[1][:1].isdigit():
        return bytes([int(escaped[1], 8) & 255])
    return _LETTERS.get(escaped[1], escaped[1])
