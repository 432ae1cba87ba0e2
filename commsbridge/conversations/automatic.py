"""Texts that a phone writes by itself: kept, answered by nobody, and counted as no reply; pure.

Narrow: only the words that phones and their systems send (Apple's Driving Focus, Google's Android Auto), whole, and
what calls itself an automatic reply. "Driving now, ring you later" is a person's.
"""

from __future__ import annotations

import re

from commsbridge.foundation.names import fold

_CALLS_ITSELF = re.compile(
    r"[\W_]*(?:(?:this is an? |it is an? )?auto(?:matic|mated)?[\s-]*(?:reply|response|answer|message)\b|"
    r"out[\s-]of[\s-](?:the[\s-])?office\b|he whakautu aunoa\b)"
)
_OF_PHONES = re.compile(
    r"im driving (?:with (?:do not disturb while driving|(?:driving )?focus) turned on|right now)"
    r"(?: ill (?:see your message when i get where im going|get back to you (?:later|soon|when i can)|text you later))?"
    r"(?: im not receiving notifications if this is urgent reply urgent to send a notification through with your "
    r"original message)?"
)
_SIGNS = re.compile(r"[’'‘`]")


def is_automatic(words: str) -> bool:
    """Whether a text is a phone's own and no person's."""
    said = fold(_SIGNS.sub("", words))
    return bool(_CALLS_ITSELF.match(said) or _OF_PHONES.fullmatch(" ".join(re.findall(r"\w+", said))))
