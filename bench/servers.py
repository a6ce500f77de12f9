"""Starts and stops the programs under test, each in a process of its own."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg

from alongside.platform.embedded.postgres import EmbeddedPostgres

STOP_SECONDS = 30

# Lifted for the run: a handful of senders does here what thousands of visitors would do.
LIMITS = {
    "ALONGSIDE_VISITOR_MESSAGES_PER_MINUTE": "100000",
    "ALONGSIDE_AGENT_MESSAGES_PER_MINUTE": "100000",
    "ALONGSIDE_FRAMES_PER_SECOND": "100000",
    "ALONGSIDE_VISITORS_PER_HOUR_PER_ADDRESS": "1000000",
    "ALONGSIDE_MAX_UPLOAD_BYTES": "1000000000",
}


def free_port() -> int:
    """A port that nobody listens on, outside the range from which the system serves outgoing connections.

    From within it, a connection of this machine may take the port before the server does.
    """
    while True:
        port = 10_000 + int.from_bytes(os.urandom(2)) % 20_000
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_for(port: int, path: str, process: subprocess.Popen[bytes], seconds: float = 120) -> float:
    """Seconds until the server answers `path` with 200. Raises `RuntimeError` if it ends or takes too long."""
    began = time.perf_counter()
    while time.perf_counter() < began + seconds:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return time.perf_counter() - began
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.002)
    raise RuntimeError(f"no answer on port {port} within {seconds:.0f} s")


@contextmanager
def floor(url: str, folder: Path = Path()) -> Iterator[tuple[int, int]]:
    """The floor, running; what is sent to be kept it writes below `folder`. Gives its port and process id."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.floor", str(port), url, str(folder)])
    with _ending(process):
        wait_for(port, "/", process)
        yield port, process.pid


@contextmanager
def alongside(data_dir: Path, url: str | None = None) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """`alongside serve`, running, on the database `url` or on its embedded one.

    Gives its port, its process, and the seconds from its start to its first answer.
    """
    port = free_port()
    settings = {"ALONGSIDE_DATA_DIR": str(data_dir), "ALONGSIDE_PORT": str(port), **LIMITS}
    if url:
        settings["ALONGSIDE_DATABASE_URL"] = url
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ALONGSIDE_")}
    command = [str(Path(sys.executable).parent / "alongside"), "serve"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=clean | settings, stdout=quiet, stderr=None if url else quiet)
    with _ending(process):
        yield port, process, wait_for(port, "/readyz", process)


@contextmanager
def _ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def create_database(postgres: EmbeddedPostgres, name: str) -> str:
    """A new database in a running cluster. Returns its address."""
    connection = await asyncpg.connect(postgres.url)
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return postgres.url.replace("/alongside?", f"/{name}?")
