"""bin/dev: comes up with demo data, follows changes, and leaves nothing running."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside.platform.problem import OperatorError
from tests.harness.ports import free_port
from tests.tooling.processes import processes_below, read
from tools import dev
from tools.paths import ROOT, WEB

NOT_COPIED = shutil.ignore_patterns("node_modules", "__pycache__", ".svelte-kit")


class Dev:
    """A run of bin/dev in a copy of the checkout, with everything it says."""

    def __init__(self, checkout: Path) -> None:
        self.checkout = checkout
        self.port = free_port()
        command = [sys.executable, "-m", "tools.dev", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line)
                self._news.notify_all()

    def wait_for(self, pattern: str, times: int = 1, seconds: float = 240) -> None:
        """Until it has said something so often."""

        def said() -> bool:
            return len(re.findall(pattern, "".join(self.lines))) >= times or self.process.poll() is not None

        with self._news:
            self._news.wait_for(said, seconds)
        assert len(re.findall(pattern, "".join(self.lines))) >= times, "".join(self.lines)

    def stop(self, sign: signal.Signals) -> int:
        """Send a signal as a terminal or a system would, and wait for the end."""
        self.process.send_signal(sign)
        return self.process.wait(40)


@pytest.fixture
def checkout(data_dir: Path) -> Iterator[Path]:
    """A copy of what is here, built front ends included."""
    copy = data_dir / "checkout"
    copy.mkdir()
    for name in ("alongside", "tools", "web"):
        shutil.copytree(ROOT / name, copy / name, ignore=NOT_COPIED)
    (copy / "web" / "node_modules").symlink_to(WEB / "node_modules")
    yield copy
    assert processes_below(copy) == []


def test_from_first_start_to_nothing_left(checkout: Path) -> None:
    dev = Dev(checkout)
    try:
        dev.wait_for("is ready")
        dev.wait_for("/docs")  # the last of the addresses
        said = "".join(dev.lines)
        for path in ("/console/", "/demo", "/docs"):
            assert f"http://localhost:{dev.port}{path}" in said
            assert b"<html" in read(dev.port, path)
        assert "@" in said, "the demo logins are printed"

        (checkout / "alongside/kit/ids.py").open("a").write("\n# changed\n")
        dev.wait_for("starting the server again")
        dev.wait_for("is ready", times=2)
        assert read(dev.port, "/readyz")
        assert dev.stop(signal.SIGINT) == 0
    finally:
        dev.process.kill()
        dev.process.wait()
    assert processes_below(checkout) == []


def start_and_stop(checkout: Path) -> str:
    """What it says until it is ready; ended by SIGTERM."""
    dev = Dev(checkout)
    dev.wait_for("/docs")  # the last of the addresses
    said = "".join(dev.lines)
    assert dev.stop(signal.SIGTERM) == 0
    assert processes_below(checkout) == []
    return said


def made(checkout: Path) -> dict[Path, int]:
    """When each cluster of a database and each front end was made."""
    found = [*checkout.glob(".dev/**/PG_VERSION"), *checkout.glob("alongside/static/**/*.html")]
    return {path: path.stat().st_mtime_ns for path in found}


@pytest.mark.deep
def test_the_second_start_makes_nothing_anew_and_sigterm_ends_it_too(checkout: Path) -> None:
    start_and_stop(checkout)
    before = made(checkout)
    assert "building" not in start_and_stop(checkout)
    assert made(checkout) == before != {}


@pytest.mark.deep
def test_a_change_of_the_page_is_built(checkout: Path) -> None:
    dev = Dev(checkout)
    dev.wait_for("is ready")
    page = checkout / "web/apps/demo/pages/index.html"
    page.write_text(page.read_text() + "<p>a new line</p>\n")
    dev.wait_for("building apps/demo")
    dev.wait_for("built apps/demo")
    assert b"a new line" in read(dev.port, "/demo")
    assert dev.stop(signal.SIGINT) == 0


@pytest.mark.deep
def test_a_second_one_in_the_same_checkout_is_refused(checkout: Path) -> None:
    first = Dev(checkout)
    first.wait_for("is ready")
    second = Dev(checkout)
    second.wait_for("already runs in this checkout")
    assert second.process.wait(10) == 1
    assert first.stop(signal.SIGINT) == 0


@pytest.mark.deep
def test_a_port_in_use_is_said_with_what_to_type(checkout: Path) -> None:
    first = Dev(checkout)
    first.wait_for("is ready")
    other = shutil.copytree(checkout, checkout.with_name("other"), ignore=shutil.ignore_patterns(".dev"), symlinks=True)
    command = [sys.executable, "-m", "tools.dev", "--port", str(first.port)]
    done = subprocess.run(command, check=False, cwd=other, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Port {first.port} cannot be used" in done.stderr
    assert "bin/dev --port" in done.stderr
    assert first.stop(signal.SIGINT) == 0


@pytest.mark.parametrize("port", [0, 99_999])
def test_a_port_that_does_not_exist_is_told(port: int) -> None:
    with pytest.raises(OperatorError, match=f"no port {port}"):
        dev.require_free(port)
