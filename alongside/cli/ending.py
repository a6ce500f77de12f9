"""How a process of ours ends: at once, with everything said."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import NoReturn


def end_with(program: Callable[[], int]) -> NoReturn:
    """Run `program` and end the process with its exit code, without Python's finalization.

    Finalization ends a foreign thread when it next wants the interpreter. A thread of the object store that still hands
    back its result is then unwound through Rust, which aborts (SIGABRT) a process whose work was done.
    """
    try:
        code = program()
    except SystemExit as leaving:  # argparse: help was asked for, or something that does not exist
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # the reader has gone, or we have closed it for that
            stream.flush()
    os._exit(code)
