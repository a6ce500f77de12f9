"""Root and the service's user work on the same data folder, and none of them shuts the other out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import alongside
from tests.harness.ports import free_port

NOBODY = 65_534


def _others_may_run() -> bool:
    """Whether another user may run the programs of this checkout: root's own folders are often closed."""
    try:
        subprocess.run([sys.executable, "-c", "import alongside"], check=True, user=NOBODY, cwd="/")
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not _others_may_run(), reason="only root can be somebody else, where others may run Python"
)


def owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in folder.rglob("*")}


@pytest.fixture
def service_dir(data_dir: Path) -> Path:
    """A data folder as systemd makes it for the service's user."""
    folder = data_dir / "service"
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)
    return folder


def test_what_root_does_leaves_all_to_the_owner_of_the_folder(service_dir: Path, tmp_path: Path) -> None:
    settings = {"data_dir": str(service_dir)}
    as_root = alongside("doctor", port=str(free_port()), **settings)
    assert "ok    files: " in as_root.stdout, as_root.stdout
    assert owners(service_dir) == {NOBODY}
    assert alongside("seed", user=NOBODY, **settings).returncode == 0
    file = tmp_path / "x.tar"
    assert alongside("backup", str(file), **settings).returncode == 0
    restored = alongside("restore", str(file), "--replace", **settings)
    assert restored.returncode == 0, restored.stderr
    assert owners(service_dir) == {NOBODY}
    told = alongside("doctor", port=str(free_port()), user=NOBODY, **settings)
    assert "ok    files: " in told.stdout, told.stdout + told.stderr


def test_a_file_that_this_user_may_not_read_ends_the_backup_with_a_sentence(service_dir: Path, data_dir: Path) -> None:
    settings = {"data_dir": str(service_dir)}
    assert alongside("seed", user=NOBODY, **settings).returncode == 0
    for path in (service_dir / "files").rglob("*"):
        os.chown(path, 0, 0)
        path.chmod(0o700)
    target = data_dir / "backups"
    target.mkdir()
    os.chown(target, NOBODY, NOBODY)
    done = alongside("backup", str(target / "x.tar"), user=NOBODY, **settings)
    assert done.returncode == 1
    assert "The store did not give the file" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_roots_data_is_told_to_belong_to_another_user(data_dir: Path, command: str) -> None:
    settings = {"data_dir": str(data_dir), "port": str(free_port())}
    alongside("doctor", **settings)
    done = alongside(command, user=NOBODY, **settings)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "belongs to another user" in said
    assert "Traceback" not in said
