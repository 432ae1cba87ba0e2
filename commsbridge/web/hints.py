"""Gentle hints on a writer's own words: in the browser as they write, and at the preview where no script runs.

They are for the writer alone. Nothing is kept, nothing is counted, and nothing is held up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commsbridge import messages
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.messages import HintKind
from commsbridge.web.shown import Shown

SAYS = {
    HintKind.STING: N_("“%(words)s” may take some of the praise back. Two other ways:"),
    HintKind.DEFICIT: N_("“%(words)s” tells what is hard, or what did not happen. Two ways to tell what did:"),
    HintKind.COMPARISON: N_("“%(words)s” may sound like measuring one child against others. Two other ways:"),
    HintKind.DIAGNOSIS: N_("“%(words)s” may be about health more than about what happened. Two other ways:"),
    HintKind.SARCASM: N_("“%(words)s” may hurt when it is read without your voice. Two other ways:"),
    HintKind.LABEL: N_("“%(words)s” names the child. Two ways to name what they did:"),
}
# A concern, a note, something to work on: there is no praise in them to take back.
SAYS_OF_HARD_THINGS = {**SAYS, HintKind.STING: N_("“%(words)s” may sound like a reproach. Two other ways:")}
# What the browser's reader puts the writer's words in place of.
SLOT = "{words}"


def hints_beside(
    work: Work,
    shown: Shown,
    written: Mapping[str, tuple[str, str]],
    *,
    asked: bool,
    says: Mapping[HintKind, str] = SAYS,
) -> dict[str, Any]:
    """What the macros of macros/hints.html take: for each field its words and the name of the child they are about.

    ``asked``: the writer wants to see what goes, and no script has shown any hint.
    """
    own = messages.own_rows(work)
    return {
        "own": "\n".join(own),
        "says": {category.value: shown.say(sentence, words=SLOT) for category, sentence in says.items()},
        "fields": {
            field: {
                "child": child,
                "hints": [
                    {
                        "sentence": shown.say(says[hint.category], words=hint.words),
                        "ways": hint.ways,
                        "lang": hint.language.tag,
                    }
                    for hint in (messages.hints_for(words, child=child, own=own) if asked else [])
                ],
            }
            for field, (words, child) in written.items()
        },
    }
