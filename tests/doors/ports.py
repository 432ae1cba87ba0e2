"""Ports that a test may leave and take again."""

from __future__ import annotations

import socket
from random import SystemRandom

# Below those that Linux and macOS give to outgoing connections (from 32768 and 49152 on): one of these, or what is left
# of it for a minute after it has ended, would keep a server from coming up again at its port.
OURS = range(20_000, 32_000)
CHANCE = SystemRandom()


def free_port() -> int:
    """A loopback port at which nobody listens, and which no connection takes meanwhile."""
    while True:
        port = CHANCE.choice(OURS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
