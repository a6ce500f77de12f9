"""Server processes as an operator starts them, and what can befall them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import httpx

from tests.harness.ports import free_port
from tests.harness.until import until

ORIGIN = "http://localhost:8400"
START_SECONDS = 90.0

# Budgets that a load of tests would meet are wide; tests about budgets set their own.
SETTINGS = {
    "PUBLIC_URL": ORIGIN,
    "LOG_FORMAT": "json",
    "ALLOW_WEAK_DURABILITY": "true",
    "VISITOR_MESSAGES_PER_MINUTE": "100000",
    "AGENT_MESSAGES_PER_MINUTE": "100000",
    "VISITORS_PER_HOUR_PER_ADDRESS": "1000000",
}


class Node:
    """One `alongside serve` on a port of its own."""

    def __init__(self, database_url: str, nats_url: str | None = None, **settings: str) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="al-node-"))
        own = {"DATABASE_URL": database_url, "PORT": str(self.port), "DATA_DIR": str(self.folder)}
        if nats_url:
            own["NATS_URL"] = nats_url
        chosen = SETTINGS | own | {name.upper(): value for name, value in settings.items()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ALONGSIDE_")}
        self._environment = inherited | {f"ALONGSIDE_{name}": value for name, value in chosen.items()}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything it has said."""
        return (self.folder / "log").read_text(errors="replace")

    def start(self) -> None:
        """Start it; `ready` waits for it."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "alongside.cli", "serve"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def ready(self, seconds: float = START_SECONDS) -> float:
        """Wait until it answers; returns the seconds it took."""
        return await until(self.serves, seconds, f"the server is ready; it says:\n{self.log[-2000:]}")

    async def again(self) -> None:
        """Killed without a word, and started anew; returns when it serves."""
        self.kill()
        self.start()
        await self.ready()

    def wait_ready(self) -> None:
        """As `ready`, for fixtures."""
        asyncio.run(self.ready())

    async def serves(self) -> bool:
        """Whether it answers now."""
        assert self._process is not None
        assert self._process.poll() is None, f"the server has ended:\n{self.log[-3000:]}"
        with suppress(httpx.TransportError):
            async with httpx.AsyncClient(timeout=2) as client:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
        return False

    def signal(self, sign: int) -> None:
        os.kill(self.pid, sign)

    def kill(self) -> None:
        """As the kernel's memory killer does it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    async def terminate(self, seconds: float = 60) -> float:
        """Ask it to leave; returns how long it took."""
        assert self._process is not None
        self._process.terminate()
        return await until(lambda: not self.alive, seconds, "the server leaves")

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def memory(self) -> int:
        """Bytes of resident memory."""
        fields = Path(f"/proc/{self.pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")

    @property
    def files(self) -> int:
        """Open file descriptors."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def end(self) -> None:
        """Leave nothing behind."""
        if self.alive:
            with suppress(ProcessLookupError):
                self.signal(signal.SIGCONT)
            self.kill()
        for path in self.folder.glob("*"):
            if path.is_file():
                path.unlink()
