"""What somebody wrote in a mail, without the letter they answered: linear, language-free, and never the only copy."""

from __future__ import annotations

import re

LONGEST_WORDS = 20_000
MOST_ATTRIBUTION_LINES = 4
FEWEST_HEAD_LINES = 3

_ADDRESS = re.compile(r"\S+@\S+")
_DATE = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}")
# "From: …", "*Sent:* …", "Betreff: …": a short name, a colon, and something.
_HEAD = re.compile(r"[*>\s]{0,4}[^\s:*][^:*]{0,24}:\*?\s*\S.*")
_PHONE = r"iphone|ipad|samsung|galaxy|android|blackberry|huawei|oppo|phone|mobile|outlook|windows|yahoo"
_SENT_FROM = re.compile(rf"(?:sent from|get) (?:my )?[\w ]{{0,30}}\b(?:{_PHONE})\b[\w ]{{0,20}}", re.IGNORECASE)


def reply_words(text: str, *, our_domain: str, marker: str) -> str:
    """The words above our ``marker``'s line, without quoted lines at the end and what a mail program wrote between.

    Programs put "On Tuesday … wrote:" in any language, or the head of the letter, above the quotation: the one is known
    by ending with a colon and holding a date or an address, the other by its lines of a name, a colon and a value with
    an address among them. When nothing would be left, everything is kept.
    """
    lines = text[: LONGEST_WORDS * 4].splitlines()
    cut = next((number for number, line in enumerate(lines) if marker in line), None)
    kept = lines if cut is None else lines[:cut]
    quoted = cut is not None
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">")):
        quoted = quoted or kept[-1].lstrip().startswith(">")
        kept.pop()
    if quoted:
        kept = _without_head(_without_attribution(kept, our_domain))
    words = "\n".join(_without_sign(kept)).strip()
    return (words or text.strip())[:LONGEST_WORDS]


def _without_attribution(lines: list[str], our_domain: str) -> list[str]:
    """Without the line, folded into up to four, that says who wrote what follows, and when."""
    if not lines or not lines[-1].rstrip().endswith(":"):
        return lines
    addressed = None
    for count in range(1, min(MOST_ATTRIBUTION_LINES, len(lines)) + 1):
        if not lines[-count].strip():
            break
        block = " ".join(lines[-count:])
        if _DATE.search(_ADDRESS.sub("", block)):
            return lines[:-count]
        if addressed is None and ("@" in block or (our_domain and our_domain in block)):
            addressed = count
    return lines[:-addressed] if addressed else lines


def _without_head(lines: list[str]) -> list[str]:
    """Without the head of the letter answered (sender, date, receiver, subject) and the rule above it."""
    head = len(lines)
    while head and _HEAD.fullmatch(lines[head - 1]):
        head -= 1
    block = lines[head:]
    if len(block) < FEWEST_HEAD_LINES or not any("@" in line for line in block):
        return lines
    kept = _trimmed(lines[:head])
    if kept and kept[-1].strip().startswith(("_____", "-----")):
        kept.pop()
    return kept


def _without_sign(lines: list[str]) -> list[str]:
    """Without the line a phone puts beneath ("Sent from my iPhone"), where there is anything else."""
    kept = _trimmed(lines)
    return kept[:-1] if len(kept) > 1 and _SENT_FROM.fullmatch(kept[-1].strip()) else kept


def _trimmed(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
