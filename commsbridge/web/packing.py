"""Pages and files go packed to browsers that can unpack them: on bad wifi that is a quarter of the wait."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Response, request

PACKED = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "text/tab-separated-values"})
# Below this a packed answer is hardly smaller (bytes).
SMALLEST = 512
PAGE_LEVEL, FILE_LEVEL = 5, 9


def pack(response: Response) -> Response:
    """Pack the answer with gzip where that is worth it and the browser asked for it.

    A page that is packed shows an onlooker how well a guess in it compresses (BREACH); that takes another site that
    can ask for pages as this person, and the cookies (SameSite=Lax) do not go with what another site asks for.
    """
    if response.mimetype not in PACKED or response.status_code in {204, 304}:
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0 or "Content-Encoding" in response.headers:
        return response
    file = request.endpoint == "static"
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) >= SMALLEST:
        response.set_data(_packed_file(plain) if file else gzip.compress(plain, PAGE_LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response


@lru_cache(maxsize=16)
def _packed_file(plain: bytes) -> bytes:
    """A file packed as well as can be, once: there are a handful, and they do not change while the service runs."""
    return gzip.compress(plain, FILE_LEVEL, mtime=0)
