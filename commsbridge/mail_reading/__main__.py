"""python -m commsbridge.mail_reading SECONDS: mails on standard input, what they hold on standard output, a line each.

A line of JSON says what comes and how many bytes; those follow. Once a mail has taken SECONDS of processor time the
system ends this process (SIGPROF, which nobody here catches), in the middle of whatever it is at.
"""

from __future__ import annotations

import json
import signal
import sys

from commsbridge.mail_reading.inbound_mail import read_held
from commsbridge.mail_reading.stripping import reply_words


def main(seconds: float) -> None:
    """Read mails until there are no more."""
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        body = sys.stdin.buffer.read(asked["bytes"])
        signal.setitimer(signal.ITIMER_PROF, seconds)
        held = read_held(asked["content_type"], body)
        words = reply_words(held.text, our_domain=asked["our_domain"], marker=asked["marker"])
        signal.setitimer(signal.ITIMER_PROF, 0)
        said = None if held.tangled else {"text": held.text, "words": words, "attachments": held.attachments}
        sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
