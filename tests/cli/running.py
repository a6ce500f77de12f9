"""Alongside as an operator runs it: the real command in processes of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from tests.harness.ports import free_port

COMMAND = [sys.executable, "-m", "alongside.cli"]


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALONGSIDE_")}
    return kept | {f"ALONGSIDE_{name.upper()}": value for name, value in settings.items()}


def alongside(
    *arguments: str, stdin: str | None = None, user: int | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, as the user of that number where one is given (for root)."""
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        capture_output=True,
        text=True,
        input=stdin,
        timeout=60,
        env=environment(**settings) | ({} if user is None else {"HOME": "/"}),
        **({} if user is None else {"user": user, "group": user, "extra_groups": [], "cwd": "/"}),
    )


def wait_for(fact: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)


def processes_about(text: str) -> list[str]:
    """The command lines of all other processes that name `text`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in command and int(entry.name) != os.getpid():
            found.append(command)
    return found


def children_of(pid: int) -> list[tuple[int, str]]:
    """Process ids and command lines of the direct children."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append((int(entry.name), command))
    return found


class Served:
    """`alongside serve` in the background; ready inside the `with`, gone afterwards."""

    def __init__(self, data_dir: Path, *arguments: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data_dir / "serve.log"
        self._arguments: Sequence[str] = arguments
        self._environment = environment(data_dir=str(data_dir), port=str(self.port), **settings)

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*COMMAND, "serve", *self._arguments], env=self._environment, stdout=log, stderr=log
            )
        greeted = ("is ready. Ctrl+C", '"event": "ready"')
        wait_for(lambda: any(text in self.said() for text in greeted) or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()
        assert self.answers()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)

    def answers(self, path: str = "/readyz") -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310
                return answer.status == 200
        except OSError:
            return False

    def said(self) -> str:
        return self.log.read_text()

    def stop(self, sign: int = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        return self.process.wait(40)

    def workers(self) -> list[int]:
        return [pid for pid, command in children_of(self.process.pid) if "alongside.cli.worker" in command]
