"""The demo: a small school that is seeded, lived through and served with one command."""

from __future__ import annotations

from commsbridge.demo.command import demo
from commsbridge.demo.past import StoryClock
from commsbridge.demo.roll import PASSWORD, SmallSchool
from commsbridge.demo.school import seed_small_school
from commsbridge.demo.serving import listen_at, serving

__all__ = ["PASSWORD", "SmallSchool", "StoryClock", "demo", "listen_at", "seed_small_school", "serving"]
