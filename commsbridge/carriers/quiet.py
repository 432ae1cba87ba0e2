"""Loggers of the vendors' libraries write numbers, addresses and bodies: here they are capped."""

from __future__ import annotations

import logging

# twilio logs whole addresses with their query at INFO; python_http_client logs the payload at DEBUG; urllib3 logs the
# path with its query at DEBUG and, for a malformed answer or a retry, at WARNING.
_CAPS = {"twilio": logging.ERROR, "python_http_client": logging.ERROR, "urllib3": logging.ERROR}


def quiet_loggers() -> None:
    """Let the vendors' libraries log errors alone, whatever level the root logger has. Call once at the start."""
    for name, level in _CAPS.items():
        logging.getLogger(name).setLevel(level)
