"""Reading apart: one small process takes mails to pieces; a mail that keeps it busy for a second has it killed."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
import time
import weakref
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Seconds of processor time for one mail, as the system counts them: a busy machine does not make a mail hostile.
MOST_SECONDS = 1.0
# Beginning and waiting for the processor come on top; after so long by the clock it is given up all the same.
PATIENCE_SECONDS = 60.0
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Held:
    """What a mail holds: its whole text, the words its writer wrote, and (name, type, bytes) of what hung on it."""

    text: str
    words: str
    attachments: tuple[tuple[str, str, int], ...]


class Apart:
    """One process, begun with the first mail, that reads one after the other. Shared by any number of threads.

    ``seconds`` of processor time are given to each mail.

    It ends when it is closed, when nobody holds this any more, or with the process that began it.
    """

    def __init__(self, *, seconds: float = MOST_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[[subprocess.Popen[bytes]], Apart] | None = None

    def read(self, content_type: str, body: bytes, *, our_domain: str, marker: str) -> Held | None:
        """What the mail in a stored request holds.

        None when it took too long and the process was killed for it, or when it is built to take too long.
        """
        said = self._said(body, content_type=content_type, our_domain=our_domain, marker=marker)
        if said is None:
            return None
        return Held(said["text"], said["words"], tuple((name, kind, size) for name, kind, size in said["attachments"]))

    def hung(self, content_type: str, body: bytes, number: int, *, most: int) -> bytes | None:
        """What hung on a mail at a place among its attachments: ``most`` bytes, one more where there are more.

        Empty where nothing does; None when it took too long and the process was killed for it.
        """
        said = self._said(body, content_type=content_type, number=number, most=most)
        return None if said is None else b64decode(said)

    def _said(self, body: bytes, **asked: object) -> Any:
        """The answer to one question about a mail; None when the process was killed over it."""
        with self._lock:
            answer = self._ask(json.dumps(asked | {"bytes": len(body)}).encode() + b"\n" + body)
            if answer is None:
                self._close()
                self._begin()  # the next mail does not wait for it
                return None
        return json.loads(answer)

    def close(self) -> None:
        """End the process; the next mail begins another."""
        with self._lock:
            self._close()

    @property
    def pid(self) -> int | None:
        """The process; None while there is none."""
        return self._process.pid if self._process else None

    def _begin(self) -> subprocess.Popen[bytes]:
        # Only where to find itself: none of what the service knows of its environment.
        environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"}
        self._process = subprocess.Popen(
            (sys.executable, "-m", "commsbridge.mail_reading", str(self._seconds)),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, bufsize=0,
        )  # fmt: skip
        self._end = weakref.finalize(self, _end, self._process)
        return self._process

    def _close(self) -> None:
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def _ask(self, asked: bytes) -> bytes | None:
        """One line back; None when the process ended first, or said nothing for very long."""
        process = self._process if self._process and self._process.poll() is None else self._begin()
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise ValueError("it was begun with both pipes")
        said: list[bytes] = []
        until = time.monotonic() + PATIENCE_SECONDS
        left = memoryview(asked)
        while time.monotonic() < until:
            readable, writable, _ = select.select(
                [stdout], [stdin] if left else [], [], max(0.0, until - time.monotonic())
            )
            if writable:
                try:
                    left = left[os.write(stdin.fileno(), left[: select.PIPE_BUF]) :]
                except BrokenPipeError:
                    return None
            if readable:
                piece = os.read(stdout.fileno(), _PIECE)
                if not piece:
                    return None
                said.append(piece)
                if piece.endswith(b"\n"):
                    return b"".join(said)
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill it and wait, so that nothing of it stays."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
