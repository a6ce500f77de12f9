"""What an operator reads in the terminal when something is wrong: one sentence, and what to do about it."""

from __future__ import annotations


class OperatorError(Exception):
    """Ends a command with `exit_code`; the text says what happened and what to do, without a traceback.

    Exit codes: 1 = the work failed or a check did, 2 = it was asked for wrongly (settings, arguments,
    a port in use).
    """

    def __init__(self, message: str, *, exit_code: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
