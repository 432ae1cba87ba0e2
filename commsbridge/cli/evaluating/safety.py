"""`commsbridge evaluate safety FILE`: whether a named person would be told now, as for every message that comes in."""

from __future__ import annotations

from pathlib import Path

import click

from commsbridge import conversations
from commsbridge.cli.commands import Verb
from commsbridge.cli.evaluating.labelled import Row, read_set
from commsbridge.cli.evaluating.scoring import JSON_FILE, SET_FILE, Verdict, share, tell

URGENT, NOT = "urgent", "not"


@click.command(cls=Verb)
@SET_FILE
@JSON_FILE
def safety(file: Path, json_file: Path | None) -> None:
    """Score the screening, on FILE with the columns id, label, category, lang and text.

    Labels: urgent (somebody named should read it now), not (a look-alike). What is missed counts most, by category
    and language; then look-alikes that were taken for urgent.
    """
    verdicts = [_verdict(row) for row in read_set(file, columns=("id", "label", "text"), labels=(URGENT, NOT))]
    wanted = [verdict for verdict in verdicts if verdict.expected == URGENT]
    innocent = [verdict for verdict in verdicts if verdict.expected == NOT]
    lines = [f"urgent found: {share(wanted)}", f"look-alikes left alone: {share(innocent)}"]
    tell(verdicts, lines=lines, json_file=json_file)


def _verdict(row: Row) -> Verdict:
    got = URGENT if conversations.safety.screen(row["text"]).says is conversations.safety.Screened.URGENT else NOT
    groups = {row["label"]: row.get("category", ""), f"{row['label']} in": row.get("lang", "")}
    counted = {name: group for name, group in groups.items() if group}
    return Verdict(row["id"], row["label"], got, got == row["label"], counted)
