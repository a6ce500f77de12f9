"""Ports for servers that tests start."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def free_port() -> int:
    """A port that nobody listens on, outside the range from which the system serves outgoing connections.

    From within it, another test's connection may take the port before the server does.
    """
    while True:
        port = 10_000 + int.from_bytes(os.urandom(2)) % 20_000
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
