"""Facts: what happened, announced after it was committed.

A verb calls `work.announce(fact)`. Listeners, declared in `contents.py`, turn facts into frames for sockets or into
jobs. The announcer never knows who listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened and will not unhappen. Subclasses live in each domain's `events.py`."""


Listener = Callable[[Any], None]


class Announcer:
    """Calls each listener of each fact, in the order of announcement.

    A listener is a plain function that only hands on (to the bus): it must neither wait nor fail for want of a network.
    """

    def __init__(self) -> None:
        self._listeners: dict[type[Fact], list[Listener]] = {}

    def listen(self, fact: type[Fact], listener: Listener) -> None:
        """Call `listener` with every fact of exactly this type."""
        self._listeners.setdefault(fact, []).append(listener)

    def publish(self, facts: Iterable[Fact]) -> None:
        """Tell the listeners. The caller has committed."""
        for fact in facts:
            for listener in self._listeners.get(type(fact), ()):
                listener(fact)
