"""The command `alongside`: what an operator does at the terminal."""

from __future__ import annotations

import errno
import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from alongside.cli.ending import end_with
from alongside.platform.problem import OperatorError

# Libraries below would load `rich` where it is installed, for coloured tracebacks that we never print: 6 MB in each
# process and a tenth of the time to start.
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]


class Leave(BaseException):
    """A signal asked the program to end: `finally` blocks run, and no server of ours stays behind."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0 done, 1 failed, 2 asked for wrongly."""
    from alongside.cli.parser import parser  # noqa: PLC0415 - keeps `alongside version` quick

    chosen = parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        module, _, function = chosen.run.partition(":")
        code: int = getattr(importlib.import_module(module), function)(chosen)
    except OperatorError as problem:
        print(f"alongside: {problem.message}", file=sys.stderr)
        return problem.exit_code
    except Leave as leave:
        return 128 + int(str(leave))
    except BrokenPipeError:  # the reader of our output has gone, as in `alongside config | head`
        sys.stderr.close()
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"alongside: The disk is full ({error.filename or 'temporary files'}). Make room.", file=sys.stderr)
        return 1
    return code


def run() -> NoReturn:
    """The program: `main` and the process's end."""
    end_with(main)


def _leave(sign: int, _: FrameType | None) -> None:
    raise Leave(str(sign))
