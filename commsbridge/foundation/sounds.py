"""Sounds people send: judged by what is in them, never by their name, and kept without what is hidden beside the sound.

The containers are read as their standards describe them: ISO/IEC 14496-12 (MP4), RFC 9559 (Matroska and WebM),
ISO/IEC 11172-3 and 13818-3 (MP3), RFC 2361 and the RIFF it rests on (WAV), id3.org's ID3v2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_

# A minute as the page records it is about 200 KB, a phone's own memo of two minutes about 2 MB.
LARGEST_SOUND = 3 * 1024 * 1024
_TOO_LARGE = N_("That recording is larger than 3 MB. Make it shorter: a minute is enough.")
_NO_SOUND = N_("We cannot read that as a recording. Record it here, or choose a sound of your phone.")
_HOLDS_FILM = N_("That is a film. A voice note is sound alone.")
# Boxes whose children are boxes; what says where and by whom a recording was made stands in the others.
_WITHIN = {b"moov", b"trak", b"mdia"}
_TOLD_BESIDE = {b"udta", b"meta"}
_EBML, _SEGMENT, _TRACKS, _ENTRY, _TRACK_TYPE = 0x1A45DFA3, 0x18538067, 0x1654AE6B, 0xAE, 0x83
_CLUSTER, _ATTACHMENTS, _TAGS = 0x1F43B675, 0x1941A469, 0x1254C367
_FILM, _SOUND = 1, 2
_ID3_HEAD, _ID3_TAIL = 10, 128
# Kilobits a second by index, of layer III (ISO/IEC 11172-3, 2.4.2.3; 13818-3, 2.4.2.3), and samples a second.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound as it is kept, and its media type."""

    content: bytes
    media_type: str


def read_sound(content: bytes, *, field: str) -> Sound:
    """A sound of at most LARGEST_SOUND bytes, whatever it is named, without tags and places.

    Raises Invalid, naming ``field``, for what is larger, holds a film, or is no sound of a kind we know.
    """
    if len(content) > LARGEST_SOUND:
        raise Invalid(_TOO_LARGE, field=field)
    try:
        found = _read(content)
    except _Film:
        raise Invalid(_HOLDS_FILM, field=field) from None
    except (struct.error, IndexError):
        found = None
    if found is None:
        raise Invalid(_NO_SOUND, field=field)
    return found


class _Film(Exception):  # noqa: N818 - no error of ours: what was found
    """A track of pictures was found."""


def _read(content: bytes) -> Sound | None:
    if content[4:8] == b"ftyp":
        return _mp4(bytearray(content))
    if content[:4] == _EBML.to_bytes(4, "big"):
        return _webm(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return _wav(content)
    return _mp3(content)


# ---- MP4 and M4A ----


def _boxes(content: bytearray, first: int, last: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Each box: its kind, where it begins, where its payload begins, where it ends."""
    at = first
    while at + 8 <= last:
        (size,) = struct.unpack_from(">I", content, at)
        begins = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            begins = at + 16
        ends = last if size == 0 else at + size
        if ends < begins or ends > last:
            raise IndexError
        yield bytes(content[at + 4 : at + 8]), at, begins, ends
        at = ends


def _mp4(content: bytearray) -> Sound | None:
    """Boxes that tell of place and maker are emptied where they stand, so that nothing else moves."""
    tracks, waits, has_sound = set(), [(0, len(content))], False
    while waits:
        for kind, at, begins, ends in _boxes(content, *waits.pop()):
            if kind in _WITHIN:
                waits.append((begins, ends))
            elif kind in _TOLD_BESIDE:
                content[at + 4 : at + 8] = b"free"
                content[begins:ends] = bytes(ends - begins)
            elif kind == b"hdlr":
                tracks.add(bytes(content[begins + 8 : begins + 12]))
            has_sound = has_sound or kind == b"mdat"
    if b"vide" in tracks:
        raise _Film
    return Sound(bytes(content), "audio/mp4") if b"soun" in tracks and has_sound else None


# ---- WebM ----


def _number(content: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """An EBML number and the byte after it; ids keep their length ``marked``. All ones: a size not known."""
    first = content[at]
    length = 9 - first.bit_length()
    if first == 0:
        raise IndexError
    value = first if marked else first & (0xFF >> length)
    for byte in content[at + 1 : at + length]:
        value = value << 8 | byte
    if at + length > len(content):
        raise IndexError
    return (-1 if not marked and value == (1 << 7 * length) - 1 else value), at + length


def _elements(content: bytes, at: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Each element: its id, where its payload begins, where it ends; one of a size not known ends with ``last``."""
    while at < last:
        kind, at = _number(content, at, marked=True)
        size, begins = _number(content, at, marked=False)
        ends = last if size < 0 else begins + size
        if ends > last:
            raise IndexError
        yield kind, begins, ends
        at = ends


def _webm(content: bytes) -> Sound | None:
    """Nothing but sound before the first cluster, and no tags or files there: a recorder in a browser writes none."""
    head, segment = None, None
    for kind, begins, ends in _elements(content, 0, len(content)):
        if kind == _EBML:
            head = content[begins:ends]
        elif kind == _SEGMENT:
            segment = (begins, ends)
            break
    if head is None or segment is None or b"webm" not in head:
        return None
    types: set[int] = set()
    for kind, begins, ends in _elements(content, *segment):
        if kind in {_ATTACHMENTS, _TAGS}:
            return None
        if kind == _CLUSTER:
            return Sound(content, "audio/webm") if types == {_SOUND} else None
        if kind == _TRACKS:
            types |= {_track_type(content, *each) for each in _elements(content, begins, ends)}
            if _FILM in types:
                raise _Film
    return None


def _track_type(content: bytes, kind: int, begins: int, ends: int) -> int:
    if kind != _ENTRY:
        return _SOUND
    return next((content[at] for each, at, _ in _elements(content, begins, ends) if each == _TRACK_TYPE), 0)


# ---- WAV and MP3 ----


def _wav(content: bytes) -> Sound | None:
    """Written anew of its format and its samples alone."""
    kept: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], struct.unpack_from("<I", content, at + 4)[0]
        if name in {b"fmt ", b"data"} and name not in kept:
            kept[name] = content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    if len(kept.get(b"fmt ", b"")) < 16 or not kept.get(b"data"):
        return None
    body = b"".join(
        name + struct.pack("<I", len(kept[name])) + kept[name] + bytes(len(kept[name]) % 2)
        for name in (b"fmt ", b"data")
    )
    return Sound(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body, "audio/wav")


def _mp3(content: bytes) -> Sound | None:
    """Without the tags before and after it; three frames must follow one another."""
    while content[:3] == b"ID3":
        size = 0
        for byte in content[6:10]:
            size = size << 7 | byte & 0x7F
        content = content[_ID3_HEAD + size :]
    if content[-_ID3_TAIL:][:3] == b"TAG":
        content = content[:-_ID3_TAIL]
    at = 0
    for _ in range(3):
        length = _frame(content, at)
        if length is None:
            return None
        at += length
    return Sound(content, "audio/mpeg")


def _frame(content: bytes, at: int) -> int | None:
    """How long the frame of layer III is that begins here, in bytes."""
    head = int.from_bytes(content[at : at + 4], "big")
    version, layer, rate, sample = head >> 19 & 3, head >> 17 & 3, head >> 12 & 15, head >> 10 & 3
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or rate in {0, 15} or sample == 3:
        return None
    bits = (_RATES_1 if version == 3 else _RATES_2)[rate] * 1000
    return (144 if version == 3 else 72) * bits // _SAMPLES[version][sample] + (head >> 9 & 1)
