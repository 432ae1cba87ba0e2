"""Reading the house's own PDFs: their words as a reader of the screen would say them, and how they are tagged."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(?<=\n)(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_GLYPHS = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
# A string may hold brackets that match without marking them.
_FLAT = rb"(?:\\.|[^\\()])*"
_WITHIN = rb"(?:\\.|[^\\()]|\(" + _FLAT + rb"\))*"
_HELD = rb"(?:\\.|[^\\()]|\(" + _WITHIN + rb"\))*"
_DRAWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:\(" + _HELD + rb"\)|[^\]()])*)\]TJ", re.DOTALL)
_STRING = re.compile(rb"\((" + _HELD + rb")\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """All that is drawn, in its order, each run followed by a space."""
    held = {int(number): body for number, body in _OBJECT.findall(pdf)}
    told = []
    for body in held.values():
        page = re.search(rb"/Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", body, re.DOTALL)
        if page:
            told.append(_drawn(held, held[int(page[1])], _unpacked(held[int(page[2])])))
    return " ".join(" ".join(told).split())


def tags_of(pdf: bytes) -> list[str]:
    """The kinds of the elements of its structure, as often as they occur: H1, H2, P, …"""
    return [each.decode() for each in re.findall(rb"/Type/StructElem/S/(\w+)", pdf)]


def _drawn(held: dict[int, bytes], resources: bytes, content: bytes) -> str:
    faces = {name: _letters(held, int(at)) for name, at in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}
    told, face = [], b""
    for chosen, run in _DRAWN.findall(content):
        if chosen:
            face = chosen
            continue
        glyphs = b"".join(_ESCAPE.sub(_escaped, each) for each in _STRING.findall(run))
        pairs = [glyphs[at : at + 2] for at in range(0, len(glyphs), 2)]
        told.append("".join(faces[face].get(each, "") for each in pairs))
    return " ".join(told)


def _letters(held: dict[int, bytes], font: int) -> dict[bytes, str]:
    """What each glyph of a face stands for."""
    at = re.search(rb"/ToUnicode (\d+) 0 R", held[font])
    if at is None:
        raise ValueError("a face says what its glyphs stand for")
    found = _GLYPHS.findall(_unpacked(held[int(at[1])]))
    return {bytes.fromhex(code.decode()): bytes.fromhex(said.decode()).decode("utf-16-be") for code, said in found}


def _unpacked(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    if stream is None:
        raise ValueError("that object holds no stream")
    # A packed stream may itself end in \r, and what follows it is no part of it.
    return zlib.decompressobj().decompress(stream[1]) if b"/FlateDecode" in body[: stream.start()] else stream[1]


def _escaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if said[:1].isdigit() else _LETTERS.get(said, said)
