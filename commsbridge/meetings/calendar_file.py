"""A hui as a calendar file (iCalendar, RFC 5545): one event, which a later file changes or calls off."""

from __future__ import annotations

from datetime import UTC, timedelta

import icalendar

from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hui, HuiState
from commsbridge.meetings.reading import NOT_HERE


def hui_calendar(work: Work, hui: Hui, *, summary: str, description: str, host: str) -> bytes:
    """The file of a hui that has, or had, a time. ``host`` names the service in its lasting id.

    Times are UTC: Outlook takes no other without a table of its own, and a change of clocks cannot move them.
    ``sequence`` counts changes (RFC 5546, 3.2.1), so that a later file replaces the earlier event. It names nobody: a
    calendar is often seen by others. Raises NotFound where no time was ever set.
    """
    if hui.begins_at is None:
        raise NotFound(NOT_HERE)
    off = hui.state is HuiState.CANCELLED
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//commsbridge//hui//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    event = icalendar.Event()
    event.add("uid", f"hui-{hui.id}@{host}")
    event.add("dtstamp", work.now.astimezone(UTC))
    event.add("dtstart", hui.begins_at.astimezone(UTC))
    event.add("dtend", (hui.begins_at + timedelta(minutes=hui.minutes)).astimezone(UTC))
    event.add("sequence", hui.sequence)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("summary", summary)
    event.add("description", description)
    event.add("class", "PRIVATE")
    if hui.place:
        event.add("location", hui.place)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
