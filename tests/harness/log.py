"""A client's copy of one log: apply only last+1, drop what is earlier, keep aside what is later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]


@dataclass
class Log:
    """A copy of one log. `items` from the first known number on, without gaps."""

    items: list[Frame] = field(default_factory=list)
    last: int = 0
    epoch: str | None = None
    aside: dict[int, Frame] = field(default_factory=dict)
    known: int = 0
    resets: int = 0

    def reset(self, epoch: str, items: Sequence[Frame], head: int) -> None:
        """Everything from scratch; what arrived before still counts where it follows on."""
        if self.epoch not in (None, epoch):
            self.aside.clear()
        numbers = [item["seq"] for item in items]
        assert numbers == list(range(head - len(items) + 1, head + 1)), f"a snapshot with a hole: {numbers} of {head}"
        self.items, self.last, self.epoch = list(items), head, epoch
        self.resets += 1
        self._drain()

    def add(self, item: Frame) -> None:
        """One entry, in any order, any number of times."""
        if self.epoch is None or item["seq"] > self.last:
            known = self.aside.setdefault(item["seq"], item)
            assert _content(known) == _content(item), f"two contents for number {item['seq']}"
        if self.epoch is not None:
            self._drain()

    @property
    def hole(self) -> bool:
        return self.epoch is not None and (bool(self.aside) or self.known > self.last)

    @property
    def position(self) -> Frame | None:
        return {"epoch": self.epoch, "seq": self.last} if self.epoch else None

    def _drain(self) -> None:
        while item := self.aside.pop(self.last + 1, None):
            self.items.append(item)
            self.last += 1
        for seq in [seq for seq in self.aside if seq <= self.last]:
            del self.aside[seq]


def _content(item: Frame) -> tuple[Any, ...]:
    return item["seq"], item.get("text"), item.get("client_id"), item.get("kind"), item["at"]
