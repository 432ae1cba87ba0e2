"""Sounds judged by what is in them: what is taken, what is taken out, and what is refused."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.sounds import LARGEST_SOUND, read_sound

PLACE = b"+41.2865+174.7762/"  # where a phone says that it was recorded


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I", 8 + len(body)) + kind + body


def mp4(handler: bytes = b"soun") -> bytes:
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13))))
    return (
        box(b"ftyp", b"M4A ", bytes(4))
        + box(b"moov", track, box(b"udta", box(b"\xa9xyz", PLACE)))
        + box(b"mdat", b"\x21")
    )


def element(kind: bytes, body: bytes) -> bytes:
    return kind + (0x10000000 | len(body)).to_bytes(4, "big") + body


def webm(track: int = 2, *, tags: bool = False) -> bytes:
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm"))
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", element(b"\x83", bytes([track]))))
    told = element(b"\x12\x54\xc3\x67", PLACE) if tags else b""
    unknown = b"\x01" + b"\xff" * 7
    return head + b"\x18\x53\x80\x67" + unknown + tracks + told + b"\x1f\x43\xb6\x75" + unknown + b"\xa3\x81\x00"


def wav(*, more: bytes = b"") -> bytes:
    body = (
        b"WAVE"
        + more
        + b"fmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
        + b"data"
        + struct.pack("<I", 4)
        + b"\x80" * 4
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3() -> bytes:
    frame = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1, layer III, 128 kbit/s, 44,100 Hz: 417 bytes
    return frame * 4


@pytest.mark.parametrize(
    ("content", "kind"),
    [(mp4(), "audio/mp4"), (webm(), "audio/webm"), (wav(), "audio/wav"), (mp3(), "audio/mpeg")],
    ids=["mp4", "webm", "wav", "mp3"],
)
def test_a_recording_is_known_by_what_is_in_it(content: bytes, kind: str) -> None:
    assert read_sound(content, field="sound").media_type == kind


def test_where_and_by_whom_it_was_recorded_is_taken_out() -> None:
    listed = b"LIST" + struct.pack("<I", len(PLACE)) + PLACE
    tag = b"ID3\x04\x00\x00\x00\x00\x00" + bytes([len(PLACE)]) + PLACE
    for content in (mp4(), wav(more=listed), tag + mp3() + b"TAG" + PLACE.ljust(125)):
        assert PLACE in content
        assert PLACE not in read_sound(content, field="sound").content


@pytest.mark.parametrize("content", [mp4(b"vide"), webm(1)], ids=["mp4", "webm"])
def test_a_film_is_no_voice_note(content: bytes) -> None:
    with pytest.raises(Invalid, match="film"):
        read_sound(content, field="sound")


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 not a song.mp3", b"<svg xmlns='x'/>", webm(tags=True), wav()[:40], mp3()[:500], b"ID3" + bytes(7)],
    ids=["nothing", "pdf", "svg", "tagged webm", "half a wav", "one frame", "a tag alone"],
)
def test_what_is_no_sound_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        read_sound(content, field="sound")
    assert refusal.value.field == "sound"


def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(Invalid, match="3 MB"):
        read_sound(mp3() * 3000 + bytes(LARGEST_SOUND), field="sound")


@given(
    st.sampled_from([mp4(), webm(), wav(), mp3()]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    st.integers(0, 1700),
)
def test_however_it_is_broken_it_is_a_sound_or_a_refusal(
    content: bytes, changes: list[tuple[int, int]], length: int
) -> None:
    broken = bytearray(content[:length])
    for place, byte in changes:
        if place < len(broken):
            broken[place] = byte
    try:
        kept = read_sound(bytes(broken), field="sound")
    except Invalid:
        return
    assert len(kept.content) <= len(broken) + 1
