"""The benches: each has a name of its own, and a small one measures something."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.figures import Figure, keep, table
from bench.place import CHECKOUT


def test_every_group_of_benches_is_listed_and_a_size_goes_only_where_one_is_taken() -> None:
    command = [sys.executable, "-m", "bench"]
    listed = subprocess.run([*command, "--help"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for name in ("wakeup", "bot", "matched", "two_workers", "vs_celery", "flat_schools", "flat_rows", "clock"):
        assert name in listed
    refused = subprocess.run(
        [*command, "--only", "language", "--size", "5"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "--size goes with" in refused.stderr


def test_a_figure_says_whether_its_aim_is_met_and_is_kept_beside_the_others(tmp_path: Path) -> None:
    figures = [
        Figure("a.ms", 4.0, "ms", ("<=", 5.0)),
        Figure("b.vs_c", 1.5, "x", (">=", 2.0), "c: 100/s"),
        Figure("d.mb", 9.0, "MB"),
    ]
    lines = list(table(figures, "a machine"))
    assert ["NOT MET" in line for line in lines] == [False, False, True, False]
    kept = tmp_path / "build" / "bench.json"
    keep(figures[:1], "a machine", kept)
    keep(figures[1:], "another", kept)
    found = json.loads(kept.read_text())
    assert [(name, found[name]["machine"]) for name in found] == [
        ("a.ms", "a machine"), ("b.vs_c", "another"), ("d.mb", "another"),
    ]  # fmt: skip
