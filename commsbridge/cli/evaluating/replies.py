"""`commsbridge evaluate replies FILE`: whose words came in and what became of them, by the code of production."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from commsbridge.cli.commands import Verb
from commsbridge.cli.evaluating.empty_database import empty_database
from commsbridge.cli.evaluating.households import Judged, Town
from commsbridge.cli.evaluating.scoring import JSON_FILE, SET_FILE, Verdict, share, tell

NEEDED = ("id", "setup", "inbound", "expected")


@click.command(cls=Verb)
@SET_FILE
@JSON_FILE
def replies(file: Path, json_file: Path | None) -> None:
    """Score where replies are filed, on FILE with one conversation a line as JSON.

    Each case is played in an empty database of its own, which is private where COMMSBRIDGE_DATABASE_URL is not set.
    """
    cases = read_cases(file)
    with empty_database() as database:
        town = Town(database)
        judged = [(case, town.play(case)) for case in cases]
    verdicts = [_verdict(case, got) for case, got in judged]
    for (case, got), verdict in zip(judged, verdicts, strict=True):
        if not verdict.right:
            click.echo(
                f"{case['id']}: {case['inbound'].get('text', '')!r}: {json.dumps(case['expected'])}, got {got.told}"
            )
    tell(verdicts, lines=_lines(judged, verdicts), json_file=json_file)


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The cases of a set. Raises click.ClickException for a line that is no case, or an id that stands twice."""
    cases: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except ValueError as error:
            raise click.ClickException(f"{path.name}: line {number}: this is no JSON.") from error
        missing = [key for key in NEEDED if not isinstance(case, dict) or key not in case]
        if missing:
            raise click.ClickException(f"{path.name}: line {number}: {missing[0]} is missing.")
        if case["id"] in seen:
            raise click.ClickException(f"{path.name}: line {number}: {case['id']!r} stands twice.")
        seen.add(case["id"])
        cases.append(case)
    if not cases:
        raise click.ClickException(f"{path.name}: there are no cases.")
    return cases


def _wanted(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything that is right for a case: what is expected, and what is accepted beside it."""
    accepted = case.get("accept") or []
    return [case["expected"], *(accepted if isinstance(accepted, list) else [accepted])]


def _kind(outcome: dict[str, Any]) -> str:
    return next((kind for kind in ("file", "ask", "park", "command") if kind in outcome), "park")


def _is_right(got: Judged, wanted: dict[str, Any]) -> bool:
    kind = _kind(wanted)
    if kind != got.kind:
        # Asking whether we shall stop holds everything, and silence stops: STOP is obeyed either way.
        return kind == "command" and wanted["command"] == "STOP" and got.asks_to_stop
    if kind == "file":
        return set(wanted["file"]) == set(got.students)
    return kind != "command" or wanted["command"] == got.command


def _verdict(case: dict[str, Any], got: Judged) -> Verdict:
    right = any(_is_right(got, wanted) for wanted in _wanted(case)) and not _forbidden(case, got)
    return Verdict(case["id"], _kind(case["expected"]), got.kind, right)


def _forbidden(case: dict[str, Any], got: Judged) -> set[str]:
    return set(case.get("must_not") or []) & set(got.students)


def _lines(judged: Sequence[tuple[dict[str, Any], Judged]], verdicts: Sequence[Verdict]) -> list[str]:
    pairs = list(zip(judged, verdicts, strict=True))
    filed = [verdict for (_, got), verdict in pairs if got.kind == "file"]
    to_file = [verdict for verdict in verdicts if verdict.expected == "file"]
    stops = [(case, got) for case, got in judged if case["expected"].get("command") == "STOP"]
    disobeyed = [case["id"] for case, got in stops if got.command != "STOP" and not got.asks_to_stop]
    taken = [
        case["id"]
        for case, got in judged
        if got.command == "STOP" and not any(wanted.get("command") == "STOP" for wanted in _wanted(case))
    ]
    needless = [case["id"] for case, got in judged if got.kind == "ask" and not _may_ask(case, got)]
    wrong_child = [case["id"] for case, got in judged if _forbidden(case, got)]
    barred = [case["id"] for case, got in judged if got.filed_from_none]
    return [
        f"filed with a child it must not be: {_count(wrong_child)}",
        f"STOP not obeyed: {_count(disobeyed)}",
        f"a sentence taken for STOP: {_count(taken)}",
        f"filed from somebody without access: {_count(barred)}",
        f"needless questions: {_count(needless)} of {len(judged)}, {100 * len(needless) / len(judged):.1f} %",
        f"filing, precision: {share(filed)}",
        f"filing, recall: {share(to_file)}",
    ]


def _may_ask(case: dict[str, Any], got: Judged) -> bool:
    wanted = _wanted(case)
    return any("ask" in each or (got.asks_to_stop and each.get("command") == "STOP") for each in wanted)


def _count(ids: Sequence[str]) -> str:
    return f"{len(ids)} ({', '.join(ids)})" if ids else "0"
