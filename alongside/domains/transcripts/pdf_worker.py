"""A process of its own that sets a transcript (JSON on stdin) as PDF (stdout), or dies.

Run by `papers.py` and imported by nobody.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

MOST_MEMORY = 2 * 1024**3
MOST_CPU_SECONDS = 40


def main() -> None:
    """Read, set, write."""
    for limit, value in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_CPU_SECONDS)):
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError):  # macOS knows RLIMIT_AS and refuses to set it; the wall clock still holds
            continue
    import typst  # noqa: PLC0415 - only once we are confined

    template = (Path(__file__).parent / "templates" / "transcript.typ").read_bytes()
    given = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(typst.compile(template, format="pdf", sys_inputs={"transcript": given}))


if __name__ == "__main__":
    main()
