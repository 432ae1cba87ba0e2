"""`commsbridge evaluate questions FILE`: whether somebody owes an answer, as inbound messages are marked."""

from __future__ import annotations

from pathlib import Path

import click

from commsbridge.cli.commands import Verb
from commsbridge.cli.evaluating.labelled import Row, read_set
from commsbridge.cli.evaluating.scoring import JSON_FILE, SET_FILE, Verdict, tell
from commsbridge.conversations import Asks, asks


@click.command(cls=Verb)
@SET_FILE
@JSON_FILE
def questions(file: Path, json_file: Path | None) -> None:
    """Score whether a message asks something, on FILE with the columns id, label, lang and text.

    Labels: question, request, thanks, info. Above all: does somebody owe an answer (a question or a request)?
    """
    verdicts = [_verdict(row) for row in read_set(file, columns=("id", "label", "lang", "text"), labels=list(Asks))]
    owed = [verdict for verdict in verdicts if Asks(verdict.expected).owed]
    told = [verdict for verdict in verdicts if Asks(verdict.got).owed]
    found = [verdict for verdict in told if Asks(verdict.expected).owed]
    lines = [
        f"somebody owes an answer, precision: {_share(len(found), len(told))}",
        f"somebody owes an answer, recall: {_share(len(found), len(owed))}",
        *(f"missed: {each.id}" for each in owed if not Asks(each.got).owed),
        *(f"not owed: {each.id}" for each in told if not Asks(each.expected).owed),
    ]
    tell(verdicts, lines=lines, json_file=json_file)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}, {100 * part / max(whole, 1):.1f} %"


def _verdict(row: Row) -> Verdict:
    got = asks(row["text"])
    return Verdict(row["id"], row["label"], got.value, got == row["label"], {"lang": row["lang"]})
