"""The phrases of the bank as chips by value."""

from __future__ import annotations

from typing import Any

from commsbridge import messages
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.messages import Draft, Phrase
from commsbridge.web.acting import language


def phrase_groups(work: Work, offered: list[Phrase], draft: Draft, *, name: str, name_mi: str) -> list[dict[str, Any]]:
    """The phrases by value about ``name`` (in te reo ``name_mi``), in the reader's language with the other beneath."""
    mi = language() is Language.MI
    groups: dict[str, dict[str, Any]] = {}
    for phrase in _with_chosen(work, offered, draft):
        group = groups.setdefault(
            phrase.value, {"value": phrase.value, "name": messages.value_name(phrase.value, language()), "phrases": []}
        )
        in_mi, in_en = phrase.text_mi.replace("{name}", name_mi), phrase.text_en.replace("{name}", name)
        first, second = (in_mi, in_en) if mi else (in_en, in_mi)
        group["phrases"].append(
            {
                "value": str(phrase.id),
                "label": first,
                "lang": "mi" if mi else "en-NZ",
                "small": second,
                "small_lang": "en-NZ" if mi else "mi",
            }
        )
    return list(groups.values())


def _with_chosen(work: Work, offered: list[Phrase], draft: Draft) -> list[Phrase]:
    """The phrase already chosen stays on the page though it was used while the page was open."""
    if draft.phrase_id is None or any(phrase.id == draft.phrase_id for phrase in offered):
        return offered
    chosen = messages.phrase_by_id(work, draft.phrase_id)
    return [chosen, *offered] if chosen else offered
