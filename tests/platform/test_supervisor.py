"""The supervisor with workers of a few lines, which do what workers should not do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.running import children_of, wait_for

SUPERVISE = """
import socket, sys
from alongside.platform import supervisor
worker, count = sys.argv[1:3]
supervisor.STOP_SECONDS, supervisor.SILENT_SECONDS = map(float, sys.argv[3:])
def introduce(index, first, says):
    return f"{index} {first} {says}".encode()
sys.exit(supervisor.Supervisor([sys.executable, "-c", worker], introduce, socket.socket(), int(count)).run())
"""
BEGIN = """
import os, signal, sys, threading, time
from pathlib import Path
index, first, says = sys.stdin.readline().split()
says, marks = int(says), Path(os.environ["MARKS"])
def work():
    os.write(says, b"r")
    marks.joinpath(f"ready-{os.getpid()}").touch()
    while True:
        os.write(says, b".")
        time.sleep(0.2)
"""
HEALTHY = f"""{BEGIN}
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
work()
"""
DEAF = f"""{BEGIN}
signal.signal(signal.SIGTERM, signal.SIG_IGN)
work()
"""
BROKEN = "import sys; sys.exit(3)"
# Cannot start while the mark `away` is there, as if it were the database.
NEEDY = f"""{BEGIN}
if marks.joinpath("away").exists():
    marks.joinpath(f"tried-{{os.getpid()}}").touch()
    sys.exit(3)
work()
"""


class Supervised:
    """A supervisor in a process of its own."""

    def __init__(self, marks: Path, worker: str, count: int, stop: float = 60.0, silent: float = 60.0) -> None:
        self.marks = marks
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, worker, str(count), str(stop), str(silent)],
            env=os.environ | {"MARKS": str(marks)},
        )

    def workers(self) -> set[int]:
        """Those that are ready and live."""
        alive = {pid for pid, _ in children_of(self.process.pid)}
        return {pid for pid in alive if self.marks.joinpath(f"ready-{pid}").exists()}

    def wait_for(self, count: int) -> set[int]:
        wait_for(lambda: len(self.workers()) == count)
        return self.workers()

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(60) == 0


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}/exe").exists()


def test_who_dies_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, HEALTHY, 3)
    before = supervised.wait_for(3)
    victim = before.pop()
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: gone(victim))
    assert before < supervised.wait_for(3)
    supervised.stop()


def test_who_stands_still_is_replaced(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, HEALTHY, 1, silent=2)
    (first,) = supervised.wait_for(1)
    os.kill(first, signal.SIGSTOP)
    wait_for(lambda: gone(first))
    supervised.wait_for(1)
    supervised.stop()


def test_who_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, DEAF, 2, stop=2)
    workers = supervised.wait_for(2)
    began = time.monotonic()
    supervised.stop()
    assert time.monotonic() - began >= 2.0
    assert all(gone(pid) for pid in workers)


def test_a_second_signal_hurries(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, DEAF, 1)
    (worker,) = supervised.wait_for(1)

    def hurried() -> bool:
        supervised.process.send_signal(signal.SIGINT)
        return supervised.process.poll() is not None

    began = time.monotonic()
    wait_for(hurried)
    assert time.monotonic() - began < 30
    assert gone(worker)


def test_a_first_start_that_fails_ends_all_with_its_code(tmp_path: Path) -> None:
    assert Supervised(tmp_path, BROKEN, 2).process.wait(60) == 3


def test_replacements_that_fail_are_tried_again(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, NEEDY, 2)
    before = supervised.wait_for(2)
    tmp_path.joinpath("away").touch()
    os.kill(before.pop(), signal.SIGKILL)
    wait_for(lambda: len(list(tmp_path.glob("tried-*"))) >= 3)
    assert supervised.workers() == before
    tmp_path.joinpath("away").unlink()
    assert before < supervised.wait_for(2)
    supervised.stop()


def test_workers_hear_that_it_was_killed(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, HEALTHY, 2)
    workers = supervised.wait_for(2)
    supervised.process.kill()
    supervised.process.wait()
    wait_for(lambda: all(gone(pid) for pid in workers))
