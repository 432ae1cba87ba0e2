"""The roll: a file from the school's register, shown before it is taken, taken without undoing any wish."""

from __future__ import annotations

from commsbridge.web.access import Pages

pages = Pages()
