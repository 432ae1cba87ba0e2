"""Whānau's own pages carry their style within them: what they use of the one stylesheet, and no second way to fetch it.

On a slow line each round trip costs a reader most of a second; the rules they use are small enough to come along.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from markupsafe import Markup

from commsbridge.web.assets import STATIC

TEMPLATES = Path(__file__).parent / "templates"
SHEET = STATIC / "css" / "commsbridge.css"
FAMILY = "family_base.html"
# What base.html itself draws for whoever is not signed in.
FRAME = frozenset({"skip", "top", "end", "main"})
# Their pages are set in one typeface (family_base.html): the other one's faces are for the staff's.
_OTHER_FACE = re.compile(r"Bridge Hand|Hand Stand-in")
_NAMED = re.compile(r'"([^"]*)"|\'([^\']*)\'')
_WORD = re.compile(r"[A-Za-z][\w-]*")
_OF_RULE = re.compile(r"[.#]([A-Za-z][\w-]*)")
_NEEDED = re.compile(r'{%-?\s*(?:extends|import|include)\s+"([^"]+)"')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@cache
def style_within() -> Markup:
    """The style element of whānau's own pages."""
    return Markup(f"<style>{sheet_within()}</style>")  # noqa: S704 - the service's own stylesheet


@cache
def allowed_within() -> str:
    """What the content security policy says so that this very style runs, and no other that stands in a page."""
    return f"'sha256-{b64encode(hashlib.sha256(sheet_within().encode()).digest()).decode()}'"


@cache
def sheet_within() -> str:
    """The rules of the one stylesheet that may meet something on whānau's pages, with nothing in them but rules."""
    plain = _COMMENT.sub("", SHEET.read_text("utf-8"))
    rules = "".join(_kept(plain, names_on_their_pages()))
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", rules)).replace("../", "/static/").replace(";}", "}")


@cache
def names_on_their_pages() -> frozenset[str]:
    """Each word that a template of theirs, or what it is made of, might give as a class or an id."""
    sources = {path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    waiting = [FAMILY, *(name for name, source in sources.items() if FAMILY in _NEEDED.findall(source))]
    seen = {"base.html"}
    words = set(FRAME)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _NEEDED.findall(sources[name])
            quoted = (" ".join(found) for found in _NAMED.findall(sources[name]))
            words |= {word for said in quoted for word in _WORD.findall(said)}
    return frozenset(words)


def _kept(sheet: str, names: frozenset[str]) -> Iterator[str]:
    for prelude, body in _rules(sheet):
        if prelude.startswith(("@media", "@supports")):
            within = "".join(_kept(body, names))
            if within:
                yield f"{prelude}{{{within}}}"
        elif prelude.startswith("@"):
            if not _OTHER_FACE.search(body):
                yield f"{prelude}{{{body}}}"
        else:
            met = [each for each in _selectors(prelude) if names.issuperset(_OF_RULE.findall(each))]
            if met:
                yield f"{','.join(met)}{{{body}}}"


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Each rule as what stands before its braces and what stands within."""
    begin = depth = opened = 0
    for at, sign in enumerate(sheet):
        if sign == "{":
            opened = opened if depth else at
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield sheet[begin:opened].strip(), sheet[opened + 1 : at]
                begin = at + 1


def _selectors(prelude: str) -> list[str]:
    """The selectors of a rule, apart at the commas that stand in no brackets."""
    found, depth = [""], 0
    for sign in prelude:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return [each.strip() for each in found]
