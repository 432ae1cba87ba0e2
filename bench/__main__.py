"""python -m bench [--only GROUP]: measure, print a table, write build/bench.json."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import book, celery_peer, deliver, flat, idle, inbound, language, mail, pages, prompting, reports
from bench.figures import Figure, keep, machine, table

GROUPS: dict[str, Callable[[], Iterator[Figure]]] = {
    "language": language.figures,
    "mail": mail.figures,
    "inbound": inbound.figures,
    "praise_page": pages.praise_page,
    "memory": pages.memory,
    "deliver": deliver.figures,
    "prompts_choose": prompting.choosing,
    "reports": reports.figures,
}
# These take a size: how many of whatever they count. Without one it is that of the aim.
SIZED: dict[str, Callable[..., Iterator[Figure]]] = {
    "wakeup": idle.wakeup,
    "bot": idle.bot,
    "matched": inbound.matched,
    "two_workers": deliver.two_workers,
    "vs_celery": celery_peer.figures,
    "flat_schools": flat.over_schools,
    "flat_rows": flat.over_rows,
    "book": book.figures,
    "prompts_plan": prompting.planning,
    "clock": prompting.clock,
}


def main() -> int:
    """Measure the groups asked for, one after the other; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=sorted([*GROUPS, *SIZED]), help="measure one group")
    parser.add_argument("--size", type=int, help=f"how many, for one of {', '.join(SIZED)}; without: as the aim says")
    asked = parser.parse_args()
    if asked.size and asked.only not in SIZED:
        parser.error("--size goes with --only and a group that takes one")
    on = machine()
    figures: list[Figure] = []
    for name in [asked.only] if asked.only else [*GROUPS, *SIZED]:
        sys.stderr.write(f"measuring {name} ...\n")
        found = list(SIZED[name](asked.size) if asked.size else {**GROUPS, **SIZED}[name]())
        keep(found, on, Path("build/bench.json"))
        figures += found
    sys.stdout.write("\n".join(table(figures, on)) + "\n")
    return 1 if any(figure.met is False for figure in figures) else 0


sys.exit(main())
