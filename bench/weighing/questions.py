"""How words lean to asking something, so that somebody owes an answer: the sets that is learned from."""

from __future__ import annotations

from bench.weighing.fitting import fitted
from bench.weighing.labelled import fingerprint, labelled
from commsbridge.conversations import Asks, owed, owed_leaning, texted
from commsbridge.conversations.weighing import Weights, written

TABLE = owed_leaning.TABLE
# The rules were mended by what they missed here, so only what is learned can be tried on one of these left out.
KNOWN_TO_RULES = (
    "questions", "questions_held_out", "questions_second_look", "questions_last_look", "questions_third_look",
    "questions_fourth_look", "questions_fifth_look", "questions_learned_in_jest",
)  # fmt: skip
SETS = (
    *KNOWN_TO_RULES,
    "questions_learned",
    "questions_learned_second",
    "questions_learned_first_sight",
    "questions_learned_told",
    "questions_learned_told_again",
    "questions_learned_second_sight",
    "questions_learned_everyday",
    "questions_learned_third_sight",
    "questions_learned_fourth_sight",
    "questions_learned_fifth_sight",
    "questions_learned_many_ways",
)


def learned(*, without: str = "") -> Weights:
    """The weights of every mark; ``without`` names a set of SETS that is left out, and whatever stands in it."""
    held = {text for text, _ in of(without)} if without else set()
    seen = [each for name in SETS if name != without for each in of(name) if each[0] not in held]
    return fitted([(owed_leaning.marks(text), asked) for text, asked in seen], met=2, least=0.05)


def of(name: str) -> list[tuple[str, bool]]:
    """Each text of the set ``name``, and whether somebody owes an answer."""
    return labelled(name, wanted=[each for each in Asks if each.owed])


def told(weights: Weights, text: str, *, rules: bool) -> bool:
    """Whether ``text`` is taken to ask by ``weights`` instead of the shipped ones, with or without the rules."""
    odds = weights.log_odds(owed_leaning.marks(text))
    return owed.is_owed(odds, by_rule=owed.by_rules(text).owed) if rules else odds > 0


def table() -> str:
    """The table as it is shipped, anew."""
    return written(learned(), head=head())


def head() -> list[str]:
    """What the shipped table says of itself; the fingerprint is of everything it is learned from."""
    return [
        "How words lean to asking something: log-odds, learned by `make weights` (bench/weighing) from the labelled",
        "sets of questions in tests/labelled and the kinds of word (owed_concepts.tsv).",
        f"learned from {fingerprint(SETS, [texted.TABLE, owed_leaning.CONCEPTS])}",
    ]
