"""Budgets for which no time passes."""

from __future__ import annotations

import pytest

from alongside.platform import limits


class _Clock:
    """Stands still."""

    def monotonic(self) -> float:
        return 0.0


def stop_refilling(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on what is used up stays used up, however long a request takes on a busy machine."""
    monkeypatch.setattr(limits, "time", _Clock())
