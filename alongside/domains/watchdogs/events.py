"""What is announced about watchdogs."""

from __future__ import annotations

from alongside.platform.events import Fact


class WatchdogsChanged(Fact, frozen=True, kw_only=True):
    """A watchdog was made, changed or deleted, or an alarm raised or over: read them again."""
