"""What the doctor says about one thing."""

from __future__ import annotations

from typing import Literal

import msgspec


class Check(msgspec.Struct, frozen=True):
    """One line of the report; `advice` says what to do."""

    name: str
    state: Literal["ok", "warn", "fail"]
    message: str
    advice: str = ""


def ok(name: str, message: str) -> Check:
    """All is well."""
    return Check(name, "ok", message)


def warn(name: str, message: str, advice: str = "") -> Check:
    """It works, but not as it should."""
    return Check(name, "warn", message, advice)


def fail(name: str, message: str, advice: str = "") -> Check:
    """It does not work."""
    return Check(name, "fail", message, advice)
