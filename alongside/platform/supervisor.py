"""Several server processes behind one listening socket: replaced when they die, ended together.

docs/decisions/supervisor.md says why not uvicorn's own. Each worker gets its settings as one line on its
standard input, which then stays open: when it ends, the supervisor is gone, and the worker leaves too. On a
second pipe the worker says `r` (ready), then `.` every second (its event loop is alive).
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

STOP_SECONDS = 25.0
SILENT_SECONDS = 30.0  # a worker whose event loop has not turned for this long is stuck
SLOWEST_START_SECONDS = 60.0
STEADY_SECONDS = 10.0
LONGEST_PAUSE = 30.0

log = structlog.get_logger()


@dataclass
class Worker:
    """One process and what it last said."""

    index: int
    process: subprocess.Popen[bytes]
    says: int
    started: float = field(default_factory=time.monotonic)
    heard: float = field(default_factory=time.monotonic)
    ready: bool = False


class Supervisor:
    """`command` starts a worker; `introduce(index, first, says)` is the line it gets.

    `first` holds for the worker that greets the operator; `says` is the number of the pipe to write to.
    """

    def __init__(
        self,
        command: Sequence[str],
        introduce: Callable[[int, bool, int], bytes],
        listener: socket.socket,
        count: int,
    ) -> None:
        self._command = command
        self._introduce = introduce
        self._listener = listener
        self._count = count
        self._selector = selectors.DefaultSelector()
        self._workers: dict[int, Worker] = {}
        self._due: dict[int, float] = {}
        self._pauses: dict[int, float] = {}
        self._any_was_ready = False
        self._greeted = False
        self._stopping = False
        self._impatient = False

    def run(self) -> int:
        """Run until a signal comes, or until the first workers cannot start. Returns the exit code."""
        wake, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._selector.register(wake, selectors.EVENT_READ, None)
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._on_signal)
        code = 0
        try:
            self._due = dict.fromkeys(range(self._count), 0.0)
            while not self._stopping and code == 0:
                self._start_due()
                self._listen_once(0.5)
                self._kill_stuck()
                code = self._bury()
        finally:
            self._end_all()
        return code

    def _on_signal(self, *_: object) -> None:
        self._impatient = self._stopping
        self._stopping = True
        os.write(self._wake, b"!")

    def _start_due(self) -> None:
        now = time.monotonic()
        for index in [index for index, due in self._due.items() if due <= now]:
            del self._due[index]
            self._start(index)

    def _start(self, index: int) -> None:
        hears, says = os.pipe()
        os.set_blocking(hears, False)
        process = subprocess.Popen(  # noqa: S603
            self._command,
            stdin=subprocess.PIPE,
            pass_fds=[self._listener.fileno(), says],
            start_new_session=True,  # Ctrl+C in the terminal reaches us alone; we end the workers in order
        )
        os.close(says)
        worker = Worker(index, process, hears)
        self._workers[index] = worker
        self._selector.register(hears, selectors.EVENT_READ, worker)
        first = index == 0 and not self._greeted
        assert process.stdin is not None  # asked for above
        with suppress(BrokenPipeError):  # it died at once, and will be buried
            process.stdin.write(self._introduce(index, first, says) + b"\n")
            process.stdin.flush()

    def _listen_once(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                os.read(key.fd, 4096)
            elif not self._hear(key.data):
                self._selector.unregister(key.fd)

    def _hear(self, worker: Worker) -> bool:
        """Take in what a worker has said. False when it will say no more."""
        try:
            said = os.read(worker.says, 4096)
        except BlockingIOError:
            return True
        if said:
            worker.heard = time.monotonic()
            worker.ready = worker.ready or b"r" in said
            self._any_was_ready = self._any_was_ready or worker.ready
            self._greeted = self._greeted or (worker.ready and worker.index == 0)
        return bool(said)

    def _kill_stuck(self) -> None:
        now = time.monotonic()
        for worker in self._workers.values():
            patience = SILENT_SECONDS if worker.ready else SLOWEST_START_SECONDS
            if now - worker.heard > patience and worker.process.poll() is None:
                log.error("worker.stuck", worker=worker.index, pid=worker.process.pid, seconds=patience)
                worker.process.kill()

    def _bury(self) -> int:
        """Take leave of the dead and have them replaced; the exit code if there is no point in going on."""
        for worker in list(self._workers.values()):
            status = worker.process.poll()
            if status is None:
                continue
            self._hear(worker)  # its last words may be that it was ready
            self._forget(worker)
            if not self._any_was_ready:
                return status if status > 0 else 1
            lived = time.monotonic() - worker.started
            steady = worker.ready and lived > STEADY_SECONDS
            pause = 0.0 if steady else min(LONGEST_PAUSE, self._pauses.get(worker.index, 0.05) * 2)
            self._pauses[worker.index] = pause
            self._due[worker.index] = time.monotonic() + pause
            log.warning("worker.died", worker=worker.index, pid=worker.process.pid, status=status, seconds=pause)
        return 0

    def _forget(self, worker: Worker) -> None:
        del self._workers[worker.index]
        if worker.says in self._selector.get_map():
            self._selector.unregister(worker.says)
        os.close(worker.says)
        if worker.process.stdin is not None:
            with suppress(BrokenPipeError):
                worker.process.stdin.close()

    def _end_all(self) -> None:
        for worker in self._workers.values():
            worker.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        while self._workers:
            if self._impatient or time.monotonic() > until:
                for worker in self._workers.values():
                    worker.process.kill()
            self._listen_once(0.1)
            for worker in list(self._workers.values()):
                if worker.process.poll() is not None:
                    self._forget(worker)
