"""Ports for servers that tests start."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

# Those of a test process are its own, and none is given twice: between this answer and the server that listens lie
# seconds, and a server that was killed comes back to its port.
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on, outside the range from which the system serves outgoing connections.

    From within it, another test's connection may take the port before the server does.
    """
    while True:
        port = 10_000 + int.from_bytes(os.urandom(2)) % 20_000
        if port in _given or port % _WORKERS != _WORKER:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _given.add(port)
            return port
