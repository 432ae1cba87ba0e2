"""Pictures people send: read with suspicion, made smaller and written anew, so that nothing hidden in them travels."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_

# A phone of 2026 writes up to 15 MB at its finest; a browser makes it smaller before it goes (static/js/photo.js).
LARGEST_FILE = 20 * 1024 * 1024
# A phone of 2026 takes up to 50 megapixels; decoded that is 150 MB, and a picture that claims more is a bomb.
MOST_PIXELS = 50_000_000
# The longer side of what goes home: sharp on any phone, and about 150 KB of a family's data.
LONGEST_SIDE = 1280
QUALITY = 80
READABLE = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"
APPLE_TYPE = "image/heic"
# ISO/IEC 14496-12 puts "ftyp" and a brand at byte 4; these brands are HEIC and AVIF stills.
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: a JPEG of our own making, with its width and height in pixels."""

    content: bytes
    width: int
    height: int


def read_picture(content: bytes, *, field: str) -> Picture:
    """A picture made smaller, turned upright and written anew as a JPEG, without EXIF, location or anything hidden.

    Takes a JPEG, PNG or WebP of at most LARGEST_FILE bytes and MOST_PIXELS pixels, whatever it is named; of a moving
    picture the first frame. Raises Invalid, naming ``field``, for anything else.
    """
    if not content:
        raise Invalid(N_("That file is empty. Choose the photo again."), field=field)
    if len(content) > LARGEST_FILE:
        raise Invalid(
            N_("That photo is %(size)s MB. The most is %(limit)s MB: send it from the phone in a smaller size."),
            field=field,
            size=-(-len(content) // (1024 * 1024)),
            limit=LARGEST_FILE // (1024 * 1024),
        )
    if is_apple_form(content):
        raise Invalid(
            N_(
                "That photo is in Apple’s own form (HEIC), which many phones cannot show. On an iPhone choose "
                "Settings, Camera, Formats, Most Compatible, and take it again; or send a screenshot of it."
            ),
            field=field,
        )
    try:
        return _made_anew(content, field)
    except Image.DecompressionBombError as error:
        raise _too_large(field) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _no_photo(field) from error


def is_apple_form(content: bytes) -> bool:
    """Whether a file says that it is a HEIC or AVIF still, which phones write and we do not open."""
    return content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS


def _made_anew(content: bytes, field: str) -> Picture:
    with warnings.catch_warnings():
        # Whatever a strange file makes the library say, the file is judged by what can be read of it.
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(content), formats=READABLE)
        except UnidentifiedImageError as error:
            raise _no_photo(field) from error
        if image.width * image.height > MOST_PIXELS:
            raise _too_large(field)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        flat = _on_white(upright)
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(written.getvalue(), flat.width, flat.height)


def _on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency, in plain RGB, with nothing of what came with it but its pixels."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        page = Image.new("RGB", clear.size, "white")
        page.paste(clear, mask=clear.getchannel("A"))
        return page
    plain = Image.new("RGB", image.size)
    plain.paste(image.convert("RGB"))
    return plain


def _too_large(field: str) -> Invalid:
    return Invalid(N_("That picture is far too large to open. Send a smaller one."), field=field)


def _no_photo(field: str) -> Invalid:
    return Invalid(
        N_("That file is not a photo we can read. Send a JPEG or a PNG, as phones and cameras make them."), field=field
    )
