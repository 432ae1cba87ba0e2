"""python -m bench [--only GROUP]: measure, print a table, write build/bench.json."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import deliver, inbound, language, mail, pages, prompting, reports
from bench.figures import Figure, keep, machine, table

GROUPS: dict[str, Callable[[], Iterator[Figure]]] = {
    "deliver": deliver.figures,
    "mail": mail.figures,
    "inbound": inbound.figures,
    "language": language.figures,
    "praise_page": pages.praise_page,
    "memory": pages.memory,
    "prompts_choose": prompting.choosing,
    "prompts_plan": prompting.planning,
    "clock": prompting.clock,
    "reports": reports.figures,
}


def main() -> int:
    """Measure the groups asked for, one after the other; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(GROUPS), help="measure one group")
    asked = parser.parse_args()
    on = machine()
    figures: list[Figure] = []
    for name in [asked.only] if asked.only else GROUPS:
        sys.stderr.write(f"measuring {name} ...\n")
        figures += GROUPS[name]()
    sys.stdout.write("\n".join(table(figures, on)) + "\n")
    keep(figures, on, Path("build/bench.json"))
    return 1 if any(figure.met is False for figure in figures) else 0


sys.exit(main())
