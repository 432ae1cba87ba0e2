"""`commsbridge evaluate language FILE`: which language somebody wrote in, as inbound messages are marked."""

from __future__ import annotations

from pathlib import Path

import click

from commsbridge.cli.commands import Verb
from commsbridge.cli.evaluating.labelled import Row, read_set
from commsbridge.cli.evaluating.scoring import JSON_FILE, SET_FILE, Verdict, share, tell
from commsbridge.foundation.reading_language import WrittenIn, language_written

# How finer labels count; every label that is not here is another language.
COUNTS_AS = {
    "en": WrittenIn.ENGLISH,
    "en_loan": WrittenIn.ENGLISH,
    "mi": WrittenIn.TE_REO,
    "mi_nomac": WrittenIn.TE_REO,
    "mix": WrittenIn.MIXED,
}


@click.command(cls=Verb)
@SET_FILE
@JSON_FILE
def language(file: Path, json_file: Path | None) -> None:
    """Score how the language of inbound messages is marked, on FILE with the columns id, text and label.

    Labels: en, en_loan (counts as en), mi, mi_nomac (without macrons, counts as mi), mix; all others count as other.
    """
    verdicts = [_verdict(row) for row in read_set(file, columns=("id", "text", "label"))]
    ours = [verdict for verdict in verdicts if verdict.expected in {WrittenIn.ENGLISH, WrittenIn.TE_REO}]
    tell(verdicts, lines=[f"English and te reo Māori: {share(ours)}"], json_file=json_file)


def _verdict(row: Row) -> Verdict:
    expected = COUNTS_AS.get(row["label"], WrittenIn.OTHER)
    got = language_written(row["text"])
    return Verdict(row["id"], expected, got, expected is got, {"label": row["label"]})
