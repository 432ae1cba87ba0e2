"""The partnership log: one line for every home-school moment, append-only, folded for reading."""

from commsbridge.partnership.actions import (
    BY_HAND,
    NewLine,
    fold_from,
    fold_onto,
    fold_others,
    write_korero,
    write_line,
    write_lines,
)
from commsbridge.partnership.models import Korero, Line, Moment
from commsbridge.partnership.queries import (
    Entry,
    concerns_since,
    entry_of,
    good_news_days,
    good_news_reached,
    korero_words,
    last_praise_by,
    line_by_id,
    lines_saying,
    praise_by,
    praised_since,
    timeline,
)

__all__ = [
    "BY_HAND",
    "Entry",
    "Korero",
    "Line",
    "Moment",
    "NewLine",
    "concerns_since",
    "entry_of",
    "fold_from",
    "fold_onto",
    "fold_others",
    "good_news_days",
    "good_news_reached",
    "korero_words",
    "last_praise_by",
    "line_by_id",
    "lines_saying",
    "praise_by",
    "praised_since",
    "timeline",
    "write_korero",
    "write_line",
    "write_lines",
]
