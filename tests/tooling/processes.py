"""Servers started by a test as a person would start them: ports, readiness, and what is left afterwards."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path


def read(port: int, path: str) -> bytes:
    """What the server answers; raises `OSError` where it does not, or refuses."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        body: bytes = answer.read()
    return body


def wait_until_ready(process: subprocess.Popen[str], port: int, seconds: float = 60) -> None:
    """Return once it answers; fail when it died or took too long."""
    until = time.monotonic() + seconds
    while not answers(port):
        assert process.poll() is None, "the server has ended (its words are above)"
        assert time.monotonic() < until, f"the server did not answer within {seconds:.0f} s"
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether a server is there and ready."""
    with suppress(OSError):
        return bool(read(port, "/readyz"))
    return False


def processes_below(folder: Path) -> list[str]:
    """Command lines of running processes that name the folder."""
    listing = subprocess.run(["ps", "-axo", "pid=,command="], check=True, capture_output=True, text=True).stdout
    return [line for line in listing.splitlines() if str(folder) in line]
