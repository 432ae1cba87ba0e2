"""The large school: 3,500 students with two years behind them, drawn with dice and poured into the database."""

from __future__ import annotations

from commsbridge.demo.large.making import FULL, LITTLE, Made, Size, seed_large_school

__all__ = ["FULL", "LITTLE", "Made", "Size", "seed_large_school"]
