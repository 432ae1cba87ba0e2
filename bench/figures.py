"""Figures: what a bench measured, against which aim, and how they are shown and kept."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

QUIET_LOAD = 0.7


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. ``aim`` is met when the value is at least or at most so much; None: it is only told."""

    name: str
    value: float
    unit: str
    aim: tuple[Literal[">=", "<="], float] | None = None
    against: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is none."""
        if self.aim is None:
            return None
        sign, bound = self.aim
        return self.value >= bound if sign == ">=" else self.value <= bound


def machine() -> str:
    """The machine in a line: processors, interpreter, and whether anything else was running."""
    load = os.getloadavg()[0]
    cores = os.cpu_count() or 1
    quiet = "quiet" if load < QUIET_LOAD * cores else f"NOT QUIET: load {load:.1f} before it began"
    return f"{cores} x {platform.machine()}, {platform.python_implementation()} {platform.python_version()}, {quiet}"


def table(figures: list[Figure], on: str) -> Iterator[str]:
    """The figures as lines for people."""
    yield f"Measured on {on}"
    for figure in figures:
        aim = f"aim {figure.aim[0]} {figure.aim[1]:g}" if figure.aim else ""
        verdict = {True: "met", False: "NOT MET", None: ""}[figure.met]
        yield f"  {figure.name:26} {figure.value:10.3g} {figure.unit:14} {aim:14} {verdict:8} {figure.against}"


def keep(figures: list[Figure], on: str, path: Path) -> None:
    """Write the figures as {name: {value, unit, aim, against, machine, at}}, beside those not measured this time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(path.read_text()) if path.exists() else {}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for figure in figures:
        kept[figure.name] = {
            "value": figure.value,
            "unit": figure.unit,
            "aim": f"{figure.aim[0]} {figure.aim[1]:g}" if figure.aim else None,
            "against": figure.against,
            "machine": on,
            "at": at,
        }
    path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")
