"""Notices changed sources by looking: half a thousand files cost milliseconds, and it works everywhere."""

from __future__ import annotations

import os
from pathlib import Path

from tools import frontends
from tools.paths import ROOT

SERVER = "server"
SERVER_SUFFIXES = (".py", ".sql", ".toml", ".json")
NOT_SERVER = {"static", "__pycache__"}
SHARED = "packages"


class Watch:
    """`changed()` names what has changed since it was last asked: `server`, `packages`, `apps/widget`."""

    def __init__(self) -> None:
        self._seen = self._look()

    def changed(self) -> set[str]:
        """The groups whose files were written, added or removed. Empty most of the time."""
        now = self._look()
        changed = {
            group
            for path, group in now
            if (path, group) not in self._seen or now[path, group] != self._seen[path, group]
        }
        changed |= {group for path, group in self._seen if (path, group) not in now}
        self._seen = now
        return changed

    @staticmethod
    def _look() -> dict[tuple[Path, str], float]:
        files = [(path, SERVER) for path in _server_sources()] + [
            (path, workspace(path)) for path in frontends.sources()
        ]
        return {file: _modified(file[0]) for file in files}


def workspace(path: Path) -> str:
    """The npm workspace a file of web/ belongs to; `packages` for what all apps share."""
    parts = path.relative_to(frontends.WEB).parts
    return "/".join(parts[:2]) if parts[0] == "apps" else SHARED


def workspaces_of(groups: set[str]) -> set[str]:
    """The apps to build anew: all of them where something shared changed."""
    if SHARED in groups:
        return {
            f"apps/{folder.name}" for folder in (frontends.WEB / "apps").iterdir() if (folder / "package.json").exists()
        }
    return groups - {SERVER}


def _server_sources() -> list[Path]:
    found = []
    for folder, subfolders, files in os.walk(ROOT / "alongside"):
        subfolders[:] = [name for name in subfolders if name not in NOT_SERVER]
        found += [Path(folder) / name for name in files if name.endswith(SERVER_SUFFIXES)]
    return found


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # an editor is just replacing it
        return 0.0
