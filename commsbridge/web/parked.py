"""Parked: what came in from nobody we know, and whose it is."""

from __future__ import annotations

from commsbridge.web.access import Pages

pages = Pages()
