"""Whether the built front ends in alongside/static are those of the sources in web/, and building them.

Standard library only, and used by bin/, by the wheel's build hook and by the tests alike.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = ROOT / "alongside" / "static"
STAMP = STATIC / ".sources"
NOT_SOURCES = {"node_modules", ".svelte-kit", "build", "dist", "test", "tests", "sizes.json", "README.md"}

NODE_AT_LEAST = (20, 19)


class DidNotBuild(SystemExit):
    """The bundler refused the sources; its words are the message."""


def version_of(program: str) -> tuple[int, int]:
    """Major and minor of what `program --version` says; (0, 0) where it does not run."""
    command = [program, "--version"]
    try:
        said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = re.search(r"(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def has_node(path: str | None = None) -> bool:
    """Whether PATH (ours, or the one given) has a Node.js that is new enough, and its npm."""
    node = shutil.which("node", path=path)
    return bool(node and shutil.which("npm", path=path) and version_of(node) >= NODE_AT_LEAST)


def sources() -> Iterator[Path]:
    """Every file of web/ that the build reads, in a fixed order."""
    for folder, subfolders, files in os.walk(WEB):
        subfolders[:] = sorted(set(subfolders) - NOT_SOURCES)
        yield from (Path(folder) / name for name in sorted(set(files) - NOT_SOURCES))


def digest() -> str:
    """A hash over the names and contents of the sources."""
    whole = hashlib.sha256()
    for path in sources():
        whole.update(path.relative_to(WEB).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def is_fresh() -> bool:
    """Whether the last build was of these sources."""
    return STAMP.exists() and STAMP.read_text() == digest()


def build(environment: Mapping[str, str] | None = None) -> None:
    """Build all front ends with the npm on PATH. The packages of the lock file must be installed."""
    before = digest()
    STAMP.unlink(missing_ok=True)
    npm = shutil.which("npm", path=(environment or os.environ).get("PATH")) or "npm"
    command = [npm, "run", "build", "--silent"]
    done = subprocess.run(command, check=False, cwd=WEB, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise DidNotBuild(f"{done.stdout}{done.stderr}\nThe front ends did not build (see above).")
    STATIC.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(before)


if __name__ == "__main__" and not is_fresh():
    build()
