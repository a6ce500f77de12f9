"""What `pip install` gives: one package with the front ends inside, which serves without Node.js."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.ports import free_port
from tests.tooling.processes import processes_below, read, wait_until_ready
from tools import frontends
from tools.paths import DEV, ROOT

PAGES = {"/console/": b"<html", "/widget.js": b"Alongside", "/docs": b"<html"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the checkout. The front ends are fresh by then: bin/check and bin/dev see to it."""
    folder = tmp_path_factory.mktemp("dist")
    uv = shutil.which("uv") or str(DEV / "uv" / "bin" / "uv")
    subprocess.run([uv, "build", "--quiet", "--out-dir", str(folder), str(ROOT)], check=True)
    assert list(folder.glob("*.tar.gz")), "uv builds the wheel from the source distribution"
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_what_a_server_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    built = {path.relative_to(ROOT).as_posix() for path in frontends.STATIC.rglob("*") if path.is_file()}
    migrations = {path.relative_to(ROOT).as_posix() for path in (ROOT / "alongside/migrations").glob("*.sql")}
    assert built
    assert built | migrations <= names
    assert not [name for name in names if name.startswith(("tools/", "tests/", "web/", "bench/"))]


@pytest.fixture
def installed(wheel: Path, data_dir: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """The command in an environment of its own, and variables without any Node.js on PATH."""
    home = data_dir / "venv"
    uv = shutil.which("uv") or str(DEV / "uv" / "bin" / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(home)], check=True)
    python = str(home / "bin" / "python")
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, str(wheel)], check=True)
    environment = {"PATH": str(home / "bin"), "HOME": str(data_dir), "ALONGSIDE_DATA_DIR": str(data_dir / "data")}
    yield home / "bin" / "alongside", environment


def test_the_installed_command_serves_without_node(installed: tuple[Path, dict[str, str]], data_dir: Path) -> None:
    command, environment = installed
    assert shutil.which("node", path=environment["PATH"]) is None
    version = subprocess.run([command, "version"], check=True, capture_output=True, text=True, env=environment)
    assert version.stdout.strip()
    port = free_port()
    server = subprocess.Popen([command, "serve", "--port", str(port)], env=environment, cwd=data_dir, text=True)
    try:
        wait_until_ready(server, port)
        for page, mark in PAGES.items():
            assert mark in read(port, page)
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
        assert processes_below(data_dir) == []
    finally:
        server.kill()
        server.wait()
