"""Robots: answers that a mailbox or a phone sends by itself though no header says so, known by their words."""

from __future__ import annotations

import re

from commsbridge.foundation.names import fold

# What mail programs put before such an answer (Outlook: "Automatic reply:", Gmail and others: "Out of office"; RFC 3834
# names "Auto:"), and what phones write for whoever drives.
_OPENS = re.compile(
    r"\W*(?:re:? )?(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer|message)|out of (?:the )?office"
    r"(?: (?:auto[ -]?)?(?:reply|message|response))?|ooo|urupare aunoa|whakautu aunoa)\b(?: ?[:.!-]| from\b|$)|"
    r"\W*(?:this is an? auto|(?:im|i am) driving (?:with do not disturb|and will|right now and))"
)
_APOSTROPHE = re.compile("[\u2018\u2019\u02bc'`]")
# A letter of the same kind without such a beginning says both that its writer is away and who is there instead.
_AWAY = re.compile(
    r"\b(?:i am|im|i will be|ill be|currently) (?:currently |now )?(?:out of (?:the )?office|away from (?:my|the) "
    r"(?:desk|office|emails?|mail|inbox)|on (?:annual|parental|maternity|sick|study|bereavement) leave)\b"
)
_INSTEAD = re.compile(
    r"\b(?:limited|no|intermittent) access to (?:my )?(?:emails?|mail|messages)|"
    r"\b(?:will|shall) (?:reply|respond|answer|get back to you|attend to (?:it|your))\b.*\b(?:return|back)\b|"
    r"\b(?:if|for|in) (?:it is |this is |anything )?(?:your (?:matter|query|email) is )?(?:urgent|an emergency|"
    r"immediate)\b.*\b(?:contact|call|ring|phone|email)\b|"
    r"\bnot (?:be )?(?:checking|monitoring|reading) (?:my |this )?(?:emails?|mail|inbox)"
)


def sent_by_itself(words: str, *, subject: str | None) -> bool:
    """Whether a machine wrote ``words`` for somebody who is away; who merely tells of leave has written themselves."""
    said = fold(_APOSTROPHE.sub("", words))
    if _OPENS.match(said) or (subject and _OPENS.match(fold(_APOSTROPHE.sub("", subject)))):
        return True
    return bool(_AWAY.search(said) and _INSTEAD.search(said))
