"""Whether a process is what its number once stood for: numbers are used again, most of all in containers."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def serves(pid: int, folder: Path) -> bool:
    """Whether the process lives and is the server of this cluster (numbers of processes are used again)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        asked = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
        command = subprocess.run(asked, check=False, capture_output=True).stdout  # noqa: S603
    return b"postgres" in command and os.fsencode(folder) in command
