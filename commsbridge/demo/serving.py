"""Serving a web application from a thread of this process, until told to stop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

THREADS = 8
STOP_SECONDS = 5.0


def listen_at(port: int) -> socket.socket:
    """A socket that holds a port of 127.0.0.1 (0: a free one). Raises OSError when the port cannot be had."""
    held = socket.socket()
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", port))
    except OSError:
        held.close()
        raise
    return held


@contextmanager
def serving(application: Flask, held: socket.socket) -> Iterator[str]:
    """Serve at a socket of ``listen_at`` while the block runs; gives the address, without a final slash."""
    connections: dict[int, Any] = {}
    server = create_server(application, map=connections, sockets=[held], threads=THREADS, ident="commsbridge")
    thread = threading.Thread(target=server.run, name="web", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
    finally:
        # On the server's own thread: it ends when it has no connection left to look after.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(connections, ignore_all=True))
        thread.join(STOP_SECONDS)
        server.task_dispatcher.shutdown()
