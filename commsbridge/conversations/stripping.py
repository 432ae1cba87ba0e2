"""What somebody wrote in a mail, without the letter they answered: linear, language-free, and never the only copy."""

from __future__ import annotations

from commsbridge.messages import REPLY_MARKER

LONGEST_WORDS = 20_000
MOST_ATTRIBUTION_LINES = 3


def reply_words(text: str, *, our_domain: str) -> str:
    """The words above our marker line, without quoted lines at the end and the line that introduces them.

    Mail programs put "On Tuesday … wrote:" above the quotation in any language; it is known by our own address in it,
    or by standing right before the cut and ending with a colon. When nothing would be left, everything is kept.
    """
    lines = text[: LONGEST_WORDS * 4].splitlines()
    cut = next((number for number, line in enumerate(lines) if REPLY_MARKER in line), None)
    kept = lines if cut is None else lines[:cut]
    quoted = cut is not None
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">")):
        quoted = quoted or kept[-1].lstrip().startswith(">")
        kept.pop()
    if quoted:
        kept = _without_attribution(kept, our_domain)
    words = "\n".join(kept).strip()
    return (words or text.strip())[:LONGEST_WORDS]


def _without_attribution(lines: list[str], our_domain: str) -> list[str]:
    for count in range(1, min(MOST_ATTRIBUTION_LINES, len(lines)) + 1):
        block = " ".join(lines[-count:]).strip()
        ours = bool(our_domain) and our_domain in block
        if block.endswith(":") and (ours or count == 1 or "@" in block):
            return lines[:-count]
    return lines
