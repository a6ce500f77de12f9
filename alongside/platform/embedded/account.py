"""Who runs the embedded PostgreSQL: ourselves or, as PostgreSQL refuses root, a system user of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from alongside.platform.ownership import owner_of
from alongside.platform.problem import OperatorError

USER = "alongside"


@dataclass(frozen=True)
class Account:
    """The user and group that own the cluster's files and run its processes; None where that is ourselves."""

    uid: int | None = None
    gid: int | None = None

    def process_options(self) -> dict[str, int | list[int]]:
        """Keyword arguments for `subprocess`."""
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may pass through every folder down to this one, and list it."""
        folder = folder.resolve()
        if self.uid is None:
            return os.access(folder, os.R_OK | os.X_OK)
        inside = all(self._may(each, 0o1) for each in (folder, *folder.parents))
        return inside and self._may(folder, 0o4)

    def _may(self, path: Path, bit: int) -> bool:
        info = path.stat()
        shift = 6 if info.st_uid == self.uid else 3 if info.st_gid == self.gid else 0
        return bool(info.st_mode >> shift & bit)


def database_account(data_dir: Path | None = None) -> Account:
    """The account for this process: ourselves; for root, who owns the data folder.

    Where that is root too, it is the system user `alongside`, which the first start creates.
    """
    if os.geteuid() != 0:
        return Account()
    owner = owner_of(data_dir) if data_dir is not None and data_dir.exists() else None
    if owner is not None:
        return Account(*owner)
    import pwd  # noqa: PLC0415 - does not exist on Windows

    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        _create_user()
        entry = pwd.getpwnam(USER)
    return Account(entry.pw_uid, entry.pw_gid)


def _create_user() -> None:
    command = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    advice = "PostgreSQL refuses to run as root, and the system user 'alongside' could not be created for it"
    if not command:
        raise OperatorError(
            f"{advice} (no useradd on {sys.platform}). Create that user, or start Alongside as another user."
        )
    done = subprocess.run(  # noqa: S603
        [command, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 9):  # 9: another process created it meanwhile
        raise OperatorError(f"{advice} ({done.stderr.strip()}). Start Alongside as another user.")
