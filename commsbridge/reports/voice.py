"""Whānau voice in figures: what homes answered to the questions of a term. Never a family's score, never a child's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from commsbridge.foundation.work import Work
from commsbridge.reports.groups import without_small
from commsbridge.reports.periods import Period
from commsbridge.reports.summary import SMALLEST_GROUP, Share

# From this score on an answer says mostly or yes.
AGREES = 3
SCORES = (1, 2, 3, 4)
VOICE = ("term_on", "told_on", "question", "asked", "answered", "language", "score", "answers")
# A round is told on the day after its last; whom nothing left for was not asked, unless they answered all the same.
ROUNDS = """
SELECT r.id, r.term_on, r.closes_on, r.first, r.second, count(a.id) AS asked
FROM pulse_rounds r LEFT JOIN (
  SELECT a.id, a.school_id, a.round_id FROM pulse_asks a
    JOIN deliveries d ON d.school_id = a.school_id AND d.id = a.delivery_id
  WHERE d.state IN ('sending', 'uncertain', 'sent', 'delivered') OR a.first_done OR a.second_done
) a ON a.school_id = r.school_id AND a.round_id = r.id
WHERE r.closes_on >= :first_on - 1 AND r.closes_on < :last_on
GROUP BY r.id ORDER BY r.term_on DESC
"""
ANSWERS = """
SELECT round_id, question, language, score, count(*) AS answers FROM pulse_answers
WHERE round_id = ANY(:rounds) GROUP BY round_id, question, language, score
"""


@dataclass(frozen=True, slots=True)
class Voice:
    """What homes said to one question of one term; ``told_on`` is the day from which it is told.

    ``scores`` counts the answers 1 to 4, and ``languages`` those who said mostly or yes by the language they asked
    for; both are empty where fewer than SMALLEST_GROUP answered.
    """

    question: str
    term_on: date
    told_on: date
    asked: int
    answered: int
    scores: tuple[int, ...] = ()
    languages: dict[str, Share] = field(default_factory=dict)
    by_language: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def share(self) -> Share:
        """Who said mostly or yes.

        Formula: |answers of AGREES or more| / |answers|; not told below SMALLEST_GROUP. Source: the six elements of
        home-school partnership and what parents expect of it, as the Education Review Office found
        (messages.letters.pulse); the four steps and where agreeing begins are the service's own.
        """
        return Share(sum(self.scores[AGREES - 1 :]), self.answered) if self.scores else Share(0, 0, told=False)

    @property
    def response(self) -> Share:
        """Formula: |who answered| / |who was asked|; always told beside the share, since silence says nothing."""
        return Share(self.answered, self.asked)


def voices(work: Work, period: Period) -> tuple[Voice, ...]:
    """What homes said, of every round that is told on a day of the period, the newest first."""
    given = {"first_on": period.first_on, "last_on": period.last_on}
    rounds = work.session.execute(text(ROUNDS), given).all()
    if not rounds:
        return ()
    found: dict[tuple[Any, str], dict[str, list[int]]] = {}
    for row in work.session.execute(text(ANSWERS), {"rounds": [each.id for each in rounds]}):
        of_question = found.setdefault((row.round_id, row.question), {})
        of_question.setdefault(row.language, [0] * len(SCORES))[row.score - 1] = row.answers
    return tuple(
        voice(question, each.term_on, each.closes_on, each.asked, found.get((each.id, question), {}))
        for each in rounds
        for question in (each.first, each.second)
    )


def voice(question: str, term_on: date, closes_on: date, asked: int, answers: dict[str, list[int]]) -> Voice:
    """One question's figures from its answers, counted 1 to 4 by language. Pure."""
    scores = tuple(sum(each) for each in zip(*answers.values(), strict=True)) or (0,) * len(SCORES)
    answered, told_on = sum(scores), closes_on + timedelta(days=1)
    if answered < SMALLEST_GROUP:
        return Voice(question, term_on, told_on, asked, answered)
    groups = {name: Share(sum(each[AGREES - 1 :]), sum(each)) for name, each in sorted(answers.items()) if any(each)}
    told = without_small(groups)
    kept = {name: tuple(answers[name]) for name, share in told.items() if share.told}
    return Voice(question, term_on, told_on, asked, answered, scores, told, kept)


def voice_rows(found: tuple[Voice, ...]) -> Iterator[tuple[Any, ...]]:
    """The answers behind the figures, of VOICE columns: how many gave each score, of all and of each language told.

    A question that too few answered has one row without a score.
    """
    for each in found:
        about = (each.term_on, each.told_on, each.question, each.asked, each.answered)
        if not each.scores:
            yield (*about, "", None, None)
        for language, scores in ({"": each.scores} | each.by_language).items():
            yield from ((*about, language, score, count) for score, count in zip(SCORES, scores, strict=False))


def jsoned(each: Voice) -> dict[str, Any]:
    """One question's figures as JSON takes them; None where they are not told."""
    share = each.share
    return {
        "question": each.question,
        "term_on": each.term_on.isoformat(),
        "told_on": each.told_on.isoformat(),
        "asked": each.asked,
        "answered": each.answered,
        "agree": share.count if share.told else None,
        "scores": list(each.scores) or None,
        "languages": {
            name: {"count": told.count, "of": told.of} if told.told else None for name, told in each.languages.items()
        },
    }
