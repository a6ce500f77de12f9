"""Sharing one embedded server between processes, such that the last one to leave stops it, however it leaves.

Three lock files, all `flock`, which the kernel releases when a process dies:

- `start` is held while somebody starts or stops the server;
- `users` is held shared by every process that uses the server, and exclusively by who stops it;
- `keeper` is held by a small process that waits for `users` to become free (everybody left, or was killed).
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alongside.platform.ownership import leave, owner_of
from alongside.platform.problem import OperatorError

# Runs alone (`python -I -S -c`), so that it costs little: it needs nothing but these modules.
KEEPER = """
import fcntl, os, signal, sys, time
users, pid_file, *steps = sys.argv[1:]
for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(each, signal.SIG_IGN)
handle = os.open(users, os.O_RDWR)
fcntl.flock(handle, fcntl.LOCK_EX)
try:
    for step in steps:
        sign, seconds = step.split(":")
        until = time.monotonic() + float(seconds)
        os.kill(int(open(pid_file).readline()), int(sign))
        while time.monotonic() < until:
            time.sleep(0.05)
            os.kill(int(open(pid_file).readline()), 0)
except (OSError, ValueError):
    pass
"""

# How a server is ended: by these signals, each given some seconds before the next.
Stopping = Sequence[tuple[signal.Signals, float]]


class Lease:
    """One process's share in the server. `folder` holds the locks, `pid_file` the server's process id."""

    def __init__(self, folder: Path, pid_file: Path) -> None:
        self._folder = folder
        self._pid_file = pid_file
        self._users: int | None = None
        self._keeper: subprocess.Popen[bytes] | None = None

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """Whether we are the only process inside `alone(name)` on this folder; True keeps others out."""
        handle = self._open(name)
        try:
            yield _try_lock(handle, fcntl.LOCK_EX)
        finally:
            os.close(handle)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """While inside, nobody else starts or stops the server."""
        handle = self._open("start")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def take(self) -> None:
        """Count as a user; waits while somebody is stopping the server. Only inside `starting()`."""
        if self._users is None:
            self._users = self._open("users")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def give_up(self) -> bool:
        """Count no longer. True: nobody else uses the server, and nobody can until `released()` is called.

        Only inside `starting()`. When the keeper has noticed first, waits until it has stopped the server.
        """
        if self._users is None:
            return False
        fcntl.flock(self._users, fcntl.LOCK_UN)
        if _try_lock(self._users, fcntl.LOCK_EX):
            return True
        fcntl.flock(self._users, fcntl.LOCK_SH)  # at once where others use it too, else after the keeper
        self.released()
        return False

    def released(self) -> None:
        """Let go of the lock file."""
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def wait_for_keeper(self) -> None:
        """After the server has stopped and `released()`: wait until its keeper is gone too."""
        handle = self._open("keeper")
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.close(handle)
        if self._keeper is not None:
            self._keeper.wait()

    def ensure_keeper(self, stopping: Stopping) -> None:
        """Start the keeper unless there is one; it ends the server in the same way. Only inside `starting()`."""
        handle = self._open("keeper")
        try:
            if _try_lock(handle, fcntl.LOCK_EX):
                # The keeper inherits the locked file: it counts as the keeper from its first moment.
                self._keeper = subprocess.Popen(  # noqa: S603
                    [
                        sys.executable,
                        "-I",
                        "-S",
                        "-c",
                        KEEPER,
                        str(self._folder / "users"),
                        str(self._pid_file),
                        *(f"{sign:d}:{seconds}" for sign, seconds in stopping),
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    start_new_session=True,
                    pass_fds=[handle],
                )
        finally:
            os.close(handle)

    def _open(self, name: str) -> int:
        path = self._folder / name
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except PermissionError:
            raise OperatorError(
                f"The data in {self._folder.parent} belongs to another user. Start Alongside as that user, "
                "or choose another data_dir."
            ) from None
        leave(path, owner_of(self._folder))
        return handle


def _try_lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
