"""Threats: whether somebody says that they will harm those they write to. Narrow: anger, sorrow and fear are none.

Pure. It decides how a writer is heard from then on (``slowing``), never whether words are kept or read: that some
threat is missed costs a teacher one press, and that a family is taken for one who threatens costs their trust. So
swearing, a complaint, "you will regret this" and what others said are none, and words that sound like distress or a
joke never are.
"""

from __future__ import annotations

import re

from commsbridge.conversations.safety.screening import said
from commsbridge.foundation.names import fold

_SOON = (
    r"(?:ill|i will|i shall|ima|imma|im|i am|we|well|we will|were|we are|"
    r"my (?:brothers?|bros?|boys|mates?|cuz|cousins?) (?:will|are|is)|me and \w+ (?:will|are))"
    r"(?: going to| gonna| coming to)?"
)
_HOW = (
    r"(?: (?:\w+ing|just|so|personally|come|down|over|round|up|there|here|to|and|the|school|seriously|swear|really))"
    r"{0,6}?"
)
_TITLE = r"(?:mr|mrs|ms|miss|whaea|matua)"
_STAFF = r"(?:teachers?|principal|office lady|staff|receptionist|bitch\w*|cow|prick|woman|man|lady|cunts?)"
_WHO = (
    rf"(?:you|ya|yous|youse|(?:every one|all|any|the lot) of (?:you|them)|"
    rf"(?:that|the|your|those) (?:\w+ing )?{_STAFF}|{_TITLE} \w+)"
)
_HURT = r"(?:kill|murder|bash|smash|punch|stab|shoot|slap|belt|deck|hurt|strangle|choke|beat|batter)"
_BREAK = r"(?:smash|kick|bash|break|punch|cut|slit|snap|slash|burn)"
_PARTS = r"(?:face|head|teeth|legs?|neck|throat|jaw|skull|car|house|windows?)"
_PLACES = r"(?:school|place|house|office|classroom|kura)"
# "I'll beat you there" and "I'll shoot you an email" harm nobody.
_HARMLESS = r"(?! (?:with kindness|at|to|in|there|an?|through|over|some|off|up on|back))"
_THREATS = tuple(
    re.compile(rf"\b(?:{pattern})")
    for pattern in (
        rf"{_SOON}{_HOW} {_HURT} {_WHO}\b{_HARMLESS}",
        rf"{_SOON}{_HOW} knock {_WHO} (?:out|over)\b",
        rf"{_SOON}{_HOW} (?:fuck|mess|beat|smash|bash|cut) {_WHO} up\b",
        rf"{_SOON}{_HOW} {_BREAK} (?:your|ya|that \w+s|the teachers|{_TITLE} \w+s) (?:\w+ing )?{_PARTS}\b",
        rf"{_SOON}{_HOW} (?:burn|torch|blow|shoot) (?:up )?(?:down )?(?:that|the|your|this) (?:\w+ing )?{_PLACES}\b",
        (rf"{_SOON} (?:come|coming) (?:down|over|round|up)(?: there| to \w+| to the \w+)? and "
         rf"(?:sort|deal with|do|get) {_WHO} (?:out|over|in|properly)\b"),
        r"(?:your|youre|you are|yous are) (?:all |so |a |\w+ing )*dead(?: meat| man| woman| bitch| cunt)?(?= \.| if)",
        rf"{_TITLE} \w+ (?:is|s) (?:so |a |\w+ing )*dead(?: meat| man| woman)?(?= \.| if)",
        r"(?:better|gotta|should) watch your back\b|watch your back(?: bitch\w*| cunt| mate)?(?= \.)",
        r"i know (?:where (?:you|she|he) (?:lives?|sleeps?|parks?)|where your (?:kids|house|car)|what car you drive)\b",
        r"(?:im|i am|we are|were) coming for (?:all of )?(?:you|yous)(?: all| lot| bitch\w*| cunts?)?(?= \.)",
        rf"(?:till|until|when|if) i get my hands on {_WHO}\b",
        r"(?:you|yous) (?:better|had better) (?:hide|run|sleep with one eye)\b",
        (r"(?:someone|somebody|one of you) (?:is|will|are|s) (?:going to |gonna )?(?:get |be )?"
        r"(?:hurt|killed|bashed|smashed|stabbed|shot) if you\b"),
        rf"(?:hope|wish) {_WHO} (?:all |just )?(?:dies?|rots?|burns?|gets? cancer|get killed)\b",
        r"(?:go|just|should|please) (?:and )?(?:kill|hang|neck) (?:yourself|yourselves)\b|\bkys\b",
        (r"ka (?:patu|kohuru|meke|whiu|tahu) (?:au|ahau|matou) (?:i |ki )?(?:a )?"
        r"(?:koe|koutou|korua|te kaiako|te kura|to (?:upoko|whare|kanohi|motoka))\b"),
        r"ka (?:mate|patua|kohurutia|mekea) (?:koe|koutou|korua|te kaiako) (?:i|e) (?:a )?(?:au|ahau|matou)\b",
    )
)  # fmt: skip
# What others said is told, not threatened: anybody but the writer, or a word for speaking, earlier in that sentence.
_TOLD = re.compile(
    r"\b(?:said|says|saying|say|told|tells|telling|tell|texted|wrote|yelled|screamed|shouted|heard|hears|goes|asked|"
    r"threatened|quote|called out|i mea|ki mai|ki atu|i ki)\b"
)
# A joke, a fright or somebody's own pain: whoever writes that needs a person, and is heard as ever.
_JOKE = re.compile(r"\b(?:lo+l|lmao|rofl|jk|jks|ha(?:ha)+|he(?:he)+)\b")
_HURTS = r"(?:hits?|hitting|beats?|beating|hurts?|hurting|bash(?:es|ing)?|punch(?:es|ed)?)"
_NEVER = re.compile(
    r"\b(?:haha|joking|kidding|(?:kill|hurt|cut|harm|hate|hang) (?:my ?self|me)|"
    rf"{_HURTS} (?:me|us|mum|my)|end (?:it|my life)|(?:want|wanna|going|gonna)(?: to)? die|scared|frightened|"
    r"(?:help|save) (?:me|us)|dont tell (?:my|mum|dad|him|her)|(?:i am|im) (?:[5-9]|1[0-7])|whakamomori|mataku)\b"
)


def threatens(words: str) -> bool:
    """Whether the writer says that they will harm whoever reads this, in English, te reo Māori or txt."""
    line = said(words)
    if _NEVER.search(line) or _JOKE.search(fold(words)):
        return False
    for sentence in line.split(" . "):
        spoken = f"{sentence} ."
        for pattern in _THREATS:
            if (found := pattern.search(spoken)) and not _TOLD.search(spoken[: found.start()]):
                return True
    return False
