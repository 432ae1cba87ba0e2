"""python -m commsbridge.mail_reading SECONDS: mails on standard input, what they hold on standard output, a line each.

A line of JSON says what comes and how many bytes; those follow. Where it names a ``number``, what hung on the mail at
that place is given: ``most`` bytes of it, and one more where there are more. Once a mail has taken SECONDS of processor
time the system ends this process (SIGPROF, which nobody here catches), in the middle of whatever it is at.
"""

from __future__ import annotations

import json
import signal
import sys
from base64 import b64encode
from typing import Any

from commsbridge.mail_reading.inbound_mail import read_held, read_hung
from commsbridge.mail_reading.stripping import reply_words


def main(seconds: float) -> None:
    """Read mails until there are no more."""
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        body = sys.stdin.buffer.read(asked["bytes"])
        signal.setitimer(signal.ITIMER_PROF, seconds)
        said = _hung(asked, body) if "number" in asked else _held(asked, body)
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
        sys.stdout.buffer.flush()


def _held(asked: dict[str, Any], body: bytes) -> dict[str, Any] | None:
    held = read_held(asked["content_type"], body)
    words = reply_words(held.text, our_domain=asked["our_domain"], marker=asked["marker"])
    return None if held.tangled else {"text": held.text, "words": words, "attachments": held.attachments}


def _hung(asked: dict[str, Any], body: bytes) -> str:
    found = read_hung(asked["content_type"], body, asked["number"])
    return b64encode(found[: asked["most"] + 1]).decode()


if __name__ == "__main__":
    main(float(sys.argv[1]))
