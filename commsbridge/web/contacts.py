"""Contacts: how a home is reached, in which language and when, and who may be written to about which child."""

from __future__ import annotations

from commsbridge.web.access import Pages

pages = Pages()
