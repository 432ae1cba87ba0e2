"""`commsbridge evaluate wording FILE`: whether a writer would be shown a gentle hint, as on the page of praise."""

from __future__ import annotations

from pathlib import Path

import click

from commsbridge import messages
from commsbridge.cli.commands import Verb
from commsbridge.cli.evaluating.labelled import Row, read_set
from commsbridge.cli.evaluating.scoring import JSON_FILE, SET_FILE, Verdict, share, tell

HINT, OK = "hint", "ok"


@click.command(cls=Verb)
@SET_FILE
@JSON_FILE
def wording(file: Path, json_file: Path | None) -> None:
    """Score the hints on wording, on FILE with the columns id, label and text; category and lang are counted by.

    Labels: hint (deficit, comparison, diagnosis, sarcasm, sting or label), ok (an innocent look-alike).
    """
    verdicts = [_verdict(row) for row in read_set(file, columns=("id", "label", "text"), labels=(HINT, OK))]
    wanted = [verdict for verdict in verdicts if verdict.expected == HINT]
    innocent = [verdict for verdict in verdicts if verdict.expected == OK]
    lines = [f"hints found: {share(wanted)}", f"innocent left alone: {share(innocent)}"]
    tell(verdicts, lines=lines, json_file=json_file)


def _verdict(row: Row) -> Verdict:
    got = HINT if messages.hints_for(row["text"], child="") else OK
    groups = {row["label"]: row.get("category", ""), f"{row['label']} in": row.get("lang", "")}
    counted = {name: group for name, group in groups.items() if group}
    return Verdict(row["id"], row["label"], got, got == row["label"], counted)
