"""What homes of the album asked and when somebody talked with them, and what they said to the questions of the term."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import text

from commsbridge import conversations
from commsbridge.conversations.promises import Kept
from commsbridge.foundation.work import Work

# School days back, time, the place of the child in the long class, words; school days back and time of the talk.
ASKED = (
    (10, "09:10", 2, "When is camp?", 10, "11:30"),
    (9, "09:05", 3, "What time does the trip come back?", 9, "09:40"),
    (8, "10:00", 4, "Can she bring her cello on Friday?", 7, "09:30"),
    (7, "12:20", 5, "Does he need togs tomorrow?", 7, "14:45"),
    (6, "09:15", 6, "Who do I ring about the bus?", 5, "14:00"),
    (5, "10:05", 7, "Is there homework this week?", 1, "10:30"),
    (4, "11:00", 8, "When are the photos?", 4, "11:50"),
)
CLOSED_ON = date(2026, 11, 13)
SCORES = {"en": (1, 2, 6, 9), "mi": (0, 1, 2, 4), "both": (0, 0, 1, 1)}


def talked(work: Work, number: str) -> None:
    """Somebody rang about what came last from a phone."""
    reply_id = work.session.scalars(
        text("SELECT id FROM replies WHERE from_address = :number ORDER BY received_at DESC LIMIT 1"),
        {"number": number},
    ).one()
    assert conversations.promises.keep(work, reply_id, Kept.TALKED) is not None


def hear_voice(work: Work) -> None:
    """A round of two questions that is over: to the first many answered, to the second too few to be told."""
    round_id = work.session.scalar(
        text(
            "INSERT INTO pulse_rounds (term_on, first, second, went_at, closes_on) "
            "VALUES ('2026-10-12', 'news', 'answers', :went, :closes) RETURNING id"
        ),
        {"went": datetime(2026, 11, 9, 3, tzinfo=UTC), "closes": CLOSED_ON},
    )
    work.session.execute(
        text(
            "INSERT INTO pulse_asks (round_id, contact_id, delivery_id, address, asked_at, first_done) "
            "SELECT :round, c.id, (SELECT id FROM deliveries ORDER BY id LIMIT 1), '+64', :went, true FROM contacts c"
        ),
        {"round": round_id, "went": datetime(2026, 11, 9, 3, tzinfo=UTC)},
    )
    given = [
        ("news", language, score, many) for language, all_of in SCORES.items() for score, many in enumerate(all_of, 1)
    ]
    for question, language, score, many in [*given, ("answers", "en", 4, 3)]:
        work.session.execute(
            text(
                "INSERT INTO pulse_answers (round_id, question, score, language) "
                "SELECT :round, :question, :score, :language FROM generate_series(1, :many)"
            ),
            {"round": round_id, "question": question, "score": score, "language": language, "many": many},
        )
