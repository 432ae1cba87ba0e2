"""Staff: who works here and as what; people are added, changed and said to have left."""

from __future__ import annotations

from commsbridge.web.access import Pages

pages = Pages()
