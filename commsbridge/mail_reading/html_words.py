"""The words of an HTML mail that came without a plain part: tags off, lines kept. Linear, whatever it is fed."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*|[!?][^<>]*)>")
_SILENT = frozenset({"style", "script", "head", "title"})
_BLOCKS = re.compile(
    "address|article|blockquote|br|d[dlt]|div|footer|form|h[1-6]|header|hr|li|ol|p|pre|section|table|tr|ul"
)
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_GAPS = re.compile(r"\n{3,}")


def html_words(page: str) -> str:
    """The visible words of a page, a line for each block; style, script, head and comments are left out."""
    pieces: list[str] = []
    silent, at = "", 0
    page = _without_comments(page)
    for tag in _TAG.finditer(page):
        if not silent:
            pieces.append(_SPACES.sub(" ", html.unescape(page[at : tag.start()])))
        at = tag.end()
        name = (tag.group(2) or "").lower()
        if silent:
            silent = "" if tag.group(1) and name == silent else silent
        elif name in _SILENT and not tag.group(1):
            silent = name
        elif _BLOCKS.fullmatch(name):
            pieces.append("\n")
    if not silent:
        pieces.append(_SPACES.sub(" ", html.unescape(page[at:])))
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def _without_comments(page: str) -> str:
    kept, at = [], 0
    while (start := page.find("<!--", at)) >= 0:
        end = page.find("-->", start + 4)
        if end < 0:
            break
        kept.append(page[at:start])
        at = end + 3
    return "".join([*kept, page[at:]])
