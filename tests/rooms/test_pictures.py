"""Pictures are read with suspicion and made anew: nothing hidden in them travels, and what is none is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.pictures import LARGEST_FILE, LONGEST_SIDE, read_picture


def photo(size: tuple[int, int] = (640, 480), form: str = "JPEG", mode: str = "RGB", **saved: object) -> bytes:
    """A picture as a phone makes one: red above, blue below."""
    image = Image.new(mode, size, "blue")
    image.paste(Image.new(mode, (size[0], size[1] // 2), "red"))
    kept = io.BytesIO()
    image.save(kept, form, **saved)
    return kept.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[Base.Make] = "Phone of Mere Walsh"
    exif[Base.Orientation] = orientation
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (36.0, 50.0, 54.0)
    return photo(exif=exif, comment=b"a hidden comment", icc_profile=b"a colour profile of somebody")


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        read_picture(content, field="photo")
    assert refusal.value.field == "photo"
    return refusal.value.sentence % refusal.value.slots


def test_where_it_was_taken_and_all_else_hidden_is_gone() -> None:
    raw = with_exif()
    assert b"Mere Walsh" in raw
    made = read_picture(raw, field="photo").content
    image = opened(made)
    assert not image.getexif()
    assert not {"icc_profile", "comment", "exif"} & set(image.info)
    for hidden in (b"Mere Walsh", b"hidden", b"profile of somebody", b"Exif"):
        assert hidden not in made


def test_a_picture_taken_upside_down_is_turned_upright() -> None:
    image = opened(read_picture(with_exif(orientation=3), field="photo").content)
    red, _green, blue = image.getpixel((10, 10))  # type: ignore[misc]
    assert blue > red


def test_a_large_picture_is_made_smaller_and_a_small_one_is_left() -> None:
    large = read_picture(photo((4000, 3000)), field="photo")
    assert (large.width, large.height) == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)
    small = read_picture(photo((300, 200)), field="photo")
    assert (small.width, small.height) == (300, 200)


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGBA"), ("JPEG", "CMYK")]
)
def test_what_phones_and_cameras_make_becomes_a_plain_jpeg(form: str, mode: str) -> None:
    image = opened(read_picture(photo(form=form, mode=mode), field="photo").content)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (640, 480))


def test_what_is_see_through_becomes_white() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(clear, "PNG")
    image = opened(read_picture(clear.getvalue(), field="photo").content)
    assert min(image.getpixel((30, 30))) > 250  # type: ignore[arg-type]


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    moving = io.BytesIO()
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    red, _green, blue = opened(read_picture(moving.getvalue(), field="photo").content).getpixel((5, 5))  # type: ignore[misc]
    assert red > blue


def test_twelve_megabytes_of_a_phone_are_taken() -> None:
    assert read_picture(photo() + b"\0" * (12 * 1024 * 1024), field="photo").width


def test_more_than_twenty_megabytes_are_refused_with_the_size_and_the_limit() -> None:
    said = refused(photo() + b"\0" * LARGEST_FILE)
    assert "21 MB" in said
    assert f"{LARGEST_FILE // 1024 // 1024} MB" in said


def test_apples_own_form_is_refused_with_what_to_do() -> None:
    assert "Most Compatible" in refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100)


def bomb() -> bytes:
    """A few kilobytes that claim to be 40,000 by 40,000 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    assert "too large to open" in refused(bomb())


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 a PDF called photo.jpg",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"\xff\xd8\xff\xe0 only the beginning of a JPEG",
        b"PK\x03\x04 a zip",
        b"words",
        photo()[:400],
    ],
)
def test_what_is_no_photo_is_refused_in_plain_words(content: bytes) -> None:
    assert "not a photo we can read" in refused(content)


def test_an_empty_file_is_refused() -> None:
    assert "empty" in refused(b"")
