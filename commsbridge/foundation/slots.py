"""What a written sentence must share with its English: placeholders, markup, and nothing that formatting trips over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
_MARKUP = re.compile(r"<[^<>]*>")


def slot_faults(english: Sequence[str], written: Sequence[str]) -> Iterator[str]:
    """What is wrong with the placeholders and markup of ``written``: one note for each form and fault.

    ``english`` is one form, or (one, many) of a sentence that counts; ``written`` has as many forms as its language
    counts by. A counting form may show a number that its English leaves out.
    """
    for beside, form in zip(_beside(english, len(written)), written, strict=True):
        yield from _faults(english, beside, form)


def _beside(english: Sequence[str], forms: int) -> list[Sequence[str]]:
    """The English that each form stands beside: its own, or both where a language counts otherwise than English."""
    return [(each,) for each in english] if len(english) == forms else [english] * forms


def _faults(english: Sequence[str], beside: Sequence[str], form: str) -> Iterator[str]:
    slots, there = [set(_PLACEHOLDER.findall(each)) for each in beside], _PLACEHOLDER.findall(form)
    every = {slot for each in english for slot in _PLACEHOLDER.findall(each)}
    if not set.intersection(*slots) <= set(there) <= every:
        yield "other placeholders than the English"
    elif len(there) > max(len(every), *(len(_PLACEHOLDER.findall(each)) for each in beside)):
        yield "a placeholder more often than in the English"
    if all(sorted(_MARKUP.findall(each)) != sorted(_MARKUP.findall(form)) for each in beside):
        yield "other markup than the English"
    if any("%" in _PLACEHOLDER.sub("", text.replace("%%", "")) for text in (*beside, form)):
        yield "a lone per cent sign (write %%), or a placeholder without a name"
