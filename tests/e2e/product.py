"""The product as people run it: the command `alongside` in a process of its own, on a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg

from alongside.platform.embedded.postgres import EmbeddedPostgres
from tests.harness.ports import free_port

START_SECONDS = 90


class Product:
    """One Alongside. `stop` and `start` again is a restart, `kill` a crash."""

    def __init__(self, data_dir: Path, workers: int = 1, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._folder = data_dir
        self._log = data_dir / "server.log"
        self._workers = workers
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ALONGSIDE_")}
        self._environment = inherited | {
            "ALONGSIDE_DATA_DIR": str(data_dir),
            "ALONGSIDE_PORT": str(self.port),
            "ALONGSIDE_DEMO": "true",
            **{f"ALONGSIDE_{name.upper()}": value for name, value in settings.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> str:
        """One command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "alongside.cli", *arguments],
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.stdout

    def start(self) -> None:
        """Start and return when it is ready."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "alongside.cli", "serve", "--workers", str(self._workers)],
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"the server did not start:\n{self.log}")
            time.sleep(0.05)  # between two looks at a fact that we wait for

    def stop(self) -> None:
        """As Ctrl+C: drain and leave."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)
            self._process = None

    def kill(self) -> None:
        """As a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)
            self._process = None

    def execute(self, sql: str, parameters: dict[str, object]) -> None:
        """Straight into its database, past everything: for scenes that would take too long to play."""
        postgres = EmbeddedPostgres(self._folder)
        postgres.start()  # shares the one that runs
        try:
            with psycopg.connect(postgres.url) as connection:
                connection.execute(sql.encode(), parameters)
        finally:
            postgres.stop()

    def freeze(self) -> None:
        """It stops where it is and answers nobody, until it is killed."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    @property
    def log(self) -> str:
        """Everything the server said."""
        return self._log.read_text(errors="replace")

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False
