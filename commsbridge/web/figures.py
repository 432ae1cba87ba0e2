"""Figures: where the marks of a drawing stand, for the templates that draw it. Every figure has its table beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.reports import told_range

CELL, GAP = 26, 4
BAR_WIDTH, BAR_TALLEST, BAR_STEP = 44, 120, 58
WEEKDAYS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A school day of the strip: its place, its day, and what happened: "yes" good news, "no" none, "off" no school."""

    x: int
    y: int
    on: date
    mark: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A calendar of school days: a column a week, a row a weekday."""

    width: int
    height: int
    cells: list[Cell]
    weeks: list[tuple[int, date]]


def strip(calendar: SchoolCalendar, first_on: date, last_on: date, days: Collection[date]) -> Strip:
    """The weeks from ``first_on`` to ``last_on`` with the ``days`` of good news marked.

    What arrived on a day without school is marked on that day when it is a weekday, else on the Friday before it.
    """
    monday = first_on - timedelta(days=first_on.weekday())
    marked = {day if day.weekday() < WEEKDAYS else day - timedelta(days=day.weekday() - 4) for day in days}
    weeks = [monday + timedelta(weeks=n) for n in range((last_on - monday).days // 7 + 1)]
    cells = []
    for column, week in enumerate(weeks):
        for row in range(WEEKDAYS):
            day = week + timedelta(days=row)
            if first_on <= day <= last_on:
                mark = "yes" if day in marked else "no" if calendar.is_school_day(day) else "off"
                cells.append(Cell(column * (CELL + GAP), row * (CELL + GAP), day, mark))
    return Strip(
        len(weeks) * (CELL + GAP),
        WEEKDAYS * (CELL + GAP),
        cells,
        [(column * (CELL + GAP), week) for column, week in enumerate(weeks)],
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of a distribution: how many, where it stands, and whether it lies past what is aimed for."""

    x: int
    y: int
    height: int
    count: int
    label: str
    past: bool
    low: int


def columns(counts: Mapping[tuple[int, int | None], int], *, past: int) -> list[Bar]:
    """A distribution as columns, by ranges from and to; those that begin at ``past`` or later are marked as past."""
    most = max(counts.values(), default=0) or 1
    bars = []
    for place, ((low, high), count) in enumerate(counts.items()):
        height = round(BAR_TALLEST * count / most)
        label = told_range((low, high))
        bars.append(Bar(place * BAR_STEP, BAR_TALLEST - height, height, count, label, low >= past, low))
    return bars


def width_of(bars: Sequence[Bar]) -> int:
    """How wide a row of columns is."""
    return len(bars) * BAR_STEP


LINE_STEP, LINE_HEIGHT, LINE_WIDEST = 14, 26, 560


@dataclass(frozen=True, slots=True)
class Dot:
    """How a goal went on a day: its place, and its step from 1 to 4."""

    x: int
    y: int
    on: date
    step: int


@dataclass(frozen=True, slots=True)
class Line:
    """How a goal went over time: a dot for each day it was rated; ``path`` joins them."""

    width: int
    dots: list[Dot]

    @property
    def path(self) -> str:
        """The line through the dots, as SVG draws it."""
        return "M" + "L".join(f"{dot.x} {dot.y}" for dot in self.dots) if len(self.dots) > 1 else ""


def line(calendar: SchoolCalendar, first_on: date, last_on: date, steps: Sequence[tuple[date, int]]) -> Line:
    """The days from ``first_on`` to ``last_on`` as a line of steps 1 to 4: each school day has its place."""
    days = calendar.school_days(first_on, last_on)
    each = min(LINE_STEP, LINE_WIDEST / max(len(days), 1))
    places = {day: round(place * each) for place, day in enumerate(days)}
    dots = []
    for on, step in steps:
        before = [place for day, place in places.items() if day <= on]
        dots.append(Dot(before[-1] if before else 0, (4 - step) * LINE_HEIGHT, on, step))
    return Line(max(round(len(days) * each), LINE_STEP), dots)
