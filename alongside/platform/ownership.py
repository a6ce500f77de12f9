"""What root makes in a folder of another user belongs to that user, who could not use it otherwise."""

from __future__ import annotations

import os
from pathlib import Path


def owner_of(folder: Path) -> tuple[int, int] | None:
    """User and group to whom we leave what we make in `folder`; None where that is ourselves."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    info = _nearest(folder).stat()
    return (info.st_uid, info.st_gid) if info.st_uid else None


def leave(path: Path, owner: tuple[int, int] | None) -> None:
    """Give a file or folder away; where it is a link, the link and not what it leads to."""
    if owner is not None:
        os.chown(path, *owner, follow_symlinks=False)


def leave_down_to(path: Path, folder: Path, owner: tuple[int, int] | None) -> None:
    """Give away a file and the folders between it and `folder`."""
    if owner is None:
        return
    for each in (path, *path.parents):
        if each == folder or not each.is_relative_to(folder):
            return
        leave(each, owner)


def _nearest(folder: Path) -> Path:
    """The folder itself or, where it is still to be made, the one above it."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
