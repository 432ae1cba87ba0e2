"""What came of a labelled set: a table for people, and the same for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

JSON_FILE = click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the score there, for programs."
)
SET_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was expected of one row and what came. ``groups`` are what it is also counted by: {"category": "sting"}."""

    id: str
    expected: str
    got: str
    right: bool
    groups: dict[str, str] = field(default_factory=dict)


def tell(verdicts: Sequence[Verdict], *, lines: Sequence[str] = (), json_file: Path | None = None) -> None:
    """Print the score, ``lines`` of a subject's own below it, and write it to ``json_file`` where one is asked for."""
    for line in _told(verdicts):
        click.echo(line)
    for line in lines:
        click.echo(line)
    for wrong in (verdict for verdict in verdicts if not verdict.right):
        click.echo(f"wrong: {wrong.id}: expected {wrong.expected}, got {wrong.got}")
    if json_file:
        json_file.write_text(json.dumps(score(verdicts), ensure_ascii=False, indent=1) + "\n", "utf-8")


def score(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """{"rows", "right", "table": {expected: {got: how many}}, "wrong": [{"id", "expected", "got"}]}."""
    table: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        table.setdefault(verdict.expected, Counter())[verdict.got] += 1
    return {
        "rows": len(verdicts),
        "right": sum(verdict.right for verdict in verdicts),
        "table": {expected: dict(sorted(got.items())) for expected, got in sorted(table.items())},
        "wrong": [{"id": v.id, "expected": v.expected, "got": v.got} for v in verdicts if not v.right],
    }


def share(verdicts: Sequence[Verdict]) -> str:
    """How many are right, as "57 of 60, 95.0 %"."""
    right = sum(verdict.right for verdict in verdicts)
    return f"{right} of {len(verdicts)}, {100 * right / max(len(verdicts), 1):.1f} %"


def _told(verdicts: Sequence[Verdict]) -> Iterator[str]:
    table = score(verdicts)["table"]
    gotten = sorted({verdict.got for verdict in verdicts})
    first = max(len("expected"), *(len(name) for name in table))
    widths = [max(len(name), 5) for name in gotten]
    yield f"right: {share(verdicts)}"
    yield "  ".join(["expected".ljust(first), *(name.rjust(w) for name, w in zip(gotten, widths, strict=True))])
    for expected, got in table.items():
        counts = (str(got.get(name, "")).rjust(w) for name, w in zip(gotten, widths, strict=True))
        yield "  ".join([expected.ljust(first), *counts])
    for name in dict.fromkeys(name for verdict in verdicts for name in verdict.groups):
        for group in sorted({verdict.groups[name] for verdict in verdicts if name in verdict.groups}):
            yield f"{name} {group}: {share([v for v in verdicts if v.groups.get(name) == group])}"
